//! Codes of six digits from an app on the phone (TOTP, RFC 6238).

use anyhow::anyhow;
use app::domain::time::Instant;
use data_encoding::BASE32_NOPAD;
use totp_rs::{Builder, Totp};

use super::password::in_fours;
use crate::seal::random;

/// The length of a step in seconds.
const STEP: u64 = 30;

fn totp(secret: &[u8]) -> anyhow::Result<Totp> {
    Builder::new()
        .with_secret(secret.to_vec())
        .with_step_duration(STEP)
        // A phone's clock may be half a minute off.
        .with_skew(1)
        .build()
        .map_err(|cause| anyhow!("TOTP: {cause}"))
}

/// A new secret of 160 bits.
///
/// # Errors
/// The system has no randomness.
pub(crate) fn new_secret() -> anyhow::Result<Vec<u8>> {
    Ok(random::<20>()?.to_vec())
}

/// The step whose code this is: the present one or one beside it. The caller uses the step up.
///
/// # Errors
/// The secret is too short to be one.
pub(crate) fn step_of(secret: &[u8], code: &str, now: Instant) -> anyhow::Result<Option<i64>> {
    let seconds = u64::try_from(now.seconds()).unwrap_or_default();
    // Compared in constant time by the library.
    Ok(totp(secret)?.check(code, seconds).and_then(|step| i64::try_from(step).ok()))
}

/// The code of this moment.
///
/// # Errors
/// The secret is too short to be one.
pub(crate) fn code_at(secret: &[u8], now: Instant) -> anyhow::Result<String> {
    Ok(totp(secret)?.generate(u64::try_from(now.seconds()).unwrap_or_default()).to_string())
}

/// The secret as one types it into an app.
pub(crate) fn shown(secret: &[u8]) -> String {
    in_fours(&BASE32_NOPAD.encode(secret), " ")
}

/// The address that an app reads from the QR code.
pub(crate) fn address(secret: &[u8], site_name: &str, login: &str) -> String {
    let escape =
        |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    let (name, login) = (escape(site_name), escape(login));
    format!("otpauth://totp/{name}:{login}?secret={}&issuer={name}", BASE32_NOPAD.encode(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: this secret at 59 s gives 94287082, of which six digits are 287082.
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_standard() {
        assert_eq!(code_at(SECRET, Instant::from_seconds(59)).unwrap(), "287082");
        assert_eq!(code_at(SECRET, Instant::from_seconds(1_111_111_109)).unwrap(), "081804");
    }

    #[test]
    fn a_code_fits_its_own_step_and_the_ones_beside_it() {
        let of = |seconds| step_of(SECRET, "287082", Instant::from_seconds(seconds)).unwrap();
        assert_eq!([of(30), of(59), of(60), of(89), of(0)], [Some(1), Some(1), Some(1), Some(1), Some(1)]);
        assert_eq!([of(90), of(1_000)], [None, None]);
        assert_eq!(step_of(SECRET, "", Instant::from_seconds(59)).unwrap(), None);
    }

    #[test]
    fn the_address_names_service_and_account() {
        let address = address(b"12345678901234567890", "掌上办", "li.ming");
        assert!(
            address.starts_with("otpauth://totp/%E6%8E%8C%E4%B8%8A%E5%8A%9E:li.ming?secret=GEZD"),
            "{address}"
        );
        assert_eq!(shown(SECRET), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}
