//! A statement of one month, to keep on paper.

use jiff::civil::Date;
use leptos::prelude::*;

use super::{EntryLine, entry_row};
use crate::components::{
    Actions, Answer, Answers, Button, Card, ErrorSummary, Figure, Layout, LinkItem, LinkList, OptionGroup,
    QrCard, Select,
};
use crate::domain::time::Instant;
use crate::domain::timebank::minutes_text;
use crate::pages::Sent;

/// A statement, as its holder sees it.
#[derive(Clone)]
pub struct StatementView {
    /// The code as SVG.
    pub svg: String,
    /// 8 signs, shown 4-4.
    pub short_code: String,
    /// Its number.
    pub number: String,
    /// The masked name.
    pub name: String,
    /// The first day of its month.
    pub month: Date,
    /// Up to when it tells.
    pub through: Instant,
    /// Minutes at the beginning.
    pub opening: i64,
    /// Minutes at the end.
    pub closing: i64,
    /// Every entry between.
    pub entries: Vec<EntryLine>,
}

crate::masked_debug!(StatementView);

fn month_words(month: Date) -> String {
    format!("{} 年 {} 月", month.year(), month.month())
}

/// Which month, and the table of all services.
pub fn statement_form(sent: &Sent<String>, months: &[Date], key: &str) -> impl IntoView + use<> {
    let options =
        months.iter().map(|month| (month.strftime("%Y-%m").to_string(), month_words(*month))).collect();
    let groups = vec![OptionGroup { label: String::new(), options }];
    let (value, error, errors, key) =
        (sent.form.clone(), sent.error("month"), sent.summary(), key.to_owned());
    view! {
        <Layout title="对账单和记录" back="/timebank" narrow=true>
            <ErrorSummary errors/>
            <p class="xw-lead">"对账单上有签过名的二维码。打印出来收好：过很多年，谁扫一下都知道是真的。不收钱。"</p>
            <form method="post" action="/timebank/statement" novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Select name="month" label="哪个月" groups value error/>
                <Actions><Button>"出对账单"</Button></Actions>
            </form>
            <LinkList items=vec![
                LinkItem {
                    href: "/timebank/records.csv".into(),
                    title: "下载我的服务记录".into(),
                    hint: "表格，按志愿服务记录的项目；别的平台也能用".into(),
                    sign: String::new(),
                },
                LinkItem {
                    href: "/timebank/records.json".into(),
                    title: "下载给别的软件读的".into(),
                    hint: "同样的内容，JSON 格式".into(),
                    sign: String::new(),
                },
            ]/>
        </Layout>
    }
}

/// The statement.
pub fn statement(view: &StatementView) -> impl IntoView + use<> {
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let head = vec![
        row("编号", view.number.clone()),
        row("姓名", view.name.clone()),
        row("哪个月", month_words(view.month)),
        row("月初有", minutes_text(view.opening)),
        row("月末有", minutes_text(view.closing)),
        row("算到", view.through.shanghai_full()),
    ];
    let entries: Vec<_> = view.entries.iter().map(entry_row).collect();
    let lines = if entries.is_empty() {
        view! { <Card title="这个月的每一笔"><p>"这个月没有进出。"</p></Card> }.into_any()
    } else {
        view! { <Answers title="这个月的每一笔" rows=entries/> }.into_any()
    };
    let (svg, short_code, value) = (view.svg.clone(), view.short_code.clone(), minutes_text(view.closing));
    view! {
        <Layout title="时间银行对账单" back="/timebank" narrow=true>
            <Figure label="月末有" value/>
            <Answers title="对账单" rows=head/>
            {lines}
            <QrCard svg short_code caption="扫一下，就知道这张对账单是不是真的"/>
            <p class="xw-hint">"时间只能换服务，不是钱。二维码是登记部门的印记，不是您的签名。"</p>
        </Layout>
    }
}
