import { describe, expect, test } from "@jest/globals";
import { readMermaid } from "../../../../src/core/readers/markdown/mermaid.ts";

function kinds(text: string) {
  return Object.fromEntries((readMermaid(text)?.nodes ?? []).map(({ name, kind }) => [name, kind]));
}

describe("flowcharts", () => {
  test("every shape keeps its label, and says what it draws where that is clear", () => {
    const drawing = [
      "flowchart TD",
      "a[Web shop] --> b(Order service)",
      "b --> c[(Orders)]",
      "d([Supplier]) --> b",
      "e([Order service of the supplier]) --> b",
      "f(((Halt))) --> g{{Gateway}}",
      "h[[Tax routine]] --> i[/Report/]",
      "j>Note] --> k{Paid?}",
      'l@{ shape: cyl, label: "Ledger book" } --> m@{ shape: stadium, label: "Bank" }',
      "n((Shopper)) --> a",
    ].join("\n");
    expect(kinds(drawing)).toEqual({
      "Web shop": "process",
      "Order service": "process",
      Orders: "store",
      Supplier: "external",
      "Order service of the supplier": "process",
      Halt: "process",
      Gateway: "process",
      "Tax routine": "process",
      Report: "process",
      Note: "process",
      "Paid?": "process",
      "Ledger book": "store",
      Bank: "external",
      Shopper: "process",
    });
  });

  test("statements go on over lines: a text in quotes, an arrow without its other end", () => {
    const drawing = readMermaid(
      [
        "flowchart LR",
        'a["Web shop',
        '   of the house"]',
        "a -->",
        "",
        "  %% to the back",
        '  b["Orders"] -->|"pays',
        '  by card"|',
        "  c",
        "c -- asks -->",
        "d & e &",
        "f",
        'g["5 inch"] --> h["9 " wide]',
        "h --> a",
      ].join("\n"),
    );
    expect(drawing?.nodes.map(({ name }) => name).slice(0, 6)).toEqual([
      "Web shop of the house",
      "Orders",
      "c",
      "d",
      "e",
      "f",
    ]);
    expect(drawing?.flows.map(({ from, to, label, line }) => [from, to, label, line]).slice(0, 5)).toEqual([
      ["Web shop of the house", "Orders", undefined, 3],
      ["Orders", "c", "pays by card", 3],
      ["c", "d", "asks", 9],
      ["c", "e", "asks", 9],
      ["c", "f", "asks", 9],
    ]);
    expect(drawing?.flows.at(-1)?.to).toBe("Web shop of the house");
  });

  test("a part called as the diagram is a part", () => {
    expect(
      readMermaid("graph TD;\nGRAPH --> b;\nflowchart --> GRAPH")?.flows.map(({ from, to }) => [from, to]),
    ).toEqual([
      ["GRAPH", "b"],
      ["flowchart", "GRAPH"],
    ]);
  });

  test("an underscore within a word is part of the name, one around words marks them", () => {
    expect(
      readMermaid('flowchart LR\na["order_id of __init__"] --> b["_the_ shelf_"]')?.nodes.map(({ name }) => name),
    ).toEqual(["order_id of init", "the shelf"]);
  });

  test("an edge with an id of its own", () => {
    expect(readMermaid("flowchart LR\nA e1@--> B\nB e2@==> C")?.flows.map(({ from, to }) => `${from} ${to}`)).toEqual([
      "A B",
      "B C",
    ]);
  });
});

describe("C4 diagrams", () => {
  const text = [
    "C4Container",
    "title The shop",
    'Person(shopper, "Shopper, private", "Buys books")',
    'System_Boundary(shop, "Shop (inner)") {',
    '  Container(web, "Web shop", "Node", "Sells")',
    '  ContainerDb_Ext(ledger, "Ledger")',
    '  ContainerQueue(bus, "Events")',
    "}",
    'System_Ext(bank, "Bank")',
    'Rel(shopper, web, "buys, and pays", "HTTPS")',
    'Rel_Back(web, bank, "confirms")',
    'BiRel(web, bus, "events")',
    'RelIndex(1, web, ledger, "books")',
  ].join("\n");

  test("people, systems and stores, inside their boundaries", () => {
    expect(readMermaid(text)?.nodes.map(({ name, kind, boundary }) => [name, kind, boundary ?? null])).toEqual([
      ["Shopper, private", "external", null],
      ["Web shop", "process", "Shop (inner)"],
      ["Ledger", "store", "Shop (inner)"],
      ["Events", "store", "Shop (inner)"],
      ["Bank", "external", null],
    ]);
  });

  test("relations with commas in their labels, backwards, both ways and counted", () => {
    expect(readMermaid(text)?.flows.map(({ from, to, label }) => [from, to, label])).toEqual([
      ["Shopper, private", "Web shop", "buys, and pays"],
      ["Bank", "Web shop", "confirms"],
      ["Web shop", "Events", "events"],
      ["Events", "Web shop", "events"],
      ["Web shop", "Ledger", "books"],
    ]);
  });
});
