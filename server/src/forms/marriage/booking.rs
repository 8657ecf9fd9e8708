//! `/marriage/offices/{office}/times/…` and `/marriage/bookings/…`: a time is chosen, held, told to both, and kept or given up.

use app::domain::calendar::Calendar;
use app::domain::confirm::check::Standing;
use app::domain::confirm::{CaseNumber, Holder};
use app::domain::form::{FormErrors, Prompt, Rule};
use app::domain::marriage::{
    Booking, BookingState, Couple, CoupleForm, Matter, Office, OfficeMode, PartnerWay,
};
use app::domain::person::CodeForm;
use app::pages::Sent;
use app::pages::marriage::{self as pages, Choosing, Code};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;

use crate::calendar_file::CalendarDay;
use crate::confirm::{issue_booking, qr_svg};
use crate::error::AppError;
use crate::forms::confirm::qr_text;
use crate::forms::{Fields, count_tries, new_key, sent_back, try_limits};
use crate::seal::{random_secret, random_u64};
use crate::session::Ended;
use crate::site::{Site, Visitor, see_other, with_cookie};
use crate::store::marriage::bookings::{BookRefusal, Invite, Signed, WantedSlot};
use crate::store::{NewConfirmation, StoreError};

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Whose bookings these are. Nobody books a marriage for another (民法典 1049).
fn owner(visitor: &Visitor) -> Result<app::visit::Owner, AppError> {
    if visitor.acting().is_some() {
        return Err(AppError::NotTaken(Ended::OwnAffair));
    }
    visitor.visit.owner.clone().ok_or(AppError::NotFound)
}

fn refusal(refused: BookRefusal) -> AppError {
    match refused {
        BookRefusal::Store(cause) => cause.into(),
        BookRefusal::Full | BookRefusal::TooMany | BookRefusal::BookedBefore | BookRefusal::Over => {
            AppError::Conflict
        }
    }
}

/// An office that takes bookings here for this matter.
async fn office_here(site: &Site, code: &str, matter: &str) -> Result<(Office, Matter), AppError> {
    let office = site.store().marriage_office(code, site.clock().today()).await?;
    let matter = Matter::parse(matter).ok_or(AppError::NotFound)?;
    // An office that knows nothing of this system has no times: that line is never blurred.
    if office.mode != OfficeMode::Here || !office.matters.contains(&matter) {
        return Err(AppError::NotFound);
    }
    Ok((office, matter))
}

fn choosing(office: &Office, matter: Matter) -> Choosing {
    Choosing {
        base: format!("/marriage/offices/{}/times/{}", office.code, matter.as_str()),
        action: "/marriage/hold".into(),
        back: format!("/marriage/offices/{}", office.code),
        button: "约",
    }
}

fn moving(booking: &Booking) -> Choosing {
    let base = format!("/marriage/bookings/{}", booking.id);
    Choosing { base: format!("{base}/move"), action: format!("{base}/move"), back: base, button: "改到" }
}

/// The days of an office.
pub(crate) async fn month(
    State(site): State<Site>,
    visitor: Visitor,
    Path((code, matter)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let (office, matter) = office_here(&site, &code, &matter).await?;
    let today = site.clock().today();
    let book = site.store().marriage_book(&office.code, matter, site.clock().now()).await?;
    let choosing = choosing(&office, matter);
    Ok(site.page(&visitor, StatusCode::OK, || pages::month(&office, matter, (&book, today), &choosing)))
}

async fn day_page(
    site: &Site,
    visitor: &Visitor,
    (office, matter, day): (&Office, Matter, Date),
    choosing: &Choosing,
    refused: Option<&'static str>,
) -> Result<Response, AppError> {
    let (today, calendar) = (site.clock().today(), Calendar::embedded());
    let book = site.store().marriage_book(&office.code, matter, site.clock().now()).await?;
    let slots: Vec<_> = book
        .slots(day, calendar)
        .into_iter()
        .filter(|slot| book.bookable(day, slot.starts, today, calendar).is_some())
        .collect();
    let status = if refused.is_some() { UNPROCESSABLE } else { StatusCode::OK };
    let key = new_key()?;
    Ok(site.page(visitor, status, || pages::day(office, matter, (day, &slots), choosing, (&key, refused))))
}

/// The times of a day.
pub(crate) async fn day(
    State(site): State<Site>,
    visitor: Visitor,
    Path((code, matter, day)): Path<(String, String, String)>,
) -> Result<Response, AppError> {
    let (office, matter) = office_here(&site, &code, &matter).await?;
    let day: Date = day.parse().map_err(|_| AppError::NotFound)?;
    day_page(&site, &visitor, (&office, matter, day), &choosing(&office, matter), None).await
}

/// The time that a form names, where it can be booked at all.
async fn wanted<'a>(
    site: &Site,
    office: &'a Office,
    matter: Matter,
    fields: &Fields,
) -> Result<(Option<WantedSlot<'a>>, Date), AppError> {
    let day: Date = fields.get("day").parse().map_err(|_| AppError::BadRequest)?;
    let starts: u16 = fields.get("starts").parse().map_err(|_| AppError::BadRequest)?;
    let today = site.clock().today();
    let book = site.store().marriage_book(&office.code, matter, site.clock().now()).await?;
    let slot = book.bookable(day, starts, today, Calendar::embedded());
    let wanted = slot.map(|slot| WantedSlot {
        office: &office.code,
        matter,
        day,
        starts,
        ends: slot.ends,
        quota: slot.quota,
    });
    Ok((wanted, day))
}

/// What the page of the day says where a time was not given.
fn words(refused: &BookRefusal) -> &'static str {
    match refused {
        BookRefusal::TooMany => "您已经留着两个时间了。请先把它们填完或者放弃，再约别的",
        _ => "这个时间刚刚约满了，请换一个",
    }
}

/// Holds a time.
pub(crate) async fn hold(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    if visitor.acting().is_some() {
        return Err(AppError::NotTaken(Ended::OwnAffair));
    }
    let (office, matter) = office_here(&site, fields.get("office"), fields.get("matter")).await?;
    let (wanted, day) = wanted(&site, &office, matter, &fields).await?;
    let (owner, cookie) = site.owner_or_new(&visitor)?;
    let held = match &wanted {
        Some(wanted) => {
            let now = site.clock().now();
            site.store().hold_marriage_slot(wanted, &owner, &visitor.actor(), &key, now).await
        }
        None => Err(BookRefusal::Full),
    };
    match held {
        Ok(once) => Ok(see_other(&format!("/marriage/bookings/{}", once.answer()), cookie)),
        Err(refused @ (BookRefusal::Full | BookRefusal::TooMany)) => {
            let choosing = choosing(&office, matter);
            let page =
                day_page(&site, &visitor, (&office, matter, day), &choosing, Some(words(&refused))).await?;
            Ok(with_cookie(page, cookie))
        }
        Err(other) => Err(refusal(other)),
    }
}

/// A booking that is this visitor's. What ran out is over, whether or not the job has come by.
async fn own(site: &Site, visitor: &Visitor, id: &str) -> Result<(Booking, Office), AppError> {
    let mut booking = site.store().marriage_booking(id, &owner(visitor)?).await?;
    let now = site.clock().now();
    let over = match booking.state {
        BookingState::Held => booking.hold_until <= now,
        BookingState::Waiting => booking.keep_until.is_none_or(|until| until <= now),
        _ => false,
    };
    if over {
        booking.state = BookingState::Released;
    }
    let office = site.store().marriage_office(&booking.office, site.clock().today()).await?;
    Ok((booking, office))
}

/// The code of a firm booking as its row has it now: staff may have issued it anew.
async fn code(site: &Site, booking: &Booking) -> Result<Code, AppError> {
    if booking.state != BookingState::Firm {
        return Ok(Code::default());
    }
    let all = site.store().confirmations_of_number(&booking.number).await?;
    let holding = all.iter().find(|kept| matches!(kept.standing, Standing::Holds | Standing::Used(_)));
    let Some(kept) = holding else {
        return Ok(Code {
            over: Some("登记处停用了这张凭证，请打电话问"), ..Code::default()
        });
    };
    if matches!(kept.standing, Standing::Used(_)) {
        return Ok(Code { over: Some("已经到场，凭证用过了"), ..Code::default() });
    }
    if kept.expires_at <= site.clock().now() {
        return Ok(Code { over: Some("预约的日子过了"), ..Code::default() });
    }
    Ok(Code {
        svg: qr_svg(&qr_text(site, &kept.token))?,
        short_code: app::text::short_code(&kept.short_code),
        over: None,
    })
}

async fn shown(
    site: &Site,
    visitor: &Visitor,
    (booking, office): (&Booking, &Office),
    sent: &Sent<()>,
) -> Result<Response, AppError> {
    let status = if sent.errors.is_empty() { StatusCode::OK } else { UNPROCESSABLE };
    let address = |secret: &String| format!("{}/marriage/invite/{secret}", site.settings().base_url);
    let invite = booking.invite.as_ref().map(address);
    let invite = invite.map(|address| qr_svg(&address).map(|svg| (address, svg))).transpose()?;
    let (code, key) = (code(site, booking).await?, new_key()?);
    Ok(site.page(visitor, status, || pages::booking(booking, office, invite, &code, (sent, &key))))
}

/// A booking, as it stands.
pub(crate) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (booking, office) = own(&site, &visitor, &id).await?;
    if booking.state == BookingState::Held {
        let (sent, key) = (Sent::fresh(CoupleForm::default()), new_key()?);
        return Ok(site.page(&visitor, StatusCode::OK, || pages::held(&booking, &office, &sent, &key)));
    }
    shown(&site, &visitor, (&booking, &office), &Sent::fresh(())).await
}

/// Another ten minutes. Where there are none, the page says how it stands.
pub(crate) async fn extend(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (booking, _) = own(&site, &visitor, &id).await?;
    match site.store().extend_marriage_hold(&booking.id, &owner(&visitor)?, site.clock().now()).await {
        Ok(()) | Err(BookRefusal::Over) => Ok(see_other(&format!("/marriage/bookings/{id}"), None)),
        Err(other) => Err(refusal(other)),
    }
}

/// A page that came back with errors is opened anew, as the switch of the elder mode does: it leads to how things stand.
pub(crate) async fn back(Path(id): Path<String>) -> Response {
    see_other(&format!("/marriage/bookings/{id}"), None)
}

/// As [`back`], where a time was not given.
pub(crate) async fn begin_again() -> Response {
    see_other("/marriage", None)
}

/// A fresh number with its signed confirmation.
async fn signed(
    site: &Site,
    booking: &Booking,
    couple: &Couple,
    number: Option<&str>,
) -> Result<(String, NewConfirmation), AppError> {
    let now = site.clock().now();
    let number = match number {
        Some(number) => number.to_owned(),
        None => CaseNumber::new("HY", now.shanghai_date(), random_u64()?).as_str().to_owned(),
    };
    let starter = couple.of(couple.me);
    let holder = Holder { name: starter.name.masked(), document_tail: starter.document.last_three() };
    let next = booking.day.tomorrow().unwrap_or(booking.day);
    let times = (
        booking.begins_at(),
        u64::from(booking.ends.saturating_sub(booking.starts)),
        app::domain::time::Instant::shanghai_midnight(next),
    );
    let (keys, issuer) = (site.keys(), &site.settings().issuer);
    let confirmation = issue_booking(keys.signing(), issuer, &number, holder, times, now).await?;
    Ok((number, confirmation))
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
    let form: CoupleForm = fields.form()?;
    let there = see_other(&format!("/marriage/bookings/{id}"), None);
    if booking.state != BookingState::Held {
        // A second press, or the time ran out meanwhile: the page says which.
        return Ok(there);
    }
    let now = site.clock().now();
    let errors = match Couple::parse(&form, booking.matter, booking.day, site.clock().today()) {
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
                Err(BookRefusal::BookedBefore) => {
                    let mut errors = FormErrors::default();
                    // It never says whose: nobody learns here who is going to marry.
                    errors.add("man_document", Rule::BookedBefore);
                    errors
                }
                Err(other) => return Err(refusal(other)),
            }
        }
        Err(errors) => errors,
    };
    let (sent, key) = (sent_back(form, errors), new_key()?);
    Ok(site.page(&visitor, UNPROCESSABLE, || pages::held(&booking, &office, &sent, &key)))
}

/// Gives a booking up.
pub(crate) async fn cancel(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    let owner = owner(&visitor)?;
    let (booking, office) = own(&site, &visitor, &id).await?;
    if fields.get("sure") != "yes" {
        let mut errors = FormErrors::default();
        errors.add("sure", Prompt::SureToCancel);
        return shown(&site, &visitor, (&booking, &office), &sent_back((), errors)).await;
    }
    let now = site.clock().now();
    match site.store().cancel_marriage_booking(&id, (&owner, &visitor.actor()), &key, now).await {
        Ok(()) | Err(BookRefusal::Over) => Ok(see_other(&format!("/marriage/bookings/{id}"), None)),
        Err(other) => Err(refusal(other)),
    }
}

/// A firm booking that may be moved.
async fn movable(site: &Site, visitor: &Visitor, id: &str) -> Result<(Booking, Office), AppError> {
    let (booking, office) = own(site, visitor, id).await?;
    let firm = booking.state == BookingState::Firm && site.clock().now() < booking.begins_at();
    if firm && office.mode == OfficeMode::Here { Ok((booking, office)) } else { Err(AppError::NotFound) }
}

/// The days that a booking can be moved to.
pub(crate) async fn move_month(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (booking, office) = movable(&site, &visitor, &id).await?;
    let today = site.clock().today();
    let book = site.store().marriage_book(&office.code, booking.matter, site.clock().now()).await?;
    let choosing = moving(&booking);
    Ok(site
        .page(&visitor, StatusCode::OK, || pages::month(&office, booking.matter, (&book, today), &choosing)))
}

/// The times of a day that a booking can be moved to.
pub(crate) async fn move_day(
    State(site): State<Site>,
    visitor: Visitor,
    Path((id, day)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let (booking, office) = movable(&site, &visitor, &id).await?;
    let day: Date = day.parse().map_err(|_| AppError::NotFound)?;
    day_page(&site, &visitor, (&office, booking.matter, day), &moving(&booking), None).await
}

/// Moves a booking: the old time is lost only when the new one is taken.
pub(crate) async fn move_to(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    let owner = owner(&visitor)?;
    let (booking, office) = movable(&site, &visitor, &id).await?;
    let (wanted, day) = wanted(&site, &office, booking.matter, &fields).await?;
    let back = moving(&booking);
    let again =
        async |words| day_page(&site, &visitor, (&office, booking.matter, day), &back, Some(words)).await;
    let Some(wanted) = wanted else { return again("这个时间刚刚约满了，请换一个").await };
    let form = site.store().marriage_couple(&booking).await?;
    // The ages are those of the new day.
    let Ok(couple) = Couple::parse(&form, booking.matter, day, site.clock().today()) else {
        return again("那天有一位还没有到结婚年龄，请选生日当天或以后的日子").await;
    };
    let new = Booking { day, starts: wanted.starts, ends: wanted.ends, ..booking.clone() };
    let (number, confirmation) = signed(&site, &new, &couple, Some(&booking.number)).await?;
    let signed = Signed { number: &number, confirmation: &confirmation };
    let by = (&owner, &visitor.actor());
    let now = site.clock().now();
    match site.store().move_marriage_booking(&booking, &wanted, &couple, &signed, by, &key, now).await {
        Ok(()) => Ok(see_other(&format!("/marriage/bookings/{id}"), None)),
        Err(refused @ (BookRefusal::Full | BookRefusal::TooMany)) => again(words(&refused)).await,
        Err(other) => Err(refusal(other)),
    }
}

/// The slip for paper.
pub(crate) async fn slip(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (booking, office) = own(&site, &visitor, &id).await?;
    let code = code(&site, &booking).await?;
    if booking.state != BookingState::Firm || code.over.is_some() {
        return Ok(see_other(&format!("/marriage/bookings/{id}"), None));
    }
    Ok(site.page(&visitor, StatusCode::OK, || pages::slip(&booking, &office, &code)))
}

/// The day for a calendar.
pub(crate) async fn calendar(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (booking, office) = own(&site, &visitor, &id).await?;
    if booking.state != BookingState::Firm {
        return Err(AppError::NotFound);
    }
    let address = &site.settings().base_url;
    let host = address.split_once("://").map_or(address.as_str(), |(_, host)| host);
    let time = app::domain::marriage::time_words(booking.starts, booking.ends);
    let file = CalendarDay {
        uid: &format!("{}-booking@{host}", booking.number),
        day: booking.day,
        summary: &format!("婚姻登记处 {time}"),
        description: &format!(
            "编号 {}。{}，{}{}，电话 {}",
            booking.number, office.name, office.address, office.floor, office.phone
        ),
        url: &format!("{address}/marriage/bookings/{id}"),
    }
    .file(site.clock().now());
    let mut answer = (StatusCode::OK, file).into_response();
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
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
