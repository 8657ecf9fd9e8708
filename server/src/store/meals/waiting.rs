//! The line for a dish that is full. A freed meal is ordered for the first one, by a conditional update; behind the cut-off it is
//! given by whoever rang.

use app::domain::audit::AuditAct;
use app::domain::meals::{KeptEater, KeptWait, MealMode, SubsidyTable, WaitState};
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::text::meals::meal_words;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::orders::{MealRefusal, WantedMeal, lock_eater};
use super::plans::{day_in, kind_in};
use super::{Doing, note};
use crate::seal::new_id;
use crate::store::{Store, StoreError};

/// The act that the key of a place in a line is taken for.
pub(crate) const WAIT: &str = "meal_wait";

macro_rules! waits {
    ($columns:literal, $where:literal) => {
        concat!(
            "select w.id, w.eater, w.dish, d.name as dish_name, w.point, w.day, w.kind, w.mode, w.state, w.meal, w.owner, \
             cast(case when w.state in ('waiting', 'standby') then (select count(*) from meal_waits f \
             where f.dish = w.dish and f.state = w.state and (f.joined_at < w.joined_at \
             or (f.joined_at = w.joined_at and f.id <= w.id))) else 0 end as bigint) as place",
            $columns,
            " from meal_waits w join meal_dishes d on d.id = w.dish ",
            $where
        )
    };
    ($where:literal) => {
        waits!("", $where)
    };
}

fn unknown() -> StoreError {
    StoreError::Other(anyhow::anyhow!("a place in a line holds a word that is not known"))
}

fn wait_of(row: &AnyRow) -> Result<KeptWait, StoreError> {
    Ok(KeptWait {
        id: row.try_get("id")?,
        eater: row.try_get("eater")?,
        dish: row.try_get("dish")?,
        dish_name: row.try_get("dish_name")?,
        point: row.try_get("point")?,
        day: day_in(row, "day")?,
        kind: kind_in(row)?,
        mode: MealMode::parse(row.try_get("mode")?).ok_or_else(unknown)?,
        state: WaitState::parse(row.try_get("state")?).ok_or_else(unknown)?,
        meal: row.try_get("meal")?,
        place: row.try_get("place")?,
    })
}

impl Store {
    /// Somebody stands in the line of a dish; gives the place's id.
    ///
    /// # Errors
    /// [`MealRefusal::Over`] where something is left of it, [`MealRefusal::Twice`] where they have that meal or wait for one
    /// already, [`MealRefusal::SoldOut`] where the dish was taken off.
    pub(crate) async fn join_line(
        &self,
        eater: &KeptEater,
        (dish, mode): (&str, MealMode),
        doing: &Doing<'_>,
    ) -> Result<String, MealRefusal> {
        let mut tx = self.write().await?;
        if let Some(id) = Self::take_key(&mut tx, doing.key, doing.owner, WAIT, doing.now).await? {
            return Ok(id);
        }
        lock_eater(&mut tx, &eater.id).await?;
        let row = sqlx::query(
            "select d.point, d.day, d.kind, cast(case when d.taken >= d.quota or exists (select 1 from meal_waits w \
             where w.dish = d.id and w.state = 'waiting') then 1 else 0 end as bigint) as is_full, \
             cast((select count(*) from meal_orders o where o.eater = $2 and o.day = d.day and o.kind = d.kind \
             and o.state <> 'cancelled') as bigint) as has from meal_dishes d where d.id = $1 and d.withdrawn_at is null",
        )
        .bind(dish)
        .bind(&eater.id)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Err(MealRefusal::SoldOut(dish.to_owned())) };
        if row.try_get::<i64, _>("has")? > 0 {
            return Err(MealRefusal::Twice(dish.to_owned()));
        }
        if row.try_get::<i64, _>("is_full")? == 0 {
            return Err(MealRefusal::Over);
        }
        let id = new_id(doing.now)?;
        let done = sqlx::query(
            "insert into meal_waits (id, eater, dish, point, day, kind, mode, state, owner, joined_at, changed_at) \
             values ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $9, $9) on conflict do nothing",
        )
        .bind(&id)
        .bind(&eater.id)
        .bind(dish)
        .bind(row.try_get::<String, _>("point")?)
        .bind(row.try_get::<String, _>("day")?)
        .bind(row.try_get::<String, _>("kind")?)
        .bind(mode.as_str())
        .bind(&doing.owner.0)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(MealRefusal::Twice(dish.to_owned()));
        }
        note(&mut tx, AuditAct::MealWaitJoined, ("meal_waits", &id), eater.resident.as_deref(), doing)
            .await?;
        Self::answer_key(&mut tx, doing.key, &id).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Somebody leaves a line, or was rung and does not take the meal.
    ///
    /// # Errors
    /// [`MealRefusal::Over`] where they are out of it.
    pub(crate) async fn leave_line(
        &self,
        id: &str,
        state: WaitState,
        doing: &Doing<'_>,
    ) -> Result<(), MealRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "meal_wait_end", doing.now).await?.is_some() {
            return Ok(());
        }
        if !set_state(&mut tx, id, state, doing.now).await? {
            return Err(MealRefusal::Over);
        }
        note(&mut tx, AuditAct::MealWaitEnded, ("meal_waits", id), None, doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }

    /// One place in a line.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn wait(&self, id: &str) -> Result<KeptWait, StoreError> {
        wait_of(&sqlx::query(waits!("where w.id = $1")).bind(id).fetch_one(&self.reader).await?)
    }

    /// The lines that an eater stood in, for days from one on; the nearest day first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn waits_of(&self, eater: &str, from: Date) -> Result<Vec<KeptWait>, StoreError> {
        let rows = sqlx::query(waits!("where w.eater = $1 and w.day >= $2 order by w.day, w.id limit 200"))
            .bind(eater)
            .bind(from.to_string())
            .fetch_all(&self.reader)
            .await?;
        rows.iter().map(wait_of).collect()
    }

    /// The lines of a point's days from one on, each in its order, with what is free of the dish.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn lines_at(&self, point: &str, from: Date) -> Result<Vec<(KeptWait, i64)>, StoreError> {
        let rows = sqlx::query(LINES_AT).bind(point).bind(from.to_string()).fetch_all(&self.reader).await?;
        rows.iter().map(|row| Ok((wait_of(row)?, row.try_get("free")?))).collect()
    }

    /// How many wait for each dish of a point's days from one on.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn waiting_for(
        &self,
        point: &str,
        from: Date,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let rows = sqlx::query(
            "select dish, cast(count(*) as bigint) as waiting from meal_waits where point = $1 and day >= $2 \
             and state = 'waiting' group by dish",
        )
        .bind(point)
        .bind(from.to_string())
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| Ok((row.try_get("dish")?, row.try_get("waiting")?))).collect()
    }

    /// Who is first in each line whose dish has something free.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn first_in_lines(&self, from: Date) -> Result<Vec<(KeptWait, String)>, StoreError> {
        let rows = sqlx::query(FIRST).bind(from.to_string()).fetch_all(&self.reader).await?;
        rows.iter().map(|row| Ok((wait_of(row)?, row.try_get("owner")?))).collect()
    }

    /// Every place that is still in a line, with its state, for the job that looks at the time.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn open_waits(&self) -> Result<Vec<KeptWait>, StoreError> {
        let rows = sqlx::query(waits!("where w.state in ('waiting', 'standby') order by w.dish, w.id"))
            .fetch_all(&self.reader)
            .await?;
        rows.iter().map(wait_of).collect()
    }

    /// Orders the meal that somebody waits for, once: while they are in the line in that state, and nobody stands before them in it
    /// unless they were rung. They are told. Without a key, for the server itself.
    ///
    /// # Errors
    /// [`MealRefusal::Over`] where it was settled in this moment or the day is closed, [`MealRefusal::SoldOut`] where nothing is
    /// free any more, [`MealRefusal::Twice`] where they have that meal already.
    pub(crate) async fn give_to_waiting(
        &self,
        wait: &KeptWait,
        wanted: &WantedMeal<'_>,
        tables: &[SubsidyTable],
        doing: &Doing<'_>,
    ) -> Result<String, MealRefusal> {
        let mut tx = self.write().await?;
        // As whoever orders: first the eater, then the dish, at which all that move its line wait for each other.
        lock_eater(&mut tx, &wait.eater).await?;
        sqlx::query("update meal_dishes set taken = taken where id = $1")
            .bind(&wait.dish)
            .execute(&mut *tx)
            .await?;
        let first: Option<String> = sqlx::query_scalar(
            "select id from meal_waits where dish = $1 and state = $2 order by joined_at, id limit 1",
        )
        .bind(&wait.dish)
        .bind(wait.state.as_str())
        .fetch_optional(&mut *tx)
        .await?;
        if first.as_deref() != Some(wait.id.as_str()) {
            return Err(MealRefusal::Over);
        }
        let meal = self.reserve_for_first(&mut tx, &wait.eater, wanted, tables, doing).await?;
        let given = sqlx::query(
            "update meal_waits set state = 'given', meal = $2, changed_at = $3 where id = $1 and state = $4",
        )
        .bind(&wait.id)
        .bind(&meal)
        .bind(doing.now.0)
        .bind(wait.state.as_str())
        .execute(&mut *tx)
        .await?;
        if given.rows_affected() == 0 {
            return Err(MealRefusal::Over);
        }
        let eater = self.eater_in(&mut tx, &wait.eater).await?;
        let words = (meal_words(wait.day, wait.kind), wait.dish_name.clone());
        let notice = match wait.state {
            // Whoever was rung said so themselves; the text is there to be shown.
            WaitState::Standby => Notice::MealWaitRung { meal: words.0, dish: words.1 },
            _ => Notice::MealWaitGiven { meal: words.0, dish: words.1 },
        };
        self.tell_eater(&mut tx, &eater, (&notice, &format!("/meals/mine/{meal}")), doing.now).await?;
        tx.commit().await?;
        self.states_changed();
        Ok(meal)
    }

    /// A waiting that its time or the point has ended, told where there is something to tell.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn settle_wait(
        &self,
        wait: &KeptWait,
        state: WaitState,
        notice: Option<&Notice>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let done =
            sqlx::query("update meal_waits set state = $2, changed_at = $3 where id = $1 and state = $4")
                .bind(&wait.id)
                .bind(state.as_str())
                .bind(now.0)
                .bind(wait.state.as_str())
                .execute(&mut *tx)
                .await?;
        if let (1, Some(notice)) = (done.rows_affected(), notice) {
            let eater = self.eater_in(&mut tx, &wait.eater).await?;
            self.tell_eater(&mut tx, &eater, (notice, &format!("/meals/waiting/{}", wait.id)), now).await?;
        }
        Ok(tx.commit().await?)
    }
}

async fn set_state(
    tx: &mut Transaction<'static, Any>,
    id: &str,
    state: WaitState,
    now: Instant,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "update meal_waits set state = $2, changed_at = $3 where id = $1 and state in ('waiting', 'standby')",
    )
    .bind(id)
    .bind(state.as_str())
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

const LINES_AT: &str = waits!(
    ", cast(case when d.taken < d.quota then d.quota - d.taken else 0 end as bigint) as free",
    "where w.point = $1 and w.day >= $2 and w.state in ('waiting', 'standby') \
     order by w.day, w.kind, w.dish, w.state, w.joined_at, w.id limit 500"
);

const FIRST: &str = waits!(
    "where w.day >= $1 and w.state = 'waiting' and d.withdrawn_at is null and d.taken < d.quota \
     and not exists (select 1 from meal_waits f where f.dish = w.dish and f.state = 'waiting' \
     and (f.joined_at < w.joined_at or (f.joined_at = w.joined_at and f.id < w.id))) order by w.dish"
);
