// Communities against the demo: who sees what, taking a member out and putting it back, leaving.
// What is changed is changed back, in communities that no other spec counts.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

/** The member that stands last in the list, with its way out. */
async function lastMember(page) {
  const rows = page.locator("section[aria-labelledby=members] li.item");
  const row = rows.last();
  return { count: await rows.count(), row, name: await row.locator(".item-title").innerText() };
}

test("a secretariat takes a member out and puts it back, without scripts", async (t) => {
  const { page } = await signIn(t, "ceptoar_administrator", { js: false });
  await page.goto("/communities");
  await page.locator("li.item h3 a").first().click();
  const before = await lastMember(page);
  await before.row.getByRole("link", { name: "外す" }).click();
  await page.getByRole("heading", { name: "なくなるもの" }).waitFor();
  await screenshot(page, "communities-leave-ja");
  await page.getByRole("button", { name: "外す" }).click();
  await page.getByText("枠組みから外れました。").waitFor();
  const gone = page.locator("section[aria-labelledby=members] li.item", { hasText: before.name });
  assert.equal(await gone.count(), 0);
  // It reports to this secretariat, so that the secretariat puts it back.
  await page.locator("#find").fill(before.name);
  await page.getByRole("button", { name: "探す" }).click();
  const found = page.locator("section[aria-labelledby=enter] li.item", { hasText: before.name });
  await found.getByRole("button", { name: "加える" }).click();
  await page.getByText("枠組みに加えました。").waitFor();
  const after = await lastMember(page);
  assert.deepEqual([after.count, after.name], [before.count, before.name]);
});

test("an operator sees its communities and what leaving would end", async (t) => {
  const { page, expectStatus } = await signIn(t, "operator_administrator", { locale: "en", js: false });
  await page.goto("/members");
  await page.goto("/communities");
  const rows = page.locator("li.item");
  assert.ok((await rows.count()) >= 2);
  await page.locator("section", { hasText: "Members of a CEPTOAR" }).locator("h3 a").first().click();
  await page.getByRole("link", { name: "Leave this community" }).click();
  await page.getByText("This takes effect at once.").waitFor();
  await screenshot(page, "communities-leave-en");
  await page.getByRole("link", { name: "Do nothing" }).click();
  assert.match(page.url(), /\/communities\/cmt_/);
  // Under the action plan nobody decides for himself.
  await page.goto("/communities");
  await page.locator("section", { hasText: "Operators under the action plan" }).locator("h3 a").first().click();
  assert.equal(await page.getByRole("link", { name: "Leave this community" }).count(), 0);
  expectStatus(404);
  const own = page.url();
  assert.equal((await page.goto(`${own}/leave`)).status(), 404);
  assert.equal((await page.goto("/communities/new")).status(), 404);
});

test("others find no communities page", async (t) => {
  const { page, expectStatus } = await signIn(t, "operator_duty", { js: false });
  expectStatus(404);
  assert.equal((await page.goto("/communities")).status(), 404);
});

const PAGES = {
  operator_administrator: ["list", "community", "leave"],
  administrator: ["list", "community", "new"],
};
for (const locale of ["ja", "en"]) {
  for (const [role, kinds] of Object.entries(PAGES)) {
    test(`communities of ${role} are clean and fit in ${locale}`, async (t) => {
      for (const [width, colorScheme] of [[1280, "dark"], [390, "light"], [320, "light"]]) {
        const { page } = await signIn(t, role, { locale, width, colorScheme });
        for (const kind of kinds) {
          if (kind === "new") {
            await page.goto("/communities/new");
          } else {
            await page.goto("/communities");
          }
          if (kind === "community" || kind === "leave") {
            await page.locator("li.item h3 a").first().click();
            await page.locator("section[aria-labelledby=members]").waitFor();
          }
          if (kind === "leave") {
            await page.locator("p.buttons a[href*='/leave']").click();
            await page.locator("form[action='/communities/leave']").waitFor();
          }
          await axe(page);
          await assertNoOverflow(page);
          await screenshot(page, `communities-${role}-${kind}-${locale}-${width}`);
        }
      }
    });
  }
}
