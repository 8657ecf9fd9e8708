//! Both people of an entry of a draw: sealed, told, and forgotten as soon as nothing depends on them.

use app::domain::marriage::{Couple, CoupleForm, PartnerWay, Side};
use app::domain::notices::Notice;
use app::domain::time::Instant;
use sqlx::{Any, Row as _, Transaction};

use crate::seal::Place;
use crate::store::{Store, StoreError};

const NAME: &str = "marriage_draw_people.name";
const DOCUMENT: &str = "marriage_draw_people.document";
const MOBILE: &str = "marriage_draw_people.mobile";

impl Store {
    /// Keeps one of the two; `false` where that person is in the draw already.
    pub(super) async fn insert_entrant(
        &self,
        tx: &mut Transaction<'static, Any>,
        (draw, entry): (&str, &str),
        side: Side,
        couple: &Couple,
    ) -> Result<bool, StoreError> {
        let spouse = couple.of(side);
        let at = format!("{entry}/{}", side.as_str());
        let seal = |column: &'static str, text: &str| {
            self.sealer.seal(Place { column, row: &at }, text.as_bytes()).map_err(StoreError::from)
        };
        let done = sqlx::query(
            "insert into marriage_draw_people (entry, side, draw, document_index, name, document, mobile) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        )
        .bind(entry)
        .bind(side.as_str())
        .bind(draw)
        // The same index as a booking's: whoever enters in either order is the same couple.
        .bind(self.sealer.index("marriage_people.document", &spouse.document.index_key()))
        .bind(seal(NAME, spouse.name.original())?)
        .bind(seal(DOCUMENT, spouse.document.number())?)
        .bind(seal(MOBILE, spouse.mobile.as_str())?)
        .execute(&mut **tx)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Entries that only one of the two wanted are over with the draw.
    pub(super) async fn lapse_entries(
        &self,
        tx: &mut Transaction<'static, Any>,
        draw: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "delete from marriage_draw_people where entry in \
             (select id from marriage_draw_entries where draw = $1 and state = 'waiting')",
        )
        .bind(draw)
        .execute(&mut **tx)
        .await?;
        sqlx::query(
            "update marriage_draw_entries set state = 'lapsed', invite_secret = null, changed_at = $2 \
             where draw = $1 and state = 'waiting'",
        )
        .bind(draw)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// Forgets the people of entries whose place was taken, passed or left, and of lines that are over.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn forget_drawn_people(&self) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query(
            "delete from marriage_draw_people where entry in \
             (select id from marriage_waiting where state in ('taken', 'passed', 'left', 'over'))",
        )
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Both people of an entry, as they were typed.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there are none any more.
    pub(crate) async fn entry_couple(&self, id: &str) -> Result<CoupleForm, StoreError> {
        let rows = sqlx::query(
            "select p.side, p.name, p.document, p.mobile, e.starter from marriage_draw_people p \
             join marriage_draw_entries e on e.id = p.entry where p.entry = $1",
        )
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        if rows.len() != Side::ALL.len() {
            return Err(StoreError::NotFound);
        }
        let mut form = CoupleForm { way: PartnerWay::Link.as_str().to_owned(), ..CoupleForm::default() };
        for row in &rows {
            form.me = row.try_get("starter")?;
            let side: String = row.try_get("side")?;
            let at = format!("{id}/{side}");
            let open = |column: &'static str, name: &str| -> Result<String, StoreError> {
                let sealed: Vec<u8> = row.try_get(name)?;
                Ok(self.sealer.open_text(Place { column, row: &at }, &sealed)?)
            };
            let told = (open(NAME, "name")?, open(DOCUMENT, "document")?, open(MOBILE, "mobile")?);
            if side == Side::Man.as_str() {
                (form.man_name, form.man_document, form.man_mobile) = told;
            } else {
                (form.woman_name, form.woman_document, form.woman_mobile) = told;
            }
        }
        Ok(form)
    }

    /// The mobiles of an entry, the one who began first; one that both share stands once.
    pub(super) async fn entry_mobiles(
        &self,
        tx: &mut Transaction<'static, Any>,
        id: &str,
    ) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query(
            "select p.side, p.mobile from marriage_draw_people p join marriage_draw_entries e on e.id = p.entry \
             where p.entry = $1 order by case when p.side = e.starter then 0 else 1 end",
        )
        .bind(id)
        .fetch_all(&mut **tx)
        .await?;
        let mut mobiles = Vec::with_capacity(rows.len());
        for row in &rows {
            let at = format!("{id}/{}", row.try_get::<String, _>("side")?);
            let sealed: Vec<u8> = row.try_get("mobile")?;
            let mobile = self.sealer.open_text(Place { column: MOBILE, row: &at }, &sealed)?;
            if !mobiles.contains(&mobile) {
                mobiles.push(mobile);
            }
        }
        Ok(mobiles)
    }

    /// Tells both people of an entry.
    pub(super) async fn tell_entry(
        &self,
        tx: &mut Transaction<'static, Any>,
        id: &str,
        notice: &Notice,
        now: Instant,
    ) -> Result<(), StoreError> {
        for mobile in self.entry_mobiles(tx, id).await? {
            self.text_spouse(tx, &mobile, notice, false, now).await?;
        }
        Ok(())
    }
}
