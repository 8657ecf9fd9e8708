//! What a resident is told before personal data is taken (PIPL 17, 30, 35; 网络数据安全管理条例 21).

/// One paragraph with its heading.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What it is about.
    pub title: &'static str,
    /// In plain words.
    pub body: &'static str,
}

/// The rules of an application, in the order in which the law lists them.
pub const APPLICATION: [Rule; 8] = [
    Rule {
        title: "谁在处理",
        body: "无锡高新区（新吴区）民政部门，以及收到您申请的街道。想问、想改、想投诉，可以打页面下方的电话，或者到社区、街道窗口。",
    },
    Rule {
        title: "为什么要这些信息",
        body: "只为了办这一次申请：看够不够条件，把该给的给您、该办的替您办。这是法律规定的职责，所以这里是告诉您，不是请您同意（个人信息保护法第十三条第一款第三项、第三十五条）。",
    },
    Rule {
        title: "要哪些信息",
        body: "姓名、证件号码、手机号、住址、您想说的情况；要看家里经济状况的，还有一起生活的家人、收入和开支；要发钱的，还有银行账户（可以以后再给）。材料照片愿意补交的再交。",
    },
    Rule {
        title: "其中的敏感信息",
        body: "证件号码、家庭经济状况、银行账户和病情属于敏感个人信息。没有它们，无法判断够不够条件、把钱发给谁。泄露会影响您的财产和名誉，所以这些内容加密保存，页面上也会遮住大部分。",
    },
    Rule {
        title: "谁能看到",
        body: "只有办理这件事的社区、街道和区民政工作人员。二维码里没有您的姓名、证件号和手机号。",
    },
    Rule {
        title: "存多久",
        body: "没有提交的草稿，三十天没有动就删除。提交以后的材料存多久，“个人信息怎么用”这一页的最后有一张单子。",
    },
    Rule {
        title: "您的权利",
        body: "您可以查看、复制、更正自己的信息，也可以要求说明怎么处理的（个人信息保护法第四十四条至第四十八条）。",
    },
    Rule {
        title: "不会做的事", body: "不会由机器自动决定给不给，不会用来打广告，不会给无关的人。"
    },
];
