// A confirmation in other hands: opened on another phone, checked by a stranger, completed by the family.

import { CHILD, ELDER, TAIL, apply, post } from "./applicant";
import { altered, readCode, tokenOf } from "./code";
import { button, expect, expectErrors, fill, htmlOf, link, press, test, typed, visit, type Page } from "./fixtures";

/** The page without what differs from answer to answer for good reason. */
function withoutNumber(page: Page, number: string): string {
  return htmlOf(page).replaceAll(number, "NUMBER").replaceAll(/nonce="[^"]+"/g, "");
}

async function open(page: Page, number: string, mobile_tail: string, status: number) {
  await visit(page, "/confirm");
  await fill(page, { number, mobile_tail });
  await press(page, button(page, "查看"), status);
}

test("another phone opens a confirmation with its number and the mobile's last four digits", async ({ page, another }) => {
  const number = await apply(page);
  const other = await another();
  await visit(other, `/confirm/${number}`);
  await expect(other.getByRole("heading", { level: 1 }), "the number alone opens nothing").toHaveText("凭编号查进度");
  expect((await typed(other)).number).toBe(number);
  await fill(other, { mobile_tail: TAIL });
  await press(other, button(other, "查看"));
  await expect(other).toHaveURL(`/confirm/${number}`);
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("申请已收到");
  await press(other, link(other, "打印凭条"));
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("收件凭条");
});

test("the slip of somebody else's confirmation asks for the digits too", async ({ page, another }) => {
  const number = await apply(page);
  const other = await another();
  await visit(other, `/confirm/${number}/slip`);
  await expect(other).toHaveURL(`/confirm/${number}`);
  await expect(other.locator("#mobile_tail")).toBeVisible();
});

test("wrong digits and an unknown number are answered alike", async ({ page, another }) => {
  const number = await apply(page);
  const other = await another();
  const unknown = "LS200101000001";
  await open(other, number, "9999", 422);
  await expect(other.getByText("没有找到")).toBeVisible();
  expect(await typed(other)).toEqual({ number, mobile_tail: "9999" });
  const wrong = withoutNumber(other, number);
  await open(other, unknown, "9999", 422);
  expect(withoutNumber(other, unknown)).toBe(wrong);
  await visit(other, `/confirm/${unknown}`);
  const asked = withoutNumber(other, unknown);
  await visit(other, `/confirm/${number}`);
  expect(withoutNumber(other, number), "asking for a number does not tell whether it exists").toBe(asked);
});

test("what is no number and no four digits is told beside the field", async ({ page }) => {
  await visit(page, "/confirm");
  await press(page, button(page, "查看"), 422);
  await expectErrors(page, ["number", "mobile_tail"]);
  await fill(page, { number: "LS12", mobile_tail: "12" });
  await press(page, button(page, "查看"), 422);
  await expectErrors(page, ["number", "mobile_tail"]);
  expect(await typed(page)).toEqual({ number: "LS12", mobile_tail: "12" });
});

test("too many wrong tries lock a confirmation for everybody but its owner", async ({ page, another }) => {
  const number = await apply(page);
  const other = await another();
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await post(other, "/confirm", { number, mobile_tail: "9999" }, 422);
  }
  await visit(other, "/confirm");
  await fill(other, { number, mobile_tail: TAIL });
  const refused = await press(other, button(other, "查看"), 429);
  expect(Number(refused.headers()["retry-after"])).toBeGreaterThan(0);
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("请稍等一会儿");
  await visit(page, `/confirm/${number}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("申请已收到");
});

test("a stranger who scans the code learns that it is real, and the least detail", async ({ page, another }) => {
  const number = await apply(page);
  await visit(page, `/confirm/${number}`);
  const text = await readCode(page);
  const stranger = await another();
  const answer = await visit(stranger, text);
  expect(answer.headers()["referrer-policy"]).toBe("no-referrer");
  expect(answer.headers()["x-robots-tag"]).toBe("noindex");
  const main = stranger.getByRole("main");
  await expect(main.getByRole("heading", { name: "这张凭证是真的" })).toBeVisible();
  await expect(main).toContainText(number);
  await expect(main).toContainText("梅村街道");
  for (const secret of ["王", "样", TAIL, "320205", "火"]) await expect(main).not.toContainText(secret);
});

test("a code with one changed character is found out", async ({ page }) => {
  const number = await apply(page);
  await visit(page, `/confirm/${number}`);
  await visit(page, `/V/${tokenOf(altered(await readCode(page)))}`);
  await expect(page.getByRole("heading", { name: "不能相信这张凭证" })).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText(number);
});

test("a code that is not ours is told apart from an altered one", async ({ page }) => {
  for (const token of ["HELLO", "0123456789", "2KCFKQ"]) {
    await visit(page, `/V/${token}`);
    await expect(page.getByRole("heading", { name: "没有认出这个码" })).toBeVisible();
  }
});

test("the short code is checked as the code is", async ({ page, another }) => {
  const number = await apply(page);
  await visit(page, `/confirm/${number}`);
  const short = await page.locator(".xw-qr__short").innerText();
  const stranger = await another();
  await visit(stranger, "/check");
  await press(stranger, button(stranger, "核对"), 422);
  await expectErrors(stranger, ["code"]);
  const mistyped = (short[0] === "7" ? "8" : "7") + short.slice(1);
  await fill(stranger, { code: mistyped });
  await press(stranger, button(stranger, "核对"), 422);
  await expectErrors(stranger, ["code"]);
  await fill(stranger, { code: ` ${short.toLowerCase()}` });
  await press(stranger, button(stranger, "核对"));
  await expect(stranger.getByRole("heading", { name: "这张凭证是真的" })).toBeVisible();
  await expect(stranger.getByRole("main")).toContainText(number);
});

test("a well-formed short code that nobody was given is not known", async ({ page }) => {
  await visit(page, "/check");
  // Nought throughout fits its own check sign.
  await fill(page, { code: "0000-0000" });
  await press(page, button(page, "核对"), 422);
  await expect(page.getByText("没有这个短码")).toBeVisible();
  expect(await typed(page)).toEqual({ code: "0000-0000" });
});

test("an adult agrees on another phone, and the confirmation shows it", async ({ page, another }) => {
  const number = await apply(page);
  await visit(page, `/confirm/${number}`);
  const elder = page.locator(".xw-stack", { hasText: "待补授权" });
  const url = await elder.locator("p.xw-copy").innerText();
  const code = await elder.locator("strong.xw-copy").innerText();

  const phone = await another();
  await visit(phone, url);
  await press(phone, button(phone, "我同意核对"), 422);
  await expectErrors(phone, ["name", "code"]);
  // The right code with another name, and the right name with another code, say the same.
  const other = { name: CHILD.name, code };
  await fill(phone, other);
  await press(phone, button(phone, "我同意核对"), 422);
  await expect(phone.getByText("姓名和授权码对不上")).toBeVisible();
  expect(await typed(phone)).toEqual(other);
  await fill(phone, { name: ELDER.name, code: code === "000000" ? "000001" : "000000" });
  await press(phone, button(phone, "我同意核对"), 422);
  await expect(phone.getByText("姓名和授权码对不上")).toBeVisible();
  await fill(phone, { name: ELDER.name, code });
  await press(phone, button(phone, "我同意核对"));
  await expect(phone.getByText("已经收到您的同意")).toBeVisible();

  await visit(phone, `/confirm/${number}`);
  await expect(phone.locator("#mobile_tail"), "agreeing opens nothing else").toBeVisible();
  await visit(phone, url);
  await expect(phone.getByText("已经收到您的同意")).toBeVisible();

  await page.reload({ waitUntil: "domcontentloaded" });
  await expect(page.locator(".xw-stack", { hasText: "样＊＊＊" })).toContainText("已同意");
  await expect(page.locator(".xw-stack", { hasText: "待补授权" })).toHaveCount(0);
  await expect(page.locator(".xw-timeline__entry", { hasText: "一位家人同意了核对" })).toBeVisible();
  await expect(page.getByText("位成年人没有同意核对")).toHaveCount(0);
});

test("a link that was not given out leads nowhere", async ({ page }) => {
  await visit(page, "/authorise/abcdefghijklmnopqrstuvwxyz234567", 404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("没有这个页面");
});

test("a complaint is received with a number", async ({ page }) => {
  await visit(page, "/");
  await press(page, page.getByRole("main").getByRole("link", { name: /投诉与建议/ }));
  await press(page, button(page, "提交"), 422);
  await expectErrors(page, ["kind", "text"]);
  const wrong = { kind: "suggestion", text: "短", contact: "123" };
  await fill(page, wrong);
  await press(page, button(page, "提交"), 422);
  await expectErrors(page, ["text", "contact"]);
  expect(await typed(page)).toMatchObject(wrong);
  await fill(page, { text: "字可以再大一些，这是一条示例。", contact: "0510-85210000" });
  await press(page, button(page, "提交"));
  await expect(page).toHaveURL(/\/feedback\/TS\d{12}$/);
  await expect(page.getByText("谢谢您告诉我们")).toBeVisible();
});
