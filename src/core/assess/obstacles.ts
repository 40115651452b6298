import type { Change } from "../domain/change.ts";
import type { Policy } from "../domain/policy.ts";
import { type Problem, showPlace } from "../domain/problem.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { Checklist } from "../domain/threat.ts";
import type { Finding } from "./finding.ts";
import type { ReviewStanding } from "./review.ts";

/** What findings are drawn from, whatever the system. */
export interface FindingsGround {
  readonly snapshot: Snapshot;
  readonly policy: Policy;
  readonly usable: boolean;
  readonly policyProblems: readonly Problem[];
  readonly changes: readonly Change[];
  readonly checklists: readonly Checklist[];
  readonly review: ReviewStanding;
}

/** What stands in the way of any verdict: a policy that cannot be used, a cut list of files, a model that was not read. */
export function obstacles({ snapshot, usable, policyProblems }: FindingsGround): readonly Finding[] {
  const findings: Finding[] = [];
  if (!usable) {
    for (const problem of policyProblems.filter(({ severity }) => severity === "error")) {
      findings.push({
        weight: "could-not-evaluate",
        says: `The policy cannot be used. ${showPlace(problem)}: ${problem.what}`,
        place: problem.line === undefined ? { path: problem.path } : { path: problem.path, line: problem.line },
        next: `${problem.hint}${problem.example === undefined ? "" : ` Example: \`${problem.example}\`.`}`,
      });
    }
  }
  if (snapshot.filesTotal > snapshot.files.length) {
    findings.push({
      weight: "could-not-evaluate",
      says: `The pull request is too large to evaluate: it changes at least ${snapshot.filesTotal} files, and GitHub lists only ${snapshot.files.length} of them.`,
      next: "Split it into smaller pull requests.",
    });
  }
  const models = new Set([...snapshot.models, ...snapshot.baseModels].map(({ path }) => path));
  for (const { path, reason, isModel } of snapshot.notRead) {
    if (isModel !== true && !models.has(path) && !looksLikeModel(path)) continue;
    findings.push({
      weight: "could-not-evaluate",
      says: `The threat model \`${path}\` could not be read: ${reason}.`,
      place: { path },
      next: "Make the file readable, or evaluate again with `/threat recheck`.",
    });
  }
  return findings;
}

function looksLikeModel(path: string): boolean {
  return /threat[-_ .]?model|threagile|\.tm7$|\.otm(\.|$)|\.tc\.json$/i.test(path);
}
