//! Messages on their way out and the inbox. [`crate::messages`] sends what lies here.

use app::domain::notices::Notice;
use app::domain::phone::ContactPhone;
use app::domain::time::Instant;
use sqlx::{Any, Transaction};

use super::{Store, StoreError};
use crate::seal::{Place, new_id};

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    /// A text message to a mobile.
    Text,
    /// A spoken call to a landline.
    Voice,
    /// A letter that staff print.
    Letter,
    /// A line on the call list of the community worker.
    Call,
}

app::slugs!(Channel { Text = "text", Voice = "voice", Letter = "letter", Call = "call" });

/// A message about to be sent. Where to and what are sealed.
#[derive(Clone)]
pub(crate) struct NewMessage<'a> {
    /// The resident it is for, where there is an account.
    pub(crate) resident: Option<&'a str>,
    /// Whose staff print or ring, where the channel needs them; the district's code otherwise.
    pub(crate) area: &'a str,
    /// How it travels.
    pub(crate) channel: Channel,
    /// The template that it was written from.
    pub(crate) template: &'static str,
    /// A telephone number, or for a letter an address.
    pub(crate) to: &'a str,
    /// The whole text.
    pub(crate) text: &'a str,
    /// Codes are wanted now, also at night.
    pub(crate) urgent: bool,
    /// When it is of no use any more.
    pub(crate) expires_at: Option<Instant>,
}

impl std::fmt::Debug for NewMessage<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewMessage({}, …)", self.template)
    }
}

impl Store {
    /// Puts a message into the outbox, inside the transaction of the act that causes it. Gives its id.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn enqueue(
        &self,
        tx: &mut Transaction<'static, Any>,
        new: &NewMessage<'_>,
        now: Instant,
    ) -> Result<String, StoreError> {
        let id = new_id(now)?;
        let body = self.sealer.seal_json(Place { column: "outbox.body", row: &id }, &(new.to, new.text))?;
        sqlx::query(
            "insert into outbox (id, resident, area, channel, template, body, urgent, created_at, expires_at, \
             next_try_at, tries) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8, 0)",
        )
        .bind(&id)
        .bind(new.resident)
        .bind(new.area)
        .bind(new.channel.as_str())
        .bind(new.template)
        .bind(body)
        .bind(i64::from(new.urgent))
        .bind(now.0)
        .bind(new.expires_at.map(|at| at.0))
        .execute(&mut **tx)
        .await?;
        Ok(id)
    }

    /// Tells somebody something by a telephone number: a mobile gets a text, a landline a call by staff of the area.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn tell_number(
        &self,
        tx: &mut Transaction<'static, Any>,
        (resident, area, number): (Option<&str>, &str, &str),
        notice: &Notice,
        now: Instant,
    ) -> Result<(), StoreError> {
        let phone = ContactPhone::parse(number).ok();
        let mobile = phone.is_some_and(|phone| phone.mobile().is_some());
        let message = NewMessage {
            resident,
            area,
            channel: if mobile { Channel::Text } else { Channel::Call },
            template: notice.id(),
            to: number,
            text: &notice.sms(),
            urgent: false,
            expires_at: None,
        };
        self.enqueue(tx, &message, now).await?;
        Ok(())
    }
}
