//! A refusal looked at once more (复核): asked for by the resident, answered by somebody who neither gave the opinion nor decided.

use app::domain::aid::case::CaseAct;
use app::domain::aid::recheck::{RecheckAnswer, RecheckOutcome};
use app::domain::audit::AuditAct;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::ports::{CaseRecheck, CaseRecheckAnswer};
use jiff::civil::Date;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::case_acts::{CaseRef, Doing, KEY};
use super::cases::unknown;
use super::staff_cases::{FoundCase, Scope, found};
use super::{OnlyOnce, Store, StoreError};
use crate::seal::Place;

fn asked_place(row: &str) -> Place<'_> {
    Place { column: "case_rechecks.asked", row }
}

fn reasons_place(row: &str) -> Place<'_> {
    Place { column: "case_rechecks.reasons", row }
}

/// A case in which something is to be looked at after the first handling: a change that was told, a recheck that was asked for.
#[derive(Clone, Debug)]
pub(crate) struct FollowUp {
    /// The case.
    pub(crate) case: FoundCase,
    /// Since when the oldest of it waits.
    pub(crate) since: Instant,
    /// A recheck waits.
    pub(crate) recheck: bool,
    /// The latest day of its answer, where there is one.
    pub(crate) due_on: Option<Date>,
    /// How many changes wait.
    pub(crate) changes: i64,
    /// How many contacts wait to be handed over.
    pub(crate) referrals: i64,
}

fn day_in(row: &AnyRow, column: &'static str) -> Result<Option<Date>, StoreError> {
    let text: Option<String> = row.try_get(column)?;
    text.map(|text| text.parse().map_err(|_| unknown("case_rechecks.due_on"))).transpose()
}

impl Store {
    /// Keeps the request to look at the latest refusal once more. Once for each decision.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the case is not refused, it was asked before, or the key was sent with another body.
    pub(crate) async fn ask_recheck(
        &self,
        case: &CaseRef,
        (words, due_on): (&str, Option<Date>),
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let refused: Option<i64> = sqlx::query_scalar(
            "select d.opinion from case_decisions d join cases k on k.area = d.area and k.application_id = d.application_id \
             where d.area = $1 and d.application_id = $2 and k.state = 'refused' order by d.opinion desc limit 1",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_optional(&mut *tx)
        .await?;
        let opinion = refused.ok_or(StoreError::Conflict)?;
        let row = format!("{}/{opinion}", case.row());
        let kept = sqlx::query(
            "insert into case_rechecks (area, application_id, opinion, asked, asked_at, due_on) \
             values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(opinion)
        .bind(self.sealer.seal(asked_place(&row), words.as_bytes())?)
        .bind(doing.now.0)
        .bind(due_on.map(|day| day.to_string()))
        .execute(&mut *tx)
        .await?;
        if kept.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        Self::note_follow_up(&mut tx, case, AuditAct::RecheckAsked, doing).await?;
        Self::answer_key(&mut tx, &doing.key, &case.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(case.number.clone()))
    }

    /// Answers a recheck. Whoever gave the opinion or decided can't: the statement itself sees to that. Reopened, the opinion
    /// counts as sent back, and the case is accepted again.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where nothing waits, the person had a part in the refusal, or the key was sent with another body.
    pub(crate) async fn answer_recheck(
        &self,
        case: &CaseRef,
        answer: &RecheckAnswer,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, post) = doing.staff()?;
        let mut tx = self.write().await?;
        let reopened = answer.outcome == RecheckOutcome::Reopened;
        let before = if reopened {
            self.moved(&mut tx, case, CaseAct::Reopen, doing).await?
        } else {
            Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await?
        };
        if let Some(before) = before {
            return Ok(OnlyOnce::Before(before));
        }
        let waiting: Option<i64> = sqlx::query_scalar(
            "select opinion from case_rechecks where area = $1 and application_id = $2 and answered_at is null",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_optional(&mut *tx)
        .await?;
        let opinion = waiting.ok_or(StoreError::Conflict)?;
        let row = format!("{}/{opinion}", case.row());
        let answered = sqlx::query(
            "update case_rechecks set outcome = $4, reasons = $5, answered_by = $6, answered_post = $7, answered_at = $8 \
             where area = $1 and application_id = $2 and opinion = $3 and answered_at is null \
             and not exists (select 1 from case_decisions d where d.area = $1 and d.application_id = $2 \
             and (d.opinion_by = $6 or d.decided_by = $6))",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(opinion)
        .bind(answer.outcome.as_str())
        .bind(self.sealer.seal(reasons_place(&row), answer.reasons.as_bytes())?)
        .bind(staff)
        .bind(post)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if answered.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        if reopened {
            let place = Place { column: "case_opinions.sent_back", row: &row };
            sqlx::query(
                "update case_opinions set sent_back = $4, sent_back_by = $5, sent_back_at = $6 \
                 where area = $1 and application_id = $2 and sequence = $3",
            )
            .bind(&case.area)
            .bind(&case.id)
            .bind(opinion)
            .bind(self.sealer.seal(place, answer.reasons.as_bytes())?)
            .bind(staff)
            .bind(doing.now.0)
            .execute(&mut *tx)
            .await?;
        } else {
            let resident = Self::note_follow_up(&mut tx, case, AuditAct::RecheckUpheld, doing).await?;
            let notice = Notice::RecheckAnswered { number: case.number.clone() };
            self.tell_of_case(&mut tx, case, resident.as_deref(), &notice, doing.now).await?;
        }
        self.settled(tx, case, doing).await
    }

    /// Whether this person gave an opinion that was decided, or decided.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn had_part(&self, area: &str, id: &str, staff: &str) -> Result<bool, StoreError> {
        let found = sqlx::query(
            "select 1 from case_decisions where area = $1 and application_id = $2 and (opinion_by = $3 or decided_by = $3) limit 1",
        )
        .bind(area)
        .bind(id)
        .bind(staff)
        .fetch_optional(&self.reader)
        .await?;
        Ok(found.is_some())
    }

    /// How many rechecks of a scope wait, how many changes, and how many contacts to be handed over.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn count_follow_ups(&self, scope: &Scope) -> Result<(i64, i64, i64), StoreError> {
        let row = sqlx::query(
            "select cast((select count(*) from case_rechecks w join cases k on k.area = w.area and k.application_id = w.application_id \
             where w.answered_at is null and k.office >= $1 and k.office < $2) as bigint) as rechecks, \
             cast((select count(*) from case_changes w join cases k on k.area = w.area and k.application_id = w.application_id \
             where w.settled_at is null and k.office >= $1 and k.office < $2) as bigint) as changes, \
             cast((select count(*) from case_referrals w join cases k on k.area = w.area and k.application_id = w.application_id \
             where w.withdrawn_at is null and w.handed_at is null and k.office >= $1 and k.office < $2) as bigint) as referrals",
        )
        .bind(&scope.from)
        .bind(&scope.before)
        .fetch_one(&self.reader)
        .await?;
        Ok((row.try_get("rechecks")?, row.try_get("changes")?, row.try_get("referrals")?))
    }

    /// The requests of a case to look at a refusal once more, oldest first.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(super) async fn rechecks_of(&self, area: &str, id: &str) -> Result<Vec<CaseRecheck>, StoreError> {
        let rows = sqlx::query(
            "select r.opinion, r.asked, r.asked_at, r.due_on, r.outcome, r.reasons, r.answered_post, r.answered_at, \
             d.decided_at from case_rechecks r join case_decisions d on d.area = r.area \
             and d.application_id = r.application_id and d.opinion = r.opinion \
             where r.area = $1 and r.application_id = $2 order by r.opinion",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| self.recheck(area, id, row)).collect()
    }

    fn recheck(&self, area: &str, id: &str, row: &AnyRow) -> Result<CaseRecheck, StoreError> {
        let at = format!("{area}/{id}/{}", row.try_get::<i64, _>("opinion")?);
        let asked: Vec<u8> = row.try_get("asked")?;
        let (outcome, reasons): (Option<String>, Option<Vec<u8>>) =
            (row.try_get("outcome")?, row.try_get("reasons")?);
        let answered_at: Option<i64> = row.try_get("answered_at")?;
        let answer = match (outcome, reasons, answered_at) {
            (Some(slug), Some(reasons), Some(answered_at)) => Some(CaseRecheckAnswer {
                outcome: RecheckOutcome::parse(&slug).ok_or(unknown("case_rechecks.outcome"))?,
                reasons: self.sealer.open_text(reasons_place(&at), &reasons)?,
                post: row.try_get("answered_post")?,
                at: Instant(answered_at),
            }),
            _ => None,
        };
        Ok(CaseRecheck {
            asked: self.sealer.open_text(asked_place(&at), &asked)?,
            asked_at: Instant(row.try_get("asked_at")?),
            due_on: day_in(row, "due_on")?,
            decided_at: Instant(row.try_get("decided_at")?),
            answer,
        })
    }

    /// The cases of a scope in which something is to be looked at after the first handling: rechecks first, then who waits longest.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn follow_ups(
        &self,
        scope: &Scope,
        skip: i64,
        count: i64,
    ) -> Result<Vec<FollowUp>, StoreError> {
        let rows = sqlx::query(
            "select a.id, a.number, a.area, k.office, k.community, a.aid_item, a.kind, a.urgency, a.received_at, a.under_14, k.state, \
             w.since, w.rechecks, w.changes, w.referrals, w.due_on, \
             cast((select count(*) from check_consents c where c.area = a.area and c.application_id = a.id \
             and c.given_at is null) as bigint) as missing \
             from (select area, application_id, min(since) as since, cast(sum(recheck) as bigint) as rechecks, \
             cast(sum(change) as bigint) as changes, cast(sum(referral) as bigint) as referrals, max(due_on) as due_on from \
             (select area, application_id, asked_at as since, 1 as recheck, 0 as change, 0 as referral, due_on from case_rechecks where answered_at is null union all \
             select area, application_id, told_at, 0, 1, 0, null from case_changes where settled_at is null union all \
             select area, application_id, consented_at, 0, 0, 1, null from case_referrals where withdrawn_at is null \
             and handed_at is null) u \
             group by area, application_id) w join applications a on a.area = w.area and a.id = w.application_id \
             join cases k on k.area = a.area and k.application_id = a.id where k.office >= $1 and k.office < $2 and ($3 = '' or k.community = $3) \
             order by case when w.rechecks > 0 then 0 else 1 end, w.since, a.id limit $4 offset $5",
        )
        .bind(&scope.from)
        .bind(&scope.before)
        .bind(&scope.community)
        .bind(count)
        .bind(skip)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(FollowUp {
                    case: found(row)?,
                    since: Instant(row.try_get("since")?),
                    recheck: row.try_get::<i64, _>("rechecks")? > 0,
                    due_on: day_in(row, "due_on")?,
                    changes: row.try_get("changes")?,
                    referrals: row.try_get("referrals")?,
                })
            })
            .collect()
    }
}
