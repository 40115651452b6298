import type { ModelBoundary, ModelElement, ModelFlow, ReadModel, ThreatModel } from "../domain/threat-model.ts";
import { emptyModel } from "../domain/threat-model.ts";
import { finishForeign } from "./foreign.ts";
import { known } from "./known.ts";
import { readPlantUml } from "./plantuml-drawing.ts";
import type { ModelReader } from "./reader.ts";

/**
 * PlantUML files that draw a system: components, deployment, sequences, C4. Like every drawing it says no more than that.
 * Nothing is included, called or rendered.
 */
export const reader: ModelReader = {
  name: "plantuml",
  wants: (path) => /\.(puml|plantuml|pu|iuml|wsd)$/i.test(path),
  recognises: (_path, text) => /^\s*@start\w+/m.test(text.slice(0, 20_000)),
  read,
};

function read(path: string, text: string): ReadModel {
  const drawing = readPlantUml(text);
  if (drawing === undefined) {
    return {
      format: "plantuml",
      isModel: false,
      problems: [
        {
          path,
          severity: "warning",
          what: "The diagram draws no system: it shows classes, states, activities or a plan.",
          hint: "Draw the data flows as a component, deployment, sequence or C4 diagram.",
        },
      ],
    };
  }
  const place = (line: number) => ({ path, line: line + 1 });
  const elements = new Map<string, ModelElement>();
  for (const { name, kind, technology, boundary, line } of drawing.nodes)
    if (!elements.has(name))
      elements.set(
        name,
        known({ id: name, name, kind, technology, boundary, data: [], files: [], facts: [], place: place(line) }),
      );
  const boundaries = new Map<string, ModelBoundary>();
  for (const { name, parent, line } of drawing.boundaries)
    if (!boundaries.has(name)) boundaries.set(name, known({ id: name, name, parent, place: place(line) }));
  const flows = drawing.flows.map(({ from, to, label, line }): ModelFlow => {
    const base = label === undefined ? `${from} -> ${to}` : `${from} -> ${to}: ${label}`;
    return known({ id: base, name: label, from, to, data: [], facts: [], place: place(line) });
  });
  const hasBoundaries = boundaries.size > 0;
  const [first] = [...elements.values()];
  const model: ThreatModel = {
    ...emptyModel("plantuml", [path]),
    elements: [...elements.values()],
    flows,
    boundaries: [...boundaries.values()],
    diagrams:
      first === undefined
        ? []
        : [
            {
              kind: "plantuml",
              isDataFlow: flows.length > 0 && (hasBoundaries || /\bdfd\b|data[-_ ]?flow/i.test(path)),
              hasBoundaries,
              place: { path, line: first.place.line ?? 1 },
            },
          ],
    notCarried: ["context", "stride", "risk", "controls", "stories", "validation", "documentation"],
    uncounted: ["threats", "mitigations", "open"],
  };
  return finishForeign("plantuml", model, []);
}
