//! What the audit trail can say: who acted, what was done, why. Every value is a fixed word; the trail holds no text that
//! a person typed.

use crate::slugs;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditAct {
    /// Signed in.
    SignedIn,
    /// A sign-in that failed: a wrong code, a wrong password, a forged answer of a provider.
    SignInRefused,
    /// Signed out, on one device or on all.
    SignedOut,
    /// An account at a provider opens this account from now on.
    LoginConnected,
    /// An account at a provider opens this account no longer.
    LoginDisconnected,
    /// A new person got a number that was another's before.
    NumberPassedOn,
    /// Changed the telephone number that opens the account.
    PhoneChanged,
    /// Tried to, with a number that opens another account.
    PhoneChangeRefused,
    /// Changed the profile.
    ProfileChanged,
    /// A document was seen at the counter, or a provider vouched for the real name.
    IdentityVerified,
    /// Agreed to something apart from what the law asks for.
    ConsentGiven,
    /// Took that back.
    ConsentWithdrawn,
    /// Exported one's own data.
    DataExported,
    /// Asked for deletion; the person's key is gone.
    DataDeleted,
    /// Sent an application.
    ApplicationSubmitted,
    /// Sent a photo of a paper, or took one from before.
    PaperAdded,
    /// Deleted a photo of a paper.
    PaperDeleted,
    /// Agreed to the data check.
    CheckConsentGiven,
    /// Told all that is missing in an application.
    CorrectionRequested,
    /// Answered that.
    CorrectionAnswered,
    /// Accepted an application.
    CaseAccepted,
    /// Gave an opinion on an application.
    OpinionGiven,
    /// Sent the opinion back.
    CaseSentBack,
    /// Decided to give aid.
    CaseGranted,
    /// Decided not to give aid.
    CaseRefused,
    /// Took an application back.
    CaseWithdrawn,
    /// Gave a special case more time.
    CaseExtended,
    /// Wrote down what came of a service.
    ServiceReported,
    /// Moved a case to another street.
    CaseTransferred,
    /// Gave small aid before the papers.
    CaseExpedited,
    /// Wrote down the papers that followed.
    CaseSupplemented,
    /// Looked at a household at home.
    HomeVisited,
    /// Entered a near relative of the household among those who handle aid.
    StaffKinEntered,
    /// Drew the cases that the district looks into itself.
    CasesDrawn,
    /// Entered somebody who owes support and lives elsewhere.
    ObligorEntered,
    /// Asked another system about income or property.
    MeansAsked,
    /// Wrote down what it answered.
    MeansAnswered,
    /// Objected to an opinion that is put up in public.
    ObjectionReceived,
    /// Looked into an objection that does not hold.
    ObjectionAnswered,
    /// Looked into an objection and into the case again.
    CaseReinvestigated,
    /// Gave an application to somebody to handle, or took it away.
    CaseAssigned,
    /// Marked an application for colleagues.
    CaseLabelled,
    /// Wrote a note on an application for colleagues.
    CaseNoted,
    /// Rated how a case was handled.
    CaseRated,
    /// Proposed to reduce or end aid.
    BenefitStepProposed,
    /// Wrote down what the person said of that.
    PersonHeard,
    /// Let the proposal go.
    BenefitStepDropped,
    /// Decided it.
    BenefitStepDecided,
    /// Said that nothing has changed at home.
    UnchangedSaid,
    /// Reviewed aid that is paid month by month.
    BenefitReviewed,
    /// Handed a contact over to a programme beside public aid.
    ReferralHandedOver,
    /// Told of a household in need. Nobody's name is noted.
    HouseholdTold,
    /// Took the visit to a household over.
    HouseholdTaken,
    /// Wrote down what the visit came to.
    HouseholdVisited,
    /// Told of a change in the household.
    ChangeTold,
    /// Settled a change that was told.
    ChangeSettled,
    /// Asked to look at a refusal once more.
    RecheckAsked,
    /// Answered that: the refusal stays.
    RecheckUpheld,
    /// Opened a refused case again after a recheck.
    CaseReopened,
    /// Asked to act for somebody.
    ProxyRequested,
    /// Agreed to somebody acting.
    ProxyAgreed,
    /// Refused somebody.
    ProxyRefused,
    /// Ended somebody's acting.
    ProxyEnded,
    /// Acted for somebody, or tried to, without being allowed to.
    ProxyMisused,
    /// Recorded who is a child's guardian, and the guardian's consent.
    GuardianRecorded,
    /// Began to fill in for somebody who stands at the counter.
    HelpBegun,
    /// Stopped filling in.
    HelpEnded,
    /// Issued a card.
    CardIssued,
    /// A card was lost or replaced.
    CardEnded,
    /// Issued a confirmation of another kind.
    ConfirmationIssued,
    /// Used what is used once: the first scan of it at a counter.
    ConfirmationUsed,
    /// Scanned it at another counter although it was used before.
    ConfirmationUsedAgain,
    /// Ended a confirmation for good.
    ConfirmationCancelled,
    /// Issued it anew under another identity; the old one holds no longer.
    ConfirmationReissued,
    /// Read a person's sensitive details.
    DetailsRead,
    /// Read them with the numbers of documents, telephones and accounts in full.
    NumbersRead,
    /// Sent a complaint or suggestion.
    ComplaintReceived,
    /// Took a complaint over.
    ComplaintTaken,
    /// Answered a complaint.
    ComplaintAnswered,
    /// Passed a complaint on to a higher office.
    ComplaintEscalated,
    /// Closed a complaint.
    ComplaintClosed,
    /// Made a staff account.
    StaffAdded,
    /// Changed one's own password or second factors.
    StaffChanged,
    /// Gave somebody a post.
    PostGiven,
    /// Took a post away.
    PostTaken,
    /// Reset somebody's password and second factors: whoever did could have signed in as them.
    StaffReset,
    /// Disabled an account.
    StaffDisabled,
    /// Entered a value of a standard.
    StandardEntered,
    /// Approved a value that another administrator entered.
    StandardApproved,
    /// Took a value back.
    StandardWithdrawn,
    /// Registered as a volunteer of the time bank.
    TimeVolunteerRegistered,
    /// Posted a need.
    TimeNeedPosted,
    /// Said yes to a need.
    TimeNeedTaken,
    /// Could not come after all.
    TimeNeedGivenUp,
    /// Took a need back.
    TimeNeedCancelled,
    /// Began a service.
    TimeServiceBegun,
    /// A guardian agreed to what a minor may give.
    TimeAgreementGiven,
    /// A guardian took that back.
    TimeAgreementEnded,
    /// A group event was posted.
    TimeEventPosted,
    /// A volunteer took a place at an event.
    TimeEventJoined,
    /// A volunteer gave a place at an event up.
    TimeEventLeft,
    /// It was entered that a volunteer came to an event, went, or did not come.
    TimeEventTicked,
    /// An event's list was confirmed.
    TimeEventConfirmed,
    /// An event was called off.
    TimeEventCancelled,
    /// Ended a service, or entered when it was.
    TimeServiceEnded,
    /// The served person said that it was so; the minutes moved.
    TimeServiceConfirmed,
    /// The served person said that it was otherwise.
    TimeServiceDisputed,
    /// Gave hours to the pool.
    TimeDonated,
    /// Entered a volunteer's accident insurance.
    TimeInsured,
    /// Took in records of service from elsewhere.
    TimeRecordsImported,
    /// Gave what was above the cap to the pool, or left it.
    TimeSurplusSettled,
    /// Looked at a service that was flagged as unusual.
    TimePatternSeen,
    /// Hours wait: nobody spends them.
    TimeFrozen,
    /// Proposed what becomes of them.
    TimeOutcomeProposed,
    /// Agreed to that.
    TimeOutcomeSettled,
    /// Did not agree, or took the proposal back.
    TimeOutcomeDropped,
    /// Proposed to put a record right.
    TimeCorrectionProposed,
    /// Agreed to that: the minutes were put right.
    TimeCorrected,
    /// Did not agree, or took the proposal back.
    TimeCorrectionDropped,
    /// Changed what a meal point cooks or when it serves.
    MealPlanChanged,
    /// Reserved meals.
    MealReserved,
    /// Gave a meal up.
    MealCancelled,
    /// Handed a meal out.
    MealHandedOut,
    /// Wished to be rung after missed meals, or no longer.
    MealCareCallChanged,
    /// Somebody who wished it is rung after missed meals.
    MealCallMade,
    /// Wrote what such a call found.
    MealCallDone,
    /// Made a standing order of meals.
    MealStandingMade,
    /// Paused, resumed or ended one.
    MealStandingChanged,
    /// Stood in the line of a dish that is full.
    MealWaitJoined,
    /// Left such a line, or was rung and does not come.
    MealWaitEnded,
    /// Said how a meal was.
    MealRated,
    /// Looked at what somebody said of a meal, and told what was done.
    MealRatingAnswered,
    /// Noted what became of the elder's part of a meal.
    MealPaidNoted,
    /// Printed a kitchen's sheet.
    MealSheetPrinted,
    /// Drew meals of a month to look into.
    MealsDrawn,
    /// Entered a table of meal subsidies.
    MealTableEntered,
    /// Approved a table of meal subsidies that another entered.
    MealTableApproved,
    /// Took a table of meal subsidies back.
    MealTableWithdrawn,
    /// Gave deliveries to a volunteer.
    MealTourAssigned,
    /// Took what was not brought back.
    MealTourTakenBack,
    /// Went with the meals of a tour.
    MealTourBegun,
    /// Looked at a meal of which two sides told different things.
    MealConflictSettled,
    /// Noted what somebody's meal subsidy depends on, from papers seen.
    MealEaterChecked,
    /// Took in a table of marriage offices.
    MarriageOfficesImported,
    /// Changed what a marriage office offers.
    MarriagePlanChanged,
    /// Held a time at a marriage office.
    MarriageHeld,
    /// Told both people of a booking.
    MarriageBooked,
    /// The other person said yes.
    MarriageAgreed,
    /// Moved a booking to another time.
    MarriageMoved,
    /// Gave a booking or a hold up.
    MarriageCancelled,
    /// Gave a couple at the door its number.
    MarriageArrived,
    /// Called a couple at the door.
    MarriageCalled,
    /// A couple left the counter, went, or was put back into the line.
    MarriageVisitChanged,
    /// Wrote down on which day a divorce application was accepted.
    DivorceAccepted,
    /// Went into the line of a full day.
    MarriageLineJoined,
    /// Left the line.
    MarriageLineLeft,
    /// Was offered a place.
    MarriagePlaceOffered,
    /// Entered a draw.
    MarriageDrawEntered,
    /// The other person said yes to a draw.
    MarriageDrawAgreed,
    /// Took an entry of a draw back.
    MarriageDrawWithdrawn,
    /// A day's places were drawn.
    MarriageDrawn,
    /// Wrote a note on a booking.
    MarriageNoted,
    /// Said that it still comes.
    MarriageComing,
    /// Entered that a couple did not come.
    MarriageNoShow,
    /// Objected to that.
    MarriageObjected,
    /// Took it back or upheld it.
    MarriageNoShowSettled,
    /// Exported rows.
    RowsExported,
    /// Was refused something that belongs to another person or another area.
    AccessRefused,
    /// Printed a letter or took a call from the list.
    MessageDelivered,
    /// Rows went because their time was over.
    Retired,
}

slugs!(AuditAct {
    SignedIn = "signed_in",
    SignInRefused = "sign_in_refused",
    SignedOut = "signed_out",
    LoginConnected = "login_connected",
    LoginDisconnected = "login_disconnected",
    NumberPassedOn = "number_passed_on",
    PhoneChanged = "phone_changed",
    PhoneChangeRefused = "phone_change_refused",
    ProfileChanged = "profile_changed",
    IdentityVerified = "identity_verified",
    ConsentGiven = "consent_given",
    ConsentWithdrawn = "consent_withdrawn",
    DataExported = "data_exported",
    DataDeleted = "data_deleted",
    ApplicationSubmitted = "application_submitted",
    PaperAdded = "paper_added",
    PaperDeleted = "paper_deleted",
    CheckConsentGiven = "check_consent_given",
    CorrectionRequested = "correction_requested",
    CorrectionAnswered = "correction_answered",
    CaseAccepted = "case_accepted",
    OpinionGiven = "opinion_given",
    CaseSentBack = "case_sent_back",
    CaseGranted = "case_granted",
    CaseRefused = "case_refused",
    CaseWithdrawn = "case_withdrawn",
    CaseExtended = "case_extended",
    ServiceReported = "service_reported",
    CaseTransferred = "case_transferred",
    CaseExpedited = "case_expedited",
    CaseSupplemented = "case_supplemented",
    HomeVisited = "home_visited",
    StaffKinEntered = "staff_kin_entered",
    CasesDrawn = "cases_drawn",
    ObligorEntered = "obligor_entered",
    MeansAsked = "means_asked",
    MeansAnswered = "means_answered",
    ObjectionReceived = "objection_received",
    ObjectionAnswered = "objection_answered",
    CaseReinvestigated = "case_reinvestigated",
    CaseAssigned = "case_assigned",
    CaseLabelled = "case_labelled",
    CaseNoted = "case_noted",
    CaseRated = "case_rated",
    BenefitStepProposed = "benefit_step_proposed",
    PersonHeard = "person_heard",
    BenefitStepDropped = "benefit_step_dropped",
    BenefitStepDecided = "benefit_step_decided",
    UnchangedSaid = "unchanged_said",
    BenefitReviewed = "benefit_reviewed",
    ReferralHandedOver = "referral_handed_over",
    HouseholdTold = "household_told",
    HouseholdTaken = "household_taken",
    HouseholdVisited = "household_visited",
    ChangeTold = "change_told",
    ChangeSettled = "change_settled",
    RecheckAsked = "recheck_asked",
    RecheckUpheld = "recheck_upheld",
    CaseReopened = "case_reopened",
    ProxyRequested = "proxy_requested",
    ProxyAgreed = "proxy_agreed",
    ProxyRefused = "proxy_refused",
    ProxyEnded = "proxy_ended",
    ProxyMisused = "proxy_misused",
    GuardianRecorded = "guardian_recorded",
    HelpBegun = "help_begun",
    HelpEnded = "help_ended",
    CardIssued = "card_issued",
    CardEnded = "card_ended",
    ConfirmationIssued = "confirmation_issued",
    ConfirmationUsed = "confirmation_used",
    ConfirmationUsedAgain = "confirmation_used_again",
    ConfirmationCancelled = "confirmation_cancelled",
    ConfirmationReissued = "confirmation_reissued",
    DetailsRead = "details_read",
    NumbersRead = "numbers_read",
    ComplaintReceived = "complaint_received",
    ComplaintTaken = "complaint_taken",
    ComplaintAnswered = "complaint_answered",
    ComplaintEscalated = "complaint_escalated",
    ComplaintClosed = "complaint_closed",
    StaffAdded = "staff_added",
    StaffChanged = "staff_changed",
    PostGiven = "post_given",
    PostTaken = "post_taken",
    StaffReset = "staff_reset",
    StaffDisabled = "staff_disabled",
    StandardEntered = "standard_entered",
    StandardApproved = "standard_approved",
    StandardWithdrawn = "standard_withdrawn",
    TimeVolunteerRegistered = "time_volunteer_registered",
    TimeNeedPosted = "time_need_posted",
    TimeNeedTaken = "time_need_taken",
    TimeNeedGivenUp = "time_need_given_up",
    TimeNeedCancelled = "time_need_cancelled",
    TimeServiceBegun = "time_service_begun",
    TimeAgreementGiven = "time_agreement_given",
    TimeAgreementEnded = "time_agreement_ended",
    TimeEventPosted = "time_event_posted",
    TimeEventJoined = "time_event_joined",
    TimeEventLeft = "time_event_left",
    TimeEventTicked = "time_event_ticked",
    TimeEventConfirmed = "time_event_confirmed",
    TimeEventCancelled = "time_event_cancelled",
    TimeServiceEnded = "time_service_ended",
    TimeServiceConfirmed = "time_service_confirmed",
    TimeServiceDisputed = "time_service_disputed",
    TimeDonated = "time_donated",
    TimeInsured = "time_insured",
    TimeRecordsImported = "time_records_imported",
    TimeSurplusSettled = "time_surplus_settled",
    TimePatternSeen = "time_pattern_seen",
    TimeFrozen = "time_frozen",
    TimeOutcomeProposed = "time_outcome_proposed",
    TimeOutcomeSettled = "time_outcome_settled",
    TimeOutcomeDropped = "time_outcome_dropped",
    TimeCorrectionProposed = "time_correction_proposed",
    TimeCorrected = "time_corrected",
    TimeCorrectionDropped = "time_correction_dropped",
    MealPlanChanged = "meal_plan_changed",
    MealReserved = "meal_reserved",
    MealCancelled = "meal_cancelled",
    MealHandedOut = "meal_handed_out",
    MealCareCallChanged = "meal_care_call_changed",
    MealCallMade = "meal_call_made",
    MealCallDone = "meal_call_done",
    MealStandingMade = "meal_standing_made",
    MealStandingChanged = "meal_standing_changed",
    MealWaitJoined = "meal_wait_joined",
    MealWaitEnded = "meal_wait_ended",
    MealRated = "meal_rated",
    MealRatingAnswered = "meal_rating_answered",
    MealPaidNoted = "meal_paid_noted",
    MealSheetPrinted = "meal_sheet_printed",
    MealsDrawn = "meals_drawn",
    MealTableEntered = "meal_table_entered",
    MealTableApproved = "meal_table_approved",
    MealTableWithdrawn = "meal_table_withdrawn",
    MealTourAssigned = "meal_tour_assigned",
    MealTourTakenBack = "meal_tour_taken_back",
    MealTourBegun = "meal_tour_begun",
    MealConflictSettled = "meal_conflict_settled",
    MealEaterChecked = "meal_eater_checked",
    MarriageOfficesImported = "marriage_offices_imported",
    MarriagePlanChanged = "marriage_plan_changed",
    MarriageHeld = "marriage_held",
    MarriageBooked = "marriage_booked",
    MarriageAgreed = "marriage_agreed",
    MarriageMoved = "marriage_moved",
    MarriageCancelled = "marriage_cancelled",
    MarriageArrived = "marriage_arrived",
    MarriageCalled = "marriage_called",
    MarriageVisitChanged = "marriage_visit_changed",
    DivorceAccepted = "divorce_accepted",
    MarriageLineJoined = "marriage_line_joined",
    MarriageLineLeft = "marriage_line_left",
    MarriagePlaceOffered = "marriage_place_offered",
    MarriageDrawEntered = "marriage_draw_entered",
    MarriageDrawAgreed = "marriage_draw_agreed",
    MarriageDrawWithdrawn = "marriage_draw_withdrawn",
    MarriageDrawn = "marriage_drawn",
    MarriageNoted = "marriage_noted",
    MarriageComing = "marriage_coming",
    MarriageNoShow = "marriage_no_show",
    MarriageObjected = "marriage_objected",
    MarriageNoShowSettled = "marriage_no_show_settled",
    RowsExported = "rows_exported",
    AccessRefused = "access_refused",
    MessageDelivered = "message_delivered",
    Retired = "retired",
});

/// Why it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// For one's own affairs.
    Own,
    /// To handle the case.
    Handling,
    /// To help somebody at the counter.
    Counter,
    /// To answer a complaint.
    Complaint,
    /// To audit.
    Audit,
    /// To run the service.
    Operation,
    /// To ring or write to somebody without a phone.
    Delivery,
}

slugs!(Purpose {
    Own = "own",
    Handling = "handling",
    Counter = "counter",
    Complaint = "complaint",
    Audit = "audit",
    Operation = "operation",
    Delivery = "delivery",
});
