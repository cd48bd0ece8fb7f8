// The six core screens again: what a screen reader is told, a bad line, nothing to show, what must
// not show, and how long each task takes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertAria, screenshot, signIn } from "../harness.mjs";
import { badNight, timings } from "../judge.mjs";
import { SCREENS } from "../screens.mjs";
import {
  address,
  beginCheck,
  issueByTwo,
  issuedTo,
  openReport,
  organizationOf,
  sendFirstReport,
  tellNearMiss,
} from "../steps.mjs";

// On a bad night: milliseconds to the first content, to the end of loading, and the same again with
// what the browser keeps. The best of three loads, since other work shares the machine.
const FIRST_MS_MAX = 1500;
const LOAD_MS_MAX = 2000;
const AGAIN_MS_MAX = 800;
const LOADS = 3;

// Keystroke-level model: seconds to choose and press with a hand, to type a letter, to read one.
const PRESS_SECONDS = 2.65;
const KEY_SECONDS = 0.28;
const READ_SECONDS = { ja: 1 / 9, en: 1 / 25 };
const NEAR_MISS_SECONDS_MAX = 60;
const FIRST_REPORT_SECONDS_MAX = 300;
const FIELDS_MAX = 6;
const PRESSES_MAX = 8;
const FIRST_DELIVERY_MS_MAX = 30_000;

const REPORT = {
  headline: "監視端末が暗号化された",
  when: "2026/11/1 3:10",
  systems: "監視端末12台",
  effect: "画面による監視が止まった。",
  attack: "遠隔保守の装置から入られた。",
  response: "装置を切り離した。",
};

for (const locale of ["ja", "en"]) {
  const desk = (t) => (role) => signIn(t, role, { locale, js: false });

  test(`a screen reader is told the same as ever, ${locale}`, async (t) => {
    const { page: source } = await desk(t)("operator_duty");
    const { page: relay } = await desk(t)("ceptoar_analyst");
    await source.goto("/near-miss");
    await assertAria(source, `near-miss-${locale}`);
    await source.goto(await SCREENS["first-report"].find(source));
    await assertAria(source, `first-report-${locale}`);
    const { name } = await sendFirstReport(source, REPORT);
    await openReport(relay, "/intake", name);
    await beginCheck(relay);
    await assertAria(relay, `border-${locale}`);
    const { page: center } = await desk(t)("center_analyst");
    await center.goto("/advisories/new");
    await assertAria(center, `compose-${locale}`);
    const advisory = await issuedTo(source, desk(t));
    await source.goto("/duty");
    await assertAria(source, `duty-${locale}`, `main .item:has(a[href^='${advisory}'])`);
    await source.goto(advisory);
    await assertAria(source, `advisory-${locale}`);
  });

  test(`a near miss is told within a minute, ${locale}`, async (t) => {
    const { page } = await desk(t)("operator_duty");
    await page.goto("/near-miss");
    // Who does this for the second time reads the questions and the names of the choices.
    const read = await page
      .locator("main form legend, main form .label, main form .choice b, main form .tile b")
      .allInnerTexts();
    const questions = await page.locator("main form > .field, main form > fieldset").count();
    assert.ok(questions <= FIELDS_MAX + 1, `${questions} fields with the one for another date`);
    const { presses } = await tellNearMiss(page, "unnamed");
    assert.ok(presses <= PRESSES_MAX, `${presses} presses`);
    const seconds = presses * PRESS_SECONDS + read.join("").length * READ_SECONDS[locale];
    console.log(`near miss, ${locale}: ${presses} presses, ${seconds.toFixed(0)} s`);
    assert.ok(seconds <= NEAR_MISS_SECONDS_MAX, `${seconds} s`);
  });

  test(`a first report is told within five minutes, ${locale}`, async (t) => {
    const { page } = await desk(t)("operator_duty");
    let letters = 0;
    const counted = async () => {
      const texts = page.locator("main h1, main legend, main .label, main .choice b");
      letters += (await texts.allInnerTexts()).join("").length;
    };
    const { presses } = await sendFirstReport(page, REPORT, undefined, counted);
    // A Japanese letter takes two keys.
    const keys = Object.values(REPORT).join("").length * 2;
    const seconds =
      presses * PRESS_SECONDS + keys * KEY_SECONDS + letters * READ_SECONDS[locale];
    console.log(`first report, ${locale}: ${presses} presses, ${keys} keys, ${seconds.toFixed(0)} s`);
    assert.ok(seconds <= FIRST_REPORT_SECONDS_MAX, `${seconds} s`);
  });

  test(`nothing to show says why and whether that is good, ${locale}`, async (t) => {
    for (const [role, path] of [
      ["help_desk", "/duty"],
      ["help_desk", "/advisories"],
      ["other_ceptoar_officer", "/incidents"],
    ]) {
      const { page } = await desk(t)(role);
      await page.goto(path);
      const empty = page.locator("main .empty");
      assert.equal(await empty.count(), 1, `${path} of ${role}`);
      assert.ok((await empty.locator("p").count()) >= 2, "what, and why");
      await screenshot(page, `empty${path.replaceAll("/", "-")}-${locale}`);
    }
  });
}

for (const [name, screen] of Object.entries(SCREENS)) {
  test(`${name} is there on a bad night`, async (t) => {
    const { page } = await signIn(t, screen.role);
    const path = await screen.find(page);
    await badNight(page);
    const wire = await page.context().newCDPSession(page);
    const loads = [];
    for (let load = 0; load < LOADS; load += 1) {
      await wire.send("Network.clearBrowserCache");
      await page.goto(path, { waitUntil: "load" });
      const { first, load: end } = await timings(page);
      await page.goto(path, { waitUntil: "load" });
      loads.push({ first, end, again: (await timings(page)).load });
    }
    const best = (key) => Math.min(...loads.map((one) => one[key]));
    console.log(
      `${name}: first content ${best("first").toFixed(0)} ms, loaded ${best("end").toFixed(0)} ms,` +
        ` again ${best("again").toFixed(0)} ms`,
    );
    assert.ok(best("first") <= FIRST_MS_MAX, `first content after ${best("first")} ms`);
    assert.ok(best("end") <= LOAD_MS_MAX, `loaded after ${best("end")} ms`);
    assert.ok(best("again") <= AGAIN_MS_MAX, `again after ${best("again")} ms`);
  });
}

test("an advisory is taken on in two presses, thirty seconds after its issue", async (t) => {
  const { page } = await signIn(t, "operator_system", { js: false });
  const advisory = await issuedTo(page, (role) => signIn(t, role, { js: false }));
  const issued = Date.now();
  await page.goto("/duty");
  assert.ok(Date.now() - issued <= FIRST_DELIVERY_MS_MAX);
  await page.locator(`main a[href^='${advisory}']`).first().click();
  await page.locator("button[name=answer][value=accepted]").first().click();
  assert.equal(await page.locator(".message[role=status]").count(), 1);
});

/** The bytes of `path` as the server sends them, apart from what is drawn anew for each page. */
async function bytes(page, path) {
  const answer = await page.request.get(path);
  const text = (await answer.text())
    .replaceAll(/name="(csrf|form_key)" value="[0-9a-f]+"/g, "$1")
    // Of when the page is, for a reader who loses the line.
    .replaceAll(/<template>.*?<\/template>/gs, "")
    // A picture of the last hours goes on by itself: a hundredth of it is nine seconds.
    .replaceAll(/( x[12]?="\d+)\.\d+%/g, "$1%")
    // How long ago something was goes on by itself.
    .replaceAll(/(<\/small> <span>)\([^()<]*\)(?=<\/span>)/g, "$1");
  return `${answer.status()}\n${text}`;
}

/**
 * Lets `happen` happen and fails when a page of `looks` is another afterwards. Other specs go on
 * beside this one, so that a page may change for a good reason: one that differs is looked at again
 * around another happening. What leaks differs each time.
 */
async function assertUnmoved(looks, happen) {
  let differing = looks;
  let said = "";
  for (let round = 0; round < 3 && differing.length > 0; round += 1) {
    const before = [];
    for (const [page, path] of differing) before.push(await bytes(page, path));
    await happen();
    const next = [];
    for (const [place, look] of differing.entries()) {
      const after = await bytes(...look);
      if (after === before[place]) continue;
      next.push(look);
      said = `${look[1]} differs: ${difference(before[place], after)}`;
    }
    differing = next;
  }
  assert.equal(differing.length, 0, said);
}

/** The first lines that differ. */
function difference(one, other) {
  const [lines, others] = [one.split("\n"), other.split("\n")];
  const at = lines.findIndex((line, place) => line !== others[place]);
  return `${lines[at]} | ${others[at]}`;
}

/** Fails with the first lines that differ. */
function assertSame(one, other, what) {
  assert.ok(one === other, `${what} differs: ${difference(one, other)}`);
}

test("what a reader may not see changes no byte of his pages", async (t) => {
  const sit = async (role) => (await signIn(t, role, { js: false })).page;
  const rival = await sit("rival_duty");
  const other = await sit("other_ceptoar_officer");
  const ministry = await sit("ministry_officer");
  const center = await sit("center_second_officer");
  // A border check of the other CEPTOAR's own, so that there is one to look at.
  await other.goto("/intake");
  const links = other.locator("main a[href^='/reports/']");
  await other.goto(await links.first().getAttribute("href"));
  const begun = other.locator("main a[href^='/reviews/']");
  const check = (await begun.count()) > 0 ? await begun.first().getAttribute("href") : await beginCheck(other);
  const received = await rival.goto("/advisories").then(() =>
    rival.locator("main a[href^='/advisories/adv_']").first().getAttribute("href"),
  );
  const looks = [
    [rival, "/near-miss"],
    [rival, "/reports/new"],
    [rival, "/sent"],
    [rival, "/duty"],
    [rival, "/advisories"],
    [rival, received],
    [rival, "/search?q=監視端末"],
    [other, "/intake"],
    [other, check],
    [other, `${check}/dry-run`],
    [ministry, "/triage"],
    [center, "/triage"],
    [center, "/advisories/new"],
    [center, "/search?q=監視端末"],
  ];
  // Hidden from all of them: a report that is still at its relay with a check begun, a near miss
  // without a name, and an advisory under work.
  const source = await sit("operator_duty");
  const relay = await sit("ceptoar_analyst");
  let report = "";
  let review = "";
  await assertUnmoved(looks, async () => {
    const { name } = await sendFirstReport(source, REPORT);
    report = await openReport(relay, "/intake", name);
    review = await beginCheck(relay);
    await tellNearMiss(source, "unnamed", "監視端末の保守用の口が開いていた");
  });

  // And an advisory to somebody else, for everybody but the desk that issued it.
  const author = await sit("center_analyst");
  const second = await sit("center_officer");
  const told = await organizationOf(source);
  let advisory = "";
  await assertUnmoved(looks.filter(([page]) => page !== center), async () => {
    await author.goto("/advisories/new");
    await author.locator("[name=title]").fill("監視端末の点検");
    await author.locator("[name=gist]").fill("監視端末を点検する。");
    await address(author, told);
    await author.locator("input[name=tier][value=ciso]").check();
    await author.locator("[name=action-ciso]").fill("点検する。");
    await author.locator("[name=due-ciso]").fill("明日 18:00");
    await author.locator("button[name=then][value=check]").click();
    advisory = new URL(author.url()).pathname.replace("/check", "");
    await issueByTwo(author, second, advisory);
  });

  // What is hidden and what was never there answer alike.
  for (const path of [report, review, advisory, `${advisory}/reach`]) {
    const never = path.replace(/_[0-9a-z]+/, (id) => `_${"0".repeat(id.length - 1)}`);
    const [hidden, absent] = [await bytes(rival, path), await bytes(rival, never)];
    assert.match(hidden, /^404/);
    const known = (text) => text.replaceAll(path, "").replaceAll(never, "");
    assertSame(known(hidden), known(absent), path);
  }
});
