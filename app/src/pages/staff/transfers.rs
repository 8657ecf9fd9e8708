//! `/staff/cases/{number}/transfer` and `/staff/transfers`: cases that another street has to handle.

use leptos::prelude::*;

use super::Me;
use super::cases::{CaseHead, head_rows};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Choice, Empty, ErrorSummary, Hint, LinkItem,
    LinkList, Radios, StaffLayout, TextArea,
};
use crate::domain::aid::transfer::{TransferForm, Transferred, WHY_MAX};
use crate::domain::area::streets;
use crate::domain::staff::Role;
use crate::domain::time::Instant;
use crate::pages::Sent;
use crate::text::aid::item_words;
use crate::text::case_number;
use crate::text::staff::place_name;

/// Who moves a case: the street that has it, and the district.
pub const MOVERS: &[Role] = &[Role::StreetOfficer, Role::DistrictOfficer];

/// What moved, as the list shows it.
#[derive(Clone, Debug)]
pub struct MovedCase {
    /// The case's number.
    pub number: String,
    /// Address of the item in the catalogue.
    pub item: String,
    /// Code of the street that handles it now.
    pub office: String,
    /// Code of the street that handled it before.
    pub from: String,
    /// Code of the street that it was given to.
    pub to: String,
    /// When.
    pub at: Instant,
}

/// A case that may be moved.
#[derive(Clone)]
pub struct TransferPage {
    /// What the list shows.
    pub head: CaseHead,
    /// Where it was, oldest first.
    pub before: Vec<Transferred>,
    /// This person may move it now.
    pub may: bool,
    /// It was moved before, and only the district may move it again.
    pub district_only: bool,
    /// The form's key.
    pub key: String,
}

crate::masked_debug!(TransferPage);

/// Where a case was, in words.
pub fn moved_rows(before: &[Transferred]) -> Vec<Answer> {
    before
        .iter()
        .map(|moved| Answer {
            label: moved.at.shanghai_text(),
            value: format!("{} → {}：{}", place_name(&moved.from), place_name(&moved.to), moved.why),
            ..Answer::default()
        })
        .collect()
}

/// The form.
pub fn transfer(me: &Me, page: &TransferPage, sent: &Sent<TransferForm>) -> impl IntoView + use<> {
    let TransferPage { head, before, may, district_only, key } = page.clone();
    let errors = sent.summary();
    let back = format!("/staff/cases/{}/handle", head.number);
    let action = format!("/staff/cases/{}/transfer", head.number);
    let rows = moved_rows(&before);
    let before = (!rows.is_empty()).then(|| view! { <Answers title="转过的地方" rows/> });
    let form = if may {
        let options: Vec<_> = streets()
            .iter()
            .filter(|street| street.code != head.office)
            .map(|street| Choice { value: street.code.into(), label: street.name.into(), hint: None })
            .collect();
        let Sent { form, .. } = sent.clone();
        let (street_error, why_error) = (sent.error("street"), sent.error("why"));
        let hint = format!("居民会看到，最多 {WHY_MAX} 字。例如：户籍在硕放，低保向户籍所在地申请");
        view! {
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Radios name="street" legend="转到哪个街道" value=form.street options error=street_error/>
                <TextArea name="why" label="为什么归那里办" hint value=form.why error=why_error rows=3/>
                <Actions><Button>"转过去，并告诉居民"</Button></Actions>
            </form>
            <Hint>"居民不用重新交。材料、同意核对、已经过去的时限都跟着走；转办不停时限。"</Hint>
        }
        .into_any()
    } else if district_only {
        view! {
            <Banner kind="info" title="已经转过一次">
                <p>"转来转去，居民等不起。觉得还是不归这里办的，请告诉区里，由区里定。"</p>
            </Banner>
        }
        .into_any()
    } else {
        view! {
            <Banner kind="info" title="现在不能转">
                <p>"街道提了意见以后，或者已经有结果的，不能再转。"</p>
            </Banner>
        }
        .into_any()
    };
    let head_view = head_rows(&head);
    view! {
        <StaffLayout title="转给别的街道" back=back name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors/>
            <Answers title=case_number(&head.number) rows=head_view/>
            {before}
            {form}
        </StaffLayout>
    }
}

/// What moved out and in.
#[derive(Clone, Debug)]
pub struct MovedPage {
    /// Newest first.
    pub moved: Vec<MovedCase>,
    /// Whether this person may open each.
    pub may_open: Vec<bool>,
    /// From 1.
    pub page: u32,
    /// There are older ones.
    pub more: bool,
}

/// The list.
pub fn list(me: &Me, page: &MovedPage) -> impl IntoView + use<> {
    let line = |moved: &MovedCase| {
        let MovedCase { number, item, office, from, to, at } = moved;
        let now = if office == to { String::new() } else { format!("，现在在{}", place_name(office)) };
        LinkItem {
            href: format!("/staff/cases/{number}"),
            title: format!("{} {}", item_words(item), case_number(number)),
            hint: format!("{}，{} → {}{now}", at.shanghai_text(), place_name(from), place_name(to)),
            ..LinkItem::default()
        }
    };
    let pairs = page.moved.iter().zip(&page.may_open);
    let (mut mine, mut gone) = (Vec::new(), Vec::new());
    for (moved, may_open) in pairs {
        if *may_open {
            mine.push(line(moved));
        } else {
            let LinkItem { title, hint, .. } = line(moved);
            gone.push(Answer { label: title, value: hint, ..Answer::default() });
        }
    }
    let none = page
        .moved
        .is_empty()
        .then(|| view! { <Empty title="没有转办的申请" hint="转出去的、转进来的都会列在这里。"/> });
    let mine = (!mine.is_empty()).then(|| view! { <h2>"您办得到的"</h2><LinkList items=mine/> });
    let gone = (!gone.is_empty()).then(|| view! { <Answers title="转出去了，由那边办" rows=gone/> });
    let older = page.more.then(|| {
        let href = format!("/staff/transfers?page={}", page.page + 1);
        view! { <Actions><ButtonLink href kind="secondary">"更早的"</ButtonLink></Actions> }
    });
    view! {
        <StaffLayout title="转办" back="/staff/cases" name=me.name.clone() doors=me.doors()>
            {none}
            {mine}
            {gone}
            {older}
        </StaffLayout>
    }
}
