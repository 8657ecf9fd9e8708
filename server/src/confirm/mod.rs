//! Signing and checking confirmations (DESIGN §5): COSE_Sign1 over CWT claims, Ed25519.

mod issue;
mod keys;
mod qr;
mod token;

pub(crate) use issue::{issue_card, issue_receipt};
pub(crate) use keys::{SigningKeyFile, VerifyingKeys};
pub(crate) use qr::qr_svg;
pub(crate) use token::{encode_base32, sign, verify};
