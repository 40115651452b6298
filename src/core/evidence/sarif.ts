import type { AlertsReading, ScannerAlert } from "../domain/evidence.ts";
import type { Place } from "../domain/problem.ts";
import type { RiskLevel } from "../domain/risk.ts";
import { readJson } from "../text/json.ts";
import { weaknessesIn } from "./weaknesses.ts";

/*
 * Results of static analysis as tools exchange them: SARIF 2.1.0 (OASIS standard, 27 March 2020,
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html). Read, never believed: texts are data, paths
 * that leave the repository are dropped, and nothing that a file points to is opened.
 */

/** More bytes are not read. GitHub takes 10 MB compressed, which are about as many when unpacked. */
export const mostSarifBytes = 32 * 1024 * 1024;
const mostNodes = 3_000_000;
/** GitHub's own figures: 20 runs in a file, 25,000 results in a run. https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning */
const mostRuns = 20;
const mostResults = 25_000;

/**
 * Reads one file of results. A text that is no SARIF 2.1.0 is unknown with its reason, never empty: "no results" is what
 * a tool says, and not what we say for it. Never throws.
 * @param root folder that absolute addresses are taken relative to, with `/` between its parts.
 */
export function readSarif(text: string, name: string, root?: string): AlertsReading {
  const unknown = (why: string): AlertsReading => ({ source: "sarif", outcome: "unknown", why: `${name}: ${why}` });
  const read = readJson(text, { bytes: mostSarifBytes, nodes: mostNodes });
  if ("unreadable" in read) return unknown(read.unreadable);
  const version = textAt(read.value, "version");
  const runs = listAt(read.value, "runs");
  if (runs === undefined) return unknown("there is no list `runs`, so it is no SARIF file.");
  if (version !== "2.1.0") return unknown(`it is SARIF ${version ?? "of no version"}; 2.1.0 is read.`);
  const alerts: ScannerAlert[] = [];
  let isWhole = runs.length <= mostRuns;
  for (const run of runs.slice(0, mostRuns)) {
    const results = listAt(run, "results") ?? [];
    if (alerts.length + results.length > mostResults) isWhole = false;
    const rules = new RulesOfRun(run);
    const from: Origin = { tool: rules.tool, root: root ?? "", bases: basesOf(run), name };
    for (const result of results.slice(0, mostResults - alerts.length)) {
      const alert = alertOf(result, rules, from);
      if (alert) alerts.push(alert);
    }
  }
  return { source: "sarif", outcome: "present", alerts, isWhole, of: name };
}

interface Origin {
  readonly tool: string;
  readonly root: string;
  /** Addresses of `originalUriBaseIds` by their names. */
  readonly bases: ReadonlyMap<string, string>;
  readonly name: string;
}

/** One result, unless it says that nothing is wrong (section 3.27.9: `pass`, `notApplicable`, `informational` …). */
function alertOf(result: unknown, rules: RulesOfRun, from: Origin): ScannerAlert | undefined {
  const kind = textAt(result, "kind");
  if (kind !== undefined && kind !== "fail" && kind !== "open" && kind !== "review") return undefined;
  const rule = rules.of(result);
  const id = textAt(result, "ruleId") ?? textAt(valueAt(result, "rule"), "id") ?? textAt(rule, "id") ?? "no rule";
  const cwe = new Set([...rules.weaknessesOf(rule), ...weaknessesOf(result), ...weaknessesIn(id)]);
  const place = placeOf(result, from);
  const risk = riskOf(result, rule);
  return {
    source: "sarif",
    tool: from.tool,
    reference: `${clip(id, 100)} in ${from.name}`,
    says: clip(saysOf(result, rule) ?? id, 300),
    cwe: [...cwe].slice(0, 20),
    state: stateOf(result),
    ...(risk !== undefined && { risk }),
    ...(place && { place }),
  };
}

/** Results that people suppressed (3.27.23), and those that a comparison with an earlier run says are gone (3.27.24). */
function stateOf(result: unknown): ScannerAlert["state"] {
  if (textAt(result, "baselineState") === "absent") return "fixed";
  const suppressions = listAt(result, "suppressions") ?? [];
  const isSuppressed =
    suppressions.length > 0 &&
    suppressions.every((one) => {
      const status = textAt(one, "status");
      return status === undefined || status === "accepted";
    });
  return isSuppressed ? "dismissed" : "open";
}

/** The rules of a run, found as section 3.52 (reportingDescriptorReference) says: by index, by id, by extension. */
class RulesOfRun {
  readonly tool: string;
  /** By rule: many results share one. */
  readonly #weaknesses = new Map<unknown, readonly string[]>();
  readonly #components: readonly { readonly rules: readonly unknown[]; readonly byId: ReadonlyMap<string, unknown> }[];

  constructor(run: unknown) {
    const tool = valueAt(run, "tool");
    const driver = valueAt(tool, "driver");
    this.tool = clip(textAt(driver, "name") ?? "a tool without a name", 60);
    this.#components = [driver, ...(listAt(tool, "extensions") ?? []).slice(0, 100)].map((component) => {
      const rules = listAt(component, "rules") ?? [];
      return { rules, byId: new Map(rules.flatMap((rule) => idAndRule(rule))) };
    });
  }

  of(result: unknown): unknown {
    const reference = valueAt(result, "rule");
    const extension = numberAt(valueAt(reference, "toolComponent"), "index");
    const component = this.#components[extension === undefined ? 0 : extension + 1];
    const index = numberAt(reference, "index") ?? numberAt(result, "ruleIndex");
    const indexed = index === undefined ? undefined : component?.rules[index];
    if (indexed !== undefined) return indexed;
    const id = textAt(reference, "id") ?? textAt(result, "ruleId");
    if (id === undefined) return undefined;
    for (const name of [id, ...above(id)]) {
      for (const { byId } of this.#components) if (byId.has(name)) return byId.get(name);
    }
    return undefined;
  }

  weaknessesOf(rule: unknown): readonly string[] {
    const known = this.#weaknesses.get(rule) ?? weaknessesOf(rule);
    this.#weaknesses.set(rule, known);
    return known;
  }
}

function idAndRule(rule: unknown): [string, unknown][] {
  const id = textAt(rule, "id");
  return id === undefined ? [] : [[id, rule]];
}

/** Hierarchical ids (3.27.5): `CA1000/1` belongs to the rule `CA1000`. */
function above(id: string): string[] {
  const cut = id.lastIndexOf("/");
  return cut > 0 ? [id.slice(0, cut)] : [];
}

/**
 * Where tools name weaknesses: tags (CodeQL `external/cwe/cwe-089`, Semgrep `CWE-89: …`, Bandit), a property of their own
 * (`cwe`, `cweId`, `cwe_ids`), relations to and taxa of a taxonomy called CWE (gosec, SpotBugs; sections 3.53 and 3.27.8).
 */
function weaknessesOf(part: unknown): string[] {
  const properties = valueAt(part, "properties");
  const found: string[] = [];
  for (const name of ["tags", "cwe", "cweId", "cwe_id", "cwe_ids", "cwes", "CWE"]) {
    const value = valueAt(properties, name);
    const texts = Array.isArray(value) ? value.slice(0, 50) : [value];
    for (const one of texts) {
      if (typeof one === "string") found.push(...(name === "tags" ? weaknessesIn(one) : numbered(one)));
      else if (typeof one === "number" && name !== "tags") found.push(...numbered(String(one)));
    }
  }
  const targets = (listAt(part, "relationships") ?? []).slice(0, 50).map((relation) => valueAt(relation, "target"));
  for (const taxon of [...targets, ...(listAt(part, "taxa") ?? []).slice(0, 50)]) {
    const taxonomy = textAt(valueAt(taxon, "toolComponent"), "name") ?? "";
    if (/^cwe$/i.test(taxonomy)) found.push(...numbered(textAt(taxon, "id") ?? ""));
  }
  return found;
}

function numbered(text: string): string[] {
  const bare = /^0{0,4}([1-9]\d{0,4})$/.exec(text.trim());
  return bare ? [`CWE-${bare[1]}`] : weaknessesIn(text);
}

function saysOf(result: unknown, rule: unknown): string | undefined {
  const inRule = ["shortDescription", "fullDescription"].map((name) => textAt(valueAt(rule, name), "text"));
  return (
    textAt(valueAt(result, "message"), "text") ?? inRule.find((text) => text !== undefined) ?? textAt(rule, "name")
  );
}

/**
 * `security-severity` is a score from 0 to 10 that GitHub reads as CVSS does: from 9 critical, from 7 high, from 4 medium.
 * Where there is none the level counts (3.27.10), and an error is taken for high.
 */
function riskOf(result: unknown, rule: unknown): RiskLevel | undefined {
  const stated = [result, rule]
    .map((part) => valueAt(valueAt(part, "properties"), "security-severity"))
    .find((value) => typeof value === "string" || typeof value === "number");
  const score = stated === undefined || stated === "" ? Number.NaN : Number(stated);
  if (score >= 0 && score <= 10) return score >= 9 ? "critical" : score >= 7 ? "high" : score >= 4 ? "medium" : "low";
  const level = textAt(result, "level") ?? textAt(valueAt(rule, "defaultConfiguration"), "level");
  return level === "error" ? "high" : level === "warning" ? "medium" : level === "note" ? "low" : undefined;
}

/** The first location that lies in the repository (3.28, 3.29, 3.4). */
function placeOf(result: unknown, from: Origin): Place | undefined {
  for (const location of (listAt(result, "locations") ?? []).slice(0, 10)) {
    const physical = valueAt(location, "physicalLocation");
    const artifact = valueAt(physical, "artifactLocation");
    const uri = textAt(artifact, "uri");
    const path = uri === undefined ? undefined : pathOf(uri, textAt(artifact, "uriBaseId"), from);
    if (path === undefined) continue;
    const line = numberAt(valueAt(physical, "region"), "startLine");
    return line !== undefined && line >= 1 ? { path, line } : { path };
  }
  return undefined;
}

/** A path from the root of the repository; undefined for what lies elsewhere or is no path at all. */
function pathOf(uri: string, baseId: string | undefined, { root, bases }: Origin): string | undefined {
  if (uri.length > 4_096) return undefined;
  const base = baseId === undefined ? "" : (bases.get(baseId) ?? "");
  const plain = decoded(/^[a-z][a-z0-9+.-]*:|^\//i.test(uri) ? uri : `${base}${uri}`);
  if (plain === undefined || /[\u0000-\u001f]/.test(plain)) return undefined;
  const local = plain.replace(/^file:\/\/(localhost)?/i, "");
  if (/^[a-z][a-z0-9+.-]+:/i.test(local)) return undefined;
  const slashed = local.replaceAll("\\", "/");
  const isAbsolute = slashed.startsWith("/") || /^[a-z]:\//i.test(slashed);
  if (isAbsolute && (root === "" || !slashed.startsWith(`${root}/`))) return undefined;
  const relative = (isAbsolute ? slashed.slice(root.length + 1) : slashed).replace(/^(\.\/)+/, "");
  return relative === "" || relative.split("/").includes("..") ? undefined : relative;
}

function decoded(uri: string): string | undefined {
  try {
    return decodeURIComponent(uri);
  } catch {
    return undefined;
  }
}

/** `originalUriBaseIds` (3.14.14) whose address is given; `%SRCROOT%` without one is the repository itself. */
function basesOf(run: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const given = valueAt(run, "originalUriBaseIds");
  if (typeof given !== "object" || given === null) return found;
  for (const [name, location] of Object.entries(given).slice(0, 50)) {
    const uri = textAt(location, "uri");
    if (uri !== undefined) found.set(name, uri.endsWith("/") ? uri : `${uri}/`);
  }
  return found;
}

function valueAt(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

function textAt(value: unknown, name: string): string | undefined {
  const found = valueAt(value, name);
  return typeof found === "string" && found !== "" ? found : undefined;
}

function numberAt(value: unknown, name: string): number | undefined {
  const found = valueAt(value, name);
  return typeof found === "number" && Number.isSafeInteger(found) && found >= 0 ? found : undefined;
}

function listAt(value: unknown, name: string): readonly unknown[] | undefined {
  const found = valueAt(value, name);
  return Array.isArray(found) ? found : undefined;
}

/** On one line and bounded: a message may be a page. */
function clip(text: string, most: number): string {
  return text
    .slice(0, most * 4)
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, most);
}
