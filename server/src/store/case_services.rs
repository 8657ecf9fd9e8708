//! Services that were arranged on applications: their days, and what came of each.

use app::domain::aid::service::{Arranged, ServiceOutcome, ServiceReport};
use app::domain::audit::AuditAct;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::pages::staff::services::ServiceToCome;
use app::ports::{CaseEventKind, ServiceLine};
use jiff::civil::Date;
use sqlx::{Any, Row as _, Transaction};

use super::case_acts::{CaseRef, Doing, KEY};
use super::case_due::{day_number, day_of};
use super::case_progress::arranged_place;
use super::cases::unknown;
use super::staff_cases::Scope;
use super::{OnlyOnce, Store, StoreError};
use crate::seal::Place;

fn words_place(row: &str) -> Place<'_> {
    Place { column: "case_services.words", row }
}

fn note_place(row: &str) -> Place<'_> {
    Place { column: "case_services.note", row }
}

impl Store {
    /// What the opinion arranged becomes the first day of the service; nothing where it arranged none.
    pub(super) async fn begin_service(
        &self,
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        opinion: i64,
    ) -> Result<(), StoreError> {
        let sealed: Option<Vec<u8>> = sqlx::query_scalar(
            "select arranged from case_opinions where area = $1 and application_id = $2 and sequence = $3",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(opinion)
        .fetch_one(&mut **tx)
        .await?;
        let Some(sealed) = sealed else { return Ok(()) };
        let row = format!("{}/{opinion}", case.row());
        let arranged: Arranged = self.sealer.open_json(arranged_place(&row), &sealed)?;
        self.add_service(tx, case, &arranged).await
    }

    async fn add_service(
        &self,
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        arranged: &Arranged,
    ) -> Result<(), StoreError> {
        let sequence: i64 = sqlx::query_scalar(
            "select cast(coalesce(max(sequence), 0) + 1 as bigint) from case_services where area = $1 and application_id = $2",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_one(&mut **tx)
        .await?;
        let row = format!("{}/{sequence}", case.row());
        sqlx::query(
            "insert into case_services (area, application_id, sequence, day, words) values ($1, $2, $3, $4, $5)",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(sequence)
        .bind(day_number(arranged.day))
        .bind(self.sealer.seal(words_place(&row), arranged.words.as_bytes())?)
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// Writes down what came of the day that waits, once; what is moved waits for its other day.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where no day waits, or the key was sent with another body.
    pub(crate) async fn report_service(
        &self,
        case: &CaseRef,
        report: &ServiceReport,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, post) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        Self::may_act(&mut tx, case, doing).await?;
        let waiting: Option<i64> = sqlx::query_scalar(
            "select sequence from case_services where area = $1 and application_id = $2 and outcome is null",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_optional(&mut *tx)
        .await?;
        let sequence = waiting.ok_or(StoreError::Conflict)?;
        let row = format!("{}/{sequence}", case.row());
        let written = sqlx::query(
            "update case_services set outcome = $4, note = $5, reported_by = $6, reported_post = $7, reported_at = $8 \
             where area = $1 and application_id = $2 and sequence = $3 and outcome is null",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(sequence)
        .bind(report.outcome.as_str())
        .bind(self.sealer.seal(note_place(&row), report.note.as_bytes())?)
        .bind(staff)
        .bind(post)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if written.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        if let Some(next) = &report.next {
            self.add_service(&mut tx, case, next).await?;
        }
        let number = case.number.clone();
        let (event, notice) = match (report.outcome, &report.next) {
            (ServiceOutcome::Moved, Some(next)) => {
                let day = format!("{}月{}日", next.day.month(), next.day.day());
                (CaseEventKind::ServiceMoved, Some(Notice::ServiceMoved { number, day }))
            }
            (ServiceOutcome::Ended, _) => {
                (CaseEventKind::ServiceEnded, Some(Notice::ServiceEnded { number }))
            }
            // Whoever was there knows that it took place.
            _ => (CaseEventKind::ServiceDone, None),
        };
        self.beside(&mut tx, case, (AuditAct::ServiceReported, event), notice.as_ref(), doing).await?;
        self.settled(tx, case, doing).await
    }

    /// The days of a case's service, oldest first.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn services_of(&self, area: &str, id: &str) -> Result<Vec<ServiceLine>, StoreError> {
        let rows = sqlx::query(
            "select sequence, day, words, outcome, note, reported_at from case_services \
             where area = $1 and application_id = $2 order by sequence",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let at = format!("{area}/{id}/{}", row.try_get::<i64, _>("sequence")?);
                let words: Vec<u8> = row.try_get("words")?;
                let arranged = Arranged {
                    day: day_of(row.try_get("day")?).ok_or(unknown("case_services.day"))?,
                    words: self.sealer.open_text(words_place(&at), &words)?,
                };
                let (outcome, note, reported_at): (Option<String>, Option<Vec<u8>>, Option<i64>) =
                    (row.try_get("outcome")?, row.try_get("note")?, row.try_get("reported_at")?);
                let report = match (outcome, note, reported_at) {
                    (Some(outcome), Some(note), Some(reported_at)) => Some((
                        ServiceOutcome::parse(&outcome).ok_or(unknown("case_services.outcome"))?,
                        self.sealer.open_text(note_place(&at), &note)?,
                        Instant(reported_at),
                    )),
                    _ => None,
                };
                Ok(ServiceLine { arranged, report })
            })
            .collect()
    }

    /// The services of a scope that wait for their day or for what came of it, the earliest day first. Nothing tells whose.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn services_to_come(
        &self,
        scope: &Scope,
        skip: i64,
        count: i64,
    ) -> Result<Vec<ServiceToCome>, StoreError> {
        let rows = sqlx::query(
            "select a.number, a.aid_item, coalesce(k.community, k.office) as place, s.day from case_services s \
             join applications a on a.area = s.area and a.id = s.application_id \
             join cases k on k.area = s.area and k.application_id = s.application_id \
             where s.outcome is null and k.office >= $1 and k.office < $2 and ($3 = '' or k.community = $3) \
             order by s.day, s.area, s.application_id limit $4 offset $5",
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
                let day: Option<Date> = day_of(row.try_get("day")?);
                Ok(ServiceToCome {
                    number: row.try_get("number")?,
                    item: row.try_get("aid_item")?,
                    place: row.try_get("place")?,
                    day: day.ok_or(unknown("case_services.day"))?,
                })
            })
            .collect()
    }
}
