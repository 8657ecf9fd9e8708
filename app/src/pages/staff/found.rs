//! `/staff/found`: households that somebody told of, and the visit to one.

use jiff::civil::Date;
use leptos::prelude::*;

use super::{Me, other_posts};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Empty, ErrorSummary, Figure, Hint, LinkItem,
    LinkList, Radios, StaffLayout, TextArea,
};
use crate::domain::aid::found::{FoundState, Teller, VisitOutcome};
use crate::domain::staff::{Post, Role};
use crate::domain::time::{Instant, date_text};
use crate::pages::{Sent, choices};
use crate::text;
use crate::text::found::{teller_label, visit_outcome};
use crate::text::staff::{place_name, post_name};

/// Who visits, or sees to it that somebody does.
pub const VISITORS: &[Role] = &[Role::CommunityWorker, Role::StreetOfficer, Role::DistrictOfficer];

/// A household in the list: nothing of what was written.
#[derive(Clone, Debug)]
pub struct FoundHead {
    /// Its number.
    pub number: String,
    /// The street.
    pub area: String,
    /// The community, where it is known.
    pub community: Option<String>,
    /// How far the visit has come.
    pub state: FoundState,
    /// When it was told.
    pub received_at: Instant,
    /// The last day of the promised visit.
    pub due_on: Option<Date>,
    /// The name of whoever goes there.
    pub handler: Option<String>,
}

impl FoundHead {
    /// The smallest area it belongs to.
    pub fn place(&self) -> &str {
        self.community.as_deref().unwrap_or(&self.area)
    }

    fn due(&self, today: Date) -> String {
        match self.due_on {
            Some(day) if day < today => format!("应当 {} 以前去看，已经过了", date_text(day)),
            Some(day) => format!("{} 以前去看", date_text(day)),
            None => "哪天以前去看，等放假安排公布后再算".to_owned(),
        }
    }
}

/// One page of the list.
#[derive(Clone, Debug)]
pub struct FoundPage {
    /// The posts that have a list.
    pub posts: Vec<Post>,
    /// The position of the post whose list it is.
    pub at: usize,
    /// The earliest day first.
    pub lines: Vec<FoundHead>,
    /// The page, from 1.
    pub page: u32,
    /// Whether there is another one.
    pub more: bool,
    /// Today.
    pub today: Date,
}

/// The list.
pub fn list(me: &Me, page: &FoundPage) -> impl IntoView + use<> {
    let others = other_posts("/staff/found", &page.posts, page.at);
    let here = page.posts.get(page.at).map(post_name).unwrap_or_default();
    let items: Vec<_> = page
        .lines
        .iter()
        .map(|head| {
            let who =
                head.handler.clone().map_or_else(|| "还没有人接".to_owned(), |name| format!("{name}去"));
            LinkItem {
                href: format!("/staff/found/{}", head.number),
                title: text::case_number(&head.number),
                hint: format!("{}，{}，{who}", head.due(page.today), place_name(head.place())),
                sign: String::new(),
            }
        })
        .collect();
    let body = if items.is_empty() {
        view! { <Empty title="没有等着上门的人家" hint="邻居、亲友告诉我们以后会出现在这里。"/> }.into_any()
    } else {
        view! { <LinkList items/> }.into_any()
    };
    let (at, number, more) = (page.at, page.page, page.more);
    let link = move |page: u32| format!("/staff/found?post={at}&page={page}");
    let before = (number > 1)
        .then(|| view! { <ButtonLink href=link(number - 1) kind="secondary">"上一页"</ButtonLink> });
    let after =
        more.then(|| view! { <ButtonLink href=link(number + 1) kind="secondary">"下一页"</ButtonLink> });
    view! {
        <StaffLayout title="上门看望" back="/staff" name=me.name.clone() doors=me.doors()>
            <p>{here}</p>
            {body}
            <Actions>{before}{after}</Actions>
            {(!others.is_empty()).then(|| view! { <LinkList items=others/> })}
        </StaffLayout>
    }
}

/// A household with what was written.
#[derive(Clone)]
pub struct FoundFile {
    /// What the list shows.
    pub head: FoundHead,
    /// Who told.
    pub teller: Teller,
    /// Where it lives.
    pub detail: String,
    /// What was seen.
    pub story: String,
    /// A telephone of whoever told.
    pub contact: Option<String>,
    /// What the visit came to, the note, and when.
    pub visited: Option<(VisitOutcome, String, Instant)>,
    /// Whoever looks goes there.
    pub own: bool,
    /// The key of whichever form is sent.
    pub key: String,
}

/// The outcome of a visit as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct VisitForm {
    /// Slug of a [`VisitOutcome`].
    pub outcome: String,
    /// What was found.
    pub note: String,
}

crate::masked_debug!(FoundFile, VisitForm);

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.into(), value, ..Answer::default() }
}

fn to_do(file: &FoundFile, sent: &Sent<VisitForm>) -> AnyView {
    let base = format!("/staff/found/{}", file.head.number);
    let (take, visited) = (format!("{base}/take"), format!("{base}/visited"));
    let (key, other) = (file.key.clone(), file.key.clone());
    if file.visited.is_some() {
        return view! { <Banner kind="info" title="已经去看过了"><p>"这一家不用再去。"</p></Banner> }
            .into_any();
    }
    if !file.own {
        let who = file.head.handler.clone().map(|name| format!("现在是{name}要去。接过来以后由您去。"));
        return view! {
            <Card title="谁去看">
                {who.map(|who| view! { <p>{who}</p> })}
                <form method="post" action=take class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Actions><Button>"我去看"</Button></Actions>
                </form>
            </Card>
        }
        .into_any();
    }
    let (outcome, note) = (sent.form.outcome.clone(), sent.form.note.clone());
    let errors = (sent.error("outcome"), sent.error("note"));
    view! {
        <Card title="去看过了">
            <form method="post" action=visited novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=other/>
                <Radios name="outcome" legend="结果" value=outcome options=choices!(VisitOutcome::ALL, visit_outcome, |_| None) error=errors.0/>
                <TextArea name="note" label="看到了什么" hint="只写办事要用的。愿意申请的，到「窗口」开始接待，帮他填。" value=note error=errors.1 rows=4/>
                <Actions><Button>"记下来"</Button></Actions>
            </form>
        </Card>
    }
    .into_any()
}

/// One household.
pub fn file(me: &Me, file: &FoundFile, sent: &Sent<VisitForm>, today: Date) -> impl IntoView + use<> {
    let number = text::case_number(&file.head.number);
    let mut rows = vec![
        row("收到", file.head.received_at.shanghai_full()),
        row("谁告诉的", teller_label(file.teller).to_owned()),
        row("哪里", place_name(file.head.place()).to_string()),
        row("住在", file.detail.clone()),
        row("看到了什么", file.story.clone()),
    ];
    if file.visited.is_none() {
        rows.push(row("时限", file.head.due(today)));
    }
    rows.extend(file.contact.iter().map(|phone| row("告诉的人的电话", phone.clone())));
    if let Some((outcome, note, at)) = &file.visited {
        rows.push(row("结果", format!("{}（{}）", visit_outcome(*outcome), at.shanghai_text())));
        rows.push(row("记录", note.clone()));
    }
    let errors = sent.summary();
    let to_do = to_do(file, sent);
    view! {
        <StaffLayout title="上门看望" back="/staff/found" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            <Figure label="编号" value=number/>
            <Answers title="这一家" rows/>
            {to_do}
            <Hint>"不要告诉那一家是谁说的。您看了这一件，已经记下来。"</Hint>
        </StaffLayout>
    }
}
