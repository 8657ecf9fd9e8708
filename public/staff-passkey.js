// Asks the browser for a passkey and puts its answer into the form. Without this file staff use the code of their app.
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const bytes = (value) =>
  Uint8Array.from(atob(value.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const ids = (list) => list?.map((item) => ({ ...item, id: bytes(item.id) }));

async function challenge() {
  const answer = await fetch("/staff/passkey", { method: "POST", headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`challenge ${answer.status}`);
  return (await answer.json()).publicKey;
}

async function create() {
  const asked = await challenge();
  const made = await navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: ids(asked.excludeCredentials),
    },
  });
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    response: {
      attestationObject: text(made.response.attestationObject),
      clientDataJSON: text(made.response.clientDataJSON),
    },
    extensions: made.getClientExtensionResults(),
  };
}

async function get() {
  const asked = await challenge();
  const shown = await navigator.credentials.get({
    publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: ids(asked.allowCredentials) },
  });
  return {
    id: shown.id,
    rawId: text(shown.rawId),
    type: shown.type,
    response: {
      authenticatorData: text(shown.response.authenticatorData),
      clientDataJSON: text(shown.response.clientDataJSON),
      signature: text(shown.response.signature),
      userHandle: shown.response.userHandle ? text(shown.response.userHandle) : null,
    },
    extensions: shown.getClientExtensionResults(),
  };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) break;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const told = form.querySelector("[data-passkey-told]");
    told.textContent = "请按浏览器的提示操作。";
    try {
      const answer = form.dataset.passkey === "create" ? await create() : await get();
      form.elements.credential.value = JSON.stringify(answer);
      form.submit();
    } catch (reason) {
      console.warn("No passkey.", reason);
      told.textContent = "没有完成，可以再试一次，也可以用动态码。";
    }
  });
}
