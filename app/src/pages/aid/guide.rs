//! `/aid/temporary-aid`: who may apply, what it gives, what to bring, how long it takes, what happens next. Each
//! fact has its source and date.

use leptos::prelude::*;

use super::APPLY;
use crate::components::{Actions, ButtonLink, Card, Fact, Facts, Layout};
use crate::ports::{AidItemFacts, FactPart};

const PARTS: [(FactPart, &str); 5] = [
    (FactPart::Who, "谁可以申请"),
    (FactPart::What, "能得到什么"),
    (FactPart::Bring, "要准备什么"),
    (FactPart::Time, "要等多久"),
    (FactPart::Next, "接下来会怎样"),
];

/// 「2026 年 7 月 1 日起」 for a day, 「2020 年」 for a year.
fn since_words(since: &str) -> String {
    match since.parse::<jiff::civil::Date>() {
        Ok(day) => format!("{} 年 {} 月 {} 日起", day.year(), day.month(), day.day()),
        Err(_) => format!("{since} 年"),
    }
}

/// The page.
pub fn guide(item: &AidItemFacts, hotline: &str) -> impl IntoView + use<> {
    let cards = PARTS
        .iter()
        .map(|(part, title)| {
            let facts: Vec<_> = item
                .facts
                .iter()
                .filter(|fact| fact.part == *part)
                .map(|fact| Fact {
                    title: fact.title.clone(),
                    body: fact.body.clone(),
                    source: fact.source.clone(),
                    since: since_words(&fact.since),
                    sample: fact.sample,
                })
                .collect();
            (!facts.is_empty()).then(|| view! { <Card title=*title><Facts facts/></Card> })
        })
        .collect_view();
    let phone = (!hotline.is_empty())
        .then(|| view! { <ButtonLink href=format!("tel:{hotline}") kind="secondary">{format!("打电话问 {hotline}")}</ButtonLink> });
    let (name, summary) = (item.name.clone(), item.summary.clone());
    view! {
        <Layout title=name back="/">
            <p class="xw-lead">{summary}</p>
            <Actions><ButtonLink href=APPLY>"开始申请"</ButtonLink></Actions>
            {cards}
            <Actions><ButtonLink href=APPLY>"开始申请"</ButtonLink>{phone}</Actions>
        </Layout>
    }
}
