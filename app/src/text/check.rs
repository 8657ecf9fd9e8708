//! What a check of a confirmation says, in one table for every page that checks: a word and a sentence, what to do now, a
//! colour, a shape and a sound for each state. No two states have the same word, shape or sound, so that none rests on colour
//! alone.

use crate::domain::area;
use crate::domain::confirm::ConfirmationKind;
use crate::domain::confirm::check::CheckState;

/// The colour of a state. Red is for what must not be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Green.
    Good,
    /// Amber.
    Warn,
    /// Red.
    Bad,
    /// Grey: nothing was checked.
    Quiet,
}

crate::slugs!(Tone { Good = "good", Warn = "warn", Bad = "bad", Quiet = "quiet" });

/// A tone of so many hertz for so many milliseconds; 0 hertz is a pause.
pub type Beep = (u16, u16);

/// What a state says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateWords {
    /// A word that is read from a meter away.
    pub word: &'static str,
    /// The finding in one sentence, without a full stop.
    pub title: &'static str,
    /// What that means, or what to do now.
    pub advice: &'static str,
    /// Its colour.
    pub tone: Tone,
    /// Its shape: a name of the component `Icon`.
    pub shape: &'static str,
    /// Its sound.
    pub sound: &'static [Beep],
}

/// What a kind of confirmation is called.
pub fn kind_words(kind: ConfirmationKind) -> &'static str {
    match kind {
        ConfirmationKind::AidReceipt => "救助申请收件凭证",
        ConfirmationKind::Booking => "预约凭证",
        ConfirmationKind::Meal => "助餐凭证",
        ConfirmationKind::Hours => "志愿服务时长凭证",
        ConfirmationKind::Statement => "时间银行对账单",
        ConfirmationKind::Certificate => "志愿服务证明",
        ConfirmationKind::Card => "民政服务卡",
    }
}

/// What everybody is told that it is. That somebody asked for aid is nobody's business.
pub fn public_kind_words(kind: ConfirmationKind) -> &'static str {
    match kind {
        ConfirmationKind::AidReceipt => "收件凭证",
        other => kind_words(other),
    }
}

/// What an office is called, by the code in a token or a list.
pub fn office_words(code: u64) -> &'static str {
    area::street(&code.to_string()).map_or("无锡高新区（新吴区）民政部门", |street| street.name)
}

/// The words of a state; `kind` where the code could be read.
pub fn state_words(state: CheckState, kind: Option<ConfirmationKind>) -> StateWords {
    let is_card = kind == Some(ConfirmationKind::Card);
    let words =
        |word, title, advice, tone, shape, sound| StateWords { word, title, advice, tone, shape, sound };
    match state {
        CheckState::Valid => words(
            "有效",
            if is_card { "这张卡是真的" } else { "这张凭证是真的" },
            if is_card {
                "签章完好，没有挂失，也没有换过。"
            } else {
                "签章完好，内容没有被改过。"
            },
            Tone::Good,
            "check",
            &[(880, 110), (1320, 200)],
        ),
        CheckState::NotYet => words(
            "还没到时间",
            "这张凭证是真的，还没有生效",
            "签章完好，还没有到开始的时间。",
            Tone::Warn,
            "clock",
            &[(660, 150), (0, 90), (660, 150)],
        ),
        CheckState::Expired => words(
            "已过期",
            "这张凭证是真的，有效期过了",
            "签章完好，但已经过了有效期。",
            Tone::Warn,
            "hourglass",
            &[(660, 150), (440, 300)],
        ),
        CheckState::Used => words(
            "已用过",
            "这个码已经用过了",
            "每个码只能用一次。有疑问，请核对对方的预约，或者打电话核实。",
            Tone::Warn,
            "twice",
            &[(520, 100), (0, 60), (520, 100), (0, 60), (520, 100)],
        ),
        CheckState::Cancelled => words(
            if is_card { "已挂失" } else { "已作废" },
            if is_card {
                "这张卡已经挂失，不能用了"
            } else {
                "这张凭证已经作废，不能用了"
            },
            if is_card {
                "请不要凭它办事。持卡人可以到社区或街道窗口再办一张。"
            } else {
                "请不要凭它办事。有疑问，请打电话核实。"
            },
            Tone::Bad,
            "slash",
            &[(330, 200), (0, 80), (330, 200)],
        ),
        CheckState::Replaced => words(
            if is_card { "已换新卡" } else { "已换新" },
            if is_card {
                "这张卡已经换成新卡，不能用了"
            } else {
                "这张凭证已经换成新的，不能用了"
            },
            "请让对方出示新的。",
            Tone::Warn,
            "swap",
            &[(440, 120), (660, 120), (440, 120)],
        ),
        CheckState::Altered => words(
            "内容被改过",
            "不能相信这张凭证",
            "签章和内容对不上。请让对方出示原来的二维码，或者打电话核实。",
            Tone::Bad,
            "cross",
            &[(220, 600)],
        ),
        CheckState::UnknownKey => words(
            "无法确认",
            "不认识它的签章",
            "可能是很旧的凭证，也可能是假的。请打电话核实。",
            Tone::Warn,
            "question",
            &[(294, 250), (220, 250)],
        ),
        CheckState::NotOurs => words(
            "不是本服务的码",
            "没有认出这个码",
            "它不是本服务出的，或者没有扫完整。请再扫一次。",
            Tone::Quiet,
            "dash",
            &[(262, 120)],
        ),
        CheckState::NoRecord => words(
            "查无记录",
            if is_card { "查不到这张卡" } else { "查不到这张凭证" },
            if is_card {
                "签章完好，但记录里没有这张卡。请打电话核实。"
            } else {
                "签章完好，但记录里没有它。请打电话核实。"
            },
            Tone::Warn,
            "lens",
            &[(294, 150), (0, 80), (294, 150), (0, 80), (220, 250)],
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_states_look_or_sound_alike() {
        for kind in [None, Some(ConfirmationKind::Card)] {
            let all: Vec<StateWords> =
                CheckState::ALL.iter().map(|state| state_words(*state, kind)).collect();
            for (at, one) in all.iter().enumerate() {
                assert!(!one.title.ends_with('。') && one.advice.ends_with('。'), "{one:?}");
                for other in &all[at + 1..] {
                    assert_ne!(one.word, other.word);
                    assert_ne!(one.title, other.title);
                    assert_ne!(one.shape, other.shape);
                    assert_ne!(one.sound, other.sound);
                }
            }
        }
    }
}
