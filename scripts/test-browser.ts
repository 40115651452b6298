// `npm run test:browser`: every page of the dashboard in a real browser. Needs a Chromium at CHROMIUM (default
// /usr/bin/chromium); without one it says so and passes. What must hold: no violation that axe-core finds, in light, dark
// and at the width of a phone; nothing wider than the screen, and no table that has to be moved sideways but on a phone; no
// error on the console, so that the content-security policy holds; and hostile values stay text (H098). The last line holds
// the figures; exits 0 when all of it holds.
import { existsSync } from "node:fs";
import axe from "axe-core";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { hostileName, writeHostileSystem } from "../test/make/a-hostile-system.ts";
import { startExample } from "./example-organisation.ts";

const { CHROMIUM: executablePath = "/usr/bin/chromium" } = process.env;
if (!existsSync(executablePath)) {
  console.log(`No Chromium at ${executablePath}: nothing was looked at. Set CHROMIUM to one.`);
  console.log(JSON.stringify({ looks: 0, pages: 0, views: 0, failed: 0, absent: true }));
  process.exit(0);
}
const failures: string[] = [];
const example = await startExample(40, 60, writeHostileSystem);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const { owner, hostile, merged } = example;
const pages = [
  "/",
  `/orgs/${owner}`,
  `/orgs/${owner}?colour=RED&sort=waiting`,
  `/orgs/${owner}?q=nothing-has-this-name`,
  `/orgs/${owner}/risk`,
  `/orgs/${owner}/teams`,
  `/orgs/${owner}/controls`,
  `/orgs/${owner}/controls?framework=iso27001`,
  `/orgs/${owner}/rules`,
  `/orgs/${owner}/roll-out`,
  `/orgs/${owner}/measures`,
  `/orgs/${owner}/measures?weeks=13&repository=payments-api`,
  `/orgs/${owner}/roll-out?days=90&repository=${hostile}`,
  `/${owner}/payments-api`,
  `/${owner}/payments-api?status=open#threats`,
  `/${owner}/payments-api/evidence`,
  `/${owner}/${hostile}/evidence`,
  `/${owner}/${merged}/evidence.html`,
  `/${owner}/${merged}/evidence.html?from=2026-01-01&framework=cra`,
  `/${owner}/${hostile}`,
  `/${owner}/${hostile}/pull/7`,
  `/${owner}/no-such-repository`,
];
let looked = 0;

async function look(context: BrowserContext, name: string, path: string): Promise<void> {
  const page = await context.newPage();
  const expected = path.endsWith("no-such-repository") ? 404 : 200;
  page.on("console", (line) => {
    // A browser reports the status of a page that is meant to be missing.
    if (line.type() === "error" && expected === 200) failures.push(`${name} ${path}: console: ${line.text()}`);
  });
  page.on("pageerror", (error) => failures.push(`${name} ${path}: ${error.message}`));
  const answer = await page.goto(`${example.url}${path}`);
  if (answer?.status() !== expected) failures.push(`${name} ${path}: status ${answer?.status()}`);
  await check(page, name, path);
  await page.close();
  looked++;
}

async function check(page: Page, name: string, path: string): Promise<void> {
  const root = "document.documentElement";
  const wide = Number(await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`));
  if (wide > 1) failures.push(`${name} ${path}: ${wide} pixels wider than the screen`);
  const cut = await tablesCut(page);
  failures.push(...cut.map((table) => `${name} ${path}: only a part fits on the screen: ${table}`));
  // The policy of the page forbids scripts, ours included: the tool is put in from outside the page.
  const found = await inspect(page);
  failures.push(...found.map((one) => `${name} ${path}: ${one}`));
  const running = "script, iframe, object, embed, [onload], [onerror], [onclick]";
  const scripts = Number(await page.evaluate(`document.querySelectorAll("${running}").length`));
  if (scripts > 0) failures.push(`${name} ${path}: holds ${scripts} elements that could run something`);
  const ran = await page.evaluate(() => Object.hasOwn(globalThis, "ran"));
  if (ran) failures.push(`${name} ${path}: a hostile value ran`);
}

/** Tables that have to be moved sideways; none on a phone, where long ones may. */
async function tablesCut(page: Page): Promise<readonly string[]> {
  if ((page.viewportSize()?.width ?? 0) < 1280) return [];
  const cut = `[...document.querySelectorAll(".scroll")].filter((one) => one.scrollWidth > one.clientWidth)`;
  return (await page.evaluate(`${cut}.map((one) => one.getAttribute("aria-label"))`)) as readonly string[];
}

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly unknown[] }[];
}

async function inspect(page: Page): Promise<string[]> {
  const run = `${axe.source}; axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target }) => ({ target })) })))`;
  const violations = (await page.evaluate(run)) as readonly Violation[];
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.length}, first ${String(nodes[0]?.target[0])})`,
  );
}

const views = [
  ["light", 1280, "light"],
  ["dark", 1280, "dark"],
  ["phone", 390, "light"],
] as const;
for (const [name, width, colorScheme] of views) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  await look(context, `${name}, signed out,`, "/");
  const page = await context.newPage();
  await page.goto(`${example.url}/orgs/${owner}/risk`);
  await page.getByRole("link", { name: "dana-lindqvist" }).click();
  if (!page.url().endsWith(`/orgs/${owner}/risk`)) failures.push(`${name}: the sign-in led to ${page.url()}`);
  await page.close();
  for (const path of pages) await look(context, name, path);
  await reach(context, name);
  await signOut(context, name);
  await context.close();
}

/** As a new user would: from the first page, why a pull request is as it is stands three clicks away. */
async function reach(context: BrowserContext, name: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${example.url}/`);
  await page.getByRole("searchbox").fill(hostile);
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByRole("link", { name: hostileName }).first().click();
  await page.getByRole("link", { name: /#7/ }).last().click();
  await page
    .getByRole("heading", { name: "Why" })
    .waitFor({ timeout: 10_000 })
    .catch(() => failures.push(`${name}: no way to the reasons of a pull request`));
  await page.close();
}

async function signOut(context: BrowserContext, name: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${example.url}/orgs/${owner}`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page
    .getByRole("link", { name: "Sign in with GitHub" })
    .waitFor({ timeout: 10_000 })
    .catch(() => failures.push(`${name}: signing out did not lead to the first page`));
  await page.close();
}

await browser.close();
await example.stop();
for (const failure of failures) console.log(failure);
console.log(
  `${looked} looks at ${pages.length} pages in ${views.length} views: ${failures.length === 0 ? "no violation" : `${failures.length} failures`}`,
);
console.log(JSON.stringify({ looks: looked, pages: pages.length, views: views.length, failed: failures.length }));
process.exit(failures.length === 0 ? 0 : 1);
