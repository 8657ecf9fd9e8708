//! `/staff/meals/{point}/month`: a point's month by what each payer gave, what differs from the scans, and a line to sign on.

use std::collections::BTreeMap;

use jiff::civil::Date;
use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Answer, Answers, ButtonLink, Card, Empty, Fact, Facts, LinkItem, LinkList, StaffLayout, Tag,
};
use crate::domain::meals::{Difference, MealMonth, MealPoint, Settlement, TierSum};
use crate::domain::money::Fen;
use crate::text::meals::{AS_PUBLISHED, difference_label};

/// So many meals of a kind of difference are named on the page; the file has all.
const NAMED: usize = 60;

/// A month of a point.
#[derive(Clone, Debug)]
pub struct MonthView {
    /// The point.
    pub point: MealPoint,
    /// The month.
    pub month: MealMonth,
    /// The months that are offered.
    pub months: Vec<MealMonth>,
    /// The sums.
    pub sums: Settlement,
    /// What each meal that is to be looked at is, in one line; nobody's name.
    pub named: BTreeMap<Difference, Vec<String>>,
    /// Scans made here of meals that were ordered elsewhere.
    pub of_others: usize,
    /// Conflicts that nobody has looked at.
    pub open_conflicts: usize,
    /// The day on which it is read.
    pub today: Date,
}

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.to_owned(), value, ..Answer::default() }
}

fn yuan(fen: Fen) -> String {
    format!("{} 元", fen.yuan())
}

fn tier(tier: &TierSum) -> Answer {
    let label = format!("每份区里补 {}、街道补 {}", yuan(tier.district), yuan(tier.street));
    let value = format!(
        "{} 份：区里 {}，街道 {}，个人 {}",
        tier.meals,
        yuan(tier.district_sum()),
        yuan(tier.street_sum()),
        yuan(tier.own)
    );
    row(&label, value)
}

fn tiers(sums: &Settlement) -> impl IntoView + use<> {
    let mut rows: Vec<_> = sums.tiers.iter().map(tier).collect();
    let unknown = sums.handed_out - sums.known;
    if unknown > 0 {
        let value = format!("{unknown} 份，原价 {}：{AS_PUBLISHED}", yuan(sums.unknown_price));
        rows.push(row("档不知道的", value));
    }
    (!rows.is_empty()).then(|| view! { <Answers title="按档、按谁付" rows/> })
}

fn differences(view: &MonthView) -> impl IntoView + use<> {
    let facts: Vec<_> = Difference::ALL
        .iter()
        .filter_map(|difference| {
            let count = *view.sums.differences.get(difference)?;
            let named = view.named.get(difference).map(Vec::as_slice).unwrap_or_default();
            let mut lines: Vec<_> = named.iter().take(NAMED).cloned().collect();
            if named.len() > NAMED {
                lines.push(format!("还有 {} 份，见表格", named.len() - NAMED));
            }
            Some(Fact {
                title: format!("{}：{count} 份", difference_label(*difference)),
                body: lines.join("\n"),
                ..Fact::default()
            })
        })
        .collect();
    let mut rows = Vec::new();
    if view.of_others > 0 {
        rows.push(row("在这里记的、订在别处的", format!("{} 份，算在订的那个点", view.of_others)));
    }
    if view.open_conflicts > 0 {
        rows.push(row("还没有核对的", format!("{} 份，请到领餐页核对", view.open_conflicts)));
    }
    let others = (!rows.is_empty()).then(|| view! { <Answers title="两边记的" rows/> });
    let facts = if facts.is_empty() {
        view! { <Empty title="和扫码没有差别" hint="每一份都是订了、领了、记了的"/> }.into_any()
    } else {
        view! { <Facts facts/> }.into_any()
    };
    view! {
        <Card title="和扫码的差别">
            {facts}
            {others}
        </Card>
    }
}

/// A point's month, to be signed on paper.
pub fn month(me: &Me, view: &MonthView) -> impl IntoView + use<> {
    let sums = &view.sums;
    let mut rows = vec![
        row("领走的", format!("{} 份", sums.handed_out)),
        row("订了没来领的", format!("{} 份", sums.missed)),
    ];
    if sums.known > 0 {
        rows.push(row("原价合计", yuan(sums.price)));
        rows.push(row("区里补", yuan(sums.district)));
        rows.push(row("街道补", yuan(sums.street)));
        rows.push(row("个人付", yuan(sums.own)));
        rows.push(row("个人的部分没收和免了的", yuan(sums.open)));
    }
    if sums.known < sums.handed_out {
        let count = sums.handed_out - sums.known;
        let label = format!("另外 {count} 份，原价 {}", yuan(sums.unknown_price));
        rows.push(row(&label, AS_PUBLISHED.to_owned()));
    }
    rows.push(row("扫过码、没有记下出餐的", format!("{} 份，请核对", sums.scanned_only)));
    let sample =
        sums.sample.then(|| view! { <p><Tag kind="plain">"示例"</Tag>" 补贴是演示用的，不是公布的标准"</p> });
    let open = (view.today <= view.month.last())
        .then(|| view! { <p class="xw-hint">"这个月还没有过完，数还会变。"</p> });
    let base = format!("/staff/meals/{}/month", view.point.code);
    let others: Vec<_> = view
        .months
        .iter()
        .filter(|other| **other != view.month)
        .map(|other| LinkItem {
            href: format!("{base}?month={}", other.slug()),
            title: other.words(),
            ..LinkItem::default()
        })
        .collect();
    let file = format!("{base}.csv?month={}", view.month.slug());
    let title = format!("{}结算", view.month.words());
    let (name, back) = (view.point.name.clone(), format!("/staff/meals/{}", view.point.code));
    let (tiers, differences) = (tiers(sums), differences(view));
    view! {
        <StaffLayout title back=back name=me.name.clone() doors=me.doors()>
            {open}
            <Answers title=name rows/>
            {tiers}
            {differences}
            {sample}
            <p>"助餐点签字：________________　日期：________________"</p>
            <p>"街道核对签字：________________　日期：________________"</p>
            <Actions><ButtonLink href=file kind="secondary">"下载每一份的表格"</ButtonLink></Actions>
            <Card title="别的月份"><LinkList items=others/></Card>
        </StaffLayout>
    }
}
