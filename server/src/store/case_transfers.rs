//! Cases that move to another street, and where each one was.

use app::domain::aid::transfer::{Transfer, Transferred};
use app::domain::audit::AuditAct;
use app::domain::notices::Notice;
use app::domain::staff::{Post, Role};
use app::domain::time::Instant;
use app::pages::staff::transfers::MovedCase;
use app::ports::CaseEventKind;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::case_acts::{CaseRef, Doing, KEY};
use super::staff_cases::Scope;
use super::{OnlyOnce, Store, StoreError};
use crate::seal::Place;

fn why_place(row: &str) -> Place<'_> {
    Place { column: "case_transfers.why", row }
}

impl Store {
    /// Moves a case from the street `from` to another one, with its clock as it stands; nobody handles it there yet. A street
    /// can't pass on what was passed to it: where two don't agree, the district says whose it is.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the case is not at `from` any more, has got its opinion, has moved before and the post is
    /// not the district's, the household is one's own family, or the key was sent with another body.
    pub(crate) async fn transfer_case(
        &self,
        case: &CaseRef,
        (from, transfer): (&str, &Transfer),
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, post) = doing.staff()?;
        let by_district = Post::parse(post).is_ok_and(|post| post.role() == Role::DistrictOfficer);
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        Self::may_act(&mut tx, case, doing).await?;
        let moved = sqlx::query(
            "update cases set office = $4, community = null, assignee = null, assigned_at = null, changed_at = $5 \
             where area = $1 and application_id = $2 and office = $3 and state in ('received', 'correction_requested', 'accepted') \
             and ($6 = 1 or not exists (select 1 from case_transfers t where t.area = cases.area and t.application_id = cases.application_id))",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(from)
        .bind(transfer.to.code)
        .bind(doing.now.0)
        .bind(i64::from(by_district))
        .execute(&mut *tx)
        .await?;
        if moved.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        // The update holds the case's row: nobody else counts on meanwhile.
        let sequence: i64 = sqlx::query_scalar(
            "select cast(coalesce(max(sequence), 0) + 1 as bigint) from case_transfers where area = $1 and application_id = $2",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_one(&mut *tx)
        .await?;
        let row = format!("{}/{sequence}", case.row());
        sqlx::query(
            "insert into case_transfers (area, application_id, sequence, from_office, to_office, why, moved_by, moved_post, moved_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(sequence)
        .bind(from)
        .bind(transfer.to.code)
        .bind(self.sealer.seal(why_place(&row), transfer.why.as_bytes())?)
        .bind(staff)
        .bind(post)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        let notice =
            Notice::CaseTransferred { number: case.number.clone(), street: transfer.to.name.to_owned() };
        let traces = (AuditAct::CaseTransferred, CaseEventKind::Transferred);
        self.beside(&mut tx, case, traces, Some(&notice), doing).await?;
        self.settled(tx, case, doing).await
    }

    /// Where a case was, oldest first.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn transfers_of(&self, area: &str, id: &str) -> Result<Vec<Transferred>, StoreError> {
        let rows = sqlx::query(
            "select area, application_id, sequence, from_office, to_office, why, moved_at from case_transfers \
             where area = $1 and application_id = $2 order by sequence",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| self.transferred(row)).collect()
    }

    fn transferred(&self, row: &AnyRow) -> Result<Transferred, StoreError> {
        let (area, id): (&str, &str) = (row.try_get("area")?, row.try_get("application_id")?);
        let at = format!("{area}/{id}/{}", row.try_get::<i64, _>("sequence")?);
        let why: Vec<u8> = row.try_get("why")?;
        Ok(Transferred {
            from: row.try_get("from_office")?,
            to: row.try_get("to_office")?,
            why: self.sealer.open_text(why_place(&at), &why)?,
            at: Instant(row.try_get("moved_at")?),
        })
    }

    /// What moved out of a scope or into it, newest first. Nothing tells whose it is.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn transfers(
        &self,
        scope: &Scope,
        skip: i64,
        count: i64,
    ) -> Result<Vec<MovedCase>, StoreError> {
        let rows = sqlx::query(
            "select t.from_office, t.to_office, t.moved_at, a.number, a.aid_item, k.office from case_transfers t join applications a on a.area = t.area and a.id = t.application_id \
             join cases k on k.area = t.area and k.application_id = t.application_id \
             where (t.from_office >= $1 and t.from_office < $2) or (t.to_office >= $1 and t.to_office < $2) \
             order by t.moved_at desc, t.application_id, t.sequence limit $3 offset $4",
        )
        .bind(&scope.from)
        .bind(&scope.before)
        .bind(count)
        .bind(skip)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(MovedCase {
                    number: row.try_get("number")?,
                    item: row.try_get("aid_item")?,
                    office: row.try_get("office")?,
                    from: row.try_get("from_office")?,
                    to: row.try_get("to_office")?,
                    at: Instant(row.try_get("moved_at")?),
                })
            })
            .collect()
    }
}
