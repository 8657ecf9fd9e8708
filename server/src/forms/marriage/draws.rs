//! `/marriage/draws/…`: the draw of a hot day for everybody, and a couple's own entry.

use app::domain::form::{FormErrors, Rule};
use app::domain::marriage::{Couple, CoupleForm, PartnerWay, time_words};
use app::domain::person::CodeForm;
use app::pages::Sent;
use app::pages::marriage::{self as pages, DrawPage};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::booking::{UNPROCESSABLE, owner, refusal, signed};
use crate::confirm::qr_svg;
use crate::error::AppError;
use crate::forms::{Fields, count_tries, new_key, sent_back, try_limits};
use crate::seal::{random_secret, random_u64};
use crate::session::Ended;
use crate::site::{Site, Visitor, see_other, with_cookie};
use crate::store::StoreError;
use crate::store::marriage::bookings::{BookRefusal, Invite, Signed};

async fn drawn(site: &Site, id: &str) -> Result<DrawPage, AppError> {
    let draw = site.store().marriage_draw(id).await?;
    let office = site.store().marriage_office(&draw.office, site.clock().today()).await?;
    Ok(DrawPage {
        office,
        of: draw.of,
        matter: draw.matter,
        day: draw.day,
        name: draw.name,
        entries: draw.entries,
        published: draw.published,
    })
}

/// The draw, for everybody. Whoever looks after entries have closed doesn't wait for the job.
pub(crate) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let now = site.clock().now();
    let mut draw = drawn(&site, &id).await?;
    if !draw.of.drawn && draw.of.rules.closes <= now {
        crate::waiting_list::draw_due(&site).await?;
        draw = drawn(&site, &id).await?;
    }
    Ok(site.page(&visitor, StatusCode::OK, || pages::draw(&draw, now)))
}

/// What is public of it, for programs.
pub(crate) async fn file(State(site): State<Site>, Path(id): Path<String>) -> Result<Response, AppError> {
    Ok(Json(drawn(&site, &id).await?.published).into_response())
}

/// A draw that takes entries now.
async fn open(site: &Site, id: &str) -> Result<DrawPage, AppError> {
    let (draw, now) = (drawn(site, id).await?, site.clock().now());
    if draw.of.rules.opens <= now && now < draw.of.rules.closes { Ok(draw) } else { Err(AppError::NotFound) }
}

/// The way in.
pub(crate) async fn form(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (draw, key) = (open(&site, &id).await?, new_key()?);
    let sent = Sent::fresh(CoupleForm::default());
    Ok(site.page(&visitor, StatusCode::OK, || pages::draw_enter(&draw, &sent, &key)))
}

/// Enters; the other one is asked.
pub(crate) async fn enter(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    if visitor.acting().is_some() {
        return Err(AppError::NotTaken(Ended::OwnAffair));
    }
    let draw = open(&site, &id).await?;
    let mut form: CoupleForm = fields.form()?;
    // Both say yes before they come: there is no other way in a draw.
    PartnerWay::Link.as_str().clone_into(&mut form.way);
    let (owner, cookie) = site.owner_or_new(&visitor)?;
    let now = site.clock().now();
    let errors = match Couple::parse(&form, draw.matter, draw.day, now.shanghai_date()) {
        Ok(couple) => {
            let invite =
                Invite { secret: random_secret()?, code: format!("{:06}", random_u64()? % 1_000_000) };
            let by = (&owner, &visitor.actor());
            match site.store().enter_draw(&id, &couple, &invite, by, &key, now).await {
                Ok(once) => {
                    site.messages_waiting().notify_one();
                    return Ok(see_other(&format!("/marriage/draw-entries/{}", once.answer()), cookie));
                }
                Err(BookRefusal::BookedBefore) => {
                    let mut errors = FormErrors::default();
                    // It never says whose: nobody learns here who is going to marry.
                    errors.add("man_document", Rule::EnteredBefore);
                    errors
                }
                Err(BookRefusal::Over) => return Err(AppError::NotFound),
                Err(other) => return Err(refusal(other)),
            }
        }
        Err(errors) => errors,
    };
    let (sent, key) = (sent_back(form, errors), new_key()?);
    let page = site.page(&visitor, UNPROCESSABLE, || pages::draw_enter(&draw, &sent, &key));
    Ok(with_cookie(page, cookie))
}

async fn asked(site: &Site, secret: &str) -> Result<DrawPage, AppError> {
    let draw = site.store().invited_draw(secret, site.clock().now()).await?;
    drawn(site, &draw.ok_or(AppError::NotFound)?).await
}

/// The other one's link.
pub(crate) async fn invited(
    State(site): State<Site>,
    visitor: Visitor,
    Path(secret): Path<String>,
) -> Result<Response, AppError> {
    let draw = asked(&site, &secret).await?;
    let sent = Sent::fresh(CodeForm::default());
    Ok(site.page(&visitor, StatusCode::OK, || pages::draw_invited(&draw, &sent, &secret)))
}

/// The other one says yes.
pub(crate) async fn agree(
    State(site): State<Site>,
    visitor: Visitor,
    Path(secret): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let draw = asked(&site, &secret).await?;
    let form: CodeForm = fields.form()?;
    let errors = match form.parse() {
        Ok(typed) => {
            let subject = format!("marriage draw {}", site.store().invite_hash(&secret));
            count_tries(&site, &try_limits(&site, &visitor, &subject)).await?;
            // The yes is one's own, whoever is signed in on this device and for whomever they act.
            let (owner, cookie) = match visitor.acting() {
                None => site.owner_or_new(&visitor)?,
                Some(_) => site.device_or_new(&visitor)?,
            };
            let by = (&owner, &visitor.actor());
            match site.store().agree_to_draw((&secret, &typed), by, site.clock().now()).await {
                Ok(Some(id)) => {
                    site.messages_waiting().notify_one();
                    return Ok(see_other(&format!("/marriage/draw-entries/{id}"), cookie));
                }
                Ok(None) => {
                    let mut errors = FormErrors::default();
                    errors.add("code", Rule::CodeDoesNotFit);
                    errors
                }
                // Entries closed while the code was on its way.
                Err(BookRefusal::Over) => return Err(AppError::NotFound),
                Err(other) => return Err(refusal(other)),
            }
        }
        Err(errors) => errors,
    };
    let sent = sent_back(CodeForm::default(), errors);
    Ok(site.page(&visitor, UNPROCESSABLE, || pages::draw_invited(&draw, &sent, &secret)))
}

async fn entry_page(
    site: &Site,
    visitor: &Visitor,
    id: &str,
    refused: Option<&'static str>,
) -> Result<Response, AppError> {
    let now = site.clock().now();
    site.store().settle_marriage_offers(now).await?;
    let entry = site.store().draw_entry(id, &owner(visitor)?).await?;
    let draw = drawn(site, &entry.draw).await?;
    let address = |secret: &String| format!("{}/marriage/draw-invite/{secret}", site.settings().base_url);
    let invite = entry.invite.as_ref().map(address);
    let invite = invite.map(|address| qr_svg(&address).map(|svg| (address, svg))).transpose()?;
    let kept = site.store().kept_for_entry(id, now).await?;
    let kept = kept.map(|booking| (time_words(booking.starts, booking.ends), booking.hold_until));
    let (status, key) = (if refused.is_some() { UNPROCESSABLE } else { StatusCode::OK }, new_key()?);
    Ok(site.page(visitor, status, || pages::draw_entry(&draw, &entry, invite, kept, (&key, refused))))
}

/// One's own entry.
pub(crate) async fn entry(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    entry_page(&site, &visitor, &id, None).await
}

/// A page that was sent is opened anew.
pub(crate) async fn back(Path(id): Path<String>) -> Response {
    see_other(&format!("/marriage/draw-entries/{id}"), None)
}

/// Takes an entry back. What is over already stays as it is.
pub(crate) async fn withdraw(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    let owner = owner(&visitor)?;
    let draw = site.store().draw_entry(&id, &owner).await?.draw;
    let by = (&owner, &visitor.actor());
    match site.store().withdraw_entry(&id, by, &key, site.clock().now()).await {
        Ok(()) | Err(BookRefusal::Over) => {
            let draw = site.store().marriage_draw(&draw).await?;
            // The next ones move up at once.
            crate::waiting_list::offer(&site, (&draw.office, draw.matter, draw.day)).await?;
            Ok(see_other(&format!("/marriage/draw-entries/{id}"), None))
        }
        Err(other) => Err(refusal(other)),
    }
}

/// Takes the place that is kept.
pub(crate) async fn take(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    let (owner, now) = (owner(&visitor)?, site.clock().now());
    site.store().draw_entry(&id, &owner).await?;
    let there = see_other(&format!("/marriage/draw-entries/{id}"), None);
    let Some(booking) = site.store().kept_for_entry(&id, now).await? else {
        // A second press, or the time ran out: the page says which.
        return Ok(there);
    };
    let couple = match site.store().entry_couple(&id).await {
        Ok(form) => Couple::parse(&form, booking.matter, booking.day, now.shanghai_date())
            .map_err(|_| AppError::Conflict)?,
        Err(StoreError::NotFound) => return Ok(there),
        Err(other) => return Err(other.into()),
    };
    let (number, confirmation) = signed(&site, &booking, &couple, None).await?;
    let signed = Signed { number: &number, confirmation: &confirmation };
    let by = (&owner, &visitor.actor());
    match site.store().take_drawn_place(&id, &booking.id, (&couple, &signed), by, &key, now).await {
        Ok(()) => {
            site.messages_waiting().notify_one();
            Ok(see_other(&format!("/marriage/bookings/{}", booking.id), None))
        }
        Err(BookRefusal::Over) => Ok(there),
        Err(BookRefusal::BookedBefore) => {
            let words = "有一位已经有别的预约，一件事只能有一个。请先取消那个，再来点";
            entry_page(&site, &visitor, &id, Some(words)).await
        }
        Err(other) => Err(refusal(other)),
    }
}
