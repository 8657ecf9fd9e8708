//! `/timebank/events…`: group events, for volunteers.

use app::domain::form::{FormErrors, Prompt, Rule};
use app::domain::person::six_digits;
use app::domain::timebank::door_is_open;
use app::pages::Sent;
use app::pages::timebank::{self as pages, EventView};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::timebank::{own, place, words};
use super::{Fields, count_tries, forgive_tries, new_key, sent_back, try_limits};
use crate::error::AppError;
use crate::site::{Site, Visitor, see_other};
use crate::store::timebank::{Doing, Event, EventPlace, NeedRefusal};

fn view_of(site: &Site, event: Event, own: Option<&EventPlace>) -> EventView {
    let now = site.clock().now();
    EventView {
        place: place(&event.area),
        left: event.places - event.taken,
        own: own.map(|own| own.state),
        times: own.map_or((None, None), |own| own.times),
        begun: event.span.0 <= now,
        door: door_is_open(event.span, now),
        id: event.id,
        title: event.title,
        kind: event.kind,
        detail: event.detail,
        about: event.about,
        span: event.span,
        state: event.state,
    }
}

/// Events to come, and one's own.
pub(crate) async fn list(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let mine = match &visitor.session {
        Some(session) if visitor.acting().is_none() => site.store().own_events(session.resident()).await?,
        _ => Vec::new(),
    };
    let mine: Vec<_> = mine.into_iter().map(|(event, own)| view_of(&site, event, Some(&own))).collect();
    let to_come = site.store().events_to_come(site.clock().now()).await?;
    let to_come: Vec<_> = to_come
        .into_iter()
        .filter(|event| mine.iter().all(|own| own.id != event.id))
        .map(|event| view_of(&site, event, None))
        .collect();
    Ok(site.page(&visitor, StatusCode::OK, || pages::events(&to_come, &mine)))
}

async fn view(site: &Site, visitor: &Visitor, id: &str) -> Result<EventView, AppError> {
    let event = site.store().event(id).await?;
    let own = match &visitor.session {
        Some(session) if visitor.acting().is_none() => {
            site.store().event_place(id, session.resident()).await?
        }
        _ => None,
    };
    Ok(view_of(site, event, own.as_ref()))
}

/// One event.
pub(crate) async fn event(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (view, key) = (view(&site, &visitor, &id).await?, new_key()?);
    Ok(site.page(&visitor, StatusCode::OK, || pages::event(&view, &Sent::fresh(()), "", &key)))
}

/// A volunteer takes a place, gives it up, comes or goes.
pub(crate) async fn act(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let key = fields.key(site.store())?;
    let (owner, actor) = (session.owner(), visitor.actor());
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    let (store, resident) = (site.store(), session.resident());
    let mut errors = FormErrors::default();
    let done = match fields.get("act") {
        "join" => {
            if store.volunteer(resident).await?.is_none() {
                return Ok(see_other("/timebank/volunteer", None));
            }
            store.join_event(&id, resident, &doing).await
        }
        "leave" => store.leave_event(&id, resident, &doing).await,
        "door" => match six_digits(fields.get("code"), Prompt::EventCode) {
            Ok(code) => {
                let limits = try_limits(&site, &visitor, &format!("event {id} {resident}"));
                count_tries(&site, &limits).await?;
                let passed = store.pass_event_door(&id, (resident, &code), &doing).await;
                if passed.is_ok() {
                    forgive_tries(&site, &limits).await?;
                }
                passed
            }
            Err(error) => {
                errors.add("code", error);
                Ok(())
            }
        },
        _ => return Err(AppError::BadRequest),
    };
    let refused = match done {
        Ok(()) if errors.is_empty() => return Ok(see_other(&format!("/timebank/events/{id}"), None)),
        Ok(()) => "",
        Err(NeedRefusal::Code) => {
            errors.add("code", Rule::CodeDoesNotFit);
            ""
        }
        Err(NeedRefusal::Store(cause)) => return Err(cause.into()),
        Err(other) => words(&other),
    };
    let (view, key, sent) = (view(&site, &visitor, &id).await?, new_key()?, sent_back((), errors));
    Ok(site.page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, || pages::event(&view, &sent, refused, &key)))
}
