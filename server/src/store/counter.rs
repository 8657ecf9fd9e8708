//! What staff record at the counter: a document that was seen, an agreement on paper.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::counter::{CounterRefusal, Paper, Seen};
use app::domain::document::DocumentKind;
use app::domain::document::IdentityDocument;
use app::domain::name::PersonName;
use app::domain::notices::Notice;
use app::domain::person::{Identity, Profile};
use app::domain::proxy::{ProxyKind, scope_text};
use app::domain::time::Instant;
use app::text::proxy::{GUARDIAN_CONSENT_VERSION, scope_words};
use app::visit::Owner;
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::guardians::needs_guardian;
use super::proxies::{Details, masked, place as proxy_place};
use super::residents::{owner_of, profile_place};
use super::{IdempotencyKey, Store, StoreError};
use crate::seal::new_id;

/// Why nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CounterError {
    /// Something that the staff member can put right or explain.
    #[error("refused")]
    Refused(CounterRefusal),
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for CounterError {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

/// What became of vouching for somebody's name and document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vouched {
    /// The account is a verified one.
    Verified,
    /// The account has told another document.
    ToldAnother,
    /// The document is another verified account's.
    OfAnother,
    /// A child under 14: nothing is kept before a guardian agreed.
    GuardianFirst,
}

fn entry<'a>(
    actor: &'a Actor,
    place: &'a str,
    act: AuditAct,
    object: (&'static str, &'a str),
    subject: &'a str,
) -> AuditEntry<'a> {
    AuditEntry {
        area: crate::staff::session::chain(place),
        actor,
        on_behalf_of: None,
        act,
        object_kind: object.0,
        object: object.1,
        subject: Some(subject),
        purpose: Purpose::Counter,
    }
}

/// The account of the staff member who acts.
pub(super) fn staff_id(actor: &Actor) -> &str {
    match actor {
        Actor::Staff { id, .. } | Actor::Resident(id) | Actor::Device(id) => id,
        Actor::System => "",
    }
}

impl Store {
    pub(super) fn document_index(&self, document: &IdentityDocument) -> String {
        self.sealer.index("document", &document.index_key())
    }

    /// Notes that a document was seen: the account of the person's number is a verified one from now on, and its
    /// document is found by its index. `place` is where the staff member's post is held.
    ///
    /// # Errors
    /// [`CounterError::Refused`] where the number's account has told another document, or the document is another
    /// verified account's.
    pub(crate) async fn record_identity(
        &self,
        seen: &Seen,
        actor: &Actor,
        place: &str,
        now: Instant,
    ) -> Result<(), CounterError> {
        let mut tx = self.write().await?;
        let (resident, _) = self.resident_of_phone(&mut tx, &seen.phone, now).await?;
        match self.vouch(&mut tx, &resident, &seen.identity, staff_id(actor), now).await {
            Ok(Vouched::Verified) => {}
            Ok(Vouched::GuardianFirst) => return Err(CounterError::Refused(CounterRefusal::GuardianFirst)),
            Ok(Vouched::ToldAnother) => return Err(CounterError::Refused(CounterRefusal::PhoneOfAnother)),
            // The second: another counter was a moment earlier.
            Ok(Vouched::OfAnother) | Err(StoreError::Conflict) => {
                return Err(CounterError::Refused(CounterRefusal::DocumentOfAnother));
            }
            Err(other) => return Err(other.into()),
        }
        let noted = entry(actor, place, AuditAct::IdentityVerified, ("residents", &resident), &resident);
        Self::note(&mut tx, &noted, now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// Makes an account a verified one: somebody has seen the document, or a provider vouches for it. An account that has
    /// told another document stays as it is, and a document is one account's alone.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where another account got the document a moment earlier; or the database failed.
    pub(super) async fn vouch(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        identity: &Identity,
        by: &str,
        now: Instant,
    ) -> Result<Vouched, StoreError> {
        let index = self.document_index(&identity.document);
        let sealer = self.person_sealer(tx, resident).await?;
        let row = sqlx::query(
            "update residents set assurance = assurance where id = $1 and closed_at is null returning profile",
        )
        .bind(resident)
        .fetch_one(&mut **tx)
        .await?;
        let mut profile: Profile = match row.try_get::<Option<Vec<u8>>, _>("profile")? {
            Some(sealed) => sealer.open_json(profile_place(resident), &sealed)?,
            None => Profile::default(),
        };
        // Who told another document may be the person who had the number before.
        let told = profile.identity.as_ref().and_then(|form| {
            let kind = DocumentKind::parse(&form.document_kind)?;
            IdentityDocument::parse(kind, &form.document_number, now.shanghai_date()).ok()
        });
        // Without a profile, the applications that were sent under the account tell whose it is.
        let sent: Vec<String> = match &told {
            Some(_) => Vec::new(),
            None => {
                sqlx::query_scalar(
                    "select document_index from applications where owner = $1 and acted_by is null",
                )
                .bind(owner_of(resident).0)
                .fetch_all(&mut **tx)
                .await?
            }
        };
        let told_another = match told {
            Some(told) => self.document_index(&told) != index,
            None => !sent.is_empty() && !sent.contains(&index),
        };
        if told_another {
            return Ok(Vouched::ToldAnother);
        }
        // 个人信息保护法 31: nothing about a child is kept before a guardian agreed.
        if needs_guardian(identity, now.shanghai_date()) {
            return Ok(Vouched::GuardianFirst);
        }
        profile.identity = Some(identity.form());
        let verified = sqlx::query(
            "update residents set profile = $1, assurance = 'verified', verified_at = $2, verified_by = $3, \
             document_index = $4 where id = $5 \
             and not exists (select 1 from residents other where other.document_index = $4 and other.id <> $5)",
        )
        .bind(sealer.seal_json(profile_place(resident), &profile)?)
        .bind(now.0)
        .bind(by)
        .bind(&index)
        .bind(resident)
        .execute(&mut **tx)
        .await?;
        Ok(if verified.rows_affected() == 1 { Vouched::Verified } else { Vouched::OfAnother })
    }

    /// Records an agreement at the counter; both hear of it. A relative acts for a verified person who signed the paper;
    /// a guardian, verified too, for a minor, and the guardian's consent to the keeping of the child's data is a fact of
    /// its own (个人信息保护法 31). `known` is who stands there, where that is known from a visit. The same key records
    /// once.
    ///
    /// # Errors
    /// [`CounterError::Refused`] where one of the two may not be what they are to be, or both are the same person.
    pub(crate) async fn record_proxy(
        &self,
        paper: &Paper,
        known: Option<&str>,
        key: &IdempotencyKey,
        (actor, place): (&Actor, &str),
        now: Instant,
    ) -> Result<(), CounterError> {
        let mut tx = self.write().await?;
        let owner = Owner(format!("staff:{}", staff_id(actor)));
        if Self::take_key(&mut tx, key, &owner, "record_proxy", now).await?.is_some() {
            return Ok(());
        }
        let (represented, name) = self.represented(&mut tx, paper, known, (actor, place), now).await?;
        let (representative, representative_name) = self.representative(&mut tx, paper, known, now).await?;
        if represented == representative {
            return Err(CounterError::Refused(CounterRefusal::SamePerson));
        }
        let guardian = paper.kind == ProxyKind::Guardian;
        let id = new_id(now)?;
        let details = Details {
            represented: name,
            representative: representative_name,
            relation: paper.relation.as_str().to_owned(),
            phone: String::new(),
        };
        sqlx::query(
            "insert into proxies (id, kind, state, represented, representative, scope, ends_on, details, evidence, \
             paper, requested_at, agreed_at) values ($1, $2, 'active', $3, $4, $5, $6, $7, $8, $9, $10, $10)",
        )
        .bind(&id)
        .bind(paper.kind.as_str())
        .bind(&represented)
        .bind(&representative)
        .bind(scope_text(&paper.scope))
        .bind(paper.ends_on.to_string())
        .bind(self.sealer.seal_json(proxy_place(&id), &details)?)
        .bind(if guardian { "documents" } else { "paper" })
        .bind(paper.seen.as_str())
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        let scope = scope_words(&paper.scope);
        if guardian {
            sqlx::query(
                "insert into guardian_consents (proxy, child, guardian, version, given_at, recorded_by) \
                 values ($1, $2, $3, $4, $5, $6)",
            )
            .bind(&id)
            .bind(&represented)
            .bind(&representative)
            .bind(GUARDIAN_CONSENT_VERSION)
            .bind(now.0)
            .bind(staff_id(actor))
            .execute(&mut *tx)
            .await?;
            let noted = entry(actor, place, AuditAct::GuardianRecorded, ("proxies", &id), &represented);
            Self::note(&mut tx, &noted, now).await?;
            // The other parent hears of it too.
            let mut readers = Self::guardians_of(&mut tx, &represented, "", now).await?;
            readers.push(represented.clone());
            for reader in readers {
                let notice = Notice::GuardianRecorded {
                    guardian: masked(&details.representative),
                    child: masked(&details.represented),
                    scope: scope.clone(),
                };
                self.tell(&mut tx, &reader, &notice, Some("/me/acting"), now).await?;
            }
        } else {
            let noted = entry(actor, place, AuditAct::ProxyAgreed, ("proxies", &id), &represented);
            Self::note(&mut tx, &noted, now).await?;
            let told = [(&representative, &details.represented), (&represented, &details.representative)];
            for (reader, other) in told {
                let notice = Notice::ProxyAgreed { name: masked(other), scope: scope.clone() };
                self.tell(&mut tx, reader, &notice, Some("/me/acting"), now).await?;
            }
        }
        Self::answer_key(&mut tx, key, &id).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// The account of the one who is acted for, with the name.
    async fn represented(
        &self,
        tx: &mut Transaction<'static, Any>,
        paper: &Paper,
        known: Option<&str>,
        (actor, place): (&Actor, &str),
        now: Instant,
    ) -> Result<(String, String), CounterError> {
        let refused = |refusal| Err(CounterError::Refused(refusal));
        let today = now.shanghai_date();
        match (&paper.represented, known) {
            (Some(child), _) if paper.kind == ProxyKind::Guardian => {
                let id = self.child(tx, child, actor, crate::staff::session::chain(place), now).await?;
                Ok((id, child.name.as_str().to_owned()))
            }
            (Some(represented), _) => {
                let Some((id, name)) = self.verified_person(tx, &represented.document).await? else {
                    return refused(CounterRefusal::NotVerified);
                };
                if PersonName::parse(&name).is_ok_and(|name| name.as_str() != represented.name.as_str()) {
                    return refused(CounterRefusal::NameDoesNotFit);
                }
                if self.person(tx, &id, now).await?.is_minor(today) {
                    return refused(CounterRefusal::MinorByGuardian);
                }
                Ok((id, name))
            }
            (None, Some(known)) => {
                let person = self.person(tx, known, now).await?;
                match person.name.as_ref().filter(|_| person.verified) {
                    None => refused(CounterRefusal::NotVerified),
                    Some(_) if person.is_minor(today) => refused(CounterRefusal::MinorByGuardian),
                    Some(name) => Ok((known.to_owned(), name.as_str().to_owned())),
                }
            }
            (None, None) => Err(CounterError::Store(StoreError::NotFound)),
        }
    }

    /// The account of the one who will act, with the name. Who is known to be under 18 acts for nobody.
    async fn representative(
        &self,
        tx: &mut Transaction<'static, Any>,
        paper: &Paper,
        known: Option<&str>,
        now: Instant,
    ) -> Result<(String, String), CounterError> {
        let refused = |refusal| Err(CounterError::Refused(refusal));
        let (id, typed) = match (&paper.representative, known) {
            (Some((name, phone)), _) => (self.resident_of_phone(tx, phone, now).await?.0, Some(name.clone())),
            (None, Some(known)) => (known.to_owned(), None),
            (None, None) => return Err(CounterError::Store(StoreError::NotFound)),
        };
        let person = self.person(tx, &id, now).await?;
        if person.is_minor(now.shanghai_date()) {
            return refused(CounterRefusal::HelperTooYoung);
        }
        if paper.kind == ProxyKind::Guardian {
            // Who is guardian was read from papers, so it must be sure whose papers these are.
            let same = match (&person.name, &typed) {
                (Some(name), Some(typed)) => name.as_str() == typed.as_str(),
                (name, None) => name.is_some(),
                (None, Some(_)) => false,
            };
            if !same || !person.verified {
                return refused(CounterRefusal::GuardianNotVerified);
            }
        }
        match typed.or(person.name) {
            Some(name) => Ok((id, name.as_str().to_owned())),
            None => refused(CounterRefusal::GuardianNotVerified),
        }
    }

    /// The verified account of a document, with the person's name.
    pub(super) async fn verified_person(
        &self,
        tx: &mut Transaction<'static, Any>,
        document: &IdentityDocument,
    ) -> Result<Option<(String, String)>, StoreError> {
        let row = sqlx::query(
            "select id, profile from residents where document_index = $1 and assurance = 'verified' \
             and closed_at is null",
        )
        .bind(self.document_index(document))
        .fetch_optional(&mut **tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let id: String = row.try_get("id")?;
        let sealer = self.person_sealer(tx, &id).await?;
        let sealed: Vec<u8> = row.try_get("profile")?;
        let profile: Profile = sealer.open_json(profile_place(&id), &sealed)?;
        Ok(profile.identity.map(|identity| (id, identity.name)))
    }
}
