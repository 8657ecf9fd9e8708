//! `/staff/cases/{number}/benefit`: aid that was given and what is to become of it; `/staff/reviews` and `/staff/payments`: what is
//! due, and who is paid what.

use jiff::civil::Date;
use leptos::prelude::*;

use super::cases::{CaseHead, head_rows};
use super::{Me, other_posts};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Choice, Empty, ErrorSummary, Field, Figure,
    Hint, LinkItem, LinkList, Radios, StaffLayout, TextArea,
};
use crate::domain::aid::benefit::{
    BenefitStep, HeardForm, HeardHow, StepForm, WORK_REFUSALS, after_work_refusals,
};
use crate::domain::form::FormErrors;
use crate::domain::staff::{Post, Role};
use crate::domain::time::{Instant, date_text};
use crate::pages::{Sent, choices};
use crate::ports::{BenefitStepLine, CaseBenefit};
use crate::text;
use crate::text::benefit::{heard_label, step_words};
use crate::text::errors::sentence;
use crate::text::staff::{place_name, post_name};

/// Who looks after aid that is paid: proposes, hears, reviews, decides.
pub const KEEPERS: &[Role] = &[Role::StreetOfficer, Role::DistrictOfficer];

/// Who makes the payment list.
pub const PAYERS: &[Role] = &[Role::DistrictOfficer, Role::StreetOfficer];

/// A case to which aid was given.
#[derive(Clone)]
pub struct BenefitCase {
    /// What the list shows.
    pub head: CaseHead,
    /// The item's name.
    pub item: String,
    /// What is paid and what became of it.
    pub benefit: CaseBenefit,
    /// Months between reviews that the item knows, with the reason for each; none for aid that is given once.
    pub review_months: Vec<(u16, String)>,
    /// The open proposal is this person's own.
    pub own_proposal: bool,
    /// Decisions can be delivered: the online way against them is set (行政复议法 22).
    pub deliverable: bool,
    /// The key of whichever form is sent.
    pub key: String,
}

/// A form of the page that came back.
#[derive(Clone, Default)]
pub struct BenefitTyped {
    /// The proposal.
    pub step: StepForm,
    /// What the person said.
    pub heard: HeardForm,
    /// What is wrong.
    pub errors: FormErrors,
}

crate::masked_debug!(BenefitCase, BenefitTyped);

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.into(), value, ..Answer::default() }
}

fn step_rows(line: &BenefitStepLine) -> Vec<Answer> {
    let mut rows = vec![row(
        "提出",
        format!("{}，{}", step_words(line.step, line.recognition), line.proposed_at.shanghai_text()),
    )];
    if line.step == BenefitStep::Reduced {
        rows.push(row("减到", format!("每月 {} 元", line.amount.yuan())));
    }
    rows.push(row("理由", line.reasons.clone()));
    rows.push(match &line.heard {
        Some(heard) => row(
            "本人的意见",
            format!("{}（{}，{}）", heard.words, heard_label(heard.how), date_text(heard.on)),
        ),
        None => row("本人的意见", "还没有听".to_owned()),
    });
    rows.extend(line.dropped_at.map(|at| row("结果", format!("{} 不再提了", at.shanghai_text()))));
    rows.extend(line.decided.as_ref().map(|(_, at, from)| {
        row("结果", format!("{} 决定，从 {} 年 {} 月起", at.shanghai_text(), from.year(), from.month()))
    }));
    rows
}

fn hear(base: &str, key: &str, typed: &BenefitTyped) -> AnyView {
    let options = [HeardHow::InPerson, HeardHow::Phone, HeardHow::Written]
        .map(|how| Choice { value: how.as_str().into(), label: heard_label(how).into(), hint: None })
        .to_vec();
    let error = |field: &str| typed.errors.of(field).map(sentence);
    let errors = (error("how"), error("on"), error("words"));
    let HeardForm { how, on, words } = typed.heard.clone();
    let (action, key) = (format!("{base}/heard"), key.to_owned());
    view! {
        <Card title="听取本人意见">
            <p>"没有听取意见，不能作决定（社会救助法第四十八条）。本人也可以自己在网上写。"</p>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Radios name="how" legend="怎样听的" value=how options error=errors.0/>
                <Field name="on" label="哪一天" hint="比如 2026-11-01" value=on error=errors.1 maxlength=30/>
                <TextArea name="words" label="本人说了什么" value=words error=errors.2 rows=4/>
                <Actions><Button>"记下来"</Button></Actions>
            </form>
        </Card>
    }
    .into_any()
}

fn decide(base: &str, shown: &BenefitCase, line: &BenefitStepLine) -> AnyView {
    if line.heard.is_none() {
        return ().into_any();
    }
    if shown.own_proposal {
        return view! {
            <Banner kind="warn" title="是您提的，不能再由您决定"><p>"提出和决定要两个人。请另一位同事来办。"</p></Banner>
        }
        .into_any();
    }
    if !shown.deliverable {
        return view! {
            <Banner kind="warn" title="现在还不能作决定"><p>"网上送达决定，必须同时给出网上申请行政复议的入口（行政复议法第二十二条）。请管理员先设置 reconsideration_url。"</p></Banner>
        }
        .into_any();
    }
    let (action, key) = (format!("{base}/decide-step"), format!("{}d", shown.key));
    let words = format!("决定{}，从下个月起", step_words(line.step, line.recognition));
    view! {
        <Card title="作决定">
            <form method="post" action=action class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <p>"决定一作出就告诉本人，写明理由和权利，不能再改。"</p>
                <Actions><Button kind="danger">{words}</Button></Actions>
            </form>
        </Card>
    }
    .into_any()
}

fn propose(base: &str, shown: &BenefitCase, typed: &BenefitTyped) -> AnyView {
    let error = |field: &str| typed.errors.of(field).map(sentence);
    let errors = (error("step"), error("amount"), error("reasons"));
    let StepForm { step, amount, reasons } = typed.step.clone();
    let (action, key) = (format!("{base}/step"), shown.key.clone());
    let benefit = &shown.benefit;
    let refused = after_work_refusals(benefit.paid(), benefit.people, WORK_REFUSALS)
        .filter(|_| shown.head.item == "minimum-living-security")
        .map(|left| {
            let words = if left.0 == 0 {
                "停发本人".to_owned()
            } else {
                format!("最多减到每月 {} 元，别人的照发", left.yuan())
            };
            format!(
                "家里有能劳动的人连续 {WORK_REFUSALS} 次没有正当理由拒绝介绍的工作的，只减他一个人的份：{words}（《最低生活保障审核确认办法》第三十四条）。"
            )
        })
        .map(|words| view! { <p>{words}</p> });
    let recognition = benefit.recognition;
    let (title, rule) = if recognition {
        ("取消认定", "先写明理由，再听本人意见，最后由另一个人决定。决定以前认定照样有效。")
    } else {
        ("减发或者停发", "先写明理由，再听本人意见，最后由另一个人决定。决定以前照常发。")
    };
    let offered: Vec<_> = BenefitStep::ALL
        .iter()
        .copied()
        .filter(|step| !recognition || *step == BenefitStep::Terminated)
        .collect();
    let options = choices!(offered, |step| step_words(step, recognition), |_| None);
    let amount = (!recognition).then(|| {
        view! { <Field name="amount" label="减到每月" hint="减发才填" value=amount error=errors.1 optional=true unit="元" inputmode="decimal"/> }
    });
    view! {
        <Card title=title>
            <p>{rule}</p>
            {refused}
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Radios name="step" legend="打算" value=step options error=errors.0/>
                {amount}
                <TextArea name="reasons" label="理由" hint="了解到了什么，所以怎样。本人会看到全文。" value=reasons error=errors.2 rows=4/>
                <Actions><Button kind="secondary">"告诉本人，听取意见"</Button></Actions>
            </form>
        </Card>
    }
    .into_any()
}

fn review(base: &str, shown: &BenefitCase, typed: &BenefitTyped) -> Option<AnyView> {
    let (months, _) = shown.review_months.first()?;
    let due = shown.benefit.review_due(*months)?;
    let options = shown
        .review_months
        .iter()
        .map(|(months, when)| Choice {
            value: months.to_string(),
            label: format!("{months} 个月以后"),
            hint: Some(when.clone()),
        })
        .collect();
    let said = match shown.benefit.unchanged_at() {
        Some(at) => format!("{} 居民说家里没有变化。", at.shanghai_text()),
        None => "居民还没有说有没有变化。".to_owned(),
    };
    let words = format!("下一次核查：{} 前后。{said}", date_text(due));
    let (action, key) = (format!("{base}/reviewed"), format!("{}r", shown.key));
    let error = typed.errors.of("next").map(sentence);
    Some(
        view! {
            <Card title="定期核查">
                <p>{words}</p>
                <form method="post" action=action novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Radios name="next" legend="看过了，下一次" options error/>
                    <Actions><Button kind="secondary">"这次核查做完了"</Button></Actions>
                </form>
            </Card>
        }
        .into_any(),
    )
}

/// One case.
pub fn case(me: &Me, shown: &BenefitCase, typed: &BenefitTyped) -> impl IntoView + use<> {
    let base = format!("/staff/cases/{}/benefit", shown.head.number);
    let number = text::case_number(&shown.head.number);
    let mut rows = head_rows(&shown.head);
    rows.push(row("事项", shown.item.clone()));
    let monthly = !shown.review_months.is_empty();
    let paid = shown.benefit.paid();
    let recognition = shown.benefit.recognition;
    rows.push(row(
        if recognition { "认定" } else { "金额" },
        match (monthly, paid.0) {
            _ if recognition && shown.benefit.goes_on() => "有效".to_owned(),
            _ if recognition => "已经取消".to_owned(),
            (false, _) => format!("{} 元，一次发放", paid.yuan()),
            (true, 0) => "已经停发".to_owned(),
            (true, _) => format!("每月 {} 元", paid.yuan()),
        },
    ));
    rows.push(row("哪天决定", date_text(shown.benefit.decided)));
    let steps: Vec<_> = shown
        .benefit
        .steps
        .iter()
        .rev()
        .map(|line| {
            let title = if line.recognition { "取消认定" } else { "减发、停发" };
            view! { <Answers title rows=step_rows(line)/> }
        })
        .collect();
    let to_do = match shown.benefit.open_step() {
        Some(line) => {
            let hear = line.heard.is_none().then(|| hear(&base, &shown.key, typed));
            let decide = decide(&base, shown, line);
            let (action, key) = (format!("{base}/drop"), format!("{}x", shown.key));
            view! {
                {hear}
                {decide}
                <form method="post" action=action>
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Actions><Button kind="quiet">{if recognition { "不取消了，认定照旧" } else { "不减也不停了，救助照旧" }}</Button></Actions>
                </form>
            }
            .into_any()
        }
        None if (monthly || recognition) && shown.benefit.goes_on() => propose(&base, shown, typed),
        None => ().into_any(),
    };
    let review = review(&base, shown, typed);
    let errors =
        typed.errors.iter().map(|e| (e.field.clone().into_owned(), sentence(&e.error))).collect::<Vec<_>>();
    view! {
        <StaffLayout title="发放和核查" back="/staff/reviews" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            <Figure label="编号" value=number/>
            <Answers title="这份救助" rows/>
            {steps}
            {to_do}
            {review}
            <Hint>"您看了这份救助的情况，已经记下来。"</Hint>
        </StaffLayout>
    }
}

/// A review that is due.
#[derive(Clone, Debug)]
pub struct ReviewLine {
    /// The case's number.
    pub number: String,
    /// The street.
    pub area: String,
    /// The item's name.
    pub item: String,
    /// When it is due.
    pub due: Date,
    /// When the person said that nothing has changed.
    pub unchanged_at: Option<Instant>,
    /// A proposal to reduce or end waits.
    pub step_open: bool,
}

/// One page of the list.
#[derive(Clone, Debug)]
pub struct ReviewPage {
    /// The posts that have a list.
    pub posts: Vec<Post>,
    /// The position of the post whose list it is.
    pub at: usize,
    /// Running aid, what is due first.
    pub lines: Vec<ReviewLine>,
    /// How many more there are.
    pub more: usize,
    /// Today.
    pub today: Date,
}

/// The list.
pub fn reviews(me: &Me, page: &ReviewPage) -> impl IntoView + use<> {
    let others = other_posts("/staff/reviews", &page.posts, page.at);
    let here = page.posts.get(page.at).map(post_name).unwrap_or_default();
    let items: Vec<_> = page
        .lines
        .iter()
        .map(|line| {
            let due = match line.due < page.today {
                true => format!("应当 {} 前后核查，已经过了", date_text(line.due)),
                false => format!("{} 前后核查", date_text(line.due)),
            };
            let said = if line.unchanged_at.is_some() { "，居民说没有变化" } else { "" };
            let step = if line.step_open { "，减发或停发等着办" } else { "" };
            LinkItem {
                href: format!("/staff/cases/{}/benefit", line.number),
                title: format!("{} {}", line.item, text::case_number(&line.number)),
                hint: format!("{due}，{}{said}{step}", place_name(&line.area)),
                sign: String::new(),
            }
        })
        .collect();
    let body = if items.is_empty() {
        view! { <Empty title="没有按月发放的救助" hint="决定给予以后会出现在这里。"/> }.into_any()
    } else {
        view! { <LinkList items/> }.into_any()
    };
    let more = (page.more > 0).then(|| {
        let words = format!("后面还有 {} 份，到期更晚。", page.more);
        view! { <Hint>{words}</Hint> }
    });
    view! {
        <StaffLayout title="定期核查" back="/staff" name=me.name.clone() doors=me.doors()>
            <p>{here}</p>
            {body}
            {more}
            <Actions><ButtonLink href="/staff/payments" kind="secondary">"发放名单"</ButtonLink></Actions>
            {(!others.is_empty()).then(|| view! { <LinkList items=others/> })}
        </StaffLayout>
    }
}

/// The question before the payment list is made: for which month, and why.
pub fn payments(me: &Me, post: &Post, sent: &Sent<String>, month: Date) -> impl IntoView + use<> {
    let value = if sent.form.is_empty() {
        format!("{:04}-{:02}", month.year(), month.month())
    } else {
        sent.form.clone()
    };
    let (errors, error) = (sent.summary(), sent.error("month"));
    let (here, post) = (post_name(post), format!("{}@{}", post.role().as_str(), post.place()));
    view! {
        <StaffLayout title="发放名单" back="/staff/reviews" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            <p>{here}</p>
            <Card title="这份名单有什么">
                <ul>
                    <li>"这个月要发给谁、发几个月的、多少钱、打到哪个账户。"</li>
                    <li>"有完整的姓名和账号：只给发放用，用完请删掉。导出会记下来。"</li>
                    <li>"钱不在这里发。"</li>
                </ul>
            </Card>
            <form method="post" action="/staff/payments" novalidate class="xw-form">
                <input type="hidden" name="post" value=post/>
                <Field name="month" label="哪个月" hint="比如 2026-12" value error maxlength=10/>
                <Actions><Button>"导出"</Button></Actions>
            </form>
        </StaffLayout>
    }
}
