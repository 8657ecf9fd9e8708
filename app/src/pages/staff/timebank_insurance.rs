//! `/staff/timebank/insurance`: who goes to a service that may be dangerous, and whether they are insured.

use jiff::civil::Date;
use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Answer, Answers, Button, Card, Empty, ErrorSummary, Field, LinkItem, LinkList, StaffLayout,
};
use crate::domain::time::{Instant, date_text};
use crate::domain::timebank::InsuranceForm;
use crate::pages::Sent;
use crate::text::staff::place_name;

/// A service for which an insurance is needed.
#[derive(Clone)]
pub struct InsuranceLine {
    /// The need's id.
    pub id: String,
    /// What for.
    pub kind: String,
    /// Where.
    pub area: String,
    /// When it is to begin.
    pub starts_at: Instant,
    /// The volunteer's masked name.
    pub helper: String,
    /// The last day of the insurance, where there is one.
    pub until: Option<Date>,
    /// The insurance still holds on the day of the service.
    pub covered: bool,
}

crate::masked_debug!(InsuranceLine);

impl InsuranceLine {
    fn state(&self) -> String {
        match self.until {
            None => "还没有登记意外险".to_owned(),
            Some(until) if self.covered => format!("保到 {}", date_text(until)),
            Some(until) => format!("只保到 {}，那天已经过期", date_text(until)),
        }
    }
}

/// The list.
pub fn list(me: &Me, lines: &[InsuranceLine]) -> impl IntoView + use<> {
    let part = |title: &'static str, covered: bool| {
        let items: Vec<_> = lines
            .iter()
            .filter(|line| line.covered == covered)
            .map(|line| LinkItem {
                href: format!("/staff/timebank/insurance/{}", line.id),
                title: format!("{}，{} {}", line.helper, line.kind, line.starts_at.shanghai_text()),
                hint: format!("{}，{}", place_name(&line.area), line.state()),
                sign: String::new(),
            })
            .collect();
        (!items.is_empty()).then(|| view! { <Card title><LinkList items/></Card> })
    };
    let (missing, covered) = (part("还没有保上的", false), part("已经保上的", true));
    let empty = lines.is_empty().then(
        || view! { <Empty title="现在没有要保险的服务" hint="有人接了陪同看病这类服务，会列在这里。"/> },
    );
    view! {
        <StaffLayout title="意外险" back="/staff/timebank" name=me.name.clone() doors=me.doors()>
            <p>"可能有危险的服务，要先给志愿者买好意外险（《志愿服务条例》第十七条）。没有登记的，志愿者开始不了服务。"</p>
            {empty}
            {missing}
            {covered}
        </StaffLayout>
    }
}

/// The form for one volunteer's insurance.
pub fn form(me: &Me, line: &InsuranceLine, sent: &Sent<InsuranceForm>, key: &str) -> impl IntoView + use<> {
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let rows = vec![
        row("志愿者", line.helper.clone()),
        row("做什么", line.kind.clone()),
        row("什么时候", line.starts_at.shanghai_full()),
        row("意外险", line.state()),
    ];
    let (form, key, errors) = (sent.form.clone(), key.to_owned(), sent.summary());
    let [insurer, policy, until] = ["insurer", "policy", "until"].map(|field| sent.error(field));
    let action = format!("/staff/timebank/insurance/{}", line.id);
    view! {
        <StaffLayout title="登记意外险" back="/staff/timebank/insurance" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            <Answers title="这次服务" rows/>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Field name="insurer" label="保险公司" value=form.insurer error=insurer maxlength=60/>
                <Field name="policy" label="保单号" hint="照着保单写" value=form.policy error=policy maxlength=60/>
                <Field name="until" label="保到哪一天" hint="比如 2027-06-30，这一天也算" value=form.until error=until maxlength=30/>
                <Actions><Button>"登记"</Button></Actions>
            </form>
        </StaffLayout>
    }
}
