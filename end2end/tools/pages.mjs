// Finds and fetches the pages of a server under test.

import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true });

/** Gets a path; the body as it is sent, in whatever encoding the server chose for `accept`. */
export function get(base, path, { accept = "identity", cookie } = {}) {
  const headers = { accept: "text/html", "accept-encoding": accept, ...(cookie ? { cookie } : {}) };
  return new Promise((done, failed) => {
    const asked = request(new URL(path, base), { agent, headers, timeout: 15_000 }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("error", failed);
      answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }));
    });
    asked.on("timeout", () => asked.destroy(new Error(`${path}: no answer within 15 s`)));
    asked.on("error", failed);
    asked.end();
  });
}

/** The pages that links lead to from the home page, as a stranger sees them: path and HTML, at most `most`. */
export async function crawl(base, { most = 200, from = ["/"] } = {}) {
  const origin = new URL(base).origin;
  const seen = new Set(from);
  const queue = [...from];
  const pages = [];
  while (queue.length && pages.length < most) {
    const path = queue.shift();
    const { status, headers, body } = await get(base, path);
    const follow = (href) => {
      const url = URL.canParse(href, new URL(path, base)) ? new URL(href, new URL(path, base)) : null;
      // The kit shows components, it is no page of the service.
      if (!url || url.origin !== origin || url.pathname.startsWith("/_kit")) return;
      const next = url.pathname + url.search;
      if (!seen.has(next)) queue.push(next);
      seen.add(next);
    };
    if (status >= 300 && status < 400) follow(headers.location);
    if (status !== 200 || !headers["content-type"]?.startsWith("text/html")) continue;
    const html = body.toString("utf8");
    pages.push({ path, html });
    for (const [, href] of html.matchAll(/<a\s[^>]*?href="([^"]*)"/g)) follow(href.replaceAll("&amp;", "&"));
  }
  return pages;
}
