// What a source does with its report afterwards: update it, meet somebody else's update, take it
// back.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

const path = (page) => new URL(page.url()).pathname;
const press = (page, value) => page.locator(`main button[name=then][value=${value}]`).click();
const look = (page) => page.locator("main form .buttons button").click();

/** Sends a named near miss and opens its history; the address of its pages. */
async function sent(page) {
  await page.goto("/near-miss");
  await page.locator("input[name=kind][value=slip]").check();
  await page.locator("input[name=when][value=yesterday]").check();
  await page.locator("input[name=place][value=it]").check();
  await page.locator("input[name=reason][value=person-noticed]").check();
  await page.locator("input[name=scope][value=named]").check();
  await page.locator("main form .buttons button[type=submit]").click();
  const name = (await page.locator("main").innerText()).match(/S-[0-9A-Z]{6}/)[0];
  await page.goto("/sent");
  await page.locator(".item-title a", { hasText: name }).click();
  return path(page);
}

for (const [locale, width] of [["ja", 1280], ["en", 390], ["ja", 320]]) {
  test(`an update is looked at before it is sent, ${locale} ${width}`, async (t) => {
    const { page, expectStatus } = await signIn(t, "operator_duty", { locale, width, js: false });
    expectStatus(422);
    const shot = async (name) => {
      await assertNoOverflow(page);
      await screenshot(page, `update-${name}-${locale}-${width}`);
    };
    const own = await sent(page);
    await page.goto(`${own}/update`);
    await shot("write");
    await page.fill("#headline", "誤送信した宛先は社内だけだった");
    await look(page);
    assert.match(await page.locator("main table ins").innerText(), /社内だけ/);
    await shot("check");
    await press(page, "edit");
    assert.equal(await page.locator("#headline").inputValue(), "誤送信した宛先は社内だけだった");
    await look(page);
    await press(page, "send");
    assert.equal(path(page), `${own}/history`);
    await shot("history");
    await page.goto(`${own}/update`);
    await look(page);
    assert.equal(await page.locator(".error-summary li").count(), 1, "nothing is different");
    await page.goto(`${own}/history`);
    await page.locator("details.fold summary").last().click();
    await page.locator("input[name=reason][value=duplicate]").check();
    await shot("withdraw");
    await page.locator("main form button.danger").click();
    assert.equal(await page.locator(".message.warning").count(), 1);
    assert.equal(await page.locator("main form").count(), 0, "nothing follows a withdrawal");
    await shot("withdrawn");
  });
}

test("two people who change the same field choose, and lose nothing", async (t) => {
  const { page, context, expectStatus } = await signIn(t, "operator_duty", { js: false });
  expectStatus(409);
  const own = await sent(page);
  await page.goto(`${own}/update`);
  const other = await context.newPage();
  await other.goto(`${own}/update`);
  await other.fill("#headline", "先に送られた文");
  await look(other);
  await press(other, "send");
  await page.fill("#headline", "あとから書いた文");
  await page.locator("details.fold:has(#response) summary").click();
  await page.fill("#response", "宛先に削除を頼んだ");
  await look(page);
  assert.equal(await page.locator("input[name=choose-headline]").count(), 2);
  assert.match(await page.locator("main form").innerText(), /先に送られた文[^]*あとから書いた文/);
  await screenshot(page, "update-clash-ja-1280");
  await look(page);
  assert.equal(await page.locator(".error-summary li").count(), 1, "one has to be chosen");
  await page.locator("input[name=choose-headline][value=theirs]").check();
  await look(page);
  const after = await page.locator("main table ins").allInnerTexts();
  assert.deepEqual(after, ["宛先に削除を頼んだ"], "the other text stays as it is");
  await press(page, "send");
  const history = await page.locator("main").innerText();
  assert.match(history, /先に送られた文/);
  assert.match(history, /宛先に削除を頼んだ/);
});

test("the pages of an update are clean", async (t) => {
  const { page } = await signIn(t, "operator_duty");
  const own = await sent(page);
  for (const below of ["", "/history", "/update"]) {
    await page.goto(`${own}${below}`);
    await axe(page);
  }
  await page.fill("#headline", "見直した見出し");
  await look(page);
  await axe(page);
});
