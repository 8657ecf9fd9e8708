//! Eldercare meals: what a point cooks, who ordered, what was handed out.

mod calls;
pub(crate) mod checks;
pub(crate) mod desk;
pub(crate) mod eaters;
mod ending;
pub(crate) mod orders;
pub(crate) mod plans;
mod prints;
mod ratings;
pub(crate) mod standing;
mod tables;
mod telling;
mod today;
pub(crate) mod tours;
pub(crate) mod waiting;
pub(crate) mod walk_ins;

pub(in crate::store) use desk::meal_scanned;
pub(in crate::store) use ending::retire_meals;

use app::domain::audit::{AuditAct, Purpose};
use app::domain::time::Instant;
use app::visit::Owner;
use sqlx::{Any, Transaction};

use super::audit::{Actor, AuditEntry};
use super::{IdempotencyKey, Store, StoreError};

/// Who does something about meals.
pub(crate) struct Doing<'a> {
    /// For the trail.
    pub(crate) actor: &'a Actor,
    /// Whose key it is.
    pub(crate) owner: &'a Owner,
    /// The form's key.
    pub(crate) key: &'a IdempotencyKey,
    /// When.
    pub(crate) now: Instant,
}

/// Notes an act in the district's chain: a point is no area.
async fn note(
    tx: &mut Transaction<'static, Any>,
    act: AuditAct,
    object: (&'static str, &str),
    subject: Option<&str>,
    doing: &Doing<'_>,
) -> Result<(), StoreError> {
    note_as(tx, act, object, subject, doing.actor, doing.now).await
}

/// The same for an act that comes with no form.
async fn note_as(
    tx: &mut Transaction<'static, Any>,
    act: AuditAct,
    (object_kind, object): (&'static str, &str),
    subject: Option<&str>,
    actor: &Actor,
    now: Instant,
) -> Result<(), StoreError> {
    let entry = AuditEntry {
        area: app::domain::area::district(),
        actor,
        on_behalf_of: None,
        act,
        object_kind,
        object,
        subject,
        purpose: Purpose::Operation,
    };
    Store::note(tx, &entry, now).await
}
