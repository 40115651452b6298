import type { z } from "zod";
import { compileRules } from "./changes/match-rule.ts";
import type { Place, Problem } from "./domain/problem.ts";
import { type ChangeRule, changeRuleSchema, type Rules, type ThreatRule, threatRuleSchema } from "./domain/rules.ts";
import type { FileText } from "./domain/snapshot.ts";
import { readCheckedYaml } from "./text/checked-yaml.ts";
import { compileGlobs } from "./text/globs.ts";
import { limits } from "./text/limits.ts";
import { suggestionFor } from "./text/suggestion.ts";
import { factsNamedBy } from "./threats/compile.ts";

/*
 * One file of somebody's own rules: read, held against the schema, and asked what a schema cannot say. Faults come with file, line and
 * an example; a rule with a fault is left out.
 */

/** What the ids of own rules begin with, by whose they are. */
export const ownPrefixes = { organisation: "org-", repository: "repo-" } as const;
/** Whose own rules they are. */
export type RuleOwner = keyof typeof ownPrefixes;

/** Files of own rules that lie together. */
export interface RuleSource {
  readonly files: readonly FileText[];
  readonly notRead: readonly { readonly path: string; readonly reason: string }[];
  /** Whose rules these are; absent: anybody's. */
  readonly owner?: RuleOwner;
  /** What stands before its paths in messages: nothing, or the repository that they are in. */
  readonly place: string;
}

const examples: Readonly<Record<string, string>> = {
  id: "id: org-internal-gateway",
  says: 'says: "New route through the internal gateway: `{name}`"',
  why: "why: Whatever passes the gateway is trusted by every service behind it.",
  category: "category: network-exposure",
  stride: "stride: [S, E]",
  element: 'element: { type: edge-gateway, name: "{name}" }',
  watch: 'watch: { text: { paths: ["**/*.ts"], added: ["internalGateway\\\\("] } }',
  asks: "asks: Who may call this route, and what checks it?",
  confidence: "confidence: high",
  mode: "mode: comment",
  examples:
    "examples: { fires: [{ why: a new route, path: a.ts, after: call(x) }], silent: [{ why: words, path: a.md, after: call }] }",
  title: "title: Caller behind the gateway is believed without proof",
  appliesTo: "appliesTo: { elements: [edge-gateway] }",
  likelihood: "likelihood: medium",
  impact: "impact: high",
  cwe: "cwe: [CWE-306]",
  countermeasure: "countermeasure: Check the caller's token in each service.",
  acceptance: "acceptance: A call without a token is answered with 401.",
  story: "story: { as: engineer, need: to know who calls, so: nobody acts for others, acceptance: [one, two, three] }",
  training: 'training: { title: Authentication cheat sheet, url: "https://cheatsheetseries.owasp.org/" }',
  falsePositives: "falsePositives: Routes that only the tests call.",
};

/** What reading one rule file gave: the rule with the places of its keys, or its faults. */
type RuleReading<Rule> =
  | { readonly rule: Rule; readonly at: (key: string) => Place }
  | { readonly problems: readonly Problem[] };

function readRule<Rule extends { readonly id: string }>(
  { path, text }: FileText,
  { owner, place }: RuleSource,
  schema: z.ZodType<Rule>,
): RuleReading<Rule> {
  const where = `${place}${path}`;
  const checked = readCheckedYaml(where, text, schema, { examples }, { bytes: limits.ownRuleBytes });
  if (!("value" in checked)) return { problems: checked.problems };
  const at = (key: string): Place => ({ path: where, line: checked.document.lineOf([key]) ?? 1 });
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.ya?ml$/, "");
  const fault = idFault(checked.value.id, name, owner);
  return fault ? { problems: [{ ...at("id"), ...fault }] } : { rule: checked.value, at };
}

/** The change rule of a file, or what is wrong with it. */
export function readChangeRule(
  file: FileText,
  source: RuleSource,
): { rule?: ChangeRule; problems: readonly Problem[] } {
  const read = readRule(file, source, changeRuleSchema);
  if ("problems" in read) return read;
  const problems = [
    ...compileRules([read.rule]).problems.map(({ what, hint }) => error(read.at("watch"), what, hint)),
    ...refusedGlobs(read.rule).map(({ pattern, why }) =>
      error(
        read.at("watch"),
        `The pattern \`${pattern.slice(0, 60)}\` cannot be used: ${why}.`,
        "Patterns are paths from the repository's root with `*`, `**`, `?` and `{a,b}`.",
        'paths: ["src/**/*.ts"]',
      ),
    ),
  ];
  return problems.length > 0 ? { problems } : { rule: read.rule, problems };
}

/** The threat rule of a file, or what is wrong with it; it may speak of shipped facts only. */
export function readThreatRule(
  file: FileText,
  source: RuleSource,
  shipped: Rules,
): { rule?: ThreatRule; problems: readonly Problem[] } {
  const read = readRule(file, source, threatRuleSchema);
  if ("problems" in read) return read;
  const known = shipped.facts.map(({ fact }) => fact);
  const problems: Problem[] = factsNamedBy(read.rule)
    .filter((fact) => !known.includes(fact))
    .map((fact) => {
      const near = suggestionFor(fact, known);
      const hint = near ? `Did you mean \`${near}\`?` : "Rules speak of the facts in `rules/facts.yml` only.";
      return error(read.at("appliesTo"), `There is no fact \`${fact}\`.`, hint, "when: { yes: [internet-facing] }");
    });
  if (!read.rule.training.url.startsWith("https://")) {
    const what = "The address of the training is no https address.";
    problems.push(error(read.at("training"), what, "It is shown as a link.", examples["training"]));
  }
  return problems.length > 0 ? { problems } : { rule: read.rule, problems };
}

/** Own rules carry their owner's word in front, so that none can stand in for a shipped one or for somebody else's. */
function idFault(id: string, name: string, owner: RuleOwner | undefined): Omit<Problem, "path" | "line"> | undefined {
  const prefixes = owner ? [ownPrefixes[owner]] : Object.values(ownPrefixes);
  const bare = id.replace(/^(org|repo)-/, "");
  if (!prefixes.some((prefix) => id.startsWith(prefix) && id.length > prefix.length)) {
    return {
      severity: "error",
      what: `The id \`${id}\` does not begin with ${prefixes.map((prefix) => `\`${prefix}\``).join(" or ")}.`,
      hint: "Ids of own rules do, so that they cannot stand in for a rule that ships. Rename the file as well.",
      example: `id: ${prefixes[0]}${bare}`,
    };
  }
  if (id === name) return undefined;
  return {
    severity: "error",
    what: `The id \`${id}\` differs from the file's name.`,
    hint: "Name the file after the rule: one rule, one file.",
    example: `id: ${name}`,
  };
}

function refusedGlobs({ watch }: ChangeRule): readonly { readonly pattern: string; readonly why: string }[] {
  const texts = [watch.text ?? []].flat();
  const structures = [watch.structure ?? []].flat();
  const all = [
    ...texts.flatMap(({ paths, notPaths }) => [...paths, ...(notPaths ?? [])]),
    ...structures.flatMap(({ type, notType }) => [...(type ?? []), ...(notType ?? [])]),
    ...(watch.file?.paths ?? []),
    ...(watch.file?.notPaths ?? []),
  ];
  return compileGlobs(all).refused;
}

function error(place: Place, what: string, hint: string, example?: string): Problem {
  return { ...place, severity: "error", what, hint, ...(example === undefined ? {} : { example }) };
}
