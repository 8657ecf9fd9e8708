//! Meals that somebody has ordered: each from one dish's quota, priced on its own day, handed out once.

use app::domain::audit::AuditAct;
use app::domain::cancellation::CancelReason;
use app::domain::meals::{
    Bill, KeptEater, MealKind, MealMode, MealState, Paid, Quote, Score, SubsidyTable, Used, bill,
};
use app::domain::money::Fen;
use app::domain::time::Instant;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::plans::{day_in, kind_in};
use super::telling::end_code;
use super::{Doing, note};
use crate::seal::new_id;
use crate::store::confirmations::{Belongs, NewConfirmation, insert_confirmation, lock};
use crate::store::{Store, StoreError};

/// The act that an order's key is taken for.
pub(crate) const RESERVE: &str = "meal_reserve";

/// A meal that somebody wants, with its signed confirmation.
#[derive(Debug)]
pub(crate) struct WantedMeal<'a> {
    /// The dish.
    pub(crate) dish: &'a str,
    /// How it comes.
    pub(crate) mode: MealMode,
    /// Its number.
    pub(crate) number: &'a str,
    /// Made for that number.
    pub(crate) confirmation: &'a NewConfirmation,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MealRefusal {
    /// Nothing is left of that dish.
    #[error("sold out")]
    SoldOut(String),
    /// The eater has a meal of that kind on that day: the dish that was wanted besides.
    #[error("a meal of that kind on that day")]
    Twice(String),
    /// It is not one that this can be done to any more: given up, handed out, or of a day on which the point is closed.
    #[error("it is over")]
    Over,
    /// The database failed, or the key came with another body.
    #[error(transparent)]
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for MealRefusal {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

/// A meal as its row has it.
#[derive(Clone, Debug)]
pub(crate) struct KeptMeal {
    /// Its id.
    pub(crate) id: String,
    /// Who eats.
    pub(crate) eater: String,
    /// What it is now.
    pub(crate) dish_name: String,
    /// What it was when it was ordered, where something else came in its place.
    pub(crate) instead_of: Option<String>,
    /// The point.
    pub(crate) point: String,
    /// The day.
    pub(crate) day: Date,
    /// Which meal.
    pub(crate) kind: MealKind,
    /// How it comes.
    pub(crate) mode: MealMode,
    /// How it stands.
    pub(crate) state: MealState,
    /// Its number.
    pub(crate) number: String,
    /// Its confirmation.
    pub(crate) confirmation: String,
    /// The dish's price.
    pub(crate) price: Fen,
    /// Who pays what; nothing where nobody has published it.
    pub(crate) bill: Option<Bill>,
    /// What became of the elder's part.
    pub(crate) paid: Option<Paid>,
    /// A scan handed it out, and nobody has noted the money yet.
    pub(crate) paid_open: bool,
    /// The tour that brings it.
    pub(crate) tour: Option<String>,
    /// When it was handed out.
    pub(crate) handed_at: Option<Instant>,
    /// How its eater found it.
    pub(crate) score: Option<Score>,
    /// The point could not keep it, and ended it.
    pub(crate) by_point: bool,
    /// When its code was scanned first, and where.
    pub(crate) scanned: Option<(Instant, String)>,
}

macro_rules! orders {
    ($where:literal) => {
        concat!(
            "select o.id, o.eater, o.dish, o.point, o.day, o.kind, o.mode, o.state, o.number, o.confirmation, o.price, \
             o.district, o.street, o.own, o.sample, o.paid, o.paid_open, o.tour, o.handed_at, o.by_point, d.name as dish_name, d.instead_of, u.at as used_at, \
             u.office as used_office, r.score from meal_orders o join meal_dishes d on d.id = o.dish \
             left join meal_ratings r on r.meal = o.id left join confirmation_uses u on u.confirmation = o.confirmation ",
            $where
        )
    };
}

pub(super) fn unknown() -> StoreError {
    StoreError::Other(anyhow::anyhow!("a meal's row holds a word that is not known"))
}

fn meal_of(row: &AnyRow) -> Result<KeptMeal, StoreError> {
    let fen = |column: &str| Ok::<_, StoreError>(row.try_get::<Option<i64>, _>(column)?.map(Fen));
    let price = Fen(row.try_get("price")?);
    let sample = row.try_get::<i64, _>("sample")? == 1;
    let bill = match (fen("district")?, fen("street")?, fen("own")?) {
        (Some(district), Some(street), Some(own)) => Some(Bill { price, district, street, own, sample }),
        _ => None,
    };
    let used_at: Option<i64> = row.try_get("used_at")?;
    let used_office: Option<String> = row.try_get("used_office")?;
    Ok(KeptMeal {
        id: row.try_get("id")?,
        eater: row.try_get("eater")?,
        dish_name: row.try_get("dish_name")?,
        instead_of: row.try_get("instead_of")?,
        point: row.try_get("point")?,
        day: day_in(row, "day")?,
        kind: kind_in(row)?,
        mode: MealMode::parse(row.try_get("mode")?).ok_or_else(unknown)?,
        state: MealState::parse(row.try_get("state")?).ok_or_else(unknown)?,
        number: row.try_get("number")?,
        confirmation: row.try_get("confirmation")?,
        price,
        bill,
        paid: row.try_get::<Option<String>, _>("paid")?.as_deref().and_then(Paid::parse),
        paid_open: row.try_get::<i64, _>("paid_open")? == 1,
        tour: row.try_get("tour")?,
        handed_at: row.try_get::<Option<i64>, _>("handed_at")?.map(Instant),
        score: row.try_get::<Option<String>, _>("score")?.as_deref().and_then(Score::parse),
        by_point: row.try_get::<i64, _>("by_point")? == 1,
        scanned: used_at.map(Instant).zip(used_office),
    })
}

/// One meal inside a transaction.
pub(super) async fn meal_in(tx: &mut Transaction<'static, Any>, id: &str) -> Result<KeptMeal, StoreError> {
    meal_of(&sqlx::query(orders!("where o.id = $1")).bind(id).fetch_one(&mut **tx).await?)
}

/// Lets no counter scan a meal's code until the transaction ends. A scan takes the confirmation first and the meal then; whoever
/// does it the other way round would wait for it in a circle.
pub(super) async fn lock_code_of(tx: &mut Transaction<'static, Any>, meal: &str) -> Result<(), StoreError> {
    let confirmation: Option<String> =
        sqlx::query_scalar("select confirmation from meal_orders where id = $1")
            .bind(meal)
            .fetch_optional(&mut **tx)
            .await?;
    match confirmation {
        Some(confirmation) => lock(tx, &confirmation).await,
        None => Ok(()),
    }
}

/// Uses a meal's code with its hand-out, so that no second counter takes it; where a counter without network has scanned it before,
/// that scan stays the use.
pub(super) async fn use_code(
    tx: &mut Transaction<'static, Any>,
    confirmation: &str,
    (point, who): (&str, &str),
    now: Instant,
) -> Result<(), StoreError> {
    let scan = format!("{confirmation:0>32}");
    for statement in [
        "insert into confirmation_scans (id, confirmation, at, said_at, received_at, office, staff, offline, counts) \
         values ($1, $2, $3, $3, $3, $4, $5, 0, 1) on conflict do nothing",
        "insert into confirmation_uses (confirmation, scan, at, office, staff) values ($2, $1, $3, $4, $5) \
         on conflict do nothing",
    ] {
        sqlx::query(statement)
            .bind(&scan)
            .bind(confirmation)
            .bind(now.0)
            .bind(point)
            .bind(who)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

impl Store {
    /// What an eater has used of the subsidies before a meal on that day.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn subsidised_meals(&self, eater: &str, day: Date) -> Result<Used, StoreError> {
        let row = sqlx::query(USED)
            .bind(eater)
            .bind(day.to_string())
            .bind(day.first_of_month().to_string())
            .bind(day.last_of_month().to_string())
            .fetch_one(&self.reader)
            .await?;
        used_of(&row)
    }

    /// Reserves meals for one eater, all of them or none; gives the first one's id. Each is priced here, beside what the eater
    /// has used, so that no cap is passed by two forms at one moment.
    ///
    /// # Errors
    /// See [`MealRefusal`].
    pub(crate) async fn reserve_meals(
        &self,
        eater: &str,
        wanted: &[WantedMeal<'_>],
        tables: &[SubsidyTable],
        doing: &Doing<'_>,
    ) -> Result<String, MealRefusal> {
        let mut tx = self.write().await?;
        if let Some(id) = Self::take_key(&mut tx, doing.key, doing.owner, RESERVE, doing.now).await? {
            return Ok(id);
        }
        let first = self.reserve_in(&mut tx, eater, wanted, tables, doing).await?;
        Self::answer_key(&mut tx, doing.key, &first).await?;
        tx.commit().await?;
        Ok(first)
    }

    /// Reserves meals inside the transaction of whatever orders them.
    pub(super) async fn reserve_in(
        &self,
        tx: &mut Transaction<'static, Any>,
        eater: &str,
        wanted: &[WantedMeal<'_>],
        tables: &[SubsidyTable],
        doing: &Doing<'_>,
    ) -> Result<String, MealRefusal> {
        lock_eater(tx, eater).await?;
        let who = self.eater_in(tx, eater).await?;
        // Dishes are taken in one order, so that two who want the same ones never wait for each other.
        let mut wanted: Vec<_> = wanted.iter().collect();
        wanted.sort_by_key(|meal| meal.dish);
        let mut first = String::new();
        for meal in wanted {
            let id = self.reserve_one(tx, (&who, false), meal, tables, doing).await?;
            if first.is_empty() {
                first = id;
            }
        }
        Ok(first)
    }

    /// Reserves one meal for whoever is first in the line of its dish.
    pub(super) async fn reserve_for_first(
        &self,
        tx: &mut Transaction<'static, Any>,
        eater: &str,
        meal: &WantedMeal<'_>,
        tables: &[SubsidyTable],
        doing: &Doing<'_>,
    ) -> Result<String, MealRefusal> {
        let who = self.eater_in(tx, eater).await?;
        self.reserve_one(tx, (&who, true), meal, tables, doing).await
    }

    /// `first`: they stand first in the line; nobody else takes a meal of a dish that somebody waits for.
    async fn reserve_one(
        &self,
        tx: &mut Transaction<'static, Any>,
        (who, first): (&KeptEater, bool),
        meal: &WantedMeal<'_>,
        tables: &[SubsidyTable],
        doing: &Doing<'_>,
    ) -> Result<String, MealRefusal> {
        let taken = sqlx::query(
            "update meal_dishes set taken = taken + 1 where id = $1 and withdrawn_at is null and taken < quota \
             and (cast($2 as bigint) = 1 or not exists (select 1 from meal_waits w where w.dish = meal_dishes.id \
             and w.state = 'waiting')) returning point, day, kind, price",
        )
        .bind(meal.dish)
        .bind(i64::from(first))
        .fetch_optional(&mut **tx)
        .await?;
        let Some(row) = taken else { return Err(MealRefusal::SoldOut(meal.dish.to_owned())) };
        let point: String = row.try_get("point")?;
        let (day, kind, price) = (day_in(&row, "day")?, kind_in(&row)?, Fen(row.try_get("price")?));
        // Asked behind the dish's row: a closing that comes meanwhile waits for this order and ends it.
        let closed: Option<String> = sqlx::query_scalar(
            "select id from meal_closures where point = $1 and day = $2 and withdrawn_at is null",
        )
        .bind(&point)
        .bind(day.to_string())
        .fetch_optional(&mut **tx)
        .await?;
        if closed.is_some() {
            return Err(MealRefusal::Over);
        }
        let used = sqlx::query(USED)
            .bind(&who.id)
            .bind(day.to_string())
            .bind(day.first_of_month().to_string())
            .bind(day.last_of_month().to_string())
            .fetch_one(&mut **tx)
            .await?;
        let bill = match bill(price, who.eater().as_ref(), tables, day, used_of(&used)?) {
            Quote::Known(bill) => Some(bill),
            Quote::AsPublished(_) => None,
        };
        let id = new_id(doing.now)?;
        let done = sqlx::query(
            "insert into meal_orders (id, eater, dish, point, day, kind, mode, state, owner, number, confirmation, price, \
             district, street, own, sample, late, created_at, changed_at) values ($1, $2, $3, $4, $5, $6, $7, 'reserved', \
             $8, $9, $10, $11, $12, $13, $14, $15, 0, $16, $16) on conflict do nothing",
        )
        .bind(&id)
        .bind(&who.id)
        .bind(meal.dish)
        .bind(&point)
        .bind(day.to_string())
        .bind(kind.as_str())
        .bind(meal.mode.as_str())
        .bind(&doing.owner.0)
        .bind(meal.number)
        .bind(&meal.confirmation.id)
        .bind(price.0)
        .bind(bill.map(|bill| bill.district.0))
        .bind(bill.map(|bill| bill.street.0))
        .bind(bill.map(|bill| bill.own.0))
        .bind(i64::from(bill.is_some_and(|bill| bill.sample)))
        .bind(doing.now.0)
        .execute(&mut **tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(MealRefusal::Twice(meal.dish.to_owned()));
        }
        let belongs =
            Belongs { office: Some(&point), resident: who.resident.as_deref(), ..Belongs::default() };
        insert_confirmation(tx, meal.confirmation, &belongs).await?;
        note(tx, AuditAct::MealReserved, ("meal_orders", &id), who.resident.as_deref(), doing).await?;
        Ok(id)
    }

    /// One meal.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn meal(&self, id: &str) -> Result<KeptMeal, StoreError> {
        let row = sqlx::query(orders!("where o.id = $1")).bind(id).fetch_one(&self.reader).await?;
        meal_of(&row)
    }

    /// The meals of an eater from a day on, the latest day first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meals_of(&self, eater: &str, from: Date) -> Result<Vec<KeptMeal>, StoreError> {
        let rows = sqlx::query(orders!(
            "where o.eater = $1 and o.day >= $2 order by o.day desc, o.created_at desc, o.id limit 200"
        ))
        .bind(eater)
        .bind(from.to_string())
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(meal_of).collect()
    }

    /// The meals of a point on a day that somebody has, with who it is.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meals_at(
        &self,
        point: &str,
        day: Date,
    ) -> Result<Vec<(KeptMeal, KeptEater)>, StoreError> {
        let rows = sqlx::query(orders!(
            "where o.point = $1 and o.day = $2 and o.state <> 'cancelled' order by o.id limit 5000"
        ))
        .bind(point)
        .bind(day.to_string())
        .fetch_all(&self.reader)
        .await?;
        let mut meals = Vec::with_capacity(rows.len());
        for row in &rows {
            let meal = meal_of(row)?;
            let eater = self.eater(&meal.eater).await?;
            meals.push((meal, eater));
        }
        meals.sort_by_key(|(meal, _)| meal.kind);
        Ok(meals)
    }

    /// The meals of a point from a day to another, by day; those that were given up too.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meals_between(
        &self,
        point: &str,
        (from, to): (Date, Date),
    ) -> Result<Vec<KeptMeal>, StoreError> {
        let rows = sqlx::query(orders!(
            "where o.point = $1 and o.day >= $2 and o.day <= $3 order by o.day, o.id limit 50000"
        ))
        .bind(point)
        .bind(from.to_string())
        .bind(to.to_string())
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(meal_of).collect()
    }

    /// Gives a meal up: its place is free for somebody else. `late` where the kitchen has counted it already.
    ///
    /// # Errors
    /// [`MealRefusal::Over`] where it was handed out, scanned or given up.
    pub(crate) async fn cancel_meal(
        &self,
        id: &str,
        late: bool,
        doing: &Doing<'_>,
    ) -> Result<(), MealRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "meal_cancel", doing.now).await?.is_some() {
            return Ok(());
        }
        lock_code_of(&mut tx, id).await?;
        let ended = sqlx::query(
            "update meal_orders set state = 'cancelled', late = $2, changed_at = $3 where id = $1 and state = 'reserved' \
             and not exists (select 1 from confirmation_uses u where u.confirmation = meal_orders.confirmation) \
             returning dish, confirmation, eater",
        )
        .bind(id)
        .bind(i64::from(late))
        .bind(doing.now.0)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = ended else { return Err(MealRefusal::Over) };
        let (dish, confirmation): (String, String) = (row.try_get("dish")?, row.try_get("confirmation")?);
        give_back(&mut tx, &dish).await?;
        end_code(&mut tx, &confirmation, CancelReason::Withdrawn, doing.now).await?;
        note(&mut tx, AuditAct::MealCancelled, ("meal_orders", id), None, doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        tx.commit().await?;
        self.states_changed();
        Ok(())
    }

    /// Hands a meal out, once. Its code is used with it, so that no second counter takes it; where a counter without network has
    /// scanned it before, that scan stays the use.
    ///
    /// # Errors
    /// [`MealRefusal::Over`] where it was handed out or given up, or is another point's.
    pub(crate) async fn hand_out(
        &self,
        (id, point): (&str, &str),
        paid: Paid,
        staff: &str,
        doing: &Doing<'_>,
    ) -> Result<(), MealRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "meal_hand_out", doing.now).await?.is_some() {
            return Ok(());
        }
        lock_code_of(&mut tx, id).await?;
        let confirmation: Option<String> = sqlx::query_scalar(
            "update meal_orders set state = 'handed_out', paid = $3, handed_by = $4, handed_at = $5, changed_at = $5 \
             where id = $1 and point = $2 and state = 'reserved' returning confirmation",
        )
        .bind(id)
        .bind(point)
        .bind(paid.as_str())
        .bind(staff)
        .bind(doing.now.0)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(confirmation) = confirmation else { return Err(MealRefusal::Over) };
        use_code(&mut tx, &confirmation, (point, staff), doing.now).await?;
        note(&mut tx, AuditAct::MealHandedOut, ("meal_orders", id), None, doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        tx.commit().await?;
        self.states_changed();
        Ok(())
    }

    /// The meal that has a number.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meal_of_number(&self, number: &str) -> Result<Option<KeptMeal>, StoreError> {
        let row =
            sqlx::query(orders!("where o.number = $1")).bind(number).fetch_optional(&self.reader).await?;
        row.as_ref().map(meal_of).transpose()
    }

    /// The meal that a confirmation stands for.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meal_of_confirmation(
        &self,
        confirmation: &str,
    ) -> Result<Option<KeptMeal>, StoreError> {
        let row = sqlx::query(orders!("where o.confirmation = $1"))
            .bind(confirmation)
            .fetch_optional(&self.reader)
            .await?;
        row.as_ref().map(meal_of).transpose()
    }

    /// Staff ended a meal's confirmation: the meal is given up with it, and its place is free.
    pub(in crate::store) async fn meal_confirmation_cancelled(
        tx: &mut Transaction<'static, Any>,
        confirmation: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let dish: Option<String> = sqlx::query_scalar(
            "update meal_orders set state = 'cancelled', changed_at = $2 \
             where confirmation = $1 and state = 'reserved' returning dish",
        )
        .bind(confirmation)
        .bind(now.0)
        .fetch_optional(&mut **tx)
        .await?;
        match dish {
            Some(dish) => give_back(tx, &dish).await,
            None => Ok(()),
        }
    }

    /// Staff issued a meal's confirmation anew: the meal shows the new one.
    pub(in crate::store) async fn meal_confirmation_replaced(
        tx: &mut Transaction<'static, Any>,
        (old, new): (&str, &str),
        now: Instant,
    ) -> Result<(), StoreError> {
        sqlx::query("update meal_orders set confirmation = $2, changed_at = $3 where confirmation = $1 and state = 'reserved'")
            .bind(old)
            .bind(new)
            .bind(now.0)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }
}

/// What was subsidised on a day and in its month.
const USED: &str = "select cast(count(*) as bigint) as in_month, \
    cast(coalesce(sum(case when day = $2 then 1 else 0 end), 0) as bigint) as on_day \
    from meal_orders where eater = $1 and day >= $3 and day <= $4 and state <> 'cancelled' and district + street > 0";

fn used_of(row: &AnyRow) -> Result<Used, StoreError> {
    let count =
        |column: &str| Ok::<_, StoreError>(u32::try_from(row.try_get::<i64, _>(column)?).unwrap_or(u32::MAX));
    // A second meal of the kind is refused by the index.
    Ok(Used { same_meal: false, on_day: count("on_day")?, in_month: count("in_month")? })
}

/// One form of an eater at a time.
pub(super) async fn lock_eater(tx: &mut Transaction<'static, Any>, eater: &str) -> Result<(), StoreError> {
    sqlx::query("update meal_eaters set changed_at = changed_at where id = $1")
        .bind(eater)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(super) async fn give_back(tx: &mut Transaction<'static, Any>, dish: &str) -> Result<(), StoreError> {
    sqlx::query("update meal_dishes set taken = taken - 1 where id = $1 and taken > 0")
        .bind(dish)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
