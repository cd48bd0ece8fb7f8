// Opening a seal: custodians appointed with keys drawn offline, two agreements made offline, one
// person who reads; the log first.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

const here = import.meta.dirname;
const program = process.env.NOROSHI_BIN ?? join(here, "../../../target/debug/noroshi");

/** The custodian's own machine: a folder, and the program without the hub. */
function offline() {
  const folder = mkdtempSync(join(tmpdir(), "noroshi-custodian-"));
  const run = (...words) =>
    execFileSync(program, ["custodian", "--language", "en", ...words], { cwd: folder, encoding: "utf8" });
  return { folder, run, file: (name) => join(folder, name) };
}

/** Draws a key: the line for the administrator, and the fingerprint that is read out. */
function draw(machine, name) {
  const said = machine.run("keygen", "--out", name);
  const [key] = said.match(/noroshi-pk1:\S+/);
  const print = said.trim().split("\n").at(-1).trim();
  return { key, print };
}

/** Puts the holder of `drawn` into `slot`, after comparing the fingerprint on the page. */
async function appoint(page, slot, name, drawn) {
  await page.goto(`/custodians/slots/${slot}`);
  await page.fill("#name", name);
  await page.fill("#public_key", drawn.key);
  await page.locator("main form .buttons button").click();
  assert.equal(await page.locator(".fingerprint code").innerText(), drawn.print);
  await page.check("#compared");
  await page.locator("main form .buttons button").click();
  await page.waitForURL("**/custodians?said=appointed");
}

/** An unnamed near miss of the operator; the pseudonym it is spoken of by. */
async function tell(t) {
  const { page } = await signIn(t, "operator_duty", { js: false, fresh: true });
  await page.goto("/near-miss");
  for (const choice of [
    "input[name=kind][value=open-hole]",
    "input[name=when][value=yesterday]",
    "input[name=place][value=ot]",
    "input[name=reason][value=person-noticed]",
    "input[name=scope][value=unnamed]",
  ]) {
    await page.locator(choice).first().click();
  }
  await page.locator("main form .buttons button[type=submit]").first().click();
  const shown = await page.locator("main dl").first().innerText();
  return shown.match(/S-[0-9A-Z]{6,}/)[0];
}

test("a seal is opened by two custodians for the one who asked", async (t) => {
  const machine = offline();
  const keys = [draw(machine, "1.key"), draw(machine, "2.key")];
  const office = await signIn(t, "ceptoar_administrator", { js: false });
  await appoint(office.page, 1, "事務局長(試験)", keys[0]);
  await appoint(office.page, 2, "外部弁護士(試験)", keys[1]);
  await screenshot(office.page, "custodians-ja");

  const pseudonym = await tell(t);
  const { page } = await signIn(t, "ceptoar_officer", { js: false });
  await page.goto("/intake");
  await page.locator(".item", { hasText: pseudonym }).locator("a").first().click();
  const ask = page.locator("a[href^='/openings/new/']");
  await ask.click();
  await page.locator("input[name=purpose]").first().check();
  await page.fill("#reason", "配水の制御端末が今も遠隔操作されている。今夜のうちに電話をつなぎたい。");
  await screenshot(page, "opening-new-ja");
  await page.locator("main form .buttons button").click();
  await page.waitForURL(/\/openings\/opn_/);
  const opening = page.url();

  const request = await page.context().request.get(`${opening}/request.json`);
  writeFileSync(machine.file("request.json"), await request.text());
  for (const number of [1, 2]) {
    machine.run(
      "approve", "--yes", "--key", `${number}.key`,
      "--request", "request.json", "--out", `${number}.json`,
    );
    await page.fill("#agreement", readFileSync(machine.file(`${number}.json`), "utf8"));
    await page.locator("form[action$='/agreements'] button[type=submit]").click();
    await page.waitForURL(opening);
  }
  await screenshot(page, "opening-agreed-ja");
  await page.locator("form[action$='/identity'] button[type=submit]").click();
  assert.match(await page.locator("main").innerText(), /北浜電力株式会社/);
  await screenshot(page, "opening-identity-ja");

  // A colleague with the same role sees the opening and not the source.
  const colleague = await signIn(t, "ceptoar_second_officer");
  await colleague.page.goto(opening);
  assert.equal(await colleague.page.locator("form[action$='/identity']").count(), 0);
  assert.doesNotMatch(await colleague.page.locator("main").innerText(), /北浜電力/);
});

test("what is no key and what is no agreement is refused beside its field", async (t) => {
  const { page, expectStatus } = await signIn(t, "ceptoar_administrator", { locale: "en" });
  expectStatus(422);
  await page.goto("/custodians/slots/3");
  await page.fill("#name", "Chair");
  await page.fill("#public_key", "noroshi-pk1:nothing");
  await page.locator("main form .buttons button").click();
  await page.locator("#public_key-error").waitFor();
  await screenshot(page, "custodian-wrong-en");
});

test("the days after which sources are told have a hard maximum", async (t) => {
  const { page, expectStatus } = await signIn(t, "administrator", { locale: "en", js: false });
  expectStatus(422);
  await page.goto("/openings/delay");
  await page.fill("#days", "91");
  await page.locator("main form .buttons button").click();
  await page.locator("#days-error").waitFor();
  await page.fill("#days", "３０");
  await page.locator("main form .buttons button").click();
  await page.waitForURL("**/openings/delay?said=set");
});

for (const locale of ["ja", "en"]) {
  test(`custodians and openings are clean and fit, ${locale}`, async (t) => {
    for (const width of [1280, 390, 320]) {
      for (const [role, paths] of [
        ["ceptoar_administrator", ["/custodians", "/custodians/slots/3"]],
        ["ceptoar_custodian", ["/custodians", "/openings"]],
        ["ceptoar_officer", ["/openings"]],
        ["administrator", ["/openings/delay"]],
        ["operator_duty", ["/custodians", "/help"]],
      ]) {
        const { page } = await signIn(t, role, { locale, width });
        for (const path of paths) {
          await page.goto(path);
          await assertNoOverflow(page);
          if (width === 1280) await axe(page);
          await screenshot(page, `${role}${path.replaceAll("/", "-")}-${locale}-${width}`);
        }
      }
    }
  });
}
