//! The demo's sender: nobody gets anything, the log shows what would have been sent.

use super::{Message, MessageSender, Sending};

/// Writes messages to the log. Production refuses it: the log then holds codes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConsoleSender;

impl MessageSender for ConsoleSender {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            let (channel, to, text) = (message.channel.as_str(), message.masked_to(), &message.text);
            tracing::info!(channel, to, text, "a message would go out");
            Ok(())
        })
    }
}
