//! Staff: accounts and their posts.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::staff::{DeviceKind, Post, Role};
use app::domain::time::Instant;
use app::visit::Owner;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::staff_sessions::KeptSession;
use super::{IdempotencyKey, OnlyOnce, Store, StoreError};
use crate::seal::{Place, new_id};

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

app::masked_debug!(Credentials, StaffLine);

/// Where a sealed value of staff stands.
pub(super) fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
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

/// The entry for a post given or taken; the object is the account and the post, `ID/role@place`.
fn post_entry<'a>(actor: &'a Actor, act: AuditAct, object: &'a str) -> AuditEntry<'a> {
    AuditEntry { object_kind: "staff_posts", ..account_entry(actor, act, object) }
}

/// A post as a row has it; none where this version or area tree knows no such.
pub(super) fn post_of(row: &AnyRow) -> Result<Option<Post>, StoreError> {
    let role: String = row.try_get("role")?;
    let place: String = row.try_get("place")?;
    // A role of an older version, or a place that another area tree doesn't have, allows nothing.
    Ok(Role::parse(&role).and_then(|role| Post::new(role, &place).ok()))
}

/// The kind of device that a row names.
pub(super) fn device_of(row: &AnyRow) -> Result<DeviceKind, StoreError> {
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
            let object = format!("{staff}/{}", post.text());
            Self::note(&mut tx, &post_entry(actor, AuditAct::PostGiven, &object), now).await?;
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
        let object = format!("{staff}/{role}@{post_place}");
        Self::note(&mut tx, &post_entry(actor, AuditAct::PostTaken, &object), now).await?;
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
        Self::note(&mut tx, &account_entry(actor, AuditAct::StaffDisabled, staff), now).await?;
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
        Self::note(&mut tx, &account_entry(actor, AuditAct::StaffReset, staff), now).await?;
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
}
