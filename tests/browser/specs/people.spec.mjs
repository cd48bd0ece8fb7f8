// People invited from a list: faults told, a dry run, links shown once, nobody invited twice.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

const ROLE = "operator_administrator";

const rowsOf = (...lines) =>
  Buffer.from(["name,mail,language,role,tier", ...lines].join("\r\n"));

async function send(page, buffer) {
  await page.locator("#file").setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer });
  await page.locator("form:has(#file) button[type=submit]").click();
}

for (const [locale, width] of [
  ["ja", 1280],
  ["en", 390],
]) {
  test(`people are invited from a list once, ${locale}`, async (t) => {
    // Whoever signed in long ago is asked again before inviting.
    const { page, expectStatus } = await signIn(t, ROLE, { locale, width, fresh: true });
    expectStatus(422);
    await page.goto("/members/import");
    await assertNoOverflow(page);
    await axe(page);
    await send(page, rowsOf("山﨑 髙,bad,ja,president,ciso"));
    assert.equal(await page.locator(".table").first().locator("tbody tr").count(), 2);
    await assertNoOverflow(page);
    const list = rowsOf(`山﨑 髙 ${locale} ${Date.now()},,ja,duty-officer,ciso`);
    await send(page, list);
    await screenshot(page, `people-check-${locale}-${width}`);
    await page.locator("form[action$='/invite'] button").click();
    assert.match(await page.locator("td code").innerText(), /\/join\//);
    await assertNoOverflow(page);
    await axe(page);
    await page.goto("/members/import");
    await send(page, list);
    assert.equal(await page.locator("form[action$='/invite']").count(), 0, "invited already");
  });
}
