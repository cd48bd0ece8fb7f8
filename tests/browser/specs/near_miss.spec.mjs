// Telling a near miss in a minute: sent once, kept by a code, seen by nobody it was not meant for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { assertNoOverflow, at, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

const ROLE = "operator_duty";
const TAPS_MAX = 8;
const WIRE_BYTES_MAX = 60 * 1024;
const HTML_BYTES_MAX = 20 * 1024;

/** Counts the presses of somebody who tells a near miss with every choice made. */
async function tell(page, scope) {
  let taps = 0;
  const press = async (selector) => {
    taps += 1;
    await page.locator(selector).first().click();
  };
  await page.goto("/near-miss");
  await press("input[name=kind][value=open-hole]");
  await press("input[name=when][value=yesterday]");
  await press("input[name=place][value=ot]");
  await press("input[name=reason][value=person-noticed]");
  await press(`input[name=scope][value=${scope}]`);
  await press("main form .buttons button[type=submit]");
  return taps;
}

for (const locale of ["ja", "en"]) {
  test(`a near miss is told without scripts and found again by its code, ${locale}`, async (t) => {
    const { page } = await signIn(t, ROLE, { locale, js: false, fresh: true });
    const taps = await tell(page, "unnamed");
    assert.ok(taps <= TAPS_MAX, `${taps} taps`);
    assert.equal(new URL(page.url()).pathname, "/near-miss/receipt");
    const code = await page.locator(".slip-code").innerText();
    assert.match(code, /^\d{4} \d{4} \d{4} \d{4}$/);
    await screenshot(page, `near-miss-receipt-${locale}`);
    await page.reload();
    assert.equal(await page.locator(".slip-code").count(), 0, "a code is shown once");
    await page.goto("/mailbox");
    await page.fill("#code", code);
    await page.locator("main form .buttons button").click();
    assert.equal(await page.locator(".item").count(), 1, "nothing of today but the acceptance");
    await screenshot(page, `mailbox-${locale}`);
  });

  test(`the pages of a quick report are clean and fit, ${locale}`, async (t) => {
    for (const width of [1280, 390, 320]) {
      const { page } = await signIn(t, ROLE, { locale, width });
      for (const path of ["/near-miss", "/near-miss/is-this-one", "/count", "/sent", "/mailbox"]) {
        await page.goto(path);
        await assertNoOverflow(page);
        if (width === 1280) await axe(page);
        await screenshot(page, `quick${path.replaceAll("/", "-")}-${locale}-${width}`);
      }
    }
  });
}

test("the two questions lead somewhere without scripts", async (t) => {
  const { page } = await signIn(t, ROLE, { js: false });
  await page.goto("/near-miss/is-this-one");
  await page.locator("input[name=harm][value=no]").check();
  await page.locator("input[name=danger][value=yes]").check();
  await page.locator("main form button").click();
  await page.locator(".message a.button").click();
  assert.equal(new URL(page.url()).pathname, "/near-miss");
});

test("zero is one press, and counting again replaces", async (t) => {
  const { page } = await signIn(t, ROLE, { js: false });
  await page.goto("/count");
  await page.locator("button[name=nil]").click();
  assert.match(await page.locator(".message.done").innerText(), /0/);
  await page.locator("button[value='slip:+1']").click();
  assert.equal(await page.locator("#slip").inputValue(), "1");
  await page.locator(".stepper ~ .buttons button").click();
  assert.match(await page.locator(".message.done").innerText(), /1/);
});

test("a wrong date keeps what was typed and says what to do", async (t) => {
  const { page, expectStatus } = await signIn(t, ROLE, { js: false });
  expectStatus(422);
  await page.goto("/near-miss");
  await page.locator("input[name=kind][value=slip]").check();
  await page.locator("input[name=when][value=date]").check();
  await page.fill("#when_text", "先週");
  await page.locator("main form .buttons button").click();
  assert.equal(await page.locator("#when_text").inputValue(), "先週");
  assert.ok(await page.locator("input[name=kind][value=slip]").isChecked());
  await page.fill("#when_text", "令和8年11月1日 ３時半");
  await page.locator("main form .buttons button").click();
  assert.equal(new URL(page.url()).pathname, "/near-miss/receipt");
});

test("a named near miss becomes the draft of an incident in one press", async (t) => {
  const { page } = await signIn(t, ROLE, { js: false });
  await tell(page, "named");
  await page.goto("/sent");
  await page.locator(".item-title a").first().click();
  await page.locator("form[action$='/promote'] button").click();
  assert.match(new URL(page.url()).pathname, /^\/drafts\/drf_[0-9a-z]+\/check$/);
});

test("the near-miss page is light on the wire", async (t) => {
  const { page, context } = await signIn(t, ROLE);
  await page.goto("/near-miss");
  const html = gzipSync(await page.content()).length;
  assert.ok(html <= HTML_BYTES_MAX, `HTML ${html}`);
  const paths = await page.evaluate(() =>
    [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((e) => e.href || e.src),
  );
  let total = html;
  for (const path of paths) {
    const answer = await context.request.get(at(new URL(path).pathname));
    total += gzipSync(await answer.body()).length;
  }
  assert.ok(total <= WIRE_BYTES_MAX, `${total} bytes`);
});
