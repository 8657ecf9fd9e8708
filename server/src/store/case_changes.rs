//! Changes in a household that residents tell of, and what the office makes of them (社会救助法 46).

use app::domain::aid::change::{Change, ChangeOutcome};
use app::domain::audit::{AuditAct, Purpose};
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::ports::CaseChange;
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::case_acts::{CaseRef, Doing, KEY};
use super::cases::unknown;
use super::{OnlyOnce, Store, StoreError};
use crate::seal::Place;

/// The most changes of one case that wait for the office: more are said on the telephone.
const WAITING_MAX: i64 = 10;

fn told_place(row: &str) -> Place<'_> {
    Place { column: "case_changes.told", row }
}

fn note_place(row: &str) -> Place<'_> {
    Place { column: "case_changes.note", row }
}

impl Store {
    /// Keeps a change that the resident tells of.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the case is over, many changes wait already, or the key was sent with another body.
    pub(crate) async fn tell_change(
        &self,
        case: &CaseRef,
        change: &Change,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        // The row is written to, so that two changes of one case come one after the other.
        let open = sqlx::query(
            "update cases set changed_at = changed_at where area = $1 and application_id = $2 \
             and state not in ('refused', 'withdrawn')",
        )
        .bind(&case.area)
        .bind(&case.id)
        .execute(&mut *tx)
        .await?;
        let row = sqlx::query(
            "select cast(coalesce(max(sequence), 0) + 1 as bigint) as next, \
             cast(coalesce(sum(case when settled_at is null then 1 else 0 end), 0) as bigint) as waiting \
             from case_changes where area = $1 and application_id = $2",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_one(&mut *tx)
        .await?;
        let (next, waiting): (i64, i64) = (row.try_get("next")?, row.try_get("waiting")?);
        if open.rows_affected() != 1 || waiting >= WAITING_MAX {
            return Err(StoreError::Conflict);
        }
        let row = format!("{}/{next}", case.row());
        sqlx::query(
            "insert into case_changes (area, application_id, sequence, told, told_at) values ($1, $2, $3, $4, $5)",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(next)
        .bind(self.sealer.seal_json(told_place(&row), change)?)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        Self::note_follow_up(&mut tx, case, AuditAct::ChangeTold, doing).await?;
        Self::answer_key(&mut tx, &doing.key, &case.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(case.number.clone()))
    }

    /// Settles a change, with a word to the resident, who is told.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it was settled before or the key was sent with another body.
    pub(crate) async fn settle_change(
        &self,
        case: &CaseRef,
        sequence: i64,
        (outcome, note): (ChangeOutcome, &str),
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, _) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let row = format!("{}/{sequence}", case.row());
        let settled = sqlx::query(
            "update case_changes set outcome = $4, note = $5, settled_by = $6, settled_at = $7 \
             where area = $1 and application_id = $2 and sequence = $3 and settled_at is null",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(sequence)
        .bind(outcome.as_str())
        .bind(self.sealer.seal(note_place(&row), note.as_bytes())?)
        .bind(staff)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if settled.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        let resident = Self::note_follow_up(&mut tx, case, AuditAct::ChangeSettled, doing).await?;
        let notice = Notice::ChangeSettled { number: case.number.clone() };
        self.tell_of_case(&mut tx, case, resident.as_deref(), &notice, doing.now).await?;
        Self::answer_key(&mut tx, &doing.key, &case.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(case.number.clone()))
    }

    /// Notes an act on a case that doesn't move its state; gives the resident whose case it is, where there is an account.
    pub(super) async fn note_follow_up(
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        act: AuditAct,
        doing: &Doing,
    ) -> Result<Option<String>, StoreError> {
        let owner: String = sqlx::query_scalar("select owner from applications where area = $1 and id = $2")
            .bind(&case.area)
            .bind(&case.id)
            .fetch_one(&mut **tx)
            .await?;
        let resident = owner.strip_prefix("resident:");
        let entry = AuditEntry {
            area: &case.area,
            actor: &doing.actor,
            on_behalf_of: match &doing.actor {
                Actor::Resident(id) => resident.filter(|concerned| concerned != id),
                _ => None,
            },
            act,
            object_kind: "applications",
            object: &case.id,
            subject: resident,
            purpose: match &doing.actor {
                Actor::Staff { .. } => Purpose::Handling,
                _ => Purpose::Own,
            },
        };
        Self::note(tx, &entry, doing.now).await?;
        Ok(resident.map(str::to_owned))
    }

    /// The changes that were told of in a case, oldest first.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn changes_of(&self, area: &str, id: &str) -> Result<Vec<CaseChange>, StoreError> {
        let rows = sqlx::query(
            "select sequence, told, told_at, outcome, note, settled_at from case_changes \
             where area = $1 and application_id = $2 order by sequence",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        let mut changes = Vec::with_capacity(rows.len());
        for row in &rows {
            let sequence: i64 = row.try_get("sequence")?;
            let at = format!("{area}/{id}/{sequence}");
            let told: Vec<u8> = row.try_get("told")?;
            let (outcome, note): (Option<String>, Option<Vec<u8>>) =
                (row.try_get("outcome")?, row.try_get("note")?);
            let settled_at: Option<i64> = row.try_get("settled_at")?;
            let settled = match (outcome, note, settled_at) {
                (Some(slug), Some(note), Some(settled_at)) => Some((
                    ChangeOutcome::parse(&slug).ok_or(unknown("case_changes.outcome"))?,
                    self.sealer.open_text(note_place(&at), &note)?,
                    Instant(settled_at),
                )),
                _ => None,
            };
            changes.push(CaseChange {
                sequence,
                told: self.sealer.open_json(told_place(&at), &told)?,
                told_at: Instant(row.try_get("told_at")?),
                settled,
            });
        }
        Ok(changes)
    }
}
