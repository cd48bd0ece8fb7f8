// A real hub from empty to working: first run, an organization, an invitation, a hand-over. The
// pages need no script; passkeys are another spec's.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startEmptyHub } from "../hub.mjs";
import { assertNoOverflow, screenshot, visit } from "../harness.mjs";
import { axe } from "../judge.mjs";
import { code } from "../totp.mjs";

const program = process.env.NOROSHI_BIN;
assert.ok(program, "NOROSHI_BIN is not set; run `cargo xtask test browser`");

const PASSWORD = "夜明け前の送電線に霧がかかる朝だった";
let hub = null;

before(async () => {
  hub = await startEmptyHub(program, new URL("../out/first-run.log", import.meta.url).pathname);
});
after(async () => hub?.stop());

/** A window at the empty hub. */
function at(t, options = {}) {
  return visit(t, { js: false, ...options, context: { baseURL: hub.base } });
}

/** Makes a way in with password and app on the page of ways in; the recovery codes follow. */
async function equip(page, button) {
  const key = await page.locator(".secret").innerText();
  await page.locator("#password").fill(PASSWORD);
  await page.locator("#code").fill(code(key, Date.now()));
  await page.getByRole("button", { name: button }).click();
  assert.equal((await page.locator(".codes code").allInnerTexts()).length, 10);
}

test("the code makes one administrator, and the page is gone afterwards", async (t) => {
  assert.match(hub.code, /^nrs_fst_/);
  for (const locale of ["ja", "en"]) {
    for (const [width, colorScheme] of [[1280, "dark"], [390, "light"], [320, "light"]]) {
      // The judge is a script of its own: it wants scripts on.
      const { page } = await at(t, { js: true, locale, width, colorScheme });
      await page.goto("/");
      assert.match(page.url(), /\/first-run$/);
      await axe(page);
      await assertNoOverflow(page);
      await screenshot(page, `first-run-${locale}-${width}`);
    }
  }
  const { page, expectStatus } = await at(t);
  expectStatus(422, 404);
  await page.goto("/first-run");
  await page.locator("#code").fill("nrs_fst_wrong");
  await page.getByRole("radio", { name: /ISAC/ }).check();
  await page.locator("#name_ja").fill("架空電力ISAC");
  await page.locator("#name_en").fill("Fictional Power ISAC");
  await page.locator("#person").fill("髙田 彩");
  await page.locator("#mail").fill("takada@isac.example");
  await page.getByRole("button", { name: "登録して" }).click();
  assert.match(await page.locator(".error-summary").innerText(), /コードが違う/);
  // What was typed is still there: only the code is typed again.
  await page.locator("#code").fill(hub.code);
  await page.getByRole("button", { name: "登録して" }).click();
  assert.match(page.url(), /\/settings\/sign-in$/);
  // Nothing else opens before there is a way in.
  await page.goto("/members");
  assert.match(page.url(), /\/settings\/sign-in$/);
  await screenshot(page, "first-run-ways-in-ja");
  await equip(page, "この組み合わせで登録する");
  await page.goto("/");
  assert.match(page.url(), /\/members$/);
  await page.goto("/first-run");
  assert.equal(await page.locator("#code").count(), 0);

  // An organization, and its administrator.
  await page.goto("/members/organizations");
  await page.getByRole("link", { name: "組織を登録する" }).click();
  await page.locator("#kind").selectOption("operator");
  await page.locator("#name_ja").fill("北浜電力(架空)");
  await page.locator("#name_en").fill("Kitahama Electric (fictional)");
  await page.locator("#sector").selectOption("electricity");
  await page.getByRole("button", { name: "登録して管理者を招待する" }).click();
  await page.getByText("組織を登録しました").waitFor();
  await page.locator("#name").fill("山﨑 髙");
  await page.locator("#mail").fill("yamazaki@kitahama.example");
  await page.locator("#role-1").selectOption("administrator");
  await page.locator("#tier-1").selectOption("ciso");
  await screenshot(page, "members-invite-ja");
  await page.getByRole("button", { name: "招待する" }).click();
  const link = await page.locator(".secret").innerText();
  assert.match(link, /\/join\/nrs_inv_[a-z2-7]{52}$/);
  await screenshot(page, "members-link-ja");
  await page.goto("/members");
  assert.equal(await page.getByText(link).count(), 0);

  await invited(t, link);
  await byConsole(t);
});

/** The invited administrator makes a way in, sees who invited him, and invites in turn. */
async function invited(t, link) {
  const { page, expectStatus } = await at(t, { locale: "en", width: 390 });
  expectStatus(404);
  // Whatever opens the link beforehand changes nothing.
  for (let time = 0; time < 3; time += 1) {
    assert.equal((await fetch(link)).status, 200);
  }
  await page.goto(link);
  await assertNoOverflow(page);
  await screenshot(page, "join-en-390");
  assert.equal(await page.locator("#login").inputValue(), "yamazaki@kitahama.example");
  await page.getByRole("button", { name: "Begin" }).click();
  assert.match(page.url(), /\/settings\/sign-in$/);
  // Whoever closes the window comes back by the same link.
  await page.context().clearCookies();
  await page.goto(link);
  await page.getByRole("button", { name: "Begin" }).click();
  await equip(page, "Use this password and app");
  await page.goto("/members");
  await page.getByText("From outside").first().waitFor();
  await assertNoOverflow(page);
  await screenshot(page, "members-own-en-390");
  const used = await page.goto(link);
  assert.equal(used.status(), 404);
  assert.ok(await page.getByText("was used already").isVisible());
  await screenshot(page, "join-nowhere-en-390");
}

/** The console lists, resets and is seen. */
async function byConsole(t) {
  const organizations = await hub.admin("organizations");
  const operator = organizations.match(/(org_\w+) operator/)[1];
  const people = await hub.admin("people", "--organization", operator);
  assert.match(people, /administrator ciso can sign in yamazaki@kitahama\.example/);
  const link = (await hub.admin("reset", "--login", "yamazaki@kitahama.example")).trim();
  const { page } = await at(t, { width: 390 });
  await page.goto(link);
  await screenshot(page, "join-reset-ja-390");
  await page.getByRole("button", { name: "始める" }).click();
  await equip(page, "この組み合わせで登録する");
  await page.goto("/members");
  await page.getByText("ハブのサーバーでの操作").first().waitFor();
  // The only administrator who can sign in stays.
  const place = people.match(/(mem_\w+) administrator/)[1];
  await assert.rejects(hub.admin("end-place", "--place", place), /last administrator/);
}
