//! How staff prove who they are: password, code or passkey, and the session that follows.

pub(crate) mod command;
pub(crate) mod passkey;
pub(crate) mod password;
pub(crate) mod session;
pub(crate) mod totp;

pub(crate) use session::{AnyStaff, StaffVisitor};
