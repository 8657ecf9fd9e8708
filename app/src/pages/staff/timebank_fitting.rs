//! `/staff/timebank/{need}/fitting`: who could do one request, and why. By request alone: there is no list of persons, and the
//! order says nothing about them.

use leptos::prelude::*;

use super::Me;
use crate::components::{Answer, Answers, Empty, StaffLayout};
use crate::domain::timebank::Fit;
use crate::text::timebank::fit_words;

/// A volunteer who could do it.
#[derive(Clone)]
pub struct Candidate {
    /// Their masked name.
    pub name: String,
    /// How they are reached; empty where it is not known.
    pub phone: String,
    /// Why they fit, or what speaks against it.
    pub fit: Fit,
}

crate::masked_debug!(Candidate);

fn rows(list: &[Candidate], fits: bool) -> Vec<Answer> {
    let found = list.iter().filter(|candidate| candidate.fit.fits() == fits);
    found
        .map(|candidate| Answer {
            label: candidate.name.clone(),
            value: format!("{}　{}", candidate.phone, fit_words(&candidate.fit, false)),
            ..Answer::default()
        })
        .collect()
}

/// The page; `what`: the request in a line.
pub fn fitting(me: &Me, (id, what): (&str, &str), list: &[Candidate]) -> impl IntoView + use<> {
    let part = |title: &'static str, fits: bool| {
        let rows = rows(list, fits);
        (!rows.is_empty()).then(|| view! { <Answers title rows/> })
    };
    let (good, rest) = (part("合适的", true), part("还差一点的，可以问问", false));
    let empty = list.is_empty().then(|| {
        view! { <Empty title="还没有合适的志愿者" hint="没有人登记做这一样、又愿意来这个街道；有空的志愿者会自己看到这个需求。"/> }
    });
    let (back, what) = (format!("/staff/timebank/{id}"), what.to_owned());
    view! {
        <StaffLayout title="谁合适" back name=me.name.clone() doors=me.doors()>
            <p class="xw-lead">{what}</p>
            <p>"打电话问一问，愿意的请他自己在手机上接。只看这一个需求；排在前面的不是更好，先登记的在前。去不去，由他定。"</p>
            {empty}
            {good}
            {rest}
        </StaffLayout>
    }
}
