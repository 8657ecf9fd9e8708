//! Proof that a service was given by the community worker who knows; by the volunteer's device, see `signing`.

use app::domain::audit::AuditAct;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use sqlx::{Any, Transaction};

use super::doing::{Doing, NeedRefusal, note};
use super::needs::Need;
use crate::store::{Store, StoreError};

impl Store {
    /// The community worker who knows enters when it was, also anew after a dispute.
    ///
    /// # Errors
    /// See [`NeedRefusal`].
    pub(crate) async fn record_service(
        &self,
        id: &str,
        (began, over): (Instant, Instant),
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        if over.0 - began.0 < 60_000 || over > doing.now {
            return Err(NeedRefusal::TooShort);
        }
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_record", doing.now).await?.is_some() {
            return Ok(());
        }
        let need = self.need_inside(&mut tx, id).await?;
        let Some(helper) = &need.helper else { return Err(NeedRefusal::Gone) };
        sqlx::query("update time_volunteers set changed_at = changed_at where resident = $1")
            .bind(helper)
            .execute(&mut *tx)
            .await?;
        if overlaps(&mut tx, helper, id, (began, over)).await? {
            return Err(NeedRefusal::Overlap);
        }
        let done = sqlx::query(
            "update time_needs set state = 'ended', began_at = $2, over_at = $3, proof = 'staff', dispute = null, \
             offline = 0, clocks_differ = 0, changed_at = $4 where id = $1 and state in ('taken', 'started', 'disputed')",
        )
        .bind(id)
        .bind(began.0)
        .bind(over.0)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        note(&mut tx, AuditAct::TimeServiceEnded, (&need.area, id), Some(helper), doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }

    /// Asks the served person whether it was so. Who has no mobile is called by the community worker.
    pub(super) async fn ask_served(
        &self,
        tx: &mut Transaction<'static, Any>,
        need: &Need,
        (began, over): (Instant, Instant),
        now: Instant,
    ) -> Result<(), StoreError> {
        let minutes = app::domain::timebank::minutes_text((over.0 - began.0) / 60_000);
        self.tell_served(tx, need, &Notice::TimeServiceAsked { minutes }, now).await
    }
}

/// Whether a volunteer has another service in that span: as it was where it is over, as it is planned otherwise.
pub(super) async fn overlaps(
    tx: &mut Transaction<'static, Any>,
    helper: &str,
    but: &str,
    (from, to): (Instant, Instant),
) -> Result<bool, StoreError> {
    let other: Option<String> = sqlx::query_scalar(
        "select id from time_needs where helper = $1 and id <> $2 \
         and state in ('taken', 'started', 'ended', 'disputed', 'confirmed') \
         and coalesce(began_at, starts_at) < $4 and coalesce(over_at, ends_at) > $3 \
         union all select p.event from time_event_places p join time_events e on e.id = p.event \
         where p.resident = $1 and p.event <> $2 and p.state in ('signed', 'here', 'left') and e.state = 'posted' \
         and coalesce(p.in_at, e.starts_at) < $4 and coalesce(p.out_at, e.ends_at) > $3 limit 1",
    )
    .bind(helper)
    .bind(but)
    .bind(from.0)
    .bind(to.0)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(other.is_some())
}
