//! Meals of those who come without an order: reserved and handed out in one act, and what a second try tells.

use app::domain::audit::AuditAct;
use app::domain::meals::{DeskOutcome, Guest, MealPerson, MealState, Paid, SubsidyTable};
use sqlx::{Any, Row as _, Transaction};

use super::orders::{KeptMeal, MealRefusal, WantedMeal, meal_in, use_code};
use super::{Doing, note};
use crate::seal::{Place, new_id, random_u64};
use crate::store::{Store, StoreError};

/// The act that such a meal's key is taken for.
pub(crate) const WALK_IN: &str = "meal_walk_in";

/// What a row of a scan has for a device, where a point served somebody without an order.
pub(crate) const AT_THE_DESK: &str = "walk-in";

/// Who comes.
#[derive(Clone, Debug)]
pub(crate) enum Comes<'a> {
    /// The id of somebody registered.
    Kept(&'a str),
    /// Somebody whom nobody has registered, in the point's community.
    Guest(&'a Guest, &'a str),
}

/// A meal for somebody who came.
#[derive(Debug)]
pub(crate) struct NewWalkIn<'a> {
    /// Who.
    pub(crate) who: Comes<'a>,
    /// The meal, with its confirmation.
    pub(crate) meal: WantedMeal<'a>,
    /// What became of the elder's part.
    pub(crate) paid: Paid,
    /// Where.
    pub(crate) point: &'a str,
    /// Who hands it out.
    pub(crate) staff: &'a str,
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum WalkIn {
    /// The meal's id.
    #[cfg_attr(not(test), expect(dead_code, reason = "the page shows the list; tests ask which meal it is"))]
    Served(String),
    /// The last portion went before.
    SoldOut,
    /// The point is closed.
    Closed,
    /// They have this meal already.
    Twice(Box<KeptMeal>),
}

impl Store {
    /// Reserves a meal for somebody who came and hands it out, in one act. One meal of a kind a day, wherever: who has it already is
    /// served nothing, and what two points tell of them stays on both lists until somebody has looked.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a key with another body.
    pub(crate) async fn serve_walk_in(
        &self,
        new: &NewWalkIn<'_>,
        tables: &[SubsidyTable],
        doing: &Doing<'_>,
    ) -> Result<WalkIn, StoreError> {
        let mut tx = self.write().await?;
        if let Some(id) = Self::take_key(&mut tx, doing.key, doing.owner, WALK_IN, doing.now).await? {
            return Ok(WalkIn::Served(id));
        }
        let eater = match &new.who {
            Comes::Kept(id) => (*id).to_owned(),
            Comes::Guest(guest, community) => self.guest_in(&mut tx, guest, community, doing).await?,
        };
        match self.reserve_in(&mut tx, &eater, std::slice::from_ref(&new.meal), tables, doing).await {
            Ok(id) => {
                hand_over(&mut tx, &id, new, doing).await?;
                Self::answer_key(&mut tx, doing.key, &id).await?;
                tx.commit().await?;
                self.states_changed();
                Ok(WalkIn::Served(id))
            }
            Err(MealRefusal::SoldOut(_)) => Ok(WalkIn::SoldOut),
            Err(MealRefusal::Over) => Ok(WalkIn::Closed),
            Err(MealRefusal::Store(cause)) => Err(cause),
            Err(MealRefusal::Twice(_)) => {
                // What was tried goes back as a whole; that it was tried stays.
                tx.rollback().await?;
                self.served_before(&eater, new, doing).await
            }
        }
    }

    /// The meal that somebody has already, noted for both points where another try was made of one that is another point's or eaten.
    async fn served_before(
        &self,
        eater: &str,
        new: &NewWalkIn<'_>,
        doing: &Doing<'_>,
    ) -> Result<WalkIn, StoreError> {
        let mut tx = self.write().await?;
        let id: Option<String> = sqlx::query_scalar(
            "select o.id from meal_orders o join meal_dishes d on d.day = o.day and d.kind = o.kind \
             where d.id = $1 and o.eater = $2 and o.state <> 'cancelled'",
        )
        .bind(new.meal.dish)
        .bind(eater)
        .fetch_optional(&mut *tx)
        .await?;
        // Given up in this very moment: the next press finds it free.
        let Some(id) = id else { return Err(StoreError::Conflict) };
        let meal = meal_in(&mut tx, &id).await?;
        let outcome = match meal.state {
            _ if meal.point != new.point => Some(DeskOutcome::Elsewhere),
            MealState::HandedOut => Some(DeskOutcome::Already),
            _ => None,
        };
        if let Some(outcome) = outcome {
            // A point that tries again and again is told of once.
            sqlx::query(
                "insert into meal_scans (id, meal, point, device, staff, paid, said_at, received_at, outcome) \
                 select $1, o.id, $3, $4, $5, $6, cast($7 as bigint), cast($7 as bigint), $8 from meal_orders o \
                 where o.id = $2 and not exists (select 1 from meal_scans s where s.meal = o.id and s.point = $3 \
                 and s.device = $4 and s.settled_at is null) on conflict do nothing",
            )
            .bind(format!("{:016x}{:016x}", random_u64()?, random_u64()?))
            .bind(&meal.id)
            .bind(new.point)
            .bind(AT_THE_DESK)
            .bind(new.staff)
            .bind(new.paid.as_str())
            .bind(doing.now.0)
            .bind(outcome.as_str())
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
        }
        Ok(WalkIn::Twice(Box::new(meal)))
    }

    /// The row of somebody whom nobody has registered: one for a name and telephone on a day, so that the same person is found at
    /// another point. No search for a name or a telephone finds it.
    async fn guest_in(
        &self,
        tx: &mut Transaction<'static, Any>,
        guest: &Guest,
        community: &str,
        doing: &Doing<'_>,
    ) -> Result<String, StoreError> {
        let id = new_id(doing.now)?;
        let day = doing.now.shanghai_date();
        let phone = guest.phone.as_ref().map_or("", |phone| phone.as_str());
        let another = if guest.apart { id.as_str() } else { "" };
        let named = format!("{day}\n{}\n{phone}\n{another}", guest.name.as_str());
        let index = self.sealer.index("meal_eaters.guest", &named);
        let person = MealPerson {
            name: guest.name.original().to_owned(),
            phone: phone.to_owned(),
            ..MealPerson::default()
        };
        let place = |column| Place { column, row: id.as_str() };
        sqlx::query(
            "insert into meal_eaters (id, community, document_index, name_index, person, huji, statuses, avoid, guest, \
             created_at, changed_at) values ($1, $2, $3, $3, $4, '', '', $5, 1, $6, $6) on conflict do nothing",
        )
        .bind(&id)
        .bind(community)
        .bind(&index)
        .bind(self.sealer.seal_json(place("meal_eaters.person"), &person)?)
        .bind(self.sealer.seal_json(place("meal_eaters.avoid"), &Vec::<String>::new())?)
        .bind(doing.now.0)
        .execute(&mut **tx)
        .await?;
        Ok(sqlx::query_scalar("select id from meal_eaters where document_index = $1")
            .bind(&index)
            .fetch_one(&mut **tx)
            .await?)
    }

    /// The meals of a point between two days that were handed out without an order, by id.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn walk_ins_between(
        &self,
        point: &str,
        (from, to): (jiff::civil::Date, jiff::civil::Date),
    ) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query(
            "select id from meal_orders where point = $1 and day >= $2 and day <= $3 and walk_in = 1 order by id",
        )
        .bind(point)
        .bind(from.to_string())
        .bind(to.to_string())
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
    }
}

/// Hands out what was reserved in the same act.
async fn hand_over(
    tx: &mut Transaction<'static, Any>,
    id: &str,
    new: &NewWalkIn<'_>,
    doing: &Doing<'_>,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "update meal_orders set state = 'handed_out', paid = $2, handed_by = $3, handed_at = $4, changed_at = $4, walk_in = 1 \
         where id = $1 and point = $5",
    )
    .bind(id)
    .bind(new.paid.as_str())
    .bind(new.staff)
    .bind(doing.now.0)
    .bind(new.point)
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        // The dish is another point's.
        return Err(StoreError::Conflict);
    }
    use_code(tx, &new.meal.confirmation.id, (new.point, new.staff), doing.now).await?;
    note(tx, AuditAct::MealHandedOut, ("meal_orders", id), None, doing).await
}
