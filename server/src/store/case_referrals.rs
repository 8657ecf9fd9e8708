//! Consents to hand a contact over to those who help beside public aid, and the handing over.

use app::domain::audit::AuditAct;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::ports::CaseReferral;
use sqlx::Row as _;

use super::case_acts::{CaseRef, Doing, KEY};
use super::{OnlyOnce, Store, StoreError};

impl Store {
    /// Keeps the consent to hand the contact over to these programmes, each by its id and its name of today.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the key was sent with another body.
    pub(crate) async fn consent_referral(
        &self,
        case: &CaseRef,
        programmes: &[(String, String)],
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        for (programme, name) in programmes {
            sqlx::query(
                "insert into case_referrals (area, application_id, programme, name, consented_at) values ($1, $2, $3, $4, $5) \
                 on conflict (area, application_id, programme) do update set consented_at = excluded.consented_at, \
                 name = excluded.name, withdrawn_at = null where case_referrals.withdrawn_at is not null \
                 and case_referrals.handed_at is null",
            )
            .bind(&case.area)
            .bind(&case.id)
            .bind(programme)
            .bind(name)
            .bind(doing.now.0)
            .execute(&mut *tx)
            .await?;
        }
        Self::note_follow_up(&mut tx, case, AuditAct::ConsentGiven, doing).await?;
        Self::answer_key(&mut tx, &doing.key, &case.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(case.number.clone()))
    }

    /// Takes back what was not handed over yet.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn withdraw_referrals(
        &self,
        case: &CaseRef,
        actor: &super::audit::Actor,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let withdrawn = sqlx::query(
            "update case_referrals set withdrawn_at = $3 where area = $1 and application_id = $2 \
             and withdrawn_at is null and handed_at is null",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if withdrawn.rows_affected() > 0 {
            let entry = super::audit::AuditEntry {
                area: &case.area,
                actor,
                on_behalf_of: None,
                act: AuditAct::ConsentWithdrawn,
                object_kind: "case_referrals",
                object: &case.id,
                subject: None,
                purpose: app::domain::audit::Purpose::Own,
            };
            Self::note(&mut tx, &entry, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Says that the contact was handed over to one programme; the person is told.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where there is no consent that holds, it was done before, or the key was sent with another body.
    pub(crate) async fn hand_referral_over(
        &self,
        case: &CaseRef,
        programme: &str,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, _) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let handed = sqlx::query(
            "update case_referrals set handed_at = $4, handed_by = $5 where area = $1 and application_id = $2 \
             and programme = $3 and withdrawn_at is null and handed_at is null",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(programme)
        .bind(doing.now.0)
        .bind(staff)
        .execute(&mut *tx)
        .await?;
        if handed.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        let resident = Self::note_follow_up(&mut tx, case, AuditAct::ReferralHandedOver, doing).await?;
        let notice = Notice::ReferralHandedOver { number: case.number.clone() };
        self.tell_of_case(&mut tx, case, resident.as_deref(), &notice, doing.now).await?;
        Self::answer_key(&mut tx, &doing.key, &case.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(case.number.clone()))
    }

    /// What was agreed to in a case, oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn referrals_of(&self, area: &str, id: &str) -> Result<Vec<CaseReferral>, StoreError> {
        let rows = sqlx::query(
            "select programme, name, consented_at, withdrawn_at, handed_at from case_referrals \
             where area = $1 and application_id = $2 order by consented_at, programme",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(CaseReferral {
                    programme: row.try_get("programme")?,
                    name: row.try_get("name")?,
                    consented_at: Instant(row.try_get("consented_at")?),
                    withdrawn_at: row.try_get::<Option<i64>, _>("withdrawn_at")?.map(Instant),
                    handed_at: row.try_get::<Option<i64>, _>("handed_at")?.map(Instant),
                })
            })
            .collect()
    }
}
