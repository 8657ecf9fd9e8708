//! Eldercare meals (助餐): what a meal costs after subsidy, what a point offers, and who eats. Nobody pays here: the elder's
//! part is paid at the point.

mod subsidy;
mod tables;

pub use subsidy::{
    Bill, Eater, HujiRule, Level, Quote, Status, SubsidyTable, Tier, Unset, Used, bill,
};
pub use tables::{read_tables, sample_tables};
