//! `/staff/marriage/{office}/day…` and `…/numbers`: who comes, everybody of a time moved to another, and a month in counts.

use app::domain::calendar::Calendar;
use app::domain::form::{FormErrors, Rule};
use app::domain::marriage::{Booking, Couple, DayEntry, MoveAll, MoveAllForm, Slot, WindowDay, window_day};
use app::pages::Sent;
use app::pages::staff::marriage_day::{self as pages, Day};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Deserialize;

use super::marriage::clerk;
use crate::error::AppError;
use crate::forms::marriage::booking::signed;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::IdempotencyKey;
use crate::store::marriage::bookings::{BookRefusal, Signed, WantedSlot};
use crate::store::marriage::moving::MovedBy;
use crate::store::standards::Doer;

/// The day that is looked at, and what was just done on it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    day: String,
    month: String,
    moved: Option<u32>,
    left: Option<u32>,
}

async fn day_of(
    site: &Site,
    office: &str,
    day: Date,
    (moved, sent): (Option<(u32, u32)>, Sent<MoveAllForm>),
) -> Result<Day, AppError> {
    let (store, today) = (site.store(), site.clock().today());
    let visits = store.marriage_visits(office, day).await?;
    let mut entries = Vec::new();
    for line in store.marriage_day(office, day).await? {
        let visit = visits.iter().find(|visit| visit.booking.as_deref() == Some(line.booking.id.as_str()));
        entries.push(DayEntry {
            visit: visit.map(|visit| (visit.number, visit.state)),
            coming: store.marriage_coming(&line.booking.id).await?,
            code: app::text::short_code(&line.short_code),
            booking: line.booking,
        });
    }
    Ok(Day {
        office: store.marriage_office(office, today).await?,
        day,
        works: Calendar::embedded().is_working_day(day),
        over: day < today,
        entries,
        moved,
        sent,
        key: new_key()?,
    })
}

/// Who comes on a day. Names are masked; the code at the counter says the rest.
pub(crate) async fn day(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(office): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    clerk(&staff, &office).await?;
    let day: Date = asked.day.parse().unwrap_or_else(|_| site.clock().today());
    let moved = asked.moved.map(|moved| (moved, asked.left.unwrap_or_default()));
    let day = day_of(&site, &office, day, (moved, Sent::default())).await?;
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::day(&me, &day)))
}

/// The day for paper.
pub(crate) async fn print(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(office): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    clerk(&staff, &office).await?;
    let day: Date = asked.day.parse().unwrap_or_else(|_| site.clock().today());
    let day = day_of(&site, &office, day, (None, Sent::default())).await?;
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::print(&day)))
}

/// A month in counts.
pub(crate) async fn numbers(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(office): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    clerk(&staff, &office).await?;
    let today = site.clock().today();
    let first: Date = format!("{}-01", asked.month).parse().unwrap_or_else(|_| today.first_of_month());
    let counts = site.store().marriage_month(&office, (first, first.last_of_month())).await?;
    let near = |months: i32| first.checked_add(months.months()).unwrap_or(first);
    let office = site.store().marriage_office(&office, today).await?;
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || {
        pages::numbers(&me, &office, (first, [near(-1), near(1)]), &counts)
    }))
}

/// The time that everybody goes to. The office may go below its own window: it moves what it promised.
async fn target(site: &Site, office: &str, all: &MoveAll) -> Result<Option<Slot>, AppError> {
    let book = site.store().marriage_book(office, all.matter, site.clock().now()).await?;
    let slots = book.slots(all.to_day, Calendar::embedded());
    Ok(slots.into_iter().find(|slot| slot.starts == all.to_starts))
}

/// Moves one booking; `false` where it can't go there and stays.
async fn move_one(
    site: &Site,
    booking: &Booking,
    wanted: &WantedSlot<'_>,
    doer: Doer<'_>,
    key: &IdempotencyKey,
) -> Result<bool, AppError> {
    let outside =
        |accepted: Date| window_day(accepted, wanted.day, Calendar::embedded()) != WindowDay::Inside;
    if booking.accepted.is_some_and(|accepted| outside(accepted.day)) {
        return Ok(false);
    }
    let form = site.store().marriage_couple(booking).await?;
    // The ages are those of the new day.
    let Ok(couple) = Couple::parse(&form, booking.matter, wanted.day, site.clock().today()) else {
        return Ok(false);
    };
    let new = Booking { day: wanted.day, starts: wanted.starts, ends: wanted.ends, ..booking.clone() };
    let (number, confirmation) = signed(site, &new, &couple, Some(&booking.number)).await?;
    let signed = Signed { number: &number, confirmation: &confirmation };
    let (by, now) = (MovedBy::Office(doer), site.clock().now());
    match site.store().move_marriage_booking(booking, wanted, &couple, &signed, by, key, now).await {
        Ok(()) => Ok(true),
        Err(BookRefusal::Store(cause)) => Err(cause.into()),
        Err(_) => Ok(false),
    }
}

/// Moves everybody of a time to another, the oldest booking first. Each is an act of its own: what stops half-way goes on with the
/// next press.
pub(crate) async fn move_all(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(office): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    fields.key(site.store())?;
    let day: Date = fields.get("day").parse().map_err(|_| AppError::BadRequest)?;
    let form: MoveAllForm = fields.form()?;
    let mut errors = FormErrors::default();
    let all = match form.parse(site.clock().today()) {
        Ok(all) => match target(&site, &office, &all).await? {
            Some(slot) if (all.to_day, slot.starts) != (day, all.starts) => Some((all, slot)),
            _ => {
                errors.add("to_starts", Rule::NoSuchTime);
                None
            }
        },
        Err(wrong) => {
            errors = wrong;
            None
        }
    };
    let Some((all, slot)) = all else {
        let day = day_of(&site, &office, day, (None, sent_back(form, errors))).await?;
        let me = staff.me();
        return Ok(site.page(&staff.visitor, StatusCode::UNPROCESSABLE_ENTITY, || pages::day(&me, &day)));
    };
    let wanted = WantedSlot {
        office: &office,
        matter: all.matter,
        day: all.to_day,
        starts: slot.starts,
        ends: slot.ends,
        quota: slot.quota,
    };
    let doer = Doer { id: staff.staff_id(), actor: &actor };
    let (mut moved, mut left) = (0, 0);
    for booking in site.store().marriage_bookings_at(&office, all.matter, (day, all.starts)).await? {
        // The same form sent twice finds nobody left to move: each booking's key is its own.
        let key = IdempotencyKey::new(
            site.store(),
            &format!("{}{}", fields.get("idempotency_key"), booking.id),
            &format!("{} {}", wanted.day, wanted.starts),
        );
        match move_one(&site, &booking, &wanted, doer, &key).await? {
            true => moved += 1,
            false => left += 1,
        }
    }
    site.messages_waiting().notify_one();
    let there = format!("/staff/marriage/{office}/day?day={day}&moved={moved}&left={left}");
    Ok(see_other(&there, None))
}
