//! Prints of a kitchen's sheet: what is on paper, so that the next one tells only what is different.

use app::domain::audit::AuditAct;
use app::domain::meals::{MealMode, SheetMeal};
use app::domain::time::Instant;
use jiff::civil::Date;
use sqlx::Row as _;

use super::orders::unknown;
use super::{Doing, note};
use crate::seal::new_id;
use crate::store::{Store, StoreError};

impl Store {
    /// Notes that the sheet of a day was printed with what is ordered at this moment; gives the print's id.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a key with another body.
    pub(crate) async fn note_print(
        &self,
        (point, day): (&str, Date),
        doing: &Doing<'_>,
    ) -> Result<String, StoreError> {
        let mut tx = self.write().await?;
        if let Some(id) = Self::take_key(&mut tx, doing.key, doing.owner, "meal_print", doing.now).await? {
            return Ok(id);
        }
        let id = new_id(doing.now)?;
        sqlx::query(
            "insert into meal_prints (id, point, day, printed_by, printed_at) values ($1, $2, $3, $4, $5)",
        )
        .bind(&id)
        .bind(point)
        .bind(day.to_string())
        .bind(&doing.owner.0)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "insert into meal_print_lines (print, meal, dish, mode) select $1, o.id, d.name, o.mode from meal_orders o \
             join meal_dishes d on d.id = o.dish where o.point = $2 and o.day = $3 and o.state <> 'cancelled'",
        )
        .bind(&id)
        .bind(point)
        .bind(day.to_string())
        .execute(&mut *tx)
        .await?;
        note(&mut tx, AuditAct::MealSheetPrinted, ("meal_prints", &id), None, doing).await?;
        Self::answer_key(&mut tx, doing.key, &id).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The last print of a day: when, and what is on it.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn last_print(
        &self,
        point: &str,
        day: Date,
    ) -> Result<Option<(Instant, Vec<SheetMeal>)>, StoreError> {
        let last = sqlx::query(
            "select id, printed_at from meal_prints where point = $1 and day = $2 order by printed_at desc, id desc limit 1",
        )
        .bind(point)
        .bind(day.to_string())
        .fetch_optional(&self.reader)
        .await?;
        let Some(last) = last else { return Ok(None) };
        let rows =
            sqlx::query("select meal, dish, mode from meal_print_lines where print = $1 order by meal")
                .bind(last.try_get::<String, _>("id")?)
                .fetch_all(&self.reader)
                .await?;
        let mut meals = Vec::with_capacity(rows.len());
        for row in &rows {
            meals.push(SheetMeal {
                id: row.try_get("meal")?,
                dish: row.try_get("dish")?,
                mode: MealMode::parse(row.try_get("mode")?).ok_or_else(unknown)?,
            });
        }
        Ok(Some((Instant(last.try_get("printed_at")?), meals)))
    }
}
