import { describe, expect, test } from "@jest/globals";
import { readPlantUml } from "../../../src/core/readers/plantuml-drawing.ts";
import { readOne } from "../../../src/core/readers/read-model.ts";

function drawn(...lines: readonly string[]) {
  const drawing = readPlantUml(["@startuml", ...lines, "@enduml"].join("\n"));
  return {
    nodes: drawing?.nodes.map(
      ({ name, kind, boundary }) => `${name} (${kind})${boundary === undefined ? "" : ` in ${boundary}`}`,
    ),
    flows: drawing?.flows.map(({ from, to, label }) => `${from} > ${to}${label === undefined ? "" : `: ${label}`}`),
    boundaries: drawing?.boundaries.map(({ name, parent }) => (parent === undefined ? name : `${name} in ${parent}`)),
  };
}

describe("parts", () => {
  test.each([
    ['component "Booking service" as api', "Booking service (process)"],
    ["component api", "api (process)"],
    ['component api as "Booking service" <<Go>> #lightblue', "Booking service (process)"],
    ["[Booking service] as api", "Booking service (process)"],
    ["component [Booking service] as api", "Booking service (process)"],
    ["actor :Guest: as g", "Guest (external)"],
    ["actor Guest", "Guest (external)"],
    ['database "Rooms\\nof the house" as db #line:red;back:green', "Rooms of the house (store)"],
    ["queue Events", "Events (store)"],
    ['component "Queue & Booking Engine" as q', "Queue & Booking Engine (process)"],
    ['component "Booking database engine" as d', "Booking database engine (store)"],
    ['() "Bookings API" as i', "Bookings API (process)"],
    ["node Box [", "Box (process)"],
    ['cloud "<$aws> **Mail**" as m', "Mail (process)"],
  ])("%s", (line, expected) => {
    expect(drawn(line).nodes).toEqual([expected]);
  });
});

describe("arrows", () => {
  test.each([
    ["a --> b", ["a > b"]],
    ["a -> b : books, pays", ["a > b: books, pays"]],
    ["a <-- b", ["b > a"]],
    ["a <--> b", ["a > b"]],
    ["a ..> b", ["a > b"]],
    ["a -[#red,dashed]right-> b", ["a > b"]],
    ["a -down-> b", ["a > b"]],
    ["a -l-> b", ["a > b"]],
    ["a --( b", ["a > b"]],
    ["[a] --> [b]", ["a > b"]],
    [':a: --> (b) : "asks"', ["a > b: asks"]],
    ['a "1" --> "many" b', ["a > b"]],
    ["a -[hidden]-> b", []],
    ["a-->b", ["a > b"]],
    ["order-service --> bill-db", ["order-service > bill-db"]],
  ])("%s", (line, expected) => {
    expect(drawn(line).flows).toEqual(expected);
  });
});

test("containers are boundaries, with what stands in them", () => {
  expect(
    drawn(
      "package House {",
      "  node Cellar {",
      "    [Heating]",
      '    database "Readings" {',
      "      [Table]",
      "    }",
      "  }",
      "  skinparam node {",
      "    color red",
      "  }",
      "  [Door] --> [Heating]",
      "}",
      "[Street] --> [Door]",
    ),
  ).toEqual({
    nodes: [
      "Heating (process) in Cellar",
      "Readings (store) in Cellar",
      "Table (store) in Cellar",
      "Door (process) in House",
      "Street (process)",
    ],
    flows: ["Door > Heating", "Street > Door"],
    boundaries: ["House", "Cellar in House"],
  });
});

test("a sequence shows a flow once, and boxes are boundaries", () => {
  expect(
    drawn(
      "actor Guest",
      'box "House" #gray',
      "participant Door order 10",
      "database Names",
      "end box",
      "Guest -> Door : knocks",
      "Guest -> Door : knocks again",
      "Door -> Door : thinks",
      "Door ->> Names ++ : looks up",
      "return name",
      "Names --> Door -- : name",
      "note over Door : a --> b",
      "[-> Door : wind",
    ),
  ).toEqual({
    nodes: ["Guest (external)", "Door (process) in House", "Names (store) in House"],
    flows: ["Guest > Door: knocks", "Door > Names: looks up", "Names > Door: name"],
    boundaries: ["House"],
  });
});

test("macros of C4 and of clouds, with commas and brackets in their texts", () => {
  expect(
    drawn(
      "!include https://example.org/C4_Container.puml",
      'Person_Ext(g, "Guest", "Books, pays (or not)")',
      'Deployment_Node(n, "Cellar", "Linux") {',
      '  Container(api, "API", "Go, gRPC")',
      '  ContainerQueue(q, "Events", "Kafka")',
      '  Lambda(l, "Biller", "Python", "Writes bills")',
      "}",
      'Rel(g, api, "books, pays", "HTTPS")',
      'BiRel_R(api, q, "events")',
      'RelIndex(3, l, q, "reads")',
      'UpdateElementStyle(api, $bgColor="red")',
      "SHOW_LEGEND()",
    ),
  ).toEqual({
    nodes: ["Guest (external)", "API (process) in Cellar", "Events (store) in Cellar", "Biller (process) in Cellar"],
    flows: ["Guest > API: books, pays", "API > Events: events", "Biller > Events: reads"],
    boundaries: ["Cellar"],
  });
});

test("comments, notes, legends and definitions draw nothing", () => {
  expect(
    drawn(
      "' a --> b",
      "/' a --> b",
      "c --> d '/",
      "note left of x",
      "  e --> f",
      "end note",
      "legend right",
      "g --> h",
      "endlegend",
      "!procedure p()",
      "i --> j",
      "!endprocedure",
      "title k --> l",
      "m --> n",
    ),
  ).toEqual({ nodes: ["m (process)", "n (process)"], flows: ["m > n"], boundaries: [] });
});

test.each([
  ["classes", "class A {\n}"],
  ["states", "[*] --> Idle"],
  ["activities", "start\n:wash;\nstop"],
])("%s draw no system", (_, body) => {
  const read = readOne({ path: "docs/dfd.puml", text: `@startuml\n${body}\n@enduml\n` });
  expect([read.format, read.isModel, read.problems[0]?.what]).toEqual([
    "plantuml",
    false,
    "The diagram draws no system: it shows classes, states, activities or a plan.",
  ]);
});

test("H061: lines and names built to hurt are read in proportion to their size", () => {
  for (const unit of ["-", "a -", "[", "(", '"', "<", "a(", "{", "a --", "note ", ": ", "|"]) {
    const text = `@startuml\n${unit.repeat(200_000 / unit.length)}\n${`${unit.repeat(500)}\n`.repeat(400)}@enduml`;
    expect(readOne({ path: "a.puml", text }).format).toBe("plantuml");
  }
});

describe("what people write into PlantUML beside its own diagrams", () => {
  test("text before, between and after diagrams draws nothing", () => {
    const drawing = readPlantUml(
      ["Made by a tool -> of ours", "[Not a part]", "@startuml", "a -> b", "@enduml", "[Nor this]"].join("\n"),
    );
    expect(drawing?.nodes.map(({ name, line }) => [name, line])).toEqual([
      ["a", 3],
      ["b", 3],
    ]);
  });

  test("names are written as headings and with addresses", () => {
    expect(
      drawn(
        'package "== Zone: Cellar ==" as z {',
        '  rectangle "==heat.Boiler\\n<size:10>[component]</size>" as b',
        "}",
      ).nodes,
    ).toEqual(["heat.Boiler [component] (process) in Zone: Cellar"]);
    expect(drawn('component "https://example.org" as site').nodes).toEqual(["https://example.org (process)"]);
  });

  test("a remark in square brackets tells of the work of a part, not of its kind", () => {
    expect(drawn('rectangle "Biller\\n[reads the queue]" as b', "[Bill queue]").nodes).toEqual([
      "Biller [reads the queue] (process)",
      "Bill queue (store)",
    ]);
  });

  test("of a name in code the last part says what it is", () => {
    expect(drawn('rectangle "Shop.External.Mailer" as m', "[Shop.Web.OrderQueue]", "[External mailer]").nodes).toEqual([
      "Shop.External.Mailer (process)",
      "Shop.Web.OrderQueue (process)",
      "External mailer (external)",
    ]);
  });

  test("a graph of Graphviz: labels, clusters, chains, groups and ports", () => {
    expect(
      drawn(
        "digraph house {",
        "  # settings",
        "  /* a guest",
        "     and a house -> */",
        "  compound=true",
        '  node [shape=box label="none"]; edge [color="#ff0000"]',
        '  guest [label="Visitor"]',
        "  { rank=same; bell, door }",
        "  subgraph cluster_house {",
        '    label = "House";',
        '    subgraph cluster_cellar { graph [style=dashed label="Cellar"]',
        '      db [label="Readings\\ndatabase" width=1.2]',
        "    }",
        '    door:n [label="Door"] // the front one',
        "  }",
        '  guest -> bell -> door [label="rings" dir="both"]',
        "  { guest bell } -> db",
        "}",
      ),
    ).toEqual({
      nodes: ["Visitor (external)", "bell (process)", "Door (process) in House", "Readings database (store) in Cellar"],
      flows: ["Visitor > bell: rings", "bell > Door: rings", "Visitor > Readings database", "bell > Readings database"],
      boundaries: ["House", "Cellar in House"],
    });
  });

  test("H061: a graph built to hurt is read in proportion to its size", () => {
    const deep = `digraph d {${"subgraph cluster_a {".repeat(5_000)}${'"'.repeat(999)}${"[=".repeat(5_000)}`;
    expect(readPlantUml(`@startuml\n${deep}\n@enduml`)?.flows).toEqual([]);
    for (const unclosed of ['"', '"\\\\', "/*", "<", "//", "subgraph {"])
      expect(readPlantUml(`@startuml\ndigraph u {\n${unclosed.repeat(90_000)}\n}\n@enduml`)?.flows).toEqual([]);
    const wide = `digraph w {${Array.from({ length: 3_000 }, (_, at) => `a${at} -> a${at + 1};`).join("\n")}}`;
    expect(readPlantUml(`@startuml\n${wide}\n@enduml`)?.flows).toHaveLength(2_000);
  });
});
