// An operator's own public networks: written by its officer, refused line by line.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

for (const [locale, width] of [["ja", 1280], ["ja", 390], ["en", 1280], ["en", 390]]) {
  test(`an officer names networks, ${locale} ${width}`, async (t) => {
    const { page, expectStatus } = await signIn(t, "operator_executive", { locale, width });
    expectStatus(422);
    await page.goto("/settings");
    await page.locator("main a[href='/settings/networks']").click();
    await page.fill("#networks", "203.0.113.0/24\n10.0.0.0/8\n");
    await page.locator("main form button[type=submit]").click();
    assert.equal(await page.locator(".error-summary li").count(), 1);
    assert.match(await page.locator(".error-summary").innerText(), /2/, "which line it is");
    assert.match(await page.inputValue("#networks"), /10\.0\.0\.0/, "what was typed is kept");
    await assertNoOverflow(page);
    await screenshot(page, `networks-refused-${locale}-${width}`);
    await page.fill("#networks", "２０３．０．１１３．０／２４");
    await page.locator("main form button[type=submit]").click();
    assert.equal(await page.locator(".message[role=status]").count(), 1);
    assert.equal(await page.locator("ul[aria-labelledby=now] li").innerText(), "203.0.113.0/24");
    await assertNoOverflow(page);
    await axe(page);
    await screenshot(page, `networks-${locale}-${width}`);
  });
}
