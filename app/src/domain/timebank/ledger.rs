//! What a ledger entry is: minutes that go from one account to another, so that all accounts together hold nothing at any
//! instant. No fraction and no rounding exists here.

use crate::slugs;

/// More than zero whole minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minutes(i64);

/// What no single entry exceeds: a hundred years.
const MOST: i64 = 100 * 366 * 24 * 60;

impl Minutes {
    /// That many minutes; `None` for nothing, less, or more than a hundred years.
    pub const fn new(minutes: i64) -> Option<Self> {
        if minutes > 0 && minutes <= MOST { Some(Self(minutes)) } else { None }
    }

    /// How many.
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// Hours as people read them: 3 小时 30 分钟.
pub fn minutes_text(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, left) => format!("{left} 分钟"),
        (hours, 0) => format!("{hours} 小时"),
        (hours, left) => format!("{hours} 小时 {left} 分钟"),
    }
}

/// Minutes as time credits (时间币): whole ones and the minutes that make none yet. Nothing is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credits {
    /// Whole credits.
    pub whole: i64,
    /// Minutes beyond them.
    pub minutes_left: i64,
}

impl Credits {
    /// A balance in credits of that many minutes each.
    pub fn of(minutes: i64, minutes_each: Minutes) -> Self {
        Self { whole: minutes / minutes_each.0, minutes_left: minutes % minutes_each.0 }
    }
}

/// What an account is for. All but the issuance hold nothing or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccountKind {
    /// Where hours come from: as much below zero as was ever issued.
    Issuance,
    /// What one person may spend.
    Person,
    /// What one person has ordered service for; it is theirs until the service is confirmed.
    Reserved,
    /// Given to a group or to those who can't save.
    Pool,
    /// Service was had for it.
    Spent,
    /// Ran out, where a setting says that hours do.
    Expiry,
}

slugs!(AccountKind {
    Issuance = "issuance",
    Person = "person",
    Reserved = "reserved",
    Pool = "pool",
    Spent = "spent",
    Expiry = "expiry",
});

/// Why minutes move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryKind {
    /// For a confirmed service.
    Earned,
    /// A service was ordered.
    Reserved,
    /// The order was cancelled.
    Released,
    /// The ordered service was confirmed.
    Spent,
    /// One person to another (转赠).
    Gift,
    /// To a pool (捐赠).
    Donated,
    /// From a pool to one who needs it.
    Granted,
    /// They ran out.
    Expired,
    /// An older entry was wrong.
    Corrected,
}

slugs!(EntryKind {
    Earned = "earned",
    Reserved = "reserved",
    Released = "released",
    Spent = "spent",
    Gift = "gift",
    Donated = "donated",
    Granted = "granted",
    Expired = "expired",
    Corrected = "corrected",
});

impl EntryKind {
    /// Whether minutes may go between accounts of these kinds for this reason. A correction goes back the way of the entry
    /// that it names.
    pub fn allows(self, payer: AccountKind, payee: AccountKind) -> bool {
        use AccountKind::{Expiry, Issuance, Person, Pool, Reserved, Spent};
        match self {
            Self::Earned => payer == Issuance && matches!(payee, Person | Pool),
            Self::Reserved => matches!((payer, payee), (Person, Reserved)),
            Self::Released => matches!((payer, payee), (Reserved, Person)),
            Self::Spent => matches!((payer, payee), (Reserved, Spent)),
            Self::Gift => matches!((payer, payee), (Person, Person)),
            Self::Donated => matches!((payer, payee), (Person, Pool)),
            Self::Granted => matches!((payer, payee), (Pool, Person)),
            Self::Expired => matches!((payer, payee), (Person, Expiry)),
            Self::Corrected => {
                Self::ALL.iter().any(|kind| *kind != Self::Corrected && kind.allows(payee, payer))
            }
        }
    }
}

/// One account of one bank.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Account {
    /// What it is for.
    pub kind: AccountKind,
    /// The resident's or the pool's id; empty for those that exist once.
    pub holder: String,
}

impl Account {
    /// An account of a person or a pool.
    pub fn of(kind: AccountKind, holder: &str) -> Self {
        Self { kind, holder: holder.to_owned() }
    }

    /// An account that exists once.
    pub fn only(kind: AccountKind) -> Self {
        Self { kind, holder: String::new() }
    }

    /// Its name in the database, such as `person:r1`.
    pub fn id(&self) -> String {
        format!("{}:{}", self.kind.as_str(), self.holder)
    }

    /// The account that a name in the database means.
    pub fn parse(id: &str) -> Option<Self> {
        let (kind, holder) = id.split_once(':')?;
        Some(Self::of(AccountKind::parse(kind)?, holder))
    }
}

/// Minutes about to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Why.
    pub kind: EntryKind,
    /// From where.
    pub payer: Account,
    /// To where.
    pub payee: Account,
    /// How many.
    pub minutes: Minutes,
    /// The minutes really spent at the service, whatever a coefficient made of them; the certificate names these
    /// (志愿服务记录与证明出具办法 7).
    pub true_minutes: Minutes,
    /// The service that it is about.
    pub service: Option<String>,
    /// The entry that it corrects.
    pub corrects: Option<String>,
}

impl Movement {
    /// A movement that no service and no correction stands behind.
    pub fn plain(kind: EntryKind, payer: Account, payee: Account, minutes: Minutes) -> Self {
        Self { kind, payer, payee, minutes, true_minutes: minutes, service: None, corrects: None }
    }

    /// A movement for a service.
    pub fn for_service(self, service: &str) -> Self {
        Self { service: Some(service.to_owned()), ..self }
    }

    /// Whether a ledger may hold it.
    pub fn is_sound(&self) -> bool {
        self.payer != self.payee
            && self.kind.allows(self.payer.kind, self.payee.kind)
            && (self.kind == EntryKind::Corrected) == self.corrects.is_some()
    }
}

/// What became of all hours of a bank, in minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Ever issued.
    pub issued: i64,
    /// With persons, what they have ordered for included.
    pub held: i64,
    /// Service was had for them.
    pub spent: i64,
    /// In pools.
    pub donated: i64,
    /// Ran out.
    pub expired: i64,
}

impl Totals {
    /// Counts one account's balance in.
    pub fn add(&mut self, kind: AccountKind, minutes: i64) {
        match kind {
            AccountKind::Issuance => self.issued -= minutes,
            AccountKind::Person | AccountKind::Reserved => self.held += minutes,
            AccountKind::Pool => self.donated += minutes,
            AccountKind::Spent => self.spent += minutes,
            AccountKind::Expiry => self.expired += minutes,
        }
    }

    /// Whether every hour that was issued is somewhere.
    pub fn add_up(&self) -> bool {
        self.issued == self.held + self.spent + self.donated + self.expired
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_minutes_earned_twice_is_exactly_three_points() {
        let hour = Minutes::new(60).unwrap();
        let earned = [90, 90].map(|minutes| Minutes::new(minutes).unwrap().get());
        assert_eq!(Credits::of(earned.iter().sum(), hour), Credits { whole: 3, minutes_left: 0 });
        assert_eq!(Credits::of(earned[0], hour), Credits { whole: 1, minutes_left: 30 });
        assert_eq!(minutes_text(180), "3 小时");
        assert_eq!(minutes_text(90), "1 小时 30 分钟");
    }

    #[test]
    fn a_correction_goes_back_the_way_of_some_entry_and_no_other() {
        use AccountKind::{Issuance, Person, Spent};
        assert!(EntryKind::Corrected.allows(Person, Issuance));
        assert!(!EntryKind::Corrected.allows(Person, Spent));
        assert!(!EntryKind::Earned.allows(Person, Issuance));
    }

    #[test]
    fn every_word_and_every_account_reads_back() {
        for kind in AccountKind::ALL {
            let account = Account::of(*kind, "r:1");
            assert_eq!(Account::parse(&account.id()), Some(account));
        }
        for kind in EntryKind::ALL {
            assert_eq!(EntryKind::parse(kind.as_str()), Some(*kind));
        }
        assert_eq!(Minutes::new(0), None);
        assert_eq!(Minutes::new(i64::MAX), None);
    }
}
