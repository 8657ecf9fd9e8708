//! Words for aid that is paid month by month.

use crate::domain::aid::benefit::{BenefitStep, HeardHow};

/// What is to become of it.
pub fn step_label(step: BenefitStep) -> &'static str {
    match step {
        BenefitStep::Reduced => "减发",
        BenefitStep::Terminated => "停发",
    }
}

/// The same where it is a recognition (认定) that is to end.
pub fn step_words(step: BenefitStep, recognition: bool) -> &'static str {
    match step {
        BenefitStep::Terminated if recognition => "取消认定",
        step => step_label(step),
    }
}

/// How the person was heard.
pub fn heard_label(how: HeardHow) -> &'static str {
    match how {
        HeardHow::Online => "本人在网上写的",
        HeardHow::InPerson => "当面",
        HeardHow::Phone => "电话",
        HeardHow::Written => "书面",
    }
}
