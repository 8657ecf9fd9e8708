//! Services that are unusual, for a person to look at. Nothing else follows from them.

use app::domain::audit::AuditAct;
use app::domain::time::Instant;
use app::domain::timebank::{Pattern, Seen, patterns};

use super::doing::{Doing, NeedRefusal, note};
use super::needs::Need;
use crate::store::{Store, StoreError};

/// How far back is looked.
const BACK_MS: i64 = 90 * 24 * 3_600_000;

impl Store {
    /// Services of a place in the last 90 days that nobody has looked at yet, each with what is unusual about it.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn unusual_services(
        &self,
        place: &str,
        now: Instant,
    ) -> Result<Vec<(Need, Pattern)>, StoreError> {
        let needs = self.confirmed_at(place, Instant(now.0 - BACK_MS)).await?;
        let seen: Vec<_> = needs
            .iter()
            .map(|need| Seen {
                id: &need.id,
                helper: need.helper.as_deref().unwrap_or_default(),
                served: &need.served.phone,
                began: need.began_at.unwrap_or(need.starts_at),
                minutes: need.true_minutes().unwrap_or(0),
                planned: (need.ends_at.0 - need.starts_at.0) / 60_000,
                late: need.late,
            })
            .collect();
        let looked: Vec<(String, String)> = sqlx::query_as(
            "select l.need, l.pattern from time_pattern_looks l join time_needs n on n.id = l.need \
             where n.area >= $1 and n.area < $2 and n.confirmed_at >= $3",
        )
        .bind(place)
        .bind(format!("{place}:"))
        .bind(now.0 - BACK_MS)
        .fetch_all(&self.reader)
        .await?;
        let found = patterns(&seen).into_iter().filter(|(id, pattern)| {
            !looked.iter().any(|(need, word)| need == id && word == pattern.as_str())
        });
        Ok(found
            .filter_map(|(id, pattern)| {
                needs.iter().find(|need| need.id == id).map(|need| (need.clone(), pattern))
            })
            .collect())
    }

    /// A person looked at what is unusual about a service.
    ///
    /// # Errors
    /// The database failed, or the key came with another body.
    pub(crate) async fn look_at_pattern(
        &self,
        need: &Need,
        pattern: Pattern,
        staff: &str,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_pattern", doing.now).await?.is_some() {
            return Ok(());
        }
        sqlx::query(
            "insert into time_pattern_looks (need, pattern, looked_by, looked_at) values ($1, $2, $3, $4) \
             on conflict do nothing",
        )
        .bind(&need.id)
        .bind(pattern.as_str())
        .bind(staff)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        let object = (need.area.as_str(), need.id.as_str());
        note(&mut tx, AuditAct::TimePatternSeen, object, need.helper.as_deref(), doing).await?;
        Self::answer_key(&mut tx, doing.key, &need.id).await?;
        Ok(tx.commit().await?)
    }
}
