//! `/staff/meal-checks`: the auditor's sample of a month's meals, with all that was recorded of each.

use jiff::civil::Date;
use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Empty, ErrorSummary, Fact, Facts, Field,
    LinkItem, LinkList, StaffLayout,
};
use crate::domain::meals::{CheckForm, MealMonth, opens_on};
use crate::domain::time::date_text;
use crate::pages::Sent;
use crate::ports::{MealCheck, SeedCommitment};

/// A meal that was drawn, in words; nobody's whole name.
#[derive(Clone, Debug, Default)]
pub struct DrawnLine {
    /// Its number.
    pub number: String,
    /// Its lot.
    pub lot: String,
    /// What it was, where and when, who ate it, who pays what.
    pub what: Vec<String>,
}

/// A month with its seed and, where it was drawn, its sample.
#[derive(Clone, Debug)]
pub struct CheckView {
    /// The month.
    pub month: MealMonth,
    /// The hash of its seed; none where nothing was published before the month was over.
    pub seed: Option<SeedCommitment>,
    /// What was drawn.
    pub check: Option<MealCheck>,
    /// How many meals were handed out in it.
    pub count: usize,
    /// The meals that were drawn.
    pub lines: Vec<DrawnLine>,
    /// The day on which it is read.
    pub today: Date,
    /// The key of the form.
    pub key: String,
}

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.into(), value, ..Answer::default() }
}

/// What is public of a month's seed and draw.
pub fn check_rows(seed: Option<&SeedCommitment>, check: Option<&MealCheck>) -> Vec<Answer> {
    if let Some(check) = check {
        return vec![
            row("抽查", check.drawn_at.shanghai_full()),
            row("结果", format!("{} 份里抽中 {} 份，不少于 {}%", check.count, check.drawn, check.percent)),
            row("种子", check.seed.clone()),
            row("种子的摘要", check.commitment.clone()),
            row("摘要公布", check.committed_at.shanghai_full()),
            row("编号单子的摘要", check.numbers_hash.clone()),
        ];
    }
    match seed {
        Some(seed) => vec![
            row("种子的摘要", seed.commitment.clone()),
            row("摘要公布", seed.since.shanghai_full()),
            row("种子", "抽查以后公布".to_owned()),
        ],
        None => vec![row("种子的摘要", "这个月没有事先公布".to_owned())],
    }
}

/// The months.
pub fn list(me: &Me, months: &[(MealMonth, SeedCommitment)], checks: &[MealCheck]) -> impl IntoView + use<> {
    let items: Vec<_> = months
        .iter()
        .map(|(month, _)| {
            let check = checks.iter().find(|check| check.month == *month);
            LinkItem {
                href: format!("/staff/meal-checks/{}", month.slug()),
                title: month.words(),
                hint: match check {
                    Some(check) => format!("{} 份里抽中 {} 份", check.count, check.drawn),
                    None => format!("{}起可以抽", date_text(opens_on(*month))),
                },
                sign: String::new(),
            }
        })
        .collect();
    let shown = if items.is_empty() {
        view! { <Empty title="还没有公布种子" hint="十分钟内公布这个月和下个月的"/> }.into_any()
    } else {
        view! { <LinkList items/> }.into_any()
    };
    view! {
        <StaffLayout title="助餐抽查" back="/staff" name=me.name.clone() doors=me.doors()>
            <p>"一个月的种子，摘要在月底以前就公布；等没有网的设备也送完了，抽的时候才公布种子，谁都能复算。"<a href="/meals/checks">"居民看到的公布"</a></p>
            {shown}
        </StaffLayout>
    }
}

fn draw_form(view: &CheckView, sent: &Sent<CheckForm>) -> AnyView {
    let opens = opens_on(view.month);
    if view.today < opens {
        let words = format!("{}起可以抽：那以前，没有网的设备还能补记这个月的餐。", date_text(opens));
        return view! { <p>{words}</p> }.into_any();
    }
    if view.seed.is_none() || view.count == 0 {
        let title = if view.count == 0 {
            "这个月没有领走的餐"
        } else {
            "种子不是月底以前公布的，不能抽"
        };
        return view! { <Banner kind="info" title/> }.into_any();
    }
    let (percent, error) = (sent.form.percent.clone(), sent.error("percent"));
    let (action, key) = (format!("/staff/meal-checks/{}", view.month.slug()), view.key.clone());
    let words = format!("这个月所有助餐点领走 {} 份。抽完不能重来。", view.count);
    view! {
        <Card title="抽查">
            <p>{words}</p>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Field name="percent" label="至少抽百分之几" hint="1 到 100" inputmode="numeric" value=percent error maxlength=3/>
                <Actions><Button>"现在抽"</Button></Actions>
            </form>
        </Card>
    }
    .into_any()
}

/// A month.
pub fn check(me: &Me, view: &CheckView, sent: &Sent<CheckForm>) -> impl IntoView + use<> {
    let rows = check_rows(view.seed.as_ref(), view.check.as_ref());
    let body = if view.check.is_some() {
        let facts: Vec<_> = view
            .lines
            .iter()
            .map(|line| Fact {
                title: line.number.clone(),
                body: line.what.join("\n"),
                source: format!("签 {}…", line.lot.get(..16).unwrap_or_default()),
                ..Fact::default()
            })
            .collect();
        let base = format!("/staff/meal-checks/{}", view.month.slug());
        let (numbers, sample) = (format!("{base}/numbers.csv"), format!("{base}/sample.csv"));
        view! {
            <p>"每份餐的签，是「种子、换行、编号」的 SHA-256；签小的抽中。用任何一台电脑都能算："</p>
            <pre class="xw-code">"printf '种子\\n编号' | sha256sum"</pre>
            <p>"编号单子的摘要，是全部编号从小到大一行一个的 SHA-256。"</p>
            <Actions>
                <ButtonLink href=sample kind="secondary">"下载抽中的"</ButtonLink>
                <ButtonLink href=numbers kind="secondary">"下载全部编号和签"</ButtonLink>
            </Actions>
            <Card title="抽中的"><Facts facts/></Card>
        }
        .into_any()
    } else {
        draw_form(view, sent)
    };
    let (title, errors) = (format!("{}的助餐抽查", view.month.words()), sent.summary());
    view! {
        <StaffLayout title back="/staff/meal-checks" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            <Answers title="公布的" rows/>
            {body}
        </StaffLayout>
    }
}
