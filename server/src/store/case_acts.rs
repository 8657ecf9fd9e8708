//! What moves a case on: each act once, in the state that it is open in, by whom the handler let through.

use app::domain::aid::case::{CaseAct, CaseState};
use app::domain::aid::correction::{CorrectionItem, CorrectionList};
use app::domain::aid::decision::{Opinion, Outcome};
use app::domain::audit::{AuditAct, Purpose};
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::ports::CaseEventKind;
use app::visit::Owner;
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::case_due::day_number;
use super::case_progress::{answers_place, arranged_place, correction_place, opinion_place};
use super::messages::{Channel, NewMessage};
use super::public_notices::PublicRules;
use super::{IdempotencyKey, OnlyOnce, Store, StoreError};
use crate::seal::Place;

/// The case that an act is on.
#[derive(Clone, Debug)]
pub(crate) struct CaseRef {
    /// The street that received it.
    pub(crate) area: String,
    /// The application's id.
    pub(crate) id: String,
    /// The case's number.
    pub(crate) number: String,
}

impl CaseRef {
    /// The row that its columns are sealed under.
    pub(crate) fn row(&self) -> String {
        format!("{}/{}", self.area, self.id)
    }
}

/// Who acts, with the form's key and when.
#[derive(Clone, Debug)]
pub(crate) struct Doing {
    /// Who.
    pub(crate) actor: Actor,
    /// The form's key.
    pub(crate) key: IdempotencyKey,
    /// Whose key it is.
    pub(crate) owner: Owner,
    /// When.
    pub(crate) now: Instant,
}

impl Doing {
    /// The account of the staff member who acts.
    pub(super) fn staff(&self) -> Result<(&str, &str), StoreError> {
        match &self.actor {
            Actor::Staff { id, post } => Ok((id, post)),
            _ => Err(StoreError::Other(anyhow::anyhow!("an act of staff by somebody else"))),
        }
    }
}

/// What an act leaves behind in trail and timeline.
fn traces(act: CaseAct) -> (AuditAct, CaseEventKind) {
    match act {
        CaseAct::RequestCorrection => (AuditAct::CorrectionRequested, CaseEventKind::CorrectionRequested),
        CaseAct::AnswerCorrection => (AuditAct::CorrectionAnswered, CaseEventKind::CorrectionAnswered),
        CaseAct::Accept => (AuditAct::CaseAccepted, CaseEventKind::Accepted),
        CaseAct::GiveOpinion => (AuditAct::OpinionGiven, CaseEventKind::OpinionGiven),
        CaseAct::SendBack => (AuditAct::CaseSentBack, CaseEventKind::SentBack),
        CaseAct::Grant => (AuditAct::CaseGranted, CaseEventKind::Granted),
        CaseAct::Refuse => (AuditAct::CaseRefused, CaseEventKind::Refused),
        CaseAct::Withdraw => (AuditAct::CaseWithdrawn, CaseEventKind::Withdrawn),
        CaseAct::Reopen => (AuditAct::CaseReopened, CaseEventKind::Reopened),
        CaseAct::Reinvestigate => (AuditAct::CaseReinvestigated, CaseEventKind::Reinvestigated),
    }
}

/// What the person is told of an act, if anything.
fn told(act: CaseAct, number: &str) -> Option<Notice> {
    let number = number.to_owned();
    match act {
        CaseAct::RequestCorrection => Some(Notice::CorrectionRequested { number }),
        CaseAct::Accept => Some(Notice::CaseAccepted { number }),
        CaseAct::Grant | CaseAct::Refuse => Some(Notice::CaseDecided { number }),
        CaseAct::Withdraw => Some(Notice::CaseWithdrawn { number }),
        CaseAct::Reopen => Some(Notice::RecheckAnswered { number }),
        CaseAct::Reinvestigate => Some(Notice::CaseReinvestigated { number }),
        CaseAct::AnswerCorrection | CaseAct::GiveOpinion | CaseAct::SendBack => None,
    }
}

/// The act that the key of any form on a case's way is taken for.
pub(crate) const KEY: &str = "case act";

impl Store {
    /// Tells all that is missing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the case has moved on, a list was told before and this one has no reason, or the key
    /// was sent with another body.
    pub(crate) async fn request_correction(
        &self,
        case: &CaseRef,
        list: &CorrectionList,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, _) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = self.moved(&mut tx, case, CaseAct::RequestCorrection, doing).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let round: i64 = sqlx::query_scalar(
            "select cast(coalesce(max(round), 0) + 1 as bigint) from case_corrections \
             where area = $1 and application_id = $2",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_one(&mut *tx)
        .await?;
        if round > 1 && list.again.is_none() {
            return Err(StoreError::Conflict);
        }
        let row = format!("{}/{round}", case.row());
        let again = list.again.as_ref().filter(|_| round > 1);
        let again = again.map(|reason| {
            self.sealer.seal(Place { column: "case_corrections.again", row: &row }, reason.as_bytes())
        });
        sqlx::query(
            "insert into case_corrections (area, application_id, round, items, again, asked_by, asked_at) \
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(round)
        .bind(self.sealer.seal_json(correction_place(&row), &list.items)?)
        .bind(again.transpose()?)
        .bind(staff)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        self.settled(tx, case, doing).await
    }

    /// Answers what was asked; the clock goes on.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where nothing is asked any more, or the key was sent with another body.
    pub(crate) async fn answer_correction(
        &self,
        case: &CaseRef,
        answers: &[(CorrectionItem, String)],
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(before) = self.moved(&mut tx, case, CaseAct::AnswerCorrection, doing).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let round: i64 = sqlx::query_scalar(
            "select cast(max(round) as bigint) from case_corrections \
             where area = $1 and application_id = $2 and answered_at is null",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_one(&mut *tx)
        .await?;
        let row = format!("{}/{round}", case.row());
        let pairs: Vec<(&str, &str)> =
            answers.iter().map(|(item, answer)| (item.topic.as_str(), answer.as_str())).collect();
        sqlx::query(
            "update case_corrections set answers = $4, answered_at = $5 \
             where area = $1 and application_id = $2 and round = $3 and answered_at is null",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(round)
        .bind(self.sealer.seal_json(answers_place(&row), &pairs)?)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        self.settled(tx, case, doing).await
    }

    /// Accepts a case (受理), or takes it back for the resident.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the case has moved on, or the key was sent with another body.
    pub(crate) async fn move_case(
        &self,
        case: &CaseRef,
        act: CaseAct,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(before) = self.moved(&mut tx, case, act, doing).await? {
            return Ok(OnlyOnce::Before(before));
        }
        self.settled(tx, case, doing).await
    }

    /// Gives the street's opinion on a case that nothing is made public of.
    #[cfg(test)]
    pub(crate) async fn give_opinion(
        &self,
        case: &CaseRef,
        opinion: &Opinion,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        self.give_opinion_in_public(case, opinion, None, doing).await
    }

    /// Gives the street's opinion. One to give aid is put up in public from that moment, where `rules` say so.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the case has moved on, the household is one's own family, or the key was sent with another
    /// body.
    pub(crate) async fn give_opinion_in_public(
        &self,
        case: &CaseRef,
        opinion: &Opinion,
        rules: Option<&PublicRules>,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, post) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = self.moved(&mut tx, case, CaseAct::GiveOpinion, doing).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let sequence: i64 = sqlx::query_scalar(
            "select cast(coalesce(max(sequence), 0) + 1 as bigint) from case_opinions \
             where area = $1 and application_id = $2",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_one(&mut *tx)
        .await?;
        let row = format!("{}/{sequence}", case.row());
        let (amount, month, arranged, ground) = match opinion {
            Opinion::Grant { amount, month, arranged, .. } => {
                (amount.map(|amount| amount.0), month.map(day_number), arranged.as_ref(), None)
            }
            Opinion::Refuse { ground, .. } => (None, None, None, Some(ground.as_str())),
        };
        let arranged = arranged.map(|arranged| self.sealer.seal_json(arranged_place(&row), arranged));
        sqlx::query(
            "insert into case_opinions (area, application_id, sequence, outcome, amount, ground, reasons, given_by, \
             given_post, given_at, arranged, from_month) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(sequence)
        .bind(opinion.outcome().as_str())
        .bind(amount)
        .bind(ground)
        .bind(self.sealer.seal(opinion_place(&row), opinion.reasons().as_str().as_bytes())?)
        .bind(staff)
        .bind(post)
        .bind(doing.now.0)
        .bind(arranged.transpose()?)
        .bind(month)
        .execute(&mut *tx)
        .await?;
        if let (Opinion::Grant { .. }, Some(rules)) = (opinion, rules) {
            self.put_up(&mut tx, case, sequence, rules, doing.now).await?;
        }
        self.settled(tx, case, doing).await
    }

    /// Sends the opinion back: it is to be looked into again, and why.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the case has moved on, the opinion is one's own, or the key was sent with another body.
    pub(crate) async fn send_back(
        &self,
        case: &CaseRef,
        why: &str,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, _) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = self.moved(&mut tx, case, CaseAct::SendBack, doing).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let (sequence, _) = Self::opinion_of_another(&mut tx, case, staff).await?;
        let row = format!("{}/{sequence}", case.row());
        let place = Place { column: "case_opinions.sent_back", row: &row };
        sqlx::query(
            "update case_opinions set sent_back = $4, sent_back_by = $5, sent_back_at = $6 \
             where area = $1 and application_id = $2 and sequence = $3",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(sequence)
        .bind(self.sealer.seal(place, why.as_bytes())?)
        .bind(staff)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        self.settled(tx, case, doing).await
    }

    /// Decides on a case that nothing is made public of.
    #[cfg(test)]
    pub(crate) async fn decide(
        &self,
        case: &CaseRef,
        outcome: Outcome,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        self.decide_in_public(case, outcome, None, doing).await
    }

    /// Decides as the opinion says. Whoever gave the opinion can't (four eyes): the statement itself sees to that. Where `rules`
    /// ask for a public notice, none is decided before it has ended and every objection is answered; what is given is made
    /// public.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the case has moved on, the opinion is one's own or not `outcome`, the notice goes on, the
    /// household is one's own family or still waits for the district's visit, or the key was sent with another body.
    pub(crate) async fn decide_in_public(
        &self,
        case: &CaseRef,
        outcome: Outcome,
        rules: Option<&PublicRules>,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, post) = doing.staff()?;
        let act = match outcome {
            Outcome::Grant => CaseAct::Grant,
            Outcome::Refuse => CaseAct::Refuse,
        };
        let mut tx = self.write().await?;
        if let Some(before) = self.moved(&mut tx, case, act, doing).await? {
            return Ok(OnlyOnce::Before(before));
        }
        Self::visited_where_due(&mut tx, case).await?;
        let (sequence, by) = Self::opinion_of_another(&mut tx, case, staff).await?;
        let decided = sqlx::query(
            "insert into case_decisions (area, application_id, opinion, outcome, opinion_by, decided_by, decided_post, \
             decided_at) select area, application_id, sequence, outcome, given_by, $5, $6, $7 from case_opinions \
             where area = $1 and application_id = $2 and sequence = $3 and outcome = $4 and given_by = $8",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(sequence)
        .bind(outcome.as_str())
        .bind(staff)
        .bind(post)
        .bind(doing.now.0)
        .bind(by)
        .execute(&mut *tx)
        .await?;
        if decided.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        if outcome == Outcome::Grant {
            self.publish(&mut tx, case, sequence, rules, doing.now).await?;
            self.begin_service(&mut tx, case, sequence).await?;
        }
        self.settled(tx, case, doing).await
    }

    /// The opinion that waits, unless it is this person's own.
    async fn opinion_of_another(
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        staff: &str,
    ) -> Result<(i64, String), StoreError> {
        let row = sqlx::query(
            "select sequence, given_by from case_opinions where area = $1 and application_id = $2 \
             and sent_back_at is null and given_by <> $3 order by sequence desc limit 1",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(staff)
        .fetch_optional(&mut **tx)
        .await?;
        let row = row.ok_or(StoreError::Conflict)?;
        Ok((row.try_get("sequence")?, row.try_get("given_by")?))
    }

    /// Takes the key and moves the state on, with event, trail and message; never for a near relative of the household among the
    /// staff. `Some` is the answer that the key gave before.
    pub(super) async fn moved(
        &self,
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        act: CaseAct,
        doing: &Doing,
    ) -> Result<Option<String>, StoreError> {
        if let Some(before) = Self::take_key(tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(Some(before));
        }
        Self::may_act(tx, case, doing).await?;
        let mut done = 0;
        // The state is a condition of the update: two acts at once, and one finds the case moved on.
        for state in CaseState::ALL {
            let Some(next) = state.after(act) else { continue };
            let moved = sqlx::query(
                "update cases set state = $4, changed_at = $5 \
                 where area = $1 and application_id = $2 and state = $3",
            )
            .bind(&case.area)
            .bind(&case.id)
            .bind(state.as_str())
            .bind(next.as_str())
            .bind(doing.now.0)
            .execute(&mut **tx)
            .await?;
            done = moved.rows_affected();
            if done == 1 {
                break;
            }
        }
        if done != 1 {
            return Err(StoreError::Conflict);
        }
        let (noted, event) = traces(act);
        sqlx::query(
            "insert into case_events (area, application_id, sequence, kind, at) \
             select $1, $2, coalesce(max(sequence), 0) + 1, $3, $4 from case_events \
             where area = $1 and application_id = $2",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(event.as_str())
        .bind(doing.now.0)
        .execute(&mut **tx)
        .await?;
        let owner: String = sqlx::query_scalar("select owner from applications where area = $1 and id = $2")
            .bind(&case.area)
            .bind(&case.id)
            .fetch_one(&mut **tx)
            .await?;
        let resident = owner.strip_prefix("resident:");
        let purpose = match &doing.actor {
            Actor::Staff { .. } => Purpose::Handling,
            _ => Purpose::Own,
        };
        let entry = AuditEntry {
            area: &case.area,
            actor: &doing.actor,
            on_behalf_of: match &doing.actor {
                // Each act of somebody who acts for another notes both.
                Actor::Resident(id) => resident.filter(|concerned| concerned != id),
                _ => None,
            },
            act: noted,
            object_kind: "applications",
            object: &case.id,
            subject: resident,
            purpose,
        };
        Self::note(tx, &entry, doing.now).await?;
        if let Some(notice) = told(act, &case.number) {
            self.tell_of_case(tx, case, resident, &notice, doing.now).await?;
        }
        Ok(None)
    }

    /// By the way that the person chose in their account; to the application's own mobile where there is none.
    pub(super) async fn tell_of_case(
        &self,
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        resident: Option<&str>,
        notice: &Notice,
        now: Instant,
    ) -> Result<(), StoreError> {
        if let Some(resident) = resident {
            let link = format!("/confirm/{}", case.number);
            return self.tell(tx, resident, notice, Some(&link), now).await;
        }
        let sealed: Vec<u8> =
            sqlx::query_scalar("select mobile from applications where area = $1 and id = $2")
                .bind(&case.area)
                .bind(&case.id)
                .fetch_one(&mut **tx)
                .await?;
        let row = case.row();
        let mobile = self.sealer.open_text(Place { column: "applications.mobile", row: &row }, &sealed)?;
        let text = notice.sms();
        let message = NewMessage {
            resident: None,
            area: &case.area,
            channel: Channel::Text,
            template: notice.id(),
            to: &mobile,
            text: &text,
            urgent: notice.is_urgent(),
            expires_at: None,
        };
        self.enqueue(tx, &message, now).await?;
        Ok(())
    }

    /// Ends an act: what the work list sorts by, the key's answer, the commit.
    pub(super) async fn settled(
        &self,
        mut tx: Transaction<'static, Any>,
        case: &CaseRef,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        Self::take_down(&mut tx, case, doing.now).await?;
        Self::keep_due(&mut tx, case, doing.now).await?;
        Self::answer_key(&mut tx, &doing.key, &case.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(case.number.clone()))
    }
}
