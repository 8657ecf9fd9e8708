//! `/me…`: a resident's own things and account.

mod acting;
mod agree;
mod consents;
mod data;
mod home;
pub mod phone;
mod profile;

pub use acting::{acting, ask};
pub use agree::agree;
pub use consents::{Given, consents};
pub use data::{data, delete, deleted, devices, readable};
pub use home::{Mine, inbox, mine};
pub use profile::{Kept, address, identity, member, needs, profile};
