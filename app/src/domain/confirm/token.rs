//! The token: CWT claims (RFC 8392) in a COSE_Sign1 (RFC 9052), and its text in a QR code.
//!
//! One content has one spelling: whatever is not written exactly as we write it is not ours.

use std::sync::LazyLock;

use ciborium::Value;
use coset::iana::EnumI64 as _;
use coset::{
    CborSerializable as _, CoseSign1, CoseSign1Builder, HeaderBuilder, RegisteredLabelWithPrivate,
    TaggedCborSerializable as _, iana,
};
use data_encoding::{BASE32_NOPAD, Encoding, Specification};

use super::keys::{Algorithm, KeyId};
use super::{CaseNumber, Claims, ConfirmationKind, Holder};

/// What the private claim holds: an array of schema version, kind, number, office, start, minutes, and for what has a
/// holder the masked name and the document's last signs.
const DETAILS: i64 = -70_001;
pub(super) const SCHEMA: u64 = 1;
pub(super) const ISS: i64 = 1;
const EXP: i64 = 4;
const NBF: i64 = 5;
pub(super) const IAT: i64 = 6;
const CTI: i64 = 7;

/// The longest text that is looked at: more than any address of ours has, and little enough to cost nothing.
const LONGEST_TEXT: usize = 1_024;

/// The last second of the year 9999: whatever lies beyond is no time of ours.
const LAST_SECOND: i64 = 253_402_300_799;

/// The most signs of a masked name.
const LONGEST_NAME: usize = 4;

/// What stands for a hidden character of a name: as people see it, and as it is written, in one byte instead of three. Six
/// bytes of a long name decide whether a booking still fits QR version 10.
const MASK: &str = "＊";
const MASK_WRITTEN: &str = "*";

/// The most signs of a deployment's short name.
const LONGEST_ISSUER: usize = 8;

/// Something could not be written as CBOR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the content can't be written as CBOR")]
pub struct NotWritten;

/// What was signed, apart from who may sign: nothing here says that the signature fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed<T> {
    /// The content as read.
    pub content: T,
    /// The key that it names.
    pub key: KeyId,
    /// The number of the algorithm in the protected header; `None` for one that has no registered number.
    pub algorithm: Option<i64>,
    /// The bytes that the signature is over (COSE's `Sig_structure`).
    pub message: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

/// A content that waits for its signature.
#[derive(Clone, Debug)]
pub struct Unsigned(CoseSign1);

impl Unsigned {
    pub(super) fn new(payload: Vec<u8>, key: KeyId, algorithm: Algorithm) -> Self {
        let algorithm = match algorithm {
            Algorithm::Ed25519 => iana::Algorithm::EdDSA,
        };
        Self(envelope(payload, key, algorithm))
    }

    /// The bytes to sign.
    pub fn message(&self) -> Vec<u8> {
        self.0.tbs_data(&[])
    }

    /// The whole, tagged.
    ///
    /// # Errors
    /// It can't be written.
    pub fn signed(mut self, signature: Vec<u8>) -> Result<Vec<u8>, NotWritten> {
        self.0.signature = signature;
        self.0.to_tagged_vec().map_err(|_| NotWritten)
    }
}

fn envelope(payload: Vec<u8>, key: KeyId, algorithm: iana::Algorithm) -> CoseSign1 {
    CoseSign1Builder::new()
        .protected(HeaderBuilder::new().algorithm(algorithm).build())
        .unprotected(HeaderBuilder::new().key_id(key.0.to_vec()).build())
        .payload(payload)
        .build()
}

/// Takes apart what is signed. `read` reads the content, `write` writes it again: what differs by a bit from our own
/// spelling is refused, so that no second spelling of a content is ever accepted.
pub(super) fn open<T>(
    bytes: &[u8],
    read: impl FnOnce(&Value) -> Option<T>,
    write: impl FnOnce(&T) -> Result<Vec<u8>, NotWritten>,
) -> Option<Signed<T>> {
    let sign1 = CoseSign1::from_tagged_slice(bytes).ok()?;
    let content = read(&Value::from_slice(sign1.payload.as_deref()?).ok()?)?;
    let key = KeyId(sign1.unprotected.key_id.as_slice().try_into().ok()?);
    let algorithm = match sign1.protected.header.alg.as_ref()? {
        RegisteredLabelWithPrivate::Assigned(algorithm) => *algorithm,
        RegisteredLabelWithPrivate::PrivateUse(_) | RegisteredLabelWithPrivate::Text(_) => return None,
    };
    let mut again = envelope(write(&content).ok()?, key, algorithm);
    let message = again.tbs_data(&[]);
    again.signature.clone_from(&sign1.signature);
    if again.to_tagged_vec().ok()? != bytes {
        return None;
    }
    Some(Signed { content, key, algorithm: Some(algorithm.to_i64()), message, signature: sign1.signature })
}

/// Base 32 as people and cameras hand it back: lower case is read as upper case.
static LENIENT: LazyLock<Encoding> = LazyLock::new(|| {
    let mut spec = Specification::new();
    spec.symbols.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
    spec.translate.from.push_str("abcdefghijklmnopqrstuvwxyz");
    spec.translate.to.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    // The specification above is a constant; should it ever be wrong, the strict alphabet serves.
    spec.encoding().unwrap_or(BASE32_NOPAD)
});

/// The token's bytes as the text in the address: RFC 4648 base 32, upper case, no padding.
pub fn encode_base32(token: &[u8]) -> String {
    BASE32_NOPAD.encode(token)
}

/// Takes the token out of what a camera, a scanner or a person hands in: the whole address, or the token alone.
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    if text.len() > LONGEST_TEXT {
        return None;
    }
    let token = text.rsplit('/').next().unwrap_or(text);
    // Spare bits that are not 0 would give one token many spellings; the decoder refuses them.
    LENIENT.decode(token.as_bytes()).ok().filter(|bytes| !bytes.is_empty())
}

/// Reads a token. `None` when it isn't of our form; whether its signature fits is another question.
pub fn read(text: &str) -> Option<Signed<Claims>> {
    open(&bytes_of(text)?, read_claims, write_claims)
}

/// The claims of a token, ready to be signed by that key.
///
/// # Errors
/// They can't be written.
pub fn prepare(claims: &Claims, key: KeyId, algorithm: Algorithm) -> Result<Unsigned, NotWritten> {
    Ok(Unsigned::new(write_claims(claims)?, key, algorithm))
}

pub(super) fn int(value: i64) -> Value {
    Value::Integer(value.into())
}

pub(super) fn as_int<T: TryFrom<i128>>(value: &Value) -> Option<T> {
    value.as_integer().and_then(|i| T::try_from(i128::from(i)).ok())
}

/// A moment in Unix seconds between 1970 and 9999.
pub(super) fn as_seconds(value: &Value) -> Option<i64> {
    as_int(value).filter(|seconds| (0..=LAST_SECOND).contains(seconds))
}

/// The claim of that label in a map.
pub(super) fn claim(map: &[(Value, Value)], label: i64) -> Option<&Value> {
    map.iter().find(|(key, _)| as_int::<i64>(key) == Some(label)).map(|(_, value)| value)
}

/// The short name of a deployment.
pub(super) fn as_issuer(value: &Value) -> Option<String> {
    value.as_text().filter(|text| !text.is_empty() && text.len() <= LONGEST_ISSUER).map(str::to_owned)
}

pub(super) fn written(value: &Value) -> Result<Vec<u8>, NotWritten> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).map_err(|_| NotWritten)?;
    Ok(bytes)
}

fn write_claims(claims: &Claims) -> Result<Vec<u8>, NotWritten> {
    let mut map = vec![(int(ISS), Value::Text(claims.issuer.clone())), (int(EXP), int(claims.expires_at))];
    if let Some(not_before) = claims.not_before {
        map.push((int(NBF), int(not_before)));
    }
    map.push((int(IAT), int(claims.issued_at)));
    map.push((int(CTI), Value::Bytes(claims.id.to_vec())));
    let mut details = vec![
        Value::Integer(SCHEMA.into()),
        Value::Integer(claims.kind.code().into()),
        Value::Text(claims.number.clone()),
        Value::Integer(claims.office.into()),
        int(claims.start),
        Value::Integer(claims.minutes.into()),
    ];
    if let Some(holder) = &claims.holder {
        let name = holder.name.replace(MASK, MASK_WRITTEN);
        details.extend([Value::Text(name), Value::Text(holder.document_tail.clone())]);
    }
    map.push((int(DETAILS), Value::Array(details)));
    written(&Value::Map(map))
}

fn read_holder(name: &Value, tail: &Value) -> Option<Holder> {
    let (name, tail) = (name.as_text()?, tail.as_text()?);
    let formed = (1..=LONGEST_NAME).contains(&name.chars().count())
        && tail.len() <= 3
        && tail.bytes().all(|b| b.is_ascii_alphanumeric());
    formed.then(|| Holder { name: name.replace(MASK_WRITTEN, MASK), document_tail: tail.to_owned() })
}

fn read_claims(value: &Value) -> Option<Claims> {
    let map = value.as_map()?;
    let details = claim(map, DETAILS)?.as_array()?;
    let [schema, kind, number, office, start, minutes, holder @ ..] = details.as_slice() else { return None };
    let kind = ConfirmationKind::from_code(as_int(kind)?)?;
    let holder = match holder {
        [] if !kind.names_holder() => None,
        [name, tail] if kind.names_holder() => Some(read_holder(name, tail)?),
        _ => return None,
    };
    if as_int::<u64>(schema)? != SCHEMA {
        return None;
    }
    let number = number.as_text()?;
    if CaseNumber::parse(number).ok()?.as_str() != number {
        return None;
    }
    Some(Claims {
        issuer: as_issuer(claim(map, ISS)?)?,
        issued_at: as_seconds(claim(map, IAT)?)?,
        not_before: claim(map, NBF).map(|value| as_seconds(value).ok_or(())).transpose().ok()?,
        expires_at: as_seconds(claim(map, EXP)?)?,
        id: claim(map, CTI)?.as_bytes()?.as_slice().try_into().ok()?,
        kind,
        number: number.to_owned(),
        office: as_int(office)?,
        start: as_seconds(start)?,
        minutes: as_int::<u32>(minutes)?.into(),
        holder,
    })
}
