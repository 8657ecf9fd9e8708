//! Proof that a service was given: by the served person's code, or by the community worker who knows.

use app::domain::audit::AuditAct;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::domain::timebank::NeedState;
use sqlx::{Any, Transaction};

use super::doing::{Doing, NeedRefusal, note};
use super::needs::Need;
use crate::store::{Store, StoreError};

impl Store {
    /// Begins or ends a service (签到, 签退): the volunteer typed the code that the served person has.
    ///
    /// # Errors
    /// See [`NeedRefusal`].
    pub(crate) async fn sign_service(
        &self,
        id: &str,
        (resident, code): (&str, &str),
        doing: &Doing<'_>,
    ) -> Result<NeedState, NeedRefusal> {
        let mut tx = self.write().await?;
        let need = self.need_inside(&mut tx, id).await?;
        if let Some(done) = Self::take_key(&mut tx, doing.key, doing.owner, "time_sign", doing.now).await? {
            return NeedState::parse(&done).ok_or(NeedRefusal::Gone);
        }
        if need.helper.as_deref() != Some(resident) {
            return Err(NeedRefusal::Gone);
        }
        if need.code.as_deref() != Some(code) {
            return Err(NeedRefusal::Code);
        }
        // 志愿服务条例 17: the insurance comes first. Staff who know may still record what was done.
        if need.state == NeedState::Taken
            && need.kind.insurance
            && !self.is_insured(&mut tx, resident, doing.now.shanghai_date()).await?
        {
            return Err(NeedRefusal::NotInsured);
        }
        let (state, done) = match need.state {
            NeedState::Taken => (
                NeedState::Started,
                sqlx::query(
                    "update time_needs set state = 'started', began_at = $2, changed_at = $2 \
                     where id = $1 and state = 'taken'",
                ),
            ),
            NeedState::Started if need.began_at.is_some_and(|began| doing.now.0 - began.0 < 60_000) => {
                return Err(NeedRefusal::TooShort);
            }
            NeedState::Started => (
                NeedState::Ended,
                sqlx::query(
                    "update time_needs set state = 'ended', over_at = $2, proof = 'code', changed_at = $2 \
                     where id = $1 and state = 'started'",
                ),
            ),
            _ => return Err(NeedRefusal::Gone),
        };
        if done.bind(id).bind(doing.now.0).execute(&mut *tx).await?.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        if state == NeedState::Ended {
            self.ask_served(&mut tx, &need, need.began_at, doing.now).await?;
        }
        let act =
            if state == NeedState::Started { AuditAct::TimeServiceBegun } else { AuditAct::TimeServiceEnded };
        note(&mut tx, act, (&need.area, id), Some(resident), doing).await?;
        Self::answer_key(&mut tx, doing.key, state.as_str()).await?;
        tx.commit().await?;
        Ok(state)
    }

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
             changed_at = $4 where id = $1 and state in ('taken', 'started', 'disputed')",
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
        began: Option<Instant>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let minutes = began.map_or(0, |began| (now.0 - began.0) / 60_000);
        let minutes = app::domain::timebank::minutes_text(minutes);
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
         and coalesce(began_at, starts_at) < $4 and coalesce(over_at, ends_at) > $3 limit 1",
    )
    .bind(helper)
    .bind(but)
    .bind(from.0)
    .bind(to.0)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(other.is_some())
}
