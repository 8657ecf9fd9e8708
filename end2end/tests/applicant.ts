// One made-up resident and the answers of an application. All document numbers are the synthetic ones of
// app/data/vectors.

import { button, expect, press, test, visit, type Page } from "./fixtures";

export const APPLY = "/aid/temporary-aid/apply";

export type Values = Record<string, string>;

/** One page of the application. */
export interface Step {
  slug: string;
  title: string;
  /** Answers that are refused, each with the fields that are then wrong, in page order. */
  wrong: { values: Values; fields: string[] }[];
  /** Answers that are accepted. */
  right: Values;
}

export const STEPS: Step[] = [
  {
    slug: "applicant",
    title: "您是谁",
    wrong: [
      { values: {}, fields: ["name", "document_number", "mobile"] },
      {
        // A wrong check character; a mobile without its end.
        values: { name: "王1样例", document_number: "320205199912319930", mobile: "1390000" },
        fields: ["name", "document_number", "mobile"],
      },
    ],
    // A full-width digit in the mobile, as some keyboards write it.
    right: { name: "王样例", document_number: "320205199912319937", mobile: "+86 139 0000 001１" },
  },
  {
    slug: "address",
    title: "您在哪里",
    wrong: [
      { values: {}, fields: ["street", "community", "detail", "emergency_place"] },
      {
        values: { detail: "路", emergency_place: "district", emergency_detail: "站" },
        fields: ["street", "community", "detail", "emergency_street", "emergency_community", "emergency_detail"],
      },
      {
        values: { street: "320214050", community: "320214050001", detail: "样例路 1 号", emergency_place: "elsewhere" },
        fields: ["emergency_place"],
      },
    ],
    right: {
      street: "320214050",
      community: "320214050001",
      detail: "样例路 1 号 2 室",
      emergency_place: "district",
      emergency_street: "320214054",
      emergency_community: "unknown",
      emergency_detail: "样例地铁站",
    },
  },
  // The list of the household has no field of its own; its members' pages have.
  { slug: "household", title: "家里还有谁", wrong: [], right: {} },
  {
    slug: "finances",
    title: "家里的收入和开支",
    wrong: [
      { values: {}, fields: ["monthly_income"] },
      {
        values: { monthly_income: "两千", medical: "-1", education: "1.234", other: "999999999" },
        fields: ["monthly_income", "medical", "education", "other"],
      },
    ],
    right: { monthly_income: "2,600", medical: "１８０００", education: "0", other: "", rehabilitation: "1200.50" },
  },
  {
    slug: "situation",
    title: "发生了什么",
    wrong: [
      { values: {}, fields: ["kind", "story", "urgency"] },
      { values: { kind: "emergency", story: "火", amount: "三千", urgency: "days" }, fields: ["story", "amount"] },
    ],
    right: {
      kind: "emergency",
      story: "示例：厨房失火，没有地方做饭。\n\n</textarea><b>一家三口</b> & 老人",
      amount: "",
      urgency: "today",
    },
  },
  {
    slug: "bank-account",
    title: "救助金打到哪里",
    wrong: [
      { values: { number: "622202320" }, fields: ["holder", "number"] },
      { values: { holder: "李样例", number: "6222023200000000011" }, fields: ["reason"] },
    ],
    right: { holder: "王样例", number: "6222 0232 0000 0000 011", bank: "样例银行新吴支行", reason: "" },
  },
  // A question that may be refused or left out.
  { slug: "notice", title: "您的信息怎么用", wrong: [], right: { suggest: "no" } },
  { slug: "authorisation", title: "同意核对家庭经济状况", wrong: [], right: { "way-applicant": "this-phone" } },
  { slug: "pledge", title: "承诺", wrong: [{ values: {}, fields: ["agreed"] }], right: { agreed: "yes" } },
];

export const ELDER: Values = {
  name: "样例老人",
  relation: "parent",
  document_kind: "citizen_id",
  document_number: "320222194503129909",
};
export const CHILD: Values = {
  name: "样例孩子",
  relation: "child",
  document_kind: "citizen_id",
  document_number: "320214201602299914",
};

export const TAIL = "0011";

/** A picture of 16 by 16 pixels. */
export const PHOTO = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mM4YaNBEmIY1TCqYfhqAAAeBCwQMd+aqQAAAABJRU5ErkJggg==",
  "base64",
);

/** The origins of pages that are open at another server than the project's. */
export const ORIGINS = new WeakMap<Page, string>();

/** Sends a form as the page would, without the page. */
export async function post(page: Page, path: string, form: Values, status = 303): Promise<string> {
  const origin = ORIGINS.get(page) ?? new URL(test.info().project.use.baseURL!).origin;
  const answer = await page.request.post(path, { form, headers: { origin }, maxRedirects: 0 });
  expect(answer.status(), `POST ${path}`).toBe(status);
  return answer.headers()["location"] ?? "";
}

async function html(page: Page, path: string): Promise<string> {
  const answer = await page.request.get(path);
  expect(answer.status(), `GET ${path}`).toBe(200);
  return answer.text();
}

/** The id that the household's page gives to the next member. */
export async function newMember(page: Page): Promise<string> {
  const ids = (await html(page, `${APPLY}/household`)).matchAll(/apply\/household\/([a-z0-9]{8})"/g);
  return [...ids].at(-1)![1];
}

/** Fills in a whole application quickly, ready to be looked at and sent; gives the id of the adult of the household. */
export async function fillDraft(page: Page): Promise<string> {
  await post(page, APPLY, {});
  let elder = "";
  for (const { slug, right } of STEPS) {
    if (slug === "household") {
      for (const values of [ELDER, CHILD]) {
        const id = await newMember(page);
        await post(page, `${APPLY}/household/${id}`, values);
        elder ||= id;
      }
    }
    const link: Values = slug === "authorisation" ? { [`way-${elder}`]: "link" } : {};
    const kind: Values = slug === "applicant" ? { document_kind: "citizen_id" } : {};
    await post(page, `${APPLY}/${slug}`, { ...right, ...kind, ...link });
  }
  return elder;
}

/** What the last page sends. */
export async function lastForm(page: Page): Promise<Values> {
  const check = await html(page, `${APPLY}/check`);
  const field = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(check)![1];
  return { idempotency_key: field("idempotency_key"), version: field("version") };
}

/** Sends an application quickly; gives its number. */
export async function apply(page: Page): Promise<string> {
  await fillDraft(page);
  const to = await post(page, `${APPLY}/check`, await lastForm(page));
  return /^\/confirm\/(LS\d{12})$/.exec(to)![1];
}

/** Pages that an item which looks at the person alone does not have. */
const OF_THE_HOUSEHOLD = ["household", "finances", "authorisation"];

/** Applies in 梅村街道 for an item other than 临时救助; `asks`: what its application asks for. Gives the case's number. */
export async function applyFor(page: Page, item: string, story: string, asks = { household: true, account: true }): Promise<string> {
  const apply = `/aid/${item}/apply`;
  await visit(page, apply);
  await press(page, button(page, "开始填写"));
  const own: Record<string, Values> = {
    applicant: { ...STEPS[0].right, document_kind: "citizen_id" },
    address: { street: "320214054", community: "unknown", detail: "样例路 1 号 2 室", emergency_place: "home" },
    situation: { kind: "expenditure", story, urgency: "usual" },
  };
  const steps = STEPS.filter(({ slug }) => {
    if (slug === "bank-account") return asks.account;
    return asks.household || !OF_THE_HOUSEHOLD.includes(slug);
  });
  for (const step of steps) await post(page, `${apply}/${step.slug}`, own[step.slug] ?? step.right);
  await visit(page, `${apply}/check`);
  await expect(page.getByRole("main")).not.toContainText("急难发生在");
  await press(page, button(page, "提交申请"));
  return new URL(page.url()).pathname.split("/").pop() ?? "";
}
