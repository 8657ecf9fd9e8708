//! Couples that did not come: entered by a clerk, objected to by the couple, settled by a clerk; and what an office's policy makes
//! of it.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::marriage::{Booking, Couple, DoorRules, NoShow, NoShowPolicy, NoShowState, Side};
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::visit::Owner;
use jiff::civil::Date;
use sqlx::Row as _;

use super::bookings::{bookings, entry};
use crate::seal::Place;
use crate::store::audit::{Actor, AuditEntry};
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, Store, StoreError};

fn at_counter<'a>(actor: &'a Actor, act: AuditAct, id: &'a str) -> AuditEntry<'a> {
    AuditEntry { purpose: Purpose::Counter, ..entry(actor, act, id) }
}

impl Store {
    /// What holds at the door of an office.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_door_rules(&self, office: &str) -> Result<DoorRules, StoreError> {
        let row = sqlx::query(
            "select walk_in, no_show from marriage_door_rules where office = $1 \
             order by entered_at desc, id desc limit 1",
        )
        .bind(office)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(DoorRules::default()) };
        Ok(DoorRules {
            walk_in: row.try_get::<i64, _>("walk_in")? == 1,
            // A policy that is not known any more binds nobody.
            no_show: NoShowPolicy::parse(row.try_get("no_show")?).unwrap_or_default(),
        })
    }

    /// Enters that a couple did not come, and tells both.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it is another office's, not firm, not over yet, where they came or it was entered before, or
    /// for the same key with another body.
    pub(crate) async fn mark_no_show(
        &self,
        (office, booking): (&str, &str),
        doer: Doer<'_>,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let owner = Owner(doer.id.to_owned());
        if Self::take_key(&mut tx, key, &owner, "marriage_no_show", now).await?.is_some() {
            return Ok(());
        }
        let done = sqlx::query(
            "insert into marriage_no_shows (booking, office, day, state, entered_by, entered_at) \
             select b.id, b.office, b.day, 'marked', $3, cast($4 as bigint) from marriage_bookings b \
             where b.id = $1 and b.office = $2 and b.state = 'firm' \
             and (b.day < $5 or (b.day = $5 and b.ends <= cast($6 as bigint))) \
             and not exists (select 1 from marriage_visits v where v.booking = b.id) on conflict do nothing",
        )
        .bind(booking)
        .bind(office)
        .bind(doer.id)
        .bind(now.0)
        .bind(now.shanghai_date().to_string())
        .bind(i64::from(now.shanghai_minute()))
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        self.tell_both(&mut tx, booking, &Notice::MarriageNoShow, now).await?;
        Self::note(&mut tx, &at_counter(doer.actor, AuditAct::MarriageNoShow, booking), now).await?;
        Self::answer_key(&mut tx, key, booking).await?;
        Ok(tx.commit().await?)
    }

    /// The couple objects, once.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where there is nothing to object to, where it did before, or for the same key with another body.
    pub(crate) async fn object_to_no_show(
        &self,
        booking: &Booking,
        words: &str,
        (owner, actor): (&Owner, &Actor),
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, key, owner, "marriage_objection", now).await?.is_some() {
            return Ok(());
        }
        let sealed = self
            .sealer
            .seal(Place { column: "marriage_no_shows.words", row: &booking.id }, words.as_bytes())?;
        let done = sqlx::query(
            "update marriage_no_shows set state = 'objected', words = $2, objected_at = $3 \
             where booking = $1 and state = 'marked'",
        )
        .bind(&booking.id)
        .bind(sealed)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        Self::note(&mut tx, &entry(actor, AuditAct::MarriageObjected, &booking.id), now).await?;
        Self::answer_key(&mut tx, key, &booking.id).await?;
        Ok(tx.commit().await?)
    }

    /// A clerk takes an entry back, or upholds it after an objection; both are told.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it is settled or another office's, where there is no objection to uphold it against, or for
    /// the same key with another body.
    pub(crate) async fn settle_no_show(
        &self,
        (office, booking, lifted): (&str, &str, bool),
        doer: Doer<'_>,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let owner = Owner(doer.id.to_owned());
        if Self::take_key(&mut tx, key, &owner, "marriage_settle", now).await?.is_some() {
            return Ok(());
        }
        let done = sqlx::query(
            "update marriage_no_shows set state = $3, settled_by = $4, settled_at = $5 \
             where booking = $1 and office = $2 and (state = 'objected' or (state = 'marked' and $3 = 'lifted'))",
        )
        .bind(booking)
        .bind(office)
        .bind(if lifted { NoShowState::Lifted } else { NoShowState::Upheld }.as_str())
        .bind(doer.id)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        let notice = if lifted { Notice::MarriageNoShowLifted } else { Notice::MarriageNoShowUpheld };
        self.tell_both(&mut tx, booking, &notice, now).await?;
        Self::note(&mut tx, &at_counter(doer.actor, AuditAct::MarriageNoShowSettled, booking), now).await?;
        Self::answer_key(&mut tx, key, booking).await?;
        Ok(tx.commit().await?)
    }

    /// The entry of a booking.
    ///
    /// # Errors
    /// The database failed, or the words don't open with our keys.
    pub(crate) async fn no_show_of(&self, booking: &str) -> Result<Option<NoShow>, StoreError> {
        let row = sqlx::query("select state, words from marriage_no_shows where booking = $1")
            .bind(booking)
            .fetch_optional(&self.reader)
            .await?;
        row.map(|row| {
            let unknown = || StoreError::Other(anyhow::anyhow!("a no-show holds a word that is not known"));
            let words = row
                .try_get::<Option<Vec<u8>>, _>("words")?
                .map(|sealed| {
                    self.sealer.open_text(Place { column: "marriage_no_shows.words", row: booking }, &sealed)
                })
                .transpose()?;
            Ok(NoShow {
                state: NoShowState::parse(row.try_get("state")?).ok_or_else(unknown)?,
                words: words.unwrap_or_default(),
            })
        })
        .transpose()
    }

    /// The bookings of an office whose couples object and wait for an answer, the oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_objections(&self, office: &str) -> Result<Vec<Booking>, StoreError> {
        let rows = sqlx::query(bookings!(
            "join marriage_no_shows n on n.booking = b.id where n.office = $1 and n.state = 'objected' \
             order by n.objected_at limit 100"
        ))
        .bind(office)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| self.booking_of(row)).collect()
    }

    /// Until when an office takes no booking of these two, by its policy; the later of both. What they object to does not count
    /// before it is settled.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn blocked_for_no_shows(
        &self,
        office: &str,
        couple: &Couple,
        now: Instant,
    ) -> Result<Option<Date>, StoreError> {
        let policy = self.marriage_door_rules(office).await?.no_show;
        if policy == NoShowPolicy::None {
            return Ok(None);
        }
        let mut until = None;
        for side in Side::ALL {
            let document = couple.of(*side).document.index_key();
            let days: Vec<String> = sqlx::query_scalar(
                "select n.day from marriage_no_shows n join marriage_people p on p.booking = n.booking \
                 where n.office = $1 and n.state in ('marked', 'upheld') and p.document_index = $2",
            )
            .bind(office)
            .bind(self.sealer.index("marriage_people.document", &document))
            .fetch_all(&self.reader)
            .await?;
            let days: Result<Vec<Date>, _> = days.iter().map(|day| day.parse()).collect();
            let days = days.map_err(anyhow::Error::from)?;
            until = until.max(policy.blocked_until(&days, now.shanghai_date()));
        }
        Ok(until)
    }
}
