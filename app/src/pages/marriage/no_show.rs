//! What a couple reads of an entry that it did not come, and how it objects.

use leptos::prelude::*;

use crate::components::{Actions, Banner, Button, Card, TextArea};
use crate::domain::marriage::{Booking, NoShow, NoShowState, ObjectForm};
use crate::pages::Sent;
use crate::text::marriage::no_show_label;

/// How it stands; one objection is possible.
pub(super) fn no_show_card(
    booking: &Booking,
    no_show: &NoShow,
    sent: &Sent<ObjectForm>,
    key: &str,
) -> impl IntoView + use<> {
    let words = (!no_show.words.is_empty()).then(|| view! { <p>{format!("你们说：{}", no_show.words)}</p> });
    let form = (no_show.state == NoShowState::Marked).then(|| {
        let (action, key) = (format!("/marriage/bookings/{}/object", booking.id), format!("{key}o"));
        let (value, error) = (sent.form.words.clone(), sent.error("words"));
        view! {
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <TextArea name="words" label="来过，或者有别的原因？" hint="写给登记处看，2 到 200 个字。答复以前，这一条不算数" value error maxlength=200/>
                <Actions><Button kind="secondary">"提意见"</Button></Actions>
            </form>
        }
    });
    view! {
        <Banner kind="info" title=no_show_label(no_show.state)/>
        <Card title="那天没有来">{words}{form}</Card>
    }
}
