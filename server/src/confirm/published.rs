//! The public keys as others read them: a JWK set (RFC 7517, RFC 8037) and a COSE key set (RFC 9052, 7).

use ciborium::Value;
use serde_json::json;

use super::keys::{Algorithm, PublicKey, VerifyingKeys};

/// Keys whose word holds, wholly or for what is older.
fn trusted(keys: &VerifyingKeys) -> impl Iterator<Item = &PublicKey> {
    keys.all().iter().filter(|key| !key.lost)
}

/// The keys as a JWK set. `kid` is the key id of tokens in hexadecimal; `retired_at`, in Unix seconds, is ours: what the key
/// signed from then on doesn't hold.
pub(crate) fn jwk_set(keys: &VerifyingKeys) -> serde_json::Value {
    let keys: Vec<_> = trusted(keys)
        .map(|key| {
            let mut jwk = match key.algorithm {
                Algorithm::Ed25519 => json!({
                    "kty": "OKP",
                    "crv": "Ed25519",
                    "alg": "EdDSA",
                    "x": data_encoding::BASE64URL_NOPAD.encode(key.bytes()),
                }),
            };
            jwk["kid"] = json!(key.id.to_string());
            jwk["use"] = json!("sig");
            if let Some(end) = key.retired_at {
                jwk["retired_at"] = json!(end.seconds());
            }
            jwk
        })
        .collect();
    json!({ "keys": keys })
}

/// The keys as a COSE key set: an array of COSE_Key maps, for verifying alone.
///
/// # Errors
/// It can't be written as CBOR.
pub(crate) fn cose_key_set(keys: &VerifyingKeys) -> anyhow::Result<Vec<u8>> {
    let int = |value: i64| Value::Integer(value.into());
    let keys = trusted(keys)
        .map(|key| {
            // kty OKP, kid, alg, key_ops [verify], crv Ed25519, x (RFC 9053, 7.2).
            let fields = match key.algorithm {
                Algorithm::Ed25519 => vec![
                    (int(1), int(1)),
                    (int(2), Value::Bytes(key.id.0.to_vec())),
                    (int(3), int(key.algorithm.cose())),
                    (int(4), Value::Array(vec![int(2)])),
                    (int(-1), int(6)),
                    (int(-2), Value::Bytes(key.bytes().to_vec())),
                ],
            };
            Value::Map(fields)
        })
        .collect();
    let mut set = Vec::new();
    ciborium::into_writer(&Value::Array(keys), &mut set)
        .map_err(|_| anyhow::anyhow!("writing the COSE key set"))?;
    Ok(set)
}
