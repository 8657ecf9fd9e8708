//! The pages of staff. Each handler asks for the post that allows its act.

pub(crate) mod account;
pub(crate) mod accounts;
pub(crate) mod cases;
pub(crate) mod home;
pub(crate) mod sign_in;
