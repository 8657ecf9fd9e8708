//! Draws of hot days: the hash of the seed is public from the beginning, the seed with the order. Whoever is in the order stands in the
//! day's line at once, and the places go along it as those of any line do.

use app::domain::aid::random_check::commitment;
use app::domain::audit::{AuditAct, Purpose};
use app::domain::marriage::{
    DRAW_FORMAT, DrawOf, DrawRules, HotDay, Matter, Ordered, PublishedDraw, numbers_hash, order,
};
use app::domain::notices::Notice;
use app::domain::time::Instant;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::draw_entries::as_owner;
use super::plans::day;
use crate::seal::{Place, random_secret};
use crate::store::audit::{Actor, AuditEntry};
use crate::store::{Store, StoreError};

/// A draw as its page and its job know it.
#[derive(Clone, Debug)]
pub(crate) struct Draw {
    /// Its id and how it is set.
    pub(crate) of: DrawOf,
    /// The office's code.
    pub(crate) office: String,
    /// For what.
    pub(crate) matter: Matter,
    /// The day.
    pub(crate) day: Date,
    /// What people call the day.
    pub(crate) name: String,
    /// How many have entered by now with both saying yes.
    pub(crate) entries: i64,
    /// What is public.
    pub(crate) published: PublishedDraw,
}

fn seed_place(row: &str) -> Place<'_> {
    Place { column: "marriage_draws.sealed_seed", row }
}

/// The draw of a day, from a row that joins it.
pub(super) fn draw_of(row: &AnyRow) -> Result<Option<DrawOf>, StoreError> {
    let Some(id) = row.try_get::<Option<String>, _>("draw_id")? else { return Ok(None) };
    let rules = DrawRules {
        opens: Instant(row.try_get("opens_at")?),
        closes: Instant(row.try_get("closes_at")?),
        hours: u32::try_from(row.try_get::<i64, _>("hours")?).map_err(anyhow::Error::from)?,
    };
    Ok(Some(DrawOf { id, rules, drawn: row.try_get::<Option<i64>, _>("drawn_at")?.is_some() }))
}

impl Store {
    /// Sets the draw of a day that is just being marked: its seed is made, and the hash is public with the day.
    pub(super) async fn set_draw(
        &self,
        tx: &mut Transaction<'static, Any>,
        (office, hot_day): (&str, &str),
        hot: &HotDay,
        rules: &DrawRules,
    ) -> Result<(), StoreError> {
        let seed = random_secret()?;
        sqlx::query(
            "insert into marriage_draws \
             (id, hot_day, office, matter, day, opens_at, closes_at, hours, places, commitment, sealed_seed) \
             values ($1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(hot_day)
        .bind(office)
        .bind(hot.matter.as_str())
        .bind(hot.day.to_string())
        .bind(rules.opens.0)
        .bind(rules.closes.0)
        .bind(i64::from(rules.hours))
        .bind(hot.times.iter().map(|time| time.quota).sum::<i64>())
        .bind(commitment(&seed))
        .bind(self.sealer.seal(seed_place(hot_day), seed.as_bytes())?)
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// A draw, for everybody.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn marriage_draw(&self, id: &str) -> Result<Draw, StoreError> {
        let row = sqlx::query(
            "select d.id as draw_id, d.office, d.matter, d.day, d.opens_at, d.closes_at, d.hours, d.places, d.commitment, \
             d.seed, d.numbers_hash, d.drawn_at, h.name, cast((select count(*) from marriage_draw_entries e \
             where e.draw = d.id and e.state in ('entered', 'drawn')) as bigint) as entries \
             from marriage_draws d join marriage_hot_days h on h.id = d.hot_day \
             where d.id = $1 and h.withdrawn_at is null",
        )
        .bind(id)
        .fetch_one(&self.reader)
        .await?;
        let unknown = || StoreError::Other(anyhow::anyhow!("a draw is of a matter that is not known"));
        let of = draw_of(&row)?.ok_or(StoreError::NotFound)?;
        let matter = Matter::parse(row.try_get("matter")?).ok_or_else(unknown)?;
        let (office, day): (String, Date) = (row.try_get("office")?, day(&row, "day")?);
        let published = PublishedDraw {
            format: DRAW_FORMAT.into(),
            office: office.clone(),
            matter: matter.as_str().into(),
            day: day.to_string(),
            places: row.try_get("places")?,
            opens: of.rules.opens.0,
            closes: of.rules.closes.0,
            seed_sha256: row.try_get("commitment")?,
            seed: row.try_get("seed")?,
            numbers_sha256: row.try_get("numbers_hash")?,
            order: if of.drawn { self.drawn_order(id).await? } else { Vec::new() },
        };
        let (name, entries) = (row.try_get("name")?, row.try_get("entries")?);
        Ok(Draw { of, office, matter, day, name, entries, published })
    }

    /// The order as it was drawn.
    async fn drawn_order(&self, draw: &str) -> Result<Vec<Ordered>, StoreError> {
        let rows = sqlx::query(
            "select number, lot from marriage_draw_entries where draw = $1 and place is not null order by place",
        )
        .bind(draw)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| Ok(Ordered { number: row.try_get("number")?, lot: row.try_get("lot")? }))
            .collect()
    }

    /// The draws whose entries have closed and that are not drawn.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn draws_due(&self, now: Instant) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "select d.id from marriage_draws d join marriage_hot_days h on h.id = d.hot_day \
             where d.drawn_at is null and d.closes_at <= $1 and h.withdrawn_at is null order by d.closes_at, d.id",
        )
        .bind(now.0)
        .fetch_all(&self.reader)
        .await?)
    }

    /// Draws: the seed is public, everybody has a place in the order and stands in the day's line by it, and both of each couple are
    /// told. `false` where another server was first, or entries have not closed.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn draw_marriage_day(&self, id: &str, now: Instant) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        // The row is taken first: an entry that comes at this moment is before or after, never in between.
        let row = sqlx::query(
            "update marriage_draws set hours = hours where id = $1 and drawn_at is null and closes_at <= $2 \
             returning office, matter, day, places, sealed_seed",
        )
        .bind(id)
        .bind(now.0)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Ok(false) };
        let seed = self.sealer.open_text(seed_place(id), &row.try_get::<Vec<u8>, _>("sealed_seed")?)?;
        let rows =
            sqlx::query("select id, number from marriage_draw_entries where draw = $1 and state = 'entered'")
                .bind(id)
                .fetch_all(&mut *tx)
                .await?;
        let mut entries = std::collections::BTreeMap::new();
        for row in &rows {
            entries.insert(row.try_get::<String, _>("number")?, row.try_get::<String, _>("id")?);
        }
        let numbers: Vec<String> = entries.keys().cloned().collect();
        let done = sqlx::query(
            "update marriage_draws set seed = $2, numbers_hash = $3, drawn_at = $4 where id = $1 and drawn_at is null",
        )
        .bind(id)
        .bind(&seed)
        .bind(numbers_hash(&numbers))
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let places: i64 = row.try_get("places")?;
        let line: [String; 3] = [row.try_get("office")?, row.try_get("matter")?, row.try_get("day")?];
        let count = i64::try_from(numbers.len()).map_err(anyhow::Error::from)?;
        for (place, ordered) in (1_i64..).zip(order(&seed, &numbers)) {
            let Some(entry) = entries.get(&ordered.number) else { continue };
            sqlx::query(
                "update marriage_draw_entries set state = 'drawn', lot = $2, place = $3, invite_secret = null, \
                 changed_at = $4 where id = $1 and state = 'entered'",
            )
            .bind(entry)
            .bind(&ordered.lot)
            .bind(place)
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
            // All of them stand before whoever comes from now on.
            let stands_since = Instant(now.0 - count + place);
            self.stand_in_line(&mut tx, entry, &line, stands_since, now).await?;
            let notice = Notice::MarriageDrawn {
                number: ordered.number,
                place: u32::try_from(place).map_err(anyhow::Error::from)?,
                places: u32::try_from(places).map_err(anyhow::Error::from)?,
            };
            self.tell_entry(&mut tx, entry, &notice, now).await?;
        }
        self.lapse_entries(&mut tx, id, now).await?;
        let noted = AuditEntry {
            area: app::domain::area::district(),
            actor: &Actor::System,
            on_behalf_of: None,
            act: AuditAct::MarriageDrawn,
            object_kind: "marriage_draws",
            object: id,
            subject: None,
            purpose: Purpose::Operation,
        };
        Self::note(&mut tx, &noted, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Puts an entry into the day's line, in its own name: the limits of a device or an account are not those of a draw.
    async fn stand_in_line(
        &self,
        tx: &mut Transaction<'static, Any>,
        entry: &str,
        [office, matter, day]: &[String; 3],
        since: Instant,
        now: Instant,
    ) -> Result<(), StoreError> {
        let Some(mobile) = self.entry_mobiles(tx, entry).await?.into_iter().next() else { return Ok(()) };
        let sealed =
            self.sealer.seal(Place { column: "marriage_waiting.mobile", row: entry }, mobile.as_bytes())?;
        sqlx::query(
            "insert into marriage_waiting \
             (id, office, matter, day, owner, line_place, mobile, state, entered_at, changed_at) \
             values ($1, $2, $3, $4, $5, 1, $6, 'waiting', $7, $8)",
        )
        .bind(entry)
        .bind(office)
        .bind(matter)
        .bind(day)
        .bind(as_owner(entry))
        .bind(sealed)
        .bind(since.0)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        Ok(())
    }
}
