//! What pages are given by the world, and the clock. The server asks its store, checks who is asking, and hands
//! the answer to a page as plain data.

use jiff::civil::Date;

use crate::domain::aid::benefit::{BenefitStep, DecidedStep, Heard, review_due};
use crate::domain::aid::case::{CaseState, Pause};
use crate::domain::aid::catalogue::Gives;
use crate::domain::aid::change::{Change, ChangeOutcome};
use crate::domain::aid::clock::CaseClock;
use crate::domain::aid::correction::CorrectionItem;
use crate::domain::aid::decision::{Outcome, RefusalGround};
use crate::domain::aid::home_visit::HomeVisit;
use crate::domain::aid::means_check::{MeansAnswer, MeansOutcome, MeansSource};
use crate::domain::aid::rating::{Grade, RatingNode};
use crate::domain::aid::recheck::RecheckOutcome;
use crate::domain::aid::service::{Arranged, ServiceOutcome};
use crate::domain::aid::sharing::{Receiver, SharedNews};
use crate::domain::aid::staff_kin::StaffKin;
use crate::domain::aid::transfer::Transferred;
use crate::domain::aid::{ConsentWay, Draft, Limit, TemporaryAidKind};
use crate::domain::money::Fen;
use crate::domain::time::Instant;

/// "Now", and so every deadline.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Instant;

    /// The present day in Asia/Shanghai.
    fn today(&self) -> jiff::civil::Date {
        self.now().shanghai_date()
    }
}

/// A draft and when it was kept.
#[derive(Clone, Debug)]
pub struct KeptDraft {
    /// The draft's id.
    pub id: String,
    /// Which item of the catalogue it is for.
    pub item: String,
    /// Grows with each page that is kept.
    pub version: i64,
    /// When the last page was kept.
    pub saved_at: Instant,
    /// The answers.
    pub draft: Draft,
    /// The member's page that was left with errors, by member id.
    pub member_left: Option<(String, crate::domain::aid::MemberForm)>,
}

/// One line of "my things".
#[derive(Clone, Debug)]
pub struct CaseLine {
    /// Slug of the item that was applied for.
    pub item: String,
    /// The case's number.
    pub number: String,
    /// When it was received.
    pub received_at: Instant,
    /// How many adults have not agreed to the data check yet.
    pub consents_missing: i64,
    /// How far it has come.
    pub state: CaseState,
}

/// How one adult's agreement to the data check stands.
#[derive(Clone, Debug)]
pub struct ConsentLine {
    /// The adult's masked name.
    pub name: String,
    /// Whether it is the applicant.
    pub is_applicant: bool,
    /// When it was given; `None` is 待补授权.
    pub given_at: Option<Instant>,
    /// Where that adult can agree on another phone, and the code to tell them. Shown to the applicant alone.
    pub link: Option<ConsentLink>,
    /// Whether it was said to follow on paper.
    pub on_paper: bool,
}

/// A link and the code that goes with it.
#[derive(Clone)]
pub struct ConsentLink {
    /// The whole address.
    pub url: String,
    /// Six digits.
    pub code: String,
}

impl std::fmt::Debug for ConsentLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ConsentLink(…)")
    }
}

/// One event of a case.
#[derive(Clone, Debug)]
pub struct CaseEvent {
    /// What happened.
    pub kind: CaseEventKind,
    /// When.
    pub at: Instant,
}

/// What can happen to a case, so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseEventKind {
    /// The application was received.
    Received,
    /// An adult agreed to the data check.
    ConsentGiven,
    /// The resident was told all that is missing.
    CorrectionRequested,
    /// The resident answered.
    CorrectionAnswered,
    /// It was accepted.
    Accepted,
    /// The street gave its opinion.
    OpinionGiven,
    /// The opinion was sent back.
    SentBack,
    /// Aid is given.
    Granted,
    /// It was refused.
    Refused,
    /// The resident took it back.
    Withdrawn,
    /// A recheck found that the refusal does not hold.
    Reopened,
    /// An objection was looked into, from the beginning.
    Reinvestigated,
    /// It got more time by a legal ground.
    Extended,
    /// The service took place.
    ServiceDone,
    /// The service takes place on another day.
    ServiceMoved,
    /// The service does not take place.
    ServiceEnded,
    /// It moved to another street.
    Transferred,
    /// Two people of the offices were at the household's home.
    HomeVisited,
    /// Small aid was given before the papers.
    Expedited,
    /// The papers followed.
    Supplemented,
}

crate::slugs!(CaseEventKind {
    Received = "received",
    ConsentGiven = "consent_given",
    CorrectionRequested = "correction_requested",
    CorrectionAnswered = "correction_answered",
    Accepted = "accepted",
    OpinionGiven = "opinion_given",
    SentBack = "sent_back",
    Granted = "granted",
    Refused = "refused",
    Withdrawn = "withdrawn",
    Reopened = "reopened",
    Reinvestigated = "reinvestigated",
    Extended = "extended",
    ServiceDone = "service_done",
    ServiceMoved = "service_moved",
    ServiceEnded = "service_ended",
    Transferred = "transferred",
    HomeVisited = "home_visited",
    Expedited = "expedited",
    Supplemented = "supplemented",
});

/// What was missing, asked once, and the answers.
#[derive(Clone)]
pub struct CaseCorrection {
    /// What was asked, in page order.
    pub items: Vec<CorrectionItem>,
    /// Why a second list.
    pub again: Option<String>,
    /// When it was asked.
    pub asked_at: Instant,
    /// The answers by topic.
    pub answers: Vec<(String, String)>,
    /// When they came.
    pub answered_at: Option<Instant>,
}

/// The street's opinion.
#[derive(Clone)]
pub struct CaseOpinion {
    /// To give or not.
    pub outcome: Outcome,
    /// How much.
    pub amount: Option<Fen>,
    /// The first day of the first month that is paid, where no rule says which.
    pub month: Option<Date>,
    /// How the service is arranged.
    pub arranged: Option<Arranged>,
    /// The rule of a refusal.
    pub ground: Option<RefusalGround>,
    /// Why.
    pub reasons: String,
    /// The account that gave it.
    pub given_by: String,
    /// When.
    pub given_at: Instant,
    /// Why it was sent back, if it was.
    pub sent_back: Option<String>,
}

/// A day of a service, and what came of it.
#[derive(Clone)]
pub struct ServiceLine {
    /// On which day, and how.
    pub arranged: Arranged,
    /// What came of it: words that the resident reads, and when they were written.
    pub report: Option<(ServiceOutcome, String, Instant)>,
}

crate::masked_debug!(ServiceLine);

/// The decision.
#[derive(Clone)]
pub struct CaseDecision {
    /// As the opinion said.
    pub opinion: CaseOpinion,
    /// When.
    pub decided_at: Instant,
    /// In which post: `district_officer@320214`.
    pub decided_post: String,
}

/// A request to look at a refusal once more (复核).
#[derive(Clone)]
pub struct CaseRecheck {
    /// What the resident wrote.
    pub asked: String,
    /// When.
    pub asked_at: Instant,
    /// The latest day of an answer, where the office sets one and the calendar reaches that far.
    pub due_on: Option<jiff::civil::Date>,
    /// When the refusal was decided.
    pub decided_at: Instant,
    /// The answer, once there is one.
    pub answer: Option<CaseRecheckAnswer>,
}

/// What a recheck came to.
#[derive(Clone)]
pub struct CaseRecheckAnswer {
    /// The refusal stays or the case is open again.
    pub outcome: RecheckOutcome,
    /// Why.
    pub reasons: String,
    /// In which post: `district_officer@320214`.
    pub post: String,
    /// When.
    pub at: Instant,
}

/// A change that a resident told of, and what the office made of it.
#[derive(Clone)]
pub struct CaseChange {
    /// Its place among those of the case, from 1.
    pub sequence: i64,
    /// What was told.
    pub told: Change,
    /// When.
    pub told_at: Instant,
    /// What the office made of it, with a word to the resident, and when.
    pub settled: Option<(ChangeOutcome, String, Instant)>,
}

/// A consent to hand one's contact over to a programme beside public aid, and what became of it.
#[derive(Clone, Debug)]
pub struct CaseReferral {
    /// The programme's id in the directory.
    pub programme: String,
    /// Its name on the day of the consent.
    pub name: String,
    /// When it was agreed to.
    pub consented_at: Instant,
    /// When that was taken back, if it was.
    pub withdrawn_at: Option<Instant>,
    /// When it was handed over, if it was.
    pub handed_at: Option<Instant>,
}

impl CaseReferral {
    /// It was not taken back.
    pub fn holds(&self) -> bool {
        self.withdrawn_at.is_none()
    }
}

/// A proposal to reduce or end aid that is paid month by month, and what became of it.
#[derive(Clone)]
pub struct BenefitStepLine {
    /// Less, or nothing any more.
    pub step: BenefitStep,
    /// It is a recognition that is to end.
    pub recognition: bool,
    /// What is to be paid a month.
    pub amount: Fen,
    /// Why.
    pub reasons: String,
    /// The account that proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_at: Instant,
    /// What the person said.
    pub heard: Option<Heard>,
    /// When it was let go, if it was.
    pub dropped_at: Option<Instant>,
    /// In which post it was decided, when, and the first day of the first month for which it holds.
    pub decided: Option<(String, Instant, Date)>,
}

impl BenefitStepLine {
    /// Neither decided nor let go.
    pub fn is_open(&self) -> bool {
        self.decided.is_none() && self.dropped_at.is_none()
    }
}

/// A review of aid that is paid month by month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BenefitReview {
    /// When the person said that nothing has changed.
    pub unchanged_at: Option<Instant>,
    /// When the office had looked.
    pub done_at: Option<Instant>,
    /// In how many months it looks again.
    pub next_months: Option<u16>,
}

/// Aid that was given, and what became of it since.
#[derive(Clone)]
pub struct CaseBenefit {
    /// As decided: a month, or once, by the item; nothing for a recognition.
    pub amount: Fen,
    /// The household is recognised (认定) and gets no money.
    pub recognition: bool,
    /// How many people the household had when it applied, the applicant counted.
    pub people: u32,
    /// The day of the application.
    pub submitted: Date,
    /// The day of the decision.
    pub decided: Date,
    /// The first day of the first month, where the decision names it.
    pub named: Option<Date>,
    /// Proposals to reduce or end it, oldest first.
    pub steps: Vec<BenefitStepLine>,
    /// Its reviews, oldest first.
    pub reviews: Vec<BenefitReview>,
}

impl CaseBenefit {
    /// The steps that were decided, as payment counts them.
    pub fn decided_steps(&self) -> Vec<DecidedStep> {
        let decided = |line: &BenefitStepLine| line.decided.as_ref().map(|(_, _, from)| (*from, line.amount));
        self.steps.iter().filter_map(decided).map(|(from, amount)| DecidedStep { from, amount }).collect()
    }

    /// What is paid a month once every step that was decided holds.
    pub fn paid(&self) -> Fen {
        self.decided_steps().iter().max_by_key(|step| step.from).map_or(self.amount, |step| step.amount)
    }

    /// Money is still paid, or the recognition still holds, once every step that was decided holds.
    pub fn goes_on(&self) -> bool {
        if self.recognition { self.decided_steps().is_empty() } else { self.paid().0 > 0 }
    }

    /// The proposal that waits.
    pub fn open_step(&self) -> Option<&BenefitStepLine> {
        self.steps.iter().find(|step| step.is_open())
    }

    /// The day of the next review: the item's usual `months` after the decision, or what the last one said. `None` once it ended.
    pub fn review_due(&self, months: u16) -> Option<Date> {
        if self.paid().0 == 0 {
            return None;
        }
        let last = self.reviews.iter().rev().find_map(|review| review.done_at.zip(review.next_months));
        Some(match last {
            Some((at, next)) => review_due(at.shanghai_date(), next),
            None => review_due(self.decided, months),
        })
    }

    /// When the person said that nothing has changed, for the review that comes.
    pub fn unchanged_at(&self) -> Option<Instant> {
        self.reviews
            .iter()
            .rev()
            .find(|review| review.done_at.is_none())
            .and_then(|review| review.unchanged_at)
    }
}

crate::masked_debug!(BenefitStepLine, CaseBenefit);

/// How far a case has come.
#[derive(Clone)]
pub struct CaseProgress {
    /// The state.
    pub state: CaseState,
    /// Since when.
    pub changed_at: Instant,
    /// What was asked, oldest first.
    pub corrections: Vec<CaseCorrection>,
    /// The latest opinion.
    pub opinion: Option<CaseOpinion>,
    /// The decision that holds: none while the case is open, again or still.
    pub decision: Option<CaseDecision>,
    /// Requests to look at a refusal once more, oldest first.
    pub rechecks: Vec<CaseRecheck>,
}

impl CaseProgress {
    /// The times in which the resident was waited for, and those between a refusal and its reopening: the clock stood still.
    pub fn pauses(&self) -> Vec<Pause> {
        let pause = |asked: &CaseCorrection| Pause {
            from: asked.asked_at.shanghai_date(),
            until: asked.answered_at.map(Instant::shanghai_date),
        };
        let reopened = self.rechecks.iter().filter_map(|recheck| {
            let answer =
                recheck.answer.as_ref().filter(|answer| answer.outcome == RecheckOutcome::Reopened)?;
            let (from, until) = (recheck.decided_at.shanghai_date(), Some(answer.at.shanghai_date()));
            Some(Pause { from, until })
        });
        self.corrections.iter().map(pause).chain(reopened).collect()
    }
}

crate::masked_debug!(
    CaseCorrection,
    CaseOpinion,
    CaseDecision,
    CaseRecheck,
    CaseRecheckAnswer,
    CaseChange,
    CaseProgress
);

/// A list to another department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedList {
    /// Its id.
    pub id: String,
    /// Which department.
    pub receiver: Receiver,
    /// What for.
    pub purpose: String,
    /// When it was made.
    pub made_at: Instant,
    /// How many households were recognised.
    pub recognised: i64,
    /// Of how many it is told that what they got has ended.
    pub ended: i64,
}

/// A household on a list to another department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedCase {
    /// The case's number.
    pub number: String,
    /// The street.
    pub area: String,
    /// Address of the item in the catalogue.
    pub item: String,
    /// What is told.
    pub news: SharedNews,
}

/// Which department was told what of a case, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Which department.
    pub receiver: Receiver,
    /// What it was told.
    pub news: SharedNews,
    /// When.
    pub at: Instant,
}

/// A received application, as its owner may see it.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The case's number.
    pub number: String,
    /// 8 signs, shown 4-4.
    pub short_code: String,
    /// The QR code as SVG, made by the server.
    pub qr_svg: String,
    /// Address of the item in the catalogue.
    pub item: String,
    /// What the item gives.
    pub gives: Gives,
    /// Which other departments were told, oldest first.
    pub told: Vec<Told>,
    /// The days of the service, oldest first.
    pub services: Vec<ServiceLine>,
    /// To which streets it moved, oldest first; for the owner alone.
    pub moved: Vec<Transferred>,
    /// From which month on it is paid, in words; empty for what is given once.
    pub starts: String,
    /// The last day of the public notice (公示) of the opinion, while it lasts.
    pub notice_until: Option<jiff::civil::Date>,
    /// What was done to its clock.
    pub clock: CaseClock,
    /// Sudden hardship or heavy spending.
    pub kind: TemporaryAidKind,
    /// Code of the street that handles it.
    pub street: String,
    /// The street's telephone, when it is set.
    pub street_phone: Option<String>,
    /// When it was received.
    pub received_at: Instant,
    /// The latest day of an answer.
    pub limit: Limit,
    /// The limit is a made-up value of the demo.
    pub limit_is_sample: bool,
    /// Working days within which half of the street's cases were decided of late, where that is known.
    pub usual_days: Option<u32>,
    /// Hours promised for an emergency: a service promise, not law.
    pub emergency_hours: u16,
    /// The applicant's masked name.
    pub applicant: String,
    /// Each adult's agreement.
    pub consents: Vec<ConsentLine>,
    /// What happened, oldest first.
    pub events: Vec<CaseEvent>,
    /// The bank account was not told yet.
    pub account_missing: bool,
    /// When the confirmation was cancelled, where it was: no code is shown then.
    pub cancelled_at: Option<Instant>,
    /// When the code that is shown took the place of an older one.
    pub replaced_at: Option<Instant>,
    /// How far it has come.
    pub progress: CaseProgress,
    /// Whoever looks at it is its owner, and may answer and take it back.
    pub own: bool,
    /// What the owner thought of it so far.
    pub ratings: Vec<(RatingNode, Grade)>,
    /// What checks found otherwise than it was told, oldest first; for the owner alone.
    pub differences: Vec<MeansCheck>,
    /// The changes that the owner told of, oldest first.
    pub changes: Vec<CaseChange>,
    /// To whom the owner's contact is or may be handed over.
    pub referrals: Vec<CaseReferral>,
    /// What is paid month by month, with the usual months between its reviews.
    pub benefit: Option<(CaseBenefit, Option<u16>)>,
    /// Where a decision can be turned against online.
    pub reconsideration_url: String,
}

/// A photo of a paper that belongs to an application.
#[derive(Clone, Debug)]
pub struct PaperLine {
    /// The row's id.
    pub id: String,
    /// The number of the case that it belongs to.
    pub number: String,
    /// The name of the paper in the catalogue, or [`crate::domain::papers::OTHER`].
    pub kind: String,
    /// When it was sent.
    pub sent_at: Instant,
    /// The size of the picture that is kept.
    pub bytes: i64,
    /// Its owner may delete it: nobody in the office has seen it, or the case is over.
    pub can_go: bool,
}

/// A request to agree to the data check, as its link opens it: the least that lets the right person recognise it.
#[derive(Clone, Debug)]
pub struct ConsentRequest {
    /// The masked name of the adult who is asked.
    pub name: String,
    /// The masked name of the applicant.
    pub applicant: String,
    /// When it was given, if it was.
    pub given_at: Option<Instant>,
}

/// One notice in a resident's inbox.
#[derive(Clone)]
pub struct InboxNotice {
    /// The row's id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// The whole text; an empty line parts paragraphs.
    pub text: String,
    /// The page of ours that it is about.
    pub link: Option<String>,
    /// When it was written.
    pub at: Instant,
    /// When it was read, if it was.
    pub read_at: Option<Instant>,
}

impl std::fmt::Debug for InboxNotice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InboxNotice(…)")
    }
}

/// On which side of an agreement the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxySide {
    /// Acts for the other.
    Representative,
    /// The other acts for the reader.
    Represented,
}

/// One agreement in a resident's list.
#[derive(Clone, Debug)]
pub struct ProxyLine {
    /// Its id.
    pub id: String,
    /// What kind of acting.
    pub kind: crate::domain::proxy::ProxyKind,
    /// On which side the reader is.
    pub side: ProxySide,
    /// The other's masked name.
    pub other: String,
    /// How it stands today.
    pub state: crate::domain::proxy::ProxyState,
    /// In what.
    pub scope: Vec<crate::domain::proxy::Scope>,
    /// The last day, ISO 8601.
    pub ends_on: String,
}

/// A request to act for the reader, as its link opens it.
#[derive(Clone, Debug)]
pub struct ProxyAsked {
    /// Who asks, masked.
    pub representative: String,
    /// Who is asked, masked.
    pub represented: String,
    /// What the one who is asked is to the one who asks, a slug of [`crate::domain::aid::Relation`].
    pub relation: String,
    /// In what.
    pub scope: Vec<crate::domain::proxy::Scope>,
    /// The last day, ISO 8601.
    pub ends_on: String,
    /// How it stands.
    pub state: crate::domain::proxy::ProxyState,
}

/// A device that is signed in.
#[derive(Clone, Debug)]
pub struct DeviceLine {
    /// The session's public id.
    pub id: String,
    /// What kind of device, from a fixed list of words.
    pub described: String,
    /// When it signed in.
    pub created_at: Instant,
    /// When it was seen last.
    pub seen_at: Instant,
    /// It is the one that asks.
    pub this: bool,
}

/// A provider with whose account one may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderName {
    /// Its name in addresses.
    pub id: String,
    /// Its name as residents read it.
    pub name: String,
}

/// A way to sign in with an account at a provider, as the list of devices shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginLine {
    /// The provider.
    pub provider: ProviderName,
    /// Since when it opens the account; not connected without.
    pub since: Option<Instant>,
    /// It is not the last way in.
    pub can_go: bool,
    /// The settings still know the provider.
    pub can_come: bool,
}

/// A consent that a resident gave, and whether it holds.
#[derive(Clone, Debug)]
pub struct GivenConsent {
    /// To what.
    pub kind: crate::domain::consents::ConsentKind,
    /// In which version of the text.
    pub version: String,
    /// Since when.
    pub given_at: Instant,
    /// Until when, if it was withdrawn.
    pub withdrawn_at: Option<Instant>,
}

/// A data check that a resident agreed to.
#[derive(Clone, Debug)]
pub struct CheckConsentLine {
    /// Slug of the item that was applied for.
    pub item: String,
    /// The case's number, where the application is the resident's own.
    pub number: Option<String>,
    /// Whose application it is, masked.
    pub applicant: String,
    /// When it was agreed to.
    pub given_at: Instant,
}

/// An application whose answers may be looked through for other help.
#[derive(Clone, Debug)]
pub struct SuggestionLine {
    /// Slug of the item that was applied for.
    pub item: String,
    /// The case's number.
    pub number: String,
    /// When it was agreed to.
    pub given_at: Instant,
}

/// Whose visit to a household it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitLevel {
    /// The street's.
    Street,
    /// The district's own.
    District,
}

crate::slugs!(VisitLevel { Street = "street", District = "district" });

/// A visit to a household that was entered.
#[derive(Clone)]
pub struct EnteredVisit {
    /// Whose it was.
    pub level: VisitLevel,
    /// What it came to.
    pub visit: HomeVisit,
    /// Account of who entered it.
    pub entered_by: String,
    /// When.
    pub entered_at: Instant,
}

/// A near relative of a household among those who handle aid.
#[derive(Clone)]
pub struct KinEntry {
    /// Who.
    pub kin: StaffKin,
    /// When it was entered.
    pub entered_at: Instant,
}

crate::masked_debug!(EnteredVisit, KinEntry);

/// The hash of the seed that the next random draw will use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedCommitment {
    /// SHA-256 in hexadecimal.
    pub commitment: String,
    /// Since when it has been public.
    pub since: Instant,
}

/// A random draw of cases that waited for a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RandomDraw {
    /// The row's id.
    pub id: String,
    /// Slug of the item.
    pub item: String,
    /// The seed, public now.
    pub seed: String,
    /// Its hash, public since `committed_at`.
    pub commitment: String,
    /// When the hash became public.
    pub committed_at: Instant,
    /// The least share in percent.
    pub percent: i64,
    /// How many cases waited.
    pub count: i64,
    /// How many of them were drawn.
    pub drawn: i64,
    /// When.
    pub drawn_at: Instant,
}

/// An auditor's sample of a month's meals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MealCheck {
    /// The month.
    pub month: crate::domain::meals::MealMonth,
    /// The seed, public now.
    pub seed: String,
    /// Its hash, public since `committed_at`.
    pub commitment: String,
    /// When the hash became public.
    pub committed_at: Instant,
    /// The least share in percent.
    pub percent: i64,
    /// How many meals were handed out.
    pub count: i64,
    /// How many of them were drawn.
    pub drawn: i64,
    /// The SHA-256 of all numbers: from which the draw was made.
    pub numbers_hash: String,
    /// When.
    pub drawn_at: Instant,
}

/// One case of a draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseLot {
    /// The case's number.
    pub number: String,
    /// Its lot, in hexadecimal.
    pub lot: String,
    /// It was drawn.
    pub drawn: bool,
    /// The district was at the household's home.
    pub visited: bool,
}

/// Somebody whose income and property may be asked about once they agreed.
#[derive(Clone)]
pub struct MeansSignatory {
    /// The signatory's id.
    pub id: String,
    /// Their whole name.
    pub name: String,
    /// Owes support and lives elsewhere (法定义务人).
    pub obligor: bool,
    /// How they agree.
    pub way: ConsentWay,
    /// When they agreed.
    pub given_at: Option<Instant>,
}

/// A query to another system about income or property.
#[derive(Clone)]
pub struct MeansCheck {
    /// The query's own number.
    pub reference: String,
    /// About whom.
    pub signatory: String,
    /// Which system.
    pub source: MeansSource,
    /// What for.
    pub purpose: String,
    /// When it was asked.
    pub asked_at: Instant,
    /// What came back, and when.
    pub answer: Option<(MeansAnswer, Instant)>,
}

impl MeansCheck {
    /// What came back is not what was told.
    pub fn differs(&self) -> bool {
        self.answer.as_ref().is_some_and(|(answer, _)| answer.outcome == MeansOutcome::Differs)
    }
}

crate::masked_debug!(MeansSignatory, MeansCheck);
