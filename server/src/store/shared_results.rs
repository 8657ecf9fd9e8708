//! Lists to other departments: who was recognised, and whose recognition ended (社会救助法 42).

use app::domain::aid::sharing::{Receiver, Share, SharedNews};
use app::domain::area::district;
use app::domain::audit::{AuditAct, Purpose};
use app::domain::time::Instant;
use app::ports::{SharedCase, SharedList, Told};
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::audit::AuditEntry;
use super::case_acts::Doing;
use super::cases::unknown;
use super::staff_cases::Scope;
use super::{OnlyOnce, Store, StoreError};
use crate::seal::{Place, new_id};

/// The act that a list's key is taken for.
const SHARE: &str = "shared list";

fn purpose_place(row: &str) -> Place<'_> {
    Place { column: "shared_lists.purpose", row }
}

impl Store {
    /// Makes the list of what a department has not been told of these items; gives its id.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is nothing to tell; [`StoreError::Conflict`] where the key was sent with another body.
    pub(crate) async fn share_results(
        &self,
        share: &Share,
        items: &[&str],
        scope: &Scope,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, post) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, SHARE, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let id = new_id(doing.now)?;
        sqlx::query(
            "insert into shared_lists (area, id, receiver, purpose, made_by, made_post, made_at) \
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(district())
        .bind(&id)
        .bind(share.receiver.as_str())
        .bind(self.sealer.seal(purpose_place(&id), share.purpose.as_bytes())?)
        .bind(staff)
        .bind(post)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        let mut told = Self::tell_ended(&mut tx, (&id, share.receiver), scope).await?;
        for item in items {
            told += Self::tell_recognised(&mut tx, (&id, share.receiver), item, scope).await?;
        }
        if told == 0 {
            return Err(StoreError::NotFound);
        }
        let entry = AuditEntry {
            area: district(),
            actor: &doing.actor,
            on_behalf_of: None,
            act: AuditAct::RowsExported,
            object_kind: "shared_lists",
            object: &id,
            subject: None,
            purpose: Purpose::Handling,
        };
        Self::note(&mut tx, &entry, doing.now).await?;
        Self::answer_key(&mut tx, &doing.key, &id).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(id))
    }

    async fn tell_recognised(
        tx: &mut Transaction<'static, Any>,
        (list, receiver): (&str, Receiver),
        item: &str,
        scope: &Scope,
    ) -> Result<u64, StoreError> {
        // Of a benefit that ended before the department heard of it, it hears nothing.
        let told = sqlx::query(
            "insert into shared_results (area, application_id, opinion, receiver, news, list_id) \
             select a.area, a.id, d.opinion, $1, 'recognised', $2 from applications a \
             join cases k on k.area = a.area and k.application_id = a.id \
             join case_decisions d on d.area = a.area and d.application_id = a.id \
             where k.state = 'granted' and d.outcome = 'grant' and a.aid_item = $3 and a.area >= $4 and a.area < $5 \
             and not exists (select 1 from benefit_steps b where b.area = a.area and b.application_id = a.id \
             and b.step = 'terminated' and b.decided_at is not null) \
             on conflict do nothing",
        )
        .bind(receiver.as_str())
        .bind(list)
        .bind(item)
        .bind(&scope.from)
        .bind(&scope.before)
        .execute(&mut **tx)
        .await?;
        Ok(told.rows_affected())
    }

    async fn tell_ended(
        tx: &mut Transaction<'static, Any>,
        (list, receiver): (&str, Receiver),
        scope: &Scope,
    ) -> Result<u64, StoreError> {
        let told = sqlx::query(
            "insert into shared_results (area, application_id, opinion, receiver, news, list_id) \
             select s.area, s.application_id, s.opinion, s.receiver, 'ended', $2 from shared_results s \
             where s.receiver = $1 and s.news = 'recognised' and s.area >= $3 and s.area < $4 \
             and exists (select 1 from benefit_steps b where b.area = s.area and b.application_id = s.application_id \
             and b.step = 'terminated' and b.decided_at is not null) \
             on conflict do nothing",
        )
        .bind(receiver.as_str())
        .bind(list)
        .bind(&scope.from)
        .bind(&scope.before)
        .execute(&mut **tx)
        .await?;
        Ok(told.rows_affected())
    }

    /// The newest lists of the district.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn shared_lists(&self, count: i64) -> Result<Vec<SharedList>, StoreError> {
        let rows = sqlx::query(
            "select l.id, l.receiver, l.purpose, l.made_at, \
             cast(coalesce(sum(case when r.news = 'recognised' then 1 else 0 end), 0) as bigint) as recognised, \
             cast(coalesce(sum(case when r.news = 'ended' then 1 else 0 end), 0) as bigint) as ended \
             from shared_lists l left join shared_results r on r.list_id = l.id where l.area = $1 \
             group by l.id, l.receiver, l.purpose, l.made_at order by l.made_at desc, l.id limit $2",
        )
        .bind(district())
        .bind(count)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| self.shared_list(row)).collect()
    }

    fn shared_list(&self, row: &AnyRow) -> Result<SharedList, StoreError> {
        let (id, purpose): (String, Vec<u8>) = (row.try_get("id")?, row.try_get("purpose")?);
        Ok(SharedList {
            receiver: Receiver::parse(row.try_get("receiver")?).ok_or(unknown("shared_lists.receiver"))?,
            purpose: self.sealer.open_text(purpose_place(&id), &purpose)?,
            made_at: Instant(row.try_get("made_at")?),
            recognised: row.try_get("recognised")?,
            ended: row.try_get("ended")?,
            id,
        })
    }

    /// The households on a list that lie in a scope.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn shared_cases(
        &self,
        list: &str,
        scope: &Scope,
    ) -> Result<Vec<SharedCase>, StoreError> {
        let rows = sqlx::query(
            "select a.number, a.area, a.aid_item, r.news from shared_results r join applications a \
             on a.area = r.area and a.id = r.application_id where r.list_id = $1 and r.area >= $2 and r.area < $3 \
             order by r.news desc, a.number",
        )
        .bind(list)
        .bind(&scope.from)
        .bind(&scope.before)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(SharedCase {
                    number: row.try_get("number")?,
                    area: row.try_get("area")?,
                    item: row.try_get("aid_item")?,
                    news: SharedNews::parse(row.try_get("news")?).ok_or(unknown("shared_results.news"))?,
                })
            })
            .collect()
    }

    /// Which departments were told of a case, oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn told_of(&self, area: &str, id: &str) -> Result<Vec<Told>, StoreError> {
        let rows = sqlx::query(
            "select r.receiver, r.news, l.made_at from shared_results r join shared_lists l on l.id = r.list_id \
             where r.area = $1 and r.application_id = $2 order by l.made_at, r.receiver",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Told {
                    receiver: Receiver::parse(row.try_get("receiver")?)
                        .ok_or(unknown("shared_results.receiver"))?,
                    news: SharedNews::parse(row.try_get("news")?).ok_or(unknown("shared_results.news"))?,
                    at: Instant(row.try_get("made_at")?),
                })
            })
            .collect()
    }
}
