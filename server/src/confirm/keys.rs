//! The key that signs confirmations, and the public keys that check them.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use ed25519_dalek::pkcs8::{
    DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes, spki::der::pem::LineEnding,
};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::seal::{random, write_secret};

/// The id of a key in the token: the first 4 bytes of the SHA-256 of its public half.
pub(crate) type KeyId = [u8; 4];

fn key_id(key: &VerifyingKey) -> KeyId {
    let hash = Sha256::digest(key.as_bytes());
    [hash[0], hash[1], hash[2], hash[3]]
}

/// The private key in use, from a PKCS#8 PEM file.
pub(crate) struct SigningKeyFile(SigningKey);

impl std::fmt::Debug for SigningKeyFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKeyFile({})", data_encoding::HEXLOWER.encode(&self.id()))
    }
}

impl SigningKeyFile {
    /// Reads the key.
    ///
    /// # Errors
    /// Names the file; its content is never told.
    pub(crate) fn load(path: &Path) -> anyhow::Result<Self> {
        let pem =
            Zeroizing::new(fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?);
        let key = SigningKey::from_pkcs8_pem(&pem)
            .map_err(|_| anyhow::anyhow!("{} is not an Ed25519 key in PKCS#8 PEM", path.display()))?;
        Ok(Self(key))
    }

    /// Writes a new key that only its owner can read.
    ///
    /// # Errors
    /// The file exists or can't be written.
    pub(crate) fn create(path: &Path) -> anyhow::Result<()> {
        let key = SigningKey::from_bytes(&Zeroizing::new(random::<32>()?));
        // Without the public half: the older form of PKCS#8, which every tool reads.
        let pair = KeypairBytes { secret_key: key.to_bytes(), public_key: None };
        let pem =
            pair.to_pkcs8_pem(LineEnding::LF).map_err(|_| anyhow::anyhow!("encoding the new signing key"))?;
        write_secret(path, pem.as_bytes())
    }

    /// The key's id in tokens.
    pub(crate) fn id(&self) -> KeyId {
        key_id(&self.0.verifying_key())
    }

    /// The public half.
    pub(crate) fn public(&self) -> VerifyingKey {
        self.0.verifying_key()
    }

    /// Signs the bytes that COSE names.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).to_bytes().to_vec()
    }
}

/// The public keys that this deployment accepts.
#[derive(Clone, Debug, Default)]
pub(crate) struct VerifyingKeys(Vec<VerifyingKey>);

impl VerifyingKeys {
    /// Accepts one more key.
    #[must_use]
    pub(crate) fn with(mut self, key: VerifyingKey) -> Self {
        self.0.push(key);
        self
    }

    /// Whether the signature is one of the key of that id; `None` for a key that we don't know.
    pub(crate) fn verify(&self, id: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
        let key = self.0.iter().find(|key| key_id(key) == id)?;
        let fits = Signature::from_slice(signature)
            // The strict check refuses keys and signatures that more than one message could share.
            .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok());
        Some(fits)
    }
}
