//! Records of service from elsewhere: each is taken in once, and none brings hours, for another bank answers for those.

use app::domain::audit::AuditAct;
use app::domain::timebank::{RawRecord, ServiceRecord};
use sqlx::Row as _;

use super::doing::{Doing, NeedRefusal, note};
use super::needs::place;
use crate::seal::new_id;
use crate::store::{Store, StoreError};

impl Store {
    /// Takes the lines that hold in, and keeps the report with the key, so that a second press shows the same. `report`
    /// makes it from whether each line is new.
    ///
    /// # Errors
    /// The database failed, or the key came with another body.
    pub(crate) async fn import_records(
        &self,
        (resident, street): (&str, &str),
        records: &[ServiceRecord],
        report: impl FnOnce(&[bool]) -> String,
        doing: &Doing<'_>,
    ) -> Result<String, NeedRefusal> {
        let mut tx = self.write().await?;
        if let Some(report) =
            Self::take_key(&mut tx, doing.key, doing.owner, "time_records", doing.now).await?
        {
            return Ok(report);
        }
        let mut new = Vec::with_capacity(records.len());
        for record in records {
            let id = new_id(doing.now)?;
            let raw = RawRecord::of(record);
            let spelled = serde_json::to_vec(&raw).map_err(anyhow::Error::from).map_err(StoreError::Other)?;
            let done = sqlx::query(
                "insert into time_imported_records (id, resident, mark, record, imported_by, imported_at) \
                 values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
            )
            .bind(&id)
            .bind(resident)
            .bind(self.sealer.authenticate("time_imported_records.mark", &spelled))
            .bind(self.sealer.seal_json(place("time_imported_records.record", &id), &raw)?)
            .bind(&doing.owner.0)
            .bind(doing.now.0)
            .execute(&mut *tx)
            .await?;
            new.push(done.rows_affected() == 1);
        }
        let report = report(&new);
        if new.contains(&true) {
            note(&mut tx, AuditAct::TimeRecordsImported, (street, resident), Some(resident), doing).await?;
        }
        Self::answer_key(&mut tx, doing.key, &report).await?;
        tx.commit().await?;
        Ok(report)
    }

    /// What a resident brought from elsewhere, as it was taken in.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn imported_records(&self, resident: &str) -> Result<Vec<RawRecord>, StoreError> {
        let rows = sqlx::query(
            "select id, record from time_imported_records where resident = $1 order by imported_at, id",
        )
        .bind(resident)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let (id, sealed): (String, Vec<u8>) = (row.try_get("id")?, row.try_get("record")?);
                Ok(self.sealer.open_json(place("time_imported_records.record", &id), &sealed)?)
            })
            .collect()
    }

    /// The volunteer whose account has that telephone, with the street of their register.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn volunteer_of_phone(
        &self,
        phone: &app::domain::phone::ContactPhone,
    ) -> Result<Option<(String, String)>, StoreError> {
        Ok(sqlx::query_as(
            "select r.id, v.street from residents r join time_volunteers v on v.resident = r.id \
             where r.phone_index = $1 and r.closed_at is null",
        )
        .bind(self.phone_index(phone))
        .fetch_optional(&self.reader)
        .await?)
    }
}
