// Many volunteers and one code: an event is posted, a place is taken, and the code of the screen lets in.

import { button, expect, expectErrors, fill, press, test, visit } from "./fixtures";
import { signIn } from "./staff";
import { VOLUNTEER, enter, event, newPerson, seen } from "./volunteer";

test("a volunteer takes a place at an event and comes in with the code of the screen", async ({ page, another }) => {
  const helper = newPerson("王样例");
  await seen(page, [helper]);
  await signIn(page, "demo-community");
  await visit(page, "/staff/timebank/events/new");
  await press(page, button(page, "发布"), 422);
  await expectErrors(page, ["title", "kind", "street", "detail", "day", "starts", "ends", "places"]);
  const title = `样例读书会 ${helper.phone.slice(-4)}`;
  await fill(page, event(title));
  await press(page, button(page, "发布"));
  const desk = new URL(page.url()).pathname;

  const volunteer = await another();
  await enter(volunteer, helper);
  await visit(volunteer, "/timebank/volunteer");
  await fill(volunteer, VOLUNTEER);
  await press(volunteer, button(volunteer, "登记当志愿者"));
  await visit(volunteer, "/timebank/events");
  await press(volunteer, volunteer.locator(`a[href="${desk.replace("/staff", "")}"]`));
  await press(volunteer, button(volunteer, "我参加"));
  await expect(volunteer.getByRole("main")).toContainText("还有几个名额");

  await visit(page, `${desk}/screen?still=1`);
  const code = await page.locator(".xw-figure__value").innerText();
  await expect(page.getByRole("main")).not.toContainText("王样例");
  await press(volunteer, button(volunteer, "我来不了了"));
  await press(volunteer, button(volunteer, "我参加"));
  await fill(volunteer, { code: code === "000000" ? "000001" : "000000" });
  await press(volunteer, button(volunteer, "我到了，签到"), 422);
  await expectErrors(volunteer, ["code"]);
  await visit(page, `${desk}/screen?still=1`);
  await fill(volunteer, { code: await page.locator(".xw-figure__value").innerText() });
  await press(volunteer, button(volunteer, "我到了，签到"));
  await expect(button(volunteer, "我走了，签退")).toBeVisible();
  await visit(page, desk);
  await expect(page.getByRole("main")).toContainText("王样例：到了");
});
