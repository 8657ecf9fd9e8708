//! `/staff/services` and `/staff/cases/{number}/service`: services that were arranged, and what came of them.

use jiff::civil::Date;
use leptos::prelude::*;

use super::cases::{CaseHead, head_rows};
use super::{Me, other_posts};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Empty, ErrorSummary, Field, Hint, LinkItem,
    LinkList, Radios, StaffLayout, TextArea,
};
use crate::domain::aid::service::{ArrangedForm, ServiceOutcome, ServiceReportForm, WORDS_MAX};
use crate::domain::form::FormErrors;
use crate::domain::staff::{Post, Role};
use crate::domain::time::date_text;
use crate::pages::{Sent, choices};
use crate::ports::ServiceLine;
use crate::text::aid::item_words;
use crate::text::case::service_outcome_label;
use crate::text::case_number;
use crate::text::errors::sentence;
use crate::text::staff::{place_name, post_name};

/// Who writes down what came of a service.
pub const REPORTERS: &[Role] = &[Role::CommunityWorker, Role::StreetOfficer, Role::DistrictOfficer];

/// A service that waits for its day.
#[derive(Clone, Debug)]
pub struct ServiceToCome {
    /// The case's number.
    pub number: String,
    /// Address of the item in the catalogue.
    pub item: String,
    /// The smallest area that it belongs to.
    pub place: String,
    /// The day.
    pub day: Date,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub struct ServicesPage {
    /// The posts whose lists this person may see.
    pub posts: Vec<Post>,
    /// The position of the post whose list it is.
    pub at: usize,
    /// The earliest day first.
    pub lines: Vec<ServiceToCome>,
    /// From 1.
    pub page: u32,
    /// Whether there is another one.
    pub more: bool,
    /// Today.
    pub today: Date,
}

fn when(day: Date, today: Date) -> String {
    match day.cmp(&today) {
        std::cmp::Ordering::Less => format!("{} 过了，还没有登记办得怎样", date_text(day)),
        std::cmp::Ordering::Equal => "今天".to_owned(),
        std::cmp::Ordering::Greater => date_text(day),
    }
}

/// The list.
pub fn list(me: &Me, page: &ServicesPage) -> impl IntoView + use<> {
    let others = other_posts("/staff/services", &page.posts, page.at);
    let here = page.posts.get(page.at).map(post_name).unwrap_or_default();
    let items: Vec<_> = page
        .lines
        .iter()
        .map(|line| LinkItem {
            href: format!("/staff/cases/{}/service", line.number),
            title: format!("{}：{}", when(line.day, page.today), item_words(&line.item)),
            hint: format!("{}，{}", place_name(&line.place), case_number(&line.number)),
            ..LinkItem::default()
        })
        .collect();
    let body = if items.is_empty() {
        view! { <Empty title="没有约好的服务" hint="决定安排以后会出现在这里，最早的在前。"/> }.into_any()
    } else {
        view! { <LinkList items/> }.into_any()
    };
    let (at, number, more) = (page.at, page.page, page.more);
    let link = move |page: u32| format!("/staff/services?post={at}&page={page}");
    let before = (number > 1)
        .then(|| view! { <ButtonLink href=link(number - 1) kind="secondary">"上一页"</ButtonLink> });
    let after =
        more.then(|| view! { <ButtonLink href=link(number + 1) kind="secondary">"下一页"</ButtonLink> });
    view! {
        <StaffLayout title="约好的服务" back="/staff" name=me.name.clone() doors=me.doors()>
            <p>{here}</p>
            {body}
            <Actions>{before}{after}</Actions>
            {(!others.is_empty()).then(|| view! { <LinkList items=others/> })}
        </StaffLayout>
    }
}

/// The two fields by which a service is arranged, with what is wrong in them.
pub(super) fn arranged_fields(
    form: &ArrangedForm,
    errors: &FormErrors,
    optional: bool,
) -> impl IntoView + use<> {
    let error = |field: &str| errors.of(field).map(sentence);
    let (day_error, words_error) = (error("service-day"), error("service-words"));
    let ArrangedForm { day, words } = form.clone();
    let hint = format!("谁来、几点、做什么、要居民准备什么。居民会看到，最多 {WORDS_MAX} 字");
    view! {
        <Field name="service-day" label="约在哪一天" hint="比如 2026-12-01" value=day error=day_error optional=optional/>
        <TextArea name="service-words" label="怎么安排" hint value=words error=words_error rows=3/>
    }
}

/// The service of one case.
#[derive(Clone)]
pub struct ServiceCase {
    /// What the list shows.
    pub head: CaseHead,
    /// Its days, oldest first.
    pub lines: Vec<ServiceLine>,
    /// The form's key.
    pub key: String,
}

crate::masked_debug!(ServiceCase);

/// A day of a service in rows.
pub fn service_rows(line: &ServiceLine) -> Vec<Answer> {
    let row = |label: &str, value: String| Answer { label: label.into(), value, ..Answer::default() };
    let mut rows =
        vec![row("哪一天", date_text(line.arranged.day)), row("怎么安排", line.arranged.words.clone())];
    rows.extend(line.report.as_ref().map(|(outcome, note, at)| {
        row(service_outcome_label(*outcome), format!("{note}（{} 登记）", at.shanghai_text()))
    }));
    rows
}

/// What came of it.
pub fn report(me: &Me, page: &ServiceCase, sent: &Sent<ServiceReportForm>) -> impl IntoView + use<> {
    let ServiceCase { head, lines, key } = page.clone();
    let errors = sent.summary();
    let action = format!("/staff/cases/{}/service", head.number);
    let rows = head_rows(&head);
    let waits = lines.last().is_some_and(|line| line.report.is_none());
    let days =
        lines.iter().map(|line| view! { <Answers title="约好的" rows=service_rows(line)/> }).collect_view();
    let form = if waits {
        let Sent { form, .. } = sent.clone();
        let options = choices!(ServiceOutcome::ALL, service_outcome_label, |_| None);
        let (outcome_error, note_error) = (sent.error("service-outcome"), sent.error("service-note"));
        let next = arranged_fields(&form.next, &sent.errors, true);
        view! {
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Radios name="service-outcome" legend="办得怎样" value=form.outcome options error=outcome_error/>
                <TextArea name="service-note" label="写一句" hint="办了什么，或者为什么没办成。居民会看到" value=form.note error=note_error rows=3/>
                <p>"选了「改一天」，再填下面两项："</p>
                {next}
                <Actions><Button>"登记"</Button></Actions>
            </form>
        }
        .into_any()
    } else {
        view! { <Banner kind="info" title="没有等着登记的"><p>"这份申请现在没有约好的服务。"</p></Banner> }
            .into_any()
    };
    view! {
        <StaffLayout title="服务办得怎样" back="/staff/services" name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors/>
            <Answers title=case_number(&head.number) rows/>
            {days}
            {form}
            <Hint>"您看了这份申请的服务安排，已经记下来。"</Hint>
        </StaffLayout>
    }
}
