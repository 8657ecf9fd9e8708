//! Accident insurances of volunteers: entered by staff, looked at before a service that may be dangerous begins.

use app::domain::audit::AuditAct;
use app::domain::time::Instant;
use app::domain::timebank::Insurance;
use jiff::civil::Date;
use sqlx::{Any, Transaction};

use super::doing::{Doing, NeedRefusal, note};
use super::needs::{Need, place};
use crate::store::{Store, StoreError};

impl Store {
    fn open_insurance(&self, resident: &str, sealed: &[u8]) -> Result<Insurance, StoreError> {
        Ok(self.sealer.open_json(place("time_volunteers.insurance", resident), sealed)?)
    }

    /// The insurance of a volunteer; `None` where none was entered.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn insurance(&self, resident: &str) -> Result<Option<Insurance>, StoreError> {
        let sealed: Option<Option<Vec<u8>>> =
            sqlx::query_scalar("select insurance from time_volunteers where resident = $1")
                .bind(resident)
                .fetch_optional(&self.reader)
                .await?;
        sealed.flatten().map(|sealed| self.open_insurance(resident, &sealed)).transpose()
    }

    /// Whether a volunteer is insured on a day.
    pub(super) async fn is_insured(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        day: Date,
    ) -> Result<bool, StoreError> {
        // Days as text sort as days.
        let found: Option<String> = sqlx::query_scalar(
            "select resident from time_volunteers where resident = $1 and insured_until >= $2",
        )
        .bind(resident)
        .bind(day.to_string())
        .fetch_optional(&mut **tx)
        .await?;
        Ok(found.is_some())
    }

    /// Services of a place to come and under way for which an insurance is needed, those of whoever has none first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn services_to_insure(
        &self,
        place: &str,
        now: Instant,
    ) -> Result<Vec<(Need, Option<Insurance>)>, StoreError> {
        let mut found = Vec::new();
        for need in self.needs_at(place).await? {
            let going = need.over_at.is_none() && need.ends_at.0 > now.0 - 24 * 3_600_000;
            let Some(helper) = need.helper.clone().filter(|_| need.kind.insurance && going) else { continue };
            let insurance = self.insurance(&helper).await?;
            found.push((need, insurance));
        }
        found.sort_by_key(|(need, insurance)| {
            let covered =
                insurance.as_ref().is_some_and(|insurance| insurance.covers(need.starts_at.shanghai_date()));
            (covered, need.starts_at)
        });
        Ok(found)
    }

    /// Enters the insurance of the volunteer who goes to a need.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] where nobody goes any more.
    pub(crate) async fn keep_insurance(
        &self,
        need: &str,
        insurance: &Insurance,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_insurance", doing.now).await?.is_some() {
            return Ok(());
        }
        let need = self.need_inside(&mut tx, need).await?;
        let Some(helper) = &need.helper else { return Err(NeedRefusal::Gone) };
        let done = sqlx::query(
            "update time_volunteers set insured_until = $2, insurance = $3, changed_at = $4 where resident = $1",
        )
        .bind(helper)
        .bind(insurance.until.to_string())
        .bind(self.sealer.seal_json(place("time_volunteers.insurance", helper), insurance)?)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        note(&mut tx, AuditAct::TimeInsured, (&need.area, &need.id), Some(helper), doing).await?;
        Self::answer_key(&mut tx, doing.key, &need.id).await?;
        Ok(tx.commit().await?)
    }
}
