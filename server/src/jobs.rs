//! What the server does by itself: old drafts go, and whatever else has lain for its time.

use std::time::Duration;

use app::domain::retention::Retained;
use app::domain::time::Instant;

use crate::site::Site;
use crate::store::StoreError;

const DAY_MS: i64 = 24 * 3_600_000;

/// Between two rounds.
const PAUSE: Duration = Duration::from_secs(600);

/// Every so many rounds, the first one included, what has lain for its time goes: four times a day.
const ROUNDS_TO_RETIRE: u32 = 36;

/// Keeps house every ten minutes until it is stopped.
pub(crate) async fn keep_house(site: Site) {
    let mut turns = tokio::time::interval(PAUSE);
    let mut round = 0_u32;
    loop {
        turns.tick().await;
        let now = site.clock().now();
        match once(&site, now).await {
            Ok(0) => {}
            Ok(drafts) => tracing::info!(drafts, "old drafts deleted"),
            Err(cause) => tracing::error!(%cause, "housekeeping failed; it is tried again in ten minutes"),
        }
        if round.is_multiple_of(ROUNDS_TO_RETIRE) {
            retire(&site, now).await;
            match crate::papers::sweep(&site, now).await {
                Ok(0) => {}
                Ok(pictures) => tracing::info!(pictures, "pictures without a row were removed"),
                Err(cause) => {
                    tracing::error!(%cause, "pictures could not be tidied; the next round tries again");
                }
            }
            if let Err(cause) = tell_heads(&site).await {
                tracing::error!(%cause, "the ends of the audit chains could not be read");
            }
        }
        round = round.wrapping_add(1);
    }
}

/// One round; gives the number of drafts that were deleted.
///
/// # Errors
/// The database failed.
pub(crate) async fn once(site: &Site, now: Instant) -> Result<u64, StoreError> {
    let draft_days = i64::from(site.settings().draft_days);
    let drafts = site.store().expire_drafts(Instant(now.0 - draft_days * DAY_MS)).await?;
    site.store().forget_staff_sessions(crate::staff::session::idle_since(site, now), now).await?;
    site.store().forget_provider_sign_ins(now).await?;
    site.store().release_marriage_holds(now).await?;
    site.store().ask_marriage_couples(now).await?;
    crate::waiting_list::offer_all(site).await?;
    crate::meal_waiting::give_freed(site).await;
    crate::standing_orders::place_all(site).await?;
    site.store().make_meal_calls(now).await?;
    if site.store().remind_services(now).await? > 0 {
        site.messages_waiting().notify_one();
    }
    if let Some(rules) = app::domain::timebank::preset(&site.settings().timebank_rules)
        && let Err(cause) = site.store().consume_service_events(rules, now).await
    {
        tracing::error!(%cause, "what volunteers did could not be taken up; the next round tries again");
    }
    site.store().forget_sessions(crate::session::idle_ms(site), now).await?;
    let seconds_ago =
        |seconds: u64| Instant(now.0 - i64::try_from(seconds).unwrap_or(i64::MAX / 2_000) * 1_000);
    let (residents, staff) = (crate::site::VISITOR_SECONDS, crate::staff::session::DEVICE_SECONDS);
    let visits = Instant(now.0 - crate::store::visits::KEPT_MS);
    site.store().find_missing_due(now).await?;
    site.store().keep_seed_waiting(now).await?;
    site.store().keep_meal_seeds(now).await?;
    site.store().forget_marks(visits, seconds_ago(residents), seconds_ago(staff)).await?;
    Ok(drafts)
}

/// Writes where each audit chain ends into the log. A log that is kept elsewhere proves later that no end was cut off.
async fn tell_heads(site: &Site) -> Result<(), StoreError> {
    for area in site.store().audited_areas().await? {
        let head = site.store().audit_head(&area).await?;
        tracing::info!(area, number = head.sequence, hash = head.hash, "the audit chain's end");
    }
    Ok(())
}

/// Deletes what has lain for its time. One kind that fails keeps none of the others; gives what went.
pub(crate) async fn retire(site: &Site, now: Instant) -> Vec<(Retained, u64)> {
    let mut gone = Vec::new();
    for (retained, days) in site.settings().retention.all() {
        let before = Instant(now.0 - i64::from(days) * DAY_MS);
        let table = retained.as_str();
        match site.store().retire(retained, before, now).await {
            Ok(0) => {}
            Ok(rows) => {
                tracing::info!(table, rows, days, "what had lain for its time was deleted");
                gone.push((retained, rows));
            }
            Err(cause) => {
                tracing::error!(table, %cause, "old rows could not be deleted; the next round tries again");
            }
        }
    }
    gone
}
