// A provider of OpenID Connect that nobody here wrote (npm oidc-provider), with made-up people, for tests alone.
//
//   node tools/oidc-provider.mjs [PORT]     says its issuer as one line of JSON, serves until it is told to stop
//
// Its own development pages ask for a login and any password. The login is the person:
//
//   real.NUMBER          王样例, whose document NUMBER it has proved
//   real.NUMBER.PHONE    the same, with a telephone
//   typed.NUMBER         王样例, who has typed that number there: nothing is proved
//   bare.ANYTHING        somebody of whom it says nothing

import { fileURLToPath } from "node:url";

import Provider from "oidc-provider";

/** Who we are at the provider. */
export const CLIENT = { client_id: "xinwu", client_secret: "a-secret-of-the-tests-alone" };

/** Our entry for it in the settings. */
export function entry(id, name, issuer) {
  const quoted = (values) => Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const claims = {
    scopes: ["realname", "phone"],
    name_claim: "name",
    document_claim: "id_number",
    document_kind_claim: "id_type",
    phone_claim: "phone_number",
    verified_claim: "real_name_level",
    verified_values: ["3", "4"],
  };
  return `{ ${quoted({ id, name, issuer, ...CLIENT, ...claims }).join(", ")}, document_kinds = { "111" = "citizen_id" } }`;
}

function person(login) {
  const [kind, number, phone] = login.split(".");
  const claims = { sub: login };
  if (kind === "real" || kind === "typed") {
    Object.assign(claims, { name: "王样例", id_type: "111", id_number: number, real_name_level: kind === "real" ? 3 : 1 });
  }
  if (phone) Object.assign(claims, { phone_number: phone, phone_number_verified: true });
  return ["real", "typed", "bare"].includes(kind) ? { accountId: login, claims: async () => claims } : undefined;
}

/** Starts it; gives its issuer and how to stop it. */
export async function startProvider(port = 0) {
  // Its warnings are about being for development, which it is here.
  console.warn = console.info = () => {};
  const issuer = `http://localhost:${port}`;
  const provider = new Provider(issuer, {
    clients: [{ ...CLIENT, redirect_uris: ["http://localhost/sign-in/callback/province"] }],
    scopes: ["openid", "realname", "phone"],
    claims: {
      openid: ["sub"],
      realname: ["name", "id_type", "id_number", "real_name_level"],
      phone: ["phone_number", "phone_number_verified"],
    },
    cookies: { keys: ["a-key-of-the-tests-alone"] },
    findAccount: async (_, login) => person(login),
    pkce: { required: () => true },
  });
  // The server under test listens at another port each time.
  provider.Client.prototype.redirectUriAllowed = (uri) =>
    /^http:\/\/(localhost|127\.0\.0\.1):\d+\/sign-in\/callback\/[a-z]+$/.test(uri);
  // Its pages ask another site for a font.
  provider.use(async (ctx, next) => {
    await next();
    if (typeof ctx.body === "string") ctx.body = ctx.body.replace(/@import url\([^)]*\);?/g, "");
  });
  const server = provider.listen(port, "127.0.0.1");
  await new Promise((done, failed) => server.once("listening", done).once("error", failed));
  return { issuer, stop: () => new Promise((done) => server.close(done).closeAllConnections()) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { freePort } = await import("./server.mjs");
  const { issuer, stop } = await startProvider(Number(process.argv[2] ?? (await freePort())));
  console.log(JSON.stringify({ issuer, entry: entry("province", "示例平台", issuer) }));
  process.once("SIGTERM", () => stop().then(() => process.exit(0)));
  // Whoever started it is gone: so is the reason to serve.
  process.stdin.on("end", () => process.exit(0)).resume();
}
