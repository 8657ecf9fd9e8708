//! `/staff/cases/{number}/visit`: one visit to the household is entered. The page holds nothing of the resident, so that a phone may
//! keep it for where there is no network (`public/staff-visit.js`).

use leptos::prelude::*;

use super::work::Colleague;
use super::{Me, visit_script};
use crate::components::{
    Actions, Banner, Button, Card, Choice, ErrorSummary, Field, Figure, OptionGroup, Radios, Select,
    StaffLayout, TextArea,
};
use crate::domain::aid::home_visit::{
    FINDINGS_MIN, HomeVisitForm, SIGNATURE_FIELDS, SIGNATURE_HEIGHT, SIGNATURE_WIDTH, SelfCare, SignedHow,
};
use crate::domain::form::FormErrors;
use crate::pages::choices;
use crate::text;
use crate::text::errors::sentence;
use crate::text::inquiry::{self_care_label, signed_hint, signed_how};

/// The page's facts.
#[derive(Clone, Debug)]
pub struct VisitPage {
    /// The case's number.
    pub number: String,
    /// Who may come along.
    pub colleagues: Vec<Colleague>,
    /// The item wants to know what the person does alone.
    pub self_care: bool,
    /// The form's key.
    pub key: String,
}

const PADS: [&str; 3] = ["您的签名", "同事的签名", "在场家人的签名"];

/// A field to sign in. Its value is what was drawn; without the script there is nothing to see.
fn pad(at: usize, value: &str, error: Option<String>) -> impl IntoView + use<> {
    let (name, label) = (SIGNATURE_FIELDS[at], PADS[at]);
    let error_id = format!("{name}-error");
    let described = error.is_some().then(|| error_id.clone());
    let value = value.to_owned();
    view! {
        <div class="xw-field" id=name tabindex="-1" data-pad=name>
            <p class="xw-field__label">{label}</p>
            {error.map(|error| view! { <p class="xw-field__error" id=error_id>{error}</p> })}
            <canvas
                class="xw-signature__pad"
                width=SIGNATURE_WIDTH.to_string()
                height=SIGNATURE_HEIGHT.to_string()
                role="img"
                aria-label=label
                aria-describedby=described
            ></canvas>
            <input type="hidden" name=name value=value/>
            <button type="button" class="xw-button xw-button--quiet" data-clear="">"重签"</button>
        </div>
    }
}

fn self_care(form: &HomeVisitForm, errors: &FormErrors) -> AnyView {
    let rows = SelfCare::ALL
        .iter()
        .zip(&form.self_care)
        .map(|(what, value)| {
            let name = format!("care-{}", what.as_str());
            let error = errors.of(&name).map(sentence);
            let options = [("yes", "能自己做"), ("no", "不能自己做")]
                .map(|(value, label)| Choice { value: value.into(), label: label.into(), hint: None })
                .to_vec();
            view! { <Radios name legend=self_care_label(*what) value=value.clone() options error/> }
        })
        .collect_view();
    view! {
        <Card title="自理能力">
            <p>"六项都能自己做的为有自理能力，一至三项不能的为部分丧失，四项以上不能的为完全丧失（《特困人员认定办法》第二十二条）。"</p>
            {rows}
        </Card>
    }
    .into_any()
}

/// The page.
pub fn visit(me: &Me, page: &VisitPage, form: &HomeVisitForm, errors: &FormErrors) -> impl IntoView + use<> {
    let base = format!("/staff/cases/{}", page.number);
    let summary =
        errors.iter().map(|e| (e.field.clone().into_owned(), sentence(&e.error))).collect::<Vec<_>>();
    let error = |field: &str| errors.of(field).map(sentence);
    let (day_error, companion_error, family_error, family_is_error, findings_error, signed_error) = (
        error("visit-day"),
        error("companion"),
        error("family"),
        error("family-is"),
        error("findings"),
        error("signed"),
    );
    let options = page.colleagues.iter().map(|one| (one.id.clone(), one.name.clone())).collect();
    let groups = vec![OptionGroup { label: String::new(), options }];
    let pads = (0..3).map(|at| pad(at, &form.signatures[at], error(SIGNATURE_FIELDS[at]))).collect_view();
    let care = page.self_care.then(|| self_care(form, errors));
    let signed = choices!(SignedHow::ALL, signed_how, |how| Some(signed_hint(how).to_owned()));
    let (action, back) = (format!("{base}/visit"), format!("{base}/inquiry"));
    let HomeVisitForm { day, companion, family, family_is, findings, signed: how, .. } = form.clone();
    let (key, number) = (page.key.clone(), text::case_number(&page.number));
    let hint = format!("家里几口人、住房、收入、身体怎么样，至少 {FINDINGS_MIN} 个字");
    view! {
        <StaffLayout title="登记入户" back=back name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors=summary/>
            <Figure label="编号" value=number/>
            {visit_script()}
            <Banner kind="info" title="出门前先打开这一页">
                <p>"没有信号也能填、能签，按「登记」就存在这台设备里，连上网以后自己送出。"</p>
            </Banner>
            <form method="post" action=action novalidate class="xw-form" data-visit="">
                <input type="hidden" name="idempotency_key" value=key/>
                <Field name="visit-day" label="哪一天去的" hint="比如 2026-11-01" value=day error=day_error/>
                <Select name="companion" label="和谁一起去的" hint="入户要两个人" value=companion groups error=companion_error/>
                <Field name="family" label="在场的家人" value=family error=family_error/>
                <Field name="family-is" label="是申请人的什么人" hint="本人就写「本人」" value=family_is error=family_is_error/>
                <TextArea name="findings" label="看到的情况" hint=hint value=findings error=findings_error rows=6/>
                {care}
                <Radios name="signed" legend="三个人怎样签名" value=how options=signed error=signed_error/>
                <div data-pads="" hidden="">{pads}</div>
                <Actions><Button>"登记"</Button></Actions>
            </form>
        </StaffLayout>
    }
}
