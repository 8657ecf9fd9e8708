//! `/staff/marriage/{office}/door…`: a clerk of the office finds a couple by its code, gives it a number, and calls the next.

use app::domain::confirm::{CaseNumber, ConfirmationKind, ShortCode};
use app::domain::form::{FormErrors, Prompt, Rule};
use app::domain::marriage::{
    AcceptedForm, ArriveForm, CallForm, DoorAct, Matter, NoteForm, WalkInForm, both_there, walk_in_matters,
};
use app::domain::normalise;
use app::pages::Sent;
use app::pages::staff::marriage_door::{self as pages, CoupleThere, Door};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::marriage::clerk;
use crate::confirm::verify;
use crate::error::AppError;
use crate::forms::check::counter_limits;
use crate::forms::{Fields, count_tries, forgive_tries, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::StoreError;
use crate::store::confirmations::{KeptConfirmation, OBJECT};
use crate::store::standards::Doer;

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// What was just done, in the address: numbers, and nobody's name.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Done {
    /// A number that was given.
    given: Option<i64>,
    /// A number that was called; 0 where nobody waits.
    called: Option<i64>,
    /// The counter that calls.
    counter: Option<u32>,
}

#[derive(Default)]
struct Typed {
    arrive: Sent<ArriveForm>,
    walk_in: Sent<WalkInForm>,
    call: Sent<CallForm>,
    done: Option<String>,
    conflict: bool,
}

/// What the office takes without a booking today.
async fn walk_ins(site: &Site, office: &str) -> Result<Vec<Matter>, AppError> {
    let (store, today) = (site.store(), site.clock().today());
    let ordinary = store.marriage_door_rules(office).await?.walk_in;
    let hot = store.hot_days(office, today).await?;
    let matters = store.marriage_office(office, today).await?.bookable();
    Ok(walk_in_matters(&matters, ordinary, &hot, today))
}

async fn page(site: &Site, staff: &StaffVisitor, office: &str, typed: Typed) -> Result<Response, AppError> {
    let (store, now) = (site.store(), site.clock().now());
    let wrong = typed.conflict
        || !typed.arrive.errors.is_empty()
        || !typed.walk_in.errors.is_empty()
        || !typed.call.errors.is_empty();
    let door = Door {
        office: store.marriage_office(office, now.shanghai_date()).await?,
        visits: store.marriage_visits_named(office, now.shanghai_date()).await?,
        minute: now.shanghai_minute(),
        arrive: typed.arrive,
        walk_in: typed.walk_in,
        call: typed.call,
        done: typed.done,
        walk_ins: walk_ins(site, office).await?,

        conflict: typed.conflict,
        key: new_key()?,
    };
    let status = if wrong { UNPROCESSABLE } else { StatusCode::OK };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::door(&me, &door)))
}

/// The door.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(office): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    clerk(&staff, &office).await?;
    let words = match (done.given, done.called) {
        (Some(number), _) => Some(format!("取好了：{number} 号")),
        (None, Some(0)) => Some("现在没有人在等".to_owned()),
        (None, Some(number)) => Some(format!("叫到 {number} 号")),
        (None, None) => None,
    };
    // The counter stays typed: one clerk calls from one counter all day.
    let counter = done.counter.map(|counter| counter.to_string()).unwrap_or_default();
    let call = Sent::fresh(CallForm { counter });
    page(&site, &staff, &office, Typed { done: words, call, ..Typed::default() }).await
}

/// The confirmation behind what was scanned or typed. What is signed by another key, or altered, finds nothing.
async fn confirmation_of(
    site: &Site,
    staff: &StaffVisitor,
    text: &str,
) -> Result<Option<KeptConfirmation>, AppError> {
    let typed = normalise::digits(text);
    if let Ok(code) = ShortCode::parse(&typed) {
        let limits = counter_limits(site, staff);
        count_tries(site, &limits).await?;
        let found = site.store().confirmation_of_short_code(code.as_str()).await?;
        if found.is_some() {
            forgive_tries(site, &limits).await?;
        }
        return Ok(found);
    }
    if let Ok(number) = CaseNumber::parse(&typed) {
        return Ok(site.store().confirmations_of_number(number.as_str()).await?.into_iter().next());
    }
    let answer = verify(text.trim(), site.keys().public(), &site.settings().issuer, site.clock().now());
    let Some(claims) = answer.claims else { return Ok(None) };
    Ok(site.store().confirmation(&data_encoding::HEXLOWER.encode(&claims.id)).await?)
}

/// Finds a couple by its code. One of another office is not found, and that is noted.
pub(crate) async fn find(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(office): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    clerk(&staff, &office).await?;
    let form: ArriveForm = fields.form()?;
    let mut errors = FormErrors::default();
    if normalise::single_line(&form.code).is_empty() {
        errors.add("code", Prompt::ShortCode);
    } else {
        let kept = confirmation_of(&site, &staff, &form.code).await?;
        if let Some(kept) = kept.filter(|kept| kept.kind == ConfirmationKind::Booking) {
            if kept.office != office {
                staff.refused(OBJECT, &kept.id, &kept.area).await?;
            } else if let Some(booking) =
                site.store().marriage_booking_of_confirmation((&kept.id, &kept.number)).await?
            {
                return Ok(see_other(&format!("/staff/marriage/{office}/door/{booking}"), None));
            }
        }
        errors.add("code", Rule::NoSuchConfirmation);
    }
    // A code is never sent back: it is scanned anew in a moment.
    let arrive = sent_back(ArriveForm::default(), errors);
    page(&site, &staff, &office, Typed { arrive, ..Typed::default() }).await
}

/// What was typed on the couple's page.
#[derive(Default)]
struct TypedThere {
    sent: Sent<()>,
    receipt: Sent<AcceptedForm>,
    note: Sent<NoteForm>,
}

async fn couple_page(
    site: &Site,
    staff: &StaffVisitor,
    (office, booking): (&str, &str),
    typed: TypedThere,
) -> Result<Response, AppError> {
    let (store, today) = (site.store(), site.clock().today());
    let TypedThere { sent, receipt, note } = typed;
    let booking = store.office_marriage_booking(office, booking).await?;
    let visits = store.marriage_visits(office, booking.day).await?;
    let visit = visits.iter().find(|visit| visit.booking.as_deref() == Some(booking.id.as_str()));
    let right = sent.errors.is_empty() && receipt.errors.is_empty() && note.errors.is_empty();
    let status = if right { StatusCode::OK } else { UNPROCESSABLE };
    let there = CoupleThere {
        office: store.marriage_office(office, today).await?,
        sent,
        accepted: store.divorce_acceptance_of(&booking.id).await?,
        receipt,
        no_show: store.no_show_of(&booking.id).await?,
        over: site.clock().now() >= booking.ends_at(),
        notes: store.marriage_notes(&booking.id, false).await?,
        note,
        booking,
    };
    let (me, key) = (staff.me(), new_key()?);
    Ok(site.page(&staff.visitor, status, || pages::couple(&me, &there, (visit, today), &key)))
}

/// One couple that booked.
pub(crate) async fn couple(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((office, booking)): Path<(String, String)>,
) -> Result<Response, AppError> {
    clerk(&staff, &office).await?;
    couple_page(&site, &staff, (&office, &booking), TypedThere::default()).await
}

/// Gives a couple that booked its number.
pub(crate) async fn arrive(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((office, booking)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    let key = fields.key(site.store())?;
    if let Err(prompt) = both_there(fields.get("both")) {
        let mut errors = FormErrors::default();
        errors.add("both", prompt);
        let typed = TypedThere { sent: sent_back((), errors), ..TypedThere::default() };
        return couple_page(&site, &staff, (&office, &booking), typed).await;
    }
    site.store().office_marriage_booking(&office, &booking).await?;
    let doer = Doer { id: staff.staff_id(), actor: &actor };
    match site.store().arrive_marriage_couple((&office, &booking), doer, &key, site.clock().now()).await {
        Ok(number) => Ok(see_other(&format!("/staff/marriage/{office}/door?given={number}"), None)),
        // Cancelled or moved meanwhile: the page says how it stands.
        Err(StoreError::Conflict) => Ok(see_other(&format!("/staff/marriage/{office}/door/{booking}"), None)),
        Err(other) => Err(other.into()),
    }
}

/// Gives a couple without a booking a number.
pub(crate) async fn walk_in(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(office): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    let key = fields.key(site.store())?;
    let form: WalkInForm = fields.form()?;
    let takes = site.store().marriage_office(&office, site.clock().today()).await?;
    match form.parse() {
        Ok(matter) if takes.takes(matter) => {
            if !walk_ins(&site, &office).await?.contains(&matter) {
                return Err(AppError::Conflict);
            }
            let doer = Doer { id: staff.staff_id(), actor: &actor };
            let number = site
                .store()
                .walk_in_marriage_couple((&office, matter), doer, &key, site.clock().now())
                .await?;
            Ok(see_other(&format!("/staff/marriage/{office}/door?given={number}"), None))
        }
        parsed => {
            let mut errors = parsed.err().unwrap_or_default();
            if errors.is_empty() {
                errors.add("matter", Prompt::MarriageAnswer);
            }
            let walk_in = sent_back(form, errors);
            page(&site, &staff, &office, Typed { walk_in, ..Typed::default() }).await
        }
    }
}

/// Calls whoever is next.
pub(crate) async fn next(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(office): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    let key = fields.key(site.store())?;
    let form: CallForm = fields.form()?;
    let counter = match form.parse() {
        Ok(counter) => counter,
        Err(errors) => {
            let call = sent_back(form, errors);
            return page(&site, &staff, &office, Typed { call, ..Typed::default() }).await;
        }
    };
    let doer = Doer { id: staff.staff_id(), actor: &actor };
    match site.store().call_next_marriage_couple((&office, counter), doer, &key, site.clock().now()).await {
        Ok(number) => {
            let number = number.unwrap_or_default();
            Ok(see_other(&format!("/staff/marriage/{office}/door?called={number}&counter={counter}"), None))
        }
        Err(StoreError::Conflict) => {
            let call = Sent::fresh(form);
            page(&site, &staff, &office, Typed { call, conflict: true, ..Typed::default() }).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Calls a couple once more, puts it back into the line, or lets it go.
pub(crate) async fn act(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((office, visit)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    let key = fields.key(site.store())?;
    let act = DoorAct::parse(fields.get("act")).ok_or(AppError::BadRequest)?;
    let doer = Doer { id: staff.staff_id(), actor: &actor };
    match site.store().act_on_marriage_visit((&office, &visit, act), doer, &key, site.clock().now()).await {
        Ok(()) => Ok(see_other(&format!("/staff/marriage/{office}/door"), None)),
        Err(StoreError::Conflict) => {
            page(&site, &staff, &office, Typed { conflict: true, ..Typed::default() }).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Writes down on which day a divorce application was accepted.
pub(crate) async fn accepted(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((office, booking)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    let key = fields.key(site.store())?;
    let form: AcceptedForm = fields.form()?;
    let day = match form.parse(site.clock().today()) {
        Ok(day) => day,
        Err(errors) => {
            let typed = TypedThere { receipt: sent_back(form, errors), ..TypedThere::default() };
            return couple_page(&site, &staff, (&office, &booking), typed).await;
        }
    };
    let doer = Doer { id: staff.staff_id(), actor: &actor };
    let now = site.clock().now();
    site.store().record_divorce_acceptance((&office, &booking, day), doer, &key, now).await?;
    Ok(see_other(&format!("/staff/marriage/{office}/door/{booking}"), None))
}

/// Writes a note on a booking.
pub(crate) async fn note(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((office, booking)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    let key = fields.key(site.store())?;
    site.store().office_marriage_booking(&office, &booking).await?;
    let form: NoteForm = fields.form()?;
    let (words, shown) = match form.parse() {
        Ok(note) => note,
        Err(errors) => {
            let typed = TypedThere { note: sent_back(form, errors), ..TypedThere::default() };
            return couple_page(&site, &staff, (&office, &booking), typed).await;
        }
    };
    let doer = Doer { id: staff.staff_id(), actor: &actor };
    site.store().note_on_marriage_booking(&booking, (&words, shown), doer, &key, site.clock().now()).await?;
    Ok(see_other(&format!("/staff/marriage/{office}/door/{booking}"), None))
}
