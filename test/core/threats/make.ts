import type { Change } from "../../../src/core/domain/change.ts";
import type { Fact } from "../../../src/core/domain/fact.ts";
import { type Rules, type ThreatRule, threatRuleSchema } from "../../../src/core/domain/rules.ts";
import {
  emptyModel,
  type ModelElement,
  type ModelFlow,
  type ModelThreat,
  type ThreatModel,
} from "../../../src/core/domain/threat-model.ts";

/** A significant change that adds a bucket; bend what the test is about. */
export function aChange(bend: Partial<Change> = {}): Change {
  return {
    rule: "new-object-store",
    category: "datastore",
    path: "infra/export.tf",
    line: 12,
    significant: true,
    confidence: "high",
    mode: "comment",
    element: { type: "object-store", name: "patient-exports" },
    stride: ["T", "R", "I", "D"],
    says: "New data store: S3 bucket `patient-exports`",
    why: "A new place for data.",
    asks: "Who can read it, and how long is it kept?",
    evidence: 'resource "aws_s3_bucket" "patient_exports" {',
    facts: [],
    ...bend,
  };
}

/** A native model without any part. */
export function aModel(bend: Partial<ThreatModel> = {}): ThreatModel {
  return { ...emptyModel("native", ["threat-model.yaml"]), ...bend };
}

/** A process of which nothing else is said. */
export function anElement(bend: Partial<ModelElement> = {}): ModelElement {
  return {
    id: "exports",
    name: "patient-exports",
    kind: "store",
    data: [],
    files: [],
    facts: [],
    place: { path: "threat-model.yaml", line: 10 },
    ...bend,
  };
}

/** A flow between two elements, of which nothing else is said. */
export function aFlow(bend: Partial<ModelFlow> = {}): ModelFlow {
  return { id: "f1", from: "a", to: "b", data: [], facts: [], place: { path: "threat-model.yaml", line: 30 }, ...bend };
}

/** An open threat of a model. */
export function aModelThreat(bend: Partial<ModelThreat> = {}): ModelThreat {
  return {
    id: "T-own",
    title: "A threat of our own",
    stride: ["I"],
    status: "open",
    controls: [],
    place: { path: "threat-model.yaml", line: 50 },
    ...bend,
  };
}

/** Facts by name, stated in one place. */
export function facts(
  stated: Readonly<Record<string, "yes" | "no">>,
  path = "infra/export.tf",
  line = 19,
): readonly Fact[] {
  return Object.entries(stated).map(([fact, is]) => ({ fact, is, where: { path, line } }));
}

/** A whole threat rule around the few lines that a test is about. */
export function aThreatRule(bend: Partial<ThreatRule> & Pick<ThreatRule, "id">): ThreatRule {
  return threatRuleSchema.parse({
    title: `What happens by ${bend.id}`,
    why: "Two lines that say why this matters to the reader.",
    stride: "I",
    appliesTo: { elements: ["object-store"] },
    likelihood: "medium",
    impact: "medium",
    cwe: ["CWE-732"],
    theme: "AUTHZ",
    countermeasure: `What stops it: the control of ${bend.id}`,
    story: {
      as: "an owner",
      need: "it stopped",
      so: "all is well",
      acceptance: ["It is refused.", "It is logged.", "It is tested."],
    },
    acceptance: `The request of ${bend.id} is refused`,
    training: { title: "Guide", url: "https://example.com/guide" },
    falsePositives: "None known.",
    examples: {
      fires: [{ why: "always", element: { type: "object-store" } }],
      silent: [{ why: "another type", element: { type: "cache" } }],
    },
    ...bend,
  });
}

/** Rules that hold only what the test gives; facts are defined by name, with words where a test needs them. */
export function someRules(
  threats: readonly ThreatRule[],
  factNames: readonly string[] = [],
  words: Readonly<Record<string, { statedBy?: string[]; deniedBy?: string[] }>> = {},
): Rules {
  return {
    version: "test",
    changes: [],
    threats,
    facts: factNames.map((fact) => ({ fact, means: fact, asks: `Is it ${fact}?`, statedBy: [], ...words[fact] })),
    deliverables: [],
  };
}
