//! Drafts: each page is kept as typed, right or wrong, for the device that typed it.

use app::domain::aid::{Draft, MemberForm, Step};
use app::domain::time::Instant;
use app::ports::KeptDraft;
use app::visit::Owner;
use serde::de::DeserializeOwned;
use sqlx::Row as _;

use super::{Store, StoreError};
use crate::seal::{Place, SealError, new_id};

const MEMBER: &str = "member:";
/// The member's page that was left with errors.
const MEMBER_LEFT: &str = "member-left";

fn place(row: &str) -> Place<'_> {
    Place { column: "draft_parts.answers", row }
}

impl Store {
    /// Opens a draft of an item for this owner, or finds the open one, of whichever item; tells whether it is new.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn open_draft_of(
        &self,
        owner: &Owner,
        item: &str,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let opened = sqlx::query(
            "insert into drafts (id, owner, item, version, created_at, saved_at, aid_item) \
             values ($1, $2, 'temp', 0, $3, $3, $4) on conflict (owner, item) do nothing",
        )
        .bind(new_id(now)?)
        .bind(&owner.0)
        .bind(now.0)
        .bind(item)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(opened.rows_affected() == 1)
    }

    /// The same for 临时救助.
    #[cfg(test)]
    pub(crate) async fn open_draft(&self, owner: &Owner, now: Instant) -> Result<bool, StoreError> {
        self.open_draft_of(owner, "temporary-aid", now).await
    }

    /// Keeps one page of this owner's draft.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no open draft: it was sent, discarded or has expired.
    pub(crate) async fn keep_step(
        &self,
        owner: &Owner,
        step: Step,
        answers: &impl serde::Serialize,
        now: Instant,
    ) -> Result<(), StoreError> {
        self.keep_part(owner, step.as_str(), answers, None, now).await
    }

    /// Fills a page that nothing was kept of yet. What was kept stays as it is.
    ///
    /// # Errors
    /// As [`Self::keep_step`].
    pub(crate) async fn offer_step(
        &self,
        owner: &Owner,
        step: Step,
        answers: &impl serde::Serialize,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let (draft, version) = touch(&mut tx, owner, now).await?;
        let part = step.as_str();
        let sealed = self.sealer.seal_json(place(&format!("{draft}/{part}")), answers)?;
        let filled = sqlx::query(
            "insert into draft_parts (draft_id, part, position, answers) values ($1, $2, $3, $4) \
             on conflict (draft_id, part) do nothing",
        )
        .bind(&draft)
        .bind(part)
        .bind(version)
        .bind(sealed)
        .execute(&mut *tx)
        .await?;
        // Where nothing changed, no version is counted: a last look that is open elsewhere still holds.
        if filled.rows_affected() == 1 {
            tx.commit().await?;
        }
        Ok(())
    }

    /// Keeps a household member who was found right, and forgets the page that was left with errors.
    ///
    /// # Errors
    /// As [`Self::keep_step`].
    pub(crate) async fn keep_member(
        &self,
        owner: &Owner,
        id: &str,
        answers: &MemberForm,
        now: Instant,
    ) -> Result<(), StoreError> {
        self.keep_part(owner, &format!("{MEMBER}{id}"), answers, Some(MEMBER_LEFT), now).await
    }

    /// Keeps what was typed of a member whose page has errors.
    ///
    /// # Errors
    /// As [`Self::keep_step`].
    pub(crate) async fn keep_member_left(
        &self,
        owner: &Owner,
        id: &str,
        answers: &MemberForm,
        now: Instant,
    ) -> Result<(), StoreError> {
        self.keep_part(owner, MEMBER_LEFT, &(id, answers), None, now).await
    }

    /// Removes a household member. One who is gone already is no error.
    ///
    /// # Errors
    /// As [`Self::keep_step`].
    pub(crate) async fn remove_member(
        &self,
        owner: &Owner,
        id: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let (draft, _) = touch(&mut tx, owner, now).await?;
        sqlx::query("delete from draft_parts where draft_id = $1 and part = $2")
            .bind(&draft)
            .bind(format!("{MEMBER}{id}"))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    async fn keep_part(
        &self,
        owner: &Owner,
        part: &str,
        answers: &impl serde::Serialize,
        drop: Option<&str>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let (draft, version) = touch(&mut tx, owner, now).await?;
        let sealed = self.sealer.seal_json(place(&format!("{draft}/{part}")), answers)?;
        // The version at first entry orders the members as they were entered.
        sqlx::query(
            "insert into draft_parts (draft_id, part, position, answers) values ($1, $2, $3, $4) \
             on conflict (draft_id, part) do update set answers = excluded.answers",
        )
        .bind(&draft)
        .bind(part)
        .bind(version)
        .bind(sealed)
        .execute(&mut *tx)
        .await?;
        if let Some(other) = drop {
            sqlx::query("delete from draft_parts where draft_id = $1 and part = $2")
                .bind(&draft)
                .bind(other)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// This owner's open draft.
    ///
    /// # Errors
    /// The database failed, or a page doesn't open with our keys.
    pub(crate) async fn draft_of(&self, owner: &Owner) -> Result<Option<KeptDraft>, StoreError> {
        // One statement, so that the version and the answers belong together.
        let rows = sqlx::query(
            "select d.id, d.aid_item, d.version, d.saved_at, p.part, p.answers from drafts d \
             left join draft_parts p on p.draft_id = d.id \
             where d.owner = $1 and d.item = 'temp' order by p.position, p.part",
        )
        .bind(&owner.0)
        .fetch_all(&self.reader)
        .await?;
        let Some(first) = rows.first() else { return Ok(None) };
        let mut kept = KeptDraft {
            id: first.try_get("id")?,
            item: first.try_get("aid_item")?,
            version: first.try_get("version")?,
            saved_at: Instant(first.try_get("saved_at")?),
            draft: Draft::default(),
            member_left: None,
        };
        for row in &rows {
            let Some(part) = row.try_get::<Option<String>, _>("part")? else { continue };
            let sealed: Vec<u8> = row.try_get("answers")?;
            self.read_part(&mut kept, &part, &sealed)?;
        }
        Ok(Some(kept))
    }

    fn read_part(&self, kept: &mut KeptDraft, part: &str, sealed: &[u8]) -> Result<(), SealError> {
        let row = format!("{}/{part}", kept.id);
        let draft = &mut kept.draft;
        if let Some(id) = part.strip_prefix(MEMBER) {
            draft.members.push((id.to_owned(), self.read(&row, sealed)?));
            return Ok(());
        }
        if part == MEMBER_LEFT {
            kept.member_left = Some(self.read(&row, sealed)?);
            return Ok(());
        }
        match Step::parse(part) {
            Some(Step::Applicant) => draft.applicant = Some(self.read(&row, sealed)?),
            Some(Step::Address) => draft.address = Some(self.read(&row, sealed)?),
            Some(Step::Household) => draft.household_told = true,
            Some(Step::Finances) => draft.finances = Some(self.read(&row, sealed)?),
            Some(Step::Situation) => draft.situation = Some(self.read(&row, sealed)?),
            Some(Step::BankAccount) => draft.bank_account = Some(self.read(&row, sealed)?),
            Some(Step::Notice) => draft.notice = Some(self.read(&row, sealed)?),
            Some(Step::Authorisation) => draft.authorisation = Some(self.read(&row, sealed)?),
            Some(Step::Pledge) => draft.pledge = Some(self.read(&row, sealed)?),
            // A page that a newer version of the program kept.
            None => {}
        }
        Ok(())
    }

    fn read<T: DeserializeOwned>(&self, row: &str, sealed: &[u8]) -> Result<T, SealError> {
        self.sealer.open_json(place(row), sealed)
    }

    /// Discards this owner's draft with all its pages.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn discard_draft(&self, owner: &Owner) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query("delete from drafts where owner = $1 and item = 'temp'")
            .bind(&owner.0)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Deletes the drafts that nobody touched since `before`.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn expire_drafts(&self, before: Instant) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let gone =
            sqlx::query("delete from drafts where saved_at < $1").bind(before.0).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(gone.rows_affected())
    }
}

/// Counts a change of the owner's draft; gives its id and the new version. The row stays locked until commit,
/// so that a draft being sent is not changed at the same moment.
async fn touch(
    tx: &mut sqlx::Transaction<'static, sqlx::Any>,
    owner: &Owner,
    now: Instant,
) -> Result<(String, i64), StoreError> {
    let row = sqlx::query(
        "update drafts set version = version + 1, saved_at = $1 where owner = $2 and item = 'temp' \
         returning id, version",
    )
    .bind(now.0)
    .bind(&owner.0)
    .fetch_one(&mut **tx)
    .await?;
    Ok((row.try_get("id")?, row.try_get("version")?))
}
