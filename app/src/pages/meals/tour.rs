//! `/meals/tours…`: a volunteer brings meals. Names are masked; the address is what is needed to find the door.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::components::{
    Actions, Banner, Button, Card, Empty, ErrorSummary, Field, Layout, LinkItem, LinkList,
};
use crate::domain::meals::{MealKind, MealState, building};
use crate::domain::time::{Instant, date_text};
use crate::pages::Sent;
use crate::text::meals::meal_label;

/// A door of a tour.
#[derive(Clone)]
pub struct Stop {
    /// The meal's id.
    pub id: String,
    /// Community, house and door.
    pub address: String,
    /// Who eats, masked.
    pub who: String,
    /// The dish.
    pub dish: String,
    /// Which meal.
    pub kind: MealKind,
    /// How it stands.
    pub state: MealState,
    /// When it was at its door.
    pub handed_at: Option<Instant>,
}

crate::masked_debug!(Stop);

/// A tour, its doors in the order of walking.
#[derive(Clone, Debug)]
pub struct TourView {
    /// Its id.
    pub id: String,
    /// Where the meals are fetched.
    pub point: String,
    /// The day.
    pub day: Date,
    /// When it began.
    pub began_at: Option<Instant>,
    /// The doors.
    pub stops: Vec<Stop>,
}

impl TourView {
    /// How many are brought, and how many there are that were not given up.
    pub fn counts(&self) -> (usize, usize) {
        let of = |state| self.stops.iter().filter(|stop| stop.state == state).count();
        (of(MealState::HandedOut), of(MealState::HandedOut) + of(MealState::Reserved))
    }
}

/// How a door stands, in words.
pub fn stop_words(stop: &Stop) -> String {
    match (stop.state, stop.handed_at) {
        (MealState::HandedOut, Some(at)) => format!("{} 送到了", at.shanghai_text()),
        (MealState::Cancelled, _) => "退了，不用送".to_owned(),
        _ => "还没送".to_owned(),
    }
}

/// The doors, house by house.
pub fn houses(stops: &[Stop], beside: impl Fn(&Stop) -> AnyView) -> AnyView {
    let mut houses: Vec<(&str, Vec<&Stop>)> = Vec::new();
    for stop in stops {
        let house = building(&stop.address);
        match houses.last_mut() {
            Some((last, of)) if *last == house => of.push(stop),
            _ => houses.push((house, vec![stop])),
        }
    }
    houses
        .into_iter()
        .map(|(house, stops)| {
            let lines = stops
                .iter()
                .map(|stop| {
                    let door = stop.address.strip_prefix(house).unwrap_or_default().trim().to_owned();
                    let door = if door.is_empty() { String::new() } else { format!("{door}：") };
                    let words = format!("{door}{}，{}{}", stop.who, meal_label(stop.kind), stop.dish);
                    let beside = beside(stop);
                    view! { <li><p>{words}</p><p class="xw-hint">{stop_words(stop)}</p>{beside}</li> }
                })
                .collect_view();
            let title = format!("{house}，{} 份", stops.len());
            view! { <Card title><ol>{lines}</ol></Card> }
        })
        .collect_view()
        .into_any()
}

/// The tours of a day.
pub fn list(tours: &[TourView]) -> impl IntoView + use<> {
    let items: Vec<_> = tours
        .iter()
        .map(|tour| {
            let (brought, all) = tour.counts();
            LinkItem {
                href: format!("/meals/tours/{}", tour.id),
                title: format!("{}，{all} 份", tour.point),
                hint: format!("{}，送到了 {brought} 份", date_text(tour.day)),
                sign: String::new(),
            }
        })
        .collect();
    let tours = if items.is_empty() {
        view! { <Empty title="今天没有要您送的" hint="想帮忙送餐，请问附近的助餐点" href="/meals" action="找助餐点"/> }
            .into_any()
    } else {
        view! { <LinkList items/> }.into_any()
    };
    view! { <Layout title="我送的餐" back="/meals" narrow=true>{tours}</Layout> }
}

/// One tour. The code is the eater's: on their phone, their slip or their card.
pub fn tour(view: &TourView, sent: &Sent<String>, key: &str) -> impl IntoView + use<> {
    let base = format!("/meals/tours/{}", view.id);
    let (errors, error) = (sent.summary(), sent.error("code"));
    let (brought, all) = view.counts();
    let form = if view.began_at.is_none() {
        let (action, key) = (format!("{base}/begin"), format!("{key}b"));
        view! {
            <form method="post" action=action class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <p>"在助餐点拿齐了再按。服务时间从出发算起，到最后一家送到为止。"</p>
                <Actions><Button>"拿齐了，出发"</Button></Actions>
            </form>
        }
        .into_any()
    } else if brought < all {
        let (action, code) = (format!("{base}/door"), sent.form.clone());
        let key = format!("{key}d");
        view! {
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Field name="code" label="送到了，填老人的短码" hint="在老人的手机上、订餐条上，或者餐卡上；用相机扫码也行" value=code error maxlength=400/>
                <Actions><Button>"送到了"</Button></Actions>
            </form>
            <p class="xw-hint">"老人没有码的，请打电话给助餐点，由助餐点登记。饭钱不用您收。"</p>
        }
        .into_any()
    } else {
        view! { <Banner kind="good" title="都送到了，辛苦了"><p>"服务时间会记到您的时间银行。"</p></Banner> }
            .into_any()
    };
    let stops = houses(&view.stops, |_| ().into_any());
    let counts = format!("{}，{}：送到了 {brought} 份，一共 {all} 份", view.point, date_text(view.day));
    view! {
        <Layout title="送餐路线" back="/meals/tours" narrow=true>
            <ErrorSummary errors/>
            <p>{counts}</p>
            {form}
            {stops}
        </Layout>
    }
}
