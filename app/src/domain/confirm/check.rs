//! Judging a confirmation: a question whose signature somebody checks (the server, or the counter's browser), the answer to
//! it, and how the confirmation stands in the records.

use super::Claims;
use super::keys::{PublicKey, PublicKeys};
use super::token::{self, Signed};
use crate::domain::time::Instant;
use crate::slugs;

/// How far into the future a confirmation may say that it was issued, in seconds: clocks of servers differ a little.
const CLOCKS_DIFFER: i64 = 300;

/// What a check says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckState {
    /// Signed by a key of ours, unaltered, within its time, and nothing speaks against it.
    Valid,
    /// As valid, but its time has not come.
    NotYet,
    /// As valid, but its time is over.
    Expired,
    /// It was good for one use, and has been used.
    Used,
    /// It was cancelled, or reported lost. It stays so.
    Cancelled,
    /// Another one was issued in its place.
    Replaced,
    /// It has our form, but the signature doesn't fit its content.
    Altered,
    /// Signed with a key that we don't know, or whose word did not hold.
    UnknownKey,
    /// Not a confirmation of this service at all.
    NotOurs,
    /// The signature fits, but the records, which only an online check asks, don't know it.
    NoRecord,
}

slugs!(CheckState {
    Valid = "valid",
    NotYet = "not_yet",
    Expired = "expired",
    Used = "used",
    Cancelled = "cancelled",
    Replaced = "replaced",
    Altered = "altered",
    UnknownKey = "unknown_key",
    NotOurs = "not_ours",
    NoRecord = "no_record",
});

/// The use that counts: the earliest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstUse {
    /// When, by the clock of the counter that used it.
    pub at: Instant,
    /// Code of the street or office that used it.
    pub office: u64,
}

/// How a confirmation stands in the records, or in a list that was signed from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing speaks against it.
    Holds,
    /// It was cancelled at that moment.
    Cancelled(Instant),
    /// Another one took its place at that moment.
    Replaced(Instant),
    /// It was reported lost at that moment.
    Lost(Instant),
    /// It was good for one use, and has been used.
    Used(FirstUse),
    /// The records don't know it.
    NoRecord,
}

impl Standing {
    /// When it was cancelled, replaced or reported lost.
    pub fn ended_at(self) -> Option<Instant> {
        match self {
            Self::Cancelled(at) | Self::Replaced(at) | Self::Lost(at) => Some(at),
            Self::Holds | Self::Used(_) | Self::NoRecord => None,
        }
    }
}

/// A token whose signature is to be checked: who does so needs `key`, `message` and `signature`, and nothing else.
#[derive(Clone, Debug)]
pub struct Question {
    signed: Signed<Claims>,
    key: PublicKey,
}

impl Question {
    /// Reads what a camera, a scanner or a person hands in.
    ///
    /// # Errors
    /// What the check says without any arithmetic: not ours, an unknown key, or altered (another algorithm than the key's).
    pub fn ask(text: &str, keys: &PublicKeys, issuer: &str) -> Result<Self, CheckState> {
        let signed = token::read(text).filter(|signed| signed.content.issuer == issuer);
        let signed = signed.ok_or(CheckState::NotOurs)?;
        let issued_at = Instant::from_seconds(signed.content.issued_at);
        let key = keys.for_check(signed.key, signed.algorithm, issued_at)?.clone();
        Ok(Self { signed, key })
    }

    /// The key whose signature it has to be.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The bytes that the signature is over.
    pub fn message(&self) -> &[u8] {
        &self.signed.message
    }

    /// The signature.
    pub fn signature(&self) -> &[u8] {
        &self.signed.signature
    }

    /// The answer, now that somebody has looked whether the signature `fits`.
    pub fn answer(self, fits: bool, now: Instant) -> CheckAnswer {
        if !fits {
            return CheckState::Altered.into();
        }
        let claims = self.signed.content;
        let seconds = now.seconds();
        let state = if seconds >= claims.expires_at {
            CheckState::Expired
        } else if claims.not_before.is_some_and(|from| seconds < from)
            || claims.issued_at > seconds.saturating_add(CLOCKS_DIFFER)
        {
            // Issued tomorrow: one of the two clocks is wrong, and nobody knows which.
            CheckState::NotYet
        } else {
            CheckState::Valid
        };
        CheckAnswer { state, claims: Some(claims), standing: Standing::Holds }
    }
}

/// The answer to a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckAnswer {
    /// What the check says.
    pub state: CheckState,
    /// What the confirmation says; only where its signature fits.
    pub claims: Option<Claims>,
    /// How it stands, as far as somebody has looked.
    pub standing: Standing,
}

impl From<CheckState> for CheckAnswer {
    /// An answer about something that tells us nothing that we could believe.
    fn from(state: CheckState) -> Self {
        Self { state, claims: None, standing: Standing::Holds }
    }
}

impl CheckAnswer {
    /// The answer, now that somebody has looked how it stands. What ended is told before what is over: a cancelled meal of
    /// yesterday is cancelled. What isn't ours, or altered, stays so.
    #[must_use]
    pub fn with_standing(self, standing: Standing) -> Self {
        if self.claims.is_none() {
            return self;
        }
        let state = match standing {
            Standing::Holds => self.state,
            Standing::Cancelled(_) | Standing::Lost(_) => CheckState::Cancelled,
            Standing::Replaced(_) => CheckState::Replaced,
            Standing::Used(_) => CheckState::Used,
            Standing::NoRecord => CheckState::NoRecord,
        };
        Self { state, standing, ..self }
    }

    /// When and where it was used first.
    pub fn first_use(&self) -> Option<FirstUse> {
        match self.standing {
            Standing::Used(first) => Some(first),
            _ => None,
        }
    }

    /// When it was cancelled, replaced or reported lost.
    pub fn ended_at(&self) -> Option<Instant> {
        self.standing.ended_at()
    }
}
