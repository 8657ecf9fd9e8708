//! Eldercare meals (助餐): what a meal costs after subsidy, what a point offers, and who eats. Nobody pays here: the elder's
//! part is paid at the point.

mod changes;
mod checks;
mod desk;
mod eater;
mod kitchen;
mod menu;
mod missed;
mod order;
mod point;
mod rating;
mod settlement;
mod standing;
mod subsidy;
mod table_changes;
mod table_entry;
mod tables;
mod today;
mod tour;
mod waiting;
mod walk_in;

pub use changes::{SheetChanges, SheetMeal};
pub use checks::{CheckForm, MealMonth, opens_on};
pub use desk::{DESK_DAYS, DESK_LINES, DeskOutcome, PaperLine, desk_moment, read_paper};
pub use eater::{EaterForm, HujiPlace, KeptEater, MealPerson, MealState, NewEater, Paid};
pub use kitchen::{DishCount, KitchenMeal, KitchenSheet};
pub use menu::{DietTag, Dish, DishForm, MENU_DAYS, MENU_LINES, MenuProblem, NewDish, read_menu, word_list};
pub use missed::{CallForm, CallOutcome, CallReport, MISSED_AFTER_MS, MealCall, MealTime, missed_in_row};
pub use order::{PICKS_MAX, is_pick, pick_field, quote_all};
pub use point::{
    MealClosure, MealClosureForm, MealKind, MealMode, MealPoint, PointKind, PointSearch, Service,
    ServiceForm, left_words, read_points, sample_points,
};
pub use rating::{DishScores, KeptRating, NewRating, RatingForm, Score, WORD_MAX, rating_answer};
pub use settlement::{Difference, SettledMeal, Settlement, TierSum};
pub use standing::{
    KeptStandingDay, NewStanding, Pause, STANDING_AHEAD_DAYS, Standing, StandingDay, StandingForm,
    StandingOffer, StandingStep, Weekdays, standing_step, weekday_field,
};
pub use subsidy::{
    Bill, Eater, HujiRule, Level, Quote, Status, SubsidyTable, Tier, Unset, Used, bill, tier_on,
};
pub use table_changes::{SampleEater, TierChange, TierSaid, sample_eaters, tier_changes};
pub use table_entry::{KeptTable, NO_SUBSIDY, TableForm, TableRefusal, TierProblem};
pub use tables::{read_tables, sample_tables};
pub use today::PointDay;
pub use tour::{building, door_counts_until, route_key};
pub use waiting::{KeptWait, WaitAnswer, WaitState};
pub use walk_in::{Guest, WalkInForm, WalkInWho};
