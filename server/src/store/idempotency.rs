//! One key, one answer: the same key gives the same answer, another body with it is refused.

use app::domain::time::Instant;
use app::visit::Owner;
use sqlx::{Any, Row as _, Transaction};

use super::{Store, StoreError};
use crate::seal::sha256;

/// The key of a form and what was sent with it.
#[derive(Clone, Debug)]
pub(crate) struct IdempotencyKey {
    key_hash: String,
    body_hash: String,
}

impl IdempotencyKey {
    /// `key` is the form's hidden field; `body` is everything else that was sent, in one fixed order.
    pub(crate) fn new(store: &Store, key: &str, body: &str) -> Self {
        // The body may be a short list of personal answers, so its hash is keyed.
        Self { key_hash: sha256(key), body_hash: store.sealer.index("idempotency_keys.body_hash", body) }
    }

    /// The key of one part of what a form asks for, where each part is an act of its own.
    pub(crate) fn for_part(&self, store: &Store, part: &str) -> Self {
        Self {
            key_hash: sha256(&format!("{}/{part}", self.key_hash)),
            body_hash: store
                .sealer
                .index("idempotency_keys.body_hash", &format!("{}/{part}", self.body_hash)),
        }
    }
}

/// What a key was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Once<T> {
    /// The act was done now.
    Done(T),
    /// It was done before, with this answer.
    Before(T),
}

impl<T> Once<T> {
    /// The answer, whenever it was given.
    pub(crate) fn answer(self) -> T {
        match self {
            Self::Done(answer) | Self::Before(answer) => answer,
        }
    }
}

impl Store {
    /// Takes the key inside the act's transaction. `Some` is the answer that it gave before. A second press
    /// waits here until the first has committed.
    pub(super) async fn take_key(
        tx: &mut Transaction<'static, Any>,
        key: &IdempotencyKey,
        owner: &Owner,
        act: &'static str,
        now: Instant,
    ) -> Result<Option<String>, StoreError> {
        let taken = sqlx::query(
            "insert into idempotency_keys (key_hash, owner, act, body_hash, answer, created_at) \
             values ($1, $2, $3, $4, '', $5) on conflict do nothing",
        )
        .bind(&key.key_hash)
        .bind(&owner.0)
        .bind(act)
        .bind(&key.body_hash)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        if taken.rows_affected() == 1 {
            return Ok(None);
        }
        let answer: Option<String> = sqlx::query_scalar(
            "select answer from idempotency_keys \
             where key_hash = $1 and owner = $2 and act = $3 and body_hash = $4 and answer <> ''",
        )
        .bind(&key.key_hash)
        .bind(&owner.0)
        .bind(act)
        .bind(&key.body_hash)
        .fetch_optional(&mut **tx)
        .await?;
        answer.map(Some).ok_or(StoreError::Conflict)
    }

    /// The answer that the key gave before, outside any act: a second press that counts for nothing.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn answer_before(
        &self,
        key: &IdempotencyKey,
        owner: &Owner,
        act: &'static str,
    ) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "select answer from idempotency_keys \
             where key_hash = $1 and owner = $2 and act = $3 and body_hash = $4 and answer <> ''",
        )
        .bind(&key.key_hash)
        .bind(&owner.0)
        .bind(act)
        .bind(&key.body_hash)
        .fetch_optional(&self.reader)
        .await?)
    }

    /// Keeps the answer with the key, inside the act's transaction.
    pub(super) async fn answer_key(
        tx: &mut Transaction<'static, Any>,
        key: &IdempotencyKey,
        answer: &str,
    ) -> Result<(), StoreError> {
        sqlx::query("update idempotency_keys set answer = $1 where key_hash = $2")
            .bind(answer)
            .bind(&key.key_hash)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    /// The answer that a key gave before, without taking it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it was given for another body or to another person.
    pub(crate) async fn answer_of(
        &self,
        key: &IdempotencyKey,
        owner: &Owner,
        act: &'static str,
    ) -> Result<Option<String>, StoreError> {
        let row =
            sqlx::query("select owner, act, body_hash, answer from idempotency_keys where key_hash = $1")
                .bind(&key.key_hash)
                .fetch_optional(&self.reader)
                .await?;
        let Some(row) = row else { return Ok(None) };
        let same = row.try_get::<String, _>("owner")? == owner.0
            && row.try_get::<String, _>("act")? == act
            && row.try_get::<String, _>("body_hash")? == key.body_hash;
        if same { Ok(Some(row.try_get("answer")?)) } else { Err(StoreError::Conflict) }
    }
}
