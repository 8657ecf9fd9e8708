//! The time bank (时间银行): hours given are kept, and come back as service. Whole minutes throughout; nothing here is money.

mod correction;
mod event;
mod gift;
mod insurance;
mod kinds;
mod ledger;
mod life;
mod matching;
mod minor;
mod pattern;
mod record;
mod rules;
mod service;
mod signing;
mod spend;

pub use correction::{Correction, CorrectionForm, Putting};
pub use event::{
    EventForm, EventState, NewEvent, PlaceState, door_is_open, event_digits, event_minutes, event_text,
};
pub use gift::{Gift, GiftForm, Kin};
pub use insurance::{Insurance, InsuranceForm};
pub use kinds::{ServiceKind, service_kind, service_kinds};
pub use ledger::{Account, AccountKind, Credits, EntryKind, Minutes, Movement, Totals, minutes_text};
pub use life::{FreezeForm, FreezeReason, NewFreeze, NewOutcome, Outcome, OutcomeForm, other_phone};
pub use matching::{Asked, DayPart, Fit, FreeDay, Near, Skill};
pub use minor::{Agreement, AgreementForm, Guarded, MinorRule, OF_AGE};
pub use pattern::{PAIR_DAYS, PAIR_MOST, Pattern, Seen, patterns};
pub use record::{
    NumberedRecord, RECORD_COLUMNS, RECORDS_MAX, RawRecord, RecordFault, RecordsFault, ServiceRecord,
    hours_text, read_table, records_table, within,
};
pub use rules::{BankRules, Credit, GiftCircle, preset, presets};
pub use service::{
    LENGTHS, Language, NeedForm, NeedState, NewNeed, REVIEW_ABOVE, Served, Volunteer, VolunteerForm, age_on,
    begins_at, entered_late, overlap,
};
pub use signing::{
    DeviceTime, Implausible, ServedCode, SignAct, SignProof, device_text, minutes_around, phone_digits,
    phone_text, signed_text,
};
pub use spend::{Order, OrderForm, SELF, donation};
