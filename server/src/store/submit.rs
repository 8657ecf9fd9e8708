//! A draft becomes an application, once, with its confirmation.

use app::domain::aid::{Application, ApplicationRecord, ConsentWay, LimitPolicy, MemberRecord, Signatory};
use app::domain::audit::{AuditAct, Purpose};
use app::domain::notices::Notice;
use app::domain::staff::Post;
use app::domain::time::Instant;
use app::text::proxy::STAFF_WORDS;
use app::text::staff::post_name;
use app::visit::Owner;
use sqlx::{Any, Transaction};

use super::audit::{Actor, AuditEntry};
use super::case_due::due_at_first;
use super::confirmations::{Belongs, NewConfirmation, insert_confirmation};
use super::{IdempotencyKey, OnlyOnce, Store, StoreError};
use crate::seal::Place;

/// The act that a submission's key is taken for.
pub(crate) const ACT: &str = "submit_temporary_aid";

/// An application about to be received.
#[derive(Debug)]
pub(crate) struct SubmitApplication<'a> {
    /// The row's id.
    pub(crate) id: String,
    /// The case's number.
    pub(crate) number: String,
    /// Address of the item in the catalogue.
    pub(crate) item: &'a str,
    /// The answers, checked.
    pub(crate) application: &'a Application,
    /// Who is asked to agree to the data check, in page order.
    pub(crate) signatories: &'a [Signatory],
    /// A link for each signatory who chose one, by signatory.
    pub(crate) links: &'a [NewLink],
    /// The draft that it was made from.
    pub(crate) draft_id: &'a str,
    /// The draft's version that was shown for a last look.
    pub(crate) draft_version: i64,
    /// When it came in.
    pub(crate) received_at: Instant,
    /// The limit that holds for it from now on.
    pub(crate) limit: LimitPolicy,
    /// The signed confirmation.
    pub(crate) confirmation: NewConfirmation,
    /// Who sends it, and for whom.
    pub(crate) sender: Sender<'a>,
    /// The applicant is a child under 14: fewer may open it (个人信息保护法 28, 31).
    pub(crate) under_14: bool,
}

/// Who sends an application, and for whom.
#[derive(Clone, Debug)]
pub(crate) struct Sender<'a> {
    /// Who acts.
    pub(crate) actor: &'a Actor,
    /// Who keeps the case: the one it is for.
    pub(crate) keeper: &'a Owner,
    /// The account of the one it is for, if there is one.
    pub(crate) resident: Option<&'a str>,
    /// The agreement that it is sent under, and the masked name of the one who acts.
    pub(crate) under: Option<(&'a str, &'a str)>,
}

/// The link by which an adult agrees on another phone.
#[derive(Clone)]
pub(crate) struct NewLink {
    /// Whose.
    pub(crate) signatory: String,
    /// The secret part of the address.
    pub(crate) secret: String,
    /// The six digits that go with it.
    pub(crate) code: String,
}

impl std::fmt::Debug for NewLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewLink({}, …)", self.signatory)
    }
}

/// Why an application was not received.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SubmitRefusal {
    /// The same key was sent with another body.
    #[error("the same key with another body")]
    OtherBody,
    /// The draft was changed, sent or discarded since it was shown.
    #[error("the draft has changed")]
    DraftChanged,
    /// The number or the short code is taken; new ones will do.
    #[error("the number is taken")]
    NumberTaken,
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for SubmitRefusal {
    fn from(error: E) -> Self {
        match error.into() {
            // All unique columns that this act fills are random ones.
            StoreError::Conflict => Self::NumberTaken,
            other => Self::Store(other),
        }
    }
}

impl Store {
    /// Receives an application: the draft goes, the application, its household, its agreements, its first event
    /// and its confirmation come, all or nothing. Gives the case's number.
    ///
    /// # Errors
    /// See [`SubmitRefusal`].
    pub(crate) async fn submit_application(
        &self,
        new: &SubmitApplication<'_>,
        key: &IdempotencyKey,
        owner: &Owner,
    ) -> Result<OnlyOnce<String>, SubmitRefusal> {
        let mut tx = self.write().await?;
        match Self::take_key(&mut tx, key, owner, ACT, new.received_at).await {
            Ok(None) => {}
            Ok(Some(number)) => return Ok(OnlyOnce::Before(number)),
            Err(StoreError::Conflict) => return Err(SubmitRefusal::OtherBody),
            Err(other) => return Err(SubmitRefusal::Store(other)),
        }
        let taken = sqlx::query("delete from drafts where id = $1 and owner = $2 and version = $3")
            .bind(new.draft_id)
            .bind(&owner.0)
            .bind(new.draft_version)
            .execute(&mut *tx)
            .await?;
        if taken.rows_affected() == 0 {
            // Sent already from another page of the same draft: that answer is this one's too.
            let sent: Option<String> =
                sqlx::query_scalar("select number from applications where draft_id = $1 and owner = $2")
                    .bind(new.draft_id)
                    .bind(&new.sender.keeper.0)
                    .fetch_optional(&mut *tx)
                    .await?;
            let Some(number) = sent else { return Err(SubmitRefusal::DraftChanged) };
            Self::answer_key(&mut tx, key, &number).await?;
            tx.commit().await?;
            return Ok(OnlyOnce::Before(number));
        }
        let area = new.application.address.receiving_street().code;
        self.insert_application(&mut tx, area, new).await?;
        sqlx::query("update applications set community = $3 where area = $1 and id = $2")
            .bind(area)
            .bind(&new.id)
            .bind(new.application.address.receiving_community().map(|community| community.code))
            .execute(&mut *tx)
            .await?;
        self.insert_members(&mut tx, area, new).await?;
        self.insert_consents(&mut tx, area, new).await?;
        insert_events(&mut tx, area, new).await?;
        let belongs = Belongs {
            application: Some(&new.id),
            issued_by: match new.sender.actor {
                Actor::Staff { id, .. } => id,
                _ => "",
            },
            ..Belongs::default()
        };
        insert_confirmation(&mut tx, &new.confirmation, &belongs).await?;
        let entry = AuditEntry {
            area,
            actor: new.sender.actor,
            on_behalf_of: new.sender.resident.filter(|_| new.sender.under.is_some()),
            act: AuditAct::ApplicationSubmitted,
            object_kind: "applications",
            object: &new.id,
            subject: new.sender.resident,
            purpose: match new.sender.actor {
                Actor::Staff { .. } => Purpose::Counter,
                _ => Purpose::Own,
            },
        };
        Self::note(&mut tx, &entry, new.received_at).await?;
        self.tell_received(&mut tx, new).await?;
        Self::answer_key(&mut tx, key, &new.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(new.number.clone()))
    }

    /// Tells the one it is for, and the one who acted.
    async fn tell_received(
        &self,
        tx: &mut Transaction<'static, Any>,
        new: &SubmitApplication<'_>,
    ) -> Result<(), StoreError> {
        let link = format!("/confirm/{}", new.number);
        let received = Notice::ApplicationReceived { number: new.number.clone() };
        let Some(resident) = new.sender.resident else { return Ok(()) };
        match new.sender.under {
            None => self.tell(tx, resident, &received, Some(&link), new.received_at).await,
            Some((_, name)) => {
                let what = format!("{}申请 {}", app::text::aid::item_words(new.item), new.number);
                let (used, helper) = match new.sender.actor {
                    Actor::Staff { post, .. } => {
                        let post = Post::parse(post).map(|post| post_name(&post));
                        let post = post.unwrap_or_else(|_| STAFF_WORDS.to_owned());
                        (Notice::StaffHelped { post, what }, None)
                    }
                    Actor::Resident(helper) => {
                        (Notice::ProxyUsed { name: name.to_owned(), what }, Some(helper.as_str()))
                    }
                    Actor::Device(_) | Actor::System => return Ok(()),
                };
                self.tell(tx, resident, &used, Some(&link), new.received_at).await?;
                // A child reads no messages; its other guardians hear of what one of them, or staff, does.
                let guardians =
                    Self::guardians_of(tx, resident, helper.unwrap_or_default(), new.received_at).await?;
                for guardian in guardians {
                    self.tell(tx, &guardian, &used, None, new.received_at).await?;
                }
                match helper {
                    Some(helper) => self.tell(tx, helper, &received, None, new.received_at).await,
                    None => Ok(()),
                }
            }
        }
    }

    async fn insert_application(
        &self,
        tx: &mut Transaction<'static, Any>,
        area: &str,
        new: &SubmitApplication<'_>,
    ) -> Result<(), StoreError> {
        let application = new.application;
        let applicant = &application.applicant;
        let row = format!("{area}/{}", new.id);
        let seal = |column: &'static str, text: &str| {
            self.sealer.seal(Place { column, row: &row }, text.as_bytes()).map_err(StoreError::from)
        };
        let account =
            application.account.as_ref().map(|a| seal("applications.bank_account", a.account.number()));
        let details = ApplicationRecord::from(application);
        sqlx::query(
            "insert into applications (area, id, number, item, kind, urgency, state, owner, draft_id, received_at, \
             limit_working_days, limit_sample, applicant_name, document_number, document_index, mobile, mobile_index, \
             mobile_tail_index, bank_account, story, details, acted_by, acted_under, under_14, aid_item) \
             values ($1, $2, $3, 'temp', $4, $5, 'received', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
             $18, $19, $20, $21, $22, $23)",
        )
        .bind(area)
        .bind(&new.id)
        .bind(&new.number)
        .bind(application.situation.kind.as_str())
        .bind(application.situation.urgency.as_str())
        .bind(&new.sender.keeper.0)
        .bind(new.draft_id)
        .bind(new.received_at.0)
        .bind(new.limit.working_days.map(i64::from))
        .bind(i64::from(new.limit.sample))
        .bind(seal("applications.applicant_name", applicant.name.as_str())?)
        .bind(seal("applications.document_number", applicant.document.number())?)
        .bind(self.sealer.index("document", &applicant.document.index_key()))
        .bind(seal("applications.mobile", applicant.mobile.as_str())?)
        .bind(self.sealer.index("mobile", applicant.mobile.as_str()))
        .bind(self.mobile_tail_index(&new.number, applicant.mobile.last_four()))
        .bind(account.transpose()?)
        .bind(seal("applications.story", &application.situation.story)?)
        .bind(self.sealer.seal_json(Place { column: "applications.details", row: &row }, &details)?)
        .bind(new.sender.under.and(match new.sender.actor {
            Actor::Resident(id) | Actor::Staff { id, .. } => Some(id.as_str()),
            Actor::Device(_) | Actor::System => None,
        }))
        .bind(new.sender.under.map(|(proxy, _)| proxy))
        .bind(i64::from(new.under_14))
        .bind(new.item)
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    async fn insert_members(
        &self,
        tx: &mut Transaction<'static, Any>,
        area: &str,
        new: &SubmitApplication<'_>,
    ) -> Result<(), StoreError> {
        for (position, member) in (0_i64..).zip(&new.application.members) {
            let row = format!("{area}/{}/{}", new.id, member.id);
            let details = MemberRecord::from(member);
            sqlx::query(
                "insert into household_members (area, application_id, id, position, details, document_index) \
                 values ($1, $2, $3, $4, $5, $6)",
            )
            .bind(area)
            .bind(&new.id)
            .bind(&member.id)
            .bind(position)
            .bind(self.sealer.seal_json(Place { column: "household_members.details", row: &row }, &details)?)
            .bind(self.sealer.index("document", &member.document.index_key()))
            .execute(&mut **tx)
            .await?;
        }
        Ok(())
    }

    async fn insert_consents(
        &self,
        tx: &mut Transaction<'static, Any>,
        area: &str,
        new: &SubmitApplication<'_>,
    ) -> Result<(), StoreError> {
        for (position, consent) in (0_i64..).zip(&new.application.consents) {
            let Some(signatory) = new.signatories.iter().find(|s| s.id == consent.signatory) else {
                continue;
            };
            let row = format!("{area}/{}/{}", new.id, consent.signatory);
            let link = new.links.iter().find(|l| l.signatory == consent.signatory);
            let sealed = link
                .map(|l| {
                    let place = Place { column: "check_consents.link_secret", row: &row };
                    self.sealer.seal_json(place, &(&l.secret, &l.code))
                })
                .transpose()?;
            let given = (consent.way == ConsentWay::ThisPhone).then_some(new.received_at.0);
            sqlx::query(
                "insert into check_consents (area, application_id, signatory, position, way, name, given_at, \
                 link_hash, link_secret) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            )
            .bind(area)
            .bind(&new.id)
            .bind(&consent.signatory)
            .bind(position)
            .bind(consent.way.as_str())
            .bind(self.sealer.seal(
                Place { column: "check_consents.name", row: &row },
                signatory.name.as_str().as_bytes(),
            )?)
            .bind(given)
            .bind(link.map(|l| self.sealer.index("check_consents.link", &l.secret)))
            .bind(sealed)
            .execute(&mut **tx)
            .await?;
        }
        Ok(())
    }

    /// The hash by which a case opens to somebody who tells its number and the mobile's last four digits. The
    /// number is part of it, so that equal digits of two cases don't show.
    pub(super) fn mobile_tail_index(&self, number: &str, tail: &str) -> String {
        self.sealer.index("mobile_tail", &format!("{number}/{tail}"))
    }
}

async fn insert_events(
    tx: &mut Transaction<'static, Any>,
    area: &str,
    new: &SubmitApplication<'_>,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into cases (area, application_id, state, changed_at, office, open_since, community, kind, urgency, due_day) \
         select area, id, 'received', received_at, area, received_at, community, kind, urgency, $3 from applications \
         where area = $1 and id = $2",
    )
    .bind(area)
    .bind(&new.id)
    .bind(due_at_first(new.limit, new.received_at.shanghai_date()))
    .execute(&mut **tx)
    .await?;
    sqlx::query("insert into case_events (area, application_id, sequence, kind, at) values ($1, $2, 1, 'received', $3)")
        .bind(area)
        .bind(&new.id)
        .bind(new.received_at.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
