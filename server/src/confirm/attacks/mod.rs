//! Each attack on confirmations that we could think of, as a test: none is ever called valid, and what can't be believed
//! tells nothing.
//!
//! What is accepted, and why: the bytes of a token have exactly one spelling, ours. A token that is signed with our own key, but
//! written otherwise (other lengths, another order, one more claim), was not written by this program, and is refused like any
//! other text. Around those bytes we are lenient, because cameras, scanners and people are: lower case, spaces at the ends and
//! any address before the last slash don't matter.

#![cfg(test)]

mod forge;
mod lists;
mod random;
mod shapes;

use app::domain::confirm::check::{CheckAnswer, CheckState};
use app::domain::confirm::keys::{Algorithm, PublicKey, PublicKeys};
use app::domain::confirm::token::{encode_base32, prepare};
use app::domain::confirm::{Claims, ConfirmationKind, Holder};
use app::domain::time::Instant;
use ed25519_dalek::{Signer as _, SigningKey};

use super::verify;

/// When most of these tokens were issued.
const NOW: Instant = Instant(1_795_413_900_000);
const HOUR: i64 = 3_600;
const YEAR: i64 = 365 * 24 * HOUR;

/// A private key for tests.
fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn public(key: &SigningKey) -> PublicKey {
    PublicKey::new(key.verifying_key().to_bytes())
}

/// The key that signs, one that is retired, one that is lost, and one of another deployment.
const SIGNS: u8 = 1;
const RETIRED: u8 = 2;
const LOST: u8 = 3;
const FOREIGN: u8 = 4;

/// From when the retired key's word doesn't hold.
const END: Instant = NOW;

/// The keys that we accept.
fn keys() -> PublicKeys {
    PublicKeys::default()
        .with(public(&key(SIGNS)))
        .with(PublicKey { retired_at: Some(END), ..public(&key(RETIRED)) })
        .with(PublicKey { lost: true, ..public(&key(LOST)) })
}

fn claims(kind: ConfirmationKind) -> Claims {
    Claims {
        issuer: "XW".into(),
        issued_at: NOW.seconds(),
        not_before: None,
        expires_at: NOW.seconds() + YEAR,
        id: [0xA5; 10],
        kind,
        number: "LS261123483920".into(),
        office: 320_214_050,
        start: NOW.seconds(),
        minutes: 30,
        holder: kind.names_holder().then(|| Holder { name: "王＊＊".into(), document_tail: "99X".into() }),
    }
}

fn signed(claims: &Claims, by: &SigningKey) -> Vec<u8> {
    let unsigned = prepare(claims, public(by).id, Algorithm::Ed25519).unwrap();
    let signature = by.sign(&unsigned.message()).to_bytes().to_vec();
    unsigned.signed(signature).unwrap()
}

fn token(claims: &Claims, by: u8) -> String {
    encode_base32(&signed(claims, &key(by)))
}

fn check_at(text: &str, now: Instant) -> CheckAnswer {
    verify(text, &keys(), "XW", now)
}

fn check(text: &str) -> CheckAnswer {
    check_at(text, NOW)
}

/// Neither valid, nor believed in a single word.
fn assert_refused(answer: &CheckAnswer, what: impl std::fmt::Display) {
    assert!(
        matches!(answer.state, CheckState::Altered | CheckState::UnknownKey | CheckState::NotOurs),
        "{what}: {answer:?}"
    );
    assert_eq!(answer.claims, None, "{what}");
}

#[test]
fn a_token_of_every_kind_is_valid_before_anybody_attacks_it() {
    for kind in ConfirmationKind::ALL {
        let claims = claims(*kind);
        let answer = check(&token(&claims, SIGNS));
        assert_eq!((answer.state, answer.claims), (CheckState::Valid, Some(claims)));
    }
}

#[test]
fn every_single_bit_flipped_is_refused() {
    for kind in [ConfirmationKind::AidReceipt, ConfirmationKind::Card] {
        let bytes = signed(&claims(kind), &key(SIGNS));
        for at in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            assert_refused(&check(&encode_base32(&flipped)), format!("bit {at}"));
        }
    }
}

#[test]
fn every_single_sign_of_the_text_changed_is_refused() {
    let good = token(&claims(ConfirmationKind::Booking), SIGNS);
    for (at, was) in good.char_indices() {
        for other in "AB5QZ70189=%.-*".chars().filter(|other| *other != was) {
            let changed = format!("{}{other}{}", &good[..at], &good[at + 1..]);
            assert_refused(&check(&changed), format!("{other} at {at}"));
        }
    }
}

#[test]
fn two_signs_exchanged_are_refused() {
    let good = token(&claims(ConfirmationKind::Booking), SIGNS);
    for at in 1..good.len() {
        let mut signs: Vec<char> = good.chars().collect();
        signs.swap(at - 1, at);
        let exchanged: String = signs.into_iter().collect();
        if exchanged != good {
            assert_refused(&check(&exchanged), at);
        }
    }
}

#[test]
fn cut_off_anywhere_and_grown_by_anything_is_refused() {
    let bytes = signed(&claims(ConfirmationKind::Meal), &key(SIGNS));
    let text = encode_base32(&bytes);
    for length in 0..bytes.len() {
        assert_refused(&check(&encode_base32(&bytes[..length])), format!("first {length} bytes"));
        assert_refused(
            &check(&encode_base32(&bytes[bytes.len() - length..])),
            format!("last {length} bytes"),
        );
    }
    for length in 0..text.len() {
        assert_refused(&check(&text[..length]), format!("first {length} signs"));
    }
    for more in ["A", "AA", "A7", "AAAAAAAA", "=", "======", "?A", "#", "%20", "\u{0}", ".", "/", "/A"] {
        assert_refused(&check(&format!("{text}{more}")), more);
    }
    for byte in 0..=u8::MAX {
        assert_refused(
            &check(&encode_base32(&[&bytes[..], &[byte]].concat())),
            format!("one more byte {byte}"),
        );
        assert_refused(
            &check(&encode_base32(&[&[byte], &bytes[..]].concat())),
            format!("byte {byte} before"),
        );
    }
}

#[test]
fn doubled_is_refused() {
    let bytes = signed(&claims(ConfirmationKind::Meal), &key(SIGNS));
    let other = signed(&claims(ConfirmationKind::Booking), &key(SIGNS));
    let text = encode_base32(&bytes);
    assert_refused(&check(&encode_base32(&[&bytes[..], &bytes[..]].concat())), "its bytes twice");
    assert_refused(&check(&encode_base32(&[&bytes[..], &other[..]].concat())), "and another");
    for between in ["", " ", "\n", "\r\n", "\t", ",", "\u{3000}"] {
        assert_refused(&check(&format!("{text}{between}{text}")), format!("{between:?} between"));
    }
}

#[test]
fn over_long_texts_are_refused_unread() {
    let good = token(&claims(ConfirmationKind::Card), SIGNS);
    for length in [1_025, 4_096, 65_536, 1 << 20] {
        assert_refused(&check(&"A".repeat(length)), length);
        assert_refused(&check(&format!("{}/V/{good}", "H".repeat(length))), format!("{length} before"));
        assert_refused(&check(&format!("{good}/{}", "A".repeat(length))), format!("{length} behind"));
    }
    let in_spaces = format!("{}{good}{0}", " ".repeat(65_536));
    assert_eq!(check(&in_spaces).state, CheckState::Valid, "a scanner's spaces are no text");
}

#[test]
fn the_dress_that_cameras_scanners_and_people_give_it_does_not_matter() {
    let good = token(&claims(ConfirmationKind::Card), SIGNS);
    let mixed: String = good
        .chars()
        .enumerate()
        .map(|(at, c)| if at % 2 == 0 { c.to_ascii_lowercase() } else { c })
        .collect();
    for dressed in [
        good.to_lowercase(),
        mixed,
        format!("HTTPS://XW.EXAMPLE.CN/V/{good}"),
        format!("https://xw.example.cn/v/{}", good.to_lowercase()),
        format!("\u{3000}\t{good}\r\n"),
        // Whose address stands before it proves nothing: the signature does.
        format!("HTTPS://ANOTHER.EXAMPLE/V/{good}"),
        format!("{good}/{good}"),
    ] {
        assert_eq!(check(&dressed).state, CheckState::Valid, "{dressed}");
    }
}

#[test]
fn look_alikes_and_other_spellings_of_its_signs_are_refused() {
    let good = token(&claims(ConfirmationKind::Card), SIGNS);
    let percent: String = good.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let full_width: String = good.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect();
    let zero_width: String = good.chars().flat_map(|c| [c, '\u{200B}']).collect();
    for (name, other) in [
        ("percent-encoded", percent),
        ("full-width", full_width),
        ("zero-width spaces", zero_width),
        ("Cyrillic А", good.replace('A', "А")),
        ("Greek Ε", good.replace('E', "Ε")),
        ("Kelvin sign", good.replace('K', "\u{212A}")),
        ("dotless i", good.replace('I', "ı")),
        ("long s", good.replace('S', "ſ")),
        ("0 for O", good.replace('O', "0")),
        ("1 for I", good.replace('I', "1")),
        ("a mark that reverses", format!("\u{202E}{good}")),
        ("a byte order mark", format!("\u{FEFF}{good}")),
        (
            "grouped",
            good.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c)).collect::<Vec<_>>().join(" "),
        ),
        ("base64", data_encoding::BASE64.encode(&signed(&claims(ConfirmationKind::Card), &key(SIGNS)))),
        (
            "hexadecimal",
            data_encoding::HEXUPPER.encode(&signed(&claims(ConfirmationKind::Card), &key(SIGNS))),
        ),
        (
            "base 32 with the other alphabet",
            data_encoding::BASE32HEX_NOPAD.encode(&signed(&claims(ConfirmationKind::Card), &key(SIGNS))),
        ),
    ] {
        if other != good {
            assert_refused(&check(&other), name);
        }
    }
}

#[test]
fn spare_bits_give_a_token_no_second_spelling() {
    let mut claims = claims(ConfirmationKind::AidReceipt);
    // Until the text has spare bits.
    while signed(&claims, &key(SIGNS)).len().is_multiple_of(5) {
        claims.office *= 10;
    }
    let good = token(&claims, SIGNS);
    let last = good.chars().last().unwrap();
    for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".chars().filter(|other| *other != last) {
        assert_refused(&check(&format!("{}{other}", &good[..good.len() - 1])), other);
    }
}

#[test]
fn json_and_any_other_qr_code_is_not_ours() {
    for text in [
        "",
        " ",
        "/",
        "/V/",
        "HTTPS://XW.EXAMPLE.CN/V/",
        "{\"kind\":\"card\",\"number\":\"KP261123483920\",\"valid\":true}",
        "[]",
        "null",
        "https://example.com/",
        "HTTPS://XW.EXAMPLE.CN/V/HELLO",
        "WIFI:T:WPA;S:guest;P:12345678;;",
        "BEGIN:VCARD\nVERSION:3.0\nN:王;小明\nEND:VCARD",
        "HC1:6BFOXN*TS0BI$ZD.P9UOL97O4-2HH77HRM3DSPTNRPC5Q8",
        "shc:/56762909524320603460292437404460",
        "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP",
        "LS261123483920",
        "7K3M-9QXD",
        "320205199912319937",
        "你好",
        "🎫🎫🎫",
        "\u{0}\u{0}\u{0}",
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "../../../../etc/passwd",
        "AAAAAAAA",
        "JBSWY3DPEHPK3PXP",
        "eyJhbGciOiJub25lIn0.eyJpc3MiOiJYVyJ9.",
    ] {
        assert_eq!(check(text), CheckState::NotOurs.into(), "{text:?}");
    }
}

#[test]
fn another_keys_id_in_the_token_does_not_help() {
    let claims = claims(ConfirmationKind::Booking);
    let by = |claims: &Claims, names: u8, signs: u8| {
        let unsigned = prepare(claims, public(&key(names)).id, Algorithm::Ed25519).unwrap();
        let signature = key(signs).sign(&unsigned.message()).to_bytes().to_vec();
        check(&encode_base32(&unsigned.signed(signature).unwrap())).state
    };
    let older = Claims { issued_at: END.seconds() - 1, ..claims.clone() };
    assert_eq!(by(&claims, SIGNS, SIGNS), CheckState::Valid);
    assert_eq!(by(&claims, SIGNS, FOREIGN), CheckState::Altered);
    assert_eq!(by(&claims, SIGNS, RETIRED), CheckState::Altered);
    assert_eq!(by(&older, RETIRED, SIGNS), CheckState::Altered);
    assert_eq!(by(&claims, FOREIGN, SIGNS), CheckState::UnknownKey);
    assert_eq!(by(&claims, LOST, SIGNS), CheckState::UnknownKey);
    assert_eq!(by(&claims, SIGNS, LOST), CheckState::Altered);
}

#[test]
fn a_retired_keys_word_holds_for_what_is_older_and_a_lost_keys_for_nothing() {
    let issued = |by: u8, at: i64| {
        let claims = Claims { issued_at: at, ..claims(ConfirmationKind::Card) };
        check_at(&token(&claims, by), Instant(END.0 + 1_000 * HOUR)).state
    };
    assert_eq!(issued(RETIRED, END.seconds() - YEAR), CheckState::Valid);
    assert_eq!(issued(RETIRED, END.seconds() - 1), CheckState::Valid);
    assert_eq!(issued(RETIRED, END.seconds()), CheckState::UnknownKey);
    assert_eq!(issued(RETIRED, END.seconds() + 1), CheckState::UnknownKey);
    assert_eq!(issued(LOST, END.seconds() - YEAR), CheckState::UnknownKey, "also of before it was lost");
    assert_eq!(issued(FOREIGN, END.seconds()), CheckState::UnknownKey);
}

#[test]
fn another_deployments_confirmations_are_not_ours() {
    let theirs = Claims { issuer: "YZ".into(), ..claims(ConfirmationKind::Card) };
    assert_eq!(check(&token(&theirs, FOREIGN)).state, CheckState::NotOurs);
    assert_eq!(check(&token(&theirs, SIGNS)).state, CheckState::NotOurs, "one key for two deployments");
    assert_eq!(check(&token(&claims(ConfirmationKind::Card), FOREIGN)).state, CheckState::UnknownKey);
    for issuer in ["xw", "XW ", "XWX", "X", "ХW", "XW\u{0}"] {
        let alike = Claims { issuer: issuer.into(), ..claims(ConfirmationKind::Card) };
        assert_eq!(check(&token(&alike, SIGNS)).state, CheckState::NotOurs, "{issuer:?}");
    }
}

#[test]
fn a_clock_that_is_off_never_makes_it_valid_before_or_after_its_time() {
    let day = Claims {
        not_before: Some(NOW.seconds() + 2 * HOUR),
        expires_at: NOW.seconds() + 4 * HOUR,
        ..claims(ConfirmationKind::Meal)
    };
    let at =
        |seconds: i64| check_at(&token(&day, SIGNS), Instant::from_seconds(NOW.seconds() + seconds)).state;
    assert_eq!(at(3 * HOUR), CheckState::Valid);
    assert_eq!(at(2 * HOUR), CheckState::Valid);
    assert_eq!(at(2 * HOUR - 1), CheckState::NotYet);
    assert_eq!(at(4 * HOUR - 1), CheckState::Valid);
    assert_eq!(at(4 * HOUR), CheckState::Expired);
    for (off, state) in [
        (-HOUR, CheckState::NotYet),
        (HOUR, CheckState::NotYet),
        (5 * HOUR, CheckState::Expired),
        (-YEAR, CheckState::NotYet),
        (YEAR, CheckState::Expired),
    ] {
        assert_eq!(at(off), state, "{off} s off");
    }
    for now in [Instant(0), Instant(i64::MIN), Instant(-1), Instant(i64::MAX)] {
        assert_ne!(check_at(&token(&day, SIGNS), now).state, CheckState::Valid, "{now:?}");
    }
}

/// Nobody knows which of the two clocks is wrong, so it is "not yet", never green; five minutes are forgiven, as the clocks of
/// two servers differ a little.
#[test]
fn what_was_issued_in_the_future_is_not_valid_yet() {
    let ahead = |seconds: i64| {
        let claims = Claims { issued_at: NOW.seconds() + seconds, ..claims(ConfirmationKind::Card) };
        check(&token(&claims, SIGNS)).state
    };
    assert_eq!(ahead(0), CheckState::Valid);
    assert_eq!(ahead(300), CheckState::Valid);
    for seconds in [301, HOUR, 24 * HOUR, YEAR - 1] {
        assert_eq!(ahead(seconds), CheckState::NotYet, "{seconds}");
    }
    assert_eq!(ahead(-YEAR), CheckState::Valid);
}

#[test]
fn times_at_the_ends_of_what_can_be_written_are_judged_without_failing() {
    const LAST: i64 = 253_402_300_799;
    for issued_at in [0, 1, NOW.seconds(), LAST] {
        for expires_at in [0, NOW.seconds(), LAST] {
            for not_before in [None, Some(0), Some(LAST)] {
                let claims = Claims { issued_at, expires_at, not_before, ..claims(ConfirmationKind::Card) };
                for now in [Instant(i64::MIN), Instant(0), NOW, Instant(i64::MAX)] {
                    let state = check_at(&token(&claims, SIGNS), now).state;
                    let within = now.seconds() < expires_at
                        && not_before.is_none_or(|from| now.seconds() >= from)
                        && issued_at <= now.seconds().saturating_add(300);
                    assert_eq!(state == CheckState::Valid, within, "{claims:?} {now:?}");
                }
            }
        }
    }
}

/// The longest content that each kind can have for real, behind the longest address that the settings allow.
#[test]
fn the_longest_real_content_of_every_kind_fits_qr_version_10_at_level_m() {
    /// The most signs that version 10 at level M holds in alphanumeric mode.
    const MOST: usize = 311;
    for kind in ConfirmationKind::ALL {
        // A street's code with a not-before of its own, and a community's, which is longer, without one.
        for (office, not_before) in [(320_214_050, Some(NOW.seconds() - 1)), (320_214_050_001, None)] {
            let longest = Claims {
                issuer: "XWMZ".into(),
                not_before,
                expires_at: 4_102_444_800,
                office,
                // Two days of volunteering: more is never written in one go.
                minutes: 48 * 60,
                holder: kind
                    .names_holder()
                    .then(|| Holder { name: "阿＊＊＊".into(), document_tail: "99X".into() }),
                ..claims(*kind)
            };
            let text = format!("{}/V/{}", "H".repeat(40), token(&longest, SIGNS));
            let (kind, signs) = (kind.as_str(), text.len());
            assert!(signs <= MOST, "{kind}, office {office}: {signs} signs");
            assert!(super::qr::qr_version(&text).unwrap() <= 10, "{kind}");
            let answer = verify(&text, &keys(), "XWMZ", NOW);
            assert_eq!((answer.state, answer.claims), (CheckState::Valid, Some(longest)), "{kind}");
        }
    }
}
