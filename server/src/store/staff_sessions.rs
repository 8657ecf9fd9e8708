//! Sessions of staff: from the password to both factors, and on which devices.

use app::domain::audit::AuditAct;
use app::domain::staff::{DeviceKind, Post};
use app::domain::time::Instant;
use sqlx::Row as _;

use super::audit::Actor;
use super::staff::{account_entry, device_of, place, post_of};
use super::{Store, StoreError};
use crate::seal::{new_id, sha256};

/// How far a sign-in has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The password was right; the second factor is asked for.
    Password,
    /// Signed in.
    Full,
}

app::slugs!(Stage { Password = "password", Full = "full" });

/// A session with its account, as each request finds them.
#[derive(Clone)]
pub(crate) struct KeptSession {
    /// The session's own id, which may be shown.
    pub(crate) id: String,
    /// The account.
    pub(crate) staff: String,
    /// The login.
    pub(crate) login: String,
    /// The person's name.
    pub(crate) name: String,
    /// How far the sign-in has come.
    pub(crate) stage: Stage,
    /// The password was seen by somebody else and must be changed.
    pub(crate) password_once: bool,
    /// A code of an app is asked for as the second factor; without, one is enrolled first.
    pub(crate) enrolled: bool,
    /// The last request.
    pub(crate) seen_at: Instant,
    /// What the account does, and where, as of now.
    pub(crate) posts: Vec<Post>,
}

app::masked_debug!(KeptSession);

/// A device that is signed in.
#[derive(Clone, Debug)]
pub(crate) struct SignedInDevice {
    /// The session.
    pub(crate) id: String,
    /// Which kind of device.
    pub(crate) device: DeviceKind,
    /// Since when.
    pub(crate) created_at: Instant,
    /// The last request.
    pub(crate) seen_at: Instant,
}

impl Store {
    /// Opens a session whose second factor is still to be shown. The session that the browser had before ends: nobody
    /// signs in on a token that somebody else may have put there.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn open_session(
        &self,
        token: &str,
        before: Option<&str>,
        (staff, device): (&str, DeviceKind),
        new_secret: Option<&[u8]>,
        now: Instant,
        ends_at: Instant,
    ) -> Result<(), StoreError> {
        let id = new_id(now)?;
        let pending = new_secret
            .map(|secret| self.sealer.seal(place("staff_sessions.pending", &id), secret))
            .transpose()?;
        let mut tx = self.write().await?;
        if let Some(before) = before {
            sqlx::query("delete from staff_sessions where token_hash = $1")
                .bind(sha256(before))
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query(
            "insert into staff_sessions (token_hash, id, staff, device, stage, pending, created_at, seen_at, ends_at) \
             values ($1, $2, $3, $4, 'password', $5, $6, $6, $7)",
        )
        .bind(sha256(token))
        .bind(id)
        .bind(staff)
        .bind(device.as_str())
        .bind(pending)
        .bind(now.0)
        .bind(ends_at.0)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The session of a token that is neither idle for too long nor over, with the account's posts as of now.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn session(
        &self,
        token: &str,
        idle_since: Instant,
        now: Instant,
    ) -> Result<Option<KeptSession>, StoreError> {
        let row = sqlx::query(
            "select s.id, s.staff, s.stage, s.seen_at, a.login, a.name, a.password_once, a.totp_secret \
             from staff_sessions s join staff a on a.id = s.staff \
             where s.token_hash = $1 and s.seen_at > $2 and s.ends_at > $3 and a.disabled_at is null",
        )
        .bind(sha256(token))
        .bind(idle_since.0)
        .bind(now.0)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let staff: String = row.try_get("staff")?;
        let name: Vec<u8> = row.try_get("name")?;
        let stage: String = row.try_get("stage")?;
        let posts = sqlx::query("select role, place from staff_posts where staff = $1 order by role, place")
            .bind(&staff)
            .fetch_all(&self.reader)
            .await?;
        let mut held = Vec::with_capacity(posts.len());
        for post in &posts {
            held.extend(post_of(post)?);
        }
        Ok(Some(KeptSession {
            id: row.try_get("id")?,
            login: row.try_get("login")?,
            name: self.sealer.open_text(place("staff.name", &staff), &name)?,
            stage: Stage::parse(&stage).unwrap_or(Stage::Password),
            password_once: row.try_get::<i64, _>("password_once")? != 0,
            enrolled: row.try_get::<Option<Vec<u8>>, _>("totp_secret")?.is_some(),
            seen_at: Instant(row.try_get("seen_at")?),
            posts: held,
            staff,
        }))
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn touch_session(&self, session: &str, now: Instant) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query("update staff_sessions set seen_at = $2 where id = $1 and seen_at < $2")
            .bind(session)
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// What a step under way must remember.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn pending(&self, session: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let sealed: Option<Vec<u8>> = sqlx::query_scalar("select pending from staff_sessions where id = $1")
            .bind(session)
            .fetch_optional(&self.reader)
            .await?
            .flatten();
        let opened = sealed
            .map(|sealed| self.sealer.open(place("staff_sessions.pending", session), &sealed))
            .transpose()?;
        Ok(opened.map(|plain| plain.to_vec()))
    }

    /// Keeps what a step under way must remember, instead of what was kept before.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn keep_pending(&self, session: &str, pending: &[u8]) -> Result<(), StoreError> {
        let sealed = self.sealer.seal(place("staff_sessions.pending", session), pending)?;
        let mut tx = self.write().await?;
        sqlx::query("update staff_sessions set pending = $2 where id = $1")
            .bind(session)
            .bind(sealed)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes what a step under way had to remember: whatever it is good for, it is good once.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn take_pending(&self, session: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let pending = self.pending(session).await?;
        let mut tx = self.write().await?;
        let taken =
            sqlx::query("update staff_sessions set pending = null where id = $1 and pending is not null")
                .bind(session)
                .execute(&mut *tx)
                .await?;
        tx.commit().await?;
        Ok(pending.filter(|_| taken.rows_affected() == 1))
    }

    /// The second factor was right: the session gets a new token and is signed in, and its device is known from now on.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the session is over, or was signed in before.
    pub(crate) async fn complete_session(
        &self,
        session: &KeptSession,
        token: &str,
        device_secret: &str,
        now: Instant,
        ends_at: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "update staff_sessions set token_hash = $2, stage = 'full', pending = null, seen_at = $3, ends_at = $4 \
             where id = $1 and stage = 'password'",
        )
        .bind(&session.id)
        .bind(sha256(token))
        .bind(now.0)
        .bind(ends_at.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        sqlx::query(
            "insert into staff_devices (staff, device_hash, seen_at) values ($1, $2, $3) \
             on conflict (staff, device_hash) do update set seen_at = excluded.seen_at",
        )
        .bind(&session.staff)
        .bind(sha256(device_secret))
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        let actor = Actor::staff(&session.staff);
        Self::note(&mut tx, &account_entry(&actor, AuditAct::SignedIn, &session.staff), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whether this person has signed in on this device before.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn knows_device(&self, login: &str, device_secret: &str) -> Result<bool, StoreError> {
        let found = sqlx::query(
            "select d.staff from staff_devices d join staff s on s.id = d.staff \
             where s.login = $1 and d.device_hash = $2",
        )
        .bind(login)
        .bind(sha256(device_secret))
        .fetch_optional(&self.reader)
        .await?;
        Ok(found.is_some())
    }

    /// The devices on which an account is signed in, the latest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn signed_in_devices(
        &self,
        staff: &str,
        idle_since: Instant,
        now: Instant,
    ) -> Result<Vec<SignedInDevice>, StoreError> {
        let rows = sqlx::query(
            "select id, device, created_at, seen_at from staff_sessions \
             where staff = $1 and stage = 'full' and seen_at > $2 and ends_at > $3 order by seen_at desc, id",
        )
        .bind(staff)
        .bind(idle_since.0)
        .bind(now.0)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(SignedInDevice {
                    id: row.try_get("id")?,
                    device: device_of(row)?,
                    created_at: Instant(row.try_get("created_at")?),
                    seen_at: Instant(row.try_get("seen_at")?),
                })
            })
            .collect()
    }

    /// Signs out: this session, or all of the account.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn sign_out(
        &self,
        session: &KeptSession,
        everywhere: bool,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let which = if everywhere {
            sqlx::query("delete from staff_sessions where staff = $1").bind(&session.staff)
        } else {
            sqlx::query("delete from staff_sessions where id = $1").bind(&session.id)
        };
        which.execute(&mut *tx).await?;
        let actor = Actor::staff(&session.staff);
        Self::note(&mut tx, &account_entry(&actor, AuditAct::SignedOut, &session.staff), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Forgets the sessions that are over.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn forget_staff_sessions(
        &self,
        idle_since: Instant,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query("delete from staff_sessions where ends_at < $1 or seen_at < $2")
            .bind(now.0)
            .bind(idle_since.0)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}
