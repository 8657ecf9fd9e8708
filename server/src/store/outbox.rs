//! The outbox's rows on their way: leased, sent, tried again, given up.

use app::domain::time::Instant;
use sqlx::Row as _;

use super::messages::Channel;
use super::{Store, StoreError};
use crate::seal::Place;

/// A message that this server has leased and is about to send.
#[derive(Clone)]
pub(crate) struct Leased {
    /// The row's id.
    pub(crate) id: String,
    /// How it travels.
    pub(crate) channel: Channel,
    /// The template that it was written from.
    pub(crate) template: String,
    /// Where to, and the text; `None` where the row does not open with our keys.
    pub(crate) body: Option<(String, String)>,
    /// A code that somebody is waiting for.
    pub(crate) urgent: bool,
    /// When it is of no use any more.
    pub(crate) expires_at: Option<Instant>,
    /// Which try this is, from 1.
    pub(crate) tries: i64,
    /// Until when the row is ours.
    pub(crate) lease: Instant,
}

impl std::fmt::Debug for Leased {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Leased({}, {}, …)", self.id, self.template)
    }
}

fn body_place(id: &str) -> Place<'_> {
    Place { column: "outbox.body", row: id }
}

impl Store {
    /// Takes up to `count` due messages until `lease`, codes first. In quiet hours only urgent ones are due; what waits
    /// for staff (letters, calls) never is. The row's own condition decides who gets it when two servers ask at once.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn lease_messages(
        &self,
        now: Instant,
        lease: Instant,
        quiet: bool,
        count: i64,
    ) -> Result<Vec<Leased>, StoreError> {
        // Looked at without the writer's lock first: most of the time there is nothing.
        let due: Vec<String> = sqlx::query_scalar(
            "select id from outbox where sent_at is null and gave_up_at is null and channel in ('text', 'voice') \
             and next_try_at <= $1 and urgent >= $2 and (expires_at is null or expires_at > $1) \
             order by urgent desc, next_try_at, id limit $3",
        )
        .bind(now.0)
        .bind(i64::from(quiet))
        .bind(count)
        .fetch_all(&self.reader)
        .await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.write().await?;
        let mut leased = Vec::with_capacity(due.len());
        for id in due {
            let row = sqlx::query(
                "update outbox set next_try_at = $1, tries = tries + 1 \
                 where id = $2 and sent_at is null and gave_up_at is null and next_try_at <= $3 \
                 returning channel, template, body, urgent, expires_at, tries",
            )
            .bind(lease.0)
            .bind(&id)
            .bind(now.0)
            .fetch_optional(&mut *tx)
            .await?;
            // Somebody else was faster.
            let Some(row) = row else { continue };
            let body: Option<Vec<u8>> = row.try_get("body")?;
            leased.push(Leased {
                channel: Channel::parse(row.try_get("channel")?).unwrap_or(Channel::Text),
                template: row.try_get("template")?,
                body: body.and_then(|sealed| self.sealer.open_json(body_place(&id), &sealed).ok()),
                urgent: row.try_get::<i64, _>("urgent")? == 1,
                expires_at: row.try_get::<Option<i64>, _>("expires_at")?.map(Instant),
                tries: row.try_get("tries")?,
                lease,
                id,
            });
        }
        tx.commit().await?;
        Ok(leased)
    }

    /// A message is out: its text and number go, except where the demo shows them.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn message_sent(
        &self,
        id: &str,
        now: Instant,
        keep_body: bool,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        // Also after the lease ran out or another server gave up: it is out, whatever else happened.
        sqlx::query(
            "update outbox set sent_at = $1, gave_up_at = null, body = case when $2 = 1 then body end \
             where id = $3 and sent_at is null",
        )
        .bind(now.0)
        .bind(i64::from(keep_body))
        .bind(id)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// A message did not go: it is tried again at `next`, or given up.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn message_failed(
        &self,
        leased: &Leased,
        next: Option<Instant>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        // A lease that ran out is another server's to decide on.
        sqlx::query(
            "update outbox set next_try_at = coalesce($1, next_try_at), \
             gave_up_at = case when $1 is null then $2 end, body = case when $1 is null then null else body end \
             where id = $3 and sent_at is null and gave_up_at is null and next_try_at = $4",
        )
        .bind(next.map(|at| at.0))
        .bind(now.0)
        .bind(&leased.id)
        .bind(leased.lease.0)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Gives up what came too late. Letters and calls are for staff to judge.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn expire_messages(&self, now: Instant) -> Result<u64, StoreError> {
        let late: i64 = sqlx::query_scalar(
            "select count(*) from outbox where sent_at is null and gave_up_at is null \
             and channel in ('text', 'voice') and expires_at <= $1",
        )
        .bind(now.0)
        .fetch_one(&self.reader)
        .await?;
        if late == 0 {
            return Ok(0);
        }
        let mut tx = self.write().await?;
        // A row under lease may be going out at this moment: its own sender decides.
        let gone = sqlx::query(
            "update outbox set gave_up_at = $1, body = null where sent_at is null and gave_up_at is null \
             and channel in ('text', 'voice') and expires_at <= $1 and next_try_at <= $1",
        )
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(gone.rows_affected())
    }

    /// What a message says, while its text is still there: for the demo, which shows codes instead of sending them.
    ///
    /// # Errors
    /// The database failed, or the text doesn't open with our keys.
    pub(crate) async fn demo_message(&self, id: &str) -> Result<Option<(String, String)>, StoreError> {
        let body: Option<Option<Vec<u8>>> = sqlx::query_scalar("select body from outbox where id = $1")
            .bind(id)
            .fetch_optional(&self.reader)
            .await?;
        let Some(sealed) = body.flatten() else { return Ok(None) };
        Ok(Some(self.sealer.open_json(body_place(id), &sealed)?))
    }
}
