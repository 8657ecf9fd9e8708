//! Group events (集体活动): one place and time, many volunteers, one code. Places are promised, taken at the door, and counted by a
//! coordinator in one act.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::kinds::{ServiceKind, service_kind};
use super::service::{REVIEW_ABOVE, begins_at};
use crate::domain::area::{Community, Street};
use crate::domain::document::parse_date;
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::marriage::minutes_of_day;
use crate::domain::normalise;
use crate::domain::time::Instant;
use crate::domain::written;
use crate::slugs;

/// The most volunteers that one event takes.
pub const PLACES_MAX: i64 = 500;

/// From so long before an event begins one can sign in at the door, and so long after its end still sign out.
pub const DOOR_MS: i64 = 60 * 60_000;

/// So many minutes a code of the screen still counts after it has gone: people type slowly.
const CODE_STAYS: i64 = 2;

/// How an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventState {
    /// It is to come, goes on, or waits for the coordinator.
    Posted,
    /// The list was confirmed: everybody has their minutes.
    Confirmed,
    /// It does not take place.
    Cancelled,
}

slugs!(EventState { Posted = "posted", Confirmed = "confirmed", Cancelled = "cancelled" });

/// How a volunteer's place at an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceState {
    /// They said that they come.
    Signed,
    /// They came.
    Here,
    /// They came and have gone.
    Left,
    /// They did not come. Nothing follows from it.
    Missed,
    /// They said in time that they don't come.
    GivenUp,
    /// Their minutes are in the ledger.
    Counted,
}

slugs!(PlaceState {
    Signed = "signed",
    Here = "here",
    Left = "left",
    Missed = "missed",
    GivenUp = "given_up",
    Counted = "counted",
});

/// An event, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventForm {
    /// What it is called.
    pub title: String,
    /// Slug of a [`ServiceKind`].
    pub kind: String,
    /// Street code.
    pub street: String,
    /// Community code.
    pub community: String,
    /// Where exactly.
    pub detail: String,
    /// 2026-12-01
    pub day: String,
    /// 9:00
    pub starts: String,
    /// 11:00
    pub ends: String,
    /// How many volunteers.
    pub places: String,
    /// What one should know.
    pub note: String,
}

/// An event, checked. All of it is public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// What it is called.
    pub title: String,
    /// What kind of service.
    pub kind: &'static ServiceKind,
    /// The community.
    pub community: &'static Community,
    /// Where exactly.
    pub detail: String,
    /// When it begins and ends.
    pub span: (Instant, Instant),
    /// How many volunteers.
    pub places: i64,
    /// What one should know.
    pub note: String,
}

impl NewEvent {
    /// Checks the form at the instant `now`.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &EventForm, now: Instant) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let title = errors.keep("title", written::line(&form.title, Prompt::EventTitle, 2, 40));
        let kind = match form.kind.as_str() {
            "" => Err(FieldError::from(Prompt::TimeKind)),
            kind => service_kind(kind).ok_or(FieldError::NotOffered),
        };
        let kind = errors.keep("kind", kind);
        let street = errors.keep("street", Street::parse(&form.street));
        let community = street
            .and_then(|street| errors.keep("community", Community::parse(&form.community, street.code)));
        let detail = errors.keep("detail", written::line(&form.detail, Prompt::EventWhere, 2, 100));
        let day = errors.keep("day", event_day(&form.day, now));
        let starts = match minutes_of_day(&form.starts) {
            Ok(starts) if day.is_some_and(|day| begins_at(day, starts) <= now) => Err(Rule::DayOver),
            parsed => parsed,
        };
        let starts = errors.keep("starts", starts);
        let ends = match (minutes_of_day(&form.ends), starts) {
            (Ok(ends), Some(starts)) if ends <= starts => Err(Rule::TimeNotLater),
            (Ok(ends), Some(starts)) if i64::from(ends - starts) > REVIEW_ABOVE => Err(Rule::EventTooLong),
            (parsed, _) => parsed,
        };
        let ends = errors.keep("ends", ends);
        let places = errors.keep("places", event_places(&form.places));
        let note = match normalise::multi_line(&form.note).as_str() {
            "" => Ok(String::new()),
            note => written::paragraph(note, Prompt::CaseNote, 1, 300),
        };
        let note = errors.keep("note", note);
        match (title, kind, community, detail, day, starts, ends, places, note) {
            (
                Some(title),
                Some(kind),
                Some(community),
                Some(detail),
                Some(day),
                Some(starts),
                Some(ends),
                Some(places),
                Some(note),
            ) => {
                let span = (begins_at(day, starts), begins_at(day, ends));
                Ok(Self { title, kind, community, detail, span, places, note })
            }
            _ => Err(errors),
        }
    }
}

fn event_day(text: &str, now: Instant) -> Result<Date, FieldError> {
    match normalise::single_line(text).as_str() {
        "" => Err(Prompt::TimeDay.into()),
        day => match parse_date(day) {
            Ok(day) if day < now.shanghai_date() => Err(Rule::DayOver.into()),
            parsed => parsed.map_err(Into::into),
        },
    }
}

fn event_places(text: &str) -> Result<i64, FieldError> {
    match normalise::digits(text).as_str() {
        "" => Err(Prompt::EventPlaces.into()),
        text => text
            .parse()
            .ok()
            .filter(|places| (1..=PLACES_MAX).contains(places))
            .ok_or_else(|| Rule::NotEventPlaces.into()),
    }
}

/// What is authenticated for the code on an event's screen, for the minute in which `at` lies.
pub fn event_text(event: &str, at: Instant) -> String {
    format!("timebank-event 1\n{event}\n{}", at.0.div_euclid(60_000))
}

/// The six digits of what was authenticated.
pub fn event_digits(mac: &[u8; 32]) -> String {
    let [a, b, c, d, ..] = *mac;
    format!("{:06}", u32::from_be_bytes([a, b, c, d]) % 1_000_000)
}

/// The minutes whose codes count at `now`, the newest first.
pub fn event_minutes(now: Instant) -> impl Iterator<Item = Instant> {
    (0..=CODE_STAYS).map(move |back| Instant(now.0 - back * 60_000))
}

/// Whether the door of an event is open: for coming in, or for going.
pub fn door_is_open(span: (Instant, Instant), now: Instant) -> bool {
    (span.0.0 - DOOR_MS..=span.1.0 + DOOR_MS).contains(&now.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-23 14:05 in Shanghai.
    const NOW: Instant = Instant(1_795_413_900_000);

    fn form() -> EventForm {
        EventForm {
            title: "社区大扫除".into(),
            kind: "cleaning".into(),
            street: "320214050".into(),
            community: "320214050001".into(),
            detail: "活动室门口集合".into(),
            day: "2026-11-24".into(),
            starts: "9:00".into(),
            ends: "11:00".into(),
            places: "２0".into(),
            note: String::new(),
        }
    }

    #[test]
    fn an_event_is_read_and_all_that_is_missing_is_told_at_once() {
        let event = NewEvent::parse(&form(), NOW).unwrap();
        assert_eq!((event.places, event.span.1.0 - event.span.0.0), (20, 2 * DOOR_MS));
        let errors = NewEvent::parse(&EventForm::default(), NOW).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.clone().into_owned()).collect();
        assert_eq!(fields, ["title", "kind", "street", "detail", "day", "starts", "ends", "places"]);
        for (field, wrong, error) in [
            ("ends", EventForm { ends: "9:00".into(), ..form() }, Rule::TimeNotLater),
            ("ends", EventForm { starts: "6:00".into(), ends: "18:01".into(), ..form() }, Rule::EventTooLong),
            ("places", EventForm { places: "0".into(), ..form() }, Rule::NotEventPlaces),
            ("places", EventForm { places: "501".into(), ..form() }, Rule::NotEventPlaces),
            ("starts", EventForm { day: "2026-11-23".into(), ..form() }, Rule::DayOver),
        ] {
            let errors = NewEvent::parse(&wrong, NOW).unwrap_err();
            assert_eq!(errors.of(field), Some(&error.into()), "{field}");
        }
    }

    #[test]
    fn a_code_is_one_minutes_and_stays_for_two_more() {
        assert_eq!(event_digits(&[0; 32]), "000000");
        assert_eq!(event_minutes(NOW).count(), 3);
        assert_ne!(event_text("e", NOW), event_text("e", Instant(NOW.0 + 60_000)));
        let span = (NOW, Instant(NOW.0 + DOOR_MS));
        assert!(
            door_is_open(span, Instant(NOW.0 - DOOR_MS)) && door_is_open(span, Instant(NOW.0 + 2 * DOOR_MS))
        );
        assert!(!door_is_open(span, Instant(NOW.0 - DOOR_MS - 1)));
    }
}
