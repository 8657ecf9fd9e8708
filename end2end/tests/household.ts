// The answers of a made-up household, which come out in all three ways.

import type { Values } from "./applicant";

export const FAMILY: Values = {
  people: "3",
  income: "1,500",
  huji: "here",
  receives: "nothing",
  sudden: "yes",
  spending: "20000",
  assets: "no",
  unsupported: "no",
  illness: "no",
  oldest: "80",
  care: "elder",
  disability: "none",
  child: "cared",
};
