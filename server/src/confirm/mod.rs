//! Signing and checking confirmations (DESIGN §5): COSE_Sign1 over CWT claims, Ed25519.

#[cfg(test)]
mod attacks;
mod issue;
pub(crate) mod key_command;
pub(crate) mod key_ring;
#[cfg(all(test, unix))]
mod key_tests;
mod keys;
mod picture;
mod published;
mod qr;
mod signed_lists;
mod token;
mod trial;

pub(crate) use issue::{issue_booking, issue_card, issue_claims, issue_meal, issue_receipt};
pub(crate) use key_ring::KeyRing;
pub(crate) use keys::ConfirmationKey;
#[cfg(test)]
pub(crate) use keys::fits;
#[cfg(test)]
pub(crate) use picture::can_write;
pub(crate) use picture::{FAMILY, card_fonts, picture};
pub(crate) use published::cose_key_set;
pub(crate) use qr::{QrDrawing, qr_drawing, qr_svg};
pub(crate) use signed_lists::{StateLists, day_list};
pub(crate) use token::{sign, verify};
