//! Social aid: the item's page, the application's pages, the last look before it is sent.

mod catalogue;
mod charity;
mod check;
mod fields;
mod found;
mod guide;
mod household;
mod screener;
mod standards;
mod start;
mod steps;

pub use catalogue::catalogue;
pub(crate) use catalogue::screener_link;
pub use charity::charity;
pub use check::check;
pub(crate) use fields::{DocumentFields, MemberFields, PlaceFields};
pub use found::{ToldHousehold, tell, told};
pub use guide::guide;
pub use household::{household, member};
pub(crate) use household::{masked_document, relation_words};
pub use screener::{SCREENER, screener};
pub use start::{WithDraft, start};
pub use steps::{
    Around, address, applicant, authorisation, bank_account, finances, notice, pledge, situation,
};

use leptos::prelude::*;

use crate::visit::PageContext;

/// Marks a form with the agreement under which it was opened, so that a page left open from before is never kept for the
/// next person.
pub(crate) fn whose() -> impl IntoView {
    let mark = expect_context::<PageContext>().visit.mark().to_owned();
    view! { <input type="hidden" name="whose" value=mark/> }
}

/// Where the application's pages of 临时救助 are.
pub const APPLY: &str = "/aid/temporary-aid/apply";

/// Where the pages of the application are that is being filled in: each item of the catalogue has its own address.
pub(super) fn apply() -> String {
    let path = expect_context::<PageContext>().visit.path;
    let item = path.strip_prefix("/aid/").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    format!("/aid/{item}/apply")
}

/// It is 临时救助: where and how suddenly it happened is asked for too.
pub(super) fn is_temporary() -> bool {
    apply() == APPLY
}
