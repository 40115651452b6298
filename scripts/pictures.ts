// `npm run pictures`: photographs a review of the demo, for the README. Needs a Chromium at CHROMIUM (default
// /usr/bin/chromium) and a demo that runs: DEMO_URL as `npm run demo` prints it. With `--dashboard` it photographs the
// dashboard instead, over the example organisation, which it starts by itself.
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { startExample } from "./example-organisation.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { DEMO_URL: demo, CHROMIUM: executablePath = "/usr/bin/chromium" } = process.env;
const ofDashboard = process.argv.includes("--dashboard");
if (!demo && !ofDashboard) {
  console.error("Set DEMO_URL to what `npm run demo` prints, or give --dashboard.");
  process.exit(2);
}
const folder = join(root, "docs", "pictures");
await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });

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

/** The review of the demo: issues are opened beside pull requests, so that its number is not always the same. */
async function photographReview(): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 1180 }, deviceScaleFactor: 2 });
  await page.goto(demo ?? "");
  await page.getByRole("link", { name: /Send the insurer a claim/ }).click();
  await page.screenshot({ path: join(folder, "review.png") });
  console.log("docs/pictures/review.png");
}

await (ofDashboard ? photographDashboard() : photographReview());
await browser.close();
process.exit(0);
