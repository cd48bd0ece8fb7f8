// C&C candidates: a carrier sends what it found, desks read it, judge it and begin an advisory.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

/// A line as a carrier's program writes it; each test takes a server of its own.
function line(host, port) {
  const hour = (back) => new Date(Math.floor(Date.now() / 3_600_000 - back) * 3_600_000).toISOString().replace(".000", "");
  const hours = Array.from({ length: 24 }, (_, at) => (at % 3 === 0 ? null : 20));
  const evidence = [
    { code: "automation", value: 61, weight: 14.3 },
    { code: "odd-port", value: port, weight: 8.9 },
    { code: "cloud", value: 2, weight: -6 },
  ];
  return JSON.stringify({
    server: `203.0.113.${host}`, port, protocol: 6, score: 17.2, tier: "review", clients: 50,
    first: hour(30), last: hour(2), hours, evidence,
  });
}

const WORDS = {
  ja: { clock: "約61秒ごとに通信が繰り返されている", two: "通信事業者2社が検知", wrong: "2行目", judged: "判断を記しました" },
  en: { clock: "It is called again about every 61 s", two: "Found by 2 carriers", wrong: "Line 2", judged: "Your judgment was saved" },
};

for (const [locale, width, host] of [["ja", 1280, 11], ["en", 390, 12], ["ja", 320, 13]]) {
  test(`two carriers send a server, a desk judges it, ${locale} ${width}`, async (t) => {
    const words = WORDS[locale];
    const port = 40_000 + width;
    const options = { locale, width, js: false };
    const shot = async (page, name) => {
      await assertNoOverflow(page);
      await screenshot(page, `finding-${name}-${locale}-${width}`);
    };
    for (const role of ["carrier_analyst", "second_carrier_analyst"]) {
      const { page, expectStatus } = await signIn(t, role, options);
      expectStatus(422);
      await page.goto("/findings/new");
      await page.fill("#text", `${line(host, port)}\n{"server":"192.168.1.4"}`);
      await page.locator("main form button[type=submit]").click();
      assert.equal(await page.locator(".message li").count(), 1, "one line is wrong, and it is named");
      assert.match(await page.locator(".message").innerText(), new RegExp(words.wrong));
      await shot(page, "wrong");
      await page.fill("#text", line(host, port));
      await page.locator("main form button[type=submit]").click();
      assert.equal(await page.locator("tbody tr").count(), 1);
      await shot(page, "check");
      await page.locator("main form button[type=submit]").click();
      assert.equal(new URL(page.url()).pathname, "/findings");
    }
    const { page, expectStatus } = await signIn(t, "center_analyst", options);
    expectStatus(422);
    await page.goto("/findings");
    await shot(page, "list");
    await page.locator(".item-title a", { hasText: `203.0.113.${host} TCP/${port}` }).click();
    const text = await page.locator("main").innerText();
    assert.ok(text.includes(words.clock) && text.includes(words.two), text);
    const path = new URL(page.url()).pathname;
    await page.locator(`form[action='${path}/judge']`).locator("xpath=ancestor::details").locator("summary").first().click();
    await page.locator(`form[action='${path}/judge'] button[type=submit]`).click();
    assert.equal(await page.locator(".error-summary li").count(), 2, "what it is and why are missing");
    await page.locator("input[name=judgment][value=malicious]").check();
    await page.fill("#reason", "sample");
    await page.locator(`form[action='${path}/judge'] button[type=submit]`).click();
    assert.match(await page.locator("body").innerText(), new RegExp(words.judged));
    await shot(page, "candidate");
  });
}

for (const [locale, width] of [["ja", 1280], ["en", 390]]) {
  test(`a candidate becomes an advisory and a letter to users, ${locale} ${width}`, async (t) => {
    const options = { locale, width, js: false };
    const { page, expectStatus } = await signIn(t, "center_analyst", options);
    expectStatus(422);
    await page.goto("/findings");
    await page.locator(".item-title a", { hasText: "203.0.113.77" }).click();
    const candidate = new URL(page.url()).pathname;
    // Two lists name the server: one its port, another, which is old, another port.
    const lists = page.locator("[aria-labelledby=outside] li");
    assert.equal(await lists.count(), 2);
    assert.equal(await lists.nth(0).locator(".chip").count(), 0);
    assert.equal(await lists.nth(1).locator(".chip").count(), 1, "a list of long ago is said to be old");
    await assertNoOverflow(page);
    await screenshot(page, `finding-outside-${locale}-${width}`);
    await page.locator("a.button.primary").click();
    assert.match(await page.inputValue("#title"), /203\.0\.113\.77/);
    for (const tier of ["system-staff", "ciso", "executive"]) {
      assert.notEqual(await page.inputValue(`#action-${tier}`), "", tier);
      assert.notEqual(await page.inputValue(`#due-${tier}`), "", tier);
    }
    await screenshot(page, `finding-advise-${locale}-${width}`);
    await page.locator("button[name=then][value=check]").click();
    assert.match(new URL(page.url()).pathname, /^\/advisories\/adv_.*\/check$/);
    await assertNoOverflow(page);
    await screenshot(page, `finding-advisory-${locale}-${width}`);

    const carrier = await signIn(t, "carrier_analyst", options);
    carrier.expectStatus(422);
    await carrier.page.goto(`${candidate}/users`);
    await carrier.page.fill("#concerned", "40");
    await carrier.page.fill("#told", "41");
    await carrier.page.fill("#cured", "20");
    await carrier.page.fill("#uncured", "9");
    await carrier.page.locator("main form button[type=submit]").click();
    assert.equal(await carrier.page.locator(".error-summary li").count(), 1, "more told than concerned");
    await carrier.page.fill("#told", "36");
    await carrier.page.locator("main form button[type=submit]").click();
    assert.equal(await carrier.page.locator(".answers dd").nth(4).innerText(), "7");
    await assertNoOverflow(carrier.page);
    await screenshot(carrier.page, `finding-users-${locale}-${width}`);
  });
}

test("others find nothing, and axe finds nothing wrong", async (t) => {
  const { page } = await signIn(t, "center_analyst");
  await page.goto("/findings");
  await axe(page);
  const first = page.locator(".item-title a").first();
  const path = await first.getAttribute("href");
  await first.click();
  await axe(page);
  const carrier = await signIn(t, "carrier_analyst");
  await carrier.page.goto(`${path}/users`);
  await axe(carrier.page);
  const verdicts = await carrier.page.request.get("/findings/verdicts");
  assert.ok(JSON.parse((await verdicts.text()).split("\n")[0]).verdict, "one JSON object a line");
  await carrier.page.goto("/findings/new");
  await axe(carrier.page);
  await carrier.page.fill("#text", line(14, 4_444));
  await carrier.page.locator("main form button[type=submit]").click();
  await axe(carrier.page);
  const stranger = await signIn(t, "operator_duty");
  stranger.expectStatus(404);
  for (const hidden of ["/findings", "/findings/new", "/findings/verdicts", path, `${path}/users`]) {
    const answer = await stranger.page.goto(hidden);
    assert.equal(answer.status(), 404, hidden);
  }
});
