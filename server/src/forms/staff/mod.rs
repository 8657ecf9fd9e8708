//! The pages of staff. Each handler asks for the post that allows its act.

pub(crate) mod account;
pub(crate) mod accounts;
pub(crate) mod agreements;
pub(crate) mod audit;
pub(crate) mod benefit;
pub(crate) mod cards;
pub(crate) mod cases;
pub(crate) mod clock;
pub(crate) mod complaints;
pub(crate) mod confirmations;
pub(crate) mod counter;
pub(crate) mod deliveries;
pub(crate) mod follow_up;
pub(crate) mod found;
pub(crate) mod handling;
pub(crate) mod home;
pub(crate) mod marriage;
pub(crate) mod marriage_door;
pub(crate) mod marriage_no_show;
pub(crate) mod marriage_offices;
pub(crate) mod objections;
pub(crate) mod papers;
pub(crate) mod register;
pub(crate) mod sign_in;
pub(crate) mod standards;
pub(crate) mod templates;
pub(crate) mod timebank;
pub(crate) mod timebank_import;
pub(crate) mod timebank_insurance;
pub(crate) mod timebank_records;
pub(crate) mod visit_phone;
pub(crate) mod visits;
pub(crate) mod work;

use std::collections::BTreeMap;

/// A number in the address; what is none counts as 0.
pub(crate) fn number_in(query: &BTreeMap<String, String>, name: &str) -> u32 {
    query.get(name).and_then(|text| text.parse().ok()).unwrap_or_default()
}
