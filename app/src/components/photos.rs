//! Photos, one below the other, each with its name and what can be done with it.

use leptos::prelude::*;

use super::Button;

/// A button beside a photo: a form of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhotoButton {
    /// Where it is sent to.
    pub action: String,
    /// Hidden fields: names and values.
    pub fields: Vec<(String, String)>,
    /// What it does.
    pub words: String,
}

/// One photo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Photo {
    /// What it is.
    pub title: String,
    /// When it came, how large it is; line breaks are kept.
    pub hint: String,
    /// The address of a small picture; `None` where the reader may not see it.
    pub image: Option<String>,
    /// Where it is shown large.
    pub href: Option<String>,
    /// What can be done with it.
    pub button: Option<PhotoButton>,
}

/// Photos in a list.
#[component]
pub fn Photos(
    /// In the order to read them.
    photos: Vec<Photo>,
) -> impl IntoView {
    let rows = photos
        .into_iter()
        .map(|photo| {
            let image = photo.image.map(|src| {
                // The words beside it say what it is; what is on it nobody but a person can tell.
                view! { <img class="xw-photos__image" src=src alt="" loading="lazy" decoding="async"/> }
            });
            let title = match photo.href {
                Some(href) => {
                    view! { <a class="xw-photos__title xw-alone" href=href>{photo.title.clone()}</a> }
                        .into_any()
                }
                None => view! { <strong class="xw-photos__title">{photo.title.clone()}</strong> }.into_any(),
            };
            let button = photo.button.map(|button| {
                let fields = button
                    .fields
                    .into_iter()
                    .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                    .collect_view();
                let name = photo.title.clone();
                view! {
                    <form method="post" action=button.action>
                        {fields}
                        <Button kind="quiet">{button.words}<span class="xw-unseen">{name}</span></Button>
                    </form>
                }
            });
            view! {
                <li class="xw-photos__row">
                    {image}
                    <div class="xw-photos__words">
                        {title}
                        <p class="xw-hint xw-lines">{photo.hint}</p>
                        {button}
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="xw-photos">{rows}</ul> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_that_may_not_be_seen_has_its_name_alone() {
        let photo = Photo { title: "诊断书".into(), hint: "350 KB".into(), ..Photo::default() };
        let html = view! { <Photos photos=vec![photo]/> }.to_html();
        assert!(html.contains("诊断书") && !html.contains("<img") && !html.contains("<a "), "{html}");
    }

    #[test]
    fn a_button_says_with_which_photo() {
        let button = PhotoButton {
            action: "/x".into(),
            fields: vec![("paper".into(), "1".into())],
            words: "用这一张".into(),
        };
        let photo = Photo { title: "诊断书".into(), button: Some(button), ..Photo::default() };
        let html = view! { <Photos photos=vec![photo]/> }.to_html();
        assert!(html.contains(r#"用这一张<span class="xw-unseen">诊断书</span>"#), "{html}");
    }
}
