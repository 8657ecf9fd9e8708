//! The time bank: its ledger, and the services that move minutes in it.

pub(crate) mod ledger;
pub(crate) mod services;
mod spending;
pub(crate) mod statements;
