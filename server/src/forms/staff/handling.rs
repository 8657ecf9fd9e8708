//! `/staff/cases/{number}/handle`: the office's acts on a case.

use std::collections::BTreeMap;

use app::domain::aid::case::{CaseAct, latest_day};
use app::domain::aid::catalogue::{AidItem, DecidingLevel, Gives};
use app::domain::aid::correction::{CorrectionForm, CorrectionList, NOTE_MAX};
use app::domain::aid::decision::{Opinion, OpinionAsks, OpinionForm, Outcome};
use app::domain::aid::public_notice::Publicity;
use app::domain::calendar::Calendar;
use app::domain::form::{FormErrors, Prompt, Rule};
use app::domain::staff::{Post, Role};
use app::domain::written;
use app::pages::staff::case_notice::CasePublicity;
use app::pages::staff::handling::{self as pages, Handling, May, Typed};
use app::pages::staff::transfers::MOVERS;
use app::visit::Owner;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::cases::{case_of, note_reading};
use crate::error::AppError;
use crate::forms::{Fields, new_key};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::case_acts::Doing;
use crate::store::public_notices::PublicRules;
use crate::store::staff_cases::FoundCase;

/// Who does what the street does.
pub(super) const EXAMINERS: &[Role] = &[Role::StreetOfficer];

/// Who decides: as the catalogue says of the item, the district where it says nothing (社会救助法 44).
pub(super) fn deciders(site: &Site, case: &FoundCase) -> &'static [Role] {
    let level =
        site.catalogue().item(&case.head.item).and_then(|item| item.decides.as_ref()).map(|d| d.level);
    match level {
        // Services are the street's own to arrange, where nobody says otherwise; a small one has nobody for the second pair of eyes.
        None if gives(site, &case.head.item) == Gives::Service => {
            &[Role::StreetOfficer, Role::DistrictOfficer]
        }
        None | Some(DecidingLevel::District) => &[Role::DistrictOfficer],
        Some(DecidingLevel::Street) => &[Role::StreetOfficer],
        Some(DecidingLevel::DistrictOrStreet) => &[Role::DistrictOfficer, Role::StreetOfficer],
    }
}

/// Where the case is known already: the post that allows the act.
async fn allowed<'a>(
    staff: &'a StaffVisitor,
    case: FoundCase,
    roles: &[Role],
) -> Result<(FoundCase, &'a Post), AppError> {
    match staff.post_for(roles, case.place()) {
        Some(post) => Ok((case, post)),
        None => Err(staff.refused("applications", &case.id, &case.head.area).await?),
    }
}

/// The case, and the post of who decides it.
async fn case_to_decide<'a>(
    site: &Site,
    staff: &'a StaffVisitor,
    number: &str,
) -> Result<(FoundCase, &'a Post), AppError> {
    let (case, _) = case_of(site, staff, number).await?;
    let roles = deciders(site, &case);
    allowed(staff, case, roles).await
}

/// How the cases of an item are made public; `None` where nothing ever is.
fn public_rules(site: &Site, case: &FoundCase) -> Option<PublicRules> {
    let publicity = Publicity::of(site.catalogue().item(&case.head.item)?)?;
    let settings = site.settings();
    Some(PublicRules {
        publicity,
        rolls: settings.notice_rolls,
        whole_names: settings.notice_whole_names,
        publication_days: settings.publication_days,
    })
}

/// The case, and the post that allows the act; without one the refusal is noted.
pub(super) async fn case_for<'a>(
    site: &Site,
    staff: &'a StaffVisitor,
    number: &str,
    roles: &[Role],
) -> Result<(FoundCase, &'a Post), AppError> {
    let (case, _) = case_of(site, staff, number).await?;
    allowed(staff, case, roles).await
}

/// The page, with a form that came back or a fresh one. What was written on the case's way is personal: each showing is noted.
pub(super) async fn page(
    site: &Site,
    staff: &StaffVisitor,
    (case, reader): (&FoundCase, &Post),
    typed: &Typed,
) -> Result<Response, AppError> {
    note_reading(site, staff, (case, reader)).await?;
    let (area, id) = (case.head.area.as_str(), case.id.as_str());
    let progress = site.store().case_progress(area, id).await?;
    let limit = site.store().limit_of(area, id).await?;
    let may = May {
        examine: staff.post_for(EXAMINERS, case.place()).is_some(),
        decide: staff.post_for(deciders(site, case), case.place()).is_some(),
        transfer: staff.post_for(MOVERS, case.place()).is_some(),
        own_opinion: progress.opinion.as_ref().is_some_and(|opinion| opinion.given_by == staff.staff_id()),
        deliverable: site.settings().reconsideration_url.is_some(),
    };
    let (notice, objections) = site.store().notice_of_case(area, id).await?;
    let received = case.head.received_at.shanghai_date();
    let shown = Handling {
        head: case.head.clone(),
        asks: opinion_asks(site, &case.head.item),
        events: site.store().events_of(area, id).await?,
        publicity: CasePublicity {
            notice,
            objections,
            asked: public_rules(site, case).is_some_and(|rules| rules.publicity.notice_days.is_some()),
        },
        clock: super::clock::card(site, case, may.examine).await?,
        inquiry: super::inquiry::summary(site, staff, case).await?,
        today: site.clock().today(),
        limit: latest_day(limit, received, &progress.pauses(), site.clock().today(), Calendar::embedded()),
        limit_is_sample: limit.sample,
        progress,
        may,
        key: new_key()?,
    };
    let me = staff.me();
    let status = if typed.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(site.page(&staff.visitor, status, || pages::handling(&me, &shown, typed)))
}

/// The page.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (case, reader) = case_of(&site, &staff, &number).await?;
    page(&site, &staff, (&case, reader), &Typed::default()).await
}

pub(super) fn back_to(case: &FoundCase) -> Response {
    see_other(&format!("/staff/cases/{}/handle", case.head.number), None)
}

/// Who acts in which post, with the form's key.
pub(super) fn doing(
    site: &Site,
    staff: &StaffVisitor,
    post: &Post,
    fields: &Fields,
) -> Result<Doing, AppError> {
    Ok(Doing {
        actor: staff.actor(post),
        key: fields.key(site.store())?,
        owner: Owner(format!("staff:{}", staff.staff_id())),
        now: site.clock().now(),
    })
}

/// Accepts it.
pub(crate) async fn accept(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number, EXAMINERS).await?;
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().move_case(&case.to_act_on(), CaseAct::Accept, &doing).await?;
    Ok(back_to(&case))
}

/// Tells all that is missing.
pub(crate) async fn correct(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number, EXAMINERS).await?;
    let notes: BTreeMap<_, _> = fields
        .iter()
        .filter_map(|(name, note)| Some((name.strip_prefix("note-")?.to_owned(), note.to_owned())))
        .collect();
    let form = CorrectionForm { notes, again: fields.get("again").to_owned() };
    let progress = site.store().case_progress(&case.head.area, &case.id).await?;
    let list = match CorrectionList::parse(&form, !progress.corrections.is_empty()) {
        Ok(list) => list,
        Err(errors) => {
            let typed = Typed { correction: form, errors, ..Typed::default() };
            return page(&site, &staff, (&case, post), &typed).await;
        }
    };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().request_correction(&case.to_act_on(), &list, &doing).await?;
    Ok(back_to(&case))
}

/// What the item of that address gives.
pub(crate) fn gives(site: &Site, item: &str) -> Gives {
    site.catalogue().item(item).map(|item| item.gives).unwrap_or_default()
}

/// What an opinion on the item of that address says.
fn opinion_asks(site: &Site, item: &str) -> OpinionAsks {
    let month = site.catalogue().item(item).is_some_and(AidItem::names_month);
    OpinionAsks { gives: gives(site, item), month }
}

/// Gives the opinion.
pub(crate) async fn opinion(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number, EXAMINERS).await?;
    let form = OpinionForm {
        outcome: fields.get("outcome").to_owned(),
        amount: fields.get("amount").to_owned(),
        ground: fields.get("ground").to_owned(),
        reasons: fields.get("reasons").to_owned(),
        month: fields.get("month").to_owned(),
        arranged: super::services::arranged_form(&fields),
    };
    let asks = opinion_asks(&site, &case.head.item);
    let opinion = match Opinion::parse(&form, asks, site.clock().today()) {
        Ok(Opinion::Grant { .. }) if super::inquiry::summary(&site, &staff, &case).await?.visit_first() => {
            let mut errors = FormErrors::default();
            errors.add("outcome", Rule::VisitFirst);
            let typed = Typed { opinion: form, errors, ..Typed::default() };
            return page(&site, &staff, (&case, post), &typed).await;
        }
        Ok(opinion) => opinion,
        Err(errors) => {
            let typed = Typed { opinion: form, errors, ..Typed::default() };
            return page(&site, &staff, (&case, post), &typed).await;
        }
    };
    let doing = doing(&site, &staff, post, &fields)?;
    let rules = public_rules(&site, &case);
    site.store().give_opinion_in_public(&case.to_act_on(), &opinion, rules.as_ref(), &doing).await?;
    site.messages_waiting().notify_one();
    Ok(back_to(&case))
}

/// Sends the opinion back.
pub(crate) async fn send_back(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_to_decide(&site, &staff, &number).await?;
    let typed = fields.get("why").to_owned();
    let why = match written::paragraph(&typed, Prompt::SendBackReason, 5, NOTE_MAX) {
        Ok(why) => why,
        Err(error) => {
            let mut errors = FormErrors::default();
            errors.add("why", error);
            let typed = Typed { send_back: typed, errors, ..Typed::default() };
            return page(&site, &staff, (&case, post), &typed).await;
        }
    };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().send_back(&case.to_act_on(), &why, &doing).await?;
    Ok(back_to(&case))
}

/// Decides as the opinion says. Nothing is delivered online without the online way against it (行政复议法 22).
pub(crate) async fn decide(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_to_decide(&site, &staff, &number).await?;
    if site.settings().reconsideration_url.is_none() {
        return Err(AppError::Conflict);
    }
    let outcome = Outcome::parse(fields.get("outcome")).ok_or(AppError::BadRequest)?;
    // Once in a draw, always in it: nothing can change between this look and the act.
    if super::inquiry::summary(&site, &staff, &case).await?.draw_first {
        return Err(AppError::Conflict);
    }
    let doing = doing(&site, &staff, post, &fields)?;
    let rules = public_rules(&site, &case);
    site.store().decide_in_public(&case.to_act_on(), outcome, rules.as_ref(), &doing).await?;
    Ok(back_to(&case))
}
