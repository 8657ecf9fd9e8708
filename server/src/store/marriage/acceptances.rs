//! The day on which an office accepted a divorce application, as its clerk wrote it down, and whom it is found for.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::marriage::{Couple, Side};
use app::domain::time::Instant;
use app::visit::Owner;
use jiff::civil::Date;
use sqlx::Row as _;

use crate::seal::new_id;
use crate::store::audit::AuditEntry;
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, Store, StoreError};

impl Store {
    /// Writes down on which day an office accepted the application of a couple that was there for the first visit. A second
    /// entry corrects the first.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where this office has no such couple at its door, or for the same key with another body.
    pub(crate) async fn record_divorce_acceptance(
        &self,
        (office, booking, accepted): (&str, &str, Date),
        doer: Doer<'_>,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let owner = Owner(doer.id.to_owned());
        if Self::take_key(&mut tx, key, &owner, "marriage_acceptance", now).await?.is_some() {
            return Ok(());
        }
        let id = new_id(now)?;
        // Both were at the door: nobody's application is accepted from a booking alone.
        let done = sqlx::query(
            "insert into marriage_acceptances (id, booking, office, accepted, entered_by, entered_at) \
             select $1, b.id, b.office, $4, $5, cast($6 as bigint) from marriage_bookings b \
             where b.id = $2 and b.office = $3 and b.matter = 'divorce' and b.state = 'firm' \
             and exists (select 1 from marriage_visits v where v.booking = b.id)",
        )
        .bind(&id)
        .bind(booking)
        .bind(office)
        .bind(accepted.to_string())
        .bind(doer.id)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        let entry = AuditEntry {
            area: app::domain::area::district(),
            actor: doer.actor,
            on_behalf_of: None,
            act: AuditAct::DivorceAccepted,
            object_kind: "marriage_bookings",
            object: booking,
            subject: None,
            purpose: Purpose::Counter,
        };
        Self::note(&mut tx, &entry, now).await?;
        Self::answer_key(&mut tx, key, &id).await?;
        Ok(tx.commit().await?)
    }

    /// What a clerk wrote down for the booking of a first visit.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn divorce_acceptance_of(&self, booking: &str) -> Result<Option<Date>, StoreError> {
        let accepted: Option<String> = sqlx::query_scalar(
            "select accepted from marriage_acceptances where booking = $1 order by entered_at desc, id desc limit 1",
        )
        .bind(booking)
        .fetch_optional(&self.reader)
        .await?;
        Ok(accepted.map(|day| day.parse()).transpose().map_err(anyhow::Error::from)?)
    }

    /// The newest application of these two that an office here wrote down: the office and the day. They are found by the blind
    /// index of their documents, in either order.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn divorce_acceptance(
        &self,
        couple: &Couple,
    ) -> Result<Option<(String, Date)>, StoreError> {
        let [one, other] = [Side::Man, Side::Woman]
            .map(|side| self.sealer.index("marriage_people.document", &couple.of(side).document.index_key()));
        let row = sqlx::query(
            "select a.office, a.accepted from marriage_people p \
             join marriage_people q on q.booking = p.booking and q.document_index = $2 \
             join marriage_acceptances a on a.booking = p.booking where p.document_index = $1 \
             order by a.entered_at desc, a.id desc limit 1",
        )
        .bind(one)
        .bind(other)
        .fetch_optional(&self.reader)
        .await?;
        row.map(|row| {
            let accepted: String = row.try_get("accepted")?;
            Ok((row.try_get("office")?, accepted.parse().map_err(anyhow::Error::from)?))
        })
        .transpose()
    }
}
