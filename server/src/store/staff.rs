//! Staff: accounts, posts, sessions, passkeys.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::staff::{DeviceKind, Post, Role};
use app::domain::time::Instant;
use app::visit::Owner;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::{IdempotencyKey, OnlyOnce, Store, StoreError};
use crate::seal::{Place, new_id, sha256};

/// An account about to be made.
pub(crate) struct NewStaffAccount<'a> {
    /// The login.
    pub(crate) login: &'a str,
    /// The person's name.
    pub(crate) name: &'a str,
    /// The hash of the first password.
    pub(crate) password_hash: &'a str,
    /// Whether it must be changed at the first sign-in.
    pub(crate) password_once: bool,
    /// A secret that is enrolled already; only sample accounts have one.
    pub(crate) totp_secret: Option<&'a [u8]>,
    /// What the person does, and where.
    pub(crate) posts: &'a [Post],
}

impl std::fmt::Debug for NewStaffAccount<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewStaffAccount(…)")
    }
}

/// What a sign-in needs to know of an account.
#[derive(Clone)]
pub(crate) struct Credentials {
    /// The account.
    pub(crate) id: String,
    /// The hash of the password.
    pub(crate) password_hash: String,
    /// The password must be changed, and holds for a few days alone.
    pub(crate) password_once: bool,
    /// Since when it holds.
    pub(crate) password_changed_at: Instant,
    /// A second factor was enrolled.
    pub(crate) enrolled: bool,
    /// The account was disabled.
    pub(crate) disabled: bool,
}

/// One account in the administrator's list.
#[derive(Clone)]
pub(crate) struct StaffLine {
    /// The account.
    pub(crate) id: String,
    /// The login.
    pub(crate) login: String,
    /// The person's name.
    pub(crate) name: String,
    /// What the person does, and where.
    pub(crate) posts: Vec<Post>,
    /// A second factor was enrolled.
    pub(crate) enrolled: bool,
    /// When the account was made.
    pub(crate) created_at: Instant,
    /// When it was disabled, if it was.
    pub(crate) disabled_at: Option<Instant>,
}

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

app::masked_debug!(Credentials, StaffLine, KeptSession);

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

fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    Place { column, row }
}

/// The entry for an act on a staff account; such acts belong to the district's chain.
pub(crate) fn account_entry<'a>(actor: &'a Actor, act: AuditAct, staff: &'a str) -> AuditEntry<'a> {
    AuditEntry {
        area: app::domain::area::district(),
        actor,
        on_behalf_of: None,
        act,
        object_kind: "staff",
        object: staff,
        subject: None,
        purpose: Purpose::Operation,
    }
}

fn post_of(row: &AnyRow) -> Result<Option<Post>, StoreError> {
    let role: String = row.try_get("role")?;
    let place: String = row.try_get("place")?;
    // A role of an older version, or a place that another area tree doesn't have, allows nothing.
    Ok(Role::parse(&role).and_then(|role| Post::new(role, &place).ok()))
}

fn device_of(row: &AnyRow) -> Result<DeviceKind, StoreError> {
    Ok(DeviceKind::parse(&row.try_get::<String, _>("device")?).unwrap_or(DeviceKind::Other))
}

impl Store {
    /// Makes an account with its posts; gives its id.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the login is taken.
    pub(crate) async fn add_staff(
        &self,
        new: &NewStaffAccount<'_>,
        actor: &Actor,
        now: Instant,
    ) -> Result<String, StoreError> {
        let mut tx = self.write().await?;
        let id = self.insert_staff(&mut tx, new, actor, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Makes an account once for a key; gives its id.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the login is taken, or the key came with another body.
    pub(crate) async fn add_staff_once(
        &self,
        new: &NewStaffAccount<'_>,
        (key, owner): (&IdempotencyKey, &Owner),
        actor: &Actor,
        now: Instant,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(id) = Self::take_key(&mut tx, key, owner, "staff", now).await? {
            return Ok(OnlyOnce::Before(id));
        }
        let id = self.insert_staff(&mut tx, new, actor, now).await?;
        Self::answer_key(&mut tx, key, &id).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(id))
    }

    async fn insert_staff(
        &self,
        tx: &mut Transaction<'static, Any>,
        new: &NewStaffAccount<'_>,
        actor: &Actor,
        now: Instant,
    ) -> Result<String, StoreError> {
        let id = new_id(now)?;
        let name = self.sealer.seal(place("staff.name", &id), new.name.as_bytes())?;
        let secret = new
            .totp_secret
            .map(|secret| self.sealer.seal(place("staff.totp_secret", &id), secret))
            .transpose()?;
        sqlx::query(
            "insert into staff (id, login, name, password_hash, password_once, password_changed_at, totp_secret, \
             totp_step, created_at) values ($1, $2, $3, $4, $5, $6, $7, 0, $6)",
        )
        .bind(&id)
        .bind(new.login)
        .bind(name)
        .bind(new.password_hash)
        .bind(i64::from(new.password_once))
        .bind(now.0)
        .bind(secret)
        .execute(&mut **tx)
        .await?;
        for post in new.posts {
            Self::insert_post(tx, &id, post, now).await?;
        }
        Self::note(tx, &account_entry(actor, AuditAct::StaffAdded, &id), now).await?;
        Ok(id)
    }

    /// A first password that belongs to one form: the same key gives the same one, so that a second press shows it too.
    pub(crate) fn first_password_of(&self, key: &str) -> String {
        self.sealer.index("staff.first_password", key)
    }

    async fn insert_post(
        tx: &mut Transaction<'static, Any>,
        staff: &str,
        post: &Post,
        now: Instant,
    ) -> Result<u64, StoreError> {
        let done = sqlx::query(
            "insert into staff_posts (staff, role, place, given_at) values ($1, $2, $3, $4) on conflict do nothing",
        )
        .bind(staff)
        .bind(post.role().as_str())
        .bind(post.place())
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        Ok(done.rows_affected())
    }

    /// The account with that login.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn credentials(&self, login: &str) -> Result<Option<Credentials>, StoreError> {
        let row = sqlx::query(
            "select id, password_hash, password_once, password_changed_at, totp_secret, disabled_at \
             from staff where login = $1",
        )
        .bind(login)
        .fetch_optional(&self.reader)
        .await?;
        row.map(|row| {
            Ok(Credentials {
                id: row.try_get("id")?,
                password_hash: row.try_get("password_hash")?,
                password_once: row.try_get::<i64, _>("password_once")? != 0,
                password_changed_at: Instant(row.try_get("password_changed_at")?),
                enrolled: row.try_get::<Option<Vec<u8>>, _>("totp_secret")?.is_some(),
                disabled: row.try_get::<Option<i64>, _>("disabled_at")?.is_some(),
            })
        })
        .transpose()
    }

    /// All accounts, by login.
    ///
    /// # Errors
    /// The database failed, or a name doesn't open with our keys.
    pub(crate) async fn staff_accounts(&self) -> Result<Vec<StaffLine>, StoreError> {
        let rows = sqlx::query(
            "select id, login, name, totp_secret, created_at, disabled_at from staff order by login",
        )
        .fetch_all(&self.reader)
        .await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            let id: String = row.try_get("id")?;
            let name: Vec<u8> = row.try_get("name")?;
            lines.push(StaffLine {
                login: row.try_get("login")?,
                name: self.sealer.open_text(place("staff.name", &id), &name)?,
                posts: Vec::new(),
                enrolled: row.try_get::<Option<Vec<u8>>, _>("totp_secret")?.is_some(),
                created_at: Instant(row.try_get("created_at")?),
                disabled_at: row.try_get::<Option<i64>, _>("disabled_at")?.map(Instant),
                id,
            });
        }
        let posts = sqlx::query("select staff, role, place from staff_posts order by role, place")
            .fetch_all(&self.reader)
            .await?;
        for row in &posts {
            let staff: String = row.try_get("staff")?;
            if let (Some(line), Some(post)) = (lines.iter_mut().find(|line| line.id == staff), post_of(row)?)
            {
                line.posts.push(post);
            }
        }
        Ok(lines)
    }

    /// Gives an account one more post. Nothing happens where it has it already.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such an account.
    pub(crate) async fn give_post(
        &self,
        staff: &str,
        post: &Post,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query("select id from staff where id = $1").bind(staff).fetch_one(&mut *tx).await?;
        if Self::insert_post(&mut tx, staff, post, now).await? == 1 {
            Self::note(&mut tx, &account_entry(actor, AuditAct::StaffChanged, staff), now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Takes a post from an account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where it doesn't have it.
    pub(crate) async fn take_post(
        &self,
        staff: &str,
        role: &str,
        post_place: &str,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let gone = sqlx::query("delete from staff_posts where staff = $1 and role = $2 and place = $3")
            .bind(staff)
            .bind(role)
            .bind(post_place)
            .execute(&mut *tx)
            .await?;
        if gone.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        Self::note(&mut tx, &account_entry(actor, AuditAct::StaffChanged, staff), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Disables an account; its sessions end at once.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such an account that is enabled.
    pub(crate) async fn disable_staff(
        &self,
        staff: &str,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let done = sqlx::query("update staff set disabled_at = $2 where id = $1 and disabled_at is null")
            .bind(staff)
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        sqlx::query("delete from staff_sessions where staff = $1").bind(staff).execute(&mut *tx).await?;
        Self::note(&mut tx, &account_entry(actor, AuditAct::StaffChanged, staff), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Gives an account a new one-time password and forgets its second factors, sessions and devices. A disabled
    /// account stays disabled.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such an account.
    pub(crate) async fn reset_staff(
        &self,
        staff: &str,
        password_hash: &str,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "update staff set password_hash = $2, password_once = 1, password_changed_at = $3, totp_secret = null, \
             totp_step = 0 where id = $1",
        )
        .bind(staff)
        .bind(password_hash)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        for forget in [
            "delete from staff_sessions where staff = $1",
            "delete from staff_passkeys where staff = $1",
            "delete from staff_devices where staff = $1",
        ] {
            sqlx::query(forget).bind(staff).execute(&mut *tx).await?;
        }
        Self::note(&mut tx, &account_entry(actor, AuditAct::StaffChanged, staff), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Changes one's own password; all other sessions of the account end.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the password was changed in between.
    pub(crate) async fn change_password(
        &self,
        session: &KeptSession,
        old_hash: &str,
        new_hash: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "update staff set password_hash = $3, password_once = 0, password_changed_at = $4 \
             where id = $1 and password_hash = $2",
        )
        .bind(&session.staff)
        .bind(old_hash)
        .bind(new_hash)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        sqlx::query("delete from staff_sessions where staff = $1 and id <> $2")
            .bind(&session.staff)
            .bind(&session.id)
            .execute(&mut *tx)
            .await?;
        let actor = Actor::staff(&session.staff);
        Self::note(&mut tx, &account_entry(&actor, AuditAct::StaffChanged, &session.staff), now).await?;
        tx.commit().await?;
        Ok(())
    }

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
    pub(crate) async fn enrol(&self, staff: &str, secret: &[u8], step: i64) -> Result<bool, StoreError> {
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
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
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
