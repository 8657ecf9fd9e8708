// A service begins and ends where neither telephone has a network: the times are signed by both devices, wait on the volunteer's, and
// come in by themselves, once.

import { button, expect, fill, press, test, visit } from "./fixtures";
import { signIn } from "./staff";
import { VOLUNTEER, enter, need, newPerson, seen } from "./volunteer";

test("a service begins and ends without a network and counts once when it is back", async ({ page, another, watch }) => {
  const [helper, elder] = [newPerson("王样例"), newPerson("样例老人")];
  await seen(page, [helper, elder]);
  await signIn(page, "demo-community");
  await visit(page, "/staff/timebank/new");
  await fill(page, need(elder));
  await press(page, button(page, "登记"));
  const id = new URL(page.url()).pathname.split("/").at(-1)!;

  const volunteer = await another();
  await enter(volunteer, helper);
  await visit(volunteer, "/timebank/volunteer");
  await fill(volunteer, VOLUNTEER);
  await press(volunteer, button(volunteer, "登记当志愿者"));
  await visit(volunteer, `/timebank/needs/${id}`);
  await press(volunteer, button(volunteer, "我去"));
  await visit(volunteer, `/timebank/needs/${id}/sign`);
  await expect(volunteer.locator("html[data-kept]")).toHaveCount(1);
  await expect(volunteer.getByRole("main")).not.toContainText("新光路 1 号");
  await expect(volunteer.getByRole("main")).not.toContainText("样例老人");

  const phone = await another();
  await enter(phone, elder);
  await visit(phone, `/timebank/needs/${id}`);
  const code = await phone.locator(".xw-figure__value").innerText();
  await visit(phone, `/timebank/needs/${id}/code`);
  await expect(phone.locator(".xw-figure__value")).toHaveText(/^\d{3} \d{3} \d{3}$/);
  await expect(phone.locator("html[data-kept]")).toHaveCount(1);

  // Both are where there is no network, and both telephones were put away in between.
  await phone.context().setOffline(true);
  await phone.reload();
  await expect(phone.locator(".xw-figure__value")).toHaveText(/^\d{3} \d{3} \d{3}$/);
  const shown = await phone.locator(".xw-figure__value").innerText();
  await volunteer.context().setOffline(true);
  await volunteer.clock.setFixedTime(Date.now() - 2 * 60_000);
  await volunteer.reload();
  await expect(button(volunteer, "服务结束")).toBeHidden();
  await fill(volunteer, { "start-code": shown });
  await button(volunteer, "开始服务").click();
  await expect(volunteer.locator("[data-told]")).toContainText("签到");
  await expect(volunteer.locator("[data-told]")).toContainText("存在这台手机里");
  await expect(button(volunteer, "开始服务")).toBeHidden();

  await volunteer.clock.setFixedTime(Date.now());
  await volunteer.reload();
  await expect(volunteer.locator("[data-told]")).toContainText("存在这台手机里");
  await fill(volunteer, { "end-code": code });
  await button(volunteer, "服务结束").click();
  await expect(volunteer.locator("[data-told]")).toContainText("签退");
  await visit(page, `/staff/timebank/${id}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("有志愿者来");

  await volunteer.context().setOffline(false);
  await expect(volunteer).toHaveURL(`/timebank/needs/${id}`, { timeout: 30_000 });
  await expect(volunteer.getByRole("main")).toContainText("2 分钟");
  // Nothing waits any more: opened again, nothing is sent a second time.
  await volunteer.reload();
  await expect(volunteer.locator("[data-told]")).toBeHidden();
  await visit(page, `/staff/timebank/${id}`);
  await expect(page.getByRole("main")).toContainText("2 分钟");

  await phone.context().setOffline(false);
  await visit(phone, `/timebank/needs/${id}`);
  await press(phone, button(phone, "是这样，确认"));
  await visit(volunteer, "/timebank");
  await expect(volunteer.locator(".xw-figure__value")).toHaveText("2 分钟");
  watch.forgive(/ERR_INTERNET_DISCONNECTED|can't be (sent|kept)|Failed to fetch/);
});
