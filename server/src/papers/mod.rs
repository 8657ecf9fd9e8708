//! Photos of papers: taken in, drawn anew with a mark, sealed, and put behind a port.

mod bucket;
mod files;
mod intake;
mod mark;

use std::sync::Arc;

use anyhow::Context as _;
use app::domain::papers::PhotoError;
use app::domain::time::Instant;
use bytes::Bytes;
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use tokio::sync::Semaphore;

pub(crate) use files::{PaperStore, Part};
pub(crate) use intake::Taken;

use crate::seal::random;
use crate::site::Site;
use crate::store::StoreError;
use crate::store::papers::KeptPaper;

/// Photos that are decoded at the same time. Each may take a few hundred megabytes while it is.
const AT_ONCE: usize = 1;

/// Photos that are received or wait at the same time: each lies in memory as it was sent.
const RECEIVED_AT_ONCE: usize = 24;

/// A file without a row is left alone for so long: its row may be about to be written.
const ORPHAN_MS: i64 = 3_600_000;

/// What intake needs beside the database.
#[derive(Debug)]
pub(crate) struct Papers {
    files: PaperStore,
    at_once: Arc<Semaphore>,
    /// Who may receive a photo now.
    pub(crate) received: Semaphore,
}

impl Papers {
    /// With the pictures in this store.
    pub(crate) fn new(files: PaperStore) -> Self {
        Self { files, at_once: Arc::new(Semaphore::new(AT_ONCE)), received: Semaphore::new(RECEIVED_AT_ONCE) }
    }

    /// Where the pictures lie.
    pub(crate) fn files(&self) -> &PaperStore {
        &self.files
    }

    /// Judges a file and draws it anew, one at a time, where no other request waits for it.
    ///
    /// # Errors
    /// See [`PhotoError`].
    pub(crate) async fn take_in(&self, file: Bytes, day: Date) -> Result<Taken, PhotoError> {
        // Never closed.
        let _turn = self.at_once.clone().acquire_owned().await;
        match tokio::task::spawn_blocking(move || intake::take_in(&file, day)).await {
            Ok(taken) => taken,
            // A decoder that panics over a file has not been able to read it.
            Err(cause) => {
                tracing::warn!(%cause, "a photo could not be read");
                Err(PhotoError::Unreadable)
            }
        }
    }
}

/// A name for a new picture: it says nothing, and nobody guesses it.
///
/// # Errors
/// The system has no randomness.
pub(crate) fn new_object() -> anyhow::Result<String> {
    Ok(HEXLOWER.encode(&random::<20>()?))
}

/// Seals a picture and its small one, and puts both where they stay. They last when this returns.
///
/// # Errors
/// They can't be written.
pub(crate) async fn keep(site: &Site, object: &str, taken: &Taken) -> Result<(), StoreError> {
    for (part, picture) in [(Part::Whole, &taken.picture), (Part::Small, &taken.small)] {
        let sealed = site.store().seal_picture(object, part, picture)?;
        site.papers().files().put(object, part, sealed).await?;
    }
    Ok(())
}

/// A picture as it was kept.
///
/// # Errors
/// Its file is gone, or doesn't open with our keys.
pub(crate) async fn picture(site: &Site, paper: &KeptPaper, part: Part) -> Result<Vec<u8>, StoreError> {
    let sealed = site.papers().files().get(&paper.object, part).await?;
    site.store().open_picture(&paper.object, part, &sealed)
}

/// Removes the files of pictures that no row names any more.
///
/// # Errors
/// The database failed, or a file can't be removed; the housekeeping tries again.
pub(crate) async fn forget(site: &Site, objects: &[String]) -> Result<u64, StoreError> {
    let mut gone = 0;
    for object in site.store().objects_without_rows(objects).await? {
        site.papers().files().delete(&object).await.context("removing a picture")?;
        gone += 1;
    }
    Ok(gone)
}

/// Removes the files that no row names and that are old enough for none to be about to come.
///
/// # Errors
/// As [`forget`].
pub(crate) async fn sweep(site: &Site, now: Instant) -> Result<u64, StoreError> {
    let mut gone = 0;
    for folder in site.papers().files().folders().await? {
        let old = site.papers().files().older_than(&folder, now.0 - ORPHAN_MS).await?;
        gone += forget(site, &old).await?;
    }
    Ok(gone)
}
