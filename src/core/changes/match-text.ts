import type { ChangeRule } from "../domain/rules.ts";
import { compileGlobs, type Globs } from "../text/globs.ts";
import { type Candidate, evidenceOf, fillTemplate } from "./candidate.ts";
import type { CodeLine } from "./code-line.ts";
import { compileLineExpression, type ExpressionSet, expressionSet, type LineExpression } from "./expression-set.ts";
import { type InspectedFile, withoutBlanks } from "./inspected-file.ts";
import type { Side } from "./patch.ts";
import { ownPlaceOf } from "./place-of-line.ts";

/*
 * Text rules: expressions on added and removed lines of code. All expressions of all rules are searched for in one
 * pass over a line; which rule they belong to is looked up afterwards.
 */

interface Watch {
  readonly rule: ChangeRule;
  readonly files: Files;
  /** What excuses a line on which the rule would speak. */
  readonly unless: readonly LineExpression[];
  readonly ignoreMoves: boolean;
}

/** Which files a rule looks at; rules that look at the same ones share it. */
interface Files {
  readonly paths: Globs;
  readonly notPaths: Globs;
  /** Whether it looks at what a browser draws as well. */
  readonly inPages: boolean;
}

interface Expression {
  readonly watch: Watch;
  readonly side: Side;
  readonly line: LineExpression;
}

/** The text part of one rule, compiled. */
export interface TextPart {
  readonly watches: readonly Watch[];
  readonly expressions: readonly Expression[];
}

/** All text rules of a rule set. */
export interface TextMatcher {
  match(file: InspectedFile): readonly Candidate[];
}

/** Two sightings of one rule closer than this are one place. */
const oneplace = 8;

/**
 * Compiles the text part of a rule; throws an Error that names an expression which is not valid. Where a rule gives
 * `added` and `removed`, either is enough: a control that came or went.
 */
export function compileTextPart(rule: ChangeRule): TextPart {
  const watches: Watch[] = [];
  const expressions: Expression[] = [];
  for (const part of [rule.watch.text ?? []].flat()) {
    const watch: Watch = {
      rule,
      files: filesOf(part.paths, part.notPaths ?? [], part.inPages ?? false),
      unless: (part.unless ?? []).map((pattern) => compileLineExpression(pattern)),
      ignoreMoves: part.ignoreMoves ?? false,
    };
    watches.push(watch);
    for (const side of ["added", "removed"] as const) {
      for (const pattern of part[side] ?? []) expressions.push({ watch, side, line: compileLineExpression(pattern) });
    }
  }
  return { watches, expressions };
}

const lists = new Map<string, Globs>();
const pairs = new Map<string, Files>();
/** Lists of paths, and pairs of them, that are remembered; an organisation's own come on top of ours. */
const mostRemembered = 2000;

/** Rules share lists of paths: equal lists are compiled, and later compared, once. */
function globsOf(patterns: readonly string[]): Globs {
  return remembered(lists, patterns.join("\n"), () => compileGlobs(patterns));
}

function filesOf(paths: readonly string[], notPaths: readonly string[], inPages: boolean): Files {
  const key = [inPages, ...paths, "", ...notPaths].join("\n");
  return remembered(pairs, key, () => ({ paths: globsOf(paths), notPaths: globsOf(notPaths), inPages }));
}

function remembered<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  if (known.size < mostRemembered) known.set(key, made);
  return made;
}

/** Joins the text parts of rules. Few look at components of pages: those are searched for these alone. */
export function textMatcher(parts: readonly TextPart[]): TextMatcher {
  const everywhere = searchFor(parts, () => true);
  const inPages = searchFor(parts, ({ files }) => files.inPages);
  return {
    match: (file) => {
      if (file.role === "production" || (file.role === "view" && file.language === "html"))
        return matchFile(file, everywhere);
      return file.role === "view" ? matchFile(file, inPages) : [];
    },
  };
}

/** Expressions that are searched for together, and the files that any of them looks at. */
interface Search {
  readonly allFiles: readonly Files[];
  readonly expressions: readonly Expression[];
  readonly set: ExpressionSet;
}

function searchFor(parts: readonly TextPart[], isWanted: (watch: Watch) => boolean): Search {
  const watches = parts.flatMap((part) => part.watches).filter(isWanted);
  const expressions = parts.flatMap((part) => part.expressions).filter(({ watch }) => isWanted(watch));
  return {
    allFiles: [...new Set(watches.map(({ files }) => files))],
    expressions,
    set: expressionSet(expressions.map(({ line }) => line)),
  };
}

function matchFile(file: InspectedFile, { allFiles, expressions, set }: Search): readonly Candidate[] {
  if (file.added.length + file.removed.length === 0) return [];
  const holding = holdingOf(file.path, allFiles);
  if (holding.size === 0) return [];
  const found: Candidate[] = [];
  const lastLine = new Map<string, number>();
  const scan = (lines: readonly CodeLine[], side: "added" | "removed", opposite: readonly CodeLine[]): void => {
    let oppositeText: string | undefined;
    const isWanted = (index: number): boolean => {
      const expression = expressions[index];
      return expression?.side === side && holding.has(expression.watch.files);
    };
    for (const line of lines) {
      if (line.isImport) continue;
      const seen = new Map<Watch, string>();
      set.each(line.code, isWanted, (index, matched) => {
        const watch = expressions[index]?.watch;
        if (watch && !seen.has(watch)) seen.set(watch, matched);
      });
      for (const [watch, matched] of seen) {
        if (watch.unless.some((excuse) => excuse.matches(line.code))) continue;
        if (watch.ignoreMoves) {
          oppositeText ??= opposite
            .filter((other) => !other.isImport)
            .map((other) => withoutBlanks(other.code))
            .join("\n");
          if (oppositeText.includes(withoutBlanks(matched))) continue;
        }
        const at = line.newLine ?? line.oldLine ?? 1;
        const key = `${watch.rule.id} ${side}`;
        const last = lastLine.get(key);
        lastLine.set(key, at);
        if (last !== undefined && at - last <= oneplace) continue;
        found.push(candidateOf(watch.rule, file, line, matched));
      }
    }
  };
  scan(file.added, "added", file.removed);
  scan(file.removed, "removed", file.added);
  return found;
}

/** Those that hold the file. Their lists are shared as well: each is compared once. */
function holdingOf(path: string, allFiles: readonly Files[]): ReadonlySet<Files> {
  const known = new Map<Globs, boolean>();
  const matches = (globs: Globs): boolean => {
    const before = known.get(globs);
    if (before !== undefined) return before;
    const now = globs.matches(path);
    known.set(globs, now);
    return now;
  };
  return new Set(allFiles.filter(({ paths, notPaths }) => matches(paths) && !matches(notPaths)));
}

function candidateOf(rule: ChangeRule, file: InspectedFile, line: CodeLine, matched: string): Candidate {
  const fileName = file.path.slice(file.path.lastIndexOf("/") + 1);
  const values = new Map([
    ["name", fileName.replace(/\.[^.]*$/, "")],
    ["type", rule.element.type],
    ["file", fileName],
    ["match", evidenceOf(matched)],
  ]);
  // What the rule calls the element; where it asks for the name itself, that of the file.
  const name = fillTemplate(rule.element.name ?? "{name}", values);
  values.set("name", name);
  return {
    rule,
    path: file.path,
    ...ownPlaceOf(line),
    name,
    values,
    evidence: evidenceOf(line.text),
    confidence: rule.confidence,
    facts: rule.facts
      .filter((fact) => fact.when === undefined)
      .map((fact) => ({
        fact: fact.fact,
        is: fact.is,
        where: { path: file.path, ...(line.newLine ? { line: line.newLine } : {}) },
      })),
  };
}
