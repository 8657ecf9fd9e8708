//! `/staff/confirmations…`: the confirmations of one's office, each with its state, its scans, and the way to end it or to
//! issue it anew. A check of a code shows the same part to the staff whose affair it is.

use leptos::prelude::*;

use super::{Me, other_posts};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, CheckResult, Empty, ErrorSummary, Field,
    Hint, LinkItem, LinkList, Radios, StaffLayout, Tag, Timeline, TimelineEntry,
};
use crate::domain::cancellation::{CancelForm, CancelReason};
use crate::domain::confirm::ConfirmationKind;
use crate::domain::confirm::check::CheckState;
use crate::domain::staff::{Post, Role};
use crate::domain::time::Instant;
use crate::pages::{Sent, choices};
use crate::text;
use crate::text::check::{kind_words, state_words};
use crate::text::staff::{place_name, post_name};

/// Who has confirmations of any kind to look after.
pub const LOOKERS: &[Role] = &[
    Role::StreetOfficer,
    Role::DistrictOfficer,
    Role::MarriageClerk,
    Role::MealPointOperator,
    Role::TimeBankCoordinator,
];

/// Who stands at a counter where something that is used once may be handed in.
pub const SCANNERS: &[Role] = &[
    Role::CommunityWorker,
    Role::StreetOfficer,
    Role::DistrictOfficer,
    Role::MarriageClerk,
    Role::MealPointOperator,
    Role::TimeBankCoordinator,
];

/// Who looks after a kind: sees its scans, ends it, issues it anew.
pub fn keepers(kind: ConfirmationKind) -> &'static [Role] {
    match kind {
        ConfirmationKind::AidReceipt | ConfirmationKind::Card => {
            &[Role::StreetOfficer, Role::DistrictOfficer]
        }
        ConfirmationKind::Booking => &[Role::MarriageClerk, Role::StreetOfficer, Role::DistrictOfficer],
        ConfirmationKind::Meal => &[Role::MealPointOperator, Role::StreetOfficer, Role::DistrictOfficer],
        ConfirmationKind::Hours | ConfirmationKind::Statement | ConfirmationKind::Certificate => {
            &[Role::TimeBankCoordinator, Role::DistrictOfficer]
        }
    }
}

/// Why a confirmation is ended, in words.
pub fn reason_words(reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::Mistake => "内容写错了",
        CancelReason::Withdrawn => "本人不要了",
        CancelReason::Misuse => "被别人拿去用，或者可能被冒用",
        CancelReason::Office => "我们这边办不了",
        CancelReason::AccountClosed => "本人删除了账号",
    }
}

/// One confirmation in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmationLine {
    /// Its identity in hexadecimal.
    pub id: String,
    /// What is confirmed.
    pub kind: ConfirmationKind,
    /// The number that people read.
    pub number: String,
    /// What a check says of it now.
    pub state: CheckState,
    /// Since when it is out.
    pub issued_at: Instant,
    /// When what it stands for begins.
    pub starts_at: Instant,
    /// Until when it holds.
    pub expires_at: Instant,
    /// Made up for the demo.
    pub sample: bool,
}

/// One scan at a counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanLine {
    /// When, as it counts.
    pub at: Instant,
    /// The place's code.
    pub office: String,
    /// It was made without network and came in later.
    pub offline: bool,
    /// It is the use.
    pub first: bool,
    /// It is a use at all.
    pub counts: bool,
}

/// What staff whose affair it is see of a confirmation.
#[derive(Clone, Debug)]
pub struct ConfirmationDetail {
    /// What the list shows.
    pub line: ConfirmationLine,
    /// The place that looks after it.
    pub office: String,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// Why it was cancelled.
    pub ended_for: Option<CancelReason>,
    /// The identity that took its place.
    pub replaced_by: Option<String>,
    /// The applicant or holder, masked.
    pub person: Option<String>,
    /// It is the receipt of an application, which has a page of its own.
    pub has_case: bool,
    /// Its scans, the earliest first.
    pub scans: Vec<ScanLine>,
    /// It can be cancelled.
    pub can_end: bool,
    /// It can be issued anew: it holds, was not used, and is not over.
    pub can_reissue: bool,
}

/// The forms below a confirmation.
#[derive(Clone, Debug)]
pub struct StaffForms {
    /// The key of the form that ends it.
    pub cancel_key: String,
    /// The key of the form that issues it anew.
    pub reissue_key: String,
    /// The reason as chosen, with what is wrong about it.
    pub sent: Sent<CancelForm>,
}

/// One page of the list.
#[derive(Clone, Debug)]
pub struct ConfirmationPage {
    /// The posts that have a list.
    pub posts: Vec<Post>,
    /// Which one this is.
    pub at: usize,
    /// Today's confirmations, in the order of their times.
    pub lines: Vec<ConfirmationLine>,
    /// There are more than are shown.
    pub more: bool,
}

/// The search as typed: a number, or a short code.
#[derive(Clone, Default, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct SearchForm {
    /// What stands on the confirmation.
    pub text: String,
}

fn item(line: &ConfirmationLine) -> LinkItem {
    let sample = if line.sample { "，示例" } else { "" };
    let number =
        if line.number.is_empty() { "没有编号".to_owned() } else { text::case_number(&line.number) };
    LinkItem {
        href: format!("/staff/confirmations/{}", line.id),
        title: format!("{number} {}", state_words(line.state, Some(line.kind)).word),
        hint: format!("{}，{}{sample}", kind_words(line.kind), line.starts_at.shanghai_text()),
        sign: String::new(),
    }
}

/// Today's confirmations of a post, and the search.
pub fn list(me: &Me, page: &ConfirmationPage, sent: &Sent<SearchForm>) -> impl IntoView + use<> {
    let ConfirmationPage { posts, at, lines, more } = page.clone();
    let errors = sent.summary();
    let error = sent.error("text");
    let others = other_posts("/staff/confirmations", &posts, at);
    let here = posts.get(at).map(post_name).unwrap_or_default();
    let body = if lines.is_empty() {
        view! { <Empty title="今天还没有凭证" hint="今天收件、今天办理的会出现在这里。别的日子的，用编号或短码找。"/> }
            .into_any()
    } else {
        let items = lines.iter().map(item).collect::<Vec<_>>();
        view! { <LinkList items/> }.into_any()
    };
    let more = more.then(|| view! { <Hint>"只列出最早的 200 张，其余请用编号或短码找。"</Hint> });
    let text = sent.form.text.clone();
    view! {
        <StaffLayout title="今天的凭证" back="/staff" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            <form method="post" action="/staff/confirmations" novalidate class="xw-form">
                <Field name="text" label="编号或短码" hint="编号 14 位，短码 8 位，都印在二维码旁边" value=text error/>
                <Actions><Button>"找这张凭证"</Button></Actions>
            </form>
            <p>{format!("{here}，今天收件、办理或者作废的。")}</p>
            {body}
            {more}
            {(!others.is_empty()).then(|| view! { <LinkList items=others/> })}
        </StaffLayout>
    }
}

/// One confirmation. `refused`: an act on it came too late.
pub fn show(
    me: &Me,
    detail: &ConfirmationDetail,
    forms: &StaffForms,
    refused: bool,
) -> impl IntoView + use<> {
    let errors = forms.sent.summary();
    let (state, kind) = (detail.line.state, detail.line.kind);
    let refused = refused.then(|| {
        view! {
            <Banner kind="warn" title="没有办成">
                <p>"这张凭证已经不是原来的样子：可能刚作废、刚换新，或者已经用过。请看下面现在的状态。"</p>
            </Banner>
        }
    });
    let part = for_staff(detail, forms);
    view! {
        <StaffLayout title="凭证" back="/staff/confirmations" name=me.name.clone() doors=me.doors() narrow=true>
            {refused}
            <ErrorSummary errors/>
            <CheckResult state kind=Some(kind)/>
            {part}
        </StaffLayout>
    }
}

fn rows(detail: &ConfirmationDetail) -> Vec<Answer> {
    let row = |label: &str, value: String| Answer { label: label.into(), value, ..Answer::default() };
    let line = &detail.line;
    let mut rows = vec![
        row("是什么", kind_words(line.kind).to_owned()),
        row("编号", text::case_number(&line.number)),
        row("归属", place_name(&detail.office)),
        row("出具", line.issued_at.shanghai_full()),
        row("时间", line.starts_at.shanghai_full()),
        row("有效到", line.expires_at.shanghai_full()),
    ];
    if let Some(person) = &detail.person {
        rows.push(row(if detail.has_case { "申请人" } else { "姓名" }, person.clone()));
    }
    if let Some(at) = detail.ended_at {
        let why = detail.ended_for.map(|reason| format!("，{}", reason_words(reason))).unwrap_or_default();
        rows.push(row("停用", format!("{}{why}", at.shanghai_full())));
    }
    rows
}

fn scan_entry(scan: &ScanLine) -> TimelineEntry {
    let title = match (scan.first, scan.counts) {
        (true, _) => "第一次使用",
        (false, true) => "又扫了一次",
        (false, false) => "核对",
    };
    TimelineEntry {
        title: format!("{title}，{}", place_name(&scan.office)),
        at: scan.at.shanghai_full(),
        note: scan.offline.then(|| "断网时扫的，后来才传上来".into()),
        done: true,
        sample: false,
    }
}

/// What staff whose affair it is see and do.
pub fn for_staff(detail: &ConfirmationDetail, forms: &StaffForms) -> impl IntoView + use<> {
    let line = &detail.line;
    let sample = line.sample.then(|| view! { <div class="xw-tags"><Tag kind="plain">"示例"</Tag></div> });
    let rows = rows(detail);
    let entries: Vec<_> = detail.scans.iter().map(scan_entry).collect();
    let scans = (!entries.is_empty()).then(|| view! { <Card title="在窗口扫过"><Timeline entries/></Card> });
    let case = detail.has_case.then(|| {
        let href = format!("/staff/cases/{}", line.number);
        view! { <ButtonLink href kind="secondary">"看这份申请"</ButtonLink> }
    });
    let newer = detail.replaced_by.clone().map(|id| {
        let href = format!("/staff/confirmations/{id}");
        view! { <ButtonLink href kind="secondary">"看新的那张"</ButtonLink> }
    });
    let links =
        (detail.has_case || detail.replaced_by.is_some()).then(|| view! { <Actions>{newer}{case}</Actions> });
    let path = format!("/staff/confirmations/{}", line.id);
    let cancel = detail.can_end.then(|| {
        let (action, key) = (format!("{path}/cancel"), forms.cancel_key.clone());
        let error = forms.sent.error("reason");
        let chosen = forms.sent.form.reason.clone();
        view! {
            <Card title="作废">
                <form method="post" action=action novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Radios
                        name="reason"
                        legend="为什么作废？"
                        hint="作废以后不能恢复。有账号或留了手机号的，会收到通知。"
                        value=chosen
                        options=choices!(CancelReason::CHOICES, reason_words, |_| None)
                        error
                    />
                    <Actions><Button kind="secondary">"作废这张凭证"</Button></Actions>
                </form>
            </Card>
        }
    });
    let reissue = detail.can_reissue.then(|| {
        let (action, key) = (format!("{path}/reissue"), forms.reissue_key.clone());
        view! {
            <Card title="重新出具">
                <p>"内容和编号不变，换一个新的二维码和短码，旧的马上失效。二维码给别人看到了、凭条丢了，都可以换。"</p>
                <form method="post" action=action>
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Actions><Button kind="secondary">"重新出具"</Button></Actions>
                </form>
            </Card>
        }
    });
    view! {
        <Answers title="记录" rows/>
        {sample}
        {scans}
        {links}
        {reissue}
        {cancel}
    }
}
