//! What a point's changes mean for those who have ordered: a closed day ends their meals, another dish is told, and nobody learns it
//! at the door.

use app::domain::audit::AuditAct;
use app::domain::cancellation::CancelReason;
use app::domain::meals::{Dish, KeptEater, MealClosure};
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::text::meals::meal_words;
use jiff::civil::Date;
use sqlx::{Any, Row as _, Transaction};

use super::orders::give_back;
use super::plans::{MealChange, day_in, kind_in};
use super::{Doing, note};
use crate::store::messages::{Channel, NewMessage};
use crate::store::{Store, StoreError};

impl Store {
    /// Tells whoever eats something: an account as it wishes, others by telephone, and whoever has none by letter.
    pub(super) async fn tell_eater(
        &self,
        tx: &mut Transaction<'static, Any>,
        eater: &KeptEater,
        (notice, link): (&Notice, &str),
        now: Instant,
    ) -> Result<(), StoreError> {
        if let Some(resident) = &eater.resident {
            return self.tell(tx, resident, notice, Some(link), now).await;
        }
        let place = app::domain::area::community(&eater.community);
        let area = place.map_or(app::domain::area::district(), |place| place.street_code);
        if !eater.person.phone.is_empty() {
            return self.tell_number(tx, (None, area, &eater.person.phone), notice, now).await;
        }
        let address = format!("{}{}", place.map_or("", |place| place.short_name()), eater.person.detail);
        let message = NewMessage {
            resident: None,
            area,
            channel: Channel::Letter,
            template: notice.id(),
            to: &address,
            text: &notice.letter(),
            urgent: notice.is_urgent(),
            expires_at: None,
        };
        self.enqueue(tx, &message, now).await?;
        Ok(())
    }

    /// Does what a change of a point's plan means for those who have ordered.
    pub(super) async fn carry_on(
        &self,
        tx: &mut Transaction<'static, Any>,
        point: &str,
        change: &MealChange<'_>,
        doing: &Doing<'_>,
    ) -> Result<(), StoreError> {
        match change {
            MealChange::Close(closure) => {
                self.end_day(tx, (point, closure), doing).await?;
                // Whoever orders at this moment holds the dish: they are waited for, and what they ordered is ended too. Orders
                // come first and dishes second, as for whoever gives a meal up.
                sqlx::query("update meal_dishes set taken = taken where point = $1 and day = $2")
                    .bind(point)
                    .bind(closure.day.to_string())
                    .execute(&mut **tx)
                    .await?;
                self.end_day(tx, (point, closure), doing).await
            }
            MealChange::Reopen(closure) => self.tell_open_again(tx, closure, doing).await,
            MealChange::Substitute(dish, ..) => self.tell_substitute(tx, dish, doing).await,
            _ => Ok(()),
        }
    }

    async fn end_day(
        &self,
        tx: &mut Transaction<'static, Any>,
        (point, closure): (&str, &MealClosure),
        doing: &Doing<'_>,
    ) -> Result<(), StoreError> {
        // What was scanned somewhere has been eaten, whatever the plan says since.
        let ended = sqlx::query(
            "update meal_orders set state = 'cancelled', by_point = 1, changed_at = $3 where point = $1 and day = $2 \
             and state = 'reserved' \
             and not exists (select 1 from confirmation_uses u where u.confirmation = meal_orders.confirmation) \
             returning id, eater, dish, kind, confirmation",
        )
        .bind(point)
        .bind(closure.day.to_string())
        .bind(doing.now.0)
        .fetch_all(&mut **tx)
        .await?;
        for row in &ended {
            let (id, eater): (String, String) = (row.try_get("id")?, row.try_get("eater")?);
            give_back(tx, row.try_get("dish")?).await?;
            end_code(tx, row.try_get("confirmation")?, CancelReason::Office, doing.now).await?;
            let eater = self.eater_in(tx, &eater).await?;
            let meal = meal_words(closure.day, kind_in(row)?);
            let notice = Notice::MealClosed { meal, reason: closure.reason.clone() };
            self.tell_eater(tx, &eater, (&notice, &format!("/meals/mine/{id}")), doing.now).await?;
            note(tx, AuditAct::MealCancelled, ("meal_orders", &id), eater.resident.as_deref(), doing).await?;
        }
        Ok(())
    }

    async fn tell_open_again(
        &self,
        tx: &mut Transaction<'static, Any>,
        closure: &str,
        doing: &Doing<'_>,
    ) -> Result<(), StoreError> {
        // Whoever has found another meal of that kind meanwhile needs to know nothing.
        let rows = sqlx::query(
            "select o.eater, o.day, o.kind, o.point from meal_orders o \
             join meal_closures c on c.point = o.point and c.day = o.day where c.id = $1 and o.by_point = 1 \
             and not exists (select 1 from meal_orders n where n.eater = o.eater and n.day = o.day and n.kind = o.kind \
             and n.state <> 'cancelled') order by o.id",
        )
        .bind(closure)
        .fetch_all(&mut **tx)
        .await?;
        for row in &rows {
            let (eater, point): (String, String) = (row.try_get("eater")?, row.try_get("point")?);
            let eater = self.eater_in(tx, &eater).await?;
            let notice = Notice::MealOpenAgain { meal: meal_words(day_in(row, "day")?, kind_in(row)?) };
            self.tell_eater(tx, &eater, (&notice, &format!("/meals/{point}")), doing.now).await?;
        }
        Ok(())
    }

    async fn tell_substitute(
        &self,
        tx: &mut Transaction<'static, Any>,
        dish: &str,
        doing: &Doing<'_>,
    ) -> Result<(), StoreError> {
        let dish: Dish = Self::dish_in(tx, dish).await?;
        let rows = sqlx::query(
            "select id, eater from meal_orders where dish = $1 and state = 'reserved' order by id",
        )
        .bind(&dish.id)
        .fetch_all(&mut **tx)
        .await?;
        let meal = meal_words(dish.dish.day, dish.dish.kind);
        for row in &rows {
            let (id, eater): (String, String) = (row.try_get("id")?, row.try_get("eater")?);
            let eater = self.eater_in(tx, &eater).await?;
            let name = dish.dish.name.clone();
            let notice = match dish.blocked_by(&eater.avoid) {
                Some(word) => {
                    Notice::MealSubstitutedAvoided { meal: meal.clone(), dish: name, word: word.to_owned() }
                }
                None => Notice::MealSubstituted { meal: meal.clone(), dish: name },
            };
            self.tell_eater(tx, &eater, (&notice, &format!("/meals/mine/{id}")), doing.now).await?;
        }
        Ok(())
    }

    /// How many meals a point has ended, by day, from a day on.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meals_ended(&self, point: &str, from: Date) -> Result<Vec<(Date, i64)>, StoreError> {
        let rows = sqlx::query(
            "select day, cast(count(*) as bigint) as ended from meal_orders where point = $1 and day >= $2 \
             and by_point = 1 group by day order by day",
        )
        .bind(point)
        .bind(from.to_string())
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| Ok((day_in(row, "day")?, row.try_get("ended")?))).collect()
    }
}

/// The code of a meal that is given up holds no longer.
pub(super) async fn end_code(
    tx: &mut Transaction<'static, Any>,
    confirmation: &str,
    why: CancelReason,
    now: Instant,
) -> Result<(), StoreError> {
    sqlx::query(
        "update confirmations set state = 'cancelled', ended_at = $2, ended_for = $3 \
         where id = $1 and state = 'active'",
    )
    .bind(confirmation)
    .bind(now.0)
    .bind(why.as_str())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
