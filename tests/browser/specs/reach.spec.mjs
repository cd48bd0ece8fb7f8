// Reach and feedback: an alert goes out, somebody acts and says what it was worth, the issuer sees
// who has not acted, reminds them, lists their phones and takes the list away.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";
import { issuedTo } from "../steps.mjs";

/** The issuer's newest advisory that is in force and has a reach. */
async function newestReach(page) {
  await page.goto("/advisories/issued");
  const link = page.locator('.items a[href$="/reach"]').first();
  return link.getAttribute("href");
}

/** The number at the end of a row of the table with `caption`, by the row's heading. */
async function row(page, caption, heading) {
  const table = page.locator("table", { has: page.locator("caption", { hasText: caption }) }).last();
  const cells = table.locator("tr", { has: page.getByRole("rowheader", { name: heading, exact: true }) });
  const texts = await cells.first().locator("td").allInnerTexts();
  return texts.map((text) => Number(text.replaceAll(",", "")));
}

const WORDS = {
  ja: {
    table: "段階・階層ごとの件数",
    all: "全体",
    hops: ["省庁・関係機関", "セプター・ISAC", "事業者"],
    remind: /再通知する$/,
    nudged: /[1-9]\d*件に再通知しました/,
    phones: "電話リスト",
    file: "Excelで保存",
    accept: "引き受ける",
    useful: "役に立った",
    inTime: "間に合った",
    notFound: "見つからなかった",
    send: "送る",
    thanks: "回答をありがとうございます",
    missing: "1つ選んでください",
    worth: "役に立ったか",
  },
  en: {
    table: "Figures by hop and tier",
    all: "All",
    hops: ["Ministries and other bodies", "CEPTOARs and ISACs", "Operators"],
    remind: /^Remind all/,
    nudged: /[1-9]\d* addressees were reminded|One addressee was reminded/,
    phones: "Phone list",
    file: "Save as Excel",
    accept: "Accept",
    useful: "Useful",
    inTime: "In time",
    notFound: "No, nothing was found",
    send: "Send",
    thanks: "Thank you.",
    missing: "Choose one",
    worth: "Was it useful?",
  },
};

for (const locale of ["ja", "en"]) {
  const words = WORDS[locale];

  test(`who has not acted is seen, reminded and listed without scripts in ${locale}`, async (t) => {
    const { page } = await signIn(t, "center_officer", { locale, js: false });
    const { page: reader } = await signIn(t, "operator_duty", { locale, js: false });
    const path = `${await issuedTo(reader, (desk) => signIn(t, desk, { locale, js: false }))}/reach`;
    await page.goto(path);
    // The bar, the hops and the tiers tell the same sums.
    const whole = await row(page, words.table, words.all);
    const total = whole.at(-1);
    assert.equal(whole.slice(0, -1).reduce((sum, count) => sum + count, 0), total);
    let hops = 0;
    for (const hop of words.hops) {
      hops += (await row(page, words.table, hop)).at(-1) ?? 0;
    }
    assert.equal(hops, total);
    const legend = await page.locator(".legend b").allInnerTexts();
    assert.equal(legend.reduce((sum, text) => sum + Number(text.replaceAll(",", "")), 0), total);

    // Nobody is reminded twice in two hours.
    const remind = page.getByRole("button", { name: words.remind });
    await remind.first().click();
    assert.match(await page.locator(".message[role=status]").innerText(), words.nudged);
    assert.equal(await remind.count(), 0);
    await page.getByRole("link", { name: words.phones }).click();
    assert.ok((await page.locator(".phones tbody tr").count()) > 0);
    assert.ok((await page.locator(".phones a[href^='tel:']").count()) > 0);
    await page.goto(path);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: words.file }).click(),
    ]);
    const bytes = await readFile(await download.path());
    assert.equal(bytes.subarray(0, 2).toString(), "PK");
    assert.match(download.suggestedFilename(), /-reach\.xlsx$/);
    await page.getByRole("link", { name: words.worth }).click();
    assert.equal(await page.locator("main table").count(), 3);
  });

  test(`who acted is asked what it was worth, without scripts in ${locale}`, async (t) => {
    const role = locale === "ja" ? "operator_duty" : "operator_ciso";
    const { page, expectStatus } = await signIn(t, role, { locale, js: false });
    expectStatus(422);
    const advisory = await issuedTo(page, (desk) => signIn(t, desk, { locale, js: false }));
    await page.goto(advisory);
    await page.getByRole("button", { name: words.accept, exact: true }).first().click();
    const form = page.locator("form.feedback");
    await form.getByLabel(words.useful, { exact: true }).check();
    await form.getByLabel(words.inTime, { exact: true }).check();
    await form.getByLabel(words.notFound, { exact: true }).check();
    await form.getByRole("button", { name: words.send, exact: true }).click();
    assert.match(await page.locator(".message[role=status]").innerText(), new RegExp(words.thanks));
    assert.equal(new URL(page.url()).pathname, advisory);
    assert.ok(await form.getByLabel(words.useful, { exact: true }).isChecked());
  });

  test(`the pages of reach are clean and fit in ${locale}`, async (t) => {
    for (const [width, colorScheme] of [[1280, "dark"], [390, "light"], [320, "light"]]) {
      const { page } = await signIn(t, "center_officer", { locale, width, colorScheme });
      const path = await newestReach(page);
      for (const name of ["reach", "phones", "effect"]) {
        await page.goto(path.replace(/reach$/, name));
        await axe(page);
        await assertNoOverflow(page);
        await screenshot(page, `${name}-${locale}-${width}`);
      }
    }
  });
}

test("an operator and a relay that was not told find no reach", async (t) => {
  const center = await signIn(t, "center_officer");
  const path = await newestReach(center.page);
  const operator = await signIn(t, "operator_duty");
  operator.expectStatus(404);
  for (const name of ["reach", "phones", "reach.xlsx", "effect"]) {
    const answer = await operator.page.request.get(path.replace(/reach$/, name));
    assert.equal(answer.status(), 404, name);
  }
});
