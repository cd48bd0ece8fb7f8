// What people do on the way of a report and of an advisory, as one step each, for the specs that
// need what comes of it. None of the steps needs scripts.

import assert from "node:assert/strict";

const TIERS = ["executive", "ciso", "system-staff", "ot-staff"];

const path = (page) => new URL(page.url()).pathname;

/**
 * Answers the nine questions of a first report and sends it. `words` has `headline`, `when`,
 * `systems`, `effect`, `attack` and `response`; `looked(name)` is called on the pages worth a look,
 * `read()` on every one before it is left. Returns the name under which the report is spoken of, and
 * how often something was pressed.
 */
export async function sendFirstReport(page, words, looked = async () => {}, read = async () => {}) {
  let presses = 0;
  const press = async (selector) => {
    presses += 1;
    await page.locator(selector).first().click();
  };
  const next = async () => {
    await read();
    await press("main button[value=next]");
  };
  await page.goto("/reports/new");
  await press("button[value=name]");
  await press("input[value=malware-infection]");
  await page.fill("#headline", words.headline);
  await looked("report-what");
  await next();
  await page.fill("#detected-at", words.when);
  await next();
  await page.fill("#systems", words.systems);
  await next();
  for (const [question, field, text] of [
    ["services"],
    ["effect", "#effect", words.effect],
    ["attack", "#technique", words.attack],
    ["response", "#response", words.response],
  ]) {
    assert.ok(page.url().endsWith(`/${question}`), page.url());
    if (field) await page.fill(field, text);
    await next();
  }
  await press("#contact-unknown");
  await next();
  await press("input[name=consent][value=granted]");
  await looked("report-terms");
  await next();
  await looked("report-check");
  await press("main .buttons button.primary");
  assert.equal(path(page), "/reports/receipt");
  await looked("report-receipt");
  const name = (await page.locator("main").innerText()).match(/S-[0-9A-Z]{6}/)[0];
  return { name, presses };
}

/**
 * Tells a near miss with every choice made; `scope` is how the source is kept, `line` the sentence.
 * Returns its name, its mailbox code when it names nobody, and how often something was pressed.
 */
export async function tellNearMiss(page, scope, line = "") {
  let presses = 0;
  const press = async (selector) => {
    presses += 1;
    await page.locator(selector).first().click();
  };
  await page.goto("/near-miss");
  await press("input[name=kind][value=open-hole]");
  await press("input[name=when][value=yesterday]");
  await press("input[name=place][value=ot]");
  await press("input[name=reason][value=person-noticed]");
  if (line !== "") await page.locator("[name=line]").fill(line);
  await press(`input[name=scope][value=${scope}]`);
  await press("main form .buttons button[type=submit]");
  assert.equal(path(page), "/near-miss/receipt");
  const name = (await page.locator("main").innerText()).match(/S-[0-9A-Z]{6}/)[0];
  const code = page.locator(".slip-code");
  return { name, presses, code: (await code.count()) > 0 ? await code.innerText() : null };
}

/** Opens the report called `name` from the list at `list`; returns its path. */
export async function openReport(page, list, name) {
  await page.goto(list);
  await page.locator(".item-title a", { hasText: name }).first().click();
  assert.match(path(page), /^\/reports\//);
  return path(page);
}

/** Begins the border check of the report on the page; returns its path. */
export async function beginCheck(page) {
  await page.locator("form[action$='/review'] button").click();
  assert.match(path(page), /^\/reviews\/rvw_/);
  return path(page);
}

/** Approves the check at `review` as each of `pages`; the last approval shares the report. */
export async function approveRelease(pages, review, looked = async () => {}) {
  for (const page of pages) {
    await page.goto(`${review}/dry-run`);
    await looked(page);
    await page.locator("form[action$='/approve'] button").click();
    await page.locator("main .message").first().waitFor();
  }
}

/** Name of the organization of whoever sits at `page`. */
export async function organizationOf(page) {
  await page.goto("/settings");
  return page.locator(".actor .me b").first().innerText();
}

/** Ticks `organization` (a name) on the form of an advisory. */
export async function address(page, organization) {
  const row = page.locator("label.choice", { has: page.locator("input[name=who][value^=org_]") });
  const found = row.filter({ has: page.getByText(organization, { exact: true }) }).first();
  assert.equal(await found.count(), 1, `${organization} can be addressed`);
  const fold = page.locator("#who details", { has: found });
  if (!(await fold.evaluate((details) => details.open))) await fold.locator("> summary").click();
  await found.locator("input").check();
}

/**
 * Writes an advisory to every tier of `organizations` (names) and goes on to its check; `words` has
 * `title`, `gist`, `action` and `due`. With `because`, it rests on the report of that name. Returns
 * its path.
 */
export async function writeAdvisory(page, words, organizations, because = null) {
  await page.goto("/advisories/new");
  await page.locator("[name=title]").fill(words.title);
  await page.locator("[name=gist]").fill(words.gist);
  for (const organization of organizations) await address(page, organization);
  for (const tier of TIERS) {
    await page.locator(`input[name=tier][value=${tier}]`).check();
    await page.locator(`[name=action-${tier}]`).fill(words.action);
    await page.locator(`[name=due-${tier}]`).fill(words.due);
  }
  if (because !== null) {
    const row = page.locator("label.choice", { hasText: because });
    await page.locator("details", { has: row }).locator("> summary").click();
    await row.locator("input[name=reports]").check();
  }
  await page.locator("button[name=then][value=check]").click();
  assert.match(path(page), /^\/advisories\/adv_.*\/check$/);
  return path(page).replace("/check", "");
}

/** Asks for approval as `author`, issues as `second` what is under work at `advisory`. */
export async function issueByTwo(author, second, advisory, looked = async () => {}) {
  await author.locator("form[action$='/propose'] button[type=submit]").click();
  assert.equal(await author.locator("form[action$='/issue']").count(), 0, "not by the author");
  await second.goto(`${advisory}/check`);
  await looked(second);
  await second.locator("button[name=then][value=issue]").click();
  assert.equal(path(second), advisory);
}

/**
 * An advisory of the center to the organization of whoever sits at `reader`, issued just now, so
 * that there is something to do. `signIn` opens the two desks.
 */
export async function issuedTo(reader, signIn) {
  const { page: author } = await signIn("center_analyst");
  const { page: second } = await signIn("center_officer");
  const words = {
    title: "保守用の入口を狙う攻撃 (試験)",
    gist: "遠隔保守用の装置に管理者が追加される攻撃が続いている。",
    action: "装置の管理者一覧を確かめる。",
    due: "明日 18:00",
  };
  const advisory = await writeAdvisory(author, words, [await organizationOf(reader)]);
  await issueByTwo(author, second, advisory);
  return advisory;
}
