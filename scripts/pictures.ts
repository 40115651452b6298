// `npm run pictures`: photographs the demo's pull requests and our own page of one, for the README and the docs. Needs a
// Chromium at CHROMIUM (default /usr/bin/chromium) and a demo that runs: DEMO_URL and PAGE_URL as `npm run demo` prints them.
// With `--dashboard` it photographs the dashboard instead, over the example organisation, which it starts by itself.
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Page } from "playwright-core";
import { startExample } from "./example-organisation.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { DEMO_URL: demo, PAGE_URL: ownPage, CHROMIUM: executablePath = "/usr/bin/chromium" } = process.env;
const ofDashboard = process.argv.includes("--dashboard");
if (!demo && !ofDashboard) {
  console.error("Set DEMO_URL (and PAGE_URL) to what `npm run demo` prints, or give --dashboard.");
  process.exit(2);
}
const folder = join(root, "docs", "pictures");
await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });

async function photograph(
  name: string,
  url: string,
  width: number,
  height: number,
  prepare?: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 2 });
  await page.goto(url);
  await prepare?.(page);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.close();
  console.log(`docs/pictures/${name}.png`);
}

async function photographDashboard(): Promise<void> {
  const example = await startExample();
  const context = await browser.newContext({ viewport: { width: 1280, height: 1320 } });
  const page = await context.newPage();
  await page.goto(`${example.url}/sign-in`);
  await page.getByRole("link", { name: "dana-lindqvist" }).click();
  const pictures = {
    organisation: `/orgs/${example.owner}`,
    system: `/${example.owner}/payments-api`,
    "risk-report": `/orgs/${example.owner}/risk`,
  };
  for (const [name, path] of Object.entries(pictures)) {
    await page.goto(`${example.url}${path}`);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    console.log(`docs/pictures/${name}.png`);
  }
  await context.close();
  await example.stop();
}

if (ofDashboard) {
  await photographDashboard();
  await browser.close();
  process.exit(0);
}

// Issues are opened beside pull requests, so that its number is not always the same.
await photograph("review", demo ?? "", 1000, 1180, async (page) => {
  await page.getByRole("link", { name: /Send the insurer a claim/ }).click();
});
await photograph("check", `${demo}/fernhill/platform-infrastructure/pull/2`, 1000, 900, async (page) => {
  await page.getByRole("heading", { name: "Checks" }).last().scrollIntoViewIfNeeded();
});
if (ownPage) await photograph("page", ownPage, 1000, 1000);
await browser.close();
