// A resident applies for 临时救助: the whole way, with every mistake on it, and what happens to a draft.

import { APPLY, CHILD, ELDER, STEPS, type Values, fillDraft, lastForm, post } from "./applicant";
import { button, expect, expectErrors, fill, link, press, test, typed, visit, type Page } from "./fixtures";

const MEMBER = /\/apply\/household\/[a-z0-9]{8}$/;
const CONFIRM = /\/confirm\/(LS\d{12})$/;

/** The answers on the page that is looked at last: what was asked, and what is shown. */
async function answers(page: Page): Promise<Record<string, string>> {
  const rows = await page.locator(".xw-answers__row").evaluateAll((rows) =>
    rows.map((row) => [
      row.querySelector("dt")!.textContent!.trim(),
      (row.querySelector("dd") as HTMLElement).innerText.trim(),
    ]),
  );
  return Object.fromEntries(rows);
}

/** Adds a member on the page of the household, first with what is refused. */
async function addMember(page: Page, words: string, wrong: Values, fields: string[], right: Values) {
  await press(page, link(page, words));
  await expect(page).toHaveURL(MEMBER);
  await press(page, button(page, "保存"), 422);
  await expectErrors(page, ["name", "relation", "document_number"]);
  await fill(page, wrong);
  await press(page, button(page, "保存"), 422);
  await expectErrors(page, fields);
  expect(await typed(page)).toMatchObject(wrong);
  await fill(page, right);
  await press(page, button(page, "保存"));
  await expect(page).toHaveURL(`${APPLY}/household`);
}

async function household(page: Page) {
  await expect(page.getByText("还没有添加家人")).toBeVisible();
  const mistyped = { ...ELDER, document_number: "320222194503129908" };
  await addMember(page, "添加一位家人", mistyped, ["document_number"], ELDER);
  // The elder's number once more: everybody is written down once.
  const twice = { ...CHILD, document_number: ELDER.document_number };
  await addMember(page, "再添加一位家人", twice, ["document_number"], CHILD);

  await press(page, page.getByRole("link", { name: /修改\s*样例老人/ }));
  expect(await typed(page)).toMatchObject(ELDER);
  await fill(page, { relation: "grandparent" });
  await press(page, button(page, "保存"));
  await expect(page.locator(".xw-answers", { hasText: "样例老人" })).toContainText("祖父母、外祖父母");

  await press(page, button(page, "去掉样例孩子"));
  await expect(page.getByText("样例孩子")).toHaveCount(0);
  await press(page, link(page, "再添加一位家人"));
  expect(await typed(page)).toMatchObject({ name: "", document_number: "" });
  await fill(page, CHILD);
  await press(page, button(page, "保存"));
  await expect(page.locator(".xw-answers")).toHaveCount(2);
}

/** The cases that /me lists: what waits for one, and the ways in and on, stand apart. */
function cases(page: Page) {
  return page.locator("section", { hasText: "办过的事" }).getByRole("link");
}

test("a resident applies, makes every mistake on the way, and holds a confirmation", async ({ page }) => {
  await test.step("from the home page to the first question", async () => {
    await visit(page, "/");
    await press(page, page.getByRole("link", { name: /临时救助/ }));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("临时救助");
    await press(page, link(page, "开始申请").first());
    await press(page, button(page, "开始填写"));
  });

  for (const [at, { slug, title, wrong, right }] of STEPS.entries()) {
    await test.step(`step ${at + 1}: ${slug}`, async () => {
      await expect(page).toHaveURL(`${APPLY}/${slug}`);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
      await expect(page.getByText(`第 ${at + 1} 步，共 9 步`)).toBeVisible();
      for (const { values, fields } of wrong) {
        await fill(page, values);
        const before = await typed(page);
        await press(page, button(page, "下一步"), 422);
        await expectErrors(page, fields);
        expect(await typed(page), "everything typed is kept").toEqual(before);
      }
      if (slug === "household") {
        await household(page);
        await press(page, button(page, "写完了，下一步"));
        return;
      }
      if (slug === "authorisation") {
        await expect(page.getByText("样例孩子"), "a child agrees to nothing").toHaveCount(0);
        // No page offers a wrong answer here; one that was tampered with is told like any other.
        await page.locator("#way-applicant").evaluate((radio) => radio.setAttribute("value", "tampered"));
        await page.locator("#way-applicant").check();
        await press(page, button(page, "下一步"), 422);
        await expectErrors(page, ["way-applicant"]);
        const elder = page.getByRole("radiogroup", { name: "家人样例老人怎么同意" });
        await elder.getByRole("radio", { name: "稍后在自己的手机上同意" }).check();
      }
      await fill(page, right);
      await press(page, button(page, "下一步"));
    });
  }

  await test.step("every answer is shown and one is changed", async () => {
    await expect(page).toHaveURL(`${APPLY}/check`);
    expect(await answers(page)).toEqual({
      姓名: "王样例",
      证件: "居民身份证 320***********9937",
      手机号: "139****0011",
      住处: "旺庄街道 新光社区 样例路 1 号 2 室",
      急难发生在: "梅村街道 样例地铁站",
      样例老人: "祖父母、外祖父母，居民身份证 320***********9909",
      样例孩子: "儿女，居民身份证 320***********9914",
      全家月收入: "2,600 元",
      看病: "18,000 元",
      上学: "0 元",
      残疾康复: "1,200.50 元",
      其他必须花的: "没有填",
      哪一种困难: "突然遇到急难（急难型）",
      发生了什么: "示例：厨房失火，没有地方做饭。\n\n</textarea><b>一家三口</b> & 老人",
      想申请多少: "由街道来定",
      有多急: "今天就需要",
      户名: "王样例",
      账号: "＊＊＊＊0011",
      开户银行: "样例银行新吴支行",
      为什么用别人的账户: "没有填",
      看看别的帮助: "不同意",
      "本人 王样例": "现在就在这部手机上同意",
      "家人 样例老人": "稍后在自己的手机上同意",
      承诺: "已承诺",
    });
    await press(page, page.getByRole("link", { name: /修改\s*想申请多少/ }));
    await expect(page.locator("#amount")).toBeVisible();
    await fill(page, { amount: "3000" });
    await press(page, button(page, "保存，回去核对"));
    await expect(page).toHaveURL(`${APPLY}/check`);
    expect(await answers(page)).toMatchObject({ 想申请多少: "3,000 元", 发生了什么: /厨房失火/ });
  });

  const number = await test.step("it is sent, once", async () => {
    await press(page, button(page, "提交申请"));
    await expect(page).toHaveURL(CONFIRM);
    const number = CONFIRM.exec(page.url())![1];
    await expect(page.locator(".xw-figure__value")).toHaveText(`LS ${number.slice(2, 8)} ${number.slice(8)}`);
    await expect(page.getByRole("img", { name: "二维码" }).locator("svg")).toBeVisible();
    await expect(page.locator(".xw-qr__short")).toHaveText(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    await expect(page.locator(".xw-timeline__entry")).toHaveText([/已完成：\s*收到申请/, /接下来：\s*作出决定/]);
    await expect(page.locator(".xw-card").first(), "the demo's limit is marked").toContainText(/最晚.+示例时限/s);
    const agreements = page.locator(".xw-card", { has: page.getByRole("heading", { name: "核对授权" }) });
    await expect(agreements.locator(".xw-stack"), "only adults agree").toHaveCount(2);
    await expect(page.locator(".xw-stack", { hasText: "王＊＊（申请人）" })).toContainText("已同意");
    const elder = page.locator(".xw-stack", { hasText: "样＊＊＊" });
    await expect(elder).toContainText("待补授权");
    await expect(elder).toContainText(/\/authorise\/\S+/);
    await expect(elder.locator("strong.xw-copy")).toHaveText(/^\d{6}$/);

    const reloaded = await page.reload({ waitUntil: "domcontentloaded" });
    expect(reloaded?.request().method(), "reloading sends nothing again").toBe("GET");
    await expect(page).toHaveURL(CONFIRM);
    return number;
  });

  await test.step("the slip", async () => {
    await press(page, link(page, "打印凭条"));
    await expect(page.locator(".xw-figure__value")).toHaveText(`LS ${number.slice(2, 8)} ${number.slice(8)}`);
    await expect(page.getByRole("img", { name: "二维码" })).toBeVisible();
    await press(page, page.getByRole("link", { name: "返回" }));
    await expect(page).toHaveURL(`/confirm/${number}`);
  });

  await test.step("my things", async () => {
    await press(page, page.getByRole("link", { name: "返回" }));
    await expect(page).toHaveURL("/me");
    const things = cases(page);
    await expect(things).toHaveCount(1);
    await expect(things).toContainText(number);
    await expect(things).toContainText("1 人待补授权");
    await visit(page, APPLY);
    await expect(button(page, "开始填写"), "the draft is gone").toBeVisible();
  });
});

test("a draft is there on return, with what was wrong in it", async ({ page }) => {
  await visit(page, APPLY);
  await press(page, button(page, "开始填写"));
  const { values, fields } = STEPS[0].wrong[1];
  await fill(page, values);
  await press(page, button(page, "下一步"), 422);

  await visit(page, "/");
  await press(page, page.getByRole("link", { name: /接着填临时救助申请/ }));
  await expect(page.getByText("您有一份没填完的申请")).toBeVisible();
  await expect(page.getByText("下一步：您是谁")).toBeVisible();
  await press(page, link(page, "接着填"));
  await expect(page).toHaveURL(`${APPLY}/applicant`);
  expect(await typed(page)).toMatchObject(values);
  await expectErrors(page, fields);

  await fill(page, STEPS[0].right);
  await press(page, button(page, "下一步"));
  await visit(page, APPLY);
  await press(page, link(page, "接着填"));
  await expect(page, "on with the first page that is missing").toHaveURL(`${APPLY}/address`);
});

test("a member left with errors is there on return", async ({ page }) => {
  await visit(page, APPLY);
  await press(page, button(page, "开始填写"));
  await visit(page, `${APPLY}/household`);
  await press(page, link(page, "添加一位家人"));
  const wrong = { ...ELDER, document_number: "320222194503129908" };
  await fill(page, wrong);
  await press(page, button(page, "保存"), 422);
  await visit(page, `${APPLY}/household`);
  await press(page, link(page, "添加一位家人"));
  expect(await typed(page)).toMatchObject(wrong);
  await expectErrors(page, ["document_number"]);
});

test("what was not filled in is listed before sending, each with its way there", async ({ page }) => {
  await visit(page, APPLY);
  await press(page, button(page, "开始填写"));
  await visit(page, `${APPLY}/check`);
  await expect(page.getByText("还有 9 步没有填好")).toBeVisible();
  await expect(button(page, "提交申请")).toHaveCount(0);
  const open = page.getByRole("main").getByRole("link", { name: /^第 \d 步：/ });
  await expect(open).toHaveCount(9);
  await press(page, open.first());
  await fill(page, STEPS[0].right);
  await press(page, button(page, "保存，回去核对"));
  await expect(page.getByText("还有 8 步没有填好")).toBeVisible();
});

test("a draft is deleted with one button", async ({ page }) => {
  await fillDraft(page);
  await visit(page, APPLY);
  await press(page, button(page, "删掉这份草稿，重新开始"));
  await expect(button(page, "开始填写")).toBeVisible();
  await visit(page, "/me");
  await expect(page.getByText("这部手机上还没有办过事")).toBeVisible();
  await press(page, page.getByRole("link", { name: "凭编号查进度" }));
  await visit(page, APPLY);
  await press(page, button(page, "开始填写"));
  expect((await typed(page)).name).toBe("");
});

test("nobody else sees a draft", async ({ page, another }) => {
  const elder = await fillDraft(page);
  const stranger = await another();
  for (const path of ["applicant", `household/${elder}`, "check"]) {
    await visit(stranger, `${APPLY}/${path}`);
    await expect(stranger).toHaveURL(APPLY);
    await expect(stranger.getByText("王样例")).toHaveCount(0);
  }
  await visit(stranger, "/me");
  await expect(stranger.getByText("这部手机上还没有办过事")).toBeVisible();
});

test("the button pressed twice sends one application", async ({ page }) => {
  await fillDraft(page);
  await visit(page, `${APPLY}/check`);
  await button(page, "提交申请").dblclick();
  await expect(page).toHaveURL(CONFIRM);
  await visit(page, "/me");
  await expect(cases(page)).toHaveCount(1);
});

test("sending again gives the same number, and something else under the same key is refused", async ({ page }) => {
  await fillDraft(page);
  const form = await lastForm(page);
  const first = await post(page, `${APPLY}/check`, form);
  expect(first).toMatch(CONFIRM);
  expect(await post(page, `${APPLY}/check`, form)).toBe(first);
  await post(page, `${APPLY}/check`, { ...form, version: "1" }, 409);
  await visit(page, "/me");
  await expect(cases(page)).toHaveCount(1);
});

test("going back after sending leads to no second application", async ({ page }) => {
  await fillDraft(page);
  await visit(page, `${APPLY}/check`);
  await press(page, button(page, "提交申请"));
  await page.goBack({ waitUntil: "domcontentloaded" });
  await expect(page).toHaveURL(APPLY);
  await expect(button(page, "开始填写")).toBeVisible();
});

test("a second tab that sends the same draft is told that it was sent", async ({ page, context }) => {
  await fillDraft(page);
  const second = await context.newPage();
  await visit(page, `${APPLY}/check`);
  await visit(second, `${APPLY}/check`);
  await press(page, button(page, "提交申请"));
  await press(second, button(second, "提交申请"), 409);
  await expect(second.getByRole("heading", { level: 1 })).toHaveText("内容和刚才不一样了");
  await press(second, link(second, "看我的事"));
  await expect(cases(second)).toHaveCount(1);
});

test("what a second tab changed is shown again before it is sent", async ({ page, context }) => {
  await fillDraft(page);
  const second = await context.newPage();
  await visit(page, `${APPLY}/check`);
  await visit(second, `${APPLY}/situation?from=check`);
  await fill(second, { amount: "5000" });
  await press(second, button(second, "保存，回去核对"));
  await press(page, button(page, "提交申请"), 409);
  await expect(page.getByText("这份申请刚刚在别处改过")).toBeVisible();
  expect(await answers(page)).toMatchObject({ 想申请多少: "5,000 元" });
  await press(page, button(page, "提交申请"));
  await expect(page).toHaveURL(CONFIRM);
});

test("a browser that doesn't say where a form is from is asked once more and loses nothing", async ({ page }) => {
  await visit(page, APPLY);
  await press(page, button(page, "开始填写"));
  await fill(page, { ...STEPS[0].right, name: "王\"样例<b>" });
  // Playwright sends the form itself, without the headers that Chromium adds.
  await page.route(`**${APPLY}/applicant`, async (route) => {
    const { origin, ...headers } = route.request().headers();
    expect(origin, "Chromium says it").toBe(new URL(page.url()).origin);
    await route.fulfill({ response: await route.fetch({ headers, maxRedirects: 0 }) });
  });
  await press(page, button(page, "下一步"), 403);
  await expect(page.getByText("内容还在，还没有提交")).toBeVisible();
  await page.unroute(`**${APPLY}/applicant`);
  await press(page, button(page, "再提交一次"), 422);
  await expectErrors(page, ["name"]);
  expect(await typed(page)).toMatchObject({ ...STEPS[0].right, name: "王\"样例<b>" });
});

test("an application without household and account is received, and says what is still open", async ({ page }) => {
  await post(page, APPLY, {});
  for (const { slug, right } of STEPS) {
    const answer = slug === "bank-account" || slug === "authorisation" ? {} : right;
    await post(page, `${APPLY}/${slug}`, slug === "applicant" ? { ...answer, document_kind: "citizen_id" } : answer);
  }
  await visit(page, `${APPLY}/check`);
  expect(await answers(page)).toMatchObject({ 一起生活的家人: "没有别人", 银行账户: "以后再告诉街道", "本人 王样例": "以后再说" });
  await press(page, button(page, "提交申请"));
  await expect(page.getByText("还有 1 位成年人没有同意核对")).toBeVisible();
  await expect(page.getByText("银行账户还没有填")).toBeVisible();
});

test("the sample case that `make run` names can be opened", async ({ page }) => {
  await visit(page, "/confirm");
  await fill(page, { number: "ls 2611-2300 0001", mobile_tail: "0000" });
  await press(page, button(page, "查看"));
  await expect(page).toHaveURL("/confirm/LS261123000001");
  await expect(page.locator(".xw-figure__value")).toHaveText("LS 261123 000001");
  await expect(page.getByText("示例时限").first()).toBeVisible();
});

test("elder mode is switched on for all pages and off again", async ({ page }) => {
  await visit(page, "/");
  await press(page, link(page, "长辈版"));
  await expect(page.locator("html")).toHaveAttribute("data-care", "");
  await press(page, page.getByRole("link", { name: /临时救助/ }));
  await expect(page.locator("html")).toHaveAttribute("data-care", "");
  await press(page, link(page, "标准版"));
  await expect(page).toHaveURL(/\/aid\/temporary-aid/);
  await expect(page.locator("html")).not.toHaveAttribute("data-care", "");
});

