//! The days that an office marked, and what they forbid.

use app::domain::marriage::{HotDay, HotTime, Matter};
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::draws::draw_of;
use super::plans::day;
use crate::store::{Store, StoreError};

/// What is read of a marked day, with its draw.
macro_rules! hot_days {
    ($where:literal) => {
        concat!(
            "select h.id, h.matter, h.day, h.name, h.times, h.walk_in, h.entered_at, h.withdrawn_at, d.id as draw_id, \
             d.opens_at, d.closes_at, d.hours, d.drawn_at from marriage_hot_days h \
             left join marriage_draws d on d.hot_day = h.id ",
            $where
        )
    };
}
pub(super) use hot_days;

pub(super) fn hot_day_of(row: &AnyRow) -> Result<Option<HotDay>, StoreError> {
    let Some(matter) = Matter::parse(row.try_get("matter")?) else { return Ok(None) };
    let times: String = row.try_get("times")?;
    let times: Option<Vec<HotTime>> = times.split(' ').map(HotTime::read).collect();
    let times =
        times.ok_or_else(|| StoreError::Other(anyhow::anyhow!("a hot day has a time that can't be read")))?;
    Ok(Some(HotDay {
        id: row.try_get("id")?,
        matter,
        day: day(row, "day")?,
        name: row.try_get("name")?,
        times,
        walk_in: row.try_get::<i64, _>("walk_in")? == 1,
        draw: draw_of(row)?,
    }))
}

/// Whether a day of an office is marked for a matter, asked inside the act that depends on it.
pub(super) async fn is_hot(
    tx: &mut Transaction<'static, Any>,
    (office, matter, day): (&str, &str, Date),
) -> Result<bool, StoreError> {
    let hot: Option<String> = sqlx::query_scalar(
        "select id from marriage_hot_days where office = $1 and matter = $2 and day = $3 and withdrawn_at is null",
    )
    .bind(office)
    .bind(matter)
    .bind(day.to_string())
    .fetch_optional(&mut **tx)
    .await?;
    Ok(hot.is_some())
}

impl Store {
    /// The marked days of an office from a day on, the nearest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn hot_days(&self, office: &str, from: Date) -> Result<Vec<HotDay>, StoreError> {
        let rows = sqlx::query(hot_days!(
            "where h.office = $1 and h.day >= $2 and h.withdrawn_at is null order by h.day, h.matter"
        ))
        .bind(office)
        .bind(from.to_string())
        .fetch_all(&self.reader)
        .await?;
        let mut days = Vec::with_capacity(rows.len());
        for row in &rows {
            days.extend(hot_day_of(row)?);
        }
        Ok(days)
    }

    /// What makes a day a hot one.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn hot_day(
        &self,
        (office, matter, day): (&str, Matter, Date),
    ) -> Result<Option<HotDay>, StoreError> {
        let days = self.hot_days(office, day).await?;
        Ok(days.into_iter().find(|hot| (hot.day, hot.matter) == (day, matter)))
    }

    /// How many bookings of a marked day were firm before with a yes at the door only.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn at_the_door_only(
        &self,
        (office, matter, day): (&str, Matter, Date),
    ) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(
            "select cast(count(*) as bigint) from marriage_bookings \
             where office = $1 and matter = $2 and day = $3 and state = 'firm' and way = 'door'",
        )
        .bind(office)
        .bind(matter.as_str())
        .bind(day.to_string())
        .fetch_one(&self.reader)
        .await?)
    }
}
