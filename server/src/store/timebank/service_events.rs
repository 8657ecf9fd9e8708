//! What was done elsewhere and counts here: events of service, each taken up once, however old it is.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::calendar::Calendar;
use app::domain::time::Instant;
use app::domain::timebank::{BankRules, Minutes, Served, entered_late};
use sqlx::Row as _;

use super::doing::NeedRefusal;
use super::needs::place;
use super::proof::overlaps;
use crate::seal::new_id;
use crate::staff::session::chain;
use crate::store::Store;
use crate::store::audit::{Actor, AuditEntry};

/// The kind of service that bringing a meal is.
pub(in crate::store) const BRINGING: &str = "errands";

/// The most events that are taken up at a time.
const BATCH: i64 = 200;

impl Store {
    /// Takes up what volunteers of the register have done and nobody has taken up yet; gives how many. Whoever registers later
    /// is given what they did before.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn consume_service_events(
        &self,
        rules: &BankRules,
        now: Instant,
    ) -> Result<usize, NeedRefusal> {
        let waiting: Vec<String> = sqlx::query_scalar(
            "select e.id from service_events e join time_volunteers v on v.resident = e.volunteer \
             where e.consumed_at is null order by e.over_at, e.id limit $1",
        )
        .bind(BATCH)
        .fetch_all(&self.reader)
        .await?;
        let mut taken = 0;
        for id in &waiting {
            taken += usize::from(self.consume_service_event(id, rules, now).await?);
        }
        Ok(taken)
    }

    /// Makes a record of one event. With the served person's code it counts at once: handing it over is their word. What the point
    /// told for them, and what lies across another service, waits for a person's word as every record does.
    async fn consume_service_event(
        &self,
        id: &str,
        rules: &BankRules,
        now: Instant,
    ) -> Result<bool, NeedRefusal> {
        let mut tx = self.write().await?;
        let event = sqlx::query(
            "update service_events set consumed_at = $2 where id = $1 and consumed_at is null \
             returning volunteer, area, served, elder, began_at, over_at, proof",
        )
        .bind(id)
        .bind(now.0)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(event) = event else { return Ok(false) };
        let (volunteer, area): (String, String) = (event.try_get("volunteer")?, event.try_get("area")?);
        let (began, over) = (Instant(event.try_get("began_at")?), Instant(event.try_get("over_at")?));
        let proof: String = event.try_get("proof")?;
        // Less than a minute makes no record; the next door has it.
        let Some(minutes) = Minutes::new((over.0 - began.0) / 60_000) else {
            tx.commit().await?;
            return Ok(true);
        };
        // One volunteer's services one after the other, so that a cap holds; gone from the register means: not now.
        let registered =
            sqlx::query("update time_volunteers set changed_at = changed_at where resident = $1")
                .bind(&volunteer)
                .execute(&mut *tx)
                .await?;
        if registered.rows_affected() == 0 {
            return Ok(false);
        }
        let counts = proof == "code" && !overlaps(&mut tx, &volunteer, "", (began, over)).await?;
        let need = new_id(now)?;
        let sealed: Vec<u8> = event.try_get("served")?;
        let served: Served = self.sealer.open_json(place("service_events.served", id), &sealed)?;
        let late = entered_late(over.shanghai_date(), now.shanghai_date(), Calendar::embedded());
        sqlx::query(
            "insert into time_needs (id, area, kind, day, starts_at, ends_at, language, state, served, elder, posted_by, \
             helper, began_at, over_at, proof, confirmed_at, confirmed_by, late, created_at, changed_at) \
             values ($1, $2, $3, $4, $5, $6, 'both', $7, $8, $9, 'meals', $10, $5, $6, $11, $12, $13, $14, $15, $15)",
        )
        .bind(&need)
        .bind(&area)
        .bind(BRINGING)
        .bind(began.shanghai_date().to_string())
        .bind(began.0)
        .bind(over.0)
        .bind(if counts { "confirmed" } else { "ended" })
        .bind(self.sealer.seal_json(place("time_needs.served", &need), &served)?)
        .bind(event.try_get::<Option<String>, _>("elder")?)
        .bind(&volunteer)
        .bind(&proof)
        .bind(counts.then_some(now.0))
        .bind(counts.then_some("meals"))
        .bind(late.filter(|_| counts).map(i64::from))
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        sqlx::query("update service_events set need = $2 where id = $1")
            .bind(id)
            .bind(&need)
            .execute(&mut *tx)
            .await?;
        let act = if counts {
            let kept = self.need_inside(&mut tx, &need).await?;
            self.credit(&mut tx, (&kept, &need), (&volunteer, minutes), rules, now).await?;
            AuditAct::TimeServiceConfirmed
        } else {
            AuditAct::TimeServiceEnded
        };
        let entry = AuditEntry {
            area: chain(&area),
            actor: &Actor::System,
            on_behalf_of: None,
            act,
            object_kind: "time_needs",
            object: &need,
            subject: Some(&volunteer),
            purpose: Purpose::Operation,
        };
        Self::note(&mut tx, &entry, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}
