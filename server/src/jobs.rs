//! What the server does by itself: old drafts go, counters are forgotten.

use std::time::Duration;

use app::domain::time::Instant;

use crate::site::Site;
use crate::store::StoreError;

const DAY_MS: i64 = 24 * 3_600_000;

/// Keeps house every ten minutes until it is stopped.
pub(crate) async fn keep_house(site: Site) {
    let mut turns = tokio::time::interval(Duration::from_secs(600));
    loop {
        turns.tick().await;
        let now = site.clock().now();
        match once(&site, now).await {
            Ok(0) => {}
            Ok(drafts) => tracing::info!(drafts, "old drafts deleted"),
            Err(cause) => tracing::error!(%cause, "housekeeping failed; it is tried again in ten minutes"),
        }
    }
}

/// One round; gives the number of drafts that were deleted.
///
/// # Errors
/// The database failed.
pub(crate) async fn once(site: &Site, now: Instant) -> Result<u64, StoreError> {
    let draft_days = i64::from(site.settings().draft_days);
    let drafts = site.store().expire_drafts(Instant(now.0 - draft_days * DAY_MS)).await?;
    site.store().forget_keys(Instant(now.0 - 2 * DAY_MS)).await?;
    site.store().forget_tries(now).await?;
    site.store().forget_staff_sessions(crate::staff::session::idle_since(site, now), now).await?;
    Ok(drafts)
}
