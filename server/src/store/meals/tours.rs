//! Tours: deliveries of a point that a volunteer brings, and what was done at each door.

use app::domain::audit::AuditAct;
use app::domain::meals::door_counts_until;
use app::domain::time::Instant;
use app::domain::timebank::Served;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::orders::{MealRefusal, lock_code_of, use_code};
use super::plans::day_in;
use super::{Doing, note};
use crate::seal::{Place, new_id};
use crate::store::{Store, StoreError};

/// A tour as its row has it.
#[derive(Clone, Debug)]
pub(crate) struct Tour {
    /// Its id.
    pub(crate) id: String,
    /// The point.
    pub(crate) point: String,
    /// The day.
    pub(crate) day: Date,
    /// Whose walk it is: an account.
    pub(crate) volunteer: String,
    /// When it began.
    pub(crate) began_at: Option<Instant>,
}

/// Who tells that a meal is at its door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AtDoor {
    /// The volunteer, with the eater's code or card.
    Code,
    /// The point, which asked on the telephone.
    Staff,
}

impl AtDoor {
    fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Staff => "staff",
        }
    }
}

fn tour_of(row: &AnyRow) -> Result<Tour, StoreError> {
    Ok(Tour {
        id: row.try_get("id")?,
        point: row.try_get("point")?,
        day: day_in(row, "day")?,
        volunteer: row.try_get("volunteer")?,
        began_at: row.try_get::<Option<i64>, _>("began_at")?.map(Instant),
    })
}

async fn tour_in(tx: &mut Transaction<'static, Any>, id: &str) -> Result<Tour, StoreError> {
    // One door of a tour at a time: each counts from the one before.
    let row = sqlx::query(
        "update meal_tours set changed_at = changed_at where id = $1 returning id, point, day, volunteer, began_at",
    )
    .bind(id)
    .fetch_one(&mut **tx)
    .await?;
    tour_of(&row)
}

impl Store {
    /// The account that a telephone opens.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn account_of_phone(
        &self,
        phone: &app::domain::phone::ContactPhone,
    ) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar("select id from residents where phone_index = $1 and closed_at is null")
            .bind(self.phone_index(phone))
            .fetch_optional(&self.reader)
            .await?)
    }

    /// Gives deliveries of a point to a volunteer, all of them or none; gives the tour's id.
    ///
    /// # Errors
    /// [`MealRefusal::Over`] where one is no delivery of that day, or somebody has it, or the volunteer is too young to bring meals.
    pub(crate) async fn assign_tour(
        &self,
        (point, day): (&str, Date),
        volunteer: &str,
        meals: &[String],
        doing: &Doing<'_>,
    ) -> Result<String, MealRefusal> {
        let mut tx = self.write().await?;
        if let Some(id) = Self::take_key(&mut tx, doing.key, doing.owner, "meal_tour", doing.now).await? {
            return Ok(id);
        }
        if !self.may_bring_in(&mut tx, volunteer, doing.now).await? {
            return Err(MealRefusal::Over);
        }
        let id = new_id(doing.now)?;
        sqlx::query(
            "insert into meal_tours (id, point, day, volunteer, assigned_by, created_at, changed_at) \
             values ($1, $2, $3, $4, $5, $6, $6)",
        )
        .bind(&id)
        .bind(point)
        .bind(day.to_string())
        .bind(volunteer)
        .bind(&doing.owner.0)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        let mut meals: Vec<_> = meals.iter().collect();
        meals.sort();
        for meal in meals {
            let done = sqlx::query(
                "update meal_orders set tour = $1 where id = $2 and point = $3 and day = $4 and mode = 'delivery' \
                 and state = 'reserved' and tour is null",
            )
            .bind(&id)
            .bind(meal)
            .bind(point)
            .bind(day.to_string())
            .execute(&mut *tx)
            .await?;
            if done.rows_affected() == 0 {
                return Err(MealRefusal::Over);
            }
        }
        note(&mut tx, AuditAct::MealTourAssigned, ("meal_tours", &id), Some(volunteer), doing).await?;
        Self::answer_key(&mut tx, doing.key, &id).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Takes what is still to be brought of a tour back; a tour of which nothing was brought is gone.
    ///
    /// # Errors
    /// [`MealRefusal::Over`] where nothing is left to take back.
    pub(crate) async fn take_tour_back(
        &self,
        (id, point): (&str, &str),
        doing: &Doing<'_>,
    ) -> Result<(), MealRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "meal_tour_back", doing.now).await?.is_some() {
            return Ok(());
        }
        let freed = sqlx::query(
            "update meal_orders set tour = null where tour = $1 and point = $2 and state <> 'handed_out'",
        )
        .bind(id)
        .bind(point)
        .execute(&mut *tx)
        .await?;
        if freed.rows_affected() == 0 {
            return Err(MealRefusal::Over);
        }
        sqlx::query(
            "delete from meal_tours where id = $1 and not exists (select 1 from meal_orders o where o.tour = $1)",
        )
        .bind(id)
        .execute(&mut *tx)
        .await?;
        note(&mut tx, AuditAct::MealTourTakenBack, ("meal_tours", id), None, doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The tours of a point on a day.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn tours_at(&self, point: &str, day: Date) -> Result<Vec<Tour>, StoreError> {
        let rows = sqlx::query(
            "select id, point, day, volunteer, began_at from meal_tours where point = $1 and day = $2 order by created_at, id",
        )
        .bind(point)
        .bind(day.to_string())
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(tour_of).collect()
    }

    /// The tours of a volunteer on a day.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn tours_of(&self, volunteer: &str, day: Date) -> Result<Vec<Tour>, StoreError> {
        let rows = sqlx::query(
            "select id, point, day, volunteer, began_at from meal_tours where volunteer = $1 and day = $2 \
             order by created_at, id",
        )
        .bind(volunteer)
        .bind(day.to_string())
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(tour_of).collect()
    }

    /// A tour.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn tour(&self, id: &str) -> Result<Tour, StoreError> {
        let row = sqlx::query("select id, point, day, volunteer, began_at from meal_tours where id = $1")
            .bind(id)
            .fetch_one(&self.reader)
            .await?;
        tour_of(&row)
    }

    /// The volunteer goes; a second press changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a key with another body.
    pub(crate) async fn begin_tour(&self, id: &str, doing: &Doing<'_>) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "meal_tour_begin", doing.now).await?.is_some() {
            return Ok(());
        }
        let begun = sqlx::query(
            "update meal_tours set began_at = $2, changed_at = $2 where id = $1 and began_at is null",
        )
        .bind(id)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if begun.rows_affected() == 1 {
            note(&mut tx, AuditAct::MealTourBegun, ("meal_tours", id), None, doing).await?;
        }
        Self::answer_key(&mut tx, doing.key, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A meal of a tour is at its door: it is handed out, and what was done is kept as an event of its own, once.
    ///
    /// # Errors
    /// [`MealRefusal::Over`] where it is not of this tour, not begun, handed out or given up.
    pub(crate) async fn close_delivery(
        &self,
        (tour, meal): (&str, &str),
        at_door: AtDoor,
        doing: &Doing<'_>,
    ) -> Result<(), MealRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "meal_door", doing.now).await?.is_some() {
            return Ok(());
        }
        lock_code_of(&mut tx, meal).await?;
        let tour = tour_in(&mut tx, tour).await?;
        let Some(began) = tour.began_at else { return Err(MealRefusal::Over) };
        // Volunteers take no money: the point asks for it later.
        let row = sqlx::query(
            "update meal_orders set state = 'handed_out', paid = 'unpaid', paid_open = 1, handed_by = $3, handed_at = $4, \
             changed_at = $4 where id = $1 and tour = $2 and state = 'reserved' returning confirmation, eater",
        )
        .bind(meal)
        .bind(&tour.id)
        .bind(&doing.owner.0)
        .bind(doing.now.0)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Err(MealRefusal::Over) };
        let (confirmation, eater): (String, String) = (row.try_get("confirmation")?, row.try_get("eater")?);
        use_code(&mut tx, &confirmation, (&tour.point, &doing.owner.0), doing.now).await?;
        let eater = self.eater_in(&mut tx, &eater).await?;
        let before: Option<i64> =
            sqlx::query_scalar("select max(over_at) from service_events where round = $1")
                .bind(&tour.id)
                .fetch_one(&mut *tx)
                .await?;
        let from = before.map_or(began, Instant);
        let id = new_id(doing.now)?;
        let served = Served { name: eater.person.masked(), ..Served::default() };
        sqlx::query(
            "insert into service_events (id, kind, source, round, volunteer, area, served, elder, began_at, over_at, proof, \
             created_at) values ($1, 'service_done', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing",
        )
        .bind(&id)
        .bind(meal)
        .bind(&tour.id)
        .bind(&tour.volunteer)
        .bind(&eater.community)
        .bind(self.sealer.seal_json(Place { column: "service_events.served", row: &id }, &served)?)
        .bind(&eater.resident)
        .bind(from.0)
        .bind(door_counts_until(from, doing.now).0)
        .bind(at_door.as_str())
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        note(&mut tx, AuditAct::MealHandedOut, ("meal_orders", meal), eater.resident.as_deref(), doing)
            .await?;
        Self::answer_key(&mut tx, doing.key, meal).await?;
        tx.commit().await?;
        self.states_changed();
        Ok(())
    }
}
