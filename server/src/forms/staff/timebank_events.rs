//! `/staff/timebank/events…`: a group event is posted, its list kept at the door and confirmed, or it is called off.

use std::collections::BTreeMap;

use app::domain::audit::{AuditAct, Purpose};
use app::domain::form::{FormErrors, Prompt, Rule};
use app::domain::marriage::minutes_of_day;
use app::domain::name::PersonName;
use app::domain::staff::Role;
use app::domain::timebank::{EventForm, NewEvent, begins_at};
use app::pages::Sent;
use app::pages::staff::timebank::CARERS;
use app::pages::staff::timebank_events::{self as pages, EventLine, Person, ShownEvent, TickForm};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;

use super::timebank::{minor_words, owner_of};
use crate::error::AppError;
use crate::forms::timebank::{refusal, rules, words};
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::staff::session::chain;
use crate::store::audit::{Actor, AuditEntry};
use crate::store::timebank::{Doing, Event, ListOutcome, NeedRefusal, Tick};

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// So often the screen at the door asks for its code anew.
const SCREEN_SECONDS: HeaderValue = HeaderValue::from_static("20");

/// The events of one's posts.
pub(crate) async fn list(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    let places: Vec<String> =
        staff.require_role(CARERS).await?.into_iter().map(|post| post.place().to_owned()).collect();
    let now = site.clock().now();
    let mut lines: Vec<EventLine> = Vec::new();
    for place in &places {
        for event in site.store().events_at(place).await? {
            // Two posts may cover one place.
            if lines.iter().any(|line| line.id == event.id) {
                continue;
            }
            lines.push(EventLine {
                id: event.id,
                title: event.title,
                area: event.area,
                starts_at: event.span.0,
                places: (event.taken, event.places),
                over: event.span.1 <= now,
            });
        }
    }
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::events(&me, &lines)))
}

/// The form for a new event.
pub(crate) async fn form(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    staff.require_role(CARERS).await?;
    let (me, sent, key) = (staff.me(), Sent::fresh(EventForm::default()), new_key()?);
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::new_event(&me, &sent, &key)))
}

/// Posts an event.
pub(crate) async fn add(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    staff.require_role(CARERS).await?;
    let key = fields.key(site.store())?;
    let form: EventForm = fields.form()?;
    let now = site.clock().now();
    let errors = match NewEvent::parse(&form, now) {
        Ok(event) => match staff.post_for(CARERS, event.community.code) {
            Some(post) => {
                let (owner, actor) = (owner_of(&staff), staff.actor(post));
                let doing = Doing { actor: &actor, owner: &owner, key: &key, now };
                let id = site.store().post_event(&event, &doing).await?;
                return Ok(see_other(&format!("/staff/timebank/events/{id}"), None));
            }
            None => {
                let mut errors = FormErrors::default();
                errors.add("community", Rule::PlaceDoesNotFit);
                errors
            }
        },
        Err(errors) => errors,
    };
    let (me, sent, key) = (staff.me(), sent_back(form, errors), new_key()?);
    Ok(site.page(&staff.visitor, UNPROCESSABLE, || pages::new_event(&me, &sent, &key)))
}

/// The event, and who may do something to it.
async fn found(site: &Site, staff: &StaffVisitor, id: &str) -> Result<(Event, Actor), AppError> {
    staff.require_role(CARERS).await?;
    let event = site.store().event(id).await?;
    let post = staff.require(CARERS, &event.area).await?;
    let actor = staff.actor(post);
    Ok((event, actor))
}

/// A volunteer's name, where the account is still there.
async fn name_of(site: &Site, resident: &str) -> String {
    let profile = site.store().account(resident).await.map(|kept| kept.profile).unwrap_or_default();
    let name = profile.identity.and_then(|form| PersonName::parse(&form.name).ok());
    name.map_or_else(|| "（账号已经注销）".to_owned(), |name| name.original().to_owned())
}

fn shown_of(staff: &StaffVisitor, event: Event, people: Vec<Person>, over: bool) -> ShownEvent {
    ShownEvent {
        coordinator: staff.post_for(&[Role::TimeBankCoordinator], &event.area).is_some(),
        id: event.id,
        title: event.title,
        kind: event.kind.name.clone(),
        area: event.area,
        detail: event.detail,
        span: event.span,
        places: event.places,
        state: event.state,
        people,
        over,
    }
}

/// The page. It names who comes: each showing is noted.
async fn page(
    site: &Site,
    staff: &StaffVisitor,
    (event, actor): (Event, &Actor),
    sent: &Sent<TickForm>,
    words: &str,
) -> Result<Response, AppError> {
    let entry = AuditEntry {
        area: chain(&event.area),
        actor,
        on_behalf_of: None,
        act: AuditAct::DetailsRead,
        object_kind: "time_events",
        object: &event.id,
        subject: None,
        purpose: Purpose::Handling,
    };
    let now = site.clock().now();
    site.store().note_alone(&entry, now).await?;
    let mut people = Vec::new();
    for held in site.store().event_list(&event.id).await? {
        let minor = site.store().minor_at(&held.resident, event.kind, now).await?;
        people.push(Person {
            minor: minor_words(minor),
            name: name_of(site, &held.resident).await,
            id: held.resident,
            state: held.state,
            times: held.times,
            by_staff: held.by_staff,
        });
    }
    let over = event.span.1 <= now;
    let shown = shown_of(staff, event, people, over);
    let status = if sent.errors.is_empty() && words.is_empty() { StatusCode::OK } else { UNPROCESSABLE };
    let (me, key) = (staff.me(), new_key()?);
    Ok(site.page(&staff.visitor, status, || pages::event(&me, &shown, sent, words, &key)))
}

/// One event.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (event, actor) = found(&site, &staff, &id).await?;
    page(&site, &staff, (event, &actor), &Sent::fresh(TickForm::default()), "").await
}

/// The screen at the door.
pub(crate) async fn screen(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let (event, _) = found(&site, &staff, &id).await?;
    let code = site.store().event_code(&id, site.clock().now()).await?;
    let still = query.get("still").is_some_and(|still| still == "1");
    let (me, shown) = (staff.me(), shown_of(&staff, event, Vec::new(), false));
    let mut answer = site.page(&staff.visitor, StatusCode::OK, || pages::screen(&me, &shown, &code, still));
    // No script runs on a screen that nobody touches.
    if !still {
        answer.headers_mut().insert(HeaderName::from_static("refresh"), SCREEN_SECONDS);
    }
    Ok(answer)
}

/// The times that were typed for somebody.
fn times(form: &TickForm, event: &Event, errors: &mut FormErrors) -> Option<Tick> {
    if form.person.is_empty() {
        errors.add("person", Prompt::EventPerson);
    }
    let came = errors.keep("came", minutes_of_day(&form.came));
    let went = match (came, minutes_of_day(&form.went)) {
        (Some(came), Ok(went)) if went <= came => Err(Rule::TimeNotLater),
        (_, parsed) => parsed,
    };
    let went = errors.keep("went", went);
    let day = event.span.0.shanghai_date();
    match (came, went) {
        (Some(came), Some(went)) if errors.is_empty() => {
            Some(Tick::Times(begins_at(day, came), begins_at(day, went)))
        }
        _ => None,
    }
}

/// Why a list could not be confirmed, with the names of those whom it is about.
async fn unready(site: &Site, outcome: &ListOutcome) -> String {
    let (people, why) = match outcome {
        ListOutcome::Counted => return String::new(),
        ListOutcome::Open(people) => (people, "还没有记好：来了的记时间，没来的按「没有来」"),
        ListOutcome::Overlapping(people) => (people, "这个时间已经有一次服务了，请先核对"),
    };
    let mut names = Vec::new();
    for resident in people {
        names.push(name_of(site, resident).await);
    }
    format!("{}，{why}", names.join("、"))
}

/// One of the acts on an event.
pub(crate) async fn act(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (event, actor) = found(&site, &staff, &id).await?;
    let key = fields.key(site.store())?;
    let owner = owner_of(&staff);
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    let form = TickForm {
        person: fields.get("person").to_owned(),
        came: fields.get("came").to_owned(),
        went: fields.get("went").to_owned(),
    };
    let (store, mut errors) = (site.store(), FormErrors::default());
    let mut said = String::new();
    let done = match fields.get("act") {
        "here" => store.tick_event(&id, (&form.person, Tick::Here), &doing).await,
        "left" => store.tick_event(&id, (&form.person, Tick::Left), &doing).await,
        "missed" => store.tick_event(&id, (&form.person, Tick::Missed), &doing).await,
        "times" => match times(&form, &event, &mut errors) {
            Some(tick) => store.tick_event(&id, (&form.person, tick), &doing).await,
            None => Ok(()),
        },
        // Whoever ticks a list and whoever confirms it may be two; the coordinator answers for it.
        "confirm" if staff.post_for(&[Role::TimeBankCoordinator], &event.area).is_none() => {
            return Err(AppError::Forbidden);
        }
        "confirm" if fields.get("checked") != "yes" => {
            errors.add("checked", Prompt::EventChecked);
            Ok(())
        }
        "confirm" => match store.confirm_event(&id, rules(&site)?, &doing).await {
            Ok(outcome) => {
                said = unready(&site, &outcome).await;
                Ok(())
            }
            Err(refused) => Err(refused),
        },
        "cancel" => {
            let cancelled = store.cancel_event(&id, &doing).await;
            site.messages_waiting().notify_one();
            cancelled
        }
        _ => return Err(AppError::BadRequest),
    };
    match done {
        Ok(()) if errors.is_empty() && said.is_empty() => {
            return Ok(see_other(&format!("/staff/timebank/events/{id}"), None));
        }
        Ok(()) => {}
        Err(
            refused @ (NeedRefusal::Gone
            | NeedRefusal::Overlap
            | NeedRefusal::TooShort
            | NeedRefusal::NotInsured),
        ) => words(&refused).clone_into(&mut said),
        Err(other) => return Err(refusal(other)),
    }
    let (event, actor) = found(&site, &staff, &id).await?;
    page(&site, &staff, (event, &actor), &sent_back(form, errors), &said).await
}
