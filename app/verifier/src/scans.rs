//! Scans of what is good for one use: kept here with no network, told to the server later, and what the server says of them.
//! Of a confirmation only its identity is kept, never the token.

use app::domain::confirm::ConfirmationKind;
use app::domain::confirm::check::CheckState;
use app::domain::time::Instant;
use app::text::check::Tone;
use app::text::verify as words;
use serde::{Deserialize, Serialize};

use crate::age::time_text;

/// As many go to the server at once.
pub const AT_ONCE: usize = 200;

/// So long a scan is asked about again: another counter may tell of an earlier use when its network comes back.
const ASKED_FOR_MS: i64 = 12 * 3_600_000;

/// So long a scan stays in the browser once the server has it.
const KEPT_MS: i64 = 48 * 3_600_000;

/// One scan at this counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    /// 32 hexadecimal digits, made here: the server knows the scan again by them.
    pub id: String,
    /// The confirmation's identity in hexadecimal.
    pub confirmation: String,
    /// The number of its kind.
    pub kind: u64,
    /// When, by this device's clock, Unix milliseconds.
    pub at: i64,
    /// The network was away.
    pub offline: bool,
    /// What the server said of it last.
    #[serde(default)]
    pub answer: Option<ScanAnswer>,
}

/// A use of a confirmation at some counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// When, by that counter's clock, Unix milliseconds.
    pub at: i64,
    /// Code of its office.
    pub office: u64,
    /// What the office is called.
    pub place: String,
    /// It was this very scan's office.
    pub own: bool,
}

/// What the server says of one scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanAnswer {
    /// The scan.
    pub id: String,
    /// A check's state: `valid` where this scan is the use that counts.
    pub state: String,
    /// The use that counts.
    #[serde(default)]
    pub first: Option<Use>,
    /// Later uses at other counters.
    #[serde(default)]
    pub also: Vec<Use>,
    /// The server kept nothing: this person may not record it.
    #[serde(default)]
    pub refused: bool,
}

/// What the server answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// The server's clock, Unix milliseconds.
    pub now: i64,
    /// One for each scan.
    pub answers: Vec<ScanAnswer>,
}

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sending<'a> {
    /// At most [`AT_ONCE`].
    pub scans: Vec<Sent<'a>>,
}

/// One scan as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sent<'a> {
    id: &'a str,
    confirmation: &'a str,
    at: i64,
    offline: bool,
}

/// What to send at `now`: first what the server has not heard of, oldest first, then what it may have news of.
pub fn to_send(scans: &[Scan], now: Instant) -> Option<Sending<'_>> {
    let mut due: Vec<&Scan> =
        scans.iter().filter(|scan| scan.answer.is_none() || now.0 - scan.at < ASKED_FOR_MS).collect();
    due.sort_by_key(|scan| (scan.answer.is_some(), scan.at));
    due.truncate(AT_ONCE);
    let sent = due.into_iter().map(|scan| Sent {
        id: &scan.id,
        confirmation: &scan.confirmation,
        at: scan.at,
        offline: scan.offline,
    });
    let scans: Vec<_> = sent.collect();
    (!scans.is_empty()).then_some(Sending { scans })
}

/// How many scans the server has not heard of.
pub fn waiting(scans: &[Scan]) -> usize {
    scans.iter().filter(|scan| scan.answer.is_none()).count()
}

/// Takes the server's answers; gives the ids of scans about which something is new. An answer to a scan that we don't have is
/// nobody's.
pub fn merge(scans: &mut [Scan], answers: Vec<ScanAnswer>) -> Vec<String> {
    let mut news = Vec::new();
    for answer in answers {
        let Some(scan) = scans.iter_mut().find(|scan| scan.id == answer.id) else { continue };
        if scan.answer.as_ref() != Some(&answer) {
            news.push(scan.id.clone());
            scan.answer = Some(answer);
        }
    }
    news
}

/// What may be forgotten at `now`: what the server has had for long. What it has not heard of is never forgotten.
pub fn is_over(scan: &Scan, now: Instant) -> bool {
    scan.answer.is_some() && now.0 - scan.at >= KEPT_MS
}

/// The first use of a confirmation at this counter.
pub fn used_here(scans: &[Scan], confirmation: &str) -> Option<Instant> {
    let uses = scans.iter().filter(|scan| scan.confirmation == confirmation);
    // One that the server refused for another reason was no use.
    uses.filter(|scan| {
        scan.answer
            .as_ref()
            .is_none_or(|answer| !answer.refused && matches!(answer.state.as_str(), "valid" | "used"))
    })
    .map(|scan| Instant(scan.at))
    .min()
}

/// How the list of scans tells of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The colour.
    pub tone: Tone,
    /// When and what.
    pub what: String,
    /// What became of it.
    pub words: String,
}

/// The line of a scan.
pub fn line(scan: &Scan, now: Instant) -> Line {
    let what = format!(
        "{} {}",
        time_text(Instant(scan.at), now),
        ConfirmationKind::from_code(scan.kind).map_or("", app::text::check::public_kind_words)
    );
    let Some(answer) = &scan.answer else {
        return Line { tone: Tone::Quiet, what, words: words::NOT_SENT.to_owned() };
    };
    let time = |used: &Use| time_text(Instant(used.at), now);
    let place = |used: &Use| if used.own { words::THIS_OFFICE.to_owned() } else { used.place.clone() };
    let first = answer.first.as_ref().filter(|_| answer.state == CheckState::Used.as_str());
    let mut told: Vec<String> = Vec::new();
    let tone = match (CheckState::parse(&answer.state), first) {
        _ if answer.refused => {
            told.push(words::NOT_TAKEN.to_owned());
            Tone::Warn
        }
        (Some(CheckState::Valid), _) if answer.also.is_empty() => {
            told.push(words::RECORDED.to_owned());
            Tone::Good
        }
        (Some(CheckState::Valid), _) => {
            told.push(words::RECORDED.to_owned());
            Tone::Warn
        }
        (_, Some(first)) => {
            told.push(words::used_before(&time(first), &place(first)));
            Tone::Warn
        }
        (Some(state), None) => {
            told.push(app::text::check::state_words(state, None).title.to_owned());
            app::text::check::state_words(state, None).tone
        }
        (None, None) => {
            told.push(words::NOT_TAKEN.to_owned());
            Tone::Warn
        }
    };
    told.extend(answer.also.iter().map(|used| words::used_again(&time(used), &place(used))));
    Line { tone, what, words: told.join("；") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_795_000_000_000);
    const HOUR: i64 = 3_600_000;

    fn scan(id: &str, at: i64) -> Scan {
        Scan { id: id.into(), confirmation: "aa".into(), kind: 3, at, offline: true, answer: None }
    }

    fn answer(id: &str, state: &str, first: Option<Use>, also: Vec<Use>) -> ScanAnswer {
        ScanAnswer { id: id.into(), state: state.into(), first, also, refused: false }
    }

    fn at(hours: i64, place: &str, own: bool) -> Use {
        Use { at: NOW.0 - hours * HOUR, office: 1, place: place.into(), own }
    }

    #[test]
    fn what_the_server_has_not_heard_goes_first_and_what_is_long_settled_rests() {
        let told = Scan { answer: Some(answer("b", "valid", None, vec![])), ..scan("b", NOW.0 - HOUR) };
        let settled =
            Scan { answer: Some(answer("c", "valid", None, vec![])), ..scan("c", NOW.0 - 13 * HOUR) };
        let forgotten =
            Scan { answer: Some(answer("e", "valid", None, vec![])), ..scan("e", NOW.0 - 48 * HOUR) };
        let scans = [told, settled, scan("d", NOW.0), scan("a", NOW.0 - 90 * HOUR), forgotten];
        let sending = to_send(&scans, NOW).unwrap();
        assert_eq!(sending.scans.iter().map(|sent| sent.id).collect::<Vec<_>>(), ["a", "d", "b"]);
        assert_eq!(waiting(&scans), 2);
        assert_eq!(
            scans.iter().map(|s| is_over(s, NOW)).collect::<Vec<_>>(),
            [false, false, false, false, true]
        );
        assert_eq!(to_send(&[], NOW), None);
        let json = serde_json::to_string(&to_send(&[scan("a", 5)], NOW)).unwrap();
        assert_eq!(json, r#"{"scans":[{"id":"a","confirmation":"aa","at":5,"offline":true}]}"#);
    }

    #[test]
    fn never_more_than_the_server_takes_go_at_once() {
        let scans: Vec<Scan> = (0..500).map(|n| scan(&n.to_string(), n)).collect();
        assert_eq!(to_send(&scans, NOW).unwrap().scans.len(), AT_ONCE);
    }

    #[test]
    fn a_double_use_is_told_honestly_to_both() {
        let mut scans = [scan("a", NOW.0 - HOUR), scan("b", NOW.0)];
        let json = r#"{"now":1,"answers":[{"id":"a","state":"valid","first":null,"also":[]},
            {"id":"zz","state":"valid","first":null,"also":[]}]}"#;
        let answers: Answers = serde_json::from_str(json).unwrap();
        assert_eq!(merge(&mut scans, answers.answers.clone()), ["a"]);
        assert_eq!(merge(&mut scans, answers.answers), Vec::<String>::new(), "told twice is told once");
        assert_eq!(line(&scans[0], NOW).words, "已登记使用");
        assert_eq!(line(&scans[0], NOW).tone, Tone::Good);
        // The other counter's earlier use arrives late.
        merge(&mut scans, vec![answer("a", "used", Some(at(2, "新安街道", false)), vec![])]);
        assert_eq!(line(&scans[0], NOW).words, "17:06 已在新安街道用过一次");
        // And we were first, and somebody came after us.
        merge(&mut scans, vec![answer("b", "valid", None, vec![at(1, "梅村街道", false)])]);
        assert_eq!(line(&scans[1], NOW).words, "已登记使用；18:06 又在梅村街道用了一次");
        assert_eq!(line(&scans[1], NOW).tone, Tone::Warn);
    }

    #[test]
    fn a_code_that_this_counter_has_used_is_known_here_with_no_network() {
        let mut scans = [scan("a", NOW.0 - HOUR), scan("b", NOW.0)];
        assert_eq!(used_here(&scans, "aa"), Some(Instant(NOW.0 - HOUR)));
        assert_eq!(used_here(&scans, "bb"), None);
        scans[0].answer = Some(answer("a", "cancelled", None, vec![]));
        assert_eq!(used_here(&scans, "aa"), Some(NOW), "a cancelled one was not used");
    }
}
