//! Bookings as they are read: by whoever began one or said yes to it, and by the office, day by day.

use app::domain::marriage::{Accepted, AcceptedFrom, Booking, BookingState, Matter, PartnerWay, Side};
use app::domain::time::Instant;
use app::visit::Owner;
use jiff::civil::Date;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::bookings::bookings;
use super::plans::minute;
use crate::seal::Place;
use crate::store::{Store, StoreError};

/// A line of an office's day.
#[derive(Clone)]
pub(crate) struct DayLine {
    /// The booking.
    pub(crate) booking: Booking,
    /// 8 signs.
    pub(crate) short_code: String,
}

app::masked_debug!(DayLine);

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
        let accepted = match (text("accepted")?, text("accepted_from")?) {
            (Some(day), Some(from)) => Some(Accepted {
                day: day.parse().map_err(anyhow::Error::from)?,
                from: AcceptedFrom::parse(&from).ok_or_else(unknown)?,
            }),
            _ => None,
        };
        Ok(Booking {
            accepted,
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

    /// Both masked names of a booking, his first; none after it ended.
    pub(super) async fn couple_names(&self, booking: &str) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query(
            "select side, name from marriage_people where booking = $1 and live = 1 order by side",
        )
        .bind(booking)
        .fetch_all(&self.reader)
        .await?;
        let mut names = Vec::with_capacity(rows.len());
        for row in &rows {
            let at = format!("{booking}/{}", row.try_get::<String, _>("side")?);
            let sealed: Vec<u8> = row.try_get("name")?;
            let name = self.sealer.open_text(Place { column: "marriage_people.name", row: &at }, &sealed)?;
            let masked = app::domain::name::PersonName::parse(&name).map(|name| name.masked());
            names.push(masked.unwrap_or_default());
        }
        Ok(names)
    }

    pub(super) async fn with_names(&self, mut booking: Booking) -> Result<Booking, StoreError> {
        booking.names = self.couple_names(&booking.id).await?;
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
}
