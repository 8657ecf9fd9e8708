//! Sign-ins at a provider that are under way.

use app::domain::time::Instant;
use sqlx::Row as _;

use super::{Store, StoreError};
use crate::oidc::SignInSecrets;
use crate::seal::Place;

/// How long the resident may take at the provider: ten minutes.
const UNDER_WAY_MS: i64 = 600_000;

fn place(row: &str) -> Place<'_> {
    Place { column: "provider_sign_ins.secrets", row }
}

impl Store {
    /// Keeps the secrets of a sign-in that begins. `id` is the hash of this browser's cookie and the state together.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn keep_provider_sign_in(
        &self,
        id: &str,
        provider: &str,
        secrets: &SignInSecrets,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query(
            "insert into provider_sign_ins (id, provider, secrets, created_at, expires_at) values ($1, $2, $3, $4, $5)",
        )
        .bind(id)
        .bind(provider)
        .bind(self.sealer.seal_json(place(id), secrets)?)
        .bind(now.0)
        .bind(now.0 + UNDER_WAY_MS)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes a sign-in out of the database and gives the provider that it was begun with, and its secrets: once, and in
    /// time. Whoever comes with another state or from another browser finds none, and uses none up.
    ///
    /// # Errors
    /// The database failed, or the secrets don't open with our keys.
    pub(crate) async fn take_provider_sign_in(
        &self,
        id: &str,
        now: Instant,
    ) -> Result<Option<(String, SignInSecrets)>, StoreError> {
        let mut tx = self.write().await?;
        let row = sqlx::query(
            "delete from provider_sign_ins where id = $1 returning provider, secrets, expires_at",
        )
        .bind(id)
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        let Some(row) = row else { return Ok(None) };
        if row.try_get::<i64, _>("expires_at")? <= now.0 {
            return Ok(None);
        }
        let sealed: Vec<u8> = row.try_get("secrets")?;
        Ok(Some((row.try_get("provider")?, self.sealer.open_json(place(id), &sealed)?)))
    }

    /// Forgets the sign-ins that nobody came back from.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn forget_provider_sign_ins(&self, now: Instant) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query("delete from provider_sign_ins where expires_at <= $1")
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}
