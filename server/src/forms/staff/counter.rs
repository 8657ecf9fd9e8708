//! `/staff/counter…`: documents that were seen, agreements on paper.

use app::domain::counter::{AtHand, CounterRefusal, Paper, PaperForm, Seen, SeenForm};
use app::domain::form::FormErrors;
use app::pages::Sent;
use app::pages::staff::counter::{self as pages, AT_THE_COUNTER};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::HeaderValue;
use axum::response::Response;

use crate::error::AppError;
use crate::forms::{Fields, count_tries, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::audit::Actor;
use crate::store::counter::CounterError;

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const RECORDED: &str = "/staff/counter/recorded";

/// The post in which this person works at a counter. Whoever comes may be served: no resident is bound to one counter.
async fn at_the_counter(staff: &StaffVisitor) -> Result<(Actor, String), AppError> {
    let posts = staff.require_role(AT_THE_COUNTER).await?;
    let post = posts.first().ok_or(AppError::Forbidden)?;
    Ok((staff.actor(post), post.place().to_owned()))
}

/// A page that the browser forgets: the next person at this counter finds nothing with the back button.
fn leaves_nothing(mut response: Response) -> Response {
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    response
}

/// Refusals in an hour that tell a clerk something about an account; more of them is no mistyping.
const REFUSALS_OF_A_CLERK: i64 = 20;

/// Notes that a clerk was told that number, name and document don't go together. Whoever tries pairs for their own sake is
/// seen, and stopped.
///
/// # Errors
/// [`AppError::TooManyTries`] over the limit; or the database failed.
pub(super) async fn note_mismatch(site: &Site, staff: &StaffVisitor, area: &str) -> Result<(), AppError> {
    staff.refused("residents", "", area).await?;
    count_tries(site, &[(format!("mismatches of {}", staff.staff_id()), REFUSALS_OF_A_CLERK)]).await
}

fn refused(refusal: CounterRefusal) -> FormErrors {
    let (field, rule) = refusal.explained();
    let mut errors = FormErrors::default();
    errors.add(field, rule);
    errors
}

/// What can be done here.
pub(crate) async fn home(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    at_the_counter(&staff).await?;
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::counter(&me)))
}

/// The form for a document.
pub(crate) async fn identity(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    at_the_counter(&staff).await?;
    let me = staff.me();
    let sent = Sent::fresh(SeenForm::default());
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::identity(&me, &sent)))
}

/// Records a document that was seen.
pub(crate) async fn keep_identity(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let (actor, place) = at_the_counter(&staff).await?;
    let form: SeenForm = fields.form()?;
    let now = site.clock().now();
    let errors = match Seen::parse(&form, now.shanghai_date()) {
        Ok(seen) => match site.store().record_identity(&seen, &actor, &place, now).await {
            Ok(()) => return Ok(leaves_nothing(see_other(RECORDED, None))),
            Err(CounterError::Refused(refusal)) => {
                note_mismatch(&site, &staff, &place).await?;
                refused(refusal)
            }
            Err(CounterError::Store(cause)) => return Err(cause.into()),
        },
        Err(errors) => errors,
    };
    let (me, sent) = (staff.me(), sent_back(form, errors));
    Ok(site.page(&staff.visitor, UNPROCESSABLE, || pages::identity(&me, &sent)))
}

/// The form for an agreement on paper.
pub(crate) async fn proxy(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    at_the_counter(&staff).await?;
    let (me, key) = (staff.me(), new_key()?);
    let sent = Sent::fresh(PaperForm::default());
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::proxy(&me, &sent, &key)))
}

/// Records an agreement on paper.
pub(crate) async fn keep_proxy(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let (actor, place) = at_the_counter(&staff).await?;
    let key = fields.key(site.store())?;
    let form: PaperForm = fields.form()?;
    let now = site.clock().now();
    let errors = match Paper::parse(&form, AtHand::Nobody, now.shanghai_date()) {
        Ok(paper) => match site.store().record_proxy(&paper, None, &key, (&actor, &place), now).await {
            Ok(()) => {
                site.messages_waiting().notify_one();
                return Ok(leaves_nothing(see_other(RECORDED, None)));
            }
            Err(CounterError::Refused(refusal)) => {
                note_mismatch(&site, &staff, &place).await?;
                refused(refusal)
            }
            Err(CounterError::Store(cause)) => return Err(cause.into()),
        },
        Err(errors) => errors,
    };
    let (me, sent) = (staff.me(), sent_back(form, errors));
    let key = fields.get("idempotency_key");
    Ok(site.page(&staff.visitor, UNPROCESSABLE, || pages::proxy(&me, &sent, key)))
}

/// It was recorded.
pub(crate) async fn recorded(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    at_the_counter(&staff).await?;
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::recorded(&me)))
}
