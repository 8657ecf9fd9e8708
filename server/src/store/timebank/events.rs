//! Group events: posted, joined, and given up in time.

use app::domain::audit::AuditAct;
use app::domain::time::Instant;
use app::domain::timebank::{
    EventState, NewEvent, PlaceState, ServiceKind, event_digits, event_text, service_kind,
};
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::doing::{Doing, NeedRefusal, note};
use super::needs::place;
use super::proof::overlaps;
use super::signing::mac_of;
use crate::seal::{new_id, random};
use crate::store::{Store, StoreError};

/// An event as its row has it.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// Its id.
    pub(crate) id: String,
    /// The community's code.
    pub(crate) area: String,
    /// What kind of service.
    pub(crate) kind: &'static ServiceKind,
    /// What it is called.
    pub(crate) title: String,
    /// Where exactly.
    pub(crate) detail: String,
    /// What one should know.
    pub(crate) about: String,
    /// When it begins and ends.
    pub(crate) span: (Instant, Instant),
    /// How many volunteers it takes.
    pub(crate) places: i64,
    /// How many places are promised.
    pub(crate) taken: i64,
    /// How it stands.
    pub(crate) state: EventState,
}

/// A volunteer's place at an event.
#[derive(Clone, Debug)]
pub(crate) struct EventPlace {
    /// Whose.
    pub(crate) resident: String,
    /// How it stands.
    pub(crate) state: PlaceState,
    /// When they came and went.
    pub(crate) times: (Option<Instant>, Option<Instant>),
    /// Staff entered it.
    pub(crate) by_staff: bool,
}

macro_rules! events {
    ($where:literal) => {
        concat!(
            "select e.id, e.area, e.kind, e.title, e.detail, e.about, e.starts_at, e.ends_at, e.places, e.taken, e.state \
             from time_events e ",
            $where
        )
    };
}

fn event_of(row: &AnyRow) -> Result<Event, StoreError> {
    let unknown = || StoreError::Other(anyhow::anyhow!("an event holds a word that is not known"));
    Ok(Event {
        id: row.try_get("id")?,
        area: row.try_get("area")?,
        kind: service_kind(row.try_get("kind")?).ok_or_else(unknown)?,
        title: row.try_get("title")?,
        detail: row.try_get("detail")?,
        about: row.try_get("about")?,
        span: (Instant(row.try_get("starts_at")?), Instant(row.try_get("ends_at")?)),
        places: row.try_get("places")?,
        taken: row.try_get("taken")?,
        state: EventState::parse(row.try_get("state")?).ok_or_else(unknown)?,
    })
}

fn place_of(row: &AnyRow) -> Result<EventPlace, StoreError> {
    let unknown = || StoreError::Other(anyhow::anyhow!("a place holds a word that is not known"));
    let at = |column: &str| Ok::<_, StoreError>(row.try_get::<Option<i64>, _>(column)?.map(Instant));
    Ok(EventPlace {
        resident: row.try_get("resident")?,
        state: PlaceState::parse(row.try_get("state")?).ok_or_else(unknown)?,
        times: (at("in_at")?, at("out_at")?),
        by_staff: row.try_get::<Option<&str>, _>("proof")? == Some("staff"),
    })
}

/// The volunteer's row is taken before anything of an event: two services of one time can't be taken at one moment.
pub(super) async fn take_volunteer(
    tx: &mut Transaction<'static, Any>,
    resident: &str,
) -> Result<bool, StoreError> {
    let taken = sqlx::query("update time_volunteers set changed_at = changed_at where resident = $1")
        .bind(resident)
        .execute(&mut **tx)
        .await?;
    Ok(taken.rows_affected() == 1)
}

pub(super) async fn event_inside(tx: &mut Transaction<'static, Any>, id: &str) -> Result<Event, StoreError> {
    // Who changes a list and who confirms it come one after the other.
    sqlx::query("update time_events set taken = taken where id = $1").bind(id).execute(&mut **tx).await?;
    let row = sqlx::query(events!("where e.id = $1")).bind(id).fetch_one(&mut **tx).await?;
    event_of(&row)
}

pub(super) async fn places_inside(
    tx: &mut Transaction<'static, Any>,
    id: &str,
) -> Result<Vec<EventPlace>, StoreError> {
    let rows = sqlx::query(
        "select resident, state, in_at, out_at, proof from time_event_places where event = $1 order by resident",
    )
    .bind(id)
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(place_of).collect()
}

impl Store {
    /// Posts an event; gives its id.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a key with another body.
    pub(crate) async fn post_event(&self, event: &NewEvent, doing: &Doing<'_>) -> Result<String, StoreError> {
        let mut tx = self.write().await?;
        if let Some(id) = Self::take_key(&mut tx, doing.key, doing.owner, "time_event", doing.now).await? {
            return Ok(id);
        }
        let (id, key): (String, [u8; 32]) = (new_id(doing.now)?, random()?);
        sqlx::query(
            "insert into time_events (id, area, kind, title, detail, about, starts_at, ends_at, places, state, code_key, \
             posted_by, created_at, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'posted', $10, $11, $12, $12)",
        )
        .bind(&id)
        .bind(event.community.code)
        .bind(&event.kind.slug)
        .bind(&event.title)
        .bind(&event.detail)
        .bind(&event.note)
        .bind(event.span.0.0)
        .bind(event.span.1.0)
        .bind(event.places)
        .bind(self.sealer.seal(place("time_events.code_key", &id), &key)?)
        .bind(&doing.owner.0)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        note(&mut tx, AuditAct::TimeEventPosted, (event.community.code, &id), None, doing).await?;
        Self::answer_key(&mut tx, doing.key, &id).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// An event.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn event(&self, id: &str) -> Result<Event, StoreError> {
        let row = sqlx::query(events!("where e.id = $1")).bind(id).fetch_one(&self.reader).await?;
        event_of(&row)
    }

    /// Events to come, by time; whether there is a place is the page's to say.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn events_to_come(&self, now: Instant) -> Result<Vec<Event>, StoreError> {
        let rows = sqlx::query(events!(
            "where e.state = 'posted' and e.starts_at > $1 order by e.starts_at, e.id limit 100"
        ))
        .bind(now.0)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(event_of).collect()
    }

    /// Events of a place that staff have to look after, by time.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn events_at(&self, place: &str) -> Result<Vec<Event>, StoreError> {
        let rows = sqlx::query(events!(
            "where e.area >= $1 and e.area < $2 and e.state = 'posted' order by e.starts_at, e.id limit 300"
        ))
        .bind(place)
        .bind(format!("{place}:"))
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(event_of).collect()
    }

    /// The events for which somebody has a place, the newest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn own_events(&self, resident: &str) -> Result<Vec<(Event, EventPlace)>, StoreError> {
        let rows = sqlx::query(
            "select e.id, e.area, e.kind, e.title, e.detail, e.about, e.starts_at, e.ends_at, e.places, e.taken, e.state, \
             p.resident, p.state as place_state, p.in_at, p.out_at, p.proof from time_event_places p \
             join time_events e on e.id = p.event where p.resident = $1 and p.state <> 'given_up' \
             order by e.starts_at desc, e.id limit 50",
        )
        .bind(resident)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let state = PlaceState::parse(row.try_get("place_state")?)
                    .ok_or_else(|| StoreError::Other(anyhow::anyhow!("a place holds no known word")))?;
                let at =
                    |column: &str| Ok::<_, StoreError>(row.try_get::<Option<i64>, _>(column)?.map(Instant));
                let own = EventPlace {
                    resident: row.try_get("resident")?,
                    state,
                    times: (at("in_at")?, at("out_at")?),
                    by_staff: false,
                };
                Ok((event_of(row)?, own))
            })
            .collect()
    }

    /// Somebody's place at an event, where they have or had one.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn event_place(
        &self,
        id: &str,
        resident: &str,
    ) -> Result<Option<EventPlace>, StoreError> {
        let row = sqlx::query(
            "select resident, state, in_at, out_at, proof from time_event_places where event = $1 and resident = $2",
        )
        .bind(id)
        .bind(resident)
        .fetch_optional(&self.reader)
        .await?;
        row.as_ref().map(place_of).transpose()
    }

    /// Everybody who has a place at an event.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn event_list(&self, id: &str) -> Result<Vec<EventPlace>, StoreError> {
        let rows = sqlx::query(
            "select resident, state, in_at, out_at, proof from time_event_places where event = $1 \
             and state <> 'given_up' order by changed_at, resident",
        )
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(place_of).collect()
    }

    /// The code that an event's screen shows now.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn event_code(&self, id: &str, now: Instant) -> Result<String, StoreError> {
        let sealed: Vec<u8> = sqlx::query_scalar("select code_key from time_events where id = $1")
            .bind(id)
            .fetch_one(&self.reader)
            .await?;
        let key = self.sealer.open(place("time_events.code_key", id), &sealed)?;
        Ok(event_digits(&mac_of(&key, &event_text(id, now))))
    }

    /// A volunteer takes a place.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] where there is none left, [`NeedRefusal::Overlap`] where they have something else to do.
    pub(crate) async fn join_event(
        &self,
        id: &str,
        resident: &str,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_event_join", doing.now).await?.is_some() {
            return Ok(());
        }
        if !take_volunteer(&mut tx, resident).await? {
            return Err(NeedRefusal::Gone);
        }
        let event = event_inside(&mut tx, id).await?;
        self.old_enough(&mut tx, resident, event.kind, doing.now).await?;
        if overlaps(&mut tx, resident, id, event.span).await? {
            return Err(NeedRefusal::Overlap);
        }
        let place = sqlx::query(
            "insert into time_event_places (event, resident, state, changed_at) values ($1, $2, 'signed', $3) \
             on conflict (event, resident) do update set state = 'signed', changed_at = excluded.changed_at \
             where time_event_places.state = 'given_up'",
        )
        .bind(id)
        .bind(resident)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        let taken = sqlx::query(
            "update time_events set taken = taken + 1, changed_at = $2 \
             where id = $1 and state = 'posted' and taken < places and starts_at > $2",
        )
        .bind(id)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if place.rows_affected() == 0 || taken.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        note(&mut tx, AuditAct::TimeEventJoined, (&event.area, id), Some(resident), doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }

    /// A volunteer who can't come says so before it begins (志愿服务条例 22); the place is another's.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] once it has begun.
    pub(crate) async fn leave_event(
        &self,
        id: &str,
        resident: &str,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_event_leave", doing.now).await?.is_some() {
            return Ok(());
        }
        take_volunteer(&mut tx, resident).await?;
        let event = event_inside(&mut tx, id).await?;
        if event.state != EventState::Posted || event.span.0 <= doing.now {
            return Err(NeedRefusal::Gone);
        }
        if !give_place_back(&mut tx, id, resident, doing.now).await? {
            return Err(NeedRefusal::Gone);
        }
        note(&mut tx, AuditAct::TimeEventLeft, (&event.area, id), Some(resident), doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }
}

/// A place that was promised is another's again; whether there was one.
pub(super) async fn give_place_back(
    tx: &mut Transaction<'static, Any>,
    event: &str,
    resident: &str,
    now: Instant,
) -> Result<bool, StoreError> {
    let back = sqlx::query(
        "update time_event_places set state = 'given_up', changed_at = $3 \
         where event = $1 and resident = $2 and state = 'signed'",
    )
    .bind(event)
    .bind(resident)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    if back.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query(
        "update time_events set taken = taken - 1, changed_at = $2 where id = $1 and state = 'posted'",
    )
    .bind(event)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(true)
}
