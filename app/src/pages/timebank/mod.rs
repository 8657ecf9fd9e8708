//! `/timebank`: what it is, one's own hours, and needs near by.

mod certificate;
mod event;
mod gift;
mod need;
mod sign;
mod spend;
mod statement;
mod ward;

use leptos::prelude::*;

use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Checkbox, Empty, ErrorSummary, Figure,
    Layout, LinkItem, LinkList, OptionGroup, Radios, Select,
};
use crate::domain::area;
use crate::domain::time::Instant;
use crate::domain::timebank::{
    BankRules, Credits, DayPart, EntryKind, FreeDay, GiftCircle, Language, MinorRule, Skill, Totals,
    VolunteerForm, minutes_text, service_kinds,
};
use crate::pages::{Sent, choices};
use crate::text::timebank::{TERMS, day_label, entry_label, language_label, part_label, skill_label};
use crate::visit::PageContext;

pub use certificate::{ALL_YEARS, CertificateView, certificate, certificate_form};
pub use event::{EventView, event, events, place_label};
pub use gift::{gift, surplus};
pub use need::{NeedView, Role, need, needs};
pub use sign::{SignView, code, sign};
pub use spend::{NotNow, donate, order};
pub use statement::{StatementView, statement, statement_form};
pub use ward::{WardKind, WardView, wards};

/// One line of one's own ledger.
#[derive(Clone, Debug)]
pub struct EntryLine {
    /// When.
    pub at: Instant,
    /// Why.
    pub kind: EntryKind,
    /// How many minutes came, or went where less than zero.
    pub minutes: i64,
    /// What was left then.
    pub after: i64,
}

/// What somebody who is signed in has in the bank.
#[derive(Clone, Debug, Default)]
pub struct OwnBank {
    /// Minutes to spend.
    pub balance: i64,
    /// The newest entries.
    pub entries: Vec<EntryLine>,
    /// Needs that are theirs, as rows that lead to them.
    pub mine: Vec<LinkItem>,
    /// Whether they give service.
    pub volunteer: bool,
    /// Minutes above the cap, to give or to leave.
    pub surplus: i64,
    /// They act as guardian for a child.
    pub guardian: bool,
    /// The hours wait: they can't be used now.
    pub frozen: bool,
}

fn terms() -> impl IntoView {
    let items = TERMS.iter().map(|term| view! { <li>{*term}</li> }).collect_view();
    view! { <Card title="先说清楚"><ul>{items}</ul></Card> }
}

fn entry_row(line: &EntryLine) -> Answer {
    let moved = if line.minutes < 0 {
        format!("用去 {}", minutes_text(-line.minutes))
    } else {
        format!("得到 {}", minutes_text(line.minutes))
    };
    Answer {
        label: format!("{} {}", line.at.shanghai_text(), entry_label(line.kind)),
        value: format!("{moved}，当时共有 {}", minutes_text(line.after)),
        ..Answer::default()
    }
}

fn balance(bank: &OwnBank, rules: &BankRules) -> AnyView {
    let hint = crate::domain::timebank::Minutes::new(rules.minutes_each).map(|each| {
        let Credits { whole, minutes_left } = Credits::of(bank.balance, each);
        match minutes_left {
            0 => format!("就是 {whole} 个时间币；不是钱，只能换服务"),
            left => format!("就是 {whole} 个时间币，还多 {left} 分钟；不是钱，只能换服务"),
        }
    });
    let value = minutes_text(bank.balance);
    view! { <Figure label="我现在有" value hint=hint.unwrap_or_default()/> }.into_any()
}

/// The page: for everybody what it is; for who is signed in first what they have.
pub fn home(own: Option<&OwnBank>, rules: &BankRules) -> impl IntoView + use<> {
    let top = match own {
        Some(bank) => {
            let rows: Vec<_> = bank.entries.iter().map(entry_row).collect();
            let entries = (!rows.is_empty()).then(|| view! { <Answers title="我的时间记录" rows/> });
            let items = bank.mine.clone();
            let mine = (!items.is_empty())
                .then(|| view! { <Card title="我给的和得到的服务"><LinkList items/></Card> });
            let act = if bank.volunteer {
                view! {
                    <ButtonLink href="/timebank/needs">"看看附近谁需要帮忙"</ButtonLink>
                    <ButtonLink href="/timebank/volunteer" kind="secondary">"改我能做的"</ButtonLink>
                }
                .into_any()
            } else {
                view! { <ButtonLink href="/timebank/volunteer">"我想当志愿者"</ButtonLink> }.into_any()
            };
            let mut uses = vec![
                LinkItem {
                    href: "/timebank/order".into(),
                    title: "用时间换服务".into(),
                    hint: format!("满 {} 周岁可以用；时间先留着，做完才用掉", rules.spend_age),
                    sign: String::new(),
                },
                LinkItem {
                    href: "/timebank/donate".into(),
                    title: "捐时间".into(),
                    hint: "给没有存过时间的人用".into(),
                    sign: String::new(),
                },
                LinkItem {
                    href: "/timebank/events".into(),
                    title: "集体活动".into(),
                    hint: "大家一起做的，先报名，到了签到".into(),
                    sign: String::new(),
                },
                LinkItem {
                    href: "/timebank/certificate".into(),
                    title: "服务证明".into(),
                    hint: "做过的服务，自己出证明；不收钱".into(),
                    sign: String::new(),
                },
                LinkItem {
                    href: "/timebank/statement".into(),
                    title: "对账单和服务记录".into(),
                    hint: "签过名的，可以打印收好；不收钱".into(),
                    sign: String::new(),
                },
            ];
            if bank.volunteer {
                uses.push(LinkItem {
                    href: "/meals/tours".into(),
                    title: "送餐".into(),
                    hint: "助餐点分给我的，今天要送到谁家".into(),
                    sign: String::new(),
                });
            }
            if bank.guardian && rules.minors != MinorRule::Nobody {
                uses.push(LinkItem {
                    href: "/timebank/wards".into(),
                    title: "孩子做志愿者".into(),
                    hint: "没满 18 周岁的，要您先同意".into(),
                    sign: String::new(),
                });
            }
            if rules.gift != GiftCircle::Nobody {
                uses.push(LinkItem {
                    href: "/timebank/gift".into(),
                    title: if rules.gift == GiftCircle::Lineal { "送给家里人" } else { "送给别人" }.into(),
                    hint: "送出去的拿不回来，请想好".into(),
                    sign: String::new(),
                });
            }
            let frozen = bank.frozen.then(|| {
                view! {
                    <Banner kind="warn" title="您的时间先冻结了">
                        <p>"一分钟也不会少，只是现在不能用。为什么、怎么办，请打服务电话，或者到社区问。"</p>
                    </Banner>
                }
            });
            let surplus = (bank.surplus > 0).then(|| {
                let title = format!("有 {} 超过了上限", minutes_text(bank.surplus));
                view! {
                    <Banner kind="info" title>
                        <p>"捐不捐，由您定。"<a class="xw-alone" href="/timebank/surplus">"看看怎么办"</a></p>
                    </Banner>
                }
            });
            view! { {balance(bank, rules)} {frozen} {surplus} <Actions>{act}</Actions> {mine} <LinkList items=uses/> {entries} }
                .into_any()
        }
        None => view! {
            <Actions><ButtonLink href="/timebank/volunteer">"我想当志愿者"</ButtonLink></Actions>
        }
        .into_any(),
    };
    view! {
        <Layout title="时间银行" back="/">
            <p class="xw-lead">"有空的时候帮帮邻居，时间记下来；将来自己需要，用这些时间换别人的帮忙。"</p>
            {top}
            <Banner kind="info" title="需要人帮忙？">
                <p>"陪聊天、代买东西、陪着看病：打电话给社区，工作人员替您登记，不用手机。没有存过时间的，也可以请人帮忙。"</p>
            </Banner>
            {terms()}
            <LinkList items=vec![LinkItem {
                href: "/timebank/totals".into(),
                title: "所有时间去了哪里".into(),
                hint: "发出的、存着的、用掉的，天天对得上；没有名字".into(),
                sign: String::new(),
            }]/>
        </Layout>
    }
}

/// What became of all hours, without a name.
pub fn totals(totals: &Totals, now: Instant) -> impl IntoView + use<> {
    let row = |label: &str, minutes: i64| Answer {
        label: label.to_owned(),
        value: minutes_text(minutes),
        ..Answer::default()
    };
    let rows = vec![
        row("大家存着的", totals.held),
        row("已经换了服务的", totals.spent),
        row("捐在时间池里的", totals.donated),
        row("到期的", totals.expired),
    ];
    let sum = if totals.add_up() {
        view! { <Banner kind="good" title="对得上"><p>"发出的，等于下面四项加起来。"</p></Banner> }.into_any()
    } else {
        view! { <Banner kind="warn" title="现在对不上"><p>"正在查。请打服务电话问。"</p></Banner> }.into_any()
    };
    let (value, hint) = (minutes_text(totals.issued), format!("到 {} 为止", now.shanghai_full()));
    view! {
        <Layout title="所有时间去了哪里" back="/timebank" narrow=true>
            <Figure label="一共发出" value hint/>
            {sum}
            <Answers title="去了哪里" rows/>
            <p class="xw-hint">"这里没有任何人的名字，也没有排名。每一笔都记在一本只能往后写、改了就会被发现的账上。"</p>
        </Layout>
    }
}

/// A box for each of what may be chosen, named `prefix-slug`.
fn boxes_of<T: Copy>(
    prefix: &str,
    offered: &[T],
    words: impl Fn(T) -> (&'static str, &'static str),
    chosen: &[String],
) -> AnyView {
    let one = |of: &T| {
        let (slug, label) = words(*of);
        let (name, checked) = (format!("{prefix}-{slug}"), chosen.iter().any(|kept| kept == slug));
        view! { <Checkbox name label checked/> }
    };
    offered.iter().map(one).collect_view().into_any()
}

/// Why somebody cannot register yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotYet {
    /// Their name was not checked.
    NotVerified,
    /// They are too young for themselves; this is the age.
    TooYoung(i16),
}

/// The volunteer's form, or what comes before it.
pub fn volunteer(
    sent: &Sent<VolunteerForm>,
    key: &str,
    not_yet: Option<NotYet>,
    minor: bool,
) -> impl IntoView + use<> {
    let guardian = (minor && not_yet.is_none()).then(|| {
        view! {
            <Banner kind="info" title="您还没满 18 周岁">
                <p>"登记以后，请监护人在「时间银行」的「孩子做志愿者」里一样一样地同意，才能去。"</p>
            </Banner>
        }
    });
    let body = match not_yet {
        Some(NotYet::NotVerified) => view! {
            <Banner kind="warn" title="还差一步：核对姓名">
                <p>"当志愿者要实名。请带身份证到社区或街道窗口，当面看一眼就行；用政务账号登录过的，不用再去。"</p>
            </Banner>
        }
        .into_any(),
        Some(NotYet::TooYoung(age)) => {
            let title = format!("满 {age} 周岁再来登记");
            view! {
                <Banner kind="info" title>
                    <p>"没到年龄的，可以由监护人和学校、社区一起安排参加集体活动，请打电话问社区。"</p>
                </Banner>
            }
            .into_any()
        }
        None => {
            let boxes = service_kinds()
                .iter()
                .map(|kind| {
                    let name = format!("kind-{}", kind.slug);
                    let mut hint = format!("满 {} 周岁；{}", kind.least_age, kind.never.join("；"));
                    if !kind.skill.is_empty() {
                        hint = format!("要{}；{hint}", kind.skill);
                    }
                    if kind.insurance {
                        hint.push_str("；先买好意外险再去");
                    }
                    if kind.sample {
                        hint.push_str("（示例）");
                    }
                    let (error, checked) = (sent.error(&name), sent.form.kinds.contains(&kind.slug));
                    view! { <Checkbox name label=kind.name.clone() hint error checked/> }
                })
                .collect_view();
            let form = &sent.form;
            let days = boxes_of("free", FreeDay::ALL, |day| (day.as_str(), day_label(day)), &form.days);
            let parts = boxes_of("part", DayPart::ALL, |part| (part.as_str(), part_label(part)), &form.parts);
            let skills =
                boxes_of("skill", Skill::ALL, |skill| (skill.as_str(), skill_label(skill)), &form.skills);
            let also = boxes_of("also", area::streets(), |street| (street.code, street.name), &form.also);
            let groups = vec![OptionGroup {
                label: String::new(),
                options: area::streets().iter().map(|street| (street.code.into(), street.name.into())).collect(),
            }];
            let languages = choices!(Language::ALL, language_label, |_| None);
            let (street, language) = (sent.form.street.clone(), sent.form.language.clone());
            let [street_error, language_error, agreed_error] =
                ["street", "language", "agreed"].map(|field| sent.error(field));
            let (key, agreed) = (key.to_owned(), sent.form.agreed == "yes");
            view! {
                <form method="post" action="/timebank/volunteer" novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Card title="我能做的">{boxes}</Card>
                    <Card title="还会什么（没有的不用选）">{skills}</Card>
                    <Select name="street" label="在哪个街道帮忙方便" groups value=street error=street_error/>
                    <Card title="这些街道也可以去（没有的不用选）">{also}</Card>
                    <Radios name="language" legend="说什么话" options=languages value=language error=language_error/>
                    <Card title="哪几天有空">
                        <p>"说不准的不用选。选了，合适的会排在前面，别的也照样看得到。"</p>
                        {days}
                    </Card>
                    <Card title="什么时候有空">{parts}</Card>
                    <Checkbox name="agreed" label="上面说的我都看过，愿意照着做" error=agreed_error checked=agreed/>
                    <Actions><Button>"登记当志愿者"</Button></Actions>
                </form>
            }
            .into_any()
        }
    };
    let errors = sent.summary();
    view! {
        <Layout title="当志愿者" back="/timebank" narrow=true>
            <ErrorSummary errors/>
            {terms()}
            {guardian}
            {body}
        </Layout>
    }
}

/// The module of the pages on which a service begins and ends, and where it says what waits on the device.
fn kept_script() -> impl IntoView {
    let nonce = expect_context::<PageContext>().visit.nonce;
    view! {
        <div data-told="" hidden="" role="status" class="xw-hint"></div>
        <script type="module" src="/timebank-sign.js" nonce=nonce></script>
    }
}

/// A form of one act of a page; each has a key of its own: two acts of one page are two acts.
pub(in crate::pages) fn act_form(action: String, key: &str, act: &'static str, inside: AnyView) -> AnyView {
    let key = format!("{key}{}", act.replace('-', ""));
    view! {
        <form method="post" action=action novalidate class="xw-form">
            <input type="hidden" name="idempotency_key" value=key/>
            <input type="hidden" name="act" value=act/>
            {inside}
        </form>
    }
    .into_any()
}

/// Nothing to do here.
fn nothing(title: &'static str, hint: &'static str) -> AnyView {
    view! { <Empty title hint/> }.into_any()
}
