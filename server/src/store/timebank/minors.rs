//! What guardians allow minors to give: agreed to, taken back, and asked for before a minor says yes to anything.

use app::domain::area::district;
use app::domain::audit::AuditAct;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::domain::timebank::{Agreement, Guarded, ServiceKind, age_on, service_kind};
use sqlx::{Any, Row as _, Transaction};

use super::doing::{Doing, NeedRefusal, note};
use super::events::give_place_back;
use super::service_events::BRINGING;
use crate::seal::new_id;
use crate::store::{Store, StoreError};

/// An agreement that holds.
#[derive(Clone, Debug)]
pub(crate) struct KeptAgreement {
    /// The child's account.
    pub(crate) child: String,
    /// What they may give.
    pub(crate) kind: &'static ServiceKind,
    /// An adult comes along.
    pub(crate) accompanied: bool,
    /// Since when.
    pub(crate) given_at: Instant,
}

impl Store {
    /// What a guardian agreed to and did not take back.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn time_agreements(&self, guardian: &str) -> Result<Vec<KeptAgreement>, StoreError> {
        let rows = sqlx::query(
            "select child, kind, accompanied, given_at from time_agreements where guardian = $1 and ended_at is null \
             order by given_at, id",
        )
        .bind(guardian)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let unknown = || StoreError::Other(anyhow::anyhow!("an agreement names no known kind"));
                Ok(KeptAgreement {
                    child: row.try_get("child")?,
                    kind: service_kind(row.try_get("kind")?).ok_or_else(unknown)?,
                    accompanied: row.try_get::<i64, _>("accompanied")? == 1,
                    given_at: Instant(row.try_get("given_at")?),
                })
            })
            .collect()
    }

    /// A guardian agrees that a child gives this.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] where they are not the child's guardian today.
    pub(crate) async fn agree_for_minor(
        &self,
        guardian: &str,
        agreement: &Agreement,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_agree", doing.now).await?.is_some() {
            return Ok(());
        }
        if !Self::guardians_of(&mut tx, &agreement.child, "", doing.now)
            .await?
            .iter()
            .any(|one| one == guardian)
        {
            return Err(NeedRefusal::Gone);
        }
        let id = new_id(doing.now)?;
        sqlx::query(
            "insert into time_agreements (id, child, guardian, kind, accompanied, given_at) \
             values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        )
        .bind(&id)
        .bind(&agreement.child)
        .bind(guardian)
        .bind(&agreement.kind.slug)
        .bind(i64::from(agreement.accompanied))
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        note(&mut tx, AuditAct::TimeAgreementGiven, (district(), &id), Some(&agreement.child), doing).await?;
        Self::answer_key(&mut tx, doing.key, &id).await?;
        Ok(tx.commit().await?)
    }

    /// A guardian takes an agreement back. What the child had promised and not begun is given up, and whoever waits is told.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] where there is none.
    pub(crate) async fn end_agreement(
        &self,
        guardian: &str,
        (child, kind): (&str, &ServiceKind),
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_agree_end", doing.now).await?.is_some() {
            return Ok(());
        }
        sqlx::query("update time_volunteers set changed_at = changed_at where resident = $1")
            .bind(child)
            .execute(&mut *tx)
            .await?;
        let ended: Option<String> = sqlx::query_scalar(
            "update time_agreements set ended_at = $4 where child = $1 and guardian = $2 and kind = $3 \
             and ended_at is null returning id",
        )
        .bind(child)
        .bind(guardian)
        .bind(&kind.slug)
        .bind(doing.now.0)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(id) = ended else { return Err(NeedRefusal::Gone) };
        // Another guardian may have agreed too: then nothing changes for what was promised.
        if self.guardian_agreed(&mut tx, child, kind, doing.now).await?.is_none() {
            self.give_up_for(&mut tx, (child, kind), doing.now).await?;
            let notice = Notice::TimeAgreementEnded { kind: kind.name.clone() };
            self.tell(&mut tx, child, &notice, Some("/timebank"), doing.now).await?;
        }
        note(&mut tx, AuditAct::TimeAgreementEnded, (district(), &id), Some(child), doing).await?;
        Self::answer_key(&mut tx, doing.key, &id).await?;
        Ok(tx.commit().await?)
    }

    /// Gives up what a minor had promised of a kind and not begun.
    async fn give_up_for(
        &self,
        tx: &mut Transaction<'static, Any>,
        (child, kind): (&str, &ServiceKind),
        now: Instant,
    ) -> Result<(), StoreError> {
        let promised: Vec<String> = sqlx::query_scalar(
            "select id from time_needs where helper = $1 and kind = $2 and state = 'taken' order by id",
        )
        .bind(child)
        .bind(&kind.slug)
        .fetch_all(&mut **tx)
        .await?;
        for id in &promised {
            let need = self.need_inside(tx, id).await?;
            sqlx::query(
                "update time_needs set state = 'posted', helper = null, code = null, reminded_at = null, changed_at = $2 \
                 where id = $1",
            )
            .bind(id)
            .bind(now.0)
            .execute(&mut **tx)
            .await?;
            let when = need.starts_at.shanghai_text();
            self.tell_served(tx, &need, &Notice::TimeHelperGone { when }, now).await?;
        }
        let places: Vec<String> = sqlx::query_scalar(
            "select p.event from time_event_places p join time_events e on e.id = p.event \
             where p.resident = $1 and p.state = 'signed' and e.kind = $2 and e.state = 'posted' order by p.event",
        )
        .bind(child)
        .bind(&kind.slug)
        .fetch_all(&mut **tx)
        .await?;
        for event in &places {
            give_place_back(tx, event, child, now).await?;
        }
        Ok(())
    }

    /// Whether somebody who is a guardian today agreed that a child gives this; `Some(true)` where an adult comes along.
    async fn guardian_agreed(
        &self,
        tx: &mut Transaction<'static, Any>,
        child: &str,
        kind: &ServiceKind,
        now: Instant,
    ) -> Result<Option<bool>, StoreError> {
        let agreed: Option<i64> = sqlx::query_scalar(
            "select max(a.accompanied) from time_agreements a join proxies p on p.represented = a.child \
             and p.representative = a.guardian and p.kind = 'guardian' and p.state = 'active' and p.ends_on >= $3 \
             where a.child = $1 and a.kind = $2 and a.ended_at is null",
        )
        .bind(child)
        .bind(&kind.slug)
        .bind(now.shanghai_date().to_string())
        .fetch_one(&mut **tx)
        .await?;
        Ok(agreed.map(|accompanied| accompanied == 1))
    }

    /// Before a volunteer says yes: who is too young for the kind says nothing, and a minor's guardian comes first.
    ///
    /// # Errors
    /// [`NeedRefusal::GuardianFirst`], or [`NeedRefusal::Gone`] for who is too young.
    pub(in crate::store) async fn old_enough(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        kind: &ServiceKind,
        now: Instant,
    ) -> Result<(), NeedRefusal> {
        let today = now.shanghai_date();
        // Volunteers are verified, so their birth date is known.
        let Some(birth) = self.person(tx, resident, now).await?.birth else { return Ok(()) };
        let age = age_on(birth, today);
        if age < kind.least_age {
            return Err(NeedRefusal::Gone);
        }
        if kind.asks_guardian(age) && self.guardian_agreed(tx, resident, kind, now).await?.is_none() {
            return Err(NeedRefusal::GuardianFirst);
        }
        Ok(())
    }

    /// Whether somebody may be asked to bring meals: as the kinds of service have it, by age and a guardian's agreement.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn may_bring_meals(&self, resident: &str, now: Instant) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        self.may_bring_in(&mut tx, resident, now).await
    }

    /// The same inside the act that gives them a walk.
    pub(in crate::store) async fn may_bring_in(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let Some(kind) = service_kind(BRINGING) else { return Ok(true) };
        match self.old_enough(tx, resident, kind, now).await {
            Ok(()) => Ok(true),
            Err(NeedRefusal::Store(cause)) => Err(cause),
            Err(_) => Ok(false),
        }
    }

    /// What staff see of a volunteer who may be a minor.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn minor_at(
        &self,
        resident: &str,
        kind: &ServiceKind,
        now: Instant,
    ) -> Result<Guarded, StoreError> {
        let mut tx = self.write().await?;
        let person = match self.person(&mut tx, resident, now).await {
            Ok(person) => person,
            // The account was closed.
            Err(StoreError::NotFound) => return Ok(Guarded::No),
            Err(other) => return Err(other),
        };
        let today = now.shanghai_date();
        if !person.birth.is_some_and(|birth| kind.asks_guardian(age_on(birth, today))) {
            return Ok(Guarded::No);
        }
        let agreed = self.guardian_agreed(&mut tx, resident, kind, now).await?;
        Ok(agreed.map_or(Guarded::Waiting, |accompanied| Guarded::Agreed { accompanied }))
    }
}
