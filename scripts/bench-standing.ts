// How systems stand after a merge, of a large model: what the dashboard keeps.
import type { JudgeContext } from "../src/core/domain/judge-context.ts";
import type { Rules } from "../src/core/domain/rules.ts";
import { judge } from "../src/core/judge.ts";
import { mergedStanding } from "../src/core/merged-standing.ts";
import { standingOf } from "../src/core/standing.ts";
import { anAnsweredModel } from "../test/make/a-large-model.ts";
import { aMergedSnapshot } from "../test/make/a-snapshot.ts";
import { medianOf, type Row, timed } from "./bench-measure.ts";

const counts = { elements: 300, threats: 800 };
const rounds = 5;

/** Rows for the part that is judged, each time of a model that was just read, and for the part that the service does itself. */
export function benchStanding(rules: Rules, context: JudgeContext): readonly Row[] {
  const text = anAnsweredModel(rules.threats, counts);
  const snapshot = aMergedSnapshot({ models: [{ path: "threat-model.yaml", text }] });
  const judgement = judge(snapshot, rules, context);
  const apart = Array.from({ length: rounds + 1 }, () => {
    const read = structuredClone(judgement);
    return timed(() => mergedStanding({ snapshot, ...read }, rules));
  });
  const [first = 0, ...later] = apart;
  const own = Array.from({ length: rounds }, () =>
    timed(() => standingOf({ snapshot, ...judgement, threads: [], architectsWanted: false })),
  );
  const what = `standing of ${counts.threats} threats`;
  const how = `${counts.elements} elements, in the process that judges; median of ${rounds}, the first took ${first.toFixed(0)}`;
  return [
    { what, figure: medianOf(later), bar: 150, how },
    { what: `${what}, in the service`, figure: medianOf(own), bar: 10, how: `what is left to it; median of ${rounds}` },
  ];
}
