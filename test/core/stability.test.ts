import { describe, expect, test } from "@jest/globals";
import { fingerprintOf } from "../../src/core/domain/marker.ts";
import { nothingObserved, type Observed } from "../../src/core/domain/observed.ts";
import type { Plan } from "../../src/core/domain/plan.ts";
import type { ChangedFile } from "../../src/core/domain/snapshot.ts";
import { judge } from "../../src/core/judge.ts";
import { reconcile } from "../../src/core/reconcile.ts";
import { readRules } from "../../src/shell/local/rule-files.ts";
import { aSnapshot, headCommit } from "../make/a-snapshot.ts";
import fc from "../make/fast-check.ts";

/*
 * A pull request over many pushes: what was asked stays asked as long as its subject is there, whatever else comes and
 * goes; nothing is asked twice; and nothing grave goes unasked because lighter things were asked first.
 */

const rules = await readRules();
const context = {
  threatgateVersion: "1",
  documentation: "https://x.example",
  host: "https://y.example",
  requestId: "r",
};

const kinds: readonly ((name: string) => readonly [path: string, line: string])[] = [
  (name) => [`infra/${name}.tf`, `resource "aws_s3_bucket" "${name}" {}`],
  (name) => [`infra/db-${name}.tf`, `resource "aws_db_instance" "${name}" {}`],
  (name) => [`src/${name}/api.ts`, `orderRouter.post("/${name}", createOrder);`],
  (name) => [`src/${name}/cors.ts`, `app.use(cors({ origin: "*" }));`],
  (name) => [`src/${name}/client.ts`, `const answer = await fetch("https://${name}.partner.example/rates");`],
  (name) => [`src/${name}/verify.py`, `requests.get(url, verify=False)`],
  (name) => [`src/${name}/hash.ts`, `const digest = crypto.createHash("md5").update(password).digest();`],
  (name) => [`src/${name}/mail.py`, `send_mail(subject, body, sender, [address])`],
];
const names = ["aardvark", "badger", "m", "zebra"];
const things = kinds.flatMap((kind) => names.map((name) => kind(name)));

function fileOf([filename, line]: readonly [string, string]): ChangedFile {
  return { filename, status: "added", additions: 1, deletions: 0, changes: 1, patch: `@@ -0,0 +1,1 @@\n+${line}` };
}

/** A pull request that holds these things, evaluated; what GitHub shows afterwards, and what was done. */
function pushed(present: ReadonlySet<number>, observed: Observed) {
  const files = things.filter((_, index) => present.has(index)).map(fileOf);
  const byPath = files.toSorted((one, other) => (one.filename < other.filename ? -1 : 1));
  const asked = observed.threads.filter(({ isResolved }) => !isResolved).map(({ fingerprint }) => fingerprint);
  const snapshot = aSnapshot({ files: byPath, filesTotal: byPath.length, asked });
  const { assessment, desired } = judge(snapshot, rules, context);
  const plan = reconcile(desired, observed, headCommit);
  const seen = new Set(assessment.changes.map(({ rule, path, element }) => fingerprintOf(rule, path, element.name)));
  return { assessment, plan, seen, observed: shown(observed, plan) };
}

/** What GitHub shows of a conversation after a plan. */
function shown(before: Observed, { steps }: Plan): Observed {
  const threads = [...before.threads];
  const summaries = [...before.summaries];
  for (const step of steps) {
    if (step.do === "create-review") {
      const id = summaries.length + 1;
      if (summaries.length === 0) summaries.push({ id, nodeId: `R${id}`, body: step.body, isMinimized: false });
      for (const { fingerprint, body } of step.comments) {
        const comment = { id: threads.length + 1, body };
        threads.push({ nodeId: `T${threads.length}`, fingerprint, isResolved: false, answered: false, comment });
      }
    }
    for (const [index, thread] of threads.entries()) {
      if ("nodeId" in step && step.nodeId === thread.nodeId)
        threads[index] = { ...thread, isResolved: step.do === "resolve-thread" };
      if (step.do === "update-comment" && thread.comment?.id === step.id)
        threads[index] = { ...thread, comment: { id: step.id, body: step.body } };
    }
  }
  return { ...before, threads, summaries };
}

const toggles = fc.array(fc.array(fc.nat(things.length - 1), { minLength: 1, maxLength: 9 }), {
  minLength: 2,
  maxLength: 5,
});

/** Histories that are tried; set it for more of them. */
const runs = Number(process.env["STABILITY_RUNS"] ?? 10);

describe("over many pushes", () => {
  test("no question is put away whose subject is still there, and none is asked twice", () => {
    fc.assert(
      fc.property(toggles, (pushes) => {
        const present = new Set<number>();
        let observed = nothingObserved;
        for (const push of pushes) {
          for (const thing of push) if (!present.delete(thing)) present.add(thing);
          const open = new Map(observed.threads.map((thread) => [thread.nodeId, thread.fingerprint]));
          const { plan, seen, observed: after } = pushed(present, observed);
          for (const step of plan.steps) {
            if (step.do === "resolve-thread") expect(seen).not.toContain(open.get(step.nodeId));
            if (step.do === "create-review") expect(step.comments.length).toBeLessThanOrEqual(10);
          }
          observed = after;
          const fingerprints = observed.threads.map(({ fingerprint }) => fingerprint);
          expect(new Set(fingerprints).size).toBe(fingerprints.length);
        }
      }),
      { numRuns: runs },
    );
  });

  test("what only adds changes no comment that stands, wherever it is sorted", () => {
    fc.assert(
      fc.property(toggles, (pushes) => {
        const present = new Set<number>();
        let observed = nothingObserved;
        for (const push of pushes) {
          for (const thing of push) present.add(thing);
          const { plan, observed: after } = pushed(present, observed);
          const touched = plan.steps.filter(({ do: what }) => what === "update-comment" || what === "resolve-thread");
          expect(touched).toEqual([]);
          observed = after;
        }
      }),
      { numRuns: runs },
    );
  });

  test("what is asked already takes no place from what is asked without it", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(things.length - 1)),
        fc.uniqueArray(fc.nat(things.length - 1)),
        (first, more) => {
          const { observed } = pushed(new Set(first), nothingObserved);
          const all = new Set([...first, ...more]);
          const significant = (before: Observed) =>
            pushed(all, before)
              .assessment.changes.filter((change) => change.significant)
              .map(({ rule, path }) => `${rule} ${path}`);
          expect(significant(observed)).toEqual(expect.arrayContaining(significant(nothingObserved)));
        },
      ),
      { numRuns: runs },
    );
  });

  test("a push that changes nothing says nothing", () => {
    const all = new Set(things.keys());
    const { observed } = pushed(all, nothingObserved);
    const steps = pushed(all, observed).plan.steps.filter(({ do: what }) => what !== "create-check-run");
    expect(steps.map(({ do: what }) => what)).toEqual([]);
  });
});
