//! What others see of a case: the opinion before the decision (公示), aid that was given (公布), and objections.

use app::domain::aid::ApplicationRecord;
use app::domain::aid::case::CaseAct;
use app::domain::aid::catalogue::NoticeField;
use app::domain::aid::public_notice::{
    NoticeKind, Objection, ObjectionOutcome, Publicity, last_day, under_age,
};
use app::domain::audit::{AuditAct, Purpose};
use app::domain::calendar::Calendar;
use app::domain::document::{DocumentKind, IdentityDocument};
use app::domain::money::Fen;
use app::domain::name::PersonName;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::pages::notices::{CaseNotice, CaseObjection, ShownNotice};
use app::visit::Owner;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::case_acts::{CaseRef, Doing, KEY};
use super::case_due::{day_number, day_of};
use super::cases::unknown;
use super::{IdempotencyKey, OnlyOnce, Store, StoreError};
use crate::seal::{Place, new_id};

/// The act that an objection's key is taken for.
const OBJECT: &str = "objection";

/// How the cases of an item are made public here.
#[derive(Clone, Debug)]
pub(crate) struct PublicRules {
    /// What the item lets be shown, and for how long.
    pub(crate) publicity: Publicity,
    /// A last day that is off moves on.
    pub(crate) rolls: bool,
    /// Names stand whole.
    pub(crate) whole_names: bool,
    /// For how many days what is given is made public.
    pub(crate) publication_days: u16,
}

/// An objection about to be kept.
#[derive(Debug)]
pub(crate) struct NewObjection<'a> {
    /// The notice's id.
    pub(crate) notice: &'a str,
    /// What was written.
    pub(crate) objection: &'a Objection,
}

fn name_place(row: &str) -> Place<'_> {
    Place { column: "public_notices.name", row }
}

fn objection_place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    Place { column, row }
}

impl Store {
    /// Puts an opinion up in public, of somebody of age, and tells the one it is about.
    pub(super) async fn put_up(
        &self,
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        opinion: i64,
        rules: &PublicRules,
        now: Instant,
    ) -> Result<(), StoreError> {
        let Some(days) = rules.publicity.notice_days else { return Ok(()) };
        let today = now.shanghai_date();
        let last = last_day(today, days, rules.rolls, Calendar::embedded());
        let days = (today, last);
        if !self.insert_notice(tx, case, (NoticeKind::Opinion, opinion), rules, days, now).await? {
            return Ok(());
        }
        let owner: String = sqlx::query_scalar("select owner from applications where area = $1 and id = $2")
            .bind(&case.area)
            .bind(&case.id)
            .fetch_one(&mut **tx)
            .await?;
        let until = format!("{}月{}日", last.month(), last.day());
        let notice = Notice::PublicNoticeBegun { number: case.number.clone(), until };
        self.tell_of_case(tx, case, owner.strip_prefix("resident:"), &notice, now).await
    }

    /// Makes public what was given. Nothing is given before the notice that the rules ask for has ended, and before every
    /// objection has its answer.
    pub(super) async fn publish(
        &self,
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        opinion: i64,
        rules: Option<&PublicRules>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let today = now.shanghai_date();
        let notices: i64 = sqlx::query_scalar(
            "select cast(count(*) as bigint) from public_notices \
             where area = $1 and application_id = $2 and kind = 'opinion' and opinion = $3",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(opinion)
        .fetch_one(&mut **tx)
        .await?;
        let over: i64 = sqlx::query_scalar(
            "select cast(count(*) as bigint) from public_notices n \
             where n.area = $1 and n.application_id = $2 and n.kind = 'opinion' and n.opinion = $3 and n.last_day < $4 \
             and not exists (select 1 from notice_objections o where o.area = n.area and o.notice = n.id \
             and o.answered_at is null)",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(opinion)
        .bind(day_number(today))
        .fetch_one(&mut **tx)
        .await?;
        let asked = match rules.filter(|rules| rules.publicity.notice_days.is_some()) {
            Some(_) => !self.is_minor(tx, case, today).await?,
            None => false,
        };
        // One that was put up ends first, whatever the catalogue says by now.
        if over != notices || asked && notices == 0 {
            return Err(StoreError::Conflict);
        }
        let Some(rules) = rules else { return Ok(()) };
        let last = last_day(today, rules.publication_days, false, Calendar::embedded());
        self.insert_notice(tx, case, (NoticeKind::Grant, opinion), rules, (today, last), now).await?;
        Ok(())
    }

    /// A case whose opinion waits no longer is put up no longer.
    pub(super) async fn take_down(
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        now: Instant,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "update public_notices set ended_at = $3 where area = $1 and application_id = $2 and kind = 'opinion' \
             and ended_at is null and not exists (select 1 from cases k where k.area = $1 and k.application_id = $2 \
             and k.state = 'opinion_given')",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// The applicant's name, and whether they are under age as far as the document tells.
    async fn applicant_in_public(
        &self,
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        today: Date,
    ) -> Result<(String, bool), StoreError> {
        let row = sqlx::query(
            "select applicant_name, document_number, details, under_14 from applications where area = $1 and id = $2",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_one(&mut **tx)
        .await?;
        let at = case.row();
        let open = |column: &'static str, name: &str| -> Result<String, StoreError> {
            let sealed: Vec<u8> = row.try_get(name)?;
            Ok(self.sealer.open_text(Place { column, row: &at }, &sealed)?)
        };
        let details: Vec<u8> = row.try_get("details")?;
        let record: ApplicationRecord =
            self.sealer.open_json(Place { column: "applications.details", row: &at }, &details)?;
        let number = open("applications.document_number", "document_number")?;
        let document = DocumentKind::parse(&record.document_kind)
            .and_then(|kind| IdentityDocument::parse(kind, &number, Date::MAX).ok());
        let birth = document.and_then(|document| document.birth_date());
        let minor = row.try_get::<i64, _>("under_14")? == 1 || under_age(birth, today);
        Ok((open("applications.applicant_name", "applicant_name")?, minor))
    }

    async fn is_minor(
        &self,
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        today: Date,
    ) -> Result<bool, StoreError> {
        Ok(self.applicant_in_public(tx, case, today).await?.1)
    }

    /// Keeps what may be shown, and nothing else; `false` of somebody under age, of whom nothing is.
    async fn insert_notice(
        &self,
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        (kind, opinion): (NoticeKind, i64),
        rules: &PublicRules,
        (first, last): (Date, Date),
        now: Instant,
    ) -> Result<bool, StoreError> {
        let (name, minor) = self.applicant_in_public(tx, case, first).await?;
        if minor {
            return Ok(false);
        }
        let shown = match PersonName::parse(&name) {
            Ok(name) if !rules.whole_names => name.masked(),
            // What was received was a name then.
            _ => name,
        };
        let may = |field| rules.publicity.fields.contains(&field);
        let id = new_id(now)?;
        let row = format!("{}/{id}", case.area);
        let name = may(NoticeField::Name).then(|| self.sealer.seal(name_place(&row), shown.as_bytes()));
        // The last condition stands here too: no row of a child under 14 can come to be.
        sqlx::query(
            "insert into public_notices (area, id, application_id, kind, opinion, item, community, name, household_size, \
             amount, first_day, last_day) select a.area, $3, a.id, $4, o.sequence, a.aid_item, a.community, $6, \
             case when $7 = 1 then cast((select count(*) + 1 from household_members m where m.area = a.area \
             and m.application_id = a.id) as bigint) end, case when $8 = 1 then o.amount end, $9, $10 \
             from applications a join case_opinions o on o.area = a.area and o.application_id = a.id \
             where a.area = $1 and a.id = $2 and o.sequence = $5 and a.under_14 = 0",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(&id)
        .bind(kind.as_str())
        .bind(opinion)
        .bind(name.transpose()?)
        .bind(i64::from(may(NoticeField::HouseholdSize)))
        .bind(i64::from(may(NoticeField::Amount)))
        .bind(day_number(first))
        .bind(day_number(last))
        .execute(&mut **tx)
        .await?;
        Ok(true)
    }

    fn shown_notice(&self, row: &AnyRow) -> Result<ShownNotice, StoreError> {
        let (area, id): (String, String) = (row.try_get("area")?, row.try_get("id")?);
        let name: Option<Vec<u8>> = row.try_get("name")?;
        let at = format!("{area}/{id}");
        let name = name.map(|sealed| self.sealer.open_text(name_place(&at), &sealed)).transpose()?;
        let day = |column: &str| -> Result<Date, StoreError> {
            day_of(row.try_get(column)?).ok_or(unknown("public_notices.last_day"))
        };
        Ok(ShownNotice {
            kind: NoticeKind::parse(row.try_get("kind")?).ok_or(unknown("public_notices.kind"))?,
            item: row.try_get("item")?,
            community: row.try_get("community")?,
            name,
            household_size: row.try_get("household_size")?,
            amount: row.try_get::<Option<i64>, _>("amount")?.map(Fen),
            first_day: day("first_day")?,
            last_day: day("last_day")?,
            area,
            id,
        })
    }

    /// What is public on a day in a street or a community, all of the district where both are empty; the newest first.
    ///
    /// # Errors
    /// The database failed, or a name doesn't open with our keys.
    pub(crate) async fn public_notices(
        &self,
        (street, community): (&str, &str),
        today: Date,
        count: i64,
    ) -> Result<Vec<ShownNotice>, StoreError> {
        let rows = sqlx::query(
            "select area, id, kind, item, community, name, household_size, amount, first_day, last_day from public_notices \
             where ended_at is null and last_day >= $1 and first_day <= $1 and ($2 = '' or area = $2) \
             and ($3 = '' or community = $3) order by case kind when 'opinion' then 0 else 1 end, first_day desc, id desc limit $4",
        )
        .bind(day_number(today))
        .bind(street)
        .bind(community)
        .bind(count)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| self.shown_notice(row)).collect()
    }

    /// An opinion that is put up and may be objected to on that day.
    ///
    /// # Errors
    /// The database failed, or a name doesn't open with our keys.
    pub(crate) async fn open_notice(&self, id: &str, today: Date) -> Result<Option<ShownNotice>, StoreError> {
        let row = sqlx::query(
            "select area, id, kind, item, community, name, household_size, amount, first_day, last_day from public_notices \
             where id = $1 and kind = 'opinion' and ended_at is null and last_day >= $2",
        )
        .bind(id)
        .bind(day_number(today))
        .fetch_optional(&self.reader)
        .await?;
        row.as_ref().map(|row| self.shown_notice(row)).transpose()
    }

    /// Keeps an objection, while the notice lasts.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where it has ended; [`StoreError::Conflict`] where the key was sent with another body.
    pub(crate) async fn keep_objection(
        &self,
        new: &NewObjection<'_>,
        key: &IdempotencyKey,
        device: &Owner,
        now: Instant,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, key, device, OBJECT, now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let row = sqlx::query(
            "select area, application_id from public_notices \
             where id = $1 and kind = 'opinion' and ended_at is null and last_day >= $2",
        )
        .bind(new.notice)
        .bind(day_number(now.shanghai_date()))
        .fetch_one(&mut *tx)
        .await?;
        let (area, application): (String, String) = (row.try_get("area")?, row.try_get("application_id")?);
        let id = new_id(now)?;
        let at = format!("{area}/{id}");
        let contact = new.objection.contact.as_ref().map(|contact| {
            self.sealer.seal(objection_place("notice_objections.contact", &at), contact.as_bytes())
        });
        let text = objection_place("notice_objections.objection", &at);
        sqlx::query(
            "insert into notice_objections (area, id, application_id, notice, objection, contact, received_at) \
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&area)
        .bind(&id)
        .bind(&application)
        .bind(new.notice)
        .bind(self.sealer.seal(text, new.objection.text.as_bytes())?)
        .bind(contact.transpose()?)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        // Who objects is nobody's business.
        let entry = AuditEntry {
            area: &area,
            actor: &Actor::Device(String::new()),
            on_behalf_of: None,
            act: AuditAct::ObjectionReceived,
            object_kind: "notice_objections",
            object: &id,
            subject: None,
            purpose: Purpose::Own,
        };
        Self::note(&mut tx, &entry, now).await?;
        Self::answer_key(&mut tx, key, new.notice).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(new.notice.to_owned()))
    }

    /// Answers an objection. One that is looked into takes the case back to the street, and its notice down.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it has its answer, the case has moved on, or the key was sent with another body.
    pub(crate) async fn answer_objection(
        &self,
        case: &CaseRef,
        id: &str,
        (outcome, answer): (ObjectionOutcome, &str),
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, _) = doing.staff()?;
        let mut tx = self.write().await?;
        let before = match outcome {
            ObjectionOutcome::Reinvestigate => {
                self.moved(&mut tx, case, CaseAct::Reinvestigate, doing).await?
            }
            ObjectionOutcome::Unfounded => {
                Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await?
            }
        };
        if let Some(before) = before {
            return Ok(OnlyOnce::Before(before));
        }
        let at = format!("{}/{id}", case.area);
        let place = objection_place("notice_objections.answer", &at);
        let answered = sqlx::query(
            "update notice_objections set outcome = $4, answer = $5, answered_by = $6, answered_at = $7 \
             where area = $1 and id = $2 and application_id = $3 and answered_at is null",
        )
        .bind(&case.area)
        .bind(id)
        .bind(&case.id)
        .bind(outcome.as_str())
        .bind(self.sealer.seal(place, answer.as_bytes())?)
        .bind(staff)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if answered.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        if outcome == ObjectionOutcome::Unfounded {
            let entry = AuditEntry {
                area: &case.area,
                actor: &doing.actor,
                on_behalf_of: None,
                act: AuditAct::ObjectionAnswered,
                object_kind: "applications",
                object: &case.id,
                subject: None,
                purpose: Purpose::Handling,
            };
            Self::note(&mut tx, &entry, doing.now).await?;
        }
        self.settled(tx, case, doing).await
    }

    /// The latest notice of a case's opinion, and every objection, oldest first.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn notice_of_case(
        &self,
        area: &str,
        application: &str,
    ) -> Result<(Option<CaseNotice>, Vec<CaseObjection>), StoreError> {
        let row = sqlx::query(
            "select first_day, last_day, ended_at from public_notices \
             where area = $1 and application_id = $2 and kind = 'opinion' order by opinion desc limit 1",
        )
        .bind(area)
        .bind(application)
        .fetch_optional(&self.reader)
        .await?;
        let notice = match row {
            None => None,
            Some(row) => {
                let day = |column: &str| -> Result<Date, StoreError> {
                    day_of(row.try_get(column)?).ok_or(unknown("public_notices.last_day"))
                };
                Some(CaseNotice {
                    first_day: day("first_day")?,
                    last_day: day("last_day")?,
                    ended: row.try_get::<Option<i64>, _>("ended_at")?.is_some(),
                })
            }
        };
        let rows = sqlx::query(
            "select id, objection, contact, received_at, outcome, answer, answered_at from notice_objections \
             where area = $1 and application_id = $2 order by received_at, id",
        )
        .bind(area)
        .bind(application)
        .fetch_all(&self.reader)
        .await?;
        let objections = rows
            .iter()
            .map(|row| {
                let id: String = row.try_get("id")?;
                let at = format!("{area}/{id}");
                let open = |column: &'static str, name: &str| -> Result<Option<String>, StoreError> {
                    let sealed: Option<Vec<u8>> = row.try_get(name)?;
                    Ok(sealed
                        .map(|sealed| self.sealer.open_text(objection_place(column, &at), &sealed))
                        .transpose()?)
                };
                let outcome: Option<String> = row.try_get("outcome")?;
                let outcome = match outcome {
                    Some(slug) => {
                        Some(ObjectionOutcome::parse(&slug).ok_or(unknown("notice_objections.outcome"))?)
                    }
                    None => None,
                };
                let answered: Option<i64> = row.try_get("answered_at")?;
                let answer = open("notice_objections.answer", "answer")?;
                Ok(CaseObjection {
                    text: open("notice_objections.objection", "objection")?.unwrap_or_default(),
                    contact: open("notice_objections.contact", "contact")?,
                    received_at: Instant(row.try_get("received_at")?),
                    answer: match (outcome, answer, answered) {
                        (Some(outcome), Some(answer), Some(at)) => Some((outcome, answer, Instant(at))),
                        _ => None,
                    },
                    id,
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        Ok((notice, objections))
    }
}
