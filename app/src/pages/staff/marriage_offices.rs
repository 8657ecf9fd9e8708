//! `/staff/marriage-offices`: the offices that hold today, and the table that adds to them.

use leptos::prelude::*;

use super::Me;
use crate::components::{Actions, Banner, Button, Card, Empty, LinkItem, LinkList, StaffLayout, TextArea};
use crate::domain::marriage::{COLUMNS, ImportForm, LINES_MAX, LineProblem, Office, OfficeMode};
use crate::text::marriage::fault_words;

/// The page.
pub fn table(
    me: &Me,
    offices: &[Office],
    form: &ImportForm,
    problems: &[LineProblem],
    key: &str,
    taken: usize,
) -> impl IntoView + use<> {
    let report = (!problems.is_empty()).then(|| {
        let lines = problems
            .iter()
            .map(|problem| view! { <li>{format!("第 {} 行：{}", problem.line, fault_words(problem.fault))}</li> })
            .collect_view();
        view! {
            <Banner kind="bad" title="一家都没有导入，请改好下面这些再导一次"><ul>{lines}</ul></Banner>
        }
    });
    let done = (taken > 0).then(|| view! { <Banner kind="good" title=format!("导入了 {taken} 家")/> });
    let items: Vec<_> = offices
        .iter()
        .map(|office| {
            let mode = match office.mode {
                OfficeMode::Here => "在本系统办",
                OfficeMode::Elsewhere => "只有信息",
            };
            LinkItem {
                href: format!("/marriage/offices/{}", office.code),
                title: format!("{}（{}）", office.name, office.code),
                hint: format!("{mode}，{}{}，{}", office.province.name, office.city, office.source),
                sign: String::new(),
            }
        })
        .collect();
    let list = if items.is_empty() {
        view! { <Empty title="还没有登记处" hint="在上面导入一张表"/> }.into_any()
    } else {
        view! { <LinkList items/> }.into_any()
    };
    let (lines, key) = (form.lines.clone(), key.to_owned());
    let count = offices.len();
    view! {
        <StaffLayout title="婚姻登记处" back="/staff" name=me.name.clone() doors=me.doors()>
            {report}
            {done}
            <Card title="导入一张表">
                <p>{format!("第一行照抄表头，下面一行一家，一次最多 {LINES_MAX} 家。以前的信息不会改：有变化，写上从哪一天起，再导一行。")}</p>
                <p>"方式写 here 的，要先给这一家的登记员开好账号；最后一位登记员离岗，这一家就自动只有信息。"</p>
                <pre class="xw-code">{COLUMNS.join(",")}</pre>
                <form method="post" action="/staff/marriage-offices" novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <TextArea name="lines" label="表的内容（CSV）" value=lines rows=10/>
                    <Actions><Button>"导入"</Button></Actions>
                </form>
            </Card>
            <Card title=format!("今天的 {count} 家")>{list}</Card>
        </StaffLayout>
    }
}
