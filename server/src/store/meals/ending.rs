//! What becomes of meals when an account is deleted, and when their time is over.

use app::domain::meals::MealPerson;
use app::domain::time::Instant;
use sqlx::{Any, Row as _, Transaction};

use super::orders::give_back;
use crate::seal::Place;
use crate::store::{Store, StoreError};

impl Store {
    /// An account is deleted: meals to come are given up. What staff noted from papers stays for the month's sums until its time
    /// is over, without an account; of whoever was never checked, the masked name is left.
    ///
    /// # Errors
    /// The database failed.
    pub(in crate::store) async fn forget_meals(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let given_up = sqlx::query(
            "update meal_orders set state = 'cancelled', changed_at = $2 where state = 'reserved' and day >= $3 \
             and eater in (select id from meal_eaters where resident = $1) returning dish",
        )
        .bind(resident)
        .bind(now.0)
        .bind(now.shanghai_date().to_string())
        .fetch_all(&mut **tx)
        .await?;
        for row in &given_up {
            give_back(tx, row.try_get("dish")?).await?;
        }
        // The point keeps its counts; the words go.
        sqlx::query(
            "update meal_ratings set words = null where meal in (select o.id from meal_orders o \
             join meal_eaters e on e.id = o.eater where e.resident = $1)",
        )
        .bind(resident)
        .execute(&mut **tx)
        .await?;
        sqlx::query(
            "update meal_standing set state = 'ended', changed_at = $2 where state = 'on' \
             and eater in (select id from meal_eaters where resident = $1)",
        )
        .bind(resident)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        sqlx::query(
            "update meal_waits set state = 'left', changed_at = $2 where state in ('waiting', 'standby') \
             and eater in (select id from meal_eaters where resident = $1)",
        )
        .bind(resident)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        sqlx::query("delete from meal_calls where eater in (select id from meal_eaters where resident = $1)")
            .bind(resident)
            .execute(&mut **tx)
            .await?;
        // What they were to bring is given to somebody else; what nobody has taken up for them comes to nothing.
        for statement in [
            "update meal_orders set tour = null where state = 'reserved' \
             and tour in (select id from meal_tours where volunteer = $1)",
            "delete from service_events where volunteer = $1 and consumed_at is null",
            "update service_events set elder = null where elder = $1",
        ] {
            sqlx::query(statement).bind(resident).execute(&mut **tx).await?;
        }
        let unchecked =
            sqlx::query("select id, person from meal_eaters where resident = $1 and checked_at is null")
                .bind(resident)
                .fetch_all(&mut **tx)
                .await?;
        for row in &unchecked {
            let (id, sealed): (String, Vec<u8>) = (row.try_get("id")?, row.try_get("person")?);
            let place = Place { column: "meal_eaters.person", row: &id };
            let person: MealPerson = self.sealer.open_json(place, &sealed)?;
            let left = MealPerson { name: person.masked(), ..MealPerson::default() };
            // The indices hold nothing that finds anybody any more.
            sqlx::query(
                "update meal_eaters set person = $2, document_index = id, phone_index = null, name_index = '' where id = $1",
            )
            .bind(&id)
            .bind(self.sealer.seal_json(place, &left)?)
            .execute(&mut **tx)
            .await?;
        }
        sqlx::query("update meal_eaters set resident = null, care_call = 0 where resident = $1")
            .bind(resident)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }
}

/// Deletes meals of days before, and then who eats no more.
///
/// # Errors
/// The database failed.
pub(in crate::store) async fn retire_meals(
    tx: &mut Transaction<'static, Any>,
    before: Instant,
    batch: i64,
) -> Result<u64, StoreError> {
    let day = before.shanghai_date().to_string();
    // The same meals as below, so that none is left with a scan that names it.
    sqlx::query(
        "delete from meal_scans where (meal is null and received_at < $3) \
         or meal in (select id from meal_orders where day < $1 order by id limit $2)",
    )
    .bind(&day)
    .bind(batch)
    .bind(before.0)
    .execute(&mut **tx)
    .await?;
    sqlx::query("delete from meal_ratings where meal in (select id from meal_orders where day < $1 order by id limit $2)")
        .bind(&day)
        .bind(batch)
        .execute(&mut **tx)
        .await?;
    sqlx::query("delete from meal_waits where day < $1").bind(&day).execute(&mut **tx).await?;
    sqlx::query("delete from meal_standing_days where day < $1").bind(&day).execute(&mut **tx).await?;
    sqlx::query(
        "delete from meal_standing where state = 'ended' and changed_at < $1 \
         and not exists (select 1 from meal_standing_days d where d.standing = meal_standing.id)",
    )
    .bind(before.0)
    .execute(&mut **tx)
    .await?;
    sqlx::query("delete from meal_tours where day < $1").bind(&day).execute(&mut **tx).await?;
    // An event that nobody has taken up waits for its volunteer, however old it is.
    sqlx::query("delete from service_events where consumed_at is not null and over_at < $1")
        .bind(before.0)
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "delete from meal_print_lines where meal in (select id from meal_orders where day < $1 order by id limit $2)",
    )
    .bind(&day)
    .bind(batch)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "delete from meal_prints where day < $1 \
         and not exists (select 1 from meal_print_lines l where l.print = meal_prints.id)",
    )
    .bind(&day)
    .execute(&mut **tx)
    .await?;
    let meals = sqlx::query(
        "delete from meal_orders where id in (select id from meal_orders where day < $1 order by id limit $2)",
    )
    .bind(&day)
    .bind(batch)
    .execute(&mut **tx)
    .await?;
    sqlx::query("delete from meal_calls where id in (select id from meal_calls where last_day < $1 order by id limit $2)")
        .bind(&day)
        .bind(batch)
        .execute(&mut **tx)
        .await?;
    let eaters = sqlx::query(
        "delete from meal_eaters where id in (select e.id from meal_eaters e where e.changed_at < $1 \
         and not exists (select 1 from meal_orders o where o.eater = e.id) \
         and not exists (select 1 from meal_calls c where c.eater = e.id) \
         and not exists (select 1 from meal_standing s where s.eater = e.id) order by e.id limit $2)",
    )
    .bind(before.0)
    .bind(batch)
    .execute(&mut **tx)
    .await?;
    Ok(meals.rows_affected() + eaters.rows_affected())
}
