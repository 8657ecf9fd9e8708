//! The key folder: the key that signs confirmations, and the keys that open personal data.

use std::path::Path;

use anyhow::{Context as _, bail};

use crate::confirm::{SigningKeyFile, VerifyingKeys};
use crate::seal::Sealer;
use crate::settings::{Profile, Settings};

const SIGNING: &str = "signing.pem";
const DATA: &str = "data-keys.toml";

/// The keys of this deployment.
#[derive(Debug)]
pub(crate) struct Keys {
    /// Signs confirmations.
    pub(crate) signing: SigningKeyFile,
    /// Opens personal data.
    pub(crate) sealer: Sealer,
}

/// Reads the keys. The demo makes the missing ones; production wants them put there by a person who keeps a copy.
///
/// # Errors
/// Names the missing or unreadable file, and in production how to make it.
pub(crate) fn load_or_create(settings: &Settings) -> anyhow::Result<Keys> {
    let folder = &settings.key_dir;
    let (signing, data) = (folder.join(SIGNING), folder.join(DATA));
    if settings.profile == Profile::Demo {
        std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        std::fs::create_dir_all(&settings.data_dir)
            .with_context(|| format!("creating {}", settings.data_dir.display()))?;
        if !signing.exists() {
            SigningKeyFile::create(&signing)?;
        }
        if !data.exists() {
            Sealer::create(&data)?;
        }
    } else {
        require(&signing, "make one with: (umask 077; openssl genpkey -algorithm ed25519 -out FILE)")?;
        require(
            &data,
            "it holds three lines: current = \"0a1b2c3d\", index = \"…\" and [keys] with 0a1b2c3d = \"…\"; each … is \
             the output of: openssl rand -base64 32",
        )?;
        guard(&signing)?;
        guard(&data)?;
    }
    Ok(Keys { signing: SigningKeyFile::load(&signing)?, sealer: Sealer::load(&data)? })
}

/// The public keys that confirmations are checked with.
///
/// # Errors
/// The signing key can't be read.
pub(crate) fn public(settings: &Settings) -> anyhow::Result<VerifyingKeys> {
    let signing = SigningKeyFile::load(&settings.key_dir.join(SIGNING))?;
    Ok(VerifyingKeys::default().with(signing.public()))
}

fn require(file: &Path, how: &str) -> anyhow::Result<()> {
    if file.exists() {
        return Ok(());
    }
    bail!(
        "{} is missing (setting key_dir); keys are never made on the way in production: {how}",
        file.display()
    )
}

/// Refuses a key file that others on the machine can read.
fn guard(file: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(file)
            .with_context(|| format!("reading {}", file.display()))?
            .permissions()
            .mode();
        if mode & 0o077 != 0 {
            bail!("{} can be read by others; run: chmod 600 {0}", file.display());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_makes_its_keys_once_and_production_never_makes_any() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::for_tests();
        settings.data_dir = folder.path().join("data");
        settings.key_dir = folder.path().join("keys");
        settings.profile = Profile::Production;
        let refused = load_or_create(&settings).expect_err("no keys are there");
        assert!(format!("{refused:#}").contains("signing.pem"), "{refused:#}");
        settings.profile = Profile::Demo;
        let first = load_or_create(&settings).expect("made").signing.id();
        assert_eq!(load_or_create(&settings).expect("read").signing.id(), first);
    }

    #[cfg(unix)]
    #[test]
    fn production_refuses_a_key_that_others_can_read() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::for_tests();
        settings.data_dir = folder.path().join("data");
        settings.key_dir = folder.path().join("keys");
        load_or_create(&settings).expect("made");
        settings.profile = Profile::Production;
        load_or_create(&settings).expect("safe");
        let signing = settings.key_dir.join(SIGNING);
        std::fs::set_permissions(&signing, std::fs::Permissions::from_mode(0o644)).expect("opened");
        assert!(load_or_create(&settings).is_err());
    }
}
