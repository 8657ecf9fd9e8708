//! Social aid (社会救助): the catalogue of its items, and the form of 临时救助 (`temporary_aid`), what its answers must be,
//! and what follows from them.

mod address;
mod applicant;
mod application;
mod bank_account;
#[cfg(feature = "ssr")]
pub mod benefit;
pub mod case;
pub mod catalogue;
#[cfg(feature = "ssr")]
pub mod change;
#[cfg(feature = "ssr")]
pub mod charity;
pub mod clock;
mod consent;
pub mod correction;
pub mod decision;
#[cfg(feature = "ssr")]
pub mod families;
mod finances;
#[cfg(feature = "ssr")]
pub mod found;
#[cfg(feature = "ssr")]
pub mod home_visit;
mod household;
mod limit;
#[cfg(feature = "ssr")]
pub mod means_check;
pub mod public_notice;
#[cfg(feature = "ssr")]
pub mod random_check;
#[cfg(feature = "ssr")]
pub mod rating;
#[cfg(feature = "ssr")]
pub mod recheck;
pub mod screener;
pub mod service;
#[cfg(feature = "ssr")]
pub mod sharing;
mod situation;
pub mod staff_kin;
#[cfg(feature = "ssr")]
pub mod standard_changes;
pub mod standards;
mod step;
#[cfg(feature = "ssr")]
pub mod transfer;
pub mod usual;
pub mod work;

pub use address::{Address, AddressForm, EmergencyPlace, Place, Residence};
pub use applicant::{Applicant, ApplicantForm};
pub use application::{Application, ApplicationRecord, Draft, DraftErrors, MemberRecord};
pub use bank_account::{BankAccountForm, PayoutAccount};
pub use consent::{
    APPLICANT_ID, AuthorisationForm, CheckConsent, ConsentWay, NoticeForm, PledgeForm, Signatory, SignatoryId,
};
pub use finances::{Finances, FinancesForm};
pub use household::{HouseholdMember, MAX_MEMBERS, MemberForm, Relation, is_member_id};
pub use limit::{Limit, LimitPolicy};
pub use situation::{Situation, SituationForm, TemporaryAidKind, Urgency};
pub use step::{Asks, Step};

/// The most characters of a free text that tells what happened.
pub const STORY_MAX: usize = 1_000;
/// The fewest characters that tell a clerk anything.
pub const STORY_MIN: usize = 5;
/// The most characters of one line, such as an address.
pub const LINE_MAX: usize = 100;
