// `npm run new -- KIND NAME`: writes a unit and its test from a template, and refreshes the lists.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { templates } from "./new/templates.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [kind = "", name = ""] = process.argv.slice(2);
const template = templates[kind];

if (!template || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
  const kinds = Object.entries(templates).map(([id, { says }]) => `  ${id.padEnd(10)} ${says}`);
  console.error(`usage: npm run new -- KIND name-in-words\n${kinds.join("\n")}`);
  process.exit(2);
}

const files = template.files(name);
const taken = files.find(({ path }) => existsSync(join(root, path)));
if (taken) {
  console.error(`${taken.path} is there already; choose another name.`);
  process.exit(2);
}
for (const { path, text } of files) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
  console.log(`written ${path}`);
}
const { status } = spawnSync(process.execPath, ["scripts/generate.ts"], { cwd: root, stdio: "inherit" });
console.log(template.next);
process.exit(status ?? 1);
