//! The chain that keeps the time bank's ledger honest, and the walk along it. An entry is linked in the transaction that posts
//! it: no hour exists outside the chain, not for a second. The hashes are keyed as those of the audit trail are.

use crate::audit::{ChainKey, Head};

pub(crate) mod command;
pub(crate) mod verify;

/// What stands before the first link, and what a change of the encoding would change.
const FIRST: &str = "xinwu time ledger chain 1";

/// All columns of an entry but its place in the chain and its hash.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct EntryRow {
    /// Whose chain.
    pub(crate) area: String,
    /// The entry's id.
    pub(crate) id: String,
    /// When, Unix milliseconds.
    pub(crate) at: i64,
    /// Why.
    pub(crate) kind: String,
    /// From which account.
    pub(crate) payer: String,
    /// To which account.
    pub(crate) payee: String,
    /// How many minutes.
    pub(crate) minutes: i64,
    /// How many were really spent at the service.
    pub(crate) true_minutes: i64,
    /// What the payer had then.
    pub(crate) payer_after: i64,
    /// What the payee had then.
    pub(crate) payee_after: i64,
    /// The service that it is about.
    pub(crate) service: Option<String>,
    /// The entry that it corrects.
    pub(crate) corrects: Option<String>,
}

/// Where a ledger without entries ends.
pub(crate) fn first() -> Head {
    Head { sequence: 0, hash: crate::seal::sha256(FIRST) }
}

/// The hash of one entry: over the hash before, the number, and every column.
pub(crate) fn hash(key: &ChainKey, before: &str, sequence: i64, entry: &EntryRow) -> String {
    // Taken apart so that a new column cannot be forgotten here.
    let EntryRow {
        area,
        id,
        at,
        kind,
        payer,
        payee,
        minutes,
        true_minutes,
        payer_after,
        payee_after,
        service,
        corrects,
    } = entry;
    let [number, at, minutes, true_minutes, payer_after, payee_after] =
        [sequence, *at, *minutes, *true_minutes, *payer_after, *payee_after].map(|number| number.to_string());
    let columns = [
        Some(before),
        Some(area.as_str()),
        Some(number.as_str()),
        Some(id),
        Some(&at),
        Some(kind),
        Some(payer),
        Some(payee),
        Some(&minutes),
        Some(&true_minutes),
        Some(&payer_after),
        Some(&payee_after),
        service.as_deref(),
        corrects.as_deref(),
    ];
    key.0.authenticate("time_entries.hash", &crate::audit::spelled(&columns))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::seal::Sealer;

    #[test]
    fn every_column_the_number_the_hash_before_and_the_key_change_the_hash() {
        let folder = tempfile::tempdir().unwrap();
        let key = |name: &str| {
            let path = folder.path().join(name);
            Sealer::create(&path).unwrap();
            ChainKey(Arc::new(Sealer::load(&path).unwrap()))
        };
        let (ours, other) = (key("a.toml"), key("b.toml"));
        let entry = EntryRow {
            area: "320214".into(),
            id: "e1".into(),
            at: 1,
            kind: "earned".into(),
            payer: "issuance:".into(),
            payee: "person:r1".into(),
            minutes: 90,
            true_minutes: 90,
            payer_after: -90,
            payee_after: 90,
            service: None,
            corrects: None,
        };
        let right = hash(&ours, &first().hash, 1, &entry);
        let change = |change: fn(&mut EntryRow)| {
            let mut changed = entry.clone();
            change(&mut changed);
            hash(&ours, &first().hash, 1, &changed)
        };
        let others = [
            hash(&other, &first().hash, 1, &entry),
            hash(&ours, &right, 1, &entry),
            hash(&ours, &first().hash, 2, &entry),
            change(|e| e.area.push('0')),
            change(|e| e.id.push('0')),
            change(|e| e.at = 2),
            change(|e| e.kind.push('0')),
            change(|e| e.payer.push('0')),
            change(|e| e.payee.push('0')),
            change(|e| e.minutes = 91),
            change(|e| e.true_minutes = 91),
            change(|e| e.payer_after = 1),
            change(|e| e.payee_after = 1),
            change(|e| e.service = Some(String::new())),
            change(|e| e.corrects = Some(String::new())),
        ];
        for (place, other) in others.iter().enumerate() {
            assert_ne!(*other, right, "{place}");
        }
    }
}
