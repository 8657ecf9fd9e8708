//! The part of the hand-out page for those who come without an order.

use leptos::prelude::*;

use crate::components::{Actions, Banner, Button, Card, Checkbox, Field, OptionGroup, Radios, Select};
use crate::domain::meals::{Dish, Paid, Quote, WalkInForm};
use crate::pages::meals::slip_words;
use crate::pages::{Sent, choices};
use crate::text::meals::{AS_PUBLISHED, meal_label, paid_label, unset_words};

/// What somebody who is asked about would pay.
#[derive(Clone)]
pub struct WalkInQuote {
    /// Who, masked.
    pub who: String,
    /// The dish.
    pub dish: Dish,
    /// By who pays.
    pub quote: Quote,
}

crate::masked_debug!(WalkInQuote);

/// What the part shows.
#[derive(Clone, Debug, Default)]
pub struct WalkInView {
    /// What is left for those who did not order.
    pub left: Vec<Dish>,
    /// What was asked about, if something was.
    pub quote: Option<WalkInQuote>,
    /// Somebody of that name was served: whether it is another person is asked.
    pub ask_apart: bool,
}

fn dish_words(dish: &Dish) -> String {
    let of = &dish.dish;
    format!("{}：{}，{} 元，还有 {} 份", meal_label(of.kind), of.name, of.price.yuan(), dish.left())
}

fn quote(of: &WalkInQuote) -> impl IntoView + use<> {
    let words = match of.quote {
        Quote::Known(bill) => {
            let sample = if bill.sample { "（示例补贴）" } else { "" };
            format!("{}{sample}", slip_words(&bill).replace("我付", "收"))
        }
        Quote::AsPublished(why) => {
            format!("原价 {} 元；补贴{AS_PUBLISHED}。{}", of.dish.dish.price.yuan(), unset_words(why))
        }
    };
    let title = format!("{} {}：{}", of.who, meal_label(of.dish.dish.kind), of.dish.dish.name);
    view! { <Banner kind="info" title><p>{words}</p></Banner> }
}

/// The form, where something is left.
pub(super) fn walk_in(view: &WalkInView, base: &str, key: &str, sent: &Sent<WalkInForm>) -> AnyView {
    if view.left.is_empty() {
        return view! { <Card title="没订的人来吃"><p>"今天没有多的了。"</p></Card> }.into_any();
    }
    let options = view.left.iter().map(|dish| (dish.id.clone(), dish_words(dish))).collect();
    let groups = vec![OptionGroup { label: String::new(), options }];
    let [who_error, phone_error, dish_error, paid_error] =
        ["who", "guest_phone", "dish", "paid"].map(|field| sent.error(field));
    let (form, action, key) = (sent.form.clone(), format!("{base}/walk-in"), format!("{key}w"));
    let paid = choices!(Paid::ALL, paid_label, |_| None);
    let apart = view.ask_apart.then(|| {
        view! { <Checkbox name="apart" label="同名的另一位" hint="和领过的那位不是同一个人" checked=form.apart == "yes"/> }
    });
    let quote = view.quote.as_ref().map(quote);
    view! {
        <Card title="没订的人来吃">
            {quote}
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Field name="who" label="谁吃" hint="扫纸卡，或者写卡上的短码、姓名、电话、证件号码" value=form.who error=who_error maxlength=400/>
                <Checkbox
                    name="guest"
                    label="没有登记过"
                    hint="写下姓名就给餐：按原价，补贴以街道公布为准，到点支付"
                    checked=form.guest == "yes"
                />
                <Field
                    name="guest_phone"
                    label="没登记的人的电话"
                    hint="分得清同名的人；可以不写"
                    value=form.guest_phone
                    error=phone_error
                    optional=true
                    inputmode="tel"
                    maxlength=30
                />
                {apart}
                <Select name="dish" label="吃什么" groups value=form.dish error=dish_error/>
                <Radios name="paid" legend="个人的部分" options=paid value=form.paid error=paid_error/>
                <Actions>
                    <Button kind="secondary">"给他一份"</Button>
                    <Button kind="quiet" name="act" value="look">"先看要付多少"</Button>
                </Actions>
            </form>
        </Card>
    }
    .into_any()
}
