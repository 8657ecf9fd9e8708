// A need goes from an elder's telephone call to hours that a volunteer keeps.

import { readCode } from "./code";
import { button, expect, expectErrors, fill, link, press, test, visit } from "./fixtures";
import { signIn, to } from "./staff";
import { VOLUNTEER, enter, need, newPerson, seen } from "./volunteer";

test("a need goes from the telephone to hours that are kept", async ({ page, another }) => {
  const [helper, elder] = [newPerson("王样例"), newPerson("样例老人")];
  await seen(page, [helper, elder]);

  await signIn(page, "demo-community");
  await visit(page, "/staff/timebank/new");
  await press(page, button(page, "登记"), 422);
  await expectErrors(page, ["name", "phone", "street", "detail", "kind", "day", "starts", "minutes", "language"]);
  await fill(page, need(elder));
  await press(page, button(page, "登记"));
  const id = new URL(page.url()).pathname.split("/").at(-1)!;

  const volunteer = await another();
  await enter(volunteer, helper);
  await visit(volunteer, "/timebank");
  await press(volunteer, link(volunteer, "我想当志愿者"));
  await press(volunteer, button(volunteer, "登记当志愿者"), 422);
  await expectErrors(volunteer, ["kind-companionship", "street", "language", "agreed"]);
  await fill(volunteer, VOLUNTEER);
  await press(volunteer, button(volunteer, "登记当志愿者"));
  await press(volunteer, link(volunteer, "看看附近谁需要帮忙"));
  await expect(volunteer.getByRole("main")).not.toContainText("样例老人");
  await press(volunteer, volunteer.locator(`a[href="/timebank/needs/${id}"]`));
  await press(volunteer, button(volunteer, "我去"));
  await expect(volunteer.getByRole("main")).toContainText("新光路 1 号");

  const phone = await another();
  await enter(phone, elder);
  await visit(phone, `/timebank/needs/${id}`);
  const code = await phone.locator(".xw-figure__value").innerText();
  await fill(volunteer, { code: code === "000000" ? "000001" : "000000" });
  await press(volunteer, button(volunteer, "开始服务"), 422);
  await expectErrors(volunteer, ["code"]);
  await fill(volunteer, { code });
  await press(volunteer, button(volunteer, "开始服务"));
  await expect(button(volunteer, "服务结束")).toBeVisible();

  // Nobody waits here until it is over: the community worker enters a minute of this morning.
  await visit(page, `/staff/timebank/${id}`);
  await fill(page, { began: "0:00", over: "0:01" });
  await press(page, button(page, "记下时间"));
  await visit(phone, `/timebank/needs/${id}`);
  await press(phone, button(phone, "是这样，确认"));
  await visit(volunteer, "/timebank");
  await expect(volunteer.locator(".xw-figure__value")).toHaveText("1 分钟");
  await press(volunteer, to(volunteer, "/timebank/statement"));
  await press(volunteer, button(volunteer, "出对账单"), 422);
  await expectErrors(volunteer, ["month"]);
  await volunteer.locator("#month").selectOption({ index: 1 });
  await press(volunteer, button(volunteer, "出对账单"));
  const statement = await readCode(volunteer);
  const stranger = await another();
  await visit(stranger, statement);
  await expect(stranger.getByRole("heading", { name: "这张凭证是真的" })).toBeVisible();
  await expect(stranger.getByRole("main")).toContainText("1 分钟");
  await visit(page, "/timebank/totals");
  await expect(page.getByText("对得上", { exact: true })).toBeVisible();
});
