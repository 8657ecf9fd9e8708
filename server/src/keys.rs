//! The key folder: the key that signs confirmations, and the keys that open personal data.

use std::path::Path;

use anyhow::{Context as _, bail};
use app::domain::confirm::keys::PublicKeys;

use crate::confirm::key_ring::{create_folder, guard};
use crate::confirm::{ConfirmationKey, KeyRing};
use crate::seal::Sealer;
use crate::settings::{Profile, Settings};

const SIGNING: &str = "signing.pem";
const DATA: &str = "data-keys.toml";

/// The keys of this deployment.
#[derive(Debug)]
pub(crate) struct Keys {
    /// Sign and check confirmations.
    pub(crate) ring: KeyRing,
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
        create_folder(folder)?;
        std::fs::create_dir_all(&settings.data_dir)
            .with_context(|| format!("creating {}", settings.data_dir.display()))?;
        if !KeyRing::is_in(folder) {
            ConfirmationKey::create(&signing)?;
        }
        if !data.exists() {
            Sealer::create(&data)?;
        }
    } else {
        if !KeyRing::is_in(folder) {
            bail!(
                "{} holds no key that signs (setting key_dir); keys are never made on the way in production: make one \
                 with `server keys make`, or take one in with `server keys import FILE`",
                folder.display()
            );
        }
        require(
            &data,
            "it holds three lines: current = \"0a1b2c3d\", index = \"…\" and [keys] with 0a1b2c3d = \"…\"; each … is \
             the output of: openssl rand -base64 32",
        )?;
        guard(&data)?;
    }
    let ring = KeyRing::load(folder, settings.profile == Profile::Production)?;
    Ok(Keys { ring, sealer: Sealer::load(&data)? })
}

/// The public keys that confirmations are checked with.
///
/// # Errors
/// The keys can't be read.
pub(crate) fn public(settings: &Settings) -> anyhow::Result<PublicKeys> {
    KeyRing::public_in(&settings.key_dir)
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
        assert!(format!("{refused:#}").contains("server keys make"), "{refused:#}");
        settings.profile = Profile::Demo;
        let first = load_or_create(&settings).expect("made").ring.signing().public().id;
        assert_eq!(load_or_create(&settings).expect("read").ring.signing().public().id, first);
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
