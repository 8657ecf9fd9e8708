//! A firm booking gets another time: by the couple's wish, or because its office cannot keep the old one. The old place is given back
//! only with the new one taken.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::marriage::{Booking, Couple, Matter, PartnerWay};
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::visit::Owner;
use jiff::civil::Date;

use super::bookings::{BookRefusal, Signed, WantedSlot, bookings, entry, lock_both, take_place};
use super::ending::give_back;
use super::hot_days::is_hot;
use super::waiting::line_waits;
use crate::store::audit::{Actor, AuditEntry};
use crate::store::confirmations::{Belongs, insert_confirmation};
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, Store, StoreError};

/// Who moves a booking.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MovedBy<'a> {
    /// One of the couple.
    Couple(&'a Owner, &'a Actor),
    /// A clerk of its office.
    Office(Doer<'a>),
}

impl Store {
    /// Moves a firm booking: the new place is taken, then the old one is given back, all in one. Without room nothing changes.
    ///
    /// # Errors
    /// See [`BookRefusal`].
    #[expect(clippy::too_many_arguments, reason = "one act, and each of them is a part of it")]
    pub(crate) async fn move_marriage_booking(
        &self,
        booking: &Booking,
        wanted: &WantedSlot<'_>,
        couple: &Couple,
        signed: &Signed<'_>,
        by: MovedBy<'_>,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), BookRefusal> {
        unless_deadlocked!(BookRefusal, {
            let mut tx = self.write().await?;
            let clerk;
            let (owner, actor, notice) = match by {
                MovedBy::Couple(owner, actor) => {
                    (owner, actor, Notice::MarriageMoved { number: signed.number.to_owned() })
                }
                MovedBy::Office(doer) => {
                    clerk = Owner(doer.id.to_owned());
                    (&clerk, doer.actor, Notice::MarriageMovedByOffice { number: signed.number.to_owned() })
                }
            };
            if Self::take_key(&mut tx, key, owner, "marriage_move", now).await?.is_some() {
                return Ok(());
            }
            // The booking comes before the slots, as wherever one ends: else this and a release that meets it wait for each other.
            sqlx::query("update marriage_bookings set changed_at = changed_at where id = $1")
                .bind(&booking.id)
                .execute(&mut *tx)
                .await?;
            let old = (booking.office.clone(), booking.matter.as_str(), booking.day, booking.starts);
            let new = (wanted.office.to_owned(), wanted.matter.as_str(), wanted.day, wanted.starts);
            self.release_slot(&mut tx, wanted, now).await?;
            lock_both(&mut tx, [old, new]).await?;
            // A couple takes no place that a line waits for; an office keeps what it promised first.
            let passes = matches!(by, MovedBy::Couple(..)) && line_waits(&mut tx, wanted).await?;
            if passes || !take_place(&mut tx, wanted).await? {
                return Err(BookRefusal::Full);
            }
            // Who says yes at the door goes to no hot day, whoever moves them.
            let hot = is_hot(&mut tx, (wanted.office, wanted.matter.as_str(), wanted.day)).await?;
            if hot && booking.way == Some(PartnerWay::Door) {
                return Err(BookRefusal::BothAhead);
            }
            give_back(&mut tx, &booking.id).await?;
            let moved = sqlx::query(
                "update marriage_bookings set office = $3, day = $4, starts = $5, ends = $6, confirmation = $7, \
                 staff_decide = $8, changed_at = $9 where id = $1 and (owner = $2 or partner_owner = $2 or $11 = office) \
                 and state = 'firm' and confirmation = $10",
            )
            .bind(&booking.id)
            .bind(&owner.0)
            .bind(wanted.office)
            .bind(wanted.day.to_string())
            .bind(i64::from(wanted.starts))
            .bind(i64::from(wanted.ends))
            .bind(&signed.confirmation.id)
            .bind(i64::from(couple.staff_decide))
            .bind(now.0)
            .bind(&booking.confirmation)
            // No office has an empty code: for a couple this is never so.
            .bind(if matches!(by, MovedBy::Office(_)) { wanted.office } else { "" })
            .execute(&mut *tx)
            .await?;
            // Who is asked before the old day is asked again before the new one.
            sqlx::query("delete from marriage_coming where booking = $1")
                .bind(&booking.id)
                .execute(&mut *tx)
                .await?;
            // What was used at a counter, or ended there, is not moved.
            let ended = sqlx::query(
                "update confirmations set state = 'replaced', ended_at = $2, replaced_by = $3 \
                 where id = $1 and state = 'active' \
                 and not exists (select 1 from confirmation_uses u where u.confirmation = $1)",
            )
            .bind(&booking.confirmation)
            .bind(now.0)
            .bind(&signed.confirmation.id)
            .execute(&mut *tx)
            .await?;
            if moved.rows_affected() == 0 || ended.rows_affected() == 0 {
                return Err(BookRefusal::Over);
            }
            let belongs = Belongs { office: Some(wanted.office), ..Belongs::default() };
            insert_confirmation(&mut tx, signed.confirmation, &belongs).await?;
            self.tell_both(&mut tx, &booking.id, &notice, now).await?;
            let purpose = if matches!(by, MovedBy::Office(_)) { Purpose::Operation } else { Purpose::Own };
            let noted = AuditEntry { purpose, ..entry(actor, AuditAct::MarriageMoved, &booking.id) };
            Self::note(&mut tx, &noted, now).await?;
            Self::answer_key(&mut tx, key, &booking.id).await?;
            tx.commit().await?;
            self.states_changed();
            Ok(())
        })
    }

    /// The firm bookings of one time of an office, the oldest first: who booked first is moved first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_bookings_at(
        &self,
        office: &str,
        matter: Matter,
        (day, starts): (Date, u16),
    ) -> Result<Vec<Booking>, StoreError> {
        let rows = sqlx::query(bookings!(
            "where b.office = $1 and b.matter = $2 and b.day = $3 and b.starts = $4 and b.state = 'firm' \
             and not exists (select 1 from marriage_visits x where x.booking = b.id) order by b.created_at, b.id"
        ))
        .bind(office)
        .bind(matter.as_str())
        .bind(day.to_string())
        .bind(i64::from(starts))
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| self.booking_of(row)).collect()
    }
}
