// Members against the demo: inviting, taking up, changing posts, handing over. Only people who
// join here are changed: the demo's own people belong to other specs.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn, visit } from "../harness.mjs";
import { axe } from "../judge.mjs";

/** Invites `name` as duty officer of the control systems; the link. */
async function invite(page, name) {
  await page.goto("/members/invite");
  await page.locator("#name").fill(name);
  await page.locator("#role-1").selectOption("duty-officer");
  await page.locator("#tier-1").selectOption("ot-staff");
  await page.getByRole("button", { name: "招待する" }).click();
  return page.locator(".secret").innerText();
}

/** Takes the link up in a window of its own. */
async function takeUp(t, link, login) {
  const { page } = await visit(t, { js: false });
  await page.goto(link);
  await page.locator("#login").fill(login);
  await page.getByRole("button", { name: "始める" }).click();
  assert.match(page.url(), /\/settings\/sign-in$/);
  return page;
}

test("people are invited, change posts and hand over, without scripts", async (t) => {
  const { page, expectStatus } = await signIn(t, "operator_administrator", { js: false });
  expectStatus(422);
  // What is missing is said where it is missing.
  await page.goto("/members/invite");
  await page.getByRole("button", { name: "招待する" }).click();
  assert.match(await page.locator(".error-summary").innerText(), /氏名/);

  // An invitation that nobody took up is withdrawn, and its link leads nowhere.
  const withdrawn = await invite(page, "取消 用");
  await page.goto("/members");
  const waiting = page.locator("li.item", { hasText: "取消 用" });
  await waiting.getByRole("button", { name: "取り消す" }).click();
  await page.getByText("招待を取り消しました。").waitFor();
  const stranger = await visit(t, { js: false });
  stranger.expectStatus(404);
  await stranger.page.goto(withdrawn);
  await stranger.page.getByText("このリンクは使えません").first().waitFor();

  await takeUp(t, await invite(page, "前任 一郎"), "zennin@members.example");
  await takeUp(t, await invite(page, "後任 二子"), "kounin@members.example");
  await page.goto("/members");
  await page.getByRole("link", { name: "後任 二子" }).click();
  await screenshot(page, "members-person-ja");
  const change = page.locator("details", { hasText: "役割を変える" });
  await change.locator("summary").click();
  await change.locator("select[name=role]").selectOption("staff");
  await change.getByRole("button", { name: "役割を変える" }).click();
  await page.getByText("役割を変えました。").waitFor();

  // The first one's post passes to the second: looked at, then pressed.
  await page.goto("/members/hand-over");
  const post = page.locator("li.item", { hasText: "今の担当 前任 一郎" });
  await post.locator("select").selectOption({ label: "後任 二子" });
  await page.getByRole("button", { name: "移るものを確かめる" }).click();
  await page.getByText("後任はまだサインインの方法を作っていません。").waitFor();
  await screenshot(page, "members-review-ja");
  const seen = page.url();
  await page.getByRole("button", { name: "この内容で引き継ぐ" }).click();
  await page.getByText("引き継ぎました。").waitFor();
  const people = page.locator("section", { has: page.locator("#people") });
  assert.equal(await people.getByRole("link", { name: "前任 一郎" }).count(), 0);
  await screenshot(page, "members-ja");
  // Done is done: the same address finds nothing to pass.
  expectStatus(404);
  assert.equal((await page.goto(seen)).status(), 404);

  // A new link takes the place of the ways in that were.
  await page.goto("/members");
  await page.getByRole("link", { name: "後任 二子" }).click();
  await page.getByRole("button", { name: "無効にしてリンクを発行する" }).click();
  assert.match(await page.locator(".secret").innerText(), /\/join\/nrs_inv_/);
});

test("a guest gets no further than the ways in, and nobody changes himself", async (t) => {
  const { page } = await signIn(t, "operator_administrator", { js: false });
  const guest = await takeUp(t, await invite(page, "途中 の人"), "tochuu@members.example");
  for (const path of ["/", "/settings", "/settings/tokens", "/near-miss", "/members"]) {
    await guest.goto(path);
    assert.match(guest.url(), /\/settings\/sign-in$/, path);
  }
  await page.goto("/members");
  const own = await page.locator(".actor").innerText();
  for (const link of await page.locator("section #people ~ ul .item-title a").all()) {
    if (own.includes(await link.innerText())) {
      await link.click();
      break;
    }
  }
  assert.equal(await page.locator("form[action='/members/place/change']").count(), 0);
  assert.equal(await page.locator("form[action='/members/reset']").count(), 0);
});

test("others find no members page", async (t) => {
  const { page, expectStatus } = await signIn(t, "operator_duty", { js: false });
  expectStatus(404);
  for (const path of ["/members", "/members/invite", "/members/organizations"]) {
    assert.equal((await page.goto(path)).status(), 404, path);
  }
  const own = await signIn(t, "operator_administrator", { js: false });
  own.expectStatus(404);
  assert.equal((await own.page.goto("/members/organizations")).status(), 404);
});

const PAGES = {
  operator_administrator: ["/members", "/members/invite", "/members/hand-over"],
  administrator: ["/members/organizations", "/members/organizations/new"],
};
for (const locale of ["ja", "en"]) {
  for (const [role, paths] of Object.entries(PAGES)) {
    for (const path of paths) {
      const name = path.slice(1).replaceAll("/", "-");
      test(`${name} is clean and fits in ${locale}`, async (t) => {
        for (const [width, colorScheme] of [[1280, "dark"], [390, "light"], [320, "light"]]) {
          const { page } = await signIn(t, role, { locale, width, colorScheme });
          await page.goto(path);
          await axe(page);
          await assertNoOverflow(page);
          await screenshot(page, `${name}-${locale}-${width}`);
        }
      });
    }
  }
}
