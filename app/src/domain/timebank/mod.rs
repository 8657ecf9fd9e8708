//! The time bank (时间银行): hours given are kept, and come back as service. Whole minutes throughout; nothing here is money.

mod ledger;

pub use ledger::{Account, AccountKind, Credits, EntryKind, Minutes, Movement, Totals, minutes_text};
