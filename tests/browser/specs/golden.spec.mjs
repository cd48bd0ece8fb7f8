// One report all the way up, one advisory all the way down, and what its source is told at the end.
//
// Nothing here needs scripts. What is looked for is this story's own: a report by its name, an
// advisory by its path; so other specs may work at the same desks.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import {
  approveRelease,
  beginCheck,
  issueByTwo,
  openReport,
  organizationOf,
  sendFirstReport,
  writeAdvisory,
} from "../steps.mjs";

const WIDTHS = [390, 1280];
/** Organizations beside the source's own that get the advisory: five answers make a figure. */
const OTHERS = ["rival_duty", "small_firm", "supplier", "coordinator"];

const STORIES = {
  ja: {
    report: {
      headline: "北浜電力の監視端末12台が暗号化された",
      when: "昨日 3時10分",
      systems: "給電指令所の監視端末 KH-SCADA-01 から 12 まで",
      effect: "監視画面が40分止まり、手動で運転を続けた。",
      attack: "保守業者の遠隔接続装置から入られた。接続元は203.0.113.24。",
      response: "装置を切り離し、控えの端末に切り替えた。",
    },
    outgoing: {
      headline: "監視に使う端末が遠隔保守の経路から暗号化された",
      effect: "画面による監視が1時間近くできなくなったが、供給は続いた。",
      attack: "委託先が使う遠隔接続の装置が入口になった。",
      response: "入口の装置を外し、予備の端末で監視に戻った。",
    },
    advisory: {
      title: "遠隔保守の装置を入口とするランサムウェア",
      gist: "遠隔保守用の接続装置から侵入し、監視端末を暗号化する攻撃が起きた。",
      action: "遠隔保守用の装置の管理者一覧を確かめ、見覚えのない者を消す。\n使っていない接続口を閉じる。",
      due: "明日 18:00",
    },
    told: { led: "のもとになりました", center: "国の中央組織", ministry: "所管省庁", shared: "外部へ提供しました" },
    accepted: "引き受け済み",
    done: "対応済み",
  },
  en: {
    report: {
      headline: "Twelve monitoring terminals of Kitahama Electric were encrypted",
      when: "yesterday 3:10",
      systems: "Monitoring terminals KH-SCADA-01 to 12 at the dispatch center",
      effect: "Screens were dark for 40 minutes; we went on by hand.",
      attack: "They came in through our maintenance firm's gateway, from 203.0.113.24.",
      response: "We cut the gateway off and moved to spare terminals.",
    },
    outgoing: {
      headline: "Terminals for monitoring were encrypted by way of remote maintenance",
      effect: "No monitoring on screen for most of an hour; supply went on.",
      attack: "The way in was a contractor's device for remote access.",
      response: "The device was taken off the network and spares took over.",
    },
    advisory: {
      title: "Ransomware by way of remote-maintenance gateways",
      gist: "An attack came in through a gateway for remote maintenance and encrypted terminals.",
      action: "Check the administrators of gateways for remote maintenance.\nClose the ports you do not use.",
      due: "tomorrow 18:00",
    },
    told: { led: "It led to advisory", center: "the national center", ministry: "the responsible ministry", shared: "Shared" },
    accepted: "Accepted",
    done: "Done",
  },
};

for (const [locale, story] of Object.entries(STORIES)) {
  test(`a report goes up, an advisory comes down, the source is told, ${locale}`, async (t) => {
    const sit = async (role) => {
      const person = await signIn(t, role, { locale, js: false });
      return Object.assign(person.page, { expectStatus: person.expectStatus });
    };
    let stage = 0;
    /** A look at the page at both widths. */
    const look = async (page, name) => {
      stage += 1;
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
        await assertNoOverflow(page);
        const number = String(stage).padStart(2, "0");
        await screenshot(page, `golden-${locale}-${number}-${name}-${width}`);
      }
    };
    const [source, desk, first, second] = [
      await sit("operator_duty"),
      await sit("ceptoar_analyst"),
      await sit("ceptoar_officer"),
      await sit("ceptoar_second_officer"),
    ];

    // Up: the source tells it, the relay rewrites it, two persons let it over.
    const { name } = await sendFirstReport(source, story.report, (page) => look(source, page));
    const report = await openReport(desk, "/intake", name);
    await look(desk, "relay-case");
    const review = await beginCheck(desk);
    await look(desk, "border-empty");
    await rewrite(desk, story);
    await look(desk, "border-written");
    await desk.locator("button[name=then][value=dry-run]").click();
    await approveRelease([first, second], review, (page) => look(page, "dry-run"));
    await look(second, "released");

    // The ministry and the center see what was shared, and not a word of the source's own.
    const ministry = await sit("ministry_analyst");
    const center = await sit("center_analyst");
    for (const [page, who] of [[ministry, "ministry"], [center, "center"]]) {
      await page.goto("/triage");
      await look(page, `${who}-triage`);
      assert.equal(await openReport(page, "/triage", name), report);
      await look(page, `${who}-case`);
      const seen = await page.locator("main").innerText();
      for (const text of Object.values(story.outgoing)) assert.ok(seen.includes(text), text);
      for (const text of Object.values(story.report)) assert.ok(!seen.includes(text), text);
      for (const word of ["北浜", "Kitahama", "KH-SCADA", "203.0.113.24"]) {
        assert.ok(!seen.includes(word), word);
      }
    }
    await rate(center);
    await look(center, "center-rated");

    // Down: the center writes an advisory because of it, a second person issues it.
    const readers = [source];
    for (const role of OTHERS) readers.push(await sit(role));
    const organizations = [];
    for (const reader of readers) organizations.push(await organizationOf(reader));
    const officer = await sit("center_officer");
    const advisory = await writeAdvisory(center, story.advisory, organizations, name);
    await look(center, "compose-check");
    await issueByTwo(center, officer, advisory, (page) => look(page, "four-eyes"));
    await look(officer, "issued");

    // Whoever is named takes it on, does it and says what it was worth.
    await source.goto("/duty");
    await look(source, "duty");
    await source.locator(`main a[href^='${advisory}']`).first().click();
    await look(source, "advisory-waiting");
    for (const reader of readers) await answer(reader, advisory);
    assert.ok((await source.locator(".task").first().innerText()).includes(story.done));
    await look(source, "advisory-answered");

    // The center sees who acted and how fast.
    await officer.goto(`${advisory}/reach`);
    await look(officer, "reach");
    const states = await officer.locator(".reach-line").allInnerTexts();
    assert.equal(states.filter((line) => line.includes(story.done)).length, readers.length);
    await officer.goto(`${advisory}/effect`);
    await look(officer, "effect");
    assert.match(await officer.locator(".figure-value").first().innerText(), /\d|minute/);

    // The source is told who read it, as what it was shared, and what came of it.
    await source.goto("/sent");
    await source.locator(".item-title a", { hasText: name }).click();
    await look(source, "receipts");
    const told = await source.locator("main").innerText();
    for (const word of Object.values(story.told)) assert.ok(told.includes(word), word);

    // Another member of the CEPTOAR is not led to the report by the advisory. Among what was shared with
    // it there is how the attack worked, and nothing else of it.
    const [, rival, stranger] = readers;
    assert.ok(!(await rival.content()).includes(name));
    assert.equal(await openReport(rival, "/shared", name), report);
    await look(rival, "member-report");
    const shared = await rival.locator("main").innerText();
    const { attack, ...kept } = story.outgoing;
    assert.ok(shared.includes(attack), shared);
    for (const text of [...Object.values(kept), ...Object.values(story.report)]) {
      assert.ok(!shared.includes(text), text);
    }
    stranger.expectStatus(404);
    assert.equal((await stranger.goto(report)).status(), 404, "another sector");
  });
}

/** Lets every part over in the reviewer's own words. */
async function rewrite(desk, story) {
  for (const part of ["summary", "attack", "damage"]) {
    await desk.locator(`[name=${part}-crossing][value=cross]`).check();
  }
  const texts = { "summary-headline": "headline", "damage-effect": "effect" };
  Object.assign(texts, { "attack-technique": "attack", "damage-response": "response" });
  for (const [field, word] of Object.entries(texts)) {
    await desk.locator(`[name=${field}]`).fill(story.outgoing[word]);
  }
}

/** Gives an opinion on how grave it is. */
async function rate(page) {
  await page.locator("details:has(form[action$='/opinion']) > summary").click();
  const form = page.locator("form[action$='/opinion']");
  for (const select of await form.locator("select").all()) await select.selectOption({ index: 2 });
  await form.locator("button[type=submit]").click();
}

/** Takes it on, does it, says what it was worth. */
async function answer(page, advisory) {
  await page.goto(advisory);
  await page.locator("button[name=answer][value=accepted]").first().click();
  await page.locator("button[name=answer][value=done]").first().click();
  const form = page.locator("form.feedback");
  for (const name of ["useful", "timeliness", "matched"]) {
    await form.locator(`input[name=${name}]`).first().check();
  }
  await form.locator("button[type=submit]").click();
  assert.equal(await page.locator(".message[role=status]").count(), 1);
}
