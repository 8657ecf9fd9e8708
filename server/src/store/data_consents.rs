//! What a resident agreed to apart from what the law asks for, and its withdrawal.

use app::domain::aid::{APPLICANT_ID, ApplicationRecord};
use app::domain::area::district;
use app::domain::audit::{AuditAct, Purpose};
use app::domain::consents::{ConsentKind, current};
use app::domain::time::Instant;
use app::ports::{CheckConsentLine, GivenConsent, SuggestionLine};
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::residents::owner_of;
use super::{Store, StoreError};
use crate::seal::{Place, new_id};

fn entry<'a>(
    actor: &'a Actor,
    act: AuditAct,
    (area, kind, object): (&'a str, &'static str, &'a str),
    resident: &'a str,
) -> AuditEntry<'a> {
    AuditEntry {
        area,
        actor,
        on_behalf_of: None,
        act,
        object_kind: kind,
        object,
        subject: Some(resident),
        purpose: Purpose::Own,
    }
}

impl Store {
    /// Gives or withdraws consents inside the transaction of the act that they are about. Given before, a consent stays
    /// what it was; so does one that was never given.
    ///
    /// # Errors
    /// The database failed.
    pub(super) async fn settle_consents(
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        settled: &[(ConsentKind, bool)],
        now: Instant,
    ) -> Result<(), StoreError> {
        let actor = Actor::Resident(resident.to_owned());
        for (kind, given) in settled {
            let (act, id) = if *given {
                let id = new_id(now)?;
                let made = sqlx::query(
                    "insert into consents (id, resident, kind, version, given_at) values ($1, $2, $3, $4, $5) \
                     on conflict do nothing",
                )
                .bind(&id)
                .bind(resident)
                .bind(kind.as_str())
                .bind(&current(*kind).version)
                .bind(now.0)
                .execute(&mut **tx)
                .await?;
                (AuditAct::ConsentGiven, (made.rows_affected() == 1).then_some(id))
            } else {
                let ended: Option<String> = sqlx::query_scalar(
                    "update consents set withdrawn_at = $1 where resident = $2 and kind = $3 \
                     and withdrawn_at is null returning id",
                )
                .bind(now.0)
                .bind(resident)
                .bind(kind.as_str())
                .fetch_optional(&mut **tx)
                .await?;
                (AuditAct::ConsentWithdrawn, ended)
            };
            if let Some(id) = id {
                let noted = entry(&actor, act, (district(), "consents", &id), resident);
                Self::note(tx, &noted, now).await?;
            }
        }
        Ok(())
    }

    /// Whether a consent holds.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn agreed_to(&self, resident: &str, kind: ConsentKind) -> Result<bool, StoreError> {
        let found = sqlx::query(
            "select 1 as one from consents where resident = $1 and kind = $2 and withdrawn_at is null",
        )
        .bind(resident)
        .bind(kind.as_str())
        .fetch_optional(&self.reader)
        .await?;
        Ok(found.is_some())
    }

    /// Every consent of a resident, the newest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn data_consents(&self, resident: &str) -> Result<Vec<GivenConsent>, StoreError> {
        let rows = sqlx::query(
            "select kind, version, given_at, withdrawn_at from consents where resident = $1 \
             order by given_at desc, id desc",
        )
        .bind(resident)
        .fetch_all(&self.reader)
        .await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            // A kind that was taken out of the program has no text any more.
            let Some(kind) = ConsentKind::parse(row.try_get("kind")?) else { continue };
            lines.push(GivenConsent {
                kind,
                version: row.try_get("version")?,
                given_at: Instant(row.try_get("given_at")?),
                withdrawn_at: row.try_get::<Option<i64>, _>("withdrawn_at")?.map(Instant),
            });
        }
        Ok(lines)
    }

    /// The data checks that this person agreed to: in their own applications, and in those of a household in which their
    /// verified document stands.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn check_consents_of(
        &self,
        resident: &str,
    ) -> Result<Vec<CheckConsentLine>, StoreError> {
        let rows = sqlx::query(
            "select a.area, a.id, a.number, a.aid_item, a.applicant_name, a.owner, c.given_at \
             from check_consents c join applications a on a.area = c.area and a.id = c.application_id \
             where c.given_at is not null and ((a.owner = $1 and c.signatory = $2) or exists \
             (select 1 from household_members m join residents r on r.document_index = m.document_index \
             where m.area = c.area and m.application_id = c.application_id and m.id = c.signatory \
             and r.id = $3 and r.assurance = 'verified')) order by c.given_at desc",
        )
        .bind(owner_of(resident).0)
        .bind(APPLICANT_ID)
        .bind(resident)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let own = row.try_get::<String, _>("owner")? == owner_of(resident).0;
                let at = format!("{}/{}", row.try_get::<String, _>("area")?, row.try_get::<String, _>("id")?);
                Ok(CheckConsentLine {
                    item: row.try_get("aid_item")?,
                    // Another's number opens their case: it isn't told.
                    number: own.then(|| row.try_get("number")).transpose()?,
                    applicant: self.masked_name("applications.applicant_name", &at, row, "applicant_name")?,
                    given_at: Instant(row.try_get("given_at")?),
                })
            })
            .collect()
    }

    /// The applications whose answers may be looked through for other help.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn suggestions_of(&self, resident: &str) -> Result<Vec<SuggestionLine>, StoreError> {
        let rows = sqlx::query(
            "select area, id, number, aid_item, received_at, details from applications where owner = $1 \
             order by received_at desc, id desc",
        )
        .bind(owner_of(resident).0)
        .fetch_all(&self.reader)
        .await?;
        let mut lines = Vec::new();
        for row in &rows {
            let at = format!("{}/{}", row.try_get::<String, _>("area")?, row.try_get::<String, _>("id")?);
            let details: Vec<u8> = row.try_get("details")?;
            let place = Place { column: "applications.details", row: &at };
            if self.sealer.open_json::<ApplicationRecord>(place, &details)?.suggests {
                lines.push(SuggestionLine {
                    item: row.try_get("aid_item")?,
                    number: row.try_get("number")?,
                    given_at: Instant(row.try_get("received_at")?),
                });
            }
        }
        Ok(lines)
    }

    /// An application's answers are looked through for nothing else any more.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an application that isn't this resident's.
    pub(crate) async fn withdraw_suggestions(
        &self,
        resident: &str,
        number: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        // The row's lock is what makes it one writer at a time on PostgreSQL.
        let row = sqlx::query(
            "update applications set state = state where number = $1 and owner = $2 returning area, id, details",
        )
        .bind(number)
        .bind(owner_of(resident).0)
        .fetch_one(&mut *tx)
        .await?;
        let (area, id): (String, String) = (row.try_get("area")?, row.try_get("id")?);
        let at = format!("{area}/{id}");
        let details: Vec<u8> = row.try_get("details")?;
        let place = || Place { column: "applications.details", row: &at };
        let mut record: ApplicationRecord = self.sealer.open_json(place(), &details)?;
        if !record.suggests {
            return Ok(());
        }
        record.suggests = false;
        sqlx::query("update applications set details = $1 where area = $2 and id = $3")
            .bind(self.sealer.seal_json(place(), &record)?)
            .bind(&area)
            .bind(&id)
            .execute(&mut *tx)
            .await?;
        let actor = Actor::Resident(resident.to_owned());
        let noted = entry(&actor, AuditAct::ConsentWithdrawn, (&area, "applications", &id), resident);
        Self::note(&mut tx, &noted, now).await?;
        tx.commit().await?;
        Ok(())
    }
}
