// Slower judgements of a page: accessibility rules, weight on the wire, paper, a bad line.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { AxeBuilder } from "@axe-core/playwright";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/** Fails when axe finds anything to mend. Needs scripts switched on. */
export async function axe(page) {
  const { violations, passes } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const found = violations.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 3).map((node) => node.target.join(" "));
    return `${id}: ${help} (${places.join("; ")})`;
  });
  assert.deepEqual(found, [], `axe on ${page.url()}`);
  assert.ok(passes.length > 5, `axe looked at next to nothing on ${page.url()}`);
}

/**
 * Loads `address` with an empty cache and returns what came over the wire: bytes as sent
 * (compressed, with headers), requests, and bytes per kind of resource.
 */
export async function weigh(page, address) {
  const wire = await page.context().newCDPSession(page);
  await wire.send("Network.enable");
  await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
  const kinds = new Map();
  const weight = { bytes: 0, requests: 0, byKind: {} };
  wire.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? "Other";
    weight.bytes += encodedDataLength;
    weight.requests += 1;
    weight.byKind[kind] = (weight.byKind[kind] ?? 0) + encodedDataLength;
  });
  await page.goto(address, { waitUntil: "networkidle" });
  await wire.detach();
  return weight;
}

/** A bad night: a processor four times slower, 400 kbit/s, 300 ms to the hub and back. */
export async function badNight(page) {
  const wire = await page.context().newCDPSession(page);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await wire.send("Network.enable");
  await wire.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 300,
    downloadThroughput: 400_000 / 8,
    uploadThroughput: 400_000 / 8,
  });
}

/** Milliseconds from the start of the navigation to the first content and to the load event. */
export async function timings(page) {
  return page.evaluate(async () => {
    // The first paint may come after the load event.
    const first = await new Promise((resolve) => {
      const seen = (list) =>
        list.getEntriesByName("first-contentful-paint").forEach((paint) => resolve(paint.startTime));
      new PerformanceObserver(seen).observe({ type: "paint", buffered: true });
    });
    const [navigation] = performance.getEntriesByType("navigation");
    return { first, load: navigation.loadEventEnd };
  });
}

/** What stands on the page when it is printed on A4: its text and the number of sheets. */
export async function printed(page) {
  const folder = await mkdtemp(join(tmpdir(), "noroshi-print-"));
  try {
    const file = join(folder, "page.pdf");
    await writeFile(file, await page.pdf({ format: "A4" }));
    const { stdout } = await promisify(execFile)("pdftotext", ["-layout", file, "-"]);
    return { text: stdout, sheets: stdout.split("\f").length - 1 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
