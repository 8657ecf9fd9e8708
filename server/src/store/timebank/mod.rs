//! The time bank: its ledger, and the services that move minutes in it.

mod certificates;
mod confirmation;
mod corrections;
mod doing;
mod event_door;
mod event_list;
mod events;
mod freezes;
mod imports;
mod insurance;
pub(crate) mod ledger;
mod minors;
mod needs;
mod patterns;
mod proof;
mod reminders;
mod service_events;
mod signing;
mod spending;
pub(crate) mod statements;
mod surplus;
mod volunteers;

pub(crate) use certificates::CertificateLine;
pub(crate) use doing::{Doing, NeedRefusal};
pub(crate) use event_door::Tick;
pub(crate) use event_list::ListOutcome;
pub(crate) use events::{Event, EventPlace};
pub(crate) use freezes::KeptFreeze;
pub(crate) use needs::Need;
#[cfg(test)]
pub(crate) use signing::phone_code;
pub(crate) use signing::{FromDevice, Given, signed_by};
