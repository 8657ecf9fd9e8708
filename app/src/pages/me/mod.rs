//! `/me…`: a resident's own things and account.

mod acting;
mod agree;
mod data;
mod home;
mod profile;

pub(crate) use acting::day_words;
pub use acting::{acting, ask};
pub use agree::agree;
pub use data::{OpenedLine, data, delete, deleted, devices, readable};
pub use home::{Mine, inbox, mine};
pub use profile::{Kept, Number, address, identity, member, needs, profile};
