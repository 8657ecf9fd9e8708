//! Who does something in the time bank, why nothing may come of it, and the line of the trail.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::time::Instant;
use app::visit::Owner;
use sqlx::{Any, Transaction};

use crate::staff::session::chain;
use crate::store::audit::{Actor, AuditEntry};
use crate::store::{IdempotencyKey, Store, StoreError};

/// Who does something to a need.
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

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NeedRefusal {
    /// Somebody else was faster, or it is not one that this can be done to.
    #[error("it is not open to this any more")]
    Gone,
    /// The volunteer has another service at that time.
    #[error("another service at that time")]
    Overlap,
    /// The code is another one.
    #[error("the code does not fit")]
    Code,
    /// There are fewer hours.
    #[error("not enough hours")]
    NotEnough,
    /// The hours wait for two people of the staff.
    #[error("the hours are frozen")]
    Frozen,
    /// Nobody whose name was checked has that account.
    #[error("no such account")]
    NoSuchSaver,
    /// The service may be dangerous and the volunteer is not insured on that day.
    #[error("not insured")]
    NotInsured,
    /// Less than a minute was spent.
    #[error("less than a minute")]
    TooShort,
    /// The device is not this volunteer's, or it did not sign this.
    #[error("not signed by the volunteer's device")]
    Forged,
    /// The time of a device lies where it can't have been.
    #[error("not a time that can be believed")]
    Implausible,
    /// A device kept it for too long.
    #[error("kept for too long")]
    TooOld,
    /// A minor's guardian did not agree.
    #[error("the guardian comes first")]
    GuardianFirst,
    /// Minors come to group events alone.
    #[error("at group events alone")]
    GroupAlone,
    /// The database failed, or the key came with another body.
    #[error(transparent)]
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for NeedRefusal {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

pub(super) async fn note(
    tx: &mut Transaction<'static, Any>,
    act: AuditAct,
    (area, object): (&str, &str),
    subject: Option<&str>,
    doing: &Doing<'_>,
) -> Result<(), StoreError> {
    let purpose = if matches!(doing.actor, Actor::Staff { .. }) { Purpose::Handling } else { Purpose::Own };
    let object_kind = match act {
        AuditAct::TimeVolunteerRegistered | AuditAct::TimeRecordsImported => "time_volunteers",
        AuditAct::TimeFrozen
        | AuditAct::TimeOutcomeProposed
        | AuditAct::TimeOutcomeSettled
        | AuditAct::TimeOutcomeDropped => "time_freezes",
        AuditAct::TimeAgreementGiven | AuditAct::TimeAgreementEnded => "time_agreements",
        AuditAct::TimeEventPosted
        | AuditAct::TimeEventJoined
        | AuditAct::TimeEventLeft
        | AuditAct::TimeEventTicked
        | AuditAct::TimeEventConfirmed
        | AuditAct::TimeEventCancelled => "time_events",
        _ => "time_needs",
    };
    let entry = AuditEntry {
        area: chain(area),
        actor: doing.actor,
        on_behalf_of: None,
        act,
        object_kind,
        object,
        subject,
        purpose,
    };
    Store::note(tx, &entry, doing.now).await
}
