//! `/keys`: the fingerprints of the keys that sign confirmations, to print and lay beside a counter.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::components::{Card, Hint, Layout};
use crate::domain::time::date_text;

/// How a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It signs now.
    Signs,
    /// It will sign next.
    StandsBy,
    /// It signs nothing since that day; what it signed before holds.
    Retired(Date),
    /// Nothing that it signed holds.
    Lost,
}

/// One key.
#[derive(Clone, Debug)]
pub struct KeyFact {
    /// Its id in tokens: 8 hexadecimal digits.
    pub id: String,
    /// SHA-256 of its public half in groups of four digits.
    pub fingerprint: String,
    /// Since when it is there.
    pub since: Option<Date>,
    /// How it stands.
    pub state: KeyState,
}

fn state_words(state: KeyState) -> String {
    match state {
        KeyState::Signs => "正在用".into(),
        KeyState::StandsBy => "备用，以后换上".into(),
        KeyState::Retired(day) => format!("{} 停用，以前签的仍然有效", date_text(day)),
        KeyState::Lost => "作废，它签的都不认".into(),
    }
}

/// A fingerprint in lines of four groups, on every screen and paper alike: one person reads out a line, another compares it.
fn lines(fingerprint: &str) -> impl IntoView + use<> {
    let groups: Vec<&str> = fingerprint.split(' ').collect();
    groups.chunks(4).map(|line| view! { <div>{line.join(" ")}</div> }).collect_view()
}

/// The sheet. `issuer` is the short name that stands in each code.
pub fn sheet(keys: &[KeyFact], issuer: &str, today: Date) -> impl IntoView + use<> {
    let cards = keys
        .iter()
        .map(|key| {
            let since = key.since.map(date_text).unwrap_or_default();
            let rows = [("现在", state_words(key.state)), ("哪天生成", since)]
                .map(|(label, value)| {
                    view! { <div class="xw-pairs__row"><dt>{label}</dt><dd>{value}</dd></div> }
                })
                .into_iter()
                .collect_view();
            let fingerprint = lines(&key.fingerprint);
            let title = format!("密钥 {}", key.id);
            view! {
                <Card title=title>
                    <dl class="xw-pairs">
                        {rows}
                        <div class="xw-pairs__row"><dt>"指纹"</dt><dd>{fingerprint}</dd></div>
                    </dl>
                </Card>
            }
        })
        .collect_view();
    let issuer = format!("签发者代号 {issuer}，{}", date_text(today));
    view! {
        <Layout title="凭证签章的密钥指纹" back="/check" narrow=true>
            <p>{issuer}</p>
            <Hint>
                "打印一张放在窗口。核对凭证的设备上显示的指纹，要和这里的一样；不一样，就不要相信那台设备，请打电话核实。"
            </Hint>
            {cards}
        </Layout>
    }
}
