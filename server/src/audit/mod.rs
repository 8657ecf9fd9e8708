//! The chain that keeps the audit trail honest: how an entry is linked to the one before it.
//!
//! Each area has a chain of its own, so that writers of different streets never meet. An entry is written with its act
//! and linked by the [`sealer`] within seconds; [`verify`] walks the links. The hashes are keyed with the key file, so that
//! whoever can write into the database alone can neither make a chain anew nor allow a cut.

use std::sync::Arc;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use crate::seal::Sealer;

pub(crate) mod command;
pub(crate) mod sealer;
pub(crate) mod verify;

/// What stands before the first link of a chain, and what a change of the encoding would change.
const FIRST: &str = "xinwu audit chain 2";

/// All columns of an audit entry.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct EntryRow {
    /// Whose chain.
    pub(crate) area: String,
    /// The entry's id.
    pub(crate) id: String,
    /// When, Unix milliseconds.
    pub(crate) at: i64,
    /// Resident, device, staff or system.
    pub(crate) actor_kind: String,
    /// Their id.
    pub(crate) actor: String,
    /// Staff's role and place.
    pub(crate) post: String,
    /// For whom.
    pub(crate) on_behalf_of: Option<String>,
    /// What.
    pub(crate) act: String,
    /// On which table's row.
    pub(crate) object_kind: String,
    /// That row's id.
    pub(crate) object: String,
    /// Whose affairs.
    pub(crate) subject: Option<String>,
    /// Why.
    pub(crate) purpose: String,
}

/// Where a chain ends: the number of its last link and that link's hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// 0 before the first link.
    pub(crate) sequence: i64,
    /// 64 hexadecimal signs.
    pub(crate) hash: String,
}

impl Default for Head {
    fn default() -> Self {
        Self { sequence: 0, hash: HEXLOWER.encode(&Sha256::digest(FIRST)) }
    }
}

/// The key that makes links and cuts.
#[derive(Clone)]
pub(crate) struct ChainKey(pub(crate) Arc<Sealer>);

impl ChainKey {
    /// The head after `entry` was linked behind `head`.
    pub(crate) fn link(&self, head: &Head, entry: &EntryRow) -> Head {
        let sequence = head.sequence + 1;
        Head { sequence, hash: self.hash(&head.hash, sequence, entry) }
    }

    /// The hash of one link: over the hash before, the area, the number, and every column.
    pub(crate) fn hash(&self, before: &str, sequence: i64, entry: &EntryRow) -> String {
        // Taken apart so that a new column cannot be forgotten here.
        let EntryRow {
            area,
            id,
            at,
            actor_kind,
            actor,
            post,
            on_behalf_of,
            act,
            object_kind,
            object,
            subject,
            purpose,
        } = entry;
        let (number, at) = (sequence.to_string(), at.to_string());
        let columns = [
            Some(before),
            Some(area.as_str()),
            Some(&number),
            Some(id),
            Some(&at),
            Some(actor_kind),
            Some(actor),
            Some(post),
            on_behalf_of.as_deref(),
            Some(act),
            Some(object_kind),
            Some(object),
            subject.as_deref(),
            Some(purpose),
        ];
        self.0.authenticate("audit_seals.hash", &spelled(&columns))
    }

    /// What proves that a cut was made by the program: over all its columns.
    pub(crate) fn cut(&self, area: &str, end: &Head, cut_at: i64) -> String {
        let (through, at) = (end.sequence.to_string(), cut_at.to_string());
        let columns = [Some(area), Some(through.as_str()), Some(&end.hash), Some(&at)];
        self.0.authenticate("audit_cuts.proof", &spelled(&columns))
    }
}

/// Columns one after the other: each text after its length, nothing with a mark of its own, so that no two rows read the
/// same.
pub(crate) fn spelled(columns: &[Option<&str>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for column in columns {
        match column {
            Some(text) => {
                bytes.push(1);
                bytes.extend((text.len() as u64).to_be_bytes());
                bytes.extend(text.as_bytes());
            }
            None => bytes.push(0),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> EntryRow {
        EntryRow {
            area: "320214050".into(),
            id: "e1".into(),
            at: 1,
            actor_kind: "staff".into(),
            actor: "s1".into(),
            post: "street_officer@320214050".into(),
            on_behalf_of: None,
            act: "details_read".into(),
            object_kind: "applications".into(),
            object: "a1".into(),
            subject: Some("r1".into()),
            purpose: "handling".into(),
        }
    }

    #[test]
    fn every_column_the_number_the_hash_before_and_the_key_change_the_hash() {
        let folder = tempfile::tempdir().unwrap();
        let key = |name: &str| {
            let path = folder.path().join(name);
            Sealer::create(&path).unwrap();
            ChainKey(Arc::new(Sealer::load(&path).unwrap()))
        };
        let (chain, other_key) = (key("a.toml"), key("b.toml"));
        let link = |before: &str, sequence, entry: &EntryRow| chain.hash(before, sequence, entry);
        let head = Head::default();
        let hash = link(&head.hash, 1, &entry());
        assert_eq!(hash.len(), 64);
        let change = |change: fn(&mut EntryRow)| {
            let mut changed = entry();
            change(&mut changed);
            link(&head.hash, 1, &changed)
        };
        let others = [
            other_key.hash(&head.hash, 1, &entry()),
            link(&hash, 1, &entry()),
            link(&head.hash, 2, &entry()),
            change(|e| e.area.push('x')),
            change(|e| e.id.push('x')),
            change(|e| e.at = 2),
            change(|e| e.actor_kind.push('x')),
            change(|e| e.actor.push('x')),
            change(|e| e.post.push('x')),
            change(|e| e.on_behalf_of = Some(String::new())),
            change(|e| e.act.push('x')),
            change(|e| e.object_kind.push('x')),
            change(|e| e.object.push('x')),
            change(|e| e.subject = None),
            change(|e| e.purpose.push('x')),
            // The same signs, parted elsewhere.
            change(|e| (e.object_kind, e.object) = ("application".into(), "sa1".into())),
        ];
        for (place, other) in others.iter().enumerate() {
            assert_ne!(*other, hash, "{place}");
        }
        assert_eq!(chain.link(&head, &entry()), Head { sequence: 1, hash });
    }
}
