//! `/staff/timebank/{need}/fitting`: who could do one request, and why. By request alone: there is no list of persons, and the
//! order says nothing about them.

use leptos::prelude::*;

use super::Me;
use crate::components::{Actions, Answer, Answers, Button, ButtonLink, Card, Empty, StaffLayout};
use crate::domain::timebank::Fit;
use crate::text::timebank::fit_words;

/// A volunteer who could do it.
#[derive(Clone)]
pub struct Candidate {
    /// Their account.
    pub id: String,
    /// Their masked name.
    pub name: String,
    /// How they are reached, masked unless it was asked for; empty where it is not known.
    pub phone: String,
    /// The telephone is shown whole.
    pub full: bool,
    /// Why they fit, or what speaks against it.
    pub fit: Fit,
}

/// The page.
#[derive(Clone)]
pub struct FittingPage {
    /// The request.
    pub need: String,
    /// The request in a line.
    pub what: String,
    /// In the order in which they registered.
    pub candidates: Vec<Candidate>,
    /// From 1.
    pub page: u32,
    /// Whether there is another one.
    pub more: bool,
}

crate::masked_debug!(Candidate, FittingPage);

fn cards(shown: &FittingPage, fits: bool) -> Vec<AnyView> {
    let found = shown.candidates.iter().filter(|candidate| candidate.fit.fits() == fits);
    found
        .map(|candidate| {
            let Candidate { id, name, phone, full, fit } = candidate.clone();
            let row = |label: &str, value: String| Answer { label: label.into(), value, ..Answer::default() };
            let rows = vec![row("为什么", fit_words(&fit, false)), row("电话", phone.clone())];
            let (action, page) = (format!("/staff/timebank/{}/fitting", shown.need), shown.page.to_string());
            let button = format!("看{name}的电话");
            let open = (!full && !phone.is_empty()).then(|| {
                view! {
                    <form method="post" action=action>
                        <input type="hidden" name="volunteer" value=id/>
                        <input type="hidden" name="page" value=page/>
                        <Actions><Button kind="secondary">{button}</Button></Actions>
                    </form>
                }
            });
            view! { <Card><Answers title=name.clone() rows/>{open}</Card> }.into_any()
        })
        .collect()
}

/// The page.
pub fn fitting(me: &Me, shown: &FittingPage) -> impl IntoView + use<> {
    let part = |title: &'static str, fits: bool| {
        let cards = cards(shown, fits);
        (!cards.is_empty()).then(|| view! { <h2>{title}</h2>{cards} })
    };
    let (good, rest) = (part("合适的", true), part("还差一点的，可以问问", false));
    let empty = shown.candidates.is_empty().then(|| {
        view! { <Empty title="还没有合适的志愿者" hint="没有人登记做这一样、又愿意来这个街道；有空的志愿者会自己看到这个需求。"/> }
    });
    let (back, what) = (format!("/staff/timebank/{}", shown.need), shown.what.clone());
    let link = |page: u32| format!("/staff/timebank/{}/fitting?page={page}", shown.need);
    let before = (shown.page > 1)
        .then(|| view! { <ButtonLink href=link(shown.page - 1) kind="secondary">"前面的"</ButtonLink> });
    let after = shown
        .more
        .then(|| view! { <ButtonLink href=link(shown.page + 1) kind="secondary">"后面还有"</ButtonLink> });
    view! {
        <StaffLayout title="谁合适" back name=me.name.clone() doors=me.doors()>
            <p class="xw-lead">{what}</p>
            <p>"打电话问一问，愿意的请他自己在手机上接。只看这一个需求；排在前面的不是更好，先登记的在前。去不去，由他定。"</p>
            <p>"看谁的电话，他自己查得到。"</p>
            {empty}
            {good}
            {rest}
            <Actions>{before}{after}</Actions>
        </StaffLayout>
    }
}
