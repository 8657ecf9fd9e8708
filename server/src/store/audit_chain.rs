//! The audit chain's tables: sealing, walking, cutting, and who opened a resident's things.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::time::Instant;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow as _, Row as _};

use super::audit::{Actor, AuditEntry};
use super::{Store, StoreError};
use crate::audit::verify::{Cut, SealRow, step};
use crate::audit::{ChainKey, EntryRow, Head};

/// Links that one cut takes at most; what is older still goes with the next one.
const SEGMENT: i64 = 5_000;

/// Staff saw or changed something of a resident's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    /// When.
    pub(crate) at: Instant,
    /// In which post, `role@place`; never who.
    pub(crate) post: String,
    /// What was done.
    pub(crate) act: AuditAct,
    /// On which kind of object.
    pub(crate) object_kind: String,
    /// Why.
    pub(crate) purpose: Purpose,
}

fn seal_row(row: &AnyRow) -> Result<SealRow, sqlx::Error> {
    let there: Option<String> = row.try_get("id")?;
    Ok(SealRow {
        sequence: row.try_get("sequence")?,
        entry_id: row.try_get("entry")?,
        hash: row.try_get("hash")?,
        entry: there.map(|_| EntryRow::from_row(row)).transpose()?,
    })
}

impl Store {
    /// The areas with entries that wait for their seal.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn areas_to_seal(&self) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar("select distinct area from audit_unsealed order by area")
            .fetch_all(&self.reader)
            .await?)
    }

    /// Links up to `count` waiting entries of one area behind its last link, in the order of time and id; gives how
    /// many they were.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another server linked something at the same moment: begin anew.
    pub(crate) async fn seal_batch(&self, area: &str, now: Instant, count: i64) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let mut head = head_of(&mut tx, area).await?;
        let waiting = sqlx::query_as::<_, EntryRow>(
            "select e.area, e.id, e.at, e.actor_kind, e.actor, e.post, e.on_behalf_of, e.act, e.object_kind, \
             e.object, e.subject, e.purpose from audit_unsealed u \
             join audit_entries e on e.area = u.area and e.id = u.id \
             where u.area = $1 order by u.at, u.id limit $2",
        )
        .bind(area)
        .bind(count)
        .fetch_all(&mut *tx)
        .await?;
        let Some(last) = waiting.last() else { return Ok(0) };
        let key = self.chain_key();
        for entry in &waiting {
            head = key.link(&head, entry);
            sqlx::query(
                "insert into audit_seals (area, sequence, entry, hash, sealed_at) values ($1, $2, $3, $4, $5)",
            )
            .bind(area)
            .bind(head.sequence)
            .bind(&entry.id)
            .bind(&head.hash)
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
        }
        // An entry that was committed meanwhile may lie before the last of these; it goes on waiting.
        sqlx::query(
            "delete from audit_unsealed where area = $1 and (at, id) <= ($2, $3) and exists (select 1 \
             from audit_seals s where s.area = audit_unsealed.area and s.entry = audit_unsealed.id)",
        )
        .bind(area)
        .bind(last.at)
        .bind(&last.id)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(waiting.len() as u64)
    }

    /// Every area that has a chain or is about to get one.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn audited_areas(&self) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "select area from audit_entries union select area from audit_seals \
             union select area from audit_cuts order by area",
        )
        .fetch_all(&self.reader)
        .await?)
    }

    /// Where an area's chain ends.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn audit_head(&self, area: &str) -> Result<Head, StoreError> {
        let mut connection = self.reader.acquire().await?;
        head_of(&mut connection, area).await
    }

    /// The entries of an area that no seal covers.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn count_unsealed(&self, area: &str) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(
            "select count(*) from audit_entries e where e.area = $1 \
             and not exists (select 1 from audit_seals s where s.area = e.area and s.entry = e.id)",
        )
        .bind(area)
        .fetch_one(&self.reader)
        .await?)
    }

    /// The key that links and cuts are made with.
    pub(crate) fn chain_key(&self) -> ChainKey {
        ChainKey(self.sealer.clone())
    }

    /// Where an area's chain was cut last.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn last_cut(&self, area: &str) -> Result<Option<Cut>, StoreError> {
        Ok(self.cuts(area).await?.into_iter().next())
    }

    /// Where an area's chain was cut, the last cut first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn cuts(&self, area: &str) -> Result<Vec<Cut>, StoreError> {
        let rows = sqlx::query(
            "select through, end_hash, cut_at, proof from audit_cuts where area = $1 order by through desc",
        )
        .bind(area)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Cut {
                    end: Head { sequence: row.try_get("through")?, hash: row.try_get("end_hash")? },
                    at: Instant(row.try_get("cut_at")?),
                    proof: row.try_get("proof")?,
                })
            })
            .collect()
    }

    /// Up to `count` seals of an area after a number, each with its entry where that is there.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn seals_after(
        &self,
        area: &str,
        sequence: i64,
        count: i64,
    ) -> Result<Vec<SealRow>, StoreError> {
        let rows = sqlx::query(
            "select s.sequence, s.entry, s.hash, s.area, e.id, e.at, e.actor_kind, e.actor, e.post, e.on_behalf_of, \
             e.act, e.object_kind, e.object, e.subject, e.purpose from audit_seals s \
             left join audit_entries e on e.area = s.area and e.id = s.entry \
             where s.area = $1 and s.sequence > $2 order by s.sequence limit $3",
        )
        .bind(area)
        .bind(sequence)
        .bind(count)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| seal_row(row).map_err(StoreError::from)).collect()
    }

    /// Cuts from the beginning of an area's chain what is older than `before`, up to one segment; gives how many
    /// entries went. Nothing is cut that does not hold: a broken link stays as evidence. The cut's own entry tells the
    /// number through which it went.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another server cuts at the same moment, or a link is broken.
    pub(crate) async fn cut_audit(
        &self,
        area: &str,
        before: Instant,
        now: Instant,
    ) -> Result<u64, StoreError> {
        let mut end = self.last_cut(area).await?.map_or_else(Head::default, |cut| cut.end);
        let (start, key) = (end.sequence, self.chain_key());
        for seal in self.seals_after(area, start, SEGMENT).await? {
            if step(&key, &end, &seal).is_some() {
                tracing::error!(
                    area,
                    sequence = end.sequence + 1,
                    "the audit chain is broken; it is not cut"
                );
                return Err(StoreError::Conflict);
            }
            if seal.entry.as_ref().is_none_or(|entry| entry.at >= before.0) {
                break;
            }
            end = Head { sequence: seal.sequence, hash: seal.hash };
        }
        if end.sequence == start {
            return Ok(0);
        }
        let mut tx = self.write().await?;
        // First, since the triggers let only what lies before a cut go.
        sqlx::query(
            "insert into audit_cuts (area, through, end_hash, cut_at, proof) values ($1, $2, $3, $4, $5)",
        )
        .bind(area)
        .bind(end.sequence)
        .bind(&end.hash)
        .bind(now.0)
        .bind(key.cut(area, &end, now.0))
        .execute(&mut *tx)
        .await?;
        let gone = sqlx::query(
            "delete from audit_entries where area = $1 and id in \
             (select s.entry from audit_seals s where s.area = $1 and s.sequence <= $2)",
        )
        .bind(area)
        .bind(end.sequence)
        .execute(&mut *tx)
        .await?;
        sqlx::query("delete from audit_seals where area = $1 and sequence <= $2")
            .bind(area)
            .bind(end.sequence)
            .execute(&mut *tx)
            .await?;
        let through = end.sequence.to_string();
        let entry = AuditEntry {
            area,
            actor: &Actor::System,
            on_behalf_of: None,
            act: AuditAct::Retired,
            object_kind: "audit_cuts",
            object: &through,
            subject: None,
            purpose: Purpose::Operation,
        };
        Self::note(&mut tx, &entry, now).await?;
        tx.commit().await?;
        Ok(gone.rows_affected())
    }

    /// What staff did with a resident's things, newest first: every entry about the resident or about one of these
    /// applications of theirs.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn who_opened(
        &self,
        resident: &str,
        cases: &[String],
    ) -> Result<Vec<Opened>, StoreError> {
        let mut rows = sqlx::query(
            "select id, at, post, act, object_kind, purpose from audit_entries \
             where subject = $1 and actor_kind = 'staff' order by at desc, id desc limit 500",
        )
        .bind(resident)
        .fetch_all(&self.reader)
        .await?;
        for case in cases {
            rows.extend(
                sqlx::query(
                    "select id, at, post, act, object_kind, purpose from audit_entries \
                     where object_kind = 'applications' and object = $1 and actor_kind = 'staff' \
                     order by at desc, id desc limit 500",
                )
                .bind(case)
                .fetch_all(&self.reader)
                .await?,
            );
        }
        let mut opened = Vec::with_capacity(rows.len());
        for row in &rows {
            let words = AuditAct::parse(row.try_get("act")?).zip(Purpose::parse(row.try_get("purpose")?));
            // A word that a newer version of the program wrote.
            let Some((act, purpose)) = words else { continue };
            let at = Instant(row.try_get("at")?);
            let (post, object_kind) = (row.try_get("post")?, row.try_get("object_kind")?);
            opened.push((row.try_get::<String, _>("id")?, Opened { at, post, act, object_kind, purpose }));
        }
        // One entry may name both the resident and the application.
        opened.sort_by(|(a, x), (b, y)| (y.at, b).cmp(&(x.at, a)));
        opened.dedup_by(|(a, _), (b, _)| a == b);
        Ok(opened.into_iter().map(|(_, opened)| opened).collect())
    }
}

/// The end of an area's chain: its last link, or where it was cut.
async fn head_of(connection: &mut AnyConnection, area: &str) -> Result<Head, StoreError> {
    let mut row: Option<(i64, String)> = sqlx::query_as(
        "select sequence, hash from audit_seals where area = $1 order by sequence desc limit 1",
    )
    .bind(area)
    .fetch_optional(&mut *connection)
    .await?;
    // A cut takes whole segments from the beginning: where a link is left, it is behind every cut.
    if row.is_none() {
        row = sqlx::query_as(
            "select through, end_hash from audit_cuts where area = $1 order by through desc limit 1",
        )
        .bind(area)
        .fetch_optional(&mut *connection)
        .await?;
    }
    Ok(row.map_or_else(Head::default, |(sequence, hash)| Head { sequence, hash }))
}
