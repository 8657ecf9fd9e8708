//! Tokens made up and broken by chance: 2,000 in `make tests`, 100,000 in `make soak`.

#![cfg(test)]

use app::domain::confirm::check::CheckState;
use app::domain::confirm::token::{encode_base32, read};
use app::domain::confirm::{CaseNumber, Claims, ConfirmationKind, Holder};
use app::domain::time::Instant;

use super::forge::{around, payload_of};
use super::{END, FOREIGN, LOST, NOW, RETIRED, SIGNS, YEAR, check_at, key, signed};

#[cfg(not(feature = "soak"))]
const TOKENS: u32 = 2_000;
#[cfg(feature = "soak")]
const TOKENS: u32 = 100_000;

/// SplitMix64: small, and the same everywhere for the same seed.
struct Chance(u64);

impl Chance {
    /// Seeded with `XW_TEST_SEED` where that is set, else by the system; the seed is printed, so that a failure can be had
    /// again.
    #[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the server")]
    fn new() -> Self {
        let seed = match std::env::var("XW_TEST_SEED") {
            Ok(text) => text.parse().unwrap(),
            Err(_) => crate::seal::random_u64().unwrap(),
        };
        println!("{TOKENS} tokens; again with XW_TEST_SEED={seed}");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    /// Seconds around now, up to `span` before and after.
    fn around_now(&mut self, span: i64) -> i64 {
        NOW.seconds() - span + i64::try_from(self.next() % u64::try_from(2 * span).unwrap()).unwrap()
    }

    fn claims(&mut self) -> Claims {
        let kind = self.one_of(ConfirmationKind::ALL);
        let day = jiff::civil::date(2026, 1 + i8::try_from(self.below(12)).unwrap(), 1);
        let service = self.one_of(&["LS", "KP", "YY", "CF"]);
        let holder = Holder {
            name: (0..=self.below(4)).map(|_| self.one_of(&['王', '＊', '阿', '<', '&', '"', 'é'])).collect(),
            document_tail: (0..self.below(4)).map(|_| self.one_of(&['0', '9', 'X', 'a'])).collect(),
        };
        Claims {
            issuer: self.one_of(&["XW", "XW", "XW", "YZ", "XWMZ"]).to_owned(),
            issued_at: self.around_now(2 * YEAR),
            not_before: (self.below(2) == 0).then(|| self.around_now(YEAR)),
            expires_at: self.around_now(3 * YEAR),
            id: std::array::from_fn(|_| self.byte()),
            kind,
            number: CaseNumber::new(service, day, self.next()).as_str().to_owned(),
            office: self.next() >> self.below(64),
            start: self.around_now(YEAR),
            minutes: u64::from(u32::try_from(self.next() >> 32).unwrap()) >> self.below(32),
            holder: kind.names_holder().then_some(holder),
        }
    }

    /// Breaks a token, its text or what is inside; `true` where it was signed again afterwards.
    fn broken(&mut self, bytes: &[u8], other: &[u8]) -> (String, bool) {
        let mut broken = bytes.to_vec();
        let mut signed_again = false;
        match self.below(9) {
            0 => (0..=self.below(3)).for_each(|_| {
                let at = self.below(broken.len());
                broken[at] ^= 1 << self.below(8);
            }),
            1 => {
                let at = self.below(broken.len());
                broken[at] = self.byte();
            }
            2 => {
                broken.remove(self.below(broken.len()));
            }
            3 => {
                let (at, byte) = (self.below(broken.len() + 1), self.byte());
                broken.insert(at, byte);
            }
            4 => broken.truncate(self.below(broken.len())),
            // The beginning of one, the end of another.
            5 => {
                let at = self.below(broken.len().min(other.len()));
                broken.truncate(at);
                broken.extend(&other[at..]);
            }
            6 => {
                let last = broken.len() - 8;
                let (from, to) = (self.below(last), self.below(last));
                broken.copy_within(from..from + 8, to);
            }
            // The content changed by whoever holds the key.
            7 => {
                let mut payload = payload_of(bytes);
                let at = self.below(payload.len());
                payload[at] = self.byte();
                (broken, signed_again) = (around(&payload), true);
            }
            _ => {
                let mut text: Vec<char> = encode_base32(bytes).chars().collect();
                let at = self.below(text.len());
                text[at] = self.one_of(&['A', '7', '0', '=', '/', '%', ' ', 'а', '\u{0}', 'z']);
                return (text.into_iter().collect(), false);
            }
        }
        (encode_base32(&broken), signed_again)
    }
}

/// What the check has to say, worked out apart from it.
fn expected(claims: &Claims, by: u8, now: Instant) -> CheckState {
    let (issued, now) = (claims.issued_at, now.seconds());
    match by {
        _ if claims.issuer != "XW" => CheckState::NotOurs,
        FOREIGN | LOST => CheckState::UnknownKey,
        RETIRED if issued >= END.seconds() => CheckState::UnknownKey,
        _ if now >= claims.expires_at => CheckState::Expired,
        _ if issued > now + 300 || claims.not_before.is_some_and(|from| from > now) => CheckState::NotYet,
        _ => CheckState::Valid,
    }
}

#[test]
fn tokens_are_judged_right_and_broken_ones_are_never_believed() {
    let mut chance = Chance::new();
    let mut seen = std::collections::BTreeMap::<CheckState, u32>::new();
    let mut other = signed(&chance.claims(), &key(SIGNS));
    for turn in 0..TOKENS {
        let claims = chance.claims();
        let by = chance.one_of(&[SIGNS, SIGNS, SIGNS, RETIRED, LOST, FOREIGN]);
        let bytes = signed(&claims, &key(by));
        let text = encode_base32(&bytes);
        let now = Instant::from_seconds(chance.around_now(2 * YEAR));
        let answer = check_at(&text, now);
        assert_eq!(answer.state, expected(&claims, by, now), "token {turn}: {text}");
        let believed = matches!(answer.state, CheckState::Valid | CheckState::NotYet | CheckState::Expired);
        assert_eq!(answer.claims, believed.then_some(claims), "token {turn}: {text}");
        *seen.entry(answer.state).or_default() += 1;

        let (broken, signed_again) = chance.broken(&bytes, &other);
        // Broken into what it was, or into another whole one: nothing is wrong with that.
        if read(&broken) != read(&text) && broken != encode_base32(&other) {
            let answer = check_at(&broken, now);
            // Whoever holds the key may say anything in our spelling; nobody else is believed.
            if !signed_again {
                assert_eq!(answer.claims, None, "token {turn}: {broken}");
            }
            *seen.entry(answer.state).or_default() += 1;
        }
        other = bytes;
    }
    println!("{seen:?}");
    for state in [
        CheckState::Valid,
        CheckState::NotYet,
        CheckState::Expired,
        CheckState::Altered,
        CheckState::UnknownKey,
        CheckState::NotOurs,
    ] {
        assert!(seen.get(&state).is_some_and(|times| *times > TOKENS / 200), "{state:?} of {seen:?}");
    }
}
