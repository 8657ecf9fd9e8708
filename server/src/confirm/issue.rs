//! Making a new confirmation: fresh identity, fresh short code, signed claims.

use app::domain::confirm::{Claims, ConfirmationKind, ShortCode};
use app::domain::time::Instant;

use super::{SigningKeyFile, encode_base32, sign};
use crate::seal::{random, random_u64};
use crate::store::NewConfirmation;

/// A receipt's QR code holds for three years, in milliseconds.
const RECEIPT_HOLDS_MS: i64 = 3 * 365 * 24 * 3_600_000;

/// Signs the receipt of an aid application. `street` is the code of the street that received it.
///
/// # Errors
/// The system has no randomness, or the street's code is no number.
pub(crate) fn issue_receipt(
    key: &SigningKeyFile,
    issuer: &str,
    number: &str,
    street: &str,
    now: Instant,
) -> anyhow::Result<NewConfirmation> {
    let id = random::<10>()?;
    let expires_at = Instant(now.0 + RECEIPT_HOLDS_MS);
    let claims = Claims {
        issuer: issuer.to_owned(),
        issued_at: now.seconds(),
        not_before: None,
        expires_at: expires_at.seconds(),
        id,
        kind: ConfirmationKind::AidReceipt,
        number: number.to_owned(),
        office: street.parse()?,
        start: now.seconds(),
        minutes: 0,
    };
    Ok(NewConfirmation {
        id: data_encoding::HEXLOWER.encode(&id),
        short_code: ShortCode::from_random(random_u64()?).as_str().to_owned(),
        token: encode_base32(&sign(&claims, key)?),
        expires_at,
    })
}
