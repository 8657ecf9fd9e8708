//! The keys of confirmations: the one that signs, and the public ones that check. The algorithm is a property of the key,
//! never of a token.

use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use app::domain::time::Instant;
use ed25519_dalek::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, KeypairBytes,
    spki::der::pem::LineEnding,
};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;
use zeroize::Zeroizing;

use crate::seal::{random, write_secret};

/// How long a program that signs may take.
const SIGN_WITHIN: Duration = Duration::from_secs(5);

/// The id of a key in the token: the first 4 bytes of the SHA-256 of its public half.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct KeyId(pub(crate) [u8; 4]);

impl KeyId {
    /// The id from its 8 hexadecimal digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
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

/// How a key signs. One more (SM2) is one more line here, in the COSE and JOSE names, and in `fits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Algorithm {
    /// EdDSA over edwards25519 (RFC 8032); -8 in COSE, `EdDSA` in JOSE.
    Ed25519,
}

impl Algorithm {
    /// The number in a token's protected header (RFC 9053).
    pub(crate) const fn cose(self) -> i64 {
        match self {
            Self::Ed25519 => -8,
        }
    }
}

/// The public half of a key, and until when we take its word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey {
    /// Its id in tokens.
    pub(crate) id: KeyId,
    /// How it signs.
    pub(crate) algorithm: Algorithm,
    pub(super) key: VerifyingKey,
    /// When it came into the ring, where that is known.
    pub(crate) made_at: Option<Instant>,
    /// It signs nothing since; what it signed before holds.
    pub(crate) retired_at: Option<Instant>,
    /// It may be in other hands: nothing that it ever signed holds.
    pub(crate) lost: bool,
}

impl PublicKey {
    /// A key that is in use.
    pub(crate) fn new(key: VerifyingKey) -> Self {
        let hash = Sha256::digest(key.as_bytes());
        let id = KeyId([hash[0], hash[1], hash[2], hash[3]]);
        Self { id, algorithm: Algorithm::Ed25519, key, made_at: None, retired_at: None, lost: false }
    }

    /// Its bytes: the point, compressed.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// The SHA-256 of its bytes in groups of four hexadecimal digits, for people to compare.
    pub(crate) fn fingerprint(&self) -> String {
        let hex = data_encoding::HEXLOWER.encode(&Sha256::digest(self.bytes()));
        let groups: Vec<&str> = (0..hex.len()).step_by(4).map(|at| &hex[at..at + 4]).collect();
        groups.join(" ")
    }

    fn fits(&self, message: &[u8], signature: &[u8]) -> bool {
        match self.algorithm {
            // The strict check refuses keys and signatures that more than one message could share.
            Algorithm::Ed25519 => Signature::from_slice(signature)
                .is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok()),
        }
    }
}

/// What a key says of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyAnswer {
    /// It is the key's own, and the key's word held when it was given.
    Fits,
    /// It isn't: the content was changed, or the algorithm is another.
    Altered,
    /// The key isn't ours, or its word did not hold any more.
    Unknown,
}

/// The public keys that this deployment accepts.
#[derive(Clone, Debug, Default)]
pub(crate) struct VerifyingKeys(Vec<PublicKey>);

impl VerifyingKeys {
    /// Accepts one more key.
    #[must_use]
    pub(crate) fn with(mut self, key: PublicKey) -> Self {
        self.0.push(key);
        self
    }

    /// All of them, the newest first.
    pub(crate) fn all(&self) -> &[PublicKey] {
        &self.0
    }

    /// Judges a signature that names the key `id` and the algorithm `cose`, over a message that says it was issued at
    /// `issued_at`. A key that is retired is taken at its word for what is older than its end.
    pub(crate) fn judge(
        &self,
        id: &[u8],
        cose: Option<i64>,
        issued_at: Instant,
        message: &[u8],
        signature: &[u8],
    ) -> KeyAnswer {
        let Some(key) = self.0.iter().find(|key| key.id.0 == id) else { return KeyAnswer::Unknown };
        if key.lost || key.retired_at.is_some_and(|end| issued_at >= end) {
            return KeyAnswer::Unknown;
        }
        if cose == Some(key.algorithm.cose()) && key.fits(message, signature) {
            KeyAnswer::Fits
        } else {
            KeyAnswer::Altered
        }
    }
}

/// A signature, or why there is none.
pub(crate) type Signed<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Vec<u8>>> + Send + 'a>>;

/// The port behind which a private key lies: in a file, or in a device of its own.
pub(crate) trait Signer: Send + Sync {
    /// Signs the bytes that COSE names.
    fn sign<'a>(&'a self, message: &'a [u8]) -> Signed<'a>;
}

/// A private key in memory, read from a PKCS#8 PEM file.
struct InMemory(SigningKey);

impl Signer for InMemory {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Signed<'a> {
        let signature = self.0.sign(message).to_bytes().to_vec();
        Box::pin(std::future::ready(Ok(signature)))
    }
}

/// A program that signs, such as one that asks a hardware module: it reads the message from its input, and writes the 64
/// bytes of the signature and nothing else.
struct ByCommand(Vec<String>);

impl Signer for ByCommand {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Signed<'a> {
        Box::pin(async move {
            let [program, arguments @ ..] = self.0.as_slice() else { bail!("no program is named") };
            let mut child = tokio::process::Command::new(program)
                .args(arguments)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .kill_on_drop(true)
                .spawn()
                .with_context(|| format!("running {program}"))?;
            let mut input = child.stdin.take().context("the program has no input")?;
            let answer = async {
                input.write_all(message).await?;
                drop(input);
                child.wait_with_output().await
            };
            let output = tokio::time::timeout(SIGN_WITHIN, answer)
                .await
                .with_context(|| format!("{program} took longer than {} s", SIGN_WITHIN.as_secs()))?
                .with_context(|| format!("running {program}"))?;
            ensure!(output.status.success(), "{program} failed ({})", output.status);
            Ok(output.stdout)
        })
    }
}

/// The key that signs.
#[derive(Clone)]
pub(crate) struct ConfirmationKey {
    public: PublicKey,
    signer: Arc<dyn Signer>,
}

impl std::fmt::Debug for ConfirmationKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ConfirmationKey({})", self.public.id)
    }
}

impl ConfirmationKey {
    /// Reads a key from a PKCS#8 PEM file.
    ///
    /// # Errors
    /// Names the file; its content is never told.
    pub(crate) fn load(path: &Path) -> anyhow::Result<Self> {
        let pem =
            Zeroizing::new(fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?);
        let key = SigningKey::from_pkcs8_pem(&pem)
            .map_err(|_| anyhow::anyhow!("{} is not an Ed25519 key in PKCS#8 PEM", path.display()))?;
        Ok(Self { public: PublicKey::new(key.verifying_key()), signer: Arc::new(InMemory(key)) })
    }

    /// A key whose private half a program keeps.
    pub(crate) fn by_command(public: PublicKey, command: Vec<String>) -> Self {
        Self { public, signer: Arc::new(ByCommand(command)) }
    }

    /// Writes a new key that only its owner can read.
    ///
    /// # Errors
    /// The file exists or can't be written.
    pub(crate) fn create(path: &Path) -> anyhow::Result<()> {
        let key = SigningKey::from_bytes(&Zeroizing::new(random::<32>()?));
        write_pem(path, &key)
    }

    /// Its public half.
    pub(crate) fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs the bytes that COSE names, and looks at the signature before it is given away: a device that fails must not
    /// put a false confirmation into anybody's hands.
    ///
    /// # Errors
    /// The program that keeps the key failed, or what it gave is no signature of this key.
    pub(crate) async fn sign(&self, message: &[u8]) -> anyhow::Result<Vec<u8>> {
        let signature = self.signer.sign(message).await.context("signing a confirmation")?;
        ensure!(self.public.fits(message, &signature), "the signature is not one of key {}", self.public.id);
        Ok(signature)
    }
}

fn write_pem(path: &Path, key: &SigningKey) -> anyhow::Result<()> {
    // Without the public half: the older form of PKCS#8, which every tool reads.
    let pair = KeypairBytes { secret_key: key.to_bytes(), public_key: None };
    let pem =
        pair.to_pkcs8_pem(LineEnding::LF).map_err(|_| anyhow::anyhow!("encoding the new signing key"))?;
    write_secret(path, pem.as_bytes())
}

/// Reads a public key in PEM (SPKI).
///
/// # Errors
/// Names the file.
pub(crate) fn read_public(path: &Path) -> anyhow::Result<PublicKey> {
    let pem = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let key = VerifyingKey::from_public_key_pem(&pem)
        .map_err(|_| anyhow::anyhow!("{} is not an Ed25519 public key in PEM", path.display()))?;
    Ok(PublicKey::new(key))
}

/// A public key from its bytes in base64url.
///
/// # Errors
/// It is none.
pub(crate) fn public_from(text: &str) -> anyhow::Result<PublicKey> {
    let bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).context("not base64url")?;
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| anyhow::anyhow!("not 32 bytes"))?;
    Ok(PublicKey::new(VerifyingKey::from_bytes(&bytes).context("not a point of the curve")?))
}

/// The name of a new key's file.
pub(crate) fn file_of(id: KeyId) -> PathBuf {
    format!("signing-{id}.pem").into()
}

/// Copies a private key into the folder under its own name; gives it.
///
/// # Errors
/// The file is no key, or there is one of that name already.
pub(crate) fn copy_into(folder: &Path, pem: &Path) -> anyhow::Result<ConfirmationKey> {
    let text = Zeroizing::new(fs::read_to_string(pem).with_context(|| format!("reading {}", pem.display()))?);
    let key = SigningKey::from_pkcs8_pem(&text)
        .map_err(|_| anyhow::anyhow!("{} is not an Ed25519 key in PKCS#8 PEM", pem.display()))?;
    let path = folder.join(file_of(PublicKey::new(key.verifying_key()).id));
    write_pem(&path, &key)?;
    ConfirmationKey::load(&path)
}
