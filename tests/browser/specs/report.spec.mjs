// The first report: nine questions without a script, two machines, two windows.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

const next = (page) => page.locator("main button[value=next]").click();

/** Answers what has to be answered and goes on to the check. */
async function answer(page, shot = async () => {}) {
  await page.locator("input[value=malware-infection]").check();
  await page.fill("#headline", "監視端末12台が暗号化された");
  await next(page);
  await page.fill("#detected-at", "２０２６／１１／２１ ３時");
  await shot("when");
  await next(page);
  await page.fill("#systems", "監視端末12台");
  await next(page);
  for (const question of ["services", "effect", "attack", "response"]) {
    assert.ok(page.url().endsWith(`/${question}`), page.url());
    await next(page);
  }
  await page.locator("#contact-unknown").check();
  await next(page);
  await page.locator("input[name=consent][value=undecided]").check();
  await shot("terms");
  await next(page);
}

for (const [locale, width] of [["ja", 1280], ["en", 390], ["ja", 320]]) {
  test(`nine questions lead to a receipt without scripts, ${locale} ${width}`, async (t) => {
    const { page } = await signIn(t, "operator_duty", { locale, width, js: false });
    const shot = async (name) => {
      await assertNoOverflow(page);
      await screenshot(page, `report-${name}-${locale}-${width}`);
    };
    await page.goto("/reports/new");
    await shot("start");
    await page.locator("button[value=name]").click();
    await next(page);
    assert.equal(await page.locator(".error-summary li").count(), 2, "both faults at once");
    await shot("what");
    await answer(page, shot);
    assert.ok(page.url().endsWith("/check"), page.url());
    assert.equal(await page.locator("section[aria-labelledby^=part-]").count(), 4);
    await shot("check");
    await page.locator("main .buttons button.primary").click();
    assert.ok(page.url().endsWith("/reports/receipt"), page.url());
    assert.match(await page.locator("main").innerText(), /S-[0-9A-Z]{6}/);
    await shot("receipt");
  });
}

test("sixteen digits go on at another machine", async (t) => {
  const first = await signIn(t, "operator_duty", { fresh: true, js: false });
  await first.page.goto("/reports/new");
  await first.page.locator("button[value=code]").click();
  const code = await first.page.locator(".slip").innerText();
  assert.match(code, /^(\d{4} ){3}\d{4}$/);
  await first.page.locator("main a.button.primary").click();
  await first.page.fill("#headline", "夜間に停止");
  await first.page.locator("main button[value=later]").click();

  const other = await signIn(t, "operator_ciso", { fresh: true, js: false });
  await other.page.goto("/drafts/resume");
  await other.page.fill("#code", code.replaceAll(" ", "-"));
  await other.page.locator("main form button[type=submit]").click();
  assert.equal(await other.page.inputValue("#headline"), "夜間に停止");
});

test("what another window wrote is told before it is overwritten", async (t) => {
  const { page, context, expectStatus } = await signIn(t, "operator_duty", { js: false });
  await page.goto("/reports/new");
  await page.locator("button[value=name]").click();
  const other = await context.newPage();
  await other.goto(page.url());
  await page.fill("#headline", "こちらの文");
  await page.locator("main button[value=later]").click();
  expectStatus(409);
  await other.fill("#headline", "あちらの文");
  await other.locator("input[value=leak]").check();
  await next(other);
  assert.equal(await other.inputValue("#headline"), "あちらの文", "what was typed is kept");
  assert.match(await other.locator(".message.warning").innerText(), /こちらの文/);
  await next(other);
  assert.ok(other.url().endsWith("/when"), "the second press wins");
});

test("start and a question are clean", async (t) => {
  const { page } = await signIn(t, "operator_duty");
  await page.goto("/reports/new");
  await axe(page);
  await page.locator("button[value=name]").click();
  await axe(page);
});
