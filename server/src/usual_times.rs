//! How long decisions of late took in each street, kept for a few minutes: the page that shows it is asked for often, and what it
//! says changes by the day.

use std::sync::{Arc, PoisonError, RwLock};

use app::domain::area;
use app::domain::time::Instant;

use crate::store::{Store, StoreError};

/// For so long an answer is taken again.
const KEPT_MS: i64 = 600_000;

/// Names of streets and working days.
type Streets = Arc<Vec<(String, u32)>>;

/// What was found last, and when.
#[derive(Default)]
pub(crate) struct UsualTimes(RwLock<Option<(Instant, Streets)>>);

impl UsualTimes {
    /// Names of streets and the working days within which half of their decisions came; streets with too few are left out.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn get(&self, store: &Store, now: Instant) -> Result<Streets, StoreError> {
        // A poisoned lock holds a whole value all the same: it is only ever replaced.
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((found_at, streets)) = kept
            && (found_at.0..found_at.0 + KEPT_MS).contains(&now.0)
        {
            return Ok(streets);
        }
        let mut streets = Vec::new();
        for street in area::streets() {
            if let Some(days) = store.usual_days(street.code, now).await? {
                streets.push((street.name.to_owned(), days));
            }
        }
        let streets = Arc::new(streets);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((now, streets.clone()));
        Ok(streets)
    }
}
