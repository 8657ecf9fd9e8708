//! Calls to those who missed two meals in a row and wished to be rung.

use app::domain::audit::AuditAct;
use app::domain::meals::{
    CallOutcome, CallReport, KeptEater, MISSED_AFTER_MS, MealCall, MealKind, MealState, MealTime,
    missed_in_row,
};
use app::domain::time::Instant;
use jiff::ToSpan as _;
use jiff::civil::Date;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::orders::MealRefusal;
use super::plans::day_in;
use super::{Doing, note};
use crate::seal::{Place, new_id};
use crate::store::audit::{Actor, AuditEntry};
use crate::store::{Store, StoreError};

/// Meals older than this say nothing of how somebody is today.
const LOOKED_AT_DAYS: i32 = 14;

fn note_place(id: &str) -> Place<'_> {
    Place { column: "meal_calls.note", row: id }
}

fn time_in(row: &AnyRow, (day, kind): (&str, &str)) -> Result<MealTime, StoreError> {
    let kind = MealKind::parse(row.try_get(kind)?);
    let kind =
        kind.ok_or_else(|| StoreError::Other(anyhow::anyhow!("a call names a meal that is not known")))?;
    Ok((day_in(row, day)?, kind))
}

macro_rules! calls {
    ($where:literal) => {
        concat!(
            "select c.id, c.eater, c.first_day, c.first_kind, c.last_day, c.last_kind, c.made_at, c.outcome, c.note, \
             c.done_at from meal_calls c join meal_eaters e on e.id = c.eater ",
            $where
        )
    };
}

impl Store {
    fn call_of(&self, row: &AnyRow) -> Result<MealCall, StoreError> {
        let id: String = row.try_get("id")?;
        let sealed: Option<Vec<u8>> = row.try_get("note")?;
        let note = sealed.map(|sealed| self.sealer.open_json(note_place(&id), &sealed)).transpose()?;
        let outcome = row.try_get::<Option<String>, _>("outcome")?.as_deref().and_then(CallOutcome::parse);
        let at: Option<i64> = row.try_get("done_at")?;
        Ok(MealCall {
            eater: row.try_get("eater")?,
            missed: (time_in(row, ("first_day", "first_kind"))?, time_in(row, ("last_day", "last_kind"))?),
            made_at: Instant(row.try_get("made_at")?),
            done: at.map(Instant).zip(outcome).map(|(at, outcome)| (at, CallReport { outcome, note })),
            id,
        })
    }

    /// Whether somebody is rung after two missed meals in a row.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a key with another body.
    pub(crate) async fn set_care_call(
        &self,
        eater: &KeptEater,
        wished: bool,
        doing: &Doing<'_>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "meal_care_call", doing.now).await?.is_some() {
            return Ok(());
        }
        sqlx::query("update meal_eaters set care_call = $2, changed_at = $3 where id = $1")
            .bind(&eater.id)
            .bind(i64::from(wished))
            .bind(doing.now.0)
            .execute(&mut *tx)
            .await?;
        let of = ("meal_eaters", eater.id.as_str());
        note(&mut tx, AuditAct::MealCareCallChanged, of, eater.resident.as_deref(), doing).await?;
        Self::answer_key(&mut tx, doing.key, &eater.id).await?;
        Ok(tx.commit().await?)
    }

    /// Makes a call for each who wished it and missed two meals in a row; gives how many were made.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn make_meal_calls(&self, now: Instant) -> Result<u64, StoreError> {
        let today = now.shanghai_date();
        let from = today.checked_sub(LOOKED_AT_DAYS.days()).unwrap_or(today);
        let eaters: Vec<String> = sqlx::query_scalar(
            "select e.id from meal_eaters e where e.care_call = 1 \
             and exists (select 1 from meal_orders o where o.eater = e.id and o.state = 'reserved' \
             and o.day >= $1 and o.day <= $2) \
             and not exists (select 1 from meal_calls c where c.eater = e.id and c.done_at is null) order by e.id",
        )
        .bind(from.to_string())
        .bind(today.to_string())
        .fetch_all(&self.reader)
        .await?;
        if eaters.is_empty() {
            return Ok(0);
        }
        let services = self.all_meal_services().await?;
        let is_over = |point: &str, (day, kind): MealTime| {
            let service = services.iter().find(|(of, service)| of == point && service.kind == kind);
            let ends = service.map_or(24 * 60, |(_, service)| i64::from(service.ends));
            Instant::shanghai_midnight(day).0 + ends * 60_000 + MISSED_AFTER_MS <= now.0
        };
        let mut made = 0;
        for eater in eaters {
            let meals = self.meals_of(&eater, from).await?;
            let past: Vec<_> = meals
                .iter()
                .filter(|meal| {
                    meal.state != MealState::Cancelled && is_over(&meal.point, (meal.day, meal.kind))
                })
                .map(|meal| {
                    // A code that was scanned without a network is a meal that somebody has had.
                    let eaten = meal.state == MealState::HandedOut || meal.scanned.is_some();
                    ((meal.day, meal.kind), eaten)
                })
                .collect();
            let told = self.last_meal_call(&eater).await?;
            if let Some(missed) = missed_in_row(&past, told) {
                made += self.make_meal_call(&eater, missed, now).await?;
            }
        }
        Ok(made)
    }

    async fn last_meal_call(&self, eater: &str) -> Result<Option<MealTime>, StoreError> {
        let row = sqlx::query(
            "select last_day, last_kind from meal_calls where eater = $1 order by made_at desc, id desc limit 1",
        )
        .bind(eater)
        .fetch_optional(&self.reader)
        .await?;
        row.as_ref().map(|row| time_in(row, ("last_day", "last_kind"))).transpose()
    }

    async fn make_meal_call(
        &self,
        eater: &str,
        (first, last): (MealTime, MealTime),
        now: Instant,
    ) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let id = new_id(now)?;
        // Two servers that find it at one moment make one call.
        let made = sqlx::query(
            "insert into meal_calls (id, eater, first_day, first_kind, last_day, last_kind, made_at) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        )
        .bind(&id)
        .bind(eater)
        .bind(first.0.to_string())
        .bind(first.1.as_str())
        .bind(last.0.to_string())
        .bind(last.1.as_str())
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if made.rows_affected() == 1 {
            let eater = self.eater_in(&mut tx, eater).await?;
            let entry = AuditEntry {
                area: app::domain::area::district(),
                actor: &Actor::System,
                on_behalf_of: None,
                act: AuditAct::MealCallMade,
                object_kind: "meal_calls",
                object: &id,
                subject: eater.resident.as_deref(),
                purpose: app::domain::audit::Purpose::Operation,
            };
            Self::note(&mut tx, &entry, now).await?;
        }
        tx.commit().await?;
        Ok(made.rows_affected())
    }

    /// The calls to those who live in communities whose codes begin so: the open ones, the oldest first, and those that were done
    /// from a moment on.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meal_calls(&self, area: &str, since: Instant) -> Result<Vec<MealCall>, StoreError> {
        let rows = sqlx::query(calls!(
            "where e.community like $1 || '%' and (c.done_at is null or c.done_at >= $2) \
             order by case when c.done_at is null then 0 else 1 end, c.made_at, c.id limit 500"
        ))
        .bind(area)
        .bind(since.0)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| self.call_of(row)).collect()
    }

    /// One call.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn meal_call(&self, id: &str) -> Result<MealCall, StoreError> {
        let row = sqlx::query(calls!("where c.id = $1")).bind(id).fetch_one(&self.reader).await?;
        self.call_of(&row)
    }

    /// Keeps what a call found, once.
    ///
    /// # Errors
    /// [`MealRefusal::Over`] where somebody did it before.
    pub(crate) async fn finish_meal_call(
        &self,
        id: &str,
        report: &CallReport,
        doing: &Doing<'_>,
    ) -> Result<(), MealRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "meal_call_done", doing.now).await?.is_some() {
            return Ok(());
        }
        let words = report.note.as_ref();
        let words = words.map(|words| self.sealer.seal_json(note_place(id), words)).transpose()?;
        let done = sqlx::query(
            "update meal_calls set outcome = $2, note = $3, done_by = $4, done_at = $5 \
             where id = $1 and done_at is null",
        )
        .bind(id)
        .bind(report.outcome.as_str())
        .bind(words)
        .bind(&doing.owner.0)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(MealRefusal::Over);
        }
        note(&mut tx, AuditAct::MealCallDone, ("meal_calls", id), None, doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }

    /// What was found by calls to somebody, with the day.
    ///
    /// # Errors
    /// The database failed.
    pub(in crate::store) async fn calls_of_eater(
        &self,
        eater: &str,
    ) -> Result<Vec<(Date, CallReport)>, StoreError> {
        let rows = sqlx::query(calls!("where c.eater = $1 and c.done_at is not null order by c.made_at"))
            .bind(eater)
            .fetch_all(&self.reader)
            .await?;
        let mut calls = Vec::with_capacity(rows.len());
        for row in &rows {
            calls.extend(self.call_of(row)?.done.map(|(at, report)| (at.shanghai_date(), report)));
        }
        Ok(calls)
    }
}
