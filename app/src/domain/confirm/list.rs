//! Signed lists that a counter keeps, so that it can check with no network: what was cancelled, replaced, lost or used, and
//! the short codes of a day.

use ciborium::Value;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use super::check::{CheckState, FirstUse, Standing};
use super::keys::{Algorithm, KeyId};
use super::token::{
    IAT, ISS, NotWritten, SCHEMA, Signed, Unsigned, as_int, as_issuer, as_seconds, claim, int, open, written,
};
use super::{ConfirmationKind, ShortCode};
use crate::domain::time::Instant;

/// The private claim of a state list: an array of schema version and entries, an entry being identity, standing, Unix seconds
/// and office.
const STATES: i64 = -70_002;

/// The private claim of a day list: an array of schema version, office, day and entries.
const DAY: i64 = -70_003;

/// Whatever does not simply hold, as of a moment. What isn't on it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateList {
    /// The deployment that signed it.
    pub issuer: String,
    /// When, in whole seconds: its age is counted from here, whoever kept it meanwhile.
    pub made_at: Instant,
    /// By identity, in order, each once.
    entries: Vec<ListEntry>,
}

/// One line of a state list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListEntry {
    /// The confirmation's identity.
    pub id: [u8; 10],
    /// How it stands; never [`Standing::Holds`] or [`Standing::NoRecord`].
    pub standing: Standing,
}

impl StateList {
    /// The list of those entries. Of two about one identity the first counts; what holds needs no line.
    pub fn new(issuer: String, made_at: Instant, mut entries: Vec<ListEntry>) -> Self {
        entries.retain(|entry| standing_code(entry.standing).is_some());
        entries.sort_by_key(|entry| entry.id);
        entries.dedup_by_key(|entry| entry.id);
        Self { issuer, made_at: Instant::from_seconds(made_at.seconds()), entries }
    }

    /// All entries, ordered by identity.
    pub fn entries(&self) -> &[ListEntry] {
        &self.entries
    }

    /// How a confirmation stands by this list.
    pub fn standing(&self, id: &[u8; 10]) -> Standing {
        match self.entries.binary_search_by_key(id, |entry| entry.id) {
            Ok(at) => self.entries[at].standing,
            Err(_) => Standing::Holds,
        }
    }

    /// Whether this list may take the place of the one that was kept: an older one never does, whoever hands it out.
    pub fn supersedes(&self, kept: Option<&Self>) -> bool {
        kept.is_none_or(|kept| self.issuer == kept.issuer && self.made_at >= kept.made_at)
    }

    /// Reads a list. `None` when it isn't of our form; whether its signature fits is another question.
    pub fn read(bytes: &[u8]) -> Option<Signed<Self>> {
        open(bytes, read_states, write_states)
    }

    /// The list, ready to be signed by that key.
    ///
    /// # Errors
    /// It can't be written.
    pub fn prepare(&self, key: KeyId, algorithm: Algorithm) -> Result<Unsigned, NotWritten> {
        Ok(Unsigned::new(write_states(self)?, key, algorithm))
    }
}

/// The number of a standing in a list, when, and where; `None` for what has no place on one.
fn standing_code(standing: Standing) -> Option<(u64, Instant, u64)> {
    match standing {
        Standing::Cancelled(at) => Some((1, at, 0)),
        Standing::Replaced(at) => Some((2, at, 0)),
        Standing::Lost(at) => Some((3, at, 0)),
        Standing::Used(first) => Some((4, first.at, first.office)),
        Standing::Holds | Standing::NoRecord => None,
    }
}

fn write_states(list: &StateList) -> Result<Vec<u8>, NotWritten> {
    let entries = list.entries.iter().filter_map(|entry| {
        let (code, at, office) = standing_code(entry.standing)?;
        Some(Value::Array(vec![
            Value::Bytes(entry.id.to_vec()),
            Value::Integer(code.into()),
            int(at.seconds()),
            Value::Integer(office.into()),
        ]))
    });
    written(&Value::Map(vec![
        (int(ISS), Value::Text(list.issuer.clone())),
        (int(IAT), int(list.made_at.seconds())),
        (int(STATES), Value::Array(vec![Value::Integer(SCHEMA.into()), Value::Array(entries.collect())])),
    ]))
}

fn read_states(value: &Value) -> Option<StateList> {
    let map = value.as_map()?;
    let [schema, entries] = claim(map, STATES)?.as_array()?.as_slice() else { return None };
    if as_int::<u64>(schema)? != SCHEMA {
        return None;
    }
    let entries: Option<Vec<_>> = entries.as_array()?.iter().map(read_state).collect();
    let issuer = as_issuer(claim(map, ISS)?)?;
    let made_at = Instant::from_seconds(as_seconds(claim(map, IAT)?)?);
    // Sorted and each once: what was written in another order differs from its own writing, and is refused there.
    Some(StateList::new(issuer, made_at, entries?))
}

fn read_state(entry: &Value) -> Option<ListEntry> {
    let [id, code, at, office] = entry.as_array()?.as_slice() else { return None };
    let at = Instant::from_seconds(as_seconds(at)?);
    let office: u64 = as_int(office)?;
    let standing = match as_int::<u64>(code)? {
        1 => Standing::Cancelled(at),
        2 => Standing::Replaced(at),
        3 => Standing::Lost(at),
        4 => Standing::Used(FirstUse { at, office }),
        _ => return None,
    };
    Some(ListEntry { id: id.as_bytes()?.as_slice().try_into().ok()?, standing })
}

/// The short codes of one office's day, as a counter keeps them: no code in clear, no token, no holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayList {
    /// The deployment that signed it.
    pub issuer: String,
    /// When, in whole seconds.
    pub made_at: Instant,
    /// Code of the street or office.
    pub office: u64,
    /// The day in Shanghai.
    pub day: Date,
    /// By the hash of the code, in order, each once.
    entries: Vec<DayEntry>,
}

/// One short code of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayEntry {
    /// Of [`code_hash`].
    pub code_hash: [u8; 10],
    /// The confirmation's identity.
    pub id: [u8; 10],
    /// What is confirmed.
    pub kind: ConfirmationKind,
    /// When it begins, Unix seconds.
    pub start: i64,
    /// How long it lasts; 0 where that has no meaning.
    pub minutes: u32,
    /// From when it holds, Unix seconds.
    pub not_before: i64,
    /// Until when it holds, Unix seconds.
    pub expires_at: i64,
}

impl DayEntry {
    /// What its time says at `now`.
    pub fn state(&self, now: Instant) -> CheckState {
        let seconds = now.seconds();
        if seconds >= self.expires_at {
            CheckState::Expired
        } else if seconds < self.not_before {
            CheckState::NotYet
        } else {
            CheckState::Valid
        }
    }
}

/// What a day list holds in place of a short code: the first 10 bytes of the SHA-256 of the list's second and the code. Each
/// list has hashes of its own.
pub fn code_hash(made_at: Instant, code: &ShortCode) -> [u8; 10] {
    let hash = Sha256::digest(format!("{} {}", made_at.seconds(), code.as_str()));
    let mut short = [0; 10];
    short.copy_from_slice(&hash[..10]);
    short
}

impl DayList {
    /// The list of those entries.
    pub fn new(issuer: String, made_at: Instant, office: u64, day: Date, mut entries: Vec<DayEntry>) -> Self {
        entries.sort_by_key(|entry| entry.code_hash);
        entries.dedup_by_key(|entry| entry.code_hash);
        Self { issuer, made_at: Instant::from_seconds(made_at.seconds()), office, day, entries }
    }

    /// All entries, ordered by hash.
    pub fn entries(&self) -> &[DayEntry] {
        &self.entries
    }

    /// The entry of a typed code.
    pub fn find(&self, code: &ShortCode) -> Option<&DayEntry> {
        let hash = code_hash(self.made_at, code);
        let at = self.entries.binary_search_by_key(&hash, |entry| entry.code_hash).ok()?;
        self.entries.get(at)
    }

    /// Reads a list. `None` when it isn't of our form; whether its signature fits is another question.
    pub fn read(bytes: &[u8]) -> Option<Signed<Self>> {
        open(bytes, read_day, write_day)
    }

    /// The list, ready to be signed by that key.
    ///
    /// # Errors
    /// It can't be written.
    pub fn prepare(&self, key: KeyId, algorithm: Algorithm) -> Result<Unsigned, NotWritten> {
        Ok(Unsigned::new(write_day(self)?, key, algorithm))
    }
}

fn write_day(list: &DayList) -> Result<Vec<u8>, NotWritten> {
    let entries = list.entries.iter().map(|entry| {
        Value::Array(vec![
            Value::Bytes(entry.code_hash.to_vec()),
            Value::Bytes(entry.id.to_vec()),
            Value::Integer(entry.kind.code().into()),
            int(entry.start),
            Value::Integer(entry.minutes.into()),
            int(entry.not_before),
            int(entry.expires_at),
        ])
    });
    written(&Value::Map(vec![
        (int(ISS), Value::Text(list.issuer.clone())),
        (int(IAT), int(list.made_at.seconds())),
        (
            int(DAY),
            Value::Array(vec![
                Value::Integer(SCHEMA.into()),
                Value::Integer(list.office.into()),
                Value::Text(list.day.to_string()),
                Value::Array(entries.collect()),
            ]),
        ),
    ]))
}

fn read_day(value: &Value) -> Option<DayList> {
    let map = value.as_map()?;
    let [schema, office, day, entries] = claim(map, DAY)?.as_array()?.as_slice() else { return None };
    if as_int::<u64>(schema)? != SCHEMA {
        return None;
    }
    let entries: Option<Vec<_>> = entries.as_array()?.iter().map(read_day_entry).collect();
    let issuer = as_issuer(claim(map, ISS)?)?;
    let made_at = Instant::from_seconds(as_seconds(claim(map, IAT)?)?);
    Some(DayList::new(issuer, made_at, as_int(office)?, day.as_text()?.parse().ok()?, entries?))
}

fn read_day_entry(entry: &Value) -> Option<DayEntry> {
    let [hash, id, kind, start, minutes, not_before, expires_at] = entry.as_array()?.as_slice() else {
        return None;
    };
    Some(DayEntry {
        code_hash: hash.as_bytes()?.as_slice().try_into().ok()?,
        id: id.as_bytes()?.as_slice().try_into().ok()?,
        kind: ConfirmationKind::from_code(as_int(kind)?)?,
        start: as_seconds(start)?,
        minutes: as_int(minutes)?,
        not_before: as_seconds(not_before)?,
        expires_at: as_seconds(expires_at)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: KeyId = KeyId([1, 2, 3, 4]);
    const NOW: Instant = Instant(1_795_000_000_000);

    fn entry(id: u8, standing: Standing) -> ListEntry {
        ListEntry { id: [id; 10], standing }
    }

    #[test]
    fn a_state_list_is_read_as_it_was_written() {
        let first = FirstUse { at: NOW, office: 320_214_001 };
        let list = StateList::new(
            "XW".into(),
            NOW,
            vec![
                entry(9, Standing::Used(first)),
                entry(3, Standing::Cancelled(NOW)),
                entry(3, Standing::Replaced(NOW)),
                entry(5, Standing::Holds),
                entry(4, Standing::Lost(NOW)),
            ],
        );
        let bytes = list.prepare(KEY, Algorithm::Ed25519).unwrap().signed(vec![0; 64]).unwrap();
        let read = StateList::read(&bytes).unwrap();
        assert_eq!(read.content, list);
        assert_eq!(read.key, KEY);
        assert_eq!(read.content.standing(&[9; 10]), Standing::Used(first));
        assert_eq!(read.content.standing(&[3; 10]), Standing::Cancelled(NOW), "the first of two counts");
        assert_eq!(read.content.standing(&[5; 10]), Standing::Holds);
        assert_eq!(read.content.entries().len(), 3);
        assert_eq!(DayList::read(&bytes), None);
        assert_eq!(super::super::token::read(&super::super::token::encode_base32(&bytes)), None);
    }

    #[test]
    fn an_older_list_never_takes_the_place_of_a_newer_one() {
        let list = |issuer: &str, at: i64| StateList::new(issuer.into(), Instant(NOW.0 + at), Vec::new());
        let kept = list("XW", 0);
        assert!(kept.supersedes(None));
        assert!(list("XW", 1_000).supersedes(Some(&kept)));
        assert!(kept.supersedes(Some(&kept)));
        assert!(!list("XW", -1_000).supersedes(Some(&kept)));
        assert!(!list("YZ", 1_000).supersedes(Some(&kept)));
    }

    #[test]
    fn a_day_list_finds_a_code_and_shows_none() {
        let code = ShortCode::from_random(123_456_789);
        let entry = DayEntry {
            code_hash: code_hash(NOW, &code),
            id: [7; 10],
            kind: ConfirmationKind::Meal,
            start: NOW.seconds(),
            minutes: 60,
            not_before: NOW.seconds() - 60,
            expires_at: NOW.seconds() + 3_600,
        };
        let day = jiff::civil::date(2026, 11, 18);
        let list = DayList::new("XW".into(), NOW, 320_214_050, day, vec![entry]);
        let bytes = list.prepare(KEY, Algorithm::Ed25519).unwrap().signed(vec![0; 64]).unwrap();
        let read = DayList::read(&bytes).unwrap().content;
        assert_eq!(read, list);
        assert_eq!(read.find(&code), Some(&entry));
        assert_eq!(read.find(&ShortCode::from_random(1)), None);
        assert!(!bytes.windows(8).any(|part| part == code.as_str().as_bytes()));
        assert_eq!(entry.state(NOW), CheckState::Valid);
        assert_eq!(entry.state(Instant(NOW.0 - 120_000)), CheckState::NotYet);
        assert_eq!(entry.state(Instant(NOW.0 + 3_600_000)), CheckState::Expired);
    }
}
