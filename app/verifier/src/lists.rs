//! Whether a list that somebody hands out may take the place of the one that is kept.

use app::domain::confirm::check::CheckState;
use app::domain::confirm::keys::{PublicKey, PublicKeys};
use app::domain::confirm::list::{DayList, StateList};
use app::domain::confirm::token::Signed;
use app::domain::time::Instant;

/// Why a list was not taken. The one that is kept stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListRefusal {
    /// Not a list at all.
    Unreadable,
    /// Of another deployment, or signed by nobody that we know, or altered.
    NotGenuine,
    /// Older than the one that is kept: somebody repeats what was true once.
    Replayed,
}

/// What both kinds of list have.
pub trait List {
    /// The deployment that signed it.
    fn issuer(&self) -> &str;
    /// When.
    fn made_at(&self) -> Instant;
}

impl List for StateList {
    fn issuer(&self) -> &str {
        &self.issuer
    }

    fn made_at(&self) -> Instant {
        self.made_at
    }
}

impl List for DayList {
    fn issuer(&self) -> &str {
        &self.issuer
    }

    fn made_at(&self) -> Instant {
        self.made_at
    }
}

/// The key whose signature the list must have, before anybody checks it.
///
/// # Errors
/// The list is refused without any arithmetic.
pub fn key_of<'a, L: List>(
    read: Option<&Signed<L>>,
    keys: &'a PublicKeys,
    issuer: &str,
) -> Result<&'a PublicKey, ListRefusal> {
    let signed = read.ok_or(ListRefusal::Unreadable)?;
    if signed.content.issuer() != issuer {
        return Err(ListRefusal::NotGenuine);
    }
    keys.for_check(signed.key, signed.algorithm, signed.content.made_at())
        .map_err(|_: CheckState| ListRefusal::NotGenuine)
}

/// Judges a list, now that somebody has looked whether its signature `fits`. `newest` is when the newest good list was made
/// that this browser has seen.
///
/// # Errors
/// It is altered, or older than what was seen.
pub fn judge(made_at: Instant, fits: bool, newest: Option<Instant>) -> Result<(), ListRefusal> {
    if !fits {
        return Err(ListRefusal::NotGenuine);
    }
    if newest.is_some_and(|newest| made_at < newest) { Err(ListRefusal::Replayed) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use app::domain::confirm::keys::Algorithm;

    use super::*;

    const NOW: Instant = Instant(1_795_000_000_000);

    fn list(issuer: &str, key: &PublicKey) -> Option<Signed<StateList>> {
        let list = StateList::new(issuer.to_owned(), NOW, Vec::new());
        let unsigned = list.prepare(key.id, Algorithm::Ed25519).unwrap();
        StateList::read(&unsigned.signed(vec![0; 64]).unwrap())
    }

    #[test]
    fn a_list_of_another_deployment_or_an_unknown_or_retired_key_is_refused() {
        let key = PublicKey::new([7; 32]);
        let keys = PublicKeys::default().with(key.clone());
        assert_eq!(key_of(list("XW", &key).as_ref(), &keys, "XW"), Ok(&key));
        assert_eq!(key_of(list("YZ", &key).as_ref(), &keys, "XW"), Err(ListRefusal::NotGenuine));
        let other = PublicKey::new([8; 32]);
        assert_eq!(key_of(list("XW", &other).as_ref(), &keys, "XW"), Err(ListRefusal::NotGenuine));
        let retired = PublicKeys::default().with(PublicKey { retired_at: Some(NOW), ..key.clone() });
        assert_eq!(key_of(list("XW", &key).as_ref(), &retired, "XW"), Err(ListRefusal::NotGenuine));
        assert_eq!(key_of::<StateList>(None, &keys, "XW"), Err(ListRefusal::Unreadable));
    }

    #[test]
    fn a_replayed_list_is_refused_though_its_signature_fits() {
        assert_eq!(judge(NOW, true, None), Ok(()));
        assert_eq!(judge(NOW, true, Some(NOW)), Ok(()));
        assert_eq!(judge(Instant(NOW.0 - 1_000), true, Some(NOW)), Err(ListRefusal::Replayed));
        assert_eq!(judge(NOW, false, None), Err(ListRefusal::NotGenuine));
    }
}
