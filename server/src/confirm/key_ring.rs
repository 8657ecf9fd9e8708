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

/// Held by the run of `server keys` that changes the list.
const LOCK: &str = "signing-keys.lock";

/// How long the key before goes on signing after `rotate`, in milliseconds: every running server has taken the new list over
/// by then, and what the others sign until then holds.
pub(crate) const OVERLAP_MS: i64 = 5 * 60_000;

/// How long counters may be without a network and still know every key that signs, in milliseconds.
const PUBLISHED_BEFORE_MS: i64 = 24 * 3_600_000;

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
    /// Names the file and what is wrong with it; in production also what others can read or change.
    pub(crate) fn load(folder: &Path, guarded: bool) -> anyhow::Result<Self> {
        let list = read(folder)?;
        if guarded {
            list.guard(folder)?;
        }
        let signing = list.signer(folder, &list.signs)?;
        let public = list.public(folder)?;
        let trusted = public.all().iter().find(|key| key.id == signing.public().id);
        ensure!(
            trusted.is_some_and(|key| !key.lost && key.retired_at.is_none()),
            "key {} is retired and can't sign; run: server keys rotate",
            list.signs
        );
        Ok(Self { signing, public })
    }

    /// The keys that check. No private half is needed for them.
    ///
    /// # Errors
    /// Names the file and what is wrong with it.
    pub(crate) fn public_in(folder: &Path) -> anyhow::Result<PublicKeys> {
        let list = read(folder)?;
        ensure!(!list.keys.is_empty(), "{} holds no key; run: server keys make", folder.display());
        list.public(folder)
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
    fn public(&self, folder: &Path) -> anyhow::Result<PublicKeys> {
        let mut keys = Vec::with_capacity(self.keys.len());
        for (id, entry) in &self.keys {
            let key = entry.public_key(id).with_context(|| format!("{}: key {id}", list_of(folder)))?;
            keys.push(key);
        }
        keys.sort_by_key(|key| std::cmp::Reverse(key.made_at));
        Ok(keys.into_iter().collect())
    }

    /// The key `id`, ready to sign.
    fn signer(&self, folder: &Path, id: &str) -> anyhow::Result<ConfirmationKey> {
        ensure!(!self.keys.is_empty(), "{} holds no key; run: server keys make", folder.display());
        let entry = self.keys.get(id).with_context(|| {
            format!("{}: the key that signs, {id:?}, is not among the keys", list_of(folder))
        })?;
        let key = match (&entry.file, &entry.command) {
            (Some(file), None) => ConfirmationKey::load(&folder.join(file))?,
            (None, Some(command)) => {
                ConfirmationKey::by_command(public_from(&entry.public)?, command.clone())
            }
            _ => bail!("{}: key {id} wants a file or a command", list_of(folder)),
        };
        let found = key.public().id;
        ensure!(found.to_string() == id, "the file of key {id} holds another key, {found}");
        Ok(key)
    }

    /// Refuses private halves that others can read, and a list that others can change: it says which program is run.
    fn guard(&self, folder: &Path) -> anyhow::Result<()> {
        unchangeable(folder)?;
        let list = folder.join(LIST);
        if list.exists() {
            unchangeable(&list)?;
        }
        let files = self.keys.values().filter_map(|entry| entry.file.as_ref()).map(|file| folder.join(file));
        // The private half of a retired key may be gone.
        files.filter(|file| file.exists()).try_for_each(|file| guard(&file))
    }

    fn entry(&mut self, id: KeyId) -> anyhow::Result<&mut Entry> {
        self.keys.get_mut(&id.to_string()).with_context(|| format!("there is no key {id}"))
    }
}

impl Entry {
    fn public_key(&self, id: &str) -> anyhow::Result<PublicKey> {
        let key = public_from(&self.public).context("its public half")?;
        ensure!(key.id.to_string() == id, "its public half is another key's, {}", key.id);
        Ok(PublicKey {
            algorithm: self.algorithm,
            made_at: Some(moment(&self.made_at)?),
            retired_at: self.retired_at.as_deref().map(moment).transpose()?,
            lost: self.lost,
            ..key
        })
    }
}

/// The list's place, for messages.
fn list_of(folder: &Path) -> String {
    folder.join(LIST).display().to_string()
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

/// Refuses a file or folder that others on the machine can change. A folder where everybody may put things, but nobody may
/// touch another's (as of mounted secrets), is safe.
fn unchangeable(path: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let about = fs::metadata(path).with_context(|| format!("reading {}", path.display()))?;
        let mode = about.permissions().mode();
        let sticky = about.is_dir() && mode & 0o1000 != 0;
        if mode & 0o022 != 0 && !sticky {
            bail!("{} can be changed by others; run: chmod go-w {0}", path.display());
        }
    }
    Ok(())
}

/// Makes the key folder where it is missing, for its owner alone.
///
/// # Errors
/// It can't be made.
pub(crate) fn create_folder(folder: &Path) -> anyhow::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).with_context(|| format!("creating {}", folder.display()))
}

/// Waits until no other run of `server keys` changes the list, and keeps others away until it is dropped: of two runs at once,
/// each would write a list without the other's key.
fn alone(folder: &Path) -> anyhow::Result<fs::File> {
    let path = folder.join(LOCK);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path).with_context(|| format!("creating {}", path.display()))?;
    file.lock().with_context(|| format!("locking {}", path.display()))?;
    Ok(file)
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
    fs::rename(&new, &path).with_context(|| format!("writing {}", path.display()))?;
    // The new name is on the disk only when the folder is.
    #[cfg(unix)]
    fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .with_context(|| format!("writing {}", folder.display()))?;
    Ok(())
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
    let keys = list.public(folder)?;
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

/// Takes a key in. The first one signs at once; every other stands by until `rotate`. Only for who is [`alone`].
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
    let _alone = alone(folder)?;
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
/// The file is no key of ours, others can read it, or the key is in the list already.
pub(crate) fn import(folder: &Path, pem: &Path, now: Instant) -> anyhow::Result<(PublicKey, bool)> {
    // Who has read it can sign as we do.
    guard(pem)?;
    let _alone = alone(folder)?;
    let known = ConfirmationKey::load(pem)?.public().id;
    ensure!(!read(folder)?.keys.contains_key(&known.to_string()), "key {known} is in the list already");
    // Left by a run that was broken off; it was never in the list.
    let _ = fs::remove_file(folder.join(file_of(known)));
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
    mut command: Vec<String>,
    now: Instant,
) -> anyhow::Result<(PublicKey, bool)> {
    if let Some(program) = command.first_mut().filter(|program| program.contains('/')) {
        // The server may run in another folder.
        let whole = fs::canonicalize(&*program).with_context(|| format!("finding {program}"))?;
        *program =
            whole.into_os_string().into_string().map_err(|_| anyhow::anyhow!("{program:?} is no text"))?;
    }
    ConfirmationKey::by_command(public.clone(), command.clone()).sign(TRIAL).await?;
    let _alone = alone(folder)?;
    let signs = take_in(folder, &public, Private::Command(command), now)?;
    Ok((public, signs))
}

/// What is signed to see whether a key signs.
const TRIAL: &[u8] = b"a trial";

/// What `rotate` did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rotated {
    /// The key that signed until now.
    pub(crate) before: KeyId,
    /// The key that signs from now on.
    pub(crate) next: KeyId,
    /// When the key before is retired.
    pub(crate) retires: Instant,
    /// The next key was published less than a day ago: counters without a network may not know it yet.
    pub(crate) young: bool,
}

/// Lets a key that stands by sign from now on; the one that signed until now is retired a little later, when every server
/// knows.
///
/// # Errors
/// No key stands by, or the one that is named doesn't, or it does not sign.
pub(crate) async fn rotate(folder: &Path, to: Option<KeyId>, now: Instant) -> anyhow::Result<Rotated> {
    ensure!(KeyRing::is_in(folder), "{} holds no key; run: server keys make", folder.display());
    let _alone = alone(folder)?;
    let mut list = read(folder)?;
    let keys = list.public(folder)?;
    let standing_by =
        |key: &&PublicKey| key.retired_at.is_none() && !key.lost && key.id.to_string() != list.signs;
    let next = match to {
        Some(id) => keys.all().iter().filter(standing_by).find(|key| key.id == id),
        None => keys.all().iter().find(standing_by),
    };
    let next = next.context(
        "no such key stands by; run `server keys make` first, and give counters a day to load it before it signs",
    )?;
    // What can't sign is refused here, not when somebody wants a confirmation.
    list.signer(folder, &next.id.to_string())?.sign(TRIAL).await?;
    let before = KeyId::parse(&list.signs).context("the list names no key that signs")?;
    let retires = Instant(now.0 + OVERLAP_MS);
    list.entry(before)?.retired_at = Some(written(retires)?);
    list.signs = next.id.to_string();
    write(folder, &list)?;
    let young = next.made_at.is_some_and(|at| now.0 - at.0 < PUBLISHED_BEFORE_MS);
    Ok(Rotated { before, next: next.id, retires, young })
}

/// Retires a key that doesn't sign now. With `lost`, nothing that it ever signed holds any more.
///
/// # Errors
/// There is no such key, or it is the one that signs.
pub(crate) fn retire(folder: &Path, id: KeyId, lost: bool, now: Instant) -> anyhow::Result<()> {
    ensure!(KeyRing::is_in(folder), "{} holds no key; run: server keys make", folder.display());
    let _alone = alone(folder)?;
    let mut list = read(folder)?;
    ensure!(list.signs != id.to_string(), "key {id} signs now; run `server keys rotate` first");
    let end = written(now)?;
    let key = list.entry(id)?;
    key.retired_at.get_or_insert(end);
    key.lost |= lost;
    write(folder, &list)
}

/// How often a running server looks at the list.
const LOOKS_EVERY: std::time::Duration = std::time::Duration::from_secs(30);

/// Looks every half minute whether the keys were changed, and uses what it finds.
pub(crate) async fn follow(site: Site) {
    let mut turns = tokio::time::interval(LOOKS_EVERY);
    let mut watch = Watch::default();
    loop {
        turns.tick().await;
        watch.look(&site);
    }
}

/// What a running server saw of the list.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    used: Option<Vec<u8>>,
    refused: Option<String>,
}

impl Watch {
    /// Takes a changed list over. One that can't be used changes nothing: what works goes on, and the cause is logged once and
    /// looked at again each time, as the file that it names may be mended without the list.
    pub(crate) fn look(&mut self, site: &Site) {
        let folder = &site.settings().key_dir;
        let now = fs::read(folder.join(LIST)).ok();
        if now == self.used {
            self.refused = None;
            return;
        }
        let loaded = if now.is_some() {
            KeyRing::load(folder, !site.settings().is_demo())
        } else {
            // The single file that may still lie there could be of a key that was given up.
            Err(anyhow::anyhow!("{} is gone", list_of(folder)))
        };
        match loaded {
            Ok(keys) => {
                if keys.signing().public().id != site.keys().signing().public().id {
                    tracing::info!(key = %keys.signing().public().id, "another key signs confirmations now");
                }
                site.use_keys(keys);
                (self.used, self.refused) = (now, None);
            }
            Err(cause) => {
                let cause = format!("{cause:#}");
                if self.refused.as_ref() != Some(&cause) {
                    tracing::error!(cause, "the changed keys can't be used; those from before go on");
                    self.refused = Some(cause);
                }
            }
        }
    }
}
