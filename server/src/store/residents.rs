//! Residents: the one-time code, the account behind a telephone number, the profile.

use app::domain::area::district;
use app::domain::audit::{AuditAct, Purpose};
use app::domain::consents::ConsentKind;
use app::domain::name::PersonName;
use app::domain::notices::Notice;
use app::domain::person::{Assurance, Profile, Proof};
use app::domain::phone::ContactPhone;
use app::domain::staff::DeviceKind;
use app::domain::time::Instant;
use app::visit::Owner;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};
use subtle::ConstantTimeEq as _;

use super::audit::{Actor, AuditEntry};
use super::inbox::Reader;
use super::messages::{Channel, NewMessage};
use super::sessions::NewSession;
use super::{Store, StoreError};
use crate::seal::{Place, Sealer, new_id, random_u64, sha256};

/// A code holds for five minutes.
const CODE_MS: i64 = 5 * 60_000;
/// And for five tries.
const CODE_TRIES: i64 = 5;

/// What became of a code that was typed.
#[derive(Debug)]
pub(crate) enum CodeOutcome {
    /// It was right: the session is open.
    SignedIn {
        /// Name and document digits are asked for before old things open.
        proved: bool,
    },
    /// It was wrong, used, or out of its time.
    Refused,
}

/// What the store needs to know of the device that signs in.
#[derive(Clone, Debug)]
pub(crate) struct Device<'a> {
    /// The hash of the cookie that it came with; empty without one.
    pub(crate) old: &'a str,
    /// The hash of the cookie that it gets: rotated, so that a planted one is worth nothing.
    pub(crate) new: &'a str,
    /// A few words of a fixed list.
    pub(crate) described: &'static str,
}

/// What a sign-in goes by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignInRules {
    /// A number that was not used for so long may be another person's by now, in milliseconds.
    pub(crate) unused_ms: i64,
    /// How long a session lasts at the most, in milliseconds.
    pub(crate) session_ms: i64,
}

/// Who has begun to sign in, and must still prove who they are.
struct Waiting {
    resident: String,
    /// The account's number.
    phone: Option<ContactPhone>,
    /// The provider whose account it was that signed in, where it was not the number.
    provider: Option<String>,
}

/// An account as its owner may see it.
#[derive(Clone, Debug)]
pub(crate) struct KeptResident {
    /// How the person is reached; an account made with a provider's may have none.
    pub(crate) phone: Option<ContactPhone>,
    /// Whether a code to that number opens the account. A number that a provider told opens nothing.
    pub(crate) phone_opens: bool,
    /// What is kept.
    pub(crate) profile: Profile,
    /// How sure the service is.
    pub(crate) assurance: Assurance,
}

/// The owner of what a resident with an account does.
pub(crate) fn owner_of(resident: &str) -> Owner {
    Owner(format!("resident:{resident}"))
}

pub(super) fn profile_place(resident: &str) -> Place<'_> {
    Place { column: "residents.profile", row: resident }
}

pub(super) fn phone_place(resident: &str) -> Place<'_> {
    Place { column: "residents.phone", row: resident }
}

pub(super) fn own_act<'a>(actor: &'a Actor, act: AuditAct, resident: &'a str) -> AuditEntry<'a> {
    AuditEntry {
        area: district(),
        actor,
        on_behalf_of: None,
        act,
        object_kind: "residents",
        object: resident,
        subject: Some(resident),
        purpose: Purpose::Own,
    }
}

impl Store {
    /// Makes a code for a number and puts its message into the outbox. `attempt` is the secret of a short-lived cookie.
    /// Known and unknown numbers are treated alike. Gives the message's id.
    ///
    /// # Errors
    /// The database failed, or the system has no randomness.
    pub(crate) async fn request_code(
        &self,
        attempt: &str,
        phone: &ContactPhone,
        write: impl Fn(&str) -> String,
        now: Instant,
    ) -> Result<String, StoreError> {
        self.request_code_for("sign_in_code", attempt, phone, write, now).await
    }

    /// As [`Self::request_code`], for what that template is about. Asked for again under the same secret, the code before
    /// is worth nothing any more.
    ///
    /// # Errors
    /// The database failed, or the system has no randomness.
    pub(crate) async fn request_code_for(
        &self,
        template: &'static str,
        attempt: &str,
        phone: &ContactPhone,
        write: impl Fn(&str) -> String,
        now: Instant,
    ) -> Result<String, StoreError> {
        let id = sha256(attempt);
        let code = format!("{:06}", random_u64()? % 1_000_000);
        let sealed =
            self.sealer.seal(Place { column: "sign_in_codes.phone", row: &id }, phone.as_str().as_bytes())?;
        let mut tx = self.write().await?;
        sqlx::query(
            "insert into sign_in_codes (id, phone, phone_index, code_hash, tries, created_at, expires_at) \
             values ($1, $2, $3, $4, 0, $5, $6) on conflict (id) do update set phone = excluded.phone, \
             phone_index = excluded.phone_index, code_hash = excluded.code_hash, tries = 0, \
             created_at = excluded.created_at, expires_at = excluded.expires_at, used_at = null",
        )
        .bind(&id)
        .bind(sealed)
        .bind(self.phone_index(phone))
        .bind(self.code_hash(&id, &code))
        .bind(now.0)
        .bind(now.0 + CODE_MS)
        .execute(&mut *tx)
        .await?;
        let message = NewMessage {
            resident: None,
            area: district(),
            channel: if phone.mobile().is_some() { Channel::Text } else { Channel::Voice },
            template,
            to: phone.as_str(),
            text: &write(&code),
            urgent: true,
            expires_at: Some(Instant(now.0 + CODE_MS)),
        };
        let message = self.enqueue(&mut tx, &message, now).await?;
        tx.commit().await?;
        Ok(message)
    }

    fn code_hash(&self, id: &str, code: &str) -> String {
        self.sealer.index("sign_in_codes.code", &format!("{id}/{code}"))
    }

    pub(crate) fn phone_index(&self, phone: &ContactPhone) -> String {
        self.sealer.index("phone", phone.as_str())
    }

    /// The number that a code was sent to, while the code may still be typed.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn phone_of_attempt(
        &self,
        attempt: &str,
        now: Instant,
    ) -> Result<Option<ContactPhone>, StoreError> {
        let id = sha256(attempt);
        let row = sqlx::query(
            "select phone from sign_in_codes where id = $1 and used_at is null and expires_at > $2",
        )
        .bind(&id)
        .bind(now.0)
        .fetch_optional(&self.reader)
        .await?;
        row.map(|row| self.open_attempt_phone(&id, &row)).transpose()
    }

    fn open_attempt_phone(&self, id: &str, row: &AnyRow) -> Result<ContactPhone, StoreError> {
        let sealed: Vec<u8> = row.try_get("phone")?;
        let text = self.sealer.open_text(Place { column: "sign_in_codes.phone", row: id }, &sealed)?;
        ContactPhone::parse(&text)
            .map_err(|_| StoreError::Other(anyhow::anyhow!("a kept telephone number is none")))
    }

    /// Takes one try of a code, inside a transaction; the try counts whatever comes of it. Gives the number that was
    /// proved. Commits a wrong try.
    pub(super) async fn use_code(
        &self,
        mut tx: Transaction<'static, Any>,
        attempt: &str,
        code: &str,
        now: Instant,
    ) -> Result<Option<(Transaction<'static, Any>, ContactPhone)>, StoreError> {
        let id = sha256(attempt);
        let row = sqlx::query(
            "update sign_in_codes set tries = tries + 1 \
             where id = $1 and tries < $2 and used_at is null and expires_at > $3 returning code_hash, phone",
        )
        .bind(&id)
        .bind(CODE_TRIES)
        .bind(now.0)
        .fetch_optional(&mut *tx)
        .await?;
        let right = match &row {
            None => false,
            Some(row) => {
                let kept: String = row.try_get("code_hash")?;
                bool::from(kept.as_bytes().ct_eq(self.code_hash(&id, code).as_bytes()))
            }
        };
        let Some(row) = row.filter(|_| right) else {
            let actor = Actor::Device(String::new());
            let entry = AuditEntry {
                area: district(),
                actor: &actor,
                on_behalf_of: None,
                act: AuditAct::SignInRefused,
                object_kind: "sign_in_codes",
                object: &id,
                subject: None,
                purpose: Purpose::Own,
            };
            Self::note(&mut tx, &entry, now).await?;
            tx.commit().await?;
            return Ok(None);
        };
        sqlx::query("update sign_in_codes set used_at = $1 where id = $2")
            .bind(now.0)
            .bind(&id)
            .execute(&mut *tx)
            .await?;
        let phone = self.open_attempt_phone(&id, &row)?;
        Ok(Some((tx, phone)))
    }

    /// Signs in with a code: finds or makes the account of the number and opens a session under a fresh token.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn sign_in_with_code(
        &self,
        attempt: &str,
        code: &str,
        token: &str,
        device: &Device<'_>,
        rules: SignInRules,
        now: Instant,
    ) -> Result<CodeOutcome, StoreError> {
        let tx = self.write().await?;
        let Some((mut tx, phone)) = self.use_code(tx, attempt, code, now).await? else {
            return Ok(CodeOutcome::Refused);
        };
        let (resident, last_proved) = self.resident_of_phone(&mut tx, &phone, now).await?;
        let stale = now.0 - last_proved > rules.unused_ms;
        let known = Self::knows_device_of(&mut tx, &resident, device.old).await?;
        let proved = (known && !stale) || !self.holds_identity(&mut tx, &resident, stale).await?;
        let new = NewSession {
            token,
            resident: &resident,
            device,
            proved,
            provider: None,
            ends_at: now.0 + rules.session_ms,
        };
        self.open_resident_session(&mut tx, &new, now).await?;
        if proved {
            self.settle_in(&mut tx, &resident, Some(&phone), device, now).await?;
        }
        tx.commit().await?;
        Ok(CodeOutcome::SignedIn { proved })
    }

    /// The account of a number, made where there is none; with the moment when the number was proved last.
    pub(super) async fn resident_of_phone(
        &self,
        tx: &mut Transaction<'static, Any>,
        phone: &ContactPhone,
        now: Instant,
    ) -> Result<(String, i64), StoreError> {
        let index = self.phone_index(phone);
        if let Some(found) = resident_by_index(tx, &index).await? {
            return Ok(found);
        }
        let id = new_id(now)?;
        let sealer = self.make_person_key(tx, &id, now).await?;
        let made = sqlx::query(
            "insert into residents (id, phone, phone_index, phone_proved_at, assurance, created_at) \
             values ($1, $2, $3, $4, 'declared', $4) on conflict (phone_index) do nothing",
        )
        .bind(&id)
        .bind(sealer.seal(phone_place(&id), phone.as_str().as_bytes())?)
        .bind(&index)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        if made.rows_affected() == 1 {
            return Ok((id, now.0));
        }
        // Another device was a moment earlier.
        sqlx::query("delete from person_keys where person = $1").bind(&id).execute(&mut **tx).await?;
        resident_by_index(tx, &index).await?.ok_or(StoreError::Conflict)
    }

    /// Makes a person's own key and gives the sealer with it.
    pub(super) async fn make_person_key(
        &self,
        tx: &mut Transaction<'static, Any>,
        person: &str,
        now: Instant,
    ) -> Result<Sealer, StoreError> {
        let wrapped = self.sealer.new_person_key(person)?;
        sqlx::query("insert into person_keys (person, wrapped, created_at) values ($1, $2, $3)")
            .bind(person)
            .bind(&wrapped)
            .bind(now.0)
            .execute(&mut **tx)
            .await?;
        Ok(self.sealer.of_person(person, &wrapped)?)
    }

    /// The sealer with a person's own key, inside a transaction.
    pub(super) async fn person_sealer(
        &self,
        tx: &mut Transaction<'static, Any>,
        person: &str,
    ) -> Result<Sealer, StoreError> {
        let wrapped: Vec<u8> = sqlx::query_scalar("select wrapped from person_keys where person = $1")
            .bind(person)
            .fetch_one(&mut **tx)
            .await?;
        Ok(self.sealer.of_person(person, &wrapped)?)
    }

    /// Whether a device has signed in to this account before.
    pub(super) async fn knows_device_of(
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        device: &str,
    ) -> Result<bool, StoreError> {
        let found = sqlx::query("select 1 as one from resident_devices where resident = $1 and device = $2")
            .bind(resident)
            .bind(device)
            .fetch_optional(&mut **tx)
            .await?;
        Ok(found.is_some())
    }

    /// Whether an account keeps what only its owner may open. With a number that lay unused for long, that is anything at
    /// all, also what no name and document can be asked for; its new owner starts afresh.
    pub(super) async fn holds_identity(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        stale: bool,
    ) -> Result<bool, StoreError> {
        if !self.identities_of(tx, resident).await?.is_empty() {
            return Ok(true);
        }
        if !stale {
            return Ok(false);
        }
        let held = sqlx::query(
            "select 1 as one from residents r where r.id = $1 and (r.profile is not null \
             or exists (select 1 from proxies p where p.represented = r.id or p.representative = r.id) \
             or exists (select 1 from notices n where n.resident = r.id))",
        )
        .bind(resident)
        .fetch_optional(&mut **tx)
        .await?;
        Ok(held.is_some())
    }

    /// Name and document number of everything by which a resident can prove who they are: the profile, and the
    /// applications that they sent. What others typed or what is of others, the applications that somebody sent for them
    /// and the household, counts only where there is nothing of their own. Empty where there is nothing to protect yet.
    pub(super) async fn identities_of(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let (mut own, mut others) = (Vec::new(), Vec::new());
        let row = sqlx::query("select profile from residents where id = $1")
            .bind(resident)
            .fetch_one(&mut **tx)
            .await?;
        if let Some(sealed) = row.try_get::<Option<Vec<u8>>, _>("profile")? {
            let sealer = self.person_sealer(tx, resident).await?;
            let profile: Profile = sealer.open_json(profile_place(resident), &sealed)?;
            own.extend(profile.identity.map(|identity| (identity.name, identity.document_number)));
            let members = profile.members.into_iter().map(|(_, member)| member);
            others.extend(members.map(|member| (member.name, member.document_number)));
        }
        let rows = sqlx::query(
            "select area, id, applicant_name, document_number, acted_by from applications where owner = $1 \
             order by received_at desc",
        )
        .bind(owner_of(resident).0)
        .fetch_all(&mut **tx)
        .await?;
        for row in &rows {
            let at = format!("{}/{}", row.try_get::<String, _>("area")?, row.try_get::<String, _>("id")?);
            let open = |column: &'static str, name: &str| -> Result<String, StoreError> {
                let sealed: Vec<u8> = row.try_get(name)?;
                Ok(self.sealer.open_text(Place { column, row: &at }, &sealed)?)
            };
            let identity = (
                open("applications.applicant_name", "applicant_name")?,
                open("applications.document_number", "document_number")?,
            );
            match row.try_get::<Option<String>, _>("acted_by")? {
                None => own.push(identity),
                Some(_) => others.push(identity),
            }
        }
        Ok(if own.is_empty() { others } else { own })
    }

    /// Whether name and document digits are those of something by which this resident can prove who they are.
    pub(super) async fn proof_fits(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        proof: &Proof,
    ) -> Result<bool, StoreError> {
        Ok(self.identities_of(tx, resident).await?.iter().any(|(name, number)| {
            let same_name = PersonName::parse(name).is_ok_and(|name| name.as_str() == proof.name.as_str());
            let tail: String = app::domain::normalise::digits(number).to_ascii_uppercase();
            let tail = tail.get(tail.len().saturating_sub(4)..).unwrap_or_default().to_owned();
            same_name & bool::from(tail.as_bytes().ct_eq(proof.document_tail.as_bytes()))
        }))
    }

    /// Proves name and document digits for a session that waits for them. Right: the session opens under a new token
    /// and the device is known from now on.
    ///
    /// # Errors
    /// The database failed, or there is no such session.
    pub(crate) async fn prove(
        &self,
        old_token: &str,
        new_token: &str,
        proof: &Proof,
        device: &Device<'_>,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let Waiting { resident, phone, provider } = self.waiting_session(&mut tx, old_token).await?;
        let fits = self.proof_fits(&mut tx, &resident, proof).await?;
        let actor = Actor::Resident(resident.clone());
        if !fits {
            Self::note(&mut tx, &own_act(&actor, AuditAct::SignInRefused, &resident), now).await?;
            tx.commit().await?;
            return Ok(false);
        }
        let turned = sqlx::query(
            "update resident_sessions set proved = 1, token_hash = $1, device = $2, confirmed_at = $4 \
             where token_hash = $3 and proved = 0",
        )
        .bind(sha256(new_token))
        .bind(device.new)
        .bind(sha256(old_token))
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if turned.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        // Who came with a provider's account has not shown that the number is theirs.
        let phone = phone.filter(|_| provider.is_none());
        self.settle_in(&mut tx, &resident, phone.as_ref(), device, now).await?;
        if let Some(provider) = &provider {
            Self::login_used(&mut tx, &resident, provider, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// The number is another person's now: it leaves the old account, whose sessions end, and gets a new one.
    ///
    /// # Errors
    /// The database failed, or there is no such session, or it was not the number that opened it.
    pub(crate) async fn start_afresh(
        &self,
        old_token: &str,
        new_token: &str,
        device: &Device<'_>,
        rules: SignInRules,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let Waiting { resident: old, phone, provider } = self.waiting_session(&mut tx, old_token).await?;
        let phone = phone.filter(|_| provider.is_none()).ok_or(StoreError::NotFound)?;
        sqlx::query("update residents set phone_index = null, phone = null where id = $1")
            .bind(&old)
            .execute(&mut *tx)
            .await?;
        sqlx::query("delete from resident_sessions where resident = $1").bind(&old).execute(&mut *tx).await?;
        sqlx::query("delete from resident_devices where resident = $1").bind(&old).execute(&mut *tx).await?;
        let (resident, _) = self.resident_of_phone(&mut tx, &phone, now).await?;
        let ends_at = now.0 + rules.session_ms;
        let new = NewSession {
            token: new_token,
            resident: &resident,
            device,
            proved: true,
            provider: None,
            ends_at,
        };
        self.open_resident_session(&mut tx, &new, now).await?;
        let actor = Actor::Resident(resident.clone());
        let entry = AuditEntry { subject: Some(&old), ..own_act(&actor, AuditAct::NumberPassedOn, &old) };
        Self::note(&mut tx, &entry, now).await?;
        // To the inbox alone: the telephone is the new person's.
        let reader = Reader { resident: &old, area: district(), channel: None, to: None };
        self.notify(&mut tx, &reader, &Notice::NumberPassedOn, None, now).await?;
        // Nothing of this device is claimed: what was done on it with this number may be the old person's.
        self.settle_in(&mut tx, &resident, None, device, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The account of a session that still waits for its proof.
    async fn waiting_session(
        &self,
        tx: &mut Transaction<'static, Any>,
        token: &str,
    ) -> Result<Waiting, StoreError> {
        let row = sqlx::query(
            "select r.id, r.phone, s.provider from resident_sessions s join residents r on r.id = s.resident \
             where s.token_hash = $1 and s.proved = 0 and r.closed_at is null",
        )
        .bind(sha256(token))
        .fetch_one(&mut **tx)
        .await?;
        let id: String = row.try_get("id")?;
        let sealer = self.person_sealer(tx, &id).await?;
        let phone = open_phone(&sealer, &id, &row)?;
        Ok(Waiting { resident: id, phone, provider: row.try_get("provider")? })
    }

    /// What happens once somebody has proved who they are: the device is known, the number, where they came with one,
    /// counts as used, and what was done on this device before becomes the account's, as far as it is surely this
    /// person's.
    pub(super) async fn settle_in(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        phone: Option<&ContactPhone>,
        device: &Device<'_>,
        now: Instant,
    ) -> Result<(), StoreError> {
        if phone.is_some() {
            sqlx::query("update residents set phone_proved_at = $1 where id = $2")
                .bind(now.0)
                .bind(resident)
                .execute(&mut **tx)
                .await?;
        }
        let known = sqlx::query("delete from resident_devices where resident = $1 and device = $2")
            .bind(resident)
            .bind(device.old)
            .execute(&mut **tx)
            .await?;
        let others = sqlx::query("select device from resident_devices where resident = $1")
            .bind(resident)
            .fetch_optional(&mut **tx)
            .await?;
        if known.rows_affected() == 0 && others.is_some() {
            let device = DeviceKind::parse(device.described).unwrap_or(DeviceKind::Other);
            let notice = Notice::SignedInOnNewDevice {
                time: now.shanghai_text(),
                device: app::text::staff::device_name(device).to_owned(),
            };
            self.tell(tx, resident, &notice, Some("/me/devices"), now).await?;
        }
        sqlx::query(
            "insert into resident_devices (resident, device, seen_at) values ($1, $2, $3) \
             on conflict (resident, device) do update set seen_at = excluded.seen_at",
        )
        .bind(resident)
        .bind(device.new)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        let actor = Actor::Resident(resident.to_owned());
        Self::note(tx, &own_act(&actor, AuditAct::SignedIn, resident), now).await?;
        if device.old.is_empty() {
            return Ok(());
        }
        let owner = owner_of(resident).0;
        if let Some(phone) = phone {
            // The device's own cookie and the number together: these were sent by this person.
            sqlx::query("update applications set owner = $1 where owner = $2 and mobile_index = $3")
                .bind(&owner)
                .bind(device.old)
                .bind(self.sealer.index("mobile", phone.as_str()))
                .execute(&mut **tx)
                .await?;
        }
        // A draft of this device goes on under the account, unless the account has one already.
        sqlx::query(
            "update drafts set owner = $1 where owner = $2 and not exists \
             (select 1 from drafts other where other.owner = $1 and other.item = drafts.item)",
        )
        .bind(&owner)
        .bind(device.old)
        .execute(&mut **tx)
        .await?;
        if device.old != device.new {
            self.move_device(tx, device.old, device.new).await?;
        }
        Ok(())
    }

    /// What stays with the device moves to its new cookie.
    async fn move_device(
        &self,
        tx: &mut Transaction<'static, Any>,
        old: &str,
        new: &str,
    ) -> Result<(), StoreError> {
        for statement in [
            "update applications set owner = $1 where owner = $2",
            "update drafts set owner = $1 where owner = $2",
            "update confirmation_grants set owner = $1 where owner = $2",
            "update complaints set device = $1 where device = $2",
            "update resident_devices set device = $1 where device = $2",
            "update resident_sessions set device = $1 where device = $2",
        ] {
            sqlx::query(statement).bind(new).bind(old).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Whether the owner of this number has proved on this device who they are.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn is_device_of(&self, phone: &ContactPhone, device: &str) -> Result<bool, StoreError> {
        let found = sqlx::query(
            "select 1 as one from resident_devices d join residents r on r.id = d.resident \
             where r.phone_index = $1 and r.closed_at is null and d.device = $2",
        )
        .bind(self.phone_index(phone))
        .bind(device)
        .fetch_optional(&self.reader)
        .await?;
        Ok(found.is_some())
    }

    /// An account with its profile.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for one that is closed; or the database failed.
    pub(crate) async fn account(&self, id: &str) -> Result<KeptResident, StoreError> {
        let row = sqlx::query(
            "select r.id, r.phone, r.phone_index, r.profile, r.assurance, k.wrapped from residents r \
             join person_keys k on k.person = r.id where r.id = $1 and r.closed_at is null",
        )
        .bind(id)
        .fetch_one(&self.reader)
        .await?;
        let sealer = self.sealer.of_person(id, &row.try_get::<Vec<u8>, _>("wrapped")?)?;
        let profile = match row.try_get::<Option<Vec<u8>>, _>("profile")? {
            Some(sealed) => sealer.open_json(profile_place(id), &sealed)?,
            None => Profile::default(),
        };
        Ok(KeptResident {
            phone: open_phone(&sealer, id, &row)?,
            phone_opens: row.try_get::<Option<String>, _>("phone_index")?.is_some(),
            profile,
            assurance: Assurance::parse(row.try_get("assurance")?).unwrap_or(Assurance::Declared),
        })
    }

    /// Changes the profile. `change` gets what is kept and says what it becomes; one writer at a time, so two tabs lose
    /// nothing of each other's. A change of name or document makes a verified person a declared one again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a closed account; [`StoreError::Conflict`] where `change` refuses.
    pub(crate) async fn change_profile(
        &self,
        resident: &str,
        actor: &Actor,
        on_behalf_of: Option<&str>,
        change: impl FnOnce(&mut Profile) -> Result<(), StoreError> + Send,
        now: Instant,
    ) -> Result<(), StoreError> {
        self.change_profile_agreeing(resident, actor, on_behalf_of, &[], change, now).await
    }

    /// As [`Self::change_profile`]; consents are given (`true`) or withdrawn with it.
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn change_profile_agreeing(
        &self,
        resident: &str,
        actor: &Actor,
        on_behalf_of: Option<&str>,
        settled: &[(ConsentKind, bool)],
        change: impl FnOnce(&mut Profile) -> Result<(), StoreError> + Send,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        // The row's lock is what makes it one writer at a time on PostgreSQL.
        let row = sqlx::query(
            "update residents set assurance = assurance where id = $1 and closed_at is null returning profile",
        )
        .bind(resident)
        .fetch_one(&mut *tx)
        .await?;
        let sealer = self.person_sealer(&mut tx, resident).await?;
        let mut profile: Profile = match row.try_get::<Option<Vec<u8>>, _>("profile")? {
            Some(sealed) => sealer.open_json(profile_place(resident), &sealed)?,
            None => Profile::default(),
        };
        let before = profile.identity.clone();
        change(&mut profile)?;
        sqlx::query("update residents set profile = $1 where id = $2")
            .bind(sealer.seal_json(profile_place(resident), &profile)?)
            .bind(resident)
            .execute(&mut *tx)
            .await?;
        if profile.identity != before {
            sqlx::query(
                "update residents set assurance = 'declared', verified_at = null, verified_by = null, \
                 document_index = null where id = $1 and assurance = 'verified'",
            )
            .bind(resident)
            .execute(&mut *tx)
            .await?;
        }
        let entry = AuditEntry { on_behalf_of, ..own_act(actor, AuditAct::ProfileChanged, resident) };
        Self::note(&mut tx, &entry, now).await?;
        Self::settle_consents(&mut tx, resident, settled, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn resident_by_index(
    tx: &mut Transaction<'static, Any>,
    index: &str,
) -> Result<Option<(String, i64)>, StoreError> {
    let row =
        sqlx::query("select id, phone_proved_at from residents where phone_index = $1 and closed_at is null")
            .bind(index)
            .fetch_optional(&mut **tx)
            .await?;
    row.map(|row| Ok((row.try_get("id")?, row.try_get("phone_proved_at")?))).transpose()
}

pub(super) fn open_phone(
    sealer: &Sealer,
    resident: &str,
    row: &AnyRow,
) -> Result<Option<ContactPhone>, StoreError> {
    let sealed: Option<Vec<u8>> = row.try_get("phone")?;
    let Some(sealed) = sealed else { return Ok(None) };
    Ok(ContactPhone::parse(&sealer.open_text(phone_place(resident), &sealed)?).ok())
}
