import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { readHcl } from "../../src/core/changes/notations/hcl.ts";
import { elementTypes } from "../../src/core/domain/element-type.ts";
import { inUseFact } from "../../src/core/domain/fact.ts";
import { threatRuleSchema } from "../../src/core/domain/rules.ts";
import { strideLetters } from "../../src/core/domain/stride.ts";
import type { ThreatModel } from "../../src/core/domain/threat-model.ts";
import { readOne } from "../../src/core/readers/read-model.ts";
import { matchesId, namesChange } from "../../src/core/threats/applies.ts";
import { compileRules, factsNamedBy } from "../../src/core/threats/compile.ts";
import { elicit, elicitModel } from "../../src/core/threats/elicit.ts";
import { outcomeOfExample, runThreatExamples } from "../../src/core/threats/rule-examples.ts";
import { loadRules, shippedRules } from "../../src/shell/local/rule-files.ts";
import { aChange, aFlow, aModel, anElement, facts } from "../core/threats/make.ts";

const { rules, problems } = await loadRules(shippedRules);
const files = readdirSync(join(shippedRules, "threats")).filter((name) => name.endsWith(".yml"));
const changeRuleIds = readdirSync(join(shippedRules, "changes"))
  .filter((name) => name.endsWith(".yml"))
  .map((name) => name.replace(/\.yml$/, ""));
const factNames = new Set(rules.facts.map((fact) => fact.fact));

interface CatalogueItem {
  readonly id: string;
  readonly name: string;
  readonly level?: string | number;
  readonly status?: string;
  readonly kind?: string;
  readonly mapping_usage?: string;
  /** Added to CWE after 4.15, so that the catalogue knows no usage yet. */
  readonly supplement?: boolean;
  readonly revoked?: boolean;
  readonly deprecated?: boolean;
  readonly replaced_by?: string;
  readonly v19_unclear?: boolean;
}

function catalogue(name: string): ReadonlyMap<string, CatalogueItem> {
  const parsed: { items: CatalogueItem[] } = JSON.parse(
    readFileSync(join(shippedRules, "catalogues", `${name}.json`), "utf8"),
  );
  return new Map(parsed.items.map((item) => [item.id, item]));
}

const cwe = catalogue("cwe");
const capec = catalogue("capec");
const asvs = catalogue("asvs5");
const attack = new Map([...catalogue("attack"), ...catalogue("atlas")]);
const themes = catalogue("evidence-themes");

/** CWE entries that MITRE discourages for mapping, with the reason why nothing better exists. */
const discouragedButBest: Readonly<Record<string, string>> = {
  "CWE-1426": "The only entry of CWE 4.15 for output of a generative model that is used without checking.",
};

/** Stacks that samples may be for: those that a changed file tells (derive.ts), and a few that no file tells yet. */
const sampleStacks: ReadonlySet<string> = new Set([
  "terraform",
  "kubernetes",
  "docker",
  "compose",
  "github-actions",
  "typescript",
  "python",
  "go",
  "java",
  "sql",
  "kotlin",
  "swift",
  "c",
  "bash",
  "nginx",
  "model",
]);

/** Changes that lead to a question alone where nothing else is known, with the reason. */
const onlyAsks: Readonly<Record<string, string>> = {
  "answer-holds-personal-data": "whether the field is about people, a name alone does not prove",
  "openapi-personal-field": "whether the field is about people, a name alone does not prove",
  "openapi-secret-field": "whether a credential or the word for one leaves, a name alone does not prove",
  "personal-field-added": "whether the field is about people, a name alone does not prove",
  "personal-column-added": "whether the column is about people, a name alone does not prove",
  "table-added": "what a table threatens follows from what it holds",
};

/**
 * Changes that no threat names, although they do not begin with "New": a thing that comes can suffer whatever its type
 * can, so that all threats of the touched letters are about it. Each with what comes.
 */
const bringsAThing: Readonly<Record<string, string>> = {
  "background-work-added": "a worker",
  "config-datastore": "a data store",
  "config-external-address": "a partner",
  "endpoint-in-configuration": "a partner",
  "kubernetes-datastore": "a data store",
  "kubernetes-messaging": "a message broker",
  "kubernetes-operator": "a program in the cluster",
  "mail-or-text-sent": "a sender of messages",
  "object-storage-used": "an object store, or a use of one that nobody has described",
  "openapi-server": "another place that serves the whole interface",
  "openapi-upload": "a way for files to come in",
  "outbound-host-named": "a partner",
  "platform-service-bound": "a data store, or a use of one that nobody has described",
  "scheduled-function-added": "a worker",
  "scheduled-work-added": "a worker",
  "service-client-made": "a partner",
  "upload-accepted": "a way for files to come in",
  "webhook-sent-or-received": "a receiver or sender of deliveries",
};

/** Who publishes pages to learn from: standards, catalogues, the makers of what a rule is about, and their own projects. */
const publishers: ReadonlySet<string> = new Set([
  "cheatsheetseries.owasp.org",
  "owasp.org",
  "genai.owasp.org",
  "attack.mitre.org",
  "csrc.nist.gov",
  "pages.nist.gov",
  "www.ncsc.gov.uk",
  "www.cisa.gov",
  "ico.org.uk",
  "www.etsi.org",
  "www.pcisecuritystandards.org",
  "www.rfc-editor.org",
  "openid.net",
  "slsa.dev",
  "theupdateframework.io",
  "sre.google",
  "portswigger.net",
  "developer.mozilla.org",
  "docs.aws.amazon.com",
  "aws.amazon.com",
  "docs.github.com",
  "github.com",
  "securitylab.github.com",
  "kubernetes.io",
  "docs.docker.com",
  "developer.hashicorp.com",
  "helm.sh",
  "istio.io",
  "gvisor.dev",
  "docs.stripe.com",
  "www.postgresql.org",
  "redis.io",
  "kafka.apache.org",
  "docs.spring.io",
  "letsencrypt.org",
  "jupyter-server.readthedocs.io",
  "trojansource.codes",
]);

/** Pairs that share an element, a letter, a weakness, and a condition or an answer, with what keeps them apart. */
const apart: Readonly<Record<string, string>> = {
  "action-changes-under-its-tag unsigned-artifact-deployed": "what the build fetches, and what the build hands on",
  "admin-port-on-the-internet anything-may-leave": "the way in, and the way out",
  "container-runs-as-root workload-token-opens-the-cluster": "rights on the node, and rights in the cluster",
  "effect-without-originator failed-run-unnoticed": "who asked for it, and whether it ran at all",
  "secrets-in-plain-settings state-file-holds-the-secrets": "what people write, and what the tool writes",
  "callback-address-points-inside server-fetches-what-it-is-told": "a model that says so, and a change that shows it",
  "card-data-lands-on-our-servers message-shown-on-the-lock-screen": "what comes in, and what goes out to a screen",
  "copied-code-keeps-its-holes known-hole-in-a-dependency": "code that no manifest names, and packages that one names",
  "hold-on-the-host pod-owns-the-node": "mounts of a compose file, and privileges of a pod",
  "key-for-tests-opens-production runner-remembers-the-last-job": "between environments, and between runs",
  "model-remembers-people personal-data-sent-to-the-model": "what training keeps, and what a question tells",
  "model-remembers-people production-data-copied-out": "what a model repeats, and what a copy holds",
  "operation-open-to-the-wrong-role rule-missing-means-allowed": "the role of an operation, and what no rule speaks of",
  "one-query-asks-for-everything request-body-without-bounds": "a query's cost, and a parser's input",
};

test("every rule file is read without a problem", () => {
  expect(problems.filter((problem) => /^(threats|facts)/.test(problem.path))).toEqual([]);
  expect(rules.threats).toHaveLength(files.length);
});

describe.each(rules.threats.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  test("stands in the file of its name", () => {
    const text = readFileSync(join(shippedRules, "threats", `${id}.yml`), "utf8");
    expect(text.startsWith(`id: ${id}\n`)).toBe(true);
    expect(threatRuleSchema.shape.id.safeParse(id).success).toBe(true);
  });

  test("fires and is silent as its examples say", () => {
    const failed = runThreatExamples(rule, rules).filter(({ passed }) => !passed);
    expect(failed.map(({ expected, example, outcome }) => `${expected}: ${example.why}: ${outcome}`)).toEqual([]);
    expect(compileRules(rules).ofType.get(rule.appliesTo.elements[0] ?? "web-app")).toContain(rule);
  });

  test("speaks of known facts only, also in its examples", () => {
    const named = [
      ...factsNamedBy(rule),
      ...[...rule.examples.fires, ...rule.examples.silent].flatMap((one) => Object.keys(one.element.facts)),
    ];
    expect(named.filter((fact) => !factNames.has(fact))).toEqual([]);
  });

  test("refers to entries that exist and may be used", () => {
    const faults = [
      ...rule.cwe.filter((one) => !usableWeakness(cwe.get(one))),
      ...rule.capec.filter((one) => !alive(capec.get(one))),
      ...rule.asvs.filter((one) => asvs.get(one)?.kind !== "requirement"),
      ...rule.attack.filter((one) => !alive(attack.get(one)) || !/technique/.test(String(attack.get(one)?.level))),
      ...[rule.theme].filter((one) => !themes.has(one)),
    ];
    expect(faults).toEqual([]);
  });

  test("tells its story with a refusal and a record, and says what its acceptance test shows", () => {
    const acceptance = rule.story.acceptance.join("\n");
    expect(acceptance).toMatch(
      /\b(refus|reject|answers? 4\d\d|4\d\d|not |no |nothing|none|never|without|cannot|fails?|denied|neither|ignored|ends?|stops?|times? out|gone)/i,
    );
    expect(acceptance).toMatch(
      /\b(log(s|ged)?|record(s|ed)?|report(s|ed)?|alert(s|ed)?|count(s|ed)?|audit|line|trace|told|raises|trail)\b/i,
    );
    expect(rule.acceptance.length).toBeGreaterThan(20);
    expect(rule.story.acceptance.length).toBeGreaterThanOrEqual(3);
  });

  test("leads to a page to learn from, by somebody who is known for it", () => {
    const { protocol, hostname } = new URL(rule.training.url);
    expect([protocol, publishers.has(hostname) || hostname]).toEqual(["https:", true]);
    expect(rule.training.title.length).toBeGreaterThan(5);
  });

  test("names what moves its rating", () => {
    expect(rule.aggravatedBy.length).toBeGreaterThan(0);
    for (const { driver, because } of rule.aggravatedBy)
      expect(Math.min(driver.length, because.length)).toBeGreaterThan(5);
  });

  test("shows how, for a stack that is known", () => {
    expect(rule.sample.length).toBeGreaterThan(0);
    for (const sample of rule.sample) expect(sampleStacks).toContain(sample.stack);
    expect(new Set(rule.sample.map(({ stack }) => stack)).size).toBe(rule.sample.length);
  });

  test("shows what its stack would take: YAML and Terraform that parse, whole manifests, checks that can fail", () => {
    for (const { stack, language, code } of rule.sample) {
      if (language === "yaml") {
        const documents = parseAllDocuments(code);
        expect(documents.flatMap(({ errors }) => errors.map(({ message }) => message))).toEqual([]);
        const manifests = documents
          .map((document): unknown => document.toJS())
          .filter((value) => stack === "kubernetes" && hasKey(value, "kind"));
        for (const manifest of manifests)
          expect(["apiVersion", "metadata"].filter((key) => !hasKey(manifest, key))).toEqual([]);
      }
      if (language === "terraform") expect(readHcl(code)).not.toHaveProperty("unreadable");
      if (stack === "model")
        expect(readOne({ path: "threat-model.yaml", text: `schemaVersion: 1\n${code}` }).problems).toEqual([]);
      if (stack === "github-actions") {
        // Under `bash -e` a command whose answer is turned around ends no step.
        expect(code).not.toMatch(/^\s*(- run: )?! /m);
        expect(code).not.toMatch(/uses: [^\s@]+@(v\d|main|master)/);
      }
    }
  });

  test("asks nothing when everything that answers it is stated", () => {
    for (const condition of rule.mitigatedBy) {
      const facts = Object.fromEntries([
        ...(condition.yes ?? []).map((fact) => [fact, "yes"] as const),
        ...(condition.anyYes ?? []).slice(0, 1).map((fact) => [fact, "yes"] as const),
        ...(condition.no ?? []).map((fact) => [fact, "no"] as const),
        ...(condition.anyNo ?? []).slice(0, 1).map((fact) => [fact, "no"] as const),
      ]);
      for (const type of rule.appliesTo.elements)
        expect(outcomeOfExample(rule, { why: "", element: { type, facts } }, rules)).not.toBe("open");
    }
  });

  test("names change rules that exist", () => {
    if (changeRuleIds.length === 0) return;
    const globs = [...(rule.appliesTo.changes ?? []), ...(rule.appliesTo.about ?? [])];
    expect(globs.filter((glob) => !changeRuleIds.some((one) => matchesId(glob, one)))).toEqual([]);
  });
});

function hasKey(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && key in value;
}

function usableWeakness(item: CatalogueItem | undefined): boolean {
  if (!item || item.level === "Category" || item.level === "View" || item.status === "Deprecated") return false;
  if (item.mapping_usage === "Discouraged") return item.id in discouragedButBest;
  if (item.supplement && item.mapping_usage === undefined) return true;
  return item.mapping_usage === "Allowed" || item.mapping_usage === "Allowed-with-Review";
}

function alive(item: CatalogueItem | undefined): boolean {
  if (!item) return false;
  return (
    !item.revoked &&
    !item.deprecated &&
    !item.replaced_by &&
    !item.v19_unclear &&
    item.status !== "Deprecated" &&
    item.status !== "Obsolete"
  );
}

const types = Object.keys(elementTypes) as (keyof typeof elementTypes)[];

/** Facts that a secure thing denies: no control answers what they bring. */
const deniedWhenSecure = new Set([
  "debug-enabled",
  ...rules.threats.flatMap((rule) => rule.mitigatedBy.flatMap(({ no, anyNo }) => [...(no ?? []), ...(anyNo ?? [])])),
]);

/** A model of one thing of a type, drawn as the symbol that it is. */
function modelOfOne(type: keyof typeof elementTypes, stated: Readonly<Record<string, "yes" | "no">>): ThreatModel {
  const kind = elementTypes[type];
  if (type === "data-flow") {
    const ends = [
      anElement({ id: "a", name: "A", kind: "external", type: "external-entity", facts: facts(stated) }),
      anElement({ id: "b", name: "B", kind: "process", type: "process", facts: facts(stated) }),
    ];
    return aModel({ elements: ends, flows: [aFlow({ facts: facts(stated) })] });
  }
  if (type === "trust-boundary")
    return aModel({ boundaries: [{ id: "zone", name: "Zone", place: { path: "threat-model.yaml", line: 1 } }] });
  return aModel({ elements: [anElement({ id: "one", name: "One", kind, type, facts: facts(stated) })] });
}

describe("the library as a whole", () => {
  test("is wide: at least 230 threats over at least 40 element types and the boundary crossings", () => {
    expect(rules.threats.length).toBeGreaterThanOrEqual(230);
    const covered = new Set(rules.threats.flatMap((rule) => rule.appliesTo.elements));
    expect(covered.size).toBeGreaterThanOrEqual(40);
    expect(rules.threats.filter((rule) => rule.appliesTo.crossesBoundary).length).toBeGreaterThanOrEqual(3);
    const used = new Set(rules.threats.map((rule) => rule.theme));
    expect([...themes.keys()].filter((theme) => !used.has(theme))).toEqual([]);
  });

  test.each(types.filter((type) => type !== "trust-boundary"))(
    "a fully described secure %s has no open threat and no question",
    (type) => {
      const secure = Object.fromEntries(
        rules.facts
          .filter(({ fact }) => fact !== "crosses-boundary")
          .map(({ fact }) => [fact, deniedWhenSecure.has(fact) ? "no" : "yes"] as const),
      );
      const { threats, questions } = elicitModel(modelOfOne(type, secure), rules);
      expect(threats.filter(({ status }) => status !== "mitigated").map(({ rule }) => rule)).toEqual([]);
      expect(questions.map(({ asks }) => asks)).toEqual([]);
    },
  );

  test("no two rules say the same of the same element", () => {
    const condition = (rule: (typeof rules.threats)[number]): string =>
      JSON.stringify([rule.appliesTo.when ?? {}, rule.appliesTo.changes ?? [], rule.appliesTo.crossesBoundary ?? null]);
    const answers = (rule: (typeof rules.threats)[number]): string =>
      JSON.stringify(rule.mitigatedBy.map(({ control: _, ...facts }) => facts));
    const doubles: string[] = [];
    for (const [index, one] of rules.threats.entries()) {
      for (const other of rules.threats.slice(index + 1)) {
        const alike =
          one.stride === other.stride &&
          one.appliesTo.elements.some((type) => other.appliesTo.elements.includes(type)) &&
          one.cwe.some((id) => other.cwe.includes(id)) &&
          (condition(one) === condition(other) || answers(one) === answers(other));
        if (alike) doubles.push([one.id, other.id].sort().join(" "));
      }
    }
    expect(doubles.sort()).toEqual(Object.keys(apart).sort());
  });

  test("knows threats for every element type", () => {
    const compiled = compileRules(rules);
    const generic = new Set(["trust-boundary", "external-entity"]);
    const short = Object.keys(elementTypes).filter(
      (type) => (compiled.ofType.get(type as keyof typeof elementTypes)?.length ?? 0) < (generic.has(type) ? 2 : 3),
    );
    expect(short).toEqual([]);
  });

  test("covers all six categories in breadth", () => {
    const counts = Object.fromEntries(
      strideLetters.map((letter) => [letter, rules.threats.filter((rule) => rule.stride === letter).length]),
    );
    for (const letter of strideLetters) expect(counts[letter]).toBeGreaterThanOrEqual(20);
  });

  test("says nothing twice", () => {
    const titles = rules.threats.map((rule) => rule.title.toLowerCase());
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
    const keys = rules.threats.flatMap((rule) =>
      rule.appliesTo.elements.map((type) => `${type} ${rule.stride} ${rule.countermeasure}`),
    );
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test.each(types)("a bare %s is asked little: at most 3 facts, at most 6 threats", (type) => {
    const { threats, questions } = elicitModel(modelOfOne(type, {}), rules);
    const most = new Map<string, number>();
    for (const { element } of threats) most.set(element.id, (most.get(element.id) ?? 0) + 1);
    for (const count of most.values()) expect(count).toBeLessThanOrEqual(6);
    expect(new Set(questions.map(({ element }) => element.id)).size).toBe(questions.length);
    for (const question of questions) expect(question.facts.length).toBeLessThanOrEqual(3);
  });

  test.each(rules.changes.filter((rule) => rule.significant).map((rule) => [rule.id, rule] as const))(
    "the change %s leads to at least one threat and at most six, or says why it only asks",
    (_id, rule) => {
      const change = aChange({
        rule: rule.id,
        stride: rule.stride,
        element: { type: rule.element.type, name: "thing" },
        facts: [],
      });
      const { checklists } = elicit({ changes: [change], isPublic: false, now: "2026-03-04T00:00:00Z" }, rules);
      const [checklist] = checklists;
      expect(checklist?.threats.length).toBeLessThanOrEqual(6);
      if (rule.id in onlyAsks) expect(checklist).toMatchObject({ threats: [], questions: [expect.anything()] });
      else expect(checklist?.threats.length).toBeGreaterThan(0);
    },
  );

  const left = (rule: (typeof rules.changes)[number]): boolean =>
    !(compileRules(rules).ofType.get(rule.element.type) ?? []).some((threat) => namesChange(threat, rule.id));

  test("what is asked of a change that brings no new thing is about this very change: a threat of its element names it", () => {
    const unnamed = rules.changes.filter((rule) => rule.significant && !rule.says.startsWith("New ") && left(rule));
    expect(unnamed.map(({ id }) => id).sort()).toEqual(Object.keys(bringsAThing).sort());
  });

  test("a threat that names a change is one of the type that the change concerns", () => {
    const types = new Map(rules.changes.map((rule) => [rule.id, rule.element.type]));
    const compiled = compileRules(rules);
    const idle = rules.threats.flatMap((threat) =>
      [...(threat.appliesTo.changes ?? []), ...(threat.appliesTo.about ?? [])]
        .filter(
          (glob) =>
            ![...types].some(([id, type]) => matchesId(glob, id) && compiled.ofType.get(type)?.includes(threat)),
        )
        .map((glob) => `${threat.id}: ${glob}`),
    );
    expect(idle).toEqual([]);
  });

  test("every fact is used by a rule and asked in a question of its own", () => {
    const used = new Set([...rules.threats.flatMap(factsNamedBy), "crosses-boundary", inUseFact]);
    expect(rules.facts.map((fact) => fact.fact).filter((fact) => !used.has(fact))).toEqual([]);
    const questions = rules.facts.map((fact) => fact.asks);
    expect(new Set(questions).size).toBe(questions.length);
    for (const question of questions) expect(question).toMatch(/^[A-Z].*\?$/);
  });
});
