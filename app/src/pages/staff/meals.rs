//! `/staff/meals`: one's meal points, what one cooks and when it serves.

use jiff::civil::Date;
use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, Checkbox, Empty, ErrorSummary, Field, LinkItem, LinkList,
    OptionGroup, Select, StaffLayout, TextArea,
};
use crate::domain::marriage::time_words;
use crate::domain::meals::{
    DietTag, Dish, DishForm, MealClosure, MealClosureForm, MealKind, MealPoint, MenuProblem, Service,
    ServiceForm,
};
use crate::domain::staff::Role;
use crate::domain::time::date_text;
use crate::pages::Sent;
use crate::text::errors::sentence;
use crate::text::meals::{meal_label, tag_label};

/// Who runs a meal point.
pub const OPERATORS: &[Role] = &[Role::MealPointOperator];

/// A pasted menu and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Pasted {
    /// As pasted.
    pub lines: String,
    /// What is wrong.
    pub problems: Vec<MenuProblem>,
}

/// What a point offers, with the forms as typed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The point.
    pub point: MealPoint,
    /// When it serves.
    pub services: Vec<Service>,
    /// When it is closed.
    pub closures: Vec<MealClosure>,
    /// How many words about meals wait for the point.
    pub words_waiting: i64,
    /// How many meals were ended on closed days.
    pub ended: Vec<(Date, i64)>,
    /// The dishes to come.
    pub menu: Vec<Dish>,
    /// A new dish.
    pub dish: Sent<DishForm>,
    /// A pasted menu.
    pub pasted: Pasted,
    /// A closed day.
    pub closure: Sent<MealClosureForm>,
    /// When a meal is served.
    pub service: Sent<ServiceForm>,
    /// What could not be done, in words; empty for nothing.
    pub refused: &'static str,
    /// The key of the forms.
    pub key: String,
}

/// One's own points.
pub fn points(me: &Me, points: &[MealPoint]) -> impl IntoView + use<> {
    let items: Vec<_> = points
        .iter()
        .map(|point| LinkItem {
            href: format!("/staff/meals/{}", point.code),
            title: point.name.clone(),
            hint: point.address.clone(),
            sign: String::new(),
        })
        .collect();
    let list = if items.is_empty() {
        view! { <Empty title="还没有您的助餐点" hint="请管理员把助餐点放进设置文件"/> }.into_any()
    } else {
        view! { <LinkList items/> }.into_any()
    };
    view! { <StaffLayout title="助餐点" back="/staff" name=me.name.clone() doors=me.doors()>{list}</StaffLayout> }
}

fn kinds() -> Vec<OptionGroup> {
    let options = MealKind::ALL.iter().map(|kind| (kind.as_str().into(), meal_label(*kind).into())).collect();
    vec![OptionGroup { label: String::new(), options }]
}

/// A dish with what can be done to it.
fn dish_line(base: &str, dish: &Dish, key: &str) -> impl IntoView + use<> {
    let of = &dish.dish;
    let tags: Vec<_> = of.tags.iter().map(|tag| tag_label(*tag)).collect();
    let words = format!(
        "{}：{}，{} 元，{} 份里订了 {} 份。{} 用料：{}",
        meal_label(of.kind),
        of.name,
        of.price.yuan(),
        of.quota,
        dish.taken,
        tags.join("、"),
        of.ingredients.join("、")
    );
    let instead = dish
        .instead_of
        .as_ref()
        .map(|before| view! { <p class="xw-hint">{format!("代替原来的{before}")}</p> });
    let action = format!("{base}/dishes/{}", dish.id);
    let off = (dish.taken == 0).then(|| {
        let (action, key) = (action.clone(), format!("{key}w{}", dish.id));
        view! {
            <form method="post" action=action>
                <input type="hidden" name="idempotency_key" value=key/>
                <Button kind="quiet" name="act" value="withdraw">"撤下"</Button>
            </form>
        }
    });
    let (name_id, quota_id) = (format!("name-{}", dish.id), format!("quota-{}", dish.id));
    let (change_key, quota) = (format!("{key}q{}", dish.id), of.quota.to_string());
    let ingredients_id = format!("ingredients-{}", dish.id);
    view! {
        <li>
            <p>{words}</p>
            {instead}
            {off}
            <details>
                <summary>"改份数，或者换一样"</summary>
                <form method="post" action=action novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=change_key/>
                    <label for=quota_id.clone()>"做几份（不能少于已经订的）"</label>
                    <input class="weui-input xw-field__input" id=quota_id name="quota" inputmode="numeric" value=quota maxlength="5"/>
                    <Button kind="secondary" name="act" value="quota">"改份数"</Button>
                    <label for=name_id.clone()>"换成什么"</label>
                    <input class="weui-input xw-field__input" id=name_id name="name" maxlength="30"/>
                    <label for=ingredients_id.clone()>"用料，用「、」隔开"</label>
                    <input class="weui-input xw-field__input" id=ingredients_id name="ingredients" maxlength="200"/>
                    <Button kind="secondary" name="act" value="substitute">"换一样"</Button>
                </form>
            </details>
        </li>
    }
}

fn menu(plan: &Plan, base: &str) -> AnyView {
    let mut days: Vec<_> = plan.menu.iter().map(|dish| dish.dish.day).collect();
    days.dedup();
    if days.is_empty() {
        return view! { <Empty title="菜单还是空的" hint="在下面加一样，或者从表格粘贴一周的"/> }.into_any();
    }
    days.into_iter()
        .map(|day| {
            let lines = plan.menu.iter().filter(|dish| dish.dish.day == day);
            let lines = lines.map(|dish| dish_line(base, dish, &plan.key)).collect_view();
            view! { <Card title=date_text(day)><ul>{lines}</ul></Card> }
        })
        .collect_view()
        .into_any()
}

/// What is wrong with a pasted line, in one sentence each.
fn problems(pasted: &Pasted) -> Vec<(String, String)> {
    pasted
        .problems
        .iter()
        .map(|problem| {
            let words = match &problem.errors {
                None => "要有七列：日子、哪一餐、菜名、价钱、份数、标签、用料".to_owned(),
                Some(errors) => {
                    errors.iter().map(|error| sentence(&error.error)).collect::<Vec<_>>().join("；")
                }
            };
            ("lines".to_owned(), format!("第 {} 行：{words}", problem.line))
        })
        .collect()
}

/// The forms for a dish and for a whole menu.
fn add(plan: &Plan, base: &str) -> impl IntoView + use<> {
    let error = |field: &str| plan.dish.error(field);
    let [day, kind, name, price, quota, ingredients] =
        ["day", "kind", "name", "price", "quota", "ingredients"].map(error);
    let form = plan.dish.form.clone();
    let tags = DietTag::ALL
        .iter()
        .map(|tag| {
            let checked = form.tags.split_whitespace().any(|slug| slug == tag.as_str());
            view! { <Checkbox name=format!("tag-{}", tag.as_str()) label=tag_label(*tag) checked/> }
        })
        .collect_view();
    let [dishes, pasted] = ["dishes", "menu"].map(|page| format!("{base}/{page}"));
    let [dish_key, menu_key] = ["d", "m"].map(|of| format!("{}{of}", plan.key));
    let wrong = (!plan.pasted.problems.is_empty()).then(|| "有的行要改，见上面".to_owned());
    let lines = plan.pasted.lines.clone();
    view! {
        <Card title="加一样">
            <form method="post" action=dishes novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=dish_key/>
                <Field name="day" label="哪一天" hint="比如 2026-12-01" value=form.day error=day maxlength=30/>
                <Select name="kind" label="哪一餐" groups=kinds() value=form.kind error=kind/>
                <Field name="name" label="菜名或套餐" value=form.name error=name maxlength=30/>
                <Field name="price" label="价钱（元，补贴以前的）" inputmode="decimal" value=form.price error=price maxlength=10/>
                <Field name="quota" label="做几份" inputmode="numeric" value=form.quota error=quota maxlength=5/>
                {tags}
                <Field name="ingredients" label="用了哪些料" hint="用「、」隔开，忌口的人要看" value=form.ingredients error=ingredients maxlength=200/>
                <Actions><Button>"加上"</Button></Actions>
            </form>
        </Card>
        <Card title="从表格粘贴">
            <form method="post" action=pasted novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=menu_key/>
                <p>"一行一样，七列用逗号或制表符隔开，比如："</p>
                <pre class="xw-code">"2026-12-01,午饭,清蒸鱼套餐,12,30,软烂 少盐,鱼、姜"</pre>
                <TextArea name="lines" label="一行一样" hint="日子，哪一餐，菜名，价钱，份数，标签，用料" value=lines error=wrong rows=6 maxlength=30_000/>
                <Actions><Button kind="secondary">"全部加上"</Button></Actions>
            </form>
        </Card>
    }
}

/// The forms for times and closed days.
fn times(plan: &Plan, base: &str) -> impl IntoView + use<> {
    let services = plan
        .services
        .iter()
        .map(|service| {
            let before = match service.cutoff_days {
                0 => "当天".to_owned(),
                days => format!("提前 {days} 天"),
            };
            let words = format!(
                "{} {}，{before} {}:{:02} 截止",
                meal_label(service.kind),
                time_words(service.starts, service.ends),
                service.cutoff / 60,
                service.cutoff % 60
            );
            view! { <li>{words}</li> }
        })
        .collect_view();
    let closures = plan
        .closures
        .iter()
        .map(|closure| {
            let mut words = format!("{}不开：{}", date_text(closure.day), closure.reason);
            if let Some((_, ended)) = plan.ended.iter().find(|(day, _)| *day == closure.day) {
                words.push_str(&format!("。订过的 {ended} 份退了，每位都告诉了"));
            }
            let (action, key) =
                (format!("{base}/closures/{}/reopen", closure.id), format!("{}o{}", plan.key, closure.id));
            view! {
                <p>{words}</p>
                <form method="post" action=action>
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Button kind="secondary">"照常开"</Button>
                </form>
            }
        })
        .collect_view();
    let [kind, starts, ends, cutoff_days, cutoff] =
        ["service_kind", "starts", "ends", "cutoff_days", "cutoff"].map(|field| plan.service.error(field));
    let [day, reason] = ["closed_day", "reason"].map(|field| plan.closure.error(field));
    let (service, closure) = (plan.service.form.clone(), plan.closure.form.clone());
    let [services_action, closures_action] = ["services", "closures"].map(|page| format!("{base}/{page}"));
    let [service_key, closure_key] = ["s", "c"].map(|of| format!("{}{of}", plan.key));
    view! {
        <Card title="开饭和截止的时间">
            <ul>{services}</ul>
            <form method="post" action=services_action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=service_key/>
                <Select name="service_kind" label="哪一餐" groups=kinds() value=service.service_kind error=kind/>
                <Field name="starts" label="几点开饭" hint="比如 11:00" value=service.starts error=starts maxlength=8/>
                <Field name="ends" label="几点结束" hint="比如 13:00" value=service.ends error=ends maxlength=8/>
                <Field name="cutoff_days" label="提前几天截止" hint="0 是当天，1 是前一天" inputmode="numeric" value=service.cutoff_days error=cutoff_days maxlength=2/>
                <Field name="cutoff" label="几点截止" hint="比如 9:30；截止以前订、退都不要钱" value=service.cutoff error=cutoff maxlength=8/>
                <Actions><Button kind="secondary">"改时间"</Button></Actions>
            </form>
        </Card>
        <Card title="不开的日子">
            {closures}
            <form method="post" action=closures_action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=closure_key/>
                <Field name="closed_day" label="哪一天" hint="比如 2026-12-01" value=closure.closed_day error=day maxlength=30/>
                <Field name="reason" label="为什么" hint="老人会看到" value=closure.reason error=reason maxlength=60/>
                <p class="xw-hint">"已经订的会全部退掉，并且用短信、电话或者信告诉每一位。"</p>
                <Actions><Button kind="secondary">"这天不开"</Button></Actions>
            </form>
        </Card>
    }
}

/// The page of one point.
pub fn plan(me: &Me, plan: &Plan) -> impl IntoView + use<> {
    let base = format!("/staff/meals/{}", plan.point.code);
    let refused = (!plan.refused.is_empty()).then(|| view! { <Banner kind="bad" title=plan.refused/> });
    let words = (plan.words_waiting > 0).then(|| {
        let title = format!("有 {} 条「不好」写了话，还没有看，在「吃得怎么样」里", plan.words_waiting);
        view! { <Banner kind="warn" title/> }
    });
    let mut errors = plan.dish.summary();
    errors.extend(problems(&plan.pasted));
    errors.extend(plan.service.summary());
    errors.extend(plan.closure.summary());
    let (menu, add, times) = (menu(plan, &base), add(plan, &base), times(plan, &base));
    let [desk, kitchen, month, ratings, waiting] =
        ["hand-out", "kitchen", "month", "ratings", "waiting"].map(|page| format!("{base}/{page}"));
    let (name, public) = (plan.point.name.clone(), format!("/meals/{}", plan.point.code));
    view! {
        <StaffLayout title=name back="/staff/meals" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {refused}
            {words}
            <Actions>
                <ButtonLink href=desk>"出餐"</ButtonLink>
                <ButtonLink href=kitchen kind="secondary">"厨房单"</ButtonLink>
                <ButtonLink href=month kind="secondary">"月结"</ButtonLink>
                <ButtonLink href=waiting kind="secondary">"排队的"</ButtonLink>
                <ButtonLink href=ratings kind="secondary">"吃得怎么样"</ButtonLink>
                <ButtonLink href=public kind="secondary">"看老人看到的样子"</ButtonLink>
            </Actions>
            {menu}
            {add}
            {times}
        </StaffLayout>
    }
}
