//! `/meals/checks`: the seeds of the auditor's samples, for everybody. No meal's number stands here.

use leptos::prelude::*;

use crate::components::{Answers, Empty, Hint, Layout};
use crate::domain::meals::MealMonth;
use crate::pages::staff::meal_checks::check_rows;
use crate::ports::{MealCheck, SeedCommitment};

/// The page: each month's hash, and what was drawn, the newest month first.
pub fn checks(months: &[(MealMonth, SeedCommitment)], checks: &[MealCheck]) -> impl IntoView + use<> {
    let shown = months
        .iter()
        .map(|(month, seed)| {
            let check = checks.iter().find(|check| check.month == *month);
            let (title, rows) = (month.words(), check_rows(Some(seed), check));
            view! { <Answers title rows/> }
        })
        .collect_view();
    let none = months
        .is_empty()
        .then(|| view! { <Empty title="还没有公布" hint="每个月的种子摘要会公布在这里。"/> });
    view! {
        <Layout title="助餐抽查的公布" back="/meals">
            <p>"审计每个月抽一部分领走的餐，看订餐、扫码和补贴对不对得上。抽哪些不由人挑：月底以前先公布种子的摘要，抽完再公布种子。"</p>
            {shown}
            {none}
            <Hint>"摘要是种子的 SHA-256。种子抽完才公布，所以事先算不出抽哪些；摘要早就公布，所以事后换不了种子。"</Hint>
        </Layout>
    }
}
