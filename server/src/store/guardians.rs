//! Guardians of minors (民法典 27, 34; 个人信息保护法 31): the child as a person of its own, who acts for it, and the end of
//! an agreement at the counter.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::counter::{CounterRefusal, Represented};
use app::domain::minor::{AgeGroup, age_group};
use app::domain::name::PersonName;
use app::domain::notices::Notice;
use app::domain::person::{Assurance, Identity, IdentityForm, Profile};
use app::domain::proxy::EndReason;
use app::domain::time::Instant;
use jiff::civil::Date;
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::counter::CounterError;
use super::proxies::{Details, masked, place};
use super::residents::profile_place;
use super::visits::AtCounter;
use super::{Store, StoreError};
use crate::seal::new_id;

/// What decides whether somebody may act for another, or be acted for.
pub(super) struct Person {
    /// Their name, where it is known.
    pub(super) name: Option<PersonName>,
    /// Their birth date, where it is known.
    pub(super) birth: Option<Date>,
    /// Their document was seen, or a provider vouched for the name.
    pub(super) verified: bool,
}

impl Person {
    /// How old they are on the day, where that is known.
    pub(super) fn age(&self, day: Date) -> Option<AgeGroup> {
        self.birth.map(|birth| age_group(birth, day))
    }

    /// Whether they are known to be under 18.
    pub(super) fn is_minor(&self, day: Date) -> bool {
        self.age(day).is_some_and(|age| age < AgeGroup::Adult)
    }
}

/// A child for whom somebody acts as guardian.
#[derive(Clone)]
pub(crate) struct Ward {
    /// The child's account.
    pub(crate) child: String,
    /// The child's masked name.
    pub(crate) name: String,
}

app::masked_debug!(Ward);

impl Store {
    /// The person behind an account, inside a transaction.
    pub(super) async fn person(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        now: Instant,
    ) -> Result<Person, StoreError> {
        let row = sqlx::query(
            "update residents set assurance = assurance where id = $1 and closed_at is null \
             returning profile, assurance",
        )
        .bind(resident)
        .fetch_one(&mut **tx)
        .await?;
        let verified = Assurance::parse(row.try_get("assurance")?) == Some(Assurance::Verified);
        let profile: Profile = match row.try_get::<Option<Vec<u8>>, _>("profile")? {
            Some(sealed) => {
                self.person_sealer(tx, resident).await?.open_json(profile_place(resident), &sealed)?
            }
            None => Profile::default(),
        };
        Ok(Person {
            name: profile.identity.as_ref().and_then(|form| PersonName::parse(&form.name).ok()),
            birth: profile.birth_date(now.shanghai_date()),
            verified,
        })
    }

    /// The account of a child whose guardian stands at the counter: the verified one of that document, or a new one
    /// with a key of its own.
    ///
    /// # Errors
    /// [`CounterError::Refused`] where the document was verified under another name.
    pub(super) async fn child(
        &self,
        tx: &mut Transaction<'static, Any>,
        child: &Represented,
        actor: &Actor,
        area: &str,
        now: Instant,
    ) -> Result<String, CounterError> {
        let found = self.verified_person(tx, &child.document).await?;
        if let Some((id, name)) = found {
            let same = PersonName::parse(&name).is_ok_and(|name| name.as_str() == child.name.as_str());
            return if same { Ok(id) } else { Err(CounterError::Refused(CounterRefusal::NameDoesNotFit)) };
        }
        let birth = child.birth_date.ok_or(CounterError::Refused(CounterRefusal::GuardianFirst))?;
        let identity = IdentityForm {
            name: child.name.original().to_owned(),
            document_kind: child.document.kind().as_str().to_owned(),
            document_number: child.document.number().to_owned(),
            birth_date: birth.to_string(),
        };
        let id = new_id(now)?;
        let sealer = self.make_person_key(tx, &id, now).await?;
        let profile = Profile { identity: Some(identity), ..Profile::default() };
        let made = sqlx::query(
            "insert into residents (id, profile, phone_proved_at, assurance, verified_at, verified_by, \
             document_index, created_at) values ($1, $2, $3, 'verified', $3, $4, $5, $3)",
        )
        .bind(&id)
        .bind(sealer.seal_json(profile_place(&id), &profile).map_err(StoreError::from)?)
        .bind(now.0)
        .bind(super::counter::staff_id(actor))
        .bind(self.document_index(&child.document))
        .execute(&mut **tx)
        .await;
        made.map_err(StoreError::from)?;
        let entry = AuditEntry {
            area,
            actor,
            on_behalf_of: None,
            act: AuditAct::IdentityVerified,
            object_kind: "residents",
            object: &id,
            subject: Some(&id),
            purpose: Purpose::Counter,
        };
        Self::note(tx, &entry, now).await?;
        Ok(id)
    }

    /// The accounts of a child's guardians, of whom one may be left out.
    pub(super) async fn guardians_of(
        tx: &mut Transaction<'static, Any>,
        child: &str,
        but: &str,
        now: Instant,
    ) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "select distinct representative from proxies where represented = $1 and kind = 'guardian' \
             and state = 'active' and ends_on >= $2 and representative <> $3",
        )
        .bind(child)
        .bind(now.shanghai_date().to_string())
        .bind(but)
        .fetch_all(&mut **tx)
        .await?)
    }

    /// The children for whom a resident acts as guardian today.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn wards_of(&self, guardian: &str, now: Instant) -> Result<Vec<Ward>, StoreError> {
        let rows = sqlx::query(
            "select id, represented, details from proxies where representative = $1 and kind = 'guardian' \
             and state = 'active' and ends_on >= $2 and represented is not null order by requested_at, id",
        )
        .bind(guardian)
        .bind(now.shanghai_date().to_string())
        .fetch_all(&self.reader)
        .await?;
        let mut wards: Vec<Ward> = Vec::new();
        for row in &rows {
            let child: String = row.try_get("represented")?;
            if wards.iter().any(|ward| ward.child == child) {
                continue;
            }
            let id: String = row.try_get("id")?;
            let details: Details =
                self.sealer.open_json(place(&id), &row.try_get::<Vec<u8>, _>("details")?)?;
            wards.push(Ward { child, name: masked(&details.represented) });
        }
        Ok(wards)
    }

    /// Whether a guardian's consent holds for a child today.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn has_guardian(&self, child: &str, now: Instant) -> Result<bool, StoreError> {
        let found: Option<String> = sqlx::query_scalar(
            "select p.id from proxies p join guardian_consents c on c.proxy = p.id where p.represented = $1 \
             and p.kind = 'guardian' and p.state = 'active' and p.ends_on >= $2 limit 1",
        )
        .bind(child)
        .bind(now.shanghai_date().to_string())
        .fetch_optional(&self.reader)
        .await?;
        Ok(found.is_some())
    }

    /// Ends an agreement of the resident of a visit on their word; both hear of it. One that is over stays so.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where it isn't this resident's.
    pub(crate) async fn end_proxy_at_counter(
        &self,
        at: &AtCounter<'_>,
        proxy: &str,
        reason: EndReason,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let row = sqlx::query(
            "update proxies set state = 'ended', ended_by = $1, ended_at = $2, end_reason = $3 \
             where id = $4 and (representative = $5 or represented = $5) and kind <> 'staff' \
             and state in ('requested', 'active') returning representative, represented, details",
        )
        .bind(at.staff)
        .bind(now.0)
        .bind(reason.as_str())
        .bind(proxy)
        .bind(at.resident)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else {
            sqlx::query(
                "select id from proxies where id = $1 and (representative = $2 or represented = $2) \
                 and kind <> 'staff'",
            )
            .bind(proxy)
            .bind(at.resident)
            .fetch_one(&mut *tx)
            .await?;
            return Ok(());
        };
        let details: Details = self.sealer.open_json(place(proxy), &row.try_get::<Vec<u8>, _>("details")?)?;
        at.note(&mut tx, AuditAct::ProxyEnded, "proxies", proxy, now).await?;
        let told = [
            (Some(row.try_get::<String, _>("representative")?), &details.represented),
            (row.try_get::<Option<String>, _>("represented")?, &details.representative),
        ];
        for (reader, other) in told {
            let Some(reader) = reader else { continue };
            let notice = Notice::ProxyEnded { name: masked(other) };
            self.tell(&mut tx, &reader, &notice, Some("/me/acting"), now).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Whether nothing may be kept about this person before a guardian agreed.
pub(crate) fn needs_guardian(identity: &Identity, today: Date) -> bool {
    age_group(identity.birth_date, today) == AgeGroup::Child
}
