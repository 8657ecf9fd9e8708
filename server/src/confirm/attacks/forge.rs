//! Forged envelopes: signed with our own key, but not written by us.

#![cfg(test)]

use app::domain::confirm::check::CheckState;
use app::domain::confirm::token::encode_base32;
use app::domain::confirm::{Claims, ConfirmationKind};
use ciborium::Value;
use ed25519_dalek::{Signer as _, SigningKey};

use super::{SIGNS, assert_refused, check, claims, key, public, signed};

pub(super) fn cbor(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

pub(super) fn int(value: i64) -> Value {
    Value::Integer(value.into())
}

pub(super) fn text(value: &str) -> Value {
    Value::Text(value.into())
}

pub(super) fn bytes(value: &[u8]) -> Value {
    Value::Bytes(value.to_vec())
}

/// The payload of a token that we wrote.
pub(super) fn payload_of(token: &[u8]) -> Vec<u8> {
    let value: Value = ciborium::from_reader(token).unwrap();
    let (_, inner) = value.as_tag().unwrap();
    inner.as_array().unwrap()[2].as_bytes().unwrap().clone()
}

/// A signature over those bytes as COSE has it.
pub(super) fn signature(by: &SigningKey, protected: &[u8], payload: &[u8]) -> Vec<u8> {
    let message = Value::Array(vec![text("Signature1"), bytes(protected), bytes(&[]), bytes(payload)]);
    by.sign(&cbor(&message)).to_bytes().to_vec()
}

/// An envelope as ours, around any payload.
pub(super) fn around(payload: &[u8]) -> Vec<u8> {
    Envelope { payload: payload.to_vec(), ..Envelope::ours() }.bytes()
}

/// Every part of an envelope, to be changed one by one.
struct Envelope {
    /// `None` where the array stands alone.
    tag: Option<u64>,
    protected: Vec<u8>,
    unprotected: Value,
    payload: Vec<u8>,
    by: SigningKey,
}

impl Envelope {
    fn ours() -> Self {
        Self {
            tag: Some(18),
            protected: cbor(&Value::Map(vec![(int(1), int(-8))])),
            unprotected: Value::Map(vec![(int(4), bytes(&public(&key(SIGNS)).id.0))]),
            payload: payload_of(&signed(&claims(ConfirmationKind::Card), &key(SIGNS))),
            by: key(SIGNS),
        }
    }

    fn parts(&self) -> Vec<Value> {
        vec![
            bytes(&self.protected),
            self.unprotected.clone(),
            bytes(&self.payload),
            bytes(&signature(&self.by, &self.protected, &self.payload)),
        ]
    }

    fn bytes(&self) -> Vec<u8> {
        let array = Value::Array(self.parts());
        cbor(&match self.tag {
            Some(tag) => Value::Tag(tag, Box::new(array)),
            None => array,
        })
    }

    fn protected(map: Vec<(Value, Value)>) -> Self {
        Self { protected: cbor(&Value::Map(map)), ..Self::ours() }
    }

    fn unprotected(map: Vec<(Value, Value)>) -> Self {
        Self { unprotected: Value::Map(map), ..Self::ours() }
    }
}

fn state(envelope: &Envelope) -> CheckState {
    let answer = check(&encode_base32(&envelope.bytes()));
    if answer.state != CheckState::Valid {
        assert_eq!(answer.claims, None);
    }
    answer.state
}

#[test]
fn the_forger_writes_as_we_do_when_nothing_is_changed() {
    assert_eq!(Envelope::ours().bytes(), signed(&claims(ConfirmationKind::Card), &key(SIGNS)));
    assert_eq!(state(&Envelope::ours()), CheckState::Valid);
}

#[test]
fn the_algorithm_is_the_keys_and_never_the_tokens() {
    let kid = || (int(4), bytes(&public(&key(SIGNS)).id.0));
    // Registered, but not the key's: ES256, ES384, HMAC with a secret (our public half, which everybody knows), RSA.
    for other in [-7, -35, 5, -257, -37, -47] {
        assert_eq!(state(&Envelope::protected(vec![(int(1), int(other))])), CheckState::Altered, "{other}");
    }
    // None at all, one that nobody registered, and ours by another name.
    let eddsa = || text("EdDSA");
    for (name, envelope) in [
        ("absent", Envelope::protected(Vec::new())),
        ("an empty string of bytes", Envelope { protected: Vec::new(), ..Envelope::ours() }),
        ("a text", Envelope::protected(vec![(int(1), eddsa())])),
        ("none, as a text", Envelope::protected(vec![(int(1), text("none"))])),
        ("null", Envelope::protected(vec![(int(1), Value::Null)])),
        ("a float", Envelope::protected(vec![(int(1), Value::Float(-8.0))])),
        ("nobody's", Envelope::protected(vec![(int(1), int(-65_000))])),
        ("of private use", Envelope::protected(vec![(int(1), int(-70_000))])),
        ("twice", Envelope::protected(vec![(int(1), int(-8)), (int(1), int(-8))])),
        ("twice, one ours", Envelope::protected(vec![(int(1), int(-7)), (int(1), int(-8))])),
        (
            "in the open header alone",
            Envelope { protected: Vec::new(), ..Envelope::unprotected(vec![(int(1), int(-8)), kid()]) },
        ),
        ("in the open header too", Envelope::unprotected(vec![(int(1), int(-8)), kid()])),
        ("another in the open header", Envelope::unprotected(vec![(int(1), int(-7)), kid()])),
    ] {
        assert_eq!(state(&envelope), CheckState::NotOurs, "{name}");
    }
    // The number that stands for no algorithm.
    assert_refused(&check(&encode_base32(&Envelope::protected(vec![(int(1), int(0))]).bytes())), "0");
}

#[test]
fn headers_that_we_do_not_write_are_refused() {
    let ours = || public(&key(SIGNS)).id.0;
    let alg = || (int(1), int(-8));
    for (name, envelope) in [
        ("a critical header", Envelope::protected(vec![alg(), (int(2), Value::Array(vec![int(4)]))])),
        ("a content type", Envelope::protected(vec![alg(), (int(3), int(61))])),
        ("the key's id protected too", Envelope::protected(vec![alg(), (int(4), bytes(&ours()))])),
        (
            "the key's id protected alone",
            Envelope {
                unprotected: Value::Map(Vec::new()),
                ..Envelope::protected(vec![alg(), (int(4), bytes(&ours()))])
            },
        ),
        ("no key", Envelope::unprotected(Vec::new())),
        ("an empty key", Envelope::unprotected(vec![(int(4), bytes(&[]))])),
        ("a short key", Envelope::unprotected(vec![(int(4), bytes(&ours()[..3]))])),
        ("a long key", Envelope::unprotected(vec![(int(4), bytes(&[&ours()[..], &[0]].concat()))])),
        ("a key as text", Envelope::unprotected(vec![(int(4), text(&public(&key(SIGNS)).id.to_string()))])),
        ("a key as a number", Envelope::unprotected(vec![(int(4), int(1))])),
        ("two keys", Envelope::unprotected(vec![(int(4), bytes(&ours())), (int(4), bytes(&ours()))])),
        (
            "an address of a key",
            Envelope::unprotected(vec![(int(4), bytes(&ours())), (int(35), text("https://x"))]),
        ),
        ("something of theirs", Envelope::unprotected(vec![(int(4), bytes(&ours())), (text("x"), int(1))])),
        ("no tag", Envelope { tag: None, ..Envelope::ours() }),
        ("COSE_Mac0", Envelope { tag: Some(17), ..Envelope::ours() }),
        ("COSE_Sign", Envelope { tag: Some(98), ..Envelope::ours() }),
        ("CWT alone", Envelope { tag: Some(61), ..Envelope::ours() }),
        ("protected is no map", Envelope { protected: cbor(&int(1)), ..Envelope::ours() }),
        ("unprotected is no map", Envelope { unprotected: Value::Array(Vec::new()), ..Envelope::ours() }),
    ] {
        assert_eq!(state(&envelope), CheckState::NotOurs, "{name}");
    }
}

#[test]
fn parts_that_are_missing_too_many_or_of_another_type_are_refused() {
    let whole = Envelope::ours().parts();
    let tagged = |parts: Vec<Value>| encode_base32(&cbor(&Value::Tag(18, Box::new(Value::Array(parts)))));
    assert_eq!(check(&tagged(whole.clone())).state, CheckState::Valid);
    for at in 0..4 {
        let mut fewer = whole.clone();
        fewer.remove(at);
        assert_refused(&check(&tagged(fewer)), format!("without part {at}"));
        for other in
            [Value::Null, int(0), text(""), Value::Bool(true), Value::Float(0.0), Value::Array(Vec::new())]
        {
            let mut changed = whole.clone();
            changed[at] = other.clone();
            assert_refused(&check(&tagged(changed)), format!("{other:?} as part {at}"));
        }
    }
    let mut more = whole.clone();
    more.push(bytes(&[]));
    assert_refused(&check(&tagged(more)), "five parts");
    for tags in [[18, 18], [61, 18], [55_799, 18]] {
        let twice = Value::Tag(tags[0], Box::new(Value::Tag(tags[1], Box::new(Value::Array(whole.clone())))));
        assert_refused(&check(&encode_base32(&cbor(&twice))), format!("tags {tags:?}"));
    }
}

#[test]
fn signatures_of_other_lengths_and_second_forms_are_refused() {
    let whole = Envelope::ours().parts();
    let with = |signature: &[u8]| {
        let mut parts = whole.clone();
        parts[3] = bytes(signature);
        check(&encode_base32(&cbor(&Value::Tag(18, Box::new(Value::Array(parts))))))
    };
    let good = whole[3].as_bytes().unwrap().clone();
    assert_eq!(with(&good).state, CheckState::Valid);
    for length in (0..64).chain([65, 96, 128]) {
        let mut other = good.clone();
        other.resize(length, 0);
        assert_eq!(with(&other).state, CheckState::Altered, "{length} bytes");
    }
    // The order of the group added to S: the same equation holds, and careless checks accept it.
    let order = data_encoding::HEXLOWER
        .decode(b"edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        .unwrap();
    let (mut second, mut carry) = (good.clone(), 0_u16);
    for (at, byte) in order.iter().enumerate() {
        let sum = u16::from(second[32 + at]) + u16::from(*byte) + carry;
        second[32 + at] = (sum & 0xFF) as u8;
        carry = sum >> 8;
    }
    assert_eq!(with(&second).state, CheckState::Altered);
    // Points of small order as R, with S 0.
    for first in [0, 1] {
        let mut small = [0; 64];
        small[0] = first;
        assert_eq!(with(&small).state, CheckState::Altered);
    }
    assert_eq!(with(&[0xFF; 64]).state, CheckState::Altered);
}

#[test]
fn a_signature_of_one_token_fits_no_other() {
    let (one, other) = (claims(ConfirmationKind::Meal), claims(ConfirmationKind::Booking));
    let longer = Claims { expires_at: one.expires_at + 1, ..one.clone() };
    let good = signed(&one, &key(SIGNS));
    for target in [other, longer, Claims { id: [0xA6; 10], ..one.clone() }] {
        let mut taken = signed(&target, &key(SIGNS));
        let at = taken.len() - 64;
        taken[at..].copy_from_slice(&good[good.len() - 64..]);
        assert_eq!(check(&encode_base32(&taken)), CheckState::Altered.into());
    }
    // A signature over the payload alone, without COSE's frame.
    let mut bare = good.clone();
    let at = bare.len() - 64;
    bare[at..].copy_from_slice(&key(SIGNS).sign(&payload_of(&good)).to_bytes());
    assert_eq!(check(&encode_base32(&bare)), CheckState::Altered.into());
}

#[test]
fn the_envelope_has_one_spelling() {
    let good = Envelope::ours().bytes();
    assert_eq!(good[..2], [0xD2, 0x84], "tag 18, array of 4");
    let spelled = |bytes: Vec<u8>, what: &str| assert_refused(&check(&encode_base32(&bytes)), what);
    spelled([&[0xD8, 18], &good[1..]].concat(), "the tag in two bytes");
    spelled([&[0xD9, 0, 18], &good[1..]].concat(), "the tag in three bytes");
    spelled([&[0xD2, 0x98, 4], &good[2..]].concat(), "the array's length in two bytes");
    spelled([&[0xD2, 0x9F], &good[2..], &[0xFF]].concat(), "an array without a length");
    let protected = cbor(&bytes(&Envelope::ours().protected));
    assert_eq!(good[2..6], protected[..]);
    // Protected: {1: -8} with the number, the label or the map written longer; signed as it stands.
    for other in [
        &[0xA1, 0x01, 0x38, 7][..],
        &[0xA1, 0x18, 1, 0x27],
        &[0xB8, 1, 0x01, 0x27],
        &[0xBF, 0x01, 0x27, 0xFF],
    ] {
        let envelope = Envelope { protected: other.to_vec(), ..Envelope::ours() };
        spelled(envelope.bytes(), "the protected header written longer");
    }
    // The signature in two pieces.
    let at = good.len() - 66;
    assert_eq!(good[at..at + 2], [0x58, 64]);
    let signature = &good[at + 2..];
    spelled(
        [&good[..at], &[0x5F, 0x58, 32], &signature[..32], &[0x58, 32], &signature[32..], &[0xFF]].concat(),
        "the signature in two pieces",
    );
    spelled([&good[..at], &[0x59, 0, 64], signature].concat(), "the signature's length in three bytes");
}

#[test]
fn bombs_of_depth_and_length_are_refused_at_once() {
    for (name, bomb) in [
        ("arrays in arrays", vec![0x81; 600]),
        ("maps in maps", [0xA1, 0x01].repeat(300)),
        ("tags on tags", vec![0xD2; 600]),
        ("arrays without an end", vec![0x9F; 600]),
        ("an array that claims to be long", [vec![0xD2, 0x9B], vec![0xFF; 8], vec![0; 20]].concat()),
        ("a map that claims to be long", [vec![0xD2, 0xBB], vec![0x7F; 8], vec![0; 20]].concat()),
        ("bytes that claim to be long", [vec![0xD2, 0x84, 0x5B], vec![0x7F; 8], vec![0; 20]].concat()),
        ("a text that claims to be long", [vec![0xD2, 0x84, 0x7B], vec![0xFF; 8], vec![0; 20]].concat()),
        ("pieces without an end", vec![0x5F; 600]),
    ] {
        assert_eq!(check(&encode_base32(&bomb)), CheckState::NotOurs.into(), "{name}");
        // The same inside a whole envelope, signed: the payload, and a claim.
        assert_eq!(
            check(&encode_base32(&around(&bomb))),
            CheckState::NotOurs.into(),
            "{name} as the payload"
        );
    }
}
