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
