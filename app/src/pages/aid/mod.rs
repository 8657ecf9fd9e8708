//! Social aid: the item's page, the application's pages, the last look before it is sent.

mod check;
mod fields;
mod guide;
mod household;
mod start;
mod steps;

pub use check::check;
pub(crate) use fields::{DocumentFields, MemberFields, PlaceFields};
pub use guide::guide;
pub use household::{household, member};
pub(crate) use household::{masked_document, relation_words};
pub use start::{WithDraft, start};
pub use steps::{
    Around, address, applicant, authorisation, bank_account, finances, notice, pledge, situation,
};

/// Where the application's pages are.
pub const APPLY: &str = "/aid/temporary-aid/apply";
