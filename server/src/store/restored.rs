//! What has to happen in a database that came back from a copy.

use app::domain::time::Instant;

use super::{Store, StoreError};

impl Store {
    /// Opens what the keys seal, and ends what must not live on from the day of the copy: sessions, codes, visits. Gives
    /// the number of residents' accounts.
    ///
    /// # Errors
    /// The keys are not those of this database, or the database failed; nothing is changed then.
    pub(crate) async fn settle_after_restore(&self, now: Instant) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let people: Vec<String> =
            sqlx::query_scalar("select person from person_keys order by person").fetch_all(&mut *tx).await?;
        for person in &people {
            self.person_sealer(&mut tx, person).await?;
        }
        for ended in [
            "delete from resident_sessions",
            "delete from staff_sessions",
            "delete from sign_in_codes",
            "delete from provider_sign_ins",
        ] {
            sqlx::query(ended).execute(&mut *tx).await?;
        }
        sqlx::query("update counter_visits set ended_at = $1 where ended_at is null")
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
        let accounts: i64 = sqlx::query_scalar("select count(*) from residents where closed_at is null")
            .fetch_one(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(accounts.unsigned_abs())
    }
}
