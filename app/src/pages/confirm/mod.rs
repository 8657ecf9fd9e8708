//! Confirmations: the receipt of a case, the way to open it, its slip, and the check of a QR code.

mod check;
pub mod keys;
mod open;
mod receipt;

pub use check::{ShortForm, checked, public_kind_words, short_code};
pub use open::{Refusal, open};
pub use receipt::{receipt, slip};
