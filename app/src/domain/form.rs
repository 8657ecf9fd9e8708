//! What is wrong with a form, all of it at once and in page order.

use std::borrow::Cow;

use super::area::AreaError;
use super::bank::BankAccountError;
use super::document::DocumentError;
use super::money::MoneyError;
use super::name::NameError;
use super::papers::PhotoError;
use super::phone::PhoneError;

/// Why one field was not accepted. [`crate::text`] turns it into the sentence that the resident reads; no
/// variant carries what was typed, because errors travel further than one thinks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldError {
    /// Nothing was given; the text names what to give, such as 「请选择…」.
    Missing(Prompt),
    /// More than `max` characters (Unicode scalars).
    TooLong {
        /// The largest number of characters.
        max: usize,
    },
    /// Fewer than `min` characters that are not white space.
    TooShort {
        /// The smallest number of characters.
        min: usize,
    },
    /// The text holds a control character that no keyboard gives.
    Unreadable,
    /// The value is none of those that the page offers.
    NotOffered,
    /// A person's name.
    Name(NameError),
    /// An identity document.
    Document(DocumentError),
    /// A telephone number.
    Phone(PhoneError),
    /// A bank account.
    Bank(BankAccountError),
    /// An amount of money.
    Money(MoneyError),
    /// A street or a community.
    Area(AreaError),
    /// A photo of a paper.
    Photo(PhotoError),
    /// Something that only this form knows, told by its own list.
    Rule(Rule),
}

/// What a missing answer asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// 请选择证件类型
    DocumentKind,
    /// 请选择与申请人的关系
    Relation,
    /// 请选择急难发生在哪里
    EmergencyPlace,
    /// 请选择住在哪个街道
    Street,
    /// 请选择住在哪个社区
    Community,
    /// 请填写详细地址
    AddressDetail,
    /// 请选择急难发生在哪个街道
    EmergencyStreet,
    /// 请选择急难发生在哪个社区
    EmergencyCommunity,
    /// 请填写急难发生的具体地点
    EmergencyDetail,
    /// 请填写 11 位手机号
    Mobile,
    /// 请选择困难的类型
    AidKind,
    /// 请写一写发生了什么
    WhatHappened,
    /// 请选择多急
    Urgency,
    /// 请勾选承诺
    Pledge,
    /// 请选择投诉或建议
    ComplaintKind,
    /// 请写一写您要说的事
    ComplaintText,
    /// 请填写编号
    Number,
    /// 请填写手机号后四位
    MobileTail,
    /// 请填写六位授权码
    ConsentCode,
    /// 请填写查询码或电话后四位
    FeedbackCode,
    /// 请填写八位短码
    ShortCode,
    /// 请填写出生日期
    BirthDate,
    /// 请填写手机号或座机号
    SignInPhone,
    /// 请填写六位验证码
    SignInCode,
    /// 请填写证件号码后四位
    DocumentTail,
    /// 请选择怎样联系您
    Reach,
    /// 请填写对方的手机号或座机号
    RepresentedPhone,
    /// 请选择对方是您的什么人
    RepresentedRelation,
    /// 请至少选一项代办的事
    Scope,
    /// 请填写代办到哪一天为止
    EndDate,
    /// 请勾选想好了
    SureToDelete,
    /// 请看过证件原件再勾选
    DocumentSeen,
    /// 请填写代办人的手机号
    RepresentativePhone,
    /// 请当面看过原件、签过字再勾选
    PaperSigned,
    /// 请填写账号
    Login,
    /// 请填写密码
    Password,
    /// 请填写新密码
    NewPassword,
    /// 请填写手机上的六位动态码
    TotpCode,
    /// 请选择岗位
    Role,
    /// 请选择在哪里任职
    PostPlace,
    /// 请选择为什么要看
    ReadingPurpose,
    /// 请选择为什么作废
    CancelReason,
    /// 请写一写答复
    Reply,
    /// 请选择代办的种类
    ProxyKind,
    /// 请选择本人是代办人的什么人
    PaperRelation,
    /// 请选择看过哪种材料
    PaperSeen,
    /// 请监护人读过同意书再勾选
    GuardianConsent,
    /// 请本人同意帮办再勾选
    HelpConsent,
    /// 请选择结束哪一个代办
    ProxyToEnd,
    /// 请选择为什么结束
    EndReason,
    /// 请填写一起生活几口人
    HouseholdSize,
    /// 请选择是哪一项标准
    StandardKey,
    /// 请填写数值
    StandardValue,
    /// 请填写从哪一天起
    StandardDay,
    /// 请填写文件号
    StandardDocument,
    /// 请选择这是什么材料
    PaperKind,
    /// 请至少写一项要补的内容
    CorrectionNote,
    /// 请写明为什么上次没有一次说清
    CorrectionAgain,
    /// 请回答这一项；没有的话，写明为什么没有
    CorrectionAnswer,
    /// 请选择告知哪个部门
    ShareReceiver,
    /// 请写明他们要用这份名单做什么
    SharePurpose,
    /// 请选择给不给救助
    OpinionOutcome,
    /// 请选择不给救助的依据
    RefusalGround,
    /// 请写明理由，居民会看到
    OpinionReasons,
    /// 请选择依据哪一种情形延长
    ExtensionGround,
    /// 请填写从哪个月开始发，比如 2026-12
    FirstMonth,
    /// 请填写哪一天上门或者办，比如 2026-12-01
    ServiceDay,
    /// 请写明谁来、几点、做什么
    ServiceWords,
    /// 请选择这次服务办得怎样
    ServiceOutcome,
    /// 请写一句办了什么，或者为什么没办成
    ServiceNote,
    /// 请选择转到哪个街道
    TransferStreet,
    /// 请写明为什么归那个街道办，居民会看到
    TransferWhy,
    /// 请写明什么等不了
    ExpeditedWhy,
    /// 请写明补了哪些手续
    Supplement,
    /// 请写明哪里和您知道的不一样
    ObjectionText,
    /// 请选择怎么处理
    ObjectionOutcome,
    /// 请写明查了什么、查到什么
    ObjectionAnswer,
    /// 请写明要再了解什么
    SendBackReason,
    /// 请选中要办的申请
    PickCases,
    /// 请选择能经办的同事
    CaseColleague,
    /// 请写备注
    CaseNote,
    /// 请勾选想好了再撤回
    SureToWithdraw,
    /// 请写一写为什么撤回
    WithdrawalReason,
    /// 请选一个答案
    MarriageAnswer,
    /// 请写这一天叫什么
    HotName,
    /// 请写这一天的时间和名额
    HotTimes,
    /// 请填写受理的日子
    AcceptedDay,
    /// 请写一写为什么不开
    ClosureReason,
    /// 请选择结婚登记是不是在内地办的
    RegisteredWhere,
    /// 请选择申请是不是这一家受理的
    SameOrgan,
    /// 请看到两个人都到了再勾选
    BothThere,
    /// 请选择您是哪一方
    WhichOne,
    /// 请选择对方怎样确认
    PartnerWay,
    /// 请勾选想好了再取消
    SureToCancel,
    /// 请选一个
    Grade,
    /// 请选择什么变了
    ChangeKind,
    /// 请填写从哪天起
    ChangeDay,
    /// 请写一写怎么变了
    ChangeWords,
    /// 请选择怎么处理
    ChangeOutcome,
    /// 请写一写哪里不同意
    RecheckWords,
    /// 请写上您的理由
    RecheckWhy,
    /// 请选择维持还是重新办理
    RecheckOutcome,
    /// 请选择您是他的什么人
    Teller,
    /// 请选择那一家在哪个街道
    FoundStreet,
    /// 请填写那一家住在哪里
    FoundDetail,
    /// 请写一写看到了什么
    FoundStory,
    /// 请选择去看的结果
    VisitOutcome,
    /// 请写一写看到了什么
    VisitNote,
    /// 请选择转给谁
    Programme,
    /// 请勾选同意
    ReferralConsent,
    /// 请选择做什么
    TimeKind,
    /// 请先答应陪着去
    TimeAccompany,
    /// 请填写活动叫什么
    EventTitle,
    /// 请填写在哪里集合
    EventWhere,
    /// 请填写要几个人
    EventPlaces,
    /// 请填写现场的码
    EventCode,
    /// 请选择是谁
    EventPerson,
    /// 请先核对名单
    EventChecked,
    /// 请填写哪一天
    TimeDay,
    /// 请选择大约多久
    TimeLength,
    /// 请选择说什么话
    TimeLanguage,
    /// 请至少选一样能做的
    TimeKinds,
    /// 请看过以后勾选
    TimeTerms,
    /// 请填写六位服务码
    TimeCode,
    /// 请写一写实际情况
    TimeWords,
    /// 请问过本人再勾选
    TimeSpoke,
    /// 请选择给谁
    TimeWhom,
    /// 请填写捐多少分钟
    TimeGift,
    /// 请选择哪个月
    TimeMonth,
    /// 请选择他是您的什么人
    Kin,
    /// 请填写登录用的号码
    AccountPhone,
    /// 请选择为什么冻结
    FreezeReason,
    /// 请写上谁说的、看过什么
    FreezeWhy,
    /// 请选择怎样处理
    FreezeOutcome,
    /// 请选择要哪一年的证明
    TimePeriod,
    /// 请填写保险公司
    Insurer,
    /// 请填写保单号
    PolicyNumber,
    /// 请填写保到哪一天
    InsuredUntil,
    /// 请粘贴记录
    RecordsText,
    /// 请填写真实的时间
    TimeRight,
    /// 请写上为什么更正
    CorrectionWhy,
    /// 请选择哪一餐
    MealKind,
    /// 请填写菜名
    DishName,
    /// 请填写用了哪些料
    DishIngredients,
    /// 请选择一餐
    MealPick,
    /// 请选择堂食还是送餐
    MealMode,
    /// 请填写谁吃
    MealEater,
    /// 请选择收钱了没有
    MealPaid,
    /// 请选择星期几
    StandingDays,
    /// 请选择谁来补
    MealTableLevel,
    /// 请选择补哪里的人
    MealTablePlace,
    /// 请选择看谁的户籍
    MealTableHuji,
    /// 请一行写一档
    MealTiers,
    /// 请选择问下来怎么样
    CallOutcome,
    /// 请写上谁在帮、怎么帮
    CallNote,
    /// 请点一下好不好
    MealScore,
    /// 请写上怎么做的
    RatingAnswer,
    /// 请选择户籍在哪里
    HujiPlace,
    /// 请选择减发还是停发
    BenefitStep,
    /// 请填写减到多少
    BenefitAmount,
    /// 请选择怎样听的意见
    HeardHow,
    /// 请填写哪一天听的
    HeardDay,
    /// 请写上意见
    HeardWords,
    /// 请选择多久以后再看
    NextReview,
    /// 请填写哪个月
    PaymentMonth,
    /// 请填写哪一天去的
    VisitDay,
    /// 请选择和谁一起去的
    VisitCompanion,
    /// 请填写在场的家人
    VisitFamily,
    /// 请填写和申请人的关系
    VisitFamilyIs,
    /// 请写一写看到的情况
    VisitFindings,
    /// 请选择能不能自己做
    SelfCareAnswer,
    /// 请您自己签名
    SignatureOwn,
    /// 请同事签名
    SignatureCompanion,
    /// 请在场的家人签名
    SignatureFamily,
    /// 请选择怎样签的名
    SignedHow,
    /// 没有收到签名
    Signatures,
    /// 请选择是哪位工作人员
    KinStaff,
    /// 请填写工作人员的姓名
    KinName,
    /// 请选择近亲属关系
    KinRelation,
    /// 请选择核对谁
    MeansPerson,
    /// 请选择核对什么
    MeansSource,
    /// 请写明为什么核对
    MeansPurpose,
    /// 请选择核对的结果
    MeansResult,
    /// 请写明核对到什么
    MeansDetail,
}

/// A rule that concerns more than the form of one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The emergency happened outside the district: 社会救助法 37 sends the application to where it happened.
    EmergencyElsewhere,
    /// The same document is already in this household.
    MemberTwice,
    /// More household members than the form takes.
    TooManyMembers,
    /// Nobody under 18 (未成年人保护法 2), and the item is for a child.
    OnlyForChildren,
    /// More than the office lets be given before the papers.
    MoreThanExpedited,
    /// The account's holder is another person and no reason was given.
    AccountHolderWithoutReason,
    /// A date that does not exist or is not written as one.
    NotADate,
    /// A date after today.
    DateInFuture,
    /// A date too long ago to be true (over 150 years).
    DateTooOld,
    /// The confirmation's number is not of our form.
    NotANumber,
    /// Not four digits.
    NotFourDigits,
    /// Not six digits.
    NotSixDigits,
    /// The short code has a sign that does not fit: a typing error.
    ShortCodeMistyped,
    /// No confirmation of this office has that number or short code.
    NoSuchConfirmation,
    /// Not four signs of a document's number.
    NotFourSigns,
    /// A one-time code that is wrong, used, or out of its time. It never says which.
    CodeDoesNotFit,
    /// The text that the profile is kept by was not agreed to.
    KeepConsent,
    /// The number that opens the account already.
    SamePhone,
    /// A mobile that was to go without a code.
    MobileNeedsCode,
    /// One's own telephone where another person's is asked for.
    OwnPhone,
    /// An end that is not after today.
    EndNotLater,
    /// An end more than a year away.
    EndTooLate,
    /// The telephone's account told another document.
    PhoneOfAnother,
    /// The document is another verified account's.
    DocumentOfAnother,
    /// There is no verified account with this document.
    VerifyFirst,
    /// Nobody acts for oneself.
    SamePerson,
    /// Neither a code of a complaint nor four digits.
    NotAFeedbackCode,
    /// A staff login is 3 to 32 letters, digits, dots and hyphens.
    LoginForm,
    /// Somebody has this login.
    LoginTaken,
    /// A staff password of fewer than ten characters.
    PasswordTooShort,
    /// A password that stands in published breaches.
    PasswordBreached,
    /// A password that contains the login.
    PasswordHasLogin,
    /// The new password is the old one.
    PasswordIsTheOldOne,
    /// The new password was typed differently the second time.
    PasswordsDiffer,
    /// The current password is another one.
    PasswordWrong,
    /// The role is not held in such a place.
    PlaceDoesNotFit,
    /// Another paper proves this kind of acting.
    PaperDoesNotFit,
    /// A guardian acts until the child is of age (民法典 17).
    EndAfterMinority,
    /// A guardian acts for a minor alone.
    NotAMinor,
    /// A minor is represented by a guardian, not by whom they choose (民法典 23).
    MinorByGuardian,
    /// Nothing is kept about a child under 14 before a guardian agreed (个人信息保护法 31).
    GuardianFirst,
    /// Nobody under 18 acts for another.
    HelperTooYoung,
    /// The guardian's own document was not seen yet.
    GuardianNotVerified,
    /// The name is another one than that of the verified document.
    NameDoesNotFit,
    /// Not a number of people from 1 to 20.
    NotAHouseholdSize,
    /// Not a ratio from 0.01 to 100 with at most four decimals.
    NotARatio,
    /// A standard of nothing.
    StandardOfNothing,
    /// The standard has another value from that day on already.
    StandardTaken,
    /// From a day more than two years ahead, or before there were standards.
    StandardDayTooFar,
    /// No count of minutes that one service may have.
    NotMinutes,
    /// No count of places that an event may have.
    NotEventPlaces,
    /// An event of more than 12 hours.
    EventTooLong,
    /// Neither a service's digits, nor a telephone's, nor a card's.
    NotAServiceCode,
    /// Nobody with that telephone is registered as a volunteer.
    NoSuchVolunteer,
    /// No checked account has that telephone and that name.
    NoSuchSaver,
    /// The record says the same.
    SameMinutes,
    /// Not a time of day.
    NotATime,
    /// An end that is not after the beginning.
    TimeNotLater,
    /// Not a number in the range that the page names.
    NotACount,
    /// A day before today.
    DayOver,
    /// A divorce of a marriage that was registered outside the mainland.
    RegisteredElsewhere,
    /// An office takes no booking of somebody who did not come.
    BlockedForNoShow,
    /// A device or an account that stands in two lines.
    TwoLines,
    /// A day that has no such time, or is off.
    NoSuchTime,
    /// No date with a time of day.
    NotAMoment,
    /// A moment that is over.
    MomentOver,
    /// Entries that close too near the day.
    DrawTooLate,
    /// Somebody who is in the draw already.
    EnteredBefore,
    /// A line that is no time with its places.
    NotHotTimes,
    /// Two times of one day that overlap, or more than a day may have.
    TimesOverlap,
    /// On a hot day both say yes before they come.
    BothAhead,
    /// A second visit at another office than the one that took the application.
    OtherOrgan,
    /// A second visit within the cooling-off.
    SecondVisitEarly,
    /// A second visit after its thirty days.
    SecondVisitLate,
    /// A second visit that holidays decide which are not published.
    SecondVisitUnknown,
    /// A day after today, where what happened is told.
    DayNotYet,
    /// No month, or one more than a year away.
    MonthForm,
    /// A service on a day that is over.
    ServiceDayOver,
    /// A reduction to nothing, or to no less than before.
    NotLess,
    /// A window that ends before it begins.
    WindowTurned,
    /// The man is under 22 on the day of the appointment (民法典 1047).
    ManTooYoung,
    /// The woman is under 20 on the day of the appointment (民法典 1047).
    WomanTooYoung,
    /// One document for both people.
    SameTwice,
    /// One of the two has a live booking for the same matter.
    BookedBefore,
    /// Younger than this kind of service takes (志愿服务条例 15).
    TooYoungForKind,
    /// Ordering would end after the meal begins.
    CutoffAfterMeal,
    /// Further ahead than a menu is written.
    MenuTooFar,
    /// Nothing is left of a dish.
    DishSoldOut,
    /// Somebody has a meal of that kind on that day already.
    MealTwice,
    /// Something is left of a dish that somebody would wait for.
    DishLeft,
    /// A standing order holds that meal on one of these weekdays.
    StandingTwice,
    /// A pause would end before it begins.
    PauseEndsFirst,
    /// The point takes no more orders for the meal.
    MealTooLate,
    /// The dish holds what the eater avoids.
    MealAvoided,
    /// The code names no meal of this walk.
    NotOfThisTour,
    /// Nothing was ticked that is to be brought.
    NoStops,
    /// A line of a sheet on which meals were noted is none.
    MealPaperLines,
    /// The point does not bring meals there.
    NoDelivery,
    /// Nobody is found by what was typed.
    NoSuchEater,
    /// The volunteer is too young to bring meals, or a guardian did not agree.
    VolunteerTooYoung,
    /// A district pays for the whole of it.
    MealTablePlace,
    /// Some lines of a table of subsidies are none.
    MealTierLines,
    /// The level and place have a table from that day on already.
    MealTableTaken,
    /// Somebody of that name whom nobody has registered was served this meal.
    GuestServed,
    /// Not a whole number of the bank's steps.
    NotAStep,
    /// More hours than one has.
    NotEnoughHours,
    /// A visit before the application came in.
    VisitBeforeCase,
    /// Nobody was at the household's home yet (民发〔2021〕57号 art. 16).
    VisitFirst,
}

/// One field and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormError {
    /// The field's name in the form, which is also its id on the page.
    pub field: Cow<'static, str>,
    /// What is wrong.
    pub error: FieldError,
}

/// Every error of one form, in page order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormErrors(Vec<FormError>);

impl FormErrors {
    /// Notes one error.
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, error: impl Into<FieldError>) {
        self.0.push(FormError { field: field.into(), error: error.into() });
    }

    /// Keeps a good value, notes the error of a bad one, and goes on.
    pub fn keep<T, E: Into<FieldError>>(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        parsed: Result<T, E>,
    ) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(error) => {
                self.add(field, error);
                None
            }
        }
    }

    /// True when nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first error of a field.
    pub fn of(&self, field: &str) -> Option<&FieldError> {
        self.0.iter().find(|e| e.field == field).map(|e| &e.error)
    }

    /// All errors in page order.
    pub fn iter(&self) -> impl Iterator<Item = &FormError> {
        self.0.iter()
    }
}

impl From<Rule> for FieldError {
    fn from(rule: Rule) -> Self {
        Self::Rule(rule)
    }
}
impl From<Prompt> for FieldError {
    fn from(prompt: Prompt) -> Self {
        Self::Missing(prompt)
    }
}
macro_rules! field_error_from {
    ($($variant:ident($error:ty)),+ $(,)?) => {$(
        impl From<$error> for FieldError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )+};
}
field_error_from!(
    Name(NameError),
    Document(DocumentError),
    Phone(PhoneError),
    Bank(BankAccountError),
    Money(MoneyError),
    Area(AreaError),
    Photo(PhotoError),
);
