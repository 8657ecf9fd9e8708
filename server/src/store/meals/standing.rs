//! Standing orders: made, paused, resumed and ended, and what became of each of their days.

use app::domain::audit::AuditAct;
use app::domain::cancellation::CancelReason;
use app::domain::meals::{
    KeptEater, KeptStandingDay, MealMode, MealState, NewStanding, Pause, Standing, StandingDay, SubsidyTable,
    Weekdays,
};
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::text::meals::{meal_words, standing_day_words};
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::orders::{MealRefusal, WantedMeal, give_back, lock_code_of};
use super::plans::{day_in, kind_in};
use super::telling::end_code;
use super::{Doing, note};
use crate::seal::new_id;
use crate::store::{Store, StoreError};

/// The act that the key of a new one is taken for.
pub(crate) const STANDING_MAKE: &str = "meal_standing";
/// The same for a change.
pub(crate) const STANDING_CHANGE: &str = "meal_standing_change";

/// A change of a standing order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StandingChange {
    /// Nothing is ordered in that time.
    Pause(Pause),
    /// It goes on.
    Resume,
    /// It is over.
    End,
}

macro_rules! standing {
    ($where:literal) => {
        concat!(
            "select s.id, s.eater, s.point, s.kind, s.mode, s.weekdays, s.usual, s.skip_holidays, s.pause_from, s.pause_to, s.owner \
             from meal_standing s where s.state = 'on' ",
            $where
        )
    };
}

fn unknown() -> StoreError {
    StoreError::Other(anyhow::anyhow!("a standing order holds a word that is not known"))
}

fn day_or_none(row: &AnyRow, column: &str) -> Result<Option<Date>, StoreError> {
    let text: Option<String> = row.try_get(column)?;
    Ok(text.map(|text| text.parse()).transpose().map_err(anyhow::Error::from)?)
}

fn standing_of(row: &AnyRow) -> Result<Standing, StoreError> {
    let to = day_or_none(row, "pause_to")?;
    Ok(Standing {
        id: row.try_get("id")?,
        eater: row.try_get("eater")?,
        what: NewStanding {
            point: row.try_get("point")?,
            kind: kind_in(row)?,
            mode: MealMode::parse(row.try_get("mode")?).ok_or_else(unknown)?,
            weekdays: Weekdays::from_bits(row.try_get("weekdays")?).ok_or_else(unknown)?,
            usual: row.try_get("usual")?,
            skip_holidays: row.try_get::<i64, _>("skip_holidays")? == 1,
        },
        pause: day_or_none(row, "pause_from")?.map(|from| Pause { from, to }),
    })
}

impl Store {
    /// Keeps what somebody wants each week; gives its id.
    ///
    /// # Errors
    /// [`MealRefusal::Twice`] where they have that meal on one of these weekdays already.
    pub(crate) async fn make_standing(
        &self,
        eater: &KeptEater,
        new: &NewStanding,
        doing: &Doing<'_>,
    ) -> Result<String, MealRefusal> {
        let mut tx = self.write().await?;
        if let Some(id) = Self::take_key(&mut tx, doing.key, doing.owner, STANDING_MAKE, doing.now).await? {
            return Ok(id);
        }
        // One form of an eater at a time, so that two don't both find the weekday free.
        sqlx::query("update meal_eaters set changed_at = $2 where id = $1")
            .bind(&eater.id)
            .bind(doing.now.0)
            .execute(&mut *tx)
            .await?;
        let there: Option<String> = sqlx::query_scalar(
            "select id from meal_standing where eater = $1 and kind = $2 and state = 'on' and (weekdays & $3) <> 0 limit 1",
        )
        .bind(&eater.id)
        .bind(new.kind.as_str())
        .bind(new.weekdays.bits())
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(there) = there {
            return Err(MealRefusal::Twice(there));
        }
        let id = new_id(doing.now)?;
        sqlx::query(
            "insert into meal_standing (id, eater, point, kind, mode, weekdays, usual, skip_holidays, state, owner, \
             created_at, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, 'on', $9, $10, $10)",
        )
        .bind(&id)
        .bind(&eater.id)
        .bind(&new.point)
        .bind(new.kind.as_str())
        .bind(new.mode.as_str())
        .bind(new.weekdays.bits())
        .bind(&new.usual)
        .bind(i64::from(new.skip_holidays))
        .bind(&doing.owner.0)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        note(&mut tx, AuditAct::MealStandingMade, ("meal_standing", &id), eater.resident.as_deref(), doing)
            .await?;
        Self::answer_key(&mut tx, doing.key, &id).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The standing orders of an eater.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn standing_of_eater(&self, eater: &str) -> Result<Vec<Standing>, StoreError> {
        let rows = sqlx::query(standing!("and s.eater = $1 order by s.created_at, s.id"))
            .bind(eater)
            .fetch_all(&self.reader)
            .await?;
        rows.iter().map(standing_of).collect()
    }

    /// Every standing order, with whose form made it.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn all_standing(&self) -> Result<Vec<(Standing, String)>, StoreError> {
        let rows = sqlx::query(standing!("order by s.point, s.id")).fetch_all(&self.reader).await?;
        rows.iter().map(|row| Ok((standing_of(row)?, row.try_get("owner")?))).collect()
    }

    /// One standing order that goes on, with whose form made it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn standing(&self, id: &str) -> Result<(Standing, String), StoreError> {
        let row = sqlx::query(standing!("and s.id = $1")).bind(id).fetch_one(&self.reader).await?;
        Ok((standing_of(&row)?, row.try_get("owner")?))
    }

    /// What became of a standing order's days from a day on.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn standing_days(
        &self,
        standing: &str,
        from: Date,
    ) -> Result<Vec<KeptStandingDay>, StoreError> {
        let rows = sqlx::query(
            "select d.day, d.outcome, d.meal, o.state from meal_standing_days d \
             left join meal_orders o on o.id = d.meal where d.standing = $1 and d.day >= $2 order by d.day",
        )
        .bind(standing)
        .bind(from.to_string())
        .fetch_all(&self.reader)
        .await?;
        let day = |row: &AnyRow| {
            let (meal, state): (Option<String>, Option<String>) =
                (row.try_get("meal")?, row.try_get("state")?);
            Ok(KeptStandingDay {
                day: day_in(row, "day")?,
                what: StandingDay::parse(row.try_get("outcome")?).ok_or_else(unknown)?,
                meal: meal.zip(state.as_deref().and_then(MealState::parse)),
            })
        };
        rows.iter().map(day).collect()
    }

    /// Pauses, resumes or ends a standing order of an eater. Its meals of the days that fall away are given up, as long as that is
    /// free; gives how many.
    ///
    /// # Errors
    /// [`MealRefusal::Over`] where there is none such.
    pub(crate) async fn change_standing(
        &self,
        (id, eater): (&str, &str),
        change: StandingChange,
        doing: &Doing<'_>,
    ) -> Result<usize, MealRefusal> {
        let services = self.all_meal_services().await?;
        let mut tx = self.write().await?;
        if let Some(ended) =
            Self::take_key(&mut tx, doing.key, doing.owner, STANDING_CHANGE, doing.now).await?
        {
            return Ok(ended.parse().unwrap_or(0));
        }
        let (state, pause) = match change {
            StandingChange::Pause(pause) => ("on", Some(pause)),
            StandingChange::Resume => ("on", None),
            StandingChange::End => ("ended", None),
        };
        let changed = sqlx::query(
            "update meal_standing set state = $3, pause_from = $4, pause_to = $5, changed_at = $6 \
             where id = $1 and eater = $2 and state = 'on'",
        )
        .bind(id)
        .bind(eater)
        .bind(state)
        .bind(pause.map(|pause| pause.from.to_string()))
        .bind(pause.and_then(|pause| pause.to).map(|to| to.to_string()))
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if changed.rows_affected() == 0 {
            return Err(MealRefusal::Over);
        }
        let today = doing.now.shanghai_date();
        let away = match change {
            StandingChange::Pause(pause) => Some(pause),
            StandingChange::Resume => None,
            StandingChange::End => Some(Pause { from: today, to: None }),
        };
        let mut ended = 0_usize;
        if let Some(away) = away {
            let rows = sqlx::query(
                "select o.id, o.point, o.day, o.kind from meal_orders o join meal_standing_days d on d.meal = o.id \
                 where d.standing = $1 and o.state = 'reserved' and o.day >= $2 order by o.id",
            )
            .bind(id)
            .bind(today.to_string())
            .fetch_all(&mut *tx)
            .await?;
            let mut free = Vec::new();
            for row in &rows {
                let (meal, point): (String, String) = (row.try_get("id")?, row.try_get("point")?);
                let (day, kind) = (day_in(row, "day")?, kind_in(row)?);
                let is_free = services.iter().any(|(of, service)| {
                    *of == point && service.kind == kind && service.cutoff_at(day) > doing.now
                });
                if is_free && away.holds(day) {
                    free.push(meal);
                }
            }
            // All codes first, and then the meals: as whoever scans or gives up one of them does.
            for meal in &free {
                lock_code_of(&mut tx, meal).await?;
            }
            let mut dishes = Vec::new();
            for meal in &free {
                dishes.extend(give_up(&mut tx, meal, doing).await?);
            }
            dishes.sort_unstable();
            for dish in &dishes {
                give_back(&mut tx, dish).await?;
            }
            ended = dishes.len();
        }
        note(&mut tx, AuditAct::MealStandingChanged, ("meal_standing", id), None, doing).await?;
        Self::answer_key(&mut tx, doing.key, &ended.to_string()).await?;
        tx.commit().await?;
        self.states_changed();
        Ok(ended)
    }

    /// Places a day's meal, unless the order was paused or ended in this moment. Whoever was told before that it could not be is
    /// told that it could.
    ///
    /// # Errors
    /// See [`MealRefusal`]; `Over` also where the order does not want it any more.
    pub(crate) async fn place_standing(
        &self,
        (standing, day): (&Standing, Date),
        wanted: &WantedMeal<'_>,
        tables: &[SubsidyTable],
        doing: &Doing<'_>,
    ) -> Result<(), MealRefusal> {
        let mut tx = self.write().await?;
        // A pause that comes meanwhile waits for this, and gives the meal up.
        let row = sqlx::query(
            "update meal_standing set changed_at = changed_at where id = $1 and state = 'on' \
             returning pause_from, pause_to",
        )
        .bind(&standing.id)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Err(MealRefusal::Over) };
        let to = day_or_none(&row, "pause_to")?;
        if day_or_none(&row, "pause_from")?.is_some_and(|from| Pause { from, to }.holds(day)) {
            return Err(MealRefusal::Over);
        }
        let meal =
            self.reserve_in(&mut tx, &standing.eater, std::slice::from_ref(wanted), tables, doing).await?;
        let told = sqlx::query("delete from meal_standing_days where standing = $1 and day = $2")
            .bind(&standing.id)
            .bind(day.to_string())
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "insert into meal_standing_days (standing, day, outcome, meal, at) values ($1, $2, 'ordered', $3, $4)",
        )
        .bind(&standing.id)
        .bind(day.to_string())
        .bind(&meal)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if told.rows_affected() == 1 {
            let eater = self.eater_in(&mut tx, &standing.eater).await?;
            let notice = Notice::MealStandingPlaced { meal: meal_words(day, standing.what.kind) };
            self.tell_eater(&mut tx, &eater, (&notice, &format!("/meals/mine/{meal}")), doing.now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Keeps why a day's meal was not placed, and tells it once.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn standing_failed(
        &self,
        (standing, day): (&Standing, Date),
        why: StandingDay,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let first = sqlx::query(
            "insert into meal_standing_days (standing, day, outcome, at) values ($1, $2, $3, $4) on conflict do nothing",
        )
        .bind(&standing.id)
        .bind(day.to_string())
        .bind(why.as_str())
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        // Whoever has ordered that meal by themselves knows.
        if first.rows_affected() == 1 && why != StandingDay::Twice {
            let eater = self.eater_in(&mut tx, &standing.eater).await?;
            let meal = meal_words(day, standing.what.kind);
            let notice = Notice::MealStandingFailed { meal, why: standing_day_words(why).to_owned() };
            let link = format!("/meals/{}", standing.what.point);
            self.tell_eater(&mut tx, &eater, (&notice, &link), now).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Gives up a meal that a standing order placed; gives the dish whose place is free with it. The day is forgotten, so that the order
/// finds it again once it goes on.
async fn give_up(
    tx: &mut Transaction<'static, Any>,
    meal: &str,
    doing: &Doing<'_>,
) -> Result<Option<String>, StoreError> {
    let row = sqlx::query(
        "update meal_orders set state = 'cancelled', changed_at = $2 where id = $1 and state = 'reserved' \
         and not exists (select 1 from confirmation_uses u where u.confirmation = meal_orders.confirmation) \
         returning dish, confirmation",
    )
    .bind(meal)
    .bind(doing.now.0)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    end_code(tx, row.try_get("confirmation")?, CancelReason::Withdrawn, doing.now).await?;
    note(tx, AuditAct::MealCancelled, ("meal_orders", meal), None, doing).await?;
    sqlx::query("delete from meal_standing_days where meal = $1").bind(meal).execute(&mut **tx).await?;
    Ok(Some(row.try_get("dish")?))
}
