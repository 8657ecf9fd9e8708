//! Messages to residents: the port through which they leave, its two senders, and the worker that empties the outbox.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use app::domain::phone::ContactPhone;

use crate::settings::{Secret, SenderKind, Settings};
use crate::store::messages::Channel;

mod console;
mod http;
mod worker;

pub(crate) use console::ConsoleSender;
pub(crate) use http::HttpSender;
pub(crate) use worker::run;
#[cfg(test)]
pub(crate) use worker::{LEASE_MS, Worker};

/// One message, ready to go.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The outbox row's id. A message that is sent twice keeps it, so that a gateway can tell.
    pub(crate) id: String,
    /// [`Channel::Text`] or [`Channel::Voice`].
    pub(crate) channel: Channel,
    /// The telephone number.
    pub(crate) to: String,
    /// The whole text, with its sender, as it is read or spoken.
    pub(crate) text: String,
}

impl Message {
    /// The number with its middle hidden, for logs.
    pub(crate) fn masked_to(&self) -> String {
        ContactPhone::parse(&self.to).map_or_else(|_| "…".to_owned(), |phone| phone.masked())
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({}, {}, {}, …)", self.id, self.channel.as_str(), self.masked_to())
    }
}

/// Why a message did not go. The words are ours: what a gateway answers may repeat number and text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SendError {
    /// It may go later.
    #[error("not now: {0}")]
    Retry(String),
    /// It will never go.
    #[error("refused: {0}")]
    Refused(String),
}

/// A message on its way.
pub(crate) type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), SendError>> + Send + 'a>>;

/// Sends text messages and spoken calls.
pub(crate) trait MessageSender: Send + Sync {
    /// Sends one message. The same one may come twice, after a crash or an answer that got lost.
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a>;
}

/// The sender that the settings name.
///
/// # Errors
/// The gateway's address or token can't be used.
pub(crate) fn sender(settings: &Settings) -> anyhow::Result<Arc<dyn MessageSender>> {
    Ok(match settings.message_sender {
        SenderKind::Console => Arc::new(ConsoleSender),
        SenderKind::Http => Arc::new(HttpSender::new(
            settings.message_gateway_url.as_deref().unwrap_or_default(),
            settings.message_gateway_token.as_ref().map(Secret::as_str).unwrap_or_default(),
        )?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_in_a_log_shows_neither_number_nor_text() {
        let message = Message {
            id: "m1".into(),
            channel: Channel::Text,
            to: "13900001234".into(),
            text: "登录验证码 123456".into(),
        };
        assert_eq!(format!("{message:?}"), "Message(m1, text, 139****1234, …)");
        let odd = Message { to: "not a number".into(), ..message };
        assert_eq!(odd.masked_to(), "…");
    }
}
