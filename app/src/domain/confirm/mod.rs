//! A confirmation: what its signed QR says, its short code, its number, and what a check may answer. The server and the
//! counter's browser read, judge and list with this one code; only the arithmetic of signatures lies outside.

pub mod check;
pub mod keys;
pub mod list;
mod number;
mod open;
mod short_code;
pub mod token;

pub use number::CaseNumber;
pub use open::{OpenForm, OpenRequest};
pub use short_code::ShortCode;

use crate::slugs;

/// What is confirmed. The number stands in the token; it is never given to another kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConfirmationKind {
    /// An application for aid was received (`receipt`). It carries no holder.
    AidReceipt,
    /// A marriage registration or another visit is booked (`booking`). Used once, on arrival.
    Booking,
    /// A meal is reserved (`meal`). Used once, when it is handed out.
    Meal,
    /// Hours of a volunteer were recorded (`hours`).
    Hours,
    /// A statement of an account in the time bank (`statement`).
    Statement,
    /// A certificate of service (`certificate`).
    Certificate,
    /// A card on paper for a person without a telephone (`card`).
    Card,
}

slugs!(ConfirmationKind {
    AidReceipt = "receipt",
    Booking = "booking",
    Meal = "meal",
    Hours = "hours",
    Statement = "statement",
    Certificate = "certificate",
    Card = "card",
});

impl ConfirmationKind {
    /// The number in the token.
    pub const fn code(self) -> u64 {
        match self {
            Self::AidReceipt => 1,
            Self::Booking => 2,
            Self::Meal => 3,
            Self::Hours => 4,
            Self::Statement => 5,
            Self::Certificate => 6,
            Self::Card => 7,
        }
    }

    /// The kind of that number.
    pub fn from_code(code: u64) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// Whether it is good for one use.
    pub const fn use_once(self) -> bool {
        matches!(self, Self::Booking | Self::Meal)
    }

    /// Whether its token names whose it is. Aid is nobody's business: a receipt doesn't.
    pub const fn names_holder(self) -> bool {
        !matches!(self, Self::AidReceipt)
    }
}

/// Whose it is, as little as tells two people at a counter apart.
#[derive(Clone, PartialEq, Eq)]
pub struct Holder {
    /// The masked name, at most 4 characters.
    pub name: String,
    /// The last 3 signs of the document that was seen.
    pub document_tail: String,
}

crate::masked_debug!(Holder);

/// How a card stands: its row, which only an online check knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardState {
    /// It holds.
    Active,
    /// There is a newer one.
    Replaced,
    /// It was lost.
    Lost,
}

slugs!(CardState { Active = "active", Replaced = "replaced", Lost = "lost" });

/// The signed claims of one confirmation (CWT, RFC 8392).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Short name of the deployment that issued it.
    pub issuer: String,
    /// From when it is out, Unix seconds.
    pub issued_at: i64,
    /// From when it holds, Unix seconds, where that is later than `issued_at`.
    pub not_before: Option<i64>,
    /// Until when it holds, Unix seconds.
    pub expires_at: i64,
    /// Its identity: 10 random bytes. Revocation names it.
    pub id: [u8; 10],
    /// What is confirmed.
    pub kind: ConfirmationKind,
    /// The case's number.
    pub number: String,
    /// Code of the street or office.
    pub office: u64,
    /// When it begins, Unix seconds; for a receipt, when the application was received.
    pub start: i64,
    /// How long it lasts; 0 where that has no meaning.
    pub minutes: u64,
    /// Whose it is; a receipt carries no holder.
    pub holder: Option<Holder>,
}
