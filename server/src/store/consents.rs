//! Agreement to the data check by link and code, on the adult's own phone.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::name::PersonName;
use app::domain::time::Instant;
use app::ports::ConsentRequest;
use sqlx::Row as _;
use subtle::ConstantTimeEq as _;

use super::audit::{Actor, AuditEntry};
use super::{Store, StoreError};
use crate::seal::Place;

impl Store {
    /// The request behind a link's secret.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn consent_request(&self, secret: &str) -> Result<Option<ConsentRequest>, StoreError> {
        let row = sqlx::query(
            "select c.area, c.application_id, c.signatory, c.name, c.given_at, a.applicant_name \
             from check_consents c join applications a on a.area = c.area and a.id = c.application_id \
             where c.link_hash = $1",
        )
        .bind(self.sealer.index("check_consents.link", secret))
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let area: String = row.try_get("area")?;
        let id: String = row.try_get("application_id")?;
        let signatory: String = row.try_get("signatory")?;
        let consent_row = format!("{area}/{id}/{signatory}");
        Ok(Some(ConsentRequest {
            name: self.masked_name("check_consents.name", &consent_row, &row, "name")?,
            applicant: self.masked_name(
                "applications.applicant_name",
                &format!("{area}/{id}"),
                &row,
                "applicant_name",
            )?,
            given_at: row.try_get::<Option<i64>, _>("given_at")?.map(Instant),
        }))
    }

    /// Gives the agreement, if the code is the link's and the name is the adult's own; tells whether they were.
    /// Given before, it stays as it was.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an unknown link.
    pub(crate) async fn give_consent(
        &self,
        secret: &str,
        code: &str,
        name: &PersonName,
        actor: &Actor,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let hash = self.sealer.index("check_consents.link", secret);
        let row = sqlx::query(
            "select area, application_id, signatory, name, link_secret from check_consents where link_hash = $1",
        )
        .bind(&hash)
        .fetch_one(&mut *tx)
        .await?;
        let area: String = row.try_get("area")?;
        let id: String = row.try_get("application_id")?;
        let signatory: String = row.try_get("signatory")?;
        let at = format!("{area}/{id}/{signatory}");
        let sealed: Vec<u8> = row.try_get("link_secret")?;
        let (_, right): (String, String) =
            self.sealer.open_json(Place { column: "check_consents.link_secret", row: &at }, &sealed)?;
        let sealed_name: Vec<u8> = row.try_get("name")?;
        let own = self.sealer.open_text(Place { column: "check_consents.name", row: &at }, &sealed_name)?;
        let code_fits = bool::from(code.as_bytes().ct_eq(right.as_bytes()));
        let name_fits = bool::from(name.as_str().as_bytes().ct_eq(own.as_bytes()));
        if !(code_fits && name_fits) {
            return Ok(false);
        }
        // The row of the case is the lock under which its events are numbered.
        sqlx::query("update applications set state = state where area = $1 and id = $2")
            .bind(&area)
            .bind(&id)
            .execute(&mut *tx)
            .await?;
        let given =
            sqlx::query("update check_consents set given_at = $1 where link_hash = $2 and given_at is null")
                .bind(now.0)
                .bind(&hash)
                .execute(&mut *tx)
                .await?;
        if given.rows_affected() == 1 {
            sqlx::query(
                "insert into case_events (area, application_id, sequence, kind, at) \
                 select $1, $2, coalesce(max(sequence), 0) + 1, 'consent_given', $3 from case_events \
                 where area = $1 and application_id = $2",
            )
            .bind(&area)
            .bind(&id)
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
            let entry = AuditEntry {
                area: &area,
                actor,
                on_behalf_of: None,
                act: AuditAct::CheckConsentGiven,
                object_kind: "check_consents",
                object: &format!("{id}/{signatory}"),
                subject: None,
                purpose: Purpose::Own,
            };
            Self::note(&mut tx, &entry, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}
