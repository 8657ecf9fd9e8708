//! Tries that may go wrong, counted by the hour in the database: a restart forgives nothing.

use app::domain::time::Instant;

use super::{Store, StoreError};

const HOUR: i64 = 3_600_000;

impl Store {
    /// Counts one try of `subject` (a number, an address, a link; it is kept as a keyed hash) and tells how many
    /// there were in this hour, this one included. Counted before the act, so that tries at the same moment
    /// can't slip through.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn count_try(&self, subject: &str, now: Instant) -> Result<i64, StoreError> {
        let mut tx = self.write().await?;
        let wrong: i64 = sqlx::query_scalar(
            "insert into tries (subject, hour, wrong) values ($1, $2, 1) \
             on conflict (subject, hour) do update set wrong = tries.wrong + 1 returning wrong",
        )
        .bind(self.sealer.index("tries.subject", subject))
        .bind(now.0 / HOUR)
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(wrong)
    }

    /// As [`Self::count_try`], by the day.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn count_try_of_day(&self, subject: &str, now: Instant) -> Result<i64, StoreError> {
        self.count_try(subject, Instant(now.0 - now.0.rem_euclid(24 * HOUR))).await
    }

    /// As [`Self::forgive_try`], by the day.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn forgive_try_of_day(&self, subject: &str, now: Instant) -> Result<(), StoreError> {
        self.forgive_try(subject, Instant(now.0 - now.0.rem_euclid(24 * HOUR))).await
    }

    /// Takes back one try that turned out right.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn forgive_try(&self, subject: &str, now: Instant) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query("update tries set wrong = wrong - 1 where subject = $1 and hour = $2 and wrong > 0")
            .bind(self.sealer.index("tries.subject", subject))
            .bind(now.0 / HOUR)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}
