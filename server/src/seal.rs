//! Personal data at rest: AES-256-GCM with a key file outside the database, and keyed hashes (blind indexes)
//! where a search needs them.
//!
//! A sealed text is `1` (format), 4 bytes key id, 12 bytes nonce, cipher text with tag. The place and the row
//! are authenticated with it, so that a text moved to another row or column doesn't open.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use anyhow::{Context as _, bail};
use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, Mac};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

const FORMAT: u8 = 1;
const KEY_ID: usize = 4;
const NONCE: usize = 12;
const PERSON_KEY: &str = "person_keys.wrapped";

/// Where a sealed text stands: table and column, then the row's id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// `table.column`
    pub(crate) column: &'static str,
    /// The row's id, of all its parts where there are several.
    pub(crate) row: &'a str,
}

impl Place<'_> {
    fn bytes(self) -> Vec<u8> {
        format!("{}:{}", self.column, self.row).into_bytes()
    }
}

/// A sealed text could not be made or opened: wrong key file, or the row was altered.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("a sealed text could not be made or opened")]
pub(crate) struct SealError;

/// Seals and opens personal data.
pub(crate) struct Sealer {
    current: [u8; KEY_ID],
    keys: BTreeMap<[u8; KEY_ID], Aes256Gcm>,
    index_key: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer(current key {}, {} keys)", HEXLOWER.encode(&self.current), self.keys.len())
    }
}

/// The key file, `data-keys.toml`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    current: String,
    index: Zeroizing<String>,
    keys: BTreeMap<String, Zeroizing<String>>,
}

impl Sealer {
    /// Reads the key file.
    ///
    /// # Errors
    /// Names the file and what is wrong with it, never its content.
    pub(crate) fn load(path: &Path) -> anyhow::Result<Self> {
        let text =
            Zeroizing::new(fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?);
        let file: KeyFile = toml::from_str(&text).map_err(|_| {
            anyhow::anyhow!("{} is not a key file: current, index and [keys] are needed", path.display())
        })?;
        let mut keys = BTreeMap::new();
        for (id, key) in &file.keys {
            let key = Zeroizing::new(BASE64.decode(key.as_bytes()).unwrap_or_default());
            let Ok(cipher) = Aes256Gcm::new_from_slice(&key) else {
                bail!("{}: key {id} is not 32 bytes in base64", path.display());
            };
            keys.insert(key_id(path, id)?, cipher);
        }
        let current = key_id(path, &file.current)?;
        if !keys.contains_key(&current) {
            bail!("{}: the current key {} is not among [keys]", path.display(), file.current);
        }
        let index_key = Zeroizing::new(BASE64.decode(file.index.as_bytes()).unwrap_or_default());
        if index_key.len() != 32 {
            bail!("{}: index is not 32 bytes in base64", path.display());
        }
        Ok(Self { current, keys, index_key })
    }

    /// Writes a new key file that only its owner can read.
    ///
    /// # Errors
    /// The file exists or can't be written.
    pub(crate) fn create(path: &Path) -> anyhow::Result<()> {
        let id = HEXLOWER.encode(&random::<KEY_ID>()?);
        let key = Zeroizing::new(BASE64.encode(&*Zeroizing::new(random::<32>()?)));
        let index = Zeroizing::new(BASE64.encode(&*Zeroizing::new(random::<32>()?)));
        let text = Zeroizing::new(format!(
            "# Opens the personal data in the database. Keep a copy apart from the database's copies.\n\
             # To rotate, add a key, name it as current and keep the old ones.\n\
             current = \"{id}\"\nindex = \"{}\"\n\n[keys]\n{id} = \"{}\"\n",
            *index, *key
        ));
        write_secret(path, text.as_bytes())
    }

    /// Seals a text for one place.
    ///
    /// # Errors
    /// The system has no randomness.
    pub(crate) fn seal(&self, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce = random::<NONCE>().map_err(|_| SealError)?;
        let cipher = self.keys.get(&self.current).ok_or(SealError)?;
        let sealed = cipher
            .encrypt(Nonce::from_slice(&nonce), Payload { msg: plain, aad: &place.bytes() })
            .map_err(|_| SealError)?;
        let mut text = Vec::with_capacity(1 + KEY_ID + NONCE + sealed.len());
        text.push(FORMAT);
        text.extend_from_slice(&self.current);
        text.extend_from_slice(&nonce);
        text.extend_from_slice(&sealed);
        Ok(text)
    }

    /// Opens a text that was sealed for this place.
    ///
    /// # Errors
    /// Another place, an unknown key, or an altered text.
    pub(crate) fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (head, text) = sealed.split_at_checked(1 + KEY_ID + NONCE).ok_or(SealError)?;
        let (id, nonce) = head[1..].split_at(KEY_ID);
        let cipher = self.keys.get(id).filter(|_| head[0] == FORMAT).ok_or(SealError)?;
        cipher
            .decrypt(Nonce::from_slice(nonce), Payload { msg: text, aad: &place.bytes() })
            .map(Zeroizing::new)
            .map_err(|_| SealError)
    }

    /// Seals a value as JSON.
    ///
    /// # Errors
    /// As [`Self::seal`].
    pub(crate) fn seal_json(
        &self,
        place: Place<'_>,
        value: &impl serde::Serialize,
    ) -> Result<Vec<u8>, SealError> {
        let plain = Zeroizing::new(serde_json::to_vec(value).map_err(|_| SealError)?);
        self.seal(place, &plain)
    }

    /// Opens a value that was sealed as JSON.
    ///
    /// # Errors
    /// As [`Self::open`], or the value has another shape.
    pub(crate) fn open_json<T: serde::de::DeserializeOwned>(
        &self,
        place: Place<'_>,
        sealed: &[u8],
    ) -> Result<T, SealError> {
        serde_json::from_slice(&self.open(place, sealed)?).map_err(|_| SealError)
    }

    /// Opens a text.
    ///
    /// # Errors
    /// As [`Self::open`], or it is no text.
    pub(crate) fn open_text(&self, place: Place<'_>, sealed: &[u8]) -> Result<String, SealError> {
        String::from_utf8(self.open(place, sealed)?.to_vec()).map_err(|_| SealError)
    }

    /// A fresh key for one person, sealed, to be kept in that person's row of `person_keys`.
    ///
    /// # Errors
    /// The system has no randomness.
    pub(crate) fn new_person_key(&self, person: &str) -> Result<Vec<u8>, SealError> {
        let key = Zeroizing::new(random::<32>().map_err(|_| SealError)?);
        self.seal(Place { column: PERSON_KEY, row: person }, &*key)
    }

    /// A sealer with one person's own key. What it seals is lost for good once that key is.
    ///
    /// # Errors
    /// The key was sealed for another person, or with a key file that isn't here.
    pub(crate) fn of_person(&self, person: &str, wrapped: &[u8]) -> Result<Self, SealError> {
        let key = self.open(Place { column: PERSON_KEY, row: person }, wrapped)?;
        let cipher = Aes256Gcm::new_from_slice(&key).map_err(|_| SealError)?;
        let id = [0; KEY_ID];
        Ok(Self { current: id, keys: BTreeMap::from([(id, cipher)]), index_key: self.index_key.clone() })
    }

    /// A keyed hash to search by: the same value gives the same 64 hexadecimal signs, and nobody without the
    /// key can try values. `purpose` keeps the indexes of different columns apart.
    pub(crate) fn index(&self, purpose: &'static str, value: &str) -> String {
        self.authenticate(purpose, value.as_bytes())
    }

    /// A keyed hash that proves later that whoever made it had the key file: 64 hexadecimal signs.
    pub(crate) fn authenticate(&self, purpose: &'static str, value: &[u8]) -> String {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.index_key).expect("HMAC takes any key");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(value);
        HEXLOWER.encode(&mac.finalize().into_bytes())
    }
}

fn key_id(path: &Path, id: &str) -> anyhow::Result<[u8; KEY_ID]> {
    let bytes = HEXLOWER.decode(id.as_bytes()).unwrap_or_default();
    bytes
        .try_into()
        .map_err(|_| anyhow::anyhow!("{}: key id {id} is not 8 hexadecimal signs", path.display()))
}

/// Random bytes from the system.
///
/// # Errors
/// The system has none.
pub(crate) fn random<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| anyhow::anyhow!("the system gives no random bytes"))?;
    Ok(bytes)
}

/// A random number of 64 bits.
///
/// # Errors
/// The system has none.
pub(crate) fn random_u64() -> anyhow::Result<u64> {
    Ok(u64::from_le_bytes(random::<8>()?))
}

/// A random secret of 160 bits as 32 lower-case signs.
///
/// # Errors
/// The system has none.
pub(crate) fn random_secret() -> anyhow::Result<String> {
    Ok(data_encoding::BASE32_NOPAD.encode(&random::<20>()?).to_ascii_lowercase())
}

/// A time-ordered id of 26 signs: 48 bits of milliseconds, 80 random bits (the layout of a ULID).
///
/// # Errors
/// The system has no randomness.
pub(crate) fn new_id(now: app::domain::time::Instant) -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&now.0.to_be_bytes()[2..]);
    bytes[6..].copy_from_slice(&random::<10>()?);
    Ok(data_encoding::BASE32HEX_NOPAD.encode(&bytes).to_ascii_lowercase())
}

/// SHA-256 in hexadecimal, for secrets that are random enough to need no key.
pub(crate) fn sha256(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

/// Writes a file that only its owner can read, and that must not exist yet.
///
/// # Errors
/// The file exists or can't be written.
pub(crate) fn write_secret(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("creating {}", path.display()))?;
    file.write_all(content)
        .and_then(|()| file.sync_all())
        .with_context(|| format!("writing {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'_> = Place { column: "applications.mobile", row: "a1" };

    fn sealer(folder: &tempfile::TempDir) -> Sealer {
        let path = folder.path().join("data-keys.toml");
        Sealer::create(&path).and_then(|()| Sealer::load(&path)).expect("a key file")
    }

    #[test]
    fn a_sealed_text_opens_in_its_own_row_and_column_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let sealer = sealer(&folder);
        let sealed = sealer.seal(HERE, b"13900000000").expect("sealed");
        assert_eq!(sealer.open_text(HERE, &sealed).ok().as_deref(), Some("13900000000"));
        assert!(sealer.open(Place { row: "a2", ..HERE }, &sealed).is_err());
        assert!(sealer.open(Place { column: "applications.story", ..HERE }, &sealed).is_err());
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(sealer.open(HERE, &altered).is_err(), "byte {at}");
        }
    }

    #[test]
    fn texts_of_an_old_key_open_after_rotation() {
        let folder = tempfile::tempdir().expect("a folder");
        let old = sealer(&folder);
        let sealed = old.seal(HERE, b"x").expect("sealed");
        let path = folder.path().join("data-keys.toml");
        let text = fs::read_to_string(&path).expect("read");
        let new_key = BASE64.encode(&[7; 32]);
        let text = format!("{text}0a0b0c0d = \"{new_key}\"\n");
        let current = text.lines().find(|l| l.starts_with("current")).expect("a line").to_owned();
        fs::write(&path, text.replace(&current, "current = \"0a0b0c0d\"")).expect("written");
        let new = Sealer::load(&path).expect("loaded");
        assert_eq!(new.open_text(HERE, &sealed).ok().as_deref(), Some("x"));
        assert!(old.open(HERE, &new.seal(HERE, b"y").expect("sealed")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_is_its_owners_alone_and_is_never_overwritten() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data-keys.toml");
        Sealer::create(&path).expect("made");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        assert!(Sealer::create(&path).is_err());
    }

    #[test]
    fn what_a_persons_key_sealed_opens_with_that_key_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let sealer = sealer(&folder);
        let wrapped = sealer.new_person_key("a").expect("a key");
        let own = sealer.of_person("a", &wrapped).expect("opened");
        let sealed = own.seal(HERE, b"x").expect("sealed");
        assert_eq!(own.open_text(HERE, &sealed).ok().as_deref(), Some("x"));
        assert!(sealer.open(HERE, &sealed).is_err());
        assert!(sealer.of_person("b", &wrapped).is_err(), "a key moved to another person");
        let other = sealer.of_person("b", &sealer.new_person_key("b").expect("a key")).expect("opened");
        assert!(other.open(HERE, &sealed).is_err());
    }

    #[test]
    fn ids_sort_by_time() {
        let earlier = new_id(app::domain::time::Instant(1_000)).expect("an id");
        let later = new_id(app::domain::time::Instant(2_000)).expect("an id");
        assert!(earlier < later && earlier.len() == 26);
    }
}
