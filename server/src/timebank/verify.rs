//! Walks an area's ledger from its first entry to its end: every link, every balance, and that all of them sum to zero.

use std::collections::BTreeMap;

use app::domain::timebank::{Account, AccountKind, EntryKind, Minutes, Movement};

use super::{EntryRow, first, hash};
use crate::audit::{ChainKey, Head};
use crate::store::{Store, StoreError};

/// Entries read at once.
const PAGE: i64 = 1_000;

/// How far around a broken link its rightful place is looked for.
const AROUND: i64 = 20;

/// An entry with its place and its hash.
#[derive(Clone, Debug)]
pub(crate) struct LinkRow {
    /// Its number in the chain.
    pub(crate) sequence: i64,
    /// Its hash.
    pub(crate) hash: String,
    /// Everything else.
    pub(crate) entry: EntryRow,
}

/// What does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A column of the entry, or its hash, is not what it was.
    Changed(i64),
    /// The entry is gone.
    Removed(i64),
    /// It belongs to another place of the chain.
    Reordered(i64),
    /// An entry that no rule of the ledger allows, or that takes an account below zero.
    Unsound(i64),
    /// The kept balance of this account is not what the entries make.
    Balance(String),
    /// The end that is kept is not the end of the entries.
    End,
    /// All balances together are not zero.
    Sum(i64),
}

impl Fault {
    /// In words for the person at the terminal.
    fn words(&self) -> String {
        match self {
            Self::Changed(number) => format!("entry number {number} was changed"),
            Self::Removed(number) => format!("entry number {number} was removed"),
            Self::Reordered(number) => format!("entry number {number} stands in another's place"),
            Self::Unsound(number) => format!("entry number {number} is none that this program posts"),
            Self::Balance(account) => format!("the balance of {account} is not what its entries make"),
            Self::End => "the end that is kept is not the end of the entries".to_owned(),
            Self::Sum(sum) => format!("all balances together are {sum} minutes and not zero"),
        }
    }
}

/// What the walk along one area's ledger found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    /// The area.
    pub(crate) area: String,
    /// Where the chain ends, as far as it holds. Written down elsewhere, it proves later that the end was not cut off.
    pub(crate) head: Head,
    /// Accounts with a balance row.
    pub(crate) accounts: usize,
    /// The first thing that does not hold.
    pub(crate) fault: Option<Fault>,
}

impl Report {
    /// For the person at the terminal.
    pub(crate) fn lines(&self) -> Vec<String> {
        let Self { area, head, accounts, fault } = self;
        let verdict =
            fault.as_ref().map_or_else(|| "whole".to_owned(), |fault| format!("BROKEN: {}", fault.words()));
        vec![
            format!("{area}  {verdict}"),
            format!("  {} entries hold, {accounts} accounts, hash {}", head.sequence, head.hash),
        ]
    }
}

/// Walks one area's ledger.
///
/// # Errors
/// The database failed.
pub(crate) async fn verify(store: &Store, area: &str) -> Result<Report, StoreError> {
    // Read at one instant; entries that are posted during the walk lie behind its end.
    let (end, kept) = store.time_ledger_now(area).await?;
    let key = store.chain_key();
    let mut head = first();
    let mut made: BTreeMap<String, i64> = BTreeMap::new();
    let report = |head: Head, fault| Report { area: area.to_owned(), head, accounts: kept.len(), fault };
    while head.sequence < end.sequence {
        let page = store.time_links_after(area, head.sequence, end.sequence, PAGE).await?;
        if page.is_empty() {
            let missing = head.sequence + 1;
            return Ok(report(head, Some(Fault::Removed(missing))));
        }
        for link in &page {
            if let Some(mut fault) = step(&key, &head, link, &mut made) {
                if let Fault::Changed(number) = fault {
                    let around = store
                        .time_links_after(area, (head.sequence - AROUND).max(0), end.sequence, 2 * AROUND)
                        .await?;
                    if belongs_elsewhere(&key, &head, link, &around) {
                        fault = Fault::Reordered(number);
                    }
                }
                return Ok(report(head, Some(fault)));
            }
            head = Head { sequence: link.sequence, hash: link.hash.clone() };
        }
    }
    if head != end {
        return Ok(report(head, Some(Fault::End)));
    }
    if let Some(link) = store.time_links_after(area, end.sequence, i64::MAX, 1).await?.first()
        // One that was posted meanwhile hangs on the end; anything else was put there.
        && hash(&key, &end.hash, end.sequence + 1, &link.entry) != link.hash
    {
        return Ok(report(head, Some(Fault::Changed(link.sequence))));
    }
    made.retain(|_, minutes| *minutes != 0);
    let mut there = kept.clone();
    there.retain(|_, minutes| *minutes != 0);
    let differing = made
        .iter()
        .find(|(account, minutes)| there.get(*account) != Some(minutes))
        .or_else(|| there.iter().find(|(account, minutes)| made.get(*account) != Some(minutes)));
    let sum: i64 = kept.values().sum();
    let fault = match differing {
        Some((account, _)) => Some(Fault::Balance(account.clone())),
        None if sum != 0 => Some(Fault::Sum(sum)),
        None => None,
    };
    Ok(report(head, fault))
}

/// Whether the entry is the right one behind `head`; counts it in.
fn step(key: &ChainKey, head: &Head, link: &LinkRow, made: &mut BTreeMap<String, i64>) -> Option<Fault> {
    let number = head.sequence + 1;
    if link.sequence != number {
        return Some(Fault::Removed(number));
    }
    let entry = &link.entry;
    if hash(key, &head.hash, number, entry) != link.hash {
        return Some(Fault::Changed(number));
    }
    let mut after = |account: &str, change: i64| {
        let balance = made.entry(account.to_owned()).or_default();
        *balance += change;
        *balance
    };
    let left = after(&entry.payer, -entry.minutes);
    let got = after(&entry.payee, entry.minutes);
    let holds = movement(entry).is_some_and(|movement| {
        movement.is_sound() && (left >= 0 || movement.payer.kind == AccountKind::Issuance)
    });
    if !holds || left != entry.payer_after || got != entry.payee_after {
        return Some(Fault::Unsound(number));
    }
    None
}

/// The movement that a row holds.
fn movement(entry: &EntryRow) -> Option<Movement> {
    Some(Movement {
        kind: EntryKind::parse(&entry.kind)?,
        payer: Account::parse(&entry.payer)?,
        payee: Account::parse(&entry.payee)?,
        minutes: Minutes::new(entry.minutes)?,
        true_minutes: Minutes::new(entry.true_minutes)?,
        service: entry.service.clone(),
        corrects: entry.corrects.clone(),
    })
}

/// Whether the entry's hash is right at another place, or another entry is right here.
fn belongs_elsewhere(key: &ChainKey, head: &Head, link: &LinkRow, around: &[LinkRow]) -> bool {
    let other_fits = around.iter().any(|other| {
        other.sequence != link.sequence && hash(key, &head.hash, link.sequence, &other.entry) == link.hash
    });
    other_fits
        || around.iter().map(|other| other.hash.as_str()).chain([head.hash.as_str()]).any(|before| {
            around.iter().any(|other| hash(key, before, other.sequence, &link.entry) == link.hash)
        })
}
