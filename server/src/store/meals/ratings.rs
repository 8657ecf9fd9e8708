//! What people say of a meal that they ate, and what the point did about it.

use app::domain::audit::AuditAct;
use app::domain::meals::{KeptRating, NewRating, Score};
use app::domain::time::Instant;
use jiff::civil::Date;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::orders::MealRefusal;
use super::plans::{day_in, kind_in};
use super::{Doing, note};
use crate::seal::{Place, new_id};
use crate::store::{Store, StoreError};

fn place<'a>(column: &'static str, id: &'a str) -> Place<'a> {
    Place { column, row: id }
}

macro_rules! ratings {
    ($where:literal) => {
        concat!(
            "select r.id, r.day, o.kind, d.name as dish, r.score, r.words, r.answer, r.answered_at from meal_ratings r \
             join meal_orders o on o.id = r.meal join meal_dishes d on d.id = o.dish ",
            $where
        )
    };
}

impl Store {
    fn rating_of(&self, row: &AnyRow) -> Result<KeptRating, StoreError> {
        let id: String = row.try_get("id")?;
        let (words, answer): (Option<Vec<u8>>, Option<Vec<u8>>) =
            (row.try_get("words")?, row.try_get("answer")?);
        let word = words.map(|sealed| self.sealer.open_json(place("meal_ratings.words", &id), &sealed));
        let answer = answer.map(|sealed| self.sealer.open_json(place("meal_ratings.answer", &id), &sealed));
        let at: Option<i64> = row.try_get("answered_at")?;
        let score = Score::parse(row.try_get("score")?);
        Ok(KeptRating {
            day: day_in(row, "day")?,
            kind: kind_in(row)?,
            dish: row.try_get("dish")?,
            score: score.ok_or_else(|| {
                StoreError::Other(anyhow::anyhow!("a rating holds a word that is not known"))
            })?,
            word: word.transpose()?,
            answered: at.map(Instant).zip(answer.transpose()?),
            id,
        })
    }

    /// Keeps what somebody says of a meal that was handed out to them, once.
    ///
    /// # Errors
    /// [`MealRefusal::Over`] where it was not handed out, or something was said of it before.
    pub(crate) async fn rate_meal(
        &self,
        meal: &str,
        new: &NewRating,
        doing: &Doing<'_>,
    ) -> Result<(), MealRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "meal_rate", doing.now).await?.is_some() {
            return Ok(());
        }
        let id = new_id(doing.now)?;
        let words = new.word.as_ref();
        let words =
            words.map(|word| self.sealer.seal_json(place("meal_ratings.words", &id), word)).transpose()?;
        let done = sqlx::query(
            "insert into meal_ratings (id, meal, point, day, score, words, given_at) \
             select $1, o.id, o.point, o.day, $3, $4, $5 from meal_orders o where o.id = $2 and o.state = 'handed_out' \
             on conflict do nothing",
        )
        .bind(&id)
        .bind(meal)
        .bind(new.score.as_str())
        .bind(words)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(MealRefusal::Over);
        }
        note(&mut tx, AuditAct::MealRated, ("meal_orders", meal), None, doing).await?;
        Self::answer_key(&mut tx, doing.key, meal).await?;
        Ok(tx.commit().await?)
    }

    /// What was said of a meal.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn rating_of_meal(&self, meal: &str) -> Result<Option<KeptRating>, StoreError> {
        let row = sqlx::query(ratings!("where r.meal = $1")).bind(meal).fetch_optional(&self.reader).await?;
        row.as_ref().map(|row| self.rating_of(row)).transpose()
    }

    /// What was said of a point's meals from a day on, the newest first; what waits for the point, whenever it was said.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn ratings_at(&self, point: &str, from: Date) -> Result<Vec<KeptRating>, StoreError> {
        let rows = sqlx::query(ratings!(
            "where r.point = $1 and (r.day >= $2 or (r.score = 'bad' and r.words is not null and r.answered_at is null)) \
             order by r.day desc, r.given_at desc, r.id limit 5000"
        ))
        .bind(point)
        .bind(from.to_string())
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| self.rating_of(row)).collect()
    }

    /// How many words a point must still look at.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn ratings_waiting(&self, point: &str) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(
            "select cast(count(*) as bigint) from meal_ratings where point = $1 and score = 'bad' \
             and words is not null and answered_at is null",
        )
        .bind(point)
        .fetch_one(&self.reader)
        .await?)
    }

    /// Keeps what the point did about a word, once.
    ///
    /// # Errors
    /// [`MealRefusal::Over`] where it was answered before, or is another point's.
    pub(crate) async fn answer_rating(
        &self,
        (point, id): (&str, &str),
        answer: &str,
        doing: &Doing<'_>,
    ) -> Result<(), MealRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "meal_rating_answer", doing.now).await?.is_some() {
            return Ok(());
        }
        let done = sqlx::query(
            "update meal_ratings set answer = $3, answered_by = $4, answered_at = $5 \
             where id = $1 and point = $2 and words is not null and answered_at is null",
        )
        .bind(id)
        .bind(point)
        .bind(self.sealer.seal_json(place("meal_ratings.answer", id), &answer)?)
        .bind(&doing.owner.0)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(MealRefusal::Over);
        }
        note(&mut tx, AuditAct::MealRatingAnswered, ("meal_ratings", id), None, doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }
}
