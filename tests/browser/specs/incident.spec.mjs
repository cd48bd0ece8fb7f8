// Groups: reports put together and taken apart again, without script, by those who may see them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

for (const [locale, width] of [["ja", 1280], ["en", 390], ["ja", 320]]) {
  test(`two reports become a group and come apart, ${locale} ${width}`, async (t) => {
    const { page, expectStatus } = await signIn(t, "center_analyst", { locale, width, js: false });
    expectStatus(422);
    const shot = async (name) => {
      await assertNoOverflow(page);
      await screenshot(page, `incident-${name}-${locale}-${width}`);
    };
    await page.goto("/search?kind=incident");
    const links = page.locator(".item-title a");
    const [first, second] = [await links.nth(0).getAttribute("href"), await links.nth(1).getAttribute("href")];
    const form = (path) => page.locator(`form[action='${path}/group']:has(input#name)`);
    const name = `group ${locale} ${width} ${Date.now()}`;

    await page.goto(first);
    await page.locator("details:has(input#name) summary").click();
    await form(first).locator("button[type=submit]").click();
    assert.equal(await page.locator(".error-summary li").count(), 2, "where to and why are missing");
    await page.locator("details:has(input#name) summary").click();
    await page.fill("#name", name);
    await page.fill("#why", "same maintainer");
    await shot("ask");
    await form(first).locator("button[type=submit]").click();
    const group = new URL(page.url()).pathname;
    assert.match(group, /^\/incidents\/inc_/);
    assert.equal(await page.locator("h1").innerText(), name);

    await page.goto(second);
    await page.locator("details:has(input#name) summary").click();
    await page.selectOption("#incident", { label: name });
    await page.fill("#why", "same day");
    await form(second).locator("button[type=submit]").click();
    assert.equal(new URL(page.url()).pathname, group);
    assert.equal(await page.locator(".items .item").count(), 2);
    assert.equal(await page.locator("tbody tr").filter({ hasText: "same" }).count(), 2);
    await shot("two");

    const out = page.locator(".items .item").first().locator("details");
    await out.locator("summary").click();
    await out.locator("input[name=why]").fill("another matter");
    await out.locator("button[type=submit]").click();
    assert.equal(await page.locator(".items .item").count(), 1);
    assert.equal(await page.locator("tbody tr").filter({ hasText: "another matter" }).count(), 1);
    await page.goto("/incidents");
    assert.equal(await page.locator(".item-title a", { hasText: name }).count(), 1);
    await shot("list");
  });
}

test("another desk finds no such group, and axe finds nothing", async (t) => {
  const { page } = await signIn(t, "center_analyst");
  await page.goto("/search?kind=incident");
  const report = await page.locator(".item-title a").nth(2).getAttribute("href");
  await page.goto(report);
  await page.locator("details:has(input#name) summary").click();
  await axe(page);
  await page.fill("#name", "for axe");
  await page.fill("#why", "for axe");
  await page.locator(`form[action='${report}/group']:has(input#name) button[type=submit]`).click();
  await page.waitForURL("**/incidents/inc_*");
  await axe(page);
  const group = new URL(page.url()).pathname;
  const other = await signIn(t, "ministry_officer");
  other.expectStatus(404);
  const answer = await other.page.goto(group);
  assert.equal(answer.status(), 404);
});
