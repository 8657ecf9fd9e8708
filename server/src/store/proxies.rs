//! Acting for someone (亲友代办): asked for by the one, agreed to by the other on a phone of their own or on paper at the
//! counter, ended by either.

use app::domain::area::district;
use app::domain::audit::{AuditAct, Purpose};
use app::domain::name::PersonName;
use app::domain::notices::Notice;
use app::domain::person::Reach;
use app::domain::phone::ContactPhone;
use app::domain::proxy::{ProxyKind, ProxyRequest, ProxyState, parse_scope, scope_text};
use app::domain::time::Instant;
use app::ports::{ProxyAsked, ProxyLine, ProxySide};
use app::text::proxy::{STAFF_WORDS, scope_words};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};
use subtle::ConstantTimeEq as _;

use super::audit::{Actor, AuditEntry};
use super::inbox::Reader;
use super::messages::{Channel, NewMessage};
use super::residents::{open_phone, owner_of};
use super::{IdempotencyKey, Store, StoreError};
use crate::seal::{Place, new_id};

/// An unanswered request is of no use after a week.
const LINK_MS: i64 = 7 * 24 * 3_600_000;

/// Names, relation and telephone of an agreement. It belongs to two people, so it is sealed with the deployment's key.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Details {
    /// The represented person's name, as the one who asked wrote it.
    pub(super) represented: String,
    /// The name of the one who asked, from their profile.
    pub(super) representative: String,
    /// What the represented person is to the one who asked.
    pub(super) relation: String,
    /// The represented person's telephone.
    pub(super) phone: String,
}

app::masked_debug!(Details);

/// A request about to be made.
#[derive(Debug)]
pub(crate) struct NewProxy<'a> {
    /// The resident who asks.
    pub(crate) representative: &'a str,
    /// Their name.
    pub(crate) representative_name: &'a PersonName,
    /// What they ask for.
    pub(crate) request: &'a ProxyRequest,
    /// The secret part of the address to agree at.
    pub(crate) secret: &'a str,
    /// Six digits.
    pub(crate) code: &'a str,
    /// The whole address to agree at.
    pub(crate) url: &'a str,
}

/// What became of an answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProxyAnswer {
    /// It was taken.
    Taken,
    /// The code is another.
    WrongCode,
    /// The number's account must be opened by its owner first: it has not been used for long.
    SignInFirst,
}

pub(super) fn place(id: &str) -> Place<'_> {
    Place { column: "proxies.details", row: id }
}

/// Who answers a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answerer<'a> {
    /// The account that is signed in on the device, proved, and for nobody else.
    pub(crate) resident: Option<&'a str>,
    /// The device's cookie, hashed.
    pub(crate) device: &'a str,
    /// After how many milliseconds without use a number may be another person's.
    pub(crate) unused_ms: i64,
}

impl Store {
    fn proxy_details(&self, id: &str, row: &AnyRow) -> Result<Details, StoreError> {
        Ok(self.sealer.open_json(place(id), &row.try_get::<Vec<u8>, _>("details")?)?)
    }

    /// The represented person's masked name, as the one who asked wrote it.
    pub(super) fn represented_name(&self, id: &str, sealed: &[u8]) -> Result<String, StoreError> {
        let details: Details = self.sealer.open_json(place(id), sealed)?;
        Ok(masked(&details.represented))
    }

    fn proxy_code_hash(&self, id: &str, code: &str) -> String {
        self.sealer.index("proxies.code", &format!("{id}/{code}"))
    }

    /// Asks somebody to agree. The code goes to their telephone; whether there is an account behind it is told to
    /// nobody. The same key asks once.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for the same key with another body; or the database failed.
    pub(crate) async fn request_proxy(
        &self,
        new: &NewProxy<'_>,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), StoreError> {
        let id = new_id(now)?;
        let request = new.request;
        let details = Details {
            represented: request.name.as_str().to_owned(),
            representative: new.representative_name.as_str().to_owned(),
            relation: request.relation.as_str().to_owned(),
            phone: request.phone.as_str().to_owned(),
        };
        let mut tx = self.write().await?;
        let owner = owner_of(new.representative);
        if Self::take_key(&mut tx, key, &owner, "request_proxy", now).await?.is_some() {
            return Ok(());
        }
        sqlx::query(
            "insert into proxies (id, kind, state, representative, phone_index, scope, ends_on, details, link_hash, \
             code_hash, link_ends_at, evidence, requested_at) \
             values ($1, 'relative', 'requested', $2, $3, $4, $5, $6, $7, $8, $9, 'none', $10)",
        )
        .bind(&id)
        .bind(new.representative)
        .bind(self.phone_index(&request.phone))
        .bind(scope_text(&request.scope))
        .bind(request.ends_on.to_string())
        .bind(self.sealer.seal_json(place(&id), &details)?)
        .bind(self.sealer.index("proxies.link", new.secret))
        .bind(self.proxy_code_hash(&id, new.code))
        .bind(now.0 + LINK_MS)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        let notice = Notice::ProxyRequest {
            name: new.representative_name.masked(),
            scope: scope_words(&request.scope),
            url: new.url.to_owned(),
            code: new.code.to_owned(),
        };
        let message = NewMessage {
            resident: None,
            area: district(),
            channel: if request.phone.mobile().is_some() { Channel::Text } else { Channel::Voice },
            template: notice.id(),
            to: request.phone.as_str(),
            text: &notice.sms(),
            urgent: true,
            expires_at: Some(Instant(now.0 + LINK_MS)),
        };
        self.enqueue(&mut tx, &message, now).await?;
        let actor = Actor::Resident(new.representative.to_owned());
        note(&mut tx, &actor, AuditAct::ProxyRequested, &id, None, now).await?;
        Self::answer_key(&mut tx, key, &id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The request behind a link's secret, for the one who is asked.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn proxy_asked(
        &self,
        secret: &str,
        now: Instant,
    ) -> Result<Option<ProxyAsked>, StoreError> {
        let row = sqlx::query(
            "select id, state, scope, ends_on, details from proxies where link_hash = $1 and link_ends_at > $2",
        )
        .bind(self.sealer.index("proxies.link", secret))
        .bind(now.0)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let id: String = row.try_get("id")?;
        let details = self.proxy_details(&id, &row)?;
        Ok(Some(ProxyAsked {
            representative: masked(&details.representative),
            represented: masked(&details.represented),
            relation: details.relation,
            scope: parse_scope(row.try_get("scope")?),
            ends_on: row.try_get("ends_on")?,
            state: state_of(&row)?,
        }))
    }

    /// Takes the answer to a request: agreed or refused, by whoever has the link and the code. An answer that was given
    /// before stays. Whoever holds the telephone alone is not enough where the account keeps somebody's name and document:
    /// agreeing opens them to another person, so it takes what opening them oneself takes.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an unknown link; [`StoreError::Conflict`] where it was answered otherwise before.
    pub(crate) async fn answer_proxy(
        &self,
        secret: &str,
        code: &str,
        agree: bool,
        by: &Answerer<'_>,
        now: Instant,
    ) -> Result<ProxyAnswer, StoreError> {
        let mut tx = self.write().await?;
        let row = sqlx::query(
            "update proxies set state = state where link_hash = $1 and link_ends_at > $2 \
             returning id, state, representative, code_hash, scope, details",
        )
        .bind(self.sealer.index("proxies.link", secret))
        .bind(now.0)
        .fetch_one(&mut *tx)
        .await?;
        let id: String = row.try_get("id")?;
        let kept: String = row.try_get::<Option<String>, _>("code_hash")?.unwrap_or_default();
        if !bool::from(kept.as_bytes().ct_eq(self.proxy_code_hash(&id, code).as_bytes())) {
            let actor = Actor::Device(String::new());
            note(&mut tx, &actor, AuditAct::SignInRefused, &id, None, now).await?;
            tx.commit().await?;
            return Ok(ProxyAnswer::WrongCode);
        }
        let wanted = if agree { ProxyState::Active } else { ProxyState::Refused };
        match state_of(&row)? {
            ProxyState::Requested => {}
            same if same == wanted => return Ok(ProxyAnswer::Taken),
            _ => return Err(StoreError::Conflict),
        }
        let details = self.proxy_details(&id, &row)?;
        let phone = ContactPhone::parse(&details.phone)
            .map_err(|_| StoreError::Other(anyhow::anyhow!("a kept telephone number is none")))?;
        let representative: String = row.try_get("representative")?;
        if !agree {
            sqlx::query("update proxies set state = 'refused', ended_at = $1 where id = $2")
                .bind(now.0)
                .bind(&id)
                .execute(&mut *tx)
                .await?;
            let actor = Actor::Device(String::new());
            note(&mut tx, &actor, AuditAct::ProxyRefused, &id, Some(&representative), now).await?;
            let ended = Notice::ProxyEnded { name: masked(&details.represented) };
            self.tell(&mut tx, &representative, &ended, Some("/me/acting"), now).await?;
            tx.commit().await?;
            return Ok(ProxyAnswer::Taken);
        }
        let (represented, last_proved) = self.resident_of_phone(&mut tx, &phone, now).await?;
        // The number may be another person's by now; only its owner opens what lies behind it.
        let stale = now.0 - last_proved > by.unused_ms;
        let signed_in = by.resident == Some(represented.as_str());
        let known = !stale && Self::knows_device_of(&mut tx, &represented, by.device).await?;
        if !signed_in && !known && self.holds_identity(&mut tx, &represented, stale).await? {
            return Ok(ProxyAnswer::SignInFirst);
        }
        if represented == representative {
            return Err(StoreError::Conflict);
        }
        sqlx::query(
            "update proxies set state = 'active', represented = $1, agreed_at = $2, evidence = 'code' where id = $3",
        )
        .bind(&represented)
        .bind(now.0)
        .bind(&id)
        .execute(&mut *tx)
        .await?;
        let actor = Actor::Resident(represented.clone());
        note(&mut tx, &actor, AuditAct::ProxyAgreed, &id, Some(&represented), now).await?;
        let scope = scope_words(&parse_scope(row.try_get("scope")?));
        let told = [(&representative, &details.represented), (&represented, &details.representative)];
        for (reader, other) in told {
            let notice = Notice::ProxyAgreed { name: masked(other), scope: scope.clone() };
            self.tell(&mut tx, reader, &notice, Some("/me/acting"), now).await?;
        }
        tx.commit().await?;
        Ok(ProxyAnswer::Taken)
    }

    /// A resident's agreements on both sides, the newest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn proxies_of(
        &self,
        resident: &str,
        now: Instant,
    ) -> Result<Vec<ProxyLine>, StoreError> {
        let rows = sqlx::query(
            "select id, kind, state, representative, scope, ends_on, details, requested_at from proxies \
             where representative = $1 or represented = $1 order by requested_at desc, id desc limit 200",
        )
        .bind(resident)
        .fetch_all(&self.reader)
        .await?;
        let today = now.shanghai_date().to_string();
        rows.iter()
            .map(|row| {
                let id: String = row.try_get("id")?;
                let details = self.proxy_details(&id, row)?;
                let mine = row.try_get::<String, _>("representative")? == resident;
                let ends_on: String = row.try_get("ends_on")?;
                let state = match state_of(row)? {
                    ProxyState::Active if ends_on < today => ProxyState::Ended,
                    state => state,
                };
                let kind = ProxyKind::parse(row.try_get("kind")?).unwrap_or(ProxyKind::Relative);
                Ok(ProxyLine {
                    id,
                    kind,
                    side: if mine { ProxySide::Representative } else { ProxySide::Represented },
                    other: match kind {
                        // Residents know staff by their post; the trail says which.
                        ProxyKind::Staff => STAFF_WORDS.to_owned(),
                        _ => masked(if mine { &details.represented } else { &details.representative }),
                    },
                    state,
                    scope: parse_scope(row.try_get("scope")?),
                    ends_on,
                })
            })
            .collect()
    }

    /// What the demo shows instead of the other side's telephone: the last request that this resident made.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn last_proxy_message(
        &self,
        representative: &str,
    ) -> Result<Option<String>, StoreError> {
        let row = sqlx::query(
            "select id, details from proxies where representative = $1 and state = 'requested' \
             order by requested_at desc, id desc limit 1",
        )
        .bind(representative)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let details = self.proxy_details(&row.try_get::<String, _>("id")?, &row)?;
        match ContactPhone::parse(&details.phone) {
            Ok(phone) => self.last_message_to(&phone, "proxy_request").await,
            Err(_) => Ok(None),
        }
    }

    /// Ends an agreement at once, by either of the two; both hear of it. One that is over already stays so.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where it isn't this resident's.
    pub(crate) async fn end_proxy(&self, id: &str, resident: &str, now: Instant) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let row = sqlx::query(
            "update proxies set state = 'ended', ended_by = $1, ended_at = $2 \
             where id = $3 and (representative = $1 or represented = $1) and state in ('requested', 'active') \
             returning representative, represented, details",
        )
        .bind(resident)
        .bind(now.0)
        .bind(id)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else {
            // Over already, or not this resident's at all.
            sqlx::query("select id from proxies where id = $1 and (representative = $2 or represented = $2)")
                .bind(id)
                .bind(resident)
                .fetch_one(&mut *tx)
                .await?;
            return Ok(());
        };
        let details = self.proxy_details(id, &row)?;
        let representative: String = row.try_get("representative")?;
        let represented: Option<String> = row.try_get("represented")?;
        let actor = Actor::Resident(resident.to_owned());
        note(&mut tx, &actor, AuditAct::ProxyEnded, id, represented.as_deref(), now).await?;
        let told = [(Some(representative), &details.represented), (represented, &details.representative)];
        for (reader, other) in told {
            let Some(reader) = reader else { continue };
            let notice = Notice::ProxyEnded { name: masked(other) };
            self.tell(&mut tx, &reader, &notice, Some("/me/acting"), now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Notes that an agreement was used after it ended, or for what it does not cover. `subject` is the represented
    /// person, where they are known.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn note_misuse(
        &self,
        proxy: &str,
        actor: &Actor,
        subject: Option<&str>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        note(&mut tx, actor, AuditAct::ProxyMisused, proxy, subject, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Tells a resident something by the way that they chose; by their own telephone where they chose none.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn tell(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        notice: &Notice,
        link: Option<&str>,
        now: Instant,
    ) -> Result<(), StoreError> {
        // Also one that opens nothing, as a provider told it; a number that was passed on is gone from here.
        let row = sqlx::query("select phone, profile from residents where id = $1 and closed_at is null")
            .bind(resident)
            .fetch_optional(&mut **tx)
            .await?;
        let Some(row) = row else { return Ok(()) };
        let sealer = self.person_sealer(tx, resident).await?;
        let phone = open_phone(&sealer, resident, &row)?;
        let profile: app::domain::person::Profile = match row.try_get::<Option<Vec<u8>>, _>("profile")? {
            Some(sealed) => {
                sealer.open_json(Place { column: "residents.profile", row: resident }, &sealed)?
            }
            None => Default::default(),
        };
        let home = profile.home.as_ref();
        let address = home.map(|home| {
            let street = app::domain::area::street(&home.street).map(|s| s.name).unwrap_or_default();
            let community = app::domain::area::community(&home.community)
                .map(app::domain::area::Community::short_name)
                .unwrap_or_default();
            format!("{street}{community}{}", home.detail)
        });
        // By the way that was chosen where it leads somewhere; else by the one that does.
        let by_phone = |phone: &ContactPhone| {
            let channel = match profile.reach() {
                Some(Reach::Call) => Channel::Call,
                _ if phone.mobile().is_some() => Channel::Text,
                _ => Channel::Voice,
            };
            (channel, phone.as_str().to_owned())
        };
        let by_letter = address.map(|address| (Channel::Letter, address));
        let (channel, to) = match profile.reach() {
            Some(Reach::Inbox) => None,
            Some(Reach::Letter) => by_letter.or_else(|| phone.as_ref().map(by_phone)),
            _ => phone.as_ref().map(by_phone).or(by_letter),
        }
        .unzip();
        let area = home
            .and_then(|home| app::domain::area::street(&home.street))
            .map_or_else(district, |street| street.code);
        let reader = Reader { resident, area, channel, to: to.as_deref() };
        self.notify(tx, &reader, notice, link, now).await?;
        Ok(())
    }
}

pub(super) fn masked(name: &str) -> String {
    match PersonName::parse(name) {
        Ok(name) => name.masked(),
        // Masked for good, when its owner's account was deleted.
        Err(_) if name.ends_with('＊') => name.to_owned(),
        Err(_) => String::new(),
    }
}

fn state_of(row: &AnyRow) -> Result<ProxyState, StoreError> {
    ProxyState::parse(row.try_get("state")?)
        .ok_or_else(|| StoreError::Other(anyhow::anyhow!("unknown value in proxies.state")))
}

async fn note(
    tx: &mut Transaction<'static, Any>,
    actor: &Actor,
    act: AuditAct,
    proxy: &str,
    subject: Option<&str>,
    now: Instant,
) -> Result<(), StoreError> {
    let entry = AuditEntry {
        area: district(),
        actor,
        on_behalf_of: None,
        act,
        object_kind: "proxies",
        object: proxy,
        subject,
        purpose: Purpose::Own,
    };
    Store::note(tx, &entry, now).await
}
