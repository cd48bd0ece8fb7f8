// What somebody sees who is not signed in: the hub's health, the status page, the way in.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, at, links, screenshot, visit } from "../harness.mjs";
import { axe } from "../judge.mjs";

test("the hub says that it is well", async () => {
  const answer = await fetch(at("/healthz"));
  assert.equal(answer.status, 200);
});

test("there is a way in for every role", () => {
  assert.ok(Object.keys(links.roles).length >= 5, "one sign-in link per role");
  for (const [role, link] of Object.entries(links.roles)) {
    assert.equal(new URL(link).origin, new URL(links.base).origin, role);
  }
});

for (const [name, path] of [["status", "/status"], ["sign-in", "/sign-in"]]) {
  for (const locale of ["ja", "en"]) {
    for (const colorScheme of ["light", "dark"]) {
      test(`${name} is clean in ${locale}, ${colorScheme}`, async (t) => {
        const { page } = await visit(t, { locale, colorScheme });
        await page.goto(path);
        assert.equal(await page.locator("html").getAttribute("lang"), locale);
        assert.equal(await page.locator("h1").count(), 1);
        await axe(page);
        await screenshot(page, `${name}-${locale}-${colorScheme}`);
      });
    }
    for (const width of [390, 320]) {
      test(`${name} fits ${width} px in ${locale}`, async (t) => {
        const { page } = await visit(t, { locale, width });
        await page.goto(path);
        await assertNoOverflow(page);
        await screenshot(page, `${name}-${locale}-${width}`);
      });
    }
  }
}

test("the password form is there without scripts", async (t) => {
  const { page } = await visit(t, { js: false });
  await page.goto("/sign-in");
  assert.ok(await page.locator("input[type=password]").isVisible());
});

test("a page that is not there says so in a page", async (t) => {
  const { page, expectStatus } = await visit(t);
  expectStatus(404);
  const answer = await page.goto("/nothing-here");
  assert.equal(answer.status(), 404);
  assert.ok(await page.locator("h1").isVisible());
});
