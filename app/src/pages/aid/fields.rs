//! Fields that stand on more than one page.

use leptos::prelude::*;

use crate::components::{Choice, Field, OptionGroup, Radios, Select};
use crate::domain::aid::{MemberForm, Relation};
use crate::domain::area;
use crate::domain::document::DocumentKind;
use crate::pages::Sent;
use crate::text::aid::relation_label;

/// Kind and number of an identity document.
#[component]
pub(crate) fn DocumentFields(
    kind: String,
    number: String,
    kind_error: Option<String>,
    number_error: Option<String>,
) -> impl IntoView {
    // Most people have a citizen's card; it is chosen unless another was.
    let kind = if kind.is_empty() { DocumentKind::CitizenId.as_str().to_owned() } else { kind };
    let options = DocumentKind::ALL
        .iter()
        .map(|kind| Choice { value: kind.as_str().into(), label: kind.label().into(), hint: None })
        .collect::<Vec<_>>();
    let groups = vec![OptionGroup {
        label: String::new(),
        options: options.into_iter().map(|choice| (choice.value, choice.label)).collect(),
    }];
    view! {
        <Select name="document_kind" label="证件" value=kind groups error=kind_error/>
        <Field
            name="document_number"
            label="证件号码"
            hint="身份证是 18 位，最后一位可能是 X"
            value=number
            error=number_error
            check="document"
            maxlength=40
        />
    }
}

/// Street, community and the rest of an address.
#[component]
pub(crate) fn PlaceFields(
    /// Put before the three names; empty for the home.
    prefix: &'static str,
    street: String,
    community: String,
    detail: String,
    /// The three errors, in page order.
    errors: [Option<String>; 3],
    /// Offers a home outside the district.
    #[prop(optional)]
    outside: bool,
    detail_label: &'static str,
    detail_hint: &'static str,
) -> impl IntoView {
    let [street_error, community_error, detail_error] = errors;
    let mut streets: Vec<(String, String)> =
        area::streets().iter().map(|s| (s.code.to_owned(), s.name.to_owned())).collect();
    if outside {
        streets.push(("outside".into(), "不住在新吴区".into()));
    }
    let mut communities =
        vec![OptionGroup { label: String::new(), options: vec![("unknown".into(), "不清楚".into())] }];
    communities.extend(area::streets().iter().map(|street| {
        OptionGroup {
            label: street.name.into(),
            options: area::communities_of(street.code)
                .iter()
                .map(|c| (c.code.to_owned(), c.short_name().to_owned()))
                .collect(),
        }
    }));
    let community_hint = if outside {
        "不清楚就选「不清楚」；不住在新吴区的不用选"
    } else {
        "不清楚就选「不清楚」"
    };
    view! {
        <Select
            name=format!("{prefix}street")
            label="街道"
            value=street
            groups=vec![OptionGroup { label: String::new(), options: streets }]
            error=street_error
            narrows=format!("{prefix}community")
        />
        <Select
            name=format!("{prefix}community")
            label="社区（村）"
            hint=community_hint
            value=community
            groups=communities
            error=community_error
        />
        <Field
            name=format!("{prefix}detail")
            label=detail_label
            hint=detail_hint
            value=detail
            error=detail_error
            autocomplete=if prefix.is_empty() { "address-line1" } else { "off" }
        />
    }
}

/// Yes or no.
#[component]
pub(crate) fn YesNo(
    name: &'static str,
    legend: &'static str,
    hint: &'static str,
    yes: &'static str,
    no: &'static str,
    value: String,
) -> impl IntoView {
    let options = [("yes", yes), ("no", no)]
        .map(|(value, label)| Choice { value: value.into(), label: label.into(), hint: None })
        .to_vec();
    view! { <Radios name legend hint value options/> }
}

/// Name, relation, document and birth date of somebody of the household.
#[component]
pub(crate) fn MemberFields(
    /// As typed.
    sent: Sent<MemberForm>,
) -> impl IntoView {
    let relations = vec![OptionGroup {
        label: String::new(),
        options: Relation::ALL
            .iter()
            .map(|r| (r.as_str().to_owned(), relation_label(*r).to_owned()))
            .collect(),
    }];
    let (name, relation, birth_date) = (sent.error("name"), sent.error("relation"), sent.error("birth_date"));
    let (kind_error, number_error) = (sent.error("document_kind"), sent.error("document_number"));
    let Sent { form, .. } = sent;
    view! {
        <Field name="name" label="姓名" hint="和证件上一样" value=form.name error=name check="name"/>
        <Select name="relation" label="是您的什么人" value=form.relation groups=relations error=relation/>
        <DocumentFields kind=form.document_kind number=form.document_number kind_error number_error/>
        <Field
            name="birth_date"
            label="出生日期"
            hint="填了身份证号的不用写；写成 1990-05-08 这样"
            value=form.birth_date
            error=birth_date
            optional=true
            inputmode="numeric"
        />
    }
}
