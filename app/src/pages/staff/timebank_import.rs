//! `/staff/timebank/import`: records of service that a volunteer brings from elsewhere, and what became of each line.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Me;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, Card, ErrorSummary, Field, StaffLayout, TextArea,
};
use crate::domain::timebank::{RECORD_COLUMNS, RECORDS_MAX, RecordFault, RecordsFault};
use crate::pages::Sent;

/// What was typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportForm {
    /// The volunteer's telephone.
    pub phone: String,
    /// The table or the JSON.
    pub lines: String,
}

crate::masked_debug!(ImportForm);

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    /// It was taken in.
    Taken,
    /// It was taken in before.
    Known,
    /// It was not taken in.
    Wrong(Vec<RecordFault>),
}

/// What is told about a line that was not taken in.
pub fn fault_words(fault: RecordFault) -> &'static str {
    match fault {
        RecordFault::Columns => "不是 8 列",
        RecordFault::Name => "姓名和登记的不一样",
        RecordFault::Day => "日期要写成 2026-12-01 这样",
        RecordFault::Future => "这一天还没有到",
        RecordFault::Text => "地点、内容、组织者都要写，每样不超过 100 个字",
        RecordFault::Minutes => "时长要写整数分钟，或者 1.5 这样的小时，一次不超过 48 小时",
        RecordFault::Differs => "小时和分钟对不上",
    }
}

/// Why nothing was read.
pub fn whole_words(fault: RecordsFault) -> &'static str {
    match fault {
        RecordsFault::Header => "表头和下面写的不一样，请照抄",
        RecordsFault::Quotes => "有一个引号没有成对",
        RecordsFault::Empty => "没有看到一条记录，请连表头一起粘贴",
        RecordsFault::TooMany => "一次最多 200 条，请分几次",
    }
}

fn became_words(became: &Became) -> String {
    match became {
        Became::Taken => "收下了".to_owned(),
        Became::Known => "以前收过，没有重复收".to_owned(),
        Became::Wrong(faults) => {
            let words: Vec<_> = faults.iter().map(|fault| fault_words(*fault)).collect();
            format!("没有收：{}", words.join("；"))
        }
    }
}

/// The form; after it was sent, what became of each line.
pub fn import(
    me: &Me,
    sent: &Sent<ImportForm>,
    whole: Option<RecordsFault>,
    report: &[(usize, Became)],
    key: &str,
) -> impl IntoView + use<> {
    let report = (!report.is_empty()).then(|| {
        let taken = report.iter().filter(|(_, became)| *became == Became::Taken).count();
        let wrong = report.iter().filter(|(_, became)| matches!(became, Became::Wrong(_))).count();
        let title = format!("收下 {taken} 条，没有收的 {wrong} 条");
        let kind = if wrong == 0 { "good" } else { "warn" };
        let rows = report
            .iter()
            .map(|(line, became)| Answer {
                label: format!("第 {line} 行"),
                value: became_words(became),
                ..Answer::default()
            })
            .collect();
        view! {
            <Banner kind title><p>"改好没有收的，整张表再导一次就行；收过的不会重复。"</p></Banner>
            <Answers title="每一行" rows/>
        }
    });
    let whole = whole.map(|fault| {
        let title = whole_words(fault);
        view! { <Banner kind="bad" title/> }
    });
    let (form, key, errors) = (sent.form.clone(), key.to_owned(), sent.summary());
    let [phone, lines] = ["phone", "lines"].map(|field| sent.error(field));
    let columns = RECORD_COLUMNS.join(",");
    view! {
        <StaffLayout title="收下别处的服务记录" back="/staff/timebank" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {whole}
            {report}
            <Card title="导入">
                <p>"志愿者从别的平台带来的记录，收下以后和我们的记录放在一起，他可以随时下载。只作记录，不换成这里的时间。"</p>
                <p>{format!("表格第一行照抄表头，一次最多 {RECORDS_MAX} 条；从我们这样的系统里下载的 JSON，也可以直接粘贴。")}</p>
                <pre class="xw-code">{columns}</pre>
                <form method="post" action="/staff/timebank/import" novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Field name="phone" label="志愿者的手机号" hint="登记志愿者时用的" inputmode="tel" value=form.phone error=phone maxlength=20/>
                    <TextArea name="lines" label="记录" value=form.lines error=lines rows=10/>
                    <Actions><Button>"导入"</Button></Actions>
                </form>
            </Card>
        </StaffLayout>
    }
}
