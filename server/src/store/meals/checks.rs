//! The auditor's sample of a month's meals: drawn once, by a seed whose hash was public before the month was over.

use app::domain::aid::random_check::{commitment, drawn, lot};
use app::domain::aid::standards::Deed;
use app::domain::audit::AuditAct;
use app::domain::meals::MealMonth;
use app::domain::time::Instant;
use app::ports::{MealCheck, SeedCommitment};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::orders::KeptMeal;
use super::{Doing, note};
use crate::seal::{Place, random_secret, sha256};
use crate::store::{Store, StoreError};

/// The act that a draw's key is taken for.
const DRAW: &str = "meal check";

/// The most meals of a sample that are shown.
const SHOWN: i64 = 1_000;

fn seed_place(month: &str) -> Place<'_> {
    Place { column: "meal_check_seeds.seed", row: month }
}

/// A meal that was drawn, with all that was recorded of it. Once its time is over, the number and its lot alone are left.
#[derive(Debug)]
pub(crate) struct DrawnMeal {
    /// Its number.
    pub(crate) number: String,
    /// Its lot.
    pub(crate) lot: String,
    /// The meal, and who ate it, masked.
    pub(crate) meal: Option<(KeptMeal, String)>,
    /// Who handed it out.
    pub(crate) handed: Option<Deed>,
    /// Whose scan used its code.
    pub(crate) used: Option<Deed>,
    /// That scan was made without a network.
    pub(crate) offline: bool,
    /// It was served without an order.
    pub(crate) walk_in: bool,
    /// How many scans tell another thing of it.
    pub(crate) conflicts: i64,
}

fn check_of(row: &AnyRow) -> Result<Option<MealCheck>, StoreError> {
    let month: String = row.try_get("month")?;
    let Some(month) = MealMonth::parse(&month) else { return Ok(None) };
    Ok(Some(MealCheck {
        month,
        seed: row.try_get("seed")?,
        commitment: row.try_get("commitment")?,
        committed_at: Instant(row.try_get("committed_at")?),
        percent: row.try_get("percent")?,
        count: row.try_get("count")?,
        drawn: row.try_get("drawn")?,
        numbers_hash: row.try_get("numbers_hash")?,
        drawn_at: Instant(row.try_get("drawn_at")?),
    }))
}

impl Store {
    /// Makes the seeds of this month and the next one, where there are none: their hashes are public from now on.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn keep_meal_seeds(&self, now: Instant) -> Result<(), StoreError> {
        let this = MealMonth::of(now.shanghai_date());
        for month in [this, this.next()] {
            let month = month.slug();
            let there: Option<String> =
                sqlx::query_scalar("select month from meal_check_seeds where month = $1")
                    .bind(&month)
                    .fetch_optional(&self.reader)
                    .await?;
            if there.is_some() {
                continue;
            }
            let seed = random_secret()?;
            let mut tx = self.write().await?;
            // Two servers at once: the key keeps one.
            sqlx::query(
                "insert into meal_check_seeds (month, seed, commitment, made_at) values ($1, $2, $3, $4) \
                 on conflict do nothing",
            )
            .bind(&month)
            .bind(self.sealer.seal(seed_place(&month), seed.as_bytes())?)
            .bind(commitment(&seed))
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// The hashes of the seeds of all months, the newest month first, with since when they are public.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meal_seeds(&self) -> Result<Vec<(MealMonth, SeedCommitment)>, StoreError> {
        let rows = sqlx::query(
            "select month, commitment, made_at from meal_check_seeds order by month desc limit 36",
        )
        .fetch_all(&self.reader)
        .await?;
        let mut seeds = Vec::with_capacity(rows.len());
        for row in &rows {
            let Some(month) = MealMonth::parse(row.try_get("month")?) else { continue };
            let seed = SeedCommitment {
                commitment: row.try_get("commitment")?,
                since: Instant(row.try_get("made_at")?),
            };
            seeds.push((month, seed));
        }
        Ok(seeds)
    }

    /// The numbers of the meals of a month that were handed out, at all points, in the order that a draw takes them.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn handed_out_numbers(&self, month: MealMonth) -> Result<Vec<String>, StoreError> {
        let mut numbers: Vec<String> = sqlx::query_scalar(
            "select number from meal_orders where state = 'handed_out' and day >= $1 and day <= $2",
        )
        .bind(month.first().to_string())
        .bind(month.last().to_string())
        .fetch_all(&self.reader)
        .await?;
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Draws at least `percent` of a month's meals that were handed out. The month's seed is public from then on.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the month was drawn before, has no meal, or no seed that was public before it was over.
    pub(crate) async fn draw_meals(
        &self,
        (month, percent): (MealMonth, u8),
        staff: &str,
        doing: &Doing<'_>,
    ) -> Result<(), StoreError> {
        let numbers = self.handed_out_numbers(month).await?;
        let slug = month.slug();
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, DRAW, doing.now).await?.is_some() {
            return Ok(());
        }
        let row = sqlx::query(
            "select seed, commitment, made_at from meal_check_seeds where month = $1 and made_at < $2",
        )
        .bind(&slug)
        .bind(Instant::shanghai_midnight(month.next().first()).0)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Err(StoreError::Conflict) };
        let sealed: Vec<u8> = row.try_get("seed")?;
        let seed = self.sealer.open_text(seed_place(&slug), &sealed)?;
        let asked: Vec<&str> = numbers.iter().map(String::as_str).collect();
        let picked = drawn(&seed, &asked, percent);
        if picked.is_empty() {
            return Err(StoreError::Conflict);
        }
        let counted = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let done = sqlx::query(
            "insert into meal_checks (month, seed, commitment, committed_at, percent, count, drawn, numbers_hash, drawn_by, \
             drawn_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing",
        )
        .bind(&slug)
        .bind(&seed)
        .bind(row.try_get::<String, _>("commitment")?)
        .bind(row.try_get::<i64, _>("made_at")?)
        .bind(i64::from(percent))
        .bind(counted(numbers.len()))
        .bind(counted(picked.len()))
        .bind(numbers_hash(&numbers))
        .bind(staff)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        for number in picked {
            sqlx::query("insert into meal_check_meals (month, number, lot) values ($1, $2, $3)")
                .bind(&slug)
                .bind(number)
                .bind(lot(&seed, number))
                .execute(&mut *tx)
                .await?;
        }
        note(&mut tx, AuditAct::MealsDrawn, ("meal_checks", &slug), None, doing).await?;
        Self::answer_key(&mut tx, doing.key, &slug).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The draws, the newest month first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meal_checks(&self) -> Result<Vec<MealCheck>, StoreError> {
        let rows = sqlx::query(
            "select month, seed, commitment, committed_at, percent, count, drawn, numbers_hash, drawn_at \
             from meal_checks order by month desc limit 36",
        )
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.iter().map(check_of).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// What was drawn of a month, the smallest lot first, with all that was recorded of each.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn drawn_meals(&self, month: MealMonth) -> Result<Vec<DrawnMeal>, StoreError> {
        let rows = sqlx::query(
            "select l.number, l.lot, o.handed_by, h.name as handed_name, o.handed_at, \
             cast(coalesce(o.walk_in, 0) as bigint) as walk_in, u.staff as used_by, w.name as used_name, u.at as used_at, \
             cast(coalesce(k.offline, 0) as bigint) as offline, \
             cast((select count(*) from meal_scans s where s.meal = o.id \
             and s.outcome in ('already', 'elsewhere', 'cancelled')) as bigint) as conflicts from meal_check_meals l \
             left join meal_orders o on o.number = l.number left join staff h on h.id = o.handed_by \
             left join confirmation_uses u on u.confirmation = o.confirmation \
             left join confirmation_scans k on k.id = u.scan left join staff w on w.id = u.staff \
             where l.month = $1 order by l.lot limit $2",
        )
        .bind(month.slug())
        .bind(SHOWN)
        .fetch_all(&self.reader)
        .await?;
        let mut meals = Vec::with_capacity(rows.len());
        for row in &rows {
            let number: String = row.try_get("number")?;
            let meal = match self.meal_of_number(&number).await? {
                Some(meal) => {
                    let who = self.eater(&meal.eater).await?.person.masked();
                    Some((meal, who))
                }
                None => None,
            };
            meals.push(DrawnMeal {
                number,
                lot: row.try_get("lot")?,
                meal,
                handed: self.deed(row, ["handed_by", "handed_name", "handed_at"])?,
                used: self.deed(row, ["used_by", "used_name", "used_at"])?,
                offline: row.try_get::<i64, _>("offline")? == 1,
                walk_in: row.try_get::<i64, _>("walk_in")? == 1,
                conflicts: row.try_get("conflicts")?,
            });
        }
        Ok(meals)
    }
}

/// Tells from which numbers a draw was made: the SHA-256 of them in order, each with a line feed behind it.
pub(crate) fn numbers_hash(numbers: &[String]) -> String {
    let mut text = String::with_capacity(numbers.len() * 20);
    for number in numbers {
        text.push_str(number);
        text.push('\n');
    }
    sha256(&text)
}
