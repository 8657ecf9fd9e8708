//! `/staff/complaints`: complaints and suggestions that wait for one's office, and one of them to its end.

use jiff::civil::Date;
use leptos::prelude::*;

use super::{Me, other_posts};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Empty, ErrorSummary, Figure, Hint, LinkItem,
    LinkList, StaffLayout, TextArea,
};
use crate::domain::complaint::{ComplaintKind, ComplaintLevel, ComplaintState};
use crate::domain::staff::{Post, Role};
use crate::domain::time::{Instant, date_text};
use crate::pages::Sent;
use crate::text;
use crate::text::staff::{complaint_kind, complaint_state, place_name, post_name, role_name};

/// Who handles complaints of their area; auditors those about the district's officers.
pub const HANDLERS: &[Role] = &[Role::StreetOfficer, Role::DistrictOfficer, Role::Auditor];

/// A complaint in the list.
#[derive(Clone, Debug)]
pub struct ComplaintHead {
    /// Its number.
    pub number: String,
    /// Complaint or suggestion.
    pub kind: ComplaintKind,
    /// The street that it concerns, or the district.
    pub area: String,
    /// Who handles it now.
    pub level: ComplaintLevel,
    /// How far it has come.
    pub state: ComplaintState,
    /// When it came in.
    pub received_at: Instant,
    /// The last day of an answer.
    pub due_on: Option<Date>,
    /// The role that it is about.
    pub about: Option<Role>,
    /// Whole days since the last day of an answer; `None` while there is time, or once it was answered.
    pub overdue_days: Option<i32>,
}

impl ComplaintHead {
    fn state_words(&self) -> String {
        let by = match (self.about, self.level) {
            (Some(Role::DistrictOfficer), _) => "区里的审计处理",
            (_, ComplaintLevel::Street) => "街道处理",
            (_, ComplaintLevel::District) => "区里处理",
        };
        format!("{}，{by}", complaint_state(self.state))
    }

    fn due(&self) -> String {
        match (self.overdue_days, self.due_on) {
            (Some(days), _) => format!("已经超过答复期限 {days} 天"),
            (None, Some(day)) => format!("{} 之前答复", date_text(day)),
            (None, None) => "期限等新一年的放假安排公布后再算".to_owned(),
        }
    }
}

fn escalate(head: &ComplaintHead) -> Option<impl IntoView + use<>> {
    let open = matches!(head.state, ComplaintState::Received | ComplaintState::Handling);
    (open && head.level == ComplaintLevel::Street).then(|| {
        let action = format!("/staff/complaints/{}/escalate", head.number);
        view! { <form method="post" action=action><Button kind="secondary">"转给区里处理"</Button></form> }
    })
}

fn line(head: &ComplaintHead) -> LinkItem {
    LinkItem {
        href: format!("/staff/complaints/{}", head.number),
        title: format!("{} {}", complaint_kind(head.kind), text::case_number(&head.number)),
        hint: format!("{}，{}，{}", head.due(), place_name(&head.area), complaint_state(head.state)),
        sign: String::new(),
    }
}

/// One page of the list.
#[derive(Clone, Debug)]
pub struct ComplaintPage {
    /// The posts that have a list.
    pub posts: Vec<Post>,
    /// The position of the post whose list it is.
    pub at: usize,
    /// Overdue ones first, then the oldest.
    pub complaints: Vec<ComplaintHead>,
    /// The page, from 1.
    pub page: u32,
    /// Whether there is another one.
    pub more: bool,
}

/// The list: overdue ones on top.
pub fn list(me: &Me, page: &ComplaintPage) -> impl IntoView + use<> {
    let ComplaintPage { posts, at, complaints, page, more } = page.clone();
    let others = other_posts("/staff/complaints", &posts, at);
    let here = posts.get(at).map(post_name).unwrap_or_default();
    let overdue = complaints.iter().filter(|head| head.overdue_days.is_some()).count();
    let items: Vec<_> = complaints.iter().map(line).collect();
    let body = if items.is_empty() {
        view! { <Empty title="没有等着处理的投诉和建议" hint="居民提交以后会出现在这里。"/> }.into_any()
    } else {
        view! { <LinkList items/> }.into_any()
    };
    let title = format!("有 {overdue} 件超过了答复期限");
    let link = |page: u32| format!("/staff/complaints?post={at}&page={page}");
    let before =
        (page > 1).then(|| view! { <ButtonLink href=link(page - 1) kind="secondary">"上一页"</ButtonLink> });
    let after =
        more.then(|| view! { <ButtonLink href=link(page + 1) kind="secondary">"下一页"</ButtonLink> });
    view! {
        <StaffLayout title="投诉与建议" back="/staff" name=me.name.clone() doors=me.doors()>
            {(overdue > 0).then(|| view! { <Banner kind="warn" title><p>"超期的排在最前面，请先答复。"</p></Banner> })}
            <p>{format!("{here}。第 {page} 页。")}</p>
            {body}
            <Actions>{before}{after}</Actions>
            {(!others.is_empty()).then(|| view! { <LinkList items=others/> })}
        </StaffLayout>
    }
}

/// A complaint with what was written and what this person may do with it.
#[derive(Clone)]
pub struct ComplaintView {
    /// What the list shows.
    pub head: ComplaintHead,
    /// What was written.
    pub text: String,
    /// The telephone: whole for the one who handles it, in part for others.
    pub contact: Option<String>,
    /// The case that it is about.
    pub case_number: Option<String>,
    /// What was answered, and when.
    pub reply: Option<(String, Instant)>,
    /// This person has taken it over.
    pub own: bool,
}

crate::masked_debug!(ComplaintView);

/// One complaint.
pub fn complaint(me: &Me, shown: &ComplaintView, sent: &Sent<String>) -> impl IntoView + use<> {
    let ComplaintView { head, text: written, contact, case_number, reply, own } = shown.clone();
    let base = format!("/staff/complaints/{}", head.number);
    let row = |label: &str, value: String| Answer { label: label.into(), value, ..Answer::default() };
    let rows = vec![
        row("类别", complaint_kind(head.kind).into()),
        row("状态", head.state_words()),
        row("收到", head.received_at.shanghai_full()),
        row("期限", head.due()),
        row("地方", place_name(&head.area)),
        row("说的是", head.about.map_or("没有说是谁".into(), |role| role_name(role).to_owned())),
        row("有关的申请", case_number.map_or("没有".into(), |number| text::case_number(&number))),
        row("联系电话", contact.unwrap_or_else(|| "没有留".into())),
    ];
    let number = text::case_number(&head.number);
    let errors = sent.summary();
    let (error, typed) = (sent.error("reply"), sent.form.clone());
    let form = |deed: &str| format!("{base}/{deed}");
    let open = matches!(head.state, ComplaintState::Received | ComplaintState::Handling);
    let take = (open && !own).then(|| {
        let action = form("take");
        let words =
            if head.state == ComplaintState::Received { "我来处理" } else { "从同事那里接过来" };
        view! { <form method="post" action=action><Button kind="secondary">{words}</Button></form> }
    });
    let answer = (own && head.state == ComplaintState::Handling).then(|| {
        let action = form("reply");
        view! {
            <form method="post" action=action novalidate class="xw-form">
                <TextArea name="reply" label="答复" hint="居民凭编号和查询码能看到，请写清楚查了什么、怎么处理。" value=typed error/>
                <Button>"答复居民"</Button>
            </form>
        }
    });
    let escalate = escalate(&head);
    let close = (head.state == ComplaintState::Answered).then(|| {
        let action = form("close");
        view! { <form method="post" action=action><Button>"办结"</Button></form> }
    });
    let reply = reply.map(|(reply, at)| {
        let at = format!("答复时间：{}", at.shanghai_full());
        view! { <Card title="已经给的答复"><p class="xw-lines">{reply}</p><Hint>{at}</Hint></Card> }
    });
    let late = head.overdue_days.map(|days| format!("已经超过答复期限 {days} 天"));
    view! {
        <StaffLayout title="投诉与建议" back="/staff/complaints" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {late.map(|title| view! { <Banner kind="warn" title><p>"请尽快答复居民。"</p></Banner> })}
            <Figure label="编号" value=number/>
            <Card title="居民写的"><p class="xw-lines">{written}</p></Card>
            <Answers title="这件事" rows/>
            {reply}
            {answer}
            <Actions>{take}{close}{escalate}</Actions>
            <Hint>"您看了这件投诉，已经记下来。"</Hint>
        </StaffLayout>
    }
}

/// A complaint about the one who looks at it: that it is there and until when, and nothing of what it says.
pub fn about_oneself(me: &Me, head: &ComplaintHead) -> impl IntoView + use<> {
    let rows = [("状态", head.state_words()), ("期限", head.due())]
        .map(|(label, value)| Answer { label: label.into(), value, ..Answer::default() })
        .to_vec();
    let (number, escalate) = (text::case_number(&head.number), escalate(head));
    view! {
        <StaffLayout title="投诉与建议" back="/staff/complaints" name=me.name.clone() doors=me.doors()>
            <Banner kind="info" title="这件投诉说的是您的岗位"><p>"为了公平，写了什么由别的人来看，也由别的人来答复和办结。"</p></Banner>
            <Figure label="编号" value=number/>
            <Answers title="这件事" rows/>
            <Actions>{escalate}</Actions>
            <Hint>"您打开了这件投诉，已经记下来。"</Hint>
        </StaffLayout>
    }
}
