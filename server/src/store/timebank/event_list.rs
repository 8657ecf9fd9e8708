//! The end of an event: its list is confirmed for all in one act, or it is called off; and what is forgotten later.

use app::domain::audit::AuditAct;
use app::domain::calendar::Calendar;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::domain::timebank::{BankRules, EventState, Minutes, PlaceState, Served, entered_late};
use sqlx::{Any, Transaction};

use super::doing::{Doing, NeedRefusal, note};
use super::events::{Event, event_inside, give_place_back, places_inside, take_volunteer};
use super::needs::place;
use super::signing::really_overlaps;
use crate::seal::new_id;
use crate::store::{Store, StoreError};

/// What became of confirming a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ListOutcome {
    /// Everybody has their minutes.
    Counted,
    /// These have no time yet, and nobody said that they didn't come.
    Open(Vec<String>),
    /// These gave another service at that time.
    Overlapping(Vec<String>),
}

impl Store {
    /// The coordinator confirms the list: everybody who came gets their minutes, in one act and once.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] where it is not over, or was confirmed or called off before.
    pub(crate) async fn confirm_event(
        &self,
        id: &str,
        rules: &BankRules,
        doing: &Doing<'_>,
    ) -> Result<ListOutcome, NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_event_confirm", doing.now).await?.is_some() {
            return Ok(ListOutcome::Counted);
        }
        // In one order, so that two lists with the same people never wait for each other in a circle.
        for held in places_inside(&mut tx, id).await? {
            take_volunteer(&mut tx, &held.resident).await?;
        }
        let event = event_inside(&mut tx, id).await?;
        if event.state != EventState::Posted || event.span.1 > doing.now {
            return Err(NeedRefusal::Gone);
        }
        let list = places_inside(&mut tx, id).await?;
        let open: Vec<_> = list
            .iter()
            .filter(|held| matches!(held.state, PlaceState::Signed | PlaceState::Here))
            .map(|held| held.resident.clone())
            .collect();
        if !open.is_empty() {
            return Ok(ListOutcome::Open(open));
        }
        let mut overlapping = Vec::new();
        for held in list.iter().filter(|held| held.state == PlaceState::Left) {
            if let (Some(came), Some(went)) = held.times
                && really_overlaps(&mut tx, &held.resident, id, (came, went)).await?
            {
                overlapping.push(held.resident.clone());
            }
        }
        if !overlapping.is_empty() {
            return Ok(ListOutcome::Overlapping(overlapping));
        }
        let done = sqlx::query(
            "update time_events set state = 'confirmed', settled_by = $2, changed_at = $3 \
             where id = $1 and state = 'posted'",
        )
        .bind(id)
        .bind(&doing.owner.0)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        for held in list.iter().filter(|held| held.state == PlaceState::Left) {
            if let (Some(came), Some(went)) = held.times {
                self.count_place(&mut tx, &event, (&held.resident, came, went), rules, doing).await?;
            }
        }
        note(&mut tx, AuditAct::TimeEventConfirmed, (&event.area, id), None, doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        tx.commit().await?;
        Ok(ListOutcome::Counted)
    }

    /// What one volunteer gave becomes a service as any other, and earns.
    async fn count_place(
        &self,
        tx: &mut Transaction<'static, Any>,
        event: &Event,
        (resident, came, went): (&str, Instant, Instant),
        rules: &BankRules,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let Some(true_minutes) = Minutes::new((went.0 - came.0) / 60_000) else {
            return Err(NeedRefusal::TooShort);
        };
        let id = new_id(doing.now)?;
        let late = entered_late(went.shanghai_date(), doing.now.shanghai_date(), Calendar::embedded());
        // Nobody in particular was served, so there is nobody to forget later.
        sqlx::query(
            "insert into time_needs (id, area, kind, day, starts_at, ends_at, language, state, served, posted_by, helper, \
             began_at, over_at, proof, confirmed_at, confirmed_by, late, created_at, changed_at, forgotten, event) \
             values ($1, $2, $3, $4, $5, $6, 'both', 'confirmed', $7, $8, $9, $10, $11, 'staff', $12, $8, $13, $12, $12, \
             1, $14)",
        )
        .bind(&id)
        .bind(&event.area)
        .bind(&event.kind.slug)
        .bind(event.span.0.shanghai_date().to_string())
        .bind(event.span.0.0)
        .bind(event.span.1.0)
        .bind(self.sealer.seal_json(place("time_needs.served", &id), &Served::default())?)
        .bind(&doing.owner.0)
        .bind(resident)
        .bind(came.0)
        .bind(went.0)
        .bind(doing.now.0)
        .bind(late.map(i64::from))
        .bind(&event.id)
        .execute(&mut **tx)
        .await?;
        sqlx::query(
            "update time_event_places set state = 'counted', changed_at = $3 where event = $1 and resident = $2",
        )
        .bind(&event.id)
        .bind(resident)
        .bind(doing.now.0)
        .execute(&mut **tx)
        .await?;
        let need = self.need_inside(tx, &id).await?;
        self.credit(tx, (&need, &id), (resident, true_minutes), rules, doing.now).await?;
        note(tx, AuditAct::TimeServiceConfirmed, (&event.area, &id), Some(resident), doing).await?;
        Ok(())
    }

    /// Calls an event off that nobody has come to yet; all who said that they come are told.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] where somebody came, or it was confirmed or called off before.
    pub(crate) async fn cancel_event(&self, id: &str, doing: &Doing<'_>) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_event_cancel", doing.now).await?.is_some() {
            return Ok(());
        }
        let event = event_inside(&mut tx, id).await?;
        let list = places_inside(&mut tx, id).await?;
        if list.iter().any(|held| matches!(held.state, PlaceState::Here | PlaceState::Left)) {
            return Err(NeedRefusal::Gone);
        }
        let done = sqlx::query(
            "update time_events set state = 'cancelled', settled_by = $2, changed_at = $3 \
             where id = $1 and state = 'posted'",
        )
        .bind(id)
        .bind(&doing.owner.0)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        let link = format!("/timebank/events/{id}");
        for held in list.iter().filter(|held| held.state == PlaceState::Signed) {
            let notice = Notice::TimeNeedCancelled { when: event.span.0.shanghai_text() };
            self.tell(&mut tx, &held.resident, &notice, Some(&link), doing.now).await?;
        }
        note(&mut tx, AuditAct::TimeEventCancelled, (&event.area, id), None, doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }

    /// What an account that closes leaves: places to come are others', and nobody is on a list any more.
    pub(super) async fn forget_event_places(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let held: Vec<String> = sqlx::query_scalar(
            "select event from time_event_places where resident = $1 and state = 'signed' order by event",
        )
        .bind(resident)
        .fetch_all(&mut **tx)
        .await?;
        for event in &held {
            give_place_back(tx, event, resident, now).await?;
        }
        sqlx::query("delete from time_event_places where resident = $1")
            .bind(resident)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    /// Deletes events that were settled before `before`; what was given at them stays as services.
    pub(super) async fn retire_events(
        &self,
        tx: &mut Transaction<'static, Any>,
        before: Instant,
        count: i64,
    ) -> Result<u64, StoreError> {
        let over: Vec<String> = sqlx::query_scalar(
            "select id from time_events where state <> 'posted' and changed_at < $1 order by changed_at limit $2",
        )
        .bind(before.0)
        .bind(count)
        .fetch_all(&mut **tx)
        .await?;
        for id in &over {
            sqlx::query("delete from time_event_places where event = $1").bind(id).execute(&mut **tx).await?;
            sqlx::query("delete from time_events where id = $1").bind(id).execute(&mut **tx).await?;
        }
        Ok(over.len() as u64)
    }
}
