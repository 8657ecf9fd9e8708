//! Queries to other systems about income and property (核对), the agreements that allow them, and what came back.

use app::domain::aid::means_check::{MeansAnswer, MeansOutcome, MeansQuery, MeansSource};
use app::domain::aid::{APPLICANT_ID, ConsentWay};
use app::domain::audit::{AuditAct, Purpose};
use app::domain::name::PersonName;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::ports::{MeansCheck, MeansSignatory};
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::audit::AuditEntry;
use super::case_acts::{CaseRef, Doing, KEY};
use super::cases::unknown;
use super::staff_cases::{FoundCase, Scope, found};
use super::{OnlyOnce, Store, StoreError};
use crate::seal::Place;

/// The act that a file's key is taken for.
const FILE: &str = "means answers";

/// The most people who owe support and live elsewhere that a case has.
const OBLIGORS_MAX: i64 = 10;

/// What begins the id of somebody who owes support and lives elsewhere.
const OBLIGOR: &str = "obligor-";

/// A link by which somebody agrees on their own phone, about to be kept.
#[derive(Debug)]
pub(crate) struct AgreementLink<'a> {
    /// The link's secret.
    pub(crate) secret: &'a str,
    /// The code that goes with it.
    pub(crate) code: &'a str,
}

/// A query that waits, with whom it is about; for the file to the other system.
#[derive(Clone)]
pub(crate) struct WaitingCheck {
    /// The case.
    pub(crate) case: FoundCase,
    /// The query's own number.
    pub(crate) reference: String,
    /// Which system.
    pub(crate) source: MeansSource,
    /// The signatory.
    pub(crate) signatory: String,
    /// Their name.
    pub(crate) name: String,
    /// What for.
    pub(crate) purpose: String,
    /// When it was asked.
    pub(crate) asked_at: Instant,
}

fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    Place { column, row }
}

impl Store {
    /// Whoever may be asked about: the adults of the household and who owes support, with their whole names, in page order.
    ///
    /// # Errors
    /// The database failed, or a name doesn't open with our keys.
    pub(crate) async fn means_signatories(
        &self,
        area: &str,
        id: &str,
    ) -> Result<Vec<MeansSignatory>, StoreError> {
        let rows = sqlx::query(
            "select signatory, way, name, given_at from check_consents \
             where area = $1 and application_id = $2 order by position, signatory",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let id_of: String = row.try_get("signatory")?;
                let at = format!("{area}/{id}/{id_of}");
                let name: Vec<u8> = row.try_get("name")?;
                Ok(MeansSignatory {
                    name: self.sealer.open_text(place("check_consents.name", &at), &name)?,
                    obligor: id_of.starts_with(OBLIGOR),
                    way: ConsentWay::parse(row.try_get("way")?).ok_or(unknown("check_consents.way"))?,
                    given_at: row.try_get::<Option<i64>, _>("given_at")?.map(Instant),
                    id: id_of,
                })
            })
            .collect()
    }

    /// Enters somebody who owes support and lives elsewhere (法定义务人): nothing is asked about them before they agreed themselves
    /// (社会救助法 41). The applicant gets the link to hand on.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the case is closed, has many of them already, or the key was sent with another body.
    pub(crate) async fn enter_obligor(
        &self,
        case: &CaseRef,
        name: &PersonName,
        link: &AgreementLink<'_>,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(before) = self.begin_means(&mut tx, case, doing).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let obligors: i64 = sqlx::query_scalar(
            "select cast(count(*) as bigint) from check_consents \
             where area = $1 and application_id = $2 and signatory like 'obligor-%'",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_one(&mut *tx)
        .await?;
        if obligors >= OBLIGORS_MAX {
            return Err(StoreError::Conflict);
        }
        let signatory = format!("{OBLIGOR}{}", obligors + 1);
        let row = format!("{}/{signatory}", case.row());
        sqlx::query(
            "insert into check_consents (area, application_id, signatory, position, way, name, given_at, link_hash, link_secret) \
             select $1, $2, $3, coalesce(max(position), 0) + 1, 'link', $4, null, $5, $6 from check_consents \
             where area = $1 and application_id = $2",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(&signatory)
        .bind(self.sealer.seal(place("check_consents.name", &row), name.as_str().as_bytes())?)
        .bind(self.sealer.index("check_consents.link", link.secret))
        .bind(self.sealer.seal_json(place("check_consents.link_secret", &row), &(link.secret, link.code))?)
        .execute(&mut *tx)
        .await?;
        Self::note_follow_up(&mut tx, case, AuditAct::ObligorEntered, doing).await?;
        self.settled(tx, case, doing).await
    }

    /// Writes down an agreement that was signed on paper before the clerk's eyes.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the case is closed, it was given before, or the key was sent with another body.
    pub(crate) async fn enter_paper_agreement(
        &self,
        case: &CaseRef,
        signatory: &str,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(before) = self.begin_means(&mut tx, case, doing).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let given = sqlx::query(
            "update check_consents set given_at = $4, way = 'paper' \
             where area = $1 and application_id = $2 and signatory = $3 and given_at is null",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(signatory)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if given.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        let traces = (AuditAct::CheckConsentGiven, app::ports::CaseEventKind::ConsentGiven);
        self.beside(&mut tx, case, traces, None, doing).await?;
        self.settled(tx, case, doing).await
    }

    /// Asks another system about one person, who agreed: the statement itself sees to that. `reference` is the query's own number.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the case is closed, the person has not agreed, the same is asked already, or the key was
    /// sent with another body.
    pub(crate) async fn ask_means(
        &self,
        case: &CaseRef,
        query: &MeansQuery,
        reference: &str,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, post) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = self.begin_means(&mut tx, case, doing).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let next: i64 = sqlx::query_scalar(
            "select cast(coalesce(max(sequence), 0) + 1 as bigint) from means_checks where area = $1 and application_id = $2",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_one(&mut *tx)
        .await?;
        let row = format!("{}/{next}", case.row());
        let asked = sqlx::query(
            "insert into means_checks (area, application_id, sequence, reference, signatory, source, purpose, asked_by, \
             asked_post, asked_at) select c.area, c.application_id, $4, $5, c.signatory, $6, $7, $8, $9, $10 \
             from check_consents c where c.area = $1 and c.application_id = $2 and c.signatory = $3 \
             and c.given_at is not null and not exists (select 1 from means_checks m where m.area = c.area \
             and m.application_id = c.application_id and m.signatory = c.signatory and m.source = $6 and m.outcome is null)",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(&query.person)
        .bind(next)
        .bind(reference)
        .bind(query.source.as_str())
        .bind(self.sealer.seal(place("means_checks.purpose", &row), query.purpose.as_bytes())?)
        .bind(staff)
        .bind(post)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if asked.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        Self::note_follow_up(&mut tx, case, AuditAct::MeansAsked, doing).await?;
        self.settled(tx, case, doing).await
    }

    /// Takes the key and holds the case's row: acts on one case come one after the other, on an open case alone, and none is a
    /// relative's.
    async fn begin_means(
        &self,
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        doing: &Doing,
    ) -> Result<Option<String>, StoreError> {
        if let Some(before) = Self::take_key(tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(Some(before));
        }
        Self::may_act(tx, case, doing).await?;
        let open = sqlx::query(
            "update cases set changed_at = changed_at where area = $1 and application_id = $2 \
             and state in ('received', 'correction_requested', 'accepted', 'opinion_given')",
        )
        .bind(&case.area)
        .bind(&case.id)
        .execute(&mut **tx)
        .await?;
        if open.rows_affected() == 1 { Ok(None) } else { Err(StoreError::Conflict) }
    }

    /// Writes down what came back: all of these answers or none. Whoever is told of a difference is told that there is one
    /// (民发〔2021〕57号 art. 18). Gives the numbers of queries that wait no longer, or not here; then nothing is written.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the key was sent with another body.
    pub(crate) async fn answer_means(
        &self,
        answers: &[(String, MeansAnswer)],
        scope: &Scope,
        doing: &Doing,
    ) -> Result<Result<OnlyOnce<String>, Vec<String>>, StoreError> {
        let (staff, post) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, FILE, doing.now).await? {
            return Ok(Ok(OnlyOnce::Before(before)));
        }
        let mut unknown_here = Vec::new();
        for (reference, answer) in answers {
            let row = sqlx::query(
                "select m.area, m.application_id, m.sequence, a.number from means_checks m \
                 join applications a on a.area = m.area and a.id = m.application_id \
                 join cases k on k.area = m.area and k.application_id = m.application_id \
                 where m.reference = $1 and m.outcome is null and k.office >= $2 and k.office < $3",
            )
            .bind(reference)
            .bind(&scope.from)
            .bind(&scope.before)
            .fetch_optional(&mut *tx)
            .await?;
            let Some(row) = row else {
                unknown_here.push(reference.clone());
                continue;
            };
            let case = CaseRef {
                area: row.try_get("area")?,
                id: row.try_get("application_id")?,
                number: row.try_get("number")?,
            };
            let sequence: i64 = row.try_get("sequence")?;
            let at = format!("{}/{sequence}", case.row());
            let detail = answer
                .detail
                .as_ref()
                .map(|detail| self.sealer.seal(place("means_checks.detail", &at), detail.as_bytes()));
            let written = sqlx::query(
                "update means_checks set outcome = $2, detail = $3, answered_by = $4, answered_post = $5, answered_at = $6 \
                 where reference = $1 and outcome is null",
            )
            .bind(reference)
            .bind(answer.outcome.as_str())
            .bind(detail.transpose()?)
            .bind(staff)
            .bind(post)
            .bind(doing.now.0)
            .execute(&mut *tx)
            .await?;
            if written.rows_affected() != 1 {
                unknown_here.push(reference.clone());
                continue;
            }
            let resident = Self::note_follow_up(&mut tx, &case, AuditAct::MeansAnswered, doing).await?;
            if answer.outcome == MeansOutcome::Differs {
                let notice = Notice::MeansDiffer { number: case.number.clone() };
                self.tell_of_case(&mut tx, &case, resident.as_deref(), &notice, doing.now).await?;
            }
        }
        if !unknown_here.is_empty() {
            // Dropping the transaction takes everything back.
            return Ok(Err(unknown_here));
        }
        let count = answers.len().to_string();
        Self::answer_key(&mut tx, &doing.key, &count).await?;
        tx.commit().await?;
        Ok(Ok(OnlyOnce::Done(count)))
    }

    /// The queries of a case, oldest first.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn means_of(&self, area: &str, id: &str) -> Result<Vec<MeansCheck>, StoreError> {
        let rows = sqlx::query(
            "select sequence, reference, signatory, source, purpose, asked_at, outcome, detail, answered_at from means_checks \
             where area = $1 and application_id = $2 order by sequence",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let at = format!("{area}/{id}/{}", row.try_get::<i64, _>("sequence")?);
                let purpose: Vec<u8> = row.try_get("purpose")?;
                let outcome: Option<String> = row.try_get("outcome")?;
                let outcome = outcome
                    .map(|slug| MeansOutcome::parse(&slug).ok_or(unknown("means_checks.outcome")))
                    .transpose()?;
                let detail: Option<Vec<u8>> = row.try_get("detail")?;
                let detail = detail
                    .map(|sealed| self.sealer.open_text(place("means_checks.detail", &at), &sealed))
                    .transpose()?;
                let answered_at: Option<i64> = row.try_get("answered_at")?;
                Ok(MeansCheck {
                    reference: row.try_get("reference")?,
                    signatory: row.try_get("signatory")?,
                    source: source(row)?,
                    purpose: self.sealer.open_text(place("means_checks.purpose", &at), &purpose)?,
                    asked_at: Instant(row.try_get("asked_at")?),
                    answer: outcome
                        .map(|outcome| MeansAnswer { outcome, detail })
                        .zip(answered_at.map(Instant)),
                })
            })
            .collect()
    }

    /// The queries of a post's area that wait for an answer, oldest first.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn waiting_means(
        &self,
        scope: &Scope,
        skip: i64,
        count: i64,
    ) -> Result<Vec<WaitingCheck>, StoreError> {
        let rows = sqlx::query(
            "select a.id, a.number, a.area, k.office, k.community, a.aid_item, a.kind, a.urgency, a.received_at, a.under_14, k.state, \
             cast(0 as bigint) as missing, m.sequence, m.reference, m.signatory, m.source, m.purpose, m.asked_at, c.name \
             from means_checks m join applications a on a.area = m.area and a.id = m.application_id \
             join cases k on k.area = m.area and k.application_id = m.application_id \
             join check_consents c on c.area = m.area and c.application_id = m.application_id and c.signatory = m.signatory \
             where m.outcome is null and k.office >= $1 and k.office < $2 and ($3 = '' or k.community = $3) \
             order by m.asked_at, m.reference limit $4 offset $5",
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
                let case = found(row)?;
                let signatory: String = row.try_get("signatory")?;
                let at = format!("{}/{}", case.head.area, case.id);
                let (purpose, name): (Vec<u8>, Vec<u8>) = (row.try_get("purpose")?, row.try_get("name")?);
                let asked = format!("{at}/{}", row.try_get::<i64, _>("sequence")?);
                Ok(WaitingCheck {
                    reference: row.try_get("reference")?,
                    source: source(row)?,
                    name: self
                        .sealer
                        .open_text(place("check_consents.name", &format!("{at}/{signatory}")), &name)?,
                    purpose: self.sealer.open_text(place("means_checks.purpose", &asked), &purpose)?,
                    asked_at: Instant(row.try_get("asked_at")?),
                    signatory,
                    case,
                })
            })
            .collect()
    }

    /// The document of a signatory: `(kind, number)`; `None` for somebody who owes support and lives elsewhere.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn document_of_signatory(
        &self,
        case: &FoundCase,
        signatory: &str,
    ) -> Result<Option<(String, String)>, StoreError> {
        if signatory.starts_with(OBLIGOR) {
            return Ok(None);
        }
        let file = self.case_file(case).await?;
        if signatory == APPLICANT_ID {
            return Ok(Some((file.record.document_kind.clone(), file.document_number)));
        }
        let members = file.members.into_iter().zip(self.member_ids(&case.head.area, &case.id).await?);
        let found = members.into_iter().find(|(_, id)| id == signatory);
        Ok(found.map(|(member, _)| (member.document_kind, member.document_number)))
    }

    /// Notes that a file of queries was made, with whole numbers of documents.
    ///
    /// # Errors
    /// The database failed; no file must be given then.
    pub(crate) async fn note_means_file(&self, area: &str, doing: &Doing) -> Result<(), StoreError> {
        let entry = AuditEntry {
            area,
            actor: &doing.actor,
            on_behalf_of: None,
            act: AuditAct::NumbersRead,
            object_kind: "means_checks",
            object: "",
            subject: None,
            purpose: Purpose::Handling,
        };
        self.note_alone(&entry, doing.now).await
    }

    /// The ids of the household's members, in the order of [`Store::case_file`].
    async fn member_ids(&self, area: &str, id: &str) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "select id from household_members where area = $1 and application_id = $2 order by position",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?)
    }
}

fn source(row: &AnyRow) -> Result<MeansSource, StoreError> {
    MeansSource::parse(row.try_get("source")?).ok_or(unknown("means_checks.source"))
}
