//! What a point offers: its times, its closed days, its dishes. A dish that somebody ordered is not taken away; another comes in its
//! place.

use app::domain::audit::AuditAct;
use app::domain::meals::{DietTag, Dish, MealClosure, MealKind, NewDish, Service};
use app::domain::money::Fen;
use app::domain::time::Instant;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::{Doing, note};
use crate::seal::new_id;
use crate::store::{Store, StoreError};

/// A change of what a point offers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MealChange<'a> {
    /// Its times of one meal from now on.
    Service(&'a Service),
    /// It is closed on a day.
    Close(&'a MealClosure),
    /// It is open after all: the closure's id.
    Reopen(&'a str),
    /// Dishes, all of them or none.
    Add(&'a [NewDish]),
    /// A dish that nobody has ordered is taken off.
    Withdraw(&'a str),
    /// So many of a dish are cooked.
    Quota(&'a str, i64),
    /// Something else is cooked in a dish's place: its name and ingredients.
    Substitute(&'a str, &'a str, &'a [String]),
}

macro_rules! dishes {
    ($where:literal) => {
        concat!(
            "select d.id, d.point, d.day, d.kind, d.name, d.price, d.quota, d.taken, d.tags, d.ingredients, d.instead_of \
             from meal_dishes d where d.withdrawn_at is null ",
            $where
        )
    };
}

fn unknown() -> StoreError {
    StoreError::Other(anyhow::anyhow!("a meal's row holds a word that is not known"))
}

pub(super) fn day_in(row: &AnyRow, column: &str) -> Result<Date, StoreError> {
    Ok(row.try_get::<String, _>(column)?.parse().map_err(anyhow::Error::from)?)
}

pub(super) fn kind_in(row: &AnyRow) -> Result<MealKind, StoreError> {
    MealKind::parse(row.try_get("kind")?).ok_or_else(unknown)
}

fn minute_in(row: &AnyRow, column: &str) -> Result<u16, StoreError> {
    u16::try_from(row.try_get::<i64, _>(column)?).map_err(|_| unknown())
}

pub(super) fn dish_of(row: &AnyRow) -> Result<Dish, StoreError> {
    let (tags, ingredients): (String, String) = (row.try_get("tags")?, row.try_get("ingredients")?);
    Ok(Dish {
        id: row.try_get("id")?,
        point: row.try_get("point")?,
        dish: NewDish {
            day: day_in(row, "day")?,
            kind: kind_in(row)?,
            name: row.try_get("name")?,
            price: Fen(row.try_get("price")?),
            quota: row.try_get("quota")?,
            tags: tags.split(' ').filter_map(DietTag::parse).collect(),
            ingredients: ingredients.split('、').map(str::to_owned).collect(),
        },
        taken: row.try_get("taken")?,
        instead_of: row.try_get("instead_of")?,
    })
}

impl Store {
    /// When a point serves, a row for each meal that it has.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meal_services(&self, point: &str) -> Result<Vec<Service>, StoreError> {
        let all = self.services_where(Some(point)).await?;
        Ok(all.into_iter().map(|(_, service)| service).collect())
    }

    /// When every point serves.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn all_meal_services(&self) -> Result<Vec<(String, Service)>, StoreError> {
        self.services_where(None).await
    }

    async fn services_where(&self, point: Option<&str>) -> Result<Vec<(String, Service)>, StoreError> {
        let rows = sqlx::query(
            "select s.point, s.kind, s.starts, s.ends, s.cutoff_days, s.cutoff from meal_services s \
             where ($1 = '' or s.point = $1) and s.id = (select n.id from meal_services n where n.point = s.point \
             and n.kind = s.kind order by n.entered_at desc, n.id desc limit 1) order by s.point, s.starts",
        )
        .bind(point.unwrap_or_default())
        .fetch_all(&self.reader)
        .await?;
        let mut services = Vec::with_capacity(rows.len());
        for row in &rows {
            let service = Service {
                kind: kind_in(row)?,
                starts: minute_in(row, "starts")?,
                ends: minute_in(row, "ends")?,
                cutoff_days: row.try_get("cutoff_days")?,
                cutoff: minute_in(row, "cutoff")?,
            };
            services.push((row.try_get("point")?, service));
        }
        Ok(services)
    }

    /// The closed days of a point from a day on.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meal_closures(
        &self,
        point: &str,
        from: Date,
    ) -> Result<Vec<MealClosure>, StoreError> {
        let rows = sqlx::query(
            "select id, day, reason from meal_closures where point = $1 and day >= $2 and withdrawn_at is null \
             order by day limit 200",
        )
        .bind(point)
        .bind(from.to_string())
        .fetch_all(&self.reader)
        .await?;
        let closure = |row: &AnyRow| {
            Ok(MealClosure {
                id: row.try_get("id")?,
                day: day_in(row, "day")?,
                reason: row.try_get("reason")?,
            })
        };
        rows.iter().map(closure).collect()
    }

    /// The points that are closed on a day.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn closed_meal_points(&self, day: Date) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar("select point from meal_closures where day = $1 and withdrawn_at is null")
            .bind(day.to_string())
            .fetch_all(&self.reader)
            .await?)
    }

    /// The dishes of a point from a day to another, by day and meal.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meal_menu(
        &self,
        point: &str,
        (from, to): (Date, Date),
    ) -> Result<Vec<Dish>, StoreError> {
        let rows = sqlx::query(dishes!("and d.point = $1 and d.day >= $2 and d.day <= $3 limit 500"))
            .bind(point)
            .bind(from.to_string())
            .bind(to.to_string())
            .fetch_all(&self.reader)
            .await?;
        let mut menu = rows.iter().map(dish_of).collect::<Result<Vec<_>, _>>()?;
        // In the order of the meals; here, since the two engines sort names otherwise.
        menu.sort_by_cached_key(|dish| {
            (dish.dish.day, dish.dish.kind, dish.dish.price, dish.dish.name.clone())
        });
        Ok(menu)
    }

    /// One dish.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn meal_dish(&self, id: &str) -> Result<Dish, StoreError> {
        let row = sqlx::query(dishes!("and d.id = $1")).bind(id).fetch_one(&self.reader).await?;
        dish_of(&row)
    }

    /// How many meals of a day are left, by point and meal.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meals_left(&self, day: Date) -> Result<Vec<(String, MealKind, i64)>, StoreError> {
        let rows = sqlx::query(
            "select point, kind, cast(sum(quota - taken) as bigint) as remaining from meal_dishes \
             where day = $1 and withdrawn_at is null group by point, kind",
        )
        .bind(day.to_string())
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| Ok((row.try_get("point")?, kind_in(row)?, row.try_get("remaining")?))).collect()
    }

    /// Changes what a point offers.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the same is there already, where the dish or the closure is another point's or over,
    /// where somebody has ordered what should go, or when the key came with another body.
    pub(crate) async fn change_meal_plan(
        &self,
        point: &str,
        change: &MealChange<'_>,
        doing: &Doing<'_>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "meal_plan", doing.now).await?.is_some() {
            return Ok(());
        }
        let done = match change {
            MealChange::Add(dishes) => {
                let mut all = true;
                for dish in *dishes {
                    all &= add_dish(&mut tx, point, dish, doing).await?;
                }
                all
            }
            other => write(&mut tx, point, other, doing).await?,
        };
        if !done {
            return Err(StoreError::Conflict);
        }
        self.carry_on(&mut tx, point, change, doing).await?;
        note(&mut tx, AuditAct::MealPlanChanged, ("meal_plan", point), None, doing).await?;
        Self::answer_key(&mut tx, doing.key, point).await?;
        tx.commit().await?;
        self.states_changed();
        Ok(())
    }

    pub(super) async fn dish_in(tx: &mut Transaction<'static, Any>, id: &str) -> Result<Dish, StoreError> {
        let row = sqlx::query(dishes!("and d.id = $1")).bind(id).fetch_one(&mut **tx).await?;
        dish_of(&row)
    }
}

async fn add_dish(
    tx: &mut Transaction<'static, Any>,
    point: &str,
    dish: &NewDish,
    doing: &Doing<'_>,
) -> Result<bool, StoreError> {
    let tags: Vec<_> = dish.tags.iter().map(|tag| tag.as_str()).collect();
    let done = sqlx::query(
        "insert into meal_dishes (id, point, day, kind, name, price, quota, taken, tags, ingredients, entered_by, \
         entered_at) values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11) on conflict do nothing",
    )
    .bind(new_id(doing.now)?)
    .bind(point)
    .bind(dish.day.to_string())
    .bind(dish.kind.as_str())
    .bind(&dish.name)
    .bind(dish.price.0)
    .bind(dish.quota)
    .bind(tags.join(" "))
    .bind(dish.ingredients.join("、"))
    .bind(&doing.owner.0)
    .bind(doing.now.0)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

async fn write(
    tx: &mut Transaction<'static, Any>,
    point: &str,
    change: &MealChange<'_>,
    doing: &Doing<'_>,
) -> Result<bool, StoreError> {
    let id = new_id(doing.now)?;
    let Instant(now) = doing.now;
    let query = match change {
        // Dishes are written one by one.
        MealChange::Add(_) => return Ok(false),
        MealChange::Service(service) => sqlx::query(
            "insert into meal_services (id, point, entered_by, entered_at, kind, starts, ends, cutoff_days, cutoff) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(point)
        .bind(&doing.owner.0)
        .bind(now)
        .bind(service.kind.as_str())
        .bind(i64::from(service.starts))
        .bind(i64::from(service.ends))
        .bind(service.cutoff_days)
        .bind(i64::from(service.cutoff)),
        MealChange::Close(closure) => sqlx::query(
            "insert into meal_closures (id, point, entered_by, entered_at, day, reason) \
             values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        )
        .bind(id)
        .bind(point)
        .bind(&doing.owner.0)
        .bind(now)
        .bind(closure.day.to_string())
        .bind(&closure.reason),
        MealChange::Reopen(closure) => sqlx::query(
            "update meal_closures set withdrawn_by = $3, withdrawn_at = $4 \
             where id = $1 and point = $2 and withdrawn_at is null",
        )
        .bind(*closure)
        .bind(point)
        .bind(&doing.owner.0)
        .bind(now),
        MealChange::Withdraw(dish) => sqlx::query(
            "update meal_dishes set withdrawn_by = $3, withdrawn_at = $4 \
             where id = $1 and point = $2 and withdrawn_at is null and taken = 0",
        )
        .bind(*dish)
        .bind(point)
        .bind(&doing.owner.0)
        .bind(now),
        MealChange::Quota(dish, quota) => sqlx::query(
            "update meal_dishes set quota = $3 where id = $1 and point = $2 and withdrawn_at is null and taken <= $3",
        )
        .bind(*dish)
        .bind(point)
        .bind(*quota),
        MealChange::Substitute(dish, name, ingredients) => sqlx::query(
            "update meal_dishes set instead_of = coalesce(instead_of, name), name = $3, ingredients = $4 \
             where id = $1 and point = $2 and withdrawn_at is null",
        )
        .bind(*dish)
        .bind(point)
        .bind(*name)
        .bind(ingredients.join("、")),
    };
    Ok(query.execute(&mut **tx).await?.rows_affected() == 1)
}
