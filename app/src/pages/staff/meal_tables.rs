//! `/staff/meal-tables`: what meals are subsidised by, from which day on and by which document; and whom one table changes.

use jiff::civil::Date;
use leptos::prelude::*;

use super::Me;
use super::standards::deed_words;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, Card, Checkbox, Empty, ErrorSummary, Fact, Facts, Field,
    LinkItem, LinkList, OptionGroup, Select, StaffLayout, TextArea,
};
use crate::domain::aid::standards::WithdrawalForm;
use crate::domain::area::{district, street, streets};
use crate::domain::meals::{
    HujiRule, KeptTable, Level, SampleEater, SubsidyTable, TableForm, Tier, TierChange, TierProblem, TierSaid,
};
use crate::pages::Sent;
use crate::text::meals::{
    AS_PUBLISHED, huji_label, huji_rule_label, level_label, status_label, tier_problem_words, unset_words,
};
use crate::text::standards::day_words;

/// A table that is being entered.
#[derive(Clone, Debug)]
pub struct Entering {
    /// As typed.
    pub sent: Sent<TableForm>,
    /// The lines that are wrong.
    pub lines: Vec<(usize, TierProblem)>,
    /// The key of the form.
    pub key: String,
}

/// One table with what it changes.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The table.
    pub kept: KeptTable,
    /// Whoever looks at it entered it.
    pub own: bool,
    /// How many sample people there are.
    pub samples: usize,
    /// Those whom it touches.
    pub changes: Vec<TierChange>,
}

fn place_words(place: &str) -> String {
    match street(place) {
        Some(street) => street.name.to_owned(),
        None => "全区".to_owned(),
    }
}

fn title(table: &SubsidyTable) -> String {
    let sample = if table.sample { "（示例）" } else { "" };
    format!("{}：{}{sample}", level_label(table.level), place_words(&table.place))
}

/// The table of that level and place that holds on a day: as prices are worked out, the file's first and what was approved behind it.
fn holds_now(table: &SubsidyTable, all: &[&SubsidyTable], today: Date) -> bool {
    let same = all.iter().filter(|of| of.level == table.level && of.place == table.place);
    let on =
        same.filter(|of| of.effective_from <= today && of.effective_until.is_none_or(|until| today <= until));
    on.max_by_key(|of| of.effective_from).is_some_and(|of| **of == *table)
}

fn when(table: &SubsidyTable, all: &[&SubsidyTable], today: Date) -> &'static str {
    if holds_now(table, all, today) {
        "现在执行"
    } else if table.effective_from > today {
        "还没到日子"
    } else {
        "以前"
    }
}

fn item(line: &KeptTable, all: &[&SubsidyTable], today: Date) -> LinkItem {
    let state = if line.withdrawn.is_some() {
        "已撤回"
    } else if line.waits() {
        "等着批准"
    } else {
        when(&line.table, all, today)
    };
    LinkItem {
        href: format!("/staff/meal-tables/{}", line.id),
        title: title(&line.table),
        hint: format!("{state}，{}起，{}", day_words(line.table.effective_from), line.table.source),
        sign: String::new(),
    }
}

fn tier_words(tier: &Tier) -> String {
    let ages = match tier.to_age {
        Some(oldest) => format!("{} 到 {oldest} 岁", tier.from_age),
        None => format!("{} 岁起", tier.from_age),
    };
    let statuses: Vec<_> = tier.statuses.iter().map(|status| status_label(*status)).collect();
    let who = if statuses.is_empty() { ages } else { format!("{ages}，{}", statuses.join("、")) };
    let amount = match tier.fen {
        Some(_) => format!("{} 元", tier.amount().yuan()),
        None => AS_PUBLISHED.to_owned(),
    };
    format!("{who}：{amount}")
}

fn groups<T: Copy>(all: &[T], slug: fn(T) -> &'static str, label: fn(T) -> &'static str) -> Vec<OptionGroup> {
    let options = all.iter().map(|of| (slug(*of).to_owned(), label(*of).to_owned())).collect();
    vec![OptionGroup { label: String::new(), options }]
}

fn places() -> Vec<OptionGroup> {
    let whole = (district().to_owned(), "全区".to_owned());
    let each = streets().iter().map(|street| (street.code.to_owned(), street.name.to_owned()));
    let options = std::iter::once(whole).chain(each).collect();
    vec![OptionGroup { label: String::new(), options }]
}

fn form(entering: &Entering) -> impl IntoView + use<> {
    let sent = &entering.sent;
    let [level, place, day, document, huji, per_day, per_month, tiers] =
        ["level", "place", "effective_from", "document", "huji", "per_day", "per_month", "tiers"]
            .map(|field| sent.error(field));
    let (form, key) = (sent.form.clone(), entering.key.clone());
    view! {
        <form method="post" action="/staff/meal-tables" novalidate class="xw-form">
            <input type="hidden" name="idempotency_key" value=key/>
            <Select name="level" label="谁来补" groups=groups(Level::ALL, Level::as_str, level_label) value=form.level error=level/>
            <Select name="place" label="补给住在哪里的人" groups=places() value=form.place error=place/>
            <Field name="effective_from" label="从哪一天的餐起执行" hint="比如 2026-12-01" value=form.effective_from error=day maxlength=30/>
            <Field name="document" label="文件号" hint="照着文件写全" value=form.document error=document maxlength=120/>
            <Select name="huji" label="户籍" groups=groups(HujiRule::ALL, HujiRule::as_str, huji_rule_label) value=form.huji error=huji/>
            <Field name="per_day" label="一个人一天最多补几餐" hint="1 到 3；不限就空着" optional=true inputmode="numeric" value=form.per_day error=per_day maxlength=3/>
            <Field name="per_month" label="一个人一个月最多补几餐" hint="1 到 93；不限就空着" optional=true inputmode="numeric" value=form.per_month error=per_month maxlength=3/>
            <Checkbox name="full_board" label="住在包饭的养老机构的不补" checked=form.full_board == "yes"/>
            <TextArea
                name="tiers"
                label="一行一档"
                hint="名称，从几岁，到几岁，身份，一餐补几元。没有的留空：「80 岁以上，80，，，4」「低保，60，，低保，6.5」。还没有公布的金额留空，什么都不补写「不补」"
                value=form.tiers
                error=tiers
                rows=8
            />
            <Actions><Button>"录入，请另一位批准"</Button></Actions>
        </form>
    }
}

/// The list and the form.
pub fn list(
    me: &Me,
    (lines, of_file): (&[KeptTable], &[SubsidyTable]),
    today: Date,
    entering: &Entering,
) -> impl IntoView + use<> {
    let approved = lines.iter().rev().filter(|line| line.holds()).map(|line| &line.table);
    let all: Vec<&SubsidyTable> = of_file.iter().chain(approved).collect();
    let part = |waits: bool| -> Vec<_> {
        lines.iter().filter(|line| line.waits() == waits).map(|line| item(line, &all, today)).collect()
    };
    let card = |title: &'static str, items: Vec<LinkItem>| {
        (!items.is_empty()).then(|| view! { <Card title><LinkList items/></Card> })
    };
    let (waiting, entered) = (card("等着批准", part(true)), card("录入的", part(false)));
    let facts: Vec<_> = of_file
        .iter()
        .map(|table| Fact {
            title: title(table),
            body: table.tiers.iter().map(tier_words).collect::<Vec<_>>().join("\n"),
            source: table.source.clone(),
            since: format!("{}起，{}", day_words(table.effective_from), when(table, &all, today)),
            sample: table.sample,
        })
        .collect();
    let file = if facts.is_empty() {
        view! { <Empty title="设置文件里没有表" hint="没有表的，居民看到的是“以街道公布为准，到点支付”"/> }
            .into_any()
    } else {
        view! { <Card title="设置文件里的"><Facts facts/></Card> }.into_any()
    };
    let mut errors = entering.sent.summary();
    errors.extend(
        entering.lines.iter().map(|(at, problem)| {
            ("tiers".to_owned(), format!("第 {at} 行：{}", tier_problem_words(problem)))
        }),
    );
    let form = form(entering);
    view! {
        <StaffLayout title="助餐补贴" back="/staff" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            <p>"一个人录入，另一位管理员批准以后，从那一天的餐起按新表算，不用重启。已经订好的餐还按订的时候的表。"</p>
            {waiting}
            {entered}
            {file}
            <Card title="录入一张表">{form}</Card>
        </StaffLayout>
    }
}

fn said_words(said: &TierSaid) -> String {
    match said {
        Ok(Some((name, amount))) => format!("「{name}」{} 元", amount.yuan()),
        Ok(None) => "不补".to_owned(),
        Err(why) => format!("{AS_PUBLISHED}（{}）", unset_words(*why)),
    }
}

fn sample_words(sample: &SampleEater) -> String {
    match sample.status {
        Some(status) => format!("{} 岁，{}", sample.age, status_label(status)),
        None => format!("{} 岁，户籍{}", sample.age, huji_label(sample.huji)),
    }
}

fn changes(shown: &Shown) -> impl IntoView + use<> {
    let facts: Vec<_> = shown
        .changes
        .iter()
        .map(|change| Fact {
            title: sample_words(&change.sample),
            body: format!("{} → {}", said_words(&change.before), said_words(&change.after)),
            ..Fact::default()
        })
        .collect();
    let words = format!(
        "{} 位样例老人里有 {} 位会变。样例是编出来的：各种年龄和身份，户籍在本区、本市、外地。",
        shown.samples,
        shown.changes.len()
    );
    view! { <Card title="哪些人的档会变"><p>{words}</p><Facts facts/></Card> }
}

/// One table.
pub fn table(me: &Me, shown: &Shown, sent: &Sent<WithdrawalForm>) -> impl IntoView + use<> {
    let (kept, table) = (&shown.kept, &shown.kept.table);
    let base = format!("/staff/meal-tables/{}", kept.id);
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let cap = |cap: Option<u32>| cap.map_or_else(|| "不限".to_owned(), |cap| format!("{cap} 餐"));
    let mut rows = vec![
        row("从哪一天的餐起", day_words(table.effective_from)),
        row("文件号", table.source.clone()),
        row("户籍", huji_rule_label(table.huji).to_owned()),
        row("一天最多补", cap(table.per_day)),
        row("一个月最多补", cap(table.per_month)),
    ];
    if !table.without.is_empty() {
        let without: Vec<_> = table.without.iter().map(|status| status_label(*status)).collect();
        rows.push(row("不补的", without.join("、")));
    }
    if table.tiers.is_empty() {
        rows.push(row("各档", "这一级什么都不补".to_owned()));
    }
    rows.extend(table.tiers.iter().map(|tier| row(&tier.name, tier_words(tier))));
    rows.push(row("录入", deed_words(&kept.entered)));
    rows.push(row("批准", kept.approved.as_ref().map_or_else(|| "还没有".to_owned(), deed_words)));
    if let Some((deed, why)) = &kept.withdrawn {
        rows.push(row("撤回", format!("{}，{why}", deed_words(deed))));
    }
    let approve = kept.waits().then(|| {
        if shown.own {
            view! { <Banner kind="info" title="要请另一位管理员批准"><p>"这张表是您自己录入的，不能自己批准。"</p></Banner> }
                .into_any()
        } else {
            view! {
                <form method="post" action=format!("{base}/approve")>
                    <Actions><Button>"批准"</Button></Actions>
                </form>
            }
            .into_any()
        }
    });
    let (why, typed) = (sent.error("why"), sent.form.why.clone());
    let withdraw = kept.withdrawn.is_none().then(|| {
        view! {
            <Card title="撤回">
                <p>"撤回以后不再执行，这张表和原因都还留着；按它订好的餐不变。"</p>
                <form method="post" action=format!("{base}/withdraw") novalidate class="xw-form">
                    <Field name="why" label="为什么撤回" value=typed error=why maxlength=120/>
                    <Button kind="danger">"撤回这张表"</Button>
                </form>
            </Card>
        }
    });
    let errors = sent.summary();
    let (title, changes) = (title(table), changes(shown));
    view! {
        <StaffLayout title=title back="/staff/meal-tables" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            <Answers title="这张表" rows/>
            {changes}
            {approve}
            {withdraw}
        </StaffLayout>
    }
}
