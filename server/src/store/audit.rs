//! The audit trail: one row for each act, written in the act's own transaction. [`crate::audit`] links the rows of each
//! area into a hash chain afterwards.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::time::Instant;
use sqlx::{Any, Transaction};

use super::{Store, StoreError};
use crate::seal::new_id;

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Actor {
    /// A resident with an account, by id.
    Resident(String),
    /// Somebody without an account, by the hash of the device's cookie. Empty where there is no cookie either, and for
    /// complaints, which nobody's device is held against.
    Device(String),
    /// Staff, by account id, in the post that allowed the act: `street_officer@320214050`.
    Staff {
        /// The account.
        id: String,
        /// Role and place.
        post: String,
    },
    /// The program itself.
    System,
}

impl Actor {
    fn kind(&self) -> &'static str {
        match self {
            Self::Resident(_) => "resident",
            Self::Device(_) => "device",
            Self::Staff { .. } => "staff",
            Self::System => "system",
        }
    }

    fn id(&self) -> &str {
        match self {
            Self::Resident(id) | Self::Device(id) | Self::Staff { id, .. } => id,
            Self::System => "",
        }
    }

    fn post(&self) -> &str {
        match self {
            Self::Staff { post, .. } => post,
            _ => "",
        }
    }
}

impl Actor {
    /// Staff without a post that matters here: an act on one's own account, a refusal.
    pub(crate) fn staff(id: &str) -> Self {
        Self::Staff { id: id.to_owned(), post: String::new() }
    }
}

/// One act about to be noted. Ids alone: nothing here may be a name, a number of a document or a text.
#[derive(Clone, Debug)]
pub(crate) struct AuditEntry<'a> {
    /// The area whose chain it joins: a street's code, or the district's for what belongs to no street.
    pub(crate) area: &'a str,
    /// Who.
    pub(crate) actor: &'a Actor,
    /// The resident in whose name, where somebody acted for another.
    pub(crate) on_behalf_of: Option<&'a str>,
    /// What.
    pub(crate) act: AuditAct,
    /// On which kind of object: a table's name.
    pub(crate) object_kind: &'static str,
    /// Its id.
    pub(crate) object: &'a str,
    /// The resident whose affairs it touches, where there is an account.
    pub(crate) subject: Option<&'a str>,
    /// Why.
    pub(crate) purpose: Purpose,
}

impl Store {
    /// Notes an act inside its transaction.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn note(
        tx: &mut Transaction<'static, Any>,
        entry: &AuditEntry<'_>,
        now: Instant,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into audit_entries (area, id, at, actor_kind, actor, post, on_behalf_of, act, object_kind, object, \
             subject, purpose) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        )
        .bind(entry.area)
        .bind(new_id(now)?)
        .bind(now.0)
        .bind(entry.actor.kind())
        .bind(entry.actor.id())
        .bind(entry.actor.post())
        .bind(entry.on_behalf_of)
        .bind(entry.act.as_str())
        .bind(entry.object_kind)
        .bind(entry.object)
        .bind(entry.subject)
        .bind(entry.purpose.as_str())
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// Notes an act that changes nothing else: a refusal, the reading of somebody's details.
    ///
    /// # Errors
    /// The database failed; what was to be shown must then not be shown.
    pub(crate) async fn note_alone(&self, entry: &AuditEntry<'_>, now: Instant) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        Self::note(&mut tx, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
impl Store {
    /// How many entries say this of an object.
    pub(crate) async fn noted(&self, act: &str, object: &str) -> usize {
        let found = sqlx::query("select id from audit_entries where act = $1 and object = $2")
            .bind(act)
            .bind(object)
            .fetch_all(&self.reader)
            .await;
        found.unwrap().len()
    }

    /// What was done so far, for tests.
    #[cfg(test)]
    pub(crate) async fn audit_acts(&self) -> Vec<String> {
        sqlx::query_scalar("select act from audit_entries order by at, id")
            .fetch_all(&self.reader)
            .await
            .unwrap()
    }
}
