//! The other one's yes, and every way in which a booking changes or ends. Whoever leaves a slot gives its place back in the
//! same transaction.

use app::domain::audit::AuditAct;
use app::domain::cancellation::CancelReason;
use app::domain::marriage::{Booking, CoupleForm, Side};
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::visit::Owner;
use sqlx::{Any, Row as _, Transaction};

use super::bookings::{BookRefusal, Signed, WantedSlot, bookings, entry};
use crate::seal::Place;
use crate::store::audit::Actor;
use crate::store::{IdempotencyKey, Store, StoreError};

/// Gives a booking's place back.
pub(super) async fn give_back(tx: &mut Transaction<'static, Any>, id: &str) -> Result<(), StoreError> {
    sqlx::query(
        "update marriage_slots set taken = taken - 1 where (office, matter, day, starts) in \
         (select office, matter, day, starts from marriage_bookings where id = $1) and taken > 0",
    )
    .bind(id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What was told of the two is of no more use.
async fn forget_people(tx: &mut Transaction<'static, Any>, id: &str) -> Result<(), StoreError> {
    for statement in [
        "delete from marriage_people where booking = $1",
        "delete from marriage_second_visits where booking = $1",
        "delete from marriage_notes where booking = $1",
    ] {
        sqlx::query(statement).bind(id).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Deletes bookings whose day lies before a moment, with both people.
pub(in crate::store) async fn retire_bookings(
    tx: &mut Transaction<'static, Any>,
    before: Instant,
    batch: i64,
) -> Result<u64, StoreError> {
    let day = before.shanghai_date().to_string();
    // What names nobody is small: all of it at once.
    for statement in [
        "delete from marriage_visits where day < $1",
        "delete from marriage_numbers where day < $1",
        "delete from marriage_no_shows where day < $1",
        "delete from marriage_waiting where day < $1",
        "delete from marriage_draw_people where draw in (select id from marriage_draws where day < $1)",
        "delete from marriage_draw_entries where draw in (select id from marriage_draws where day < $1)",
        "delete from marriage_draws where day < $1",
        "delete from marriage_hot_days where day < $1",
        "delete from marriage_notes where booking in (select id from marriage_bookings where day < $1)",
        "delete from marriage_coming where booking in (select id from marriage_bookings where day < $1)",
        "delete from marriage_acceptances where booking in (select id from marriage_bookings where day < $1)",
        "delete from marriage_second_visits where booking in (select id from marriage_bookings where day < $1)",
    ] {
        sqlx::query(statement).bind(&day).execute(&mut **tx).await?;
    }
    for statement in [
        "delete from marriage_people where booking in \
         (select id from marriage_bookings where day < $1 order by id limit $2)",
        "delete from marriage_bookings where id in \
         (select id from marriage_bookings where day < $1 order by id limit $2)",
    ] {
        let done = sqlx::query(statement).bind(&day).bind(batch).execute(&mut **tx).await?;
        if statement.contains("from marriage_bookings where id") {
            return Ok(done.rows_affected());
        }
    }
    Ok(0)
}

impl Store {
    /// The booking that a link asks about, while it waits.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn invited_marriage_booking(
        &self,
        secret: &str,
        now: Instant,
    ) -> Result<Option<Booking>, StoreError> {
        let row =
            sqlx::query(bookings!("where b.invite_hash = $1 and b.state = 'waiting' and b.keep_until > $2"))
                .bind(self.invite_hash(secret))
                .bind(now.0)
                .fetch_optional(&self.reader)
                .await?;
        row.map(|row| self.booking_of(&row)).transpose()
    }

    /// The other one says yes with their own code: the booking is firm. `false` where the code is not theirs.
    ///
    /// # Errors
    /// [`BookRefusal::Over`] where the time is not kept any more.
    pub(crate) async fn agree_to_marriage_booking(
        &self,
        (secret, code): (&str, &str),
        signed: &Signed<'_>,
        (owner, actor): (&Owner, &Actor),
        now: Instant,
    ) -> Result<Option<String>, BookRefusal> {
        unless_deadlocked!(BookRefusal, {
            let mut tx = self.write().await?;
            let id: Option<String> = sqlx::query_scalar(
                "update marriage_bookings set partner_owner = $3, changed_at = $4 \
                 where invite_hash = $1 and invite_code = $2 and state = 'waiting' and keep_until > $4 returning id",
            )
            .bind(self.invite_hash(secret))
            .bind(self.invite_code(secret, code))
            .bind(&owner.0)
            .bind(now.0)
            .fetch_optional(&mut *tx)
            .await?;
            let Some(id) = id else { return Ok(None) };
            self.make_firm(&mut tx, &id, signed, now).await?;
            Self::note(&mut tx, &entry(actor, AuditAct::MarriageAgreed, &id), now).await?;
            tx.commit().await?;
            Ok(Some(id))
        })
    }

    /// Both people as they were typed, for a check on another day.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there are none.
    pub(crate) async fn marriage_couple(&self, booking: &Booking) -> Result<CoupleForm, StoreError> {
        let rows = sqlx::query(
            "select side, name, document, mobile from marriage_people where booking = $1 and live = 1",
        )
        .bind(&booking.id)
        .fetch_all(&self.reader)
        .await?;
        if rows.len() != Side::ALL.len() {
            return Err(StoreError::NotFound);
        }
        let mut form = CoupleForm {
            me: booking.starter.map_or("", Side::as_str).to_owned(),
            way: booking.way.map_or("", |way| way.as_str()).to_owned(),
            ..CoupleForm::default()
        };
        for row in &rows {
            let side: String = row.try_get("side")?;
            let at = format!("{}/{side}", booking.id);
            let open = |column: &'static str, name: &str| -> Result<String, StoreError> {
                let sealed: Vec<u8> = row.try_get(name)?;
                Ok(self.sealer.open_text(Place { column, row: &at }, &sealed)?)
            };
            let name = open("marriage_people.name", "name")?;
            let document = open("marriage_people.document", "document")?;
            let mobile = open("marriage_people.mobile", "mobile")?;
            if side == Side::Man.as_str() {
                (form.man_name, form.man_document, form.man_mobile) = (name, document, mobile);
            } else {
                (form.woman_name, form.woman_document, form.woman_mobile) = (name, document, mobile);
            }
        }
        Ok(form)
    }

    /// Gives a hold, a kept time or a firm booking up. Both are told where both were known.
    ///
    /// # Errors
    /// [`BookRefusal::Over`] where it has ended already.
    pub(crate) async fn cancel_marriage_booking(
        &self,
        id: &str,
        (owner, actor): (&Owner, &Actor),
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), BookRefusal> {
        unless_deadlocked!(BookRefusal, {
            let mut tx = self.write().await?;
            if Self::take_key(&mut tx, key, owner, "marriage_cancel", now).await?.is_some() {
                return Ok(());
            }
            let row = sqlx::query(
                "update marriage_bookings set state = 'cancelled', changed_at = $3 \
                 where id = $1 and (owner = $2 or (partner_owner = $2 and state = 'firm')) \
                 and state in ('held', 'waiting', 'firm') returning confirmation",
            )
            .bind(id)
            .bind(&owner.0)
            .bind(now.0)
            .fetch_optional(&mut *tx)
            .await?;
            let Some(row) = row else { return Err(BookRefusal::Over) };
            let confirmation: Option<String> = row.try_get("confirmation")?;
            self.end_booking(&mut tx, id, confirmation.as_deref(), now).await?;
            Self::note(&mut tx, &entry(actor, AuditAct::MarriageCancelled, id), now).await?;
            Self::answer_key(&mut tx, key, id).await?;
            tx.commit().await?;
            self.states_changed();
            Ok(())
        })
    }

    /// What every cancelled booking leaves behind: nothing of the two, a free place, no code that holds.
    async fn end_booking(
        &self,
        tx: &mut Transaction<'static, Any>,
        id: &str,
        confirmation: Option<&str>,
        now: Instant,
    ) -> Result<(), StoreError> {
        give_back(tx, id).await?;
        // Whoever waits at the door with it is called no more.
        sqlx::query(
            "update marriage_visits set state = 'left', ended_at = $2 where booking = $1 and state in ('waiting', 'called')",
        )
        .bind(id)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        self.tell_both(tx, id, &Notice::MarriageCancelled, now).await?;
        forget_people(tx, id).await?;
        if let Some(confirmation) = confirmation {
            sqlx::query(
                "update confirmations set state = 'cancelled', ended_at = $2, ended_for = $3 \
                 where id = $1 and state = 'active'",
            )
            .bind(confirmation)
            .bind(now.0)
            .bind(CancelReason::Withdrawn.as_str())
            .execute(&mut **tx)
            .await?;
        }
        Ok(())
    }

    /// Staff ended a booking's confirmation: the booking is over with it, and its place is free.
    pub(in crate::store) async fn marriage_confirmation_cancelled(
        &self,
        tx: &mut Transaction<'static, Any>,
        confirmation: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let ended: Option<String> = sqlx::query_scalar(
            "update marriage_bookings set state = 'cancelled', changed_at = $2 \
             where confirmation = $1 and state = 'firm' returning id",
        )
        .bind(confirmation)
        .bind(now.0)
        .fetch_optional(&mut **tx)
        .await?;
        if let Some(id) = ended {
            self.end_booking(tx, &id, None, now).await?;
        }
        Ok(())
    }

    /// Staff issued a booking's confirmation anew: the booking shows the new one.
    pub(in crate::store) async fn marriage_confirmation_replaced(
        tx: &mut Transaction<'static, Any>,
        (old, new): (&str, &str),
        now: Instant,
    ) -> Result<(), StoreError> {
        sqlx::query("update marriage_bookings set confirmation = $2, changed_at = $3 where confirmation = $1 and state = 'firm'")
            .bind(old)
            .bind(new)
            .bind(now.0)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    /// Releases what ran out in one slot, so that its places are there for whoever asks now.
    pub(super) async fn release_slot(
        &self,
        tx: &mut Transaction<'static, Any>,
        wanted: &WantedSlot<'_>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let due: Vec<String> = sqlx::query_scalar(
            "select id from marriage_bookings where office = $2 and matter = $3 and day = $4 and starts = $5 \
             and ((state = 'held' and hold_until <= $1) or (state = 'waiting' and keep_until <= $1)) order by id",
        )
        .bind(now.0)
        .bind(wanted.office)
        .bind(wanted.matter.as_str())
        .bind(wanted.day.to_string())
        .bind(i64::from(wanted.starts))
        .fetch_all(&mut **tx)
        .await?;
        self.release_all(tx, &due, now).await?;
        Ok(())
    }

    /// Releases what ran out of one device's or account's own.
    pub(super) async fn release_of(&self, owner: &Owner, now: Instant) -> Result<(), StoreError> {
        let due: Vec<String> = sqlx::query_scalar(
            "select id from marriage_bookings where owner = $2 \
             and ((state = 'held' and hold_until <= $1) or (state = 'waiting' and keep_until <= $1)) order by id",
        )
        .bind(now.0)
        .bind(&owner.0)
        .fetch_all(&self.reader)
        .await?;
        for id in due {
            let mut tx = self.write().await?;
            self.release_all(&mut tx, &[id], now).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn release_all(
        &self,
        tx: &mut Transaction<'static, Any>,
        due: &[String],
        now: Instant,
    ) -> Result<u64, StoreError> {
        let mut released = Vec::new();
        // All bookings come before the row of their slot, as wherever one of them ends: else two would wait for each other.
        for id in due {
            // Who released it first gives the place back; a yes that came in between keeps it.
            let done = sqlx::query(
                "update marriage_bookings set state = 'released', invite_secret = null, changed_at = $2 where id = $1 \
                 and ((state = 'held' and hold_until <= $2) or (state = 'waiting' and keep_until <= $2))",
            )
            .bind(id)
            .bind(now.0)
            .execute(&mut **tx)
            .await?;
            if done.rows_affected() == 1 {
                released.push(id);
            }
        }
        let count = u64::try_from(released.len()).unwrap_or(u64::MAX);
        for id in released {
            give_back(tx, id).await?;
            self.tell_both(tx, id, &Notice::MarriageReleased, now).await?;
            forget_people(tx, id).await?;
        }
        Ok(count)
    }

    /// Releases whatever ran out, everywhere. The job calls it; who asks for a time doesn't wait for it.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn release_marriage_holds(&self, now: Instant) -> Result<u64, StoreError> {
        let due: Vec<String> = sqlx::query_scalar(
            "select id from marriage_bookings where (state = 'held' and hold_until <= $1) \
             or (state = 'waiting' and keep_until <= $1) order by id limit 500",
        )
        .bind(now.0)
        .fetch_all(&self.reader)
        .await?;
        let mut released = 0;
        // One at a time: a transaction over many slots would wait for those who book in another order.
        for id in due {
            let mut tx = self.write().await?;
            released += self.release_all(&mut tx, &[id], now).await?;
            tx.commit().await?;
        }
        Ok(released)
    }

    /// Ends the bookings of an account that is closed, and takes its name from those where it said yes.
    pub(in crate::store) async fn forget_marriage_bookings(
        &self,
        tx: &mut Transaction<'static, Any>,
        owner: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let rows = sqlx::query(
            "update marriage_bookings set state = 'cancelled', changed_at = $2 where owner = $1 \
             and state in ('held', 'waiting', 'firm') returning id, confirmation",
        )
        .bind(owner)
        .bind(now.0)
        .fetch_all(&mut **tx)
        .await?;
        self.forget_entries(tx, owner, now).await?;
        for row in &rows {
            let (id, confirmation): (String, Option<String>) =
                (row.try_get("id")?, row.try_get("confirmation")?);
            self.end_booking(tx, &id, confirmation.as_deref(), now).await?;
        }
        for statement in [
            "update marriage_bookings set owner = 'closed' where owner = $1",
            "update marriage_bookings set partner_owner = null where partner_owner = $1",
            "update marriage_waiting set owner = 'closed', state = 'left', mobile = null where owner = $1",
        ] {
            sqlx::query(statement).bind(owner).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// How a booking stands, whoever asks.
    #[cfg(test)]
    pub(crate) async fn marriage_state(&self, id: &str) -> String {
        sqlx::query_scalar("select state from marriage_bookings where id = $1")
            .bind(id)
            .fetch_one(&self.reader)
            .await
            .unwrap()
    }
}
