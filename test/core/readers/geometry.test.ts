import { describe, expect, test } from "@jest/globals";
import type { ModelElement, ModelFlow, ThreatModel } from "../../../src/core/domain/threat-model.ts";
import { innermostAround, linesCross, touchedBy } from "../../../src/core/readers/geometry.ts";
import { readOne } from "../../../src/core/readers/read-model.ts";
import { crossingsOf } from "../../../src/core/threats/crossings.ts";
import fc from "../../make/fast-check.ts";

const point = fc.record({ x: fc.integer({ min: -50, max: 50 }), y: fc.integer({ min: -50, max: 50 }) });

describe("lines", () => {
  test.each([
    ["cross", [0, 0, 10, 10, 0, 10, 10, 0], true],
    ["touch at an end", [0, 0, 10, 0, 10, 0, 20, 5], true],
    ["lie in each other", [0, 0, 10, 0, 5, 0, 6, 0], true],
    ["stay apart", [0, 0, 10, 0, 0, 1, 10, 1], false],
    ["would cross if they went on", [0, 0, 1, 1, 0, 10, 10, 0], false],
    ["lie behind each other", [0, 0, 1, 0, 2, 0, 3, 0], false],
  ] as const)("that %s", (_, [ax, ay, bx, by, cx, cy, dx, dy], expected) => {
    expect(
      linesCross(
        [
          { x: ax, y: ay },
          { x: bx, y: by },
        ],
        [
          { x: cx, y: cy },
          { x: dx, y: dy },
        ],
      ),
    ).toBe(expected);
  });

  test("it does not matter which is named first, nor from which end", () => {
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 2, maxLength: 5 }),
        fc.array(point, { minLength: 2, maxLength: 5 }),
        (one, other) => {
          const answer = linesCross(one, other);
          expect(linesCross(other, one)).toBe(answer);
          expect(linesCross(one.toReversed(), other.toReversed())).toBe(answer);
        },
      ),
    );
  });
});

test("the innermost of nested boxes is found in any order, and none around what is no smaller", () => {
  const boxes = Array.from({ length: 6 }, (_, at) => ({
    id: `b${at}`,
    box: { x: at * 10, y: at * 10, width: 200 - at * 20, height: 200 - at * 20 },
  }));
  fc.assert(
    fc.property(fc.shuffledSubarray(boxes, { minLength: 6 }), (shuffled) => {
      expect(innermostAround({ x: 95, y: 95, width: 10, height: 10 }, shuffled)).toBe("b5");
      expect(innermostAround({ x: 22, y: 22, width: 5, height: 5 }, shuffled)).toBe("b2");
      expect(innermostAround({ x: 0, y: 0, width: 200, height: 200 }, shuffled)).toBeUndefined();
    }),
  );
});

const box = (id: string, shape: string, [x, y, width, height]: readonly number[], data: object = {}) => ({
  id,
  shape,
  position: { x, y },
  size: { width, height },
  data: { name: id, ...data },
});
const flow = (id: string, source: string, target: string, vertices: readonly object[] = []) => ({
  id,
  shape: "flow",
  source: { cell: source },
  target: { cell: target },
  vertices,
  data: { name: id, type: "tm.Flow" },
});
const curve = (id: string, source: object, target: object, vertices: readonly object[] = []) => ({
  id,
  shape: "trust-boundary-curve",
  source,
  target,
  vertices,
  data: { name: id, type: "tm.Boundary" },
});

/** A model of Threat Dragon 2.x with one diagram for each list of cells. */
function dragon(...diagrams: readonly (readonly object[])[]): ThreatModel {
  const text = JSON.stringify({
    version: "2.3.0",
    summary: { title: "Rooms", description: "Booking of rooms" },
    detail: { diagrams: diagrams.map((cells, id) => ({ id, cells })) },
  });
  const { model } = readOne({ path: "threat-model.json", text });
  if (model === undefined) throw new Error("no model");
  return model;
}

const boundaryOf = (elements: readonly ModelElement[]): Record<string, string | undefined> =>
  Object.fromEntries(elements.map(({ id, boundary }) => [id, boundary]));
const crossing = (model: ThreatModel): Record<string, string> =>
  Object.fromEntries(model.flows.map((one: ModelFlow) => [one.id, crossingsOf(model).ofFlow(one).is]));

describe("Threat Dragon before 2.6, where only the drawing shows it", () => {
  const parts = [
    box("web", "process", [50, 50, 80, 80]),
    box("api", "process", [50, 250, 80, 80]),
    box("rooms", "store", [400, 250, 80, 40]),
  ];

  test("an element lies in the innermost box around it, a box in the box around it", () => {
    const model = dragon([
      box("house", "trust-boundary-box", [10, 200, 600, 200]),
      box("cellar", "trust-boundary-box", [380, 220, 150, 100]),
      ...parts,
      flow("asks", "web", "api"),
      flow("reads", "api", "rooms"),
    ]);
    expect(boundaryOf(model.elements)).toEqual({ web: undefined, api: "house", rooms: "cellar" });
    expect(model.boundaries.map(({ id, parent }) => [id, parent])).toEqual([
      ["house", undefined],
      ["cellar", "house"],
    ]);
    expect(crossing(model)).toEqual({ asks: "yes", reads: "yes" });
  });

  test("a flow crosses a line that is drawn through it, with its own bends", () => {
    const line = curve("street", { x: 0, y: 180 }, { x: 300, y: 200 }, [{ x: 150, y: 170 }]);
    const around = [
      flow("asks", "web", "api"),
      flow("reads", "api", "rooms"),
      flow("detour", "api", "rooms", [{ x: 90, y: 100 }]),
    ];
    const { flows } = dragon([line, ...parts, ...around]);
    expect(flows.map(({ id, facts }) => [id, facts.some(({ fact }) => fact === "crosses-boundary")])).toEqual([
      ["asks", true],
      ["reads", false],
      ["detour", true],
    ]);
  });

  test("what lies on another diagram is neither inside nor crossed", () => {
    const model = dragon(
      [box("house", "trust-boundary-box", [0, 0, 900, 900]), curve("street", { x: 0, y: 180 }, { x: 300, y: 180 })],
      [...parts, flow("asks", "web", "api")],
    );
    expect(boundaryOf(model.elements)).toEqual({ web: undefined, api: undefined, rooms: undefined });
    expect(crossing(model)).toEqual({ asks: "not stated" });
  });

  test("what the file says itself holds against the drawing (2.6)", () => {
    const model = dragon([
      box("house", "trust-boundary-box", [10, 200, 600, 200], { containedElements: ["web"] }),
      ...parts,
    ]);
    expect(boundaryOf(model.elements)["web"]).toBe("house");
  });
});

test("the loose end of a flow belongs to the element it touches, and to none in the open", () => {
  const loose = (id: string, source: object, target: object) => ({
    id,
    shape: "flow",
    source,
    target,
    data: { type: "tm.Flow", name: id },
  });
  const { flows } = dragon([
    box("web", "process", [50, 50, 80, 80]),
    box("api", "process", [50, 250, 80, 80]),
    loose("on", { x: 100, y: 100 }, { cell: "api" }),
    loose("beside", { cell: "api" }, { x: 142, y: 100 }),
    loose("open", { cell: "api" }, { x: 900, y: 900 }),
    loose("dot", { x: 100, y: 100 }, { x: 101, y: 101 }),
  ]);
  expect(flows.map(({ id, from, to }) => [id, from, to])).toEqual([
    ["on", "web", "api"],
    ["beside", "api", "web"],
    ["open", "api", ""],
    ["dot", "", ""],
  ]);
});

test("of several boxes that a point comes near to it touches the one whose middle is nearest", () => {
  const at = (id: string, x: number) => ({ id, box: { x, y: 0, width: 100, height: 100 } });
  const boxes = [at("left", 0), at("middle", 60), at("right", 120)];
  expect(touchedBy({ x: 95, y: 50 }, boxes, 15)).toBe("middle");
  expect(touchedBy({ x: 95, y: 50 }, boxes.toReversed(), 15)).toBe("middle");
  expect(touchedBy({ x: -15, y: 50 }, boxes, 15)).toBe("left");
  expect(touchedBy({ x: -16, y: 50 }, boxes, 15)).toBeUndefined();
});

test("version 1 keeps the same figures on the cell itself", () => {
  const v1 = (id: string, type: string, more: object) => ({ id, type, name: id, ...more });
  const text = JSON.stringify({
    summary: { title: "Rooms" },
    detail: {
      diagrams: [
        {
          diagramJson: {
            cells: [
              v1("a", "tm.Process", { position: { x: 0, y: 0 }, size: { width: 100, height: 100 } }),
              v1("b", "tm.Store", { position: { x: 0, y: 300 }, size: { width: 100, height: 100 } }),
              v1("f", "tm.Flow", { source: { id: "a" }, target: { id: "b" }, vertices: [] }),
              v1("line", "tm.Boundary", { source: { x: -50, y: 200 }, target: { x: 250, y: 200 }, vertices: [] }),
            ],
          },
        },
      ],
    },
  });
  const { model } = readOne({ path: "threat-model.json", text });
  expect(model === undefined ? {} : crossing(model)).toEqual({ f: "yes" });
});

describe(".tm7, whose boundaries are boxes and lines", () => {
  const stencil = (id: string, type: string, [left, top, width, height]: readonly number[]) =>
    `<a:KeyValueOfguidanyType><a:Key>${id}</a:Key><a:Value i:type="${type}"><Guid>${id}</Guid><Properties><a:anyType><b:DisplayName>Name</b:DisplayName><b:Value>${id}</b:Value></a:anyType></Properties><Height>${height}</Height><Left>${left}</Left><Top>${top}</Top><Width>${width}</Width></a:Value></a:KeyValueOfguidanyType>`;
  const line = (id: string, type: string, [hx, hy, sx, sy, tx, ty]: readonly number[], ends = "") =>
    `<a:KeyValueOfguidanyType><a:Key>${id}</a:Key><a:Value i:type="${type}"><Guid>${id}</Guid><Properties/>${ends}<HandleX>${hx}</HandleX><HandleY>${hy}</HandleY><SourceX>${sx}</SourceX><SourceY>${sy}</SourceY><TargetX>${tx}</TargetX><TargetY>${ty}</TargetY></a:Value></a:KeyValueOfguidanyType>`;
  const ends = (source: string, target: string) =>
    `<SourceGuid>${source}</SourceGuid><TargetGuid>${target}</TargetGuid>`;
  const text = `<ThreatModel xmlns="x" xmlns:i="i"><DrawingSurfaceList><DrawingSurfaceModel><Borders xmlns:a="a" xmlns:b="b">${[
    stencil("browser", "StencilRectangle", [0, 0, 100, 100]),
    stencil("api", "StencilEllipse", [0, 300, 100, 100]),
    stencil("rooms", "StencilParallelLines", [300, 300, 100, 100]),
    stencil("names", "StencilParallelLines", [300, 600, 100, 100]),
    stencil("house", "BorderBoundary", [-20, 280, 500, 140]),
  ].join("")}</Borders><Lines xmlns:a="a" xmlns:b="b">${[
    line("asks", "Connector", [50, 200, 50, 100, 50, 300], ends("browser", "api")),
    line("reads", "Connector", [200, 350, 100, 350, 300, 350], ends("api", "rooms")),
    line("copies", "Connector", [350, 500, 350, 400, 350, 600], ends("rooms", "names")),
    line("wall", "LineBoundary", [350, 520, 200, 500, 500, 500]),
  ].join("")}</Lines></DrawingSurfaceModel></DrawingSurfaceList></ThreatModel>`;

  test("tell which element is inside and which flow crosses", () => {
    const { model } = readOne({ path: "docs/threat-model.tm7", text });
    expect(boundaryOf(model?.elements ?? [])).toEqual({
      browser: undefined,
      api: "house",
      rooms: "house",
      names: undefined,
    });
    expect(model === undefined ? {} : crossing(model)).toEqual({ asks: "yes", reads: "no", copies: "yes" });
    expect(model?.flows.map(({ facts }) => facts.length)).toEqual([0, 0, 1]);
  });

  test("a line tied to the id of zeros ends where it is drawn", () => {
    const none = "00000000-0000-0000-0000-000000000000";
    const cut = text
      .replace(ends("rooms", "names"), ends("rooms", none))
      .replace(ends("browser", "api"), ends(none, "api"));
    const { model } = readOne({ path: "docs/threat-model.tm7", text: cut.replace("<TargetY>600<", "<TargetY>900<") });
    expect(model?.flows.map(({ from, to }) => [from, to])).toEqual([
      ["browser", "api"],
      ["api", "rooms"],
      ["rooms", ""],
    ]);
  });
});
