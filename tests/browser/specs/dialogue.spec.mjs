// The dialogue with a source: by name on its report's page, without a name in its mailbox.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

/** Tells a near miss; its pseudonym, and its mailbox code when it names nobody. */
async function tell(page, scope) {
  await page.goto("/near-miss");
  await page.locator("input[name=kind][value=open-hole]").check();
  await page.locator("input[name=when][value=yesterday]").check();
  await page.locator("input[name=place][value=ot]").check();
  await page.locator("input[name=reason][value=person-noticed]").check();
  await page.locator(`input[name=scope][value=${scope}]`).check();
  await page.locator("main form .buttons button[type=submit]").click();
  const name = (await page.locator("main").innerText()).match(/S-[0-9A-Z]{6}/)[0];
  const code = page.locator(".slip-code");
  return { name, code: (await code.count()) > 0 ? await code.innerText() : null };
}

/** Opens the report called `name` from the desk's list. */
async function open(page, name) {
  await page.goto("/intake");
  await page.locator(".item-title a", { hasText: name }).click();
  assert.match(new URL(page.url()).pathname, /^\/reports\//);
}

async function send(page, words) {
  await page.fill(".dialogue-section textarea", words);
  await page.locator(".dialogue-section .buttons button").click();
}

const said = (page) => page.locator(".dialogue .lines").allInnerTexts();

for (const [locale, width] of [["ja", 1280], ["en", 390]]) {
  test(`a source answers in its mailbox without scripts, ${locale} ${width}`, async (t) => {
    const source = await signIn(t, "operator_duty", { locale, width, js: false });
    const desk = await signIn(t, "ceptoar_analyst", { locale, width, js: false });
    source.expectStatus(422);
    const { name, code } = await tell(source.page, "unnamed");
    await open(desk.page, name);
    await send(desk.page, "保守口はいつから開いていましたか。");
    assert.deepEqual(await said(desk.page), ["保守口はいつから開いていましたか。"]);

    await source.page.goto("/mailbox");
    await source.page.fill("#code", code);
    await source.page.locator("main form .buttons button").click();
    assert.equal(new URL(source.page.url()).pathname, "/mailbox", "no code in an address");
    assert.deepEqual(await said(source.page), ["保守口はいつから開いていましたか。"]);
    await send(source.page, " ");
    assert.equal(await source.page.locator(".error-summary li").count(), 1);
    await send(source.page, "先週の点検のあとからです。\nいまは閉じています。");
    assert.equal(await source.page.locator(".dialogue .item.ours").count(), 1);
    await assertNoOverflow(source.page);
    await screenshot(source.page, `dialogue-mailbox-${locale}-${width}`);

    await desk.page.reload();
    const answer = desk.page.locator(".dialogue .item.theirs");
    assert.match(await answer.innerText(), /いまは閉じています/);
    const times = await answer.locator("time").evaluateAll((all) => all.map((at) => at.dateTime));
    assert.ok(times.length > 0 && times.every((at) => /^\d{4}-\d{2}-\d{2}$/.test(at)), `${times}`);
    await assertNoOverflow(desk.page);
    await screenshot(desk.page, `dialogue-desk-${locale}-${width}`);
  });
}

test("a named source is asked on its report's page", async (t) => {
  const source = await signIn(t, "operator_duty");
  const desk = await signIn(t, "ceptoar_officer");
  const { name } = await tell(source.page, "named");
  await open(desk.page, name);
  await desk.page.locator("input[name=due][value='3']").check();
  await send(desk.page, "機器の型番を教えてください。");
  await source.page.goto("/sent");
  await source.page.locator(".item-title a", { hasText: name }).click();
  await axe(source.page);
  await send(source.page, "調べてから、あらためて書きます。");
  assert.equal((await said(source.page)).length, 2);
  await desk.page.reload();
  await axe(desk.page);
  assert.equal(await desk.page.locator(".dialogue .item.theirs").count(), 1);
  const rival = await signIn(t, "rival_duty");
  rival.expectStatus(404);
  const answer = await rival.page.goto(source.page.url().split("#")[0]);
  assert.equal(answer.status(), 404);
});

test("pages of a mailbox fit and are clean", async (t) => {
  for (const [locale, width] of [["ja", 1280], ["ja", 390], ["en", 320]]) {
    const { page } = await signIn(t, "operator_duty", { locale, width });
    const { code } = await tell(page, "unnamed");
    await page.goto("/mailbox/update");
    assert.equal(new URL(page.url()).pathname, "/mailbox", "closed before its code is typed");
    await page.fill("#code", code);
    await page.locator("main form .buttons button").click();
    for (const path of ["/mailbox", "/mailbox/history", "/mailbox/update"]) {
      await page.goto(path);
      await assertNoOverflow(page);
      if (width === 1280) await axe(page);
      await screenshot(page, `source${path.replaceAll("/", "-")}-${locale}-${width}`);
    }
    assert.equal(await page.locator("#contact-phone").count(), 0, "nothing that names the source");
    await page.goto("/mailbox");
    await page.locator("form[action='/mailbox/close'] button").click();
    assert.equal(await page.locator("#code").count(), 1);
  }
});

test("an unnamed near miss becomes an incident with a code of its own", async (t) => {
  const { page } = await signIn(t, "operator_duty", { js: false });
  const { code } = await tell(page, "unnamed");
  await page.goto("/mailbox");
  await page.fill("#code", code);
  await page.locator("main form .buttons button").click();
  await page.locator("form[action='/mailbox/promote'] button").click();
  assert.match(new URL(page.url()).pathname, /^\/drafts\/.+\/code$/);
  assert.notEqual((await page.locator(".slip").innerText()).match(/\d{4} \d{4} \d{4} \d{4}/)[0], code);
});
