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
pub(crate) mod inquiry;
pub(crate) mod marriage;
pub(crate) mod marriage_day;
pub(crate) mod marriage_door;
pub(crate) mod marriage_hot;
pub(crate) mod marriage_no_show;
pub(crate) mod marriage_offices;
pub(crate) mod meal_calls;
pub(crate) mod meal_checks;
pub(crate) mod meal_desk;
pub(crate) mod meal_kitchen;
pub(crate) mod meal_month;
pub(crate) mod meal_offline;
pub(crate) mod meal_orders;
pub(crate) mod meal_points;
pub(crate) mod meal_ratings;
pub(crate) mod meal_standing;
pub(crate) mod meal_tables;
pub(crate) mod meal_tours;
pub(crate) mod meal_waiting;
pub(crate) mod meal_walk_in;
pub(crate) mod meals;
pub(crate) mod means;
pub(crate) mod objections;
pub(crate) mod papers;
pub(crate) mod random_checks;
pub(crate) mod register;
pub(crate) mod services;
pub(crate) mod sharing;
pub(crate) mod sign_in;
pub(crate) mod standards;
mod table_file;
pub(crate) mod templates;
pub(crate) mod timebank;
pub(crate) mod timebank_events;
pub(crate) mod timebank_fitting;
pub(crate) mod timebank_freezes;
pub(crate) mod timebank_import;
pub(crate) mod timebank_insurance;
pub(crate) mod timebank_patterns;
pub(crate) mod timebank_records;
pub(crate) mod transfers;
pub(crate) mod visit_phone;
pub(crate) mod visits;
pub(crate) mod work;

use std::collections::BTreeMap;

use app::domain::staff::{Post, Role};

use crate::error::AppError;
use crate::staff::StaffVisitor;

/// A number in the address; what is none counts as 0.
pub(crate) fn number_in(query: &BTreeMap<String, String>, name: &str) -> u32 {
    query.get(name).and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// One of the visitor's own posts of these roles, by its text, or the first; somebody else's is refused and noted.
async fn own_post<'a>(staff: &'a StaffVisitor, roles: &[Role], text: &str) -> Result<&'a Post, AppError> {
    let held = staff.require_role(roles).await?;
    if text.is_empty() {
        return held.into_iter().next().ok_or(AppError::NotFound);
    }
    let asked = Post::parse(text).map_err(|_| AppError::NotFound)?;
    match held.into_iter().find(|post| **post == asked) {
        Some(post) => Ok(post),
        None => Err(staff.refused("areas", asked.place(), asked.place()).await?),
    }
}
