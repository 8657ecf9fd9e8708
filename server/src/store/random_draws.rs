//! Random checks: which cases that wait for a decision the district visits itself, drawn by a seed whose hash was public before.

use app::domain::aid::random_check::{commitment, drawn, lot};
use app::domain::area::district;
use app::domain::audit::{AuditAct, Purpose};
use app::domain::time::Instant;
use app::ports::{CaseLot, RandomDraw, SeedCommitment};
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::audit::AuditEntry;
use super::case_acts::Doing;
use super::staff_cases::Scope;
use super::{OnlyOnce, Store, StoreError};
use crate::seal::{Place, new_id, random_secret};

/// The act that a draw's key is taken for.
const DRAW: &str = "random draw";

fn seed_place(row: &str) -> Place<'_> {
    Place { column: "check_seeds.seed", row }
}

impl Store {
    /// Makes the seed of the next draw, where none waits: its hash is public from now on.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn keep_seed_waiting(&self, now: Instant) -> Result<(), StoreError> {
        if self.waiting_seed().await?.is_some() {
            return Ok(());
        }
        let mut tx = self.write().await?;
        self.make_seed(&mut tx, now).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn make_seed(&self, tx: &mut Transaction<'static, Any>, now: Instant) -> Result<(), StoreError> {
        let (id, seed) = (new_id(now)?, random_secret()?);
        // Two servers at once: the index keeps one.
        sqlx::query(
            "insert into check_seeds (id, seed, commitment, made_at) values ($1, $2, $3, $4) on conflict do nothing",
        )
        .bind(&id)
        .bind(self.sealer.seal(seed_place(&id), seed.as_bytes())?)
        .bind(commitment(&seed))
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// The hash of the seed that the next draw will use, and since when it has been public.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn waiting_seed(&self) -> Result<Option<SeedCommitment>, StoreError> {
        let row = sqlx::query("select commitment, made_at from check_seeds where draw_id is null")
            .fetch_optional(&self.reader)
            .await?;
        row.map(|row| {
            Ok(SeedCommitment {
                commitment: row.try_get("commitment")?,
                since: Instant(row.try_get("made_at")?),
            })
        })
        .transpose()
    }

    /// How many cases of an item wait for a decision and are in no draw.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn cases_to_draw_from(&self, item: &str, scope: &Scope) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(
            "select cast(count(*) as bigint) from applications a join cases k on k.area = a.area and k.application_id = a.id \
             where k.state = 'opinion_given' and a.aid_item = $1 and a.area >= $2 and a.area < $3 and not exists \
             (select 1 from random_draw_cases d where d.area = a.area and d.application_id = a.id)",
        )
        .bind(item)
        .bind(&scope.from)
        .bind(&scope.before)
        .fetch_one(&self.reader)
        .await?)
    }

    /// Draws at least `percent` of the cases of an item that wait for a decision and are in no draw yet; gives the draw's id.
    /// The seed that waited is used up and public, the next one is made.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where no case or no seed waits, or the key was sent with another body.
    pub(crate) async fn draw_cases(
        &self,
        (item, percent): (&str, u8),
        scope: &Scope,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, post) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, DRAW, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let id = new_id(doing.now)?;
        // Whoever takes the seed draws; a second draw at the same moment finds none.
        let used = sqlx::query("update check_seeds set draw_id = $1 where draw_id is null")
            .bind(&id)
            .execute(&mut *tx)
            .await?;
        if used.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        let row = sqlx::query("select id, seed, commitment, made_at from check_seeds where draw_id = $1")
            .bind(&id)
            .fetch_one(&mut *tx)
            .await?;
        let sealed: Vec<u8> = row.try_get("seed")?;
        let seed = self.sealer.open_text(seed_place(row.try_get("id")?), &sealed)?;
        let waiting = sqlx::query(
            "select a.area, a.id, a.number from applications a join cases k on k.area = a.area and k.application_id = a.id \
             where k.state = 'opinion_given' and a.aid_item = $1 and a.area >= $2 and a.area < $3 and not exists \
             (select 1 from random_draw_cases d where d.area = a.area and d.application_id = a.id) order by a.number",
        )
        .bind(item)
        .bind(&scope.from)
        .bind(&scope.before)
        .fetch_all(&mut *tx)
        .await?;
        let cases: Vec<(String, String, String)> = waiting
            .iter()
            .map(|row| Ok((row.try_get("area")?, row.try_get("id")?, row.try_get("number")?)))
            .collect::<Result<_, StoreError>>()?;
        let numbers: Vec<&str> = cases.iter().map(|(_, _, number)| number.as_str()).collect();
        let picked = drawn(&seed, &numbers, percent);
        if picked.is_empty() {
            return Err(StoreError::Conflict);
        }
        let counted = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        sqlx::query(
            "insert into random_draws (area, id, aid_item, seed, commitment, committed_at, percent, count, drawn, \
             drawn_by, drawn_post, drawn_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        )
        .bind(district())
        .bind(&id)
        .bind(item)
        .bind(&seed)
        .bind(row.try_get::<String, _>("commitment")?)
        .bind(row.try_get::<i64, _>("made_at")?)
        .bind(i64::from(percent))
        .bind(counted(numbers.len()))
        .bind(counted(picked.len()))
        .bind(staff)
        .bind(post)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        for (area, case, number) in &cases {
            sqlx::query(
                "insert into random_draw_cases (area, application_id, draw_id, lot, drawn) values ($1, $2, $3, $4, $5)",
            )
            .bind(area)
            .bind(case)
            .bind(&id)
            .bind(lot(&seed, number))
            .bind(i64::from(picked.contains(&number.as_str())))
            .execute(&mut *tx)
            .await?;
        }
        self.make_seed(&mut tx, doing.now).await?;
        let entry = AuditEntry {
            area: district(),
            actor: &doing.actor,
            on_behalf_of: None,
            act: AuditAct::CasesDrawn,
            object_kind: "random_draws",
            object: &id,
            subject: None,
            purpose: Purpose::Handling,
        };
        Self::note(&mut tx, &entry, doing.now).await?;
        Self::answer_key(&mut tx, &doing.key, &id).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(id))
    }

    /// The newest draws, without the cases in them.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn random_draws(&self, count: i64) -> Result<Vec<RandomDraw>, StoreError> {
        let rows = sqlx::query(
            "select id, aid_item, seed, commitment, committed_at, percent, count, drawn, drawn_at from random_draws \
             order by drawn_at desc, id limit $1",
        )
        .bind(count)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(draw).collect()
    }

    /// One draw with the lots of all cases in it, the smallest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn random_draw(
        &self,
        id: &str,
    ) -> Result<Option<(RandomDraw, Vec<CaseLot>)>, StoreError> {
        let row = sqlx::query(
            "select id, aid_item, seed, commitment, committed_at, percent, count, drawn, drawn_at from random_draws \
             where id = $1",
        )
        .bind(id)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let lots = sqlx::query(
            "select a.number, d.lot, d.drawn, cast((select count(*) from home_visits v where v.area = d.area \
             and v.application_id = d.application_id and v.level = 'district') as bigint) as visits \
             from random_draw_cases d join applications a on a.area = d.area and a.id = d.application_id \
             where d.draw_id = $1 order by d.lot",
        )
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        let lots = lots
            .iter()
            .map(|row| {
                Ok(CaseLot {
                    number: row.try_get("number")?,
                    lot: row.try_get("lot")?,
                    drawn: row.try_get::<i64, _>("drawn")? == 1,
                    visited: row.try_get::<i64, _>("visits")? > 0,
                })
            })
            .collect::<Result<_, StoreError>>()?;
        Ok(Some((draw(&row)?, lots)))
    }

    /// Whether a case was in a draw, and whether it was drawn.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn lot_of(&self, area: &str, id: &str) -> Result<Option<bool>, StoreError> {
        let drawn: Option<i64> =
            sqlx::query_scalar("select drawn from random_draw_cases where area = $1 and application_id = $2")
                .bind(area)
                .bind(id)
                .fetch_optional(&self.reader)
                .await?;
        Ok(drawn.map(|drawn| drawn == 1))
    }
}

fn draw(row: &AnyRow) -> Result<RandomDraw, StoreError> {
    let number = |column| row.try_get::<i64, _>(column);
    Ok(RandomDraw {
        id: row.try_get("id")?,
        item: row.try_get("aid_item")?,
        seed: row.try_get("seed")?,
        commitment: row.try_get("commitment")?,
        committed_at: Instant(number("committed_at")?),
        percent: number("percent")?,
        count: number("count")?,
        drawn: number("drawn")?,
        drawn_at: Instant(number("drawn_at")?),
    })
}
