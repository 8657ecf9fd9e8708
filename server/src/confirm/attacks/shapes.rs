//! Signatures that fit over contents that we never write.

#![cfg(test)]

use app::domain::confirm::ConfirmationKind;
use app::domain::confirm::check::CheckState;
use app::domain::confirm::token::encode_base32;
use ciborium::Value;

use super::forge::{around, bytes, cbor, int, payload_of, text};
use super::{SIGNS, check, claims, key, signed};

const ISS: i64 = 1;
const EXP: i64 = 4;
const NBF: i64 = 5;
const IAT: i64 = 6;
const CTI: i64 = 7;
const DETAILS: i64 = -70_001;

type Pairs = Vec<(Value, Value)>;

/// The claims of a card as a map.
fn pairs() -> Pairs {
    let payload = payload_of(&signed(&claims(ConfirmationKind::Card), &key(SIGNS)));
    ciborium::from_reader::<Value, _>(payload.as_slice()).unwrap().into_map().unwrap()
}

fn at(pairs: &Pairs, label: i64) -> usize {
    pairs.iter().position(|(name, _)| *name == int(label)).unwrap()
}

/// The claims with one value changed.
fn with(label: i64, value: Value) -> Pairs {
    let mut pairs = pairs();
    let at = at(&pairs, label);
    pairs[at].1 = value;
    pairs
}

fn details() -> Vec<Value> {
    let pairs = pairs();
    pairs[at(&pairs, DETAILS)].1.as_array().unwrap().clone()
}

/// The claims with one of the details changed.
fn with_detail(at: usize, value: Value) -> Pairs {
    let mut details = details();
    details[at] = value;
    with(DETAILS, Value::Array(details))
}

fn state(payload: &[u8]) -> CheckState {
    let answer = check(&encode_base32(&around(payload)));
    if answer.state != CheckState::Valid {
        assert_eq!(answer.claims, None);
    }
    answer.state
}

fn assert_not_ours(pairs: Pairs, what: impl std::fmt::Display) {
    assert_eq!(state(&cbor(&Value::Map(pairs))), CheckState::NotOurs, "{what}");
}

/// Something of every type but those that are named.
fn of_every_type() -> Vec<Value> {
    vec![
        Value::Null,
        Value::Bool(true),
        Value::Float(1.0),
        Value::Float(f64::NAN),
        Value::Float(f64::INFINITY),
        int(-1),
        Value::Integer(u64::MAX.into()),
        text(""),
        text("<script>alert(1)</script>"),
        bytes(&[]),
        bytes(&[0; 11]),
        Value::Array(Vec::new()),
        Value::Map(Vec::new()),
        Value::Tag(0, Box::new(text("2026-11-23T00:00:00Z"))),
        Value::Tag(1, Box::new(int(1_795_413_900))),
        // A number beyond 64 bits, and a small one written as such.
        Value::Tag(2, Box::new(bytes(&[0xFF; 9]))),
        Value::Tag(2, Box::new(bytes(&[1]))),
        Value::Tag(3, Box::new(bytes(&[1]))),
    ]
}

#[test]
fn nothing_is_refused_that_was_not_changed() {
    assert_eq!(state(&cbor(&Value::Map(pairs()))), CheckState::Valid);
}

#[test]
fn a_claim_that_is_missing_double_of_another_type_or_one_too_many_is_refused() {
    for label in [ISS, EXP, IAT, CTI, DETAILS] {
        let mut fewer = pairs();
        fewer.remove(at(&fewer, label));
        assert_not_ours(fewer, format!("without {label}"));
        let mut twice = pairs();
        let pair = twice[at(&twice, label)].clone();
        twice.push(pair.clone());
        assert_not_ours(twice, format!("{label} twice"));
        let mut first = pairs();
        first.insert(0, (pair.0, Value::Null));
        assert_not_ours(first, format!("{label} twice, the first null"));
        for other in of_every_type() {
            assert_not_ours(with(label, other.clone()), format!("{other:?} as {label}"));
        }
    }
    for other in of_every_type() {
        let mut pairs = pairs();
        pairs.insert(2, (int(NBF), other.clone()));
        assert_not_ours(pairs, format!("{other:?} as not-before"));
    }
    for (name, value) in
        [(int(2), text("sub")), (int(3), text("aud")), (text("iss"), text("XW")), (int(0), int(0))]
    {
        let mut more = pairs();
        more.push((name.clone(), value));
        assert_not_ours(more, format!("one more, {name:?}"));
    }
    let mut turned = pairs();
    turned.reverse();
    assert_not_ours(turned, "in another order");
}

#[test]
fn details_of_another_length_or_type_are_refused() {
    let whole = details();
    for length in (0..whole.len()).chain([9, 10, 100]) {
        let mut other = whole.clone();
        other.resize(length, text("x"));
        // Without its holder the array is a receipt's, which a card is not.
        assert_not_ours(with(DETAILS, Value::Array(other)), format!("{length} details"));
    }
    for (at, good) in whole.iter().enumerate() {
        for other in of_every_type().into_iter().filter(|other| other != good) {
            // A number of minutes and an office may be any number, a tail may be empty; the rest fits nothing of ours.
            let fits =
                (at == 3 && other == Value::Integer(u64::MAX.into())) || (at == 7 && other == text(""));
            let expected = if fits { CheckState::Valid } else { CheckState::NotOurs };
            let payload = cbor(&Value::Map(with_detail(at, other.clone())));
            assert_eq!(state(&payload), expected, "{other:?} as detail {at}");
        }
    }
}

#[test]
fn values_beyond_what_we_write_are_refused() {
    for (at, values) in [
        (0, vec![int(0), int(2), int(1_000)]),
        (1, vec![int(0), int(8), int(255)]),
        (
            2,
            vec![
                text("ls261123483920"),
                text("LS 261123483920"),
                text("LS-261123483920"),
                text("LS２６1123483920"),
                text("LS26112348392"),
                text("LS2611234839200"),
                text("LS261123483920\u{0}"),
                text("LS26112348392O"),
                text("<b>61123483920"),
            ],
        ),
        (4, vec![int(253_402_300_800), int(i64::MAX)]),
        (5, vec![int(1 << 32), int(i64::MAX)]),
        (6, vec![text("王小明小明"), text("<script>"), text("ab<b>"), text("王＊＊")]),
        (7, vec![text("1234"), text("＊＊＊"), text("9 X"), text("<b>"), text("\"'>")]),
    ] {
        for value in values {
            assert_not_ours(with_detail(at, value.clone()), format!("{value:?} as detail {at}"));
        }
    }
    for label in [EXP, IAT] {
        for value in [int(i64::MIN), int(253_402_300_800), int(i64::MAX)] {
            assert_not_ours(with(label, value.clone()), format!("{value:?} as {label}"));
        }
    }
    for id in [&[0_u8; 9][..], &[0; 11], &[0; 16]] {
        assert_not_ours(with(CTI, bytes(id)), format!("{} bytes of identity", id.len()));
    }
    for issuer in ["", "XWXWXWXWX", "<script>"] {
        assert_not_ours(with(ISS, text(issuer)), issuer);
    }
}

#[test]
fn a_receipt_names_nobody_and_every_other_kind_names_its_holder() {
    for kind in ConfirmationKind::ALL {
        let kind = *kind;
        let mut with_holder = details();
        with_holder[1] = int(i64::try_from(kind.code()).unwrap());
        let without = with_holder[..6].to_vec();
        let of = |details: Vec<Value>| state(&cbor(&Value::Map(with(DETAILS, Value::Array(details)))));
        let names = kind.names_holder();
        assert_eq!(of(with_holder) == CheckState::Valid, names, "{kind:?}");
        assert_eq!(of(without) == CheckState::Valid, !names, "{kind:?}");
    }
}

#[test]
fn a_payload_that_is_no_map_of_claims_is_refused() {
    let good = cbor(&Value::Map(pairs()));
    for (name, payload) in [
        ("empty", Vec::new()),
        ("an array", cbor(&Value::Array(Vec::new()))),
        ("an empty map", cbor(&Value::Map(Vec::new()))),
        ("a text", cbor(&text("valid"))),
        ("JSON", br#"{"1":"XW","4":1826949900,"6":1795413900}"#.to_vec()),
        ("null", cbor(&Value::Null)),
        ("in bytes once more", cbor(&bytes(&good))),
        ("tagged as CWT", cbor(&Value::Tag(61, Box::new(Value::Map(pairs()))))),
        ("claims and one byte more", [&good[..], &[0]].concat()),
        ("claims twice", [&good[..], &good[..]].concat()),
        ("claims cut off", good[..good.len() - 1].to_vec()),
    ] {
        assert_eq!(state(&payload), CheckState::NotOurs, "{name}");
    }
}

/// One content, one spelling: whoever could write a second one could hand a code in twice under different bytes.
#[test]
fn claims_have_one_spelling() {
    let good = cbor(&Value::Map(pairs()));
    assert_eq!(good[..5], [0xA5, 0x01, 0x62, b'X', b'W'], "a map of 5, claim 1, a text of 2");
    let rest = &good[5..];
    for (name, payload) in [
        ("the map's length in two bytes", [&[0xB8, 5], &good[1..]].concat()),
        ("a map without a length", [&[0xBF], &good[1..], &[0xFF]].concat()),
        ("a label in two bytes", [&[0xA5, 0x18, 1], &good[2..]].concat()),
        ("a label in nine bytes", [&[0xA5, 0x1B, 0, 0, 0, 0, 0, 0, 0, 1], &good[2..]].concat()),
        ("a label as a number beyond 64 bits", [&[0xA5, 0xC2, 0x41, 1], &good[2..]].concat()),
        ("a label as a float", [&[0xA5, 0xF9, 0x3C, 0x00], &good[2..]].concat()),
        ("a text's length in two bytes", [&[0xA5, 0x01, 0x78, 2, b'X', b'W'], rest].concat()),
        ("a text in pieces", [&[0xA5, 0x01, 0x7F, 0x61, b'X', 0x61, b'W', 0xFF], rest].concat()),
        ("a text in one piece", [&[0xA5, 0x01, 0x7F, 0x62, b'X', b'W', 0xFF], rest].concat()),
    ] {
        assert_eq!(state(&payload), CheckState::NotOurs, "{name}");
    }
    // Every number of five bytes written in nine.
    let mut at = 0;
    let mut tried = 0;
    while let Some(found) = good[at..].iter().position(|byte| *byte == 0x1A) {
        at += found;
        let longer = [&good[..at], &[0x1B, 0, 0, 0, 0], &good[at + 1..]].concat();
        assert_eq!(state(&longer), CheckState::NotOurs, "a number at {at}");
        (at, tried) = (at + 1, tried + 1);
    }
    assert!(tried >= 4, "the times and the office");
}
