// The duty page: is there anything I must do now? Two presses from the page to an answer.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";
import { issuedTo } from "../steps.mjs";

const WORDS = {
  ja: {
    came: /受信 \d+\/\d+ \d\d:\d\d/,
    day: /届いたもの\d+件、引き受け・回答したもの\d+件/,
    due: "期限",
    accept: "引き受ける",
    accepted: "回答を記録しました",
    answered: /引き受け済み/,
  },
  en: {
    came: /Came .*\d\d:\d\d/,
    day: /Came: \d+\. Taken on or answered: \d+\./,
    due: "Act by",
    accept: "Accept",
    accepted: "Your answer has been recorded",
    answered: /Accepted/,
  },
};

for (const locale of ["ja", "en"]) {
  const words = WORDS[locale];

  test(`two presses take an advisory on, without scripts in ${locale}`, async (t) => {
    // Another tier for each language: an advisory is taken on once.
    const role = locale === "ja" ? "operator_ot" : "operator_system";
    const { page } = await signIn(t, role, { locale, width: 390, js: false });
    // The names of organizations are in the language of the page.
    const path = await issuedTo(page, (desk) => signIn(t, desk, { locale, js: false }));
    await page.goto("/duty");
    assert.match(await page.locator(".last-day").innerText(), words.day);
    const line = page.locator("main .item", { has: page.locator(`a[href^="${path}"]`) }).first();
    const first = await line.innerText();
    assert.match(first, words.came);
    assert.ok(first.includes(words.due), first);
    await line.locator("a").click();
    const accept = page.getByRole("button", { name: words.accept, exact: true });
    await accept.first().click();
    const said = await page.locator(".message[role=status]").innerText();
    assert.ok(said.includes(words.accepted), said);
    assert.match(await page.locator(".task").first().innerText(), words.answered);
  });

  test(`the duty page is clean and fits in ${locale}`, async (t) => {
    for (const [width, colorScheme] of [[1280, "light"], [390, "dark"], [320, "light"]]) {
      const { page } = await signIn(t, "operator_duty", { locale, width, colorScheme });
      await page.goto("/duty");
      await axe(page);
      await assertNoOverflow(page);
      await screenshot(page, `duty-${locale}-${width}`);
    }
  });
}
