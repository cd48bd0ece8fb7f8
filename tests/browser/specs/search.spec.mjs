// Search: a form that works without script, sentences only when asked for, a key that goes there.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

for (const [locale, width] of [["ja", 1280], ["en", 390], ["ja", 320]]) {
  test(`the center searches what was released, ${locale} ${width}`, async (t) => {
    const { page } = await signIn(t, "center_analyst", { locale, width, js: false });
    const shot = async (name) => {
      await assertNoOverflow(page);
      await screenshot(page, `search-${name}-${locale}-${width}`);
    };
    await page.goto("/search");
    assert.equal(await page.locator("#results").count(), 0, "nothing was asked yet");
    await shot("blank");
    await page.selectOption("#kind", "incident");
    await page.locator("main form.search button[type=submit]").click();
    assert.equal(new URL(page.url()).pathname, "/search");
    assert.ok((await page.locator(".items .item").count()) > 0, "released incidents are listed");
    assert.equal(await page.locator(".excerpt").count(), 0, "a list shows no text");
    await shot("kind");

    await page.fill("#q", locale === "ja" ? "通信" : "マルウェア");
    await page.locator("main form.search button[type=submit]").click();
    assert.equal(await page.inputValue("#kind"), "incident", "what was asked stands there");
    await shot("words");
    const show = page.locator("main a[href*='texts=yes']");
    assert.ok((await page.locator(".items .item").count()) > 0, "something holds the words");
    await show.click();
    assert.ok((await page.locator(".excerpt").count()) > 0, "asked for, sentences are shown");
    await shot("sentences");

    await page.fill("#q", "水");
    await page.locator("main form.search button[type=submit]").click();
    assert.equal(await page.locator(".error-summary li").count(), 1);
    assert.equal(await page.locator("#results").count(), 0);
    await page.fill("#q", "どこにもないはずの語句");
    await page.locator("main form.search button[type=submit]").click();
    assert.equal(await page.locator(".empty").count(), 1);
    await shot("empty");
  });
}

test("Ctrl+K goes to the search from anywhere, and axe finds nothing", async (t) => {
  const { page } = await signIn(t, "center_analyst");
  await page.goto("/triage");
  await page.keyboard.press("Control+k");
  await page.waitForURL("**/search");
  await page.keyboard.press("Control+k");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  await page.keyboard.type("通信");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/search?*");
  await axe(page);
});

test("who reads nothing finds no search", async (t) => {
  const { page, expectStatus } = await signIn(t, "auditor");
  expectStatus(404);
  const answer = await page.goto("/search?q=通信");
  assert.equal(answer.status(), 404);
});
