import { expect, test } from "@jest/globals";
import { dotOf } from "../../../src/core/diagram/dot.ts";
import { mermaidOf } from "../../../src/core/diagram/mermaid.ts";
import { planOf } from "../../../src/core/diagram/plan.ts";
import { diagramOf } from "../../../src/core/fill.ts";
import { readOne } from "../../../src/core/readers/read-model.ts";
import { aModel, anElement } from "../../make/a-model.ts";
import fc from "../../make/fast-check.ts";
import { generatedModel } from "../../make/generated-model.ts";
import { anyHostileText } from "../../make/hostile-text.ts";
import { sample } from "../readers/sample.ts";

const place = { path: "threat-model.yaml", line: 1 };

test("a model is drawn in Mermaid with its boundaries, shapes, data and protocols", () => {
  expect(diagramOf(sample("native/threat-model.yaml"), "mermaid").text).toBe(`flowchart LR
  subgraph b1["Internet"]
    n1["Patient"]:::external
  end
  subgraph b2["Private network"]
    n2("Booking pages"):::process
    n3[("Booking database<br/><small>appointments (personal)</small><br/><small>opening-hours (public)</small>")]:::store
  end
  n1 -->|"appointments (personal)<br/>HTTPS"| n2
  n2 -->|"appointments (personal)<br/>TLS"| n3
  classDef process fill:#eaf2fb,stroke:#33669a,color:#12283f
  classDef store fill:#f3eefb,stroke:#6b4fa0,color:#2a1a4a
  classDef external fill:#f6f6f6,stroke:#555,color:#222
  classDef unknown fill:#fff,stroke:#999,color:#555,stroke-dasharray:3 3
  style b1 fill:none,stroke:#b3261e,color:#b3261e,stroke-dasharray:6 4
  style b2 fill:none,stroke:#b3261e,color:#b3261e,stroke-dasharray:6 4
`);
});

test("symbols without arrows stand in rows, box by box, and those with arrows where their arrows put them", () => {
  const names = ["a", "b", "c", "d", "e", "from", "to"];
  const model = aModel({
    boundaries: [{ id: "zone", name: "Zone", place }],
    elements: names.map((name) => anElement(name, { boundary: "zone" })),
    flows: [{ id: "f", from: "from", to: "to", data: [], facts: [], place }],
  });
  expect(mermaidOf(model)).toContain("  n6 --> n7\n  n1 ~~~ n2 ~~~ n3\n  n4 ~~~ n5\n  classDef");
  expect(dotOf(model)).toContain(
    "  n6 -> n7\n  n1 -> n2 -> n3 [style=invis, minlen=1]\n  n4 -> n5 [style=invis, minlen=1]\n}",
  );
  expect(mermaidOf(model, "names")).not.toContain("~~~");
});

test("three symbols without arrows need no rows", () => {
  expect(mermaidOf(aModel({ elements: ["a", "b", "c"].map((name) => anElement(name, {})) }))).not.toContain("~~~");
});

test("boxes lie in boxes, and one inside itself stands free", () => {
  const plan = planOf(
    aModel({
      boundaries: [
        { id: "a", name: "A", parent: "b", place },
        { id: "b", name: "B", parent: "a", place },
        { id: "c", name: "C", parent: "a", place },
      ],
      elements: [anElement("web", { boundary: "c" }), anElement("db", { boundary: "undeclared" })],
    }),
  );
  expect(plan.boxes.map(({ name, parent }) => [name, parent])).toEqual([
    ["A", undefined],
    ["B", undefined],
    ["C", undefined],
    ["undeclared", undefined],
  ]);
  expect(plan.nodes.map(({ name, box }) => [name, box])).toEqual([
    ["web", "b3"],
    ["db", "b4"],
  ]);
});

test("a flow to nothing that the model holds ends in a symbol that says so", () => {
  const flow = { id: "f", from: "web", to: "nowhere", data: [], facts: [], place };
  expect(planOf(aModel({ flows: [flow] })).nodes.at(-1)).toMatchObject({ name: "nowhere", kind: "unknown" });
});

test("a boundary drawn as a line has no box: what crosses it has its colour, and what it is called stays", () => {
  const crossing = { fact: "crosses-boundary", is: "yes", where: place } as const;
  const model = aModel({
    boundaries: ["trust boundary", "Street"].map((name) => ({ id: name, name, place })),
    elements: ["guest", "shop"].map((name) => anElement(name, {})),
    flows: [
      { id: "f", from: "guest", to: "shop", name: "asks", data: [], facts: [], place },
      { id: "g", from: "shop", to: "guest", data: [], facts: [crossing], place },
    ],
  });
  expect(mermaidOf(model)).toContain('subgraph b2["Street"]');
  expect(mermaidOf(model)).not.toContain("b1");
  expect(mermaidOf(model)).toMatch(/\n {2}linkStyle 1 stroke:#b3261e\n$/);
  expect(dotOf(model)).toContain('  n2 -> n1 [color="#b3261e"]\n');
  expect(dotOf(model)).not.toContain("trust boundary");
  expect(mermaidOf(model, "names")).toContain('subgraph b1["trust boundary"]');
  expect(mermaidOf(model, "names")).not.toContain("linkStyle");
  const holding = { ...model, elements: [...model.elements, anElement("till", { boundary: "trust boundary" })] };
  expect(dotOf(holding)).toContain('label="trust boundary"');
  const uncrossed = { ...model, flows: model.flows.slice(0, 1) };
  expect(dotOf(uncrossed)).toContain('label="trust boundary"');
});

test("whatever the names, the drawing has the same statements", () => {
  const shape = (text: string): string[] =>
    text.split("\n").map((line) =>
      line
        .replace(/"(?:[^"\\]|\\.)*"/g, '""')
        .replace(/<[\s\S]*>/g, "<>")
        .replace(/ label=""/g, ""),
    );
  fc.assert(
    fc.property(generatedModel(anyHostileText().map((hostile) => `Part ${hostile.slice(0, 100)}`)), (model) => {
      const plain = {
        ...model,
        elements: model.elements.map((element, index) => ({ ...element, name: `Part ${index}` })),
        boundaries: model.boundaries.map((boundary, index) => ({ ...boundary, name: `Boundary ${index}` })),
        flows: model.flows.map((flow) => ({ ...flow, ...(flow.name === undefined ? {} : { name: "Flow" }) })),
      };
      expect(mermaidOf(model).split("\n")).toHaveLength(mermaidOf(plain).split("\n").length);
      expect(shape(dotOf(model))).toEqual(shape(dotOf(plain)));
      expect(shape(mermaidOf(model))).toEqual(shape(mermaidOf(plain)));
    }),
    { numRuns: 150 },
  );
});

test("names in Mermaid are read back as they were", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 40 }).filter((name) => /^\S(.*\S)?$/.test(name) && !/\s\s/.test(name)),
      (name) => {
        const model = aModel({ elements: [anElement("web", { name, kind: "external" })] });
        const text = `# Threat model\n\n## Data flow diagram\n\n\`\`\`mermaid\n${mermaidOf(model, "names")}\`\`\`\n`;
        const read = readOne({ path: "threat-model.md", text });
        const [element] = (read.model ?? read.unfilled)?.elements ?? [];
        expect([element?.name, element?.kind]).toEqual([name, "external"]);
      },
    ),
  );
});

test("labelled arrows both ways between parts in different boxes are ranked together, so that their labels lie apart", () => {
  const drawn = (flows: string): string =>
    dotOf(
      readOne({
        path: "threat-model.md",
        text: `# Post office\n\n\`\`\`mermaid\nflowchart LR\n  subgraph counter[Counter]\n    clerk[Clerk]\n  end\n  subgraph back[Back room]\n    scale[Scale]\n  end\n${flows}\`\`\`\n\n## Threats\n\n- **Threat**: a clerk weighs with a thumb on the scale\n`,
      }).model ?? aModel({}),
    );
  expect(drawn("  clerk -->|parcel| scale\n  scale -->|weight| clerk\n")).toContain("newrank=true");
  expect(drawn("  clerk --> scale\n  scale --> clerk\n")).not.toContain("newrank");
  expect(drawn("  clerk -->|parcel| scale\n")).not.toContain("newrank");
});
