//! `/staff/meal-orders/{eater}/standing`: what somebody who has no telephone of their own eats each week.

use leptos::prelude::*;

use super::Me;
use crate::components::{Actions, Button, Empty, ErrorSummary, StaffLayout};
use crate::domain::meals::{KeptEater, StandingForm};
use crate::pages::Sent;
use crate::pages::meals::{
    PauseForm, StandingMaking, StandingView, standing_facts, standing_fields, standing_forms,
};

/// Somebody's standing orders, and the form of another.
#[derive(Clone)]
pub struct StandingDesk {
    /// Who eats.
    pub eater: KeptEater,
    /// What they have.
    pub standing: Vec<StandingView>,
    /// What a point has for another.
    pub making: Option<StandingMaking>,
}

crate::masked_debug!(StandingDesk);

/// The page.
pub fn desk(
    me: &Me,
    view: &StandingDesk,
    (made, paused): (&Sent<StandingForm>, &Sent<PauseForm>),
) -> impl IntoView + use<> {
    let base = format!("/staff/meal-orders/{}", view.eater.id);
    let standing = view
        .standing
        .iter()
        .map(|one| {
            let action = format!("{base}/standing/{}", one.standing.id);
            let (facts, forms) = (standing_facts(one, false), standing_forms(one, &action, paused));
            view! { {facts} {forms} }
        })
        .collect_view();
    let making = match &view.making {
        Some(making) if !making.offer.kinds.is_empty() => {
            let (fields, action) = (standing_fields(making, made), format!("{base}/standing"));
            let (title, code, key) =
                (format!("新的固定订餐：{}", making.name), making.offer.point.clone(), making.key.clone());
            view! {
                <h2>{title}</h2>
                <p class="xw-hint">"要换助餐点，回上一页先选好助餐点。"</p>
                <form method="post" action=action novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <input type="hidden" name="point" value=code/>
                    {fields}
                    <Actions><Button>"每周这样订"</Button></Actions>
                </form>
            }
            .into_any()
        }
        _ => view! { <Empty title="这个助餐点现在不能固定订" hint="还没有写几点供餐；换一个助餐点试试"/> }
            .into_any(),
    };
    let mut errors = made.summary();
    errors.extend(paused.summary());
    let who = format!("{}，每周固定订的", view.eater.person.masked());
    view! {
        <StaffLayout title="替老人固定订餐" back=base.clone() name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors/>
            <p>{who}</p>
            {standing}
            {making}
        </StaffLayout>
    }
}
