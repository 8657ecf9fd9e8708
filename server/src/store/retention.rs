//! What goes when its time is over, and nothing else: each statement says what "over" means.

use app::domain::area::district;
use app::domain::audit::{AuditAct, Purpose};
use app::domain::retention::Retained;
use app::domain::time::Instant;
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::{Store, StoreError};

/// Rows in one transaction, so that nobody waits long for the writer.
const BATCH: i64 = 500;

const HOUR: i64 = 3_600_000;

impl Store {
    /// Deletes what was over before `before`, in batches; gives how many rows (for applications: how many
    /// applications) went. What went is noted by kind; how many there were stands in the log alone.
    ///
    /// # Errors
    /// The database failed. What went before that is gone and noted.
    pub(crate) async fn retire(
        &self,
        retained: Retained,
        before: Instant,
        now: Instant,
    ) -> Result<u64, StoreError> {
        if retained == Retained::AuditEntries {
            return self.retire_audit(before, now).await;
        }
        let mut gone = 0;
        loop {
            let mut tx = self.write().await?;
            let batch = match retained {
                Retained::Applications => retire_applications(&mut tx, before).await?,
                Retained::MarriageBookings => {
                    super::marriage::retire_bookings(&mut tx, before, BATCH).await?
                }
                Retained::TimeNeeds => self.retire_needs(&mut tx, before, BATCH).await?,
                Retained::MealOrders => super::meals::retire_meals(&mut tx, before, BATCH).await?,
                other => retire_rows(&mut tx, other, before, now).await?,
            };
            if batch > 0 && gone == 0 {
                let entry = AuditEntry {
                    area: district(),
                    actor: &Actor::System,
                    on_behalf_of: None,
                    act: AuditAct::Retired,
                    object_kind: retained.as_str(),
                    object: "",
                    subject: None,
                    purpose: Purpose::Operation,
                };
                Self::note(&mut tx, &entry, now).await?;
            }
            tx.commit().await?;
            if batch == 0 {
                return Ok(gone);
            }
            gone += batch;
        }
    }

    /// Forgets visits at the counter that began before `visits`, and the marks of devices whose cookies have expired: those
    /// last seen before `resident_devices` and `staff_devices`. Nobody could come back to them.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn forget_marks(
        &self,
        visits: Instant,
        resident_devices: Instant,
        staff_devices: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        for (statement, before) in [
            ("delete from counter_visits where begun_at < $1", visits),
            ("delete from resident_devices where seen_at < $1", resident_devices),
            ("delete from staff_devices where seen_at < $1", staff_devices),
        ] {
            sqlx::query(statement).bind(before.0).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Cuts every chain; a broken one stays whole and is named in the log.
    async fn retire_audit(&self, before: Instant, now: Instant) -> Result<u64, StoreError> {
        let mut gone = 0;
        for area in self.audited_areas().await? {
            match crate::audit::command::cut_all(self, &area, before, now).await {
                Ok(count) => gone += count,
                Err(StoreError::Conflict) => {}
                Err(cause) => return Err(cause),
            }
        }
        Ok(gone)
    }
}

/// Agreements that are over since before $1 (a day before $3), at most $2 of them, the same each time.
macro_rules! due_proxies {
    () => {
        "(select id from proxies where \
         (state in ('refused', 'ended') and coalesce(ended_at, requested_at) < $1) \
         or (state = 'requested' and coalesce(link_ends_at, requested_at) < $1) \
         or (state = 'active' and ends_on < $3) order by id limit $2)"
    };
}

async fn retire_rows(
    tx: &mut Transaction<'static, Any>,
    retained: Retained,
    before: Instant,
    now: Instant,
) -> Result<u64, StoreError> {
    let statement = match retained {
        Retained::SignInCodes => {
            "delete from sign_in_codes where id in (select id from sign_in_codes where expires_at < $1 limit $2)"
        }
        Retained::ResidentSessions => {
            "delete from resident_sessions where token_hash in \
             (select token_hash from resident_sessions where ends_at < $1 limit $2)"
        }
        // What waits for the sender or for staff is not over, however old it is.
        Retained::Outbox => {
            "delete from outbox where id in \
             (select id from outbox where coalesce(sent_at, gave_up_at) < $1 limit $2)"
        }
        Retained::Notices => {
            "delete from notices where id in \
             (select id from notices where coalesce(read_at, created_at) < $1 limit $2)"
        }
        // One that holds is needed for as long as it does.
        Retained::Consents => {
            "delete from consents where id in (select id from consents where withdrawn_at < $1 limit $2)"
        }
        // A closed one that was sent to a higher office again is open again. One that was answered needs nobody to close it
        // before it goes.
        Retained::Complaints => {
            "delete from complaints where id in \
             (select id from complaints where (state = 'closed' and closed_at < $1) \
             or (state = 'answered' and answered_at < $1) limit $2)"
        }
        Retained::FoundHouseholds => {
            "delete from found_households where id in \
             (select id from found_households where visited_at < $1 limit $2)"
        }
        // A request that nobody answered while its link held is over too.
        Retained::Proxies => {
            let day = before.shanghai_date().to_string();
            // With what names them: a guardian's consent, and the visit in which a clerk helped.
            for statement in [
                concat!("delete from guardian_consents where proxy in ", due_proxies!()),
                concat!("update counter_visits set helping = null where helping in ", due_proxies!()),
            ] {
                sqlx::query(statement).bind(before.0).bind(BATCH).bind(&day).execute(&mut **tx).await?;
            }
            concat!("delete from proxies where id in ", due_proxies!())
        }
        // The row of an ended one must outlive its token. Receipts go with their applications.
        Retained::Confirmations => {
            "delete from confirmations where id in \
             (select id from confirmations where expires_at < $1 and application_id is null limit $2)"
        }
        // One that something else still names goes after that.
        Retained::Residents => {
            "delete from residents where id in (select r.id from residents r where r.closed_at < $1 \
             and not exists (select 1 from confirmations c where c.resident = r.id) \
             and not exists (select 1 from counter_visits v where v.resident = r.id) \
             and not exists (select 1 from proxies p where p.represented = r.id) \
             and not exists (select 1 from guardian_consents g where g.guardian = r.id or g.child = r.id) \
             and not exists (select 1 from consents o where o.resident = r.id) limit $2)"
        }
        Retained::IdempotencyKeys => {
            "delete from idempotency_keys where key_hash in \
             (select key_hash from idempotency_keys where created_at < $1 limit $2)"
        }
        // The hours that still count are never forgotten.
        Retained::Tries => {
            "delete from tries where (subject, hour) in (select subject, hour from tries where hour < $1 limit $2)"
        }
        Retained::ConfirmationGrants => {
            "delete from confirmation_grants where (owner, number) in \
             (select owner, number from confirmation_grants where expires_at < $1 limit $2)"
        }
        Retained::Applications
        | Retained::MarriageBookings
        | Retained::TimeNeeds
        | Retained::MealOrders
        | Retained::AuditEntries => return Ok(0),
    };
    let bound = match retained {
        Retained::Tries => before.0.min(now.0 - HOUR) / HOUR,
        _ => before.0,
    };
    let mut query = sqlx::query(statement).bind(bound).bind(BATCH);
    if retained == Retained::Proxies {
        query = query.bind(before.shanghai_date().to_string());
    }
    Ok(query.execute(&mut **tx).await?.rows_affected())
}

/// An application goes with everything that hangs on it.
async fn retire_applications(tx: &mut Transaction<'static, Any>, before: Instant) -> Result<u64, StoreError> {
    let due = sqlx::query(
        "select area, id, number from applications where received_at < $1 order by received_at limit $2",
    )
    .bind(before.0)
    .bind(BATCH / 5)
    .fetch_all(&mut **tx)
    .await?;
    for row in &due {
        let (area, id): (String, String) = (row.try_get("area")?, row.try_get("id")?);
        for statement in [
            "delete from confirmations where area = $1 and application_id = $2",
            "delete from papers where area = $1 and application_id = $2",
            "delete from case_ratings where area = $1 and application_id = $2",
            "delete from benefit_steps where area = $1 and application_id = $2",
            "delete from benefit_reviews where area = $1 and application_id = $2",
            "delete from case_referrals where area = $1 and application_id = $2",
            "delete from case_changes where area = $1 and application_id = $2",
            "delete from case_rechecks where area = $1 and application_id = $2",
            "delete from random_draw_cases where area = $1 and application_id = $2",
            "delete from home_visits where area = $1 and application_id = $2",
            "delete from staff_kin where area = $1 and application_id = $2",
            "delete from case_extensions where area = $1 and application_id = $2",
            "delete from case_expedited where area = $1 and application_id = $2",
            "delete from notice_objections where area = $1 and application_id = $2",
            "delete from public_notices where area = $1 and application_id = $2",
            "delete from shared_results where area = $1 and application_id = $2",
            "delete from case_decisions where area = $1 and application_id = $2",
            "delete from case_opinions where area = $1 and application_id = $2",
            "delete from case_corrections where area = $1 and application_id = $2",
            "delete from case_labels where area = $1 and application_id = $2",
            "delete from case_notes where area = $1 and application_id = $2",
            "delete from case_services where area = $1 and application_id = $2",
            "delete from case_transfers where area = $1 and application_id = $2",
            "delete from cases where area = $1 and application_id = $2",
            "delete from case_events where area = $1 and application_id = $2",
            "delete from means_checks where area = $1 and application_id = $2",
            "delete from check_consents where area = $1 and application_id = $2",
            "delete from household_members where area = $1 and application_id = $2",
            "delete from applications where area = $1 and id = $2",
        ] {
            sqlx::query(statement).bind(&area).bind(&id).execute(&mut **tx).await?;
        }
        sqlx::query("delete from confirmation_grants where number = $1")
            .bind(row.try_get::<String, _>("number")?)
            .execute(&mut **tx)
            .await?;
    }
    Ok(due.len() as u64)
}
