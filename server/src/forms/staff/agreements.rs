//! `/staff/counter/visit/{visit}/…`: agreements of the person of a visit, and the clerk's own help for this one visit.

use app::domain::counter::{AtHand, CounterRefusal, Paper, PaperForm};
use app::domain::counter_visit::{EndForm, VisitForm};
use app::domain::form::{FormErrors, Prompt};
use app::domain::person::Assurance;
use app::domain::proxy::{PaperSeen, ProxyKind};
use app::pages::Sent;
use app::pages::staff::agreements as pages;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::counter::note_mismatch;
use super::visits::{OVER, Open, UNPROCESSABLE, open, page};
use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::helping;
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::counter::CounterError;

/// A person whose document was seen may agree, and be a guardian.
async fn verified(site: &Site, open: &Open) -> Result<bool, AppError> {
    Ok(site.store().account(&open.kept.resident).await?.assurance == Assurance::Verified)
}

async fn form(site: &Site, staff: &StaffVisitor, visit: &str, at_hand: AtHand) -> Result<Response, AppError> {
    let Some(open) = open(site, staff, visit).await? else { return Ok(see_other(OVER, None)) };
    if !verified(site, &open).await? {
        return Ok(see_other(&open.path(), None));
    }
    let (me, key, sent) = (staff.me(), new_key()?, Sent::fresh(PaperForm::default()));
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::record(&me, visit, &sent, at_hand, &key)))
}

async fn keep(
    site: &Site,
    staff: &StaffVisitor,
    visit: &str,
    at_hand: AtHand,
    fields: &Fields,
) -> Result<Response, AppError> {
    let Some(open) = open(site, staff, visit).await? else { return Ok(see_other(OVER, None)) };
    let key = fields.key(site.store())?;
    let form: PaperForm = fields.form()?;
    let now = site.clock().now();
    let errors = match Paper::parse(&form, at_hand, now.shanghai_date()) {
        Ok(paper) => {
            let (at, resident) = (open.at(), open.kept.resident.as_str());
            let by = (at.actor, at.area);
            match site.store().record_proxy(&paper, Some(resident), &key, by, now).await {
                Ok(()) => {
                    site.messages_waiting().notify_one();
                    return Ok(see_other(&open.path(), None));
                }
                Err(CounterError::Refused(refusal)) => {
                    note_mismatch(site, staff, at.area).await?;
                    refused(refusal, at_hand)
                }
                Err(CounterError::Store(cause)) => return Err(cause.into()),
            }
        }
        Err(errors) => errors,
    };
    let (me, sent, key) = (staff.me(), sent_back(form, errors), fields.get("idempotency_key"));
    Ok(site.page(&staff.visitor, UNPROCESSABLE, || pages::record(&me, visit, &sent, at_hand, key)))
}

/// Beside a field that this page has.
fn refused(refusal: CounterRefusal, at_hand: AtHand) -> FormErrors {
    let (field, rule) = refusal.explained();
    let field = match (at_hand, field) {
        (AtHand::Represented, "name" | "document_number") | (AtHand::Guardian, "representative_phone") => {
            "signed"
        }
        _ => field,
    };
    let mut errors = FormErrors::default();
    errors.add(field, rule);
    errors
}

/// The form for a relative who will act for the person of the visit.
pub(crate) async fn relative(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(visit): Path<String>,
) -> Result<Response, AppError> {
    form(&site, &staff, &visit, AtHand::Represented).await
}

/// Records a relative who will act for the person of the visit.
pub(crate) async fn keep_relative(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(visit): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    keep(&site, &staff, &visit, AtHand::Represented, &fields).await
}

/// The form for a child whose guardian the person of the visit is.
pub(crate) async fn guardian(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(visit): Path<String>,
) -> Result<Response, AppError> {
    form(&site, &staff, &visit, AtHand::Guardian).await
}

/// Records a child whose guardian the person of the visit is.
pub(crate) async fn keep_guardian(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(visit): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    keep(&site, &staff, &visit, AtHand::Guardian, &fields).await
}

fn with_errors(errors: FormErrors) -> (StatusCode, Sent<VisitForm>, Option<String>) {
    (UNPROCESSABLE, sent_back(VisitForm::default(), errors), None)
}

/// Ends an agreement on the person's word.
pub(crate) async fn end(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(visit): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let Some(open) = open(&site, &staff, &visit).await? else { return Ok(see_other(OVER, None)) };
    let form: EndForm = fields.form()?;
    let (proxy, reason) = match form.parse() {
        Ok(wanted) => wanted,
        Err(errors) => return page(&site, &staff, &open, with_errors(errors)).await,
    };
    site.store().end_proxy_at_counter(&open.at(), proxy, reason, site.clock().now()).await?;
    site.messages_waiting().notify_one();
    Ok(see_other(&open.path(), None))
}

/// Begins to fill in for the person of the visit, who stands there and said yes: the residents' pages open for them.
pub(crate) async fn help(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(visit): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let Some(open) = open(&site, &staff, &visit).await? else { return Ok(see_other(OVER, None)) };
    if !verified(&site, &open).await? {
        return Err(AppError::Conflict);
    }
    let seen = PaperSeen::parse(fields.get("help")).filter(|seen| seen.proves(ProxyKind::Staff));
    match seen {
        Some(seen) => site.store().begin_help(&visit, &open.at(), seen, site.clock().now()).await?,
        None if open.kept.helping => {}
        None => {
            let mut errors = FormErrors::default();
            errors.add("help", Prompt::HelpConsent);
            return page(&site, &staff, &open, with_errors(errors)).await;
        }
    }
    Ok(see_other("/", Some(helping::cookie(&site, &visit)?)))
}
