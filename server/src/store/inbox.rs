//! What residents are told: a row in the inbox, and a message by the channel that they chose.

use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::ports::InboxNotice;
use sqlx::{Any, Row as _, Transaction};

use super::messages::{Channel, NewMessage};
use super::{Store, StoreError};
use crate::seal::{Place, Sealer, new_id};

/// Whom a notice is for and how it reaches them.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    /// The resident.
    pub(crate) resident: &'a str,
    /// Whose staff print or ring, where the channel needs them; the district's code otherwise.
    pub(crate) area: &'a str,
    /// The channel that the resident chose; `None`: the inbox alone.
    pub(crate) channel: Option<Channel>,
    /// The number or address for that channel.
    pub(crate) to: Option<&'a str>,
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reader({}, {:?}, …)", self.resident, self.channel)
    }
}

fn details_place(id: &str) -> Place<'_> {
    Place { column: "notices.details", row: id }
}

impl Store {
    /// Tells a resident something, inside the transaction of the act that it is about. `link` is a page of ours. The
    /// words are kept as they were said: a template that changes later changes no old notice. Gives the outbox row's id
    /// where there is one.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn notify(
        &self,
        tx: &mut Transaction<'static, Any>,
        reader: &Reader<'_>,
        notice: &Notice,
        link: Option<&str>,
        now: Instant,
    ) -> Result<Option<String>, StoreError> {
        let wrapped: Option<Vec<u8>> =
            sqlx::query_scalar("select wrapped from person_keys where person = $1")
                .bind(reader.resident)
                .fetch_optional(&mut **tx)
                .await?;
        // Whose key is gone has no inbox any more; the last message still goes out.
        if let Some(wrapped) = wrapped {
            let id = new_id(now)?;
            let own = self.sealer.of_person(reader.resident, &wrapped)?;
            let details = own.seal_json(details_place(&id), &(notice.title(), notice.letter()))?;
            sqlx::query(
                "insert into notices (id, resident, template, details, link, created_at) \
                 values ($1, $2, $3, $4, $5, $6)",
            )
            .bind(&id)
            .bind(reader.resident)
            .bind(notice.id())
            .bind(details)
            .bind(link)
            .bind(now.0)
            .execute(&mut **tx)
            .await?;
        }
        let (Some(channel), Some(to)) = (reader.channel, reader.to) else { return Ok(None) };
        let text = if channel == Channel::Letter { notice.letter() } else { notice.sms() };
        let message = NewMessage {
            resident: Some(reader.resident),
            area: reader.area,
            channel,
            template: notice.id(),
            to,
            text: &text,
            urgent: notice.is_urgent(),
            expires_at: None,
        };
        self.enqueue(tx, &message, now).await.map(Some)
    }

    /// A resident's inbox, newest first; at most two hundred, which is years of them.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn inbox(&self, resident: &str) -> Result<Vec<InboxNotice>, StoreError> {
        let wrapped: Option<Vec<u8>> =
            sqlx::query_scalar("select wrapped from person_keys where person = $1")
                .bind(resident)
                .fetch_optional(&self.reader)
                .await?;
        let Some(wrapped) = wrapped else { return Ok(Vec::new()) };
        let own: Sealer = self.sealer.of_person(resident, &wrapped)?;
        let rows = sqlx::query(
            "select id, details, link, created_at, read_at from notices where resident = $1 \
             order by created_at desc, id desc limit 200",
        )
        .bind(resident)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let id: String = row.try_get("id")?;
                let sealed: Vec<u8> = row.try_get("details")?;
                let (title, text) = own.open_json(details_place(&id), &sealed)?;
                Ok(InboxNotice {
                    title,
                    text,
                    link: row.try_get("link")?,
                    at: Instant(row.try_get("created_at")?),
                    read_at: row.try_get::<Option<i64>, _>("read_at")?.map(Instant),
                    id,
                })
            })
            .collect()
    }

    /// Marks a resident's own notice as read; read before, it keeps that time.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the resident has no such notice.
    pub(crate) async fn mark_notice_read(
        &self,
        resident: &str,
        id: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let found =
            sqlx::query("update notices set read_at = coalesce(read_at, $1) where id = $2 and resident = $3")
                .bind(now.0)
                .bind(id)
                .bind(resident)
                .execute(&mut *tx)
                .await?;
        if found.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        tx.commit().await?;
        Ok(())
    }
}
