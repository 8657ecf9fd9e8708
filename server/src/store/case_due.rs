//! The latest day of a case as the work list sorts by it: worked out anew with each act, from the limit and the times in which
//! the resident was waited for.

use app::domain::aid::case::{CaseState, Pause, latest_day};
use app::domain::aid::{Limit, LimitPolicy};
use app::domain::calendar::Calendar;
use app::domain::time::Instant;
use jiff::civil::Date;
use sqlx::{Any, Row as _, Transaction};

use super::case_acts::CaseRef;
use super::cases::{limit_in, unknown};
use super::{Store, StoreError};

/// What stands in `cases.due_day` where there is no day.
pub(crate) const NO_DAY: i64 = 99_991_231;

/// A day as a number that sorts like it: 20261126.
pub(crate) fn day_number(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// The day of a number; `None` where there is no day.
pub(crate) fn day_of(number: i64) -> Option<Date> {
    if number == NO_DAY {
        return None;
    }
    let part = |part: i64| i8::try_from(part).ok();
    Date::new(i16::try_from(number / 10_000).ok()?, part(number / 100 % 100)?, part(number % 100)?).ok()
}

/// What stands in `cases.due_day` for a case that just came in.
pub(super) fn due_at_first(limit: LimitPolicy, received: Date) -> i64 {
    number_of(limit.latest_day(received, Calendar::embedded()))
}

fn number_of(limit: Limit) -> i64 {
    match limit {
        Limit::On(day) => day_number(day),
        Limit::NotSet | Limit::BeyondCalendar(_) => NO_DAY,
    }
}

impl Store {
    /// Brings what the work list sorts by up to what just happened.
    pub(super) async fn keep_due(
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        now: Instant,
    ) -> Result<(), StoreError> {
        let row = sqlx::query(
            "select k.state, a.received_at, coalesce((select e.working_days from case_extensions e where e.area = a.area \
             and e.application_id = a.id), a.limit_working_days) as limit_working_days, a.limit_sample from cases k \
             join applications a on a.area = k.area and a.id = k.application_id where k.area = $1 and k.application_id = $2",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_one(&mut **tx)
        .await?;
        let state = CaseState::parse(row.try_get("state")?).ok_or(unknown("cases.state"))?;
        let received_at = Instant(row.try_get("received_at")?);
        let due = match state {
            CaseState::CorrectionRequested => NO_DAY,
            state if !state.is_open() => NO_DAY,
            _ => {
                let pauses = Self::pauses_of(tx, case).await?;
                let (received, today) = (received_at.shanghai_date(), now.shanghai_date());
                number_of(latest_day(limit_in(&row)?, received, &pauses, today, Calendar::embedded()))
            }
        };
        let open_since = state.is_open().then_some(received_at.0);
        sqlx::query("update cases set open_since = $3, due_day = $4 where area = $1 and application_id = $2")
            .bind(&case.area)
            .bind(&case.id)
            .bind(open_since)
            .bind(due)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    async fn pauses_of(tx: &mut Transaction<'static, Any>, case: &CaseRef) -> Result<Vec<Pause>, StoreError> {
        let rows = sqlx::query(
            "select asked_at, answered_at from case_corrections where area = $1 and application_id = $2 \
             union all select d.decided_at, r.answered_at from case_rechecks r join case_decisions d \
             on d.area = r.area and d.application_id = r.application_id and d.opinion = r.opinion \
             where r.area = $1 and r.application_id = $2 and r.outcome = 'reopened' order by 1",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_all(&mut **tx)
        .await?;
        rows.iter()
            .map(|row| {
                let until: Option<i64> = row.try_get("answered_at")?;
                Ok(Pause {
                    from: Instant(row.try_get("asked_at")?).shanghai_date(),
                    until: until.map(|at| Instant(at).shanghai_date()),
                })
            })
            .collect()
    }

    /// Works the latest days out that are missing although a limit holds: those of cases from before they were kept, and those
    /// that lay beyond the holiday calendar until the next year's was loaded. Gives how many were found.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn find_missing_due(&self, now: Instant) -> Result<u64, StoreError> {
        let rows = sqlx::query(
            "select k.area, k.application_id, a.number from cases k join applications a on a.area = k.area and a.id = k.application_id \
             where k.open_since is not null and k.due_day = 99991231 and k.state <> 'correction_requested' \
             and a.limit_working_days is not null order by k.open_since limit 1000",
        )
        .fetch_all(&self.reader)
        .await?;
        let mut found = 0;
        for row in &rows {
            let case = CaseRef {
                area: row.try_get("area")?,
                id: row.try_get("application_id")?,
                number: row.try_get("number")?,
            };
            let mut tx = self.write().await?;
            Self::keep_due(&mut tx, &case, now).await?;
            tx.commit().await?;
            found += 1;
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_and_its_number_sort_alike_and_come_back() {
        assert_eq!(day_number(date(2026, 11, 26)), 20_261_126);
        assert!(day_number(date(2026, 12, 31)) < day_number(date(2027, 1, 1)));
        assert_eq!(day_of(20_261_126), Some(date(2026, 11, 26)));
        assert_eq!(day_of(NO_DAY), None);
        assert_eq!(day_of(20_261_340), None);
    }
}
