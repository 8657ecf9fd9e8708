//! Both people of a booking: told by the one who began, and the other one's yes.

use app::domain::calendar::Calendar;
use app::domain::form::{FormErrors, Rule};
use app::domain::marriage::{
    Booking, BookingState, Couple, CoupleForm, DivorceForm, Matter, Office, PartnerWay,
};
use app::domain::person::CodeForm;
use app::pages::Sent;
use app::pages::marriage as pages;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::booking::{UNPROCESSABLE, own, owner, refusal, signed};
use crate::error::AppError;
use crate::forms::{Fields, count_tries, new_key, sent_back, try_limits};
use crate::seal::{random_secret, random_u64};
use crate::site::{Site, Visitor, see_other};
use crate::store::StoreError;
use crate::store::marriage::bookings::{BookRefusal, Invite, Signed};

/// What both forms say together: a couple, or what is wrong with the couple and with the divorce.
type Checked = Result<Couple, (FormErrors, FormErrors)>;

/// Checks both people, and what a divorce asks besides.
async fn checked(
    site: &Site,
    booking: &Booking,
    form: &CoupleForm,
    second: &DivorceForm,
) -> Result<Checked, AppError> {
    let today = site.clock().today();
    let couple = Couple::parse(form, booking.matter, booking.day, today);
    match booking.matter {
        Matter::DivorceSecondVisit => {}
        Matter::DivorceRegistration => {
            return Ok(match (couple, second.parse_first()) {
                (Ok(couple), Ok(())) => Ok(couple),
                (couple, first) => Err((couple.err().unwrap_or_default(), first.err().unwrap_or_default())),
            });
        }
        _ => return Ok(couple.map_err(|errors| (errors, FormErrors::default()))),
    }
    let recorded = match &couple {
        Ok(couple) => site.store().divorce_acceptance(couple).await?,
        Err(_) => None,
    };
    let (elsewhere, recorded) = match recorded {
        Some((office, _)) if office != booking.office => (true, None),
        Some((_, day)) => (false, Some(day)),
        None => (false, None),
    };
    // 婚姻登记条例 16. Nobody is told which other one it was.
    let organ = if elsewhere && second.organ == "yes" { "no" } else { second.organ.as_str() };
    let asked = DivorceForm { organ: organ.to_owned(), ..second.clone() };
    let accepted = asked.parse(booking.day, today, recorded, Calendar::embedded());
    Ok(match (couple, accepted) {
        (Ok(couple), Ok(accepted)) => Ok(Couple { second: Some(accepted), ..couple }),
        (couple, accepted) => Err((couple.err().unwrap_or_default(), accepted.err().unwrap_or_default())),
    })
}

/// Whether the office takes no booking of one of them by its policy for those who did not come. A second visit of a divorce has
/// its last day by law: no policy of an office stands in its way.
async fn is_blocked(site: &Site, booking: &Booking, couple: &Couple) -> Result<bool, AppError> {
    if booking.matter == Matter::DivorceSecondVisit {
        return Ok(false);
    }
    let until = site.store().blocked_for_no_shows(&booking.office, couple, site.clock().now()).await?;
    Ok(until.is_some())
}

/// Takes both people.
pub(crate) async fn couple(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    let owner = owner(&visitor)?;
    let (booking, office) = own(&site, &visitor, &id).await?;
    let (form, second): (CoupleForm, DivorceForm) = (fields.form()?, fields.form()?);
    let there = see_other(&format!("/marriage/bookings/{id}"), None);
    if booking.state != BookingState::Held {
        // A second press, or the time ran out meanwhile: the page says which.
        return Ok(there);
    }
    let now = site.clock().now();
    let (errors, wrong) = match checked(&site, &booking, &form, &second).await? {
        Ok(couple) if is_blocked(&site, &booking, &couple).await? => {
            let mut errors = FormErrors::default();
            errors.add("man_document", Rule::BlockedForNoShow);
            (errors, FormErrors::default())
        }
        Ok(couple) => {
            let rules = site.store().marriage_rules(&booking.office).await?;
            let invite = match couple.way {
                PartnerWay::Link => Some(Invite {
                    secret: random_secret()?,
                    code: format!("{:06}", random_u64()? % 1_000_000),
                }),
                PartnerWay::Door => None,
            };
            let confirmed = match couple.way {
                PartnerWay::Link => None,
                PartnerWay::Door => Some(signed(&site, &booking, &couple, None).await?),
            };
            let signed = confirmed.as_ref().map(|(number, confirmation)| Signed { number, confirmation });
            let keep_until = booking.keep_until(rules.keep_hours, now);
            let told = site
                .store()
                .tell_marriage_couple(
                    &id,
                    &couple,
                    keep_until,
                    invite.as_ref(),
                    signed.as_ref(),
                    (&owner, &visitor.actor()),
                    &key,
                    now,
                )
                .await;
            match told {
                Ok(()) => {
                    site.messages_waiting().notify_one();
                    return Ok(there);
                }
                Err(BookRefusal::Over) => return Ok(there),
                Err(BookRefusal::BothAhead) => {
                    let mut errors = FormErrors::default();
                    errors.add("way", Rule::BothAhead);
                    (errors, FormErrors::default())
                }
                Err(BookRefusal::BookedBefore) => {
                    let mut errors = FormErrors::default();
                    // It never says whose: nobody learns here who is going to marry.
                    errors.add("man_document", Rule::BookedBefore);
                    (errors, FormErrors::default())
                }
                Err(other) => return Err(refusal(other)),
            }
        }
        Err(errors) => errors,
    };
    let (sent, second, key) = (sent_back(form, errors), sent_back(second, wrong), new_key()?);
    let hot = site.store().hot_day((&booking.office, booking.matter, booking.day)).await?;
    Ok(site.page(&visitor, UNPROCESSABLE, || {
        pages::held((&booking, hot.as_ref()), &office, (&sent, &second), &key)
    }))
}

/// The booking that a link asks about, while it waits.
async fn asked(site: &Site, secret: &str) -> Result<(Booking, Office), AppError> {
    let booking = site.store().invited_marriage_booking(secret, site.clock().now()).await?;
    let booking = booking.ok_or(AppError::NotFound)?;
    let office = site.store().marriage_office(&booking.office, site.clock().today()).await?;
    Ok((booking, office))
}

/// The other one's link.
pub(crate) async fn invited(
    State(site): State<Site>,
    visitor: Visitor,
    Path(secret): Path<String>,
) -> Result<Response, AppError> {
    let (booking, office) = asked(&site, &secret).await?;
    let sent = Sent::fresh(CodeForm::default());
    Ok(site.page(&visitor, StatusCode::OK, || pages::invited(&booking, &office, &sent, &secret)))
}

/// The other one says yes.
pub(crate) async fn agree(
    State(site): State<Site>,
    visitor: Visitor,
    Path(secret): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (booking, office) = asked(&site, &secret).await?;
    let form: CodeForm = fields.form()?;
    let errors = match form.parse() {
        Ok(typed) => {
            count_tries(&site, &try_limits(&site, &visitor, &format!("marriage {}", booking.id))).await?;
            let couple = site.store().marriage_couple(&booking).await?;
            let couple = Couple::parse(&couple, booking.matter, booking.day, site.clock().today())
                .map_err(|_| AppError::Conflict)?;
            let (number, confirmation) = signed(&site, &booking, &couple, None).await?;
            let signed = Signed { number: &number, confirmation: &confirmation };
            // The yes is one's own, whoever is signed in on this device and for whomever they act.
            let (owner, cookie) = match visitor.acting() {
                None => site.owner_or_new(&visitor)?,
                Some(_) => site.device_or_new(&visitor)?,
            };
            let by = (&owner, &visitor.actor());
            match site
                .store()
                .agree_to_marriage_booking((&secret, &typed), &signed, by, site.clock().now())
                .await
            {
                Ok(Some(id)) => {
                    site.messages_waiting().notify_one();
                    return Ok(see_other(&format!("/marriage/bookings/{id}"), cookie));
                }
                Ok(None) => {
                    let mut errors = FormErrors::default();
                    errors.add("code", Rule::CodeDoesNotFit);
                    errors
                }
                // The time ended while the code was on its way.
                Err(BookRefusal::Over) => return Err(AppError::NotFound),
                Err(BookRefusal::Store(StoreError::Conflict)) => return Err(AppError::Conflict),
                Err(other) => return Err(refusal(other)),
            }
        }
        Err(errors) => errors,
    };
    let sent = sent_back(CodeForm::default(), errors);
    Ok(site.page(&visitor, UNPROCESSABLE, || pages::invited(&booking, &office, &sent, &secret)))
}
