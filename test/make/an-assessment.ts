import type {
  Assessment,
  Deliverables,
  DeliverableVerdict,
  IndicatorVerdict,
  SystemAssessment,
} from "../../src/core/domain/assessment.ts";
import type { Change } from "../../src/core/domain/change.ts";
import type { Policy } from "../../src/core/domain/policy.ts";
import type { Checklist, Threat } from "../../src/core/domain/threat.ts";
import {
  type DeliverableId,
  deliverableIds,
  emptyModel,
  type ModelThreat,
} from "../../src/core/domain/threat-model.ts";
import type { PresentContext } from "../../src/core/present/present.ts";

/* Builders that start valid and say nothing: a test bends the one thing it is about. */

const head = "3f9c2e1b7a604d58c9e1f2a3b4c5d6e7f8091a2b";
const base = "81b0c7d2e3f4a5968778695a4b3c2d1e0f9a8b7c";

/** A policy with every default. */
export function aPolicy(bend: Partial<Policy> = {}): Policy {
  return {
    mode: "advise",
    preset: "ukhsa",
    architects: { teams: ["security-architects"], users: [] },
    peers: { teams: [], users: [] },
    systems: [{ name: "exports", paths: [], model: [], riskClass: "medium" }],
    riskThreshold: "medium",
    currency: { green: 30, amber: 60, review: 365 },
    incomplete: "warn",
    rules: {},
    acceptance: { maxDays: 180, approvers: {} },
    publish: { issues: false, openThreats: false },
    paths: { ignore: [] },
    tracker: "github",
    jira: { issueType: "Task" },
    scanners: ["code-scanning", "secret-scanning", "dependabot"],
    incidents: { label: "security-incident" },
    onboarding: "none",
    repositoryRules: "ignore",
    approvals: "commit",
    origins: {},
    ...bend,
  };
}

/** The eight deliverables, all complete but those given. */
export function theDeliverables(bend: Partial<Record<DeliverableId, Partial<DeliverableVerdict>>> = {}): Deliverables {
  const complete: DeliverableVerdict = {
    state: "present",
    where: { path: "threat-model.yaml", line: 1 },
    found: "found",
    lacking: [],
    met: [],
  };
  const { where: _, ...nowhere } = complete;
  const entries = deliverableIds.map(
    (id) => [id, { ...(bend[id]?.state === "missing" ? nowhere : complete), ...bend[id] }] as const,
  );
  return Object.fromEntries(entries) as unknown as Deliverables;
}

/** An indicator: GREEN unless bent. */
export function anIndicator(bend: Partial<IndicatorVerdict> = {}): IndicatorVerdict {
  return { rag: "GREEN", why: "all is well", next: [], ...bend };
}

/** A system whose model is complete, current and reviewed, and which no change concerns. */
export function aSystem(bend: Partial<SystemAssessment> = {}): SystemAssessment {
  return {
    name: "exports",
    modelFiles: ["threat-model.yaml"],
    model: emptyModel("native", ["threat-model.yaml"]),
    deliverables: theDeliverables(),
    indicators: { "TM-1": anIndicator(), "TM-2": anIndicator(), "TM-3": anIndicator(), "TM-4": anIndicator() },
    review: { peers: [], architects: [], notCounted: [] },
    counts: {
      components: 3,
      flows: 2,
      boundaries: 1,
      threats: 4,
      threats_with_mitigation: 4,
      threats_open: 0,
    },
    modelUpdated: false,
    concerns: [],
    changes: [],
    uncovered: [],
    openThreats: [],
    lost: [],
    ...bend,
  };
}

/** A new bucket in Terraform. */
export function aChange(bend: Partial<Change> = {}): Change {
  return {
    rule: "object-store-added",
    category: "datastore",
    path: "infra/export.tf",
    line: 12,
    significant: true,
    confidence: "high",
    mode: "comment",
    element: { type: "object-store", name: "patient-exports" },
    stride: ["I", "T"],
    says: "New data store: S3 bucket `patient-exports`",
    why: "A new place where data rests is a new place where it can be read or changed.",
    asks: "Who can read it, and how long is it kept?",
    evidence: 'resource "aws_s3_bucket" "patient-exports" {',
    facts: [],
    ...bend,
  };
}

/** The threat that a bucket can be read by strangers. */
export function aThreat(bend: Partial<Threat> = {}): Threat {
  return {
    id: "T-7c1e2q4m8x0z",
    rule: "object-store-public-read",
    element: { type: "object-store", name: "patient-exports", id: "patient-exports" },
    stride: "I",
    title: "Bucket readable by anyone who finds its name",
    reason: "Objects of a bucket without a public access block can be opened by a single wrong grant.",
    impact: "high",
    likelihood: "medium",
    risk: "high",
    drivers: [
      { name: "personal data", raises: "impact", by: 1, because: "the data is personal" },
      { name: "internet-facing", raises: "likelihood", by: 1, because: "the account is reachable from the internet" },
    ],
    status: "open",
    why: [],
    countermeasure: "Block public access on the bucket and the account.",
    acceptanceTest: "An anonymous GET of an object returns 403.",
    story: {
      as: "the owner of patient data",
      need: "exports to be unreadable without a grant",
      so: "nobody outside the team can obtain them",
      acceptance: [
        "An anonymous GET of any object returns 403.",
        "A role outside the export service is refused, and the refusal is logged.",
        "The account's public access block is on.",
      ],
    },
    sample: {
      language: "terraform",
      code: 'resource "aws_s3_bucket_public_access_block" "exports" {\n  bucket              = aws_s3_bucket.exports.id\n  block_public_acls   = true\n  block_public_policy = true\n}\n',
    },
    training: {
      title: "S3 security best practices",
      url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
    },
    cwe: ["CWE-732"],
    capec: ["CAPEC-180"],
    asvs: ["V8.2.1"],
    attack: [],
    theme: "exposure",
    place: { path: "infra/export.tf", line: 12 },
    ...bend,
  };
}

/** The checklist of the first change. */
export function aChecklist(bend: Partial<Checklist> = {}): Checklist {
  return { change: 0, threats: [aThreat()], questions: [], credited: [], ...bend };
}

/** A threat of the team's own model. */
export function aModelThreat(bend: Partial<ModelThreat> = {}): ModelThreat {
  return {
    id: "TH-1",
    title: "Reports sent to the wrong clinic",
    stride: ["I"],
    status: "open",
    risk: "medium",
    controls: [],
    place: { path: "threat-model.yaml", line: 40 },
    ...bend,
  };
}

/** An assessment of a pull request in which nothing matters to security. */
export function anAssessment(bend: Partial<Assessment> = {}): Assessment {
  return {
    schemaVersion: 1,
    subject: { repository: "acme/exports", base, head, pullRequest: 831 },
    asOf: "2026-03-05T06:00:00Z",
    mode: "advise",
    conclusion: "success",
    couldNotEvaluate: false,
    reasons: [],
    changes: [],
    asked: [],
    checklists: [],
    threats: [],
    systems: [aSystem()],
    notInspected: [],
    problems: [],
    policy: aPolicy(bend.mode ? { mode: bend.mode } : {}),
    lookedAt: { files: 14, nearest: { path: "src/http/cors.test.ts", why: "a test" } },
    versions: { threatgate: "0.1.0", rules: "r4k2m8" },
    ...bend,
  };
}

/** An open, ready pull request of a private repository, whose diff shows lines 1 to 60 of the usual files. */
export function aContext(bend: Partial<PresentContext> = {}): PresentContext {
  return {
    pullRequest: { number: 831, state: "open", isDraft: false, author: "sam", toDefaultBranch: true },
    repository: {
      owner: "acme",
      htmlUrl: "https://github.com/acme/exports",
      isPrivate: true,
      hasIssues: true,
      isArchived: false,
    },
    commentable: new Map([
      ["infra/export.tf", [{ from: 1, to: 60 }]],
      ["src/notify/send.ts", [{ from: 30, to: 60 }]],
    ]),
    pages: {
      rule: "https://threatgate.example/rules/{rule}",
      howDecided: "https://threatgate.example/how-decided",
    },
    requestId: "r-5m2k",
    ...bend,
  };
}

/** The change, threats and verdicts of the worked example: a bucket for patient exports and a new outbound call. */
export function anAssessmentWithTwoChanges(bend: Partial<Assessment> = {}): Assessment {
  const call = aChange({
    rule: "outbound-call-added",
    category: "external-integration",
    path: "src/notify/send.ts",
    line: 41,
    element: { type: "third-party-saas", name: "api.mailer.example" },
    says: "New outbound integration: `api.mailer.example`",
    why: "What is sent to a third party leaves our control.",
    asks: "What leaves the trust boundary?",
  });
  const bucket = aChange({
    facts: [{ fact: "encrypted-at-rest", is: "yes", where: { path: "infra/export.tf", line: 19 } }],
  });
  const callElement = { ...call.element, id: "api-mailer-example" };
  const threats = [
    aThreat(),
    aThreat({
      id: "T-90abvw2c4d6e",
      rule: "object-store-tampering",
      stride: "T",
      title: "Objects changed or deleted without trace",
      risk: "medium",
      impact: "medium",
      likelihood: "medium",
      drivers: [],
      countermeasure: "Versioning and object-level logging.",
      acceptanceTest: "Delete an object, then restore its earlier version.",
      cwe: ["CWE-778"],
      capec: [],
    }),
    aThreat({
      id: "T-31fdx5s7t9v1",
      rule: "object-store-retention",
      title: "Exports pile up past their purpose",
      risk: "medium",
      impact: "medium",
      likelihood: "medium",
      drivers: [],
      countermeasure: "A lifecycle rule from the retention policy.",
      acceptanceTest: "An object older than the rule is gone.",
      cwe: [],
      capec: [],
    }),
  ];
  const callThreat = aThreat({
    id: "T-5sd2gh8j0k1m",
    rule: "saas-data-minimisation",
    element: callElement,
    title: "More personal data leaves than the mail needs",
    risk: "medium",
    impact: "medium",
    likelihood: "medium",
    drivers: [],
    countermeasure: "Send a reference, not the record.",
    acceptanceTest: "The recorded request holds no name and no date of birth.",
    place: { path: call.path, line: 41 },
    cwe: ["CWE-359"],
    capec: [],
  });
  const system = aSystem({
    changes: [0, 1],
    uncovered: [0, 1],
    deliverables: theDeliverables({
      stories: {
        state: "missing",
        found: "no story names a threat",
        lacking: [
          {
            must: "story-per-threat",
            says: "no user story for 4 threats of medium risk or above",
            example: "stories: [{id: S-1, threats: [TH-1]}]",
          },
        ],
      },
    }),
    indicators: {
      "TM-1": anIndicator({
        rag: "AMBER",
        why: "bucket `reports`, merged 2026-01-21 (43 days ago, #812), is not in the model",
        next: ["Add `reports` to `threat-model.yaml`."],
      }),
      "TM-2": anIndicator({ rag: "AMBER", why: "7 of 8: no security user stories" }),
      "TM-3": anIndicator({ why: "approved by dana (Security Architect) and lee at `3f9c2e1`" }),
      "TM-4": anIndicator({
        rag: "RED",
        why: "0 of 4 threats of medium risk or above have a story",
        next: ["Write the stories; `/threat stories` drafts them."],
      }),
    },
  });
  return anAssessment({
    conclusion: "neutral",
    changes: [bucket, call],
    asked: [0, 1],
    checklists: [
      aChecklist({
        threats,
        credited: [{ title: "Encryption at rest", where: { path: "infra/export.tf", line: 19 } }],
      }),
      aChecklist({
        change: 1,
        threats: [callThreat],
        questions: [
          {
            element: callElement,
            facts: ["contract-in-place"],
            asks: "Is a processing agreement with `api.mailer.example` in place?",
            place: { path: call.path, line: 41 },
          },
        ],
      }),
    ],
    threats: [...threats, callThreat],
    systems: [system],
    ...bend,
  });
}
