//! What residents are written: one variant for each template of `app/data/notices.toml`, filled in here and nowhere
//! else. Nothing is sent here.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use serde::Deserialize;
use toml::Spanned;

/// Where the templates stand, for messages about them.
const FILE: &str = "app/data/notices.toml";

/// A text message of so many UTF-16 units travels whole.
const WHOLE: usize = 70;

/// Each part of a longer one gives three of them to its own numbering.
const EACH_PART: usize = 67;

/// The most parts of a text message.
const PARTS: usize = 3;

/// A run of this many digits is spoken digit by digit: a code, a number of a case, no count of minutes.
const SPOKEN_ONE_BY_ONE: usize = 4;

/// Writes the enum and the table of its templates from one list, so that neither can miss an entry of the other. Each
/// field names its type and the most UTF-16 units that it takes in a text.
macro_rules! notices {
    ($(
        $(#[doc = $doc:literal])+
        $variant:ident = $id:literal $({ $($(#[doc = $field_doc:literal])+ $field:ident: $kind:ty = $longest:literal;)+ })?
    )+) => {
        /// Something that a resident is told.
        #[derive(Clone, PartialEq, Eq)]
        pub enum Notice {$(
            $(#[doc = $doc])+
            $variant $({ $($(#[doc = $field_doc])+ $field: $kind,)+ })?,
        )+}

        impl Notice {
            /// The template's name.
            pub fn id(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $id,)+ }
            }

            /// What stands for each placeholder, cut to its longest.
            fn values(&self) -> Vec<(&'static str, String)> {
                match self {$(
                    Self::$variant $({ $($field),+ })? => vec![$($((stringify!($field), cut(&$field.to_string(), $longest))),+)?],
                )+}
            }
        }

        impl Notice {
            /// One of each, with made-up values, for whoever looks at the templates.
            pub fn samples() -> Vec<Self> {
                vec![$(Self::$variant $({ $($field: <$kind as Sample>::sample(stringify!($field))),+ })?),+]
            }
        }

        /// Each template's name with its placeholders and the most units of each.
        const SHAPES: &[(&str, &[(&str, usize)])] = &[$(($id, &[$($((stringify!($field), $longest)),+)?])),+];
    };
}

notices! {
    /// Asks the other one of a couple to say yes to a time.
    MarriageInvite = "marriage_invite" {
        /// Who asks, masked.
        name: String = 5;
        /// Six digits.
        code: String = 6;
    }
    /// A booking at a marriage office is firm.
    MarriageFirm = "marriage_firm" {
        /// Its number.
        number: String = 14;
    }
    /// A booking was moved.
    MarriageMoved = "marriage_moved" {
        /// Its number.
        number: String = 14;
    }
    /// A booking was given up by one of the two.
    MarriageCancelled = "marriage_cancelled"
    /// A time was given back, for the other one did not say yes in time.
    MarriageReleased = "marriage_released"
    /// The office moved a booking, for it cannot keep the old time.
    MarriageMovedByOffice = "marriage_moved_by_office" {
        /// Its number.
        number: String = 14;
    }
    /// Asks a couple two days before whether they still come.
    MarriageComing = "marriage_coming" {
        /// Its number.
        number: String = 14;
    }
    /// A place is kept for a couple of the waiting list.
    MarriageOffer = "marriage_offer" {
        /// Until when, such as 11月23日 14:05.
        until: String = 14;
    }
    /// The day came too near without a place.
    MarriageLineOver = "marriage_line_over"
    /// Asks the other one of a couple to say yes to a draw.
    MarriageDrawInvite = "marriage_draw_invite" {
        /// Who asks, masked.
        name: String = 5;
        /// Six digits.
        code: String = 6;
    }
    /// Both said yes to a draw.
    MarriageDrawEntered = "marriage_draw_entered" {
        /// The public number.
        number: String = 8;
    }
    /// It was drawn.
    MarriageDrawn = "marriage_drawn" {
        /// The public number.
        number: String = 8;
        /// Its place in the order.
        place: u32 = 6;
        /// How many places there are.
        places: u32 = 5;
    }
    /// A place of a drawn day is kept for a couple.
    MarriageDrawOffer = "marriage_draw_offer" {
        /// Until when, such as 11月23日 14:05.
        until: String = 14;
    }
    /// A couple did not come.
    MarriageNoShow = "marriage_no_show"
    /// An entry that a couple did not come was taken back.
    MarriageNoShowLifted = "marriage_no_show_lifted"
    /// It stays after an objection.
    MarriageNoShowUpheld = "marriage_no_show_upheld"
    /// A volunteer comes.
    TimeHelperFound = "time_helper_found" {
        /// The volunteer, masked.
        name: String = 5;
        /// When, such as 11月23日 14:05.
        when: String = 14;
        /// Six digits that the reader tells the volunteer.
        code: String = 6;
    }
    /// A need that the reader was to help with was taken back.
    TimeNeedCancelled = "time_need_cancelled" {
        /// When it was to begin.
        when: String = 14;
    }
    /// The volunteer cannot come.
    TimeHelperGone = "time_helper_gone" {
        /// When it was to be.
        when: String = 14;
    }
    /// Asks whether a service was as it is recorded.
    TimeServiceAsked = "time_service_asked" {
        /// How long, in words.
        minutes: String = 16;
    }
    /// The minutes of a service were put right.
    TimeCorrected = "time_corrected" {
        /// When it was.
        when: String = 14;
        /// How long it is now, in words.
        minutes: String = 16;
    }
    /// The volunteer goes to a service soon.
    TimeGoSoon = "time_go_soon" {
        /// When, such as 11月23日 14:05.
        when: String = 14;
    }
    /// A volunteer comes to the reader soon.
    TimeComeSoon = "time_come_soon" {
        /// When, such as 11月23日 14:05.
        when: String = 14;
    }
    /// A guardian takes back what they agreed to for the reader.
    TimeAgreementEnded = "time_agreement_ended" {
        /// The kind of service.
        kind: String = 12;
    }
    /// The reader's hours wait.
    TimeFrozen = "time_frozen"
    /// The reader got hours.
    TimeReceived = "time_received" {
        /// How many, in words.
        minutes: String = 16;
    }
    /// The reader's meal is off, for the point is closed that day.
    MealClosed = "meal_closed" {
        /// Which, such as 11月24日午饭.
        meal: String = 10;
        /// Why.
        reason: String = 60;
    }
    /// The point is open that day after all.
    MealOpenAgain = "meal_open_again" {
        /// Which, such as 11月24日午饭.
        meal: String = 10;
    }
    /// Something else is cooked.
    MealSubstituted = "meal_substituted" {
        /// Which, such as 11月24日午饭.
        meal: String = 10;
        /// What it is now.
        dish: String = 30;
    }
    /// Something else is cooked, with what the reader must not eat.
    MealSubstitutedAvoided = "meal_substituted_avoided" {
        /// Which, such as 11月24日午饭.
        meal: String = 10;
        /// What it is now.
        dish: String = 30;
        /// What is in it.
        word: String = 20;
    }
    /// A standing order found no meal for a day.
    MealStandingFailed = "meal_standing_failed" {
        /// Which, such as 11月24日午饭.
        meal: String = 10;
        /// Why, in words.
        why: String = 20;
    }
    /// It found one after all.
    MealStandingPlaced = "meal_standing_placed" {
        /// Which, such as 11月24日午饭.
        meal: String = 10;
    }
    /// Whoever waited for a dish has a meal.
    MealWaitGiven = "meal_wait_given" {
        /// Which, such as 11月24日午饭.
        meal: String = 10;
        /// The dish.
        dish: String = 20;
    }
    /// They were rung after the cut-off, and come.
    MealWaitRung = "meal_wait_rung" {
        /// Which, such as 11月24日午饭.
        meal: String = 10;
        /// The dish.
        dish: String = 20;
    }
    /// Ordering has ended, and it was not their turn.
    MealWaitStandby = "meal_wait_standby" {
        /// Which, such as 11月24日午饭.
        meal: String = 10;
    }
    /// Waiting came to nothing.
    MealWaitOver = "meal_wait_over" {
        /// Which, such as 11月24日午饭.
        meal: String = 10;
        /// Why, in words.
        why: String = 20;
    }
    /// The code of a sign-in.
    SignInCode = "sign_in_code" {
        /// Six digits.
        code: String = 6;
        /// How long it holds.
        minutes: u32 = 3;
    }
    /// Somebody asks to act for the reader.
    ProxyRequest = "proxy_request" {
        /// Who asks, masked.
        name: String = 5;
        /// What they would do, in words.
        scope: String = 24;
        /// Where to agree.
        url: String = 90;
        /// The code that goes with the address.
        code: String = 6;
    }
    /// The other side agreed to the acting.
    ProxyAgreed = "proxy_agreed" {
        /// The other side, masked.
        name: String = 5;
        /// What may be done, in words.
        scope: String = 24;
    }
    /// An acting is over.
    ProxyEnded = "proxy_ended" {
        /// The other side, masked.
        name: String = 5;
    }
    /// Somebody acted for the reader.
    ProxyUsed = "proxy_used" {
        /// Who acted, masked.
        name: String = 5;
        /// What was done, in words.
        what: String = 30;
    }
    /// Somebody is recorded as a child's guardian.
    GuardianRecorded = "guardian_recorded" {
        /// The guardian, masked.
        guardian: String = 5;
        /// The child, masked.
        child: String = 5;
        /// What may be done, in words.
        scope: String = 24;
    }
    /// Staff filled in for the reader at the counter.
    StaffHelped = "staff_helped" {
        /// In which post.
        post: String = 24;
        /// What was done, in words.
        what: String = 30;
    }
    /// A sign-in on a device that was not known.
    SignedInOnNewDevice = "signed_in_on_new_device" {
        /// When, such as 11月23日 14:05.
        time: String = 14;
        /// Which kind of device, from a fixed list of words.
        device: String = 20;
    }
    /// An account at a provider opens the account from now on.
    LoginConnected = "login_connected"
    /// The code that proves a new number for an account.
    PhoneChangeCode = "phone_change_code" {
        /// Six digits.
        code: String = 6;
        /// How long it holds.
        minutes: u32 = 3;
    }
    /// The same, while the owner stands at the counter.
    PhoneChangeAtCounter = "phone_change_at_counter" {
        /// Six digits.
        code: String = 6;
        /// How long it holds.
        minutes: u32 = 3;
    }
    /// The account is opened by another number from now on.
    PhoneChanged = "phone_changed"
    /// The reader's number belongs to somebody else now.
    NumberPassedOn = "number_passed_on"
    /// An application was received.
    ApplicationReceived = "application_received" {
        /// The case's number.
        number: String = 16;
    }
    /// Staff ended a confirmation.
    ConfirmationCancelled = "confirmation_cancelled" {
        /// The case's number.
        number: String = 16;
    }
    /// Staff issued a confirmation anew.
    ConfirmationReissued = "confirmation_reissued" {
        /// The case's number.
        number: String = 16;
    }
    /// An adult of the household agreed to the data check.
    ConsentGiven = "consent_given" {
        /// The case's number.
        number: String = 16;
    }
    /// What is missing in an application was told.
    CorrectionRequested = "correction_requested" {
        /// The case's number.
        number: String = 16;
    }
    /// An application was accepted.
    CaseAccepted = "case_accepted" {
        /// The case's number.
        number: String = 16;
    }
    /// An application was decided.
    CaseDecided = "case_decided" {
        /// The case's number.
        number: String = 16;
    }
    /// The opinion on an application is put up in public.
    PublicNoticeBegun = "public_notice_begun" {
        /// The case's number.
        number: String = 16;
        /// The last day.
        until: String = 12;
    }
    /// A special case got more time.
    CaseExtended = "case_extended" {
        /// The case's number.
        number: String = 16;
        /// The latest day from now on.
        until: String = 12;
    }
    /// A service takes place on another day.
    ServiceMoved = "service_moved" {
        /// The case's number.
        number: String = 16;
        /// The other day.
        day: String = 12;
    }
    /// A service does not take place.
    ServiceEnded = "service_ended" {
        /// The case's number.
        number: String = 16;
    }
    /// An application moved to another street.
    CaseTransferred = "case_transferred" {
        /// The case's number.
        number: String = 16;
        /// The street that handles it from now on.
        street: String = 8;
    }
    /// A check of income and property found something else than was told.
    MeansDiffer = "means_differ" {
        /// The case's number.
        number: String = 16;
    }
    /// Small aid was given before the papers.
    CaseExpedited = "case_expedited" {
        /// The case's number.
        number: String = 16;
    }
    /// An objection was looked into from the beginning.
    CaseReinvestigated = "case_reinvestigated" {
        /// The case's number.
        number: String = 16;
    }
    /// An application was taken back.
    CaseWithdrawn = "case_withdrawn" {
        /// The case's number.
        number: String = 16;
    }
    /// A refusal was looked at once more.
    RecheckAnswered = "recheck_answered" {
        /// The case's number.
        number: String = 16;
    }
    /// The office thinks of reducing or ending aid, and asks for the reader's word.
    BenefitStepProposed = "benefit_step_proposed" {
        /// The case's number.
        number: String = 16;
    }
    /// That was decided or let go.
    BenefitStepSettled = "benefit_step_settled" {
        /// The case's number.
        number: String = 16;
    }
    /// The reader's contact was handed over, as they agreed.
    ReferralHandedOver = "referral_handed_over" {
        /// The case's number.
        number: String = 16;
    }
    /// The office has looked at a change that the reader told of.
    ChangeSettled = "change_settled" {
        /// The case's number.
        number: String = 16;
    }
    /// A complaint or suggestion was received.
    ComplaintReceived = "complaint_received" {
        /// The complaint's number.
        number: String = 16;
    }
    /// A complaint or suggestion was answered.
    ComplaintAnswered = "complaint_answered" {
        /// The complaint's number.
        number: String = 16;
    }
    /// The account and its data are gone.
    DataDeleted = "data_deleted"
    /// All sessions of the account were ended.
    SignedOutEverywhere = "signed_out_everywhere"
}

/// A value that stands for any in a preview.
trait Sample {
    fn sample(field: &str) -> Self;
}

impl Sample for String {
    fn sample(field: &str) -> Self {
        match field {
            "code" => "123456",
            "name" => "王＊＊",
            "scope" => "临时救助",
            "url" => "https://example.cn/acting/a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6",
            "what" => "交了临时救助申请",
            "time" => "11月25日 14:05",
            "until" => "11月30日",
            "device" => "安卓手机",
            "number" => "LS261125000001",
            _ => "示例",
        }
        .to_owned()
    }
}

impl Sample for u32 {
    fn sample(_: &str) -> Self {
        5
    }
}

impl fmt::Debug for Notice {
    /// The name alone: values hold codes and names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Notice({}, …)", self.id())
    }
}

impl Notice {
    /// A heading for the inbox and a letter.
    pub fn title(&self) -> String {
        self.template().title.clone()
    }

    /// The text message, without the sender's name before it.
    pub fn sms(&self) -> String {
        fill(&self.template().sms, &self.values())
    }

    /// The text for the inbox and a letter; an empty line parts paragraphs.
    pub fn letter(&self) -> String {
        let template = self.template();
        fill(template.letter.as_ref().unwrap_or(&template.sms), &self.values())
    }

    /// Somebody is waiting for it: it is sent in quiet hours too.
    pub fn is_urgent(&self) -> bool {
        self.template().urgent
    }

    fn template(&self) -> &'static Template {
        static EMBEDDED: OnceLock<BTreeMap<&'static str, Template>> = OnceLock::new();
        #[expect(
            clippy::expect_used,
            reason = "the file is compiled in, a test and the server's start read it"
        )]
        let all = EMBEDDED.get_or_init(|| read(EMBEDDED_TEXT, "").expect("the embedded templates are right"));
        // Reading made sure that each name of the table is there.
        &all[self.id()]
    }
}

const EMBEDDED_TEXT: &str = include_str!("../../data/notices.toml");

/// Checks the templates that are compiled in, with the name of the service that stands before each text message.
///
/// # Errors
/// The first template that is wrong, with its line.
pub fn check(service: &str) -> Result<(), TemplateError> {
    read(EMBEDDED_TEXT, service).map(drop)
}

/// A text message with its sender before it, as the law on message services asks (通信短信息服务管理规定 18).
pub fn signed(service: &str, text: &str) -> String {
    format!("【{service}】{text}")
}

/// How many signs a text message has and in how many parts it travels: up to 70 UTF-16 units whole, 67 in each part of a
/// longer one.
pub fn length(text: &str) -> (usize, usize) {
    let units = units(text);
    (units, if units <= WHOLE { 1 } else { units.div_ceil(EACH_PART) })
}

/// A text as it is spoken: codes and numbers digit by digit, with a pause after each.
pub fn spoken(text: &str) -> String {
    let mut spoken = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits < SPOKEN_ONE_BY_ONE {
            let (piece, after) = rest.split_at(digits.max(first.len_utf8()));
            spoken.push_str(piece);
            rest = after;
            continue;
        }
        let (number, after) = rest.split_at(digits);
        for (place, digit) in number.chars().enumerate() {
            if place > 0 {
                spoken.push('，');
            }
            spoken.push(digit);
        }
        rest = after;
    }
    spoken
}

/// One template.
#[derive(Debug)]
struct Template {
    title: String,
    sms: String,
    letter: Option<String>,
    urgent: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    notice: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    title: Spanned<String>,
    sms: Spanned<String>,
    letter: Option<Spanned<String>>,
    #[serde(default)]
    urgent: bool,
}

/// Why the templates were not accepted. Written for whoever edits them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{FILE}:{line}: {wrong}")]
pub struct TemplateError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub wrong: String,
}

fn line_of(file: &str, at: usize) -> usize {
    file.bytes().take(at).filter(|&byte| byte == b'\n').count() + 1
}

fn read(file: &str, service: &str) -> Result<BTreeMap<&'static str, Template>, TemplateError> {
    let wrong = |at: usize, wrong: String| TemplateError { line: line_of(file, at), wrong };
    let parsed: File = toml::from_str(file).map_err(|error| {
        wrong(error.span().map_or(0, |span| span.start), error.message().trim().to_owned())
    })?;
    let mut all = BTreeMap::new();
    for entry in parsed.notice {
        let id = entry.id.get_ref();
        let Some((name, fields)) = SHAPES.iter().find(|(name, _)| name == id) else {
            return Err(wrong(entry.id.span().start, format!("no notice is called {id}")));
        };
        if all.contains_key(name) {
            return Err(wrong(entry.id.span().start, format!("{name} is there twice")));
        }
        for text in [Some(&entry.title), Some(&entry.sms), entry.letter.as_ref()].into_iter().flatten() {
            let start = text.span().start;
            if text.get_ref().trim().is_empty() {
                return Err(wrong(start, "the text is empty".into()));
            }
            let found =
                placeholders(text.get_ref()).ok_or_else(|| wrong(start, "a brace is not closed".into()))?;
            if let Some(unknown) = found.iter().find(|found| !fields.iter().any(|(field, _)| field == *found))
            {
                return Err(wrong(start, format!("{{{unknown}}} is not among the placeholders of {id}")));
            }
        }
        let start = entry.sms.span().start;
        // Whoever gets a message must be able to do what it asks for.
        for needed in ["code", "url"] {
            if fields.iter().any(|(field, _)| *field == needed)
                && !entry.sms.get_ref().contains(&format!("{{{needed}}}"))
            {
                return Err(wrong(start, format!("the text message lacks {{{needed}}}")));
            }
        }
        let longest: Vec<_> = fields.iter().map(|(field, units)| (*field, "字".repeat(*units))).collect();
        let units = units(&signed(service, &fill(entry.sms.get_ref(), &longest)));
        if units > PARTS * EACH_PART {
            return Err(wrong(
                start,
                format!(
                    "the text message may grow to {units} signs; {PARTS} parts hold {}",
                    PARTS * EACH_PART
                ),
            ));
        }
        let template = Template {
            title: entry.title.into_inner(),
            sms: entry.sms.into_inner(),
            letter: entry.letter.map(Spanned::into_inner),
            urgent: entry.urgent,
        };
        all.insert(*name, template);
    }
    match SHAPES.iter().find(|(name, _)| !all.contains_key(name)) {
        Some((missing, _)) => Err(wrong(file.len(), format!("the notice {missing} is missing"))),
        None => Ok(all),
    }
}

/// The names between braces; `None` where a brace is left open.
fn placeholders(text: &str) -> Option<Vec<&str>> {
    let mut pieces = text.split('{');
    if pieces.next()?.contains('}') {
        return None;
    }
    pieces
        .map(|piece| piece.split_once('}').filter(|(_, after)| !after.contains('}')).map(|(name, _)| name))
        .collect()
}

/// Puts the values in, in one go: a value that looks like a placeholder stays what it is.
fn fill(template: &str, values: &[(&'static str, String)]) -> String {
    let mut pieces = template.split('{');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, after) = piece.split_once('}').unwrap_or((piece, ""));
        if let Some((_, value)) = values.iter().find(|(field, _)| *field == name) {
            text.push_str(value);
        }
        text.push_str(after);
    }
    text
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The value, or as much of it as fits, with a sign that something was cut.
fn cut(value: &str, longest: usize) -> String {
    if units(value) <= longest {
        return value.to_owned();
    }
    let mut left = longest.saturating_sub(1);
    let kept = value.chars().take_while(|sign| {
        let fits = sign.len_utf16() <= left;
        left = left.saturating_sub(sign.len_utf16());
        fits
    });
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICE: &str = "新吴民政掌上办";

    #[test]
    fn the_templates_are_right_with_the_services_name() {
        assert_eq!(check(SERVICE), Ok(()));
    }

    #[test]
    fn a_notice_reads_as_it_is_sent() {
        let code = Notice::SignInCode { code: "012345".into(), minutes: 5 };
        assert_eq!(
            signed(SERVICE, &code.sms()),
            "【新吴民政掌上办】登录验证码 012345，5 分钟内有效。工作人员不会向您要这个码，请不要告诉任何人。"
        );
        assert!(code.is_urgent() && units(&signed(SERVICE, &code.sms())) <= 70);
        assert!(!Notice::DataDeleted.is_urgent());
        let request = Notice::ProxyRequest {
            name: "王＊＊".into(),
            scope: "{code}".into(),
            url: "https://xw.example.cn/p/x".into(),
            code: "000111".into(),
        };
        assert!(request.sms().contains("{code}。"), "a value is no template: {}", request.sms());
        for text in [code.sms(), request.sms(), request.letter()] {
            assert!(text.contains("工作人员不会向您要这个码"), "{text}");
        }
        assert_eq!(format!("{request:?}"), "Notice(proxy_request, …)");
    }

    #[test]
    fn a_message_travels_whole_or_in_parts() {
        for (signs, parts) in [(0, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3)] {
            assert_eq!(length(&"字".repeat(signs)), (signs, parts));
        }
        assert_eq!(length(&"𠮷".repeat(36)), (72, 2), "a rare character takes two units");
        for notice in Notice::samples() {
            let (_, parts) = length(&signed(SERVICE, &notice.sms()));
            assert!((1..=PARTS).contains(&parts) && !notice.letter().contains('{'), "{notice:?}");
        }
        assert_eq!(Notice::samples().len(), SHAPES.len());
    }

    #[test]
    fn a_long_value_is_cut_and_shows_it() {
        let used = Notice::ProxyUsed { name: "王＊".into(), what: "长".repeat(40) };
        assert!(used.sms().contains(&format!("{}…。", "长".repeat(29))), "{}", used.sms());
        assert_eq!(cut("𠮷𠮷𠮷", 5), "𠮷𠮷…");
        assert_eq!(cut("𠮷𠮷", 4), "𠮷𠮷");
    }

    #[test]
    fn codes_are_spoken_digit_by_digit_and_counts_are_not() {
        assert_eq!(
            spoken("登录验证码 123456，5 分钟内有效。"),
            "登录验证码 1，2，3，4，5，6，5 分钟内有效。"
        );
        assert_eq!(spoken("11月23日 14:05"), "11月23日 14:05");
        assert_eq!(spoken("编号 LS2611"), "编号 LS2，6，1，1");
        let once = spoken("码 1234");
        assert_eq!(spoken(&once), once);
    }

    #[track_caller]
    fn refused(change: impl Fn(&str) -> String, line: usize, words: &str) {
        let error = read(&change(EMBEDDED_TEXT), SERVICE).expect_err("it should be refused");
        assert!(error.to_string().contains(words), "{error}");
        assert!(error.to_string().starts_with("app/data/notices.toml:"), "{error}");
        if line > 0 {
            assert_eq!(error.line, line, "{error}");
        }
    }

    #[test]
    fn a_wrong_template_is_refused_with_its_line() {
        let line = |words: &str| EMBEDDED_TEXT.lines().position(|line| line.contains(words)).unwrap_or(0) + 1;
        let code = line("登录验证码 {code}");
        refused(|file| file.replace("{minutes}", "{hours}"), code, "{hours}");
        refused(|file| file.replace("{minutes} 分", "{minutes 分"), code, "brace");
        refused(|file| file.replace("登录验证码 {code}，", "登录验证码"), code, "{code}");
        refused(
            |file| file.replace("请不要告诉任何人", &"请不要告诉任何人".repeat(25)),
            code,
            "parts hold 201",
        );
        refused(
            |file| file.replace("id = \"data_deleted\"", "id = \"gone\""),
            line("\"data_deleted\""),
            "gone",
        );
        refused(|file| file.replace("id = \"data_deleted\"", "id = \"sign_in_code\""), 0, "twice");
        refused(
            |file| file.split("[[notice]]\nid = \"signed_out").next().unwrap_or_default().into(),
            0,
            "is missing",
        );
        refused(|file| file.replacen("title = ", "titel = ", 1), line("title = "), "titel");
    }

    #[test]
    fn a_long_name_of_the_service_is_refused_too() {
        assert!(check(&"新".repeat(60)).is_err());
    }
}
