import { dotOf } from "../../src/core/diagram/dot.ts";
import type { StandingThreat, SystemStanding } from "../../src/core/domain/standing.ts";
import { deliverableIds, emptyModel } from "../../src/core/domain/threat-model.ts";
import type { Database } from "../../src/shell/store/database.ts";
import { createStore } from "../../src/shell/store/records.ts";
import { keepReleases } from "../../src/shell/store/releases.ts";
import { aChange, anAssessment } from "./an-assessment.ts";

/** Values that would do something if any page took them for more than text (H098). */
export const hostileValues = [
  '</script><svg onload="ran=1">',
  '"><img src=x onerror=ran=1>',
  "javascript:ran=1//",
  '=HYPERLINK("http://evil.example")',
  "]]></text><script>ran=1</script>",
  "\u202Ereversed\u0000nul",
] as const;

/** Name of the hostile system. */
export const hostileName = '</title></script><svg onload="ran=1">';

/** A system of which every text is hostile. */
export function aHostileSystem(): SystemStanding {
  const [one, two, three, four, five, six] = hostileValues;
  const place = { path: two, line: 1 };
  const threats = hostileValues.map(
    (value, index): StandingThreat => ({
      id: `${value}${index}`,
      title: value,
      element: value,
      stride: ["I"],
      risk: "critical",
      status: index === 0 ? "accepted" : "open",
      rule: five,
      theme: value,
      controls: [{ title: value, status: "proposed" }],
      story: value,
      isValidated: false,
    }),
  );
  const verdict = (value: string) => ({ rag: "RED", why: value, next: [value] }) as const;
  const lacking = [{ says: one, where: two }];
  return {
    system: hostileName,
    team: two,
    riskClass: "high",
    riskBecause: three,
    modelFiles: [two, "../../evil?x#y"],
    indicators: { "TM-1": verdict(one), "TM-2": verdict(two), "TM-3": verdict(five), "TM-4": verdict(six) },
    deliverables: Object.fromEntries(
      deliverableIds.map((id) => [id, { state: "partial", where: one, lacking }]),
    ) as unknown as SystemStanding["deliverables"],
    threats,
    threatCount: threats.length,
    requirements: { cra: { gap: [one, two] }, [one]: { met: [three] } },
    acceptances: [{ threat: one, title: two, level: five, approver: four, until: "2026-12-24" }],
    diagram: dotOf({
      ...emptyModel("native", []),
      boundaries: [{ id: one, name: five, place }],
      elements: hostileValues.map((value) => ({
        id: value,
        name: value,
        kind: "store",
        boundary: one,
        data: [five],
        files: [],
        facts: [],
        place,
      })),
      flows: [{ id: one, name: five, from: one, to: two, data: [five], protocol: one, facts: [], place }],
    }),
    currency: { green: 30, amber: 60, review: 365 },
    uncovered: [{ what: one, at: "2026-01-02T00:00:00Z", reference: two }],
    modelUpdated: "2026-01-01",
  };
}

/** Writes it, with a pull request #7, into a repository, as the service would after a merge. */
export async function writeHostileSystem(
  database: Database,
  repository: { readonly id: number; readonly owner: string; readonly name: string },
): Promise<void> {
  const [one, two, three, four, five] = hostileValues;
  const assessment = anAssessment({
    asOf: "2026-11-19T10:00:00Z",
    changes: [
      aChange({
        says: one,
        why: two,
        path: five,
        evidence: one,
        rule: three,
        element: { type: "object-store", name: four },
      }),
    ],
    reasons: [{ outcome: "failure", says: one, place: { path: two, line: 3 }, next: five }],
    problems: [{ path: one, severity: "error", what: two, hint: five }],
    notInspected: [{ path: one, reason: five }],
  });
  const subject = {
    ...assessment.subject,
    repository: `${repository.owner}/${repository.name}`,
    repositoryId: repository.id,
    pullRequest: 7,
  };
  await createStore(database.kysely).record({
    subject: {
      kind: "pull-request",
      owner: repository.owner,
      repository: repository.name,
      number: 7,
      repositoryId: repository.id,
    },
    assessment: { ...assessment, subject, conclusion: "failure" },
    plan: { head: subject.head, steps: [] },
    results: [],
    standing: {
      repository,
      portfolio: one,
      mode: "enforce",
      pullRequest: { number: 7, title: one, state: "open", conclusion: "failure", waits: true },
      questions: [{ fingerprint: "hostile", rule: one, outcome: "open" }],
      merged: {
        at: "2026-11-19T10:00:00Z",
        systems: [aHostileSystem()],
        effects: [{ system: hostileName, coveredAfter: [], suppliers: { changed: 1, covered: 0 } }],
      },
    },
  });
  const release = { published: "2026-11-19T11:00:00.000Z", isPrerelease: false } as const;
  await keepReleases(database.kysely, {
    repository,
    releases: hostileValues.map((tag, id) => ({ ...release, id, tag, name: tag })),
    isWhole: true,
    since: "2026-01-01T00:00:00.000Z",
  });
}
