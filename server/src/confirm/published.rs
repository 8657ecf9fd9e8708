//! The public keys as a COSE key set (RFC 9052, 7). As a JWK set they are in `app::domain::confirm::keys`.

use app::domain::confirm::keys::{Algorithm, PublicKey, PublicKeys};
use ciborium::Value;

/// Keys whose word holds, wholly or for what is older.
fn trusted(keys: &PublicKeys) -> impl Iterator<Item = &PublicKey> {
    keys.all().iter().filter(|key| !key.lost)
}

/// The keys as a COSE key set: an array of COSE_Key maps, for verifying alone.
///
/// # Errors
/// It can't be written as CBOR.
pub(crate) fn cose_key_set(keys: &PublicKeys) -> anyhow::Result<Vec<u8>> {
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
                    (int(-2), Value::Bytes(key.bytes.to_vec())),
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
