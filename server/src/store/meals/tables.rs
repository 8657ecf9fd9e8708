//! Tables of meal subsidies: entered by one administrator, approved by another, taken back with a reason. Rows are only added.

use app::domain::area::district;
use app::domain::audit::{AuditAct, Purpose};
use app::domain::meals::{KeptTable, SubsidyTable};
use app::domain::time::Instant;
use app::visit::Owner;
use sqlx::Row as _;

use crate::seal::new_id;
use crate::store::audit::{Actor, AuditEntry};
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, OnlyOnce, Store, StoreError};

fn entry<'a>(actor: &'a Actor, act: AuditAct, id: &'a str) -> AuditEntry<'a> {
    AuditEntry {
        area: district(),
        actor,
        on_behalf_of: None,
        act,
        object_kind: "meal_tables",
        object: id,
        subject: None,
        purpose: Purpose::Operation,
    }
}

fn table_in(body: &str) -> Result<SubsidyTable, StoreError> {
    serde_json::from_str(body).map_err(|cause| StoreError::Other(cause.into()))
}

impl Store {
    /// The tables that hold from their day on, in the order in which they were approved.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meal_tables(&self) -> Result<Vec<SubsidyTable>, StoreError> {
        let bodies: Vec<String> = sqlx::query_scalar(
            "select body from meal_tables where approved_at is not null and withdrawn_at is null \
             order by approved_at, id",
        )
        .fetch_all(&self.reader)
        .await?;
        bodies.iter().map(|body| table_in(body)).collect()
    }

    /// Every table that was ever entered, the newest day first, with who did what.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meal_table_lines(&self) -> Result<Vec<KeptTable>, StoreError> {
        let rows = sqlx::query(
            "select s.id, s.body, s.entered_by, s.entered_at, s.approved_by, s.approved_at, s.withdrawn_by, \
             s.withdrawn_at, s.withdrawn_why, e.name as entered_name, a.name as approved_name, w.name as withdrawn_name \
             from meal_tables s left join staff e on e.id = s.entered_by left join staff a on a.id = s.approved_by \
             left join staff w on w.id = s.withdrawn_by order by s.effective_from desc, s.entered_at desc, s.id desc",
        )
        .fetch_all(&self.reader)
        .await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            let Some(entered) = self.deed(row, ["entered_by", "entered_name", "entered_at"])? else {
                continue;
            };
            let withdrawn = self.deed(row, ["withdrawn_by", "withdrawn_name", "withdrawn_at"])?;
            let why: Option<String> = row.try_get("withdrawn_why")?;
            lines.push(KeptTable {
                id: row.try_get("id")?,
                table: table_in(row.try_get("body")?)?,
                entered,
                approved: self.deed(row, ["approved_by", "approved_name", "approved_at"])?,
                withdrawn: withdrawn.map(|deed| (deed, why.unwrap_or_default())),
            });
        }
        Ok(lines)
    }

    /// Enters a table, which then waits for a second person; gives its id. `None` where the level has another table of that place
    /// from that day on already.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the key came with another body.
    pub(crate) async fn add_meal_table(
        &self,
        table: &SubsidyTable,
        doer: Doer<'_>,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<Option<OnlyOnce<String>>, StoreError> {
        let mut tx = self.write().await?;
        let owner = Owner(doer.id.to_owned());
        if let Some(id) = Self::take_key(&mut tx, key, &owner, "meal_tables", now).await? {
            return Ok(Some(OnlyOnce::Before(id)));
        }
        let id = new_id(now)?;
        let body = serde_json::to_string(table).map_err(|cause| StoreError::Other(cause.into()))?;
        // On SQLite the condition decides, for a trigger stands before the index; on PostgreSQL the index has the last word.
        let done = sqlx::query(
            "insert into meal_tables (id, level, place, effective_from, body, sample, entered_by, entered_at) \
             select $1, $2, $3, $4, $5, $6, $7, $8 where not exists (select 1 from meal_tables s where s.level = $2 \
             and s.place = $3 and s.effective_from = $4 and s.withdrawn_at is null) on conflict do nothing",
        )
        .bind(&id)
        .bind(table.level.as_str())
        .bind(&table.place)
        .bind(table.effective_from.to_string())
        .bind(body)
        .bind(i64::from(table.sample))
        .bind(doer.id)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(None);
        }
        Self::note(&mut tx, &entry(doer.actor, AuditAct::MealTableEntered, &id), now).await?;
        Self::answer_key(&mut tx, key, &id).await?;
        tx.commit().await?;
        Ok(Some(OnlyOnce::Done(id)))
    }

    /// Approves a table that another person entered: it holds from then on, for what is ordered from then on.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it was entered by the same person, approved before, taken back, or is not there.
    pub(crate) async fn approve_meal_table(
        &self,
        id: &str,
        doer: Doer<'_>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "update meal_tables set approved_by = $1, approved_at = $2 where id = $3 and entered_by <> $1 \
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
        Self::note(&mut tx, &entry(doer.actor, AuditAct::MealTableApproved, id), now).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a table back with a reason: it holds no longer, and stays in the list.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it was taken back before or is not there.
    pub(crate) async fn withdraw_meal_table(
        &self,
        id: &str,
        why: &str,
        doer: Doer<'_>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "update meal_tables set withdrawn_by = $1, withdrawn_at = $2, withdrawn_why = $3 \
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
        Self::note(&mut tx, &entry(doer.actor, AuditAct::MealTableWithdrawn, id), now).await?;
        Ok(tx.commit().await?)
    }
}
