//! What holds, and who says so.

use leptos::prelude::*;

use super::Tag;

/// One fact with its source and date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub title: String,
    /// The fact; line breaks are kept.
    pub body: String,
    /// Who says so: 「《社会救助法》第三十七条」.
    pub source: String,
    /// The date that belongs to it: 「2026 年 7 月 1 日起施行」.
    pub since: String,
    /// It is sample data and must not be relied on.
    pub sample: bool,
}

/// Facts, each with its source and date; samples are marked.
#[component]
pub fn Facts(
    /// In the order to read them.
    facts: Vec<Fact>,
) -> impl IntoView {
    let facts = facts
        .into_iter()
        .map(|fact| {
            let source = if fact.since.is_empty() {
                format!("来源：{}", fact.source)
            } else {
                format!("来源：{}（{}）", fact.source, fact.since)
            };
            view! {
                <div class="xw-facts__fact">
                    <dt class="xw-facts__title">
                        {fact.title} {fact.sample.then(|| view! { <Tag kind="plain">"示例"</Tag> })}
                    </dt>
                    <dd class="xw-facts__body">{fact.body}</dd>
                    {(!fact.source.is_empty()).then(|| view! { <dd class="xw-facts__source">{source}</dd> })}
                </div>
            }
        })
        .collect_view();
    view! { <dl class="xw-facts">{facts}</dl> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_shows_its_source_and_date() {
        let fact = Fact {
            title: "谁能申请".to_owned(),
            body: "基本生活暂时出现严重困难的家庭或个人".to_owned(),
            source: "《社会救助法》".to_owned(),
            since: "2026 年 7 月 1 日起施行".to_owned(),
            sample: true,
        };
        let html = view! { <Facts facts=vec![fact]/> }.to_html();
        assert!(
            html.contains("来源：《社会救助法》（2026 年 7 月 1 日起施行）") && html.contains("示例"),
            "{html}"
        );
    }
}
