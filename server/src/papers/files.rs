//! The port behind which pictures lie: a folder today. Another place for them is another store of the same crate, made in
//! [`PaperStore::open`]; nothing else knows.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Name;
use object_store::{ObjectStore, ObjectStoreExt as _};

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

/// Sealed pictures by name. What is put is on the disk; what is read is what was put.
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
    /// Opens the folder; makes it, for its owner alone, where there is none.
    ///
    /// # Errors
    /// It can't be made or read.
    pub(crate) fn open(folder: &Path) -> anyhow::Result<Self> {
        let mut made = std::fs::DirBuilder::new();
        made.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut made, 0o700);
        made.create(folder).with_context(|| format!("making {} (setting papers_dir)", folder.display()))?;
        let store = LocalFileSystem::new_with_prefix(folder)
            .with_context(|| format!("opening {} (setting papers_dir)", folder.display()))?
            .with_fsync(true);
        Ok(Self(Arc::new(store)))
    }

    /// Puts a sealed picture; it is on the disk when this returns.
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
}
