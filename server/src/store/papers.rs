//! Rows of photos. The pictures themselves lie outside the database ([`crate::papers`]); several rows may name the same one.

use app::domain::aid::case::CaseState;
use app::domain::audit::{AuditAct, Purpose};
use app::domain::papers::MAX_OF_CASE;
use app::domain::time::Instant;
use app::ports::PaperLine;
use app::visit::Owner;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::cases::unknown;
use super::{IdempotencyKey, OnlyOnce, Store, StoreError};
use crate::papers::Part;
use crate::seal::{Place, new_id};

/// The act that the key of a photo is taken for.
pub(crate) const ACT: &str = "add_paper";

const PICTURE: &str = "papers.object";

/// A received application as far as its photos go.
#[derive(Clone, Debug)]
pub(crate) struct PaperCase {
    /// The street's code.
    pub(crate) area: String,
    /// The row's id.
    pub(crate) id: String,
    /// The case's number.
    pub(crate) number: String,
    /// Address of the item in the catalogue.
    pub(crate) item: String,
    /// Whose it is.
    pub(crate) owner: Owner,
    /// The one who asks is that one, and not a device that knows number and digits.
    pub(crate) own: bool,
    /// It is neither decided nor taken back: photos are taken.
    pub(crate) open: bool,
}

impl PaperCase {
    /// The account whose application it is.
    pub(crate) fn resident(&self) -> Option<&str> {
        self.owner.0.strip_prefix("resident:")
    }
}

/// A photo as kept.
#[derive(Clone, Debug)]
pub(crate) struct KeptPaper {
    /// What pages show.
    pub(crate) line: PaperLine,
    /// The picture's name.
    pub(crate) object: String,
}

/// A photo about to be kept. Its picture lies in its place already.
#[derive(Clone, Debug)]
pub(crate) struct NewPaper<'a> {
    /// A paper's name in the catalogue, or `other`.
    pub(crate) kind: &'a str,
    /// The picture's size.
    pub(crate) bytes: usize,
    /// SHA-256 of the file that was sent.
    pub(crate) sent: &'a str,
    /// The picture's name.
    pub(crate) object: &'a str,
}

/// Who acts on photos.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PaperActor<'a> {
    /// Who.
    pub(crate) actor: &'a Actor,
    /// In whose name, where for another.
    pub(crate) on_behalf_of: Option<&'a str>,
}

/// What became of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Added {
    /// It is one more.
    New,
    /// It was there.
    Known,
    /// The application has as many as it may have.
    Full,
}

/// A query of photos that are there, with what a page shows of them, and its condition.
macro_rules! photos {
    ($($rest:literal)+) => {
        concat!(
            "select p.id, p.kind, p.bytes, p.created_at, p.object, a.number, \
             case when p.seen_at is null or k.state = 'withdrawn' then cast(1 as bigint) else cast(0 as bigint) end \
             as can_go from papers p join applications a on a.area = p.area and a.id = p.application_id \
             join cases k on k.area = p.area and k.application_id = p.application_id where p.deleted_at is null and ",
            $($rest),+
        )
    };
}

fn kept(row: &AnyRow) -> Result<KeptPaper, StoreError> {
    Ok(KeptPaper {
        line: PaperLine {
            id: row.try_get("id")?,
            number: row.try_get("number")?,
            kind: row.try_get("kind")?,
            sent_at: Instant(row.try_get("created_at")?),
            bytes: row.try_get("bytes")?,
            can_go: row.try_get::<i64, _>("can_go")? == 1,
        },
        object: row.try_get("object")?,
    })
}

impl Store {
    /// The application of that number, for the one whose it is (`owner`) or a device that has proved number and digits.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn paper_case(
        &self,
        number: &str,
        owner: Option<&Owner>,
        device: Option<&Owner>,
        now: Instant,
    ) -> Result<Option<PaperCase>, StoreError> {
        // Nobody's name is empty.
        let name = |owner: Option<&Owner>| owner.map(|owner| owner.0.clone()).unwrap_or_default();
        let row = sqlx::query(
            "select a.area, a.id, a.number, a.aid_item, a.owner, k.state from applications a \
             join cases k on k.area = a.area and k.application_id = a.id where a.number = $1 and (a.owner = $2 \
             or exists (select 1 from confirmation_grants g where g.number = a.number and g.expires_at > $3 \
             and g.owner in ($2, $4)))",
        )
        .bind(number)
        .bind(name(owner))
        .bind(now.0)
        .bind(name(device))
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let keeper = Owner(row.try_get("owner")?);
        Ok(Some(PaperCase {
            area: row.try_get("area")?,
            id: row.try_get("id")?,
            number: row.try_get("number")?,
            item: row.try_get("aid_item")?,
            own: owner == Some(&keeper),
            open: CaseState::parse(row.try_get("state")?).ok_or(unknown("cases.state"))?.is_open(),
            owner: keeper,
        }))
    }

    /// The photos of an application, oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn papers_of_case(&self, area: &str, id: &str) -> Result<Vec<KeptPaper>, StoreError> {
        let rows = sqlx::query(photos!("p.area = $1 and p.application_id = $2 order by p.created_at, p.id"))
            .bind(area)
            .bind(id)
            .fetch_all(&self.reader)
            .await?;
        rows.iter().map(kept).collect()
    }

    /// One photo of an application.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the application has none of that id.
    pub(crate) async fn paper(&self, area: &str, case: &str, id: &str) -> Result<KeptPaper, StoreError> {
        let row = sqlx::query(photos!("p.area = $1 and p.application_id = $2 and p.id = $3"))
            .bind(area)
            .bind(case)
            .bind(id)
            .fetch_one(&self.reader)
            .await?;
        kept(&row)
    }

    /// The photos of all applications of an owner, newest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn papers_of(&self, owner: &Owner) -> Result<Vec<KeptPaper>, StoreError> {
        let rows = sqlx::query(photos!("a.owner = $1 order by p.created_at desc, p.id desc"))
            .bind(&owner.0)
            .fetch_all(&self.reader)
            .await?;
        rows.iter().map(kept).collect()
    }

    /// The photos of an owner's other applications that still hold and that this one doesn't have, newest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn reusable_papers(
        &self,
        case: &PaperCase,
        now: Instant,
    ) -> Result<Vec<KeptPaper>, StoreError> {
        let rows = sqlx::query(photos!(
            "a.owner = $1 and p.application_id <> $2 and (p.valid_until is null or p.valid_until >= $3) "
            "and not exists (select 1 from papers h where h.application_id = $2 and h.sent_index = p.sent_index "
            "and h.deleted_at is null) order by p.created_at desc, p.id desc"
        ))
        .bind(&case.owner.0)
        .bind(&case.id)
        .bind(now.shanghai_date().to_string())
        .fetch_all(&self.reader)
        .await?;
        let mut seen = std::collections::BTreeSet::new();
        let papers = rows.iter().map(kept).collect::<Result<Vec<_>, _>>()?;
        Ok(papers.into_iter().filter(|paper| seen.insert(paper.object.clone())).collect())
    }

    /// Whether an application has a photo that was made of this file.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn has_paper(&self, case: &PaperCase, sent: &str) -> Result<bool, StoreError> {
        let found: Option<String> = sqlx::query_scalar(
            "select id from papers where area = $1 and application_id = $2 and sent_index = $3 and deleted_at is null",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(self.sent_index(sent))
        .fetch_optional(&self.reader)
        .await?;
        Ok(found.is_some())
    }

    fn sent_index(&self, sent: &str) -> String {
        self.sealer.index("papers.sent_index", sent)
    }

    /// Keeps a photo with an application, once: the same file again is the one that is there.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the key was sent with something else; or the database failed.
    pub(crate) async fn add_paper(
        &self,
        case: &PaperCase,
        new: &NewPaper<'_>,
        key: &IdempotencyKey,
        by: (PaperActor<'_>, &Owner),
        now: Instant,
    ) -> Result<OnlyOnce<Added>, StoreError> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, key, by.1, ACT, now).await?.is_some() {
            return Ok(OnlyOnce::Before(Added::New));
        }
        let id = new_id(now)?;
        Self::hold(&mut tx, case).await?;
        let inserted = sqlx::query(
            "insert into papers (id, area, application_id, kind, bytes, sent_index, object, created_at) \
             select $1, a.area, a.id, $4, $5, $6, $7, $8 from applications a where a.area = $2 and a.id = $3 \
             and (select count(*) from papers h where h.area = $2 and h.application_id = $3 and h.deleted_at is null) < $9 \
             on conflict (area, application_id, sent_index) where deleted_at is null do nothing",
        )
        .bind(&id)
        .bind(&case.area)
        .bind(&case.id)
        .bind(new.kind)
        .bind(i64::try_from(new.bytes).unwrap_or(i64::MAX))
        .bind(self.sent_index(new.sent))
        .bind(new.object)
        .bind(now.0)
        .bind(i64::from(MAX_OF_CASE))
        .execute(&mut *tx)
        .await?;
        if inserted.rows_affected() == 0 {
            // Rolled back, so that the key is free for another photo.
            drop(tx);
            let known = self.has_paper(case, new.sent).await?;
            return Ok(OnlyOnce::Done(if known { Added::Known } else { Added::Full }));
        }
        Self::note_paper(&mut tx, AuditAct::PaperAdded, case, &id, by.0, now).await?;
        Self::answer_key(&mut tx, key, &id).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(Added::New))
    }

    /// Makes a photo of another application of the same owner one of this one too; both name the same picture.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the owner has no such photo, or it holds no longer.
    pub(crate) async fn reuse_paper(
        &self,
        case: &PaperCase,
        paper: &str,
        by: PaperActor<'_>,
        now: Instant,
    ) -> Result<Added, StoreError> {
        let mut tx = self.write().await?;
        let id = new_id(now)?;
        Self::hold(&mut tx, case).await?;
        let today = now.shanghai_date().to_string();
        let found: Option<String> = sqlx::query_scalar(
            "select p.id from papers p join applications a on a.area = p.area and a.id = p.application_id \
             where p.id = $1 and a.owner = $2 and p.deleted_at is null \
             and (p.valid_until is null or p.valid_until >= $3)",
        )
        .bind(paper)
        .bind(&case.owner.0)
        .bind(&today)
        .fetch_optional(&mut *tx)
        .await?;
        if found.is_none() {
            return Err(StoreError::NotFound);
        }
        let inserted = sqlx::query(
            "insert into papers (id, area, application_id, kind, bytes, sent_index, object, created_at, valid_until) \
             select $1, $2, $3, p.kind, p.bytes, p.sent_index, p.object, $4, p.valid_until from papers p \
             where p.id = $5 \
             and (select count(*) from papers h where h.area = $2 and h.application_id = $3 and h.deleted_at is null) < $6 \
             on conflict (area, application_id, sent_index) where deleted_at is null do nothing",
        )
        .bind(&id)
        .bind(&case.area)
        .bind(&case.id)
        .bind(now.0)
        .bind(paper)
        .bind(i64::from(MAX_OF_CASE))
        .execute(&mut *tx)
        .await?;
        if inserted.rows_affected() == 0 {
            drop(tx);
            let there = self.papers_of_case(&case.area, &case.id).await?.len();
            return Ok(if there >= usize::from(MAX_OF_CASE) { Added::Full } else { Added::Known });
        }
        Self::note_paper(&mut tx, AuditAct::PaperAdded, case, &id, by, now).await?;
        tx.commit().await?;
        Ok(Added::New)
    }

    /// Deletes a photo that nobody in the office has seen, or whose application was taken back: what a decision
    /// stands on stays. Gives the picture's name.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the application has none of that id; [`StoreError::Conflict`] where it has to stay.
    pub(crate) async fn delete_paper(
        &self,
        case: &PaperCase,
        paper: &str,
        by: PaperActor<'_>,
        now: Instant,
    ) -> Result<String, StoreError> {
        let mut tx = self.write().await?;
        let gone: Option<String> = sqlx::query_scalar(
            "update papers set deleted_at = $1 where area = $2 and application_id = $3 and id = $4 \
             and deleted_at is null and (seen_at is null or exists (select 1 from cases k \
             where k.area = $2 and k.application_id = $3 and k.state = 'withdrawn')) returning object",
        )
        .bind(now.0)
        .bind(&case.area)
        .bind(&case.id)
        .bind(paper)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(object) = gone else {
            drop(tx);
            self.paper(&case.area, &case.id, paper).await?;
            return Err(StoreError::Conflict);
        };
        Self::note_paper(&mut tx, AuditAct::PaperDeleted, case, paper, by, now).await?;
        tx.commit().await?;
        Ok(object)
    }

    /// The photos of an application were shown to somebody in the office: from now on they are part of the case.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn papers_seen(&self, area: &str, case: &str, now: Instant) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query(
            "update papers set seen_at = $1 where area = $2 and application_id = $3 and seen_at is null \
             and deleted_at is null",
        )
        .bind(now.0)
        .bind(area)
        .bind(case)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Those of these pictures that no row names any more.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn objects_without_rows(&self, objects: &[String]) -> Result<Vec<String>, StoreError> {
        let mut without = Vec::new();
        for object in objects {
            let row: Option<String> =
                sqlx::query_scalar("select id from papers where object = $1 and deleted_at is null limit 1")
                    .bind(object)
                    .fetch_optional(&self.reader)
                    .await?;
            if row.is_none() {
                without.push(object.clone());
            }
        }
        Ok(without)
    }

    /// Deletes, inside the act that closes an account, the photos that no case stands on. What the office has seen stays with
    /// its application, for as long as that is kept.
    pub(super) async fn forget_papers(
        tx: &mut Transaction<'static, Any>,
        owner: &Owner,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "delete from papers where exists (select 1 from applications a \
             join cases k on k.area = a.area and k.application_id = a.id where a.area = papers.area \
             and a.id = papers.application_id and a.owner = $1 and (papers.seen_at is null or k.state = 'withdrawn'))",
        )
        .bind(&owner.0)
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// Whoever adds a photo to the same application waits: each counts what the other left. A case that is over takes none.
    async fn hold(tx: &mut Transaction<'static, Any>, case: &PaperCase) -> Result<(), StoreError> {
        let held = sqlx::query(
            "update cases set state = state where area = $1 and application_id = $2 \
             and state in ('received', 'correction_requested', 'accepted', 'opinion_given')",
        )
        .bind(&case.area)
        .bind(&case.id)
        .execute(&mut **tx)
        .await?;
        if held.rows_affected() == 0 { Err(StoreError::Conflict) } else { Ok(()) }
    }

    async fn note_paper(
        tx: &mut Transaction<'static, Any>,
        act: AuditAct,
        case: &PaperCase,
        paper: &str,
        by: PaperActor<'_>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let entry = AuditEntry {
            area: &case.area,
            actor: by.actor,
            on_behalf_of: by.on_behalf_of,
            act,
            object_kind: "papers",
            object: paper,
            subject: case.resident(),
            purpose: match by.actor {
                Actor::Staff { .. } => Purpose::Counter,
                _ => Purpose::Own,
            },
        };
        Self::note(tx, &entry, now).await
    }

    /// Seals a picture for its place, with the key that seals the application too.
    ///
    /// # Errors
    /// The system has no randomness.
    pub(crate) fn seal_picture(
        &self,
        object: &str,
        part: Part,
        picture: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let row = format!("{object}{}", part.suffix());
        Ok(self.sealer.seal(Place { column: PICTURE, row: &row }, picture)?)
    }

    /// Opens a picture.
    ///
    /// # Errors
    /// It was sealed for another place or with another key, or it was altered.
    pub(crate) fn open_picture(
        &self,
        object: &str,
        part: Part,
        sealed: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let row = format!("{object}{}", part.suffix());
        Ok(self.sealer.open(Place { column: PICTURE, row: &row }, sealed)?.to_vec())
    }
}
