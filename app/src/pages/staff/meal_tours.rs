//! `/staff/meals/{point}/tours`: who brings which meals today, and what is at its door.

use jiff::civil::Date;
use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, Checkbox, Empty, ErrorSummary, Field, StaffLayout,
};
use crate::domain::meals::{MealPoint, MealState, building};
use crate::domain::time::date_text;
use crate::pages::Sent;
use crate::pages::meals::tour::{Stop, TourView, houses};
use crate::text::meals::meal_label;

/// A tour as it is given, as typed.
#[derive(Clone, Default)]
pub struct TourForm {
    /// The volunteer's telephone.
    pub phone: String,
    /// The meals that were ticked.
    pub meals: Vec<String>,
}

crate::masked_debug!(TourForm);

/// The day's deliveries.
#[derive(Clone, Debug)]
pub struct ToursView {
    /// The point.
    pub point: MealPoint,
    /// The day.
    pub day: Date,
    /// Those that nobody brings yet, in the order of walking.
    pub open: Vec<Stop>,
    /// The tours, each with its volunteer's masked number.
    pub tours: Vec<(TourView, String)>,
    /// What could not be done; empty for nothing.
    pub refused: &'static str,
    /// The key of the forms.
    pub key: String,
}

/// The field that ticks a meal.
pub fn stop_field(id: &str) -> String {
    format!("stop-{id}")
}

fn assign(view: &ToursView, base: &str, sent: &Sent<TourForm>) -> AnyView {
    if view.open.is_empty() {
        return view! { <Empty title="没有等着分的送餐" hint="有人订了送餐，就会在这里"/> }.into_any();
    }
    let mut last = "";
    let boxes = view
        .open
        .iter()
        .map(|stop| {
            let house = building(&stop.address);
            let heading = (house != last).then(|| view! { <h3>{house.to_owned()}</h3> });
            last = house;
            let label = format!("{} {}，{}{}", stop.address, stop.who, meal_label(stop.kind), stop.dish);
            let checked = sent.form.meals.contains(&stop.id);
            view! { {heading} <Checkbox name=stop_field(&stop.id) label checked/> }
        })
        .collect_view();
    let (action, key, phone) = (base.to_owned(), format!("{}n", view.key), sent.form.phone.clone());
    let (phone_error, stops_error) = (sent.error("phone"), sent.error("stops"));
    let stops_error =
        stops_error.map(|words| view! { <p class="xw-field__error" id="stops-error">{words}</p> });
    view! {
        <Card title="分给志愿者">
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <div id="stops" tabindex="-1">{stops_error}{boxes}</div>
                <Field name="phone" label="志愿者的手机" hint="他登录用的号码；他在「我送的餐」里看得到" inputmode="tel" value=phone error=phone_error maxlength=20/>
                <Actions><Button>"分给他"</Button></Actions>
            </form>
        </Card>
    }
    .into_any()
}

/// The page.
pub fn tours(me: &Me, view: &ToursView, sent: &Sent<TourForm>) -> impl IntoView + use<> {
    let base = format!("/staff/meals/{}/tours", view.point.code);
    let errors = sent.summary();
    let refused =
        (!view.refused.is_empty()).then(|| view! { <Banner kind="bad" title=view.refused.to_owned()/> });
    let assign = assign(view, &base, sent);
    let tours = view
        .tours
        .iter()
        .map(|(tour, phone)| {
            let path = format!("{base}/{}", tour.id);
            let began = tour.began_at;
            let (path, key) = (path.as_str(), view.key.as_str());
            let stops = houses(&tour.stops, |stop| {
                if began.is_none() || stop.state != MealState::Reserved {
                    return ().into_any();
                }
                let (action, key) = (format!("{path}/stops/{}", stop.id), format!("{key}s{}", stop.id));
                view! {
                    <form method="post" action=action>
                        <input type="hidden" name="idempotency_key" value=key/>
                        <Button kind="secondary">"打电话问过，送到了"</Button>
                    </form>
                }
                .into_any()
            });
            let (brought, all) = tour.counts();
            let state = match began {
                Some(at) => format!("{} 出发，送到了 {brought} 份，一共 {all} 份", at.shanghai_text()),
                None => format!("还没出发，一共 {all} 份"),
            };
            let button = |act: &str, words: &'static str, mark: &str| {
                let (action, key) = (format!("{path}/{act}"), format!("{key}{mark}{}", tour.id));
                view! {
                    <form method="post" action=action>
                        <input type="hidden" name="idempotency_key" value=key/>
                        <Button kind="secondary">{words}</Button>
                    </form>
                }
            };
            let begin = began.is_none().then(|| button("begin", "他拿齐出发了", "b"));
            let back = (brought < all).then(|| button("back", "没送的收回来，另外分", "r"));
            let title = format!("志愿者 {phone}");
            view! {
                <Card title>
                    <p>{state}</p>
                    {begin}
                    {back}
                </Card>
                {stops}
            }
        })
        .collect_view();
    let (name, back) = (point_title(view), format!("/staff/meals/{}/hand-out", view.point.code));
    let list = back.clone();
    view! {
        <StaffLayout title="送餐" back=back name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {refused}
            <p>{name}</p>
            {assign}
            {tours}
            <Actions><ButtonLink href=list kind="secondary">"回到名单"</ButtonLink></Actions>
        </StaffLayout>
    }
}

fn point_title(view: &ToursView) -> String {
    format!("{}，{}", view.point.name, date_text(view.day))
}
