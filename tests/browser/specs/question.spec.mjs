// A question back to the issuer of an advisory: asked, answered to the asker, answered to everybody.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";
import { issueByTwo, organizationOf, writeAdvisory } from "../steps.mjs";

const WORDS = {
  ja: {
    title: "保守用の入口を狙う攻撃（質問の試験）",
    gist: "遠隔保守用の装置に管理者が追加される攻撃が続いている。",
    action: "装置の管理者一覧を確かめる。",
    due: "明日 18:00",
    first: "夜間は保守員が不在です。更新は翌朝の始業後でもよいですか。",
    second: "予備の装置も対象に含まれますか。止めている間も更新が必要か教えてください。",
    alone: "翌朝の始業後でかまいません。",
    wording: "停止中の予備機も更新するのか。",
    everybody: "停止中でも、次に使う前に更新してください。",
    save: "別の承認者の確認に回す",
  },
  en: {
    title: "Attacks on maintenance gateways (question)",
    gist: "Unknown administrators are added to gateways used for remote maintenance.",
    action: "Check the list of administrators.",
    due: "tomorrow 18:00",
    first: "Nobody is here at night. May we apply the update in the morning when the shift begins?",
    second: "Are the spare gateways meant as well? Please tell us whether they need it while switched off.",
    alone: "The morning is early enough.",
    wording: "Does a gateway that is off have to be updated?",
    everybody: "Yes, before it is next used.",
    save: "Save for the second person",
  },
};

const path = (page) => new URL(page.url()).pathname;
const text = (page) => page.locator("main").innerText();

async function narrow(page, name) {
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await assertNoOverflow(page);
    if (width === 390) await screenshot(page, `${name}-390`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** Sends a question from the page of the advisory; without scripts the fold opens as well. */
async function send(page, advisory, question) {
  await page.goto(advisory);
  const form = page.locator("form[action$='/questions']");
  await page.locator("details", { has: form }).locator("> summary").click();
  await form.locator("textarea").fill(question);
  await form.locator("button[type=submit]").click();
}

async function ask(page, advisory, question) {
  await send(page, advisory, question);
  assert.equal(path(page), advisory);
}

/** The page of the first question that waits, at the issuer's. */
async function openFirst(page, advisory) {
  await page.goto(advisory);
  await page.locator("#questions .item", { has: page.locator(".chip.warning") }).first().locator("a").click();
  assert.match(path(page), /^\/questions\/qst_/);
}

for (const locale of ["ja", "en"]) {
  const words = WORDS[locale];

  test(`an addressee asks, and the issuer answers him or everybody, ${locale}`, async (t) => {
    const { page: asker } = await signIn(t, "operator_duty", { locale, js: false });
    const { page: neighbor } = await signIn(t, "ceptoar_officer", { locale, js: false });
    const { page: author } = await signIn(t, "center_analyst", { locale, js: false });
    const { page: desk, expectStatus } = await signIn(t, "center_officer", { locale });
    const names = [await organizationOf(asker), await organizationOf(neighbor)];
    const advisory = await writeAdvisory(author, words, names);
    await issueByTwo(author, desk, advisory);

    await ask(asker, advisory, words.first);
    assert.ok((await text(asker)).includes(words.first), "the asker sees it");
    await neighbor.goto(advisory);
    const before = await neighbor.locator("#questions .preview").count();
    assert.equal(before, 0, "nobody else does");

    await desk.goto(`${advisory}/reach`);
    await screenshot(desk, `question-reach-${locale}`);
    await desk.locator("a[href$='#questions']").click();
    await screenshot(desk, `question-desk-${locale}`);
    assert.ok(!(await text(desk)).includes(words.first), "it is opened one by one");
    await openFirst(desk, advisory);
    assert.ok((await text(desk)).includes(words.first));
    await screenshot(desk, `question-open-${locale}`);
    await axe(desk);
    await narrow(desk, `question-open-${locale}`);
    await desk.locator("#answer").fill(words.alone);
    await desk.locator("main form button[type=submit]").click();
    assert.equal(path(desk), advisory);
    await asker.goto(advisory);
    assert.ok((await text(asker)).includes(words.alone), "the asker is answered");
    await neighbor.goto(advisory);
    assert.ok(!(await text(neighbor)).includes(words.alone), "and nobody else");

    await ask(asker, advisory, words.second);
    await openFirst(desk, advisory);
    await desk.locator("#answer").fill(words.everybody);
    await desk.locator("input[name=to][value=everybody]").check();
    await desk.locator("#wording").fill(words.second);
    expectStatus(422);
    await desk.locator("main form button[type=submit]").click();
    assert.ok(await desk.locator("#wording-error").isVisible(), "the asker's words stay here");
    assert.equal(await desk.locator("#answer").inputValue(), words.everybody);
    await screenshot(desk, `question-copied-${locale}`);
    await axe(desk);
    // What everybody reads is written by one person and looked at and sent by another.
    await openFirst(author, advisory);
    await author.locator("#answer").fill(words.everybody);
    await author.locator("input[name=to][value=everybody]").check();
    await author.locator("#wording").fill(words.wording);
    const button = author.locator("main form button[type=submit]");
    assert.equal(await button.innerText(), words.save, "the button says that another person looks first");
    await button.click();
    const question = path(author);
    assert.match(question, /^\/questions\/qst_/);
    assert.equal(await author.locator("button[value=send]").count(), 0, "not by who wrote it");
    await neighbor.goto(advisory);
    assert.ok(!(await text(neighbor)).includes(words.everybody), "not sent yet");
    await openFirst(desk, advisory);
    assert.equal(path(desk), question);
    const preview = await desk.locator("section", { has: desk.locator("#proposed") }).innerText();
    assert.ok(preview.includes(words.wording) && preview.includes(words.everybody));
    assert.match(preview, /\b2\b/, "how many organizations it goes to");
    await screenshot(desk, `question-proposed-${locale}`);
    await axe(desk);
    await narrow(desk, `question-proposed-${locale}`);
    await desk.locator("button[value=send]").click();
    assert.equal(path(desk), advisory);
    await neighbor.goto(advisory);
    const told = await text(neighbor);
    assert.ok(told.includes(words.wording) && told.includes(words.everybody));
    assert.ok(!told.includes(words.second), "in the issuer's words");
    await screenshot(neighbor, `question-told-${locale}`);
  });

  test(`the advisory's page with questions is accessible and fits, ${locale}`, async (t) => {
    const { page: asker, expectStatus } = await signIn(t, "operator_duty", { locale });
    const { page: author } = await signIn(t, "center_analyst", { locale, js: false });
    const { page: second } = await signIn(t, "center_officer", { locale, js: false });
    const advisory = await writeAdvisory(author, words, [await organizationOf(asker)]);
    await issueByTwo(author, second, advisory);
    await ask(asker, advisory, words.first);
    await screenshot(asker, `question-asked-${locale}`);
    await axe(asker);
    await narrow(asker, `question-asked-${locale}`);
    expectStatus(422);
    await send(asker, advisory, " ");
    assert.ok(await asker.locator(".error-summary").isVisible(), "a question is wanted");
    assert.ok(await asker.locator("#question").isVisible(), "its fold is open");
    await axe(asker);

    await second.goto("/advisories/issued");
    const row = second.locator(".item", { has: second.locator(`a[href="${advisory}/reach"]`) });
    assert.equal(await row.locator(".chip.warning").count(), 1, "a mark in the list");
    await screenshot(second, `question-list-${locale}`);
  });
}

test("an asked question in the dark", async (t) => {
  const { page: asker } = await signIn(t, "operator_duty", { colorScheme: "dark" });
  const { page: author } = await signIn(t, "center_analyst", { js: false });
  const { page: second } = await signIn(t, "center_officer", { js: false });
  const advisory = await writeAdvisory(author, WORDS.ja, [await organizationOf(asker)]);
  await issueByTwo(author, second, advisory);
  await ask(asker, advisory, WORDS.ja.first);
  await screenshot(asker, "question-asked-dark");
  await axe(asker);
});
