//! `/staff/meals/{point}/ratings`: what people say of a point's meals: counts and words, and nobody's name.

use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, Card, Empty, ErrorSummary, StaffLayout, TextArea,
};
use crate::domain::meals::{DishScores, KeptRating, MealPoint};
use crate::pages::Sent;
use crate::text::meals::{meal_words, score_label};

/// What is known of a point's meals.
#[derive(Clone)]
pub struct RatingsView {
    /// The point.
    pub point: MealPoint,
    /// What was said, the newest first.
    pub ratings: Vec<KeptRating>,
    /// How far back, in days.
    pub days: i32,
    /// The rating whose answer was sent back.
    pub about: String,
    /// What could not be done, in words; empty for nothing.
    pub refused: &'static str,
    /// The key of the forms.
    pub key: String,
}

crate::masked_debug!(RatingsView);

fn title(rating: &KeptRating) -> String {
    format!("{} {}：{}", meal_words(rating.day, rating.kind), rating.dish, score_label(rating.score))
}

/// A word that the point must look at.
fn waiting(view: &RatingsView, rating: &KeptRating, sent: &Sent<String>) -> impl IntoView + use<> {
    let field = format!("answer-{}", rating.id);
    let mine = view.about == rating.id;
    let (error, value) = if mine { (sent.error(&field), sent.form.clone()) } else { (None, String::new()) };
    let (action, key) = (
        format!("/staff/meals/{}/ratings/{}", view.point.code, rating.id),
        format!("{}r{}", view.key, rating.id),
    );
    let word = rating.word.clone().unwrap_or_default();
    view! {
        <Card title=title(rating)>
            <blockquote><p>{word}</p></blockquote>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <TextArea name=field label="看了以后怎么做的" hint="说这句话的老人会看到，比如：以后少放盐" value error rows=3 maxlength=200/>
                <Actions><Button kind="secondary">"看过了"</Button></Actions>
            </form>
        </Card>
    }
}

/// A word that waits for nobody.
fn word(rating: &KeptRating) -> Option<Answer> {
    let said = rating.word.as_ref()?;
    let value = match &rating.answered {
        Some((_, answer)) => format!("{said}（助餐点：{answer}）"),
        None => said.clone(),
    };
    Some(Answer { label: title(rating), value, ..Answer::default() })
}

/// The page.
pub fn ratings(me: &Me, view: &RatingsView, sent: &Sent<String>) -> impl IntoView + use<> {
    let open: Vec<_> = view.ratings.iter().filter(|rating| rating.waits()).collect();
    let banner = (!open.is_empty()).then(|| {
        let title = format!("有 {} 条「不好」写了话，请看一看", open.len());
        view! { <Banner kind="warn" title/> }
    });
    let open = open.into_iter().map(|rating| waiting(view, rating, sent)).collect_view();
    let counts: Vec<_> = DishScores::of(&view.ratings)
        .into_iter()
        .map(|of| {
            let [good, so_so, bad] = of.counts;
            let value = format!("好 {good}，一般 {so_so}，不好 {bad}");
            Answer { label: of.dish, value, ..Answer::default() }
        })
        .collect();
    let counts = if counts.is_empty() {
        view! { <Empty title="还没有人说" hint="领过餐的人在「我的订餐」里点一下就行"/> }.into_any()
    } else {
        view! { <Answers title=format!("最近 {} 天，各样菜", view.days) rows=counts/> }.into_any()
    };
    let words: Vec<_> = view.ratings.iter().filter(|rating| !rating.waits()).filter_map(word).collect();
    let words = (!words.is_empty()).then(|| view! { <Answers title="说的话" rows=words/> });
    let refused = (!view.refused.is_empty()).then(|| view! { <Banner kind="bad" title=view.refused/> });
    let (errors, back) = (sent.summary(), format!("/staff/meals/{}", view.point.code));
    view! {
        <StaffLayout title="吃得怎么样" back=back name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {refused}
            <p class="xw-hint">"这里只有份数和话，没有名字。"</p>
            {banner}
            {open}
            {counts}
            {words}
        </StaffLayout>
    }
}
