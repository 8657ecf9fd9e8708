//! Letters and calls of the outbox: what waits for a person to print it or to ring.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::time::Instant;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::audit::{Actor, AuditEntry};
use super::messages::Channel;
use super::{Store, StoreError};
use crate::seal::Place;
use crate::staff::session::chain;

/// A letter or a call that waits: nothing of what it says, nor to whom.
#[derive(Clone, Debug)]
pub(crate) struct DeliveryLine {
    /// The row's id.
    pub(crate) id: String,
    /// The resident whom it is for, where there is an account.
    pub(crate) resident: Option<String>,
    /// Whose staff deliver it.
    pub(crate) area: String,
    /// A letter or a call.
    pub(crate) channel: Channel,
    /// Since when it waits.
    pub(crate) created_at: Instant,
    /// When it is of no use any more.
    pub(crate) expires_at: Option<Instant>,
}

fn line_of(row: &AnyRow) -> Result<DeliveryLine, StoreError> {
    Ok(DeliveryLine {
        id: row.try_get("id")?,
        resident: row.try_get("resident")?,
        area: row.try_get("area")?,
        channel: Channel::parse(row.try_get("channel")?)
            .ok_or_else(|| StoreError::Other(anyhow::anyhow!("unknown value in outbox.channel")))?,
        created_at: Instant(row.try_get("created_at")?),
        expires_at: row.try_get::<Option<i64>, _>("expires_at")?.map(Instant),
    })
}

impl DeliveryLine {
    /// The entry for an act on it, in the chain of its area.
    pub(crate) fn entry<'a>(&'a self, actor: &'a Actor, act: AuditAct) -> AuditEntry<'a> {
        AuditEntry {
            area: chain(&self.area),
            actor,
            on_behalf_of: None,
            act,
            object_kind: "outbox",
            object: &self.id,
            subject: self.resident.as_deref(),
            purpose: Purpose::Delivery,
        }
    }
}

impl Store {
    /// Letters and calls that wait in a part of the area tree, the oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn deliveries(
        &self,
        area: &str,
        skip: i64,
        count: i64,
    ) -> Result<Vec<DeliveryLine>, StoreError> {
        let rows = sqlx::query(
            "select id, resident, area, channel, created_at, expires_at from outbox where area >= $1 and area < $2 \
             and channel in ('letter', 'call') and sent_at is null and gave_up_at is null \
             order by created_at, id limit $3 offset $4",
        )
        .bind(area)
        .bind(format!("{area}:"))
        .bind(count)
        .bind(skip)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(line_of).collect()
    }

    /// How many letters and how many calls wait in a part of the area tree.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn count_deliveries(&self, area: &str) -> Result<(i64, i64), StoreError> {
        let row = sqlx::query(
            "select cast(coalesce(sum(case when channel = 'letter' then 1 else 0 end), 0) as bigint) as letters, \
             cast(coalesce(sum(case when channel = 'call' then 1 else 0 end), 0) as bigint) as calls \
             from outbox where area >= $1 and area < $2 and sent_at is null and gave_up_at is null",
        )
        .bind(area)
        .bind(format!("{area}:"))
        .fetch_one(&self.reader)
        .await?;
        Ok((row.try_get("letters")?, row.try_get("calls")?))
    }

    /// The letter or call with that id that waits. Whether the asker may see it is the caller's question.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn find_delivery(&self, id: &str) -> Result<Option<DeliveryLine>, StoreError> {
        let row = sqlx::query(
            "select id, resident, area, channel, created_at, expires_at from outbox where id = $1 \
             and channel in ('letter', 'call') and sent_at is null and gave_up_at is null",
        )
        .bind(id)
        .fetch_optional(&self.reader)
        .await?;
        row.as_ref().map(line_of).transpose()
    }

    /// Where it goes, and its text. The caller has noted the reading before.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it was delivered in between.
    pub(crate) async fn delivery_text(&self, id: &str) -> Result<(String, String), StoreError> {
        let body: Option<Vec<u8>> =
            sqlx::query_scalar("select body from outbox where id = $1 and sent_at is null")
                .bind(id)
                .fetch_optional(&self.reader)
                .await?
                .flatten();
        let body = body.ok_or(StoreError::NotFound)?;
        Ok(self.sealer.open_json(Place { column: "outbox.body", row: id }, &body)?)
    }

    /// It was printed and sent, or the person was told: its text goes.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when somebody was faster.
    pub(crate) async fn delivered(
        &self,
        delivery: &DeliveryLine,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "update outbox set sent_at = $2, body = null where id = $1 and channel in ('letter', 'call') \
             and sent_at is null and gave_up_at is null",
        )
        .bind(&delivery.id)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        Self::note(&mut tx, &delivery.entry(actor, AuditAct::MessageDelivered), now).await?;
        tx.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
impl Store {
    /// Puts a letter or a call into the outbox; gives its id.
    pub(crate) async fn put_delivery(&self, area: &str, channel: Channel, now: Instant) -> String {
        let mut tx = self.write().await.unwrap();
        let new = super::messages::NewMessage {
            resident: None,
            area,
            channel,
            template: "test",
            to: "旺庄街道新光路 1 号 王小明",
            text: "您的申请已经收到。",
            urgent: false,
            expires_at: None,
        };
        let id = self.enqueue(&mut tx, &new, now).await.unwrap();
        tx.commit().await.unwrap();
        id
    }
}
