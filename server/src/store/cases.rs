//! Received applications, as their owners may see them.

use app::domain::aid::case::CaseState;
use app::domain::aid::{APPLICANT_ID, ConsentWay, LimitPolicy, TemporaryAidKind};
use app::domain::name::PersonName;
use app::domain::time::Instant;
use app::ports::{CaseEvent, CaseEventKind, CaseLine, CaseProgress};
use app::visit::Owner;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::case_acts::CaseRef;
use super::confirmations::RowState;
use super::{Store, StoreError};
use crate::seal::Place;

/// A received application as kept, before the server adds what pages need (QR code, latest day).
#[derive(Clone, Debug)]
pub(crate) struct KeptCase {
    /// Code of the street that handles it now.
    pub(crate) office: String,
    /// The case's number.
    pub(crate) number: String,
    /// Address of the item in the catalogue.
    pub(crate) item: String,
    /// Emergency or expenditure.
    pub(crate) kind: TemporaryAidKind,
    /// When it came in.
    pub(crate) received_at: Instant,
    /// The limit that holds for it.
    pub(crate) limit: LimitPolicy,
    /// The applicant's masked name.
    pub(crate) applicant: String,
    /// No bank account was told.
    pub(crate) account_missing: bool,
    /// 8 signs.
    pub(crate) short_code: String,
    /// The signed token.
    pub(crate) token: String,
    /// When the confirmation was cancelled, where it was: nothing holds then.
    pub(crate) cancelled_at: Option<Instant>,
    /// When an older QR code was last replaced by this one.
    pub(crate) replaced_at: Option<Instant>,
    /// Each adult's agreement, in page order.
    pub(crate) consents: Vec<KeptConsent>,
    /// What happened, oldest first.
    pub(crate) events: Vec<CaseEvent>,
    /// How far it has come.
    pub(crate) progress: CaseProgress,
    /// Whoever asks sent it, or it was sent for them.
    pub(crate) own: bool,
}

/// One adult's agreement as kept.
#[derive(Clone)]
pub(crate) struct KeptConsent {
    /// Masked name.
    pub(crate) name: String,
    /// Whether it is the applicant.
    pub(crate) is_applicant: bool,
    /// How it was to be given.
    pub(crate) way: ConsentWay,
    /// When it was given.
    pub(crate) given_at: Option<Instant>,
    /// The link's secret and its code.
    pub(crate) link: Option<(String, String)>,
}

impl std::fmt::Debug for KeptConsent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptConsent({:?}, …)", self.way)
    }
}

/// A stored word that no version of the program knows: the row was altered by hand.
pub(super) fn unknown(column: &'static str) -> StoreError {
    StoreError::Other(anyhow::anyhow!("unknown value in {column}"))
}

pub(super) fn limit_in(row: &AnyRow) -> Result<LimitPolicy, StoreError> {
    let days: Option<i64> = row.try_get("limit_working_days")?;
    Ok(LimitPolicy {
        working_days: days.and_then(|days| u32::try_from(days).ok()),
        sample: row.try_get::<i64, _>("limit_sample")? == 1,
    })
}

impl Store {
    /// The case of that number, if this owner sent it or has proved number and mobile digits not long ago.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn case_for(
        &self,
        number: &str,
        owner: &Owner,
        now: Instant,
    ) -> Result<Option<KeptCase>, StoreError> {
        self.case_opened_by(number, &owner.0, &owner.0, now).await
    }

    /// The case of that number, if this device has proved number and mobile digits not long ago.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn granted_case(
        &self,
        number: &str,
        device: &Owner,
        now: Instant,
    ) -> Result<Option<KeptCase>, StoreError> {
        // Nobody's name is empty.
        self.case_opened_by(number, "", &device.0, now).await
    }

    async fn case_opened_by(
        &self,
        number: &str,
        owner: &str,
        granted: &str,
        now: Instant,
    ) -> Result<Option<KeptCase>, StoreError> {
        let row = sqlx::query(
            "select a.area, a.id, k.office, a.number, a.aid_item, a.kind, a.received_at, coalesce((select e.working_days from case_extensions e where e.area = a.area \
             and e.application_id = a.id), a.limit_working_days) as limit_working_days, a.limit_sample, \
             a.applicant_name, case when a.bank_account is null then cast(1 as bigint) else cast(0 as bigint) end \
             as account_missing, c.short_code, c.token, c.state as confirmation_state, c.ended_at, \
             (select max(o.ended_at) from confirmations o where o.area = a.area and o.application_id = a.id \
             and o.state = 'replaced') as replaced_at, \
             case when a.owner = $2 then cast(1 as bigint) else cast(0 as bigint) end as own \
             from applications a join confirmations c on c.area = a.area and c.application_id = a.id \
             join cases k on k.area = a.area and k.application_id = a.id where a.number = $1 and (a.owner = $2 or exists (select 1 from confirmation_grants g \
             where g.number = a.number and g.owner = $4 and g.expires_at > $3)) \
             order by case when c.state = 'active' then 0 else 1 end, c.issued_at desc, c.id limit 1",
        )
        .bind(number)
        .bind(owner)
        .bind(now.0)
        .bind(granted)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let area: String = row.try_get("area")?;
        let id: String = row.try_get("id")?;
        let kind = TemporaryAidKind::parse(row.try_get("kind")?).ok_or(unknown("applications.kind"))?;
        Ok(Some(KeptCase {
            office: row.try_get("office")?,
            number: row.try_get("number")?,
            item: row.try_get("aid_item")?,
            kind,
            received_at: Instant(row.try_get("received_at")?),
            limit: limit_in(&row)?,
            applicant: self.masked_name(
                "applications.applicant_name",
                &format!("{area}/{id}"),
                &row,
                "applicant_name",
            )?,
            account_missing: row.try_get::<i64, _>("account_missing")? == 1,
            short_code: row.try_get("short_code")?,
            token: row.try_get("token")?,
            cancelled_at: if row.try_get::<String, _>("confirmation_state")? == RowState::Active.as_str() {
                None
            } else {
                row.try_get::<Option<i64>, _>("ended_at")?.map(Instant)
            },
            replaced_at: row.try_get::<Option<i64>, _>("replaced_at")?.map(Instant),
            consents: self.consents_of(&area, &id).await?,
            events: self.events_of(&area, &id).await?,
            progress: self.case_progress(&area, &id).await?,
            own: row.try_get::<i64, _>("own")? == 1,
        }))
    }

    pub(super) async fn consents_of(&self, area: &str, id: &str) -> Result<Vec<KeptConsent>, StoreError> {
        let rows = sqlx::query(
            "select signatory, way, name, given_at, link_secret from check_consents \
             where area = $1 and application_id = $2 order by position",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let signatory: String = row.try_get("signatory")?;
                let at = format!("{area}/{id}/{signatory}");
                let secret: Option<Vec<u8>> = row.try_get("link_secret")?;
                let link = secret
                    .map(|sealed| {
                        self.sealer
                            .open_json(Place { column: "check_consents.link_secret", row: &at }, &sealed)
                    })
                    .transpose()?;
                Ok(KeptConsent {
                    name: self.masked_name("check_consents.name", &at, row, "name")?,
                    is_applicant: signatory == APPLICANT_ID,
                    way: ConsentWay::parse(row.try_get("way")?).ok_or(unknown("check_consents.way"))?,
                    given_at: row.try_get::<Option<i64>, _>("given_at")?.map(Instant),
                    link,
                })
            })
            .collect()
    }

    /// What happened to a case, oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn events_of(&self, area: &str, id: &str) -> Result<Vec<CaseEvent>, StoreError> {
        let rows = sqlx::query(
            "select kind, at from case_events where area = $1 and application_id = $2 order by sequence",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let kind = CaseEventKind::parse(row.try_get("kind")?).ok_or(unknown("case_events.kind"))?;
                Ok(CaseEvent { kind, at: Instant(row.try_get("at")?) })
            })
            .collect()
    }

    /// The limit that holds for a case.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is gone; the database failed.
    pub(crate) async fn limit_of(&self, area: &str, id: &str) -> Result<LimitPolicy, StoreError> {
        let row = sqlx::query(
            "select coalesce((select e.working_days from case_extensions e where e.area = a.area and e.application_id = a.id), \
             a.limit_working_days) as limit_working_days, a.limit_sample from applications a where a.area = $1 and a.id = $2",
        )
        .bind(area)
        .bind(id)
        .fetch_one(&self.reader)
        .await?;
        limit_in(&row)
    }

    pub(super) fn masked_name(
        &self,
        column: &'static str,
        at: &str,
        row: &AnyRow,
        name: &str,
    ) -> Result<String, StoreError> {
        let sealed: Vec<u8> = row.try_get(name)?;
        let text = self.sealer.open_text(Place { column, row: at }, &sealed)?;
        Ok(PersonName::parse(&text).map(|name| name.masked()).unwrap_or_default())
    }

    /// What this owner has sent, newest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn cases_of(&self, owner: &Owner) -> Result<Vec<CaseLine>, StoreError> {
        let rows = sqlx::query(
            "select a.number, a.aid_item, a.received_at, k.state, cast((select count(*) from check_consents c where c.area = a.area \
             and c.application_id = a.id and c.given_at is null) as bigint) as missing \
             from applications a join cases k on k.area = a.area and k.application_id = a.id \
             where a.owner = $1 order by a.received_at desc, a.id desc",
        )
        .bind(&owner.0)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(CaseLine {
                    item: row.try_get("aid_item")?,
                    number: row.try_get("number")?,
                    received_at: Instant(row.try_get("received_at")?),
                    consents_missing: row.try_get("missing")?,
                    state: CaseState::parse(row.try_get("state")?).ok_or(unknown("cases.state"))?,
                })
            })
            .collect()
    }

    /// The case of that number, if this owner sent it or it was sent for them. Number and digits are not enough.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn own_case(&self, number: &str, owner: &Owner) -> Result<Option<CaseRef>, StoreError> {
        let row = sqlx::query("select area, id, number from applications where number = $1 and owner = $2")
            .bind(number)
            .bind(&owner.0)
            .fetch_optional(&self.reader)
            .await?;
        row.map(|row| {
            Ok(CaseRef { area: row.try_get("area")?, id: row.try_get("id")?, number: row.try_get("number")? })
        })
        .transpose()
    }

    /// Lets a device open a case until `until`, if number and mobile digits fit; tells whether they did. An
    /// unknown number and wrong digits are the same answer after the same work.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn grant_case(
        &self,
        number: &str,
        mobile_tail: &str,
        owner: &Owner,
        until: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let granted = sqlx::query(
            "insert into confirmation_grants (owner, number, expires_at) \
             select $1, number, $2 from applications where number = $3 and mobile_tail_index = $4 \
             on conflict (owner, number) do update set expires_at = excluded.expires_at",
        )
        .bind(&owner.0)
        .bind(until.0)
        .bind(number)
        .bind(self.mobile_tail_index(number, mobile_tail))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(granted.rows_affected() == 1)
    }
}
