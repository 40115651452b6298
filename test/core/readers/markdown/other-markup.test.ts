import { describe, expect, test } from "@jest/globals";
import { markdownFromAsciidoc } from "../../../../src/core/readers/markdown/from-asciidoc.ts";
import { markdownFromRst } from "../../../../src/core/readers/markdown/from-rst.ts";
import { readOne } from "../../../../src/core/readers/read-model.ts";
import { deliverablesOf } from "../sample.ts";

const rst = `.. _threat-model:

==========================
Threat model of the bakery
==========================

:Author: Ada Baker
:Date: 2026-05-04

Overview
========

The bakery sells bread to customers over a web page, takes their orders and keeps
them in a database that the bakers read each morning. See \`the plan <plan.rst>\`_.

Data flow diagram
=================

.. uml::

   @startuml
   actor Customer
   node "Shop" {
     component [Web page] as web
     database Orders
   }
   Customer --> web : order
   web --> Orders : rows
   @enduml

Threats
=======

+--------------+------------------------------+
| ID           | 01                           |
+==============+==============================+
| Threat       | | **Orders in a false name** |
|              |                              |
|              | | Anybody may order.         |
+--------------+------------------------------+
| Threat Type  | Spoofing                     |
+--------------+--------------+---------------+
| Impact       | High         | Low           |
+--------------+--------------+---------------+
| Mitigations  | Customers sign in.           |
+--------------+------------------------------+

.. list-table:: More threats
   :header-rows: 1

   * - Threat
     - STRIDE
     - Mitigation
   * - Prices are changed
       on their way
     - Tampering
     - Signed prices

======================  ==================
Threat                  Mitigation
======================  ==================
Logs are lost at night  Two copies of
                        each log
======================  ==================

.. include:: more.rst
`;

describe("reStructuredText", () => {
  const read = readOne({ path: "docs/threat-model.rst", text: rst });

  test("titles, grid tables, list tables and simple tables are threats on their own lines", () => {
    expect(
      read.model?.threats.map(({ title, stride, impact, mitigation, place }) => [
        title,
        stride.join(""),
        impact ?? null,
        mitigation ?? null,
        place.line,
      ]),
    ).toEqual([
      ["Orders in a false name Anybody may order.", "S", "high", "Customers sign in.", 35],
      ["Prices are changed on their way", "T", null, "Signed prices", 54],
      ["Logs are lost at night", "", null, "Two copies of each log", 62],
    ]);
  });

  test("a diagram in a directive, fields and the description", () => {
    expect({
      flows: read.model?.flows.map(({ id, place }) => [id, place.line]),
      author: read.model?.documentation.authors.map(({ text }) => text),
      date: read.model?.documentation.date?.text,
      context: deliverablesOf(read)?.context.state,
    }).toEqual({
      flows: [
        ["Customer -> Web page: order", 27],
        ["Web page -> Orders: rows", 28],
      ],
      author: ["Ada Baker"],
      date: "2026-05-04",
      context: "present",
    });
  });

  test("what it would take in is named", () => {
    expect(read.problems.filter(({ what }) => what.includes("takes in"))).toEqual([
      {
        path: "docs/threat-model.rst",
        line: 66,
        severity: "warning",
        what: "The document takes in `more.rst`, which is not read with it.",
        hint: "Nothing is included into a document. Name the other file among the models of the policy, or write what matters here.",
      },
    ]);
  });

  test.each([
    ["a link", "See `the plan <https://example.com/plan>`_ first.", "See [the plan](https://example.com/plan) first."],
    ["a role", "Ask :ref:`the team <team>` about ``code``.", "Ask the team about `code`."],
    ["a comment", ".. nobody reads this", ""],
    ["a picture", ".. image:: img/dfd.png\n   :alt: Data flow diagram", "![Data flow diagram](img/dfd.png)\n"],
    ["a note", ".. note:: Mind the gap\n\n   It is wide.", "Mind the gap\n\nIt is wide."],
    ["a term", "Spoofing\n   Somebody pretends.", "**Spoofing:**\n   Somebody pretends."],
    ["text as it stands", "Run::\n\n   make bread\n\nDone", "Run:\n```\nmake bread\n```\nDone"],
    ["code to the end", ".. code-block:: sh\n\n   make bread\n", "\n```sh\nmake bread\n```"],
    ["a numbered item", "#. First", "1. First"],
  ])("%s", (_what, text, markdown) => {
    expect(markdownFromRst(text).text).toBe(markdown);
  });
});

const adoc = `= Threat model of the bakery
Ada Baker <ada@example.com>
v1.2, 2026-05-04
:status: reviewed

== Overview

The bakery sells bread to customers over a web page, takes their orders and keeps
them in a database that the bakers read each morning. See link:plan.adoc[the plan].

[mermaid]
----
flowchart LR
  customer[Customer] --> web[Web page]
----

== Threats

[cols="1,2,2",options="header"]
|===
| STRIDE | Threat | Mitigation

| Spoofing
| Orders in a *false* name
| Customers sign in

| Tampering | Prices are changed
on their way | Signed prices
|===

=== T-SC-03: Dependency confusion

* *Likelihood*: High
* *Impact*: Medium
* *Mitigations*:
** Pinned names
** A registry of our own

include::more.adoc[]
`;

describe("AsciiDoc", () => {
  const read = readOne({ path: "docs/threat-model.adoc", text: adoc });

  test("titles, tables, nested lists and a diagram are read on their own lines", () => {
    expect({
      threats: read.model?.threats.map(({ id, title, stride, mitigation, place }) => [
        id.startsWith("T-SC") ? id : null,
        title,
        stride.join(""),
        mitigation ?? null,
        place.line,
      ]),
      flows: read.model?.flows.map(({ id, place }) => [id, place.line]),
      documentation: [
        read.model?.documentation.authors.map(({ text }) => text),
        read.model?.documentation.version?.text,
        read.model?.system.name?.text,
      ],
    }).toEqual({
      threats: [
        ["T-SC-03", "Dependency confusion", "", "Pinned names A registry of our own", 31],
        [null, "Orders in a false name", "S", "Customers sign in", 23],
        [null, "Prices are changed on their way", "T", "Signed prices", 27],
      ],
      flows: [["Customer -> Web page", 14]],
      documentation: [["Ada Baker"], "v1.2, 2026-05-04", "the bakery"],
    });
  });

  test("what it would take in is named", () => {
    expect(read.problems.map(({ line, what }) => [line, what])).toContainEqual([
      39,
      "The document takes in `more.adoc`, which is not read with it.",
    ]);
  });

  test.each([
    ["a term", "Spoofing:: Somebody pretends.", "**Spoofing:** Somebody pretends."],
    ["a reference", "As in <<threats,the threats>>.", "As in the threats."],
    ["a picture", "image::img/dfd.png[Data flow diagram]", "![Data flow diagram](img/dfd.png)"],
    ["a comment", "// nobody reads this", ""],
    ["a block of comments", "////\nhidden\n////", "\n\n"],
    ["a block's title", ".Data flow", "**Data flow**"],
    ["a fence never closed", "----\ntext", "\ntext"],
  ])("%s", (_what, text, markdown) => {
    expect(markdownFromAsciidoc(text).text).toBe(markdown);
  });
});

describe("H058: marks never closed cost time in proportion to their number", () => {
  const many = 30_000;
  test.each([
    ["fences of AsciiDoc", markdownFromAsciidoc, "```a\n----\n"],
    ["tables of AsciiDoc", markdownFromAsciidoc, "|===\n| a\n"],
    ["comments of AsciiDoc", markdownFromAsciidoc, "//////\ntext\n"],
    ["directives of reStructuredText", markdownFromRst, ".. note::\n\n"],
    ["borders of grid tables", markdownFromRst, "+--+--+\n| a | b |\n"],
    ["borders of simple tables", markdownFromRst, "== ==\na  b\n"],
    ["backticks", markdownFromRst, "`` ` :a:` <"],
    ["text in deep blocks", markdownFromRst, "::\n\n     a\n"],
  ])("%s", (_what, convert, piece) => {
    const text = piece.repeat(many);
    expect(convert(text).text.split("\n").length).toBeGreaterThanOrEqual(text.split("\n").length - 1);
  });

  test("directives within directives, ever deeper", () => {
    const text = Array.from({ length: 1_500 }, (_, depth) => `${" ".repeat(depth)}.. note::\n`).join("\n");
    expect(markdownFromRst(text).text.split("\n")).toHaveLength(text.split("\n").length);
  });
});
