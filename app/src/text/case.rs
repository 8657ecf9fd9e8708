//! Words of a case on its way: for residents and for staff.

use crate::domain::aid::case::CaseState;
use crate::domain::aid::catalogue::Gives;
use crate::domain::aid::correction::CorrectionTopic;
use crate::domain::aid::decision::{Outcome, RefusalGround};
use crate::domain::aid::service::ServiceOutcome;
use crate::ports::CaseEventKind;

/// The organ that reviews decisions of the district's bureau and of its streets (行政复议法 24).
pub const DISTRICT_GOVERNMENT: &str = "新吴区人民政府";

/// How far a case has come, in a word.
pub fn state_label(state: CaseState) -> &'static str {
    match state {
        CaseState::Received => "已收到",
        CaseState::CorrectionRequested => "等您补充",
        CaseState::Accepted => "已受理",
        CaseState::OpinionGiven => "等决定",
        CaseState::Granted => "给予救助",
        CaseState::Refused => "不予救助",
        CaseState::Withdrawn => "已撤回",
    }
}

/// The same for an item that gives this.
pub fn state_words(state: CaseState, gives: Gives) -> &'static str {
    match state {
        CaseState::Granted => outcome_label(Outcome::Grant, gives),
        CaseState::Refused => outcome_label(Outcome::Refuse, gives),
        state => state_label(state),
    }
}

/// The same for staff.
pub fn state_for_staff(state: CaseState) -> &'static str {
    match state {
        CaseState::CorrectionRequested => "等居民补充",
        state => state_label(state),
    }
}

/// The colour of that word.
pub fn state_kind(state: CaseState) -> &'static str {
    match state {
        CaseState::Received | CaseState::Accepted | CaseState::OpinionGiven => "info",
        CaseState::CorrectionRequested => "warn",
        CaseState::Granted => "good",
        CaseState::Refused | CaseState::Withdrawn => "plain",
    }
}

/// The title of the receipt.
pub fn receipt_title(state: CaseState) -> &'static str {
    match state {
        CaseState::Received => "申请已收到",
        CaseState::CorrectionRequested => "申请要补一点",
        CaseState::Accepted | CaseState::OpinionGiven => "申请正在办理",
        CaseState::Granted | CaseState::Refused => "申请有结果了",
        CaseState::Withdrawn => "申请已撤回",
    }
}

/// Who has it now and what comes next. `street` is the street's name.
pub fn next_words(state: CaseState, gives: Gives, street: &str) -> Vec<String> {
    match state {
        CaseState::Received => vec![
            format!("现在在{street}经办人手里：看材料齐不齐。有要补的，会一次告诉您。"),
            "齐了就受理，然后了解情况。".to_owned(),
        ],
        CaseState::CorrectionRequested => {
            vec!["现在等您补充。补的这段时间，不算在办理时限里。".to_owned()]
        }
        CaseState::Accepted => vec![
            format!("现在在{street}经办人手里：核对信息，可能打电话或者上门看看。"),
            "然后街道提出意见，由另一个人作决定。".to_owned(),
        ],
        CaseState::OpinionGiven => {
            vec!["街道已经提出意见，现在由另一个人作决定，和提意见的不是同一个人。".to_owned()]
        }
        CaseState::Granted => vec![
            match gives {
                Gives::Money => "救助金会打到您告诉街道的账户。",
                Gives::Recognition => "以后申请医疗、教育、住房、就业这些救助，告诉他们您有这份认定。",
                Gives::Service => "按约好的日子来。那天不方便，早一点打街道的电话，改一天就行。",
            }
            .to_owned(),
        ],
        CaseState::Refused => vec!["不服这个决定，可以怎么办，写在上面「您的权利」里。".to_owned()],
        CaseState::Withdrawn => vec!["不再办理。以后有需要，随时可以再申请。".to_owned()],
    }
}

/// What happened, in the timeline.
pub fn event_title(kind: CaseEventKind) -> &'static str {
    match kind {
        CaseEventKind::Received => "收到申请",
        CaseEventKind::ConsentGiven => "一位家人同意了核对",
        CaseEventKind::CorrectionRequested => "一次告知要补的内容",
        CaseEventKind::CorrectionAnswered => "补充交回",
        CaseEventKind::Accepted => "受理",
        CaseEventKind::OpinionGiven => "街道提出意见",
        CaseEventKind::SentBack => "退回街道再了解",
        CaseEventKind::Granted => "决定给予救助",
        CaseEventKind::Refused => "决定不予救助",
        CaseEventKind::Withdrawn => "本人撤回",
        CaseEventKind::Reopened => "复核以后重新办理",
        CaseEventKind::Extended => "延长办理时限",
        CaseEventKind::ServiceDone => "服务办好了",
        CaseEventKind::ServiceMoved => "服务改了日子",
        CaseEventKind::ServiceEnded => "服务不办了",
        CaseEventKind::Transferred => "转到别的街道办理",
        CaseEventKind::HomeVisited => "工作人员上门了解",
        CaseEventKind::Expedited => "先行救助，手续后补",
        CaseEventKind::Supplemented => "先行救助的手续补上",
        CaseEventKind::Reinvestigated => "公示有异议，重新调查",
    }
}

/// The same for an item that gives this.
pub fn event_words(kind: CaseEventKind, gives: Gives) -> &'static str {
    match (kind, gives) {
        (CaseEventKind::Granted, Gives::Recognition) => "决定予以认定",
        (CaseEventKind::Refused, Gives::Recognition) => "决定不予认定",
        (CaseEventKind::Granted, Gives::Service) => "服务安排好了",
        (CaseEventKind::Refused, Gives::Service) => "这次没有安排",
        (kind, _) => event_title(kind),
    }
}

/// What a thing that is missing is about.
pub fn topic_label(topic: CorrectionTopic) -> &'static str {
    match topic {
        CorrectionTopic::Applicant => "申请人的姓名、证件、手机号",
        CorrectionTopic::Address => "住址或者发生的地方",
        CorrectionTopic::Household => "一起生活的家人",
        CorrectionTopic::Finances => "收入和开支",
        CorrectionTopic::Situation => "发生了什么",
        CorrectionTopic::BankAccount => "银行账户",
        CorrectionTopic::Consent => "核对授权",
        CorrectionTopic::Paper => "材料照片",
        CorrectionTopic::Other => "其他",
    }
}

/// What came of a service.
pub fn service_outcome_label(outcome: ServiceOutcome) -> &'static str {
    match outcome {
        ServiceOutcome::Done => "办好了",
        ServiceOutcome::Moved => "改一天",
        ServiceOutcome::Ended => "不办了",
    }
}

/// To give or not to give what the item gives.
pub fn outcome_label(outcome: Outcome, gives: Gives) -> &'static str {
    match (outcome, gives) {
        (Outcome::Grant, Gives::Money) => "给予救助",
        (Outcome::Refuse, Gives::Money) => "不予救助",
        (Outcome::Grant, Gives::Recognition) => "予以认定",
        (Outcome::Refuse, Gives::Recognition) => "不予认定",
        (Outcome::Grant, Gives::Service) => "安排服务",
        (Outcome::Refuse, Gives::Service) => "不安排",
    }
}

/// The rule of a refusal, in plain words.
pub fn ground_label(ground: RefusalGround) -> &'static str {
    match ground {
        RefusalGround::NotInHardship => "没有突发的急难，必须花的钱也没有超出家里的承受",
        RefusalGround::HappenedElsewhere => "急难不发生在本区，应当向发生地的街道申请",
        RefusalGround::AboveLine => "家庭人均收入不低于标准，或者财产超出规定",
        RefusalGround::NotTekun => "没有劳动能力、没有生活来源、没有有能力的赡养抚养人，三条没有都符合",
        RefusalGround::NotEntitled => "不符合公布的领取条件",
        RefusalGround::HujiElsewhere => "应当向户籍所在地的街道申请",
        RefusalGround::NoConsent => "有成年家人不同意核对家庭经济状况",
        RefusalGround::NotAsTold => "申报的情况和了解到的不一致",
        RefusalGround::ServiceConditions => "不符合公布的服务条件",
        RefusalGround::ServiceUnavailable => "这里还没有这项服务，或者眼下排不出来",
    }
}

/// The clause that it stands on.
pub fn ground_clause(ground: RefusalGround) -> &'static str {
    match ground {
        RefusalGround::NotInHardship => "《社会救助法》第十三条",
        RefusalGround::HappenedElsewhere | RefusalGround::HujiElsewhere => "《社会救助法》第三十七条",
        RefusalGround::AboveLine => "《最低生活保障审核确认办法》第十三条、第十四条",
        RefusalGround::NotEntitled => "街道公布的领取条件",
        RefusalGround::NotTekun => "《特困人员认定办法》第四条",
        RefusalGround::NoConsent | RefusalGround::NotAsTold => "《社会救助法》第四十条",
        RefusalGround::ServiceConditions | RefusalGround::ServiceUnavailable => "街道公布的服务条件",
    }
}
