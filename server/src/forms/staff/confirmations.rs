//! `/staff/confirmations…`: the confirmations of one's office; ending one, and issuing one anew.

use std::collections::BTreeMap;

use app::domain::cancellation::CancelForm;
use app::domain::confirm::check::CheckState;
use app::domain::confirm::{CaseNumber, Claims, ConfirmationKind, ShortCode};
use app::domain::form::{FieldError, FormErrors, Rule};
use app::domain::minor::CHILD_READERS;
use app::domain::normalise;
use app::domain::staff::Post;
use app::pages::Sent;
use app::pages::staff::confirmations::{
    self as pages, ConfirmationDetail, ConfirmationLine, ConfirmationPage, LOOKERS, ScanLine, SearchForm,
    StaffForms, keepers,
};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::number_in;
use crate::confirm::issue_claims;
use crate::error::AppError;
use crate::forms::check::counter_limits;
use crate::forms::counter_lists::today;
use crate::forms::{Fields, count_tries, forgive_tries, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::StoreError;
use crate::store::confirmations::{ByStaff, KeptConfirmation, OBJECT, Places, SAMPLE};

/// How many stand in the list of a day.
const IN_THE_LIST: i64 = 200;

/// The post that looks after it.
fn keeping_post<'a>(staff: &'a StaffVisitor, kept: &KeptConfirmation, under_14: bool) -> Option<&'a Post> {
    // What is kept about a child is opened by fewer (个人信息保护法 28, 31; 未成年人网络保护条例 36).
    let roles: Vec<_> =
        keepers(kept.kind).iter().copied().filter(|role| !under_14 || CHILD_READERS.contains(role)).collect();
    staff.post_for(&roles, &kept.office).or_else(|| staff.post_for(&roles, &kept.area))
}

fn line(site: &Site, kept: &KeptConfirmation) -> ConfirmationLine {
    ConfirmationLine {
        id: kept.id.clone(),
        kind: kept.kind,
        number: kept.number.clone(),
        state: kept.state(site.clock().now()),
        issued_at: kept.issued_at,
        starts_at: kept.starts_at,
        expires_at: kept.expires_at,
        sample: kept.issued_by == SAMPLE,
    }
}

/// What this person sees of it, beyond what everybody sees; nothing where it is another office's.
///
/// # Errors
/// The database failed.
pub(crate) async fn detail_for(
    site: &Site,
    staff: &StaffVisitor,
    kept: &KeptConfirmation,
) -> Result<Option<ConfirmationDetail>, AppError> {
    if keeping_post(staff, kept, false).is_none() {
        return Ok(None);
    }
    let applicant = site.store().applicant_of(kept).await?;
    let under_14 = applicant.as_ref().is_some_and(|applicant| applicant.under_14);
    if keeping_post(staff, kept, under_14).is_none() {
        return Ok(None);
    }
    let scans = site.store().scans_of(&kept.id).await?;
    let first = site.store().first_scan_of(&kept.id).await?;
    let scans = scans
        .into_iter()
        .map(|scan| ScanLine {
            first: first.as_deref() == Some(scan.id.as_str()),
            at: scan.at,
            office: scan.office,
            offline: scan.offline,
            counts: scan.counts,
        })
        .collect();
    let line = line(site, kept);
    let ended_at = kept.standing.ended_at();
    let holder = kept.claims().and_then(|claims| claims.holder).map(|holder| holder.name);
    Ok(Some(ConfirmationDetail {
        office: kept.office.clone(),
        ended_at,
        ended_for: kept.ended_for,
        replaced_by: kept.replaced_by.clone(),
        person: applicant.map(|applicant| applicant.masked).or(holder),
        has_case: kept.application.is_some() && kept.kind == ConfirmationKind::AidReceipt,
        scans,
        can_end: ended_at.is_none(),
        can_reissue: matches!(line.state, CheckState::Valid | CheckState::NotYet),
        line,
    }))
}

/// The forms below a confirmation, with keys of their own.
///
/// # Errors
/// The system has no randomness.
pub(crate) fn fresh_forms() -> Result<StaffForms, AppError> {
    Ok(StaffForms {
        cancel_key: new_key()?,
        reissue_key: new_key()?,
        sent: Sent::fresh(CancelForm::default()),
    })
}

async fn list_page(
    site: &Site,
    staff: &StaffVisitor,
    at: usize,
    status: StatusCode,
    sent: Sent<SearchForm>,
) -> Result<Response, AppError> {
    let posts: Vec<Post> = staff.require_role(LOOKERS).await?.into_iter().cloned().collect();
    let at = if at < posts.len() { at } else { 0 };
    let Some(post) = posts.get(at) else { return Err(AppError::NotFound) };
    let day = today(site.clock().now());
    let mut all = site.store().confirmations_between(&Places::of(post), day, IN_THE_LIST + 1).await?;
    let more = i64::try_from(all.len()).unwrap_or(i64::MAX) > IN_THE_LIST;
    all.truncate(usize::try_from(IN_THE_LIST).unwrap_or(usize::MAX));
    all.retain(|kept| keepers(kept.kind).contains(&post.role()));
    let lines = all.iter().map(|kept| line(site, kept)).collect();
    let page = ConfirmationPage { posts, at, lines, more };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::list(&me, &page, &sent)))
}

/// Today's confirmations of one post.
pub(crate) async fn list(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let at = usize::try_from(number_in(&query, "post")).unwrap_or_default();
    list_page(&site, &staff, at, StatusCode::OK, Sent::fresh(SearchForm::default())).await
}

/// Finds a confirmation by its number or its short code. One of another office is not found, and that is noted.
pub(crate) async fn find(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    staff.require_role(LOOKERS).await?;
    let form: SearchForm = fields.form()?;
    let typed = normalise::digits(&form.text);
    let found = if let Ok(code) = ShortCode::parse(&typed) {
        let limits = counter_limits(&site, &staff);
        count_tries(&site, &limits).await?;
        let found = site.store().confirmation_of_short_code(code.as_str()).await?;
        if found.is_some() {
            forgive_tries(&site, &limits).await?;
        }
        found.into_iter().collect()
    } else if let Ok(number) = CaseNumber::parse(&typed) {
        site.store().confirmations_of_number(number.as_str()).await?
    } else {
        Vec::new()
    };
    if let Some(kept) = found.first() {
        if keeping_post(&staff, kept, false).is_some() {
            return Ok(see_other(&format!("/staff/confirmations/{}", kept.id), None));
        }
        staff.refused(OBJECT, &kept.id, &kept.area).await?;
    }
    let mut errors = FormErrors::default();
    errors.add("text", FieldError::from(Rule::NoSuchConfirmation));
    list_page(&site, &staff, 0, StatusCode::UNPROCESSABLE_ENTITY, sent_back(form, errors)).await
}

/// The confirmation and the post that lets this person act on it.
async fn confirmation_of<'a>(
    site: &Site,
    staff: &'a StaffVisitor,
    id: &str,
) -> Result<(KeptConfirmation, ConfirmationDetail, &'a Post), AppError> {
    staff.require_role(LOOKERS).await?;
    let Some(kept) = site.store().confirmation(id).await? else { return Err(AppError::NotFound) };
    let detail = detail_for(site, staff, &kept).await?;
    match (detail, keeping_post(staff, &kept, false)) {
        (Some(detail), Some(post)) => Ok((kept, detail, post)),
        _ => Err(staff.refused(OBJECT, &kept.id, &kept.area).await?),
    }
}

/// One confirmation.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (_, detail, _) = confirmation_of(&site, &staff, &id).await?;
    let (me, forms) = (staff.me(), fresh_forms()?);
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::show(&me, &detail, &forms, false)))
}

/// The page as things stand now, after an act on it came too late.
async fn too_late(site: &Site, staff: &StaffVisitor, id: &str) -> Result<Response, AppError> {
    let (_, detail, _) = confirmation_of(site, staff, id).await?;
    let (me, forms) = (staff.me(), fresh_forms()?);
    Ok(site.page(&staff.visitor, StatusCode::CONFLICT, || pages::show(&me, &detail, &forms, true)))
}

/// Ends a confirmation for good.
pub(crate) async fn cancel(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (_, detail, post) = confirmation_of(&site, &staff, &id).await?;
    let key = fields.key(site.store())?;
    let form: CancelForm = fields.form()?;
    let reason = match form.parse() {
        Ok(reason) => reason,
        Err(errors) => {
            let forms = StaffForms { sent: sent_back(form, errors), ..fresh_forms()? };
            let me = staff.me();
            return Ok(site.page(&staff.visitor, StatusCode::UNPROCESSABLE_ENTITY, || {
                pages::show(&me, &detail, &forms, false)
            }));
        }
    };
    let actor = staff.actor(post);
    let by = ByStaff { actor: &actor, staff: staff.staff_id() };
    match site.store().cancel_confirmation(&id, reason, &by, &key, site.clock().now()).await {
        Ok(()) => {
            site.messages_waiting().notify_one();
            Ok(see_other(&format!("/staff/confirmations/{id}"), None))
        }
        Err(StoreError::Conflict) => too_late(&site, &staff, &id).await,
        Err(other) => Err(other.into()),
    }
}

/// Puts a new identity in the place of one that holds.
pub(crate) async fn reissue(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (kept, _, post) = confirmation_of(&site, &staff, &id).await?;
    let key = fields.key(site.store())?;
    let Some(claims) = kept.claims() else { return too_late(&site, &staff, &id).await };
    let now = site.clock().now();
    let claims = Claims { issuer: site.settings().issuer.clone(), issued_at: now.seconds(), ..claims };
    let new = issue_claims(site.keys().signing(), claims).await?;
    let actor = staff.actor(post);
    let by = ByStaff { actor: &actor, staff: staff.staff_id() };
    match site.store().reissue_confirmation(&id, &new, &by, &key, now).await {
        Ok(issued) => {
            site.messages_waiting().notify_one();
            Ok(see_other(&format!("/staff/confirmations/{issued}"), None))
        }
        Err(StoreError::Conflict) => too_late(&site, &staff, &id).await,
        Err(other) => Err(other.into()),
    }
}
