//! `/staff/follow-up`: what residents tell and ask for after a case was handled, and one case of it; `/staff/ratings`: how often
//! which grade was given.

use jiff::civil::Date;
use leptos::prelude::*;

use super::cases::{CaseHead, head_rows};
use super::{Me, other_posts};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Empty, ErrorSummary, Figure, Hint, LinkItem,
    LinkList, Radios, StaffLayout, TextArea,
};
use crate::domain::aid::catalogue::Gives;
use crate::domain::aid::change::ChangeOutcome;
use crate::domain::aid::rating::{Grade, RatingNode};
use crate::domain::aid::recheck::{RecheckAnswerForm, RecheckOutcome};
use crate::domain::form::FormErrors;
use crate::domain::staff::{Post, Role};
use crate::domain::time::{Instant, date_text};
use crate::pages::choices;
use crate::ports::{CaseChange, CaseDecision, CaseRecheck, CaseReferral};
use crate::text;
use crate::text::case::{ground_label, outcome_label};
use crate::text::errors::sentence;
use crate::text::follow_up::{change_outcome, changes_line, grade_label, node_label, recheck_outcome};
use crate::text::staff::{place_name, post_name};

/// Who looks at what residents tell and ask for afterwards.
pub const FOLLOWERS: &[Role] = &[Role::StreetOfficer, Role::DistrictOfficer];

/// One case of the list.
#[derive(Clone, Debug)]
pub struct FollowUpLine {
    /// The case's number.
    pub number: String,
    /// The street that received it.
    pub area: String,
    /// Since when the oldest of it waits.
    pub since: Instant,
    /// A recheck waits.
    pub recheck: bool,
    /// The latest day of its answer, where there is one.
    pub due_on: Option<Date>,
    /// How many changes wait.
    pub changes: i64,
    /// How many contacts wait to be handed over.
    pub referrals: i64,
}

/// One page of the list.
#[derive(Clone, Debug)]
pub struct FollowUpPage {
    /// The posts that have a list.
    pub posts: Vec<Post>,
    /// The position of the post whose list it is.
    pub at: usize,
    /// Rechecks first, then who waits longest.
    pub lines: Vec<FollowUpLine>,
    /// The page, from 1.
    pub page: u32,
    /// Whether there is another one.
    pub more: bool,
}

fn line(line: &FollowUpLine) -> LinkItem {
    let mut waits = Vec::new();
    if line.recheck {
        waits.push(match line.due_on {
            Some(day) => format!("等复核，最晚 {}", date_text(day)),
            None => "等复核".to_owned(),
        });
    }
    if line.changes > 0 {
        waits.push(format!("{} 项变化等着看", line.changes));
    }
    if line.referrals > 0 {
        waits.push(format!("{} 项同意转给别的单位", line.referrals));
    }
    LinkItem {
        href: format!("/staff/cases/{}/follow-up", line.number),
        title: text::case_number(&line.number),
        hint: format!(
            "{}，{}，从 {} 起",
            waits.join("，"),
            place_name(&line.area),
            line.since.shanghai_text()
        ),
        sign: String::new(),
    }
}

/// The list.
pub fn list(me: &Me, page: &FollowUpPage) -> impl IntoView + use<> {
    let FollowUpPage { posts, at, lines, page, more } = page.clone();
    let others = other_posts("/staff/follow-up", &posts, at);
    let here = posts.get(at).map(post_name).unwrap_or_default();
    let items: Vec<_> = lines.iter().map(line).collect();
    let body = if items.is_empty() {
        view! { <Empty title="没有等着看的变化和复核" hint="居民报告变化、申请复核以后会出现在这里。"/> }
            .into_any()
    } else {
        view! { <LinkList items/> }.into_any()
    };
    let link = |page: u32| format!("/staff/follow-up?post={at}&page={page}");
    let before =
        (page > 1).then(|| view! { <ButtonLink href=link(page - 1) kind="secondary">"上一页"</ButtonLink> });
    let after =
        more.then(|| view! { <ButtonLink href=link(page + 1) kind="secondary">"下一页"</ButtonLink> });
    view! {
        <StaffLayout title="变化和复核" back="/staff" name=me.name.clone() doors=me.doors()>
            <p>{here}</p>
            {body}
            <Actions>{before}{after}<ButtonLink href="/staff/ratings" kind="secondary">"看好差评"</ButtonLink></Actions>
            {(!others.is_empty()).then(|| view! { <LinkList items=others/> })}
        </StaffLayout>
    }
}

/// A case with what waits in it and what was settled.
#[derive(Clone)]
pub struct FollowUpCase {
    /// What the list shows.
    pub head: CaseHead,
    /// What the item gives.
    pub gives: Gives,
    /// The decision that holds.
    pub decision: Option<CaseDecision>,
    /// Requests to look at a refusal once more, oldest first.
    pub rechecks: Vec<CaseRecheck>,
    /// Changes, oldest first.
    pub changes: Vec<CaseChange>,
    /// Consents to hand the contact over to others who help.
    pub referrals: Vec<CaseReferral>,
    /// Whoever looks gave the opinion or decided, and so can't answer the recheck.
    pub had_part: bool,
    /// The key of whichever form is sent.
    pub key: String,
}

crate::masked_debug!(FollowUpCase);

/// A form of the page that came back.
#[derive(Clone, Default)]
pub struct FollowUpTyped {
    /// The answer to a recheck.
    pub answer: RecheckAnswerForm,
    /// The change that the form is of, its outcome and the word to the resident.
    pub change: Option<(i64, String, String)>,
    /// What is wrong.
    pub errors: FormErrors,
}

crate::masked_debug!(FollowUpTyped);

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.into(), value, ..Answer::default() }
}

fn recheck(shown: &FollowUpCase, recheck: &CaseRecheck, typed: &FollowUpTyped) -> AnyView {
    let mut rows = vec![row("居民的理由", recheck.asked.clone())];
    rows.extend(recheck.due_on.map(|day| row("最晚答复", date_text(day))));
    let title = format!("{} 申请的复核", recheck.asked_at.shanghai_text());
    if let Some(answer) = &recheck.answer {
        rows.push(row("结果", recheck_outcome(answer.outcome).to_owned()));
        rows.push(row("理由", answer.reasons.clone()));
        return view! { <Answers title rows/> }.into_any();
    }
    if shown.had_part {
        return view! {
            <Answers title rows/>
            <Banner kind="warn" title="您参与过这个决定，不能再由您复核">
                <p>"提意见的人和作决定的人都不能复核。请另一位同事来办。"</p>
            </Banner>
        }
        .into_any();
    }
    let action = format!("/staff/cases/{}/recheck", shown.head.number);
    let options = choices!(RecheckOutcome::ALL, recheck_outcome, |outcome| Some(
        match outcome {
            RecheckOutcome::Upheld => "决定不变，告诉居民为什么",
            RecheckOutcome::Reopened => "原来的决定不再算数，回到已受理，由街道重新了解、重新提意见",
        }
        .to_owned()
    ));
    let error = |field: &str| typed.errors.of(field).map(sentence);
    let (outcome_error, reasons_error) = (error("outcome"), error("reasons"));
    let (outcome, reasons) = (typed.answer.outcome.clone(), typed.answer.reasons.clone());
    let key = shown.key.clone();
    view! {
        <Answers title rows/>
        <Card title="答复复核">
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Radios name="outcome" legend="复核结果" value=outcome options error=outcome_error/>
                <TextArea name="reasons" label="理由" hint="居民会看到全文" value=reasons error=reasons_error rows=4/>
                <Actions><Button>"告诉居民"</Button></Actions>
            </form>
        </Card>
    }
    .into_any()
}

fn change(shown: &FollowUpCase, change: &CaseChange, typed: &FollowUpTyped) -> AnyView {
    let mut rows = vec![
        row("什么变了", changes_line(&change.told.kinds)),
        row("从哪天起", date_text(change.told.since)),
        row("怎么变了", change.told.words.clone()),
    ];
    let title = format!("{} 报告的变化", change.told_at.shanghai_text());
    if let Some((outcome, note, at)) = &change.settled {
        rows.push(row("怎么处理", format!("{}（{}）", change_outcome(*outcome), at.shanghai_text())));
        rows.push(row("告诉居民的话", note.clone()));
        return view! { <Answers title rows/> }.into_any();
    }
    let action = format!("/staff/cases/{}/changes/{}", shown.head.number, change.sequence);
    let typed_here = typed.change.as_ref().filter(|(sequence, _, _)| *sequence == change.sequence);
    let error = |field: String| typed_here.and_then(|_| typed.errors.of(&field)).map(sentence);
    let names = (format!("outcome-{}", change.sequence), format!("note-{}", change.sequence));
    let errors = (error(names.0.clone()), error(names.1.clone()));
    let (_, outcome, note) = typed_here.cloned().unwrap_or_default();
    let key = shown.key.clone();
    view! {
        <Answers title rows/>
        <Card title="处理这项变化">
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Radios
                    name=names.0
                    legend="怎么处理"
                    value=outcome
                    options=choices!(ChangeOutcome::ALL, change_outcome, |_| None)
                    error=errors.0
                />
                <TextArea
                    name=names.1
                    label="告诉居民的话"
                    hint="比如：收到了，地址已经改好，不用再交材料"
                    value=note
                    error=errors.1
                    rows=3
                />
                <Actions><Button>"看过了，告诉居民"</Button></Actions>
            </form>
        </Card>
    }
    .into_any()
}

fn referrals(shown: &FollowUpCase) -> Option<impl IntoView + use<>> {
    let rows = shown
        .referrals
        .iter()
        .enumerate()
        .map(|(at, referral)| {
            let (state, open) = match (referral.handed_at, referral.withdrawn_at) {
                (Some(at), _) => (format!("{} 转过去了", at.shanghai_text()), false),
                (None, Some(at)) => (format!("{} 居民收回了同意，不能转", at.shanghai_text()), false),
                (None, None) => (format!("{} 居民同意转", referral.consented_at.shanghai_text()), true),
            };
            let form = open.then(|| {
                let action = format!("/staff/cases/{}/referrals/{}", shown.head.number, referral.programme);
                // Each button is a form of its own: two of them are never the same press.
                let key = format!("{}{at}", shown.key);
                view! {
                    <form method="post" action=action>
                        <input type="hidden" name="idempotency_key" value=key/>
                        <Button kind="secondary">"已经转过去了"</Button>
                    </form>
                }
            });
            view! { <div class="xw-stack"><p><strong>{referral.name.clone()}</strong>"："{state}</p>{form}</div> }
        })
        .collect_view();
    (!shown.referrals.is_empty()).then(|| {
        view! {
            <Card title="请别的单位帮忙">
                <p>"只转姓名、电话和大概的困难，证件号、账户和收入不能转。转过去以后再按，居民会收到通知。"</p>
                {rows}
            </Card>
        }
    })
}

/// One case.
pub fn case(me: &Me, shown: &FollowUpCase, typed: &FollowUpTyped) -> impl IntoView + use<> {
    let number = text::case_number(&shown.head.number);
    let base = format!("/staff/cases/{}", shown.head.number);
    let decided = shown.decision.as_ref().map(|decision| {
        let mut rows = vec![row("决定", outcome_label(decision.opinion.outcome, shown.gives).to_owned())];
        rows.extend(decision.opinion.ground.map(|ground| row("依据", ground_label(ground).to_owned())));
        rows.push(row("理由", decision.opinion.reasons.clone()));
        rows.push(row("哪天决定", decision.decided_at.shanghai_full()));
        view! { <Answers title="现在的决定" rows/> }
    });
    let rechecks: Vec<_> = shown.rechecks.iter().rev().map(|asked| recheck(shown, asked, typed)).collect();
    let changes: Vec<_> = shown.changes.iter().rev().map(|told| change(shown, told, typed)).collect();
    let referrals = referrals(shown);
    let empty = (rechecks.is_empty() && changes.is_empty() && referrals.is_none())
        .then(|| view! { <Empty title="没有报告变化，也没有申请复核" hint="居民提交以后会出现在这里。"/> });
    let errors =
        typed.errors.iter().map(|e| (e.field.clone().into_owned(), sentence(&e.error))).collect::<Vec<_>>();
    let rows = head_rows(&shown.head);
    view! {
        <StaffLayout title="变化和复核" back="/staff/follow-up" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            <Figure label="编号" value=number/>
            <Answers title="这份申请" rows/>
            {decided}
            {rechecks}
            {changes}
            {referrals}
            {empty}
            <Actions><ButtonLink href=format!("{base}/handle") kind="secondary">"看办理情况"</ButtonLink></Actions>
            <Hint>"您看了居民写的内容，已经记下来。"</Hint>
        </StaffLayout>
    }
}

/// How often which grade was given in one post's area.
#[derive(Clone, Debug)]
pub struct RatingsPage {
    /// The posts that have a page.
    pub posts: Vec<Post>,
    /// The position of the post whose page it is.
    pub at: usize,
    /// How many days back are counted.
    pub days: i64,
    /// Each node's counts by grade.
    pub counts: Vec<(RatingNode, Vec<(Grade, i64)>)>,
}

/// The page. It knows no case and no person: who rated what is nobody's to look up here.
pub fn ratings(me: &Me, page: &RatingsPage) -> impl IntoView + use<> {
    let others = other_posts("/staff/ratings", &page.posts, page.at);
    let here = page.posts.get(page.at).map(post_name).unwrap_or_default();
    let lead = format!("{here}，最近 {} 天。不满意的已经转成投诉，由没有办过这件事的人答复。", page.days);
    let tables = page
        .counts
        .iter()
        .map(|(node, counts)| {
            let all: i64 = counts.iter().map(|(_, count)| count).sum();
            let rows =
                counts.iter().map(|(grade, count)| row(grade_label(*grade), format!("{count} 件"))).collect();
            let title = format!("{}：{all} 件评价", node_label(*node));
            view! { <Answers title rows/> }
        })
        .collect_view();
    view! {
        <StaffLayout title="好差评" back="/staff/follow-up" name=me.name.clone() doors=me.doors()>
            <p>{lead}</p>
            {tables}
            {(!others.is_empty()).then(|| view! { <LinkList items=others/> })}
        </StaffLayout>
    }
}
