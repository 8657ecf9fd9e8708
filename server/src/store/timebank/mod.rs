//! The time bank: its ledger, and the services that move minutes in it.

mod confirmation;
mod doing;
pub(crate) mod ledger;
mod needs;
mod proof;
mod spending;
pub(crate) mod statements;
mod volunteers;

pub(crate) use doing::{Doing, NeedRefusal};
pub(crate) use needs::Need;
