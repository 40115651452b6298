import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type ClassificationRules, classificationRulesSchema } from "../../core/domain/classification.ts";
import { type Framework, frameworkSchema } from "../../core/domain/framework.ts";
import type { Problem } from "../../core/domain/problem.ts";
import {
  type ChangeRule,
  type CountermeasureDefinition,
  changeRuleSchema,
  countermeasureDefinitionSchema,
  type DeliverableRule,
  deliverableRuleSchema,
  type EvidenceTheme,
  evidenceThemeSchema,
  type FactDefinition,
  factDefinitionSchema,
  type Rules,
  type ThreatRule,
  threatRuleSchema,
} from "../../core/domain/rules.ts";
import type { FileText } from "../../core/domain/snapshot.ts";
import { readOwnYaml, type YamlDocument } from "../../core/text/yaml.ts";
import { keepRules, keptRules } from "./kept-rules.ts";

/** The rules that ship with Threatgate: `rules/` beside `src/` in a clone, beside `dist/` in the package. */
export const shippedRules = findShippedRules(fileURLToPath(import.meta.url));

function findShippedRules(from: string): string {
  const source = from.lastIndexOf("/dist/") >= 0 ? from.lastIndexOf("/dist/") : from.lastIndexOf("/src/");
  return join(from.slice(0, source), "rules");
}

/** Rules of a folder with the faults found in its files; a faulty rule is left out and told. */
export interface LoadedRules {
  readonly rules: Rules;
  readonly problems: readonly Problem[];
}

/**
 * Reads `changes/*.yml`, `threats/*.yml`, `deliverables/*.yml`, `facts.yml`, `classification.yml`, `countermeasures.yml`
 * the evidence themes and the laws and standards below `directory`. Never throws for what is in the files; throws as `node:fs` does when the
 * folder itself cannot be read.
 */
export async function loadRules(directory: string): Promise<LoadedRules> {
  return rulesOf(await textsOf(directory));
}

/** All texts below a folder that rules are made of, by path, in a fixed order. */
interface RuleTexts {
  /** Digest of all paths and texts. */
  readonly digest: string;
  readonly byPath: ReadonlyMap<string, string>;
}

const folders = ["changes", "threats", "deliverables"] as const;
const single = [
  "facts.yml",
  "classification.yml",
  "countermeasures.yml",
  "catalogues/evidence-themes.json",
  "catalogues/frameworks.json",
];

async function textsOf(directory: string): Promise<RuleTexts> {
  const byPath = new Map<string, string>();
  // At once: six hundred small files that each wait for their turn take twice as long, and nothing else is done meanwhile.
  for (const folder of folders)
    for (const name of await ymlFiles(join(directory, folder)))
      byPath.set(`${folder}/${name}`, readFileSync(join(directory, folder, name), "utf8"));
  for (const path of single) {
    const text = readIfThere(join(directory, path));
    if (text !== undefined) byPath.set(path, text);
  }
  if (!byPath.has("facts.yml")) byPath.set("facts.yml", "[]");
  const digest = createHash("sha256");
  for (const [path, text] of byPath) digest.update(path).update("\0").update(text).update("\0");
  return { digest: digest.digest("hex"), byPath };
}

function rulesOf({ digest, byPath }: RuleTexts): LoadedRules {
  const problems: Problem[] = [];
  const readOf = <T>(folder: (typeof folders)[number], schema: z.ZodType<T>): T[] => {
    const found: T[] = [];
    for (const [path, text] of byPath) {
      if (!path.startsWith(`${folder}/`)) continue;
      const rule = readOne(path, text, schema, problems);
      if (rule === undefined) continue;
      const id = (rule as { id?: string }).id;
      if (id !== undefined && id !== basename(path, ".yml")) {
        problems.push({
          path,
          line: 1,
          severity: "error",
          what: `The id \`${id}\` differs from the file's name.`,
          hint: "Name the file after the rule: one rule, one file.",
          example: `id: ${basename(path, ".yml")}`,
        });
      }
      found.push(rule);
    }
    return found;
  };
  const optional = <T>(path: string, schema: z.ZodType<T>): T | undefined => {
    const text = byPath.get(path);
    return text === undefined ? undefined : readOne(path, text, schema, problems);
  };
  const changes: ChangeRule[] = readOf("changes", changeRuleSchema);
  const threats: ThreatRule[] = readOf("threats", threatRuleSchema);
  const deliverables: DeliverableRule[] = readOf("deliverables", deliverableRuleSchema);
  const facts: FactDefinition[] = optional("facts.yml", z.array(factDefinitionSchema)) ?? [];
  const classification: ClassificationRules | undefined = optional("classification.yml", classificationRulesSchema);
  const countermeasures: CountermeasureDefinition[] | undefined = optional(
    "countermeasures.yml",
    z.array(countermeasureDefinitionSchema),
  );
  const themes: { readonly items: readonly EvidenceTheme[] } | undefined = optional(
    "catalogues/evidence-themes.json",
    z.looseObject({ items: z.array(evidenceThemeSchema) }),
  );
  const laws: { readonly frameworks: readonly Framework[] } | undefined = optional(
    "catalogues/frameworks.json",
    z.looseObject({ frameworks: z.array(frameworkSchema) }),
  );
  const rules: Rules = {
    version: digest.slice(0, 12),
    changes,
    threats,
    facts,
    deliverables,
    ...(classification && { classification }),
    ...(countermeasures && { countermeasures }),
    ...(themes && { themes: themes.items }),
    ...(laws && { frameworks: laws.frameworks }),
  };
  return { rules, problems };
}

/** The rules of a folder that must be sound, such as our own; throws an Error that lists every fault. */
export async function readRules(directory: string = shippedRules): Promise<Rules> {
  const texts = await textsOf(directory);
  const kept = keptRules(texts.digest);
  if (kept) return kept;
  const { rules, problems } = rulesOf(texts);
  if (problems.length > 0) {
    const list = problems.map((p) => `  ${p.path}${p.line ? `:${p.line}` : ""}: ${p.what} ${p.hint}`).join("\n");
    throw new Error(`These rules cannot be used:\n${list}`);
  }
  keepRules(texts.digest, rules);
  return rules;
}

/**
 * The texts of the rules in a folder of somebody's own, by `changes/<name>`, `threats/<name>` and `classification.yml`; none
 * where it has none.
 */
export async function ownRuleFiles(directory: string): Promise<FileText[]> {
  const files: FileText[] = [];
  for (const kind of ["changes", "threats"]) {
    for (const name of await ymlFiles(join(directory, kind))) {
      const path = `${kind}/${name}`;
      files.push({ path, text: await readFile(join(directory, path), "utf8") });
    }
  }
  const classification = await readFile(join(directory, "classification.yml"), "utf8").catch(() => undefined);
  if (classification !== undefined) files.push({ path: "classification.yml", text: classification });
  return files;
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

async function ymlFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names.filter((name) => name.endsWith(".yml")).sort();
}

function readOne<T>(path: string, text: string, schema: z.ZodType<T>, problems: Problem[]): T | undefined {
  const read = readOwnYaml(path, text);
  problems.push(...read.problems);
  const { document } = read;
  if (!document || read.problems.some((problem) => problem.severity === "error")) return undefined;
  const checked = schema.safeParse(document.value);
  if (checked.success) return checked.data;
  for (const issue of checked.error.issues) {
    const line = nearestLine(document, issue.path);
    problems.push({
      path,
      line,
      severity: "error",
      what: `\`${issue.path.join(".") || "the rule"}\`: ${issue.message}.`,
      hint: "See docs/writing-rules.md for the fields of a rule.",
    });
  }
  return undefined;
}

/** The line of the part at a path, or of the nearest part around it that stands in the text. */
function nearestLine(document: YamlDocument, path: readonly PropertyKey[]): number {
  const parts = path.map((part) => (typeof part === "number" ? part : String(part)));
  for (let length = parts.length; length > 0; length--) {
    const line = document.lineOf(parts.slice(0, length));
    if (line !== undefined) return line;
  }
  return 1;
}
