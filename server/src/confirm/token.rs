//! The token: CWT claims (RFC 8392) in a COSE_Sign1 (RFC 9052), and its text in a QR code.

use app::domain::confirm::{CheckOutcome, Claims, ConfirmationKind, Holder};
use app::domain::time::Instant;
use ciborium::Value;
use coset::iana::EnumI64 as _;
use coset::{
    CborSerializable as _, CoseSign1, CoseSign1Builder, HeaderBuilder, RegisteredLabelWithPrivate,
    TaggedCborSerializable as _, iana,
};
use data_encoding::{BASE32_NOPAD, Encoding, Specification};
use std::sync::LazyLock;

use super::keys::{Algorithm, KeyAnswer};
use super::{ConfirmationKey, VerifyingKeys};

/// What the private claim holds: an array of schema version, kind, number, office, start, minutes, and for what has a
/// holder the masked name and the document's last signs.
const DETAILS: i64 = -70_001;
const SCHEMA: u64 = 1;
const ISS: i64 = 1;
const EXP: i64 = 4;
const NBF: i64 = 5;
const IAT: i64 = 6;
const CTI: i64 = 7;

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
pub(crate) fn encode_base32(token: &[u8]) -> String {
    BASE32_NOPAD.encode(token)
}

/// Signs claims; gives the token's bytes.
///
/// # Errors
/// The claims can't be written as CBOR, or the key does not sign.
pub(crate) async fn sign(claims: &Claims, key: &ConfirmationKey) -> anyhow::Result<Vec<u8>> {
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
        details.extend([Value::Text(holder.name.clone()), Value::Text(holder.document_tail.clone())]);
    }
    map.push((int(DETAILS), Value::Array(details)));
    let mut payload = Vec::new();
    ciborium::into_writer(&Value::Map(map), &mut payload).map_err(|_| anyhow::anyhow!("writing claims"))?;
    let algorithm = match key.public().algorithm {
        Algorithm::Ed25519 => iana::Algorithm::EdDSA,
    };
    let mut token = CoseSign1Builder::new()
        .protected(HeaderBuilder::new().algorithm(algorithm).build())
        .unprotected(HeaderBuilder::new().key_id(key.public().id.0.to_vec()).build())
        .payload(payload)
        .build();
    token.signature = key.sign(&token.tbs_data(&[])).await?;
    token.to_tagged_vec().map_err(|_| anyhow::anyhow!("writing a token"))
}

/// Takes the token out of what a camera, a scanner or a person hands in: the whole address, or the token alone.
/// `None` when it isn't of our form.
fn read_text(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let token = text.rsplit('/').next().unwrap_or(text);
    // Spare bits that are not 0 would give one token many spellings; the decoder refuses them.
    LENIENT.decode(token.as_bytes()).ok().filter(|bytes| !bytes.is_empty())
}

/// Judges a token at the time `now`.
pub(crate) fn verify(text: &str, keys: &VerifyingKeys, issuer: &str, now: Instant) -> CheckOutcome {
    let Some(sign1) = read_text(text).and_then(|bytes| CoseSign1::from_tagged_slice(&bytes).ok()) else {
        return CheckOutcome::NotOurs;
    };
    let Some(claims) = sign1.payload.as_deref().and_then(read_claims) else { return CheckOutcome::NotOurs };
    if claims.issuer != issuer {
        return CheckOutcome::NotOurs;
    }
    let algorithm = match &sign1.protected.header.alg {
        Some(RegisteredLabelWithPrivate::Assigned(algorithm)) => Some(algorithm.to_i64()),
        Some(RegisteredLabelWithPrivate::PrivateUse(number)) => Some(*number),
        _ => None,
    };
    let (issued, key) = (Instant::from_seconds(claims.issued_at), &sign1.unprotected.key_id);
    match keys.judge(key, algorithm, issued, &sign1.tbs_data(&[]), &sign1.signature) {
        KeyAnswer::Fits => {}
        KeyAnswer::Altered => return CheckOutcome::Altered,
        KeyAnswer::Unknown => return CheckOutcome::UnknownKey,
    }
    let seconds = now.seconds();
    if seconds >= claims.expires_at {
        CheckOutcome::Expired(claims)
    } else if claims.not_before.is_some_and(|from| seconds < from) {
        CheckOutcome::NotYet(claims)
    } else {
        CheckOutcome::Valid(claims)
    }
}

fn int(value: i64) -> Value {
    Value::Integer(value.into())
}

fn as_int<T: TryFrom<i128>>(value: &Value) -> Option<T> {
    value.as_integer().and_then(|i| T::try_from(i128::from(i)).ok())
}

fn read_claims(payload: &[u8]) -> Option<Claims> {
    let value = Value::from_slice(payload).ok()?;
    let map = value.as_map()?;
    let claim = |label: i64| map.iter().find(|(k, _)| as_int::<i64>(k) == Some(label)).map(|(_, v)| v);
    let details = claim(DETAILS)?.as_array()?;
    let [schema, kind, number, office, start, minutes, holder @ ..] = details.as_slice() else { return None };
    let holder = match holder {
        [] => None,
        [name, tail] => {
            Some(Holder { name: name.as_text()?.to_owned(), document_tail: tail.as_text()?.to_owned() })
        }
        _ => return None,
    };
    if as_int::<u64>(schema)? != SCHEMA {
        return None;
    }
    Some(Claims {
        issuer: claim(ISS)?.as_text()?.to_owned(),
        issued_at: as_int(claim(IAT)?)?,
        not_before: claim(NBF).and_then(as_int),
        expires_at: as_int(claim(EXP)?)?,
        id: claim(CTI)?.as_bytes()?.as_slice().try_into().ok()?,
        kind: ConfirmationKind::from_code(as_int(kind)?)?,
        number: number.as_text()?.to_owned(),
        office: as_int(office)?,
        start: as_int(start)?,
        minutes: as_int(minutes)?,
        holder,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::confirm::qr::qr_version;

    fn key(folder: &tempfile::TempDir, name: &str) -> ConfirmationKey {
        let path = folder.path().join(name);
        ConfirmationKey::create(&path).and_then(|()| ConfirmationKey::load(&path)).expect("a key")
    }

    fn claims() -> Claims {
        Claims {
            issuer: "XW".into(),
            issued_at: 1_795_000_000,
            not_before: None,
            expires_at: 1_826_536_000,
            id: [0xA5; 10],
            kind: ConfirmationKind::AidReceipt,
            number: "LS261123483920".into(),
            office: 320_214_050,
            start: 1_795_000_000,
            minutes: 0,
            holder: None,
        }
    }

    fn card() -> Claims {
        let holder = Holder { name: "阿＊＊＊".into(), document_tail: "99X".into() };
        let number = "KP261123483920".into();
        Claims { kind: ConfirmationKind::Card, number, holder: Some(holder), ..claims() }
    }

    #[tokio::test]
    async fn a_card_names_its_holder_and_a_receipt_nobody() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = key(&folder, "a.pem");
        let keys = VerifyingKeys::default().with(key.public().clone());
        for claims in [card(), claims()] {
            let token = encode_base32(&sign(&claims, &key).await.expect("signed"));
            assert_eq!(verify(&token, &keys, "XW", NOW), CheckOutcome::Valid(claims));
        }
        assert!(!format!("{:?}", card()).contains("99X"));
    }

    /// The most signs that version 10 at level M holds in alphanumeric mode.
    const MAX_QR_TEXT: usize = 311;
    const NOW: Instant = Instant(1_795_000_001_000);

    #[tokio::test]
    async fn a_token_is_read_back_in_any_dress() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = key(&folder, "a.pem");
        let keys = VerifyingKeys::default().with(key.public().clone());
        let token = encode_base32(&sign(&claims(), &key).await.expect("signed"));
        for text in [token.clone(), token.to_lowercase(), format!(" HTTPS://XW.EXAMPLE.CN/V/{token}\n")] {
            assert_eq!(verify(&text, &keys, "XW", NOW), CheckOutcome::Valid(claims()));
        }
    }

    #[tokio::test]
    async fn every_altered_bit_of_a_token_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = key(&folder, "a.pem");
        let keys = VerifyingKeys::default().with(key.public().clone());
        let token = sign(&claims(), &key).await.expect("signed");
        for at in 0..token.len() {
            for bit in 0..8 {
                let mut altered = token.clone();
                altered[at] ^= 1 << bit;
                let outcome = verify(&encode_base32(&altered), &keys, "XW", NOW);
                assert!(
                    matches!(
                        outcome,
                        CheckOutcome::Altered | CheckOutcome::UnknownKey | CheckOutcome::NotOurs
                    ),
                    "byte {at} bit {bit}: {outcome:?}"
                );
            }
        }
    }

    #[tokio::test]
    async fn spare_bits_truncation_and_trailing_bytes_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = key(&folder, "a.pem");
        let keys = VerifyingKeys::default().with(key.public().clone());
        let token = sign(&claims(), &key).await.expect("signed");
        let mut longer = token.clone();
        longer.push(0);
        assert_eq!(verify(&encode_base32(&longer), &keys, "XW", NOW), CheckOutcome::NotOurs);
        assert_eq!(
            verify(&encode_base32(&token[..token.len() - 1]), &keys, "XW", NOW),
            CheckOutcome::NotOurs
        );
        for text in ["", "/V/", "1", "你好", "LS261123483920"] {
            assert_eq!(verify(text, &keys, "XW", NOW), CheckOutcome::NotOurs, "{text}");
        }
    }

    #[tokio::test]
    async fn another_key_another_issuer_and_another_time_are_each_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let key_a = key(&folder, "a.pem");
        let token = encode_base32(&sign(&claims(), &key_a).await.expect("signed"));
        let others = VerifyingKeys::default().with(key(&folder, "b.pem").public().clone());
        let keys = others.clone().with(key_a.public().clone());
        assert_eq!(verify(&token, &others, "XW", NOW), CheckOutcome::UnknownKey);
        assert_eq!(verify(&token, &keys, "YZ", NOW), CheckOutcome::NotOurs);
        let later = Instant(claims().expires_at * 1_000);
        assert_eq!(verify(&token, &keys, "XW", later), CheckOutcome::Expired(claims()));
        let future = Claims { not_before: Some(1_795_000_500), ..claims() };
        let token = encode_base32(&sign(&future, &key_a).await.expect("signed"));
        assert_eq!(verify(&token, &keys, "XW", NOW), CheckOutcome::NotYet(future));
    }

    #[tokio::test]
    async fn the_longest_card_fits_qr_version_10_at_level_m() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = key(&folder, "a.pem");
        let longest = Claims { issuer: "XWMZ".into(), office: 320_214_050_001, ..card() };
        let token = encode_base32(&sign(&longest, &key).await.expect("signed"));
        let text = format!("{}/V/{token}", "H".repeat(40));
        assert!(text.len() <= MAX_QR_TEXT, "{} signs", text.len());
        assert!(qr_version(&text).expect("drawn") <= 10);
    }

    #[tokio::test]
    async fn the_longest_receipt_fits_qr_version_10_at_level_m() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = key(&folder, "a.pem");
        let longest = Claims { issuer: "XWMZ".into(), ..claims() };
        let token = encode_base32(&sign(&longest, &key).await.expect("signed"));
        let text = format!("{}/V/{token}", "H".repeat(40));
        assert!(text.len() <= MAX_QR_TEXT, "{} signs", text.len());
        assert!(qr_version(&text).expect("drawn") <= 10);
    }
}
