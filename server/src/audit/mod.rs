//! The chain that keeps the audit trail honest: how an entry is linked to the one before it.
//!
//! Each area has a chain of its own, so that writers of different streets never meet. An entry is written with its act
//! and linked by the [`sealer`] within seconds; [`verify`] walks the links.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

pub(crate) mod command;
pub(crate) mod sealer;
pub(crate) mod verify;

/// What stands before the first link of a chain, and what a change of the encoding would change.
const FIRST: &str = "xinwu audit chain 1";

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

impl Head {
    /// The head after `entry` was linked.
    pub(crate) fn link(&self, entry: &EntryRow) -> Self {
        let sequence = self.sequence + 1;
        Self { sequence, hash: link(&self.hash, sequence, entry) }
    }
}

/// The hash of one link: over the hash before, the area, the number, and every column. Each text is written after its
/// length and nothing after a mark of its own, so that no two entries read the same.
pub(crate) fn link(before: &str, sequence: i64, entry: &EntryRow) -> String {
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
    let mut hash = Sha256::new();
    let mut text = |text: Option<&str>| match text {
        Some(text) => {
            hash.update([1]);
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        None => hash.update([0]),
    };
    for column in [before, area, &sequence.to_string(), id, &at.to_string(), actor_kind, actor, post] {
        text(Some(column));
    }
    text(on_behalf_of.as_deref());
    for column in [act, object_kind, object] {
        text(Some(column));
    }
    text(subject.as_deref());
    text(Some(purpose));
    HEXLOWER.encode(&hash.finalize())
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
    fn every_column_the_number_and_the_hash_before_change_the_hash() {
        let head = Head::default();
        let hash = link(&head.hash, 1, &entry());
        assert_eq!(hash.len(), 64);
        let change = |change: fn(&mut EntryRow)| {
            let mut changed = entry();
            change(&mut changed);
            link(&head.hash, 1, &changed)
        };
        let others = [
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
        assert_eq!(head.link(&entry()), Head { sequence: 1, hash });
    }
}
