//! Values of standards: entered by one administrator, approved by another, taken back with a reason. Rows are only added.

use app::domain::aid::standards::{Deed, KeptStandard, NewStandard, Standard, StandardKey, Standards};
use app::domain::audit::{AuditAct, Purpose};
use app::domain::time::Instant;
use app::visit::Owner;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::audit::{Actor, AuditEntry};
use super::staff::place;
use super::{IdempotencyKey, OnlyOnce, Store, StoreError};
use crate::seal::new_id;

/// Who does something with a value: the account, and how the trail names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doer<'a> {
    /// The account. The demo's are made up.
    pub(crate) id: &'a str,
    /// Who acts, for the trail.
    pub(crate) actor: &'a Actor,
}

fn entry<'a>(actor: &'a Actor, act: AuditAct, id: &'a str) -> AuditEntry<'a> {
    AuditEntry {
        area: app::domain::area::district(),
        actor,
        on_behalf_of: None,
        act,
        object_kind: "aid_standards",
        object: id,
        subject: None,
        purpose: Purpose::Operation,
    }
}

/// The value of a row; none where this version knows no such standard.
fn standard_of(row: &AnyRow) -> Result<Option<Standard>, StoreError> {
    let Some(key) = StandardKey::parse(&row.try_get::<String, _>("key")?) else { return Ok(None) };
    let day: String = row.try_get("effective_from")?;
    Ok(Some(Standard {
        key,
        value: row.try_get("value")?,
        effective_from: day.parse().map_err(anyhow::Error::from)?,
        document: row.try_get("document")?,
        sample: row.try_get::<i64, _>("sample")? == 1,
    }))
}

impl Store {
    /// All values that hold from their day on, with the national ones.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn standards(&self) -> Result<Standards, StoreError> {
        let rows = sqlx::query(
            "select key, value, effective_from, document, sample from aid_standards \
             where approved_at is not null and withdrawn_at is null order by approved_at, id",
        )
        .fetch_all(&self.reader)
        .await?;
        let mut values = Vec::with_capacity(rows.len());
        for row in &rows {
            values.extend(standard_of(row)?);
        }
        Ok(Standards::national().with(values))
    }

    /// Every value that was ever entered, the newest day first, with who did what.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn standard_lines(&self) -> Result<Vec<KeptStandard>, StoreError> {
        let rows = sqlx::query(
            "select s.id, s.key, s.value, s.effective_from, s.document, s.sample, s.entered_by, s.entered_at, \
             s.approved_by, s.approved_at, s.withdrawn_by, s.withdrawn_at, s.withdrawn_why, \
             e.name as entered_name, a.name as approved_name, w.name as withdrawn_name \
             from aid_standards s left join staff e on e.id = s.entered_by left join staff a on a.id = s.approved_by \
             left join staff w on w.id = s.withdrawn_by order by s.effective_from desc, s.entered_at desc, s.id desc",
        )
        .fetch_all(&self.reader)
        .await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            let Some(standard) = standard_of(row)? else { continue };
            let entered = self.deed(row, ["entered_by", "entered_name", "entered_at"])?;
            let Some(entered) = entered else { continue };
            let withdrawn = self.deed(row, ["withdrawn_by", "withdrawn_name", "withdrawn_at"])?;
            let why: Option<String> = row.try_get("withdrawn_why")?;
            lines.push(KeptStandard {
                id: row.try_get("id")?,
                standard,
                entered,
                approved: self.deed(row, ["approved_by", "approved_name", "approved_at"])?,
                withdrawn: withdrawn.map(|deed| (deed, why.unwrap_or_default())),
            });
        }
        Ok(lines)
    }

    pub(super) fn deed(&self, row: &AnyRow, [by, name, at]: [&str; 3]) -> Result<Option<Deed>, StoreError> {
        let Some(by) = row.try_get::<Option<String>, _>(by)? else { return Ok(None) };
        let name = match row.try_get::<Option<Vec<u8>>, _>(name)? {
            Some(sealed) => self.sealer.open_text(place("staff.name", &by), &sealed)?,
            None => String::new(),
        };
        Ok(Some(Deed { by, name, at: Instant(row.try_get(at)?) }))
    }

    /// Enters a value, which then waits for a second person; gives its id. `None` where the standard has another value
    /// from that day on already.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the key came with another body.
    pub(crate) async fn add_standard(
        &self,
        new: &NewStandard,
        sample: bool,
        doer: Doer<'_>,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<Option<OnlyOnce<String>>, StoreError> {
        let mut tx = self.write().await?;
        let owner = Owner(doer.id.to_owned());
        if let Some(id) = Self::take_key(&mut tx, key, &owner, "aid_standards", now).await? {
            return Ok(Some(OnlyOnce::Before(id)));
        }
        let id = new_id(now)?;
        // On SQLite the condition decides, for a trigger stands before the index; on PostgreSQL the index has the last word.
        let done = sqlx::query(
            "insert into aid_standards (id, key, value, effective_from, document, sample, entered_by, entered_at) \
             select $1, $2, $3, $4, $5, $6, $7, $8 where not exists (select 1 from aid_standards s \
             where s.key = $2 and s.effective_from = $4 and s.withdrawn_at is null) on conflict do nothing",
        )
        .bind(&id)
        .bind(new.key.as_str())
        .bind(new.value)
        .bind(new.effective_from.to_string())
        .bind(&new.document)
        .bind(i64::from(sample))
        .bind(doer.id)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(None);
        }
        Self::note(&mut tx, &entry(doer.actor, AuditAct::StandardEntered, &id), now).await?;
        Self::answer_key(&mut tx, key, &id).await?;
        tx.commit().await?;
        Ok(Some(OnlyOnce::Done(id)))
    }

    /// Approves a value that another person entered: it holds from then on.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it was entered by the same person, approved before, taken back, or is not there.
    pub(crate) async fn approve_standard(
        &self,
        id: &str,
        doer: Doer<'_>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "update aid_standards set approved_by = $1, approved_at = $2 where id = $3 and entered_by <> $1 \
             and approved_at is null and withdrawn_at is null",
        )
        .bind(doer.id)
        .bind(now.0)
        .bind(id)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        Self::note(&mut tx, &entry(doer.actor, AuditAct::StandardApproved, id), now).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a value back with a reason: it holds no longer, and stays in the list.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it was taken back before or is not there.
    pub(crate) async fn withdraw_standard(
        &self,
        id: &str,
        why: &str,
        doer: Doer<'_>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "update aid_standards set withdrawn_by = $1, withdrawn_at = $2, withdrawn_why = $3 \
             where id = $4 and withdrawn_at is null",
        )
        .bind(doer.id)
        .bind(now.0)
        .bind(why)
        .bind(id)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        Self::note(&mut tx, &entry(doer.actor, AuditAct::StandardWithdrawn, id), now).await?;
        Ok(tx.commit().await?)
    }
}
