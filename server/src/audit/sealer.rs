//! Links new entries into their chains, a second after they were written. Several servers may do it on one database:
//! the number of a link is unique, and who comes second begins anew.

use std::time::Duration;

use tokio::sync::watch;

use crate::site::Site;
use crate::store::{Store, StoreError};

/// Between two passes; an entry is sealed within five seconds also when a pass takes long.
const PAUSE: Duration = Duration::from_secs(1);

/// Links in one transaction.
const BATCH: i64 = 500;

/// How often a batch is begun anew when another server was faster.
const TRIES: u32 = 10;

/// Seals until it is told to stop, and once more then.
pub(crate) async fn run(site: Site, mut stop: watch::Receiver<bool>) {
    loop {
        let last = *stop.borrow_and_update();
        if let Err(cause) = pass(&site).await {
            tracing::error!(%cause, "audit entries could not be sealed; it is tried again in a second");
        }
        if last {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn pass(site: &Site) -> Result<(), StoreError> {
    let sealed = seal_all(site.store(), || site.clock().now()).await?;
    metrics::counter!("xw_audit_sealed_total").increment(sealed);
    Ok(())
}

/// Seals everything that waits; gives how many entries that were.
///
/// # Errors
/// The database failed, or another server was faster again and again.
pub(crate) async fn seal_all(
    store: &Store,
    now: impl Fn() -> app::domain::time::Instant,
) -> Result<u64, StoreError> {
    let mut sealed = 0;
    for area in store.areas_to_seal().await? {
        let mut tries = 0;
        loop {
            match store.seal_batch(&area, now(), BATCH).await {
                Ok(0) => break,
                Ok(count) => (sealed, tries) = (sealed + count, 0),
                Err(StoreError::Conflict) if tries < TRIES => tries += 1,
                Err(cause) => return Err(cause),
            }
        }
    }
    Ok(sealed)
}
