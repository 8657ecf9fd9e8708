//! What is kept for a time only, and when that time begins. The days are a setting; nothing that is still open goes.

use crate::slugs;

/// Something that is deleted when its time is over. The names are those of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Retained {
    /// Applications with their household, agreements, events and confirmations, from receipt.
    Applications,
    /// Complaints and suggestions, from their answer or their closing.
    Complaints,
    /// Agreements to act for somebody, from their end.
    Proxies,
    /// Cards and all confirmations that belong to no application, from the last day that stands in them: until then the
    /// row says that an ended one doesn't hold.
    Confirmations,
    /// Marriage bookings with both people, from the day of the appointment.
    MarriageBookings,
    /// Needs of the time bank: cancelled ones go, and of those that count whom they were for; from their end.
    TimeNeeds,
    /// Meals with who eats, from the day of the meal.
    MealOrders,
    /// Households that somebody told of, once they were visited.
    FoundHouseholds,
    /// What is left of accounts that were deleted, from the deletion.
    Residents,
    /// What residents agreed to, from its withdrawal.
    Consents,
    /// The inbox, from reading; what was never read from its writing.
    Notices,
    /// Messages, from sending or giving up.
    Outbox,
    /// Codes of sign-ins, from their expiry.
    SignInCodes,
    /// Sign-ins, from their end.
    ResidentSessions,
    /// The audit trail, from the act.
    AuditEntries,
    /// Keys of forms that were sent, from sending.
    IdempotencyKeys,
    /// Counted tries, from the hour.
    Tries,
    /// Leave to open a confirmation, from its end.
    ConfirmationGrants,
}

slugs!(Retained {
    Applications = "applications",
    Complaints = "complaints",
    Proxies = "proxies",
    Confirmations = "confirmations",
    MarriageBookings = "marriage_bookings",
    TimeNeeds = "time_needs",
    MealOrders = "meal_orders",
    FoundHouseholds = "found_households",
    Residents = "residents",
    Consents = "consents",
    Notices = "notices",
    Outbox = "outbox",
    SignInCodes = "sign_in_codes",
    ResidentSessions = "resident_sessions",
    AuditEntries = "audit_entries",
    IdempotencyKeys = "idempotency_keys",
    Tries = "tries",
    ConfirmationGrants = "confirmation_grants",
});
