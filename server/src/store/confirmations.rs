//! Confirmations of every kind: issued, cancelled, issued anew, and how each stands. What a confirmation says stands in its
//! signed token; whether it still holds is its row. A row that has ended stays so: statements ask for `state = 'active'`,
//! and the database refuses the rest.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::cancellation::CancelReason;
use app::domain::confirm::check::{CheckState, FirstUse, Standing};
use app::domain::confirm::{Claims, ConfirmationKind, token};
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::visit::Owner;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::cases::unknown;
use super::messages::{Channel, NewMessage};
use super::staff_cases::Scope;
use super::{IdempotencyKey, OnlyOnce, Store, StoreError};
use crate::seal::Place;
use crate::staff::session::chain;

/// The table's name in the audit trail.
pub(crate) const OBJECT: &str = "confirmations";

/// What the column `issued_by` says of the samples of the demo.
pub(crate) const SAMPLE: &str = "sample";

/// The acts that keys of forms are taken for.
pub(crate) const CANCEL: &str = "cancel_confirmation";
/// See [`CANCEL`].
pub(crate) const REISSUE: &str = "reissue_confirmation";

/// A signed confirmation about to be kept.
#[derive(Clone, Debug)]
pub(crate) struct NewConfirmation {
    /// The claim's identity, 20 hexadecimal signs.
    pub(crate) id: String,
    /// 8 signs.
    pub(crate) short_code: String,
    /// The token, base 32.
    pub(crate) token: String,
    /// Unix milliseconds.
    pub(crate) expires_at: Instant,
}

/// What a confirmation belongs to, and who issued it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Belongs<'a> {
    /// The office or meal point that looks after it, where that is another place than the area in its token.
    pub(crate) office: Option<&'a str>,
    /// The application that it is the receipt of.
    pub(crate) application: Option<&'a str>,
    /// The resident whose it is.
    pub(crate) resident: Option<&'a str>,
    /// The staff member who issued it; empty for the program itself.
    pub(crate) issued_by: &'a str,
}

/// The words of the column `state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowState {
    /// It holds.
    Active,
    /// It was cancelled.
    Cancelled,
    /// Another one took its place.
    Replaced,
    /// It was reported lost.
    Lost,
}

app::slugs!(RowState { Active = "active", Cancelled = "cancelled", Replaced = "replaced", Lost = "lost" });

/// A confirmation as its row has it.
#[derive(Clone)]
pub(crate) struct KeptConfirmation {
    /// The identity in its token, in hexadecimal.
    pub(crate) id: String,
    /// The street or district in its token.
    pub(crate) area: String,
    /// Whose staff look after it: the area, or an office of its own.
    pub(crate) office: String,
    /// What is confirmed.
    pub(crate) kind: ConfirmationKind,
    /// The number that people read; empty where it is not known any more.
    pub(crate) number: String,
    /// 8 signs.
    pub(crate) short_code: String,
    /// The signed token; empty where the holder's account was deleted.
    pub(crate) token: String,
    /// How it stands.
    pub(crate) standing: Standing,
    /// The identity that took its place.
    pub(crate) replaced_by: Option<String>,
    /// Why it was cancelled.
    pub(crate) ended_for: Option<CancelReason>,
    /// The application that it is the receipt of.
    pub(crate) application: Option<String>,
    /// The resident whose it is.
    pub(crate) resident: Option<String>,
    /// Who issued it; empty for the program itself.
    pub(crate) issued_by: String,
    /// Since when it is out.
    pub(crate) issued_at: Instant,
    /// From when it holds.
    pub(crate) holds_from: Instant,
    /// When what it stands for begins.
    pub(crate) starts_at: Instant,
    /// Until when it holds.
    pub(crate) expires_at: Instant,
}

app::masked_debug!(KeptConfirmation);

impl KeptConfirmation {
    /// What its token says; `None` where the token is gone.
    pub(crate) fn claims(&self) -> Option<Claims> {
        token::read(&self.token).map(|signed| signed.content)
    }

    /// The identity in bytes.
    pub(crate) fn id_bytes(&self) -> Option<[u8; 10]> {
        id_bytes(&self.id)
    }

    /// What a check says of it at `now`, as far as its row tells.
    pub(crate) fn state(&self, now: Instant) -> CheckState {
        match self.standing {
            Standing::Cancelled(_) | Standing::Lost(_) => CheckState::Cancelled,
            Standing::Replaced(_) => CheckState::Replaced,
            Standing::Used(_) => CheckState::Used,
            Standing::NoRecord => CheckState::NoRecord,
            Standing::Holds if now >= self.expires_at => CheckState::Expired,
            Standing::Holds if now < self.holds_from => CheckState::NotYet,
            Standing::Holds => CheckState::Valid,
        }
    }
}

/// The bytes of an identity in hexadecimal.
pub(crate) fn id_bytes(id: &str) -> Option<[u8; 10]> {
    data_encoding::HEXLOWER.decode(id.as_bytes()).ok()?.try_into().ok()
}

/// The number of an office in tokens and lists. An office that has a word for a code lies in an area, whose number it gets.
pub(crate) fn office_number(office: &str, area: &str) -> u64 {
    office.parse().or_else(|_| area.parse()).unwrap_or_default()
}

/// The staff member who acts on a confirmation, in the post that allows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByStaff<'a> {
    /// The staff member in the post.
    pub(crate) actor: &'a Actor,
    /// The account.
    pub(crate) staff: &'a str,
}

impl ByStaff<'_> {
    fn owner(&self) -> Owner {
        Owner(format!("staff:{}", self.staff))
    }
}

macro_rules! columns {
    ($where:literal) => {
        concat!(
            "select c.id, c.area, c.office, c.kind, c.number, c.short_code, c.token, c.state, c.ended_at, c.ended_for, \
             c.replaced_by, c.application_id, c.resident, c.issued_by, c.issued_at, c.holds_from, c.starts_at, \
             c.expires_at, u.at as used_at, u.office as used_in \
             from confirmations c left join confirmation_uses u on u.confirmation = c.id ",
            $where
        )
    };
}

fn kept(row: &AnyRow) -> Result<KeptConfirmation, StoreError> {
    let state = RowState::parse(row.try_get("state")?).ok_or(unknown("confirmations.state"))?;
    let area: String = row.try_get("area")?;
    let ended_at = Instant(row.try_get::<Option<i64>, _>("ended_at")?.unwrap_or_default());
    let standing = match state {
        RowState::Cancelled => Standing::Cancelled(ended_at),
        RowState::Replaced => Standing::Replaced(ended_at),
        RowState::Lost => Standing::Lost(ended_at),
        RowState::Active => match row.try_get::<Option<i64>, _>("used_at")? {
            Some(at) => {
                let office: Option<String> = row.try_get("used_in")?;
                let office = office_number(&office.unwrap_or_default(), &area);
                Standing::Used(FirstUse { at: Instant(at), office })
            }
            None => Standing::Holds,
        },
    };
    let ended_for: Option<String> = row.try_get("ended_for")?;
    Ok(KeptConfirmation {
        id: row.try_get("id")?,
        area,
        office: row.try_get("office")?,
        kind: ConfirmationKind::parse(row.try_get("kind")?).ok_or(unknown("confirmations.kind"))?,
        number: row.try_get("number")?,
        short_code: row.try_get("short_code")?,
        token: row.try_get("token")?,
        standing,
        replaced_by: row.try_get("replaced_by")?,
        ended_for: ended_for.as_deref().and_then(CancelReason::parse),
        application: row.try_get("application_id")?,
        resident: row.try_get("resident")?,
        issued_by: row.try_get("issued_by")?,
        issued_at: Instant(row.try_get("issued_at")?),
        holds_from: Instant(row.try_get("holds_from")?),
        starts_at: Instant(row.try_get("starts_at")?),
        expires_at: Instant(row.try_get("expires_at")?),
    })
}

/// Keeps a signed confirmation inside the transaction of the act that it confirms. The row says what the token says.
///
/// # Errors
/// [`StoreError::Conflict`] where the short code is taken, or where another one of the same application or card holds; the
/// token is none of ours.
pub(super) async fn insert_confirmation(
    tx: &mut Transaction<'static, Any>,
    new: &NewConfirmation,
    belongs: &Belongs<'_>,
) -> Result<Claims, StoreError> {
    let claims = token::read(&new.token).map(|signed| signed.content);
    let claims =
        claims.ok_or_else(|| StoreError::Other(anyhow::anyhow!("a new token is not of our form")))?;
    let area = claims.office.to_string();
    let issued_at = Instant::from_seconds(claims.issued_at);
    sqlx::query(
        "insert into confirmations (id, area, office, kind, number, short_code, token, state, application_id, resident, \
         issued_by, issued_at, holds_from, starts_at, expires_at) \
         values ($1, $2, $3, $4, $5, $6, $7, 'active', $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(&new.id)
    .bind(&area)
    .bind(belongs.office.unwrap_or(&area))
    .bind(claims.kind.as_str())
    .bind(&claims.number)
    .bind(&new.short_code)
    .bind(&new.token)
    .bind(belongs.application)
    .bind(belongs.resident)
    .bind(belongs.issued_by)
    .bind(issued_at.0)
    .bind(claims.not_before.map_or(issued_at, Instant::from_seconds).0)
    .bind(Instant::from_seconds(claims.start).0)
    .bind(new.expires_at.0)
    .execute(&mut **tx)
    .await?;
    Ok(claims)
}

/// An act on a confirmation, about to be noted.
pub(super) async fn note_on(
    tx: &mut Transaction<'static, Any>,
    kept: &KeptConfirmation,
    actor: &Actor,
    act: AuditAct,
    now: Instant,
) -> Result<(), StoreError> {
    let entry = AuditEntry {
        area: chain(&kept.area),
        actor,
        on_behalf_of: None,
        act,
        object_kind: OBJECT,
        object: &kept.id,
        subject: kept.resident.as_deref(),
        purpose: match actor {
            Actor::Staff { .. } => Purpose::Counter,
            _ => Purpose::Operation,
        },
    };
    Store::note(tx, &entry, now).await
}

/// Lets nobody else act on the row until the transaction ends; what the next statement sees is what holds.
///
/// # Errors
/// [`StoreError::NotFound`].
pub(super) async fn lock(tx: &mut Transaction<'static, Any>, id: &str) -> Result<(), StoreError> {
    let found = sqlx::query("update confirmations set state = state where id = $1")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    if found.rows_affected() == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// The row inside a transaction.
pub(super) async fn in_transaction(
    tx: &mut Transaction<'static, Any>,
    id: &str,
) -> Result<KeptConfirmation, StoreError> {
    kept(&sqlx::query(columns!("where c.id = $1")).bind(id).fetch_one(&mut **tx).await?)
}

impl Store {
    /// Issues a confirmation that no other act of the store issues. The same key issues once.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for the same key with another body, and where the short code is taken: the same press once
    /// more draws another.
    pub(crate) async fn issue_confirmation(
        &self,
        new: &NewConfirmation,
        belongs: &Belongs<'_>,
        actor: &Actor,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        let owner = Owner(format!("staff:{}", belongs.issued_by));
        if let Some(id) = Self::take_key(&mut tx, key, &owner, "issue_confirmation", now).await? {
            return Ok(OnlyOnce::Before(id));
        }
        insert_confirmation(&mut tx, new, belongs).await?;
        let kept = in_transaction(&mut tx, &new.id).await?;
        note_on(&mut tx, &kept, actor, AuditAct::ConfirmationIssued, now).await?;
        Self::answer_key(&mut tx, key, &new.id).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(new.id.clone()))
    }

    /// Ends a confirmation for good, and tells its holder.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it has ended already, or for the same key with another body.
    pub(crate) async fn cancel_confirmation(
        &self,
        id: &str,
        reason: CancelReason,
        by: &ByStaff<'_>,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, key, &by.owner(), CANCEL, now).await?.is_some() {
            return Ok(());
        }
        let ended = sqlx::query(
            "update confirmations set state = 'cancelled', ended_at = $2, ended_for = $3 \
             where id = $1 and state = 'active'",
        )
        .bind(id)
        .bind(now.0)
        .bind(reason.as_str())
        .execute(&mut *tx)
        .await?;
        if ended.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        let kept = in_transaction(&mut tx, id).await?;
        note_on(&mut tx, &kept, by.actor, AuditAct::ConfirmationCancelled, now).await?;
        let notice = Notice::ConfirmationCancelled { number: kept.number.clone() };
        self.tell_holder(&mut tx, &kept, &notice, now).await?;
        self.marriage_confirmation_cancelled(&mut tx, id, now).await?;
        Self::meal_confirmation_cancelled(&mut tx, id, now).await?;
        Self::answer_key(&mut tx, key, id).await?;
        tx.commit().await?;
        self.states_changed();
        Ok(())
    }

    /// Puts a new identity in the place of one that holds, and tells its holder. Gives the new one's id.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the old one has ended, was used or is over, for the same key with another body, and
    /// where the short code is taken: the same press once more draws another.
    pub(crate) async fn reissue_confirmation(
        &self,
        id: &str,
        new: &NewConfirmation,
        by: &ByStaff<'_>,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<String, StoreError> {
        let mut tx = self.write().await?;
        if let Some(issued) = Self::take_key(&mut tx, key, &by.owner(), REISSUE, now).await? {
            return Ok(issued);
        }
        // A scan locks the row too: what is used at this moment is not issued anew.
        lock(&mut tx, id).await?;
        let ended = sqlx::query(
            "update confirmations set state = 'replaced', ended_at = $2, replaced_by = $3 \
             where id = $1 and state = 'active' and expires_at > $2 \
             and not exists (select 1 from confirmation_uses u where u.confirmation = $1)",
        )
        .bind(id)
        .bind(now.0)
        .bind(&new.id)
        .execute(&mut *tx)
        .await?;
        if ended.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        let old = in_transaction(&mut tx, id).await?;
        let belongs = Belongs {
            office: Some(&old.office),
            application: old.application.as_deref(),
            resident: old.resident.as_deref(),
            issued_by: by.staff,
        };
        let claims = insert_confirmation(&mut tx, new, &belongs).await?;
        if (claims.kind, claims.number.as_str()) != (old.kind, old.number.as_str()) {
            return Err(StoreError::Other(anyhow::anyhow!("a confirmation issued anew says something else")));
        }
        note_on(&mut tx, &old, by.actor, AuditAct::ConfirmationReissued, now).await?;
        Self::marriage_confirmation_replaced(&mut tx, (id, &new.id), now).await?;
        Self::meal_confirmation_replaced(&mut tx, (id, &new.id), now).await?;
        let notice = Notice::ConfirmationReissued { number: old.number.clone() };
        self.tell_holder(&mut tx, &old, &notice, now).await?;
        Self::answer_key(&mut tx, key, &new.id).await?;
        tx.commit().await?;
        self.states_changed();
        Ok(new.id.clone())
    }

    /// Tells whose a confirmation is: the account, else the telephone in the application.
    async fn tell_holder(
        &self,
        tx: &mut Transaction<'static, Any>,
        kept: &KeptConfirmation,
        notice: &Notice,
        now: Instant,
    ) -> Result<(), StoreError> {
        let Some(application) = &kept.application else {
            return match &kept.resident {
                Some(resident) => self.tell_with_guardians(tx, resident, notice, None, now).await,
                None => Ok(()),
            };
        };
        let row = sqlx::query("select owner, mobile from applications where area = $1 and id = $2")
            .bind(&kept.area)
            .bind(application)
            .fetch_one(&mut **tx)
            .await?;
        let owner: String = row.try_get("owner")?;
        if let Some(resident) = owner.strip_prefix("resident:") {
            let link = format!("/confirm/{}", kept.number);
            return self.tell_with_guardians(tx, resident, notice, Some(&link), now).await;
        }
        // Who deleted the account hears nothing more.
        if owner.starts_with("closed:") {
            return Ok(());
        }
        let at = format!("{}/{application}", kept.area);
        let sealed: Vec<u8> = row.try_get("mobile")?;
        let mobile = self.sealer.open_text(Place { column: "applications.mobile", row: &at }, &sealed)?;
        let message = NewMessage {
            resident: None,
            area: chain(&kept.area),
            channel: Channel::Text,
            template: notice.id(),
            to: &mobile,
            text: &notice.sms(),
            urgent: false,
            expires_at: None,
        };
        self.enqueue(tx, &message, now).await?;
        Ok(())
    }

    /// Tells a resident and, where it is a child, who looks after it.
    async fn tell_with_guardians(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        notice: &Notice,
        link: Option<&str>,
        now: Instant,
    ) -> Result<(), StoreError> {
        self.tell(tx, resident, notice, link, now).await?;
        for guardian in Self::guardians_of(tx, resident, "", now).await? {
            self.tell(tx, &guardian, notice, None, now).await?;
        }
        Ok(())
    }

    /// The confirmation of that identity.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn confirmation(&self, id: &str) -> Result<Option<KeptConfirmation>, StoreError> {
        let row = sqlx::query(columns!("where c.id = $1")).bind(id).fetch_optional(&self.reader).await?;
        row.as_ref().map(kept).transpose()
    }

    /// The confirmation of a short code, as long as there is a token to check.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn confirmation_of_short_code(
        &self,
        code: &str,
    ) -> Result<Option<KeptConfirmation>, StoreError> {
        let row = sqlx::query(columns!("where c.short_code = $1 and c.token <> ''"))
            .bind(code)
            .fetch_optional(&self.reader)
            .await?;
        row.as_ref().map(kept).transpose()
    }

    /// The token behind a short code, for tests.
    #[cfg(test)]
    pub(crate) async fn token_of_short_code(&self, code: &str) -> Result<Option<String>, StoreError> {
        Ok(self.confirmation_of_short_code(code).await?.map(|kept| kept.token))
    }

    /// The confirmations of a number: the one that holds first, then the newest.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn confirmations_of_number(
        &self,
        number: &str,
    ) -> Result<Vec<KeptConfirmation>, StoreError> {
        let rows = sqlx::query(columns!(
            "where c.number = $1 order by case when c.state = 'active' then 0 else 1 end, c.issued_at desc, c.id limit 20"
        ))
        .bind(number)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(kept).collect()
    }

    /// What a post looks after between two moments: confirmations that begin, were issued or ended then, of every
    /// kind, `count` at most.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn confirmations_between(
        &self,
        places: &Places,
        (from, before): (Instant, Instant),
        count: i64,
    ) -> Result<Vec<KeptConfirmation>, StoreError> {
        let rows = sqlx::query(columns!(
            "where ((c.area >= $1 and c.area < $2) or c.office = $3) \
             and ((c.starts_at >= $4 and c.starts_at < $5) or (c.issued_at >= $4 and c.issued_at < $5) \
             or (c.ended_at >= $4 and c.ended_at < $5)) order by c.starts_at, c.id limit $6"
        ))
        .bind(&places.from)
        .bind(&places.before)
        .bind(&places.office)
        .bind(from.0)
        .bind(before.0)
        .bind(count)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(kept).collect()
    }

    /// Everything that has ended or was used and would still hold by its time: what a counter without network must know.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn ended_confirmations(
        &self,
        now: Instant,
    ) -> Result<Vec<([u8; 10], Standing)>, StoreError> {
        let rows =
            sqlx::query(columns!("where c.expires_at > $1 and (c.state <> 'active' or u.at is not null)"))
                .bind(now.0)
                .fetch_all(&self.reader)
                .await?;
        let mut ended = Vec::with_capacity(rows.len());
        for row in &rows {
            let kept = kept(row)?;
            ended.extend(kept.id_bytes().map(|id| (id, kept.standing)));
        }
        Ok(ended)
    }

    /// The masked name of the applicant of a receipt; nothing where it is a child under 14, who is named in no list
    /// (个人信息保护法 31).
    ///
    /// # Errors
    /// The database failed, or the name doesn't open with our keys.
    pub(crate) async fn applicant_of(
        &self,
        kept: &KeptConfirmation,
    ) -> Result<Option<Applicant>, StoreError> {
        let Some(application) = &kept.application else { return Ok(None) };
        let row = sqlx::query(
            "select applicant_name, under_14, community from applications where area = $1 and id = $2",
        )
        .bind(&kept.area)
        .bind(application)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let under_14 = row.try_get::<i64, _>("under_14")? == 1;
        let at = format!("{}/{application}", kept.area);
        let masked = self.masked_name("applications.applicant_name", &at, &row, "applicant_name")?;
        Ok(Some(Applicant {
            masked: if under_14 { "未满十四周岁".to_owned() } else { masked }, under_14
        }))
    }

    /// Reads the numbers of cards that were issued before confirmations had a table of their own out of their tokens.
    pub(super) async fn fill_numbers(&self) -> Result<(), StoreError> {
        let rows = sqlx::query("select id, token from confirmations where number = '' and token <> ''")
            .fetch_all(&self.reader)
            .await?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut tx = self.write().await?;
        for row in &rows {
            let text: String = row.try_get("token")?;
            // One that can't be read has no number; it is shown by its kind alone.
            let Some(signed) = token::read(&text) else { continue };
            sqlx::query("update confirmations set number = $2 where id = $1 and number = ''")
                .bind(row.try_get::<String, _>("id")?)
                .bind(&signed.content.number)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Who applied, as far as a clerk at a counter needs it.
#[derive(Clone)]
pub(crate) struct Applicant {
    /// The masked name.
    pub(crate) masked: String,
    /// It is a child's application: fewer look at it.
    pub(crate) under_14: bool,
}

app::masked_debug!(Applicant);

/// Where a post looks after confirmations: a part of the area tree, or an office of its own.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    from: String,
    before: String,
    office: String,
}

impl Places {
    /// What this post looks after.
    pub(crate) fn of(post: &app::domain::staff::Post) -> Self {
        if post.role().is_at_an_office() {
            return Self { from: String::new(), before: String::new(), office: post.place().to_owned() };
        }
        let Scope { from, before, .. } = Scope::of(post);
        Self { from, before, office: String::new() }
    }
}
