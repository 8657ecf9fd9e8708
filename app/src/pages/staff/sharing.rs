//! `/staff/sharing`: lists by which other departments learn who was recognised (社会救助法 42).

use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, Card, Empty, ErrorSummary, Hint, LinkItem, LinkList, Radios,
    StaffLayout, TextArea,
};
use crate::domain::aid::sharing::{Receiver, ShareForm};
use crate::domain::staff::Role;
use crate::pages::{Sent, choices};
use crate::ports::{SharedCase, SharedList};
use crate::text;
use crate::text::sharing::{news_label, receiver_label};
use crate::text::staff::place_name;

/// Who makes the lists.
pub const SHARERS: &[Role] = &[Role::DistrictOfficer];

fn count_words(list: &SharedList) -> String {
    match (list.recognised, list.ended) {
        (recognised, 0) => format!("{recognised} 户认定"),
        (recognised, ended) => format!("{recognised} 户认定，{ended} 户终止"),
    }
}

/// The form and the lists that were made. `nothing`: the department asked for knows everything.
pub fn list(
    me: &Me,
    sent: &Sent<ShareForm>,
    nothing: bool,
    lists: &[SharedList],
    key: &str,
) -> impl IntoView + use<> {
    let ShareForm { receiver, purpose } = sent.form.clone();
    let (errors, key) = (sent.summary(), key.to_owned());
    let (receiver_error, purpose_error) = (sent.error("receiver"), sent.error("purpose"));
    let options = choices!(Receiver::ALL, receiver_label, |_| None);
    let nothing = nothing.then(|| {
        view! {
            <Banner kind="info" title="没有要告知的">
                <p>"上次以后没有新认定的，也没有终止的。"</p>
            </Banner>
        }
    });
    let items: Vec<_> = lists
        .iter()
        .map(|list| LinkItem {
            href: format!("/staff/sharing/{}", list.id),
            title: format!("{}：{}", list.made_at.shanghai_text(), receiver_label(list.receiver)),
            hint: count_words(list),
            sign: String::new(),
        })
        .collect();
    let made = if items.is_empty() {
        view! { <Empty title="还没有告知过别的部门"/> }.into_any()
    } else {
        view! { <LinkList items/> }.into_any()
    };
    view! {
        <StaffLayout title="结果共享" back="/staff" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {nothing}
            <Card title="做一份名单">
                <p>"认定了低保、特困、低保边缘、刚性支出困难的家庭，别的部门直接认，不用再查。名单只有上次以后的：新认定的，和已经终止的。"</p>
                <form method="post" action="/staff/sharing" novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Radios name="receiver" legend="告知哪个部门" value=receiver options error=receiver_error/>
                    <TextArea name="purpose" label="他们用来做什么" hint="例如：医疗救助直接认定，不再核对" value=purpose error=purpose_error rows=2/>
                    <Actions><Button>"做名单"</Button></Actions>
                </form>
                <Hint>"《社会救助法》第四十二条。做名单、导出都记进审计记录；居民在自己的凭证页上看得到告知了谁。"</Hint>
            </Card>
            {made}
        </StaffLayout>
    }
}

/// One list: numbers and items; names are in the file alone. `lines`: each with the item's name.
pub fn show(me: &Me, list: &SharedList, lines: &[(String, SharedCase)]) -> impl IntoView + use<> {
    let row = |label: &str, value: String| Answer { label: label.into(), value, ..Answer::default() };
    let rows = vec![
        row("告知", receiver_label(list.receiver).to_owned()),
        row("用来做什么", list.purpose.clone()),
        row("做好", list.made_at.shanghai_full()),
        row("多少", count_words(list)),
    ];
    let items: Vec<_> = lines
        .iter()
        .map(|(name, case)| LinkItem {
            href: format!("/staff/cases/{}", case.number),
            title: format!("{}，{name}", text::case_number(&case.number)),
            hint: format!("{}，{}", news_label(case.news), place_name(&case.area)),
            sign: String::new(),
        })
        .collect();
    let action = format!("/staff/sharing/{}/file", list.id);
    view! {
        <StaffLayout title="一份名单" back="/staff/sharing" name=me.name.clone() doors=me.doors()>
            <Answers title="名单" rows/>
            <form method="post" action=action>
                <p>"表里有每个人的姓名和证件号码。只交给这个部门，交完删掉。"</p>
                <Actions><Button>"导出表格"</Button></Actions>
            </form>
            <LinkList items/>
        </StaffLayout>
    }
}
