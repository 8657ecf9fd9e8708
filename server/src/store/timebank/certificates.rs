//! Certificates of service (服务证明): what was really given, signed, and kept as it was signed.

use app::domain::area::district;
use app::domain::audit::AuditAct;
use app::domain::time::Instant;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::doing::{Doing, NeedRefusal, note};
use super::needs::{Need, place};
use crate::store::confirmations::{Belongs, NewConfirmation, insert_confirmation};
use crate::store::{Store, StoreError};

/// One service on a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CertificateLine {
    /// 2026-12-01
    pub(crate) day: String,
    /// Street and community in words.
    pub(crate) place: String,
    /// What was done.
    pub(crate) kind: String,
    /// The minutes really spent.
    pub(crate) minutes: i64,
}

/// A certificate as it was made.
#[derive(Clone, Debug)]
pub(crate) struct KeptCertificate {
    /// Its number.
    pub(crate) number: String,
    /// A year, or empty for all.
    pub(crate) year: String,
    /// The minutes of all services on it.
    pub(crate) minutes: i64,
    /// The services.
    pub(crate) lines: Vec<CertificateLine>,
    /// When it was made.
    pub(crate) made_at: Instant,
    /// The signed token; empty where the confirmation was ended.
    pub(crate) token: String,
    /// 8 signs.
    pub(crate) short_code: String,
}

impl Store {
    /// Every confirmed service that a resident gave, the oldest first; what was put right to nothing is none.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn given_services(&self, resident: &str) -> Result<Vec<Need>, StoreError> {
        let mut needs = self.needs_given(resident).await?;
        needs.retain(|need| need.true_minutes().is_some_and(|minutes| minutes > 0));
        Ok(needs)
    }

    /// Keeps a certificate that was signed.
    ///
    /// # Errors
    /// The database failed, or the key came with another body.
    pub(crate) async fn keep_certificate(
        &self,
        resident: &str,
        (number, year): (&str, &str),
        lines: &[CertificateLine],
        confirmation: &NewConfirmation,
        doing: &Doing<'_>,
    ) -> Result<String, NeedRefusal> {
        let mut tx = self.write().await?;
        if let Some(number) =
            Self::take_key(&mut tx, doing.key, doing.owner, "time_certificate", doing.now).await?
        {
            return Ok(number);
        }
        let belongs = Belongs { resident: Some(resident), ..Belongs::default() };
        insert_confirmation(&mut tx, confirmation, &belongs).await?;
        sqlx::query(
            "insert into time_certificates (number, resident, year, minutes, lines, confirmation, made_at) \
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(number)
        .bind(resident)
        .bind(year)
        .bind(lines.iter().map(|line| line.minutes).sum::<i64>())
        .bind(self.sealer.seal_json(place("time_certificates.lines", number), &lines)?)
        .bind(&confirmation.id)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        let object = (district(), confirmation.id.as_str());
        note(&mut tx, AuditAct::ConfirmationIssued, object, Some(resident), doing).await?;
        Self::answer_key(&mut tx, doing.key, number).await?;
        tx.commit().await?;
        Ok(number.to_owned())
    }

    /// A resident's own certificate.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn certificate(
        &self,
        resident: &str,
        number: &str,
    ) -> Result<KeptCertificate, StoreError> {
        let row = sqlx::query(
            "select t.number, t.year, t.minutes, t.lines, t.made_at, c.token, c.short_code from time_certificates t \
             join confirmations c on c.id = t.confirmation where t.resident = $1 and t.number = $2",
        )
        .bind(resident)
        .bind(number)
        .fetch_one(&self.reader)
        .await?;
        let lines: Vec<u8> = row.try_get("lines")?;
        Ok(KeptCertificate {
            number: row.try_get("number")?,
            year: row.try_get("year")?,
            minutes: row.try_get("minutes")?,
            lines: self.sealer.open_json(place("time_certificates.lines", number), &lines)?,
            made_at: Instant(row.try_get("made_at")?),
            token: row.try_get("token")?,
            short_code: row.try_get("short_code")?,
        })
    }

    /// The certificates that a resident has, the newest first: number, year, when.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn certificates_of(
        &self,
        resident: &str,
    ) -> Result<Vec<(String, String, Instant)>, StoreError> {
        let rows: Vec<(String, String, i64)> = sqlx::query_as(
            "select number, year, made_at from time_certificates where resident = $1 order by made_at desc, number limit 50",
        )
        .bind(resident)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(|(number, year, at)| (number, year, Instant(at))).collect())
    }
}
