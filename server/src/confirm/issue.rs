//! Making a new confirmation: fresh identity, fresh short code, signed claims.

use app::domain::confirm::token::encode_base32;
use app::domain::confirm::{Claims, ConfirmationKind, Holder, ShortCode};
use app::domain::time::Instant;

use super::{ConfirmationKey, sign};
use crate::seal::{random, random_u64};
use crate::store::NewConfirmation;

/// A receipt's QR code holds for three years, in milliseconds.
const RECEIPT_HOLDS_MS: i64 = 3 * 365 * 24 * 3_600_000;

/// A card holds for as long, then a new one is printed.
const CARD_HOLDS_MS: i64 = RECEIPT_HOLDS_MS;

/// Signs the receipt of an aid application. `street` is the code of the street that received it.
///
/// # Errors
/// The system has no randomness, the street's code is no number, or the key does not sign.
pub(crate) async fn issue_receipt(
    key: &ConfirmationKey,
    issuer: &str,
    number: &str,
    street: &str,
    now: Instant,
) -> anyhow::Result<NewConfirmation> {
    let what = (ConfirmationKind::AidReceipt, number, None);
    issue(key, issuer, what, street, (now, Instant(now.0 + RECEIPT_HOLDS_MS))).await
}

/// Signs the card of a resident whose document was seen. `area` is the code of the street or district that issues it.
///
/// # Errors
/// The system has no randomness, the area's code is no number, or the key does not sign.
pub(crate) async fn issue_card(
    key: &ConfirmationKey,
    issuer: &str,
    number: &str,
    area: &str,
    holder: Holder,
    now: Instant,
) -> anyhow::Result<NewConfirmation> {
    let what = (ConfirmationKind::Card, number, Some(holder));
    issue(key, issuer, what, area, (now, Instant(now.0 + CARD_HOLDS_MS))).await
}

/// Signs a booking: good for one use on the day of the appointment, from now on until that day ends. `minutes` is how long the
/// time is, from `start` on.
///
/// # Errors
/// The system has no randomness, or the key does not sign.
pub(crate) async fn issue_booking(
    key: &ConfirmationKey,
    issuer: &str,
    number: &str,
    holder: Holder,
    (start, minutes, expires_at): (Instant, u64, Instant),
    now: Instant,
) -> anyhow::Result<NewConfirmation> {
    let claims = Claims {
        issuer: issuer.to_owned(),
        issued_at: now.seconds(),
        not_before: None,
        expires_at: expires_at.seconds(),
        id: [0; 10],
        kind: ConfirmationKind::Booking,
        number: number.to_owned(),
        office: app::domain::area::district().parse()?,
        start: start.seconds(),
        minutes,
        holder: Some(holder),
    };
    issue_claims(key, claims).await
}

/// Signs a meal: good for one use on its day, from now on until that day ends. `minutes` is how long it is served, from `start`
/// on; `area` is the street where the point lies.
///
/// # Errors
/// The system has no randomness, the area's code is no number, or the key does not sign.
pub(crate) async fn issue_meal(
    key: &ConfirmationKey,
    issuer: &str,
    (number, area): (&str, &str),
    holder: Holder,
    (start, minutes, expires_at): (Instant, u64, Instant),
    now: Instant,
) -> anyhow::Result<NewConfirmation> {
    let claims = Claims {
        issuer: issuer.to_owned(),
        issued_at: now.seconds(),
        not_before: None,
        expires_at: expires_at.seconds(),
        id: [0; 10],
        kind: ConfirmationKind::Meal,
        number: number.to_owned(),
        office: area.parse()?,
        start: start.seconds(),
        minutes,
        holder: Some(holder),
    };
    issue_claims(key, claims).await
}

async fn issue(
    key: &ConfirmationKey,
    issuer: &str,
    (kind, number, holder): (ConfirmationKind, &str, Option<Holder>),
    office: &str,
    (now, expires_at): (Instant, Instant),
) -> anyhow::Result<NewConfirmation> {
    let claims = Claims {
        issuer: issuer.to_owned(),
        issued_at: now.seconds(),
        not_before: None,
        expires_at: expires_at.seconds(),
        id: [0; 10],
        kind,
        number: number.to_owned(),
        office: office.parse()?,
        start: now.seconds(),
        minutes: 0,
        holder,
    };
    issue_claims(key, claims).await
}

/// Signs claims under a fresh identity, whatever they were signed under before, with a fresh short code.
///
/// # Errors
/// The system has no randomness, or the key does not sign.
pub(crate) async fn issue_claims(key: &ConfirmationKey, claims: Claims) -> anyhow::Result<NewConfirmation> {
    let claims = Claims { id: random::<10>()?, ..claims };
    Ok(NewConfirmation {
        id: data_encoding::HEXLOWER.encode(&claims.id),
        short_code: ShortCode::from_random(random_u64()?).as_str().to_owned(),
        token: encode_base32(&sign(&claims, key).await?),
        expires_at: Instant::from_seconds(claims.expires_at),
    })
}
