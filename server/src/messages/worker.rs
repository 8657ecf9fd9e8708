//! Empties the outbox. Each row is leased before it is sent, so that several servers on one database don't send it side
//! by side; a server that dies in between leaves a lease that runs out, and the message goes again: at least once.

use std::sync::Arc;
use std::time::Duration;

use app::domain::notices::{signed, spoken};
use app::domain::quiet_hours::QuietHours;
use app::domain::time::Instant;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{Message, MessageSender, SendError};
use crate::settings::Settings;
use crate::site::Site;
use crate::store::messages::Channel;
use crate::store::outbox::Leased;
use crate::store::{Store, StoreError};

/// How long a leased row is left alone by others: longer than any sender takes.
pub(crate) const LEASE_MS: i64 = 60_000;

/// A sender that takes longer than this has failed, as far as we know.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many go at once.
const BATCH: i64 = 16;

/// How often the outbox is looked at when nobody says that there is something.
const PAUSE: Duration = Duration::from_secs(1);

/// The first pause after a failure: codes are waited for, everything else is not.
const FIRST_PAUSE_MS: i64 = 15_000;
const FIRST_PAUSE_URGENT_MS: i64 = 2_000;

/// The longest pause between two tries.
const LONGEST_PAUSE_MS: i64 = 3_600_000;

/// Sends what is due.
#[derive(Clone)]
pub(crate) struct Worker {
    store: Store,
    sender: Arc<dyn MessageSender>,
    service: String,
    quiet: QuietHours,
    tries: i64,
    keep_bodies: bool,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Worker(…)")
    }
}

/// Works until it is told to stop, and then finishes what it has begun.
pub(crate) async fn run(site: Site, sender: Arc<dyn MessageSender>, mut stop: watch::Receiver<bool>) {
    let worker = Worker::new(site.store().clone(), sender, site.settings());
    while !*stop.borrow_and_update() {
        match worker.once(site.clock().now()).await {
            // There may be more: on with it.
            Ok(sent) if sent > 0 => continue,
            Ok(_) => {}
            Err(cause) => {
                tracing::error!(%cause, "the outbox could not be read; it is tried again in a second");
            }
        }
        tokio::select! {
            () = site.messages_waiting().notified() => {}
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.changed() => {}
        }
    }
}

impl Worker {
    /// A worker as the settings want it.
    pub(crate) fn new(store: Store, sender: Arc<dyn MessageSender>, settings: &Settings) -> Self {
        Self {
            store,
            sender,
            service: settings.site_name.clone(),
            quiet: settings.quiet_hours,
            tries: i64::from(settings.message_tries),
            // What would have been sent can be looked at in the demo.
            keep_bodies: settings.show_codes_on_page,
        }
    }

    /// One batch; gives how many messages were tried.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn once(&self, now: Instant) -> Result<usize, StoreError> {
        self.store.expire_messages(now).await?;
        let lease = Instant(now.0 + LEASE_MS);
        let due = self.store.lease_messages(now, lease, self.quiet.contains(now), BATCH).await?;
        let count = due.len();
        let mut under_way = JoinSet::new();
        for leased in due {
            let worker = self.clone();
            under_way.spawn(async move { worker.deliver(leased, now).await });
        }
        // All of them end, also when one could not be noted: what is half sent is not cut off.
        let mut outcome = Ok(count);
        while let Some(ended) = under_way.join_next().await {
            match ended {
                Ok(Ok(())) => {}
                Ok(Err(cause)) => outcome = Err(cause),
                Err(cause) => tracing::error!(%cause, "a message's task ended early; it is sent again"),
            }
        }
        outcome
    }

    async fn deliver(&self, leased: Leased, now: Instant) -> Result<(), StoreError> {
        let id = leased.id.clone();
        let outcome = match &leased.body {
            None => Err(SendError::Refused("the row does not open with our keys".into())),
            Some((to, text)) => {
                let message = self.message(&leased, to, text);
                tokio::time::timeout(PATIENCE, self.sender.send(&message))
                    .await
                    .unwrap_or_else(|_| Err(SendError::Retry("the sender took too long".into())))
            }
        };
        let channel = leased.channel.as_str();
        match outcome {
            Ok(()) => {
                metrics::counter!("xw_messages_total", "channel" => channel, "outcome" => "sent")
                    .increment(1);
                self.store.message_sent(&id, now, self.keep_bodies).await
            }
            Err(cause) => {
                let next =
                    retry_at(&leased, now, self.tries).filter(|_| matches!(cause, SendError::Retry(_)));
                let outcome = if next.is_some() { "delayed" } else { "given up" };
                metrics::counter!("xw_messages_total", "channel" => channel, "outcome" => outcome)
                    .increment(1);
                tracing::warn!(id, channel, template = leased.template, tries = leased.tries, %cause, outcome,
                    "a message did not go out");
                self.store.message_failed(&leased, next, now).await
            }
        }
    }

    /// The text as its channel wants it.
    fn message(&self, leased: &Leased, to: &str, text: &str) -> Message {
        let text = match leased.channel {
            Channel::Voice => spoken(text),
            _ => signed(&self.service, text),
        };
        Message { id: leased.id.clone(), channel: leased.channel, to: to.to_owned(), text }
    }
}

/// When a failed message is tried again: twice the pause of the time before, up to an hour; `None` when it was the last
/// try or the message is of no use by then.
fn retry_at(leased: &Leased, now: Instant, tries: i64) -> Option<Instant> {
    if leased.tries >= tries {
        return None;
    }
    let first = if leased.urgent { FIRST_PAUSE_URGENT_MS } else { FIRST_PAUSE_MS };
    let doublings = u32::try_from(leased.tries - 1).unwrap_or(0).min(20);
    let next = Instant(now.0 + (first << doublings).min(LONGEST_PAUSE_MS));
    Some(next).filter(|next| leased.expires_at.is_none_or(|end| *next < end))
}
