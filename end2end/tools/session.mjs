// Signs a resident in over HTTP on a demo server, which shows on the page what would be sent to a telephone.

/** A browser without a window: keeps cookies, follows nothing. */
export class Client {
  #cookies = new Map();

  constructor(base) {
    this.base = base;
  }

  async ask(path, fields) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(this.base + path, {
      method: fields ? "POST" : "GET",
      headers: { cookie, origin: this.base },
      body: fields && new URLSearchParams(fields),
      redirect: "manual",
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(";")[0].split("=");
      this.#cookies.set(name, value);
    }
    return { status: answer.status, html: await answer.text() };
  }

  /** Signs in with a number and keeps a name, so that each page has one to open. */
  async signIn(phone) {
    await this.ask("/sign-in", { phone });
    const code = /(?<!\d)\d{6}(?!\d)/.exec((await this.ask("/sign-in/code")).html.split("演示：")[1]);
    if (!code) throw new Error("the page shows no code; is it a demo server?");
    await this.ask("/sign-in/code", { code: code[0] });
    // The page names the text that is agreed to: keeping a profile is asked for where it begins.
    const form = (await this.ask("/me/profile/identity")).html;
    const consent = /name="consent" value="([^"]+)"/.exec(form)?.[1] ?? "";
    const identity = {
      name: "王样例",
      document_kind: "citizen_id",
      document_number: "320205199912319937",
      consent,
    };
    const { status } = await this.ask("/me/profile/identity", identity);
    if (status !== 303) throw new Error(`keeping the profile answered ${status}`);
  }
}
