//! `/aid/{item}`: who may apply, what it gives, what to bring, how long it takes, what happens next. Each fact has its
//! source and date.

use jiff::civil::Date;
use leptos::prelude::*;

use super::standards::in_force;
use crate::components::{Actions, Banner, ButtonLink, Card, Fact, Facts, Layout, LinkItem, LinkList};
use crate::domain::aid::catalogue::{
    AidItem, AppliedFor, DecidingLevel, FactPart, NoticeField, NoticePolicy, StartMonth,
};
use crate::domain::aid::screener::ScreenedItem;
use crate::domain::aid::standards::Standards;

const PARTS: [(FactPart, &str); 5] = [
    (FactPart::Who, "谁可以申请"),
    (FactPart::What, "能得到什么"),
    (FactPart::Bring, "要准备什么"),
    (FactPart::Time, "要等多久"),
    (FactPart::Next, "接下来会怎样"),
];

fn told(item: &AidItem, part: FactPart) -> Vec<Fact> {
    item.facts
        .iter()
        .filter(|fact| fact.part == part)
        .map(|fact| Fact {
            title: fact.title.clone(),
            body: fact.body.clone(),
            source: fact.source.clone(),
            since: fact.since.words(),
            sample: fact.sample,
        })
        .collect()
}

fn fact(title: impl Into<String>, body: impl Into<String>, source: &str) -> Fact {
    Fact { title: title.into(), body: body.into(), source: source.to_owned(), ..Fact::default() }
}

/// What it gives: amounts of former years say that they are of former years.
fn amounts(item: &AidItem, known: bool) -> impl Iterator<Item = Fact> + '_ {
    let present = if known { "" } else { "现在的以街道公布为准。" };
    item.amounts.iter().map(move |amount| {
        let sum = format!("{} 元", amount.sum().yuan());
        let (title, body) = if amount.history {
            let when = amount.since.words();
            (format!("以前是多少：{}", amount.per), format!("{when}是 {sum}，只作历史参考。{present}"))
        } else {
            (amount.per.clone(), sum)
        };
        Fact { since: amount.since.words(), ..fact(title, body, &amount.source) }
    })
}

fn starts(item: &AidItem) -> Option<Fact> {
    let starts = item.starts.as_ref()?;
    let words = match starts.month {
        StartMonth::AfterDecision => "从决定的下一个月开始发。",
        StartMonth::ByDecision => "以街道公布为准，决定里会写明。",
        StartMonth::OfSubmission => "从交申请的那个月开始算，决定晚了也补上。",
    };
    Some(fact("从哪个月开始", words, &starts.source))
}

fn reviews(item: &AidItem) -> impl Iterator<Item = Fact> + '_ {
    item.reviews.iter().map(|review| {
        fact(format!("每 {} 个月看一次", review.months), format!("{}。", review.when), &review.source)
    })
}

fn papers(item: &AidItem) -> impl Iterator<Item = Fact> + '_ {
    item.papers.iter().map(|paper| {
        let title = match (paper.obtainable_by_check, paper.required) {
            (true, _) => format!("{}：不用交", paper.name),
            (false, true) => paper.name.clone(),
            (false, false) => format!("{}：有就带上", paper.name),
        };
        fact(title, paper.hint.clone(), &paper.source)
    })
}

fn steps(item: &AidItem) -> impl Iterator<Item = Fact> + '_ {
    item.steps.iter().map(|step| {
        let title = match AidItem::limit_words(step) {
            Some(limit) => format!("{}：{limit}", step.name),
            None => step.name.clone(),
        };
        Fact { since: step.since.words(), ..fact(title, format!("由{}办。", step.who), &step.source) }
    })
}

fn decides(item: &AidItem) -> Option<Fact> {
    let decides = item.decides.as_ref()?;
    let words = match decides.level {
        DecidingLevel::District => "区民政部门。",
        DecidingLevel::DistrictOrStreet => "区民政部门；省里可以交给街道决定，在本区是哪一级，以公布为准。",
        DecidingLevel::Street => "街道。",
    };
    Some(fact("谁决定", words, &decides.source))
}

/// What others may see of a case before it is decided.
fn notice(item: &AidItem) -> Option<Fact> {
    let notice = item.notice.as_ref()?;
    let words = match notice.policy {
        NoticePolicy::NotHeld => "不公示。".to_owned(),
        NoticePolicy::Held => {
            let fields: Vec<_> = notice
                .fields
                .iter()
                .map(|field| match field {
                    NoticeField::Name => "申请人姓名",
                    NoticeField::HouseholdSize => "家里几口人",
                    NoticeField::Amount => "金额",
                })
                .collect();
            let days = notice.days.map(|days| format!("公示 {days} 天，")).unwrap_or_default();
            format!("{days}只写{}，别的都不写。", fields.join("、"))
        }
    };
    Some(fact("会不会在社区公示", words, &notice.source))
}

/// What belongs into a part of the page.
fn facts(item: &AidItem, part: FactPart, in_force: &[Fact]) -> Vec<Fact> {
    let mut facts = told(item, part);
    match part {
        FactPart::Who => {}
        FactPart::What => {
            facts.extend(in_force.iter().cloned());
            facts.extend(amounts(item, !in_force.is_empty()));
            facts.extend(starts(item));
            facts.extend(reviews(item));
        }
        FactPart::Bring => facts.extend(papers(item)),
        FactPart::Time => facts.extend(steps(item)),
        FactPart::Next => facts.splice(0..0, decides(item).into_iter().chain(notice(item))).for_each(drop),
    }
    facts
}

/// How long it usually took of late, street by street: `(name, working days)`.
fn usual(streets: &[(String, u32)]) -> Option<Fact> {
    let lines: Vec<_> = streets.iter().map(|(street, days)| format!("{street} {days} 个工作日")).collect();
    let body = format!(
        "最近 90 天作出的决定，一半在这么多天以内：{}。等居民补充的日子不算；这是以往的情况，不是承诺。",
        lines.join("，")
    );
    (!lines.is_empty()).then(|| fact("通常要多久", body, "本服务的办理记录"))
}

/// The page, with the standards that hold on the day `today` and how long it usually took, street by street.
pub fn guide(
    (slug, item): (&str, &AidItem),
    (standards, today): (&Standards, Date),
    streets: &[(String, u32)],
    hotline: &str,
) -> impl IntoView + use<> {
    let in_force = in_force(ScreenedItem::parse(slug), standards, today);
    let cards = PARTS
        .iter()
        .map(|(part, title)| {
            let mut facts = facts(item, *part, &in_force);
            if *part == FactPart::Time {
                facts.extend(usual(streets));
            }
            (!facts.is_empty()).then(|| view! { <Card title=*title><Facts facts/></Card> })
        })
        .collect_view();
    let phone = (!hotline.is_empty())
        .then(|| view! { <ButtonLink href=format!("tel:{hotline}") kind="secondary">{format!("打电话问 {hotline}")}</ButtonLink> });
    let (name, summary) = (item.name.clone(), item.summary.clone());
    let apply = format!("/aid/{slug}/apply");
    let begin = match item.applied_for {
        AppliedFor::Online => {
            let href = apply.clone();
            view! { <Actions><ButtonLink href>"开始申请"</ButtonLink></Actions> }.into_any()
        }
        AppliedFor::Counter => {
            let words = format!("到{}的窗口申请，家里人也可以代办。这里还不能在网上填。", item.apply_at);
            view! { <Banner kind="info" title="怎么申请"><p>{words}</p></Banner> }.into_any()
        }
        AppliedFor::Automatic => {
            view! { <Banner kind="info" title="不用申请"><p>"符合条件的，按名单发到您原来的账户。"</p></Banner> }.into_any()
        }
    };
    let draws = item.random_check.as_ref().map(|_| LinkItem {
        href: "/aid/random-checks".into(),
        title: "随机抽查的公布".into(),
        hint: "抽谁不由人挑，谁都能复算".into(),
        sign: String::new(),
    });
    let others = draws
        .into_iter()
        .chain([LinkItem {
            href: "/aid".into(),
            title: "别的救助和补贴".into(),
            hint: "低保、残疾人补贴、尊老金、孩子的保障等".into(),
            sign: String::new(),
        }])
        .collect::<Vec<_>>();
    let again = (item.applied_for == AppliedFor::Online)
        .then(|| view! { <ButtonLink href=apply>"开始申请"</ButtonLink> });
    view! {
        <Layout title=name back="/aid">
            <p class="xw-lead">{summary}</p>
            {begin}
            {cards}
            <Actions>{again}{phone}</Actions>
            <LinkList items=others/>
        </Layout>
    }
}
