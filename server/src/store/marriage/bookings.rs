//! Bookings: a time is held, both people are told, it becomes firm. A slot's one row decides whether there is room; an index
//! decides that nobody has two bookings of one matter.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::marriage::{
    Booking, BookingState, Couple, EXTENSIONS_MAX, HOLD_MS, Matter, OPEN_HOLDS, PartnerWay, Side,
};
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::visit::Owner;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::plans::minute;
use crate::seal::{Place, new_id};
use crate::store::audit::{Actor, AuditEntry};
use crate::store::confirmations::{Belongs, NewConfirmation, insert_confirmation};
use crate::store::messages::{Channel, NewMessage};
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
    /// The hold is over, or the booking is not one that this can be done to.
    #[error("it is over")]
    Over,
    /// The database failed, or the key came with another body.
    #[error(transparent)]
    Store(StoreError),
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

/// A line of an office's day.
#[derive(Clone)]
pub(crate) struct DayLine {
    /// The booking.
    pub(crate) booking: Booking,
    /// 8 signs.
    pub(crate) short_code: String,
}

app::masked_debug!(DayLine);

macro_rules! bookings {
    ($where:literal) => {
        concat!(
            "select b.id, b.office, b.matter, b.day, b.starts, b.ends, b.state, b.hold_until, b.extensions, b.keep_until, \
             b.way, b.starter, b.staff_decide, b.number, b.confirmation, b.invite_secret, b.owner, b.partner_owner \
             from marriage_bookings b ",
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
    pub(super) fn booking_of(&self, row: &AnyRow) -> Result<Booking, StoreError> {
        let unknown =
            || StoreError::Other(anyhow::anyhow!("a marriage booking holds a word that is not known"));
        let id: String = row.try_get("id")?;
        let text = |column: &str| row.try_get::<Option<String>, _>(column);
        let invite = row
            .try_get::<Option<Vec<u8>>, _>("invite_secret")?
            .map(|sealed| {
                self.sealer.open_text(Place { column: "marriage_bookings.invite_secret", row: &id }, &sealed)
            })
            .transpose()?;
        Ok(Booking {
            office: row.try_get("office")?,
            matter: Matter::parse(row.try_get("matter")?).ok_or_else(unknown)?,
            day: row.try_get::<String, _>("day")?.parse().map_err(anyhow::Error::from)?,
            starts: minute(row, "starts")?,
            ends: minute(row, "ends")?,
            state: BookingState::parse(row.try_get("state")?).ok_or_else(unknown)?,
            hold_until: Instant(row.try_get("hold_until")?),
            extensions: row.try_get("extensions")?,
            keep_until: row.try_get::<Option<i64>, _>("keep_until")?.map(Instant),
            way: text("way")?.as_deref().and_then(PartnerWay::parse),
            starter: text("starter")?.as_deref().and_then(Side::parse),
            staff_decide: row.try_get::<i64, _>("staff_decide")? == 1,
            number: text("number")?.unwrap_or_default(),
            confirmation: text("confirmation")?.unwrap_or_default(),
            names: Vec::new(),
            invite,
            id,
        })
    }

    async fn with_names(&self, mut booking: Booking) -> Result<Booking, StoreError> {
        let rows = sqlx::query(
            "select side, name from marriage_people where booking = $1 and live = 1 order by side",
        )
        .bind(&booking.id)
        .fetch_all(&self.reader)
        .await?;
        for row in &rows {
            let at = format!("{}/{}", booking.id, row.try_get::<String, _>("side")?);
            let sealed: Vec<u8> = row.try_get("name")?;
            let name = self.sealer.open_text(Place { column: "marriage_people.name", row: &at }, &sealed)?;
            let masked = app::domain::name::PersonName::parse(&name).map(|name| name.masked());
            booking.names.push(masked.unwrap_or_default());
        }
        Ok(booking)
    }

    /// A booking that this device or account began, or said yes to. What belongs to the one who began is theirs alone.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn marriage_booking(&self, id: &str, owner: &Owner) -> Result<Booking, StoreError> {
        let row = sqlx::query(bookings!("where b.id = $1 and (b.owner = $2 or b.partner_owner = $2)"))
            .bind(id)
            .bind(&owner.0)
            .fetch_one(&self.reader)
            .await?;
        let own = row.try_get::<String, _>("owner")? == owner.0;
        let mut booking = self.with_names(self.booking_of(&row)?).await?;
        booking.invite = booking.invite.filter(|_| own);
        Ok(booking)
    }

    /// The id of the booking with this number, where this device or account may open it.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_booking_of_number(
        &self,
        number: &str,
        owner: &Owner,
    ) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "select id from marriage_bookings where number = $1 and (owner = $2 or partner_owner = $2)",
        )
        .bind(number)
        .bind(&owner.0)
        .fetch_optional(&self.reader)
        .await?)
    }

    /// The bookings of a device or account, the nearest day first; what ended long ago is left out.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_bookings_of(&self, owner: &Owner) -> Result<Vec<Booking>, StoreError> {
        let rows = sqlx::query(bookings!(
            "where (b.owner = $1 or b.partner_owner = $1) and b.state in ('held', 'waiting', 'firm') \
             order by b.day, b.starts limit 20"
        ))
        .bind(&owner.0)
        .fetch_all(&self.reader)
        .await?;
        let mut bookings = Vec::with_capacity(rows.len());
        for row in &rows {
            bookings.push(self.with_names(self.booking_of(row)?).await?);
        }
        Ok(bookings)
    }

    /// Firm bookings of an office on a day, by time.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_day(&self, office: &str, day: Date) -> Result<Vec<DayLine>, StoreError> {
        let rows = sqlx::query(bookings!(
            "where b.office = $1 and b.day = $2 and b.state = 'firm' order by b.starts, b.number limit 1000"
        ))
        .bind(office)
        .bind(day.to_string())
        .fetch_all(&self.reader)
        .await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            let booking = self.with_names(self.booking_of(row)?).await?;
            let short_code: Option<String> =
                sqlx::query_scalar("select short_code from confirmations where id = $1")
                    .bind(&booking.confirmation)
                    .fetch_optional(&self.reader)
                    .await?;
            lines.push(DayLine { booking, short_code: short_code.unwrap_or_default() });
        }
        Ok(lines)
    }

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
        // Before, and by itself: two who leave each other's slots would otherwise wait for each other.
        self.release_of(owner, now).await?;
        let mut tx = self.write().await?;
        if let Some(id) = Self::take_key(&mut tx, key, owner, "marriage_hold", now).await? {
            return Ok(OnlyOnce::Before(id));
        }
        // What ran out makes room before anybody is refused.
        self.release_slot(&mut tx, wanted, now).await?;
        if !take_place(&mut tx, wanted).await? {
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
            "update marriage_bookings set hold_until = $3, extensions = extensions + 1, changed_at = $4 \
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

    /// The first one says yes and tells both. With a link the time is kept until `keep_until` for the other one; where the
    /// other one says yes at the door, it is firm with what was signed.
    ///
    /// # Errors
    /// See [`BookRefusal`].
    #[expect(clippy::too_many_arguments, reason = "one act, and each of them is a part of it")]
    pub(crate) async fn tell_marriage_couple(
        &self,
        id: &str,
        couple: &Couple,
        keep_until: Instant,
        invite: Option<&Invite>,
        signed: Option<&Signed<'_>>,
        (owner, actor): (&Owner, &Actor),
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), BookRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, key, owner, "marriage_couple", now).await?.is_some() {
            return Ok(());
        }
        let invite_secret = invite
            .map(|invite| {
                let place = Place { column: "marriage_bookings.invite_secret", row: id };
                self.sealer.seal(place, invite.secret.as_bytes())
            })
            .transpose()?;
        let done = sqlx::query(
            "update marriage_bookings set state = 'waiting', keep_until = $3, way = $4, starter = $5, staff_decide = $6, \
             invite_hash = $7, invite_secret = $8, changed_at = $9 \
             where id = $1 and owner = $2 and state = 'held' and hold_until > $9",
        )
        .bind(id)
        .bind(&owner.0)
        .bind(keep_until.0)
        .bind(couple.way.as_str())
        .bind(couple.me.as_str())
        .bind(i64::from(couple.staff_decide))
        .bind(invite.map(|invite| self.invite_hash(&invite.secret)))
        .bind(invite_secret)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(BookRefusal::Over);
        }
        for side in Side::ALL {
            if !self.insert_spouse(&mut tx, id, *side, couple).await? {
                return Err(BookRefusal::BookedBefore);
            }
        }
        Self::note(&mut tx, &entry(actor, AuditAct::MarriageBooked, id), now).await?;
        if let Some(invite) = invite {
            // The code goes to the other one's own mobile: whoever began never sees it.
            sqlx::query("update marriage_bookings set invite_code = $2 where id = $1")
                .bind(id)
                .bind(self.invite_code(&invite.secret, &invite.code))
                .execute(&mut *tx)
                .await?;
            let notice = Notice::MarriageInvite {
                name: couple.of(couple.me).name.masked(),
                code: invite.code.clone(),
            };
            self.text_spouse(&mut tx, couple.of(couple.me.other()).mobile.as_str(), &notice, true, now)
                .await?;
        }
        if let Some(signed) = signed {
            self.make_firm(&mut tx, id, signed, now).await?;
        }
        Self::answer_key(&mut tx, key, id).await?;
        Ok(tx.commit().await?)
    }

    async fn insert_spouse(
        &self,
        tx: &mut Transaction<'static, Any>,
        id: &str,
        side: Side,
        couple: &Couple,
    ) -> Result<bool, StoreError> {
        let spouse = couple.of(side);
        let at = format!("{id}/{}", side.as_str());
        let seal = |column: &'static str, text: &str| {
            self.sealer.seal(Place { column, row: &at }, text.as_bytes()).map_err(StoreError::from)
        };
        let matter: String = sqlx::query_scalar("select matter from marriage_bookings where id = $1")
            .bind(id)
            .fetch_one(&mut **tx)
            .await?;
        let done = sqlx::query(
            "insert into marriage_people (booking, side, matter, live, document_index, name, document, mobile) \
             values ($1, $2, $3, 1, $4, $5, $6, $7) on conflict do nothing",
        )
        .bind(id)
        .bind(side.as_str())
        .bind(matter)
        .bind(self.sealer.index("marriage_people.document", &spouse.document.index_key()))
        .bind(seal("marriage_people.name", spouse.name.original())?)
        .bind(seal("marriage_people.document", spouse.document.number())?)
        .bind(seal("marriage_people.mobile", spouse.mobile.as_str())?)
        .execute(&mut **tx)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Sends a text message to one of the two.
    pub(super) async fn text_spouse(
        &self,
        tx: &mut Transaction<'static, Any>,
        mobile: &str,
        notice: &Notice,
        urgent: bool,
        now: Instant,
    ) -> Result<(), StoreError> {
        let message = NewMessage {
            resident: None,
            area: app::domain::area::district(),
            channel: Channel::Text,
            template: notice.id(),
            to: mobile,
            text: &notice.sms(),
            urgent,
            expires_at: None,
        };
        self.enqueue(tx, &message, now).await?;
        Ok(())
    }

    /// The hash by which a link finds its booking.
    pub(crate) fn invite_hash(&self, secret: &str) -> String {
        self.sealer.index("marriage_bookings.invite", secret)
    }

    /// The hash of a code, together with the link that it goes with.
    pub(super) fn invite_code(&self, secret: &str, code: &str) -> String {
        self.sealer.index("marriage_bookings.code", &format!("{secret}/{code}"))
    }

    /// Both said yes: the booking gets its number and its signed confirmation, and both are told.
    pub(super) async fn make_firm(
        &self,
        tx: &mut Transaction<'static, Any>,
        id: &str,
        signed: &Signed<'_>,
        now: Instant,
    ) -> Result<(), BookRefusal> {
        let row = sqlx::query(
            "update marriage_bookings set state = 'firm', number = $2, confirmation = $3, invite_secret = null, \
             changed_at = $4 where id = $1 and state = 'waiting' and keep_until > $4 returning office",
        )
        .bind(id)
        .bind(signed.number)
        .bind(&signed.confirmation.id)
        .bind(now.0)
        .fetch_optional(&mut **tx)
        .await?;
        let Some(row) = row else { return Err(BookRefusal::Over) };
        let office: String = row.try_get("office")?;
        let belongs = Belongs { office: Some(&office), ..Belongs::default() };
        insert_confirmation(tx, signed.confirmation, &belongs).await?;
        let notice = Notice::MarriageFirm { number: signed.number.to_owned() };
        self.tell_both(tx, id, &notice, now).await?;
        Ok(())
    }

    /// Tells both people of a booking by text message.
    pub(super) async fn tell_both(
        &self,
        tx: &mut Transaction<'static, Any>,
        id: &str,
        notice: &Notice,
        now: Instant,
    ) -> Result<(), StoreError> {
        let rows = sqlx::query("select side, mobile from marriage_people where booking = $1 and live = 1")
            .bind(id)
            .fetch_all(&mut **tx)
            .await?;
        let mut told = Vec::new();
        for row in &rows {
            let at = format!("{id}/{}", row.try_get::<String, _>("side")?);
            let sealed: Vec<u8> = row.try_get("mobile")?;
            let mobile =
                self.sealer.open_text(Place { column: "marriage_people.mobile", row: &at }, &sealed)?;
            // Two who share one telephone read it once.
            if !told.contains(&mobile) {
                self.text_spouse(tx, &mobile, notice, false, now).await?;
                told.push(mobile);
            }
        }
        Ok(())
    }
}
