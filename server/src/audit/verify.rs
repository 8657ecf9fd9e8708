//! Walks a chain from its last cut to its end and names the first link that does not hold.

use app::domain::time::Instant;

use super::{ChainKey, EntryRow, Head};
use crate::store::{Store, StoreError};

/// Links read at once.
const PAGE: i64 = 1_000;

/// How far around a broken link its rightful place is looked for.
const AROUND: i64 = 50;

/// A seal with its entry, where that is still there.
#[derive(Clone, Debug)]
pub(crate) struct SealRow {
    /// Its number in the chain.
    pub(crate) sequence: i64,
    /// The entry that it seals.
    pub(crate) entry_id: String,
    /// Its hash.
    pub(crate) hash: String,
    /// The entry.
    pub(crate) entry: Option<EntryRow>,
}

/// A place up to which a chain was cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// The last link that went.
    pub(crate) end: Head,
    /// When.
    pub(crate) at: Instant,
    /// What proves that the program cut here.
    pub(crate) proof: String,
}

/// How a link is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// A column of the entry, or its seal, is not what it was.
    Changed,
    /// The entry or its seal is gone.
    Removed,
    /// It belongs to another place of the chain.
    Reordered,
    /// It was put between two that belong together.
    Inserted,
    /// It lies before a cut, and should have gone with it.
    BeforeCut,
    /// Everything up to here was cut, and not by the program.
    CutByOthers,
}

impl How {
    /// In words for the auditor.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Changed => "was changed",
            Self::Removed => "was removed",
            Self::Reordered => "stands in another's place",
            Self::Inserted => "was inserted",
            Self::BeforeCut => "lies before the last cut and is still there",
            Self::CutByOthers => "and all before it were cut, but not by this program",
        }
    }
}

/// The first broken link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// Its number.
    pub(crate) sequence: i64,
    /// The entry, where a seal names one.
    pub(crate) entry: Option<String>,
    /// How.
    pub(crate) how: How,
}

/// What a walk along one area's chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    /// The area.
    pub(crate) area: String,
    /// The last cut: the number through which it went, and when.
    pub(crate) cut: Option<(i64, Instant)>,
    /// Links that hold.
    pub(crate) sealed: i64,
    /// Entries without a seal. Those of the last seconds are new; older ones came in by another way.
    pub(crate) unsealed: i64,
    /// Where the chain ends, as far as it holds. Written down elsewhere, it proves later that the end was not cut off.
    pub(crate) head: Head,
    /// The first link that does not hold.
    pub(crate) broken: Option<Broken>,
}

impl Report {
    /// For the person at the terminal.
    pub(crate) fn lines(&self) -> Vec<String> {
        let Self { area, cut, sealed, unsealed, head, broken } = self;
        let verdict = match broken {
            None => "whole".to_owned(),
            Some(Broken { sequence, entry, how }) => {
                let entry = entry.as_deref().map(|id| format!(", entry {id},")).unwrap_or_default();
                format!("BROKEN: number {sequence}{entry} {}", how.words())
            }
        };
        let mut lines = vec![format!("{area}  {verdict}")];
        if let Some((through, at)) = cut {
            lines.push(format!("  cut through number {through} on {}", at.shanghai_full()));
        }
        lines.push(format!("  {sealed} entries hold, up to number {}, hash {}", head.sequence, head.hash));
        if *unsealed > 0 {
            lines.push(format!("  {unsealed} entries not sealed yet"));
        }
        lines
    }
}

/// Walks the chain of one area.
///
/// # Errors
/// The database failed.
pub(crate) async fn verify(store: &Store, area: &str) -> Result<Report, StoreError> {
    loop {
        let cut = store.last_cut(area).await?;
        let report = walk(store, area, cut.clone()).await?;
        // A cut during the walk takes links away that the walk then misses.
        if report.broken.is_none() || store.last_cut(area).await? == cut {
            return Ok(report);
        }
    }
}

async fn walk(store: &Store, area: &str, cut: Option<Cut>) -> Result<Report, StoreError> {
    let key = store.chain_key();
    // Before the walk: what is sealed meanwhile is then counted in neither.
    let unsealed = store.count_unsealed(area).await?;
    let mut head = cut.as_ref().map_or_else(Head::default, |cut| cut.end.clone());
    let start = head.sequence;
    let report = |head: &Head, broken| Report {
        area: area.to_owned(),
        cut: cut.as_ref().map(|cut| (cut.end.sequence, cut.at)),
        sealed: head.sequence - start,
        unsealed,
        head: head.clone(),
        broken,
    };
    for cut in store.cuts(area).await? {
        if key.cut(area, &cut.end, cut.at.0) != cut.proof {
            let broken = Broken { sequence: cut.end.sequence, entry: None, how: How::CutByOthers };
            return Ok(report(&head, Some(broken)));
        }
    }
    if let Some(before) = store.seals_after(area, 0, 1).await?.first().filter(|seal| seal.sequence <= start) {
        let entry = Some(before.entry_id.clone());
        return Ok(report(&head, Some(Broken { sequence: before.sequence, entry, how: How::BeforeCut })));
    }
    loop {
        let page = store.seals_after(area, head.sequence, PAGE).await?;
        if page.is_empty() {
            return Ok(report(&head, None));
        }
        for seal in &page {
            if let Some(broken) = step(&key, &head, seal) {
                let around = store.seals_after(area, (head.sequence - AROUND).max(0), 2 * AROUND).await?;
                let how =
                    if broken.how == How::Changed { why(&key, &head, seal, &around) } else { broken.how };
                return Ok(report(&head, Some(Broken { how, ..broken })));
            }
            head = Head { sequence: seal.sequence, hash: seal.hash.clone() };
        }
    }
}

/// Whether the seal is the right one after `head`; what is wrong where it is not.
pub(crate) fn step(key: &ChainKey, head: &Head, seal: &SealRow) -> Option<Broken> {
    let expected = head.sequence + 1;
    if seal.sequence != expected {
        return Some(Broken { sequence: expected, entry: None, how: How::Removed });
    }
    let broken = |how| Some(Broken { sequence: expected, entry: Some(seal.entry_id.clone()), how });
    match &seal.entry {
        None => broken(How::Removed),
        Some(entry) if key.link(head, entry).hash != seal.hash => broken(How::Changed),
        Some(_) => None,
    }
}

/// What a hash that does not fit tells, from the links around it.
fn why(key: &ChainKey, head: &Head, seal: &SealRow, around: &[SealRow]) -> How {
    // Its seal is right for another entry: the entries were exchanged.
    let exchanged = around
        .iter()
        .filter_map(|other| other.entry.as_ref())
        .any(|entry| key.link(head, entry).hash == seal.hash);
    // Or it is right after another link: the seals were.
    let moved = seal.entry.as_ref().is_some_and(|entry| {
        around
            .iter()
            .map(|other| other.hash.as_str())
            .chain([head.hash.as_str()])
            .any(|before| around.iter().any(|other| key.hash(before, other.sequence, entry) == seal.hash))
    });
    if exchanged || moved {
        return How::Reordered;
    }
    // The link behind it fits the one before it: this one was put between.
    let next = around.iter().find(|other| other.sequence == seal.sequence + 1);
    if let Some(SealRow { hash, entry: Some(entry), .. }) = next
        && key.link(head, entry).hash == *hash
    {
        return How::Inserted;
    }
    How::Changed
}
