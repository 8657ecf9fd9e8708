//! `/staff/meals/{point}/kitchen`, `…/labels`: what the kitchen has on paper, what is different since, and a label for each meal.

use jiff::civil::Date;
use leptos::prelude::*;

use super::Me;
use crate::components::{Actions, Banner, Button, ButtonLink, Card, Empty, StaffLayout};
use crate::domain::meals::{DietTag, KitchenSheet, MealKind, MealMode, MealPoint, SheetChanges, SheetMeal};
use crate::domain::time::{Instant, date_text};
use crate::text::meals::{meal_label, mode_label, tag_label};

/// The label of a meal.
#[derive(Clone)]
pub struct Label {
    /// What its eater must not eat.
    pub avoid: Vec<String>,
    /// Which meal.
    pub kind: MealKind,
    /// The dish.
    pub dish: String,
    /// What the dish suits.
    pub tags: Vec<DietTag>,
    /// Who eats, masked.
    pub who: String,
    /// How it comes.
    pub mode: MealMode,
    /// Where it goes, for a delivery.
    pub address: String,
    /// Its number.
    pub number: String,
}

crate::masked_debug!(Label);

/// Labels to cut out, those with something to avoid first.
pub fn labels(me: &Me, point: &MealPoint, day: Date, labels: &[Label]) -> impl IntoView + use<> {
    let shown = labels
        .iter()
        .map(|label| {
            let avoid = (!label.avoid.is_empty())
                .then(|| view! { <p><strong>{format!("忌口：{}", label.avoid.join("、"))}</strong></p> });
            let tags: Vec<_> = label.tags.iter().map(|tag| tag_label(*tag)).collect();
            let tags = (!tags.is_empty()).then(|| view! { <p>{tags.join("、")}</p> });
            let place = match label.mode {
                MealMode::Delivery => label.address.clone(),
                MealMode::DineIn => mode_label(label.mode).to_owned(),
            };
            let dish = format!("{} {}", meal_label(label.kind), label.dish);
            view! {
                <li class="xw-meal-label">
                    {avoid}
                    <p>{dish}</p>
                    {tags}
                    <p>{format!("{}，{place}", label.who)}</p>
                    <p class="xw-hint">{label.number.clone()}</p>
                </li>
            }
        })
        .collect_view();
    let empty = labels.is_empty().then(|| view! { <Empty title="这一天没有等着做的"/> });
    let (name, back) = (me.name.clone(), format!("/staff/meals/{}/kitchen", point.code));
    let words = format!("{}，{}，{} 张", point.name, date_text(day), labels.len());
    view! {
        <StaffLayout title="餐盒标签" back=back name doors=me.doors()>
            <p>{words}</p>
            {empty}
            <ul class="xw-meal-labels">{shown}</ul>
        </StaffLayout>
    }
}

/// The kitchen's page.
#[derive(Clone, Debug)]
pub struct KitchenView {
    /// The point.
    pub point: MealPoint,
    /// The day.
    pub day: Date,
    /// When it is opened.
    pub at: Instant,
    /// The whole sheet, a part for each meal; empty where only the changes are shown.
    pub sheets: Vec<(MealKind, KitchenSheet)>,
    /// The last print, and what is different since.
    pub printed: Option<(Instant, SheetChanges)>,
    /// Only what is different is shown.
    pub only_changes: bool,
    /// The key of the form.
    pub key: String,
}

/// Meals by dish and way, counted: what a cook asks.
fn counted(meals: &[SheetMeal]) -> Vec<String> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for meal in meals {
        let what = format!("{}（{}）", meal.dish, mode_label(meal.mode));
        match counts.iter_mut().find(|(of, _)| *of == what) {
            Some((_, count)) => *count += 1,
            None => counts.push((what, 1)),
        }
    }
    counts.into_iter().map(|(what, count)| format!("{what} {count} 份")).collect()
}

fn changes(at: Instant, changes: &SheetChanges) -> impl IntoView + use<> {
    let title = format!("{} 打印以后的变化", at.shanghai_text());
    let part = |heading: &'static str, lines: Vec<String>| {
        let shown = lines.iter().map(|line| view! { <li>{line.clone()}</li> }).collect_view();
        (!lines.is_empty()).then(|| view! { <h3>{heading}</h3> <ul>{shown}</ul> })
    };
    let changed = changes
        .changed
        .iter()
        .map(|(was, is)| {
            let of = |meal: &SheetMeal| format!("{}（{}）", meal.dish, mode_label(meal.mode));
            format!("{}换成{}", of(was), of(is))
        })
        .collect::<Vec<_>>();
    let mut counts: Vec<(String, usize)> = Vec::new();
    for line in changed {
        match counts.iter_mut().find(|(of, _)| *of == line) {
            Some((_, count)) => *count += 1,
            None => counts.push((line, 1)),
        }
    }
    let changed: Vec<_> = counts.into_iter().map(|(line, count)| format!("{line} {count} 份")).collect();
    let (added, gone, changed) =
        (part("多了", counted(&changes.added)), part("退了", counted(&changes.gone)), part("换了", changed));
    let none = changes.is_empty().then(|| view! { <p>"没有变化，纸上的还是对的。"</p> });
    view! {
        <Card title>
            {none}
            {added}
            {gone}
            {changed}
        </Card>
    }
}

/// The sheet of a day, a part for each meal, or what is different since it was printed.
pub fn kitchen(me: &Me, view: &KitchenView) -> impl IntoView + use<> {
    let sheets = &view.sheets;
    let parts = sheets
        .iter()
        .map(|(kind, sheet)| {
            let allergies = sheet
                .allergies
                .iter()
                .map(|meal| {
                    let words = format!("{}：{}，忌 {}", meal.dish, meal.who, meal.avoid.join("、"));
                    view! { <li><strong>{words}</strong></li> }
                })
                .collect_view();
            let allergies =
                (!sheet.allergies.is_empty()).then(|| view! { <h3>"先看忌口"</h3> <ul>{allergies}</ul> });
            let rows = sheet
                .counts
                .iter()
                .map(|count| {
                    view! {
                        <tr>
                            <td>{count.dish.clone()}</td>
                            <td>{count.dine_in}</td>
                            <td>{count.delivery}</td>
                            <td>{count.all()}</td>
                        </tr>
                    }
                })
                .collect_view();
            let route = sheet
                .route
                .iter()
                .map(|meal| view! { <li>{format!("{}：{}，{}", meal.address, meal.who, meal.dish)}</li> })
                .collect_view();
            let route = (!sheet.route.is_empty()).then(|| view! { <h3>"送餐路线"</h3> <ol>{route}</ol> });
            let title = format!("{}，一共 {} 份", meal_label(*kind), sheet.total());
            view! {
                <Card title>
                    {allergies}
                    <table>
                        <thead>
                            <tr><th scope="col">"菜"</th><th scope="col">"堂食"</th><th scope="col">"送餐"</th><th scope="col">"合计"</th></tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                    {route}
                </Card>
            }
        })
        .collect_view();
    let empty = (sheets.is_empty() && !view.only_changes).then(|| view! { <Empty title="这一天没有人订"/> });
    let title = format!("厨房单 {}", date_text(view.day));
    let base = format!("/staff/meals/{}", view.point.code);
    let (name, back) = (view.point.name.clone(), format!("{base}/hand-out"));
    let printed = format!("{name}，{} 打开", view.at.shanghai_text());
    let since = view.printed.as_ref().map(|(at, what)| changes(*at, what));
    let (whole, labels) = (format!("{base}/kitchen?whole=yes"), format!("{base}/labels"));
    let whole =
        view.only_changes.then(|| view! { <ButtonLink href=whole kind="secondary">"看整张单"</ButtonLink> });
    let (action, key) = (format!("{base}/kitchen"), view.key.clone());
    view! {
        <StaffLayout title back=back name=me.name.clone() doors=me.doors()>
            <p>{printed}</p>
            {since}
            {empty}
            {parts}
            <form method="post" action=action>
                <input type="hidden" name="idempotency_key" value=key/>
                <Actions>
                    <Button>"打印好了，记下"</Button>
                    {whole}
                    <ButtonLink href=labels kind="secondary">"餐盒标签"</ButtonLink>
                </Actions>
            </form>
            <Banner kind="info" title="记下以后，再打开只看变化">
                <p>"先用浏览器的打印，打好了再按「打印好了，记下」。"</p>
            </Banner>
        </StaffLayout>
    }
}
