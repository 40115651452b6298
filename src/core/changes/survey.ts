import type { ChangeCategory } from "../domain/change.ts";
import type { ElementType } from "../domain/element-type.ts";
import type { Fact } from "../domain/fact.ts";
import type { NotInspected } from "../domain/problem.ts";
import type { ChangeRule, Rules } from "../domain/rules.ts";
import type { FileText } from "../domain/snapshot.ts";
import type { Survey, SurveyedFile, SurveyedItem, SurveyedSight } from "../domain/survey.ts";
import { readCode } from "./code-line.ts";
import { personalWords, secretWords } from "./data-words.ts";
import { detector as outbound } from "./detectors/outbound.ts";
import { detector as routes } from "./detectors/routes.ts";
import { detector as storage } from "./detectors/storage.ts";
import type { InspectedFile } from "./inspected-file.ts";
import { type Language, languageOf, programmingLanguages } from "./language.ts";
import { compileStructurePart, type StructureMatcher, structureMatcher } from "./match-structure.ts";
import { type PathRole, roleOf, withoutPackage } from "./path-role.ts";
import type { Item } from "./structure.ts";
import { structures } from "./structures/index.ts";
import { longestStructuralText } from "./texts.ts";
import { phraseOf } from "./words.ts";

/*
 * Reads a repository as it stands with the eyes that pull requests are read with: the same structure readers, the same
 * rules on what a declared thing is, the same detectors on source code.
 */

/** Source code larger than this is generated, and says nothing that smaller files do not. */
const longestCode = 256 * 1024;
/** Lines of one file of code that are looked at. */
const mostLines = 6_000;

/** Files whose declarations describe what runs. Lock files say nothing that manifests do not. */
const declaring: ReadonlySet<PathRole> = new Set(["production", "view"]);
/** Manifests of what people only try out or test with are no part of the system. */
const passedOver =
  /(^|\/)(\.devcontainer|examples?|samples?|tests?|test-?suites?|e2e|testdata|fixtures?|docs?|website)\/|(^|\/)node_modules\//i;
/** Lists of what others bring along: long, and no statement of the team. */
const lockFile =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|Gemfile\.lock|composer\.lock|Cargo\.lock|go\.sum|packages\.lock\.json|gradle\.lockfile|\.terraform\.lock\.hcl)$/;

/** Where operations, tables and messages are declared. */
const declaringLanguages: ReadonlySet<Language> = new Set([...programmingLanguages, "sql", "prisma", "protobuf"]);

/** Whether a path may say something about the system: asked before any text is read. */
export function isSurveyed(path: string): boolean {
  const plain = withoutPackage(path);
  // What builds the repository's own pipeline is told by its workflows.
  if (path.startsWith(".github/") && !/^\.github\/(workflows|actions)\//.test(path)) return false;
  if (passedOver.test(plain) || lockFile.test(path)) return false;
  if (!declaring.has(roleOf(plain))) return false;
  return declares(path) || isCode(path);
}

/** Whether a path is a manifest or a description of infrastructure, rather than code: the more telling kind. */
export function declares(path: string): boolean {
  return structures.some((structure) => structure.wants(path));
}

function isCode(path: string): boolean {
  return declaringLanguages.has(languageOf(path)) && roleOf(withoutPackage(path)) === "production";
}

/**
 * What the files say. Pure and bounded: larger texts are refused by name, each reader has its own limits. The order of the
 * files does not matter.
 * @param paths every path of the repository, also those that were not read.
 */
export function surveyFiles(
  name: string,
  paths: readonly string[],
  texts: readonly FileText[],
  notRead: readonly NotInspected[],
  rules: Rules,
): Survey {
  const matcher = matcherFor(rules);
  const refused: NotInspected[] = [...notRead];
  const files = texts
    .filter(({ path }) => isSurveyed(path))
    .map((file) => surveyOne(file, matcher, refused))
    .filter(({ items, sights, moved }) => items.length > 0 || sights.length > 0 || moved !== undefined);
  const byPath = (one: { readonly path: string }, other: { readonly path: string }): number =>
    one.path < other.path ? -1 : one.path > other.path ? 1 : 0;
  return { name, paths: [...paths].sort(), files: files.sort(byPath), notRead: refused.sort(byPath) };
}

function surveyOne({ path, text }: FileText, matcher: StructureMatcher, refused: NotInspected[]): SurveyedFile {
  const items: SurveyedItem[] = [];
  if (declares(path)) {
    if (text.length > longestStructuralText) refused.push({ path, reason: "too large" });
    else {
      const lines = text.split("\n");
      for (const reader of structures) {
        if (!reader.wants(path)) continue;
        const read = reader.read(path, text);
        if ("unreadable" in read) refused.push({ path, reason: `could not be parsed: ${read.unreadable}` });
        else items.push(...read.items.map((item) => surveyedItem(path, item, lines, matcher)));
      }
    }
  }
  const moved = /\.(tf|tofu)$/.test(path) ? movedIn(text) : undefined;
  const sights = [...sightsIn(path, text, refused), ...projectSight(path, text), ...databaseSights(path, text)];
  return { path, items, sights, ...(moved ? { moved } : {}) };
}

/** Kinds of item that are many and that no rule of elements speaks of: fields and operations are counted, not classified. */
const unclassified = /^(openapi|graphql|protobuf)-|^config-key$|^locked-dependency$/;

function surveyedItem(path: string, item: Item, lines: readonly string[], matcher: StructureMatcher): SurveyedItem {
  if (item.kind.endsWith("-field")) return { item, types: [], facts: factsOfField(path, item) };
  if (unclassified.test(item.kind)) return { item, types: [], facts: [] };
  const candidates = matcher.match({
    path,
    difference: { change: "added", after: item, attributes: [] },
    after: lines,
    before: [],
  });
  const telling = candidates.filter(({ rule }) =>
    item.kind === "dependency" ? bringing.has(rule.category) : namesTypes(rule),
  );
  const types = new Set<ElementType>(telling.map(({ rule }) => rule.element.type));
  return { item, types: [...types], facts: candidates.flatMap(({ facts }) => facts) };
}

/** Whether a rule says what a thing is, by its type, rather than how it is set up. */
function namesTypes({ watch }: ChangeRule): boolean {
  return [watch.structure ?? []].flat().some(({ type, notType }) => type !== undefined || notType !== undefined);
}

/** What a package may bring into a system; a package that protects or checks a web application makes nobody one. */
const bringing: ReadonlySet<ChangeCategory> = new Set([
  "component",
  "datastore",
  "messaging",
  "external-integration",
  "public-interface",
  "authentication",
]);

/** What the name of a field says that it holds. */
function factsOfField(path: string, item: Item): Fact[] {
  const phrase = phraseOf(item.type);
  const where = { path, line: item.line };
  if (secretWords(phrase) !== undefined) return [{ fact: "handles-credentials", is: "yes", where }];
  return personalWords(phrase) === undefined ? [] : [{ fact: "personal-data", is: "yes", where }];
}

const matchers = new WeakMap<Rules, StructureMatcher>();

function matcherFor(rules: Rules): StructureMatcher {
  const known = matchers.get(rules);
  if (known) return known;
  const watches = rules.changes.flatMap((rule) => {
    try {
      return compileStructurePart(rule);
    } catch {
      // A rule with a fault is told where rules are read; here the others still speak.
      return [];
    }
  });
  const matcher = structureMatcher(watches);
  matchers.set(rules, matcher);
  return matcher;
}

/** Words without which none of the detectors sees anything: most files hold none of them, and are passed over cheaply. */
const telling =
  /:\/\/|@(?:Get|Post|Put|Patch|Delete|Request|Path|Table|Entity|FeignClient)|\.(?:get|post|put|patch|delete|route|all|register|Handle|GET|POST|Get|Post|Map)\w*\(|Route|Client|client|create_table|CreateModel|CreateTable|CREATE TABLE|create table|Field\(|Column|column|\bmodel\s+\w+\s*\{|DbSet|\brpc\b|path\(|resources|smtp|boto3|^[ \t]*(?:get|post|put|patch|delete|mount)\s/m;

function sightsIn(path: string, text: string, refused: NotInspected[]): SurveyedSight[] {
  if (!isCode(path) || !telling.test(text.slice(0, longestCode))) return [];
  if (text.length > longestCode) {
    refused.push({ path, reason: "too large to be read as code" });
    return [];
  }
  const language = languageOf(path);
  const lines = text.split("\n").slice(0, mostLines);
  const hunk = {
    oldStart: 0,
    oldCount: 0,
    newStart: 1,
    newCount: lines.length,
    heading: "",
    lines: lines.map((line, index) => ({ kind: "added" as const, text: line, newLine: index + 1 })),
  };
  const read = readCode(hunk, language);
  const code = read.filter((line) => line.code !== "");
  const file: InspectedFile = {
    file: { filename: path, status: "added", additions: lines.length, deletions: 0, changes: lines.length },
    path,
    role: "production",
    language,
    hunks: [{ heading: "", lines: read }],
    added: code,
    removed: [],
    allAdded: code,
  };
  return [routes, outbound, storage]
    .flatMap((detector) => detector.inspect([file]))
    .filter(({ confidence }) => confidence !== "low")
    .map(({ what, name, line }) => ({ what, name, ...(line === undefined ? {} : { line }) }));
}

/** Whether a .NET project is an application or a library: said by its SDK and kind of output. https://learn.microsoft.com/dotnet/core/project-sdk/overview */
function projectSight(path: string, text: string): SurveyedSight[] {
  if (!/\.(cs|fs|vb)proj$/.test(path)) return [];
  const head = text.slice(0, 20_000);
  const runs = /Sdk="Microsoft\.NET\.Sdk\.(Web|Worker|BlazorWebAssembly)"|<OutputType>\s*(Exe|WinExe)\s*</.test(head);
  return [{ what: runs ? "application" : "library", name: path }];
}

/** Settings in code that say which database a mapper of objects speaks to, by their files. */
const databaseSettings: readonly { readonly file: RegExp; readonly says: RegExp }[] = [
  // https://www.prisma.io/docs/orm/reference/prisma-schema-reference#datasource
  { file: /\.prisma$/, says: /^\s*provider\s*=\s*"(postgresql|postgres|mysql|sqlite|sqlserver|mongodb|cockroachdb)"/ },
  // https://docs.djangoproject.com/en/stable/ref/settings/#engine
  {
    file: /settings[^/]*\.py$|\/settings\/[^/]+\.py$/,
    says: /["']ENGINE["']\s*:\s*["'](?:\w+\.)*(postgresql|postgis|mysql|sqlite3|oracle|mssql)\w*["']/,
  },
  // https://orm.drizzle.team/docs/drizzle-config-file
  {
    file: /(^|\/)drizzle\.config\.[cm]?[jt]s$/,
    says: /^\s*dialect\s*:\s*["'](postgresql|mysql|sqlite|mssql|turso)["']/,
  },
];

function databaseSights(path: string, text: string): SurveyedSight[] {
  const setting = databaseSettings.find(({ file }) => file.test(path));
  if (!setting) return [];
  return text
    .slice(0, longestCode)
    .split("\n", mostLines)
    .flatMap((line, index) => {
      const name = setting.says.exec(line.slice(0, 300))?.[1];
      return name === undefined ? [] : [{ what: "database", name, line: index + 1 }];
    });
}

/** Renames that Terraform code states by `moved` blocks. */
function movedIn(text: string): ReadonlyMap<string, string> | undefined {
  const moved = new Map<string, string>();
  for (const block of text.split(/^moved\b/m).slice(1)) {
    const head = block.slice(0, 600);
    const from = /\bfrom\s*=\s*([\w.-]{1,200})/.exec(head)?.[1];
    const to = /\bto\s*=\s*([\w.-]{1,200})/.exec(head)?.[1];
    if (from !== undefined && to !== undefined) moved.set(to, from);
  }
  return moved.size === 0 ? undefined : moved;
}
