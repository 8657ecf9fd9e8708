//! What is said about a booking before its day: notes of the office, and the couple's word that it still comes. And what a month was,
//! in counts.

use std::collections::BTreeMap;

use app::domain::audit::{AuditAct, Purpose};
use app::domain::marriage::{BookingNote, Coming, Matter, MonthCounts};
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::visit::Owner;
use jiff::ToSpan as _;
use jiff::civil::Date;
use sqlx::Row as _;

use super::bookings::entry;
use crate::seal::{Place, new_id};
use crate::store::audit::{Actor, AuditEntry};
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, Store, StoreError};

/// So many days before a couple is asked.
const ASK_DAYS: i64 = 2;

/// Who booked within so many milliseconds needs not be asked.
const FRESH_MS: i64 = 24 * 3_600_000;

impl Store {
    /// Writes a note on a booking of this office.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for the same key with another body.
    pub(crate) async fn note_on_marriage_booking(
        &self,
        booking: &str,
        (words, shown): (&str, bool),
        doer: Doer<'_>,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let owner = Owner(doer.id.to_owned());
        if Self::take_key(&mut tx, key, &owner, "marriage_note", now).await?.is_some() {
            return Ok(());
        }
        let id = new_id(now)?;
        let sealed =
            self.sealer.seal(Place { column: "marriage_notes.words", row: &id }, words.as_bytes())?;
        sqlx::query(
            "insert into marriage_notes (id, booking, words, shown, entered_by, entered_at) \
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&id)
        .bind(booking)
        .bind(sealed)
        .bind(i64::from(shown))
        .bind(doer.id)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        let noted =
            AuditEntry { purpose: Purpose::Operation, ..entry(doer.actor, AuditAct::MarriageNoted, booking) };
        Self::note(&mut tx, &noted, now).await?;
        Self::answer_key(&mut tx, key, &id).await?;
        Ok(tx.commit().await?)
    }

    /// The notes on a booking, the oldest first; the couple gets those that are shown.
    ///
    /// # Errors
    /// The database failed, or a note doesn't open with our keys.
    pub(crate) async fn marriage_notes(
        &self,
        booking: &str,
        for_couple: bool,
    ) -> Result<Vec<BookingNote>, StoreError> {
        let rows = sqlx::query(
            "select id, words, shown, entered_at from marriage_notes \
             where booking = $1 and shown >= $2 order by entered_at, id limit 50",
        )
        .bind(booking)
        .bind(i64::from(for_couple))
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let id: String = row.try_get("id")?;
                let sealed: Vec<u8> = row.try_get("words")?;
                Ok(BookingNote {
                    words: self
                        .sealer
                        .open_text(Place { column: "marriage_notes.words", row: &id }, &sealed)?,
                    shown: row.try_get::<i64, _>("shown")? == 1,
                    at: Instant(row.try_get("entered_at")?),
                })
            })
            .collect()
    }

    /// Asks every couple whose day is at most two days away, once. Who booked within a day is not asked. Gives how many.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn ask_marriage_couples(&self, now: Instant) -> Result<u64, StoreError> {
        let today = now.shanghai_date();
        let until = today.checked_add(ASK_DAYS.days()).map_err(anyhow::Error::from)?;
        let due: Vec<(String, String)> = sqlx::query_as(
            "select b.id, b.number from marriage_bookings b where b.state = 'firm' and b.day > $1 and b.day <= $2 \
             and b.changed_at <= $3 and not exists (select 1 from marriage_coming c where c.booking = b.id) \
             order by b.day, b.id limit 500",
        )
        .bind(today.to_string())
        .bind(until.to_string())
        .bind(now.0 - FRESH_MS)
        .fetch_all(&self.reader)
        .await?;
        let mut asked = 0;
        for (id, number) in due {
            let mut tx = self.write().await?;
            // Of two servers one asks; who cancelled meanwhile is not asked.
            let done = sqlx::query(
                "insert into marriage_coming (booking, asked_at) select id, cast($2 as bigint) from marriage_bookings \
                 where id = $1 and state = 'firm' on conflict do nothing",
            )
            .bind(&id)
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
            if done.rows_affected() == 1 {
                self.tell_both(&mut tx, &id, &Notice::MarriageComing { number }, now).await?;
                asked += 1;
            }
            tx.commit().await?;
        }
        Ok(asked)
    }

    /// A couple says that it still comes. Said twice, it is said once.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for the same key with another body.
    pub(crate) async fn say_coming(
        &self,
        booking: &str,
        (owner, actor): (&Owner, &Actor),
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, key, owner, "marriage_coming", now).await?.is_some() {
            return Ok(());
        }
        let done = sqlx::query(
            "update marriage_coming set answered_at = $2 where booking = $1 and answered_at is null",
        )
        .bind(booking)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 1 {
            Self::note(&mut tx, &entry(actor, AuditAct::MarriageComing, booking), now).await?;
        }
        Self::answer_key(&mut tx, key, booking).await?;
        Ok(tx.commit().await?)
    }

    /// Whether a couple was asked, and what it said.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_coming(&self, booking: &str) -> Result<Option<Coming>, StoreError> {
        let answered: Option<Option<i64>> =
            sqlx::query_scalar("select answered_at from marriage_coming where booking = $1")
                .bind(booking)
                .fetch_optional(&self.reader)
                .await?;
        Ok(answered.map(|answered| if answered.is_some() { Coming::Yes } else { Coming::Asked }))
    }

    /// What the days of a month were at an office, by matter. Counts alone.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_month(
        &self,
        office: &str,
        (from, until): (Date, Date),
    ) -> Result<Vec<(Matter, MonthCounts)>, StoreError> {
        let rows = sqlx::query(
            "select b.matter, \
             cast(sum(case when b.state = 'firm' then 1 else 0 end) as bigint) as booked, \
             cast(sum(case when b.state = 'cancelled' then 1 else 0 end) as bigint) as cancelled, \
             cast(sum(case when b.state = 'released' then 1 else 0 end) as bigint) as released, \
             cast(sum(case when n.state in ('marked', 'objected', 'upheld') then 1 else 0 end) as bigint) as missed \
             from marriage_bookings b left join marriage_no_shows n on n.booking = b.id \
             where b.office = $1 and b.day >= $2 and b.day <= $3 group by b.matter",
        )
        .bind(office)
        .bind(from.to_string())
        .bind(until.to_string())
        .fetch_all(&self.reader)
        .await?;
        let mut counts: BTreeMap<Matter, MonthCounts> = BTreeMap::new();
        for row in &rows {
            let Some(matter) = Matter::parse(row.try_get("matter")?) else { continue };
            let of = counts.entry(matter).or_default();
            of.booked = row.try_get("booked")?;
            of.cancelled = row.try_get("cancelled")?;
            of.released = row.try_get("released")?;
            of.missed = row.try_get("missed")?;
        }
        let rows = sqlx::query(
            "select matter, cast(count(booking) as bigint) as came, \
             cast(sum(case when booking is null then 1 else 0 end) as bigint) as walk_ins, \
             cast(count(called_at) as bigint) as called, \
             cast(coalesce(sum((called_at - arrived_at) / 60000), 0) as bigint) as waited \
             from marriage_visits where office = $1 and day >= $2 and day <= $3 group by matter",
        )
        .bind(office)
        .bind(from.to_string())
        .bind(until.to_string())
        .fetch_all(&self.reader)
        .await?;
        for row in &rows {
            let Some(matter) = Matter::parse(row.try_get("matter")?) else { continue };
            let of = counts.entry(matter).or_default();
            of.came = row.try_get("came")?;
            of.walk_ins = row.try_get("walk_ins")?;
            of.called = row.try_get("called")?;
            of.waited = row.try_get("waited")?;
        }
        Ok(counts.into_iter().collect())
    }
}
