//! `/confirm/{number}/answer` and `/confirm/{number}/withdraw`: what the resident does on a case's way.

use leptos::prelude::*;

use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, Checkbox, ErrorSummary, Figure, Hint, Layout, TextArea,
};
use crate::domain::aid::correction::{AnswerForm, CorrectionTopic};
use crate::pages::Sent;
use crate::pages::aid::whose;
use crate::ports::CaseCorrection;
use crate::text::case::topic_label;
use crate::text::case_number;

/// What a thing that is missing is about, by its slug.
pub(super) fn topic_words(slug: &str) -> &'static str {
    CorrectionTopic::parse(slug).map(topic_label).unwrap_or_default()
}

/// The form: only what was asked; all else stays as it was handed in.
pub fn answer(
    number: &str,
    asked: &CaseCorrection,
    sent: &Sent<AnswerForm>,
    key: &str,
) -> impl IntoView + use<> {
    let fields = asked
        .items
        .iter()
        .map(|item| {
            let name = format!("answer-{}", item.topic);
            let value = sent.form.0.get(&item.topic).cloned().unwrap_or_default();
            let error = sent.error(&name);
            view! {
                <TextArea name label=topic_words(&item.topic) hint=item.note.clone() value error rows=3 maxlength=300/>
            }
        })
        .collect_view();
    let again = asked.again.clone().map(|why| {
        view! { <Banner kind="info" title="为什么又要补"><p>{why}</p></Banner> }
    });
    let photos = asked.items.iter().any(|item| item.topic == CorrectionTopic::Paper.as_str()).then(|| {
        let href = format!("/confirm/{number}/papers");
        view! {
            <Banner kind="info" title="要补的材料，拍照就行">
                <p>"先去交照片，再回到这一页，写上「已经交了」。"</p>
                <Actions><ButtonLink href kind="secondary">"去交照片"</ButtonLink></Actions>
            </Banner>
        }
    });
    let action = format!("/confirm/{number}/answer");
    let back = format!("/confirm/{number}");
    let (errors, shown, key) = (sent.summary(), case_number(number), key.to_owned());
    view! {
        <Layout title="补充材料" back narrow=true>
            <ErrorSummary errors/>
            <Figure label="编号" value=shown/>
            <p>"只补下面问到的，别的不用再填。写不清楚的，写个大概就行，街道会打电话问您。"</p>
            {again}
            {photos}
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                {whose()}
                {fields}
                <Actions><Button>"交回去"</Button></Actions>
            </form>
            <Hint>"没有的东西，写「没有」和为什么没有，也算补了。"</Hint>
        </Layout>
    }
}

/// Are you sure?
pub fn withdraw(number: &str, sent: &Sent<String>, key: &str) -> impl IntoView + use<> {
    let action = format!("/confirm/{number}/withdraw");
    let back = format!("/confirm/{number}");
    let (errors, error) = (sent.summary(), sent.error("sure"));
    let (shown, key, stay) = (case_number(number), key.to_owned(), back.clone());
    view! {
        <Layout title="撤回申请" back narrow=true>
            <ErrorSummary errors/>
            <Figure label="编号" value=shown/>
            <Card title="撤回以后">
                <ul>
                    <li>"这份申请不再办理，也不会有决定。"</li>
                    <li>"以后有需要，随时可以重新申请，不影响您的资格。"</li>
                </ul>
            </Card>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                {whose()}
                <Checkbox name="sure" label="我想好了，要撤回" error/>
                <Actions>
                    <Button kind="danger">"撤回"</Button>
                    <ButtonLink href=stay kind="secondary">"不撤回"</ButtonLink>
                </Actions>
            </form>
        </Layout>
    }
}
