//! `/aid/random-checks`: the seeds of random draws, for everybody. No case's number stands here.

use leptos::prelude::*;

use super::staff::random_checks::{draw_rows, seed_rows};
use crate::components::{Answers, Empty, Hint, Layout};
use crate::ports::{RandomDraw, SeedCommitment};

/// The page: the hash that waits, and draws with the item's name, the newest first.
pub fn random_checks(seed: Option<&SeedCommitment>, draws: &[(String, RandomDraw)]) -> impl IntoView + use<> {
    let rows = seed_rows(seed);
    let shown = draws
        .iter()
        .map(|(name, draw)| {
            let (title, rows) = (name.clone(), draw_rows(draw));
            view! { <Answers title rows/> }
        })
        .collect_view();
    let none = draws
        .is_empty()
        .then(|| view! { <Empty title="还没有抽查过" hint="每次抽查以后，种子会公布在这里。"/> });
    view! {
        <Layout title="救助抽查的公布" back="/aid">
            <p>"有些救助决定以前，区里要随机抽一部分申请，自己上门看一次。抽谁不由人挑：先公布种子的摘要，抽完再公布种子。"</p>
            <Answers title="下一次" rows/>
            {shown}
            {none}
            <Hint>"摘要是种子的 SHA-256。种子抽完才公布，所以事先算不出抽谁；摘要早就公布，所以事后换不了种子。"</Hint>
        </Layout>
    }
}
