//! The key that signs confirmations, and the arithmetic of its signatures.

use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use app::domain::confirm::keys::{Algorithm, KeyId, PublicKey};
use ed25519_dalek::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, KeypairBytes,
    spki::der::pem::LineEnding,
};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use zeroize::Zeroizing;

use crate::seal::{random, write_secret};

/// How long a program that signs may take.
const SIGN_WITHIN: Duration = Duration::from_secs(5);

/// How much of what it writes is read.
const MAX_ANSWER: u64 = 1024;

/// Whether a signature is that key's own over a message.
pub(crate) fn fits(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    match key.algorithm {
        // The strict check refuses keys and signatures that more than one message could share.
        Algorithm::Ed25519 => VerifyingKey::from_bytes(&key.bytes).is_ok_and(|point| {
            Signature::from_slice(signature)
                .is_ok_and(|signature| point.verify_strict(message, &signature).is_ok())
        }),
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
            let mut command = tokio::process::Command::new(program);
            command.args(arguments);
            // Our settings may hold secrets that are none of its business.
            for variable in crate::settings::variables() {
                command.env_remove(variable);
            }
            let mut child = command
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .kill_on_drop(true)
                .spawn()
                .with_context(|| format!("running {program}"))?;
            let mut input = child.stdin.take().context("the program has no input")?;
            let output = child.stdout.take().context("the program has no output")?;
            let answer = async {
                // A program that fails may end without reading; its end tells more than the broken pipe.
                match input.write_all(message).await {
                    Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => return Err(cause),
                    _ => drop(input),
                }
                let mut signature = Vec::new();
                output.take(MAX_ANSWER).read_to_end(&mut signature).await?;
                // One that writes without end is not waited for.
                let status =
                    if (signature.len() as u64) < MAX_ANSWER { Some(child.wait().await?) } else { None };
                Ok((signature, status))
            };
            let (signature, status) = tokio::time::timeout(SIGN_WITHIN, answer)
                .await
                .with_context(|| format!("{program} took longer than {} s", SIGN_WITHIN.as_secs()))?
                .with_context(|| format!("running {program}"))?;
            if let Some(status) = status {
                ensure!(status.success(), "{program} failed ({status})");
            }
            ensure!(signature.len() == 64, "{program} did not write the 64 bytes of a signature");
            Ok(signature)
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
        let key = read_private(path)?;
        Ok(Self { public: PublicKey::new(key.verifying_key().to_bytes()), signer: Arc::new(InMemory(key)) })
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
        ensure!(
            fits(&self.public, message, &signature),
            "the signature is not one of key {}",
            self.public.id
        );
        Ok(signature)
    }
}

/// Reads a private key from PKCS#8 PEM, of the first version or the second.
fn read_private(path: &Path) -> anyhow::Result<SigningKey> {
    let pem =
        Zeroizing::new(fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?);
    ensure!(
        !pem.contains("ENCRYPTED"),
        "{} is encrypted; take the password off first: openssl pkey -in {0} -out PLAIN",
        path.display()
    );
    SigningKey::from_pkcs8_pem(&pem)
        .map_err(|_| anyhow::anyhow!("{} is not an Ed25519 key in PKCS#8 PEM", path.display()))
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
    Ok(PublicKey::new(key.to_bytes()))
}

/// A public key from its bytes in base64url.
///
/// # Errors
/// It is none.
pub(crate) fn public_from(text: &str) -> anyhow::Result<PublicKey> {
    let bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).context("not base64url")?;
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| anyhow::anyhow!("not 32 bytes"))?;
    VerifyingKey::from_bytes(&bytes).context("not a point of the curve")?;
    Ok(PublicKey::new(bytes))
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
    let key = read_private(pem)?;
    let path = folder.join(file_of(PublicKey::new(key.verifying_key().to_bytes()).id));
    write_pem(&path, &key)?;
    ConfirmationKey::load(&path)
}
