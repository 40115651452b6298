import type { Counts, Deliverables } from "../domain/assessment.ts";
import { showPlace } from "../domain/problem.ts";
import type { DeliverableId, ReadModel } from "../domain/threat-model.ts";
import { deliverableIds } from "../domain/threat-model.ts";
import { countsOf } from "./counts.ts";

const nothingCounted: Counts = {
  components: null,
  flows: null,
  boundaries: null,
  threats: null,
  threats_with_mitigation: null,
  threats_open: null,
};

/** One line of `threatgate model`, exactly as the interfaces fix it. `deliverables` are those of the same reading. */
export function modelOutput(file: string, read: ReadModel, deliverables: Deliverables): object {
  const counted = read.model ?? read.unfilled;
  const states = deliverableIds.map((id): [DeliverableId, object] => {
    const { state, where, lacking } = deliverables[id];
    return [
      id,
      {
        state,
        where: where === undefined ? null : showPlace(where),
        lacking: lacking.map(({ must, says, place, example }) => ({
          must,
          says,
          where: place === undefined ? null : showPlace(place),
          example,
        })),
      },
    ];
  });
  return {
    schemaVersion: 1,
    file,
    format: read.format,
    isModel: read.isModel,
    deliverables: Object.fromEntries(states),
    counts: counted === undefined ? nothingCounted : countsOf(counted),
    problems: read.problems,
  };
}
