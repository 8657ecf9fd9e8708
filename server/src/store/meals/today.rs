//! How all points stand on a day, for whoever looks after them: counts alone, nobody's name.

use std::collections::BTreeMap;

use app::domain::meals::PointDay;
use app::domain::time::Instant;
use jiff::ToSpan as _;
use jiff::civil::Date;
use sqlx::Row as _;

use crate::store::{Store, StoreError};

/// So many days back bad words about meals are counted, the day itself included.
const RATED_DAYS: i64 = 7;

/// A query gives a point and a count; each belongs to one figure.
type Figure = (&'static str, fn(&mut PointDay) -> &mut i64);

/// The figures of a day; `$1` is the day, `$2` the first one of which ratings count.
const FIGURES: [Figure; 8] = [
    (
        "select point, cast(count(*) as bigint) as figure from meal_orders where day = $1 and $2 <= day \
         and state <> 'cancelled' group by point",
        |of| &mut of.reserved,
    ),
    (
        "select point, cast(count(*) as bigint) as figure from meal_orders where day = $1 and $2 <= day \
         and state = 'handed_out' group by point",
        |of| &mut of.handed_out,
    ),
    (
        "select point, cast(count(*) as bigint) as figure from meal_orders where day = $1 and $2 <= day \
         and walk_in = 1 group by point",
        |of| &mut of.walk_ins,
    ),
    (
        "select point, cast(sum(quota - taken) as bigint) as figure from meal_dishes where day = $1 and $2 <= day \
         and withdrawn_at is null group by point",
        |of| &mut of.left,
    ),
    // A conflict is the affair of both points, however old: it waits until somebody has looked.
    (
        "select c.point, cast(count(*) as bigint) as figure from (select o.point, s.id from meal_scans s \
         join meal_orders o on o.id = s.meal where s.settled_at is null and o.day <= $1 and $2 <= $1 \
         and s.outcome in ('already', 'elsewhere', 'cancelled') union select s.point, s.id from meal_scans s \
         join meal_orders o on o.id = s.meal where s.settled_at is null and o.day <= $1 \
         and s.outcome in ('already', 'elsewhere', 'cancelled')) c group by c.point",
        |of| &mut of.conflicts,
    ),
    // A call belongs to where the last meal was missed.
    (
        "select o.point, cast(count(*) as bigint) as figure from meal_calls c join meal_orders o on o.eater = c.eater \
         and o.day = c.last_day and o.kind = c.last_kind and o.state = 'reserved' where c.done_at is null \
         and c.last_day <= $1 and $2 <= $1 group by o.point",
        |of| &mut of.calls,
    ),
    (
        "select point, cast(count(*) as bigint) as figure from meal_ratings where score = 'bad' and day >= $2 \
         and day <= $1 group by point",
        |of| &mut of.bad,
    ),
    (
        "select point, cast(count(*) as bigint) as figure from meal_ratings where score = 'bad' and words is not null \
         and answered_at is null and day <= $1 and $2 <= $1 group by point",
        |of| &mut of.unanswered,
    ),
];

impl Store {
    /// The figures of all points on the day of `now`, by point. A point of which there is nothing is not there.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn points_today(&self, now: Instant) -> Result<BTreeMap<String, PointDay>, StoreError> {
        let day = now.shanghai_date();
        let rated = day.saturating_sub((RATED_DAYS - 1).days());
        let mut points: BTreeMap<String, PointDay> = BTreeMap::new();
        for (query, figure) in FIGURES {
            let rows = sqlx::query(query)
                .bind(day.to_string())
                .bind(rated.to_string())
                .fetch_all(&self.reader)
                .await?;
            for row in &rows {
                *figure(points.entry(row.try_get("point")?).or_default()) = row.try_get("figure")?;
            }
        }
        for (point, closed_on, reason) in self.coming_closures(day).await? {
            let of = points.entry(point).or_default();
            if closed_on == day {
                of.closed = Some(reason);
            } else {
                of.closing.push((closed_on, reason));
            }
        }
        Ok(points)
    }

    async fn coming_closures(&self, day: Date) -> Result<Vec<(String, Date, String)>, StoreError> {
        let rows = sqlx::query(
            "select point, day, reason from meal_closures where day >= $1 and day <= $2 and withdrawn_at is null \
             order by day, point",
        )
        .bind(day.to_string())
        .bind(day.saturating_add(7.days()).to_string())
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| Ok((row.try_get("point")?, super::plans::day_in(row, "day")?, row.try_get("reason")?)))
            .collect()
    }
}
