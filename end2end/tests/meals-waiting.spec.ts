// A full dish: an elder stands in its line, and has the meal that a neighbour gives up.

import { randomBytes } from "node:crypto";

import { button, expect, press, test, visit } from "./fixtures";
import { cooks, dayAhead, dishId, elder, registered, send } from "./meals";
import { choose } from "./pages";
import { signIn } from "./staff";
import { newPerson } from "./volunteer";

test("an elder waits in the line of a full dish and gets what a neighbour gives up", async ({ page, another, baseURL }) => {
  test.slow();
  const [cook, worker] = [await another(), await another()];
  const name = `示例鱼片${randomBytes(2).toString("hex")}`;
  await signIn(cook, "demo-meals");
  await cooks(cook, { day: dayAhead(1), name, ingredients: "鱼", quota: "1" });
  await signIn(worker, "demo-community");
  const neighbour = await registered(worker, newPerson("样例邻居"));
  await send(worker, neighbour, { point: "xg-01", dish: await dishId(cook, name), mode: "dine_in" });

  await choose(page, "elder", baseURL!);
  await elder(page, await another());
  await visit(page, "/meals/xg-01");
  await press(page, page.getByRole("link", { name: `排队等${name}` }));
  const main = page.getByRole("main");
  await expect(main).toContainText("还没有人，您是第一个");
  await press(page, button(page, "排队"));
  await expect(main).toContainText("排在第 1 位");
  const place = page.url();
  await visit(cook, "/staff/meals/xg-01/waiting");
  await expect(cook.getByRole("main")).toContainText(name);

  await visit(worker, neighbour);
  await press(worker, worker.locator("li").filter({ hasText: name }).getByRole("button", { name: "退掉" }));
  await visit(page, place);
  await expect(main).toContainText("轮到了，已经订上");
  await press(page, page.getByRole("link", { name: "看订上的这一餐" }));
  await expect(main).toContainText("订好了");
  await expect(main).toContainText("可以退，不要钱");
});
