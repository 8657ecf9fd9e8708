//! `/confirm/{number}/rate/{node}`, `…/change`, `…/recheck` and `…/referral`: what the owner of a case says after a step of it.

use std::collections::BTreeSet;

use app::domain::aid::case::CaseState;
use app::domain::aid::change::{Change, ChangeForm, can_be_told};
use app::domain::aid::charity::Programme;
use app::domain::aid::rating::{Rating, RatingForm, RatingNode};
use app::domain::aid::recheck;
use app::domain::calendar::{Calendar, Deadline};
use app::domain::confirm::{CaseNumber, ShortCode};
use app::domain::form::{FormErrors, Prompt};
use app::domain::staff::{Post, Role};
use app::pages::Sent;
use app::pages::confirm as pages;
use app::ports::CaseProgress;
use app::text::follow_up::{rating_complaint, recheck_draft};
use app::visit::Owner;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use super::aid::same_person;
use super::case::{own, receipt_of};
use super::{Fields, new_key, sent_back};
use crate::error::AppError;
use crate::seal::{new_id, random_u64};
use crate::site::{Site, Visitor, with_cookie};
use crate::store::case_acts::{CaseRef, Doing};
use crate::store::{NewComplaint, StoreError, case_ratings};

async fn progress_of(site: &Site, case: &CaseRef) -> Result<CaseProgress, AppError> {
    Ok(site.store().case_progress(&case.area, &case.id).await?)
}

pub(super) fn doing(
    site: &Site,
    visitor: &Visitor,
    owner: Owner,
    fields: &Fields,
) -> Result<Doing, AppError> {
    Ok(Doing { actor: visitor.actor(), key: fields.key(site.store())?, owner, now: site.clock().now() })
}

/// The last day of so many working days, where the calendar reaches that far.
pub(super) fn due_after(today: Date, days: u16) -> Option<Date> {
    match Calendar::embedded().add_working_days(today, u32::from(days)) {
        Deadline::On(day) => Some(day),
        Deadline::BeyondCalendar { .. } => None,
    }
}

/// Whether the node can be rated now; `None` where it was before or is not reached.
async fn open_node(site: &Site, case: &CaseRef, node: RatingNode) -> Result<Option<CaseProgress>, AppError> {
    let progress = progress_of(site, case).await?;
    let events = site.store().events_of(&case.area, &case.id).await?;
    let rated = site.store().ratings_of(&case.area, &case.id).await?;
    let reached = node.is_reached(progress.state, events.iter().map(|event| event.kind));
    Ok((reached && rated.iter().all(|(rated, _)| *rated != node)).then_some(progress))
}

/// The form for one node.
pub(crate) async fn rate_form(
    State(site): State<Site>,
    visitor: Visitor,
    Path((number, node)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let node = RatingNode::parse(&node).ok_or(AppError::NotFound)?;
    let (case, _) = own(&site, &visitor, &number).await?;
    if open_node(&site, &case, node).await?.is_none() {
        return Ok(receipt_of(&case));
    }
    let (sent, key, days) =
        (Sent::fresh(RatingForm::default()), new_key()?, site.settings().complaint_reply_days);
    Ok(site.page(&visitor, StatusCode::OK, || pages::rate(&case.number, node, &sent, &key, days)))
}

/// Whom a complaint about the node is about.
fn responsible(node: RatingNode, progress: &CaseProgress) -> Role {
    match node {
        RatingNode::Acceptance => Role::StreetOfficer,
        RatingNode::Decision => progress
            .decision
            .as_ref()
            .and_then(|decision| Post::parse(&decision.decided_post).ok())
            .map_or(Role::DistrictOfficer, |post| post.role()),
    }
}

/// Takes a rating; a bad one opens a complaint.
pub(crate) async fn rate(
    State(site): State<Site>,
    visitor: Visitor,
    Path((number, node)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let node = RatingNode::parse(&node).ok_or(AppError::NotFound)?;
    let (case, owner) = own(&site, &visitor, &number).await?;
    same_person(&visitor, &fields)?;
    let days = site.settings().complaint_reply_days;
    let form = RatingForm { grade: fields.get("grade").to_owned(), words: fields.get("words").to_owned() };
    let rating = match Rating::parse(&form) {
        Ok(rating) => rating,
        Err(errors) => {
            let (sent, key) = (sent_back(form, errors), new_key()?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(site.page(&visitor, status, || pages::rate(&case.number, node, &sent, &key, days)));
        }
    };
    let thanks = |site: &Site, answer: &str| {
        let complaint = Some(answer).filter(|answer| *answer != "-");
        site.page(&visitor, StatusCode::OK, || pages::thanks(&case.number, complaint, days))
    };
    let doing = doing(&site, &visitor, owner, &fields)?;
    let before = site.store().answer_before(&doing.key, &doing.owner, case_ratings::KEY).await?;
    if let Some(before) = before {
        return Ok(thanks(&site, &before));
    }
    let Some(progress) = open_node(&site, &case, node).await? else { return Err(AppError::Conflict) };
    let case_number = CaseNumber::parse(&case.number).map_err(|_| AppError::NotFound)?;
    let by = responsible(node, &progress);
    let complaint = rating.complaint(&case.area, by, case_number, rating_complaint(node, &rating));
    let today = doing.now.shanghai_date();
    // Nobody's account: as with every complaint, the device alone keeps it.
    let (device, cookie) = site.device_or_new(&visitor)?;
    for _ in 0..5 {
        let new = match &complaint {
            Some(complaint) => Some(NewComplaint {
                id: new_id(doing.now)?,
                number: CaseNumber::new("TS", today, random_u64()?).as_str().to_owned(),
                complaint,
                code: ShortCode::from_random(random_u64()?).as_str().to_owned(),
                received_at: doing.now,
                due_on: due_after(today, days),
            }),
            None => None,
        };
        let opened = new.as_ref().map(|new| (new, &device));
        match site.store().rate_case(&case, (node, &rating), opened, &doing).await {
            Ok(answer) if new.is_some() => return Ok(with_cookie(thanks(&site, &answer.answer()), cookie)),
            Ok(_) => return Ok(receipt_of(&case)),
            // Six random digits a day may meet once in a while; then new ones are drawn.
            Err(StoreError::Conflict) if taken(&site, new.as_ref()).await? => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(AppError::Unavailable)
}

async fn taken(site: &Site, new: Option<&NewComplaint<'_>>) -> Result<bool, AppError> {
    match new {
        Some(new) => Ok(site.store().complaint_exists(&new.number).await?),
        None => Ok(false),
    }
}

/// The form for a change at home.
pub(crate) async fn change_form(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (case, _) = own(&site, &visitor, &number).await?;
    if !can_be_told(progress_of(&site, &case).await?.state) {
        return Ok(receipt_of(&case));
    }
    let (sent, key) = (Sent::fresh(ChangeForm::default()), new_key()?);
    Ok(site.page(&visitor, StatusCode::OK, || pages::tell_change(&case.number, &sent, &key)))
}

/// Takes a change.
pub(crate) async fn change(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, owner) = own(&site, &visitor, &number).await?;
    same_person(&visitor, &fields)?;
    let ticked = fields.iter().filter(|(_, value)| *value == "yes");
    let form = ChangeForm {
        kinds: ticked.filter_map(|(name, _)| Some(name.strip_prefix("kind-")?.to_owned())).collect(),
        since: fields.get("since").to_owned(),
        words: fields.get("words").to_owned(),
    };
    let change = match Change::parse(&form, site.clock().today()) {
        Ok(change) => change,
        Err(errors) => {
            let (sent, key) = (sent_back(form, errors), new_key()?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(site.page(&visitor, status, || pages::tell_change(&case.number, &sent, &key)));
        }
    };
    let doing = doing(&site, &visitor, owner, &fields)?;
    site.store().tell_change(&case, &change, &doing).await?;
    Ok(receipt_of(&case))
}

/// The request for a recheck as far as the refusal fills it in; `None` where none is open.
async fn draft_of(site: &Site, case: &CaseRef) -> Result<Option<String>, AppError> {
    let progress = progress_of(site, case).await?;
    let Some(decision) = progress.decision.filter(|_| progress.state == CaseState::Refused) else {
        return Ok(None);
    };
    let asked = progress.rechecks.iter().any(|recheck| recheck.decided_at == decision.decided_at);
    Ok((!asked).then(|| recheck_draft(&case.number, &decision)))
}

/// The form that asks for a recheck.
pub(crate) async fn recheck_form(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (case, _) = own(&site, &visitor, &number).await?;
    let Some(draft) = draft_of(&site, &case).await? else { return Ok(receipt_of(&case)) };
    let (sent, key, days) = (Sent::fresh(draft), new_key()?, site.settings().recheck_reply_days);
    Ok(site.page(&visitor, StatusCode::OK, || pages::ask_recheck(&case.number, &sent, &key, days)))
}

/// Takes the request for a recheck.
pub(crate) async fn recheck(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, owner) = own(&site, &visitor, &number).await?;
    same_person(&visitor, &fields)?;
    let days = site.settings().recheck_reply_days;
    // A second press finds no draft; the store knows the key.
    let draft = draft_of(&site, &case).await?.unwrap_or_default();
    let words = match recheck::parse_request(fields.get("words"), &draft) {
        Ok(words) => words,
        Err(error) => {
            let mut errors = FormErrors::default();
            errors.add("words", error);
            let (sent, key) = (sent_back(fields.get("words").to_owned(), errors), new_key()?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(site.page(&visitor, status, || pages::ask_recheck(&case.number, &sent, &key, days)));
        }
    };
    let doing = doing(&site, &visitor, owner, &fields)?;
    let due_on = days.and_then(|days| due_after(doing.now.shanghai_date(), days));
    site.store().ask_recheck(&case, (&words, due_on), &doing).await?;
    Ok(receipt_of(&case))
}

/// Whether help beside public aid is offered for the case: it was refused or taken back.
fn offers_referral(state: CaseState) -> bool {
    matches!(state, CaseState::Refused | CaseState::Withdrawn)
}

/// Programmes of today.
fn programmes(site: &Site) -> Vec<Programme> {
    site.charity().on(site.clock().today()).cloned().collect()
}

/// The form by which one's contact is handed over to those who may help.
pub(crate) async fn referral_form(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (case, _) = own(&site, &visitor, &number).await?;
    if !offers_referral(progress_of(&site, &case).await?.state) {
        return Ok(receipt_of(&case));
    }
    let given = site.store().referrals_of(&case.area, &case.id).await?;
    let (sent, key, programmes) = (Sent::fresh(BTreeSet::new()), new_key()?, programmes(&site));
    Ok(site
        .page(&visitor, StatusCode::OK, || pages::referral(&case.number, &programmes, &given, &sent, &key)))
}

/// Takes the consent.
pub(crate) async fn referral(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, owner) = own(&site, &visitor, &number).await?;
    same_person(&visitor, &fields)?;
    if !offers_referral(progress_of(&site, &case).await?.state) {
        return Err(AppError::Conflict);
    }
    let programmes = programmes(&site);
    let ticked: BTreeSet<String> = fields
        .iter()
        .filter(|(_, value)| *value == "yes")
        .filter_map(|(name, _)| Some(name.strip_prefix("programme-")?.to_owned()))
        .collect();
    let chosen: Vec<_> = programmes
        .iter()
        .filter(|programme| ticked.contains(&programme.id))
        .map(|programme| (programme.id.clone(), programme.name.clone()))
        .collect();
    let mut errors = FormErrors::default();
    if chosen.is_empty() {
        errors.add("programme", Prompt::Programme);
    }
    if fields.get("consent") != "yes" {
        errors.add("consent", Prompt::ReferralConsent);
    }
    if !errors.is_empty() {
        let given = site.store().referrals_of(&case.area, &case.id).await?;
        let (sent, key) = (sent_back(ticked, errors), new_key()?);
        return Ok(site.page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, || {
            pages::referral(&case.number, &programmes, &given, &sent, &key)
        }));
    }
    let doing = doing(&site, &visitor, owner, &fields)?;
    site.store().consent_referral(&case, &chosen, &doing).await?;
    Ok(receipt_of(&case))
}

/// Takes back what was not handed over yet.
pub(crate) async fn withdraw_referral(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, _) = own(&site, &visitor, &number).await?;
    same_person(&visitor, &fields)?;
    site.store().withdraw_referrals(&case, &visitor.actor(), site.clock().now()).await?;
    Ok(receipt_of(&case))
}
