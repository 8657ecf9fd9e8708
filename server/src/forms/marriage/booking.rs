//! `/marriage/offices/{office}/times/…` and `/marriage/bookings/…`: a time is chosen, held, told to both, and kept or given up.

use app::domain::calendar::Calendar;
use app::domain::confirm::check::Standing;
use app::domain::confirm::{CaseNumber, Holder};
use app::domain::form::{FormErrors, Prompt};
use app::domain::marriage::{
    Booking, BookingState, Couple, CoupleForm, DivorceForm, Matter, ObjectForm, Office, OfficeMode,
    WindowDay, window_day,
};
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
use crate::forms::{Fields, new_key, sent_back};
use crate::seal::random_u64;
use crate::session::Ended;
use crate::site::{Site, Visitor, see_other, with_cookie};
use crate::store::NewConfirmation;
use crate::store::marriage::bookings::{BookRefusal, Signed, WantedSlot};
use crate::store::marriage::moving::MovedBy;

pub(super) const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Whose bookings these are. Nobody books a marriage for another (民法典 1049).
pub(super) fn owner(visitor: &Visitor) -> Result<app::visit::Owner, AppError> {
    if visitor.acting().is_some() {
        return Err(AppError::NotTaken(Ended::OwnAffair));
    }
    visitor.visit.owner.clone().ok_or(AppError::NotFound)
}

pub(super) fn refusal(refused: BookRefusal) -> AppError {
    match refused {
        BookRefusal::Store(cause) => cause.into(),
        BookRefusal::Full
        | BookRefusal::TooMany
        | BookRefusal::BookedBefore
        | BookRefusal::BothAhead
        | BookRefusal::Over => AppError::Conflict,
    }
}

/// An office that takes bookings here for this matter.
pub(super) async fn office_here(site: &Site, code: &str, matter: &str) -> Result<(Office, Matter), AppError> {
    let office = site.store().marriage_office(code, site.clock().today()).await?;
    let matter = Matter::parse(matter).ok_or(AppError::NotFound)?;
    // An office that knows nothing of this system has no times: that line is never blurred.
    if office.mode != OfficeMode::Here || !office.takes(matter) {
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
    Ok(site.page(visitor, status, || {
        pages::day(office, matter, (day, &slots, book.hot_day(day)), choosing, (&key, refused))
    }))
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
        BookRefusal::BothAhead => {
            "那一天人多，两个人都要事先确认；你们约的是到现场再确认，请选别的日子，或者取消了重新约"
        }
        BookRefusal::TooMany => "您已经留着两个时间了。请先把它们填完或者放弃，再约别的",
        _ => "这个时间刚刚约满了，或者有人在排队等；请换一个，也可以排队",
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
    // What is free goes to those who wait for it first.
    crate::waiting_list::offer(&site, (&office.code, matter, day)).await?;
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
pub(super) async fn own(site: &Site, visitor: &Visitor, id: &str) -> Result<(Booking, Office), AppError> {
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
    let accepted = match booking.matter {
        Matter::DivorceRegistration => site.store().divorce_acceptance_of(&booking.id).await?,
        _ => None,
    };
    if let Some(arrival) = site.store().marriage_arrival(booking, site.clock().now()).await? {
        return Ok(Code {
            over: Some("已经到场，凭证用过了"),
            arrival: Some(arrival),
            accepted,
            ..Code::default()
        });
    }
    let all = site.store().confirmations_of_number(&booking.number).await?;
    let holding = all.iter().find(|kept| matches!(kept.standing, Standing::Holds | Standing::Used(_)));
    let Some(kept) = holding else {
        return Ok(Code {
            over: Some("登记处停用了这张凭证，请打电话问"), accepted, ..Code::default()
        });
    };
    if matches!(kept.standing, Standing::Used(_)) {
        return Ok(Code { over: Some("已经到场，凭证用过了"), accepted, ..Code::default() });
    }
    if kept.expires_at <= site.clock().now() {
        return Ok(Code { over: Some("预约的日子过了"), accepted, ..Code::default() });
    }
    Ok(Code {
        svg: qr_svg(&qr_text(site, &kept.token))?,
        short_code: app::text::short_code(&kept.short_code),
        ..Code::default()
    })
}

async fn shown(
    site: &Site,
    visitor: &Visitor,
    (booking, office): (&Booking, &Office),
    sent: &Sent<()>,
    objection: Sent<ObjectForm>,
) -> Result<Response, AppError> {
    let right = sent.errors.is_empty() && objection.errors.is_empty();
    let status = if right { StatusCode::OK } else { UNPROCESSABLE };
    let address = |secret: &String| format!("{}/marriage/invite/{secret}", site.settings().base_url);
    let invite = booking.invite.as_ref().map(address);
    let invite = invite.map(|address| qr_svg(&address).map(|svg| (address, svg))).transpose()?;
    let no_show = site.store().no_show_of(&booking.id).await?.map(|no_show| (no_show, objection));
    let notes = site.store().marriage_notes(&booking.id, true).await?;
    let coming = site.store().marriage_coming(&booking.id).await?;
    let (code, key) = (Code { no_show, notes, coming, ..code(site, booking).await? }, new_key()?);
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
        let hot = site.store().hot_day((&booking.office, booking.matter, booking.day)).await?;
        let (sent, key) = (Sent::fresh(CoupleForm::default()), new_key()?);
        let second = Sent::fresh(DivorceForm::default());
        return Ok(site.page(&visitor, StatusCode::OK, || {
            pages::held((&booking, hot.as_ref()), &office, (&sent, &second), &key)
        }));
    }
    shown(&site, &visitor, (&booking, &office), &Sent::fresh(()), Sent::default()).await
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
pub(in crate::forms) async fn signed(
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
        let sent = sent_back((), errors);
        return shown(&site, &visitor, (&booking, &office), &sent, Sent::default()).await;
    }
    let now = site.clock().now();
    match site.store().cancel_marriage_booking(&id, (&owner, &visitor.actor()), &key, now).await {
        Ok(()) | Err(BookRefusal::Over) => {
            crate::waiting_list::offer(&site, (&office.code, booking.matter, booking.day)).await?;
            Ok(see_other(&format!("/marriage/bookings/{id}"), None))
        }
        Err(other) => Err(refusal(other)),
    }
}

/// The couple objects to an entry that it did not come.
pub(crate) async fn object(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    let owner = owner(&visitor)?;
    let (booking, office) = own(&site, &visitor, &id).await?;
    let form: ObjectForm = fields.form()?;
    let words = match form.parse() {
        Ok(words) => words,
        Err(errors) => {
            let objection = sent_back(form, errors);
            return shown(&site, &visitor, (&booking, &office), &Sent::fresh(()), objection).await;
        }
    };
    let now = site.clock().now();
    site.store().object_to_no_show(&booking, &words, (&owner, &visitor.actor()), &key, now).await?;
    Ok(see_other(&format!("/marriage/bookings/{id}"), None))
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
    if let Some(accepted) = booking.accepted
        && window_day(accepted.day, day, Calendar::embedded()) != WindowDay::Inside
    {
        return again("那天不在第二次能去的日子里，请照受理的日子另选一天").await;
    }
    let new = Booking { day, starts: wanted.starts, ends: wanted.ends, ..booking.clone() };
    let (number, confirmation) = signed(&site, &new, &couple, Some(&booking.number)).await?;
    let signed = Signed { number: &number, confirmation: &confirmation };
    let actor = visitor.actor();
    let by = MovedBy::Couple(&owner, &actor);
    let now = site.clock().now();
    match site.store().move_marriage_booking(&booking, &wanted, &couple, &signed, by, &key, now).await {
        Ok(()) => Ok(see_other(&format!("/marriage/bookings/{id}"), None)),
        Err(refused @ (BookRefusal::Full | BookRefusal::TooMany | BookRefusal::BothAhead)) => {
            again(words(&refused)).await
        }
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
