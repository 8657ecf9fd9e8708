//! The public keys of confirmations: which key's word holds, and since and until when. The algorithm is a property of the
//! key, never of a token.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::check::CheckState;
use crate::domain::time::Instant;

/// The id of a key in the token: the first 4 bytes of the SHA-256 of its public half.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 4]);

impl KeyId {
    /// The id from its 8 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl std::fmt::Debug for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// How a key signs. One more (SM2) is one more line here, in the COSE and JOSE names, and where signatures are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// EdDSA over edwards25519 (RFC 8032); -8 in COSE, `EdDSA` in JOSE.
    Ed25519,
}

impl Algorithm {
    /// The number in a token's protected header (RFC 9053).
    pub const fn cose(self) -> i64 {
        match self {
            Self::Ed25519 => -8,
        }
    }
}

/// The public half of a key, and until when we take its word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// Its id in tokens.
    pub id: KeyId,
    /// How it signs.
    pub algorithm: Algorithm,
    /// Its bytes: the point, compressed.
    pub bytes: [u8; 32],
    /// When it came into the ring, where that is known.
    pub made_at: Option<Instant>,
    /// It signs nothing since; what it signed before holds.
    pub retired_at: Option<Instant>,
    /// It may be in other hands: nothing that it ever signed holds.
    pub lost: bool,
}

impl PublicKey {
    /// A key that is in use.
    pub fn new(bytes: [u8; 32]) -> Self {
        let hash = Sha256::digest(bytes);
        let id = KeyId([hash[0], hash[1], hash[2], hash[3]]);
        Self { id, algorithm: Algorithm::Ed25519, bytes, made_at: None, retired_at: None, lost: false }
    }

    /// The SHA-256 of its bytes in groups of four hexadecimal digits, for people to compare.
    pub fn fingerprint(&self) -> String {
        let hex = data_encoding::HEXLOWER.encode(&Sha256::digest(self.bytes));
        let groups: Vec<&str> = (0..hex.len()).step_by(4).map(|at| &hex[at..at + 4]).collect();
        groups.join(" ")
    }
}

/// The public keys that a deployment accepts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicKeys(Vec<PublicKey>);

impl PublicKeys {
    /// Accepts one more key.
    #[must_use]
    pub fn with(mut self, key: PublicKey) -> Self {
        self.0.push(key);
        self
    }

    /// All of them, in the order in which they were given.
    pub fn all(&self) -> &[PublicKey] {
        &self.0
    }

    /// The key that may have signed what names `id` and the algorithm `cose`, and says that it was issued at `issued_at`. A
    /// key that is retired is taken at its word for what is older than its end.
    ///
    /// # Errors
    /// [`CheckState::UnknownKey`] for a key that isn't ours, or whose word did not hold then; [`CheckState::Altered`] for
    /// another algorithm than the key's.
    pub fn for_check(
        &self,
        id: KeyId,
        cose: Option<i64>,
        issued_at: Instant,
    ) -> Result<&PublicKey, CheckState> {
        let key = self.0.iter().find(|key| key.id == id).ok_or(CheckState::UnknownKey)?;
        if key.lost || key.retired_at.is_some_and(|end| issued_at >= end) {
            return Err(CheckState::UnknownKey);
        }
        if cose == Some(key.algorithm.cose()) { Ok(key) } else { Err(CheckState::Altered) }
    }
}

impl FromIterator<PublicKey> for PublicKeys {
    fn from_iter<I: IntoIterator<Item = PublicKey>>(keys: I) -> Self {
        Self(keys.into_iter().collect())
    }
}

/// A key as others read it (RFC 7517, RFC 8037).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// `OKP`.
    pub kty: String,
    /// The curve: `Ed25519`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub crv: String,
    /// `EdDSA`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub alg: String,
    /// The key's bytes in base64url.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub x: String,
    /// The key id of tokens in hexadecimal.
    #[serde(default)]
    pub kid: String,
    /// `sig`.
    #[serde(rename = "use", default)]
    pub usage: String,
    /// Ours, in Unix seconds: what the key signed from then on doesn't hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<i64>,
}

/// The keys of `/.well-known/jwks.json`. A key that is lost is not among them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JwkSet {
    /// All keys whose word holds, wholly or for what is older.
    pub keys: Vec<Jwk>,
}

impl JwkSet {
    /// The set that publishes those keys.
    pub fn of(keys: &PublicKeys) -> Self {
        let keys = keys.all().iter().filter(|key| !key.lost).map(|key| {
            let (kty, crv, alg) = match key.algorithm {
                Algorithm::Ed25519 => ("OKP", "Ed25519", "EdDSA"),
            };
            Jwk {
                kty: kty.to_owned(),
                crv: crv.to_owned(),
                alg: alg.to_owned(),
                x: data_encoding::BASE64URL_NOPAD.encode(&key.bytes),
                kid: key.id.to_string(),
                usage: "sig".to_owned(),
                retired_at: key.retired_at.map(Instant::seconds),
            }
        });
        Self { keys: keys.collect() }
    }

    /// The keys that can be checked with. One of a form that we don't know, or whose id isn't its own, is left out.
    pub fn public(&self) -> PublicKeys {
        self.keys
            .iter()
            .filter(|jwk| jwk.kty == "OKP" && jwk.crv == "Ed25519" && jwk.alg == "EdDSA")
            .filter_map(|jwk| {
                let bytes = data_encoding::BASE64URL_NOPAD.decode(jwk.x.as_bytes()).ok()?;
                let key = PublicKey::new(bytes.try_into().ok()?);
                (key.id.to_string() == jwk.kid)
                    .then(|| PublicKey { retired_at: jwk.retired_at.map(Instant::from_seconds), ..key })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_published_is_what_is_read() {
        let retired = PublicKey { retired_at: Some(Instant(1_795_000_000_000)), ..PublicKey::new([7; 32]) };
        let lost = PublicKey { lost: true, ..PublicKey::new([8; 32]) };
        let keys = PublicKeys::default().with(retired.clone()).with(lost).with(PublicKey::new([9; 32]));
        let mut set = JwkSet::of(&keys);
        let read: Vec<_> = set.public().all().to_vec();
        assert_eq!(read, [retired, PublicKey::new([9; 32])], "a lost key is nobody's business any more");
        set.keys[0].kid = "00000000".into();
        set.keys[1].kty = "EC".into();
        assert_eq!(set.public(), PublicKeys::default());
    }

    #[test]
    fn a_retired_keys_word_holds_for_what_is_older() {
        let end = Instant(1_795_000_000_000);
        let key = PublicKey { retired_at: Some(end), ..PublicKey::new([7; 32]) };
        let keys = PublicKeys::default().with(key.clone());
        let before = keys.for_check(key.id, Some(-8), Instant(end.0 - 1_000));
        assert_eq!(before, Ok(&key));
        assert_eq!(keys.for_check(key.id, Some(-8), end), Err(CheckState::UnknownKey));
        assert_eq!(keys.for_check(key.id, Some(-7), Instant(0)), Err(CheckState::Altered));
        assert_eq!(keys.for_check(key.id, None, Instant(0)), Err(CheckState::Altered));
        assert_eq!(keys.for_check(KeyId([0; 4]), Some(-8), Instant(0)), Err(CheckState::UnknownKey));
    }
}
