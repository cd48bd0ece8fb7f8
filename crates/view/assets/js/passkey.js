// Passkeys: the one thing on these pages that needs a script.
// <div data-passkey="get|create" data-begin data-finish data-csrf data-next data-failed hidden>
// with a button and a <p class="error" hidden> inside. Both endpoints take and give JSON; `finish`
// may answer { "next": path } to say where to go.
"use strict";

(() => {
  const toBytes = (text) => {
    const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  };
  const toText = (buffer) => {
    const letters = [...new Uint8Array(buffer)].map((byte) => String.fromCharCode(byte)).join("");
    return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };

  const post = async (box, path, body) => {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-csrf-token": box.dataset.csrf },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  const listed = (list) => (list ?? []).map((entry) => ({ ...entry, id: toBytes(entry.id) }));

  const get = async (options) => {
    const publicKey = { ...options, challenge: toBytes(options.challenge), allowCredentials: listed(options.allowCredentials) };
    const key = await navigator.credentials.get({ publicKey });
    const { authenticatorData, clientDataJSON, signature, userHandle } = key.response;
    return {
      id: key.id,
      rawId: toText(key.rawId),
      type: key.type,
      extensions: key.getClientExtensionResults(),
      response: {
        authenticatorData: toText(authenticatorData),
        clientDataJSON: toText(clientDataJSON),
        signature: toText(signature),
        userHandle: userHandle ? toText(userHandle) : null,
      },
    };
  };

  const create = async (options) => {
    const publicKey = {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: listed(options.excludeCredentials),
    };
    const key = await navigator.credentials.create({ publicKey });
    return {
      id: key.id,
      rawId: toText(key.rawId),
      type: key.type,
      extensions: key.getClientExtensionResults(),
      response: {
        attestationObject: toText(key.response.attestationObject),
        clientDataJSON: toText(key.response.clientDataJSON),
        transports: key.response.getTransports?.() ?? [],
      },
    };
  };

  for (const box of document.querySelectorAll("[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    box.hidden = false;
    for (const absent of document.querySelectorAll(".no-passkey")) absent.hidden = true;
    const button = box.querySelector("button");
    const error = box.querySelector(".error");
    button.addEventListener("click", async () => {
      button.setAttribute("aria-disabled", "true");
      error.hidden = true;
      try {
        const name = box.querySelector("input")?.value;
        const begun = await post(box, box.dataset.begin, name === undefined ? {} : { name });
        const made = await (box.dataset.passkey === "create" ? create : get)(begun.publicKey);
        const finished = await post(box, box.dataset.finish, made);
        window.location.assign(finished.next ?? box.dataset.next);
      } catch {
        error.textContent = box.dataset.failed;
        error.hidden = false;
        button.removeAttribute("aria-disabled");
      }
    });
  }
})();
