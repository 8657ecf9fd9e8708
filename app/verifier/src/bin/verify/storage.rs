//! What the browser keeps between two openings of the page: keys, signed lists, scans that wait. Nothing here is believed
//! unseen: signatures are checked again when it is read.

use data_encoding::BASE64;
use serde::Serialize;
use serde::de::DeserializeOwned;
use verifier::scans::Scan;
use web_sys::Storage;

const SCAN: &str = "verify.scan.";

/// The keys of the deployment, as published.
pub(crate) const KEYS: &str = "verify.keys";
/// The state list.
pub(crate) const STATES: &str = "verify.states";
/// The list of the day's short codes.
pub(crate) const DAY: &str = "verify.day";
/// What was heard of the time.
pub(crate) const HEARD: &str = "verify.heard";
/// Staff use this browser as a counter.
pub(crate) const COUNTER: &str = "verify.counter";
/// No sound.
pub(crate) const MUTE: &str = "verify.mute";

fn storage() -> Option<Storage> {
    super::document::window()?.local_storage().ok().flatten()
}

pub(crate) fn text(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Gives whether there was room.
pub(crate) fn keep_text(name: &str, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(name, text).is_ok())
}

pub(crate) fn forget(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(name);
    }
}

pub(crate) fn bytes(name: &str) -> Option<Vec<u8>> {
    BASE64.decode(text(name)?.as_bytes()).ok()
}

pub(crate) fn keep_bytes(name: &str, bytes: &[u8]) -> bool {
    keep_text(name, &BASE64.encode(bytes))
}

pub(crate) fn read<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_str(&text(name)?).ok()
}

pub(crate) fn keep<T: Serialize>(name: &str, value: &T) -> bool {
    serde_json::to_string(value).is_ok_and(|json| keep_text(name, &json))
}

/// All scans. Each has an entry of its own, so that two open pages never overwrite each other's.
pub(crate) fn scans() -> Vec<Scan> {
    let Some(storage) = storage() else { return Vec::new() };
    let names = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok().flatten());
    let names: Vec<String> = names.filter(|name| name.starts_with(SCAN)).collect();
    let mut scans: Vec<Scan> = names.iter().filter_map(|name| read(name)).collect();
    scans.sort_by_key(|scan| scan.at);
    scans
}

/// Gives whether there was room.
pub(crate) fn keep_scan(scan: &Scan) -> bool {
    keep(&format!("{SCAN}{}", scan.id), scan)
}

pub(crate) fn forget_scan(scan: &Scan) {
    forget(&format!("{SCAN}{}", scan.id));
}
