/*
 * Cuts the catalogues of MITRE and OWASP down to the ids that our rules use, so that a test can check every reference
 * without carrying whole catalogues. Run it after a rule names a new id: node launcher/launch.mjs scripts/catalogues.ts
 * CATALOGUES_DIR names the folder with the whole catalogues (default ../shared/catalogues).
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { threatRuleSchema } from "../src/core/domain/rules.ts";

const itemSchema = z.looseObject({ id: z.string(), name: z.string() });
const catalogueSchema = z.looseObject({
  source: z.string(),
  version: z.string(),
  licence: z.string(),
  items: z.array(itemSchema),
});
type Item = z.infer<typeof itemSchema>;

/** Fields that say whether an id may be used; everything else stays behind. */
const keptFields = [
  "id",
  "name",
  "level",
  "status",
  "mapping_usage",
  "kind",
  "revoked",
  "deprecated",
  "replaced_by",
  "v19_unclear",
  "supplement",
];

/** What each licence asks to be carried along; the whole terms stand in rules/catalogues/NOTICE.md. */
const notices: Readonly<Record<string, string>> = {
  cwe: "CWE is (c) The MITRE Corporation and used under the CWE terms of use, https://cwe.mitre.org/about/termsofuse.html. Ids and names only.",
  capec:
    "CAPEC is (c) The MITRE Corporation and used under the CAPEC terms of use, https://capec.mitre.org/about/termsofuse.html. Ids and names only.",
  attack:
    "© 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation. Ids and names only.",
  atlas: "MITRE ATLAS is (c) The MITRE Corporation, Apache-2.0. Ids and names only.",
  asvs5:
    "OWASP Application Security Verification Standard 5.0.0, (c) OWASP Foundation, CC BY-SA 4.0. Ids and section titles only, no requirement texts.",
  "evidence-themes": "Our own mapping.",
};

const root = resolve(import.meta.dirname, "..");
const from = resolve(root, process.env.CATALOGUES_DIR ?? "../shared/catalogues");
const to = join(root, "rules", "catalogues");
const used = usedIds(join(root, "rules", "threats"));

mkdirSync(to, { recursive: true });
for (const [name, notice] of Object.entries(notices)) {
  const catalogue = catalogueSchema.parse(JSON.parse(readFileSync(join(from, `${name}.json`), "utf8")));
  const items = catalogue.items.filter((item) => used.has(item.id)).map((item) => cut(item, name));
  writeFileSync(
    join(to, `${name}.json`),
    print({ source: catalogue.source, version: catalogue.version, licence: catalogue.licence, notice }, items),
  );
  console.log(`${name}: ${items.length} of ${catalogue.items.length}`);
}

function usedIds(folder: string): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".yml"))) {
    const rule = threatRuleSchema.parse(parse(readFileSync(join(folder, file), "utf8")));
    for (const id of [...rule.cwe, ...rule.capec, ...rule.asvs, ...rule.attack, rule.theme]) ids.add(id);
  }
  return ids;
}

function cut(item: Item, catalogue: string): Item {
  if (catalogue === "evidence-themes") return item;
  const kept = Object.fromEntries(Object.entries(item).filter(([key]) => keptFields.includes(key)));
  return itemSchema.parse(kept);
}

/** One item a line, so that the difference of an update can be read. */
function print(head: Readonly<Record<string, string>>, items: readonly Item[]): string {
  const fields = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
  return `{\n${fields.join("")}  "items": [\n${items.map((item) => `    ${JSON.stringify(item)}`).join(",\n")}\n  ]\n}\n`;
}
