//! Marriage registration: what can be booked, which papers the law asks for, and which office takes whom. Nothing here
//! registers anything: both people appear in person (民法典 1049, 1076).

mod booking;
mod couple;
mod divorce;
mod import;
mod office;
mod papers;
mod province;
mod slots;

pub use booking::{Booking, BookingState, EXTENSIONS_MAX, HOLD_MS, OPEN_HOLDS};
pub use couple::{Couple, CoupleForm, OldEnough, PartnerWay, Side, Spouse, old_enough};
pub use divorce::{AcceptedForm, SecondVisit, second_visit};
pub use import::{
    COLUMNS, ImportForm, LINES_MAX, LineFault, LineProblem, NewOffice, read_offices, table_records,
};
pub use office::{Office, OfficeMode, OfficeSearch};
pub use papers::{Advice, Background, Paper, PapersForm, Parties, Questions};
pub use province::{PROVINCES, Province};
pub use slots::{
    BookingRules, Closure, ClosureForm, DayPart, DayState, FreeSearch, OfficeBook, RulesForm, Session,
    SessionForm, Slot, minutes_of_day, time_words,
};

use crate::slugs;

/// The law that holds now: 婚姻登记条例 (State Council order 804), in force from 2025-05-10.
pub const REGULATION_DAY: jiff::civil::Date = jiff::civil::date(2025, 5, 10);

/// What somebody comes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matter {
    /// 结婚登记
    MarriageRegistration,
    /// 离婚登记, two visits
    DivorceRegistration,
    /// 补领婚姻登记证
    CertificateReissue,
    /// 颁证仪式
    CertificateCeremony,
    /// 婚姻家庭辅导
    Counselling,
}

slugs!(Matter {
    MarriageRegistration = "marriage",
    DivorceRegistration = "divorce",
    CertificateReissue = "reissue",
    CertificateCeremony = "ceremony",
    Counselling = "counselling",
});
