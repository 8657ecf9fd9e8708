//! Places: a time is held. A slot's one row decides whether there is room; an index
//! decides that nobody has two bookings of one matter.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::marriage::{EXTENSIONS_MAX, HOLD_MS, Matter, OPEN_HOLDS};
use app::domain::time::Instant;
use app::visit::Owner;
use jiff::civil::Date;
use sqlx::{Any, Transaction};

use super::waiting::line_waits;
use crate::seal::new_id;
use crate::store::audit::{Actor, AuditEntry};
use crate::store::confirmations::NewConfirmation;
use crate::store::{IdempotencyKey, OnlyOnce, Store, StoreError};

/// A time that somebody wants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WantedSlot<'a> {
    /// The office's code.
    pub(crate) office: &'a str,
    /// For what.
    pub(crate) matter: Matter,
    /// The day.
    pub(crate) day: Date,
    /// Minutes since midnight.
    pub(crate) starts: u16,
    /// Minutes since midnight.
    pub(crate) ends: u16,
    /// How many couples it takes, by the plan.
    pub(crate) quota: i64,
}

/// Why a time was not given.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BookRefusal {
    /// Nothing is left of it.
    #[error("the slot is full")]
    Full,
    /// This device or account has two open holds.
    #[error("two holds are open")]
    TooMany,
    /// One of the two has a live booking for this matter.
    #[error("one of them has a live booking")]
    BookedBefore,
    /// On a hot day both say yes before they come.
    #[error("both say yes before they come on a hot day")]
    BothAhead,
    /// The hold is over, or the booking is not one that this can be done to.
    #[error("it is over")]
    Over,
    /// The database failed, or the key came with another body.
    #[error(transparent)]
    Store(StoreError),
}

impl BookRefusal {
    /// PostgreSQL ended the transaction because it and another waited for each other.
    pub(super) fn is_deadlock(&self) -> bool {
        matches!(self, Self::Store(cause) if cause.is_deadlock())
    }
}

impl<E: Into<StoreError>> From<E> for BookRefusal {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

/// A signed confirmation with the number that it is made for.
#[derive(Debug)]
pub(crate) struct Signed<'a> {
    /// The number.
    pub(crate) number: &'a str,
    /// The confirmation.
    pub(crate) confirmation: &'a NewConfirmation,
}

/// The other one's link and code.
#[derive(Clone)]
pub(crate) struct Invite {
    /// The secret part of the address.
    pub(crate) secret: String,
    /// Six digits, sent to the other one's own mobile and to nobody else.
    pub(crate) code: String,
}

app::masked_debug!(Invite);

macro_rules! bookings {
    ($where:literal) => {
        concat!(
            "select b.id, b.office, b.matter, b.day, b.starts, b.ends, b.state, b.hold_until, b.extensions, b.keep_until, \
             b.way, b.starter, b.staff_decide, b.number, b.confirmation, b.invite_secret, b.owner, b.partner_owner, \
             v.accepted, v.source as accepted_from \
             from marriage_bookings b left join marriage_second_visits v on v.booking = b.id ",
            $where
        )
    };
}
pub(super) use bookings;

/// One audit entry about a booking.
pub(super) fn entry<'a>(actor: &'a Actor, act: AuditAct, id: &'a str) -> AuditEntry<'a> {
    AuditEntry {
        area: app::domain::area::district(),
        actor,
        on_behalf_of: None,
        act,
        object_kind: "marriage_bookings",
        object: id,
        subject: None,
        purpose: Purpose::Own,
    }
}

/// Takes one place of a slot, if there is one.
pub(super) async fn take_place(
    tx: &mut Transaction<'static, Any>,
    wanted: &WantedSlot<'_>,
) -> Result<bool, StoreError> {
    sqlx::query(
        "insert into marriage_slots (office, matter, day, starts, taken) values ($1, $2, $3, $4, 0) \
         on conflict do nothing",
    )
    .bind(wanted.office)
    .bind(wanted.matter.as_str())
    .bind(wanted.day.to_string())
    .bind(i64::from(wanted.starts))
    .execute(&mut **tx)
    .await?;
    let taken = sqlx::query(
        "update marriage_slots set taken = taken + 1 \
         where office = $1 and matter = $2 and day = $3 and starts = $4 and taken < $5",
    )
    .bind(wanted.office)
    .bind(wanted.matter.as_str())
    .bind(wanted.day.to_string())
    .bind(i64::from(wanted.starts))
    .bind(wanted.quota)
    .execute(&mut **tx)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// A slot's row, as its primary key has it.
pub(super) type SlotKey = (String, &'static str, Date, u16);

/// Takes the rows of two slots in one order, so that two couples who change places never wait for each other.
pub(super) async fn lock_both(
    tx: &mut Transaction<'static, Any>,
    mut slots: [SlotKey; 2],
) -> Result<(), StoreError> {
    slots.sort_unstable();
    for (office, matter, day, starts) in slots {
        sqlx::query(
            "update marriage_slots set taken = taken where office = $1 and matter = $2 and day = $3 and starts = $4",
        )
        .bind(office)
        .bind(matter)
        .bind(day.to_string())
        .bind(i64::from(starts))
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

impl Store {
    /// Holds a time for ten minutes. Gives the booking's id.
    ///
    /// # Errors
    /// See [`BookRefusal`].
    pub(crate) async fn hold_marriage_slot(
        &self,
        wanted: &WantedSlot<'_>,
        owner: &Owner,
        actor: &Actor,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<OnlyOnce<String>, BookRefusal> {
        unless_deadlocked!(BookRefusal, {
            // Before, and by itself: two who leave each other's slots would otherwise wait for each other.
            self.release_of(owner, now).await?;
            let mut tx = self.write().await?;
            if let Some(id) = Self::take_key(&mut tx, key, owner, "marriage_hold", now).await? {
                return Ok(OnlyOnce::Before(id));
            }
            // What ran out makes room before anybody is refused.
            self.release_slot(&mut tx, wanted, now).await?;
            if line_waits(&mut tx, wanted).await? || !take_place(&mut tx, wanted).await? {
                return Err(BookRefusal::Full);
            }
            let id = new_id(now)?;
            for hold_place in 1..=OPEN_HOLDS {
                let held = sqlx::query(
                    "insert into marriage_bookings (id, office, matter, day, starts, ends, state, owner, hold_place, \
                     hold_until, extensions, staff_decide, created_at, changed_at) \
                     values ($1, $2, $3, $4, $5, $6, 'held', $7, $8, $9, 0, 0, $10, $10) on conflict do nothing",
                )
                .bind(&id)
                .bind(wanted.office)
                .bind(wanted.matter.as_str())
                .bind(wanted.day.to_string())
                .bind(i64::from(wanted.starts))
                .bind(i64::from(wanted.ends))
                .bind(&owner.0)
                .bind(hold_place)
                .bind(now.0 + HOLD_MS)
                .bind(now.0)
                .execute(&mut *tx)
                .await?;
                if held.rows_affected() == 1 {
                    Self::note(&mut tx, &entry(actor, AuditAct::MarriageHeld, &id), now).await?;
                    Self::answer_key(&mut tx, key, &id).await?;
                    tx.commit().await?;
                    return Ok(OnlyOnce::Done(id));
                }
            }
            Err(BookRefusal::TooMany)
        })
    }

    /// Another ten minutes from now, up to ten times.
    ///
    /// # Errors
    /// [`BookRefusal::Over`] where the hold ran out or was asked for ten times already.
    pub(crate) async fn extend_marriage_hold(
        &self,
        id: &str,
        owner: &Owner,
        now: Instant,
    ) -> Result<(), BookRefusal> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "update marriage_bookings set hold_until = case when hold_until > $3 then hold_until else $3 end, extensions = extensions + 1, changed_at = $4 \
             where id = $1 and owner = $2 and state = 'held' and hold_until > $4 and extensions < $5",
        )
        .bind(id)
        .bind(&owner.0)
        .bind(now.0 + HOLD_MS)
        .bind(now.0)
        .bind(EXTENSIONS_MAX)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(BookRefusal::Over);
        }
        Ok(tx.commit().await?)
    }
}
