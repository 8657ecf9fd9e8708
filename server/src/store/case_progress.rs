//! How far a case has come: its state, what was asked and answered, the opinion that waits, the decision.

use app::domain::aid::case::CaseState;
use app::domain::aid::correction::CorrectionItem;
use app::domain::aid::decision::{Outcome, RefusalGround};
use app::domain::money::Fen;
use app::domain::time::Instant;
use app::ports::{CaseCorrection, CaseDecision, CaseOpinion, CaseProgress};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::case_due::day_of;
use super::cases::unknown;
use super::{Store, StoreError};
use crate::seal::Place;

pub(super) fn correction_place(row: &str) -> Place<'_> {
    Place { column: "case_corrections.items", row }
}

pub(super) fn answers_place(row: &str) -> Place<'_> {
    Place { column: "case_corrections.answers", row }
}

pub(super) fn opinion_place(row: &str) -> Place<'_> {
    Place { column: "case_opinions.reasons", row }
}

pub(super) fn arranged_place(row: &str) -> Place<'_> {
    Place { column: "case_opinions.arranged", row }
}

impl Store {
    /// How far the case has come, with everything that was written on its way.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn case_progress(&self, area: &str, id: &str) -> Result<CaseProgress, StoreError> {
        let row = sqlx::query("select state, changed_at from cases where area = $1 and application_id = $2")
            .bind(area)
            .bind(id)
            .fetch_one(&self.reader)
            .await?;
        let state = CaseState::parse(row.try_get("state")?).ok_or(unknown("cases.state"))?;
        let changed_at = Instant(row.try_get("changed_at")?);
        let corrections = self.corrections_of(area, id).await?;
        let opinion = self.opinion_of(area, id).await?;
        let rechecks = self.rechecks_of(area, id).await?;
        let decided = sqlx::query(
            "select decided_at, decided_post from case_decisions where area = $1 and application_id = $2 \
             order by opinion desc limit 1",
        )
        .bind(area)
        .bind(id)
        .fetch_optional(&self.reader)
        .await?;
        // What a recheck reopened is decided no longer.
        let decision = match (decided.filter(|_| !state.is_open()), &opinion) {
            (Some(row), Some(opinion)) => Some(CaseDecision {
                opinion: opinion.clone(),
                decided_at: Instant(row.try_get("decided_at")?),
                decided_post: row.try_get("decided_post")?,
            }),
            _ => None,
        };
        Ok(CaseProgress { state, changed_at, corrections, opinion, decision, rechecks })
    }

    async fn corrections_of(&self, area: &str, id: &str) -> Result<Vec<CaseCorrection>, StoreError> {
        let rows = sqlx::query(
            "select round, items, again, asked_at, answers, answered_at from case_corrections \
             where area = $1 and application_id = $2 order by round",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| self.correction(area, id, row)).collect()
    }

    fn correction(&self, area: &str, id: &str, row: &AnyRow) -> Result<CaseCorrection, StoreError> {
        let at = format!("{area}/{id}/{}", row.try_get::<i64, _>("round")?);
        let items: Vec<u8> = row.try_get("items")?;
        let items: Vec<CorrectionItem> = self.sealer.open_json(correction_place(&at), &items)?;
        let answers: Option<Vec<u8>> = row.try_get("answers")?;
        let answers: Vec<(String, String)> = match answers {
            Some(sealed) => self.sealer.open_json(answers_place(&at), &sealed)?,
            None => Vec::new(),
        };
        let again: Option<Vec<u8>> = row.try_get("again")?;
        let again = again.map(|sealed| {
            self.sealer.open_text(Place { column: "case_corrections.again", row: &at }, &sealed)
        });
        Ok(CaseCorrection {
            items,
            again: again.transpose()?,
            asked_at: Instant(row.try_get("asked_at")?),
            answers,
            answered_at: row.try_get::<Option<i64>, _>("answered_at")?.map(Instant),
        })
    }

    async fn opinion_of(&self, area: &str, id: &str) -> Result<Option<CaseOpinion>, StoreError> {
        let row = sqlx::query(
            "select sequence, outcome, amount, ground, reasons, given_by, given_at, sent_back, sent_back_at, arranged, from_month \
             from case_opinions where area = $1 and application_id = $2 order by sequence desc limit 1",
        )
        .bind(area)
        .bind(id)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let at = format!("{area}/{id}/{}", row.try_get::<i64, _>("sequence")?);
        let reasons: Vec<u8> = row.try_get("reasons")?;
        let sent_back: Option<Vec<u8>> = row.try_get("sent_back")?;
        let sent_back = sent_back.map(|sealed| {
            self.sealer.open_text(Place { column: "case_opinions.sent_back", row: &at }, &sealed)
        });
        let arranged: Option<Vec<u8>> = row.try_get("arranged")?;
        let arranged = arranged.map(|sealed| self.sealer.open_json(arranged_place(&at), &sealed));
        let ground: Option<String> = row.try_get("ground")?;
        Ok(Some(CaseOpinion {
            outcome: Outcome::parse(row.try_get("outcome")?).ok_or(unknown("case_opinions.outcome"))?,
            amount: row.try_get::<Option<i64>, _>("amount")?.map(Fen),
            month: row.try_get::<Option<i64>, _>("from_month")?.and_then(day_of),
            arranged: arranged.transpose()?,
            ground: match ground {
                Some(slug) => Some(RefusalGround::parse(&slug).ok_or(unknown("case_opinions.ground"))?),
                None => None,
            },
            reasons: self.sealer.open_text(opinion_place(&at), &reasons)?,
            given_by: row.try_get("given_by")?,
            given_at: Instant(row.try_get("given_at")?),
            sent_back: sent_back.transpose()?,
        }))
    }
}
