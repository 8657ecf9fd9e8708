//! Visits at the counter: residents found or made by staff, served until the visit ends and leaves nothing open.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::name::PersonName;
use app::domain::person::{Assurance, Identity, Profile};
use app::domain::phone::ContactPhone;
use app::domain::time::Instant;
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::residents::profile_place;
use super::{Store, StoreError};
use crate::seal::{new_id, sha256};

/// A visit's row is of no use after a week; the audit trail holds what was done.
pub(crate) const KEPT_MS: i64 = 7 * 24 * 3_600_000;

/// A visit that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptVisit {
    /// Whose visit it is.
    pub(crate) resident: String,
    /// The area that the resident belongs to, whose trail takes what is done.
    pub(crate) area: String,
    /// The clerk fills in for the resident at the moment.
    pub(crate) helping: bool,
}

/// What became of a visit's secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VisitFound {
    /// It goes on.
    Open(KeptVisit),
    /// It was ended, or lay idle too long, or never was.
    Over,
    /// It is another staff member's.
    OfAnother,
}

/// Which account a document belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DocumentHolder {
    /// The account.
    pub(crate) resident: String,
    /// The masked name that it was verified with.
    pub(crate) masked: String,
    /// Whether the name that was typed is that one.
    pub(crate) same_name: bool,
}

/// Something that staff do at the counter for the resident of their visit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AtCounter<'a> {
    /// The staff member in the post that allows it.
    pub(crate) actor: &'a Actor,
    /// The staff member's account.
    pub(crate) staff: &'a str,
    /// The area that the resident belongs to.
    pub(crate) area: &'a str,
    /// The resident.
    pub(crate) resident: &'a str,
}

impl AtCounter<'_> {
    /// Notes an act of the visit.
    ///
    /// # Errors
    /// The database failed.
    pub(super) async fn note(
        &self,
        tx: &mut Transaction<'static, Any>,
        act: AuditAct,
        object_kind: &'static str,
        object: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let entry = AuditEntry {
            area: self.area,
            actor: self.actor,
            on_behalf_of: None,
            act,
            object_kind,
            object,
            subject: Some(self.resident),
            purpose: Purpose::Counter,
        };
        Store::note(tx, &entry, now).await
    }
}

impl Store {
    /// The account of a telephone number, made where there is none. Nobody has proved the number yet; a code does later.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn resident_at_counter(
        &self,
        phone: &ContactPhone,
        now: Instant,
    ) -> Result<String, StoreError> {
        let mut tx = self.write().await?;
        let (resident, _) = self.resident_of_phone(&mut tx, phone, now).await?;
        tx.commit().await?;
        Ok(resident)
    }

    /// The verified account of a document.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn holder_of_document(
        &self,
        identity: &Identity,
    ) -> Result<Option<DocumentHolder>, StoreError> {
        let found: Option<String> =
            sqlx::query_scalar("select id from residents where document_index = $1 and closed_at is null")
                .bind(self.document_index(&identity.document))
                .fetch_optional(&self.reader)
                .await?;
        let Some(resident) = found else { return Ok(None) };
        let kept = self.account(&resident).await?;
        let name = kept.profile.identity.and_then(|form| PersonName::parse(&form.name).ok());
        Ok(Some(DocumentHolder {
            same_name: name.as_ref().is_some_and(|name| name.as_str() == identity.name.as_str()),
            masked: name.map(|name| name.masked()).unwrap_or_default(),
            resident,
        }))
    }

    /// Makes the account of a person without a telephone, whose document was seen. Gives its id.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the document is another verified account's.
    pub(crate) async fn make_resident_without_phone(
        &self,
        identity: &Identity,
        actor: &Actor,
        staff: &str,
        area: &str,
        now: Instant,
    ) -> Result<String, StoreError> {
        let id = new_id(now)?;
        let mut tx = self.write().await?;
        let sealer = self.make_person_key(&mut tx, &id, now).await?;
        let profile = Profile { identity: Some(identity.form()), ..Profile::default() };
        sqlx::query(
            "insert into residents (id, profile, phone_proved_at, assurance, verified_at, verified_by, \
             document_index, created_at) values ($1, $2, $3, 'verified', $3, $4, $5, $3)",
        )
        .bind(&id)
        .bind(sealer.seal_json(profile_place(&id), &profile)?)
        .bind(now.0)
        .bind(staff)
        .bind(self.document_index(&identity.document))
        .execute(&mut *tx)
        .await?;
        let at = AtCounter { actor, staff, area, resident: &id };
        at.note(&mut tx, AuditAct::IdentityVerified, "residents", &id, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Begins a visit under a fresh secret. What the page shows counts as read.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn begin_visit(
        &self,
        secret: &str,
        at: &AtCounter<'_>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query("delete from counter_visits where begun_at < $1")
            .bind(now.0 - KEPT_MS)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "insert into counter_visits (secret_hash, staff, resident, area, purpose, begun_at, seen_at) \
             values ($1, $2, $3, $4, $5, $6, $6)",
        )
        .bind(sha256(secret))
        .bind(at.staff)
        .bind(at.resident)
        .bind(at.area)
        .bind(Purpose::Counter.as_str())
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        at.note(&mut tx, AuditAct::DetailsRead, "residents", at.resident, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The visit behind a secret, for the staff member who began it. Asking keeps it from lying idle.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn visit(
        &self,
        secret: &str,
        staff: &str,
        idle_since: Instant,
        now: Instant,
    ) -> Result<VisitFound, StoreError> {
        let mut tx = self.write().await?;
        let row = sqlx::query(
            "update counter_visits set seen_at = $1 where secret_hash = $2 and staff = $3 and ended_at is null \
             and seen_at > $4 and exists (select 1 from residents r where r.id = resident and r.closed_at is null) \
             returning resident, area, (select p.state from proxies p where p.id = helping) as help_state",
        )
        .bind(now.0)
        .bind(sha256(secret))
        .bind(staff)
        .bind(idle_since.0)
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        if let Some(row) = row {
            let kept = KeptVisit {
                resident: row.try_get("resident")?,
                area: row.try_get("area")?,
                helping: row.try_get::<Option<String>, _>("help_state")?.as_deref() == Some("active"),
            };
            return Ok(VisitFound::Open(kept));
        }
        let owner: Option<String> =
            sqlx::query_scalar("select staff from counter_visits where secret_hash = $1")
                .bind(sha256(secret))
                .fetch_optional(&self.reader)
                .await?;
        Ok(if owner.is_some_and(|owner| owner != staff) { VisitFound::OfAnother } else { VisitFound::Over })
    }

    /// Ends a visit of one's own, and with it what was filled in for the resident; one that is over stays so.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn end_visit(&self, secret: &str, staff: &str, now: Instant) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        Self::end_help(&mut tx, secret, staff, &Actor::staff(staff), now).await?;
        sqlx::query(
            "update counter_visits set ended_at = $1 where secret_hash = $2 and staff = $3 and ended_at is null",
        )
        .bind(now.0)
        .bind(sha256(secret))
        .bind(staff)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whether a resident's identity is verified, inside a transaction.
    pub(super) async fn is_verified(
        tx: &mut Transaction<'static, Any>,
        resident: &str,
    ) -> Result<bool, StoreError> {
        // The row's lock makes one writer at a time on PostgreSQL.
        let row = sqlx::query(
            "update residents set assurance = assurance where id = $1 and closed_at is null returning assurance",
        )
        .bind(resident)
        .fetch_one(&mut **tx)
        .await?;
        Ok(Assurance::parse(row.try_get("assurance")?) == Some(Assurance::Verified))
    }
}
