//! The work list of an office: cases by what stands first, who handles them, their labels and notes.

use app::domain::aid::case::CaseState;
use app::domain::aid::work::{CaseLabel, DueWithin, WorkFilter, WorkOrder, soon_until};
use app::domain::aid::{TemporaryAidKind, Urgency};
use app::domain::audit::{AuditAct, Purpose};
use app::domain::calendar::Calendar;
use app::domain::time::Instant;
use app::pages::staff::cases::CaseHead;
use app::pages::staff::work::{CaseNote, Colleague, WorkLine};
use jiff::civil::Date;
use sqlx::{Any, Row as _, Transaction};

use super::audit::AuditEntry;
use super::case_acts::{CaseRef, Doing};
use super::case_due::{NO_DAY, day_number, day_of};
use super::cases::unknown;
use super::staff_cases::{FoundCase, Scope, found};
use super::{OnlyOnce, Store, StoreError};
use crate::seal::Place;

/// The act that the keys of these forms are taken for.
const KEY: &str = "work list";

/// Which part of the work list is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WorkPart<'a> {
    /// The area of the post.
    pub(crate) scope: &'a Scope,
    /// What it is narrowed to.
    pub(crate) filter: &'a WorkFilter,
    /// Who looks.
    pub(crate) me: &'a str,
    /// Today.
    pub(crate) today: Date,
    /// How many lines to pass over.
    pub(crate) skip: i64,
    /// How many at most.
    pub(crate) count: i64,
}

/// A page of the list. The area's condition and the order are parts of the text, so that each finds its index; what is shown of
/// the cases is looked up for those of the page alone.
macro_rules! page_of {
    ($area:literal, $order:literal) => {
        concat!(
            "select a.number, a.aid_item, k.area, k.office, k.community, k.kind, k.urgency, a.received_at, k.state, k.due_day, \
             k.assignee, s.name as assignee_name, \
             cast((select count(*) from check_consents c where c.area = k.area and c.application_id = k.application_id \
             and c.given_at is null) as bigint) as missing, \
             cast((select coalesce(sum(case l.label when 'visit' then 1 when 'ring' then 2 when 'watch' then 4 else 8 end), 0) \
             from case_labels l where l.area = k.area and l.application_id = k.application_id) as bigint) as labels \
             from (select k.* from cases k where k.open_since is not null and ",
            $area,
            " and ($3 = '' or k.community = $3) and ($4 = '' or k.state = $4) and ($5 = '' or k.kind = $5) and k.due_day <= $6 \
             and ($9 = 'all' or $9 = 'mine' and k.assignee = $7 or $9 = 'nobodys' and k.assignee is null) \
             and ($8 = '' or (k.area, k.application_id) in (select l.area, l.application_id from case_labels l where l.label = $8)) order by ",
            $order,
            " limit $10 offset $11) k join applications a on a.area = k.area and a.id = k.application_id \
             left join staff s on s.id = k.assignee order by ",
            $order
        )
    };
}

/// The labels of a sum of [`page_of`]: each has a place of its own in it.
fn labels_in(sum: i64) -> Vec<CaseLabel> {
    let place = |label: CaseLabel| match label {
        CaseLabel::Visit => 1,
        CaseLabel::Ring => 2,
        CaseLabel::Watch => 4,
        CaseLabel::Interpreter => 8,
    };
    CaseLabel::ALL.iter().copied().filter(|label| sum & place(*label) != 0).collect()
}

fn note_place(row: &str) -> Place<'_> {
    Place { column: "case_notes.note", row }
}

impl Store {
    /// Open cases of a post's area, in the order that was asked for.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn work_list(&self, part: WorkPart<'_>) -> Result<Vec<WorkLine>, StoreError> {
        let WorkPart { scope, filter, me, today, skip, count } = part;
        let until = match filter.due {
            None => NO_DAY,
            Some(DueWithin::Over) => day_number(today) - 1,
            Some(DueWithin::Soon) => day_number(soon_until(today, Calendar::embedded())),
        };
        // A street is one value, so that its index gives the order too.
        let text = match (scope.from.len() == 9, filter.order) {
            (true, WorkOrder::Due) => {
                page_of!("k.office = $1 and $2 = $2", "k.due_day, k.open_since, k.application_id")
            }
            (true, WorkOrder::Waited) => {
                page_of!("k.office = $1 and $2 = $2", "k.open_since, k.application_id")
            }
            (false, WorkOrder::Due) => {
                page_of!("k.office >= $1 and k.office < $2", "k.due_day, k.open_since, k.application_id")
            }
            (false, WorkOrder::Waited) => {
                page_of!("k.office >= $1 and k.office < $2", "k.open_since, k.application_id")
            }
        };
        let rows = sqlx::query(text)
            .bind(&scope.from)
            .bind(&scope.before)
            .bind(&scope.community)
            .bind(filter.state.map(CaseState::as_str).unwrap_or_default())
            .bind(filter.kind.map(TemporaryAidKind::as_str).unwrap_or_default())
            .bind(until)
            .bind(me)
            .bind(filter.label.map(CaseLabel::as_str).unwrap_or_default())
            .bind(filter.whose.as_str())
            .bind(count)
            .bind(skip)
            .fetch_all(&self.reader)
            .await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            let assignee: Option<String> = row.try_get("assignee")?;
            let name: Option<Vec<u8>> = row.try_get("assignee_name")?;
            let assignee = match (assignee, name) {
                (Some(id), Some(sealed)) => Some(self.colleague(id, &sealed)?),
                _ => None,
            };
            lines.push(WorkLine {
                labels: labels_in(row.try_get("labels")?),
                due: day_of(row.try_get("due_day")?),
                assignee,
                head: CaseHead {
                    number: row.try_get("number")?,
                    community: row.try_get("community")?,
                    item: row.try_get("aid_item")?,
                    kind: TemporaryAidKind::parse(row.try_get("kind")?).ok_or(unknown("cases.kind"))?,
                    urgency: Urgency::parse(row.try_get("urgency")?).ok_or(unknown("cases.urgency"))?,
                    received_at: Instant(row.try_get("received_at")?),
                    consents_missing: row.try_get("missing")?,
                    state: CaseState::parse(row.try_get("state")?).ok_or(unknown("cases.state"))?,
                    area: row.try_get("area")?,
                    office: row.try_get("office")?,
                },
            });
        }
        Ok(lines)
    }

    fn colleague(&self, id: String, name: &[u8]) -> Result<Colleague, StoreError> {
        let name = self.sealer.open_text(Place { column: "staff.name", row: &id }, name)?;
        Ok(Colleague { id, name })
    }

    /// What a case is marked with.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn labels_of(&self, area: &str, id: &str) -> Result<Vec<CaseLabel>, StoreError> {
        let rows: Vec<String> =
            sqlx::query_scalar("select label from case_labels where area = $1 and application_id = $2")
                .bind(area)
                .bind(id)
                .fetch_all(&self.reader)
                .await?;
        let mut labels = rows
            .iter()
            .map(|label| CaseLabel::parse(label).ok_or(unknown("case_labels.label")))
            .collect::<Result<Vec<_>, _>>()?;
        labels.sort_unstable();
        Ok(labels)
    }

    /// Who handles a case.
    ///
    /// # Errors
    /// The database failed, or a name doesn't open with our keys.
    pub(crate) async fn assignee_of(&self, area: &str, id: &str) -> Result<Option<Colleague>, StoreError> {
        let row = sqlx::query(
            "select s.id, s.name from cases k join staff s on s.id = k.assignee where k.area = $1 and k.application_id = $2",
        )
        .bind(area)
        .bind(id)
        .fetch_optional(&self.reader)
        .await?;
        row.map(|row| self.colleague(row.try_get("id")?, &row.try_get::<Vec<u8>, _>("name")?)).transpose()
    }

    /// The notes of an office on a case, oldest first. The caller has noted the reading.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn notes_of(&self, area: &str, id: &str) -> Result<Vec<CaseNote>, StoreError> {
        let rows = sqlx::query(
            "select n.sequence, n.note, n.written_at, n.written_by, s.name from case_notes n left join staff s on s.id = n.written_by \
             where n.area = $1 and n.application_id = $2 order by n.sequence",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let at = format!("{area}/{id}/{}", row.try_get::<i64, _>("sequence")?);
                let note: Vec<u8> = row.try_get("note")?;
                let name: Option<Vec<u8>> = row.try_get("name")?;
                let by = match name {
                    Some(sealed) => self.colleague(row.try_get("written_by")?, &sealed)?.name,
                    None => String::new(),
                };
                Ok(CaseNote {
                    note: self.sealer.open_text(note_place(&at), &note)?,
                    by,
                    at: Instant(row.try_get("written_at")?),
                })
            })
            .collect()
    }

    /// Gives cases to a colleague, or to nobody; those that have ended meanwhile are passed over. Gives how many changed hands.
    /// That the colleague may handle each of them is the caller's question.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the key was sent with another body.
    pub(crate) async fn assign_cases(
        &self,
        cases: &[CaseRef],
        to: Option<&str>,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let mut changed = 0_u64;
        for case in cases {
            let done = sqlx::query(
                "update cases set assignee = $3, assigned_at = $4 where area = $1 and application_id = $2 \
                 and open_since is not null and (assignee is null and $3 is not null or assignee <> coalesce($3, ''))",
            )
            .bind(&case.area)
            .bind(&case.id)
            .bind(to)
            .bind(to.map(|_| doing.now.0))
            .execute(&mut *tx)
            .await?;
            if done.rows_affected() == 1 {
                changed += 1;
                Self::note_on_case(&mut tx, case, AuditAct::CaseAssigned, doing).await?;
            }
        }
        let answer = changed.to_string();
        Self::answer_key(&mut tx, &doing.key, &answer).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(answer))
    }

    /// All open cases of somebody, to be handed over, each with the smallest area that it belongs to.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn cases_of_assignee(&self, staff: &str) -> Result<Vec<(CaseRef, String)>, StoreError> {
        let rows = sqlx::query(
            "select k.area, k.application_id, coalesce(k.community, k.office) as place, a.number from cases k \
             join applications a on a.area = k.area and a.id = k.application_id \
             where k.assignee = $1 and k.open_since is not null order by k.due_day, k.open_since, k.application_id",
        )
        .bind(staff)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let case = CaseRef {
                    area: row.try_get("area")?,
                    id: row.try_get("application_id")?,
                    number: row.try_get("number")?,
                };
                Ok((case, row.try_get("place")?))
            })
            .collect()
    }

    /// Marks a case with these labels and no others.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the key was sent with another body.
    pub(crate) async fn set_labels(
        &self,
        case: &CaseRef,
        labels: &[CaseLabel],
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, _) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let mut changed = 0;
        for label in CaseLabel::ALL {
            let text = if labels.contains(label) {
                "insert into case_labels (area, application_id, label, set_by, set_at) values ($1, $2, $3, $4, $5) \
                 on conflict do nothing"
            } else {
                "delete from case_labels where area = $1 and application_id = $2 and label = $3 and $4 = $4 and $5 = $5"
            };
            let done = sqlx::query(text)
                .bind(&case.area)
                .bind(&case.id)
                .bind(label.as_str())
                .bind(staff)
                .bind(doing.now.0)
                .execute(&mut *tx)
                .await?;
            changed += done.rows_affected();
        }
        if changed > 0 {
            Self::note_on_case(&mut tx, case, AuditAct::CaseLabelled, doing).await?;
        }
        Self::answer_key(&mut tx, &doing.key, &case.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(case.number.clone()))
    }

    /// Writes a note on a case for colleagues. It stays.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the key was sent with another body.
    pub(crate) async fn add_note(
        &self,
        case: &CaseRef,
        note: &str,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, post) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let sequence: i64 = sqlx::query_scalar(
            "select cast(coalesce(max(sequence), 0) + 1 as bigint) from case_notes where area = $1 and application_id = $2",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_one(&mut *tx)
        .await?;
        let row = format!("{}/{sequence}", case.row());
        sqlx::query(
            "insert into case_notes (area, application_id, sequence, note, written_by, written_post, written_at) \
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(sequence)
        .bind(self.sealer.seal(note_place(&row), note.as_bytes())?)
        .bind(staff)
        .bind(post)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        Self::note_on_case(&mut tx, case, AuditAct::CaseNoted, doing).await?;
        Self::answer_key(&mut tx, &doing.key, &case.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(case.number.clone()))
    }

    /// Other applications that share a person with this one, by the documents of applicant and members, newest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn related_cases(&self, case: &CaseRef) -> Result<Vec<(FoundCase, bool)>, StoreError> {
        let rows = sqlx::query(
            "with people as (select document_index from applications where area = $1 and id = $2 \
             union select document_index from household_members where area = $1 and application_id = $2), \
             others as (select a.area, a.id from applications a where a.document_index in (select document_index from people) \
             union select m.area, m.application_id from household_members m where m.document_index in (select document_index from people)) \
             select a.id, a.number, a.area, k.office, k.community, a.aid_item, a.kind, a.urgency, a.received_at, a.under_14, k.state, cast(0 as bigint) as missing, \
             cast(case when a.document_index = (select document_index from applications where area = $1 and id = $2) then 1 else 0 end as bigint) as same_applicant \
             from others o join applications a on a.area = o.area and a.id = o.id join cases k on k.area = a.area and k.application_id = a.id \
             where not (a.area = $1 and a.id = $2) order by a.received_at desc, a.id limit 20",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| Ok((found(row)?, row.try_get::<i64, _>("same_applicant")? == 1))).collect()
    }

    async fn note_on_case(
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        act: AuditAct,
        doing: &Doing,
    ) -> Result<(), StoreError> {
        let entry = AuditEntry {
            area: &case.area,
            actor: &doing.actor,
            on_behalf_of: None,
            act,
            object_kind: "applications",
            object: &case.id,
            subject: None,
            purpose: Purpose::Handling,
        };
        Self::note(tx, &entry, doing.now).await
    }
}
