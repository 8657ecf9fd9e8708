//! The lines of full days: who came first is offered a place first. An offer is a hold in the couple's name, so that a place is
//! never promised twice; whoever books without the line gets nothing that the line waits for.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::marriage::{LINES_OPEN, Matter, OPEN_HOLDS, Wait, WaitState};
use app::domain::notices::Notice;
use app::domain::phone::Mobile;
use app::domain::time::Instant;
use app::visit::Owner;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::bookings::{BookRefusal, WantedSlot, take_place};
use super::draw_entries::as_owner;
use crate::seal::{Place, new_id};
use crate::store::audit::{Actor, AuditEntry};
use crate::store::{IdempotencyKey, OnlyOnce, Store, StoreError};

macro_rules! waits {
    ($where:literal) => {
        concat!(
            "select w.id, w.office, w.matter, w.day, w.state, w.booking, b.hold_until, \
             cast((select count(*) from marriage_waiting o where o.office = w.office and o.matter = w.matter \
             and o.day = w.day and o.state = 'waiting' \
             and (o.entered_at < w.entered_at or (o.entered_at = w.entered_at and o.id < w.id))) as bigint) as before_it \
             from marriage_waiting w left join marriage_bookings b on b.id = w.booking ",
            $where
        )
    };
}
pub(super) use waits;

pub(super) fn wait_of(row: &AnyRow) -> Result<Wait, StoreError> {
    let unknown = || StoreError::Other(anyhow::anyhow!("a waiting list holds a word that is not known"));
    Ok(Wait {
        id: row.try_get("id")?,
        office: row.try_get("office")?,
        matter: Matter::parse(row.try_get("matter")?).ok_or_else(unknown)?,
        day: row.try_get::<String, _>("day")?.parse().map_err(anyhow::Error::from)?,
        state: WaitState::parse(row.try_get("state")?).ok_or_else(unknown)?,
        before: row.try_get("before_it")?,
        booking: row.try_get("booking")?,
        until: row.try_get::<Option<i64>, _>("hold_until")?.map(Instant),
    })
}

fn entry<'a>(actor: &'a Actor, act: AuditAct, id: &'a str) -> AuditEntry<'a> {
    AuditEntry {
        area: app::domain::area::district(),
        actor,
        on_behalf_of: None,
        act,
        object_kind: "marriage_waiting",
        object: id,
        subject: None,
        purpose: Purpose::Own,
    }
}

/// Whether somebody waits for a place of that day: what is free is theirs first.
pub(super) async fn line_waits(
    tx: &mut Transaction<'static, Any>,
    wanted: &WantedSlot<'_>,
) -> Result<bool, StoreError> {
    let waits: Option<String> = sqlx::query_scalar(
        "select id from marriage_waiting where office = $1 and matter = $2 and day = $3 and state = 'waiting' limit 1",
    )
    .bind(wanted.office)
    .bind(wanted.matter.as_str())
    .bind(wanted.day.to_string())
    .fetch_optional(&mut **tx)
    .await?;
    Ok(waits.is_some())
}

impl Store {
    /// Goes to the end of a line. Who stands in it already keeps the place.
    ///
    /// # Errors
    /// [`BookRefusal::TooMany`] where this device or account stands in two others.
    pub(crate) async fn join_marriage_line(
        &self,
        (office, matter, day): (&str, Matter, Date),
        mobile: &Mobile,
        (owner, actor): (&Owner, &Actor),
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<OnlyOnce<String>, BookRefusal> {
        let mut tx = self.write().await?;
        if let Some(id) = Self::take_key(&mut tx, key, owner, "marriage_line", now).await? {
            return Ok(OnlyOnce::Before(id));
        }
        let there: Option<String> = sqlx::query_scalar(
            "select id from marriage_waiting where office = $1 and matter = $2 and day = $3 and owner = $4 \
             and state in ('waiting', 'offered')",
        )
        .bind(office)
        .bind(matter.as_str())
        .bind(day.to_string())
        .bind(&owner.0)
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(id) = there {
            Self::answer_key(&mut tx, key, &id).await?;
            tx.commit().await?;
            return Ok(OnlyOnce::Before(id));
        }
        let id = new_id(now)?;
        let sealed = self
            .sealer
            .seal(Place { column: "marriage_waiting.mobile", row: &id }, mobile.as_str().as_bytes())?;
        for line_place in 1..=LINES_OPEN {
            let joined = sqlx::query(
                "insert into marriage_waiting \
                 (id, office, matter, day, owner, line_place, mobile, state, entered_at, changed_at) \
                 values ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $8) on conflict do nothing",
            )
            .bind(&id)
            .bind(office)
            .bind(matter.as_str())
            .bind(day.to_string())
            .bind(&owner.0)
            .bind(line_place)
            .bind(&sealed)
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
            if joined.rows_affected() == 1 {
                Self::note(&mut tx, &entry(actor, AuditAct::MarriageLineJoined, &id), now).await?;
                Self::answer_key(&mut tx, key, &id).await?;
                tx.commit().await?;
                return Ok(OnlyOnce::Done(id));
            }
        }
        Err(BookRefusal::TooMany)
    }

    /// One's own place in a line.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn marriage_wait(&self, id: &str, owner: &Owner) -> Result<Wait, StoreError> {
        let row = sqlx::query(waits!("where w.id = $1 and w.owner = $2"))
            .bind(id)
            .bind(&owner.0)
            .fetch_one(&self.reader)
            .await?;
        wait_of(&row)
    }

    /// One's own places, the nearest day first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_waits_of(&self, owner: &Owner) -> Result<Vec<Wait>, StoreError> {
        let rows = sqlx::query(waits!("where w.owner = $1 order by w.day, w.entered_at, w.id limit 20"))
            .bind(&owner.0)
            .fetch_all(&self.reader)
            .await?;
        rows.iter().map(wait_of).collect()
    }

    /// Leaves a line.
    ///
    /// # Errors
    /// [`BookRefusal::Over`] where one does not wait in it any more.
    pub(crate) async fn leave_marriage_line(
        &self,
        id: &str,
        (owner, actor): (&Owner, &Actor),
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), BookRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, key, owner, "marriage_line_left", now).await?.is_some() {
            return Ok(());
        }
        let left = sqlx::query(
            "update marriage_waiting set state = 'left', mobile = null, changed_at = $3 \
             where id = $1 and owner = $2 and state = 'waiting'",
        )
        .bind(id)
        .bind(&owner.0)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if left.rows_affected() == 0 {
            return Err(BookRefusal::Over);
        }
        Self::note(&mut tx, &entry(actor, AuditAct::MarriageLineLeft, id), now).await?;
        Self::answer_key(&mut tx, key, id).await?;
        Ok(tx.commit().await?)
    }

    /// The lines in which somebody waits.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_lines(&self) -> Result<Vec<(String, Matter, Date)>, StoreError> {
        let rows = sqlx::query(
            "select distinct office, matter, day from marriage_waiting where state = 'waiting' order by day, office, matter",
        )
        .fetch_all(&self.reader)
        .await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            let Some(matter) = Matter::parse(row.try_get("matter")?) else { continue };
            let day: String = row.try_get("day")?;
            lines.push((row.try_get("office")?, matter, day.parse().map_err(anyhow::Error::from)?));
        }
        Ok(lines)
    }

    /// Whether somebody waits in a line.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn somebody_waits(
        &self,
        (office, matter, day): (&str, Matter, Date),
    ) -> Result<bool, StoreError> {
        let waits: Option<String> = sqlx::query_scalar(
            "select id from marriage_waiting where office = $1 and matter = $2 and day = $3 and state = 'waiting' limit 1",
        )
        .bind(office)
        .bind(matter.as_str())
        .bind(day.to_string())
        .fetch_optional(&self.reader)
        .await?;
        Ok(waits.is_some())
    }

    /// What became of offers: the couple took the place, or let it go by.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn settle_marriage_offers(&self, now: Instant) -> Result<(), StoreError> {
        unless_deadlocked!(StoreError, {
            let mut tx = self.write().await?;
            for statement in [
                "update marriage_waiting set state = 'taken', mobile = null, changed_at = $1 where state = 'offered' \
                 and booking in (select id from marriage_bookings where state in ('waiting', 'firm'))",
                "update marriage_waiting set state = 'passed', mobile = null, changed_at = $1 where state = 'offered' \
                 and booking in (select id from marriage_bookings where state in ('cancelled', 'released'))",
            ] {
                sqlx::query(statement).bind(now.0).execute(&mut *tx).await?;
            }
            Ok(tx.commit().await?)
        })
    }

    /// Offers one place to whoever waits longest and may hold one more: it is held for them until then, and they are told.
    /// `false` where there is no place, or nobody to offer it to.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn offer_marriage_place(
        &self,
        wanted: &WantedSlot<'_>,
        until: Instant,
        now: Instant,
    ) -> Result<bool, StoreError> {
        unless_deadlocked!(StoreError, {
            let mut tx = self.write().await?;
            self.release_slot(&mut tx, wanted, now).await?;
            if !take_place(&mut tx, wanted).await? {
                return Ok(false);
            }
            let rows = sqlx::query(
                "select id, owner, mobile from marriage_waiting where office = $1 and matter = $2 and day = $3 \
                 and state = 'waiting' order by entered_at, id limit 50",
            )
            .bind(wanted.office)
            .bind(wanted.matter.as_str())
            .bind(wanted.day.to_string())
            .fetch_all(&mut *tx)
            .await?;
            for row in &rows {
                let (id, owner): (String, String) = (row.try_get("id")?, row.try_get("owner")?);
                // Another server may offer them a place of another time at this moment.
                let claimed = sqlx::query(
                    "update marriage_waiting set state = 'offered', changed_at = $2 where id = $1 and state = 'waiting'",
                )
                .bind(&id)
                .bind(now.0)
                .execute(&mut *tx)
                .await?;
                if claimed.rows_affected() == 0 {
                    continue;
                }
                let booking = new_id(now)?;
                if !hold_for(&mut tx, (&booking, &owner), wanted, until, now).await? {
                    // They hold two others: the next one is asked, and they keep their place.
                    sqlx::query("update marriage_waiting set state = 'waiting' where id = $1")
                        .bind(&id)
                        .execute(&mut *tx)
                        .await?;
                    continue;
                }
                sqlx::query("update marriage_waiting set booking = $2 where id = $1")
                    .bind(&id)
                    .bind(&booking)
                    .execute(&mut *tx)
                    .await?;
                // Both of a draw's entry are known: both are told.
                if owner == as_owner(&id) {
                    let notice = Notice::MarriageDrawOffer { until: until.shanghai_text() };
                    self.tell_entry(&mut tx, &id, &notice, now).await?;
                } else {
                    let sealed: Vec<u8> = row.try_get("mobile")?;
                    let mobile = self
                        .sealer
                        .open_text(Place { column: "marriage_waiting.mobile", row: &id }, &sealed)?;
                    let notice = Notice::MarriageOffer { until: until.shanghai_text() };
                    self.text_spouse(&mut tx, &mobile, &notice, true, now).await?;
                }
                Self::note(&mut tx, &entry(&Actor::System, AuditAct::MarriagePlaceOffered, &id), now).await?;
                tx.commit().await?;
                return Ok(true);
            }
            Ok(false)
        })
    }

    /// Ends a line whose day is too near, and tells those who still wait.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn end_marriage_line(
        &self,
        (office, matter, day): (&str, Matter, Date),
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let rows = sqlx::query(
            "select id, mobile from marriage_waiting where office = $1 and matter = $2 and day = $3 and state = 'waiting'",
        )
        .bind(office)
        .bind(matter.as_str())
        .bind(day.to_string())
        .fetch_all(&mut *tx)
        .await?;
        for row in &rows {
            let id: String = row.try_get("id")?;
            let ended = sqlx::query(
                "update marriage_waiting set state = 'over', mobile = null, changed_at = $2 where id = $1 and state = 'waiting'",
            )
            .bind(&id)
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
            if ended.rows_affected() == 1 {
                let sealed: Vec<u8> = row.try_get("mobile")?;
                let mobile =
                    self.sealer.open_text(Place { column: "marriage_waiting.mobile", row: &id }, &sealed)?;
                self.text_spouse(&mut tx, &mobile, &Notice::MarriageLineOver, false, now).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}

/// Holds a place that was just taken for whoever waited; `false` where they have two open holds.
async fn hold_for(
    tx: &mut Transaction<'static, Any>,
    (id, owner): (&str, &str),
    wanted: &WantedSlot<'_>,
    until: Instant,
    now: Instant,
) -> Result<bool, StoreError> {
    for hold_place in 1..=OPEN_HOLDS {
        let held = sqlx::query(
            "insert into marriage_bookings (id, office, matter, day, starts, ends, state, owner, hold_place, \
             hold_until, extensions, staff_decide, created_at, changed_at) \
             values ($1, $2, $3, $4, $5, $6, 'held', $7, $8, $9, 0, 0, $10, $10) on conflict do nothing",
        )
        .bind(id)
        .bind(wanted.office)
        .bind(wanted.matter.as_str())
        .bind(wanted.day.to_string())
        .bind(i64::from(wanted.starts))
        .bind(i64::from(wanted.ends))
        .bind(owner)
        .bind(hold_place)
        .bind(until.0)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        if held.rows_affected() == 1 {
            return Ok(true);
        }
    }
    Ok(false)
}
