//! Both people of a booking are told of, the other one is asked, and the booking becomes firm.

use app::domain::audit::AuditAct;
use app::domain::marriage::{Couple, PartnerWay, Side};
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::visit::Owner;
use sqlx::{Any, Row as _, Transaction};

use super::bookings::{BookRefusal, Invite, Signed, entry};
use super::hot_days::is_hot;
use super::plans::day;
use crate::seal::Place;
use crate::store::audit::Actor;
use crate::store::confirmations::{Belongs, insert_confirmation};
use crate::store::messages::{Channel, NewMessage};
use crate::store::{IdempotencyKey, Store, StoreError};

impl Store {
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
        unless_deadlocked!(BookRefusal, {
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
            let told = sqlx::query(
                "update marriage_bookings set state = 'waiting', keep_until = $3, way = $4, starter = $5, staff_decide = $6, \
                 invite_hash = $7, invite_secret = $8, changed_at = $9 \
                 where id = $1 and owner = $2 and state = 'held' and hold_until > $9 returning office, matter, day",
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
            .fetch_optional(&mut *tx)
            .await?;
            let Some(told) = told else { return Err(BookRefusal::Over) };
            let (office, matter): (String, String) = (told.try_get("office")?, told.try_get("matter")?);
            if couple.way == PartnerWay::Door
                && is_hot(&mut tx, (&office, &matter, day(&told, "day")?)).await?
            {
                return Err(BookRefusal::BothAhead);
            }
            for side in Side::ALL {
                if !self.insert_spouse(&mut tx, id, *side, couple, now).await? {
                    return Err(BookRefusal::BookedBefore);
                }
            }
            if let Some(second) = &couple.second {
                sqlx::query(
                    "insert into marriage_second_visits (booking, accepted, source) values ($1, $2, $3)",
                )
                .bind(id)
                .bind(second.day.to_string())
                .bind(second.from.as_str())
                .execute(&mut *tx)
                .await?;
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
        })
    }

    /// Keeps one of the two; `false` where that person has a live booking of the matter.
    pub(super) async fn insert_spouse(
        &self,
        tx: &mut Transaction<'static, Any>,
        id: &str,
        side: Side,
        couple: &Couple,
        now: Instant,
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
        let document = self.sealer.index("marriage_people.document", &spouse.document.index_key());
        // One whose day is over stands in nobody's way.
        sqlx::query(
            "update marriage_people set live = 0 where matter = $1 and document_index = $2 and live = 1 \
             and booking in (select id from marriage_bookings where state = 'firm' and day < $3)",
        )
        .bind(&matter)
        .bind(&document)
        .bind(now.shanghai_date().to_string())
        .execute(&mut **tx)
        .await?;
        let done = sqlx::query(
            "insert into marriage_people (booking, side, matter, live, document_index, name, document, mobile) \
             values ($1, $2, $3, 1, $4, $5, $6, $7) on conflict do nothing",
        )
        .bind(id)
        .bind(side.as_str())
        .bind(matter)
        .bind(document)
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
