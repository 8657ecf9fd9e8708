// Every page of the service in every state that it can be brought into, for the specs that hold for all of them.

import { APPLY, ELDER, PHOTO, STEPS, TAIL, apply, fillDraft, lastForm, newMember, post } from "./applicant";
import { altered, readCode, tokenOf } from "./code";
import { COUPLE } from "./couple";
import { button, expect, fill, link, press, scripted, visit, type Page } from "./fixtures";
import { FAMILY } from "./household";
import {
  ask,
  codeShown,
  halfAYear,
  keepButton,
  keepIdentity,
  newChild,
  newDocument,
  newNumber,
  signIn as signInResident,
} from "./resident";
import { SAMPLE_PASSWORD, addAccount, complain, firstFactor, newLogin, signIn, signOut, totp } from "./staff";
import { VOLUNTEER, enter, event, need, newPerson, seen } from "./volunteer";

/** Goes from page to page; tells the name of each on arrival. */
type Tour = (page: Page) => AsyncGenerator<string>;

/** Sends the screener's form to the server though its module runs: what it answers has the same words. */
async function sendPastModule(page: Page, status: number) {
  await page.evaluate(() => addEventListener("submit", (event) => event.stopImmediatePropagation(), true));
  await press(page, button(page, "看结果"), status);
}

/** What everybody finds, without having done anything yet. */
async function* entrance(page: Page): AsyncGenerator<string> {
  await visit(page, "/");
  yield "home";
  await visit(page, "/aid");
  yield "catalogue";
  await visit(page, "/aid/random-checks");
  yield "random-checks";
  await visit(page, "/meals/checks");
  yield "meal-checks";
  await visit(page, "/aid/minimum-living-security");
  yield "item";
  await visit(page, "/aid/charity");
  yield "charity";
  await visit(page, "/aid/tell");
  yield "tell";
  await press(page, button(page, "告诉社区"), 422);
  yield "tell-errors";
  await visit(page, "/aid/check");
  yield "screener";
  await sendPastModule(page, 422);
  yield "screener-errors";
  await fill(page, FAMILY);
  await sendPastModule(page, 200);
  yield "screener-result";
  await visit(page, "/aid/temporary-aid");
  yield "guide";
  await visit(page, APPLY);
  yield "start";
  await visit(page, "/privacy");
  yield "privacy";
  await visit(page, "/me");
  yield "me-empty";
  await visit(page, "/feedback");
  yield "feedback";
  await press(page, button(page, "提交"), 422);
  yield "feedback-errors";
  await fill(page, { kind: "complaint", text: "示例：窗口等了很久。" });
  await press(page, button(page, "提交"));
  yield "feedback-received";
  await visit(page, "/confirm");
  yield "open";
  await press(page, button(page, "查看"), 422);
  yield "open-errors";
  // Another number each time: tries at one number are limited, and this walk is taken many times an hour.
  const nobodys = `LS200101${String(Math.floor(Math.random() * 1_000_000)).padStart(6, "0")}`;
  await fill(page, { number: nobodys, mobile_tail: "9999" });
  await press(page, button(page, "查看"), 422);
  yield "open-no-match";
  await visit(page, "/check");
  yield "check-code";
  await press(page, button(page, "核对"), 422);
  yield "check-code-errors";
  await fill(page, { code: "0000-0000" });
  await press(page, button(page, "核对"), 422);
  yield "check-code-unknown";
  await visit(page, "/V/HELLO");
  yield "check-not-ours";
  await visit(page, "/verify");
  if (scripted()) await expect(page.locator("#verify")).toHaveAttribute("data-refreshed", /\d+/);
  yield "verify";
  await visit(page, "/no-such-page", 404);
  yield "error-404";
  await visit(page, `${APPLY}/discard`, 405);
  yield "error-405";
  await visit(page, "/_kit");
  yield "kit";
}

/** The application's questions: empty, then left empty. */
async function* questions(page: Page): AsyncGenerator<string> {
  await post(page, APPLY, {});
  for (const { slug } of STEPS) {
    await visit(page, `${APPLY}/${slug}`);
    yield `step-${slug}`;
  }
  await visit(page, `${APPLY}/household/${await newMember(page)}`);
  yield "member";
  await visit(page, `${APPLY}/check`);
  yield "answers-none";
  await visit(page, APPLY);
  yield "start-draft";
  for (const { slug, wrong } of STEPS) {
    // Of the refused answers, those with the most errors.
    for (const { values } of wrong.toSorted((a, b) => b.fields.length - a.fields.length).slice(0, 1)) {
      await visit(page, `${APPLY}/${slug}`);
      await fill(page, values);
      await press(page, button(page, "下一步"), 422);
      yield `step-${slug}-errors`;
    }
  }
  await visit(page, `${APPLY}/household/${await newMember(page)}`);
  await fill(page, { ...ELDER, document_number: "320222194503129908", relation: "" });
  await press(page, button(page, "保存"), 422);
  yield "member-errors";
  await visit(page, `${APPLY}/check`);
  yield "answers-wrong";
  await visit(page, "/");
  yield "home-draft";
}

/** An application filled in. */
async function* answers(page: Page): AsyncGenerator<string> {
  const elder = await fillDraft(page);
  for (const { slug } of STEPS) {
    await visit(page, `${APPLY}/${slug}?from=check`);
    yield `step-${slug}-filled`;
  }
  await visit(page, `${APPLY}/household/${elder}`);
  yield "member-filled";
  await post(page, `${APPLY}/bank-account`, { holder: "王样例", number: "6222023200000000012" });
  await visit(page, `${APPLY}/bank-account`);
  yield "step-bank-account-doubtful";
  await visit(page, `${APPLY}/check`);
  yield "answers";
  await visit(page, "/me");
  yield "me-draft";
  await fill(await open(page, `${APPLY}/situation`), { story: "长".repeat(40_000) });
  await press(page, button(page, "下一步"), 413);
  yield "error-413";
}

async function open(page: Page, path: string): Promise<Page> {
  await visit(page, path);
  return page;
}

/** An application that was sent, and its confirmation. */
async function* confirmation(page: Page): AsyncGenerator<string> {
  await fillDraft(page);
  const form = await lastForm(page);
  const number = (await post(page, `${APPLY}/check`, form)).split("/").at(-1)!;
  await visit(page, `/confirm/${number}`);
  yield "confirm";
  const text = await readCode(page);
  const short = await page.locator(".xw-qr__short").innerText();
  const waiting = page.locator(".xw-stack", { hasText: "待补授权" });
  const link = await waiting.locator("p.xw-copy").innerText();
  const code = await waiting.locator("strong.xw-copy").innerText();
  await visit(page, `/confirm/${number}/slip`);
  yield "slip";
  await visit(page, `/confirm/${number}/slip/58mm`);
  yield "slip-58mm";
  await visit(page, "/me");
  yield "me";
  await visit(page, "/");
  yield "home-case";
  await visit(page, `/V/${tokenOf(text)}`);
  yield "check-valid";
  await visit(page, `/V/${tokenOf(altered(text))}`);
  yield "check-altered";
  await fill(await open(page, "/check"), { code: short });
  await press(page, button(page, "核对"));
  yield "check-code-valid";
  await visit(page, link);
  yield "authorise";
  await press(page, button(page, "我同意核对"), 422);
  yield "authorise-errors";
  await fill(page, { name: "样例", code });
  await press(page, button(page, "我同意核对"), 422);
  yield "authorise-no-match";
  await fill(page, { name: ELDER.name });
  await press(page, button(page, "我同意核对"));
  yield "authorise-given";
  await visit(page, `/confirm/${number}`);
  yield "confirm-complete";
  await press(page, page.getByRole("link", { name: "补交照片材料" }));
  await press(page, button(page, "交这张照片"), 422);
  yield "papers-errors";
  await fill(page, { kind: "other" });
  await page.locator("#photo").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: PHOTO });
  await press(page, button(page, "交这张照片"));
  yield "papers";

  for (let more = 0; more < 3; more += 1) await apply(page);
  await visit(page, "/");
  yield "home-many";

  // A draft that was sent from elsewhere in the meantime.
  await post(page, APPLY, {});
  await visit(page, `${APPLY}/applicant`);
  await post(page, `${APPLY}/discard`, {});
  await press(page, button(page, "下一步"), 409);
  yield "error-409";
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await post(page, "/confirm", { number, mobile_tail: "9999" }, 422);
  }
  await fill(await open(page, "/confirm"), { number, mobile_tail: TAIL });
  await press(page, button(page, "查看"), 429);
  yield "error-429";
}

/** What staff see: signing in, and each role's pages. */
async function* staff(page: Page): AsyncGenerator<string> {
  await visit(page, "/staff/sign-in");
  yield "staff-sign-in";
  await press(page, button(page, "下一步"), 422);
  yield "staff-sign-in-errors";
  await fill(page, { login: newLogin(), password: "not-the-password" });
  await press(page, button(page, "下一步"), 422);
  yield "staff-sign-in-refused";
  await firstFactor(page, "demo-street", SAMPLE_PASSWORD);
  yield "staff-second";
  await press(page, button(page, "登录"), 422);
  yield "staff-second-errors";

  const complaint = await complain(page, "示例：窗口等了三个小时。\n第二天又等了三个小时。", "0510-85212345");
  yield "feedback-own";
  const number = await apply(page);
  await signIn(page, "demo-street");
  yield "staff-home";
  await visit(page, "/staff/accounts", 403);
  yield "error-403-staff";
  await visit(page, "/staff/complaints");
  yield "staff-complaints";
  await visit(page, `/staff/complaints/${complaint.number}`);
  yield "staff-complaint";
  await press(page, button(page, "我来处理"));
  yield "staff-complaint-own";
  await press(page, button(page, "答复居民"), 422);
  yield "staff-complaint-errors";
  await fill(page, { reply: "示例：已经道歉，并加开窗口。" });
  await press(page, button(page, "答复居民"));
  yield "staff-complaint-answered";
  await visit(page, "/staff/deliveries");
  yield "staff-deliveries";
  await press(page, page.getByRole("link", { name: /打一个电话/ }).first());
  yield "staff-delivery";
  await visit(page, "/staff/account");
  yield "staff-account";
  await visit(page, "/staff/account/password");
  yield "staff-password";
  await press(page, button(page, "修改密码"), 422);
  yield "staff-password-errors";
  await signOut(page);
  await visit(page, `/feedback/${complaint.number}`);
  yield "feedback-answered";

  await signIn(page, "demo-district");
  await visit(page, "/staff/cases");
  yield "staff-cases";
  await visit(page, `/staff/cases/${number}`);
  yield "staff-case";
  await press(page, button(page, "打开申请"), 422);
  yield "staff-case-errors";
  await fill(page, { purpose: "handling" });
  await press(page, button(page, "打开申请"));
  yield "staff-case-opened";
  await press(page, button(page, "显示完整号码"));
  yield "staff-case-full";
  await signOut(page);
  await signIn(page, "demo-meicun");
  await visit(page, "/staff/cases?whose=nobodys");
  await press(page, button(page, "交给这个人"), 422);
  yield "staff-work-errors";
  // Whichever stands first: of many runs, this one's own is on a later page.
  await page.locator(".xw-work__row input").first().check();
  await press(page, button(page, "交给这个人"));
  yield "staff-work-done";
  await visit(page, `/staff/cases/${number}/work`);
  await press(page, button(page, "写上"), 422);
  yield "staff-case-work-errors";
  await fill(page, { note: "示例：周三下午去家里看。" });
  await press(page, button(page, "写上"));
  yield "staff-case-work";
  await visit(page, "/staff/cases/hand-over");
  yield "staff-hand-over";
  await visit(page, `/staff/cases/${number}/handle`);
  yield "staff-handling";
  await press(page, button(page, "一次告诉居民"), 422);
  yield "staff-handling-errors";
  await fill(page, { "note-paper": "示例：请补灶具维修的收据。", "note-finances": "示例：请写明每月收入从哪里来。" });
  await press(page, button(page, "一次告诉居民"));
  yield "staff-handling-waits";
  await visit(page, `/confirm/${number}`);
  yield "confirm-asked";
  await press(page, link(page, "现在补"));
  await press(page, button(page, "交回去"), 422);
  yield "confirm-answer-errors";
  await fill(page, { "answer-paper": "示例：收据烧掉了。", "answer-finances": "示例：打零工。" });
  await press(page, button(page, "交回去"));
  await visit(page, `/confirm/${number}/withdraw`);
  yield "confirm-withdraw";
  await visit(page, `/confirm/${number}/change`);
  await press(page, button(page, "告诉街道"), 422);
  yield "confirm-change-errors";
  await visit(page, `/staff/cases/${number}/handle`);
  await press(page, button(page, "受理"));
  await visit(page, `/staff/cases/${number}/visit`);
  yield "staff-home-visit";
  await press(page, button(page, "登记"), 422);
  yield "staff-home-visit-errors";
  const findings = "示例：一室一厅，厨房烧坏了，家里两口人，都在。";
  await page.getByLabel("和谁一起去的").selectOption({ index: 1 });
  await fill(page, { family: "王样例", "family-is": "本人", findings, signed: "paper" });
  await press(page, button(page, "登记"));
  await press(page, button(page, "单独登记"), 422);
  yield "staff-inquiry-errors";
  await visit(page, `/staff/cases/${number}/means`);
  await fill(page, { person: "applicant", source: "bank", purpose: "示例：核对存款" });
  await press(page, button(page, "提出核对"));
  await press(page, button(page, "提出核对"), 422);
  yield "staff-means-errors";
  await visit(page, `/staff/cases/${number}/handle`);
  await press(page, button(page, "提出意见"), 422);
  yield "staff-handling-opinion-errors";
  await fill(page, { outcome: "refuse", ground: "not-in-hardship", reasons: "示例：厨房已经由保险修好，家里有存款。" });
  await press(page, button(page, "提出意见"));
  await signOut(page);
  await signIn(page, "demo-district");
  await visit(page, "/staff/means");
  await press(page, button(page, "导入结果"), 422);
  yield "staff-means-waiting-errors";
  await visit(page, "/staff/kin");
  yield "staff-kin";
  await visit(page, "/staff/random-checks");
  yield "staff-random-checks";
  await visit(page, "/staff/meal-points");
  yield "staff-meal-points";
  await visit(page, "/staff/meal-points?street=320214050");
  yield "staff-meal-points-street";
  await visit(page, `/staff/cases/${number}/handle`);
  yield "staff-handling-decide";
  await press(page, button(page, "同意，不予救助"));
  await visit(page, `/confirm/${number}`);
  yield "confirm-decided";
  await visit(page, `/confirm/${number}/rate/decision`);
  await press(page, button(page, "提交评价"), 422);
  yield "confirm-rate-errors";
  await fill(page, { grade: "bad", words: "示例：没有说清楚。" });
  await press(page, button(page, "提交评价"));
  yield "confirm-rated";
  await visit(page, `/confirm/${number}/referral`);
  await press(page, button(page, "同意转过去"), 422);
  yield "confirm-referral-errors";
  await fill(page, { "programme-sample-fund": "yes", consent: "yes" });
  await press(page, button(page, "同意转过去"));
  await visit(page, `/confirm/${number}/recheck`);
  await press(page, button(page, "提交复核申请"), 422);
  yield "confirm-recheck-errors";
  await fill(page, { words: "示例：保险只赔了一半，我认为应当再看一看。" });
  await press(page, button(page, "提交复核申请"));
  yield "confirm-recheck";
  await visit(page, "/staff/follow-up");
  yield "staff-follow-up";
  await visit(page, `/staff/cases/${number}/follow-up`);
  yield "staff-follow-up-case";
  await visit(page, "/staff/ratings");
  yield "staff-ratings";
  await visit(page, "/staff/reviews");
  yield "staff-reviews";
  await fill(await open(page, "/staff/payments"), { month: "12" });
  await press(page, button(page, "导出"), 422);
  yield "staff-payments-errors";
  await visit(page, "/staff/cases/register");
  await press(page, button(page, "导出"), 422);
  yield "staff-register-errors";
  await visit(page, "/staff/confirmations");
  yield "staff-confirmations";
  await press(page, button(page, "找这张凭证"), 422);
  yield "staff-confirmations-none";
  await fill(page, { text: number });
  await press(page, button(page, "找这张凭证"));
  yield "staff-confirmation";
  await press(page, button(page, "作废这张凭证"), 422);
  yield "staff-confirmation-errors";
  await signOut(page);

  await visit(page, "/aid/tell");
  await fill(page, { teller: "neighbour", street: "320214050", community: "320214050001", detail: "示例路 5 号楼" });
  await fill(page, { story: "示例：老人一个人住，好几天没有出门。" });
  await press(page, button(page, "告诉社区"));
  yield "told";
  const found = new URL(page.url()).pathname.split("/").at(-1)!;
  await signIn(page, "demo-community");
  await visit(page, "/staff/found");
  yield "staff-found";
  await visit(page, `/staff/found/${found}`);
  await press(page, button(page, "我去看"));
  await press(page, button(page, "记下来"), 422);
  yield "staff-found-errors";
  await visit(page, "/staff/counter");
  yield "staff-counter";
  await visit(page, "/staff/counter/identity");
  await press(page, button(page, "核对无误，登记"), 422);
  yield "staff-counter-identity-errors";
  await visit(page, "/staff/counter/proxy");
  await press(page, button(page, "登记代办"), 422);
  yield "staff-counter-proxy-errors";
  await visit(page, "/staff/counter/recorded");
  yield "staff-counter-recorded";
  await visit(page, "/staff/counter/visit");
  yield "staff-visit-begin";
  await press(page, button(page, "开始接待"), 422);
  yield "staff-visit-begin-errors";
  await fill(page, { name: "样例老人", document_number: newDocument(), seen: "yes" });
  await press(page, button(page, "开始接待"));
  yield "staff-visit";
  const here = new URL(page.url()).pathname;
  await press(page, button(page, "开始帮他填"), 422);
  yield "staff-visit-errors";
  await visit(page, `${here}/relative`);
  yield "staff-visit-relative";
  await press(page, button(page, "登记代办"), 422);
  yield "staff-visit-relative-errors";
  await fill(page, { representative_name: "王样例", representative_phone: newNumber(), relation: "parent" });
  await fill(page, { scope_aid: "yes", ends_on: halfAYear(), signed: "yes" });
  await press(page, button(page, "登记代办"));
  yield "staff-visit-agreements";
  await press(page, button(page, "按本人的话结束代办"), 422);
  yield "staff-visit-agreements-errors";
  await visit(page, `${here}/guardian`);
  yield "staff-visit-guardian";
  await press(page, button(page, "登记代办"), 422);
  yield "staff-visit-guardian-errors";
  await visit(page, here);
  await fill(page, { help: "spoken" });
  await press(page, button(page, "开始帮他填"));
  yield "home-helping";
  await visit(page, "/me/profile", 403);
  yield "error-403-helping";
  await visit(page, "/me");
  yield "me-helping";
  await press(page, button(page, "结束帮办"));
  yield "staff-visit-helped";
  await press(page, page.getByRole("link", { name: /^换登录号码/ }));
  yield "staff-visit-phone";
  await press(page, button(page, "下一步"), 422);
  yield "staff-visit-phone-errors";
  await fill(page, { phone: newNumber() });
  await press(page, button(page, "下一步"));
  yield "staff-visit-phone-code";
  await fill(page, { code: await codeShown(page) });
  await press(page, button(page, "换成这个号码"));
  await press(page, button(page, "办一张卡"));
  yield "staff-card";
  await visit(page, here);
  yield "staff-visit-card";
  await press(page, link(page, "打印这张卡"));
  const card = await readCode(page);
  await visit(page, `/V/${tokenOf(card)}`);
  yield "check-card";
  await visit(page, here);
  await press(page, button(page, "卡丢了，挂失"));
  yield "staff-visit-card-lost";
  await press(page, button(page, "结束接待"));
  yield "staff-visit-ended";
  await visit(page, `/V/${tokenOf(card)}`);
  yield "check-card-lost";
  await visit(page, "/staff");
  await signOut(page);

  await signIn(page, "demo-auditor");
  await visit(page, "/staff/meal-checks");
  yield "staff-meal-checks";
  const month = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7);
  await visit(page, `/staff/meal-checks/${month}`);
  yield "staff-meal-checks-month";
  await visit(page, "/staff/audit");
  yield "staff-audit";
  await signOut(page);

  await signIn(page, "demo-admin");
  await visit(page, "/staff/templates");
  yield "staff-templates";
  await press(page, page.getByRole("link", { name: /^大字信/ }).first());
  yield "staff-template-letter";
  await visit(page, "/staff/meal-tables");
  yield "staff-meal-tables";
  await press(page, button(page, "录入，请另一位批准"), 422);
  yield "staff-meal-tables-errors";
  await visit(page, "/staff/standards");
  yield "staff-standards";
  await press(page, button(page, "录入，请另一位批准"), 422);
  yield "staff-standards-errors";
  await press(page, page.getByRole("link", { name: /示例文件（演示用/ }).first());
  yield "staff-standards-one";
  await visit(page, "/staff/accounts");
  yield "staff-accounts";
  await visit(page, "/staff/accounts/new");
  yield "staff-accounts-new";
  await press(page, button(page, "添加"), 422);
  yield "staff-accounts-new-errors";
  const login = newLogin();
  const first = await addAccount(page, login);
  yield "staff-first-password";
  await press(page, link(page, "记下了，看这个账号"));
  yield "staff-accounts-one";
  await press(page, button(page, "加上这个岗位"), 422);
  yield "staff-accounts-one-errors";
  await signOut(page);
  await firstFactor(page, login, first);
  yield "staff-enrol";
  await press(page, button(page, "添加好了，登录"), 422);
  yield "staff-enrol-errors";
  // Wrong codes are counted by account, so not with one that other tests share.
  await fill(page, { code: "000000" });
  await press(page, button(page, "添加好了，登录"), 422);
  yield "staff-enrol-refused";
  await fill(page, { code: totp(await page.locator(".xw-secret").innerText()) });
  await press(page, button(page, "添加好了，登录"));
  yield "staff-password-first";
}

/** A resident's account, in every state. */
async function* account(page: Page): AsyncGenerator<string> {
  await visit(page, "/sign-in");
  yield "sign-in";
  await press(page, button(page, "获取验证码"), 422);
  yield "sign-in-errors";
  await press(page, button(page, "用停机平台登录"), 503);
  yield "sign-in-provider-silent";
  await visit(page, "/sign-in/callback/province?code=a&state=b", 400);
  yield "sign-in-provider-refused";
  await visit(page, "/sign-in");
  let number = newNumber();
  await fill(page, { phone: number });
  await press(page, button(page, "获取验证码"));
  yield "sign-in-code";
  await press(page, button(page, "登录"), 422);
  yield "sign-in-code-errors";
  await fill(page, { code: await codeShown(page) });
  await press(page, button(page, "登录"));
  yield "me-signed-in";
  await visit(page, "/me/inbox");
  yield "inbox-empty";
  await visit(page, "/me/profile");
  yield "profile-empty";
  for (const part of ["identity", "address", "needs"]) {
    await visit(page, `/me/profile/${part}`);
    yield `profile-${part}`;
    await press(page, keepButton(page), 422);
    yield `profile-${part}-errors`;
  }
  await visit(page, "/me/profile/identity");
  await fill(page, { name: "样例孩子", document_number: newChild() });
  await press(page, keepButton(page), 403);
  yield "error-403-child";
  await visit(page, "/me/acting");
  yield "acting-nameless";
  await keepIdentity(page);
  await press(page, link(page, "添加一位家人"));
  yield "profile-member";
  await fill(page, ELDER);
  await press(page, button(page, "保存"));
  yield "profile";
  await visit(page, "/me/acting");
  yield "acting-empty";
  await visit(page, "/me/acting/new");
  yield "acting-new";
  await press(page, button(page, "发给对方"), 422);
  yield "acting-new-errors";
  const elder = newNumber();
  const { path, code } = await ask(page, elder);
  yield "acting-asked";
  await visit(page, path);
  yield "agree";
  await press(page, button(page, "我同意他代办"), 422);
  yield "agree-errors";
  await fill(page, { code });
  await press(page, button(page, "我同意他代办"));
  yield "agree-given";
  await visit(page, "/me/acting");
  yield "acting-active";
  await press(page, page.getByRole("button", { name: /^现在替/ }));
  yield "home-acting";
  await apply(page);
  await visit(page, "/me");
  yield "me-acting";
  await visit(page, "/me/profile", 403);
  yield "error-403-acting";
  await visit(page, "/me");
  await press(page, button(page, "结束代办"));
  yield "acting-stopped";
  await visit(page, "/me/inbox");
  yield "inbox";
  await visit(page, "/me/profile/phone");
  yield "phone";
  await press(page, button(page, "获取验证码"), 422);
  yield "phone-errors";
  await fill(page, { phone: elder });
  await press(page, button(page, "获取验证码"));
  yield "phone-code";
  await press(page, button(page, "换成这个号码"), 422);
  yield "phone-code-errors";
  await fill(page, { code: await codeShown(page) });
  await press(page, button(page, "换成这个号码"), 409);
  yield "phone-taken";
  await press(page, link(page, "换一个别的号码"));
  number = newNumber();
  await fill(page, { phone: number });
  await press(page, button(page, "获取验证码"));
  await fill(page, { code: await codeShown(page) });
  await press(page, button(page, "换成这个号码"));
  yield "phone-changed";
  await visit(page, "/me/consents");
  yield "consents";
  await press(page, button(page, "改成只看站内消息"));
  yield "consents-withdrawn";
  for (const part of ["devices", "data", "data/readable", "data/delete"]) {
    await visit(page, `/me/${part}`);
    yield `me-${part.replace("/", "-")}`;
  }
  await press(page, button(page, "删除账号"), 422);
  yield "me-data-delete-errors";
  await visit(page, "/sign-in/counter");
  yield "sign-in-counter";
  await visit(page, "/sign-in/back");
  yield "sign-in-back";
  await visit(page, "/account-deleted");
  yield "account-deleted";
  // As on another device: its cookie is not known.
  await page.context().clearCookies({ name: /visitor|session/ });
  await signInResident(page, number);
  yield "prove";
  await press(page, button(page, "继续"), 422);
  yield "prove-errors";
}

/** A couple's way to a booking, and what a clerk and an administrator see of it. */
async function* marriage(page: Page): AsyncGenerator<string> {
  await visit(page, "/marriage");
  yield "marriage";
  await visit(page, "/marriage/papers/divorce");
  yield "marriage-questions";
  await press(page, button(page, "看看带什么"), 422);
  yield "marriage-questions-errors";
  await visit(page, "/marriage/papers/marriage");
  await fill(page, { parties: "mainland", soldier: "no", background: "first" });
  await press(page, button(page, "看看带什么"));
  yield "marriage-papers";
  await visit(page, "/marriage/offices?province=32");
  yield "marriage-offices";
  await visit(page, "/marriage/offices/xinwu");
  yield "marriage-office";
  await visit(page, "/marriage/free?matter=marriage");
  yield "marriage-free";
  await visit(page, "/marriage/second-visit");
  yield "marriage-second-visit";
  await visit(page, "/marriage/offices/xinwu/times/marriage");
  yield "marriage-month";
  await press(page, page.getByRole("link", { name: /^\d{4} 年/ }).last());
  yield "marriage-day";
  await press(page, page.getByRole("button", { name: /^约 / }).first());
  yield "marriage-hold";
  await press(page, button(page, "提交"), 422);
  yield "marriage-hold-errors";
  await fill(page, COUPLE());
  await press(page, button(page, "提交"));
  yield "marriage-booked";
  await press(page, button(page, "取消这次预约"), 422);
  yield "marriage-cancel-errors";
  await page.getByLabel("想好了，要取消").check();
  await press(page, button(page, "取消这次预约"));
  yield "marriage-cancelled";
  await signIn(page, "demo-marriage");
  await visit(page, "/staff/marriage/xinwu");
  yield "staff-marriage";
  await visit(page, "/staff/marriage/xinwu/day");
  yield "staff-marriage-day";
  await visit(page, "/staff/marriage/xinwu/numbers");
  yield "staff-marriage-numbers";
  await visit(page, "/staff/marriage/xinwu/day/print");
  yield "staff-marriage-day-print";
  await visit(page, "/staff/marriage/xinwu/door");
  yield "staff-marriage-door";
  await press(page, button(page, "叫下一对"), 422);
  yield "staff-marriage-door-errors";
  await visit(page, "/marriage/offices/xinwu/hall?still=1");
  yield "marriage-hall";
  await visit(page, "/staff");
  await signOut(page);
  await signIn(page, "demo-admin");
  await visit(page, "/staff/marriage-offices");
  yield "staff-marriage-offices";
}

/** What a volunteer sees of the time bank, and who looks after needs. */
async function* timebank(page: Page): AsyncGenerator<string> {
  await visit(page, "/timebank");
  yield "timebank";
  await visit(page, "/timebank/totals");
  yield "timebank-totals";
  await signIn(page, "demo-timebank");
  await visit(page, "/staff/timebank/new");
  await press(page, button(page, "登记"), 422);
  yield "staff-timebank-new-errors";
  await fill(page, need(newPerson("样例老人")));
  await press(page, button(page, "登记"));
  yield "staff-timebank-need";
  const id = new URL(page.url()).pathname.split("/").at(-1)!;
  await visit(page, "/staff/timebank");
  yield "staff-timebank";
  await visit(page, "/staff/timebank/events/new");
  await press(page, button(page, "发布"), 422);
  yield "staff-timebank-event-new-errors";
  await fill(page, event("样例读书会"));
  await press(page, button(page, "发布"));
  yield "staff-timebank-event";
  const together = new URL(page.url()).pathname;
  await visit(page, `${together}/screen?still=1`);
  yield "staff-timebank-event-screen";
  await visit(page, "/staff/timebank/events");
  yield "staff-timebank-events";
  await signOut(page);
  const helper = newPerson("王样例");
  await seen(page, [helper]);
  await enter(page, helper);
  await visit(page, "/timebank/volunteer");
  yield "timebank-volunteer";
  await press(page, button(page, "登记当志愿者"), 422);
  yield "timebank-volunteer-errors";
  await fill(page, VOLUNTEER);
  await press(page, button(page, "登记当志愿者"));
  yield "timebank-own";
  await visit(page, "/timebank/events");
  yield "timebank-events";
  await visit(page, together.replace("/staff", ""));
  await press(page, button(page, "我参加"));
  yield "timebank-event";
  // Late in the evening it would lie in the time of the need below.
  await press(page, button(page, "我来不了了"));
  await visit(page, "/timebank/needs");
  yield "timebank-needs";
  await visit(page, `/timebank/needs/${id}`);
  yield "timebank-need";
  await press(page, button(page, "我去"));
  await press(page, button(page, "开始服务"), 422);
  yield "timebank-need-errors";
  await visit(page, `/timebank/needs/${id}/sign`);
  yield "timebank-sign";
  await visit(page, "/timebank/donate");
  await press(page, button(page, "捐给时间池"), 422);
  yield "timebank-donate-errors";
  await visit(page, "/timebank/certificate");
  yield "timebank-certificate";
  await visit(page, "/timebank/gift");
  yield "timebank-gift";
  await visit(page, "/timebank/wards");
  yield "timebank-wards";
  await visit(page, "/timebank/statement");
  yield "timebank-statements";
  await fill(page, { month: new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7) });
  await press(page, button(page, "出对账单"));
  yield "timebank-statement";
}

/** 低保's own questions, the public notices, an objection and what the street sees of it. */
async function* notices(page: Page): AsyncGenerator<string> {
  const dibao = "/aid/minimum-living-security/apply";
  await visit(page, dibao);
  yield "dibao-start";
  await press(page, button(page, "开始填写"));
  await visit(page, `${dibao}/address`);
  yield "dibao-address";
  await visit(page, `${dibao}/situation`);
  yield "dibao-situation";
  await visit(page, APPLY);
  yield "start-other-draft";
  await post(page, `${dibao}/discard`, {});
  await visit(page, "/notices?street=320214054");
  yield "notices-empty";
  await visit(page, "/notices?street=320214050");
  yield "notices";
  await press(page, link(page, "提出异议"));
  yield "objection";
  await press(page, button(page, "提交异议"), 422);
  yield "objection-errors";
  await fill(page, { text: "示例：他家的儿子在外地有工作，一直在寄钱。" });
  await press(page, button(page, "提交异议"));
  yield "objected";
  await visit(page, "/notices/none/object", 404);
  yield "notice-over";
  await signIn(page, "demo-street");
  await visit(page, "/staff/cases/JZ261123000001/handle");
  yield "staff-objection";
  await press(page, button(page, "记下处理"), 422);
  yield "staff-objection-errors";
  await visit(page, "/staff/cases/LS261123000001/handle");
  yield "staff-clock";
  await press(page, button(page, "先给，手续后补"), 422);
  yield "staff-first-errors";
  await visit(page, "/staff/cases/JZ261123000001/handle");
  await press(page, button(page, "延长，并告诉居民"), 422);
  yield "staff-extend-errors";
}

/** Where elders eat, who cooks there, and who orders by telephone. */
async function* meals(page: Page): AsyncGenerator<string> {
  await visit(page, "/meals");
  yield "meals";
  await visit(page, "/meals/xg-01");
  yield "meals-point";
  await signIn(page, "demo-meals");
  await visit(page, "/staff/meals");
  yield "staff-meals";
  await visit(page, "/staff/meals/xg-01");
  yield "staff-meals-point";
  await visit(page, "/staff/meals/xg-01/kitchen");
  yield "staff-meals-kitchen";
  await visit(page, "/staff/meals/xg-01/labels");
  yield "staff-meals-labels";
  await visit(page, "/staff/meals/xg-01/hand-out");
  yield "staff-meals-hand-out";
  await visit(page, "/staff/meals/xg-01/month");
  yield "staff-meals-month";
  await visit(page, "/staff/meals/xg-01/offline");
  yield "staff-meals-offline";
  await visit(page, "/staff/meals/xg-01/tours");
  yield "staff-meals-tours";
  await visit(page, "/staff/meals/xg-01/month");
  yield "staff-meals-month";
  await signOut(page);
  await signIn(page, "demo-community");
  await visit(page, "/staff/meal-orders");
  yield "staff-meal-orders";
  await visit(page, "/staff/meal-orders/new");
  yield "staff-meal-orders-new";
  await signOut(page);
  await signIn(page, "demo-timebank");
  for (const list of ["records", "insurance", "import", "freezes", "patterns"]) {
    await visit(page, `/staff/timebank/${list}`);
    yield `staff-timebank-${list}`;
  }
}

export const TOURS: [string, Tour][] = [
  ["entrance", entrance],
  ["questions", questions],
  ["answers", answers],
  ["confirmation", confirmation],
  ["staff", staff],
  ["account", account],
  ["marriage", marriage],
  ["timebank", timebank],
  ["notices", notices],
  ["meals", meals],
];

export const MODES = ["normal", "elder"] as const;
export type Mode = (typeof MODES)[number];

/** Has all pages rendered in this mode. */
export async function choose(page: Page, mode: Mode, baseURL: string) {
  await page.context().addCookies([{ name: "xw_care", value: mode === "elder" ? "1" : "0", url: baseURL }]);
}
