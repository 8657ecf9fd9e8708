//! Start and end of a service as the volunteer's device takes them, with or without a network: what it signs, what the served person's
//! card or telephone adds to it, and when a time that comes in later can be believed.

use crate::domain::confirm::ShortCode;
use crate::domain::form::{FieldError, Prompt, Rule};
use crate::domain::normalise;
use crate::domain::time::Instant;
use crate::slugs;

/// How long a device may keep a start or an end before it comes in. Within the 10 working days, so that a record isn't late by it.
pub const KEPT_MS: i64 = 10 * 24 * 60 * MINUTE_MS;

/// Clocks that are as near as this agree.
pub const CLOCKS_AGREE_MS: i64 = 3 * MINUTE_MS;

/// The telephone's code is looked for so far around the time that the volunteer's device gives.
const LOOKED_AROUND: i64 = 15;

/// What comes in later than this after it was taken was taken without a network.
const AT_ONCE_MS: i64 = 2 * MINUTE_MS;

const MINUTE_MS: i64 = 60_000;

/// What is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignAct {
    /// 签到
    Start,
    /// 签退
    End,
}

slugs!(SignAct { Start = "start", End = "end" });

/// What the served person gave: told, shown or scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServedCode {
    /// The six digits of this service.
    Digits(String),
    /// The nine digits that their telephone shows for a minute.
    Phone(String),
    /// The short code of their paper card.
    CardCode(ShortCode),
    /// What stands in the QR code of their paper card.
    CardToken(String),
}

impl ServedCode {
    /// Reads what was typed or scanned.
    ///
    /// # Errors
    /// Missing, or none of these.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let text = text.trim();
        let digits = normalise::digits(text);
        if digits.is_empty() {
            return Err(Prompt::TimeCode.into());
        }
        let only_digits = digits.bytes().all(|b| b.is_ascii_digit());
        match digits.len() {
            6 if only_digits => return Ok(Self::Digits(digits)),
            9 if only_digits => return Ok(Self::Phone(digits)),
            _ => {}
        }
        // A card's token is an address of ours, or its last part.
        if text.len() > 40 && text.len() < 2_000 {
            return Ok(Self::CardToken(text.to_owned()));
        }
        ShortCode::parse(text).map(Self::CardCode).map_err(|_| Rule::NotAServiceCode.into())
    }
}

/// How it was proved that the two were together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignProof {
    /// The six digits of the service.
    Code,
    /// A code that the served person's telephone made in that minute: both devices signed.
    Phone,
    /// Their paper card.
    Card,
}

slugs!(SignProof { Code = "code", Phone = "phone", Card = "card" });

/// What a device signs: service, act, time, the device itself, the key that lets it count once, and the SHA-256 of what the served
/// person gave.
pub fn signed_text(
    need: &str,
    (act, at): (SignAct, Instant),
    device: &str,
    (key, code_hash): (&str, &str),
) -> String {
    format!("timebank-sign 1\n{need}\n{}\n{}\n{device}\n{key}\n{code_hash}", act.as_str(), at.0)
}

/// What a device signs to show that it has the key whose public half it hands in.
pub fn device_text(key: &str, public_key: &str) -> String {
    format!("timebank-device 1\n{key}\n{public_key}")
}

/// What the served person's telephone authenticates for the minute in which `at` lies.
pub fn phone_text(need: &str, at: Instant) -> String {
    format!("timebank-phone 1\n{need}\n{}", at.0.div_euclid(MINUTE_MS))
}

/// The nine digits of what was authenticated.
pub fn phone_digits(mac: &[u8; 32]) -> String {
    let [a, b, c, d, e, f, g, h, ..] = *mac;
    format!("{:09}", u64::from_be_bytes([a, b, c, d, e, f, g, h]) % 1_000_000_000)
}

/// The minutes for which a telephone's code is tried, nearest first.
pub fn minutes_around(at: Instant) -> impl Iterator<Item = Instant> {
    (0..=LOOKED_AROUND).flat_map(move |step| {
        let one = (step > 0).then(|| Instant(at.0 - step * MINUTE_MS));
        [Some(Instant(at.0 + step * MINUTE_MS)), one].into_iter().flatten()
    })
}

/// Why a time that comes from a device can't be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Implausible {
    /// It was kept for longer than ten days.
    TooOld,
    /// It lies after now, or before there was anything to begin or to end.
    OutOfOrder,
}

/// When it was and whether the clocks agree: `at` by the device, that came in at `now`, when the device's clock said `device_now`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceTime {
    /// What counts.
    pub at: Instant,
    /// It came in later than it was taken.
    pub offline: bool,
    /// How far the device's clock was before the server's, in milliseconds, where that is too much.
    pub clock_off: Option<i64>,
}

impl DeviceTime {
    /// Judges a time; nothing can have been before `not_before`, as far as clocks agree.
    ///
    /// # Errors
    /// See [`Implausible`].
    pub fn judge(
        at: Instant,
        (device_now, now): (Instant, Instant),
        not_before: Instant,
    ) -> Result<Self, Implausible> {
        let off = device_now.0.saturating_sub(now.0);
        let clock_off = (off.saturating_abs() > CLOCKS_AGREE_MS).then_some(off);
        if at.0 > now.0 + CLOCKS_AGREE_MS
            || at.0 > device_now.0 + CLOCKS_AGREE_MS
            || at.0 + CLOCKS_AGREE_MS < not_before.0
        {
            return Err(Implausible::OutOfOrder);
        }
        if now.0 - at.0 > KEPT_MS {
            return Err(Implausible::TooOld);
        }
        // A clock that is a minute fast would put the start after now; the record never does.
        let at = Instant(at.0.min(now.0));
        Ok(Self { at, offline: now.0 - at.0 > AT_ONCE_MS, clock_off })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_795_413_900_000);

    #[test]
    fn what_the_served_person_gave_is_known_by_its_form() {
        assert_eq!(ServedCode::parse(" 123 456 "), Ok(ServedCode::Digits("123456".into())));
        assert_eq!(ServedCode::parse("１２３ 456-789"), Ok(ServedCode::Phone("123456789".into())));
        let card = ShortCode::from_random(77);
        assert_eq!(ServedCode::parse(&card.shown()), Ok(ServedCode::CardCode(card)));
        let address = format!("https://example.org/V/{}", "A".repeat(60));
        assert_eq!(ServedCode::parse(&address), Ok(ServedCode::CardToken(address.clone())));
        assert_eq!(ServedCode::parse("  "), Err(Prompt::TimeCode.into()));
        for wrong in ["12345", "1234567890", "王"] {
            assert_eq!(ServedCode::parse(wrong), Err(Rule::NotAServiceCode.into()), "{wrong}");
        }
    }

    #[test]
    fn a_telephones_code_is_one_minutes_and_is_looked_for_around_it() {
        assert_eq!(phone_digits(&[0; 32]), "000000000");
        assert_eq!(phone_text("n", Instant(59_999)), phone_text("n", Instant(0)));
        assert_ne!(phone_text("n", Instant(60_000)), phone_text("n", Instant(0)));
        let around: Vec<_> = minutes_around(NOW).collect();
        assert_eq!((around.len(), around[0]), (31, NOW));
        assert!(around.contains(&Instant(NOW.0 - 15 * MINUTE_MS)));
    }

    #[test]
    fn a_time_is_believed_where_it_fits_both_clocks() {
        let hour = 60 * MINUTE_MS;
        let at = |ms: i64| Instant(NOW.0 + ms);
        let fine = DeviceTime::judge(at(-hour), (NOW, NOW), at(-2 * hour)).unwrap();
        assert_eq!(fine, DeviceTime { at: at(-hour), offline: true, clock_off: None });
        assert!(!DeviceTime::judge(NOW, (NOW, NOW), at(-hour)).unwrap().offline);
        let slow = DeviceTime::judge(at(-hour), (at(-30 * MINUTE_MS), NOW), at(-2 * hour)).unwrap();
        assert_eq!(slow.clock_off, Some(-30 * MINUTE_MS));
        for (time, clock, before) in
            [(at(hour), at(hour), at(-hour)), (NOW, at(-hour), at(-2 * hour)), (at(-hour), NOW, NOW)]
        {
            let judged = DeviceTime::judge(time, (clock, NOW), before);
            assert_eq!(judged, Err(Implausible::OutOfOrder));
        }
        let old = DeviceTime::judge(at(-KEPT_MS - 1), (NOW, NOW), at(-2 * KEPT_MS));
        assert_eq!(old, Err(Implausible::TooOld));
    }
}
