//! What residents think of how their cases were handled (好差评).

use app::domain::aid::rating::{Grade, Rating, RatingNode};
use app::domain::audit::{AuditAct, Purpose};
use app::domain::time::Instant;
use app::ports::CaseEventKind;
use app::visit::Owner;
use sqlx::Row as _;

use super::audit::AuditEntry;
use super::case_acts::{CaseRef, Doing};
use super::cases::unknown;
use super::complaints::NewComplaint;
use super::staff_cases::Scope;
use super::{OnlyOnce, Store, StoreError};
use crate::seal::Place;

/// The act that the keys of this form are taken for.
pub(crate) const KEY: &str = "case rating";

/// How many ratings of one node had one grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RatingCount {
    /// The node.
    pub(crate) node: RatingNode,
    /// The grade.
    pub(crate) grade: Grade,
    /// How many.
    pub(crate) count: i64,
}

impl Store {
    /// Keeps what a resident thinks of a node, and the complaint that a bad one opens, in one transaction. The answer is the
    /// complaint's number, or `-`.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the node was rated before, is not reached, or the key was sent with another body.
    pub(crate) async fn rate_case(
        &self,
        case: &CaseRef,
        (node, rating): (RatingNode, &Rating),
        complaint: Option<(&NewComplaint<'_>, &Owner)>,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let reached = match node {
            RatingNode::Acceptance => {
                "select 1 from case_events where area = $1 and application_id = $2 and kind = $3"
            }
            RatingNode::Decision => {
                "select 1 from cases where area = $1 and application_id = $2 and (state = 'granted' or state = 'refused') \
                 and $3 = $3"
            }
        };
        let reached = sqlx::query(reached)
            .bind(&case.area)
            .bind(&case.id)
            .bind(CaseEventKind::Accepted.as_str())
            .fetch_optional(&mut *tx)
            .await?;
        if reached.is_none() {
            return Err(StoreError::Conflict);
        }
        let row = format!("{}/{}", case.row(), node.as_str());
        let place = Place { column: "case_ratings.words", row: &row };
        let words =
            rating.words.as_ref().map(|words| self.sealer.seal(place, words.as_bytes())).transpose()?;
        let number = complaint.map(|(new, _)| new.number.as_str());
        let kept = sqlx::query(
            "insert into case_ratings (area, application_id, node, grade, words, rated_at, complaint) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(node.as_str())
        .bind(rating.grade.as_str())
        .bind(words)
        .bind(doing.now.0)
        .bind(number)
        .execute(&mut *tx)
        .await?;
        if kept.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        if let Some((new, device)) = complaint {
            self.insert_complaint(&mut tx, new, device).await?;
        }
        let entry = AuditEntry {
            area: &case.area,
            actor: &doing.actor,
            on_behalf_of: None,
            act: AuditAct::CaseRated,
            object_kind: "applications",
            object: &case.id,
            subject: None,
            purpose: Purpose::Own,
        };
        Self::note(&mut tx, &entry, doing.now).await?;
        let answer = number.unwrap_or("-").to_owned();
        Self::answer_key(&mut tx, &doing.key, &answer).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(answer))
    }

    /// What was thought of a case so far.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn ratings_of(
        &self,
        area: &str,
        id: &str,
    ) -> Result<Vec<(RatingNode, Grade)>, StoreError> {
        let rows = sqlx::query(
            "select node, grade from case_ratings where area = $1 and application_id = $2 order by node",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let node = RatingNode::parse(row.try_get("node")?).ok_or(unknown("case_ratings.node"))?;
                let grade = Grade::parse(row.try_get("grade")?).ok_or(unknown("case_ratings.grade"))?;
                Ok((node, grade))
            })
            .collect()
    }

    /// How often each grade was given within a scope since an instant. Counts alone: who rated what is nobody's to look up.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn count_ratings(
        &self,
        scope: &Scope,
        since: Instant,
    ) -> Result<Vec<RatingCount>, StoreError> {
        let rows = sqlx::query(
            "select node, grade, cast(count(*) as bigint) as many from case_ratings \
             where area >= $1 and area < $2 and rated_at >= $3 group by node, grade",
        )
        .bind(&scope.from)
        .bind(&scope.before)
        .bind(since.0)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(RatingCount {
                    node: RatingNode::parse(row.try_get("node")?).ok_or(unknown("case_ratings.node"))?,
                    grade: Grade::parse(row.try_get("grade")?).ok_or(unknown("case_ratings.grade"))?,
                    count: row.try_get("many")?,
                })
            })
            .collect()
    }
}
