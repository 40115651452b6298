// The speed of the threat engine: every rule over models made for it.
import { elementTypeIds, elementTypes } from "../src/core/domain/element-type.ts";
import type { Rules } from "../src/core/domain/rules.ts";
import { emptyModel, type ThreatModel } from "../src/core/domain/threat-model.ts";
import { elicitModel } from "../src/core/threats/elicit-model.ts";
import { processorTimeOf, type Row, timesOf } from "./bench-measure.ts";

const bars: readonly { readonly count: number; readonly most: number }[] = [
  { count: 100, most: 5 },
  { count: 500, most: 50 },
];

/** Rows for eliciting the threats of whole systems. */
export function benchThreats(rules: Rules): readonly Row[] {
  return bars.map(({ count, most }) => {
    const system = aSystemOf(count);
    const work = () => elicitModel(system, rules);
    const { first } = timesOf(1, work, 1);
    const figure = processorTimeOf(work, 100);
    const how = `${rules.threats.length} rules; processor time, least of 7 groups of 25, warm; the first run took ${first?.toFixed(0)}`;
    return { what: `threats of ${count} elements + ${count} flows`, figure, bar: most, how };
  });
}

/** A model of `count` elements of every type, half of them described, and as many flows. */
function aSystemOf(count: number): ThreatModel {
  const place = { path: "threat-model.yaml", line: 1 };
  const types = elementTypeIds.filter((type) => type !== "data-flow" && type !== "trust-boundary");
  const technologies = ["Node.js", "PostgreSQL", "S3", "Redis"];
  return {
    ...emptyModel("native", [place.path]),
    elements: Array.from({ length: count }, (_, index) => {
      const type = types[index % types.length] ?? "process";
      return {
        id: `element-${index}`,
        name: `Service ${index} of orders`,
        kind: elementTypes[type],
        type,
        technology: technologies[index % technologies.length] ?? "",
        boundary: `zone-${index % 5}`,
        data: ["orders", "addresses"],
        files: [],
        facts: [
          { fact: "internet-facing", is: index % 3 === 0 ? "yes" : "no", where: place },
          { fact: "logged", is: index % 2 === 0 ? "yes" : "no", where: place },
        ],
        place,
      };
    }),
    flows: Array.from({ length: count }, (_, index) => ({
      id: `flow-${index}`,
      from: `element-${index}`,
      to: `element-${(index * 7 + 1) % count}`,
      data: ["orders"],
      protocol: index % 2 === 0 ? "https" : "http",
      facts: [],
      place,
    })),
    boundaries: Array.from({ length: 5 }, (_, index) => ({ id: `zone-${index}`, name: `Zone ${index}`, place })),
  };
}
