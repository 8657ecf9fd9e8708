//! The door of an event: volunteers come and go with the code of its screen, or staff tick them.

use app::domain::audit::AuditAct;
use app::domain::time::Instant;
use app::domain::timebank::{EventState, PlaceState, door_is_open, event_digits, event_minutes, event_text};
use sqlx::{Any, Transaction};
use subtle::ConstantTimeEq as _;

use super::doing::{Doing, NeedRefusal, note};
use super::events::{Event, event_inside, places_inside, take_volunteer};
use super::needs::place;
use super::signing::{mac_of, really_overlaps};
use crate::store::Store;

/// What staff enter about a volunteer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tick {
    /// They are here now.
    Here,
    /// They go now.
    Left,
    /// They did not come.
    Missed,
    /// They were here from then to then.
    Times(Instant, Instant),
}

impl Store {
    /// A volunteer comes or goes, with the code of the event's screen.
    ///
    /// # Errors
    /// See [`NeedRefusal`].
    pub(crate) async fn pass_event_door(
        &self,
        id: &str,
        (resident, code): (&str, &str),
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_event_door", doing.now).await?.is_some() {
            return Ok(());
        }
        take_volunteer(&mut tx, resident).await?;
        let event = event_inside(&mut tx, id).await?;
        if event.state != EventState::Posted || !door_is_open(event.span, doing.now) {
            return Err(NeedRefusal::Gone);
        }
        let sealed: Vec<u8> = sqlx::query_scalar("select code_key from time_events where id = $1")
            .bind(id)
            .fetch_one(&mut *tx)
            .await?;
        let key = self.sealer.open(place("time_events.code_key", id), &sealed)?;
        let fits = event_minutes(doing.now).any(|minute| {
            let shown = event_digits(&mac_of(&key, &event_text(id, minute)));
            bool::from(shown.as_bytes().ct_eq(code.as_bytes()))
        });
        if !fits {
            return Err(NeedRefusal::Code);
        }
        let held = places_inside(&mut tx, id).await?.into_iter().find(|held| held.resident == resident);
        let tick = match held.map(|held| held.state) {
            Some(PlaceState::Signed) => Tick::Here,
            Some(PlaceState::Here) => Tick::Left,
            _ => return Err(NeedRefusal::Gone),
        };
        self.tick_inside(&mut tx, &event, (resident, tick, "code"), doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }

    /// Staff enter that somebody came, went, or did not come; no telephone and no network of the volunteer's is needed.
    ///
    /// # Errors
    /// See [`NeedRefusal`].
    pub(crate) async fn tick_event(
        &self,
        id: &str,
        (resident, tick): (&str, Tick),
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_event_tick", doing.now).await?.is_some() {
            return Ok(());
        }
        take_volunteer(&mut tx, resident).await?;
        let event = event_inside(&mut tx, id).await?;
        self.tick_inside(&mut tx, &event, (resident, tick, "staff"), doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }

    async fn tick_inside(
        &self,
        tx: &mut Transaction<'static, Any>,
        event: &Event,
        (resident, tick, proof): (&str, Tick, &'static str),
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let (id, now) = (event.id.as_str(), doing.now);
        if event.state != EventState::Posted {
            return Err(NeedRefusal::Gone);
        }
        // 志愿服务条例 17: the insurance comes first, whoever ticks. What was done is entered with its times.
        if tick == Tick::Here
            && event.kind.insurance
            && !self.is_insured(tx, resident, now.shanghai_date()).await?
        {
            return Err(NeedRefusal::NotInsured);
        }
        let came: Option<i64> = sqlx::query_scalar(
            "select in_at from time_event_places where event = $1 and resident = $2 and state = 'here'",
        )
        .bind(id)
        .bind(resident)
        .fetch_optional(&mut **tx)
        .await?
        .flatten();
        let span = match tick {
            Tick::Missed => None,
            Tick::Here if !door_is_open(event.span, now) => return Err(NeedRefusal::Gone),
            Tick::Here => Some((now, Instant(now.0 + 1))),
            Tick::Left => match came {
                Some(came) if now.0 - came >= 60_000 => Some((Instant(came), now)),
                Some(_) => return Err(NeedRefusal::TooShort),
                None => return Err(NeedRefusal::Gone),
            },
            Tick::Times(came, went) if went.0 - came.0 < 60_000 || went > now => {
                return Err(NeedRefusal::TooShort);
            }
            Tick::Times(came, went) => Some((came, went)),
        };
        if let Some(span) = span
            && really_overlaps(tx, resident, id, span).await?
        {
            return Err(NeedRefusal::Overlap);
        }
        let statement = match tick {
            Tick::Here => sqlx::query(
                "update time_event_places set state = 'here', in_at = $3, out_at = null, proof = $5, changed_at = $6 \
                 where event = $1 and resident = $2 and state in ('signed', 'missed') and $4 >= $3",
            ),
            Tick::Left => sqlx::query(
                "update time_event_places set state = 'left', out_at = $4, proof = $5, changed_at = $6 \
                 where event = $1 and resident = $2 and state = 'here' and in_at = $3",
            ),
            Tick::Times(..) => sqlx::query(
                "update time_event_places set state = 'left', in_at = $3, out_at = $4, proof = $5, changed_at = $6 \
                 where event = $1 and resident = $2 and state in ('signed', 'here', 'left', 'missed')",
            ),
            Tick::Missed => sqlx::query(
                "update time_event_places set state = 'missed', in_at = null, out_at = null, proof = $5, changed_at = $6 \
                 where event = $1 and resident = $2 and state in ('signed', 'here', 'left') and $3 <= $4",
            ),
        };
        let (from, to) = span.map_or((0, 0), |(from, to)| (from.0, to.0));
        let done = statement
            .bind(id)
            .bind(resident)
            .bind(from)
            .bind(to)
            .bind(proof)
            .bind(now.0)
            .execute(&mut **tx)
            .await?;
        if done.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        note(tx, AuditAct::TimeEventTicked, (&event.area, id), Some(resident), doing).await?;
        Ok(())
    }
}
