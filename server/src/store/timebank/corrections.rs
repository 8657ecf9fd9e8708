//! Corrections by two people: one proposes with a reason, another agrees, and the ledger's new entries name the older ones.

use app::domain::aid::standards::Deed;
use app::domain::area::district;
use app::domain::audit::AuditAct;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::domain::timebank::{
    Account, AccountKind, BankRules, Correction, EntryKind, Minutes, Movement, NeedState, Putting,
    minutes_text,
};
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::doing::{Doing, NeedRefusal, note};
use super::needs::{Need, place};
use super::surplus::{lessen_surplus, offered_surplus};
use crate::seal::new_id;
use crate::store::{Store, StoreError};

/// A correction as it stands.
#[derive(Clone)]
pub(crate) struct KeptCorrection {
    /// Its id.
    pub(crate) id: String,
    /// The service.
    pub(crate) need: String,
    /// The minutes before.
    pub(crate) recorded: i64,
    /// How many it really was.
    pub(crate) right: i64,
    /// Who said so and how it was looked into.
    pub(crate) why: String,
    /// Who proposed it.
    pub(crate) proposed: Deed,
    /// Who agreed.
    pub(crate) approved: Option<Deed>,
}

app::masked_debug!(KeptCorrection);

macro_rules! corrections {
    ($where:literal) => {
        concat!(
            "select c.id, c.need, c.recorded, c.right_minutes, c.why, c.state, c.proposed_by, c.proposed_at, c.settled_by, \
             c.settled_at, p.name as proposed_name, s.name as settled_name from time_corrections c \
             left join staff p on p.id = c.proposed_by left join staff s on s.id = c.settled_by ",
            $where
        )
    };
}

/// Which entries a service brought forth, by the name of the service and the kind.
struct Brought {
    own: Option<(String, i64)>,
    pool: Option<(String, i64)>,
    /// Above the cap, and not yet given.
    offered: i64,
    spent: Option<(String, i64)>,
}

impl Store {
    fn correction_from(&self, row: &AnyRow) -> Result<KeptCorrection, StoreError> {
        let id: String = row.try_get("id")?;
        let why: Vec<u8> = row.try_get("why")?;
        let proposed = self.deed(row, ["proposed_by", "proposed_name", "proposed_at"])?;
        let settled = match row.try_get::<&str, _>("state")? {
            "approved" => self.deed(row, ["settled_by", "settled_name", "settled_at"])?,
            _ => None,
        };
        Ok(KeptCorrection {
            need: row.try_get("need")?,
            recorded: row.try_get("recorded")?,
            right: row.try_get("right_minutes")?,
            why: self.sealer.open_text(place("time_corrections.why", &id), &why)?,
            proposed: proposed
                .ok_or_else(|| StoreError::Other(anyhow::anyhow!("nobody proposed this correction")))?,
            approved: settled,
            id,
        })
    }

    /// The correction of a service that waits or was agreed to.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn correction_of(&self, need: &str) -> Result<Option<KeptCorrection>, StoreError> {
        let row = sqlx::query(corrections!("where c.need = $1 and c.state <> 'dropped'"))
            .bind(need)
            .fetch_optional(&self.reader)
            .await?;
        row.map(|row| self.correction_from(&row)).transpose()
    }

    /// Corrections of a place that wait for a second person, the oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn corrections_waiting(&self, place: &str) -> Result<Vec<KeptCorrection>, StoreError> {
        let rows = sqlx::query(corrections!(
            "where c.area >= $1 and c.area < $2 and c.state = 'proposed' order by c.proposed_at, c.id limit 300"
        ))
        .bind(place)
        .bind(format!("{place}:"))
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| self.correction_from(row)).collect()
    }

    /// Proposes to put a confirmed service right.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] where it is not confirmed, stands otherwise by now, or a correction is there.
    pub(crate) async fn propose_correction(
        &self,
        (need, recorded): (&str, i64),
        correction: &Correction,
        staff: &str,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_correction", doing.now).await?.is_some() {
            return Ok(());
        }
        let need = self.need_inside(&mut tx, need).await?;
        if need.state != NeedState::Confirmed || need.true_minutes() != Some(recorded) {
            return Err(NeedRefusal::Gone);
        }
        let id = new_id(doing.now)?;
        let why = self.sealer.seal(place("time_corrections.why", &id), correction.why.as_bytes())?;
        let done = sqlx::query(
            "insert into time_corrections (id, need, area, recorded, right_minutes, why, state, proposed_by, proposed_at) \
             values ($1, $2, $3, $4, $5, $6, 'proposed', $7, $8) on conflict do nothing",
        )
        .bind(&id)
        .bind(&need.id)
        .bind(&need.area)
        .bind(recorded)
        .bind(correction.right)
        .bind(why)
        .bind(staff)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        let object = (need.area.as_str(), need.id.as_str());
        note(&mut tx, AuditAct::TimeCorrectionProposed, object, need.helper.as_deref(), doing).await?;
        Self::answer_key(&mut tx, doing.key, &id).await?;
        Ok(tx.commit().await?)
    }

    /// Does not agree to a correction, or takes one's own back.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] where it does not wait.
    pub(crate) async fn drop_correction(
        &self,
        id: &str,
        staff: &str,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_correction_drop", doing.now).await?.is_some()
        {
            return Ok(());
        }
        let need = settle(&mut tx, id, ("dropped", staff), doing.now).await?;
        let need = self.need_inside(&mut tx, &need.ok_or(NeedRefusal::Gone)?).await?;
        let object = (need.area.as_str(), need.id.as_str());
        note(&mut tx, AuditAct::TimeCorrectionDropped, object, need.helper.as_deref(), doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }

    /// Agrees to what another proposed: the record and the minutes are put right in one transaction.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] for one's own proposal or one that does not wait; [`NeedRefusal::NotEnough`] where the
    /// volunteer has spent what is to come back.
    pub(crate) async fn approve_correction(
        &self,
        id: &str,
        staff: &str,
        rules: &BankRules,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_correction_yes", doing.now).await?.is_some()
        {
            return Ok(());
        }
        let need = settle(&mut tx, id, ("approved", staff), doing.now).await?.ok_or(NeedRefusal::Gone)?;
        let need = self.need_inside(&mut tx, &need).await?;
        let (Some(helper), Some(recorded)) = (need.helper.clone(), need.true_minutes()) else {
            return Err(NeedRefusal::Gone);
        };
        // As with a confirmation: one volunteer's minutes come one after the other, so that a cap holds.
        sqlx::query("update time_volunteers set changed_at = changed_at where resident = $1")
            .bind(&helper)
            .execute(&mut *tx)
            .await?;
        let right: Option<i64> = sqlx::query_scalar(
            "update time_needs set right_minutes = (select c.right_minutes from time_corrections c where c.id = $2), \
             changed_at = $3 where id = $1 and state = 'confirmed' returning right_minutes",
        )
        .bind(&need.id)
        .bind(id)
        .bind(doing.now.0)
        .fetch_optional(&mut *tx)
        .await?
        .flatten();
        let right = right.ok_or(NeedRefusal::Gone)?;
        self.move_right(&mut tx, &need, (&helper, recorded, right), rules, doing.now).await?;
        let notice = Notice::TimeCorrected {
            when: need.began_at.unwrap_or(need.starts_at).shanghai_text(),
            minutes: minutes_text(right),
        };
        if self.is_open(&mut tx, &helper).await? {
            self.tell(&mut tx, &helper, &notice, Some("/timebank"), doing.now).await?;
        }
        note(&mut tx, AuditAct::TimeCorrected, (&need.area, &need.id), Some(&helper), doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }

    /// Whether an account is there to be told something.
    async fn is_open(&self, tx: &mut Transaction<'static, Any>, resident: &str) -> Result<bool, StoreError> {
        let open: Option<String> =
            sqlx::query_scalar("select id from residents where id = $1 and closed_at is null")
                .bind(resident)
                .fetch_optional(&mut **tx)
                .await?;
        Ok(open.is_some())
    }

    /// Moves what a correction moves: back from the volunteer and the pool, back to whoever paid, or what is still missing.
    async fn move_right(
        &self,
        tx: &mut Transaction<'static, Any>,
        need: &Need,
        (helper, recorded, right): (&str, i64, i64),
        rules: &BankRules,
        now: Instant,
    ) -> Result<(), NeedRefusal> {
        let brought = brought(tx, &need.id).await?;
        let minutes = |entry: &Option<(String, i64)>| entry.as_ref().map_or(0, |(_, minutes)| *minutes);
        match rules
            .put_right((recorded, right), (minutes(&brought.own), minutes(&brought.pool) + brought.offered))
        {
            Putting::Nothing => {}
            Putting::More(more) => {
                let service = format!("{}/more", need.id);
                self.credit(tx, (need, &service), (helper, more), rules, now).await?;
            }
            Putting::Back { own, pool } => {
                // What was only offered is nobody's yet: it goes without an entry.
                let less = pool.map_or(0, Minutes::get).min(brought.offered);
                lessen_surplus(tx, &need.id, less).await?;
                let pool = pool.and_then(|pool| Minutes::new(pool.get() - less));
                for (entry, back) in [(&brought.own, own), (&brought.pool, pool)] {
                    if let (Some((entry, _)), Some(back)) = (entry, back) {
                        self.correct_time(tx, district(), entry, back, now).await?;
                    }
                }
            }
        }
        // Whoever paid gets back what was not needed.
        if let (Some(payer), Some((entry, spent))) = (&need.payer, &brought.spent)
            && let Some(back) = Minutes::new(spent - right)
        {
            self.correct_time(tx, district(), entry, back, now).await?;
            let movement = Movement::plain(
                EntryKind::Released,
                Account::of(AccountKind::Reserved, payer),
                Account::of(AccountKind::Person, payer),
                back,
            );
            let service = format!("{}/corrected", need.id);
            self.post_time(tx, district(), &movement.for_service(&service), now).await?;
        }
        Ok(())
    }
}

/// Ends a proposal's waiting; gives its service. Nobody agrees to their own.
async fn settle(
    tx: &mut Transaction<'static, Any>,
    id: &str,
    (state, staff): (&str, &str),
    now: Instant,
) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar(
        "update time_corrections set state = $2, settled_by = $3, settled_at = $4 where id = $1 and state = 'proposed' \
         and ($2 = 'dropped' or proposed_by <> $3) returning need",
    )
    .bind(id)
    .bind(state)
    .bind(staff)
    .bind(now.0)
    .fetch_optional(&mut **tx)
    .await?)
}

/// The entries that a service brought forth.
async fn brought(tx: &mut Transaction<'static, Any>, need: &str) -> Result<Brought, StoreError> {
    let mut found = [None, None, None];
    let pool = format!("{need}/pool");
    for (slot, (service, kind)) in
        found.iter_mut().zip([(need, "earned"), (pool.as_str(), "earned"), (need, "spent")])
    {
        *slot = sqlx::query_as(
            "select id, minutes from time_entries where area = $1 and service = $2 and kind = $3",
        )
        .bind(district())
        .bind(service)
        .bind(kind)
        .fetch_optional(&mut **tx)
        .await?;
    }
    let [own, pool, spent] = found;
    Ok(Brought { own, pool, spent, offered: offered_surplus(tx, need).await? })
}
