import type { ClassificationRules } from "./domain/classification.ts";
import { ownClassificationPath, ownRulesFolder, type Policy } from "./domain/policy.ts";
import type { Problem } from "./domain/problem.ts";
import type { ChangeRule, Rules, ThreatRule } from "./domain/rules.ts";
import type { FileText, PolicyText, Snapshot } from "./domain/snapshot.ts";
import { shortDigest } from "./domain/threat-id.ts";
import { type OwnClassification, readClassification } from "./own-classification.ts";
import { type RuleOwner, type RuleSource, readChangeRule, readThreatRule } from "./own-rule-file.ts";
import { limits } from "./text/limits.ts";
import { suggestionFor } from "./text/suggestion.ts";

/*
 * Rules of an organisation or a repository: the same files as in `rules/`, read from default branches. They come on top of
 * the shipped ones and cannot touch them: their ids begin with a word that no shipped id begins with, and they are matched
 * and weighed by themselves. A file with a fault is told and left out; the others work.
 */

/** Rules in force with what is wrong with the own ones. */
export interface RulesInForce {
  readonly rules: Rules;
  readonly problems: readonly Problem[];
}

/** Sets of own rules that are remembered, with what was compiled for them. */
const mostRemembered = 50;
const remembered = new WeakMap<Rules, Map<string, RulesInForce>>();

/**
 * The shipped rules with those of the organisation and, where the policy uses them, of the repository. The same texts give
 * the same object, so that they are compiled once.
 */
export function rulesInForce(
  shipped: Rules,
  { policy: texts, repository }: Pick<Snapshot, "policy" | "repository">,
  policy: Policy,
): RulesInForce {
  const sources = sourcesOf(texts, repository, policy);
  const named = modesOfNothing(policy, shipped, []);
  if (sources.length === 0) return { rules: shipped, problems: [...unused(texts.repository, policy), ...named] };
  const key = shortDigest(JSON.stringify(sources), 32);
  const known = remembered.get(shipped) ?? new Map<string, RulesInForce>();
  remembered.set(shipped, known);
  const inForce = known.get(key) ?? joined(shipped, sources, key);
  known.delete(key);
  known.set(key, inForce);
  for (const oldest of known.keys()) {
    if (known.size <= mostRemembered) break;
    known.delete(oldest);
  }
  const own = inForce.rules.own;
  return {
    rules: inForce.rules,
    problems: [
      ...inForce.problems,
      ...unused(texts.repository, policy),
      ...modesOfNothing(policy, shipped, own ? [...own.changes, ...own.threats] : []),
    ],
  };
}

/** The rule files of one folder, such as `threatgate rules test` is given; ids may be of either kind. */
export function readOwnRules(files: readonly FileText[], shipped: Rules): RulesInForce {
  return joined(shipped, [{ files, notRead: [], place: "" }], "files");
}

function sourcesOf(
  texts: Snapshot["policy"],
  repository: { readonly owner: string; readonly name: string },
  policy: Policy,
): readonly RuleSource[] {
  const sourceOf = (text: PolicyText | undefined, owner: RuleOwner, place: string): RuleSource[] =>
    text?.rules ? [{ ...text.rules, owner, place }] : [];
  const away = repository.name.toLowerCase() === ".github" ? "" : `${repository.owner}/.github:`;
  return [
    ...sourceOf(texts.organisation, "organisation", away),
    ...(policy.repositoryRules === "use" ? sourceOf(texts.repository, "repository", "") : []),
  ];
}

/** Rules that lie in a repository whose policy does not use them: whoever wrote them must not believe that they work. */
function unused({ rules }: PolicyText, policy: Policy): Problem[] {
  if (!rules || policy.repositoryRules === "use") return [];
  return [
    {
      path: ownRulesFolder,
      severity: "warning",
      what: "The rules in this folder are not used.",
      hint: policy.origins["repositoryRules"]?.locked
        ? "The organisation locks `repositoryRules`: ask it to use them."
        : "Set `repositoryRules: use` in the policy, or move them to the organisation's `.github` repository.",
      example: "repositoryRules: use",
    },
  ];
}

function joined(shipped: Rules, sources: readonly RuleSource[], key: string): RulesInForce {
  const problems: Problem[] = [];
  const changes: ChangeRule[] = [];
  const threats: ThreatRule[] = [];
  let classification: ClassificationRules | undefined;
  for (const source of sources) {
    for (const { path, reason } of source.notRead)
      problems.push(left(`${source.place}${path}`, `It is not read: ${reason}.`));
    for (const file of source.files) {
      if (isClassification(file.path)) {
        const read = classificationOf(file, source, shipped);
        problems.push(...read.problems);
        classification = read.classification;
        continue;
      }
      const isChange = file.path.includes("/changes/") || file.path.startsWith("changes/");
      const read = isChange ? readChangeRule(file, source) : readThreatRule(file, source, shipped);
      problems.push(...read.problems);
      if (read.rule && "watch" in read.rule) changes.push(read.rule);
      else if (read.rule) threats.push(read.rule);
    }
  }
  const known = [...shipped.changes, ...changes].map(({ id }) => id);
  for (const threat of threats) problems.push(...namesNothing(threat, known, sources));
  const none = changes.length + threats.length === 0;
  if (none && classification === undefined) return { rules: shipped, problems };
  const version = `${shipped.version}+${shortDigest(key, 8)}`;
  const own: Rules = { version, changes, threats, facts: shipped.facts, deliverables: [] };
  const rules = { ...shipped, version, ...(classification && { classification }), ...(none ? {} : { own }) };
  return { rules, problems };
}

function isClassification(path: string): boolean {
  return path === "classification.yml" || path === ownClassificationPath;
}

/** Whoever is judged must not choose how: only the organisation's classification counts. */
function classificationOf(file: FileText, { owner, place }: RuleSource, shipped: Rules): OwnClassification {
  const where = `${place}${file.path}`;
  if (owner !== "repository") return readClassification(file, where, shipped);
  const problem: Problem = {
    path: where,
    severity: "warning",
    what: "How systems are classified is the organisation's to say: this file is not used.",
    hint: "Move it to the organisation's `.github` repository, or name the class of a system in its policy.",
    example: "systems: [{ name: shop, riskClass: high }]",
  };
  return { problems: [problem] };
}

/** Ids of change rules that a threat is kept for or about and that nobody has: it would never be asked. */
function namesNothing(threat: ThreatRule, known: readonly string[], sources: readonly RuleSource[]): Problem[] {
  const source = sources.find(({ files }) => files.some(({ path }) => path.endsWith(`/${threat.id}.yml`)));
  const file = source?.files.find(({ path }) => path.endsWith(`/${threat.id}.yml`));
  if (!source || !file) return [];
  return [...(threat.appliesTo.changes ?? []), ...(threat.appliesTo.about ?? [])]
    .filter((id) => !id.includes("*") && !known.includes(id))
    .map((id) => {
      const near = suggestionFor(id, known);
      const hint = near ? `Did you mean \`${near}\`?` : "`threatgate rules list` shows the shipped ones.";
      return {
        path: `${source.place}${file.path}`,
        severity: "warning",
        what: `No change rule is called \`${id}\`.`,
        hint,
      };
    });
}

/** A mode for a rule that does not exist protects nothing and silences nothing, and nobody would notice. */
function modesOfNothing(policy: Policy, shipped: Rules, own: readonly { readonly id: string }[]): Problem[] {
  const known = [...shipped.changes, ...shipped.threats, ...own].map(({ id }) => id);
  const ids = new Set(known);
  return Object.keys(policy.rules)
    .filter((id) => !ids.has(id))
    .map((id) => {
      const place = policy.origins[`rules.${id}`]?.place;
      const near = suggestionFor(id, known);
      return {
        path: place?.path ?? ".github/threatgate.yml",
        ...(place?.line === undefined ? {} : { line: place.line }),
        severity: "warning",
        what: `\`rules.${id}\` has no effect: there is no rule of this id.`,
        hint: near
          ? `Did you mean \`${near}\`?`
          : "`threatgate rules list` shows the shipped ones; own ones begin with `org-` or `repo-`.",
      };
    });
}

function left(path: string, what: string): Problem {
  return {
    path,
    severity: "error",
    what,
    hint: `At most ${limits.ownRules} rules of each kind are read, each of at most 64 KiB.`,
  };
}
