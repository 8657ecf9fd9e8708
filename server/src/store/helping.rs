//! Filling in for somebody at the counter (帮办, 国办发〔2020〕45号): an agreement of the kind `staff` between the resident of
//! a visit and the clerk who began it. It lives no longer than the visit.

use app::domain::audit::AuditAct;
use app::domain::proxy::{PaperSeen, ProxyKind, Scope, scope_text};
use app::domain::time::Instant;
use app::text::proxy::STAFF_WORDS;
use sqlx::{Any, Row as _, Transaction};

use super::audit::Actor;
use super::proxies::{Details, place};
use super::sessions::KeptActing;
use super::visits::AtCounter;
use super::{Store, StoreError};
use crate::seal::{new_id, sha256};

/// What a clerk fills in at the moment.
#[derive(Clone, Debug)]
pub(crate) struct KeptHelp {
    /// Under which agreement, for whom, in what.
    pub(crate) acting: KeptActing,
    /// The area that the person belongs to.
    pub(crate) area: String,
}

/// What became of the secret in the cookie of a helping clerk.
#[derive(Clone, Debug)]
pub(crate) enum HelpFound {
    /// It goes on.
    Open(Box<KeptHelp>),
    /// It is over, or another clerk's. The agreement and the person, where there was one.
    Over(Option<(String, String)>),
}

impl Store {
    /// Begins to fill in for the resident of a visit, for this visit alone; a second press changes nothing. `seen` is how
    /// they said yes.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the visit is over.
    pub(crate) async fn begin_help(
        &self,
        secret: &str,
        at: &AtCounter<'_>,
        seen: PaperSeen,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        // The row's lock makes one writer at a time on PostgreSQL.
        let row = sqlx::query(
            "update counter_visits set seen_at = $1 where secret_hash = $2 and staff = $3 and resident = $4 \
             and ended_at is null returning (select p.state from proxies p where p.id = helping) as help_state",
        )
        .bind(now.0)
        .bind(sha256(secret))
        .bind(at.staff)
        .bind(at.resident)
        .fetch_one(&mut *tx)
        .await?;
        if row.try_get::<Option<String>, _>("help_state")?.as_deref() == Some("active") {
            return Ok(());
        }
        let person = self.person(&mut tx, at.resident, now).await?;
        let id = new_id(now)?;
        let details = Details {
            represented: person.name.map(|name| name.as_str().to_owned()).unwrap_or_default(),
            representative: STAFF_WORDS.to_owned(),
            relation: String::new(),
            phone: String::new(),
        };
        sqlx::query(
            "insert into proxies (id, kind, state, represented, representative, scope, ends_on, details, evidence, \
             paper, requested_at, agreed_at) values ($1, 'staff', 'active', $2, $3, $4, $5, $6, $7, $8, $9, $9)",
        )
        .bind(&id)
        .bind(at.resident)
        .bind(at.staff)
        .bind(scope_text(Scope::OPEN))
        .bind(now.shanghai_date().to_string())
        .bind(self.sealer.seal_json(place(&id), &details)?)
        .bind(if seen == PaperSeen::Spoken { "none" } else { "paper" })
        .bind(seen.as_str())
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        sqlx::query("update counter_visits set helping = $1 where secret_hash = $2")
            .bind(&id)
            .bind(sha256(secret))
            .execute(&mut *tx)
            .await?;
        at.note(&mut tx, AuditAct::HelpBegun, "proxies", &id, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What the clerk of a visit fills in at the moment. Asking keeps the visit from lying idle.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn help(
        &self,
        secret: &str,
        staff: Option<&str>,
        idle_since: Instant,
        now: Instant,
    ) -> Result<HelpFound, StoreError> {
        let mut tx = self.write().await?;
        let row = sqlx::query(
            "update counter_visits set seen_at = $1 where secret_hash = $2 and staff = $3 and ended_at is null \
             and seen_at > $4 and exists (select 1 from residents r where r.id = resident and r.closed_at is null) \
             and exists (select 1 from proxies p where p.id = helping and p.state = 'active' and p.ends_on >= $5) \
             returning resident, area, helping",
        )
        .bind(now.0)
        .bind(sha256(secret))
        .bind(staff.unwrap_or_default())
        .bind(idle_since.0)
        .bind(now.shanghai_date().to_string())
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else {
            let last = sqlx::query("select resident, helping from counter_visits where secret_hash = $1")
                .bind(sha256(secret))
                .fetch_optional(&mut *tx)
                .await?;
            tx.commit().await?;
            let Some(last) = last else { return Ok(HelpFound::Over(None)) };
            let helping: Option<String> = last.try_get("helping")?;
            let resident: String = last.try_get("resident")?;
            return Ok(HelpFound::Over(helping.map(|helping| (helping, resident))));
        };
        let represented: String = row.try_get("resident")?;
        let proxy: String = row.try_get("helping")?;
        let person = self.person(&mut tx, &represented, now).await?;
        tx.commit().await?;
        Ok(HelpFound::Open(Box::new(KeptHelp {
            area: row.try_get("area")?,
            acting: KeptActing {
                proxy,
                represented,
                kind: ProxyKind::Staff,
                name: person.name.map(|name| name.masked()).unwrap_or_default(),
                scope: Scope::OPEN.to_vec(),
            },
        })))
    }

    /// Stops filling in; the visit goes on. What was not sent goes with it.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn stop_help(
        &self,
        secret: &str,
        at: &AtCounter<'_>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        Self::end_help(&mut tx, secret, at.staff, at.actor, now).await?;
        // Another agreement, with another draft, may follow in the same visit.
        sqlx::query("update counter_visits set helping = null where secret_hash = $1 and staff = $2")
            .bind(sha256(secret))
            .bind(at.staff)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends the agreement of a visit and deletes its draft, inside a transaction.
    pub(super) async fn end_help(
        tx: &mut Transaction<'static, Any>,
        secret: &str,
        staff: &str,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), StoreError> {
        let row = sqlx::query(
            "update proxies set state = 'ended', ended_by = $1, ended_at = $2 where kind = 'staff' \
             and state = 'active' and representative = $1 \
             and id = (select helping from counter_visits where secret_hash = $3 and staff = $1) \
             returning id, represented",
        )
        .bind(staff)
        .bind(now.0)
        .bind(sha256(secret))
        .fetch_optional(&mut **tx)
        .await?;
        let Some(row) = row else { return Ok(()) };
        let (id, resident): (String, String) = (row.try_get("id")?, row.try_get("represented")?);
        sqlx::query("delete from drafts where owner = $1")
            .bind(format!("acting:{id}"))
            .execute(&mut **tx)
            .await?;
        let at = AtCounter { actor, staff, area: app::domain::area::district(), resident: &resident };
        at.note(tx, AuditAct::HelpEnded, "proxies", &id, now).await
    }
}
