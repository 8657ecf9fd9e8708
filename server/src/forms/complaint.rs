//! `/feedback`: complaints and suggestions.

use app::domain::calendar::{Calendar, Deadline};
use app::domain::complaint::{Complaint, ComplaintForm};
use app::domain::confirm::{CaseNumber, ShortCode};
use app::domain::form::{FieldError, FormErrors, Prompt, Rule};
use app::domain::normalise;
use app::domain::time::Instant;
use app::pages::Sent;
use app::pages::complaint::{self as pages, OpenComplaintForm, ResidentComplaint};
use axum::extract::{Path, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::{Fields, complaint_limits, count_tries, new_key, note_refused, sent_back, try_limits};
use crate::error::AppError;
use crate::seal::{new_id, random_u64};
use crate::site::{Site, Visitor, see_other};
use crate::staff::session::chain;
use crate::store::audit::Actor;
use crate::store::{NewComplaint, StoreError};

/// A device that proved code or digits may read the complaint for a day.
const GRANT_MS: i64 = 24 * 3_600_000;

/// The form.
pub(crate) async fn form(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let key = new_key()?;
    let sent = Sent::fresh(ComplaintForm::default());
    let days = site.settings().complaint_reply_days;
    Ok(site.page(&visitor, StatusCode::OK, || pages::form(&sent, &key, days, false)))
}

/// Takes the form.
pub(crate) async fn submit(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    let form: ComplaintForm = fields.form()?;
    let days = site.settings().complaint_reply_days;
    let complaint = match Complaint::parse(&form) {
        Ok(complaint) => complaint,
        Err(errors) => {
            let sent = sent_back(form, errors);
            // Nothing was kept with the key, so the same one goes on.
            let key = fields.get("idempotency_key");
            return Ok(site
                .page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, || pages::form(&sent, key, days, false)));
        }
    };
    if let Some(device) = &visitor.device
        && let Some(number) = site.store().answer_before(&key, device, "complaint").await?
    {
        return Ok(see_other(&format!("/feedback/{number}"), None));
    }
    match count_tries(&site, &complaint_limits(&site, &visitor)).await {
        Ok(()) => {}
        // What was written stays on the page, to be sent later.
        Err(AppError::TooManyTries { retry_after }) => {
            let (sent, key) = (Sent::fresh(form), fields.get("idempotency_key"));
            let mut page =
                site.page(&visitor, StatusCode::TOO_MANY_REQUESTS, || pages::form(&sent, key, days, true));
            page.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry_after));
            return Ok(page);
        }
        Err(other) => return Err(other),
    }
    // Nobody's account: a complaint says who sent it to nobody, and is not the affair of the person acted for.
    let (device, cookie) = site.device_or_new(&visitor)?;
    let now = site.clock().now();
    let today = now.shanghai_date();
    let due_on = match Calendar::embedded().add_working_days(today, u32::from(days)) {
        Deadline::On(day) => Some(day),
        Deadline::BeyondCalendar { .. } => None,
    };
    // Six random digits a day may meet once in a while; then new ones are drawn.
    for _ in 0..5 {
        let new = NewComplaint {
            id: new_id(now)?,
            number: CaseNumber::new("TS", today, random_u64()?).as_str().to_owned(),
            complaint: &complaint,
            code: ShortCode::from_random(random_u64()?).as_str().to_owned(),
            received_at: now,
            due_on,
        };
        match site.store().keep_complaint(&new, &key, &device).await {
            Ok(number) => return Ok(see_other(&format!("/feedback/{}", number.answer()), cookie)),
            Err(StoreError::Conflict) if site.store().complaint_exists(&new.number).await? => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(AppError::Unavailable)
}

async fn complaint_of(site: &Site, visitor: &Visitor, number: &str) -> Result<ResidentComplaint, AppError> {
    let device = visitor.device.as_ref();
    let found = site.store().complaint_for(number, device, site.clock().now()).await?;
    let mut complaint = found.ok_or(AppError::NotFound)?;
    if let Some(code) = complaint.opened.as_mut().and_then(|opened| opened.code.as_mut()) {
        *code = app::text::short_code(code);
    }
    Ok(complaint)
}

/// How it stands. The number alone says nothing about anybody.
pub(crate) async fn received(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let complaint = complaint_of(&site, &visitor, &number).await?;
    let (sent, days) = (Sent::fresh(OpenComplaintForm::default()), site.settings().complaint_reply_days);
    Ok(site.page(&visitor, StatusCode::OK, || pages::received(&complaint, &sent, false, days)))
}

/// The code of eight signs, or four digits of the telephone.
fn proof(typed: &str) -> Result<String, FieldError> {
    let text = normalise::digits(typed);
    match text.len() {
        0 => Err(Prompt::FeedbackCode.into()),
        4 if text.bytes().all(|b| b.is_ascii_digit()) => Ok(text),
        8 => ShortCode::parse(&text).map(|code| code.as_str().to_owned()),
        _ => Err(Rule::NotAFeedbackCode.into()),
    }
}

/// Takes the code or the digits.
pub(crate) async fn open(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let complaint = complaint_of(&site, &visitor, &number).await?;
    let days = site.settings().complaint_reply_days;
    let form = OpenComplaintForm { code: fields.get("code").to_owned() };
    let proof = match proof(&form.code) {
        Ok(proof) => proof,
        Err(error) => {
            let mut errors = FormErrors::default();
            errors.add("code", error);
            let sent = sent_back(form, errors);
            return Ok(site.page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, || {
                pages::received(&complaint, &sent, false, days)
            }));
        }
    };
    let subject = format!("feedback {number}");
    let limits = try_limits(&site, &visitor, &subject);
    count_tries(&site, &limits).await?;
    let (device, cookie) = site.device_or_new(&visitor)?;
    let now = site.clock().now();
    let until = Instant(now.0 + GRANT_MS);
    if site.store().grant_complaint(&number, &proof, &device, until).await? {
        for (subject, _) in &limits {
            site.store().forgive_try(subject, now).await?;
        }
        return Ok(see_other(&format!("/feedback/{number}"), cookie));
    }
    if let Some(kept) = site.store().find_complaint(&number).await? {
        // Whose slip of the finger it may be, the trail tells nobody: it could be the writer's own.
        let nobody = Actor::Device(String::new());
        note_refused(&site, &nobody, chain(&kept.area), ("complaints", &kept.id)).await?;
    }
    let sent = Sent::fresh(form);
    Ok(site
        .page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, || pages::received(&complaint, &sent, true, days)))
}
