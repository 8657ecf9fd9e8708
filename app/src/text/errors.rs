//! The sentence beside a field that was not accepted: kind, plain, and saying what to do.
//!
//! Full-width punctuation, no full stop at the end, and nothing of what was typed except a date that does not
//! exist, without which the sentence would not help.

use crate::domain::area::AreaError;
use crate::domain::bank::BankAccountError;
use crate::domain::document::DocumentError;
use crate::domain::form::{FieldError, Prompt, Rule};
use crate::domain::money::MoneyError;
use crate::domain::name::NameError;
use crate::domain::phone::PhoneError;
use crate::text::papers::photo_error;
use crate::text::verify;

/// The sentence for an error.
pub fn sentence(error: &FieldError) -> String {
    match error {
        FieldError::Missing(missing) => prompt(*missing).to_owned(),
        FieldError::TooLong { max } => with_number("请写短一些，最多 ", *max, " 个字"),
        FieldError::TooShort { min } => with_number("请再多写一点，至少 ", *min, " 个字"),
        FieldError::Unreadable => "里面有看不见的特殊字符，请删掉后重新输入".to_owned(),
        FieldError::NotOffered => "请从列出的选项中选一项".to_owned(),
        FieldError::Name(error) => name(*error),
        FieldError::Document(error) => document(*error),
        FieldError::Phone(error) => phone(*error).to_owned(),
        FieldError::Bank(error) => bank(*error).to_owned(),
        FieldError::Money(error) => money(*error).to_owned(),
        FieldError::Area(error) => area(*error).to_owned(),
        FieldError::Photo(error) => photo_error(*error).to_owned(),
        FieldError::Rule(broken) => rule(*broken).to_owned(),
    }
}

/// Beside an account number that fails Luhn. It warns and lets the resident go on.
pub fn luhn_warning() -> &'static str {
    "卡号可能有一位填错，请对照银行卡看一遍；确认无误可以继续"
}

fn prompt(missing: Prompt) -> &'static str {
    match missing {
        Prompt::DocumentKind => "请选择证件类型",
        Prompt::Relation => "请选择与申请人的关系",
        Prompt::EmergencyPlace => "请选择急难发生在哪里",
        Prompt::Street => "请选择住在哪个街道",
        Prompt::Community => "请选择住在哪个社区，不知道就选「不清楚」",
        Prompt::EmergencyStreet => "请选择急难发生在哪个街道",
        Prompt::EmergencyCommunity => "请选择急难发生在哪个社区，不知道就选「不清楚」",
        Prompt::EmergencyDetail => "请填写急难发生的具体地点",
        Prompt::Mobile => "请填写手机号，一共 11 位",
        Prompt::AddressDetail => "请填写详细地址",
        Prompt::AidKind => "请选择困难的类型",
        Prompt::WhatHappened => "请写一写发生了什么",
        Prompt::Urgency => "请选择多急",
        Prompt::Pledge => "请勾选承诺",
        Prompt::ComplaintKind => "请选择投诉或建议",
        Prompt::ComplaintText => "请写一写您要说的事",
        Prompt::Number => "请填写编号",
        Prompt::MobileTail => "请填写手机号后四位",
        Prompt::ConsentCode => "请填写六位授权码",
        Prompt::ShortCode => verify::NO_SHORT_CODE,
        Prompt::FeedbackCode => "请填写八位查询码，或者联系电话的后四位",
        Prompt::BirthDate => "请填写出生日期",
        Prompt::SignInPhone => "请填写手机号，没有手机就填带区号的座机号",
        Prompt::SignInCode => "请填写六位验证码",
        Prompt::DocumentTail => "请填写证件号码的后四位",
        Prompt::Reach => "请选择怎样联系您",
        Prompt::RepresentedPhone => "请填写对方自己的手机号，没有手机就填座机号",
        Prompt::RepresentedRelation => "请选择对方是您的什么人",
        Prompt::Scope => "请至少选一项要代办的事",
        Prompt::EndDate => "请填写代办到哪一天为止",
        Prompt::DocumentSeen => "请看过证件原件，确认是本人，再勾选",
        Prompt::RepresentativePhone => "请填写代办人的手机号",
        Prompt::PaperSigned => "请当面看过原件、签过字，再勾选",
        Prompt::SureToDelete => "真要删除就请勾选，不删就按「不删了」",
        Prompt::Login => "请填写账号",
        Prompt::Password => "请填写现在的密码",
        Prompt::NewPassword => "请填写新密码，至少 10 位",
        Prompt::TotpCode => "请填写手机上的六位动态码",
        Prompt::Role => "请选择岗位",
        Prompt::PostPlace => "请选择在哪里任职",
        Prompt::ReadingPurpose => "请选择为什么要看",
        Prompt::CancelReason => "请选择为什么作废",
        Prompt::Reply => "请写一写怎么答复",
        Prompt::ProxyKind => "请选择是亲友代办还是监护人代办",
        Prompt::PaperRelation => "请选择本人是代办人的什么人",
        Prompt::PaperSeen => "请选择看过哪种材料的原件",
        Prompt::GuardianConsent => "请监护人读过下面的同意书，同意后再勾选",
        Prompt::HelpConsent => "请当面问过本人，本人同意后再勾选",
        Prompt::ProxyToEnd => "请选择结束哪一个代办",
        Prompt::EndReason => "请选择为什么结束",
        Prompt::HouseholdSize => "请填写一起生活几口人，包括您自己",
        Prompt::StandardKey => "请选择是哪一项标准",
        Prompt::StandardValue => "请填写新的数值",
        Prompt::StandardDay => "请填写从哪一天起执行",
        Prompt::StandardDocument => "请填写文件号，比如锡民发〔2026〕1号",
        Prompt::PaperKind => "请选择这是什么材料，没有合适的就选「其他材料」",
        Prompt::CorrectionNote => "请至少写一项要补的内容",
        Prompt::CorrectionAgain => "请写明为什么上次没有一次说清",
        Prompt::CorrectionAnswer => "请回答这一项；没有的话，写明为什么没有",
        Prompt::ShareReceiver => "请选择告知哪个部门",
        Prompt::SharePurpose => "请写明他们要用这份名单做什么",
        Prompt::OpinionOutcome => "请选择给不给救助",
        Prompt::RefusalGround => "请选择不给救助的依据",
        Prompt::OpinionReasons => "请写明理由，居民会看到",
        Prompt::ExtensionGround => "请选择依据哪一种情形延长",
        Prompt::FirstMonth => "请填写从哪个月开始发，比如 2026-12",
        Prompt::ServiceDay => "请填写哪一天上门或者办，比如 2026-12-01",
        Prompt::ServiceWords => "请写明谁来、几点、做什么",
        Prompt::ServiceOutcome => "请选择这次服务办得怎样",
        Prompt::ServiceNote => "请写一句办了什么，或者为什么没办成",
        Prompt::TransferStreet => "请选择转到哪个街道",
        Prompt::TransferWhy => "请写明为什么归那个街道办，居民会看到",
        Prompt::ExpeditedWhy => "请写明什么等不了",
        Prompt::Supplement => "请写明补了哪些手续",
        Prompt::ObjectionText => "请写明哪里和您知道的不一样",
        Prompt::ObjectionOutcome => "请选择怎么处理",
        Prompt::ObjectionAnswer => "请写明查了什么、查到什么",
        Prompt::SendBackReason => "请写明要再了解什么",
        Prompt::PickCases => "请先在申请左边的方框里打勾，选中要办的",
        Prompt::CaseColleague => "请选择一位岗位管得到这些申请的同事",
        Prompt::CaseNote => "请写备注",
        Prompt::SureToWithdraw => "请勾选想好了再撤回",
        Prompt::WithdrawalReason => "请写一写为什么撤回",
        Prompt::AcceptedDay => "请照回执填写受理的日子",
        Prompt::ClosureReason => "请写一写为什么不开，来办事的人会看到",
        Prompt::WhichOne => "请选择您是哪一方",
        Prompt::PartnerWay => "请选择对方怎样确认",
        Prompt::SureToCancel => "想好了，请先勾选再取消",
        Prompt::TimeKind => "请选择要做什么",
        Prompt::TimeAccompany => "这一样要有大人陪着，能陪的请勾选",
        Prompt::EventTitle => "请填写活动叫什么，比如“社区大扫除”",
        Prompt::EventWhere => "请填写在哪里集合",
        Prompt::EventPlaces => "请填写要几个人",
        Prompt::EventCode => "请填写现场屏幕上的 6 位数字",
        Prompt::EventPerson => "请选择这是谁的时间",
        Prompt::EventChecked => "请先把名单和时间核对一遍，再勾选",
        Prompt::TimeDay => "请填写哪一天，比如 2026-12-01",
        Prompt::TimeLength => "请选择大约多久",
        Prompt::TimeLanguage => "请选择说什么话",
        Prompt::TimeKinds => "请至少选一样您能做的",
        Prompt::TimeTerms => "请先看一遍上面说的，愿意照着做再勾选",
        Prompt::TimeCode => "请填写服务对象告诉您的 6 位服务码",
        Prompt::TimeWords => "请写一写实际情况，比如来了多久",
        Prompt::MealKind => "请选择是早饭、午饭还是晚饭",
        Prompt::DishName => "请填写菜名或套餐的名字",
        Prompt::DishIngredients => "请填写用了哪些料，用「、」隔开，忌口的人要看",
        Prompt::MealPick => "请至少选一餐",
        Prompt::MealMode => "请选择自己来吃还是送到家",
        Prompt::MealEater => "请填写老人的姓名、电话、证件号码或卡号",
        Prompt::StandingDays => "请至少勾一天",
        Prompt::CallOutcome => "请选择问下来怎么样",
        Prompt::CallNote => "请写一写谁在帮、怎么帮",
        Prompt::MealScore => "请点一下：好、一般，还是不好",
        Prompt::RatingAnswer => "请写一写看了以后怎么做的",
        Prompt::MealTableLevel => "请选择是区里补还是街道补",
        Prompt::MealTablePlace => "请选择补给住在哪里的人",
        Prompt::MealTableHuji => "请选择看不看户籍、看哪里的",
        Prompt::MealTiers => "请一行写一档；这一级什么都不补，就写「不补」",
        Prompt::MealPaid => "请选择收了、没收，还是免了",
        Prompt::HujiPlace => "请照户口簿选择户籍在哪里",
        Prompt::TimeWhom => "请选择这次服务给谁",
        Prompt::TimeGift => "请填写捐多少分钟",
        Prompt::TimeMonth => "请选择要哪个月的对账单",
        Prompt::Kin => "请选择收时间的人是您的什么人",
        Prompt::AccountPhone => "请填写他在这里登录用的号码",
        Prompt::FreezeReason => "请选择为什么先冻结",
        Prompt::FreezeWhy => "请写上谁说的、看过什么材料",
        Prompt::FreezeOutcome => "请选择这些时间怎样处理",
        Prompt::TimePeriod => "请选择要哪一年的服务证明",
        Prompt::Insurer => "请填写是哪家保险公司",
        Prompt::PolicyNumber => "请对照保单填写保单号",
        Prompt::InsuredUntil => "请填写保到哪一天，比如 2027-06-30",
        Prompt::RecordsText => "请把服务记录粘贴进来，连同表头",
        Prompt::TimeRight => "请填写真实的时间，按分钟，比如 60；没有去的写 0",
        Prompt::CorrectionWhy => "请写上为什么更正，比如谁说的、怎么查的",
        Prompt::TimeSpoke => "请先打电话或者当面问过本人，再勾选",
        Prompt::RegisteredWhere => "请选择结婚登记是不是在内地办的",
        Prompt::SameOrgan => "请选择离婚申请是不是这一家受理的",
        Prompt::BothThere => "请看到两个人都到了，再勾选；少一位不能办",
        Prompt::MarriageAnswer => "请选一个最接近的答案",
        Prompt::HotName => "请写上大家怎么叫这一天，比如 520",
        Prompt::HotTimes => "请写上这一天的时间和名额，一行一个",
        Prompt::Grade => "请选一个评价",
        Prompt::ChangeKind => "请至少选一项，什么变了",
        Prompt::ChangeDay => "请填写从哪一天起变的，比如 2026-11-01",
        Prompt::ChangeWords => "请写一写怎么变了",
        Prompt::ChangeOutcome => "请选择怎么处理这项变化",
        Prompt::RecheckWords => "请写一写您不同意什么、为什么",
        Prompt::RecheckWhy => "请在「我认为」后面写上您的理由",
        Prompt::RecheckOutcome => "请选择维持还是重新办理",
        Prompt::Teller => "请选择您是他的什么人",
        Prompt::FoundStreet => "请选择那一家在哪个街道",
        Prompt::FoundDetail => "请填写那一家住在哪里，能找到门就行",
        Prompt::FoundStory => "请写一写您看到了什么",
        Prompt::VisitOutcome => "请选择去看的结果",
        Prompt::VisitNote => "请写一写去看的情况",
        Prompt::Programme => "请至少选一个单位",
        Prompt::ReferralConsent => "请勾选同意，我们才能转",
        Prompt::BenefitStep => "请选择减发还是停发",
        Prompt::BenefitAmount => "请填写减到每月多少元",
        Prompt::HeardHow => "请选择怎样听的意见",
        Prompt::HeardDay => "请填写哪一天听的意见，比如 2026-11-01",
        Prompt::HeardWords => "请写上意见，没有意见就写「没有意见」",
        Prompt::NextReview => "请选择多久以后再看",
        Prompt::PaymentMonth => "请填写哪个月，比如 2026-12，最晚到下个月",
        Prompt::VisitDay => "请填写哪一天上门的，比如 2026-11-01",
        Prompt::VisitCompanion => "请选择和您一起上门的同事，入户要两个人",
        Prompt::VisitFamily => "请填写在场的是谁",
        Prompt::VisitFamilyIs => "请填写在场的人是申请人的什么人，本人就写「本人」",
        Prompt::VisitFindings => "请写一写上门看到的情况",
        Prompt::SelfCareAnswer => "请选择这一项能不能自己做",
        Prompt::SignatureOwn => "请您自己在框里签名",
        Prompt::SignatureCompanion => "请一起上门的同事在框里签名",
        Prompt::SignatureFamily => "请在场的家人在框里签名",
        Prompt::Signatures => "没有收到签名：请三个人在框里签；看不到框的，请改选签在纸上",
        Prompt::SignedHow => "请选择签在屏幕上还是签在纸上",
        Prompt::KinStaff => "请选择是哪一位工作人员",
        Prompt::KinName => "请填写这位工作人员的姓名",
        Prompt::KinRelation => "请选择这位工作人员是申请人家里的什么人",
        Prompt::MeansPerson => "请选择核对哪一位，只能选已经同意核对的人",
        Prompt::MeansSource => "请选择向哪个部门核对什么",
        Prompt::MeansPurpose => "请写明为什么要核对这一项",
        Prompt::MeansResult => "请选择核对出来的结果",
        Prompt::MeansDetail => "请写明核对到了什么",
    }
}

fn rule(broken: Rule) -> &'static str {
    match broken {
        Rule::EmergencyElsewhere => "急难发生在新吴区以外的，由急难发生地的街道或乡镇受理，请向当地提出申请",
        Rule::MemberTwice => "这位家庭成员已经填过，请删去重复的一位",
        Rule::TooManyMembers => "家庭成员人数超出了网上能填的数量，请到街道窗口办理",
        Rule::OnlyForChildren => "这一项给未满 18 周岁的孩子，请填写孩子本人的证件号码",
        Rule::MoreThanExpedited => "超过了先行救助的数额，请改小，或者按一般程序办",
        Rule::AccountHolderWithoutReason => "账户不是申请人本人的，请写明原因，例如由监护人代领",
        Rule::NotADate => "请按年、月、日填写日期，例如 1966 年 5 月 10 日",
        Rule::DateInFuture => "这个日期还没有到，请对照证件重填",
        Rule::DateTooOld => "这个日期太早了，请对照证件重填年份",
        Rule::NotANumber => "请对照回执填写编号，字母和数字都要填",
        Rule::NotFourDigits => "请填写四位数字",
        Rule::NotSixDigits => "请填写六位数字",
        Rule::ShortCodeMistyped => verify::SHORT_CODE_MISTYPED,
        Rule::NoSuchConfirmation => "没有找到，请对照凭证再看一遍编号或短码，别的单位的凭证请扫码核对",
        Rule::NotFourSigns => "请对照证件填写最后四位，可能有字母 X",
        Rule::CodeDoesNotFit => "验证码对不上或已经过期，请对照最新的一条再填，也可以重新获取",
        Rule::KeepConsent => "请看一看要您同意的内容，愿意就按「同意并保存」",
        Rule::SamePhone => "这就是现在的登录号码，请填写新号码",
        Rule::MobileNeedsCode => "手机号要收验证码核对，请不要勾选这一项",
        Rule::OwnPhone => "这是您自己的号码，请填写对方本人的号码",
        Rule::EndNotLater => "请填写今天以后的日期",
        Rule::PhoneOfAnother => {
            "这个号码登记的是另一份证件，号码可能换过人，请居民先登录并选「以前用这个号码的不是我」"
        }
        Rule::DocumentOfAnother => "这份证件已经在另一个账号下核对过，请对照证件重填，或请居民用那个账号",
        Rule::VerifyFirst => "这份证件还没有核对过，请先到「核对证件」登记",
        Rule::SamePerson => "代办人和本人是同一个号码，请填写代办人自己的号码",
        Rule::EndTooLate => "代办最长一年，请填写一年以内的日期，到期可以再办",
        Rule::NotAFeedbackCode => "查询码是八位，电话只填后四位，请再看一遍",
        Rule::LoginForm => "账号用 3 到 32 位小写字母、数字、点或横线，请重新填写",
        Rule::LoginTaken => "这个账号已经有人用了，请换一个",
        Rule::PasswordTooShort => "密码至少 10 位，请写长一些",
        Rule::PasswordBreached => "这个密码很多人用过，容易被猜到，请换一个",
        Rule::PasswordHasLogin => "密码里不要有账号，请换一个",
        Rule::PasswordIsTheOldOne => "新密码和原来的一样，请换一个",
        Rule::PasswordsDiffer => "两次填写的新密码不一样，请再填一次",
        Rule::PasswordWrong => "现在的密码不对，请重新填写",
        Rule::PlaceDoesNotFit => "这个岗位不能设在这里，请重新选择",
        Rule::PaperDoesNotFit => "这种材料证明不了这种代办，请对照手里的材料重新选择",
        Rule::EndAfterMinority => "监护人代办到孩子满 18 周岁为止，请填写早一些的日期，或者不填",
        Rule::NotAMinor => "本人已满 18 周岁，请改选亲友代办，由本人自己同意",
        Rule::MinorByGuardian => "本人未满 18 周岁，请由监护人来办，改选监护人代办",
        Rule::GuardianFirst => "孩子未满 14 周岁，请先由监护人带材料来登记监护关系",
        Rule::HelperTooYoung => "代办人未满 18 周岁，不能替别人办，请换一位成年人",
        Rule::GuardianNotVerified => "还没有看过监护人的证件，请先到「核对证件」登记监护人",
        Rule::NameDoesNotFit => "姓名和核对过的证件对不上，请对照证件重填",
        Rule::NotAHouseholdSize => "请填写 1 到 20 之间的整数，比如 3",
        Rule::NotARatio => "请填写 0.01 到 100 之间的倍数，最多四位小数，比如 1.5",
        Rule::StandardOfNothing => "请填写大于 0 的数",
        Rule::StandardTaken => "这一项从这一天起已经有数了；写错了的，先撤回那一条",
        Rule::NotEventPlaces => "请写 1 到 500 之间的整数，要几个人就写几",
        Rule::EventTooLong => "一次活动最多 12 小时，更长的请分成几次发布",
        Rule::NotAServiceCode => "请填 6 位服务码、老人手机上的 9 位数字，或者出示卡上的短码",
        Rule::NotMinutes => "请写 0 到 2880 之间的整数，按分钟",
        Rule::NoSuchVolunteer => "用这个号码的人没有登记过志愿者，请核对，或者请他先登记",
        Rule::NoSuchSaver => "没有找到这个号码和姓名的实名账号，请核对；没有的，请他先带身份证到窗口登记",
        Rule::SameMinutes => "和现在记的一样，不用更正；请填写真实的时间",
        Rule::NotATime => "请写成 9：00 这样的时间",
        Rule::TimeNotLater => "结束的时间要晚于开始的时间",
        Rule::RegisteredElsewhere => {
            "不在内地登记的婚姻，登记处不能办离婚，请问人民法院或者当初登记的地方（婚姻登记条例第十三条）"
        }
        Rule::BlockedForNoShow => {
            "有一位在这一家约了几次没来，按规定现在还不能约，请过些天或者换一家；记错了请打电话问"
        }
        Rule::TwoLines => "您已经在排两个队了，请先退掉一个再排",
        Rule::NotAMoment => "请写成 2027-05-01 9：00 这样的日期和时间",
        Rule::MomentOver => "报名要在以后开始，摘要先公布，请写晚一点的时间",
        Rule::DrawTooLate => "报名截止得太晚，抽到的人来不及确认、后面的人来不及补上，请提前一些",
        Rule::EnteredBefore => "有一位已经报了这一天的名，一个人只能报一次；要改，请先撤回原来的",
        Rule::NotHotTimes => "请一行写一个时间，后面空一格写几对，像 9：00-11：00 20",
        Rule::TimesOverlap => "有两个时间叠在一起了，或者超过 12 个，请错开、合并",
        Rule::BothAhead => "这一天人多，两个人都要事先确认，请选“对方用自己的确认码确认”",
        Rule::NoSuchTime => "那一天没有这个时间，请照“时间和名额”另选",
        Rule::OtherOrgan => "第二次要去受理申请的那一家，请看回执，到那一家约（婚姻登记条例第十六条）",
        Rule::SecondVisitEarly => "约的那天冷静期还没有过，请照下面算出的日子另选一天",
        Rule::SecondVisitLate => "约的那天已经过了第二次的期限，请照下面的日子另选；期限过了，要重新申请",
        Rule::SecondVisitUnknown => {
            "期限到了明年，明年的放假安排还没有公布，现在算不准，请打电话问受理的登记处"
        }
        Rule::NotACount => "请按提示的范围写一个整数",
        Rule::NotLess => "减发要比现在少，但不能是零；不发了就选停发",
        Rule::MonthForm => "请按 2026-12 这样写年和月，前后不超过一年",
        Rule::ServiceDayOver => "这一天已经过去了，请填今天或者以后的日子",
        Rule::DayNotYet => "这一天还没有到，请填已经发生的那一天",
        Rule::DayOver => "请写今天或者以后的日期",
        Rule::WindowTurned => "最晚的天数不能少于最早的天数",
        Rule::ManTooYoung => "办结婚登记那天，男方要满 22 周岁；请换一个生日当天或以后的日子",
        Rule::WomanTooYoung => "办结婚登记那天，女方要满 20 周岁；请换一个生日当天或以后的日子",
        Rule::SameTwice => "两个人的证件号码一样了，请核对",
        Rule::CutoffAfterMeal => "截止的时间不能晚于开饭",
        Rule::MenuTooFar => "请填写六十天以内的日期",
        Rule::DishSoldOut => "这一样刚刚订完了，请换一样",
        Rule::DishLeft => "这一样现在有了，不用排队，回去直接订就行",
        Rule::MealTwice => "这一餐已经订过了，一个人一餐订一份",
        Rule::StandingTwice => "这几天里已经有固定订的这一餐了，先停掉原来的，或者换几天",
        Rule::PauseEndsFirst => "停到哪一天，不能早于从哪一天停",
        Rule::MealTooLate => "这一餐已经截止，请选后面的，或者打电话问助餐点",
        Rule::MealAvoided => "这一样里有忌口的东西，请换一样",
        Rule::NotOfThisTour => "这个码不在您这一趟里，请看看老人今天的订餐码，或者打电话给助餐点",
        Rule::NoStops => "请至少勾一份要送的",
        Rule::MealPaperLines => "请一行写一份：编号或者短码，空一格，再写收了、没收或者免了，一次最多两百行",
        Rule::NoDelivery => "这个助餐点送不到这个社区，请选自己来吃，或者换一个点",
        Rule::NoSuchEater => "没有找到这个人，请核对，或者先登记",
        Rule::VolunteerTooYoung => "这位志愿者的年龄还不能送餐，或者监护人还没有同意，请换一位",
        Rule::MealTablePlace => "区里的补贴要选全区；只补一个街道的，请选街道补",
        Rule::MealTierLines => "有的行要改，每一行哪里不对见上面",
        Rule::MealTableTaken => "从这一天起已经有一张表了；设置文件里的请换一天，写错了的先撤回那一张",
        Rule::GuestServed => {
            "这个姓名今天这一餐领过了，只算一份；是同名的另一位，请补上电话，或者勾选「同名的另一位」"
        }
        Rule::NotAStep => "请填写整段的时间，比如 30、60、90 分钟",
        Rule::VisitFirst => "请先上门看过、登记了入户，再提给予救助的意见",
        Rule::VisitBeforeCase => "这一天还没有收到申请，请核对日期",
        Rule::NotEnoughHours => "您存的时间不够，请选短一些；现在就需要的，打电话给社区，不用时间也可以",
        Rule::TooYoungForKind => "您的年龄还不到做这一样，请去掉勾选，选别的",
        Rule::BookedBefore => "两位里有人已经预约了同一件事；要换时间，请在原来的预约里改期",
        Rule::StandardDayTooFar => "请填写 1990 年以后、两年以内的日期",
    }
}

fn name(error: NameError) -> String {
    match error {
        NameError::Missing => "请填写姓名".to_owned(),
        NameError::TooLong { max } => with_number("姓名最多填 ", max, " 个字，请对照证件重填"),
        NameError::Characters => "姓名里只填文字和间隔点，不要填数字和符号".to_owned(),
    }
}

fn document(error: DocumentError) -> String {
    match error {
        DocumentError::Missing => "请填写证件号码",
        DocumentError::CitizenIdLength => "请填写 18 位身份证号",
        DocumentError::CitizenIdCharacters => "身份证号由数字组成，只有最后一位可以是 X，请对照证件重填",
        DocumentError::BirthDateDoesNotExist { year, month, day } => {
            let [year, month, day] = [year.to_string(), month.to_string(), day.to_string()];
            return [
                "身份证号里的出生日期 ",
                &year,
                " 年 ",
                &month,
                " 月 ",
                &day,
                " 日不存在，请对照证件重填",
            ]
            .concat();
        }
        DocumentError::BirthDateInFuture => "身份证号里的出生日期还没有到，请对照证件重填",
        DocumentError::CheckCharacter => "证件号码可能有一位填错，请对照证件逐位看一遍",
        DocumentError::ResidencePermitPrefix => "居住证号以 810000、820000 或 830000 开头，请对照证件重填",
        DocumentError::ForeignerIdForm => "请填写 9 开头的 18 位号码，旧证填写 3 个字母加 12 位数字",
        DocumentError::ForeignerIdAsCitizenId => "9 开头的号码是外国人永久居留身份证，请改选证件类型",
        DocumentError::TravelPermitForm => "请填写通行证号，H 或 M 开头，后面是 8 位或 10 位数字",
        DocumentError::FreeLength => "请对照证件填写完整号码，5 到 20 位",
    }
    .to_owned()
}

fn phone(error: PhoneError) -> &'static str {
    match error {
        PhoneError::Missing => "请填写电话号码",
        PhoneError::MobileLength => "请填写 11 位手机号",
        PhoneError::MobilePrefix => "手机号以 13 到 19 开头，请检查后重填",
        PhoneError::IotNumber => "这个号码是 13 位的物联网号，收不到短信，请填写 11 位手机号",
        PhoneError::Landline => "请填写带区号的座机号，无锡的区号是 0510，也可以填 11 位手机号",
    }
}

fn bank(error: BankAccountError) -> &'static str {
    match error {
        BankAccountError::Missing => "请填写银行卡号",
        BankAccountError::Length => "银行卡号是 16 到 19 位数字，请对照银行卡重填",
        BankAccountError::Characters => "银行卡号只有数字，请对照银行卡重填",
    }
}

fn money(error: MoneyError) -> &'static str {
    match error {
        MoneyError::Missing => "请填写金额，没有就填 0",
        MoneyError::NotANumber => "金额请只填数字，例如 1200",
        MoneyError::TooManyDecimals => "金额最多填到分，也就是小数点后两位",
        MoneyError::Negative => "金额不能小于 0，没有就填 0",
        MoneyError::TooLarge => "金额超过了一亿元，请检查是否多填了几个 0",
    }
}

fn area(error: AreaError) -> &'static str {
    match error {
        AreaError::Missing => "请选择街道和社区",
        AreaError::Unknown => "请从列出的街道和社区中选一个",
        AreaError::CommunityNotInStreet => "这个社区不在所选的街道里，请重新选择社区",
    }
}

fn with_number(before: &str, number: usize, after: &str) -> String {
    [before, &number.to_string(), after].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::papers::PhotoError;

    /// Every error once. A new variant breaks the matches above; add it here too.
    fn all() -> Vec<FieldError> {
        let mut errors = vec![
            FieldError::TooLong { max: 500 },
            FieldError::TooShort { min: 10 },
            FieldError::Unreadable,
            FieldError::NotOffered,
        ];
        errors.extend(
            [
                Prompt::DocumentKind,
                Prompt::Relation,
                Prompt::EmergencyPlace,
                Prompt::Street,
                Prompt::Community,
                Prompt::EmergencyStreet,
                Prompt::EmergencyCommunity,
                Prompt::EmergencyDetail,
                Prompt::Mobile,
                Prompt::AddressDetail,
                Prompt::AidKind,
                Prompt::WhatHappened,
                Prompt::Urgency,
                Prompt::Pledge,
                Prompt::ComplaintKind,
                Prompt::ComplaintText,
                Prompt::Number,
                Prompt::MobileTail,
                Prompt::ConsentCode,
                Prompt::ShortCode,
                Prompt::FeedbackCode,
                Prompt::BirthDate,
                Prompt::SignInPhone,
                Prompt::SignInCode,
                Prompt::DocumentTail,
                Prompt::Reach,
                Prompt::RepresentedPhone,
                Prompt::RepresentedRelation,
                Prompt::Scope,
                Prompt::EndDate,
                Prompt::SureToDelete,
                Prompt::DocumentSeen,
                Prompt::RepresentativePhone,
                Prompt::PaperSigned,
                Prompt::Login,
                Prompt::Password,
                Prompt::NewPassword,
                Prompt::TotpCode,
                Prompt::Role,
                Prompt::PostPlace,
                Prompt::ReadingPurpose,
                Prompt::CancelReason,
                Prompt::Reply,
                Prompt::ProxyKind,
                Prompt::PaperRelation,
                Prompt::PaperSeen,
                Prompt::GuardianConsent,
                Prompt::HelpConsent,
                Prompt::ProxyToEnd,
                Prompt::EndReason,
                Prompt::HouseholdSize,
                Prompt::StandardKey,
                Prompt::StandardValue,
                Prompt::StandardDay,
                Prompt::StandardDocument,
                Prompt::PaperKind,
                Prompt::CorrectionNote,
                Prompt::CorrectionAgain,
                Prompt::CorrectionAnswer,
                Prompt::OpinionOutcome,
                Prompt::RefusalGround,
                Prompt::OpinionReasons,
                Prompt::ExtensionGround,
                Prompt::FirstMonth,
                Prompt::ServiceDay,
                Prompt::ServiceWords,
                Prompt::ServiceOutcome,
                Prompt::ServiceNote,
                Prompt::TransferStreet,
                Prompt::TransferWhy,
                Prompt::ExpeditedWhy,
                Prompt::Supplement,
                Prompt::ObjectionText,
                Prompt::ObjectionOutcome,
                Prompt::ObjectionAnswer,
                Prompt::SendBackReason,
                Prompt::PickCases,
                Prompt::CaseColleague,
                Prompt::CaseNote,
                Prompt::SureToWithdraw,
                Prompt::WithdrawalReason,
                Prompt::RegisteredWhere,
                Prompt::SameOrgan,
                Prompt::BothThere,
                Prompt::MarriageAnswer,
                Prompt::HotName,
                Prompt::HotTimes,
                Prompt::ClosureReason,
                Prompt::AcceptedDay,
                Prompt::WhichOne,
                Prompt::PartnerWay,
                Prompt::SureToCancel,
                Prompt::Grade,
                Prompt::ChangeKind,
                Prompt::ChangeDay,
                Prompt::ChangeWords,
                Prompt::ChangeOutcome,
                Prompt::RecheckWords,
                Prompt::RecheckWhy,
                Prompt::RecheckOutcome,
                Prompt::Teller,
                Prompt::FoundStreet,
                Prompt::FoundDetail,
                Prompt::FoundStory,
                Prompt::VisitOutcome,
                Prompt::VisitNote,
                Prompt::Programme,
                Prompt::ReferralConsent,
                Prompt::TimeKind,
                Prompt::TimeAccompany,
                Prompt::EventTitle,
                Prompt::EventWhere,
                Prompt::EventPlaces,
                Prompt::EventCode,
                Prompt::EventPerson,
                Prompt::EventChecked,
                Prompt::TimeDay,
                Prompt::TimeLength,
                Prompt::TimeLanguage,
                Prompt::TimeKinds,
                Prompt::TimeTerms,
                Prompt::TimeCode,
                Prompt::TimeWords,
                Prompt::TimeSpoke,
                Prompt::TimeWhom,
                Prompt::MealKind,
                Prompt::DishName,
                Prompt::DishIngredients,
                Prompt::MealPick,
                Prompt::MealMode,
                Prompt::MealEater,
                Prompt::StandingDays,
                Prompt::CallOutcome,
                Prompt::CallNote,
                Prompt::MealScore,
                Prompt::RatingAnswer,
                Prompt::MealTableLevel,
                Prompt::MealTablePlace,
                Prompt::MealTableHuji,
                Prompt::MealTiers,
                Prompt::MealPaid,
                Prompt::HujiPlace,
                Prompt::TimeGift,
                Prompt::TimeMonth,
                Prompt::Kin,
                Prompt::AccountPhone,
                Prompt::FreezeReason,
                Prompt::FreezeWhy,
                Prompt::FreezeOutcome,
                Prompt::TimePeriod,
                Prompt::Insurer,
                Prompt::PolicyNumber,
                Prompt::InsuredUntil,
                Prompt::RecordsText,
                Prompt::TimeRight,
                Prompt::CorrectionWhy,
                Prompt::BenefitStep,
                Prompt::BenefitAmount,
                Prompt::HeardHow,
                Prompt::HeardDay,
                Prompt::HeardWords,
                Prompt::NextReview,
                Prompt::PaymentMonth,
                Prompt::VisitDay,
                Prompt::VisitCompanion,
                Prompt::VisitFamily,
                Prompt::VisitFamilyIs,
                Prompt::VisitFindings,
                Prompt::SelfCareAnswer,
                Prompt::SignatureOwn,
                Prompt::SignatureCompanion,
                Prompt::SignatureFamily,
                Prompt::SignedHow,
                Prompt::Signatures,
                Prompt::KinStaff,
                Prompt::KinName,
                Prompt::KinRelation,
                Prompt::MeansPerson,
                Prompt::MeansSource,
                Prompt::MeansPurpose,
                Prompt::MeansResult,
                Prompt::ShareReceiver,
                Prompt::SharePurpose,
                Prompt::MeansDetail,
            ]
            .map(FieldError::from),
        );
        errors.extend(
            [
                Rule::EmergencyElsewhere,
                Rule::MemberTwice,
                Rule::TooManyMembers,
                Rule::OnlyForChildren,
                Rule::MoreThanExpedited,
                Rule::AccountHolderWithoutReason,
                Rule::NotADate,
                Rule::DateInFuture,
                Rule::DateTooOld,
                Rule::NotANumber,
                Rule::NotFourDigits,
                Rule::NotSixDigits,
                Rule::ShortCodeMistyped,
                Rule::NoSuchConfirmation,
                Rule::NotFourSigns,
                Rule::CodeDoesNotFit,
                Rule::KeepConsent,
                Rule::SamePhone,
                Rule::MobileNeedsCode,
                Rule::OwnPhone,
                Rule::EndNotLater,
                Rule::EndTooLate,
                Rule::PhoneOfAnother,
                Rule::DocumentOfAnother,
                Rule::VerifyFirst,
                Rule::SamePerson,
                Rule::NotAFeedbackCode,
                Rule::LoginForm,
                Rule::LoginTaken,
                Rule::PasswordTooShort,
                Rule::PasswordBreached,
                Rule::PasswordHasLogin,
                Rule::PasswordIsTheOldOne,
                Rule::PasswordsDiffer,
                Rule::PasswordWrong,
                Rule::PlaceDoesNotFit,
                Rule::PaperDoesNotFit,
                Rule::EndAfterMinority,
                Rule::NotAMinor,
                Rule::MinorByGuardian,
                Rule::GuardianFirst,
                Rule::HelperTooYoung,
                Rule::GuardianNotVerified,
                Rule::NameDoesNotFit,
                Rule::NotAHouseholdSize,
                Rule::NotARatio,
                Rule::StandardOfNothing,
                Rule::StandardTaken,
                Rule::StandardDayTooFar,
                Rule::NotEventPlaces,
                Rule::EventTooLong,
                Rule::NotAServiceCode,
                Rule::NotMinutes,
                Rule::NoSuchVolunteer,
                Rule::NoSuchSaver,
                Rule::SameMinutes,
                Rule::NotATime,
                Rule::TimeNotLater,
                Rule::RegisteredElsewhere,
                Rule::BlockedForNoShow,
                Rule::TwoLines,
                Rule::NotAMoment,
                Rule::MomentOver,
                Rule::DrawTooLate,
                Rule::EnteredBefore,
                Rule::NotHotTimes,
                Rule::TimesOverlap,
                Rule::BothAhead,
                Rule::NoSuchTime,
                Rule::OtherOrgan,
                Rule::SecondVisitEarly,
                Rule::SecondVisitLate,
                Rule::SecondVisitUnknown,
                Rule::NotACount,
                Rule::DayOver,
                Rule::MonthForm,
                Rule::ServiceDayOver,
                Rule::DayNotYet,
                Rule::NotLess,
                Rule::WindowTurned,
                Rule::ManTooYoung,
                Rule::WomanTooYoung,
                Rule::SameTwice,
                Rule::BookedBefore,
                Rule::TooYoungForKind,
                Rule::NotAStep,
                Rule::CutoffAfterMeal,
                Rule::MenuTooFar,
                Rule::DishSoldOut,
                Rule::MealTwice,
                Rule::DishLeft,
                Rule::StandingTwice,
                Rule::PauseEndsFirst,
                Rule::MealTooLate,
                Rule::MealAvoided,
                Rule::NotOfThisTour,
                Rule::NoStops,
                Rule::MealPaperLines,
                Rule::NoDelivery,
                Rule::NoSuchEater,
                Rule::VolunteerTooYoung,
                Rule::MealTablePlace,
                Rule::MealTierLines,
                Rule::MealTableTaken,
                Rule::GuestServed,
                Rule::NotEnoughHours,
                Rule::VisitBeforeCase,
                Rule::VisitFirst,
            ]
            .map(FieldError::from),
        );
        errors.extend(
            [NameError::Missing, NameError::TooLong { max: 50 }, NameError::Characters].map(FieldError::from),
        );
        errors.extend(
            [
                DocumentError::Missing,
                DocumentError::CitizenIdLength,
                DocumentError::CitizenIdCharacters,
                DocumentError::BirthDateDoesNotExist { year: 1966, month: 2, day: 29 },
                DocumentError::BirthDateInFuture,
                DocumentError::CheckCharacter,
                DocumentError::ResidencePermitPrefix,
                DocumentError::ForeignerIdForm,
                DocumentError::ForeignerIdAsCitizenId,
                DocumentError::TravelPermitForm,
                DocumentError::FreeLength,
            ]
            .map(FieldError::from),
        );
        errors.extend(
            [
                PhoneError::Missing,
                PhoneError::MobileLength,
                PhoneError::MobilePrefix,
                PhoneError::IotNumber,
                PhoneError::Landline,
            ]
            .map(FieldError::from),
        );
        errors.extend(
            [BankAccountError::Missing, BankAccountError::Length, BankAccountError::Characters]
                .map(FieldError::from),
        );
        errors.extend(
            [
                MoneyError::Missing,
                MoneyError::NotANumber,
                MoneyError::TooManyDecimals,
                MoneyError::Negative,
                MoneyError::TooLarge,
            ]
            .map(FieldError::from),
        );
        errors.extend(
            [AreaError::Missing, AreaError::Unknown, AreaError::CommunityNotInStreet].map(FieldError::from),
        );
        errors.extend(
            [
                PhotoError::Missing,
                PhotoError::Empty,
                PhotoError::TooLarge,
                PhotoError::NotAPhoto,
                PhotoError::TooManyPixels,
                PhotoError::Unreadable,
                PhotoError::TooMany,
            ]
            .map(FieldError::from),
        );
        errors
    }

    #[test]
    fn sentences_have_full_width_punctuation_and_no_full_stop() {
        let sentences = all().iter().map(sentence).chain([luhn_warning().to_owned()]).collect::<Vec<_>>();
        for text in sentences {
            // The point of 1.5 belongs to its number.
            let points = text.split('.').collect::<Vec<_>>();
            let in_numbers = points.windows(2).all(|side| {
                side[0].ends_with(|c: char| c.is_ascii_digit())
                    && side[1].starts_with(|c: char| c.is_ascii_digit())
            });
            assert!(in_numbers && !text.contains([',', ':', ';', '?', '!', '(', ')']), "{text}");
            assert!(!text.ends_with(['。', '，', '；', '！', '？', ' ']), "{text}");
            assert!(text.chars().count() <= 50, "{text}");
        }
    }

    #[test]
    fn sentences_never_blame() {
        for text in all().iter().map(sentence) {
            assert!(!text.contains("错误") && !text.contains("非法") && !text.contains("无效"), "{text}");
        }
    }

    #[test]
    fn every_error_has_a_sentence_of_its_own() {
        let mut sentences: Vec<_> = all().iter().map(sentence).collect();
        let count = sentences.len();
        sentences.sort();
        sentences.dedup();
        assert_eq!(sentences.len(), count);
    }

    #[test]
    fn sentences_say_what_to_do() {
        for (error, text) in [
            (FieldError::from(DocumentError::CitizenIdLength), "请填写 18 位身份证号"),
            (
                FieldError::from(DocumentError::BirthDateDoesNotExist { year: 1966, month: 2, day: 29 }),
                "身份证号里的出生日期 1966 年 2 月 29 日不存在，请对照证件重填",
            ),
            (FieldError::from(PhoneError::MobileLength), "请填写 11 位手机号"),
            (
                FieldError::from(PhoneError::IotNumber),
                "这个号码是 13 位的物联网号，收不到短信，请填写 11 位手机号",
            ),
            (FieldError::TooLong { max: 500 }, "请写短一些，最多 500 个字"),
        ] {
            assert_eq!(sentence(&error), text);
        }
    }
}
