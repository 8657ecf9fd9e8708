//! What a marriage office offers: its times, when it is closed, its rules. Nothing is overwritten: a time ends, a closure is
//! taken back, the newest rules hold.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::marriage::{
    BookingRules, Closure, DayPart, DoorRules, HotDay, HotTime, Matter, OfficeBook, Session,
};
use app::domain::time::Instant;
use app::visit::Owner;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use crate::seal::new_id;
use crate::store::audit::AuditEntry;
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, Store, StoreError};

/// A change of the plan that a clerk made.
#[derive(Debug)]
pub(crate) enum PlanChange<'a> {
    /// A new time.
    AddSession(&'a Session),
    /// A time ends with this day.
    EndSession(&'a str, Date),
    /// A new closure.
    Close(&'a Closure),
    /// A closure is taken back.
    Reopen(&'a str),
    /// New rules.
    Rules(BookingRules),
    /// New rules of the door.
    Door(DoorRules),
    /// A day gets its own times and rules.
    MarkHot(&'a HotDay),
    /// A hot day is an ordinary one again.
    UnmarkHot(&'a str),
}

pub(super) fn day(row: &AnyRow, column: &str) -> Result<Date, StoreError> {
    Ok(row.try_get::<String, _>(column)?.parse().map_err(anyhow::Error::from)?)
}

pub(super) fn minute(row: &AnyRow, column: &str) -> Result<u16, StoreError> {
    Ok(u16::try_from(row.try_get::<i64, _>(column)?).map_err(anyhow::Error::from)?)
}

pub(super) fn session_of(row: &AnyRow) -> Result<Option<Session>, StoreError> {
    let Some(matter) = Matter::parse(row.try_get("matter")?) else { return Ok(None) };
    let until: Option<String> = row.try_get("valid_until")?;
    Ok(Some(Session {
        id: row.try_get("id")?,
        matter,
        starts: minute(row, "starts")?,
        ends: minute(row, "ends")?,
        quota: row.try_get("quota")?,
        from: day(row, "valid_from")?,
        until: until.map(|until| until.parse()).transpose().map_err(anyhow::Error::from)?,
    }))
}

impl Store {
    /// The times of an office that have not ended before a day, by matter and time.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_sessions(
        &self,
        office: &str,
        from: Date,
    ) -> Result<Vec<Session>, StoreError> {
        let rows = sqlx::query(
            "select id, matter, starts, ends, quota, valid_from, valid_until from marriage_sessions \
             where office = $1 and (valid_until is null or valid_until >= $2) order by matter, starts, valid_from",
        )
        .bind(office)
        .bind(from.to_string())
        .fetch_all(&self.reader)
        .await?;
        let mut sessions = Vec::with_capacity(rows.len());
        for row in &rows {
            sessions.extend(session_of(row)?);
        }
        Ok(sessions)
    }

    /// The closures of an office from a day on that hold.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_closures(
        &self,
        office: &str,
        from: Date,
    ) -> Result<Vec<Closure>, StoreError> {
        let rows = sqlx::query(
            "select id, day, part, reason from marriage_closures \
             where office = $1 and day >= $2 and withdrawn_at is null order by day, part",
        )
        .bind(office)
        .bind(from.to_string())
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Closure {
                    id: row.try_get("id")?,
                    day: day(row, "day")?,
                    part: DayPart::parse(row.try_get("part")?).unwrap_or(DayPart::Whole),
                    reason: row.try_get("reason")?,
                })
            })
            .collect()
    }

    /// The rules of an office that hold now.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_rules(&self, office: &str) -> Result<BookingRules, StoreError> {
        let row = sqlx::query(
            "select window_min, window_max, keep_hours from marriage_rules where office = $1 \
             order by entered_at desc, id desc limit 1",
        )
        .bind(office)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(BookingRules::default()) };
        let number = |column: &str| -> Result<u32, StoreError> {
            Ok(u32::try_from(row.try_get::<i64, _>(column)?).map_err(anyhow::Error::from)?)
        };
        Ok(BookingRules {
            window_min: number("window_min")?,
            window_max: number("window_max")?,
            keep_hours: number("keep_hours")?,
        })
    }

    /// What an office offers for a matter from today on, and what is taken of it.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_book(
        &self,
        office: &str,
        matter: Matter,
        now: Instant,
    ) -> Result<OfficeBook, StoreError> {
        let today = now.shanghai_date();
        let mut sessions = self.marriage_sessions(office, today).await?;
        sessions.retain(|session| session.matter == matter);
        let mut hot = self.hot_days(office, today).await?;
        hot.retain(|hot| hot.matter == matter);
        let rows = sqlx::query(
            // A hold that ran out takes no place, whether or not the job has come by.
            "select s.day, s.starts, cast(s.taken - (select count(*) from marriage_bookings b where b.office = s.office \
             and b.matter = s.matter and b.day = s.day and b.starts = s.starts \
             and ((b.state = 'held' and b.hold_until <= $4) or (b.state = 'waiting' and b.keep_until <= $4))) as bigint) \
             as taken from marriage_slots s where s.office = $1 and s.matter = $2 and s.day >= $3",
        )
        .bind(office)
        .bind(matter.as_str())
        .bind(today.to_string())
        .bind(now.0)
        .fetch_all(&self.reader)
        .await?;
        let taken =
            rows.iter().map(|row| Ok((day(row, "day")?, minute(row, "starts")?, row.try_get("taken")?)));
        Ok(OfficeBook {
            sessions,
            closures: self.marriage_closures(office, today).await?,
            hot,
            taken: taken.collect::<Result<_, StoreError>>()?,
            rules: self.marriage_rules(office).await?,
        })
    }

    /// Changes what an office offers.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the same time or closure is there already, where what should end has ended or is
    /// another office's, or when the key came with another body.
    pub(crate) async fn change_marriage_plan(
        &self,
        office: &str,
        change: &PlanChange<'_>,
        doer: Doer<'_>,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let owner = Owner(doer.id.to_owned());
        if Self::take_key(&mut tx, key, &owner, "marriage_plan", now).await?.is_some() {
            return Ok(());
        }
        let id = new_id(now)?;
        if !write(&mut tx, &id, office, change, doer, now).await? {
            return Err(StoreError::Conflict);
        }
        if let PlanChange::MarkHot(hot) = change
            && let Some(draw) = &hot.draw
        {
            self.set_draw(&mut tx, (office, &id), hot, &draw.rules).await?;
        }
        let entry = AuditEntry {
            area: app::domain::area::district(),
            actor: doer.actor,
            on_behalf_of: None,
            act: AuditAct::MarriagePlanChanged,
            object_kind: "marriage_plan",
            object: &id,
            subject: None,
            purpose: Purpose::Operation,
        };
        Self::note(&mut tx, &entry, now).await?;
        Self::answer_key(&mut tx, key, &id).await?;
        Ok(tx.commit().await?)
    }
}

async fn write(
    tx: &mut Transaction<'static, Any>,
    id: &str,
    office: &str,
    change: &PlanChange<'_>,
    doer: Doer<'_>,
    now: Instant,
) -> Result<bool, StoreError> {
    let query = match change {
        PlanChange::AddSession(session) => sqlx::query(
            "insert into marriage_sessions (id, office, matter, starts, ends, quota, valid_from, entered_by, entered_at) \
             values ($1, $2, $5, $6, $7, $8, $9, $3, $4) on conflict do nothing",
        )
        .bind(id)
        .bind(office)
        .bind(doer.id)
        .bind(now.0)
        .bind(session.matter.as_str())
        .bind(i64::from(session.starts))
        .bind(i64::from(session.ends))
        .bind(session.quota)
        .bind(session.from.to_string()),
        PlanChange::EndSession(session, last) => sqlx::query(
            "update marriage_sessions set valid_until = $5, ended_by = $3, ended_at = $4 \
             where id = $1 and office = $2 and valid_until is null",
        )
        .bind(*session)
        .bind(office)
        .bind(doer.id)
        .bind(now.0)
        .bind(last.to_string()),
        PlanChange::Close(closure) => sqlx::query(
            "insert into marriage_closures (id, office, entered_by, entered_at, day, part, reason) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        )
        .bind(id)
        .bind(office)
        .bind(doer.id)
        .bind(now.0)
        .bind(closure.day.to_string())
        .bind(closure.part.as_str())
        .bind(&closure.reason),
        PlanChange::Reopen(closure) => sqlx::query(
            "update marriage_closures set withdrawn_by = $3, withdrawn_at = $4 \
             where id = $1 and office = $2 and withdrawn_at is null",
        )
        .bind(*closure)
        .bind(office)
        .bind(doer.id)
        .bind(now.0),
        PlanChange::Rules(rules) => sqlx::query(
            "insert into marriage_rules (id, office, entered_by, entered_at, window_min, window_max, keep_hours) \
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(id)
        .bind(office)
        .bind(doer.id)
        .bind(now.0)
        .bind(i64::from(rules.window_min))
        .bind(i64::from(rules.window_max))
        .bind(i64::from(rules.keep_hours)),
        PlanChange::Door(rules) => sqlx::query(
            "insert into marriage_door_rules (id, office, entered_by, entered_at, walk_in, no_show) \
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id)
        .bind(office)
        .bind(doer.id)
        .bind(now.0)
        .bind(i64::from(rules.walk_in))
        .bind(rules.no_show.as_str()),
        PlanChange::MarkHot(hot) => sqlx::query(
            "insert into marriage_hot_days (id, office, entered_by, entered_at, matter, day, name, times, walk_in) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing",
        )
        .bind(id)
        .bind(office)
        .bind(doer.id)
        .bind(now.0)
        .bind(hot.matter.as_str())
        .bind(hot.day.to_string())
        .bind(&hot.name)
        .bind(hot.times.iter().map(HotTime::kept).collect::<Vec<_>>().join(" "))
        .bind(i64::from(hot.walk_in)),
        PlanChange::UnmarkHot(hot) => sqlx::query(
            "update marriage_hot_days set withdrawn_by = $3, withdrawn_at = $4 \
             where id = $1 and office = $2 and withdrawn_at is null and not exists \
             (select 1 from marriage_draws d where d.hot_day = $1 and d.opens_at <= $4)",
        )
        .bind(*hot)
        .bind(office)
        .bind(doer.id)
        .bind(now.0),
    };
    Ok(query.execute(&mut **tx).await?.rows_affected() == 1)
}
