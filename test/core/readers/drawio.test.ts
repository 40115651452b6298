import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import type { ReadModel, ThreatModel } from "../../../src/core/domain/threat-model.ts";
import { readModel, readOne } from "../../../src/core/readers/read-model.ts";
import { textOfBytes } from "../../../src/core/text/png-drawing.ts";
import { aPng } from "../../make/a-png.ts";
import { sample } from "./sample.ts";

/** A page of the given cells, as draw.io writes it. */
function page(...cells: readonly string[]): string {
  return `<mxGraphModel><root><mxCell id="0"/><mxCell id="1" parent="0"/>${cells.join("")}</root></mxGraphModel>`;
}

function file(...pages: readonly string[]): string {
  return `<mxfile>${pages.map((content, at) => `<diagram id="${at}" name="Page-${at + 1}">${content}</diagram>`).join("")}</mxfile>`;
}

function compressed(content: string): string {
  return deflateRawSync(encodeURIComponent(content)).toString("base64");
}

type Area = readonly [x: number, y: number, width: number, height: number];

function shape(id: string, value: string, style: string, [x, y, width, height]: Area, parent = "1"): string {
  return `<mxCell id="${id}" value="${value}" style="${style}" vertex="1" parent="${parent}"><mxGeometry x="${x}" y="${y}" width="${width}" height="${height}" as="geometry"/></mxCell>`;
}

function edge(id: string, source: string, target: string, style = ""): string {
  return `<mxCell id="${id}" style="${style}" edge="1" parent="1" source="${source}" target="${target}"><mxGeometry relative="1" as="geometry"/></mxCell>`;
}

function read(text: string, path = "docs/dfd.drawio"): ReadModel {
  return readOne({ path, text });
}

function drawn(...cells: readonly string[]): ThreatModel {
  const { model } = read(file(page(...cells)));
  if (model === undefined) throw new Error("no model");
  return model;
}

const kinds = ({ elements }: ThreatModel): Record<string, string> =>
  Object.fromEntries(elements.map(({ name, kind }) => [name, kind]));
const places = ({ elements }: ThreatModel): Record<string, string | undefined> =>
  Object.fromEntries(elements.map(({ name, boundary }) => [name, boundary]));

describe("a drawing is the same drawing however it is kept", () => {
  const parts = ({ model }: ReadModel) => ({
    elements: model?.elements.map(({ place: _, ...element }) => element),
    flows: model?.flows.map(({ place: _, facts: __, ...flow }) => flow),
    boundaries: model?.boundaries.map(({ place: _, ...boundary }) => boundary),
  });
  const plain = sample("drawio/booking.drawio");

  test.each(["drawio/compressed.drawio", "drawio/booking.drawio.svg"])("%s", (path) => {
    expect(parts(readOne(sample(path)))).toEqual(parts(readOne(plain)));
  });

  test("in a picture", () => {
    const bytes = aPng(["tEXt", Buffer.from(`mxfile\0${encodeURIComponent(plain.text)}`)]);
    const text = textOfBytes("docs/dfd.drawio.png", bytes) ?? "";
    expect(parts(readOne({ path: "docs/dfd.drawio.png", text }))).toEqual(parts(readOne(plain)));
  });
});

test("several pages draw one system: what has the same name is one", () => {
  const coarse = page(
    shape("a", "Guest", "shape=actor", [0, 0, 40, 40]),
    shape("b", "Booking", "ellipse", [100, 0, 40, 40]),
    edge("e", "a", "b"),
  );
  const fine = page(
    shape("x", "Booking", "ellipse", [0, 0, 40, 40]),
    shape("y", "Rooms", "shape=cylinder3", [100, 0, 40, 40]),
    edge("e", "x", "y"),
  );
  const { model } = read(file(coarse, compressed(fine)));
  expect(model?.elements.map(({ id }) => id)).toEqual(["Guest", "Booking", "Rooms"]);
  expect(model?.flows.map(({ id }) => id)).toEqual(["Guest -> Booking", "Booking -> Rooms"]);
});

describe("kinds by the stencils", () => {
  test("a classic data flow diagram", () => {
    const model = drawn(
      shape("a", "Guest", "rounded=0;whiteSpace=wrap;html=1;", [0, 0, 120, 60]),
      shape("b", "Book a room", "ellipse;whiteSpace=wrap;", [200, 0, 80, 80]),
      shape("c", "Give back", "shape=doubleEllipse;", [200, 100, 80, 80]),
      shape("d", "Bookings", "shape=partialRectangle;left=0;right=0;fillColor=none;", [400, 0, 120, 60]),
      edge("e", "a", "b"),
      edge("f", "b", "d"),
      edge("g", "a", "c"),
    );
    expect(kinds(model)).toEqual({
      Guest: "external",
      "Book a room": "process",
      "Give back": "process",
      Bookings: "store",
    });
  });

  test("Gane and Sarson", () => {
    const model = drawn(
      shape("a", "Owner", "html=1;shape=mxgraph.dfd.externalEntity", [0, 0, 120, 60]),
      shape("b", "1 Bill", "html=1;shape=mxgraph.dfd.process;", [200, 0, 80, 80]),
      shape("c", "Sums", "html=1;shape=mxgraph.dfd.dataStoreID", [400, 0, 100, 30]),
      edge("e", "a", "b"),
      edge("f", "b", "c"),
    );
    expect(kinds(model)).toEqual({ Owner: "external", "1 Bill": "process", Sums: "store" });
  });

  test("C4, whose stencils tell name, type and technology", () => {
    const c4 = (id: string, name: string, type: string, technology: string, at: Area): string =>
      `<object placeholders="1" c4Name="${name}" c4Type="${type}" c4Technology="${technology}" label="&lt;b&gt;%c4Name%&lt;/b&gt;" id="${id}"><mxCell style="rounded=1" vertex="1" parent="1"><mxGeometry x="${at[0]}" y="${at[1]}" width="${at[2]}" height="${at[3]}" as="geometry"/></mxCell></object>`;
    const model = drawn(
      c4("s", "The house", "SystemScopeBoundary", "", [190, -10, 400, 200]),
      c4("a", "Guest", "Person", "", [0, 0, 100, 100]),
      c4("b", "Booking service", "Container", "Go", [200, 0, 100, 100]),
      shape(
        "d",
        "Rooms&lt;div&gt;[Container: PostgreSQL]&lt;/div&gt;&lt;div&gt;All rooms&lt;/div&gt;",
        "shape=cylinder3",
        [400, 0, 100, 100],
      ),
      `<object placeholders="1" c4Type="Relationship" c4Description="books" label="%c4Description%" id="r"><mxCell edge="1" parent="1" source="a" target="b"><mxGeometry relative="1" as="geometry"/></mxCell></object>`,
    );
    expect(model.elements.map(({ name, kind, technology, boundary }) => [name, kind, technology, boundary])).toEqual([
      ["Guest", "external", undefined, undefined],
      ["Booking service", "process", "Go", "The house"],
      ["Rooms", "store", "PostgreSQL", "The house"],
    ]);
    expect(model.flows.map(({ id }) => id)).toEqual(["Guest -> Booking service: books"]);
  });

  test("clouds, whose icons carry a name or stand above one", () => {
    const model = drawn(
      shape("vpc", "VPC", "shape=mxgraph.aws4.group;grIcon=mxgraph.aws4.group_vpc;container=1;", [200, 0, 400, 300]),
      shape("u", "", "shape=mxgraph.aws4.user;", [0, 0, 60, 60]),
      shape("l", "", "shape=mxgraph.aws4.resourceIcon;resIcon=mxgraph.aws4.lambda;", [20, 20, 60, 60], "vpc"),
      shape("lt", "Biller", "text;html=1;", [20, 85, 60, 20], "vpc"),
      shape("s", "Bills", "shape=mxgraph.aws4.resourceIcon;resIcon=mxgraph.aws4.s3;", [200, 20, 60, 60], "vpc"),
      shape("z", "Codes", "image;image=img/lib/azure2/security/Key_Vaults.svg;", [0, 200, 60, 60]),
      edge("e", "u", "l"),
      edge("f", "l", "s"),
      edge("g", "l", "z"),
    );
    expect(kinds(model)).toEqual({ user: "external", Biller: "process", Bills: "store", Codes: "store" });
    expect(places(model)).toEqual({ user: undefined, Biller: "VPC", Bills: "VPC", Codes: undefined });
  });
});

const inside = shape("a", "Service", "ellipse", [60, 60, 40, 40]);
const outside = shape("b", "Browser", "shape=actor", [400, 60, 40, 40]);
const between = edge("e", "b", "a");

describe("boundaries", () => {
  test.each([
    ["a dashed box drawn around, behind everything", "dashed=1;fillColor=none", "", "Zone A"],
    ["a box with its own name", "rounded=0", "Zone B", "Zone B"],
    ["a swimlane", "swimlane", "Zone C", "Zone C"],
  ])("%s", (_, style, value, name) => {
    const caption = value === "" ? shape("t", name, "text", [12, 12, 80, 20]) : "";
    const model = drawn(shape("z", value, style, [10, 10, 200, 200]), caption, inside, outside, between);
    expect(model.boundaries.map((boundary) => boundary.name)).toEqual([name]);
    expect(places(model)).toEqual({ Service: name, Browser: undefined });
  });

  test("the innermost of boxes in boxes, and what each lies in", () => {
    const model = drawn(
      shape("o", "Outer", "dashed=1", [0, 0, 300, 300]),
      shape("i", "Inner", "dashed=1", [20, 20, 150, 150]),
      inside,
      outside,
      between,
    );
    expect(places(model)["Service"]).toBe("Inner");
    expect(model.boundaries.map(({ name, parent }) => [name, parent])).toEqual([
      ["Outer", undefined],
      ["Inner", "Outer"],
    ]);
  });

  test("a free dashed line parts two sides, and a flow across it says so", () => {
    const line = `<mxCell id="l" style="endArrow=none;dashed=1;" edge="1" parent="1"><mxGeometry relative="1" as="geometry"><mxPoint x="250" y="0" as="sourcePoint"/><mxPoint x="250" y="400" as="targetPoint"/></mxGeometry></mxCell>`;
    const store = shape("c", "Rooms", "shape=cylinder", [60, 200, 40, 40]);
    const model = drawn(inside, outside, store, between, edge("f", "a", "c"), line);
    expect(model.boundaries.map(({ name }) => name)).toEqual(["trust boundary"]);
    expect(model.flows.map(({ id, facts }) => [id, facts.map(({ fact, is }) => `${fact}: ${is}`)])).toEqual([
      ["Browser -> Service", ["crosses-boundary: yes"]],
      ["Service -> Rooms", []],
    ]);
  });

  test("the boxes of a legend and of a data model are none", () => {
    const legend = shape("k", "Legend", "rounded=0", [0, 400, 200, 200]);
    const model = drawn(inside, outside, between, legend, shape("m", "process", "ellipse", [20, 420, 40, 40]));
    expect(model.elements.map(({ name }) => name)).toEqual(["Service", "Browser"]);
    expect(model.boundaries).toEqual([]);
    const table = (id: string, x: number) =>
      shape(id, id, "swimlane;childLayout=stackLayout;", [x, 0, 100, 100]) +
      shape(`${id}-row`, "id", "text", [0, 20, 100, 20], id);
    expect(read(file(page(table("users", 0), table("rooms", 200), edge("r", "users", "rooms")))).isModel).toBe(false);
  });
});

describe("shapes drawn over each other", () => {
  const arrows = edge("f", "p", "d") + edge("g", "p", "m");
  const over = (width: number) =>
    drawn(
      shape("p", "Book", "ellipse", [0, 0, 80, 80]),
      shape("d", "Bookings", "shape=partialRectangle;left=0;right=0;fillColor=#fff;", [200, 0, 220, 90]),
      shape("m", "Mail", "rounded=0;fillColor=#fdd;", [210, 10, width, 70]),
      arrows,
    );

  test("one that another covers most of holds nothing, one that has room for more does", () => {
    expect([over(200).boundaries.map(({ name }) => name), over(100).boundaries.map(({ name }) => name)]).toEqual([
      [],
      ["Bookings"],
    ]);
  });
});

describe("boxes without a text", () => {
  test("one whose name stands at its edge is a boundary, unless it is the edge of the page", () => {
    const model = drawn(
      shape("page", "", "rounded=0", [-50, -50, 600, 600]),
      shape("frame", "", "rounded=0", [0, 0, 250, 200]),
      shape("caption", "Back office", "text;html=1;", [20, 5, 100, 20]),
      inside,
      outside,
      between,
    );
    expect(model.boundaries.map(({ name }) => name)).toEqual(["Back office"]);
    expect(places(model)).toEqual({ Service: "Back office", Browser: undefined });
  });

  test("a picture upon the edge names one and is no part; one that an arrow leads to is", () => {
    const frame = shape("frame", "", "rounded=1;fillColor=default", [0, 40, 250, 200]);
    const icon = (id: string, x: number) =>
      shape(id, "Cloud service", "image;image=img/lib/azure2/other/Container_Apps.svg;", [x, 0, 50, 40]);
    const named = drawn(frame, icon("crown", 100), inside, outside, between);
    expect(named.boundaries.map(({ name }) => name)).toEqual(["Cloud service"]);
    expect(places(named)).toStrictEqual({ Service: "Cloud service", Browser: undefined });
    const part = drawn(frame, icon("part", 100), inside, outside, between, edge("to", "b", "part"));
    expect(part.boundaries).toEqual([]);
    expect(drawn(frame, icon("corner", 0), inside, outside, between).boundaries).toEqual([]);
    expect(Object.keys(kinds(part))).toContain("Cloud service");
  });

  test("of two texts the nearer one names the box", () => {
    const text = (id: string, value: string, y: number) => shape(id, value, "text;html=1;", [60, y, 80, 20]);
    const captions = [text("in", "Inner remark", 10), text("on", "Back office", -22)];
    for (const inOrder of [captions, captions.toReversed()]) {
      const model = drawn(shape("frame", "", "rounded=0", [0, 0, 250, 200]), ...inOrder, inside, outside, between);
      expect(model.boundaries.map(({ name }) => name)).toEqual(["Back office"]);
    }
  });

  test("a small one is a boundary only where an arrow leads to it", () => {
    const small = shape("small", "", "rounded=0", [50, 50, 60, 60]);
    const caption = shape("caption", "Cupboard", "text;html=1;", [50, 45, 50, 10]);
    expect(drawn(small, caption, inside, outside, between).boundaries).toEqual([]);
    const led = drawn(small, caption, inside, outside, between, edge("to", "b", "small"));
    expect(led.boundaries.map(({ name }) => name)).toEqual(["Cupboard"]);
  });

  test("an arrow may lead to one, tied to it or only up to its edge", () => {
    const free = (id: string, x: number) =>
      `<mxCell id="${id}" edge="1" parent="1" source="b"><mxGeometry relative="1" as="geometry"><mxPoint x="${x}" y="20" as="targetPoint"/></mxGeometry></mxCell>`;
    const frame = shape("frame", "", "rounded=1", [0, 0, 250, 200]);
    const model = drawn(
      frame,
      inside,
      outside,
      between,
      edge("tied", "b", "frame"),
      free("edge", 252),
      free("within", 200),
    );
    expect(model.flows.map(({ id }) => id)).toEqual([
      "Browser -> Service",
      "Browser -> trust boundary",
      "Browser -> trust boundary #2",
    ]);
  });

  test("the cube of a node holds what is deployed on it, although an arrow leads there", () => {
    const node = shape("node", "Cellar", "shape=cube;size=10;", [0, 0, 250, 200]);
    const model = drawn(node, shape("run", "Heating", "rounded=1", [60, 60, 40, 40]), outside, edge("e", "b", "node"));
    expect(model.boundaries.map(({ name }) => name)).toEqual(["Cellar"]);
    expect(places(model)).toEqual({ Heating: "Cellar", Browser: undefined });
  });

  test("one that arrows lead to is a part without a name, a dot where they meet is none", () => {
    const model = drawn(
      outside,
      shape("logo", "", "shape=image;image=data:image/png,AAAA", [600, 0, 60, 60]),
      shape("dot", "", "ellipse", [600, 200, 8, 8]),
      edge("e", "b", "logo"),
      edge("f", "b", "dot"),
    );
    expect(kinds(model)).toEqual({ Browser: "external", "unnamed process": "process" });
    expect(model.flows.map(({ id }) => id)).toEqual(["Browser -> unnamed process"]);
  });
});

describe("the shapes of Gane and Sarson, which hold a number beside the name", () => {
  const process = shape("p", "Lend a book", "shape=mxgraph.dfd.process", [200, 0, 100, 100]);
  const field = shape("p1", "1", "part=1;resizable=0;", [0, 0, 30, 30], "p");

  test("the number is no part, and the process no boundary around it", () => {
    const model = drawn(process, field, outside, edge("e", "b", "p"), edge("f", "p1", "b"));
    expect(kinds(model)).toEqual({ "Lend a book": "process", Browser: "external" });
    expect(model.boundaries).toEqual([]);
    expect(model.flows.map(({ id }) => id)).toEqual(["Browser -> Lend a book", "Lend a book -> Browser"]);
  });

  test("a store is named by the text on it, and an arrow tied to the text leads to the store", () => {
    const group = [
      shape("g", "", "group", [400, 0, 130, 30]),
      shape("s", "1", "shape=mxgraph.dfd.dataStoreID", [0, 0, 130, 30], "g"),
      shape("t", "Loans", "text;rounded=0;", [50, 0, 60, 30], "g"),
    ];
    const model = drawn(process, ...group, edge("e", "p", "t"), edge("f", "s", "p"));
    expect(kinds(model)).toEqual({ "Lend a book": "process", Loans: "store" });
    expect(model.flows.map(({ id }) => id)).toEqual(["Lend a book -> Loans", "Loans -> Lend a book"]);
  });
});

describe("flows", () => {
  const ends = [shape("a", "A", "ellipse", [0, 0, 40, 40]), shape("b", "B", "ellipse", [200, 0, 40, 40])];

  test("one is drawn from its tail to its head", () => {
    const model = drawn(...ends, edge("e", "a", "b", "startArrow=classic;endArrow=none"));
    expect(model.flows.map(({ id }) => id)).toEqual(["B -> A"]);
  });

  test("an end that is not joined belongs to the shape it touches, and to none in the open", () => {
    const free = (x: number) =>
      `<mxCell id="e${x}" edge="1" parent="1" source="a"><mxGeometry relative="1" as="geometry"><mxPoint x="${x}" y="20" as="targetPoint"/></mxGeometry></mxCell>`;
    expect(drawn(...ends, free(190)).flows.map(({ id }) => id)).toEqual(["A -> B"]);
    expect(drawn(...ends, edge("x", "a", "b"), free(120)).flows).toHaveLength(1);
  });

  test("an end in a group belongs to the part in it", () => {
    const group = [
      shape("g", "", "group", [0, 100, 80, 80]),
      shape("c", "", "shape=mxgraph.aws4.lambda", [0, 0, 40, 40], "g"),
      shape("ct", "Cleaner", "text", [0, 50, 80, 20], "g"),
    ];
    const model = drawn(...ends, ...group, edge("e", "a", "g"), edge("f", "c", "b"));
    expect(model.flows.map(({ id }) => id)).toEqual(["A -> Cleaner", "Cleaner -> B"]);
  });
});

test("beside a model a drawing draws the same system: its parts are those of the same name", () => {
  const own = {
    path: "threat-model.yaml",
    text: "schemaVersion: 1\nsystem: {name: Shop}\nelements:\n  - {id: web, name: Booking service, type: http-api}\n  - {id: db, name: Rooms, type: relational-db}\nflows:\n  - {id: f1, from: web, to: db, data: [rooms]}\n",
  };
  const cells = [
    shape("z", "House", "dashed=1", [-10, -10, 400, 200]),
    shape("a", "booking  SERVICE", "rounded=0", [0, 0, 100, 100]),
    shape("b", "Rooms", "ellipse", [200, 0, 100, 100]),
    shape("c", "Guest", "shape=actor", [0, 400, 100, 100]),
    edge("e", "a", "b"),
    edge("f", "c", "a"),
  ];
  const drawing = { path: "docs/dfd.drawio", text: file(page(...cells)) };
  for (const files of [
    [own, drawing],
    [drawing, own],
  ]) {
    const { model, problems, format } = readModel(files);
    expect([format, problems]).toEqual(["native", []]);
    expect(model?.elements.map(({ id, kind, boundary }) => [id, kind, boundary])).toEqual([
      ["web", "process", "House"],
      ["db", "store", "House"],
      ["Guest", "external", undefined],
    ]);
    expect(model?.flows.map(({ id, from, to }) => [id, from, to])).toEqual([
      ["f1", "web", "db"],
      ["Guest -> booking SERVICE", "Guest", "web"],
    ]);
  }
});

describe("H061: a drawing built to hurt is refused, or read within bounds", () => {
  test("a page that unfolds to 200 MB is refused by name, and the other is read", () => {
    const bomb = deflateRawSync(Buffer.alloc(200 * 1024 * 1024, "%20")).toString("base64");
    const { model, problems } = read(file(bomb, page(shape("a", "A", "ellipse", [0, 0, 9, 9]))));
    expect(model?.elements.map(({ name }) => name)).toEqual(["A"]);
    expect(problems.map(({ severity, what }) => [severity, what])).toEqual([
      ["warning", "The drawing cannot be read whole. Page 1 is broken, or unfolds to more than is read."],
    ]);
  });

  test("pages that unfold to too much together are not all read", () => {
    const large = compressed(page(shape("a", "x".repeat(1_500_000), "ellipse", [0, 0, 9, 9])));
    const { problems } = read(file(large, large, large));
    expect(problems.map(({ what }) => what)).toEqual([
      "The drawing cannot be read whole. Page 3 is broken, or unfolds to more than is read.",
    ]);
  });

  test.each([
    [
      "an entity",
      `<!DOCTYPE mxfile [<!ENTITY x SYSTEM "file:///etc/passwd">]>${file(page(shape("a", "&x;", "ellipse", [0, 0, 9, 9])))}`,
      ["&x;"],
    ],
    [
      "a ring of parents",
      file(page(shape("a", "A", "ellipse", [0, 0, 9, 9], "b"), shape("b", "B", "ellipse", [0, 0, 9, 9], "a"))),
      ["A", "B"],
    ],
  ])("%s", (_, text, names) => {
    const { model } = read(text);
    expect([...(model?.elements ?? []), ...(model?.boundaries ?? [])].map(({ name }) => name).sort()).toEqual(names);
  });

  test("depth, and an unclosed file", () => {
    const deep = "<a>".repeat(100_000);
    for (const text of [`<mxfile>${deep}`, file(deep), "<mxfile><diagram>", "<mxGraphModel><root>"]) {
      const { isModel, problems } = read(text);
      expect([isModel, problems[0]?.what]).toEqual([
        false,
        "The drawing cannot be read. Its XML is broken, too deep or too long.",
      ]);
    }
  });

  test("ten thousand shapes, each around the next, and lines across them", () => {
    const shapes = Array.from({ length: 10_000 }, (_, at) =>
      shape(`s${at}`, `S${at}`, "dashed=1", [at, at, 20_000 - 2 * at, 20_000 - 2 * at]),
    );
    const { model, problems } = read(file(page(...shapes)));
    expect((model?.elements.length ?? 0) + (model?.boundaries.length ?? 0)).toBe(1_500);
    expect(problems.map(({ what }) => what)).toEqual([
      "The drawing cannot be read whole. Page-1 has 8500 more shapes than are read.",
    ]);
  });
});

describe("what a drawing tells beside its parts is no part of it", () => {
  const web = shape("web", "Booking site", "ellipse;html=1;", [0, 0, 100, 100]);
  const store = shape("store", "Bookings", "shape=cylinder3;html=1;", [300, 0, 100, 100]);
  const flow = edge("flow", "web", "store");
  const key =
    "&lt;table&gt;&lt;tr&gt;&lt;td&gt;T01&lt;/td&gt;&lt;td&gt;Bookings are read&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;C01&lt;/td&gt;&lt;td&gt;Least privilege&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;";

  test("marks that a table explains", () => {
    const table = shape("key", key, "text;html=1;", [0, 300, 300, 100]);
    const marks = ["T01", "C01", "C01"].map((code, at) =>
      shape(`mark-${at}`, code, "rounded=0;html=1;", [at * 40, 120, 30, 20]),
    );
    expect(drawn(web, store, flow, table, ...marks).elements.map(({ name }) => name)).toEqual([
      "Booking site",
      "Bookings",
    ]);
  });

  test("letters of STRIDE with numbers mark threats where there are many, and are parts where there are few", () => {
    const marks = (...codes: readonly string[]) =>
      codes.map((text, at) => shape(`mark-${at}`, text, "ellipse;html=1;", [at * 40, 120, 18, 18]));
    const names = (...cells: readonly string[]) => drawn(web, store, flow, ...cells).elements.map(({ name }) => name);
    expect(names(...marks("S1", "T1", "R1", "D2", "E1"))).toEqual(["Booking site", "Bookings"]);
    expect(names(...marks("S1", "S2", "S3", "S4"))).toContain("S3");
  });

  test("but a part with a short name is one: nothing explains it, or an arrow leads there", () => {
    const alone = shape("n", "N1", "rounded=0;html=1;", [0, 200, 30, 20]);
    expect(drawn(web, store, flow, alone).elements.map(({ name }) => name)).toContain("N1");
    const table = shape("key", key, "text;html=1;", [0, 300, 300, 100]);
    const part = shape("t", "T01", "rounded=0;html=1;", [0, 200, 30, 20]);
    expect(drawn(web, store, flow, table, part, edge("g", "web", "t")).elements.map(({ name }) => name)).toContain(
      "T01",
    );
  });

  test("a box that lists the threats or controls", () => {
    const listed = "Threats and controls&lt;br&gt;Forged bookings: signed sessions&lt;br&gt;Read bookings: owner check";
    const box = shape("list", listed, "rounded=1;html=1;", [0, 300, 300, 100]);
    const service = shape(
      "service",
      "Threat engine&lt;br&gt;Node&lt;br&gt;port 8080",
      "rounded=1;html=1;",
      [400, 300, 100, 60],
    );
    expect(drawn(web, store, flow, box, service).elements.map(({ name }) => name)).toEqual([
      "Booking site",
      "Bookings",
      "Threat engine Node port 8080",
    ]);
  });
});
