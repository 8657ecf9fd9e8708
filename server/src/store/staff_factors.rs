//! Second factors of staff: codes of an app, and passkeys.

use app::domain::audit::AuditAct;
use app::domain::staff::DeviceKind;
use app::domain::time::Instant;
use sqlx::Row as _;

use super::audit::Actor;
use super::staff::{account_entry, device_of, place};
use super::staff_sessions::KeptSession;
use super::{Store, StoreError};
use crate::seal::new_id;

/// A passkey in the list of one's own.
#[derive(Clone, Debug)]
pub(crate) struct PasskeyLine {
    /// The row.
    pub(crate) id: String,
    /// On which kind of device it was made.
    pub(crate) device: DeviceKind,
    /// When.
    pub(crate) created_at: Instant,
    /// When it was used last.
    pub(crate) used_at: Option<Instant>,
}

impl Store {
    /// The secret of the account's app for codes.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn totp_secret(&self, staff: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let sealed: Option<Vec<u8>> = sqlx::query_scalar("select totp_secret from staff where id = $1")
            .bind(staff)
            .fetch_optional(&self.reader)
            .await?
            .flatten();
        let opened =
            sealed.map(|sealed| self.sealer.open(place("staff.totp_secret", staff), &sealed)).transpose()?;
        Ok(opened.map(|plain| plain.to_vec()))
    }

    /// Uses up the step of a code. `false` when it, or a later one, was used before.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn use_step(&self, staff: &str, step: i64) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let used = sqlx::query("update staff set totp_step = $2 where id = $1 and totp_step < $2")
            .bind(staff)
            .bind(step)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(used.rows_affected() == 1)
    }

    /// Enrols an app for codes, with the step of the first code used up. `false` when there is one already.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn enrol(
        &self,
        staff: &str,
        secret: &[u8],
        step: i64,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let sealed = self.sealer.seal(place("staff.totp_secret", staff), secret)?;
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "update staff set totp_secret = $2, totp_step = $3 where id = $1 and totp_secret is null",
        )
        .bind(staff)
        .bind(sealed)
        .bind(step)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 1 {
            let actor = Actor::staff(staff);
            Self::note(&mut tx, &account_entry(&actor, AuditAct::StaffChanged, staff), now).await?;
        }
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// An account's passkeys as they were made, with the id of each row.
    ///
    /// # Errors
    /// The database failed, or one doesn't open with our keys.
    pub(crate) async fn passkeys<T: serde::de::DeserializeOwned>(
        &self,
        staff: &str,
    ) -> Result<Vec<(String, T)>, StoreError> {
        let rows = sqlx::query("select id, passkey from staff_passkeys where staff = $1 order by id")
            .bind(staff)
            .fetch_all(&self.reader)
            .await?;
        rows.iter()
            .map(|row| {
                let id: String = row.try_get("id")?;
                let sealed: Vec<u8> = row.try_get("passkey")?;
                let passkey = self.sealer.open_json(place("staff_passkeys.passkey", &id), &sealed)?;
                Ok((id, passkey))
            })
            .collect()
    }

    /// An account's passkeys for its list.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn passkey_lines(&self, staff: &str) -> Result<Vec<PasskeyLine>, StoreError> {
        let rows = sqlx::query(
            "select id, device, created_at, used_at from staff_passkeys where staff = $1 order by id",
        )
        .bind(staff)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(PasskeyLine {
                    id: row.try_get("id")?,
                    device: device_of(row)?,
                    created_at: Instant(row.try_get("created_at")?),
                    used_at: row.try_get::<Option<i64>, _>("used_at")?.map(Instant),
                })
            })
            .collect()
    }

    /// Keeps a passkey.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it is somebody's already.
    pub(crate) async fn add_passkey(
        &self,
        session: &KeptSession,
        credential: &str,
        passkey: &impl serde::Serialize,
        device: DeviceKind,
        now: Instant,
    ) -> Result<(), StoreError> {
        let id = new_id(now)?;
        let sealed = self.sealer.seal_json(place("staff_passkeys.passkey", &id), passkey)?;
        let mut tx = self.write().await?;
        sqlx::query(
            "insert into staff_passkeys (id, staff, credential_index, passkey, device, created_at) \
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&id)
        .bind(&session.staff)
        .bind(self.sealer.index("staff_passkeys.credential_index", credential))
        .bind(sealed)
        .bind(device.as_str())
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        let actor = Actor::staff(&session.staff);
        Self::note(&mut tx, &account_entry(&actor, AuditAct::StaffChanged, &session.staff), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Keeps a passkey's new counter after it was used.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn used_passkey(
        &self,
        id: &str,
        passkey: &impl serde::Serialize,
        now: Instant,
    ) -> Result<(), StoreError> {
        let sealed = self.sealer.seal_json(place("staff_passkeys.passkey", id), passkey)?;
        let mut tx = self.write().await?;
        sqlx::query("update staff_passkeys set passkey = $2, used_at = $3 where id = $1")
            .bind(id)
            .bind(sealed)
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Removes one of one's own passkeys.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the account has no such passkey.
    pub(crate) async fn remove_passkey(
        &self,
        session: &KeptSession,
        id: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let gone = sqlx::query("delete from staff_passkeys where id = $1 and staff = $2")
            .bind(id)
            .bind(&session.staff)
            .execute(&mut *tx)
            .await?;
        if gone.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        let actor = Actor::staff(&session.staff);
        Self::note(&mut tx, &account_entry(&actor, AuditAct::StaffChanged, &session.staff), now).await?;
        tx.commit().await?;
        Ok(())
    }
}
