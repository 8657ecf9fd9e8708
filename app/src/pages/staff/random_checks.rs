//! `/staff/random-checks`: draws of the cases that the district looks into itself.

use leptos::prelude::*;

use super::Me;
use crate::components::{Actions, Answer, Answers, Button, Card, Empty, LinkItem, LinkList, StaffLayout};
use crate::domain::staff::Role;
use crate::ports::{CaseLot, RandomDraw, SeedCommitment};
use crate::text;

/// Who draws.
pub const DRAWERS: &[Role] = &[Role::DistrictOfficer];

/// An item whose cases are drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawnItem {
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The least share in percent.
    pub percent: u8,
    /// Who says so.
    pub source: String,
    /// How many cases wait for a decision and are in no draw.
    pub waiting: i64,
    /// The key of its form.
    pub key: String,
}

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.into(), value, ..Answer::default() }
}

fn to_draw(item: &DrawnItem) -> impl IntoView + use<> {
    let DrawnItem { slug, name, percent, source, waiting, key } = item.clone();
    let words = format!("等着决定、还没有抽过的：{waiting} 份。至少抽 {percent}%（{source}）。");
    let form = (waiting > 0).then(|| {
        view! {
            <form method="post" action="/staff/random-checks" class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <input type="hidden" name="item" value=slug/>
                <p>"抽中的由区里上门看一次；没抽中的可以直接决定。抽完不能重来。"</p>
                <Actions><Button>"现在抽查"</Button></Actions>
            </form>
        }
    });
    view! { <Card title=name><p>{words}</p>{form}</Card> }
}

/// The hash of the next seed.
pub fn seed_rows(seed: Option<&SeedCommitment>) -> Vec<Answer> {
    match seed {
        Some(seed) => {
            vec![row("下一次种子的摘要", seed.commitment.clone()), row("公布", seed.since.shanghai_full())]
        }
        None => vec![row("下一次种子的摘要", "十分钟内公布".to_owned())],
    }
}

/// The list.
pub fn list(
    me: &Me,
    seed: Option<&SeedCommitment>,
    items: &[DrawnItem],
    draws: &[(String, RandomDraw)],
) -> impl IntoView + use<> {
    let to_draw = items.iter().map(to_draw).collect_view();
    let lines: Vec<_> = draws
        .iter()
        .map(|(name, draw)| LinkItem {
            href: format!("/staff/random-checks/{}", draw.id),
            title: format!("{}：{name}", draw.drawn_at.shanghai_text()),
            hint: format!("{} 份里抽中 {} 份", draw.count, draw.drawn),
            sign: String::new(),
        })
        .collect();
    let lines = if lines.is_empty() {
        view! { <Empty title="还没有抽查过" hint="有申请等着决定时，在上面抽查。"/> }.into_any()
    } else {
        view! { <LinkList items=lines/> }.into_any()
    };
    let rows = seed_rows(seed);
    view! {
        <StaffLayout title="随机抽查" back="/staff" name=me.name.clone() doors=me.doors()>
            <p>"先公布种子的摘要，抽完公布种子，谁都能复算，没有人能挑。"<a href="/aid/random-checks">"居民看到的公布"</a></p>
            <Answers title="公布的种子" rows/>
            {to_draw}
            {lines}
        </StaffLayout>
    }
}

/// What is public of a draw.
pub fn draw_rows(draw: &RandomDraw) -> Vec<Answer> {
    vec![
        row("抽查", draw.drawn_at.shanghai_full()),
        row("结果", format!("{} 份里抽中 {} 份，不少于 {}%", draw.count, draw.drawn, draw.percent)),
        row("种子", draw.seed.clone()),
        row("种子的摘要", draw.commitment.clone()),
        row("摘要公布", draw.committed_at.shanghai_full()),
    ]
}

/// One draw with its lots.
pub fn draw(me: &Me, name: &str, draw: &RandomDraw, lots: &[CaseLot]) -> impl IntoView + use<> {
    let rows = draw_rows(draw);
    let items: Vec<_> = lots
        .iter()
        .map(|lot| LinkItem {
            href: format!("/staff/cases/{}/inquiry", lot.number),
            title: text::case_number(&lot.number),
            hint: format!(
                "{}，签 {}…",
                match (lot.drawn, lot.visited) {
                    (true, true) => "抽中，区里已经上门",
                    (true, false) => "抽中，等区里上门",
                    (false, _) => "没有抽中",
                },
                lot.lot.get(..16).unwrap_or_default()
            ),
            sign: String::new(),
        })
        .collect();
    let title = format!("抽查：{name}");
    view! {
        <StaffLayout title=title back="/staff/random-checks" name=me.name.clone() doors=me.doors()>
            <Answers title="这次抽查" rows/>
            <p>"每份申请的签，是「种子、换行、编号」的 SHA-256；签小的抽中。用任何一台电脑都能算："<code>"printf '种子\\n编号' | sha256sum"</code></p>
            <LinkList items/>
        </StaffLayout>
    }
}
