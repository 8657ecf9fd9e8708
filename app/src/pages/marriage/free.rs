//! The first free time anywhere, or every office where one's own day is free. Only offices that work in this system have times.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::components::{
    Actions, Button, Empty, ErrorSummary, Field, Layout, LinkItem, LinkList, OptionGroup, Select,
};
use crate::domain::marriage::{FreeSearch, Matter, Office, PROVINCES};
use crate::domain::time::date_text;
use crate::pages::Sent;
use crate::text::marriage::matter_label;

fn groups(options: Vec<(String, String)>) -> Vec<OptionGroup> {
    vec![OptionGroup { label: String::new(), options }]
}

/// The search, and the offices with their first free day, the earliest first; `None` before anybody asked.
pub fn free(sent: &Sent<FreeSearch>, found: Option<(Matter, &[(Office, Date)])>) -> impl IntoView + use<> {
    let list = found.map(|(matter, found)| {
        let items: Vec<_> = found
            .iter()
            .take(30)
            .map(|(office, day)| LinkItem {
                href: format!("/marriage/offices/{}/times/{}/{day}", office.code, matter.as_str()),
                title: date_text(*day),
                hint: format!("{}，{}{}", office.name, office.city, office.address),
                sign: String::new(),
            })
            .collect();
        if items.is_empty() {
            view! { <Empty title="没有找到空的时间" hint="换个省份或日子再找；不用本系统的登记处，请用它自己的预约"/> }.into_any()
        } else {
            view! { <LinkList items/> }.into_any()
        }
    });
    let provinces = groups(PROVINCES.iter().map(|of| (of.code.into(), of.name.into())).collect());
    let matters =
        groups(Matter::CHOICES.iter().map(|of| (of.as_str().into(), matter_label(*of).into())).collect());
    let form = sent.form.clone();
    let [matter_error, day_error] = ["matter", "day"].map(|field| sent.error(field));
    let errors = sent.summary();
    view! {
        <Layout title="最早哪天有空" back="/marriage" quiet=true>
            <ErrorSummary errors/>
            <p class="xw-lead">"选好要办的事，看哪家最早有空；有想好的日子，就看那天哪几家有空。"</p>
            <form method="get" action="/marriage/free" novalidate class="xw-form">
                <Select name="matter" label="办什么" groups=matters value=form.matter error=matter_error/>
                <Select name="province" label="省份" groups=provinces value=form.province empty="全国" optional=true/>
                <Field name="day" label="想好的日子" hint="比如 2026-12-12；没有就空着" value=form.day error=day_error optional=true maxlength=30/>
                <Actions><Button>"找一找"</Button></Actions>
            </form>
            {list}
        </Layout>
    }
}
