//! `/staff/cases/{number}/handle`: how far a case has come, and what this person may do with it now.

use jiff::civil::Date;
use leptos::prelude::*;

use super::Me;
use super::case_clock::{ClockCard, TypedClock, clock};
use super::case_notice::{CasePublicity, TypedAnswer, publicity};
use super::cases::{CaseHead, head_rows};
use super::inquiry::{InquirySummary, why_district};
use super::services::arranged_fields;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, ErrorSummary, Field, Figure, Hint, Radios,
    StaffLayout, TextArea, Timeline, TimelineEntry,
};
use crate::domain::aid::Limit;
use crate::domain::aid::case::CaseState;
use crate::domain::aid::catalogue::Gives;
use crate::domain::aid::correction::{CorrectionForm, CorrectionTopic};
use crate::domain::aid::decision::{OpinionAsks, OpinionForm, Outcome, RefusalGround};
use crate::domain::aid::transfer::may_move;
use crate::domain::form::FormErrors;
use crate::domain::time::date_text;
use crate::pages::choices;
use crate::ports::{CaseCorrection, CaseEvent, CaseOpinion, CaseProgress};
use crate::text;
use crate::text::aid::{TEMPORARY_AID, item_words};
use crate::text::case::{event_title, ground_clause, ground_label, outcome_label, topic_label};
use crate::text::errors::sentence;

/// What this person may do with the case, by their posts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct May {
    /// What the street does: ask for what is missing, accept, give the opinion.
    pub examine: bool,
    /// Decide or send back.
    pub decide: bool,
    /// Move it to another street.
    pub transfer: bool,
    /// The opinion that waits is this person's own.
    pub own_opinion: bool,
    /// Decisions can be delivered: the online way against them is set (行政复议法 22).
    pub deliverable: bool,
}

/// A case in the hands of an office.
#[derive(Clone)]
pub struct Handling {
    /// What the list shows.
    pub head: CaseHead,
    /// What an opinion on the item says.
    pub asks: OpinionAsks,
    /// How far it has come.
    pub progress: CaseProgress,
    /// What happened, oldest first.
    pub events: Vec<CaseEvent>,
    /// The latest day of the decision.
    pub limit: Limit,
    /// The limit is a made-up value of the demo.
    pub limit_is_sample: bool,
    /// The public notice of the opinion, and the objections to it.
    pub publicity: CasePublicity,
    /// What was done to its clock, and what may be.
    pub clock: ClockCard,
    /// What was looked into.
    pub inquiry: InquirySummary,
    /// Today.
    pub today: Date,
    /// What this person may do.
    pub may: May,
    /// The key of whichever form is sent.
    pub key: String,
}

crate::masked_debug!(Handling);

/// A form of the page that came back, with what was typed.
#[derive(Clone, Default)]
pub struct Typed {
    /// What is missing.
    pub correction: CorrectionForm,
    /// The opinion.
    pub opinion: OpinionForm,
    /// Why it is sent back.
    pub send_back: String,
    /// What came of an objection.
    pub objection: TypedAnswer,
    /// More time, or aid first.
    pub clock: TypedClock,
    /// What is wrong with the form that was sent.
    pub errors: FormErrors,
}

crate::masked_debug!(Typed);

impl Typed {
    fn error(&self, field: &str) -> Option<String> {
        self.errors.of(field).map(sentence)
    }
}

fn limit_words(handling: &Handling) -> String {
    let sample = if handling.limit_is_sample { "（示例时限）" } else { "" };
    let paused = match handling.progress.state {
        CaseState::CorrectionRequested => "，等居民补充，时限停着",
        _ => "",
    };
    match handling.limit {
        Limit::NotSet => "没有设定时限，以街道公布为准".to_owned(),
        Limit::On(day) => format!("最晚 {}{sample}{paused}", date_text(day)),
        Limit::BeyondCalendar(loaded) => format!("在 {} 以后，放假安排还没有公布{paused}", date_text(loaded)),
    }
}

fn inquiry_words(inquiry: InquirySummary) -> String {
    match inquiry.visits {
        0 if inquiry.visit_needed => "还没有上门，给予救助要先上门看过".to_owned(),
        0 => "还没有上门".to_owned(),
        visits => format!("上门 {visits} 次"),
    }
}

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.into(), value, ..Answer::default() }
}

fn topic_words(slug: &str) -> String {
    CorrectionTopic::parse(slug).map(topic_label).unwrap_or_default().to_owned()
}

fn correction(asked: &CaseCorrection) -> impl IntoView + use<> {
    let title = format!("{} 告诉居民要补的", asked.asked_at.shanghai_text());
    let mut rows: Vec<_> =
        asked.items.iter().map(|item| row(&topic_words(&item.topic), item.note.clone())).collect();
    rows.extend(asked.again.iter().map(|why| row("为什么又要补", why.clone())));
    let answers = asked.answered_at.map(|at| {
        let title = format!("{} 居民补的", at.shanghai_text());
        let rows =
            asked.answers.iter().map(|(topic, answer)| row(&topic_words(topic), answer.clone())).collect();
        view! { <Answers title rows/> }
    });
    view! { <Answers title rows/>{answers} }
}

fn opinion(opinion: &CaseOpinion, gives: Gives) -> impl IntoView + use<> {
    let mut rows = vec![row("意见", outcome_label(opinion.outcome, gives).to_owned())];
    rows.extend(opinion.amount.map(|amount| row("金额", format!("{} 元", amount.yuan()))));
    rows.extend(
        opinion
            .arranged
            .as_ref()
            .map(|arranged| row("怎么安排", format!("{}，{}", date_text(arranged.day), arranged.words))),
    );
    rows.extend(
        opinion
            .ground
            .map(|ground| row("依据", format!("{}（{}）", ground_label(ground), ground_clause(ground)))),
    );
    rows.push(row("理由", opinion.reasons.clone()));
    rows.push(row("提出", opinion.given_at.shanghai_full()));
    rows.extend(opinion.sent_back.iter().map(|why| row("退回，要再了解", why.clone())));
    view! { <Answers title="街道的意见" rows/> }
}

/// The forms for what is to be done with a case that came in.
fn examine_received(base: &str, key: &str, told_before: bool, typed: &Typed) -> AnyView {
    let fields = CorrectionTopic::ALL
        .iter()
        .map(|topic| {
            let name = format!("note-{}", topic.as_str());
            let value = typed.correction.notes.get(topic.as_str()).cloned().unwrap_or_default();
            let error = typed.error(&name);
            view! { <Field name label=topic_label(*topic) value error optional=true maxlength=300/> }
        })
        .collect_view();
    let again = told_before.then(|| {
        let (value, error) = (typed.correction.again.clone(), typed.error("again"));
        view! {
            <TextArea
                name="again"
                label="为什么上次没有一次说清"
                hint="已经要过一次材料。再要一次，要写明原因，居民会看到。"
                value
                error
                rows=3
            />
        }
    });
    let (accept, correct) = (format!("{base}/accept"), format!("{base}/correct"));
    let (key, other) = (key.to_owned(), key.to_owned());
    view! {
        <Card title="材料齐了">
            <form method="post" action=accept class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Actions><Button>"受理"</Button></Actions>
            </form>
        </Card>
        <Card title="还缺东西">
            <p>"缺什么，一次写全。能核对到的（社保、不动产、存款等）不能让居民交证明（社会救助法第六十二条）。"</p>
            <form method="post" action=correct novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=other/>
                {fields}
                {again}
                <Actions><Button kind="secondary">"一次告诉居民"</Button></Actions>
            </form>
        </Card>
    }
    .into_any()
}

fn examine_accepted(base: &str, handling: &Handling, typed: &Typed) -> AnyView {
    let key = &handling.key;
    let temporary = item_words(&handling.head.item) == TEMPORARY_AID;
    let error = |field: &str| typed.error(field);
    let errors = (error("outcome"), error("amount"), error("ground"), error("reasons"));
    let outcomes = choices!(Outcome::ALL, |outcome| outcome_label(outcome, handling.asks.gives), |_| None);
    let grounds =
        choices!(RefusalGround::offered(&handling.head.item, handling.asks.gives), ground_label, |ground| {
            Some(ground_clause(ground).to_owned())
        });
    let OpinionForm { outcome, amount, ground, reasons, month, arranged } = typed.opinion.clone();
    let (action, key) = (format!("{base}/opinion"), key.to_owned());
    let amount_hint = if temporary { "给予救助才填" } else { "给予救助才填，每月多少" };
    let put_up = handling.publicity.asked.then(|| {
        view! { <p>"给予救助的意见一提出就在社区公示，自己到期；期满、没有异议，才能决定。"</p> }
    });
    let amount = (handling.asks.gives == Gives::Money).then(|| {
        view! {
            <Field
                name="amount"
                label="金额"
                hint=amount_hint
                value=amount
                error=errors.1
                optional=true
                unit="元"
                inputmode="decimal"
            />
        }
    });
    let month = handling.asks.month.then(|| {
        let month_error = error("month");
        view! { <Field name="month" label="从哪个月开始发" hint="没有统一的规定，按街道公布的写，比如 2026-12" value=month error=month_error optional=true/> }
    });
    let arranged = (handling.asks.gives == Gives::Service).then(|| {
        let fields = arranged_fields(&arranged, &typed.errors, true);
        view! { <p>"选了「安排服务」，再填下面两项："</p>{fields} }
    });
    let refused = outcome_label(Outcome::Refuse, handling.asks.gives);
    view! {
        <Card title="提出意见">
            <p>"核对、上门看过以后再提。作决定的是另一个人。"</p>
            {put_up}
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Radios name="outcome" legend="给不给" value=outcome options=outcomes error=errors.0/>
                {amount}
                {month}
                {arranged}
                <Radios
                    name="ground"
                    legend=format!("{refused}的依据")
                    hint=format!("{refused}才选")
                    value=ground
                    options=grounds
                    error=errors.2
                />
                <TextArea
                    name="reasons"
                    label="理由"
                    hint="了解到了什么，所以怎样。居民会看到全文，请写得让人看得懂。"
                    value=reasons
                    error=errors.3
                />
                <Actions><Button>"提出意见"</Button></Actions>
            </form>
        </Card>
    }
    .into_any()
}

fn decide(base: &str, handling: &Handling, typed: &Typed) -> AnyView {
    let Some(opinion) = &handling.progress.opinion else { return ().into_any() };
    if !handling.may.decide {
        return view! { <Banner kind="info" title="等决定"><p>"意见已经提出，由区里有权决定的人来看。"</p></Banner> }
            .into_any();
    }
    if handling.inquiry.draw_first {
        return view! {
            <Banner kind="warn" title="先抽查，再决定">
                <p>"这类申请要按公布的种子抽查。请先到「随机抽查」抽一次，没抽中的就可以决定。"</p>
            </Banner>
        }
        .into_any();
    }
    if let Some(why) = handling.inquiry.district_must_visit {
        return view! {
            <Banner kind="warn" title="区里上门看过，才能决定">
                <p>{why_district(why)}"请先到「调查了解」登记区里的入户。"</p>
            </Banner>
        }
        .into_any();
    }
    if handling.may.own_opinion {
        return view! {
            <Banner kind="warn" title="意见是您提的，不能再由您决定">
                <p>"提意见和作决定要两个人。请另一位有权决定的人来办。"</p>
            </Banner>
        }
        .into_any();
    }
    let (action, back) = (format!("{base}/decide"), format!("{base}/send-back"));
    let (key, other) = (handling.key.clone(), handling.key.clone());
    let words = format!("同意，{}", outcome_label(opinion.outcome, handling.asks.gives));
    let outcome = opinion.outcome.as_str();
    let waits = handling.publicity.waits(handling.today).filter(|_| opinion.outcome == Outcome::Grant);
    let decision = if let Some(waits) = waits {
        view! { <Banner kind="info" title="公示还没有结束"><p>{waits}</p></Banner> }.into_any()
    } else if handling.may.deliverable {
        view! {
            <form method="post" action=action class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <input type="hidden" name="outcome" value=outcome/>
                <p>"决定一作出就告诉居民，不能再改。"</p>
                <Actions><Button>{words}</Button></Actions>
            </form>
        }
        .into_any()
    } else {
        view! {
            <Banner kind="warn" title="现在还不能作决定">
                <p>"网上送达决定，必须同时给出网上申请行政复议的入口（行政复议法第二十二条）。请管理员先设置 reconsideration_url。"</p>
            </Banner>
        }
        .into_any()
    };
    let (value, error) = (typed.send_back.clone(), typed.error("why"));
    view! {
        <Card title="作决定">
            {decision}
            <form method="post" action=back novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=other/>
                <TextArea name="why" label="还要了解什么" hint="退回街道才写" value error rows=3/>
                <Actions><Button kind="secondary">"退回街道再了解"</Button></Actions>
            </form>
        </Card>
    }
    .into_any()
}

/// The page.
pub fn handling(me: &Me, handling: &Handling, typed: &Typed) -> impl IntoView + use<> {
    let base = format!("/staff/cases/{}", handling.head.number);
    let mut rows = head_rows(&handling.head);
    if handling.progress.state.is_open() {
        rows.push(row("时限", limit_words(handling)));
        rows.push(row("入户", inquiry_words(handling.inquiry)));
    }
    let told_before = !handling.progress.corrections.is_empty();
    let corrections = handling.progress.corrections.iter().map(correction).collect_view();
    let given = handling.progress.opinion.as_ref().map(|given| opinion(given, handling.asks.gives));
    let put_up = publicity(
        &base,
        &handling.key,
        handling.may.examine && handling.progress.state == CaseState::OpinionGiven,
        &handling.publicity,
        handling.today,
        &typed.objection,
    );
    let clock = clock(&base, &handling.key, &handling.clock, handling.today, &typed.clock);
    let to_do = match handling.progress.state {
        state if state.is_open() && handling.inquiry.own_family => {
            view! { <Banner kind="warn" title="这是您近亲属家里的申请"><p>"您登记为这家人的近亲属，不能经办，请交给同事。"</p></Banner> }
                .into_any()
        }
        CaseState::Received if handling.may.examine => {
            examine_received(&base, &handling.key, told_before, typed)
        }
        CaseState::Accepted if handling.may.examine => examine_accepted(&base, handling, typed),
        CaseState::OpinionGiven => decide(&base, handling, typed),
        CaseState::CorrectionRequested => {
            view! { <Banner kind="info" title="等居民补充"><p>"居民补好以后，会回到「已收到」。时限停着，不算您的天数。"</p></Banner> }
                .into_any()
        }
        CaseState::Granted if handling.asks.gives == Gives::Service => {
            let href = format!("{base}/service");
            view! {
                <Banner kind="info" title="服务安排好了">
                    <p>"办了以后登记一下；要改日子，也在这里改。"</p>
                    <Actions><ButtonLink href kind="secondary">"登记办得怎样"</ButtonLink></Actions>
                </Banner>
            }
            .into_any()
        }
        CaseState::Granted => {
            let href = format!("{base}/benefit");
            let words = if handling.asks.gives == Gives::Recognition { "看认定，或者取消" } else { "看发放和核查" };
            view! {
                <Banner kind="info" title="已经办结">
                    <p>"这份申请不用再办了。以后情况变了，在这里办。"</p>
                    <Actions><ButtonLink href kind="secondary">{words}</ButtonLink></Actions>
                </Banner>
            }
            .into_any()
        }
        CaseState::Refused | CaseState::Withdrawn => {
            view! { <Banner kind="info" title="已经办结"><p>"这份申请不用再办了。"</p></Banner> }.into_any()
        }
        CaseState::Received | CaseState::Accepted => {
            view! { <Banner kind="info" title="由街道经办人办理"><p>"您可以看，不能办。"</p></Banner> }.into_any()
        }
    };
    let entries = handling
        .events
        .iter()
        .map(|event| TimelineEntry {
            title: event_title(event.kind).into(),
            at: event.at.shanghai_full(),
            done: true,
            ..TimelineEntry::default()
        })
        .collect();
    let errors =
        typed.errors.iter().map(|e| (e.field.clone().into_owned(), sentence(&e.error))).collect::<Vec<_>>();
    let elsewhere = (may_move(handling.head.state) && handling.may.transfer).then(|| {
        let href = format!("{base}/transfer");
        view! { <ButtonLink href kind="secondary">"不归这里办，转给别的街道"</ButtonLink> }
    });
    let (number, inquiry) = (text::case_number(&handling.head.number), format!("{base}/inquiry"));
    view! {
        <StaffLayout title="办理申请" back=base.clone() name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            <Figure label="编号" value=number/>
            <Answers title="这份申请" rows/>
            {corrections}
            {given}
            {put_up}
            {to_do}
            {clock}
            <Card title="办理经过"><Timeline entries/></Card>
            <Actions>
                <ButtonLink href=inquiry kind="secondary">"调查了解"</ButtonLink>
                <ButtonLink href=base kind="secondary">"看居民填的内容"</ButtonLink>
                {elsewhere}
            </Actions>
            <Hint>"您看了这份申请的办理情况，已经记下来。"</Hint>
        </StaffLayout>
    }
}
