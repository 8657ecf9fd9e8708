//! Meals that were handed out without a network: each scan of a point's device once, with what it was worth.

use app::domain::audit::AuditAct;
use app::domain::confirm::ConfirmationKind;
use app::domain::meals::{DeskOutcome, Paid, desk_moment};
use app::domain::time::Instant;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::orders::{KeptMeal, meal_in, unknown};
use super::{Doing, note, note_as};
use crate::store::confirmations::{ByStaff, lock};
use crate::store::scans::{NewScan, keep_scan};
use crate::store::{Store, StoreError};

/// A scan as a device sends it.
#[derive(Clone, Debug)]
pub(crate) struct DeskScan<'a> {
    /// 32 hexadecimal signs, made by the device.
    pub(crate) id: &'a str,
    /// The meal that was meant; nothing where nobody knows it.
    pub(crate) meal: Option<&'a str>,
    /// Where the device stands.
    pub(crate) point: &'a str,
    /// Which device: made by itself.
    pub(crate) device: &'a str,
    /// What became of the elder's part.
    pub(crate) paid: Paid,
    /// When, by the device's clock.
    pub(crate) said_at: Instant,
}

/// What a scan was worth, and the meal as it stands now.
#[derive(Debug)]
pub(crate) struct DeskAnswer {
    /// What it was worth when it came in first.
    pub(crate) outcome: DeskOutcome,
    /// The meal.
    pub(crate) meal: Option<KeptMeal>,
}

/// Two sides tell different things of one meal.
#[derive(Debug)]
pub(crate) struct DeskConflict {
    /// The scan's id.
    pub(crate) id: String,
    /// The meal.
    pub(crate) meal: KeptMeal,
    /// What is wrong.
    pub(crate) outcome: DeskOutcome,
    /// Where the scan was made.
    pub(crate) point: String,
    /// Which device; [`AT_THE_DESK`](super::walk_ins::AT_THE_DESK) where somebody came without an order.
    pub(crate) device: String,
    /// When, by the device's clock.
    pub(crate) said_at: Instant,
    /// What was noted of the money there.
    pub(crate) paid: Paid,
}

/// A scan of a month that tells another thing of a meal than what counts.
#[derive(Debug)]
pub(crate) struct ToldMeal {
    /// The meal.
    pub(crate) meal: String,
    /// Where it was ordered.
    pub(crate) ordered_at: String,
    /// Somebody has looked at it.
    pub(crate) settled: bool,
}

/// The codes by which a meal of a point's day is found: its own and those of its eater's card.
#[derive(Debug)]
pub(crate) struct MealCodes {
    /// The meal.
    pub(crate) meal: String,
    /// A short code.
    pub(crate) short_code: String,
    /// The token of the code.
    pub(crate) token: String,
}

fn outcome_in(row: &AnyRow) -> Result<DeskOutcome, StoreError> {
    DeskOutcome::parse(row.try_get("outcome")?).ok_or_else(unknown)
}

/// A counter scanned a meal's code at the meal's own point: the meal is handed out by it, so that nobody has to say so again. What
/// became of the money the scan doesn't tell; that stays open.
pub(in crate::store) async fn meal_scanned(
    tx: &mut Transaction<'static, Any>,
    (confirmation, at): (&str, i64),
    office: &str,
    by: &ByStaff<'_>,
    now: Instant,
) -> Result<(), StoreError> {
    let meal: Option<String> = sqlx::query_scalar(
        "update meal_orders set state = 'handed_out', paid = 'unpaid', paid_open = 1, handed_by = $4, handed_at = $3, \
         changed_at = $5 where confirmation = $1 and point = $2 and state = 'reserved' returning id",
    )
    .bind(confirmation)
    .bind(office)
    .bind(at)
    .bind(by.staff)
    .bind(now.0)
    .fetch_optional(&mut **tx)
    .await?;
    match meal {
        Some(meal) => note_as(tx, AuditAct::MealHandedOut, ("meal_orders", &meal), None, by.actor, now).await,
        None => Ok(()),
    }
}

impl Store {
    /// Takes a scan that a device made without a network. The same id again changes nothing and is answered as the first time.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the id is that of another person's scan, or of another point's.
    pub(crate) async fn take_desk_scan(
        &self,
        new: &DeskScan<'_>,
        by: &ByStaff<'_>,
        now: Instant,
    ) -> Result<DeskAnswer, StoreError> {
        let mut tx = self.write().await?;
        let fresh = sqlx::query(
            "insert into meal_scans (id, meal, point, device, staff, paid, said_at, received_at, outcome) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, 'unknown') on conflict do nothing",
        )
        .bind(new.id)
        .bind(new.meal)
        .bind(new.point)
        .bind(new.device)
        .bind(by.staff)
        .bind(new.paid.as_str())
        .bind(new.said_at.0)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if fresh.rows_affected() == 0 {
            let kept = sqlx::query(
                "select outcome, meal from meal_scans where id = $1 and point = $2 and staff = $3",
            )
            .bind(new.id)
            .bind(new.point)
            .bind(by.staff)
            .fetch_optional(&mut *tx)
            .await?;
            let Some(kept) = kept else { return Err(StoreError::Conflict) };
            let meal = match kept.try_get::<Option<String>, _>("meal")? {
                Some(meal) => Some(meal_in(&mut tx, &meal).await?),
                None => None,
            };
            return Ok(DeskAnswer { outcome: outcome_in(&kept)?, meal });
        }
        let (outcome, meal) = match new.meal {
            Some(meal) => {
                let outcome = settle(&mut tx, new, meal, by, now).await?;
                (outcome, Some(meal_in(&mut tx, meal).await?))
            }
            None => (DeskOutcome::Unknown, None),
        };
        sqlx::query("update meal_scans set outcome = $2 where id = $1")
            .bind(new.id)
            .bind(outcome.as_str())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        self.states_changed();
        Ok(DeskAnswer { outcome, meal })
    }

    /// What nobody has looked at yet of a point's meals and a point's scans, the earliest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn desk_conflicts(&self, point: &str) -> Result<Vec<DeskConflict>, StoreError> {
        let rows = sqlx::query(
            "select s.id, s.meal, s.point, s.device, s.said_at, s.paid, s.outcome from meal_scans s \
             join meal_orders o on o.id = s.meal where (s.point = $1 or o.point = $1) and s.settled_at is null \
             and s.outcome in ('already', 'elsewhere', 'cancelled') order by s.received_at, s.id limit 200",
        )
        .bind(point)
        .fetch_all(&self.reader)
        .await?;
        let mut conflicts = Vec::with_capacity(rows.len());
        for row in &rows {
            conflicts.push(DeskConflict {
                id: row.try_get("id")?,
                meal: self.meal(row.try_get("meal")?).await?,
                outcome: outcome_in(row)?,
                point: row.try_get("point")?,
                device: row.try_get("device")?,
                said_at: Instant(row.try_get("said_at")?),
                paid: Paid::parse(row.try_get("paid")?).ok_or_else(unknown)?,
            });
        }
        Ok(conflicts)
    }

    /// The scans that tell another thing of a meal of those days, of a point's meals and by a point's devices.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn told_between(
        &self,
        point: &str,
        (from, to): (Date, Date),
    ) -> Result<Vec<ToldMeal>, StoreError> {
        let rows = sqlx::query(
            "select o.id, o.point, s.settled_at from meal_scans s join meal_orders o on o.id = s.meal \
             where (s.point = $1 or o.point = $1) and o.day >= $2 and o.day <= $3 \
             and s.outcome in ('already', 'elsewhere', 'cancelled') order by s.received_at, s.id limit 5000",
        )
        .bind(point)
        .bind(from.to_string())
        .bind(to.to_string())
        .fetch_all(&self.reader)
        .await?;
        let told = |row: &AnyRow| {
            Ok(ToldMeal {
                meal: row.try_get("id")?,
                ordered_at: row.try_get("point")?,
                settled: row.try_get::<Option<i64>, _>("settled_at")?.is_some(),
            })
        };
        rows.iter().map(told).collect()
    }

    /// Somebody of one of both points looked at a conflict.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it is settled, or another point's.
    pub(crate) async fn settle_desk_conflict(
        &self,
        (id, point): (&str, &str),
        doing: &Doing<'_>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "meal_conflict", doing.now).await?.is_some() {
            return Ok(());
        }
        let done = sqlx::query(
            "update meal_scans set settled_by = $3, settled_at = $4 where id = $1 and settled_at is null \
             and (point = $2 or meal in (select o.id from meal_orders o where o.point = $2))",
        )
        .bind(id)
        .bind(point)
        .bind(&doing.owner.0)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        note(&mut tx, AuditAct::MealConflictSettled, ("meal_scans", id), None, doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Notes what became of the elder's part of a meal that a scan handed out, or that was not paid then.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it is noted, or another point's.
    pub(crate) async fn note_meal_paid(
        &self,
        (id, point): (&str, &str),
        paid: Paid,
        doing: &Doing<'_>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "meal_paid", doing.now).await?.is_some() {
            return Ok(());
        }
        let done = sqlx::query(
            "update meal_orders set paid = $3, paid_open = 0, changed_at = $4 where id = $1 and point = $2 \
             and state = 'handed_out' and paid = 'unpaid'",
        )
        .bind(id)
        .bind(point)
        .bind(paid.as_str())
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        note(&mut tx, AuditAct::MealPaidNoted, ("meal_orders", id), None, doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The codes of a point's meals on a day that hold, and of the cards of those who eat.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meal_codes(
        &self,
        point: &str,
        day: Date,
        now: Instant,
    ) -> Result<Vec<MealCodes>, StoreError> {
        let rows = sqlx::query(
            "select o.id as meal, c.short_code, c.token from meal_orders o join meal_eaters e on e.id = o.eater \
             join confirmations c on c.id = o.confirmation or (c.resident = e.resident and c.kind = $3 \
             and c.expires_at > $4) where o.point = $1 and o.day = $2 and o.state <> 'cancelled' \
             and c.state = 'active' and c.token <> ''",
        )
        .bind(point)
        .bind(day.to_string())
        .bind(ConfirmationKind::Card.as_str())
        .bind(now.0)
        .fetch_all(&self.reader)
        .await?;
        let codes = |row: &AnyRow| {
            Ok(MealCodes {
                meal: row.try_get("meal")?,
                short_code: row.try_get("short_code")?,
                token: row.try_get("token")?,
            })
        };
        rows.iter().map(codes).collect()
    }
}

/// Hands the meal out by the scan, if it may be.
async fn settle(
    tx: &mut Transaction<'static, Any>,
    new: &DeskScan<'_>,
    meal: &str,
    by: &ByStaff<'_>,
    now: Instant,
) -> Result<DeskOutcome, StoreError> {
    // The confirmation first, as a counter's scan does: two that take the same rows never wait for each other.
    let confirmation: String = sqlx::query_scalar("select confirmation from meal_orders where id = $1")
        .bind(meal)
        .fetch_one(&mut **tx)
        .await?;
    lock(tx, &confirmation).await?;
    let kept = meal_in(tx, meal).await?;
    let Some(at) = desk_moment(new.said_at, kept.day, now) else { return Ok(DeskOutcome::OtherDay) };
    let done = sqlx::query(
        "update meal_orders set state = 'handed_out', paid = $3, handed_by = $4, handed_at = $5, changed_at = $6 \
         where id = $1 and point = $2 and state = 'reserved'",
    )
    .bind(meal)
    .bind(new.point)
    .bind(new.paid.as_str())
    .bind(by.staff)
    .bind(at.0)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    let outcome = if done.rows_affected() == 1 {
        note_as(tx, AuditAct::MealHandedOut, ("meal_orders", meal), None, by.actor, now).await?;
        DeskOutcome::Done
    } else if kept.point != new.point {
        DeskOutcome::Elsewhere
    } else if kept.state == app::domain::meals::MealState::Cancelled {
        DeskOutcome::Cancelled
    } else {
        let own: i64 = sqlx::query_scalar(
            "select cast(count(*) as bigint) from meal_scans where meal = $1 and point = $2 and device = $3 \
             and outcome = 'done'",
        )
        .bind(meal)
        .bind(new.point)
        .bind(new.device)
        .fetch_one(&mut **tx)
        .await?;
        if own > 0 { DeskOutcome::Again } else { DeskOutcome::Already }
    };
    if outcome != DeskOutcome::Again {
        let scan = NewScan {
            id: new.id,
            confirmation: &kept.confirmation,
            said_at: at,
            offline: true,
            office: new.point,
        };
        keep_scan(tx, &scan, by, now).await?;
    }
    Ok(outcome)
}
