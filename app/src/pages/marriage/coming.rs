//! What is said before the day: the couple is asked whether it still comes, and reads what the office wrote.

use leptos::prelude::*;

use crate::components::{Banner, Button, Card};
use crate::domain::marriage::{Booking, BookingNote, Coming};

/// 还来吗
pub(super) fn coming_card(booking: &Booking, coming: Coming, key: &str) -> AnyView {
    if coming == Coming::Yes {
        return view! { <Banner kind="good" title="说好了，到时候见"/> }.into_any();
    }
    let (action, key) = (format!("/marriage/bookings/{}/coming", booking.id), format!("{key}y"));
    view! {
        <Card title="还来吗？">
            <p>"快到日子了。还来的话点一下；来不了，请在下面改时间或者取消，让给别人。不点也给你们留着。"</p>
            <form method="post" action=action>
                <input type="hidden" name="idempotency_key" value=key/>
                <Button>"会来"</Button>
            </form>
        </Card>
    }
    .into_any()
}

/// What the office wrote for the couple.
pub(super) fn notes_card(notes: &[BookingNote]) -> Option<AnyView> {
    if notes.is_empty() {
        return None;
    }
    let lines = notes
        .iter()
        .map(|note| view! { <p>{note.words.clone()}<span class="xw-hint">{format!(" {}", note.at.shanghai_full())}</span></p> })
        .collect_view();
    Some(view! { <Card title="登记处留的话">{lines}</Card> }.into_any())
}
