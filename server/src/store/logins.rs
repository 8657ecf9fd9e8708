//! Accounts at a provider that open a resident's account, and signing in with them.
//!
//! What a provider claims never opens or reveals what is stored under it: an account is found by provider and subject
//! alone. A name and document that it has proved make the account a verified one, unless the document is another's.

use app::domain::audit::AuditAct;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::counter::Vouched;
use super::residents::{Device, SignInRules, own_act, phone_place};
use super::sessions::NewSession;
use super::{Store, StoreError};
use crate::oidc::ProviderIdentity;
use crate::seal::new_id;

/// A session that a provider's account opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SignedInWith {
    /// No name and document digits are asked for before old things open.
    pub(crate) proved: bool,
    /// The account is new, and the document that the provider has proved did not become its own: the person is to come
    /// to the counter.
    pub(crate) to_counter: bool,
}

/// What became of connecting an account at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connected {
    /// It opens this account from now on, or did so before.
    Done {
        /// The document that the provider has proved did not become this account's.
        to_counter: bool,
    },
    /// It opens another account.
    Taken,
    /// The provider has proved that it is another person's.
    OtherPerson,
}

/// An account at a provider that opens this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptLogin {
    /// The provider's id in the settings.
    pub(crate) provider: String,
    /// Since when.
    pub(crate) since: Instant,
}

struct Login {
    resident: String,
    used_at: i64,
}

impl Store {
    fn subject_index(&self, identity: &ProviderIdentity) -> String {
        self.sealer.index("resident_logins.subject", &format!("{}\n{}", identity.provider, identity.subject))
    }

    /// Signs in with a provider's account: finds or makes the account that it opens and opens a session under a fresh
    /// token. On a device that is not known, or after a long time, name and document digits are asked for, unless the
    /// provider has just proved that it is the very person.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where another account got the document a moment earlier; or the database failed.
    pub(crate) async fn sign_in_with_provider(
        &self,
        identity: &ProviderIdentity,
        token: &str,
        device: &Device<'_>,
        rules: SignInRules,
        now: Instant,
    ) -> Result<SignedInWith, StoreError> {
        let mut tx = self.write().await?;
        let index = self.subject_index(identity);
        let (login, new) = match login(&mut tx, &identity.provider, &index).await? {
            Some(login) => (login, false),
            None => self.make_account(&mut tx, &identity.provider, &index, now).await?,
        };
        let Login { resident, used_at } = &login;
        let nothing_to_protect = self.identities_of(&mut tx, resident).await?.is_empty();
        let vouched = self.vouch_for(&mut tx, resident, identity, now).await?;
        let known = Self::knows_device_of(&mut tx, resident, device.old).await?;
        let stale = now.0 - used_at > rules.unused_ms;
        let same_person = vouched == Some(Vouched::Verified);
        let proved = same_person || (known && !stale) || nothing_to_protect;
        let session = NewSession {
            token,
            resident,
            device,
            proved,
            provider: Some(&identity.provider),
            ends_at: now.0 + rules.session_ms,
        };
        self.open_resident_session(&mut tx, &session, now).await?;
        if proved {
            self.settle_in(&mut tx, resident, None, device, now).await?;
            Self::login_used(&mut tx, resident, &identity.provider, now).await?;
            self.keep_told_phone(&mut tx, resident, identity).await?;
        }
        tx.commit().await?;
        Ok(SignedInWith { proved, to_counter: new && vouched.is_some() && !same_person })
    }

    /// An account that nothing opens but this login.
    async fn make_account(
        &self,
        tx: &mut Transaction<'static, Any>,
        provider: &str,
        index: &str,
        now: Instant,
    ) -> Result<(Login, bool), StoreError> {
        let id = new_id(now)?;
        self.make_person_key(tx, &id, now).await?;
        sqlx::query(
            "insert into residents (id, phone_proved_at, assurance, created_at) values ($1, $2, 'declared', $2)",
        )
        .bind(&id)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        if bind_login(tx, provider, index, &id, now).await? {
            let actor = Actor::Resident(id.clone());
            Self::note(tx, &own_act(&actor, AuditAct::LoginConnected, &id), now).await?;
            return Ok((Login { resident: id, used_at: now.0 }, true));
        }
        // Another tab was a moment earlier.
        for statement in ["delete from residents where id = $1", "delete from person_keys where person = $1"]
        {
            sqlx::query(statement).bind(&id).execute(&mut **tx).await?;
        }
        let earlier = login(tx, provider, index).await?.ok_or(StoreError::Conflict)?;
        Ok((earlier, false))
    }

    /// Takes the provider's word for name and document, where it gives one.
    async fn vouch_for(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        identity: &ProviderIdentity,
        now: Instant,
    ) -> Result<Option<Vouched>, StoreError> {
        let Some(verified) = &identity.verified else { return Ok(None) };
        let before = sqlx::query(
            "select 1 as one from residents where id = $1 and assurance = 'verified' and document_index = $2",
        )
        .bind(resident)
        .bind(self.document_index(&verified.document))
        .fetch_optional(&mut **tx)
        .await?;
        if before.is_some() {
            return Ok(Some(Vouched::Verified));
        }
        let by = format!("provider:{}", identity.provider);
        let vouched = self.vouch(tx, resident, verified, &by, now).await?;
        if vouched == Vouched::Verified {
            let actor = Actor::Resident(resident.to_owned());
            let entry = AuditEntry {
                object_kind: "resident_logins",
                object: &identity.provider,
                ..own_act(&actor, AuditAct::IdentityVerified, resident)
            };
            Self::note(tx, &entry, now).await?;
        }
        Ok(Some(vouched))
    }

    /// Keeps the number that the provider knows, to reach the person with. It is nobody's way in: it has no index.
    async fn keep_told_phone(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        identity: &ProviderIdentity,
    ) -> Result<(), StoreError> {
        let Some(phone) = &identity.phone else { return Ok(()) };
        let sealer = self.person_sealer(tx, resident).await?;
        sqlx::query("update residents set phone = $1 where id = $2 and phone_index is null")
            .bind(sealer.seal(phone_place(resident), phone.as_str().as_bytes())?)
            .bind(resident)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    /// Notes that a provider's account opened this one.
    pub(super) async fn login_used(
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        provider: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        sqlx::query("update resident_logins set used_at = $1 where resident = $2 and provider = $3")
            .bind(now.0)
            .bind(resident)
            .bind(provider)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    /// Connects a provider's account with the one of somebody who is signed in. One that opens another account is left
    /// where it is, and so is one that the provider has proved to be another person's.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where another account got the document a moment earlier; or the database failed.
    pub(crate) async fn connect_login(
        &self,
        resident: &str,
        identity: &ProviderIdentity,
        now: Instant,
    ) -> Result<Connected, StoreError> {
        let mut tx = self.write().await?;
        let index = self.subject_index(identity);
        let new = bind_login(&mut tx, &identity.provider, &index, resident, now).await?;
        if !new {
            let other = login(&mut tx, &identity.provider, &index).await?;
            if other.is_none_or(|login| login.resident != resident) {
                return Ok(Connected::Taken);
            }
        }
        let vouched = self.vouch_for(&mut tx, resident, identity, now).await?;
        if vouched == Some(Vouched::ToldAnother) {
            return Ok(Connected::OtherPerson);
        }
        if new {
            let actor = Actor::Resident(resident.to_owned());
            Self::note(&mut tx, &own_act(&actor, AuditAct::LoginConnected, resident), now).await?;
            self.tell(&mut tx, resident, &Notice::LoginConnected, Some("/me/devices"), now).await?;
        }
        tx.commit().await?;
        let to_counter = matches!(vouched, Some(Vouched::OfAnother | Vouched::GuardianFirst));
        Ok(Connected::Done { to_counter })
    }

    /// Disconnects the accounts at a provider, and ends what they opened, apart from the session that asks. The last way
    /// in stays: nobody locks themselves out.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none; [`StoreError::Conflict`] for the last way in.
    pub(crate) async fn disconnect_login(
        &self,
        resident: &str,
        provider: &str,
        session: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        // The row's lock: two that are disconnected at once can't both be the last but one.
        let row = sqlx::query(
            "update residents set assurance = assurance where id = $1 and closed_at is null returning phone_index",
        )
        .bind(resident)
        .fetch_one(&mut *tx)
        .await?;
        let by_phone = row.try_get::<Option<String>, _>("phone_index")?.is_some();
        let gone = sqlx::query("delete from resident_logins where resident = $1 and provider = $2")
            .bind(resident)
            .bind(provider)
            .execute(&mut *tx)
            .await?;
        if gone.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        let left = sqlx::query("select provider from resident_logins where resident = $1")
            .bind(resident)
            .fetch_optional(&mut *tx)
            .await?;
        if left.is_none() && !by_phone {
            return Err(StoreError::Conflict);
        }
        sqlx::query("delete from resident_sessions where resident = $1 and provider = $2 and id <> $3")
            .bind(resident)
            .bind(provider)
            .bind(session)
            .execute(&mut *tx)
            .await?;
        let actor = Actor::Resident(resident.to_owned());
        Self::note(&mut tx, &own_act(&actor, AuditAct::LoginDisconnected, resident), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The accounts at providers that open this one, the oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn logins_of(&self, resident: &str) -> Result<Vec<KeptLogin>, StoreError> {
        let rows = sqlx::query(
            "select provider, created_at from resident_logins where resident = $1 order by created_at, provider",
        )
        .bind(resident)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(KeptLogin {
                    provider: row.try_get("provider")?,
                    since: Instant(row.try_get("created_at")?),
                })
            })
            .collect()
    }
}

async fn login(
    tx: &mut Transaction<'static, Any>,
    provider: &str,
    index: &str,
) -> Result<Option<Login>, StoreError> {
    let row = sqlx::query(
        "select l.resident, l.used_at from resident_logins l join residents r on r.id = l.resident \
         where l.provider = $1 and l.subject_index = $2 and r.closed_at is null",
    )
    .bind(provider)
    .bind(index)
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| Ok(Login { resident: row.try_get("resident")?, used_at: row.try_get("used_at")? }))
        .transpose()
}

/// Binds a subject to an account, unless it is bound already.
async fn bind_login(
    tx: &mut Transaction<'static, Any>,
    provider: &str,
    index: &str,
    resident: &str,
    now: Instant,
) -> Result<bool, StoreError> {
    let bound = sqlx::query(
        "insert into resident_logins (provider, subject_index, resident, created_at, used_at) \
         values ($1, $2, $3, $4, $4) on conflict (provider, subject_index) do nothing",
    )
    .bind(provider)
    .bind(index)
    .bind(resident)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(bound.rows_affected() == 1)
}
