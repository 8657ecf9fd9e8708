//! Complaints and suggestions.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::complaint::Complaint;
use app::domain::time::Instant;
use app::visit::Owner;
use sqlx::Row as _;

use super::audit::{Actor, AuditEntry, district};
use super::{IdempotencyKey, OnlyOnce, Store, StoreError};
use crate::seal::Place;

/// A complaint about to be kept.
#[derive(Debug)]
pub(crate) struct NewComplaint<'a> {
    /// The row's id.
    pub(crate) id: String,
    /// The number that the resident gets.
    pub(crate) number: String,
    /// What was written.
    pub(crate) complaint: &'a Complaint,
    /// When it came in.
    pub(crate) received_at: Instant,
}

fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    Place { column, row }
}

impl Store {
    /// Keeps a complaint once; gives its number.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for the same key with another body, or a number that is taken.
    pub(crate) async fn keep_complaint(
        &self,
        new: &NewComplaint<'_>,
        key: &IdempotencyKey,
        owner: &Owner,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(number) = Self::take_key(&mut tx, key, owner, "complaint", new.received_at).await? {
            return Ok(OnlyOnce::Before(number));
        }
        let contact = new.complaint.contact.as_ref().map(|c| c.as_str().as_bytes());
        sqlx::query(
            "insert into complaints (id, number, kind, text, contact, received_at) values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&new.id)
        .bind(&new.number)
        .bind(new.complaint.kind.as_str())
        .bind(self.sealer.seal(place("complaints.text", &new.id), new.complaint.text.as_bytes())?)
        .bind(contact.map(|c| self.sealer.seal(place("complaints.contact", &new.id), c)).transpose()?)
        .bind(new.received_at.0)
        .execute(&mut *tx)
        .await?;
        let entry = AuditEntry {
            area: district(),
            actor: &Actor::Device(owner.0.clone()),
            on_behalf_of: None,
            act: AuditAct::ComplaintReceived,
            object_kind: "complaints",
            object: &new.id,
            subject: None,
            purpose: Purpose::Own,
        };
        Self::note(&mut tx, &entry, new.received_at).await?;
        Self::answer_key(&mut tx, key, &new.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(new.number.clone()))
    }

    /// Whether a complaint of that number was received.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn complaint_exists(&self, number: &str) -> Result<bool, StoreError> {
        let found = sqlx::query("select number from complaints where number = $1")
            .bind(number)
            .fetch_optional(&self.reader)
            .await?;
        Ok(found.is_some())
    }

    /// All complaints, newest first, for the operator's command line: number, kind, time, text, contact.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn complaints(
        &self,
    ) -> Result<Vec<(String, String, Instant, String, Option<String>)>, StoreError> {
        let rows = sqlx::query(
            "select id, number, kind, text, contact, received_at from complaints order by received_at desc, id desc",
        )
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let id: String = row.try_get("id")?;
                let contact: Option<Vec<u8>> = row.try_get("contact")?;
                let contact = contact
                    .map(|sealed| self.sealer.open_text(place("complaints.contact", &id), &sealed))
                    .transpose()?;
                let text: Vec<u8> = row.try_get("text")?;
                let text = self.sealer.open_text(place("complaints.text", &id), &text)?;
                Ok((
                    row.try_get("number")?,
                    row.try_get("kind")?,
                    Instant(row.try_get("received_at")?),
                    text,
                    contact,
                ))
            })
            .collect()
    }
}
