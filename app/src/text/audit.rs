//! What a resident reads about who opened their file.

use crate::domain::audit::{AuditAct, Purpose};

/// What staff did and why, in one line.
pub fn opened_words(act: AuditAct, purpose: Purpose) -> String {
    let what = match act {
        AuditAct::DetailsRead => "看了您的材料",
        AuditAct::NumbersRead => "看了您的材料和完整的号码",
        AuditAct::AccessRefused => "想看您的材料，没有被允许",
        AuditAct::IdentityVerified => "核对了您的证件",
        AuditAct::PhoneChanged => "给您换了登录号码",
        AuditAct::CardIssued => "给您办了卡",
        AuditAct::CardEnded => "停用了您的卡",
        AuditAct::ConfirmationIssued => "给您出了凭证",
        AuditAct::ConfirmationUsed => "在窗口扫了您的凭证",
        AuditAct::ConfirmationUsedAgain => "又扫了一次您用过的凭证",
        AuditAct::ConfirmationCancelled => "作废了您的凭证",
        AuditAct::ConfirmationReissued => "给您重新出了凭证",
        AuditAct::ProxyAgreed => "登记了代办",
        AuditAct::ProxyEnded => "结束了代办",
        AuditAct::GuardianRecorded => "登记了监护关系",
        AuditAct::HelpBegun => "开始当面帮您填表",
        AuditAct::HelpEnded => "结束了当面帮办",
        AuditAct::PaperAdded => "替您交了材料照片",
        AuditAct::PaperDeleted => "替您删了材料照片",
        AuditAct::RowsExported => "导出了材料",
        AuditAct::CorrectionRequested => "告诉您要补什么",
        AuditAct::CaseAccepted => "受理了您的申请",
        AuditAct::OpinionGiven => "对您的申请提出了意见",
        AuditAct::CaseAssigned => "安排了经办人",
        AuditAct::CaseRated => "评价了办理",
        AuditAct::BenefitStepProposed => "提出减少或者停止救助",
        AuditAct::PersonHeard => "记下您对减少或者停止救助的意见",
        AuditAct::BenefitStepDropped => "不减少也不停止救助了",
        AuditAct::BenefitStepDecided => "决定减少或者停止救助",
        AuditAct::UnchangedSaid => "说了家里没有变化",
        AuditAct::BenefitReviewed => "做了定期核查",
        AuditAct::ReferralHandedOver => "按您的同意把联系方式转给了帮忙的单位",
        AuditAct::HouseholdTold => "告诉了谁家有困难",
        AuditAct::HouseholdTaken => "接手上门看望",
        AuditAct::HouseholdVisited => "记下上门看望的结果",
        AuditAct::ChangeTold => "报告了家里的变化",
        AuditAct::ChangeSettled => "处理了您报告的变化",
        AuditAct::RecheckAsked => "申请了复核",
        AuditAct::RecheckUpheld => "复核后维持了决定",
        AuditAct::CaseReopened => "复核后重新办理您的申请",
        AuditAct::CaseLabelled | AuditAct::CaseNoted => "在您的申请上记了办理备注",
        AuditAct::CaseSentBack => "要求再了解您的情况",
        AuditAct::CaseGranted | AuditAct::CaseRefused => "对您的申请作了决定",
        AuditAct::MeansAsked | AuditAct::MeansAnswered => "核对了您家的经济状况",
        AuditAct::HomeVisited => "上门了解了您家的情况",
        AuditAct::CaseExtended => "延长了您的办理时限",
        AuditAct::ServiceReported => "记下了您的服务办得怎样",
        AuditAct::CaseTransferred => "把您的申请转到了别的街道",
        AuditAct::CaseExpedited | AuditAct::CaseSupplemented => "办了您的先行救助",
        AuditAct::ObjectionAnswered | AuditAct::CaseReinvestigated => "查了公示期间的异议",
        AuditAct::TimeInsured => "登记了您的意外险",
        AuditAct::TimeRecordsImported => "收下了您从别处带来的服务记录",
        AuditAct::TimePatternSeen => "看了一次您的志愿服务记录",
        AuditAct::TimeFrozen => "先冻结了您的时间",
        AuditAct::TimeOutcomeProposed => "提出怎样处理您冻结的时间",
        AuditAct::TimeOutcomeSettled => "处理了您冻结的时间",
        AuditAct::TimeOutcomeDropped => "没有同意那样处理您冻结的时间",
        AuditAct::TimeCorrectionProposed => "提出更正您的志愿服务时间",
        AuditAct::TimeCorrected => "更正了您的志愿服务时间",
        AuditAct::TimeCorrectionDropped => "没有同意更正您的志愿服务时间",
        AuditAct::MessageDelivered => "给您送了信或打了电话",
        _ => "办理了您的事",
    };
    let why = match purpose {
        Purpose::Own => "本人办事",
        Purpose::Handling => "办理申请",
        Purpose::Counter => "窗口帮办",
        Purpose::Complaint => "处理投诉建议",
        Purpose::Audit => "检查工作",
        Purpose::Operation => "维护系统",
        Purpose::Delivery => "送达通知",
    };
    format!("{what}，为了{why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_tell_a_reading_in_full_and_a_refusal_apart() {
        let handling = |act| opened_words(act, Purpose::Handling);
        assert_eq!(handling(AuditAct::DetailsRead), "看了您的材料，为了办理申请");
        assert_eq!(handling(AuditAct::NumbersRead), "看了您的材料和完整的号码，为了办理申请");
        assert!(handling(AuditAct::AccessRefused).contains("没有被允许"));
    }
}
