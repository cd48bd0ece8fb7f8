// What the relay carries between those above and a source: the text that would leave, for the author
// to look at; a question down and its answer up, each in the relay's own words.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";
import { approveRelease, beginCheck, openReport, tellNearMiss } from "../steps.mjs";

const WORDS = {
  ja: {
    outgoing: "遠隔から保守する入口が閉じられていなかった",
    question: "入口はいつから開いていましたか。",
    passed: "入口が開いていた期間を教えてください。",
    answer: "9月の点検からです。担当は山本です。",
    relayed: "2か月ほど前の点検からとのことです。",
  },
  en: {
    outgoing: "A way in for remote upkeep had not been closed",
    question: "Since when was the way in open?",
    passed: "Please say for how long the way in was open.",
    answer: "Since the check in September. Yamamoto was in charge.",
    relayed: "For about two months, since a routine check.",
  },
};

const path = (page) => new URL(page.url()).pathname;
const press = (page, selector) => page.locator(selector).first().click();
const text = (page) => page.locator("main").innerText();

/** Looks at the page that stands open as everybody may come to it. */
async function look(page, name) {
  await screenshot(page, name);
  await axe(page);
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await assertNoOverflow(page);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** Writes what would leave of the report on the page; returns the path of its check. */
async function rewrite(desk, outgoing) {
  const review = await beginCheck(desk);
  await desk.locator("[name=summary-crossing][value=cross]").check();
  await desk.locator("[name=summary-headline]").fill(outgoing);
  for (const part of ["attack", "damage"]) {
    await desk.locator(`[name=${part}-crossing][value=cross]`).check();
  }
  await press(desk, "button[name=then]");
  return review;
}

for (const locale of ["ja", "en"]) {
  const words = WORDS[locale];
  const desk = (t, role) => signIn(t, role, { locale }).then(({ page }) => page);

  test(`an author looks at what would leave and agrees, ${locale}`, async (t) => {
    const source = await desk(t, "operator_duty");
    const relay = await desk(t, "ceptoar_analyst");
    const { name } = await tellNearMiss(source, "named");
    await openReport(relay, "/intake", name);
    const review = await rewrite(relay, words.outgoing);
    await relay.goto(review);
    await press(relay, "form[action$='/author'] input[name=hours]");
    await press(relay, "form[action$='/author'] button");
    assert.equal(path(relay), review);

    await source.goto("/sent");
    await source.locator(".item-title a", { hasText: name }).first().click();
    await press(source, "main a[href$='/outgoing']");
    assert.ok((await text(source)).includes(words.outgoing));
    await look(source, `author-asked-${locale}`);
    await press(source, "button[name=answer][value=approved]");
    await look(source, `author-answered-${locale}`);
    assert.equal(await source.locator("a[href$='/outgoing']").count(), 0, "asked once");
    assert.equal(await source.locator("main .message.done").count(), 1, "told that it was taken");

    await relay.goto(review);
    await look(relay, `author-agreed-${locale}`);
  });

  test(`a question goes down and its answer up in the relay's words, ${locale}`, async (t) => {
    const source = await desk(t, "operator_duty");
    const relay = await desk(t, "ceptoar_analyst");
    const [officer, second] = [await desk(t, "ceptoar_officer"), await desk(t, "ceptoar_second_officer")];
    const above = await desk(t, "ministry_officer");
    const { name } = await tellNearMiss(source, "named");
    const report = await openReport(relay, "/intake", name);
    await approveRelease([officer, second], await rewrite(relay, words.outgoing));

    await above.goto(report);
    await above.fill(".dialogue-section textarea", words.question);
    await press(above, ".dialogue-section .buttons button");
    await source.goto("/sent");
    await source.locator(".item-title a", { hasText: name }).first().click();
    const sent = path(source);
    assert.ok(!(await text(source)).includes(words.question), "not before the relay passed it on");

    await relay.goto(report);
    await press(relay, ".dialogue a[href^='/messages/']");
    await look(relay, `question-down-${locale}`);
    await relay.fill("[name=text]", words.passed);
    await press(relay, "main form .buttons button");
    await source.goto(sent);
    assert.ok((await text(source)).includes(words.passed));
    await source.fill(".dialogue-section textarea", words.answer);
    await press(source, ".dialogue-section .buttons button");

    await relay.goto(report);
    await relay.locator(".dialogue .item", { hasText: words.answer }).locator("a").click();
    const message = path(relay);
    await relay.fill("[name=text]", words.relayed);
    await press(relay, "main form .buttons button");
    await look(relay, `answer-up-${locale}`);
    assert.equal(await relay.locator("form[action$='/pass']").count(), 0, "not by who wrote it");
    await officer.goto(message);
    await press(officer, "form[action$='/pass'] button");
    await above.goto(report);
    const seen = await text(above);
    assert.ok(seen.includes(words.relayed) && !seen.includes(words.answer), seen);
    await look(above, `answer-above-${locale}`);
  });
}
