//! How long a street's decisions of late took.

use std::collections::BTreeMap;

use app::domain::aid::case::Pause;
use app::domain::aid::usual::{DAYS, half_within, working_days};
use app::domain::calendar::Calendar;
use app::domain::time::Instant;
use sqlx::Row as _;

use super::{Store, StoreError};

impl Store {
    /// The working days within which half of a street's cases of the last 90 days were decided, without the time that waited
    /// for the residents; `None` where too few were.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn usual_days(&self, area: &str, now: Instant) -> Result<Option<u32>, StoreError> {
        let since = now.0 - DAYS * 24 * 3_600_000;
        let asked = sqlx::query(
            "select c.application_id, c.asked_at, c.answered_at from case_decisions d join case_corrections c \
             on c.area = d.area and c.application_id = d.application_id where d.area = $1 and d.decided_at >= $2",
        )
        .bind(area)
        .bind(since)
        .fetch_all(&self.reader)
        .await?;
        let mut pauses: BTreeMap<String, Vec<Pause>> = BTreeMap::new();
        for row in &asked {
            let until: Option<i64> = row.try_get("answered_at")?;
            pauses.entry(row.try_get("application_id")?).or_default().push(Pause {
                from: Instant(row.try_get("asked_at")?).shanghai_date(),
                until: until.map(|at| Instant(at).shanghai_date()),
            });
        }
        let decided = sqlx::query(
            "select d.application_id, d.decided_at, a.received_at from case_decisions d \
             join applications a on a.area = d.area and a.id = d.application_id where d.area = $1 and d.decided_at >= $2 \
             and not exists (select 1 from case_rechecks r where r.area = d.area and r.application_id = d.application_id \
             and r.outcome = 'reopened' and r.opinion < d.opinion)",
        )
        .bind(area)
        .bind(since)
        .fetch_all(&self.reader)
        .await?;
        let mut days = Vec::with_capacity(decided.len());
        for row in &decided {
            let waited =
                pauses.get(row.try_get::<&str, _>("application_id")?).map(Vec::as_slice).unwrap_or_default();
            let day = |column: &str| Ok::<_, StoreError>(Instant(row.try_get(column)?).shanghai_date());
            // A case that reaches beyond the holiday calendar can't be counted, and so is none.
            days.extend(working_days(day("received_at")?, day("decided_at")?, waited, Calendar::embedded()));
        }
        Ok(half_within(days))
    }
}
