//! `/staff/standards`: what holds today, what is to come, what waits for a second person; and what one value changes.

use jiff::civil::Date;
use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, ErrorSummary, Fact, Facts, Field, LinkItem,
    LinkList, OptionGroup, Select, StaffLayout,
};
use crate::domain::aid::standard_changes::{FamilyChange, growth};
use crate::domain::aid::standards::{
    Deed, KeptStandard, Standard, StandardForm, StandardKey, Standards, WithdrawalForm,
};
use crate::pages::Sent;
use crate::text::screener::item_name;
use crate::text::standards::{day_words, difference_words, key_label, said_words, unit_words, value_words};

/// One value with what it changes.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The value.
    pub value: KeptStandard,
    /// Whoever looks at it entered it.
    pub own: bool,
    /// What held before it on its first day.
    pub before: Option<Standard>,
    /// How many sample families there are.
    pub families: usize,
    /// Those that it touches.
    pub changes: Vec<FamilyChange>,
}

fn words(standard: &Standard) -> String {
    let sample = if standard.sample { "（示例）" } else { "" };
    format!("{}{sample}", value_words(standard.key, standard.value))
}

fn state(line: &KeptStandard, holds: Option<&Standard>, today: Date) -> &'static str {
    if line.withdrawn.is_some() {
        "已撤回"
    } else if line.waits() {
        "等着批准"
    } else if holds == Some(&line.standard) {
        "现在执行"
    } else if line.standard.effective_from > today {
        "还没到日子"
    } else {
        "以前"
    }
}

fn item(line: &KeptStandard, title: String, state: &str) -> LinkItem {
    let (day, document) = (day_words(line.standard.effective_from), &line.standard.document);
    LinkItem {
        href: format!("/staff/standards/{}", line.id),
        title,
        hint: format!("{state}，{day}起，{document}"),
        sign: String::new(),
    }
}

/// One standard with all its values, the newest day first.
fn of_key(key: StandardKey, lines: &[KeptStandard], today: Date) -> Option<impl IntoView + use<>> {
    let holding = lines.iter().rev().filter(|line| line.holds());
    let standards = Standards::national().with(holding.map(|line| line.standard.clone()));
    let holds = standards.on(key, today);
    let items: Vec<_> = lines
        .iter()
        .filter(|line| line.standard.key == key)
        .map(|line| item(line, words(&line.standard), state(line, holds, today)))
        .collect();
    let national = Standards::national().on(key, today).map(|national| Fact {
        title: format!("全国：{}", words(national)),
        body: if holds == Some(national) {
            "现在执行".to_owned()
        } else {
            "被本地的数代替".to_owned()
        },
        source: national.document.clone(),
        since: format!("{}起", day_words(national.effective_from)),
        sample: false,
    });
    let known = national.is_some() || !items.is_empty();
    known.then(|| {
        let links = (!items.is_empty()).then(|| view! { <LinkList items/> });
        view! {
            <Card title=key_label(key)>
                {national.map(|fact| view! { <Facts facts=vec![fact]/> })}
                {links}
            </Card>
        }
    })
}

fn keys() -> Vec<OptionGroup> {
    let label = |key: StandardKey| format!("{}（{}）", key_label(key), unit_words(key));
    let options = StandardKey::ALL.iter().map(|key| (key.as_str().to_owned(), label(*key))).collect();
    vec![OptionGroup { label: String::new(), options }]
}

/// The list and the form.
pub fn list(
    me: &Me,
    lines: &[KeptStandard],
    today: Date,
    sent: &Sent<StandardForm>,
    key: &str,
) -> impl IntoView + use<> {
    let waiting: Vec<_> = lines
        .iter()
        .filter(|line| line.waits())
        .map(|line| {
            item(line, format!("{}：{}", key_label(line.standard.key), words(&line.standard)), "等着批准")
        })
        .collect();
    let waiting =
        (!waiting.is_empty()).then(|| view! { <Card title="等着批准"><LinkList items=waiting/></Card> });
    let known = StandardKey::ALL.iter().map(|key| of_key(*key, lines, today)).collect_view();
    let unknown: Vec<_> = StandardKey::ALL
        .iter()
        .filter(|key| {
            Standards::national().on(**key, today).is_none()
                && lines.iter().all(|line| line.standard.key != **key)
        })
        .map(|key| key_label(*key))
        .collect();
    let unknown = (!unknown.is_empty()).then(|| {
        let names = unknown.join("、");
        view! { <Card title="还没有数的"><p>{format!("{names}。居民看到的是“以街道公布为准”。")}</p></Card> }
    });
    let errors = sent.summary();
    let [of, value, day, document] =
        ["key", "value", "effective_from", "document"].map(|field| sent.error(field));
    let (form, key) = (sent.form.clone(), key.to_owned());
    view! {
        <StaffLayout title="救助标准" back="/staff" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            <p>"一个人录入，另一位管理员批准以后才执行。以前办的事还按当时的数，不会跟着变。"</p>
            <Actions><ButtonLink href="#add" kind="secondary">"录入一个数"</ButtonLink></Actions>
            {waiting}
            {known}
            {unknown}
            <div id="add">
                <Card title="录入一个数">
                    <form method="post" action="/staff/standards" novalidate class="xw-form">
                        <input type="hidden" name="idempotency_key" value=key/>
                        <Select name="key" label="哪一项标准" groups=keys() value=form.key error=of/>
                        <Field name="value" label="数值" hint="只写数，比如 1010 或 1.5" inputmode="decimal" value=form.value error=value maxlength=30/>
                        <Field name="effective_from" label="从哪一天起执行" hint="比如 2026-07-01" value=form.effective_from error=day maxlength=30/>
                        <Field name="document" label="文件号" hint="照着文件写全" value=form.document error=document maxlength=120/>
                        <Actions><Button>"录入，请另一位批准"</Button></Actions>
                    </form>
                </Card>
            </div>
        </StaffLayout>
    }
}

/// Who did something, and when.
pub(super) fn deed_words(deed: &Deed) -> String {
    let name = if deed.name.is_empty() { "示例人员" } else { &deed.name };
    format!("{name}，{}", deed.at.shanghai_full())
}

fn families(shown: &Shown) -> impl IntoView + use<> {
    let (changed, all) = (shown.changes.len(), shown.families);
    let facts: Vec<_> = shown
        .changes
        .iter()
        .map(|change| {
            let lines = change.items.iter().map(|item| {
                format!("{}：{} → {}", item_name(item.item), said_words(item.before), said_words(item.after))
            });
            Fact {
                title: change.family.clone(),
                body: lines.collect::<Vec<_>>().join("\n"),
                ..Fact::default()
            }
        })
        .collect();
    view! {
        <Card title="哪些样例家庭会变">
            <p>{format!("{all} 个样例家庭里有 {changed} 个会变。样例家庭是编出来的，不是真的人家。")}</p>
            <Facts facts/>
        </Card>
    }
}

/// One value.
pub fn value(me: &Me, shown: &Shown, sent: &Sent<WithdrawalForm>) -> impl IntoView + use<> {
    let line = &shown.value;
    let standard = &line.standard;
    let base = format!("/staff/standards/{}", line.id);
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let mut rows = vec![row("新的数", words(standard))];
    match &shown.before {
        Some(before) => {
            rows.insert(0, row("原来的数", format!("{}，{}", words(before), before.document)));
            let grown = growth(before.value, standard.value);
            rows.push(row("差多少", difference_words(standard.key, before.value, standard.value, grown)));
        }
        None => rows.insert(0, row("原来的数", "没有".to_owned())),
    }
    rows.push(row("从哪一天起", day_words(standard.effective_from)));
    rows.push(row("文件号", standard.document.clone()));
    rows.push(row("录入", deed_words(&line.entered)));
    rows.push(row("批准", line.approved.as_ref().map_or_else(|| "还没有".to_owned(), deed_words)));
    if let Some((deed, why)) = &line.withdrawn {
        rows.push(row("撤回", format!("{}，{why}", deed_words(deed))));
    }
    let approve = line.waits().then(|| {
        if shown.own {
            view! { <Banner kind="info" title="要请另一位管理员批准"><p>"这个数是您自己录入的，不能自己批准。"</p></Banner> }
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
    let why = sent.error("why");
    let typed = sent.form.why.clone();
    let withdraw = line.withdrawn.is_none().then(|| {
        view! {
            <Card title="撤回">
                <p>"撤回以后不再执行，这一条和原因都还留着。"</p>
                <form method="post" action=format!("{base}/withdraw") novalidate class="xw-form">
                    <Field name="why" label="为什么撤回" value=typed error=why maxlength=120/>
                    <Button kind="danger">"撤回这个数"</Button>
                </form>
            </Card>
        }
    });
    let errors = sent.summary();
    let (title, families) = (key_label(standard.key), families(shown));
    view! {
        <StaffLayout title=title back="/staff/standards" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            <Answers title="这个数" rows/>
            {families}
            {approve}
            {withdraw}
        </StaffLayout>
    }
}
