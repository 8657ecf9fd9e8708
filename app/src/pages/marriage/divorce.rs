//! When both come again for a divorce: a day is asked for, and nothing else.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::components::{Actions, Answer, Answers, Banner, Button, ButtonLink, ErrorSummary, Field, Layout};
use crate::domain::calendar::Calendar;
use crate::domain::marriage::{AcceptedForm, second_visit};
use crate::domain::time::date_text;
use crate::pages::Sent;

/// The days of the second visit that follow from the day of acceptance.
pub(super) fn window_answer(accepted: Date) -> AnyView {
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    match second_visit(accepted, Calendar::embedded()) {
        Some(window) => {
            let rows = vec![
                row("受理的日子（以回执为准）", date_text(accepted)),
                row("冷静期最后一天", date_text(window.cooling_ends)),
                row("第二次最早哪天去", date_text(window.from)),
                row("第二次最晚哪天去", date_text(window.until)),
            ];
            view! {
                <Answers title="第二次什么时候去" rows/>
                <Banner kind="info" title="去受理申请的那一家，两个人一起去">
                    <p>"别的登记处不能接着办。过了最晚那天没有去，视为撤回申请，要离婚得重新申请。"</p>
                    <p>"周末和假日登记处不办公；最后一天遇到休息日，已经顺延到假后第一个工作日。到底哪天截止，以登记处说的为准。"</p>
                    <p>"依据：《民法典》第一千零七十七条，《婚姻登记条例》第十六条"</p>
                </Banner>
            }
            .into_any()
        }
        None => view! {
            <Banner kind="warn" title="现在还算不准">
                <p>"期限到了明年，明年的放假安排还没有公布。请看回执，或者打电话问受理的登记处。"</p>
            </Banner>
        }
        .into_any(),
    }
}

/// The form, and the days once one was told.
pub fn second_visit_page(sent: &Sent<AcceptedForm>, accepted: Option<Date>) -> impl IntoView + use<> {
    let answer = accepted.map(window_answer);
    let (value, error, errors) = (sent.form.accepted.clone(), sent.error("accepted"), sent.summary());
    view! {
        <Layout title="离婚第二次哪天去" back="/marriage" narrow=true quiet=true>
            <ErrorSummary errors/>
            {answer}
            <p class="xw-lead">"离婚登记要去两次，中间有三十天冷静期。填上回执上受理的日子，帮您算哪天去；不保存。"</p>
            <form method="post" action="/marriage/second-visit" novalidate class="xw-form">
                <Field name="accepted" label="受理的日子" hint="照回执写，比如 2026-09-01" value error=error maxlength=30/>
                <Actions><Button>"算一算"</Button></Actions>
            </form>
            <Actions>
                <ButtonLink href="/marriage/offices?matter=divorce" kind="secondary">"找受理的那一家，约第二次"</ButtonLink>
            </Actions>
        </Layout>
    }
}
