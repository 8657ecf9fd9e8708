//! The ring of keys in the key folder: which key signs, which stand by, which are retired.
//!
//! `signing-keys.toml` lists them; `server keys` writes it. A folder that has `signing.pem` alone, as the demo makes it, is a
//! ring of that one key.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use app::domain::confirm::keys::{Algorithm, KeyId, PublicKey, PublicKeys};
use app::domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::keys::{ConfirmationKey, copy_into, file_of, public_from};
use crate::seal::write_secret;
use crate::site::Site;

/// The list of keys.
const LIST: &str = "signing-keys.toml";

/// The one key of a folder without a list.
const ONLY: &str = "signing.pem";

const HEAD: &str =
    "# The keys of confirmations. `server keys` writes this file; what you write here by hand is lost.\n\n";

/// The list as it stands in the file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    /// The id of the key that signs.
    signs: String,
    /// All keys by id.
    keys: BTreeMap<String, Entry>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    algorithm: Algorithm,
    /// The public half in base64url.
    public: String,
    /// The private half: a file in the key folder …
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<PathBuf>,
    /// … or a program that signs.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<Vec<String>>,
    made_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retired_at: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    lost: bool,
}

/// The keys of this deployment.
#[derive(Clone, Debug)]
pub(crate) struct KeyRing {
    signing: ConfirmationKey,
    public: PublicKeys,
}

impl KeyRing {
    /// A ring of one key.
    #[cfg(test)]
    pub(crate) fn of(signing: ConfirmationKey) -> Self {
        Self { public: PublicKeys::default().with(signing.public().clone()), signing }
    }

    /// Whether the folder holds a key.
    pub(crate) fn is_in(folder: &Path) -> bool {
        folder.join(LIST).exists() || folder.join(ONLY).exists()
    }

    /// Reads the folder.
    ///
    /// # Errors
    /// Names the file and what is wrong with it; in production also a private key that others can read.
    pub(crate) fn load(folder: &Path, guarded: bool) -> anyhow::Result<Self> {
        let list = read(folder)?;
        let signs = list.keys.get(&list.signs).with_context(|| {
            format!(
                "{}: the key that signs, {:?}, is not among the keys",
                folder.join(LIST).display(),
                list.signs
            )
        })?;
        let public = list.public().with_context(|| format!("reading {}", folder.join(LIST).display()))?;
        let signing = match (&signs.file, &signs.command) {
            (Some(file), None) => {
                let path = folder.join(file);
                if guarded {
                    guard(&path)?;
                }
                ConfirmationKey::load(&path)?
            }
            (None, Some(command)) => {
                ConfirmationKey::by_command(public_from(&signs.public)?, command.clone())
            }
            _ => bail!("{}: key {} wants a file or a command", folder.join(LIST).display(), list.signs),
        };
        ensure!(
            signing.public().id.to_string() == list.signs,
            "the file of key {} holds another key, {}",
            list.signs,
            signing.public().id
        );
        let trusted = public.all().iter().find(|key| key.id == signing.public().id);
        ensure!(
            trusted.is_some_and(|key| !key.lost && key.retired_at.is_none()),
            "key {} is retired and can't sign; run: server keys rotate",
            list.signs
        );
        Ok(Self { signing, public })
    }

    /// The key that signs now.
    pub(crate) fn signing(&self) -> &ConfirmationKey {
        &self.signing
    }

    /// The keys that check.
    pub(crate) fn public(&self) -> &PublicKeys {
        &self.public
    }
}

impl List {
    /// The public halves, the newest first.
    fn public(&self) -> anyhow::Result<PublicKeys> {
        let mut keys = Vec::with_capacity(self.keys.len());
        for (id, entry) in &self.keys {
            let key = public_from(&entry.public).with_context(|| format!("the public half of key {id}"))?;
            ensure!(key.id.to_string() == *id, "the public half of key {id} is another key's, {}", key.id);
            keys.push(PublicKey {
                algorithm: entry.algorithm,
                made_at: Some(moment(&entry.made_at)?),
                retired_at: entry.retired_at.as_deref().map(moment).transpose()?,
                lost: entry.lost,
                ..key
            });
        }
        keys.sort_by_key(|key| std::cmp::Reverse(key.made_at));
        Ok(keys.into_iter().collect())
    }

    fn entry(&mut self, id: KeyId) -> anyhow::Result<&mut Entry> {
        self.keys.get_mut(&id.to_string()).with_context(|| format!("there is no key {id}"))
    }
}

fn moment(text: &str) -> anyhow::Result<Instant> {
    let at: jiff::Timestamp = text.parse().with_context(|| format!("{text:?} is no moment"))?;
    Ok(Instant(at.as_millisecond()))
}

fn written(at: Instant) -> anyhow::Result<String> {
    // Whole seconds, as tokens have them.
    Ok(jiff::Timestamp::from_second(at.seconds())?.to_string())
}

/// Refuses a key file that others on the machine can read.
///
/// # Errors
/// Names the file and the command that mends it.
pub(crate) fn guard(file: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode =
            fs::metadata(file).with_context(|| format!("reading {}", file.display()))?.permissions().mode();
        if mode & 0o077 != 0 {
            bail!("{} can be read by others; run: chmod 600 {0}", file.display());
        }
    }
    Ok(())
}

/// The list of a folder; of one with a single file, the list that it amounts to.
fn read(folder: &Path) -> anyhow::Result<List> {
    let path = folder.join(LIST);
    if path.exists() {
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        return toml::from_str(&text).with_context(|| format!("reading {}", path.display()));
    }
    let only = folder.join(ONLY);
    if !only.exists() {
        return Ok(List::default());
    }
    let key = ConfirmationKey::load(&only)?;
    let made = fs::metadata(&only)
        .and_then(|file| file.modified())
        .ok()
        .and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok())
        .and_then(|since| i64::try_from(since.as_millis()).ok());
    let id = key.public().id.to_string();
    let entry = Entry {
        algorithm: Algorithm::Ed25519,
        public: data_encoding::BASE64URL_NOPAD.encode(&key.public().bytes),
        file: Some(ONLY.into()),
        command: None,
        made_at: written(Instant(made.unwrap_or_default()))?,
        retired_at: None,
        lost: false,
    };
    Ok(List { signs: id.clone(), keys: BTreeMap::from([(id, entry)]) })
}

/// Writes the list: the old one stays until the new one is on the disk.
fn write(folder: &Path, list: &List) -> anyhow::Result<()> {
    let (new, path) = (folder.join(format!("{LIST}.new")), folder.join(LIST));
    // Left by a start that was broken off; it was never in use.
    let _ = fs::remove_file(&new);
    write_secret(&new, format!("{HEAD}{}", toml::to_string(list)?).as_bytes())?;
    fs::rename(&new, &path).with_context(|| format!("writing {}", path.display()))
}

/// One key for the list that people read.
#[derive(Clone, Debug)]
pub(crate) struct KeyLine {
    /// Its public half.
    pub(crate) public: PublicKey,
    /// It signs now.
    pub(crate) signs: bool,
    /// Where its private half is.
    pub(crate) place: String,
}

/// All keys, the newest first.
///
/// # Errors
/// The list can't be read.
pub(crate) fn lines(folder: &Path) -> anyhow::Result<Vec<KeyLine>> {
    let list = read(folder)?;
    let keys = list.public()?;
    Ok(keys
        .all()
        .iter()
        .map(|public| {
            let id = public.id.to_string();
            let entry = list.keys.get(&id);
            let place = match entry.map(|entry| (&entry.file, &entry.command)) {
                Some((Some(file), _)) if folder.join(file).exists() => file.display().to_string(),
                Some((_, Some(command))) => command.join(" "),
                _ => "(no private half here)".to_owned(),
            };
            KeyLine { signs: list.signs == id, place, public: public.clone() }
        })
        .collect())
}

/// Takes a key in. The first one signs at once; every other stands by until `rotate`.
fn take_in(folder: &Path, key: &PublicKey, private: Private, now: Instant) -> anyhow::Result<bool> {
    let mut list = read(folder)?;
    let id = key.id.to_string();
    ensure!(!list.keys.contains_key(&id), "key {id} is in the list already");
    let (file, command) = match private {
        Private::File(file) => (Some(file), None),
        Private::Command(command) => (None, Some(command)),
    };
    let entry = Entry {
        algorithm: key.algorithm,
        public: data_encoding::BASE64URL_NOPAD.encode(&key.bytes),
        file,
        command,
        made_at: written(now)?,
        retired_at: None,
        lost: false,
    };
    let first = list.keys.is_empty();
    if first {
        list.signs.clone_from(&id);
    }
    list.keys.insert(id, entry);
    write(folder, &list)?;
    Ok(first)
}

enum Private {
    File(PathBuf),
    Command(Vec<String>),
}

/// Makes a key in the folder. Gives it, and whether it signs from now on.
///
/// # Errors
/// A file can't be written.
pub(crate) fn make(folder: &Path, now: Instant) -> anyhow::Result<(PublicKey, bool)> {
    let new = folder.join("signing-new.pem");
    // Left by a run that was broken off; it was never in the list.
    let _ = fs::remove_file(&new);
    ConfirmationKey::create(&new)?;
    let key = ConfirmationKey::load(&new)?.public().clone();
    let file = file_of(key.id);
    fs::rename(&new, folder.join(&file)).with_context(|| format!("writing {}", file.display()))?;
    let signs = take_in(folder, &key, Private::File(file), now)?;
    Ok((key, signs))
}

/// Takes a key in that was made elsewhere; its file is copied.
///
/// # Errors
/// The file is no key of ours, or it is in the list already.
pub(crate) fn import(folder: &Path, pem: &Path, now: Instant) -> anyhow::Result<(PublicKey, bool)> {
    let known = ConfirmationKey::load(pem)?.public().id;
    ensure!(!read(folder)?.keys.contains_key(&known.to_string()), "key {known} is in the list already");
    let key = copy_into(folder, pem)?.public().clone();
    let signs = take_in(folder, &key, Private::File(file_of(key.id)), now)?;
    Ok((key, signs))
}

/// Takes a key in whose private half a program keeps. It is tried first.
///
/// # Errors
/// The program doesn't sign with that key, or the key is in the list already.
pub(crate) async fn import_command(
    folder: &Path,
    public: PublicKey,
    command: Vec<String>,
    now: Instant,
) -> anyhow::Result<(PublicKey, bool)> {
    ConfirmationKey::by_command(public.clone(), command.clone()).sign(b"a trial").await?;
    let signs = take_in(folder, &public, Private::Command(command), now)?;
    Ok((public, signs))
}

/// Lets a key that stands by sign from now on; the one that signed until now is retired. Gives both.
///
/// # Errors
/// No key stands by, or the one that is named doesn't.
pub(crate) fn rotate(folder: &Path, to: Option<KeyId>, now: Instant) -> anyhow::Result<(KeyId, KeyId)> {
    let mut list = read(folder)?;
    let keys = list.public()?;
    let standing_by =
        |key: &&PublicKey| key.retired_at.is_none() && !key.lost && key.id.to_string() != list.signs;
    let next = match to {
        Some(id) => keys.all().iter().filter(standing_by).find(|key| key.id == id),
        None => keys.all().iter().find(standing_by),
    };
    let next = next
        .context(
            "no such key stands by; run `server keys make` first, and give counters a day to load it before it signs",
        )?
        .id;
    let before = KeyId::parse(&list.signs).context("the list names no key that signs")?;
    let end = written(now)?;
    let old = list.entry(before)?;
    old.retired_at.get_or_insert(end);
    list.signs = next.to_string();
    write(folder, &list)?;
    // What can't sign must not be refused on the next start instead of now.
    KeyRing::load(folder, false)?;
    Ok((before, next))
}

/// Retires a key that doesn't sign now. With `lost`, nothing that it ever signed holds any more.
///
/// # Errors
/// There is no such key, or it is the one that signs.
pub(crate) fn retire(folder: &Path, id: KeyId, lost: bool, now: Instant) -> anyhow::Result<()> {
    let mut list = read(folder)?;
    ensure!(list.signs != id.to_string(), "key {id} signs now; run `server keys rotate` first");
    let end = written(now)?;
    let key = list.entry(id)?;
    key.retired_at.get_or_insert(end);
    key.lost |= lost;
    write(folder, &list)
}

/// Looks every half minute whether the keys were changed, and uses what it finds. A folder that can't be read changes
/// nothing: what works goes on.
pub(crate) async fn follow(site: Site) {
    let mut turns = tokio::time::interval(std::time::Duration::from_secs(30));
    let mut seen = None;
    loop {
        turns.tick().await;
        let now = fs::read(site.settings().key_dir.join(LIST)).ok();
        if now == seen {
            continue;
        }
        // At the first turn the server has just read it; a change between the two is taken over here.
        match KeyRing::load(&site.settings().key_dir, !site.settings().is_demo()) {
            Ok(keys) => {
                if keys.signing().public().id != site.keys().signing().public().id {
                    tracing::info!(key = %keys.signing().public().id, "another key signs confirmations now");
                }
                site.use_keys(keys);
            }
            Err(cause) => tracing::error!(cause = format!("{cause:#}"), "the changed keys can't be used"),
        }
        seen = now;
    }
}
