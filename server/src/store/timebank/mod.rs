//! The time bank: its ledger.

#[cfg_attr(not(test), expect(dead_code, reason = "the services that post come next"))]
pub(crate) mod ledger;
