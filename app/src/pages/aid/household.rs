//! Page 3: the list of those who live with the applicant, and the page of one of them.

use leptos::prelude::*;

use super::fields::MemberFields;
use super::steps::Around;
use super::{apply, whose};
use crate::components::{
    Actions, Answer, Answers, Button, ButtonLink, Card, Empty, ErrorSummary, Hint, Layout,
};
use crate::domain::aid::{MAX_MEMBERS, MemberForm, Relation, Step};
use crate::domain::document::{DocumentKind, IdentityDocument};
use crate::islands::LiveChecks;
use crate::pages::Sent;
use crate::text::aid::{relation_label, step_title};

/// A document as shown back: masked.
pub(crate) fn masked_document(kind: &str, number: &str) -> String {
    let kind = DocumentKind::parse(kind);
    let label = kind.map(DocumentKind::label).unwrap_or_default();
    let masked = kind
        .and_then(|kind| IdentityDocument::parse(kind, number, jiff::civil::Date::MAX).ok())
        .map(|document| document.masked())
        .unwrap_or_default();
    format!("{label} {masked}")
}

pub(crate) fn relation_words(slug: &str) -> &'static str {
    Relation::parse(slug).map(relation_label).unwrap_or_default()
}

/// The list. `new_id` is the id that the next member will get.
pub fn household(members: &[(String, MemberForm)], new_id: &str, around: Around) -> impl IntoView + use<> {
    let query = if around.from_check { "?from=check" } else { "" };
    let apply = apply();
    let cards = members
        .iter()
        .map(|(id, form)| {
            let rows = vec![
                Answer {
                    label: "关系".into(),
                    value: relation_words(&form.relation).into(),
                    href: None,
                    change_label: String::new(),
                },
                Answer {
                    label: "证件".into(),
                    value: masked_document(&form.document_kind, &form.document_number),
                    href: None,
                    change_label: String::new(),
                },
            ];
            let label = form.name.clone();
            let remove = format!("去掉{}", form.name);
            let answers = view! { <Answers title=form.name.clone() rows edit=format!("{apply}/household/{id}{query}")/> };
            let action = format!("{apply}/household/{id}/remove");
            let back = around.from_check.then(|| view! { <input type="hidden" name="return_to" value="check"/> });
            view! {
                <Card label>
                    {answers}
                    <form method="post" action=action>
                        {whose()}
                        {back}
                        <Button kind="quiet">{remove}</Button>
                    </form>
                </Card>
            }
        })
        .collect_view();
    let list = if members.is_empty() {
        view! {
            <Empty title="还没有添加家人" hint="一个人生活，直接按下一步。"/>
        }
        .into_any()
    } else {
        cards.into_any()
    };
    let add = (members.len() < MAX_MEMBERS).then(|| {
        let words = if members.is_empty() { "添加一位家人" } else { "再添加一位家人" };
        view! { <ButtonLink href=format!("{apply}/household/{new_id}{query}") kind="secondary">{words}</ButtonLink> }
    });
    let place = (Step::Household.number(around.pages), around.pages.len());
    view! {
        <Layout title=step_title(Step::Household, around.service) back=around.back() narrow=true step=place>
            <Card title="谁要写上">
                <p>"和您一起生活的：丈夫或妻子、没有成年的孩子、还在读书或者不能独立生活的成年孩子，以及别的长期一起生活、有赡养或抚养关系的人。"</p>
                <p>"您自己不用再写。"</p>
            </Card>
            {list}
            <form method="post" action=format!("{apply}/household")>
                {whose()}
                {around.from_check.then(|| view! { <input type="hidden" name="return_to" value="check"/> })}
                <Actions>{add}<Button>{if around.from_check { "好了，回去核对" } else { "写完了，下一步" }}</Button></Actions>
            </form>
            <Hint>"已自动保存，三十天内在这部手机上可以接着填。"</Hint>
        </Layout>
    }
}

/// The page of one member, new or known.
pub fn member(id: &str, sent: &Sent<MemberForm>, known: bool, around: Around) -> impl IntoView + use<> {
    let apply = apply();
    let action = format!("{apply}/household/{id}");
    let back = if around.from_check {
        format!("{apply}/household?from=check")
    } else {
        format!("{apply}/household")
    };
    let title = if known { "修改家人" } else { "添加家人" };
    let errors = sent.summary();
    let sent = sent.clone();
    let place = (Step::Household.number(around.pages), around.pages.len());
    view! {
        <Layout title back islands=true narrow=true step=place>
            <ErrorSummary errors/>
            <LiveChecks>
                <form method="post" action=action novalidate class="xw-form">
                    {whose()}
                    {around.from_check.then(|| view! { <input type="hidden" name="return_to" value="check"/> })}
                    <MemberFields sent/>
                    <Actions><Button>"保存"</Button></Actions>
                </form>
            </LiveChecks>
        </Layout>
    }
}
