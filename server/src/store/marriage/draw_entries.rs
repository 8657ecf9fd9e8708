//! Entries of a draw: a couple enters once, both say yes, and whoever has a place says in time that they come.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::marriage::{Booking, Couple, DrawEntry, EntryState, Side};
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::visit::Owner;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::bookings::{BookRefusal, Invite, Signed, bookings};
use super::waiting::{wait_of, waits};
use crate::seal::{Place, new_id, random_u64};
use crate::store::audit::{Actor, AuditEntry};
use crate::store::{IdempotencyKey, OnlyOnce, Store, StoreError};

/// In whose name an entry stands in a line and holds a place: its own.
pub(super) fn as_owner(entry: &str) -> String {
    format!("draw:{entry}")
}

fn entry<'a>(actor: &'a Actor, act: AuditAct, id: &'a str) -> AuditEntry<'a> {
    AuditEntry {
        area: app::domain::area::district(),
        actor,
        on_behalf_of: None,
        act,
        object_kind: "marriage_draw_entries",
        object: id,
        subject: None,
        purpose: Purpose::Own,
    }
}

impl Store {
    /// Enters a draw with the first one's yes; the other one is asked. Gives the entry's id.
    ///
    /// # Errors
    /// [`BookRefusal::BookedBefore`] where one of the two is in this draw already, [`BookRefusal::Over`] where it is not open.
    pub(crate) async fn enter_draw(
        &self,
        draw: &str,
        couple: &Couple,
        invite: &Invite,
        (owner, actor): (&Owner, &Actor),
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<OnlyOnce<String>, BookRefusal> {
        let mut tx = self.write().await?;
        if let Some(id) = Self::take_key(&mut tx, key, owner, "marriage_draw_enter", now).await? {
            return Ok(OnlyOnce::Before(id));
        }
        is_open(&mut tx, draw, now).await?;
        let id = new_id(now)?;
        let place = Place { column: "marriage_draw_entries.invite_secret", row: &id };
        let sealed = self.sealer.seal(place, invite.secret.as_bytes())?;
        let mut number = String::new();
        // Eight digits that say nothing. Among ten thousand entries one try in ten thousand meets another's.
        for _ in 0..8 {
            number = format!("{:08}", random_u64()? % 100_000_000);
            let kept = sqlx::query(
                "insert into marriage_draw_entries (id, draw, number, state, owner, starter, invite_hash, invite_secret, \
                 invite_code, entered_at, changed_at) values ($1, $2, $3, 'waiting', $4, $5, $6, $7, $8, $9, $9) \
                 on conflict do nothing",
            )
            .bind(&id)
            .bind(draw)
            .bind(&number)
            .bind(&owner.0)
            .bind(couple.me.as_str())
            .bind(self.invite_hash(&invite.secret))
            .bind(&sealed)
            .bind(self.invite_code(&invite.secret, &invite.code))
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
            if kept.rows_affected() == 1 {
                break;
            }
            number.clear();
        }
        if number.is_empty() {
            return Err(BookRefusal::Store(StoreError::Conflict));
        }
        for side in Side::ALL {
            if !self.insert_entrant(&mut tx, (draw, &id), *side, couple).await? {
                return Err(BookRefusal::BookedBefore);
            }
        }
        let name = couple.of(couple.me).name.masked();
        let notice = Notice::MarriageDrawInvite { name, code: invite.code.clone() };
        let mobile = couple.of(couple.me.other()).mobile.as_str();
        self.text_spouse(&mut tx, mobile, &notice, true, now).await?;
        Self::note(&mut tx, &entry(actor, AuditAct::MarriageDrawEntered, &id), now).await?;
        Self::answer_key(&mut tx, key, &id).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(id))
    }

    /// The draw that a link asks about, while the other one can say yes.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn invited_draw(
        &self,
        secret: &str,
        now: Instant,
    ) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "select e.draw from marriage_draw_entries e join marriage_draws d on d.id = e.draw \
             where e.invite_hash = $1 and e.state = 'waiting' and d.closes_at > $2",
        )
        .bind(self.invite_hash(secret))
        .bind(now.0)
        .fetch_optional(&self.reader)
        .await?)
    }

    /// The other one says yes with their own code: the entry counts. `None` where the code is not theirs.
    ///
    /// # Errors
    /// [`BookRefusal::Over`] where entries have closed.
    pub(crate) async fn agree_to_draw(
        &self,
        (secret, code): (&str, &str),
        (owner, actor): (&Owner, &Actor),
        now: Instant,
    ) -> Result<Option<String>, BookRefusal> {
        let mut tx = self.write().await?;
        let draw: Option<String> =
            sqlx::query_scalar("select draw from marriage_draw_entries where invite_hash = $1")
                .bind(self.invite_hash(secret))
                .fetch_optional(&mut *tx)
                .await?;
        let Some(draw) = draw else { return Ok(None) };
        // The draw's row comes before the entry's, as it does when it is drawn: neither waits for the other in a circle.
        is_open(&mut tx, &draw, now).await?;
        let row = sqlx::query(
            "update marriage_draw_entries set state = 'entered', partner_owner = $3, invite_secret = null, changed_at = $4 \
             where invite_hash = $1 and invite_code = $2 and state = 'waiting' returning id, number",
        )
        .bind(self.invite_hash(secret))
        .bind(self.invite_code(secret, code))
        .bind(&owner.0)
        .bind(now.0)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let id: String = row.try_get("id")?;
        let notice = Notice::MarriageDrawEntered { number: row.try_get("number")? };
        self.tell_entry(&mut tx, &id, &notice, now).await?;
        Self::note(&mut tx, &entry(actor, AuditAct::MarriageDrawAgreed, &id), now).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// An entry, for either of the two.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn draw_entry(&self, id: &str, owner: &Owner) -> Result<DrawEntry, StoreError> {
        let row = sqlx::query(
            "select id, draw, number, state, place, owner, invite_secret from marriage_draw_entries \
             where id = $1 and (owner = $2 or partner_owner = $2)",
        )
        .bind(id)
        .bind(&owner.0)
        .fetch_one(&self.reader)
        .await?;
        self.entry_of(&row, owner).await
    }

    /// The entries of a device or account, the newest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn draw_entries_of(&self, owner: &Owner) -> Result<Vec<DrawEntry>, StoreError> {
        let rows = sqlx::query(
            "select id, draw, number, state, place, owner, invite_secret from marriage_draw_entries \
             where owner = $1 or partner_owner = $1 order by entered_at desc, id limit 20",
        )
        .bind(&owner.0)
        .fetch_all(&self.reader)
        .await?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in &rows {
            entries.push(self.entry_of(row, owner).await?);
        }
        Ok(entries)
    }

    async fn entry_of(&self, row: &AnyRow, owner: &Owner) -> Result<DrawEntry, StoreError> {
        let unknown = || StoreError::Other(anyhow::anyhow!("an entry is in a state that is not known"));
        let id: String = row.try_get("id")?;
        let own = row.try_get::<String, _>("owner")? == owner.0;
        let invite = row
            .try_get::<Option<Vec<u8>>, _>("invite_secret")?
            .filter(|_| own)
            .map(|sealed| {
                let place = Place { column: "marriage_draw_entries.invite_secret", row: &id };
                self.sealer.open_text(place, &sealed)
            })
            .transpose()?;
        let wait = sqlx::query(waits!("where w.id = $1 and w.owner = $2"))
            .bind(&id)
            .bind(as_owner(&id))
            .fetch_optional(&self.reader)
            .await?;
        Ok(DrawEntry {
            draw: row.try_get("draw")?,
            number: row.try_get("number")?,
            state: EntryState::parse(row.try_get("state")?).ok_or_else(unknown)?,
            place: row.try_get("place")?,
            wait: wait.as_ref().map(wait_of).transpose()?,
            invite,
            id,
        })
    }

    /// Takes an entry back: before the draw it is in none, after it the next ones move up. A place that was kept is free again.
    ///
    /// # Errors
    /// [`BookRefusal::Over`] where it is over, or its place was taken.
    pub(crate) async fn withdraw_entry(
        &self,
        id: &str,
        (owner, actor): (&Owner, &Actor),
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), BookRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, key, owner, "marriage_draw_withdraw", now).await?.is_some() {
            return Ok(());
        }
        let mine: Option<String> = sqlx::query_scalar(
            "update marriage_draw_entries set changed_at = $3 \
             where id = $1 and (owner = $2 or partner_owner = $2) returning state",
        )
        .bind(id)
        .bind(&owner.0)
        .bind(now.0)
        .fetch_optional(&mut *tx)
        .await?;
        if mine.is_none() || !self.end_entry(&mut tx, id, now).await? {
            return Err(BookRefusal::Over);
        }
        Self::note(&mut tx, &entry(actor, AuditAct::MarriageDrawWithdrawn, id), now).await?;
        Self::answer_key(&mut tx, key, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends an entry, whoever does; `false` where there is nothing to end any more.
    async fn end_entry(
        &self,
        tx: &mut Transaction<'static, Any>,
        id: &str,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let before = sqlx::query(
            "update marriage_draw_entries set state = 'withdrawn', invite_secret = null, changed_at = $2 \
             where id = $1 and state in ('waiting', 'entered')",
        )
        .bind(id)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        // Booking, slot, place in the line: the order in which an offer takes the last two. A place that is offered at this very
        // moment runs out by itself.
        let kept: Option<String> = sqlx::query_scalar(
            "update marriage_bookings set state = 'cancelled', changed_at = $2 \
             where owner = $1 and state = 'held' returning id",
        )
        .bind(as_owner(id))
        .bind(now.0)
        .fetch_optional(&mut **tx)
        .await?;
        if let Some(booking) = kept {
            super::ending::give_back(tx, &booking).await?;
        }
        let left = sqlx::query(
            "update marriage_waiting set state = 'left', mobile = null, changed_at = $2 \
             where id = $1 and state in ('waiting', 'offered')",
        )
        .bind(id)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        if before.rows_affected() + left.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("delete from marriage_draw_people where entry = $1").bind(id).execute(&mut **tx).await?;
        Ok(true)
    }

    /// Ends the entries of an account that is closed.
    pub(super) async fn forget_entries(
        &self,
        tx: &mut Transaction<'static, Any>,
        owner: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let ids: Vec<String> = sqlx::query_scalar(
            "update marriage_draw_entries set owner = 'closed', changed_at = $2 where owner = $1 returning id",
        )
        .bind(owner)
        .bind(now.0)
        .fetch_all(&mut **tx)
        .await?;
        for id in ids {
            self.end_entry(tx, &id, now).await?;
        }
        sqlx::query("update marriage_draw_entries set partner_owner = null where partner_owner = $1")
            .bind(owner)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    /// The place that is kept for an entry, while it is.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn kept_for_entry(&self, id: &str, now: Instant) -> Result<Option<Booking>, StoreError> {
        let row = sqlx::query(bookings!("where b.owner = $1 and b.state = 'held' and b.hold_until > $2"))
            .bind(as_owner(id))
            .bind(now.0)
            .fetch_optional(&self.reader)
            .await?;
        row.map(|row| self.booking_of(&row)).transpose()
    }

    /// Takes the place that is kept for an entry: both said yes before, so the booking is firm with this.
    ///
    /// # Errors
    /// [`BookRefusal::Over`] where it is not kept any more, [`BookRefusal::BookedBefore`] where one of the two has another
    /// booking by now.
    pub(crate) async fn take_drawn_place(
        &self,
        id: &str,
        booking: &str,
        (couple, signed): (&Couple, &Signed<'_>),
        (owner, actor): (&Owner, &Actor),
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), BookRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, key, owner, "marriage_draw_take", now).await?.is_some() {
            return Ok(());
        }
        let row = sqlx::query(
            "select owner, partner_owner from marriage_draw_entries \
             where id = $1 and state = 'drawn' and (owner = $2 or partner_owner = $2)",
        )
        .bind(id)
        .bind(&owner.0)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Err(BookRefusal::Over) };
        let both: (String, Option<String>) = (row.try_get("owner")?, row.try_get("partner_owner")?);
        let taken = sqlx::query(
            "update marriage_bookings set state = 'waiting', keep_until = hold_until, way = 'link', starter = $3, \
             staff_decide = $4, partner_owner = $5, changed_at = $6 \
             where id = $1 and owner = $2 and state = 'held' and hold_until > $6",
        )
        .bind(booking)
        .bind(as_owner(id))
        .bind(couple.me.as_str())
        .bind(i64::from(couple.staff_decide))
        .bind(&both.1)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if taken.rows_affected() == 0 {
            return Err(BookRefusal::Over);
        }
        for side in Side::ALL {
            if !self.insert_spouse(&mut tx, booking, *side, couple, now).await? {
                return Err(BookRefusal::BookedBefore);
            }
        }
        self.make_firm(&mut tx, booking, signed, now).await?;
        // A firm booking is theirs; until then it was the entry's, so that no limit of a device stood in its way.
        sqlx::query("update marriage_bookings set owner = $2 where id = $1")
            .bind(booking)
            .bind(&both.0)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "update marriage_waiting set state = 'taken', mobile = null, changed_at = $2 \
             where booking = $1 and state = 'offered'",
        )
        .bind(booking)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        sqlx::query("delete from marriage_draw_people where entry = $1").bind(id).execute(&mut *tx).await?;
        Self::note(&mut tx, &entry(actor, AuditAct::MarriageBooked, booking), now).await?;
        Self::answer_key(&mut tx, key, booking).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whether a draw takes entries now, asked inside the act; the draw itself waits for this row, and this for it.
async fn is_open(tx: &mut Transaction<'static, Any>, draw: &str, now: Instant) -> Result<(), BookRefusal> {
    let open = sqlx::query(
        "update marriage_draws set hours = hours where id = $1 and opens_at <= $2 and closes_at > $2 and drawn_at is null",
    )
    .bind(draw)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    if open.rows_affected() == 1 { Ok(()) } else { Err(BookRefusal::Over) }
}
