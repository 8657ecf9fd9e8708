//! `/confirm/{number}/rate/{node}`, `…/change` and `…/recheck`: what a resident says after a step of their case, and what became
//! of it on the receipt.

use leptos::prelude::*;

use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Checkbox, ErrorSummary, Field, Figure, Hint,
    Layout, LinkItem, Radios, TextArea,
};
use crate::domain::aid::case::CaseState;
use crate::domain::aid::catalogue::Gives;
use crate::domain::aid::change::{ChangeForm, ChangeKind, can_be_told};
use crate::domain::aid::rating::{Grade, RatingForm, RatingNode};
use crate::domain::staff::Post;
use crate::domain::time::date_text;
use crate::pages::aid::whose;
use crate::pages::{Sent, choices};
use crate::ports::{CaseChange, CaseRecheck, Receipt};
use crate::text::case_number;
use crate::text::follow_up::{
    change_label, change_outcome, changes_line, grade_label, node_label, recheck_outcome,
};
use crate::text::staff::post_name;

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.into(), value, ..Answer::default() }
}

/// The form: five grades and a word. `days`: working days in which a bad one is answered.
pub fn rate(
    number: &str,
    node: RatingNode,
    sent: &Sent<RatingForm>,
    key: &str,
    days: u16,
) -> impl IntoView + use<> {
    let action = format!("/confirm/{number}/rate/{}", node.as_str());
    let back = format!("/confirm/{number}");
    let (errors, shown, key) = (sent.summary(), case_number(number), key.to_owned());
    let (grade, words) = (sent.form.grade.clone(), sent.form.words.clone());
    let (grade_error, words_error) = (sent.error("grade"), sent.error("words"));
    let legend = format!("您对「{}」满意吗", node_label(node));
    let bad = format!(
        "选「不满意」或者「非常不满意」，会转成一件投诉，由没有办过这件事的人在 {days} 个工作日内答复您。"
    );
    view! {
        <Layout title="评价" back narrow=true>
            <ErrorSummary errors/>
            <Figure label="编号" value=shown/>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                {whose()}
                <Radios name="grade" legend value=grade options=choices!(Grade::ALL, grade_label, |_| None) error=grade_error/>
                <TextArea
                    name="words"
                    label="想说的话"
                    hint="可以不写"
                    value=words
                    error=words_error
                    rows=3
                />
                <Actions><Button>"提交评价"</Button></Actions>
            </form>
            <Hint>{bad}</Hint>
            <Hint>"每一步只能评一次，提交以后不能改。怎么评都不影响您的申请和以后的救助。"</Hint>
        </Layout>
    }
}

/// The form for a change at home.
pub fn tell_change(number: &str, sent: &Sent<ChangeForm>, key: &str) -> impl IntoView + use<> {
    let action = format!("/confirm/{number}/change");
    let back = format!("/confirm/{number}");
    let (errors, shown, key) = (sent.summary(), case_number(number), key.to_owned());
    let boxes = ChangeKind::ALL
        .iter()
        .enumerate()
        .map(|(at, kind)| {
            let name = format!("kind-{}", kind.as_str());
            let checked = sent.form.kinds.iter().any(|slug| slug == kind.as_str());
            // The error of all stands at the first.
            let error = if at == 0 { sent.error(&name) } else { None };
            view! { <Checkbox name label=change_label(*kind) checked error/> }
        })
        .collect_view();
    let (since, words) = (sent.form.since.clone(), sent.form.words.clone());
    let (since_error, words_error) = (sent.error("since"), sent.error("words"));
    view! {
        <Layout title="报告变化" back narrow=true>
            <ErrorSummary errors/>
            <Figure label="编号" value=shown/>
            <p>"家里的人、收入、财产变了，请告诉街道（社会救助法第四十六条）。说了不会马上停救助：要减少或者停止，一定先听您的意见。"</p>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                {whose()}
                <fieldset class="xw-field xw-choices">
                    <legend class="xw-field__label">"什么变了，可以多选"</legend>
                    <div class="xw-choices__rows">{boxes}</div>
                </fieldset>
                <Field
                    name="since"
                    label="从哪一天起"
                    hint="比如 2026-11-01，记不清就写大概的那一天"
                    value=since
                    error=since_error
                    maxlength=30
                />
                <TextArea
                    name="words"
                    label="怎么变了"
                    hint="比如：儿子找到工作，一个月三千元"
                    value=words
                    error=words_error
                    rows=4
                />
                <Actions><Button>"告诉街道"</Button></Actions>
            </form>
        </Layout>
    }
}

/// The form that asks for a recheck, begun from the refusal. `days`: working days until the answer, where the office sets them.
pub fn ask_recheck(number: &str, sent: &Sent<String>, key: &str, days: Option<u16>) -> impl IntoView + use<> {
    let action = format!("/confirm/{number}/recheck");
    let back = format!("/confirm/{number}");
    let (errors, shown, key) = (sent.summary(), case_number(number), key.to_owned());
    let (value, error) = (sent.form.clone(), sent.error("words"));
    let when = match days {
        Some(days) => format!("{days} 个工作日内答复您。"),
        None => "什么时候答复，以街道公布为准。".to_owned(),
    };
    view! {
        <Layout title="申请复核" back narrow=true>
            <ErrorSummary errors/>
            <Figure label="编号" value=shown/>
            <Card title="复核是什么">
                <ul>
                    <li>"请没有提过意见、也没有作决定的人，把这份申请再看一遍。"</li>
                    <li>{when}</li>
                    <li>
                        <strong>"复核不影响您申请行政复议和起诉，那两个期限照样在算。"</strong>
                    </li>
                </ul>
            </Card>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                {whose()}
                <TextArea
                    name="words"
                    label="您的理由"
                    hint="前面几句照决定写好了，可以改。请在「我认为」后面接着写。"
                    value
                    error
                    rows=10
                />
                <Actions><Button>"提交复核申请"</Button></Actions>
            </form>
            <Hint>"有新的材料，先在这份申请里写明有什么，街道会联系您交。"</Hint>
        </Layout>
    }
}

fn change_rows(change: &CaseChange) -> Vec<Answer> {
    let mut rows = vec![
        row("什么变了", changes_line(&change.told.kinds)),
        row("从哪天起", date_text(change.told.since)),
        row("怎么变了", change.told.words.clone()),
    ];
    match &change.settled {
        Some((outcome, note, at)) => {
            rows.push(row("街道怎么处理", format!("{}（{}）", change_outcome(*outcome), at.shanghai_text())));
            rows.push(row("街道说", note.clone()));
        }
        None => rows.push(row("街道怎么处理", "还没有看".to_owned())),
    }
    rows
}

pub(super) fn changes(receipt: &Receipt) -> Vec<impl IntoView + use<>> {
    receipt
        .changes
        .iter()
        .map(|change| {
            let title = format!("{} 报告的变化", change.told_at.shanghai_text());
            let rows = change_rows(change);
            view! { <Answers title rows/> }
        })
        .collect()
}

/// The recheck that is asked for, and what came of it.
pub(super) fn recheck_card(recheck: &CaseRecheck) -> impl IntoView + use<> {
    let mut rows = vec![row("您的理由", recheck.asked.clone())];
    match &recheck.answer {
        Some(answer) => {
            let by = Post::parse(&answer.post).map(|post| post_name(&post)).unwrap_or_default();
            rows.push(row("结果", recheck_outcome(answer.outcome).to_owned()));
            rows.push(row("理由", answer.reasons.clone()));
            rows.push(row("谁复核的", format!("{by}，{}", answer.at.shanghai_text())));
        }
        None => rows.push(row(
            "结果",
            match recheck.due_on {
                Some(day) => format!("正在复核，最晚 {} 答复", date_text(day)),
                None => "正在复核".to_owned(),
            },
        )),
    }
    let title = format!("{} 申请的复核", recheck.asked_at.shanghai_text());
    view! { <Answers title rows/> }
}

/// The doors that stand open for the owner of a case.
pub(super) fn doors(receipt: &Receipt) -> Vec<LinkItem> {
    let mut doors = Vec::new();
    if !receipt.own {
        return doors;
    }
    let state = receipt.progress.state;
    let base = format!("/confirm/{}", receipt.number);
    let asked = receipt.progress.rechecks.iter().any(|recheck| recheck.answer.is_none());
    let decided_at = receipt.progress.decision.as_ref().map(|decision| decision.decided_at);
    let of_this = receipt.progress.rechecks.iter().any(|recheck| Some(recheck.decided_at) == decided_at);
    if state == CaseState::Refused && !asked && !of_this {
        doors.push(LinkItem {
            href: format!("{base}/recheck"),
            title: "不同意，申请复核".into(),
            hint: "请没有参与过的人再看一遍；理由帮您起好了头".into(),
            sign: String::new(),
        });
    }
    if matches!(state, CaseState::Refused | CaseState::Withdrawn) {
        doors.push(LinkItem {
            href: format!("{base}/referral"),
            title: "请别的单位帮忙".into(),
            hint: "慈善项目、医疗互助、责任保险；您同意，街道才转".into(),
            sign: String::new(),
        });
    }
    if can_be_told(state) && receipt.gives != Gives::Service {
        doors.push(LinkItem {
            href: format!("{base}/change"),
            title: "报告变化".into(),
            hint: "家里的人、收入、财产、地址变了，告诉街道".into(),
            sign: String::new(),
        });
    }
    for node in RatingNode::ALL {
        let rated = receipt.ratings.iter().any(|(rated, _)| rated == node);
        if !rated && node.is_reached(state, receipt.events.iter().map(|event| event.kind)) {
            doors.push(LinkItem {
                href: format!("{base}/rate/{}", node.as_str()),
                title: format!("评价{}", node_label(*node)),
                hint: "五个等级选一个，不满意会有人答复".into(),
                sign: String::new(),
            });
        }
    }
    doors
}

/// What the owner thought of it.
pub(super) fn rated(receipt: &Receipt) -> Option<impl IntoView + use<>> {
    let rows: Vec<_> = receipt
        .ratings
        .iter()
        .map(|(node, grade)| row(node_label(*node), grade_label(*grade).to_owned()))
        .collect();
    (!rows.is_empty()).then(|| view! { <Answers title="您的评价" rows/> })
}

/// After a bad rating: the complaint that it opened.
pub fn thanks(number: &str, complaint: Option<&str>, days: u16) -> impl IntoView + use<> {
    let back = format!("/confirm/{number}");
    let (href, complaint) = (back.clone(), complaint.map(str::to_owned));
    let opened = complaint.map(|complaint| {
        let shown = case_number(&complaint);
        let href = format!("/feedback/{complaint}");
        let words = format!("已经转成投诉 {shown}，{days} 个工作日内答复您。由没有办过这件事的人来看。");
        view! {
            <Banner kind="info" title="对不起，让您不满意了">
                <p>{words}</p>
                <Actions><ButtonLink href>"看这件投诉"</ButtonLink></Actions>
            </Banner>
        }
    });
    view! {
        <Layout title="谢谢您的评价" back narrow=true>
            {opened}
            <Actions><ButtonLink href kind="secondary">"回到这份申请"</ButtonLink></Actions>
        </Layout>
    }
}
