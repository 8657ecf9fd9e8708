// A clerk marks a hot day; residents read what is different in the month and on the day, and nobody says yes at the door.

import { COUPLE } from "./couple";
import { button, expect, expectErrors, fill, press, test, visit } from "./fixtures";
import { signIn } from "./staff";

/** A day of the window: other browsers of this run mark days too. */
const someDay = () => {
  const ahead = 4 + Math.floor(Math.random() * 24);
  return new Date(Date.now() + 8 * 3_600_000 + ahead * 86_400_000).toISOString().slice(0, 10);
};

test("a hot day has its own times, and both say yes before they come", async ({ page, another }) => {
  await signIn(page, "demo-marriage");
  // Of a matter that no other test books.
  const base = "/marriage/offices/xinwu/times/reissue";
  let day = someDay();
  for (let turn = 0; turn < 9; turn++) {
    await visit(page, "/staff/marriage/xinwu/hot");
    if (turn === 0) {
      await press(page, button(page, "标记这一天"), 422);
      await expectErrors(page, ["day", "matter", "name", "times", "walk_in"]);
    }
    await fill(page, { day, matter: "reissue", name: "七夕", times: "8:00-10:00 5\n10:00-12:00 5" });
    await page.getByLabel("只收预约好的，没有预约的不收").check();
    const answer = page.waitForResponse((response) => response.request().method() === "POST");
    await button(page, "标记这一天").click();
    if ((await answer).status() !== 422) break;
    day = someDay();
  }
  await expect(page.getByText("8:00–10:00，5 对；10:00–12:00，5 对").first()).toBeVisible();

  const phone = await another();
  await visit(phone, base);
  await expect(phone.getByText("七夕，跟平常不一样").first()).toBeVisible();
  await visit(phone, `${base}/${day}`);
  await expect(phone.getByText("不能到现场再确认")).toBeVisible();
  await press(phone, phone.getByRole("button", { name: /^约 8:00–10:00/ }));
  await expect(phone.getByText("时间为您留到")).toBeVisible();
  await expect(phone.getByLabel("到现场再确认")).toHaveCount(0);
  await fill(phone, { ...COUPLE(), way: "link" });
  await press(phone, button(phone, "提交"));
  await expect(phone.getByText("还差一步：等对方确认")).toBeVisible();
});
