// Ways to sign in: a passkey made and used, a password with an authenticator app, sessions, tokens.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, links, screenshot, visit } from "../harness.mjs";
import { axe } from "../judge.mjs";
import { code } from "../totp.mjs";

// Browsers make passkeys for names, not for numbers.
const base = links.base.replace("127.0.0.1", "localhost");

/** Opens a window for `role` at the hub's name, in a session of its own. */
async function enter(t, role, options = {}) {
  const person = await visit(t, { ...options, context: { baseURL: base } });
  await person.page.goto(links.roles[role].replace(links.base, base));
  return person;
}

/** An authenticator in the browser that verifies its owner. */
async function authenticator(page) {
  const wire = await page.context().newCDPSession(page);
  await wire.send("WebAuthn.enable");
  const { authenticatorId } = await wire.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { wire, authenticatorId };
}

test("a passkey is made in the settings and signs in by itself", async (t) => {
  const { page, expectStatus } = await enter(t, "operator_duty");
  const { wire, authenticatorId } = await authenticator(page);
  await page.goto("/settings/sign-in");
  await page.locator("#passkey-name").fill("当番用のスマートフォン");
  await page.getByRole("button", { name: "パスキーを作る" }).click();
  // The form's hint names the same telephone: only the list's button says that the key is made.
  await page.getByRole("button", { name: "外す" }).waitFor();
  const { credentials } = await wire.send("WebAuthn.getCredentials", { authenticatorId });
  assert.equal(credentials.length, 1);
  assert.equal(credentials[0].isResidentCredential, true);
  await page.locator("header form button").click();
  await page.waitForURL(/sign-in/);
  await page.getByRole("button", { name: "パスキーでサインイン" }).click();
  await page.waitForURL((address) => !address.pathname.startsWith("/sign-in"));
  assert.ok(await page.locator(".actor").isVisible());
  await page.goto("/settings");
  assert.ok(await page.getByText("パスキー", { exact: true }).first().isVisible());
  await screenshot(page, "settings-ja");

  // Without the person there is no sign-in, and the page says so in words.
  await page.locator("header form button").click();
  await page.waitForURL(/sign-in/);
  await wire.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await page.getByRole("button", { name: "パスキーでサインイン" }).click();
  await page.locator(".passkey .error").waitFor();
  await wire.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });

  // A key that the hub has forgotten is no key.
  await page.getByRole("button", { name: "パスキーでサインイン" }).click();
  await page.waitForURL((address) => !address.pathname.startsWith("/sign-in"));
  await page.goto("/settings/sign-in");
  await page.getByRole("button", { name: "外す" }).click();
  await page.getByText("先に別の方法を足してください").waitFor();
  expectStatus(404);
});

test("a password with an app signs in without scripts, each code once", async (t) => {
  const { page, expectStatus } = await enter(t, "operator_system", { js: false });
  expectStatus(422);
  await page.goto("/settings");
  const account = await page
    .locator(".answers > div", { hasText: "サインイン名" })
    .locator("dd")
    .first()
    .innerText();
  await page.goto("/settings/sign-in");
  await screenshot(page, "ways-in-ja");
  const key = await page.locator(".secret").innerText();
  await page.locator("#password").fill("short");
  await page.locator("#code").fill(code(key, Date.now()));
  await page.getByRole("button", { name: "この組み合わせで登録する" }).click();
  assert.match(await page.locator(".error-summary").innerText(), /15文字以上/);
  await page.locator("#password").fill("夜明け前の送電線に霧がかかる朝だった");
  await page.locator("#code").fill(code(key, Date.now()));
  await page.getByRole("button", { name: "この組み合わせで登録する" }).click();
  const recovery = await page.locator(".codes code").allInnerTexts();
  assert.equal(recovery.length, 10);
  await screenshot(page, "recovery-ja");

  const sign = async (person, secret, digits) => {
    await person.goto("/sign-in");
    await person.locator("#account").fill(` ${account.toUpperCase()} `);
    await person.locator("#password").fill(secret);
    await person.locator("#code").fill(digits);
    await person.locator("main form button[type=submit]").last().click();
  };
  const other = await visit(t, { js: false, context: { baseURL: base } });
  other.expectStatus(422, 429);
  // The code that confirmed the app is spent.
  await sign(other.page, "夜明け前の送電線に霧がかかる朝だった", code(key, Date.now()));
  assert.match(await other.page.locator(".error-summary").innerText(), /どれかが違います/);
  await sign(other.page, "夜明け前の送電線に霧がかかる朝だった", recovery[0].toLowerCase());
  assert.ok(await other.page.locator(".actor").isVisible());

  // Both sessions are there; the first ends the other.
  await page.goto("/settings");
  await page.getByRole("button", { name: "この端末以外をすべて終了する" }).click();
  await other.page.goto("/settings");
  assert.match(other.page.url(), /sign-in\?next/);
});

test("a token is shown once, works for what it is for, and can be revoked", async (t) => {
  const { page } = await enter(t, "operator_duty", { locale: "en" });
  await page.goto("/settings/tokens");
  await page.locator("#label").fill("SOC connector");
  await page.getByLabel("Submit reports").check();
  await page.getByRole("button", { name: "Make the token" }).click();
  const secret = await page.locator(".secret").innerText();
  assert.match(secret, /^nrs_api_[a-z2-7]{52}$/);
  await screenshot(page, "tokens-en");
  await page.goto("/settings/tokens");
  assert.equal(await page.getByText(secret).count(), 0);
  await page.getByRole("button", { name: "Revoke" }).first().click();
  await page.getByText("The token has been revoked.").waitFor();
});

for (const locale of ["ja", "en"]) {
  for (const path of ["/settings", "/settings/sign-in", "/settings/tokens"]) {
    const name = path.slice(1).replace("/", "-");
    test(`${name} is clean and fits in ${locale}`, async (t) => {
      for (const [width, colorScheme] of [[1280, "dark"], [390, "light"], [320, "light"]]) {
        const { page } = await enter(t, "center_officer", { locale, width, colorScheme });
        await page.goto(path);
        await axe(page);
        await assertNoOverflow(page);
        await screenshot(page, `${name}-${locale}-${width}`);
      }
    });
  }
}
