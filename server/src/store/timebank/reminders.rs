//! What happens to needs with time: both people are reminded before, and whom it was for is forgotten long after.

use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::domain::timebank::Served;
use sqlx::{Any, Transaction};

use super::needs::place;
use crate::store::{Store, StoreError};

const HOUR_MS: i64 = 3_600_000;

/// So long before it begins the two are reminded.
const BEFORE_MS: i64 = 24 * HOUR_MS;

/// Who said yes within so long needs no reminder yet.
const SETTLED_MS: i64 = 4 * HOUR_MS;

impl Store {
    /// Reminds both people of services that begin within a day, once each; gives how many services it were.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn remind_services(&self, now: Instant) -> Result<usize, StoreError> {
        let due: Vec<String> = sqlx::query_scalar(
            "select id from time_needs where state = 'taken' and starts_at > $1 and starts_at <= $2 \
             and reminded_at is null and changed_at <= $3 order by starts_at, id limit 200",
        )
        .bind(now.0)
        .bind(now.0 + BEFORE_MS)
        .bind(now.0 - SETTLED_MS)
        .fetch_all(&self.reader)
        .await?;
        let mut told = 0;
        for id in &due {
            let mut tx = self.write().await?;
            // Another server may do the same round; who came first reminds.
            let mine = sqlx::query(
                "update time_needs set reminded_at = $2 where id = $1 and state = 'taken' and reminded_at is null",
            )
            .bind(id)
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
            if mine.rows_affected() == 1 {
                let need = self.need_inside(&mut tx, id).await?;
                let when = need.starts_at.shanghai_text();
                if let Some(helper) = &need.helper {
                    let link = format!("/timebank/needs/{id}");
                    self.tell(&mut tx, helper, &Notice::TimeGoSoon { when: when.clone() }, Some(&link), now)
                        .await?;
                }
                self.tell_served(&mut tx, &need, &Notice::TimeComeSoon { when }, now).await?;
                told += 1;
            }
            tx.commit().await?;
        }
        Ok(told)
    }

    /// Whom a need was for goes; what was done stays as the volunteer's record.
    pub(super) async fn forget_served(
        &self,
        tx: &mut Transaction<'static, Any>,
        id: &str,
    ) -> Result<(), StoreError> {
        let nobody = self.sealer.seal_json(place("time_needs.served", id), &Served::default())?;
        sqlx::query(
            "update time_needs set served = $2, elder = null, code = null, phone_key = null, dispute = null, forgotten = 1 \
             where id = $1",
        )
        .bind(id)
        .bind(nobody)
        .execute(&mut **tx)
        .await?;
        sqlx::query("delete from time_signs where need = $1").bind(id).execute(&mut **tx).await?;
        Ok(())
    }

    /// Deletes needs that came to nothing before `before`, and forgets whom those were for that count; gives how many.
    pub(in crate::store) async fn retire_needs(
        &self,
        tx: &mut Transaction<'static, Any>,
        before: Instant,
        count: i64,
    ) -> Result<u64, StoreError> {
        sqlx::query(
            "delete from time_signs where need in (select n.id from time_needs n where n.state = 'cancelled' \
             and n.changed_at < $1 and n.payer is null)",
        )
        .bind(before.0)
        .execute(&mut **tx)
        .await?;
        // What the ledger names stays: an order that was cancelled is one side of two entries.
        let gone = sqlx::query(
            "delete from time_needs where id in (select n.id from time_needs n where n.state = 'cancelled' \
             and n.changed_at < $1 and n.payer is null limit $2)",
        )
        .bind(before.0)
        .bind(count)
        .execute(&mut **tx)
        .await?;
        let over: Vec<String> = sqlx::query_scalar(
            "select id from time_needs where forgotten = 0 and ((state = 'confirmed' and confirmed_at < $1) \
             or (state = 'cancelled' and changed_at < $1)) limit $2",
        )
        .bind(before.0)
        .bind(count)
        .fetch_all(&mut **tx)
        .await?;
        for id in &over {
            self.forget_served(tx, id).await?;
        }
        let events = self.retire_events(tx, before, count).await?;
        Ok(gone.rows_affected() + over.len() as u64 + events)
    }
}
