//! `/marriage/offices/{office}/wait/…` and `/marriage/waiting…`: the line of a full day, and one's own place in it.

use app::domain::calendar::Calendar;
use app::domain::form::{FormErrors, Rule};
use app::domain::marriage::{DayState, Matter, Office, WaitForm};
use app::pages::Sent;
use app::pages::marriage as pages;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use super::booking::{UNPROCESSABLE, office_here, owner, refusal};
use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::session::Ended;
use crate::site::{Site, Visitor, see_other, with_cookie};
use crate::store::marriage::bookings::BookRefusal;

/// A day whose line is open: it could be booked, if there were room.
async fn line(site: &Site, code: &str, matter: &str, day: &str) -> Result<(Office, Matter, Date), AppError> {
    let (office, matter) = office_here(site, code, matter).await?;
    let day: Date = day.parse().map_err(|_| AppError::NotFound)?;
    let book = site.store().marriage_book(code, matter, site.clock().now()).await?;
    match book.state(day, site.clock().today(), Calendar::embedded()) {
        DayState::Free | DayState::Few | DayState::Full => Ok((office, matter, day)),
        DayState::Closed | DayState::NotYet | DayState::Draw | DayState::Past => Err(AppError::NotFound),
    }
}

/// The way into the line of a day.
pub(crate) async fn form(
    State(site): State<Site>,
    visitor: Visitor,
    Path((code, matter, day)): Path<(String, String, String)>,
) -> Result<Response, AppError> {
    let (office, matter, day) = line(&site, &code, &matter, &day).await?;
    let (sent, key) = (Sent::fresh(WaitForm::default()), new_key()?);
    Ok(site.page(&visitor, StatusCode::OK, || pages::wait_form(&office, (matter, day), &sent, &key)))
}

/// Goes to the end of the line; what is free by now is offered at once.
pub(crate) async fn join(
    State(site): State<Site>,
    visitor: Visitor,
    Path((code, matter, day)): Path<(String, String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    if visitor.acting().is_some() {
        return Err(AppError::NotTaken(Ended::OwnAffair));
    }
    let (office, matter, day) = line(&site, &code, &matter, &day).await?;
    let form: WaitForm = fields.form()?;
    let (owner, cookie) = site.owner_or_new(&visitor)?;
    let errors = match form.parse() {
        Ok(mobile) => {
            let (of, by) = ((office.code.as_str(), matter, day), (&owner, &visitor.actor()));
            match site.store().join_marriage_line(of, &mobile, by, &key, site.clock().now()).await {
                Ok(once) => {
                    crate::waiting_list::offer(&site, of).await?;
                    return Ok(see_other(&format!("/marriage/waiting/{}", once.answer()), cookie));
                }
                Err(BookRefusal::TooMany) => {
                    let mut errors = FormErrors::default();
                    errors.add("mobile", Rule::TwoLines);
                    errors
                }
                Err(other) => return Err(refusal(other)),
            }
        }
        Err(errors) => errors,
    };
    let (sent, key) = (sent_back(form, errors), new_key()?);
    let page = site.page(&visitor, UNPROCESSABLE, || pages::wait_form(&office, (matter, day), &sent, &key));
    Ok(with_cookie(page, cookie))
}

/// The lines one stands in.
pub(crate) async fn list(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let (waits, entries) = match &visitor.visit.owner {
        Some(owner) if visitor.acting().is_none() => {
            (site.store().marriage_waits_of(owner).await?, site.store().draw_entries_of(owner).await?)
        }
        _ => (Vec::new(), Vec::new()),
    };
    Ok(site.page(&visitor, StatusCode::OK, || pages::waits(&waits, &entries)))
}

/// One's place in a line.
pub(crate) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    site.store().settle_marriage_offers(site.clock().now()).await?;
    let wait = site.store().marriage_wait(&id, &owner(&visitor)?).await?;
    let office = site.store().marriage_office(&wait.office, site.clock().today()).await?;
    let (now, key) = (site.clock().now(), new_key()?);
    Ok(site.page(&visitor, StatusCode::OK, || pages::wait(&wait, &office, now, &key)))
}

/// Leaves a line. Where one does not wait any more, the page says how it stands.
pub(crate) async fn leave(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    let owner = owner(&visitor)?;
    site.store().marriage_wait(&id, &owner).await?;
    let by = (&owner, &visitor.actor());
    match site.store().leave_marriage_line(&id, by, &key, site.clock().now()).await {
        Ok(()) | Err(BookRefusal::Over) => Ok(see_other(&format!("/marriage/waiting/{id}"), None)),
        Err(other) => Err(refusal(other)),
    }
}

/// A page that was sent is opened anew.
pub(crate) async fn back(Path(id): Path<String>) -> Response {
    see_other(&format!("/marriage/waiting/{id}"), None)
}
