//! An extension by a legal ground, and aid that goes before its papers: acts beside the way of a case.

use app::domain::aid::clock::{CaseClock, Expedited, Extension, GivenFirst};
use app::domain::audit::{AuditAct, Purpose};
use app::domain::calendar::{Calendar, Deadline};
use app::domain::money::Fen;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::ports::CaseEventKind;
use sqlx::{Any, Row as _, Transaction};

use super::audit::AuditEntry;
use super::case_acts::{CaseRef, Doing, KEY};
use super::case_due::{NO_DAY, day_number, day_of};
use super::{OnlyOnce, Store, StoreError};
use crate::seal::Place;

fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    Place { column, row }
}

impl Store {
    /// Gives a special case more time, once, while its day has not passed: an extension never mends lateness.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the case is closed, late, extended before or without a limit, or the key was sent with
    /// another body.
    pub(crate) async fn extend_case(
        &self,
        case: &CaseRef,
        extension: &Extension,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, post) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        Self::may_act(&mut tx, case, doing).await?;
        let row = case.row();
        let sealed =
            self.sealer.seal(place("case_extensions.reasons", &row), extension.reasons.as_bytes())?;
        let extended = sqlx::query(
            "insert into case_extensions (area, application_id, ground, working_days, reasons, extended_by, extended_post, extended_at) \
             select k.area, k.application_id, $3, $4, $5, $6, $7, $8 from cases k \
             join applications a on a.area = k.area and a.id = k.application_id \
             where k.area = $1 and k.application_id = $2 and k.open_since is not null and k.due_day >= $9 \
             and a.limit_working_days < $4 on conflict (area, application_id) do nothing",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(&extension.ground)
        .bind(i64::from(extension.working_days))
        .bind(sealed)
        .bind(staff)
        .bind(post)
        .bind(doing.now.0)
        .bind(day_number(doing.now.shanghai_date()))
        .execute(&mut *tx)
        .await?;
        if extended.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        Self::keep_due(&mut tx, case, doing.now).await?;
        let due: i64 =
            sqlx::query_scalar("select due_day from cases where area = $1 and application_id = $2")
                .bind(&case.area)
                .bind(&case.id)
                .fetch_one(&mut *tx)
                .await?;
        let until = match day_of(due) {
            Some(day) => format!("{}月{}日", day.month(), day.day()),
            // Beyond the holiday calendar, or the resident must answer first.
            None => "放假安排公布后算".to_owned(),
        };
        let notice = Notice::CaseExtended { number: case.number.clone(), until };
        self.beside(&mut tx, case, (AuditAct::CaseExtended, CaseEventKind::Extended), Some(&notice), doing)
            .await?;
        self.settled(tx, case, doing).await
    }

    /// Gives small aid first in an emergency; its papers follow within working days that the office set.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the case is closed, no emergency or has had it, or the key was sent with another body.
    pub(crate) async fn expedite_case(
        &self,
        case: &CaseRef,
        (expedited, paper_days): (&Expedited, u16),
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, post) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        Self::may_act(&mut tx, case, doing).await?;
        let row = case.row();
        let today = doing.now.shanghai_date();
        let by = match Calendar::embedded().add_working_days(today, u32::from(paper_days)) {
            Deadline::On(day) => day_number(day),
            Deadline::BeyondCalendar { .. } => NO_DAY,
        };
        let sealed = self.sealer.seal(place("case_expedited.why", &row), expedited.why.as_bytes())?;
        let given = sqlx::query(
            "insert into case_expedited (area, application_id, amount, why, given_by, given_post, given_at, papers_by) \
             select k.area, k.application_id, $3, $4, $5, $6, $7, $8 from cases k \
             join applications a on a.area = k.area and a.id = k.application_id \
             where k.area = $1 and k.application_id = $2 and k.state in ('received', 'correction_requested', 'accepted') \
             and a.aid_item = 'temporary-aid' and a.kind = 'emergency' on conflict (area, application_id) do nothing",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(expedited.amount.0)
        .bind(sealed)
        .bind(staff)
        .bind(post)
        .bind(doing.now.0)
        .bind(by)
        .execute(&mut *tx)
        .await?;
        if given.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        let notice = Notice::CaseExpedited { number: case.number.clone() };
        self.beside(&mut tx, case, (AuditAct::CaseExpedited, CaseEventKind::Expedited), Some(&notice), doing)
            .await?;
        self.settled(tx, case, doing).await
    }

    /// Writes down what followed after aid that was given first (补充说明).
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where nothing is missing, or the key was sent with another body.
    pub(crate) async fn supplement_case(
        &self,
        case: &CaseRef,
        supplement: &str,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, _) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        Self::may_act(&mut tx, case, doing).await?;
        let row = case.row();
        let written = sqlx::query(
            "update case_expedited set supplement = $3, supplemented_by = $4, supplemented_at = $5 \
             where area = $1 and application_id = $2 and supplemented_at is null",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(self.sealer.seal(place("case_expedited.supplement", &row), supplement.as_bytes())?)
        .bind(staff)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if written.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        let traces = (AuditAct::CaseSupplemented, CaseEventKind::Supplemented);
        self.beside(&mut tx, case, traces, None, doing).await?;
        self.settled(tx, case, doing).await
    }

    /// Event, trail and message of an act that leaves the state as it is.
    pub(super) async fn beside(
        &self,
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        (act, event): (AuditAct, CaseEventKind),
        notice: Option<&Notice>,
        doing: &Doing,
    ) -> Result<(), StoreError> {
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
        let entry = AuditEntry {
            area: &case.area,
            actor: &doing.actor,
            on_behalf_of: None,
            act,
            object_kind: "applications",
            object: &case.id,
            subject: resident,
            purpose: Purpose::Handling,
        };
        Self::note(tx, &entry, doing.now).await?;
        match notice {
            Some(notice) => self.tell_of_case(tx, case, resident, notice, doing.now).await,
            None => Ok(()),
        }
    }

    /// What was done to the clock of a case.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn clock_of(&self, area: &str, id: &str) -> Result<CaseClock, StoreError> {
        let at = format!("{area}/{id}");
        let row = sqlx::query(
            "select ground, working_days, reasons, extended_at from case_extensions where area = $1 and application_id = $2",
        )
        .bind(area)
        .bind(id)
        .fetch_optional(&self.reader)
        .await?;
        let extension = match row {
            None => None,
            Some(row) => {
                let reasons: Vec<u8> = row.try_get("reasons")?;
                let days: i64 = row.try_get("working_days")?;
                let extension = Extension {
                    ground: row.try_get("ground")?,
                    working_days: u16::try_from(days).unwrap_or(u16::MAX),
                    reasons: self.sealer.open_text(place("case_extensions.reasons", &at), &reasons)?,
                };
                Some((extension, Instant(row.try_get("extended_at")?)))
            }
        };
        let row = sqlx::query(
            "select amount, why, given_at, papers_by, supplement, supplemented_at from case_expedited \
             where area = $1 and application_id = $2",
        )
        .bind(area)
        .bind(id)
        .fetch_optional(&self.reader)
        .await?;
        let expedited = match row {
            None => None,
            Some(row) => {
                let why: Vec<u8> = row.try_get("why")?;
                let supplement: Option<Vec<u8>> = row.try_get("supplement")?;
                let supplement = supplement
                    .map(|sealed| self.sealer.open_text(place("case_expedited.supplement", &at), &sealed))
                    .transpose()?;
                let supplemented: Option<i64> = row.try_get("supplemented_at")?;
                Some(GivenFirst {
                    expedited: Expedited {
                        amount: Fen(row.try_get("amount")?),
                        why: self.sealer.open_text(place("case_expedited.why", &at), &why)?,
                    },
                    at: Instant(row.try_get("given_at")?),
                    papers_by: day_of(row.try_get("papers_by")?),
                    supplement: supplement.zip(supplemented.map(Instant)),
                })
            }
        };
        Ok(CaseClock { extension, expedited })
    }
}
