//! Aid that is paid month by month, as its owner sees it: what is paid, a proposal to reduce or end it with one's own word on
//! it, the decision with its reasons and one's rights, the review.

use leptos::prelude::*;

use super::decision::rights;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, ErrorSummary, Figure, Hint, Layout, TextArea,
};
use crate::domain::aid::benefit::BenefitStep;
use crate::domain::aid::catalogue::Gives;
use crate::domain::aid::decision::Appeal;
use crate::domain::staff::Post;
use crate::domain::time::date_text;
use crate::pages::Sent;
use crate::pages::aid::whose;
use crate::ports::{BenefitStepLine, CaseBenefit, Receipt};
use crate::text::benefit::{heard_label, step_words};
use crate::text::case_number;
use crate::text::staff::post_name;

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.into(), value, ..Answer::default() }
}

fn step_rows(line: &BenefitStepLine) -> Vec<Answer> {
    let mut rows = vec![row("打算", step_words(line.step, line.recognition).to_owned())];
    if line.step == BenefitStep::Reduced {
        rows.push(row("减到", format!("每月 {} 元", line.amount.yuan())));
    }
    rows.push(row("理由", line.reasons.clone()));
    rows.extend(line.heard.as_ref().map(|heard| {
        row("您的意见", format!("{}（{}，{}）", heard.words, heard_label(heard.how), date_text(heard.on)))
    }));
    rows
}

fn step(number: &str, own: bool, line: &BenefitStepLine, reconsideration_url: &str) -> AnyView {
    let mut rows = step_rows(line);
    let proposed = line.proposed_at.shanghai_text();
    if let Some((post, at, from)) = &line.decided {
        let by = Post::parse(post).map(|post| post_name(&post)).unwrap_or_default();
        rows.push(row("从哪个月起", format!("{} 年 {} 月", from.year(), from.month())));
        rows.push(row("谁决定的", format!("{by}，{}", at.shanghai_full())));
        let title = format!("决定{}", step_words(line.step, line.recognition));
        let rights = rights(Appeal::since(at.shanghai_date()), Gives::Money, reconsideration_url.to_owned());
        return view! {
            <Answers title rows/>
            <Hint>"《社会救助法》第四十八条：减少或者停止以前听取意见，并书面说明理由"</Hint>
            {rights}
        }
        .into_any();
    }
    if let Some(at) = line.dropped_at {
        let stays = if line.recognition { "认定照旧" } else { "救助照旧" };
        rows.push(row("结果", format!("{} 起不再提了，{stays}", at.shanghai_text())));
        return view! { <Answers title=format!("{proposed} 提出的") rows/> }.into_any();
    }
    let say = (own && line.heard.is_none()).then(|| {
        let href = format!("/confirm/{number}/hearing");
        view! { <Actions><ButtonLink href>"说说我的意见"</ButtonLink></Actions> }
    });
    let (of, stays) =
        if line.recognition { ("", "认定照样有效") } else { ("您的救助", "照常发") };
    let title = format!("街道打算{}{of}，先听您的意见", step_words(line.step, line.recognition));
    let words =
        format!("还没有决定，现在{stays}。您可以在这里写，也可以打电话、到街道说（社会救助法第四十八条）。");
    view! {
        <Banner kind="warn" title>
            <p>{words}</p>
            {say}
        </Banner>
        <Answers title=format!("{proposed} 提出的") rows/>
    }
    .into_any()
}

fn unchanged(receipt: &Receipt, benefit: &CaseBenefit, months: Option<u16>, key: &str) -> Option<AnyView> {
    let due = benefit.review_due(months?)?;
    if let Some(at) = benefit.unchanged_at() {
        let words = format!("{} 您说了家里没有变化，街道会看。", at.shanghai_text());
        return Some(view! { <Hint>{words}</Hint> }.into_any());
    }
    if !receipt.own {
        return None;
    }
    let (action, key) = (format!("/confirm/{}/unchanged", receipt.number), key.to_owned());
    let words = format!(
        "{} 前后要核查一次。家里的人、收入、财产都没有变，按一下就行，不用再交材料。",
        date_text(due)
    );
    Some(
        view! {
            <form method="post" action=action>
                <input type="hidden" name="idempotency_key" value=key/>
                {whose()}
                <p>{words}</p>
                <Actions><Button kind="secondary">"家里没有变化"</Button></Actions>
            </form>
        }
        .into_any(),
    )
}

/// What stands on the receipt. `key`: of the form by which the owner says that nothing has changed.
pub(super) fn benefit(receipt: &Receipt, key: &str) -> Option<AnyView> {
    let (benefit, months) = receipt.benefit.as_ref()?;
    let steps: Vec<_> = benefit
        .steps
        .iter()
        .rev()
        .map(|line| step(&receipt.number, receipt.own, line, &receipt.reconsideration_url))
        .collect();
    let monthly = months.is_some().then(|| {
        let paid = benefit.paid();
        let words = match benefit.decided_steps().is_empty() {
            true => format!("每月 {} 元。", paid.yuan()),
            false if paid.0 == 0 => "已经停发。".to_owned(),
            false => format!("现在每月 {} 元。", paid.yuan()),
        };
        let unchanged = unchanged(receipt, benefit, *months, key);
        view! { <Card title="按月发放"><p>{words}</p>{unchanged}</Card> }
    });
    Some(view! { {steps} {monthly} }.into_any())
}

/// The form for one's own word on a proposal.
pub fn hearing(
    number: &str,
    line: &BenefitStepLine,
    sent: &Sent<String>,
    key: &str,
) -> impl IntoView + use<> {
    let action = format!("/confirm/{number}/hearing");
    let back = format!("/confirm/{number}");
    let (errors, shown, key) = (sent.summary(), case_number(number), key.to_owned());
    let (value, error) = (sent.form.clone(), sent.error("words"));
    let rows = step_rows(line);
    let title = format!("{} 提出的", line.proposed_at.shanghai_text());
    view! {
        <Layout title="说说我的意见" back narrow=true>
            <ErrorSummary errors/>
            <Figure label="编号" value=shown/>
            <Answers title rows/>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                {whose()}
                <TextArea
                    name="words"
                    label="您的意见"
                    hint="同意不同意都可以写，为什么。没有意见，就写「没有意见」。"
                    value
                    error
                    rows=6
                />
                <Actions><Button>"交给街道"</Button></Actions>
            </form>
            <Hint>"您的意见会和决定放在一起。要补充，请打电话给街道。"</Hint>
        </Layout>
    }
}
