//! Scans at counters, and the one use of what is used once.
//!
//! A counter's page makes a scan's id, keeps the scan while there is no network, and sends it later, as often as it likes.
//! The earliest scan is the use; whoever scanned later learns when and where that was. An online scan counts by our clock,
//! for nobody could have been earlier by their own; one made without network counts by the counter's, held between the
//! moment when the confirmation was issued and the moment when the scan came in.

use app::domain::audit::AuditAct;
use app::domain::time::Instant;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::confirmations::{ByStaff, KeptConfirmation, in_transaction, lock, note_on};
use super::{Store, StoreError};

/// A scan as a counter sends it.
#[derive(Clone, Debug)]
pub(crate) struct NewScan<'a> {
    /// 32 hexadecimal signs, made by the counter.
    pub(crate) id: &'a str,
    /// The confirmation's identity in hexadecimal.
    pub(crate) confirmation: &'a str,
    /// When, by the counter's clock.
    pub(crate) said_at: Instant,
    /// It was made without network.
    pub(crate) offline: bool,
    /// The place of the post it is made in.
    pub(crate) office: &'a str,
}

/// A scan as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptScan {
    /// Its id.
    pub(crate) id: String,
    /// When, as it counts.
    pub(crate) at: Instant,
    /// Where.
    pub(crate) office: String,
    /// By whom.
    pub(crate) staff: String,
    /// It was made without network.
    pub(crate) offline: bool,
    /// It is a use, the first or a later one: the confirmation held at that moment.
    pub(crate) counts: bool,
}

/// What a counter learns about its scan.
#[derive(Debug)]
pub(crate) struct ScanAnswer {
    /// The scan itself.
    pub(crate) scan: KeptScan,
    /// The confirmation as it stands now.
    pub(crate) kept: KeptConfirmation,
    /// The scan that is the use.
    pub(crate) first: Option<KeptScan>,
    /// Later scans at other counters.
    pub(crate) also: Vec<KeptScan>,
}

fn kept_scan(row: &AnyRow) -> Result<KeptScan, StoreError> {
    Ok(KeptScan {
        id: row.try_get("id")?,
        at: Instant(row.try_get("at")?),
        office: row.try_get("office")?,
        staff: row.try_get("staff")?,
        offline: row.try_get::<i64, _>("offline")? == 1,
        counts: row.try_get::<i64, _>("counts")? == 1,
    })
}

/// Keeps a scan inside the transaction of the act that it belongs to, and what it is a use of; `true` where the first use is
/// another one now. The same id again changes nothing.
///
/// # Errors
/// [`StoreError::NotFound`] where there is no such confirmation.
pub(super) async fn keep_scan(
    tx: &mut Transaction<'static, Any>,
    new: &NewScan<'_>,
    by: &ByStaff<'_>,
    now: Instant,
) -> Result<bool, StoreError> {
    // One scan of a confirmation at a time, and none while it is issued anew.
    lock(tx, new.confirmation).await?;
    let said = if new.offline { new.said_at.0.min(now.0) } else { now.0 };
    let scanned = sqlx::query(
        "insert into confirmation_scans (id, confirmation, at, said_at, received_at, office, staff, offline, counts) \
         select $1, s.id, s.at, cast($4 as bigint), cast($5 as bigint), $6, $7, cast($8 as bigint), \
         case when s.kind in ('booking', 'meal') and s.at >= s.holds_from and s.at < s.expires_at \
         and (s.state = 'active' or s.at < s.ended_at) then cast(1 as bigint) else cast(0 as bigint) end \
         from (select c.id, c.kind, c.state, c.ended_at, c.holds_from, c.expires_at, \
         case when cast($3 as bigint) < c.issued_at then c.issued_at else cast($3 as bigint) end as at \
         from confirmations c where c.id = $2) s where s.id = $2 on conflict (id) do nothing \
         returning at, counts",
    )
    .bind(new.id)
    .bind(new.confirmation)
    .bind(said)
    .bind(new.said_at.0)
    .bind(now.0)
    .bind(new.office)
    .bind(by.staff)
    .bind(i64::from(new.offline))
    .fetch_optional(&mut **tx)
    .await?;
    let mut changed = false;
    if let Some(row) = scanned
        && row.try_get::<i64, _>("counts")? == 1
    {
        let at: i64 = row.try_get("at")?;
        let first = sqlx::query(
            "insert into confirmation_uses (confirmation, scan, at, office, staff) values ($1, $2, $3, $4, $5) \
             on conflict (confirmation) do update set scan = excluded.scan, at = excluded.at, \
             office = excluded.office, staff = excluded.staff where excluded.at < confirmation_uses.at",
        )
        .bind(new.confirmation)
        .bind(new.id)
        .bind(at)
        .bind(new.office)
        .bind(by.staff)
        .execute(&mut **tx)
        .await?;
        changed = first.rows_affected() == 1;
        super::meals::meal_scanned(tx, (new.confirmation, at), new.office, by, now).await?;
        let others = sqlx::query(
            "select cast(count(*) as bigint) as others, \
             cast(coalesce(sum(case when staff <> $3 or office <> $4 then 1 else 0 end), 0) as bigint) as elsewhere, \
             cast((select count(*) from confirmation_uses u where u.confirmation = $1 and u.scan <> $2 \
             and u.staff = $3 and u.office = $4) as bigint) as own_first \
             from confirmation_scans where confirmation = $1 and counts = 1 and id <> $2",
        )
        .bind(new.confirmation)
        .bind(new.id)
        .bind(by.staff)
        .bind(new.office)
        .fetch_one(&mut **tx)
        .await?;
        let of = |column: &str| others.try_get::<i64, _>(column);
        let act = if of("others")? == 0 {
            Some(AuditAct::ConfirmationUsed)
        } else if of("elsewhere")? == 0 || of("own_first")? == 1 {
            // The counter of the use once more is no second use.
            None
        } else {
            Some(AuditAct::ConfirmationUsedAgain)
        };
        if let Some(act) = act {
            let kept = in_transaction(tx, new.confirmation).await?;
            note_on(tx, &kept, by.actor, act, now).await?;
        }
    }
    Ok(changed)
}

impl Store {
    /// Keeps a scan and tells what it is worth; the same id again tells how things stand by now.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such confirmation; [`StoreError::Conflict`] where the id is that of
    /// another person's scan, or of another confirmation's.
    pub(crate) async fn record_scan(
        &self,
        new: &NewScan<'_>,
        by: &ByStaff<'_>,
        now: Instant,
    ) -> Result<ScanAnswer, StoreError> {
        let mut tx = self.write().await?;
        let changed = keep_scan(&mut tx, new, by, now).await?;
        let mine = sqlx::query(
            "select id, at, office, staff, offline, counts from confirmation_scans \
             where id = $1 and confirmation = $2 and staff = $3",
        )
        .bind(new.id)
        .bind(new.confirmation)
        .bind(by.staff)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(mine) = mine else { return Err(StoreError::Conflict) };
        let scan = kept_scan(&mine)?;
        let kept = in_transaction(&mut tx, new.confirmation).await?;
        let all = sqlx::query(
            "select s.id, s.at, s.office, s.staff, s.offline, s.counts, \
             case when u.scan is null then cast(0 as bigint) else cast(1 as bigint) end as first \
             from confirmation_scans s left join confirmation_uses u on u.confirmation = s.confirmation \
             and u.scan = s.id where s.confirmation = $1 and s.counts = 1 order by s.at, s.id limit 50",
        )
        .bind(new.confirmation)
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        if changed {
            self.states_changed();
        }
        let (mut first, mut also) = (None, Vec::new());
        for row in &all {
            let other = kept_scan(row)?;
            if row.try_get::<i64, _>("first")? == 1 {
                first = Some(other);
            } else if (&other.staff, &other.office) != (&scan.staff, &scan.office) {
                also.push(other);
            }
        }
        Ok(ScanAnswer { scan, kept, first, also })
    }

    /// The scans of a confirmation, the earliest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn scans_of(&self, confirmation: &str) -> Result<Vec<KeptScan>, StoreError> {
        let rows = sqlx::query(
            "select id, at, office, staff, offline, counts from confirmation_scans \
             where confirmation = $1 order by at, id limit 50",
        )
        .bind(confirmation)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(kept_scan).collect()
    }

    /// The id of the scan that is the use.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn first_scan_of(&self, confirmation: &str) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar("select scan from confirmation_uses where confirmation = $1")
            .bind(confirmation)
            .fetch_optional(&self.reader)
            .await?)
    }
}
