import type { Problem } from "../domain/problem.ts";
import type { ModelBoundary, ModelElement, ModelFlow, ReadModel, ThreatModel } from "../domain/threat-model.ts";
import { emptyModel } from "../domain/threat-model.ts";
import { readDrawioPage } from "./drawio-page.ts";
import { drawioPages, holdsDrawio } from "./drawio-pages.ts";
import { finishForeign, unreadable } from "./foreign.ts";
import type { ModelReader } from "./reader.ts";

/**
 * draw.io, the tool in which the standard asks for the data flow diagram: `.drawio` plain or compressed, `.drawio.svg`, and
 * the source that a `.drawio.png` carries. It draws a system and says no more: the other deliverables stand elsewhere.
 */
export const reader: ModelReader = {
  name: "drawio",
  wants: (path) => /\.(drawio|dio|xml|svg|png)$/i.test(path),
  recognises: (_path, text) => holdsDrawio(text),
  read,
};

function read(path: string, text: string): ReadModel {
  const { pages, faults } = drawioPages(text);
  const problemOf = (fault: string): Problem => ({
    path,
    severity: pages.length === 0 ? "error" : "warning",
    what: `The drawing cannot be read${pages.length === 0 ? "" : " whole"}. ${fault}`,
    hint: "Open and save it in draw.io; spread a large drawing over several files.",
  });
  const problems = faults.map(problemOf);
  const [first] = problems;
  if (pages.length === 0 && first !== undefined) return unreadable("drawio", first);
  const elements = new Map<string, ModelElement>();
  const boundaries = new Map<string, ModelBoundary>();
  const flows = new Map<string, ModelFlow>();
  const diagrams: ThreatModel["diagrams"][number][] = [];
  for (const page of pages) {
    const drawn = readDrawioPage(page, path);
    if (drawn.leftOut > 0)
      problems.push(problemOf(`${page.name ?? "A page"} has ${drawn.leftOut} more shapes than are read.`));
    // A system is drawn on several pages, coarse and fine: the same name is the same part.
    for (const element of drawn.elements) if (!elements.has(element.id)) elements.set(element.id, element);
    for (const boundary of drawn.boundaries) if (!boundaries.has(boundary.id)) boundaries.set(boundary.id, boundary);
    for (const flow of drawn.flows) if (!flows.has(flow.id)) flows.set(flow.id, flow);
    if (drawn.elements.length === 0) continue;
    const hasBoundaries = drawn.boundaries.length > 0;
    diagrams.push({
      kind: "drawio",
      isDataFlow:
        drawn.flows.length > 0 && (hasBoundaries || /\bdfd\b|data[-_ ]?flow/i.test(`${page.name ?? ""} ${path}`)),
      hasBoundaries,
      place: { path, line: page.lineOf(page.graph) },
    });
  }
  const model: ThreatModel = {
    ...emptyModel("drawio", [path]),
    elements: [...elements.values()],
    flows: [...flows.values()],
    boundaries: [...boundaries.values()],
    diagrams,
    notCarried: ["context", "stride", "risk", "controls", "stories", "validation", "documentation"],
    uncounted: ["threats", "mitigations", "open"],
  };
  return finishForeign("drawio", model, problems);
}
