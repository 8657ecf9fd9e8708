//! `/notices`: what is put up in public of the district's cases, and the form to object to it.

use jiff::civil::Date;
use leptos::prelude::*;

use super::Sent;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Empty, ErrorSummary, Field, Hint, Layout,
    OptionGroup, Select, Tag, TextArea,
};
use crate::domain::aid::public_notice::{NoticeKind, ObjectionForm, ObjectionOutcome};
use crate::domain::area::{self, Community};
use crate::domain::money::Fen;
use crate::domain::time::{Instant, date_text};
use crate::text::aid::item_words;
use crate::text::staff::place_name;

/// A line of the list: nothing but what the item lets be shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownNotice {
    /// The street's code.
    pub area: String,
    /// The row's id, for an objection.
    pub id: String,
    /// Before the decision or after it.
    pub kind: NoticeKind,
    /// Address of the item in the catalogue.
    pub item: String,
    /// The community's code, where it was told.
    pub community: Option<String>,
    /// The applicant's name as it may be shown.
    pub name: Option<String>,
    /// How many people the household has.
    pub household_size: Option<i64>,
    /// The amount.
    pub amount: Option<Fen>,
    /// The day on which it was put up.
    pub first_day: Date,
    /// Its last day.
    pub last_day: Date,
}

/// The notice of a case, as the office sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseNotice {
    /// The day on which it was put up.
    pub first_day: Date,
    /// Its last day.
    pub last_day: Date,
    /// It was taken down before.
    pub ended: bool,
}

/// An objection, as the office sees it.
#[derive(Clone, PartialEq, Eq)]
pub struct CaseObjection {
    /// The row's id.
    pub id: String,
    /// What was written.
    pub text: String,
    /// A telephone, if it was given.
    pub contact: Option<String>,
    /// When.
    pub received_at: Instant,
    /// What the street made of it.
    pub answer: Option<(ObjectionOutcome, String, Instant)>,
}

crate::masked_debug!(ShownNotice, CaseObjection);

/// Which part of the district is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticePlace {
    /// The street's code; empty for all.
    pub street: String,
    /// The community's code; empty for all.
    pub community: String,
}

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.into(), value, ..Answer::default() }
}

fn rows(notice: &ShownNotice) -> Vec<Answer> {
    let mut rows = Vec::new();
    rows.extend(notice.name.clone().map(|name| row("申请人", name)));
    rows.extend(notice.household_size.map(|size| row("家里几口人", format!("{size} 人"))));
    rows.extend(notice.amount.map(|amount| row("金额", format!("{} 元", amount.yuan()))));
    rows.push(row("社区", place_name(notice.community.as_deref().unwrap_or(&notice.area))));
    let until = format!("{} 至 {}", date_text(notice.first_day), date_text(notice.last_day));
    rows.push(row(if notice.kind == NoticeKind::Opinion { "公示" } else { "公布" }, until));
    rows
}

fn line(notice: &ShownNotice) -> impl IntoView + use<> {
    let (tag, kind) = match notice.kind {
        NoticeKind::Opinion => ("公示中：还没有决定", "info"),
        NoticeKind::Grant => ("已经决定给予", "good"),
    };
    let (title, rows) = (item_words(&notice.item), rows(notice));
    let object = (notice.kind == NoticeKind::Opinion).then(|| {
        let href = format!("/notices/{}/object", notice.id);
        view! { <Actions><ButtonLink href kind="secondary">"提出异议"</ButtonLink></Actions> }
    });
    view! {
        <Card>
            <div class="xw-tags"><Tag kind>{tag}</Tag></div>
            <Answers title rows/>
            {object}
        </Card>
    }
}

fn streets() -> Vec<OptionGroup> {
    let options = area::streets().iter().map(|street| (street.code.to_owned(), street.name.to_owned()));
    vec![OptionGroup { label: String::new(), options: options.collect() }]
}

fn communities(street: &str) -> Vec<OptionGroup> {
    let options = area::communities_of(street)
        .iter()
        .map(|community| (community.code.to_owned(), Community::short_name(community).to_owned()));
    vec![OptionGroup { label: String::new(), options: options.collect() }]
}

/// The list.
pub fn notices(place: &NoticePlace, shown: &[ShownNotice], more: bool) -> impl IntoView + use<> {
    let NoticePlace { street, community } = place.clone();
    let list = if shown.is_empty() {
        view! { <Empty title="现在这里没有公示" hint="可以换一个街道看看。公示到期会自己撤下。"/> }.into_any()
    } else {
        shown.iter().map(line).collect_view().into_any()
    };
    let of_street = (!street.is_empty()).then(|| {
        let groups = communities(&street);
        view! { <Select name="community" label="社区" empty="整个街道" value=community groups optional=true/> }
    });
    view! {
        <Layout title="救助公示" back="/aid">
            <p>"街道提出给予救助的初步意见以后，先在社区公示；决定给予的，再公布一段时间。只写姓名、家里几口人和金额，孩子的一律不公示。"</p>
            <form method="get" action="/notices" class="xw-form">
                <Select name="street" label="街道" empty="全区" value=street.clone() groups=streets() optional=true/>
                {of_street}
                <Actions><Button kind="secondary">"看这里的"</Button></Actions>
            </form>
            {list}
            {more.then(|| view! { <Hint>"只列出最近的 100 条，请选街道、社区再看。"</Hint> })}
            <Hint>"依据：《最低生活保障审核确认办法》第十九条、第二十四条，《特困人员认定办法》第十五条，《社会救助法》第四十五条。"</Hint>
        </Layout>
    }
}

/// The form to object.
pub fn object(
    notice: &ShownNotice,
    sent: &Sent<ObjectionForm>,
    key: &str,
    too_many: bool,
) -> impl IntoView + use<> {
    let Sent { form, .. } = sent.clone();
    let (errors, text, contact) = (sent.summary(), sent.error("text"), sent.error("contact"));
    let (action, key) = (format!("/notices/{}/object", notice.id), key.to_owned());
    let (title, rows) = (item_words(&notice.item), rows(notice));
    view! {
        <Layout title="对公示提出异议" back="/notices" narrow=true>
            <ErrorSummary errors/>
            {too_many.then(|| view! {
                <Banner kind="warn" title="请过一个小时再提交"><p>"这一个小时里，从您这里提交的比较多，这一件还没有收下。您写的都还在下面。"</p></Banner>
            })}
            <Answers title rows/>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <TextArea
                    name="text"
                    label="哪里和您知道的不一样"
                    hint="写清楚是什么事、怎么知道的。不用写您的名字；街道会去查，不会告诉对方是谁提的。"
                    value=form.text
                    error=text
                />
                <Field
                    name="contact"
                    label="联系电话"
                    hint="想知道结果就留一个，只有办这件事的人看得到"
                    value=form.contact
                    error=contact
                    optional=true
                    kind="tel"
                    inputmode="tel"
                    autocomplete="tel"
                />
                <Actions><Button>"提交异议"</Button></Actions>
            </form>
        </Layout>
    }
}

/// The objection was kept.
pub fn objected() -> impl IntoView {
    view! {
        <Layout title="异议已收到" back="/notices" narrow=true>
            <Banner kind="good" title="街道会去查">
                <p>"查清以前，不会决定给予救助。留了电话的，查完会告诉您。"</p>
            </Banner>
            <Actions><ButtonLink href="/notices">"回公示列表"</ButtonLink></Actions>
        </Layout>
    }
}

/// There is no such notice any more.
pub fn over() -> impl IntoView {
    view! {
        <Layout title="公示已经结束" back="/notices" narrow=true>
            <Banner kind="info" title="这条公示已经撤下">
                <p>"公示期过了还有情况要反映，请用「投诉与建议」，或者打电话给街道。"</p>
            </Banner>
            <Actions>
                <ButtonLink href="/feedback">"去反映"</ButtonLink>
                <ButtonLink href="/notices" kind="secondary">"回公示列表"</ButtonLink>
            </Actions>
        </Layout>
    }
}
