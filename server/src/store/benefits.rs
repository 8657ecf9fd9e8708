//! Aid that is paid month by month: proposals to reduce or end it, the person's word, the decision; reviews; who is paid what.

use std::collections::BTreeMap;

use app::domain::aid::ApplicationRecord;
use app::domain::aid::benefit::{BenefitStep, Heard, HeardHow, StepProposal, month_of};
use app::domain::audit::AuditAct;
use app::domain::money::Fen;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::ports::{BenefitReview, BenefitStepLine, CaseBenefit};
use jiff::civil::Date;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::case_acts::{CaseRef, Doing, KEY};
use super::case_due::{day_number, day_of};
use super::cases::unknown;
use super::staff_cases::{FoundCase, Scope, found};
use super::{OnlyOnce, Store, StoreError};
use crate::seal::Place;

fn reasons_place(row: &str) -> Place<'_> {
    Place { column: "benefit_steps.reasons", row }
}

fn heard_place(row: &str) -> Place<'_> {
    Place { column: "benefit_steps.heard", row }
}

/// A case to which aid was given, with what is paid.
#[derive(Debug)]
pub(crate) struct GrantedCase {
    /// The case.
    pub(crate) case: FoundCase,
    /// What is paid, and what became of it.
    pub(crate) benefit: CaseBenefit,
    /// The applicant.
    pub(crate) name: String,
    /// Whose account, which bank, which number; nothing where none was told.
    pub(crate) account: Option<(String, String, String)>,
}

impl Store {
    /// What is paid on a granted case, or that the household is recognised, and what became of it since; `None` where nothing is given,
    /// or a service. The item's rules are the
    /// caller's to add.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn benefit_of(&self, area: &str, id: &str) -> Result<Option<CaseBenefit>, StoreError> {
        let row = sqlx::query(
            "select o.amount, o.from_month as named, d.decided_at, a.received_at, cast((select count(*) from household_members m where m.area = a.area \
             and m.application_id = a.id) as bigint) as members from cases k join applications a on a.area = k.area \
             and a.id = k.application_id join case_decisions d on d.area = k.area and d.application_id = k.application_id \
             join case_opinions o on o.area = d.area and o.application_id = d.application_id and o.sequence = d.opinion \
             where k.area = $1 and k.application_id = $2 and k.state = 'granted' and d.outcome = 'grant' \
             and o.arranged is null order by d.opinion desc limit 1",
        )
        .bind(area)
        .bind(id)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let mut benefit = granted(&row)?;
        let steps = sqlx::query(
            "select sequence, step, amount, reasons, proposed_by, proposed_at, heard, heard_how, heard_on, dropped_at, \
             decided_post, decided_at, from_month from benefit_steps where area = $1 and application_id = $2 order by sequence",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        benefit.steps = steps.iter().map(|row| self.benefit_step(area, id, row)).collect::<Result<_, _>>()?;
        for step in &mut benefit.steps {
            step.recognition = benefit.recognition;
        }
        let reviews = sqlx::query(
            "select unchanged_at, done_at, next_months from benefit_reviews \
             where area = $1 and application_id = $2 order by sequence",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        benefit.reviews = reviews.iter().map(review).collect::<Result<_, _>>()?;
        Ok(Some(benefit))
    }

    fn benefit_step(&self, area: &str, id: &str, row: &AnyRow) -> Result<BenefitStepLine, StoreError> {
        let at = format!("{area}/{id}/{}", row.try_get::<i64, _>("sequence")?);
        let reasons: Vec<u8> = row.try_get("reasons")?;
        let heard: Option<Vec<u8>> = row.try_get("heard")?;
        let (how, on): (Option<String>, Option<String>) =
            (row.try_get("heard_how")?, row.try_get("heard_on")?);
        let heard = match (heard, how, on) {
            (Some(sealed), Some(how), Some(on)) => Some(Heard {
                how: HeardHow::parse(&how).ok_or(unknown("benefit_steps.heard_how"))?,
                on: on.parse().map_err(|_| unknown("benefit_steps.heard_on"))?,
                words: self.sealer.open_text(heard_place(&at), &sealed)?,
            }),
            _ => None,
        };
        let (post, decided_at, from): (Option<String>, Option<i64>, Option<i64>) =
            (row.try_get("decided_post")?, row.try_get("decided_at")?, row.try_get("from_month")?);
        let decided = match (post, decided_at, from) {
            (Some(post), Some(at), Some(from)) => {
                Some((post, Instant(at), day_of(from).ok_or(unknown("benefit_steps.from_month"))?))
            }
            _ => None,
        };
        Ok(BenefitStepLine {
            step: BenefitStep::parse(row.try_get("step")?).ok_or(unknown("benefit_steps.step"))?,
            recognition: false,
            amount: Fen(row.try_get("amount")?),
            reasons: self.sealer.open_text(reasons_place(&at), &reasons)?,
            proposed_by: row.try_get("proposed_by")?,
            proposed_at: Instant(row.try_get("proposed_at")?),
            heard,
            dropped_at: row.try_get::<Option<i64>, _>("dropped_at")?.map(Instant),
            decided,
        })
    }

    /// Proposes to reduce or end; the person is asked for their word.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where nothing is given, another proposal is open, or the key was sent with another body.
    pub(crate) async fn propose_step(
        &self,
        case: &CaseRef,
        proposal: &StepProposal,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, _) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let next: i64 = sqlx::query_scalar(
            "select cast(coalesce(max(sequence), 0) + 1 as bigint) from benefit_steps where area = $1 and application_id = $2",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_one(&mut *tx)
        .await?;
        let row = format!("{}/{next}", case.row());
        let proposed = sqlx::query(
            "insert into benefit_steps (area, application_id, sequence, step, amount, reasons, proposed_by, proposed_at) \
             select area, application_id, $3, $4, $5, $6, $7, $8 from cases \
             where area = $1 and application_id = $2 and state = 'granted' on conflict do nothing",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(next)
        .bind(proposal.step.as_str())
        .bind(proposal.amount.0)
        .bind(self.sealer.seal(reasons_place(&row), proposal.reasons.as_bytes())?)
        .bind(staff)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if proposed.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        let resident = Self::note_follow_up(&mut tx, case, AuditAct::BenefitStepProposed, doing).await?;
        let notice = Notice::BenefitStepProposed { number: case.number.clone() };
        self.tell_of_case(&mut tx, case, resident.as_deref(), &notice, doing.now).await?;
        Self::answer_key(&mut tx, &doing.key, &case.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(case.number.clone()))
    }

    /// Keeps what the person said of the open proposal.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where none is open, the person was heard before, or the key was sent with another body.
    pub(crate) async fn hear(
        &self,
        case: &CaseRef,
        heard: &Heard,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let open: Option<i64> = sqlx::query_scalar(
            "select sequence from benefit_steps where area = $1 and application_id = $2 and decided_at is null and dropped_at is null",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_optional(&mut *tx)
        .await?;
        let sequence = open.ok_or(StoreError::Conflict)?;
        let row = format!("{}/{sequence}", case.row());
        let kept = sqlx::query(
            "update benefit_steps set heard = $4, heard_how = $5, heard_on = $6 where area = $1 and application_id = $2 \
             and sequence = $3 and heard is null and decided_at is null and dropped_at is null",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(sequence)
        .bind(self.sealer.seal(heard_place(&row), heard.words.as_bytes())?)
        .bind(heard.how.as_str())
        .bind(heard.on.to_string())
        .execute(&mut *tx)
        .await?;
        if kept.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        Self::note_follow_up(&mut tx, case, AuditAct::PersonHeard, doing).await?;
        Self::answer_key(&mut tx, &doing.key, &case.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(case.number.clone()))
    }

    /// Lets the open proposal go: nothing changes.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where none is open, or the key was sent with another body.
    pub(crate) async fn drop_step(
        &self,
        case: &CaseRef,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let dropped = sqlx::query(
            "update benefit_steps set dropped_at = $3 where area = $1 and application_id = $2 \
             and decided_at is null and dropped_at is null",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if dropped.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        let resident = Self::note_follow_up(&mut tx, case, AuditAct::BenefitStepDropped, doing).await?;
        let notice = Notice::BenefitStepSettled { number: case.number.clone() };
        self.tell_of_case(&mut tx, case, resident.as_deref(), &notice, doing.now).await?;
        Self::answer_key(&mut tx, &doing.key, &case.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(case.number.clone()))
    }

    /// Decides the open proposal, from the next month on. Only where the person was heard, and by another than whoever proposed
    /// it: the statement itself sees to both.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where none is open, nobody heard the person, it is one's own, or the key was sent with another body.
    pub(crate) async fn decide_step(
        &self,
        case: &CaseRef,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, post) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        // Saturating: the calendar of the type ends with the year 9999.
        let from = month_of(doing.now.shanghai_date()).saturating_add(jiff::Span::new().months(1));
        let decided = sqlx::query(
            "update benefit_steps set decided_by = $3, decided_post = $4, decided_at = $5, from_month = $6 \
             where area = $1 and application_id = $2 and decided_at is null and dropped_at is null \
             and heard is not null and proposed_by <> $3",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(staff)
        .bind(post)
        .bind(doing.now.0)
        .bind(day_number(from))
        .execute(&mut *tx)
        .await?;
        if decided.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        let resident = Self::note_follow_up(&mut tx, case, AuditAct::BenefitStepDecided, doing).await?;
        let notice = Notice::BenefitStepSettled { number: case.number.clone() };
        self.tell_of_case(&mut tx, case, resident.as_deref(), &notice, doing.now).await?;
        Self::answer_key(&mut tx, &doing.key, &case.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(case.number.clone()))
    }

    /// The resident says that nothing has changed, for the review that is due next.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where nothing is given, or the key was sent with another body.
    pub(crate) async fn say_unchanged(
        &self,
        case: &CaseRef,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let sequence = Self::open_review(&mut tx, case).await?;
        sqlx::query(
            "update benefit_reviews set unchanged_at = $4 where area = $1 and application_id = $2 and sequence = $3 \
             and unchanged_at is null",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(sequence)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        Self::note_follow_up(&mut tx, case, AuditAct::UnchangedSaid, doing).await?;
        Self::answer_key(&mut tx, &doing.key, &case.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(case.number.clone()))
    }

    /// Writes down that a benefit was reviewed, and in how many months it is again.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where nothing is given, or the key was sent with another body.
    pub(crate) async fn review_done(
        &self,
        case: &CaseRef,
        next_months: u16,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, _) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let sequence = Self::open_review(&mut tx, case).await?;
        sqlx::query(
            "update benefit_reviews set done_by = $4, done_at = $5, next_months = $6 \
             where area = $1 and application_id = $2 and sequence = $3",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(sequence)
        .bind(staff)
        .bind(doing.now.0)
        .bind(i64::from(next_months))
        .execute(&mut *tx)
        .await?;
        Self::note_follow_up(&mut tx, case, AuditAct::BenefitReviewed, doing).await?;
        Self::answer_key(&mut tx, &doing.key, &case.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(case.number.clone()))
    }

    /// The number of the review that is not done yet; one is begun where there is none.
    async fn open_review(
        tx: &mut sqlx::Transaction<'static, sqlx::Any>,
        case: &CaseRef,
    ) -> Result<i64, StoreError> {
        // The row is written to, so that two of one case come one after the other.
        let granted = sqlx::query(
            "update cases set changed_at = changed_at where area = $1 and application_id = $2 and state = 'granted'",
        )
        .bind(&case.area)
        .bind(&case.id)
        .execute(&mut **tx)
        .await?;
        if granted.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        let row = sqlx::query(
            "select cast(coalesce(max(sequence), 0) as bigint) as last, \
             cast(coalesce(max(case when done_at is null then sequence else 0 end), 0) as bigint) as open \
             from benefit_reviews where area = $1 and application_id = $2",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_one(&mut **tx)
        .await?;
        let (last, open): (i64, i64) = (row.try_get("last")?, row.try_get("open")?);
        if open > 0 {
            return Ok(open);
        }
        sqlx::query("insert into benefit_reviews (area, application_id, sequence) values ($1, $2, $3)")
            .bind(&case.area)
            .bind(&case.id)
            .bind(last + 1)
            .execute(&mut **tx)
            .await?;
        Ok(last + 1)
    }

    /// Every case of a scope to which money was given before an instant, oldest decision first, with what is needed to pay it. The
    /// caller has noted the reading before.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn granted_cases(
        &self,
        scope: &Scope,
        before: Instant,
        count: i64,
    ) -> Result<Vec<GrantedCase>, StoreError> {
        let rows = sqlx::query(
            "select a.id, a.number, a.area, k.office, k.community, a.aid_item, a.kind, a.urgency, a.received_at, a.under_14, k.state, \
             a.applicant_name, a.bank_account, a.details, o.amount, o.from_month as named, d.decided_at, cast(0 as bigint) as missing, \
             cast((select count(*) from household_members m where m.area = a.area and m.application_id = a.id) as bigint) as members \
             from case_decisions d join cases k on k.area = d.area and k.application_id = d.application_id \
             join applications a on a.area = d.area and a.id = d.application_id \
             join case_opinions o on o.area = d.area and o.application_id = d.application_id and o.sequence = d.opinion \
             where k.office >= $1 and k.office < $2 and d.decided_at < $3 and d.outcome = 'grant' and k.state = 'granted' \
             and o.amount is not null order by d.decided_at, a.id limit $4",
        )
        .bind(&scope.from)
        .bind(&scope.before)
        .bind(before.0)
        .bind(count)
        .fetch_all(&self.reader)
        .await?;
        let mut steps = self.steps_of(scope).await?;
        let mut reviews = self.reviews_of(scope).await?;
        let mut granted_cases = Vec::with_capacity(rows.len());
        for row in &rows {
            let case = found(row)?;
            let at = format!("{}/{}", case.head.area, case.id);
            let open = |column: &'static str, sealed: Vec<u8>| {
                self.sealer.open_text(Place { column, row: &at }, &sealed)
            };
            let number: Option<Vec<u8>> = row.try_get("bank_account")?;
            let details: Vec<u8> = row.try_get("details")?;
            let account = match number {
                Some(sealed) => {
                    let place = Place { column: "applications.details", row: &at };
                    let record: ApplicationRecord = self.sealer.open_json(place, &details)?;
                    let kept = record.account.unwrap_or_default();
                    Some((kept.holder, kept.bank, open("applications.bank_account", sealed)?))
                }
                None => None,
            };
            let mut benefit = granted(row)?;
            let key = (case.head.area.clone(), case.id.clone());
            benefit.steps = steps.remove(&key).unwrap_or_default();
            benefit.reviews = reviews.remove(&key).unwrap_or_default();
            granted_cases.push(GrantedCase {
                name: open("applications.applicant_name", row.try_get("applicant_name")?)?,
                account,
                benefit,
                case,
            });
        }
        Ok(granted_cases)
    }

    async fn steps_of(
        &self,
        scope: &Scope,
    ) -> Result<BTreeMap<(String, String), Vec<BenefitStepLine>>, StoreError> {
        let rows = sqlx::query(
            "select b.area, b.application_id, b.sequence, b.step, b.amount, b.reasons, b.proposed_by, b.proposed_at, b.heard, b.heard_how, \
             b.heard_on, b.dropped_at, b.decided_post, b.decided_at, b.from_month from benefit_steps b \
             join cases k on k.area = b.area and k.application_id = b.application_id where k.office >= $1 and k.office < $2 \
             order by b.area, b.application_id, b.sequence",
        )
        .bind(&scope.from)
        .bind(&scope.before)
        .fetch_all(&self.reader)
        .await?;
        let mut steps: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for row in &rows {
            let (area, id): (String, String) = (row.try_get("area")?, row.try_get("application_id")?);
            let step = self.benefit_step(&area, &id, row)?;
            steps.entry((area, id)).or_default().push(step);
        }
        Ok(steps)
    }

    async fn reviews_of(
        &self,
        scope: &Scope,
    ) -> Result<BTreeMap<(String, String), Vec<BenefitReview>>, StoreError> {
        let rows = sqlx::query(
            "select b.area, b.application_id, b.unchanged_at, b.done_at, b.next_months from benefit_reviews b \
             join cases k on k.area = b.area and k.application_id = b.application_id where k.office >= $1 and k.office < $2 \
             order by b.area, b.application_id, b.sequence",
        )
        .bind(&scope.from)
        .bind(&scope.before)
        .fetch_all(&self.reader)
        .await?;
        let mut reviews: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for row in &rows {
            let key = (row.try_get("area")?, row.try_get("application_id")?);
            reviews.entry(key).or_default().push(review(row)?);
        }
        Ok(reviews)
    }
}

fn granted(row: &AnyRow) -> Result<CaseBenefit, StoreError> {
    let amount: Option<i64> = row.try_get("amount")?;
    Ok(CaseBenefit {
        amount: Fen(amount.unwrap_or_default()),
        recognition: amount.is_none(),
        people: u32::try_from(row.try_get::<i64, _>("members")?.saturating_add(1)).unwrap_or(u32::MAX),
        submitted: Instant(row.try_get("received_at")?).shanghai_date(),
        decided: Instant(row.try_get("decided_at")?).shanghai_date(),
        named: row.try_get::<Option<i64>, _>("named")?.and_then(day_of),
        steps: Vec::new(),
        reviews: Vec::new(),
    })
}

fn review(row: &AnyRow) -> Result<BenefitReview, StoreError> {
    let months: Option<i64> = row.try_get("next_months")?;
    Ok(BenefitReview {
        unchanged_at: row.try_get::<Option<i64>, _>("unchanged_at")?.map(Instant),
        done_at: row.try_get::<Option<i64>, _>("done_at")?.map(Instant),
        next_months: months.map(|months| u16::try_from(months).unwrap_or(u16::MAX)),
    })
}

/// Whether a day lies in a month that a payment list can be made of: not before the service began, not beyond the next one.
pub(crate) fn is_payable_month(month: Date, today: Date) -> bool {
    let next = month_of(today).saturating_add(jiff::Span::new().months(1));
    month.year() >= 2020 && month_of(month) <= next
}
