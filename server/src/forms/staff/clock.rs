//! `/staff/cases/{number}/extend`, `/first`, `/supplement`: more time by a legal ground, and aid before its papers.

use app::domain::aid::TemporaryAidKind;
use app::domain::aid::clock::{Expedited, ExpeditedForm, Extension, ExtensionForm, parse_supplement};
use app::domain::form::FormErrors;
use app::domain::staff::Post;
use app::pages::staff::case_clock::{ClockCard, TypedClock};
use app::pages::staff::handling::Typed;
use axum::extract::{Path, State};
use axum::response::Response;

use super::handling::{EXAMINERS, back_to, case_for, doing, page};
use crate::error::AppError;
use crate::forms::Fields;
use crate::forms::aid::ITEM;
use crate::site::Site;
use crate::staff::StaffVisitor;
use crate::store::staff_cases::FoundCase;

/// What was done to the clock of a case, and what may be.
pub(super) async fn card(site: &Site, case: &FoundCase, may: bool) -> Result<ClockCard, AppError> {
    let clock = site.store().clock_of(&case.head.area, &case.id).await?;
    let item = site.catalogue().item(&case.head.item);
    let open = case.head.state.is_open();
    let grounds = item
        .filter(|_| open)
        .and_then(|item| Some((item.whole.as_ref()?.grounds.clone(), item.special_working_days()?)));
    let emergency = case.head.item == ITEM && case.head.kind == TemporaryAidKind::Emergency;
    let undecided = case.head.state != app::domain::aid::case::CaseState::OpinionGiven;
    let first = site.most_given_first().filter(|_| open && emergency && undecided);
    Ok(ClockCard { clock, grounds, first, may })
}

async fn again(
    site: &Site,
    staff: &StaffVisitor,
    shown: (&FoundCase, &Post),
    clock: TypedClock,
) -> Result<Response, AppError> {
    let errors = clock.errors.clone();
    page(site, staff, shown, &Typed { clock, errors, ..Typed::default() }).await
}

/// Gives more time.
pub(crate) async fn extend(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number, EXAMINERS).await?;
    let form = ExtensionForm {
        ground: fields.get("extension-ground").to_owned(),
        reasons: fields.get("extension-reasons").to_owned(),
    };
    let item = site.catalogue().item(&case.head.item).ok_or(AppError::NotFound)?;
    let extension = match Extension::parse(&form, item) {
        Ok(extension) => extension,
        Err(errors) => {
            let typed = TypedClock { extension: form, errors, ..TypedClock::default() };
            return again(&site, &staff, (&case, post), typed).await;
        }
    };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().extend_case(&case.to_act_on(), &extension, &doing).await?;
    site.messages_waiting().notify_one();
    Ok(back_to(&case))
}

/// Gives aid first.
pub(crate) async fn first(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number, EXAMINERS).await?;
    let (most, _) = site.most_given_first().ok_or(AppError::Conflict)?;
    let form = ExpeditedForm {
        amount: fields.get("first-amount").to_owned(),
        why: fields.get("first-why").to_owned(),
    };
    let expedited = match Expedited::parse(&form, most) {
        Ok(expedited) => expedited,
        Err(errors) => {
            let typed = TypedClock { expedited: form, errors, ..TypedClock::default() };
            return again(&site, &staff, (&case, post), typed).await;
        }
    };
    let doing = doing(&site, &staff, post, &fields)?;
    let days = site.settings().expedited_paper_days;
    site.store().expedite_case(&case.to_act_on(), (&expedited, days), &doing).await?;
    site.messages_waiting().notify_one();
    Ok(back_to(&case))
}

/// Writes down what followed.
pub(crate) async fn supplement(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number, EXAMINERS).await?;
    let typed = fields.get("supplement").to_owned();
    let supplement = match parse_supplement(&typed) {
        Ok(supplement) => supplement,
        Err(error) => {
            let mut errors = FormErrors::default();
            errors.add("supplement", error);
            let typed = TypedClock { supplement: typed, errors, ..TypedClock::default() };
            return again(&site, &staff, (&case, post), typed).await;
        }
    };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().supplement_case(&case.to_act_on(), &supplement, &doing).await?;
    Ok(back_to(&case))
}
