//! `/staff/cases/{number}/transfer` and `/staff/transfers`: cases that another street has to handle.

use std::collections::BTreeMap;

use app::domain::aid::transfer::{Transfer, TransferForm, may_move};
use app::domain::staff::{Post, Role};
use app::pages::Sent;
use app::pages::staff::transfers::{self as pages, MOVERS, MovedPage, TransferPage};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::cases::{case_of, note_reading};
use super::handling::{case_for, doing};
use super::number_in;
use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::staff_cases::{FoundCase, Scope};

/// How many stand on a page of the list.
const ON_A_PAGE: i64 = 50;

/// The page. Why it moved before is personal: each showing is noted.
async fn page(
    site: &Site,
    staff: &StaffVisitor,
    (case, reader): (&FoundCase, &Post),
    sent: &Sent<TransferForm>,
) -> Result<Response, AppError> {
    note_reading(site, staff, (case, reader)).await?;
    let before = site.store().transfers_of(&case.head.area, &case.id).await?;
    let movable = may_move(case.head.state);
    let post = staff.post_for(MOVERS, case.place());
    let district = staff.post_for(&[Role::DistrictOfficer], case.place()).is_some();
    let shown = TransferPage {
        head: case.head.clone(),
        may: movable && post.is_some() && (district || before.is_empty()),
        district_only: movable && !district && !before.is_empty(),
        before,
        key: new_key()?,
    };
    let me = staff.me();
    let status = if sent.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(site.page(&staff.visitor, status, || pages::transfer(&me, &shown, sent)))
}

/// The form.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (case, reader) = case_of(&site, &staff, &number).await?;
    page(&site, &staff, (&case, reader), &Sent::fresh(TransferForm::default())).await
}

/// Moves it.
pub(crate) async fn transfer(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    // The district's post first: it may do what a street's may not.
    let (case, reader) = case_for(&site, &staff, &number, MOVERS).await?;
    let post = staff.post_for(&[Role::DistrictOfficer], case.place()).unwrap_or(reader);
    let form = TransferForm { street: fields.get("street").to_owned(), why: fields.get("why").to_owned() };
    let transfer = match Transfer::parse(&form, &case.head.office) {
        Ok(transfer) => transfer,
        Err(errors) => return page(&site, &staff, (&case, reader), &sent_back(form, errors)).await,
    };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().transfer_case(&case.to_act_on(), (&case.head.office, &transfer), &doing).await?;
    site.messages_waiting().notify_one();
    Ok(see_other("/staff/transfers", None))
}

/// What moved out of the areas of one's posts, or into them.
pub(crate) async fn list(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    staff.require_role(MOVERS).await?;
    let post = staff
        .posts()
        .iter()
        .find(|post| post.role() == Role::DistrictOfficer)
        .or_else(|| staff.posts().iter().find(|post| MOVERS.contains(&post.role())))
        .ok_or(AppError::NotFound)?;
    let page = number_in(&query, "page").max(1);
    let skip = i64::from(page - 1) * ON_A_PAGE;
    let mut moved = site.store().transfers(&Scope::of(post), skip, ON_A_PAGE + 1).await?;
    let on_a_page = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let more = moved.len() > on_a_page;
    moved.truncate(on_a_page);
    let may_open = moved.iter().map(|moved| staff.post_for(MOVERS, &moved.office).is_some()).collect();
    let (me, shown) = (staff.me(), MovedPage { moved, may_open, page, more });
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::list(&me, &shown)))
}
