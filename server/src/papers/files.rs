//! The port behind which pictures lie: a folder, or a bucket of an S3-compatible store. Which of them, only
//! [`PaperStore::open`] knows.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Name;
use object_store::{ObjectStore, ObjectStoreExt as _};

use super::bucket;
use crate::settings::Settings;
use crate::store::StoreError;

/// Which of the two pictures of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// To read.
    Whole,
    /// For a list.
    Small,
}

impl Part {
    const ALL: [Self; 2] = [Self::Whole, Self::Small];

    /// What stands behind the object's name.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::Small => "-small",
        }
    }
}

/// Sealed pictures by name. What is put lasts; what is read is what was put.
#[derive(Clone)]
pub(crate) struct PaperStore(Arc<dyn ObjectStore>);

impl std::fmt::Debug for PaperStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PaperStore")
    }
}

/// Names share folders by their first two signs, so that no folder grows without end.
fn name(object: &str, part: Part) -> Name {
    let folder = object.get(..2).unwrap_or_default();
    Name::from(format!("{folder}/{object}{}", part.suffix()))
}

impl PaperStore {
    /// Opens the bucket that the settings name, or the folder.
    ///
    /// # Errors
    /// The folder can't be made or read. A bucket is not asked yet: a store that is away for a while keeps nobody from
    /// everything else.
    pub(crate) fn open(settings: &Settings) -> anyhow::Result<Self> {
        match &settings.papers_bucket {
            Some(bucket) => Ok(Self(Arc::new(bucket::open(bucket).context("opening papers_bucket")?))),
            None => Self::open_folder(&settings.papers_dir),
        }
    }

    /// Opens the folder; makes it, for its owner alone, where there is none.
    ///
    /// # Errors
    /// It can't be made or read.
    pub(crate) fn open_folder(folder: &Path) -> anyhow::Result<Self> {
        private_folder(folder)
            .with_context(|| format!("making {} (setting papers_dir)", folder.display()))?;
        let store = LocalFileSystem::new_with_prefix(folder)
            .with_context(|| format!("opening {} (setting papers_dir)", folder.display()))?
            .with_fsync(true);
        Ok(Self(Arc::new(store)))
    }

    /// Puts a sealed picture; it lasts when this returns.
    ///
    /// # Errors
    /// It can't be written.
    pub(crate) async fn put(&self, object: &str, part: Part, sealed: Vec<u8>) -> anyhow::Result<()> {
        self.0.put(&name(object, part), sealed.into()).await.context("writing a picture")?;
        Ok(())
    }

    /// A sealed picture.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none; or it can't be read.
    pub(crate) async fn get(&self, object: &str, part: Part) -> Result<Vec<u8>, StoreError> {
        let read = async { self.0.get(&name(object, part)).await?.bytes().await };
        match read.await {
            Ok(bytes) => Ok(bytes.to_vec()),
            Err(object_store::Error::NotFound { .. }) => Err(StoreError::NotFound),
            Err(cause) => Err(StoreError::Other(cause.into())),
        }
    }

    /// Removes both pictures of a photo; what is gone already is no error.
    ///
    /// # Errors
    /// They can't be removed.
    pub(crate) async fn delete(&self, object: &str) -> anyhow::Result<()> {
        for part in Part::ALL {
            match self.0.delete(&name(object, part)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(cause) => return Err(cause.into()),
            }
        }
        Ok(())
    }

    /// The folders that names are in.
    ///
    /// # Errors
    /// They can't be listed.
    pub(crate) async fn folders(&self) -> anyhow::Result<Vec<String>> {
        let found = self.0.list_with_delimiter(None).await.context("listing the pictures")?;
        Ok(found.common_prefixes.iter().map(ToString::to_string).collect())
    }

    /// The objects of a folder whose files were all written before an instant.
    ///
    /// # Errors
    /// They can't be listed.
    pub(crate) async fn older_than(&self, folder: &str, before_ms: i64) -> anyhow::Result<Vec<String>> {
        let found =
            self.0.list_with_delimiter(Some(&Name::from(folder))).await.context("listing the pictures")?;
        let (mut old, mut young) = (BTreeSet::new(), BTreeSet::new());
        for file in &found.objects {
            let name = file.location.filename().unwrap_or_default();
            let object = name.strip_suffix(Part::Small.suffix()).unwrap_or(name).to_owned();
            let is_old = file.last_modified.timestamp_millis() < before_ms;
            if is_old {
                old.insert(object)
            } else {
                young.insert(object)
            };
        }
        Ok(old.difference(&young).cloned().collect())
    }

    /// Whether nothing lies here.
    ///
    /// # Errors
    /// It can't be listed.
    pub(crate) async fn is_empty(&self) -> anyhow::Result<bool> {
        Ok(self.folders().await?.is_empty())
    }

    /// Copies all pictures into a folder that is not there yet, each on the disk before the next. Gives how many files.
    ///
    /// # Errors
    /// Something can't be read or written.
    pub(crate) async fn copy_to(&self, target: &Path) -> anyhow::Result<u64> {
        private_folder(target).with_context(|| format!("making {}", target.display()))?;
        let mut files = 0;
        for folder in self.folders().await? {
            private_folder(&target.join(&folder)).with_context(|| format!("making {folder}"))?;
            let found = self.0.list_with_delimiter(Some(&Name::from(folder.as_str()))).await?;
            for file in found.objects {
                let sealed = match self.0.get(&file.location).await {
                    Ok(got) => got.bytes().await?,
                    // Deleted by its owner since the folder was read.
                    Err(object_store::Error::NotFound { .. }) => continue,
                    Err(cause) => return Err(cause).with_context(|| format!("reading {}", file.location)),
                };
                let copy = target.join(file.location.as_ref());
                std::fs::write(&copy, &sealed).with_context(|| format!("writing {}", copy.display()))?;
                std::fs::File::open(&copy)?.sync_all()?;
                files += 1;
            }
            std::fs::File::open(target.join(&folder))?.sync_all()?;
        }
        std::fs::File::open(target)?.sync_all()?;
        Ok(files)
    }

    /// Puts all files of a folder that [`Self::copy_to`] made. Gives how many.
    ///
    /// # Errors
    /// Something can't be read or written.
    pub(crate) async fn copy_from(&self, source: &Path) -> anyhow::Result<u64> {
        let mut files = 0;
        for folder in std::fs::read_dir(source).with_context(|| format!("reading {}", source.display()))? {
            let folder = folder?;
            for file in std::fs::read_dir(folder.path())? {
                let file = file?;
                let path =
                    [folder.file_name(), file.file_name()].map(|part| part.to_string_lossy().into_owned());
                let sealed = std::fs::read(file.path())
                    .with_context(|| format!("reading {}", file.path().display()))?;
                self.0.put(&Name::from(path.join("/")), sealed.into()).await.context("writing a picture")?;
                files += 1;
            }
        }
        Ok(files)
    }
}

/// Makes a folder for its owner alone, where there is none.
fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut made = std::fs::DirBuilder::new();
    made.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut made, 0o700);
    made.create(folder)
}
