//! Attacks with the signed lists that a counter keeps.

#![cfg(test)]

use app::domain::confirm::ConfirmationKind;
use app::domain::confirm::check::{CheckState, FirstUse, Standing};
use app::domain::confirm::keys::Algorithm;
use app::domain::confirm::list::{DayList, ListEntry, StateList};
use app::domain::confirm::token::encode_base32;
use app::domain::time::Instant;
use ciborium::Value;
use ed25519_dalek::Signer as _;

use super::forge::{around, bytes, cbor, int, text};
use super::{END, FOREIGN, HOUR, LOST, NOW, RETIRED, SIGNS, check, claims, key, keys, public, signed};
use crate::confirm::keys::fits;

fn list(issuer: &str, made_at: Instant) -> StateList {
    let entry = |id: u8, standing| ListEntry { id: [id; 10], standing };
    StateList::new(
        issuer.into(),
        made_at,
        vec![
            entry(1, Standing::Cancelled(NOW)),
            entry(2, Standing::Replaced(NOW)),
            entry(3, Standing::Lost(NOW)),
            entry(4, Standing::Used(FirstUse { at: NOW, office: 320_214_001 })),
        ],
    )
}

fn signed_list(list: &StateList, names: u8, signs: u8) -> Vec<u8> {
    let unsigned = list.prepare(public(&key(names)).id, Algorithm::Ed25519).unwrap();
    let signature = key(signs).sign(&unsigned.message()).to_bytes().to_vec();
    unsigned.signed(signature).unwrap()
}

/// What a counter does with a list that somebody hands it: the list that it keeps afterwards.
fn taken(bytes: &[u8], kept: Option<&StateList>) -> Result<StateList, CheckState> {
    let read =
        StateList::read(bytes).filter(|read| read.content.issuer == "XW").ok_or(CheckState::NotOurs)?;
    let keys = keys();
    let key = keys.for_check(read.key, read.algorithm, read.content.made_at)?;
    if !fits(key, &read.message, &read.signature) {
        return Err(CheckState::Altered);
    }
    if read.content.supersedes(kept) { Ok(read.content) } else { Err(CheckState::Expired) }
}

fn later(seconds: i64) -> Instant {
    Instant(NOW.0 + seconds * 1_000)
}

#[test]
fn a_list_replayed_from_before_never_takes_a_newer_ones_place() {
    let kept = taken(&signed_list(&list("XW", later(HOUR)), SIGNS, SIGNS), None).unwrap();
    for (at, outcome) in [
        (later(2 * HOUR), Ok(())),
        (later(HOUR), Ok(())),
        (later(HOUR - 1), Err(CheckState::Expired)),
        (NOW, Err(CheckState::Expired)),
        (later(-365 * 24 * HOUR), Err(CheckState::Expired)),
    ] {
        let handed = signed_list(&list("XW", at), SIGNS, SIGNS);
        assert_eq!(taken(&handed, Some(&kept)).map(|_| ()), outcome, "{at:?}");
    }
}

#[test]
fn a_list_of_a_retired_lost_or_unknown_key_or_of_another_issuer_is_refused() {
    let by = |at: Instant, names: u8, signs: u8| {
        taken(&signed_list(&list("XW", at), names, signs), None).map(|_| ())
    };
    assert_eq!(by(later(HOUR), SIGNS, SIGNS), Ok(()));
    assert_eq!(by(Instant(END.0 - 1_000), RETIRED, RETIRED), Ok(()), "it was made before the key's end");
    assert_eq!(by(END, RETIRED, RETIRED), Err(CheckState::UnknownKey));
    assert_eq!(by(NOW, LOST, LOST), Err(CheckState::UnknownKey));
    assert_eq!(by(NOW, FOREIGN, FOREIGN), Err(CheckState::UnknownKey));
    assert_eq!(by(NOW, SIGNS, FOREIGN), Err(CheckState::Altered));
    let theirs = signed_list(&list("YZ", NOW), SIGNS, SIGNS);
    assert_eq!(taken(&theirs, None), Err(CheckState::NotOurs));
    assert!(!list("YZ", later(HOUR)).supersedes(Some(&list("XW", NOW))));
}

#[test]
fn every_single_bit_of_a_list_flipped_is_refused() {
    let good = signed_list(&list("XW", NOW), SIGNS, SIGNS);
    assert!(taken(&good, None).is_ok());
    for at in 0..good.len() * 8 {
        let mut flipped = good.clone();
        flipped[at / 8] ^= 1 << (at % 8);
        assert!(taken(&flipped, None).is_err(), "bit {at}");
    }
    for length in 0..good.len() {
        assert!(taken(&good[..length], None).is_err(), "{length} bytes");
    }
    assert!(taken(&[&good[..], &[0]].concat(), None).is_err());
    assert!(taken(&[&good[..], &good[..]].concat(), None).is_err());
}

#[test]
fn a_token_is_no_list_and_a_list_is_no_token() {
    for kind in ConfirmationKind::ALL {
        let token = signed(&claims(*kind), &key(SIGNS));
        assert_eq!(StateList::read(&token), None);
        assert_eq!(DayList::read(&token), None);
    }
    let states = signed_list(&list("XW", NOW), SIGNS, SIGNS);
    let day = DayList::new("XW".into(), NOW, 320_214_050, jiff::civil::date(2026, 11, 23), Vec::new());
    let unsigned = day.prepare(public(&key(SIGNS)).id, Algorithm::Ed25519).unwrap();
    let signature = key(SIGNS).sign(&unsigned.message()).to_bytes().to_vec();
    let day = unsigned.signed(signature).unwrap();
    assert_eq!((StateList::read(&day), DayList::read(&states)), (None, None));
    for list in [states, day] {
        assert_eq!(check(&encode_base32(&list)), CheckState::NotOurs.into());
    }
}

/// A list with our signature over entries that we never write.
#[test]
fn lists_have_one_spelling_and_no_line_twice() {
    let entry = |id: u8, code: i64, office: i64| {
        Value::Array(vec![bytes(&[id; 10]), int(code), int(NOW.seconds()), int(office)])
    };
    let of = |entries: Vec<Value>| {
        let states = Value::Array(vec![int(1), Value::Array(entries)]);
        let map = vec![(int(1), text("XW")), (int(6), int(NOW.seconds())), (int(-70_002), states)];
        taken(&around(&cbor(&Value::Map(map))), None)
    };
    assert!(of(Vec::new()).is_ok());
    assert!(of(vec![entry(1, 1, 0), entry(2, 4, 320_214_001)]).is_ok());
    for (name, entries) in [
        ("in another order", vec![entry(2, 1, 0), entry(1, 1, 0)]),
        ("one twice", vec![entry(1, 1, 0), entry(1, 1, 0)]),
        ("one twice, cancelled and used", vec![entry(1, 1, 0), entry(1, 4, 1)]),
        ("cancelled by an office", vec![entry(1, 1, 5)]),
        ("one that simply holds", vec![entry(1, 0, 0)]),
        ("a standing that we don't know", vec![entry(1, 5, 0)]),
        ("a negative office", vec![entry(1, 4, -1)]),
        ("a short identity", vec![Value::Array(vec![bytes(&[1; 9]), int(1), int(0), int(0)])]),
        ("too few parts", vec![Value::Array(vec![bytes(&[1; 10]), int(1), int(0)])]),
        ("too many parts", vec![Value::Array(vec![bytes(&[1; 10]), int(1), int(0), int(0), int(0)])]),
        ("a time as a float", vec![Value::Array(vec![bytes(&[1; 10]), int(1), Value::Float(0.0), int(0)])]),
        ("no array", vec![Value::Null]),
    ] {
        assert_eq!(of(entries), Err(CheckState::NotOurs), "{name}");
    }
}

#[test]
fn bombs_in_place_of_a_list_are_refused_at_once() {
    for bomb in
        [vec![0x81; 1 << 20], vec![0xD2; 1 << 20], vec![0x9F; 1 << 20], vec![0xFF; 1 << 20], Vec::new()]
    {
        assert_eq!((StateList::read(&bomb), DayList::read(&bomb)), (None, None));
        assert_eq!(taken(&around(&bomb), None), Err(CheckState::NotOurs));
    }
}
