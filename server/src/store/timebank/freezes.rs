//! Hours that wait: frozen by staff or with an account that closes, settled by two people as the settings allow.

use app::domain::aid::standards::Deed;
use app::domain::area::district;
use app::domain::audit::AuditAct;
use app::domain::name::PersonName;
use app::domain::notices::Notice;
use app::domain::person::Identity;
use app::domain::phone::ContactPhone;
use app::domain::time::Instant;
use app::domain::timebank::{
    Account, AccountKind, EntryKind, FreezeReason, Minutes, Movement, NewFreeze, NewOutcome, Outcome,
    minutes_text,
};
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::confirmation::POOL;
use super::doing::{Doing, NeedRefusal, note};
use super::needs::place;
use crate::seal::new_id;
use crate::store::{Store, StoreError};

/// What was proposed.
#[derive(Clone)]
pub(crate) struct KeptOutcome {
    /// What.
    pub(crate) outcome: Outcome,
    /// The account that gets the hours.
    pub(crate) beneficiary: Option<String>,
    /// What was seen.
    pub(crate) why: String,
    /// Who proposed it.
    pub(crate) proposed: Deed,
}

/// Hours that wait.
#[derive(Clone)]
pub(crate) struct KeptFreeze {
    /// Its id.
    pub(crate) id: String,
    /// Whose street, or the district.
    pub(crate) area: String,
    /// Whose.
    pub(crate) resident: String,
    /// Why.
    pub(crate) reason: FreezeReason,
    /// Who told it and what was seen; empty for a closed account.
    pub(crate) why: String,
    /// Since when.
    pub(crate) frozen_at: Instant,
    /// What was proposed, where it waits for a second person.
    pub(crate) proposed: Option<KeptOutcome>,
}

app::masked_debug!(KeptOutcome, KeptFreeze);

macro_rules! freezes {
    ($where:literal) => {
        concat!(
            "select f.id, f.area, f.resident, f.reason, f.why, f.frozen_at, f.state, f.outcome, f.beneficiary, \
             f.proposed_why, f.proposed_by, f.proposed_at, p.name as proposed_name from time_freezes f \
             left join staff p on p.id = f.proposed_by ",
            $where
        )
    };
}

impl Store {
    fn freeze_from(&self, row: &AnyRow) -> Result<KeptFreeze, StoreError> {
        let unknown = || StoreError::Other(anyhow::anyhow!("hours wait for a reason that is not known"));
        let id: String = row.try_get("id")?;
        let text = |column: &'static str, name: &str| {
            let sealed: Option<Vec<u8>> = row.try_get(name)?;
            let text = sealed.map(|sealed| self.sealer.open_text(place(column, &id), &sealed)).transpose()?;
            Ok::<_, StoreError>(text.unwrap_or_default())
        };
        let proposed = match row.try_get::<&str, _>("state")? {
            "proposed" => self.deed(row, ["proposed_by", "proposed_name", "proposed_at"])?,
            _ => None,
        };
        let proposed = match proposed {
            Some(proposed) => Some(KeptOutcome {
                outcome: Outcome::parse(row.try_get("outcome")?).ok_or_else(unknown)?,
                beneficiary: row.try_get("beneficiary")?,
                why: text("time_freezes.proposed_why", "proposed_why")?,
                proposed,
            }),
            None => None,
        };
        Ok(KeptFreeze {
            area: row.try_get("area")?,
            resident: row.try_get("resident")?,
            reason: FreezeReason::parse(row.try_get("reason")?).ok_or_else(unknown)?,
            why: text("time_freezes.why", "why")?,
            frozen_at: Instant(row.try_get("frozen_at")?),
            proposed,
            id,
        })
    }

    /// Hours of a place that wait, the oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn freezes_at(&self, place: &str) -> Result<Vec<KeptFreeze>, StoreError> {
        let rows = sqlx::query(freezes!(
            "where f.area >= $1 and f.area < $2 and f.state <> 'ended' order by f.frozen_at, f.id limit 300"
        ))
        .bind(place)
        .bind(format!("{place}:"))
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| self.freeze_from(row)).collect()
    }

    /// Hours that wait.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] once they are settled.
    pub(crate) async fn freeze(&self, id: &str) -> Result<KeptFreeze, StoreError> {
        let row = sqlx::query(freezes!("where f.id = $1 and f.state <> 'ended'"))
            .bind(id)
            .fetch_one(&self.reader)
            .await?;
        self.freeze_from(&row)
    }

    /// Whether somebody's hours wait.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn is_frozen(&self, resident: &str) -> Result<bool, StoreError> {
        let found: Option<String> =
            sqlx::query_scalar("select id from time_freezes where resident = $1 and state <> 'ended'")
                .bind(resident)
                .fetch_optional(&self.reader)
                .await?;
        Ok(found.is_some())
    }

    /// The account whose name was checked, by its telephone and that name, with the street where it gives service or the
    /// district.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn saver_of(
        &self,
        phone: &ContactPhone,
        name: &PersonName,
        now: Instant,
    ) -> Result<Option<(String, String)>, StoreError> {
        let found: Option<(String, Option<String>)> = sqlx::query_as(
            "select r.id, v.street from residents r left join time_volunteers v on v.resident = r.id \
             where r.phone_index = $1 and r.closed_at is null and r.assurance = 'verified'",
        )
        .bind(self.phone_index(phone))
        .fetch_optional(&self.reader)
        .await?;
        let Some((resident, street)) = found else { return Ok(None) };
        let profile = self.account(&resident).await?.profile;
        let identity = profile.identity.and_then(|form| Identity::parse(&form, now.shanghai_date()).ok());
        let same = identity.is_some_and(|identity| identity.name.as_str() == name.as_str());
        Ok(same.then(|| (resident, street.unwrap_or_else(|| district().to_owned()))))
    }

    /// Freezes somebody's hours; gives the id.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] where they wait already.
    pub(crate) async fn freeze_hours(
        &self,
        (resident, area): (&str, &str),
        freeze: &NewFreeze,
        staff: &str,
        doing: &Doing<'_>,
    ) -> Result<String, NeedRefusal> {
        let mut tx = self.write().await?;
        if let Some(id) = Self::take_key(&mut tx, doing.key, doing.owner, "time_freeze", doing.now).await? {
            return Ok(id);
        }
        let id = self
            .insert_freeze(&mut tx, (resident, area), (freeze.reason, Some(&freeze.why)), staff, doing.now)
            .await?
            .ok_or(NeedRefusal::Gone)?;
        // Nobody writes to the dead.
        if freeze.reason != FreezeReason::Died {
            self.tell(&mut tx, resident, &Notice::TimeFrozen, Some("/timebank"), doing.now).await?;
        }
        note(&mut tx, AuditAct::TimeFrozen, (area, &id), Some(resident), doing).await?;
        Self::answer_key(&mut tx, doing.key, &id).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Writes a freeze; `None` where the hours wait already.
    pub(super) async fn insert_freeze(
        &self,
        tx: &mut Transaction<'static, Any>,
        (resident, area): (&str, &str),
        (reason, why): (FreezeReason, Option<&str>),
        by: &str,
        now: Instant,
    ) -> Result<Option<String>, StoreError> {
        hold_chain(tx).await?;
        let id = new_id(now)?;
        let why =
            why.map(|why| self.sealer.seal(place("time_freezes.why", &id), why.as_bytes())).transpose()?;
        let done = sqlx::query(
            "insert into time_freezes (id, area, resident, reason, why, state, frozen_by, frozen_at) \
             values ($1, $2, $3, $4, $5, 'frozen', $6, $7) on conflict do nothing",
        )
        .bind(&id)
        .bind(area)
        .bind(resident)
        .bind(reason.as_str())
        .bind(why)
        .bind(by)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        Ok((done.rows_affected() == 1).then_some(id))
    }

    /// Hours of an account that closes wait; where there are none, nothing does.
    pub(super) async fn freeze_closing(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let held: Option<i64> = sqlx::query_scalar(
            "select minutes from time_accounts where area = $1 and id = $2 and minutes > 0",
        )
        .bind(district())
        .bind(Account::of(AccountKind::Person, resident).id())
        .fetch_optional(&mut **tx)
        .await?;
        if held.is_none() {
            return Ok(());
        }
        let street: Option<String> =
            sqlx::query_scalar("select street from time_volunteers where resident = $1")
                .bind(resident)
                .fetch_optional(&mut **tx)
                .await?;
        let area = street.unwrap_or_else(|| district().to_owned());
        // Hours that wait for another reason go on waiting for that one.
        self.insert_freeze(tx, (resident, &area), (FreezeReason::Closed, None), "system", now).await?;
        Ok(())
    }

    /// Proposes what becomes of hours that wait.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] where something is proposed already.
    pub(crate) async fn propose_outcome(
        &self,
        freeze: &KeptFreeze,
        (outcome, beneficiary): (&NewOutcome, Option<&str>),
        staff: &str,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_outcome", doing.now).await?.is_some() {
            return Ok(());
        }
        let why = self.sealer.seal(place("time_freezes.proposed_why", &freeze.id), outcome.why.as_bytes())?;
        let done = sqlx::query(
            "update time_freezes set state = 'proposed', outcome = $2, beneficiary = $3, proposed_why = $4, \
             proposed_by = $5, proposed_at = $6 where id = $1 and state = 'frozen'",
        )
        .bind(&freeze.id)
        .bind(outcome.outcome.as_str())
        .bind(beneficiary)
        .bind(why)
        .bind(staff)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        let object = (freeze.area.as_str(), freeze.id.as_str());
        note(&mut tx, AuditAct::TimeOutcomeProposed, object, Some(&freeze.resident), doing).await?;
        Self::answer_key(&mut tx, doing.key, &freeze.id).await?;
        Ok(tx.commit().await?)
    }

    /// Does not agree to what was proposed, or takes one's own proposal back: the hours wait on.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] where nothing is proposed.
    pub(crate) async fn drop_outcome(
        &self,
        freeze: &KeptFreeze,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_outcome_drop", doing.now).await?.is_some() {
            return Ok(());
        }
        let done = sqlx::query(
            "update time_freezes set state = 'frozen', outcome = null, beneficiary = null, proposed_why = null, \
             proposed_by = null, proposed_at = null where id = $1 and state = 'proposed'",
        )
        .bind(&freeze.id)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        let object = (freeze.area.as_str(), freeze.id.as_str());
        note(&mut tx, AuditAct::TimeOutcomeDropped, object, Some(&freeze.resident), doing).await?;
        Self::answer_key(&mut tx, doing.key, &freeze.id).await?;
        Ok(tx.commit().await?)
    }

    /// Agrees to what another proposed: the hours move and wait no longer, in one transaction. What was
    /// proposed anew since the page was shown is not meant.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] for one's own proposal, another than was shown, or none.
    pub(crate) async fn settle_outcome(
        &self,
        freeze: &KeptFreeze,
        staff: &str,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_outcome_yes", doing.now).await?.is_some() {
            return Ok(());
        }
        let Some(proposed) = &freeze.proposed else { return Err(NeedRefusal::Gone) };
        let done = sqlx::query(
            "update time_freezes set state = 'ended', settled_by = $2, settled_at = $3 \
             where id = $1 and state = 'proposed' and proposed_by <> $2 and proposed_at = $4",
        )
        .bind(&freeze.id)
        .bind(staff)
        .bind(doing.now.0)
        .bind(proposed.proposed.at.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        self.move_outcome(&mut tx, freeze, proposed, doing.now).await?;
        let object = (freeze.area.as_str(), freeze.id.as_str());
        note(&mut tx, AuditAct::TimeOutcomeSettled, object, Some(&freeze.resident), doing).await?;
        Self::answer_key(&mut tx, doing.key, &freeze.id).await?;
        Ok(tx.commit().await?)
    }

    /// Moves what waited to where it goes.
    async fn move_outcome(
        &self,
        tx: &mut Transaction<'static, Any>,
        freeze: &KeptFreeze,
        proposed: &KeptOutcome,
        now: Instant,
    ) -> Result<(), NeedRefusal> {
        let from = Account::of(AccountKind::Person, &freeze.resident);
        let (kind, to) = match (proposed.outcome, &proposed.beneficiary) {
            (Outcome::Restore, _) => return Ok(()),
            (Outcome::Donate, _) => (EntryKind::Donated, Account::of(AccountKind::Pool, POOL)),
            (Outcome::Spouse | Outcome::Own, Some(person)) => {
                let open: Option<String> =
                    sqlx::query_scalar("select id from residents where id = $1 and closed_at is null")
                        .bind(person)
                        .fetch_optional(&mut **tx)
                        .await?;
                if open.is_none() {
                    return Err(NeedRefusal::NoSuchSaver);
                }
                (EntryKind::Gift, Account::of(AccountKind::Person, person))
            }
            (Outcome::Spouse | Outcome::Own, None) => return Err(NeedRefusal::Gone),
        };
        // Read behind the chain's end: nothing comes in between.
        hold_chain(tx).await?;
        let held: Option<i64> =
            sqlx::query_scalar("select minutes from time_accounts where area = $1 and id = $2")
                .bind(district())
                .bind(from.id())
                .fetch_optional(&mut **tx)
                .await?;
        let Some(minutes) = held.and_then(Minutes::new) else { return Ok(()) };
        self.post_time(tx, district(), &Movement::plain(kind, from, to, minutes), now).await?;
        if let Some(person) = &proposed.beneficiary {
            let notice = Notice::TimeReceived { minutes: minutes_text(minutes.get()) };
            self.tell(tx, person, &notice, Some("/timebank"), now).await?;
        }
        Ok(())
    }
}

/// Holds the end of the bank's chain, so that entries wait until this transaction ends.
async fn hold_chain(tx: &mut Transaction<'static, Any>) -> Result<(), StoreError> {
    sqlx::query("update time_chains set sequence = sequence where area = $1")
        .bind(district())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
