//! Complaints and suggestions: kept, handled, answered.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::complaint::{Complaint, ComplaintKind, ComplaintLevel, ComplaintState};
use app::domain::confirm::CaseNumber;
use app::domain::phone::ContactPhone;
use app::domain::staff::Role;
use app::domain::time::Instant;
use app::pages::complaint::{OpenedComplaint, ResidentComplaint};
use app::visit::Owner;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::cases::unknown;
use super::messages::{Channel, NewMessage};
use super::{IdempotencyKey, OnlyOnce, Store, StoreError};
use crate::seal::Place;

/// A complaint about to be kept.
pub(crate) struct NewComplaint<'a> {
    /// The row's id.
    pub(crate) id: String,
    /// The number that the resident gets.
    pub(crate) number: String,
    /// What was written.
    pub(crate) complaint: &'a Complaint,
    /// The code that opens it on other devices, without a dash.
    pub(crate) code: String,
    /// When it came in.
    pub(crate) received_at: Instant,
    /// The last day of an answer, where the calendar reaches that far.
    pub(crate) due_on: Option<Date>,
}

impl std::fmt::Debug for NewComplaint<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewComplaint({})", self.number)
    }
}

/// A complaint in a list of staff: nothing of what was written.
#[derive(Clone, Debug)]
pub(crate) struct ComplaintLine {
    /// The row's id.
    pub(crate) id: String,
    /// Its number.
    pub(crate) number: String,
    /// Complaint or suggestion.
    pub(crate) kind: ComplaintKind,
    /// The street that it concerns, or the district.
    pub(crate) area: String,
    /// Who handles it now.
    pub(crate) level: ComplaintLevel,
    /// How far it has come.
    pub(crate) state: ComplaintState,
    /// The staff member who has taken it over.
    pub(crate) handler: Option<String>,
    /// When it came in.
    pub(crate) received_at: Instant,
    /// The last day of an answer.
    pub(crate) due_on: Option<Date>,
    /// The role that it is about.
    pub(crate) about: Option<Role>,
}

/// A complaint with what was written.
#[derive(Clone)]
pub(crate) struct ComplaintFile {
    /// What was written.
    pub(crate) text: String,
    /// A telephone for the answer.
    pub(crate) contact: Option<String>,
    /// The case that it is about.
    pub(crate) case_number: Option<String>,
    /// What was answered, and when.
    pub(crate) reply: Option<(String, Instant)>,
}

app::masked_debug!(ComplaintFile);

/// Which complaints a list is of.
#[derive(Clone, Debug)]
pub(crate) struct ComplaintScope {
    /// The part of the area tree: codes that begin with this.
    pub(crate) area: String,
    /// The district's officers see the district's and those of streets that are overdue; a street's see its own alone;
    /// auditors see those about the district's officers, and nobody else does.
    pub(crate) role: Role,
    /// The day on which something is overdue or not.
    pub(crate) today: Date,
}

/// What waits within a scope.
const WAITING: &str = "area >= $1 and area < $2 and state in ('received', 'handling') \
     and (($3 = 'auditor' and coalesce(about_role, '') = 'district_officer') \
     or (coalesce(about_role, '') <> 'district_officer' and (($3 = 'street_officer' and level = 'street') \
     or ($3 = 'district_officer' and (level = 'district' or (due_on is not null and due_on < $4))))))";

/// How many complaints of one area and state there are, and the oldest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ComplaintCount {
    /// The area.
    pub(crate) area: String,
    /// The state.
    pub(crate) state: ComplaintState,
    /// How many.
    pub(crate) count: i64,
    /// How many of them should have been answered before today and were not.
    pub(crate) overdue: i64,
    /// When the oldest came in.
    pub(crate) oldest: Instant,
}

fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    Place { column, row }
}

fn date_in(row: &AnyRow, name: &str) -> Result<Option<Date>, StoreError> {
    let text: Option<String> = row.try_get(name)?;
    text.map(|text| text.parse().map_err(|_| unknown("complaints.due_on"))).transpose()
}

fn line_of(row: &AnyRow) -> Result<ComplaintLine, StoreError> {
    let about: Option<String> = row.try_get("about_role")?;
    Ok(ComplaintLine {
        id: row.try_get("id")?,
        number: row.try_get("number")?,
        kind: ComplaintKind::parse(row.try_get("kind")?).ok_or(unknown("complaints.kind"))?,
        area: row.try_get("area")?,
        level: ComplaintLevel::parse(row.try_get("level")?).ok_or(unknown("complaints.level"))?,
        state: ComplaintState::parse(row.try_get("state")?).ok_or(unknown("complaints.state"))?,
        handler: row.try_get("handler")?,
        received_at: Instant(row.try_get("received_at")?),
        due_on: date_in(row, "due_on")?,
        about: about.and_then(|slug| Role::parse(&slug)),
    })
}

/// The entry for an act on a complaint, in the chain of its area.
pub(crate) fn complaint_entry<'a>(
    actor: &'a Actor,
    act: AuditAct,
    (area, id): (&'a str, &'a str),
    purpose: Purpose,
) -> AuditEntry<'a> {
    AuditEntry {
        area,
        actor,
        on_behalf_of: None,
        act,
        object_kind: "complaints",
        object: id,
        subject: None,
        purpose,
    }
}

impl Store {
    /// Keeps a complaint once; gives its number. The device keeps it and can read it; the trail, where nothing is ever
    /// changed, says of nobody that they sent it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for the same key with another body, or a number that is taken.
    pub(crate) async fn keep_complaint(
        &self,
        new: &NewComplaint<'_>,
        key: &IdempotencyKey,
        device: &Owner,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(number) = Self::take_key(&mut tx, key, device, "complaint", new.received_at).await? {
            return Ok(OnlyOnce::Before(number));
        }
        self.insert_complaint(&mut tx, new, device).await?;
        Self::answer_key(&mut tx, key, &new.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(new.number.clone()))
    }

    /// Writes a complaint down, inside the act that it belongs to.
    pub(super) async fn insert_complaint(
        &self,
        tx: &mut Transaction<'static, Any>,
        new: &NewComplaint<'_>,
        device: &Owner,
    ) -> Result<(), StoreError> {
        let complaint = new.complaint;
        let contact = complaint.contact.as_ref().map(ContactPhone::as_str);
        let tail = complaint.contact.as_ref().map(|c| self.complaint_index(&new.number, c.last_four()));
        sqlx::query(
            "insert into complaints (id, number, kind, text, contact, received_at, area, level, state, due_on, \
             about_role, case_number, device, code, code_index, tail_index) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, 'received', $9, $10, $11, $12, $13, $14, $15)",
        )
        .bind(&new.id)
        .bind(&new.number)
        .bind(complaint.kind.as_str())
        .bind(self.sealer.seal(place("complaints.text", &new.id), complaint.text.as_bytes())?)
        .bind(
            contact.map(|c| self.sealer.seal(place("complaints.contact", &new.id), c.as_bytes())).transpose()?,
        )
        .bind(new.received_at.0)
        .bind(complaint.area())
        .bind(complaint.level().as_str())
        .bind(new.due_on.map(|day| day.to_string()))
        .bind(complaint.about.map(Role::as_str))
        .bind(complaint.case_number.as_ref().map(CaseNumber::as_str))
        .bind(&device.0)
        .bind(self.sealer.seal(place("complaints.code", &new.id), new.code.as_bytes())?)
        .bind(self.complaint_index(&new.number, &new.code))
        .bind(tail)
        .execute(&mut **tx)
        .await?;
        let actor = Actor::Device(String::new());
        let object = (complaint.area(), new.id.as_str());
        let entry = complaint_entry(&actor, AuditAct::ComplaintReceived, object, Purpose::Own);
        Self::note(tx, &entry, new.received_at).await?;
        Ok(())
    }

    /// The hash by which a complaint opens to somebody who tells its number and its code, or the contact's last four
    /// digits. The number is part of it, so that equal digits of two complaints don't show.
    fn complaint_index(&self, number: &str, proof: &str) -> String {
        self.sealer.index("complaints.proof", &format!("{number}/{proof}"))
    }

    /// Whether a complaint of that number was received.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn complaint_exists(&self, number: &str) -> Result<bool, StoreError> {
        let found = sqlx::query("select number from complaints where number = $1")
            .bind(number)
            .fetch_optional(&self.reader)
            .await?;
        Ok(found.is_some())
    }

    /// A complaint as a resident sees it: how it stands, and all of it on the device that it was sent from or that has
    /// proved code or digits not long ago.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn complaint_for(
        &self,
        number: &str,
        owner: Option<&Owner>,
        now: Instant,
    ) -> Result<Option<ResidentComplaint>, StoreError> {
        let row = sqlx::query(
            "select id, state, received_at, due_on, text, code, reply, answered_at, \
             case when device = $2 then cast(1 as bigint) else cast(0 as bigint) end as own, \
             cast((select count(*) from confirmation_grants g where g.number = complaints.number and g.owner = $2 \
             and g.expires_at > $3) as bigint) as granted \
             from complaints where number = $1",
        )
        .bind(number)
        // Nobody's hash is empty.
        .bind(owner.map_or("", |owner| owner.0.as_str()))
        .bind(now.0)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let id: String = row.try_get("id")?;
        let own = row.try_get::<i64, _>("own")? == 1;
        let granted = row.try_get::<i64, _>("granted")? > 0;
        let opened = if own || granted { Some(self.opened_complaint(&id, &row)?) } else { None };
        Ok(Some(ResidentComplaint {
            number: number.to_owned(),
            state: ComplaintState::parse(row.try_get("state")?).ok_or(unknown("complaints.state"))?,
            received_at: Instant(row.try_get("received_at")?),
            due_on: date_in(&row, "due_on")?,
            opened,
        }))
    }

    fn opened_complaint(&self, id: &str, row: &AnyRow) -> Result<OpenedComplaint, StoreError> {
        let text: Vec<u8> = row.try_get("text")?;
        let code: Option<Vec<u8>> = row.try_get("code")?;
        Ok(OpenedComplaint {
            code: code
                .map(|sealed| self.sealer.open_text(place("complaints.code", id), &sealed))
                .transpose()?,
            text: self.sealer.open_text(place("complaints.text", id), &text)?,
            reply: self.reply_of(id, row)?,
        })
    }

    fn reply_of(&self, id: &str, row: &AnyRow) -> Result<Option<(String, Instant)>, StoreError> {
        let reply: Option<Vec<u8>> = row.try_get("reply")?;
        let at: Option<i64> = row.try_get("answered_at")?;
        let Some((reply, at)) = reply.zip(at) else { return Ok(None) };
        Ok(Some((self.sealer.open_text(place("complaints.reply", id), &reply)?, Instant(at))))
    }

    /// Lets a device read a complaint until `until`, if number and code or digits fit; tells whether they did.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn grant_complaint(
        &self,
        number: &str,
        proof: &str,
        owner: &Owner,
        until: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let granted = sqlx::query(
            "insert into confirmation_grants (owner, number, expires_at) \
             select $1, number, $2 from complaints where number = $3 and (code_index = $4 or tail_index = $4) \
             on conflict (owner, number) do update set expires_at = excluded.expires_at",
        )
        .bind(&owner.0)
        .bind(until.0)
        .bind(number)
        .bind(self.complaint_index(number, proof))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(granted.rows_affected() == 1)
    }

    /// Complaints that wait within a scope: overdue ones first, then the oldest.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn waiting_complaints(
        &self,
        scope: &ComplaintScope,
        skip: i64,
        count: i64,
    ) -> Result<Vec<ComplaintLine>, StoreError> {
        let text = format!(
            "select id, number, kind, area, level, state, handler, received_at, due_on, about_role \
             from complaints where {WAITING} \
             order by case when due_on is not null and due_on < $4 then 0 else 1 end, received_at, id \
             limit $5 offset $6"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(&scope.area)
            .bind(format!("{}:", scope.area))
            .bind(scope.role.as_str())
            .bind(scope.today.to_string())
            .bind(count)
            .bind(skip)
            .fetch_all(&self.reader)
            .await?;
        rows.iter().map(line_of).collect()
    }

    /// How many wait within a scope, and how many of them are overdue.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn count_waiting_complaints(
        &self,
        scope: &ComplaintScope,
    ) -> Result<(i64, i64), StoreError> {
        let text = format!(
            "select cast(count(*) as bigint) as waiting, \
             cast(coalesce(sum(case when due_on is not null and due_on < $4 then 1 else 0 end), 0) as bigint) \
             as overdue from complaints where {WAITING}"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(&scope.area)
            .bind(format!("{}:", scope.area))
            .bind(scope.role.as_str())
            .bind(scope.today.to_string())
            .fetch_one(&self.reader)
            .await?;
        Ok((row.try_get("waiting")?, row.try_get("overdue")?))
    }

    /// The complaint of that number. Whether the asker may see it is the caller's question.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn find_complaint(&self, number: &str) -> Result<Option<ComplaintLine>, StoreError> {
        let row = sqlx::query(
            "select id, number, kind, area, level, state, handler, received_at, due_on, about_role \
             from complaints where number = $1",
        )
        .bind(number)
        .fetch_optional(&self.reader)
        .await?;
        row.as_ref().map(line_of).transpose()
    }

    /// What was written. The caller has noted the reading before.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is gone; a text doesn't open with our keys.
    pub(crate) async fn complaint_file(&self, id: &str) -> Result<ComplaintFile, StoreError> {
        let row = sqlx::query(
            "select text, contact, case_number, reply, answered_at from complaints where id = $1",
        )
        .bind(id)
        .fetch_one(&self.reader)
        .await?;
        let text: Vec<u8> = row.try_get("text")?;
        let contact: Option<Vec<u8>> = row.try_get("contact")?;
        Ok(ComplaintFile {
            text: self.sealer.open_text(place("complaints.text", id), &text)?,
            contact: contact
                .map(|sealed| self.sealer.open_text(place("complaints.contact", id), &sealed))
                .transpose()?,
            case_number: row.try_get("case_number")?,
            reply: self.reply_of(id, &row)?,
        })
    }

    /// Takes a complaint over, from nobody or from the one who had it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it went to somebody else, was answered or passed on in between.
    pub(crate) async fn take_complaint(
        &self,
        complaint: &ComplaintLine,
        staff: &str,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "update complaints set state = 'handling', handler = $2 \
             where id = $1 and state in ('received', 'handling') and level = $3 and coalesce(handler, '') = $4",
        )
        .bind(&complaint.id)
        .bind(staff)
        .bind(complaint.level.as_str())
        .bind(complaint.handler.as_deref().unwrap_or_default())
        .execute(&mut *tx)
        .await?;
        Self::done_or_conflict(done.rows_affected())?;
        Self::note_complaint(&mut tx, complaint, AuditAct::ComplaintTaken, actor, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Answers a complaint that one has taken over; a resident who left a telephone is told.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it is no longer this person's to answer.
    pub(crate) async fn answer_complaint(
        &self,
        complaint: &ComplaintLine,
        staff: &str,
        (reply, message): (&str, Option<(Channel, &str, &str)>),
        actor: &Actor,
        now: Instant,
    ) -> Result<(), StoreError> {
        let sealed = self.sealer.seal(place("complaints.reply", &complaint.id), reply.as_bytes())?;
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "update complaints set state = 'answered', reply = $3, answered_at = $4 \
             where id = $1 and state = 'handling' and handler = $2",
        )
        .bind(&complaint.id)
        .bind(staff)
        .bind(sealed)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        Self::done_or_conflict(done.rows_affected())?;
        if let Some((channel, to, text)) = message {
            let new = NewMessage {
                resident: None,
                area: &complaint.area,
                channel,
                template: "complaint_answered",
                to,
                text,
                urgent: false,
                expires_at: None,
            };
            self.enqueue(&mut tx, &new, now).await?;
        }
        Self::note_complaint(&mut tx, complaint, AuditAct::ComplaintAnswered, actor, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Passes a street's complaint on to the district.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it was answered or passed on before.
    pub(crate) async fn escalate_complaint(
        &self,
        complaint: &ComplaintLine,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "update complaints set level = 'district', state = 'received', handler = null \
             where id = $1 and level = 'street' and state in ('received', 'handling')",
        )
        .bind(&complaint.id)
        .execute(&mut *tx)
        .await?;
        Self::done_or_conflict(done.rows_affected())?;
        Self::note_complaint(&mut tx, complaint, AuditAct::ComplaintEscalated, actor, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Closes a complaint that was answered.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it was not answered, or is closed already.
    pub(crate) async fn close_complaint(
        &self,
        complaint: &ComplaintLine,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "update complaints set state = 'closed', closed_at = $2 where id = $1 and state = 'answered'",
        )
        .bind(&complaint.id)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        Self::done_or_conflict(done.rows_affected())?;
        Self::note_complaint(&mut tx, complaint, AuditAct::ComplaintClosed, actor, now).await?;
        tx.commit().await?;
        Ok(())
    }

    fn done_or_conflict(rows: u64) -> Result<(), StoreError> {
        if rows == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    async fn note_complaint(
        tx: &mut Transaction<'static, Any>,
        complaint: &ComplaintLine,
        act: AuditAct,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), StoreError> {
        let object = (complaint.area.as_str(), complaint.id.as_str());
        Self::note(tx, &complaint_entry(actor, act, object, Purpose::Complaint), now).await
    }

    /// Counts by area and state within a part of the area tree, with how many are overdue and the oldest.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn complaint_counts(
        &self,
        area: &str,
        today: Date,
    ) -> Result<Vec<ComplaintCount>, StoreError> {
        let rows = sqlx::query(
            "select area, state, cast(count(*) as bigint) as count, \
             cast(coalesce(sum(case when due_on is not null and due_on < $3 and state in ('received', 'handling') \
             then 1 else 0 end), 0) as bigint) as overdue, cast(min(received_at) as bigint) as oldest \
             from complaints where area >= $1 and area < $2 group by area, state order by area, state",
        )
        .bind(area)
        .bind(format!("{area}:"))
        .bind(today.to_string())
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(ComplaintCount {
                    area: row.try_get("area")?,
                    state: ComplaintState::parse(row.try_get("state")?).ok_or(unknown("complaints.state"))?,
                    count: row.try_get("count")?,
                    overdue: row.try_get("overdue")?,
                    oldest: Instant(row.try_get("oldest")?),
                })
            })
            .collect()
    }

    /// All complaints, newest first, for the operator's command line: number, kind, time, text, contact.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn complaints(
        &self,
    ) -> Result<Vec<(String, String, Instant, String, Option<String>)>, StoreError> {
        let rows = sqlx::query(
            "select id, number, kind, text, contact, received_at from complaints order by received_at desc, id desc",
        )
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let id: String = row.try_get("id")?;
                let contact: Option<Vec<u8>> = row.try_get("contact")?;
                let contact = contact
                    .map(|sealed| self.sealer.open_text(place("complaints.contact", &id), &sealed))
                    .transpose()?;
                let text: Vec<u8> = row.try_get("text")?;
                let text = self.sealer.open_text(place("complaints.text", &id), &text)?;
                Ok((
                    row.try_get("number")?,
                    row.try_get("kind")?,
                    Instant(row.try_get("received_at")?),
                    text,
                    contact,
                ))
            })
            .collect()
    }
}
