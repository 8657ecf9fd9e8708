//! Who is at the door of an office: each couple gets the next number of the day, is called by a counter, and leaves. Whoever
//! gives or calls a number takes the day's one row first, so that no number is given twice and no couple called by two.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::marriage::{Arrival, Booking, DoorAct, Matter, Visit, VisitState, next_of};
use app::domain::time::Instant;
use app::visit::Owner;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::bookings::bookings;
use super::plans::minute;
use crate::seal::{new_id, random_secret, sha256};
use crate::store::audit::{Actor, AuditEntry};
use crate::store::confirmations::ByStaff;
use crate::store::scans::{NewScan, keep_scan};
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, Store, StoreError};

/// What a key answers where nobody waited.
const NOBODY: &str = "nobody";

macro_rules! visits {
    ($where:literal) => {
        concat!("select id, number, booking, matter, due, state, counter from marriage_visits ", $where)
    };
}

fn visit_of(row: &AnyRow) -> Result<Visit, StoreError> {
    let unknown = || StoreError::Other(anyhow::anyhow!("a visit at the door holds a word that is not known"));
    Ok(Visit {
        id: row.try_get("id")?,
        number: row.try_get("number")?,
        booking: row.try_get("booking")?,
        matter: Matter::parse(row.try_get("matter")?).ok_or_else(unknown)?,
        due: minute(row, "due")?,
        state: VisitState::parse(row.try_get("state")?).ok_or_else(unknown)?,
        counter: row.try_get("counter")?,
        names: Vec::new(),
    })
}

fn entry<'a>(actor: &'a Actor, act: AuditAct, id: &'a str) -> AuditEntry<'a> {
    AuditEntry {
        area: app::domain::area::district(),
        actor,
        on_behalf_of: None,
        act,
        object_kind: "marriage_visits",
        object: id,
        subject: None,
        purpose: Purpose::Counter,
    }
}

/// The next number of an office's day. Its row is locked until the transaction ends.
async fn next_number(tx: &mut Transaction<'static, Any>, office: &str, day: Date) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar(
        "insert into marriage_numbers (office, day, last) values ($1, $2, 1) \
         on conflict (office, day) do update set last = marriage_numbers.last + 1 returning last",
    )
    .bind(office)
    .bind(day.to_string())
    .fetch_one(&mut **tx)
    .await?)
}

/// A couple that is there, about to be kept.
struct NewVisit<'a> {
    id: &'a str,
    office: &'a str,
    day: Date,
    booking: Option<&'a str>,
    matter: &'a str,
    due: u16,
}

async fn insert_visit(
    tx: &mut Transaction<'static, Any>,
    new: &NewVisit<'_>,
    doer: Doer<'_>,
    now: Instant,
) -> Result<i64, StoreError> {
    let number = next_number(tx, new.office, new.day).await?;
    sqlx::query(
        "insert into marriage_visits (id, office, day, number, booking, matter, due, state, arrived_by, arrived_at) \
         values ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $9)",
    )
    .bind(new.id)
    .bind(new.office)
    .bind(new.day.to_string())
    .bind(number)
    .bind(new.booking)
    .bind(new.matter)
    .bind(i64::from(new.due))
    .bind(doer.id)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Store::note(tx, &entry(doer.actor, AuditAct::MarriageArrived, new.id), now).await?;
    Ok(number)
}

impl Store {
    /// A booking of this office, for its clerks.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also where it is another office's.
    pub(crate) async fn office_marriage_booking(
        &self,
        office: &str,
        id: &str,
    ) -> Result<Booking, StoreError> {
        let row = sqlx::query(bookings!("where b.id = $1 and b.office = $2"))
            .bind(id)
            .bind(office)
            .fetch_one(&self.reader)
            .await?;
        let mut booking = self.with_names(self.booking_of(&row)?).await?;
        booking.invite = None;
        Ok(booking)
    }

    /// The id of the booking whose confirmation this is, or was before it was issued anew.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_booking_of_confirmation(
        &self,
        (confirmation, number): (&str, &str),
    ) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "select id from marriage_bookings where confirmation = $1 or number = $2 limit 1",
        )
        .bind(confirmation)
        .bind(number)
        .fetch_optional(&self.reader)
        .await?)
    }

    /// A couple with a booking is there: it gets its number, and its code counts as used. A couple that has a number keeps it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where this office has no such booking, [`StoreError::Conflict`] where it is not firm or not
    /// of today, or for the same key with another body.
    pub(crate) async fn arrive_marriage_couple(
        &self,
        (office, booking): (&str, &str),
        doer: Doer<'_>,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<i64, StoreError> {
        let mut tx = self.write().await?;
        let owner = Owner(doer.id.to_owned());
        if let Some(number) = Self::take_key(&mut tx, key, &owner, "marriage_arrive", now).await? {
            return Ok(number.parse().map_err(anyhow::Error::from)?);
        }
        // Nobody cancels it meanwhile.
        let row = sqlx::query(
            "update marriage_bookings set state = state where id = $1 and office = $2 \
             returning day, starts, state, matter, confirmation",
        )
        .bind(booking)
        .bind(office)
        .fetch_optional(&mut *tx)
        .await?;
        let row = row.ok_or(StoreError::NotFound)?;
        let today = now.shanghai_date();
        let (day, state): (String, String) = (row.try_get("day")?, row.try_get("state")?);
        if state != "firm" || day != today.to_string() {
            return Err(StoreError::Conflict);
        }
        let before: Option<i64> = sqlx::query_scalar("select number from marriage_visits where booking = $1")
            .bind(booking)
            .fetch_optional(&mut *tx)
            .await?;
        let mut changed = false;
        let number = match before {
            Some(number) => number,
            None => {
                let matter: String = row.try_get("matter")?;
                let id = new_id(now)?;
                let new = NewVisit {
                    id: &id,
                    office,
                    day: today,
                    booking: Some(booking),
                    matter: &matter,
                    due: minute(&row, "starts")?.max(now.shanghai_minute()),
                };
                let number = insert_visit(&mut tx, &new, doer, now).await?;
                let confirmation: String = row.try_get("confirmation")?;
                let scan = sha256(&random_secret()?);
                let scan = NewScan {
                    id: &scan[..32],
                    confirmation: &confirmation,
                    said_at: now,
                    offline: false,
                    office,
                };
                changed =
                    keep_scan(&mut tx, &scan, &ByStaff { actor: doer.actor, staff: doer.id }, now).await?;
                number
            }
        };
        Self::answer_key(&mut tx, key, &number.to_string()).await?;
        tx.commit().await?;
        if changed {
            self.states_changed();
        }
        Ok(number)
    }

    /// A couple without a booking gets a number.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for the same key with another body.
    pub(crate) async fn walk_in_marriage_couple(
        &self,
        (office, matter): (&str, Matter),
        doer: Doer<'_>,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<i64, StoreError> {
        let mut tx = self.write().await?;
        let owner = Owner(doer.id.to_owned());
        if let Some(number) = Self::take_key(&mut tx, key, &owner, "marriage_walk_in", now).await? {
            return Ok(number.parse().map_err(anyhow::Error::from)?);
        }
        let id = new_id(now)?;
        let new = NewVisit {
            id: &id,
            office,
            day: now.shanghai_date(),
            booking: None,
            matter: matter.as_str(),
            due: now.shanghai_minute(),
        };
        let number = insert_visit(&mut tx, &new, doer, now).await?;
        Self::answer_key(&mut tx, key, &number.to_string()).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// A counter calls whoever is next; whom it called before has left it. `None` where nobody waits.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for the same key with another body.
    pub(crate) async fn call_next_marriage_couple(
        &self,
        (office, counter): (&str, u32),
        doer: Doer<'_>,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<Option<i64>, StoreError> {
        let mut tx = self.write().await?;
        let owner = Owner(doer.id.to_owned());
        if let Some(number) = Self::take_key(&mut tx, key, &owner, "marriage_call", now).await? {
            return Ok(number.parse().ok());
        }
        let day = now.shanghai_date().to_string();
        // One call at a time: two counters that press at once get two couples.
        sqlx::query("update marriage_numbers set last = last where office = $1 and day = $2")
            .bind(office)
            .bind(&day)
            .execute(&mut *tx)
            .await?;
        let rows = sqlx::query(visits!("where office = $1 and day = $2 and state = 'waiting'"))
            .bind(office)
            .bind(&day)
            .fetch_all(&mut *tx)
            .await?;
        let waiting = rows.iter().map(visit_of).collect::<Result<Vec<_>, _>>()?;
        let Some(next) = next_of(&waiting, now.shanghai_minute()) else {
            Self::answer_key(&mut tx, key, NOBODY).await?;
            tx.commit().await?;
            return Ok(None);
        };
        sqlx::query(
            "update marriage_visits set state = 'served', ended_at = $4 \
             where office = $1 and day = $2 and counter = $3 and state = 'called'",
        )
        .bind(office)
        .bind(&day)
        .bind(i64::from(counter))
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        let called = sqlx::query(
            "update marriage_visits set state = 'called', counter = $2, called_at = $3 \
             where id = $1 and state = 'waiting'",
        )
        .bind(&next.id)
        .bind(i64::from(counter))
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if called.rows_affected() == 0 {
            // They went at this very moment: the next press calls another.
            return Err(StoreError::Conflict);
        }
        Self::note(&mut tx, &entry(doer.actor, AuditAct::MarriageCalled, &next.id), now).await?;
        Self::answer_key(&mut tx, key, &next.number.to_string()).await?;
        tx.commit().await?;
        Ok(Some(next.number))
    }

    /// What a clerk does with a couple that is there.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it does not stand so any more, or for the same key with another body.
    pub(crate) async fn act_on_marriage_visit(
        &self,
        (office, visit, act): (&str, &str, DoorAct),
        doer: Doer<'_>,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let owner = Owner(doer.id.to_owned());
        if Self::take_key(&mut tx, key, &owner, "marriage_visit", now).await?.is_some() {
            return Ok(());
        }
        let (statement, value) = match act {
            DoorAct::Again => (
                "update marriage_visits set called_at = $3 where id = $1 and office = $2 and state = 'called'",
                now.0,
            ),
            DoorAct::Skip => (
                "update marriage_visits set state = 'waiting', counter = null, called_at = null, due = $3 \
                 where id = $1 and office = $2 and state = 'called'",
                i64::from(now.shanghai_minute()),
            ),
            DoorAct::Served => (
                "update marriage_visits set state = 'served', ended_at = $3 \
                 where id = $1 and office = $2 and state = 'called'",
                now.0,
            ),
            DoorAct::Left => (
                "update marriage_visits set state = 'left', ended_at = $3 \
                 where id = $1 and office = $2 and state in ('waiting', 'called')",
                now.0,
            ),
        };
        let done = sqlx::query(statement).bind(visit).bind(office).bind(value).execute(&mut *tx).await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        let what =
            if act == DoorAct::Again { AuditAct::MarriageCalled } else { AuditAct::MarriageVisitChanged };
        Self::note(&mut tx, &entry(doer.actor, what, visit), now).await?;
        Self::answer_key(&mut tx, key, visit).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Everybody who came to an office on a day, by number; without names.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_visits(&self, office: &str, day: Date) -> Result<Vec<Visit>, StoreError> {
        let rows = sqlx::query(visits!("where office = $1 and day = $2 order by number"))
            .bind(office)
            .bind(day.to_string())
            .fetch_all(&self.reader)
            .await?;
        rows.iter().map(visit_of).collect()
    }

    /// The numbers that are called at an office, the newest call first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn called_marriage_numbers(
        &self,
        office: &str,
        day: Date,
    ) -> Result<Vec<Visit>, StoreError> {
        let rows = sqlx::query(visits!(
            "where office = $1 and day = $2 and state = 'called' order by called_at desc, number desc limit 8"
        ))
        .bind(office)
        .bind(day.to_string())
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(visit_of).collect()
    }

    /// As [`Self::marriage_visits`], with the masked names of those who booked.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_visits_named(
        &self,
        office: &str,
        day: Date,
    ) -> Result<Vec<Visit>, StoreError> {
        let mut visits = self.marriage_visits(office, day).await?;
        for visit in &mut visits {
            if let Some(booking) = &visit.booking {
                visit.names = self.couple_names(booking).await?;
            }
        }
        Ok(visits)
    }

    /// How a booked couple stands at the door; `None` before they came.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_arrival(
        &self,
        booking: &Booking,
        now: Instant,
    ) -> Result<Option<Arrival>, StoreError> {
        let visits = self.marriage_visits(&booking.office, booking.day).await?;
        let own = visits.iter().find(|visit| visit.booking.as_deref() == Some(booking.id.as_str()));
        Ok(own.and_then(|own| Arrival::of(&visits, &own.id, now.shanghai_minute())))
    }
}
