//! Confirmations: the receipt of a case, the way to open it, its slips, and the check of a QR code.

mod answer;
mod benefit;
mod check;
mod decision;
mod follow_up;
pub mod keys;
mod open;
mod paper;
mod papers;
mod receipt;
mod referral;

pub use answer::{answer, withdraw};
pub use benefit::hearing;
pub use check::{ShortForm, checked, short_code};
pub use follow_up::{ask_recheck, rate, tell_change, thanks};
pub use open::{Refusal, open};
pub use paper::{
    PICTURE_DEMO, PICTURE_SHORT_CODE, PICTURE_SIZE, Paper, PictureWords, Place, picture_words, slip,
};
pub use papers::{CasePapers, PaperDone, library, paper, papers};
pub use receipt::receipt;
pub use referral::referral;
