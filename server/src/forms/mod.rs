//! Pages that ask and the forms that they send: parse, one store call, 303 or 422.

pub(crate) mod acting;
pub(crate) mod aid;
pub(crate) mod benefit;
pub(crate) mod case;
pub(crate) mod check;
pub(crate) mod complaint;
pub(crate) mod confirm;
pub(crate) mod confirm_paper;
pub(crate) mod consent;
pub(crate) mod counter_lists;
pub(crate) mod data_consents;
pub(crate) mod follow_up;
pub(crate) mod found;
pub(crate) mod home;
pub(crate) mod keys;
pub(crate) mod marriage;
pub(crate) mod me;
pub(crate) mod meal_tours;
pub(crate) mod meals;
pub(crate) mod meals_order;
pub(crate) mod meals_standing;
pub(crate) mod meals_waiting;
pub(crate) mod notices;
pub(crate) mod papers;
pub(crate) mod phone_change;
pub(crate) mod sign_in;
pub(crate) mod sign_in_provider;
pub(crate) mod staff;
pub(crate) mod timebank;
pub(crate) mod timebank_certificate;
pub(crate) mod timebank_events;
pub(crate) mod timebank_gift;
pub(crate) mod timebank_papers;
pub(crate) mod timebank_records;
pub(crate) mod timebank_sign;
pub(crate) mod timebank_spend;
pub(crate) mod timebank_wards;
pub(crate) mod verify;

use std::collections::BTreeMap;

use app::domain::area::district;
use app::domain::audit::{AuditAct, Purpose};
use app::domain::form::FormErrors;
use app::pages::Sent;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde::de::value::{Error as ValueError, MapDeserializer};

use crate::error::AppError;
use crate::seal::random_secret;
use crate::site::{Site, Visitor};
use crate::store::audit::{Actor, AuditEntry};
use crate::store::{IdempotencyKey, Store, StoreError};

/// A form as it came in, one value for each name.
#[derive(Clone, Default)]
pub(crate) struct Fields(BTreeMap<String, String>);

impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fields({} fields)", self.0.len())
    }
}

impl Fields {
    /// One value; empty where the browser sent none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// All names and values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The page's form; names that it doesn't have are passed over.
    ///
    /// # Errors
    /// Never for our forms: their fields are texts, and each may be missing.
    pub(crate) fn form<T: for<'de> Deserialize<'de>>(&self) -> Result<T, AppError> {
        T::deserialize(MapDeserializer::<_, ValueError>::new(self.iter())).map_err(|_| AppError::BadRequest)
    }

    /// The form's idempotency key with everything else that was sent.
    ///
    /// # Errors
    /// The key is missing or is none that our pages make.
    pub(crate) fn key(&self, store: &Store) -> Result<IdempotencyKey, AppError> {
        let key = self.get(KEY);
        if key.len() < 16 || key.len() > 64 || !key.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(AppError::BadRequest);
        }
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(self.iter().filter(|(name, _)| *name != KEY));
        Ok(IdempotencyKey::new(store, key, &body.finish()))
    }
}

pub(crate) const KEY: &str = "idempotency_key";

impl FromRequest<Site> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Response> {
        let axum::Form(pairs) = axum::Form::<Vec<(String, String)>>::from_request(request, site)
            .await
            // The bare status; the error page is painted outside, and no detail of the body goes back.
            .map_err(|refused| match refused.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
                _ => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
            })?;
        Ok(Self(pairs.into_iter().collect()))
    }
}

/// A key for a form that is about to be shown.
///
/// # Errors
/// The system has no randomness.
pub(crate) fn new_key() -> Result<String, AppError> {
    Ok(random_secret()?)
}

/// A form that came back with errors.
pub(crate) fn sent_back<F>(form: F, errors: FormErrors) -> Sent<F> {
    Sent { form, errors }
}

/// Counts one try of each subject against its limit, the last one first: whoever is over that uses up nothing of those
/// before it.
///
/// # Errors
/// [`AppError::TooManyTries`] once a limit is passed; it tells nothing else.
pub(crate) async fn count_tries(site: &Site, subjects: &[(String, i64)]) -> Result<(), AppError> {
    let now = site.clock().now();
    for (subject, limit) in subjects.iter().rev() {
        if site.store().count_try(subject, now).await? > *limit {
            return Err(AppError::TooManyTries { retry_after: 3_600 });
        }
    }
    Ok(())
}

/// Takes back one try of each subject: it turned out right.
///
/// # Errors
/// The database failed.
pub(crate) async fn forgive_tries(site: &Site, subjects: &[(String, i64)]) -> Result<(), AppError> {
    let now = site.clock().now();
    for (subject, _) in subjects {
        site.store().forgive_try(subject, now).await?;
    }
    Ok(())
}

/// The limits for opening or checking something by what a person types: few tries for the thing itself, more for
/// an address, most for a street office where many people sit behind one.
pub(crate) fn try_limits(site: &Site, visitor: &Visitor, what: &str) -> Vec<(String, i64)> {
    let per_thing = i64::from(site.settings().lookup_tries_per_hour);
    let in_office = site.settings().office_networks.iter().any(|net| net.contains(&visitor.address.0));
    let per_address = if in_office { per_thing * 50 } else { per_thing * 3 };
    vec![(what.to_owned(), per_thing), (format!("address {}", visitor.address.limit_key()), per_address)]
}

/// Notes that somebody was refused what is another's. `object` may be what an address said: what is no id of ours is left
/// out, for the trail holds no text that a person typed.
///
/// # Errors
/// The database failed.
pub(crate) async fn note_refused(
    site: &Site,
    actor: &Actor,
    area: &str,
    (object_kind, object): (&'static str, &str),
) -> Result<(), AppError> {
    let is_id = object.len() == 26 && object.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let entry = AuditEntry {
        area,
        actor,
        on_behalf_of: None,
        act: AuditAct::AccessRefused,
        object_kind,
        object: if is_id { object } else { "" },
        subject: None,
        purpose: Purpose::Own,
    };
    Ok(site.store().note_alone(&entry, site.clock().now()).await?)
}

/// What became of an act on something of one's own; where it is another's, that is noted.
///
/// # Errors
/// What the act failed with, or the database failed.
pub(crate) async fn own_or_noted<T>(
    site: &Site,
    actor: &Actor,
    object: (&'static str, &str),
    done: Result<T, StoreError>,
) -> Result<T, AppError> {
    if matches!(done, Err(StoreError::NotFound)) {
        note_refused(site, actor, district(), object).await?;
    }
    Ok(done?)
}

/// Complaints from one device in an hour. Somebody who has more to say than that is helped better on the telephone.
const COMPLAINTS_OF_A_DEVICE: i64 = 5;

/// Complaints from one address in an hour: a provider of telephones has many people behind one.
const COMPLAINTS_OF_AN_ADDRESS: i64 = 60;

/// The limits for complaints, which anybody may send: few for a device, more for an address, most for a street office.
pub(crate) fn complaint_limits(site: &Site, visitor: &Visitor) -> Vec<(String, i64)> {
    let in_office = site.settings().office_networks.iter().any(|net| net.contains(&visitor.address.0));
    let per_address = if in_office { COMPLAINTS_OF_AN_ADDRESS * 20 } else { COMPLAINTS_OF_AN_ADDRESS };
    let mut limits = vec![(format!("complaints address {}", visitor.address.limit_key()), per_address)];
    // In a street office many people take turns at one device.
    if let Some(device) = visitor.device.as_ref().filter(|_| !in_office) {
        limits.push((format!("complaints device {}", device.0), COMPLAINTS_OF_A_DEVICE));
    }
    limits
}
