//! Received applications, as staff of their area may see them.

use app::domain::aid::case::CaseState;
use app::domain::aid::{ApplicationRecord, MemberRecord, TemporaryAidKind, Urgency};
use app::domain::name::PersonName;
use app::domain::staff::{Post, Role};
use app::domain::time::Instant;
use app::pages::staff::cases::{CaseFile, CaseHead};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::case_acts::CaseRef;
use super::cases::unknown;
use super::{Store, StoreError};
use crate::seal::Place;

/// The part of the area tree that a post covers, as the columns `area` and `community` have it.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    /// Areas from this one on.
    pub(crate) from: String,
    /// Areas before this one.
    pub(crate) before: String,
    /// This community alone; empty for all.
    pub(crate) community: String,
}

impl Scope {
    /// What this post covers.
    pub(crate) fn of(post: &Post) -> Self {
        let (prefix, community) = match post.role() {
            Role::CommunityWorker => (post.place().get(..9).unwrap_or_default(), post.place()),
            _ => (post.place(), ""),
        };
        // Codes are digits, and the colon comes right after 9.
        Self { from: prefix.to_owned(), before: format!("{prefix}:"), community: community.to_owned() }
    }
}

/// A received application with the ids that its columns are sealed under.
#[derive(Clone, Debug)]
pub(crate) struct FoundCase {
    /// The row's id.
    pub(crate) id: String,
    /// What the list shows.
    pub(crate) head: CaseHead,
    /// It is a child's under 14.
    pub(crate) under_14: bool,
}

impl FoundCase {
    /// The case for acts on it.
    pub(crate) fn to_act_on(&self) -> CaseRef {
        CaseRef { area: self.head.area.clone(), id: self.id.clone(), number: self.head.number.clone() }
    }

    /// The smallest area it belongs to: whoever covers that one may read it.
    pub(crate) fn place(&self) -> &str {
        self.head.community.as_deref().unwrap_or(&self.head.office)
    }
}

/// One line of the register: what the list shows, and who applied, masked.
#[derive(Clone, Debug)]
pub(crate) struct RegisterLine {
    /// What the list shows.
    pub(crate) head: CaseHead,
    /// The first character of the applicant's name and stars; of a child under 14 that alone.
    pub(crate) applicant: String,
}

pub(super) fn found(row: &AnyRow) -> Result<FoundCase, StoreError> {
    Ok(FoundCase {
        id: row.try_get("id")?,
        under_14: row.try_get::<i64, _>("under_14")? == 1,
        head: CaseHead {
            number: row.try_get("number")?,
            area: row.try_get("area")?,
            office: row.try_get("office")?,
            community: row.try_get("community")?,
            item: row.try_get("aid_item")?,
            kind: TemporaryAidKind::parse(row.try_get("kind")?).ok_or(unknown("applications.kind"))?,
            urgency: Urgency::parse(row.try_get("urgency")?).ok_or(unknown("applications.urgency"))?,
            received_at: Instant(row.try_get("received_at")?),
            consents_missing: row.try_get("missing")?,
            state: CaseState::parse(row.try_get("state")?).ok_or(unknown("cases.state"))?,
        },
    })
}

impl Store {
    /// The register of a post's area, oldest first. The caller has noted the export before.
    ///
    /// # Errors
    /// The database failed, or a name doesn't open with our keys.
    pub(crate) async fn register(&self, scope: &Scope, count: i64) -> Result<Vec<RegisterLine>, StoreError> {
        let rows = sqlx::query(
            "select a.id, a.number, a.area, k.office, k.community, a.aid_item, a.kind, a.urgency, a.received_at, a.under_14, k.state, \
             a.applicant_name, \
             cast((select count(*) from check_consents c where c.area = a.area and c.application_id = a.id \
             and c.given_at is null) as bigint) as missing from applications a join cases k on k.area = a.area and k.application_id = a.id \
             where k.open_since is not null and k.office >= $1 and k.office < $2 and ($3 = '' or k.community = $3) \
             order by k.open_since, k.application_id limit $4",
        )
        .bind(&scope.from)
        .bind(&scope.before)
        .bind(&scope.community)
        .bind(count)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let FoundCase { id, head, under_14 } = found(row)?;
                if under_14 {
                    // A child is named in no list (个人信息保护法 31).
                    return Ok(RegisterLine { head, applicant: "未满十四周岁".to_owned() });
                }
                let sealed: Vec<u8> = row.try_get("applicant_name")?;
                let at = format!("{}/{id}", head.area);
                let place = Place { column: "applications.applicant_name", row: &at };
                let name = self.sealer.open_text(place, &sealed)?;
                // What was received was a name then; should the rule have changed since, nothing of it is shown.
                let applicant = PersonName::parse(&name).map(|name| name.masked()).unwrap_or_default();
                Ok(RegisterLine { head, applicant })
            })
            .collect()
    }

    /// How many applications of a post's area are received, and how many of them are needed today.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn count_cases(&self, scope: &Scope) -> Result<(i64, i64), StoreError> {
        let row = sqlx::query(
            "select cast(count(*) as bigint) as received, \
             cast(coalesce(sum(case when urgency = 'today' then 1 else 0 end), 0) as bigint) as today from cases \
             where open_since is not null and office >= $1 and office < $2 and ($3 = '' or community = $3)",
        )
        .bind(&scope.from)
        .bind(&scope.before)
        .bind(&scope.community)
        .fetch_one(&self.reader)
        .await?;
        Ok((row.try_get("received")?, row.try_get("today")?))
    }

    /// The application of that number. Whether the asker may see it is the caller's question.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn find_case(&self, number: &str) -> Result<Option<FoundCase>, StoreError> {
        let row = sqlx::query(
            "select a.id, a.number, a.area, k.office, k.community, a.aid_item, a.kind, a.urgency, a.received_at, a.under_14, k.state, \
             cast((select count(*) from check_consents c where c.area = a.area and c.application_id = a.id \
             and c.given_at is null) as bigint) as missing from applications a join cases k on k.area = a.area and k.application_id = a.id \
             where a.number = $1",
        )
        .bind(number)
        .fetch_optional(&self.reader)
        .await?;
        row.as_ref().map(found).transpose()
    }

    /// Everything that was answered. The caller has noted the reading before.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is gone; a text doesn't open with our keys.
    pub(crate) async fn case_file(&self, case: &FoundCase) -> Result<CaseFile, StoreError> {
        let (area, id) = (case.head.area.as_str(), case.id.as_str());
        let row = sqlx::query(
            "select applicant_name, document_number, mobile, bank_account, story, details from applications \
             where area = $1 and id = $2",
        )
        .bind(area)
        .bind(id)
        .fetch_one(&self.reader)
        .await?;
        let at = format!("{area}/{id}");
        let open = |column: &'static str, name: &str| -> Result<String, StoreError> {
            let sealed: Vec<u8> = row.try_get(name)?;
            Ok(self.sealer.open_text(Place { column, row: &at }, &sealed)?)
        };
        let account: Option<Vec<u8>> = row.try_get("bank_account")?;
        let account = account
            .map(|sealed| {
                self.sealer.open_text(Place { column: "applications.bank_account", row: &at }, &sealed)
            })
            .transpose()?;
        let details: Vec<u8> = row.try_get("details")?;
        let record: ApplicationRecord =
            self.sealer.open_json(Place { column: "applications.details", row: &at }, &details)?;
        let consents = self.consents_of(area, id).await?;
        Ok(CaseFile {
            name: open("applications.applicant_name", "applicant_name")?,
            document_number: open("applications.document_number", "document_number")?,
            mobile: open("applications.mobile", "mobile")?,
            account_number: account,
            story: open("applications.story", "story")?,
            record,
            members: self.members_of(area, id).await?,
            consents: consents.into_iter().map(|c| (c.name, c.way, c.given_at)).collect(),
            events: self.events_of(area, id).await?,
        })
    }

    async fn members_of(&self, area: &str, id: &str) -> Result<Vec<MemberRecord>, StoreError> {
        let rows = sqlx::query(
            "select id, details from household_members where area = $1 and application_id = $2 order by position",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let at = format!("{area}/{id}/{}", row.try_get::<String, _>("id")?);
                let sealed: Vec<u8> = row.try_get("details")?;
                let place = Place { column: "household_members.details", row: &at };
                Ok(self.sealer.open_json(place, &sealed)?)
            })
            .collect()
    }
}
