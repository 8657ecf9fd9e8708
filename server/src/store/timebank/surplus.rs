//! What services brought above the cap on what one person holds: offered to the volunteer to give to the pool. The ledger
//! knows nothing of it before.

use app::domain::area::district;
use app::domain::audit::AuditAct;
use app::domain::time::Instant;
use app::domain::timebank::{Account, AccountKind, EntryKind, Minutes, Movement};
use sqlx::{Any, Transaction};

use super::confirmation::POOL;
use super::doing::{Doing, NeedRefusal, note};
use crate::store::{Store, StoreError};

/// Offers what a service brought above the cap.
pub(super) async fn offer_surplus(
    tx: &mut Transaction<'static, Any>,
    service: &str,
    (resident, minutes, true_minutes): (&str, Minutes, Minutes),
    now: Instant,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into time_surplus (service, resident, minutes, true_minutes, state, offered_at) \
         values ($1, $2, $3, $4, 'offered', $5)",
    )
    .bind(service)
    .bind(resident)
    .bind(minutes.get())
    .bind(true_minutes.get())
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What a service brought that is still offered.
pub(super) async fn offered_surplus(
    tx: &mut Transaction<'static, Any>,
    service: &str,
) -> Result<i64, StoreError> {
    let minutes: Option<i64> =
        sqlx::query_scalar("select minutes from time_surplus where service = $1 and state = 'offered'")
            .bind(service)
            .fetch_optional(&mut **tx)
            .await?;
    Ok(minutes.unwrap_or(0))
}

/// Takes a part of an offer back, for the service was shorter.
pub(super) async fn lessen_surplus(
    tx: &mut Transaction<'static, Any>,
    service: &str,
    less: i64,
) -> Result<(), StoreError> {
    if less == 0 {
        return Ok(());
    }
    for statement in [
        "delete from time_surplus where service = $1 and state = 'offered' and minutes <= $2",
        "update time_surplus set minutes = minutes - $2 where service = $1 and state = 'offered'",
    ] {
        if sqlx::query(statement).bind(service).bind(less).execute(&mut **tx).await?.rows_affected() > 0 {
            break;
        }
    }
    Ok(())
}

impl Store {
    /// How many minutes above the cap somebody may give.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn surplus(&self, resident: &str) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(
            "select cast(coalesce(sum(minutes), 0) as bigint) from time_surplus where resident = $1 and state = 'offered'",
        )
        .bind(resident)
        .fetch_one(&self.reader)
        .await?)
    }

    /// Gives all that is offered to the pool, or leaves it: then it stands in the record of service alone. Gives how many
    /// minutes it was.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] where nothing is offered.
    pub(crate) async fn settle_surplus(
        &self,
        resident: &str,
        give: bool,
        doing: &Doing<'_>,
    ) -> Result<i64, NeedRefusal> {
        let mut tx = self.write().await?;
        if let Some(minutes) =
            Self::take_key(&mut tx, doing.key, doing.owner, "time_surplus", doing.now).await?
        {
            return Ok(minutes.parse().unwrap_or(0));
        }
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "update time_surplus set state = $2, settled_at = $3 where resident = $1 and state = 'offered' \
             returning service, minutes, true_minutes",
        )
        .bind(resident)
        .bind(if give { "given" } else { "left" })
        .bind(doing.now.0)
        .fetch_all(&mut *tx)
        .await?;
        if rows.is_empty() {
            return Err(NeedRefusal::Gone);
        }
        let mut sum = 0;
        for (service, minutes, true_minutes) in rows {
            sum += minutes;
            let (Some(minutes), Some(true_minutes)) = (Minutes::new(minutes), Minutes::new(true_minutes))
            else {
                continue;
            };
            if give {
                let pool = Account::of(AccountKind::Pool, POOL);
                let from = Account::only(AccountKind::Issuance);
                // The second part of the same service, which earns once.
                let movement = Movement {
                    true_minutes,
                    ..Movement::plain(EntryKind::Earned, from, pool, minutes)
                        .for_service(&format!("{service}/pool"))
                };
                self.post_time(&mut tx, district(), &movement, doing.now).await?;
            }
        }
        note(&mut tx, AuditAct::TimeSurplusSettled, (district(), resident), Some(resident), doing).await?;
        Self::answer_key(&mut tx, doing.key, &sum.to_string()).await?;
        tx.commit().await?;
        Ok(sum)
    }
}
