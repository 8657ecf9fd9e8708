//! `/me…`: a resident's own things and account.

mod acting;
mod agree;
mod consents;
mod data;
mod home;
pub mod phone;
mod profile;

pub(crate) use acting::day_words;
pub use acting::{acting, ask};
pub use agree::agree;
pub use consents::{Given, consents};
pub use data::{OpenedLine, data, delete, deleted, devices, readable};
pub use home::{Mine, inbox, mine};
pub use profile::{Kept, Number, address, identity, member, needs, profile};
