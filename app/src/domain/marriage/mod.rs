//! Marriage registration: what can be booked, which papers the law asks for, and which office takes whom. Nothing here
//! registers anything: both people appear in person (民法典 1049, 1076).

mod booking;
mod couple;
mod day;
mod divorce;
mod door;
mod draw;
mod hot;
mod import;
mod no_show;
mod office;
mod papers;
mod province;
mod slots;
mod waiting;

pub use booking::{Booking, BookingState, EXTENSIONS_MAX, HOLD_MS, OPEN_HOLDS};
pub use couple::{Couple, CoupleForm, OldEnough, PartnerWay, Side, Spouse, old_enough};
pub use day::{BookingNote, Coming, DayEntry, MonthCounts, MoveAll, MoveAllForm, NoteForm, time_value};
pub use divorce::{
    Accepted, AcceptedForm, AcceptedFrom, DivorceForm, SecondVisit, WindowDay, second_visit, window_day,
};
pub use door::{
    Arrival, ArriveForm, COUNTERS_MAX, CallForm, DoorAct, Visit, VisitState, WalkInForm, both_there, next_of,
    queue,
};
pub use draw::{
    DRAW_FORMAT, DrawEntry, DrawFault, DrawForm, DrawOf, DrawRules, EntryState, Ordered, PublishedDraw,
    numbers_hash, order,
};
pub use hot::{HOT_TIMES_MAX, HotDay, HotDayForm, HotTime, walk_in_matters};
pub use import::{
    COLUMNS, ImportForm, LINES_MAX, LineFault, LineProblem, NewOffice, read_offices, table_records,
};
pub use no_show::{DoorRules, DoorRulesForm, NoShow, NoShowPolicy, NoShowState, ObjectForm};
pub use office::{Office, OfficeMode, OfficeSearch};
pub use papers::{Advice, Background, Paper, PapersForm, Parties, Questions};
pub use province::{PROVINCES, Province};
pub use slots::{
    BookingRules, Closure, ClosureForm, DayPart, DayState, FreeSearch, OfficeBook, RulesForm, Session,
    SessionForm, Slot, minutes_of_day, time_words,
};
pub use waiting::{LINES_OPEN, Wait, WaitForm, WaitState, offer_until};

use crate::slugs;

/// The law that holds now: 婚姻登记条例 (State Council order 804), in force from 2025-05-10.
pub const REGULATION_DAY: jiff::civil::Date = jiff::civil::date(2025, 5, 10);

/// What somebody comes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matter {
    /// 结婚登记
    MarriageRegistration,
    /// 离婚登记, the first visit: both apply
    DivorceRegistration,
    /// 离婚登记, the second visit, after the cooling-off: a booking of its own beside the first one's
    DivorceSecondVisit,
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
    DivorceSecondVisit = "divorce-second",
    CertificateReissue = "reissue",
    CertificateCeremony = "ceremony",
    Counselling = "counselling",
});

impl Matter {
    /// What one comes for, and what offices say that they take; a second visit belongs to its first.
    pub const CHOICES: &[Self] = &[
        Self::MarriageRegistration,
        Self::DivorceRegistration,
        Self::CertificateReissue,
        Self::CertificateCeremony,
        Self::Counselling,
    ];

    /// The matter whose papers and offices it has.
    pub fn base(self) -> Self {
        match self {
            Self::DivorceSecondVisit => Self::DivorceRegistration,
            other => other,
        }
    }

    /// Reads one of [`Self::CHOICES`].
    pub fn parse_choice(slug: &str) -> Option<Self> {
        Self::parse(slug).filter(|matter| matter.base() == *matter)
    }
}
