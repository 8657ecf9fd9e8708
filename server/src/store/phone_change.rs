//! Another telephone number for an account, in one transaction: by its owner, or by staff in a visit at the counter.

use app::domain::area::district;
use app::domain::audit::AuditAct;
use app::domain::notices::Notice;
use app::domain::person::Proof;
use app::domain::phone::ContactPhone;
use app::domain::time::Instant;
use sqlx::{Any, Transaction};

use super::audit::Actor;
use super::inbox::Reader;
use super::messages::Channel;
use super::residents::{open_phone, own_act, phone_place};
use super::visits::AtCounter;
use super::{Store, StoreError};
use crate::seal::sha256;

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PhoneChange {
    /// The number opens the account from now on.
    Changed,
    /// It opens another account. Told only to whoever has proved that the number is theirs, and to staff.
    Taken,
    /// The code was wrong, used, or out of its time.
    Refused,
}

/// Who changes it.
#[derive(Clone, Copy)]
pub(crate) enum ChangedBy<'a> {
    /// The resident. The session goes on under a new token, all others end.
    Owner {
        /// The account.
        resident: &'a str,
        /// The session's token so far.
        token: &'a str,
        /// Its next one.
        new_token: &'a str,
    },
    /// Staff, for the resident who stands before them.
    Counter(AtCounter<'a>),
}

impl ChangedBy<'_> {
    fn resident(&self) -> &str {
        match self {
            Self::Owner { resident, .. } => resident,
            Self::Counter(at) => at.resident,
        }
    }

    async fn note(
        &self,
        tx: &mut Transaction<'static, Any>,
        act: AuditAct,
        now: Instant,
    ) -> Result<(), StoreError> {
        match self {
            Self::Owner { resident, .. } => {
                let actor = Actor::Resident((*resident).to_owned());
                Store::note(tx, &own_act(&actor, act, resident), now).await
            }
            Self::Counter(at) => at.note(tx, act, "residents", at.resident, now).await,
        }
    }
}

impl Store {
    /// Whether anything is kept by which this resident could prove who they are.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn can_prove(&self, resident: &str) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        Ok(!self.identities_of(&mut tx, resident).await?.is_empty())
    }

    /// Proves once more who sits before a session that is open already. Tells whether name and digits fit.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn confirm_session(
        &self,
        token: &str,
        resident: &str,
        proof: &Proof,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let fits = self.proof_fits(&mut tx, resident, proof).await?;
        if fits {
            sqlx::query(
                "update resident_sessions set confirmed_at = $1 where token_hash = $2 and resident = $3",
            )
            .bind(now.0)
            .bind(sha256(token))
            .bind(resident)
            .execute(&mut *tx)
            .await?;
        } else {
            let actor = Actor::Resident(resident.to_owned());
            Self::note(&mut tx, &own_act(&actor, AuditAct::SignInRefused, resident), now).await?;
        }
        tx.commit().await?;
        Ok(fits)
    }

    /// Changes the number to the one that a code was sent to.
    ///
    /// # Errors
    /// The database failed, or session or account are gone.
    pub(crate) async fn change_phone(
        &self,
        attempt: &str,
        code: &str,
        by: &ChangedBy<'_>,
        now: Instant,
    ) -> Result<PhoneChange, StoreError> {
        let tx = self.write().await?;
        match self.use_code(tx, attempt, code, now).await? {
            Some((tx, phone)) => self.swap_phone(tx, &phone, by, now).await,
            None => Ok(PhoneChange::Refused),
        }
    }

    /// Changes it to a landline for which the resident has signed on paper.
    ///
    /// # Errors
    /// The database failed, or the account is gone.
    pub(crate) async fn change_phone_on_paper(
        &self,
        phone: &ContactPhone,
        at: AtCounter<'_>,
        now: Instant,
    ) -> Result<PhoneChange, StoreError> {
        let tx = self.write().await?;
        self.swap_phone(tx, phone, &ChangedBy::Counter(at), now).await
    }

    async fn swap_phone(
        &self,
        mut tx: Transaction<'static, Any>,
        phone: &ContactPhone,
        by: &ChangedBy<'_>,
        now: Instant,
    ) -> Result<PhoneChange, StoreError> {
        let resident = by.resident();
        // A number that was passed on is another person's, who is told nothing. The row's lock makes it one writer at a
        // time on PostgreSQL.
        let row = sqlx::query(
            "update residents set assurance = assurance where id = $1 and closed_at is null \
             returning case when phone_index is not null then phone end as phone",
        )
        .bind(resident)
        .fetch_one(&mut *tx)
        .await?;
        let sealer = self.person_sealer(&mut tx, resident).await?;
        let old = open_phone(&sealer, resident, &row)?;
        let swapped = sqlx::query(
            "update residents set phone = $1, phone_index = $2, phone_proved_at = $3 where id = $4 \
             and not exists (select 1 from residents other where other.phone_index = $2 and other.id <> $4)",
        )
        .bind(sealer.seal(phone_place(resident), phone.as_str().as_bytes())?)
        .bind(self.phone_index(phone))
        .bind(now.0)
        .bind(resident)
        .execute(&mut *tx)
        .await;
        match swapped.map_err(StoreError::from) {
            Ok(done) if done.rows_affected() == 1 => {}
            Ok(_) => {
                by.note(&mut tx, AuditAct::PhoneChangeRefused, now).await?;
                tx.commit().await?;
                return Ok(PhoneChange::Taken);
            }
            // Somebody signed in with it for the first time at this very moment.
            Err(StoreError::Conflict) => return Ok(PhoneChange::Taken),
            Err(other) => return Err(other),
        }
        // To the old number itself, whatever channel was chosen: who lost it must hear of it there, and in the inbox.
        let to = old.as_ref().filter(|old| *old != phone);
        let channel = to.map(|old| if old.mobile().is_some() { Channel::Text } else { Channel::Voice });
        let reader = Reader { resident, area: district(), channel, to: to.map(ContactPhone::as_str) };
        self.notify(&mut tx, &reader, &Notice::PhoneChanged, Some("/me/profile"), now).await?;
        self.end_other_sessions(&mut tx, by).await?;
        by.note(&mut tx, AuditAct::PhoneChanged, now).await?;
        tx.commit().await?;
        Ok(PhoneChange::Changed)
    }

    /// Every device signs in anew, and is a new one then.
    async fn end_other_sessions(
        &self,
        tx: &mut Transaction<'static, Any>,
        by: &ChangedBy<'_>,
    ) -> Result<(), StoreError> {
        let (kept, next) = match by {
            ChangedBy::Owner { token, new_token, .. } => (sha256(token), Some(sha256(new_token))),
            ChangedBy::Counter(_) => (String::new(), None),
        };
        for statement in [
            "delete from resident_devices where resident = $1 and device not in \
             (select device from resident_sessions where token_hash = $2 and resident = $1)",
            "delete from resident_sessions where resident = $1 and token_hash <> $2",
        ] {
            sqlx::query(statement).bind(by.resident()).bind(&kept).execute(&mut **tx).await?;
        }
        let Some(next) = next else { return Ok(()) };
        let turned = sqlx::query("update resident_sessions set token_hash = $1 where token_hash = $2")
            .bind(next)
            .bind(&kept)
            .execute(&mut **tx)
            .await?;
        if turned.rows_affected() == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }
}
