import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { evidenceReportJsonSchema, evidenceReportSchema } from "../../../src/core/domain/evidence-report.ts";
import { evidenceText, reportStyle } from "../../../src/core/evidence-text.ts";
import { type EvidenceGround, gatherEvidence } from "../../../src/core/gather-evidence.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";
import { aControl, aModel, anAcceptance, anElement, aStory, aThreatOfModel, aValidation } from "../../make/a-model.ts";
import { aSystem } from "../../make/an-assessment.ts";
import { anEvidenceGround, firstUpdate } from "../../make/an-evidence-ground.ts";
import fc from "../../make/fast-check.ts";
import { anyHostileText, hostileTexts } from "../../make/hostile-text.ts";
import { expectText } from "../present/expected.ts";
import { cellsOfRows, whatActs } from "../present/inert.ts";

const rules = await readRules();
const digest = createHash("sha256").update(reportStyle).digest("base64");
const written = (ground: EvidenceGround, format: "markdown" | "html" | "json") =>
  evidenceText(gatherEvidence(ground, rules), format, digest);

/** A shop with a threat of each decision, a covered change and a gap, packages, and one requirement that does not apply. */
function aShop(): EvidenceGround {
  const place = { path: "threat-model.yaml", line: 80 };
  const model = aModel({
    threats: [
      aThreatOfModel("T-1", { title: "Orders are read by other customers", controls: ["C-1"] }),
      aThreatOfModel("T-2", { title: "Requests fill the disk", stride: ["D"], status: "open", controls: ["C-2"] }),
      aThreatOfModel("T-3", { title: "The old shop is taken over", stride: ["E"], status: "accepted", controls: [] }),
      aThreatOfModel("T-4", {
        title: "Prices are changed on the way",
        stride: ["T"],
        status: "not-applicable",
        reason: "Prices never leave the service.",
        controls: [],
      }),
    ],
    controls: [
      aControl("C-1", { title: "Each order is read by its owner alone", status: "verified", evidence: ["src/web.ts"] }),
      aControl("C-2", { title: "Uploads are limited", status: "proposed" }),
    ],
    stories: [aStory("S-1", ["T-1"], { issue: "#12" })],
    validations: [aValidation("V-1", "C-1", { kind: "automated-test" })],
    acceptances: [anAcceptance("T-3")],
    requirements: [{ requirement: "I.1(2)(g)", applies: "no", because: "The shop keeps no data about people.", place }],
  });
  const files = [
    { path: "package.json", text: '{ "dependencies": {\n  "stripe": "14.0.0",\n  "left-pad": "1.3.0" } }' },
  ];
  return anEvidenceGround(model, {
    files: { name: "shop", paths: ["package.json", "src/web.ts", "threat-model.yaml"], texts: files, notRead: [] },
    entries: [
      firstUpdate,
      {
        kind: "change",
        at: "2026-02-01T10:00:00Z",
        what: "New data store: bucket `exports`",
        reference: "aaaaaaaaaaaa",
        path: "infra/exports.tf",
        elements: ["exports"],
      },
      { kind: "update", at: "2026-02-11T10:00:00Z", reference: "bbbbbbbbbbbb", concerns: ["exports", "T-2"] },
      {
        kind: "change",
        at: "2026-03-01T10:00:00Z",
        what: "New outbound call: `api.mailer.example`",
        reference: "cccccccccccc",
        path: "src/mail.ts",
        elements: ["api.mailer.example"],
      },
    ],
    frameworks: ["cra"],
  });
}

describe("the report", () => {
  test("as Markdown says the answer first, what it does not prove, and then everything it has", () => {
    expectText("evidence-report", written(aShop(), "markdown"));
  });

  test("as JSON fits its schema and holds what it was made of", () => {
    const report = evidenceReportSchema.parse(JSON.parse(written(aShop(), "json")));
    expect(report).toEqual(JSON.parse(JSON.stringify(gatherEvidence(aShop(), rules))));
  });

  test("as JSON holds every field that its published schema asks for, and no other", () => {
    const { properties, required } = evidenceReportJsonSchema() as { properties: object; required: string[] };
    const keys = Object.keys(JSON.parse(written(aShop(), "json")));
    expect(required.filter((key) => !keys.includes(key))).toEqual([]);
    expect(keys.filter((key) => !(key in properties))).toEqual([]);
  });

  test("as HTML is one file without script, address or anything from elsewhere", () => {
    const html = written(aShop(), "html");
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).toContain(`content="default-src 'none'; style-src 'sha256-${digest}'"`);
    expect(html).toContain(`<style>${reportStyle}</style>`);
    expect(html).not.toMatch(/<script|<link|<a |<img|<iframe|href=|src=|url\(|@import/i);
  });

  test("without a model says so first", () => {
    const { assessment } = anEvidenceGround();
    const { model: _, ...bare } = aSystem({ name: "shop", modelFiles: [] });
    const none = written({ ...anEvidenceGround(), assessment: { ...assessment, systems: [bare] } }, "markdown");
    expect(none.split("\n")[4]).toBe("**There is no threat model of shop at this commit.**");
  });
});

/**
 * A report in which every word that a repository can choose is hostile, by one law: it has a table of each kind, and what
 * another one adds are rows of ours.
 */
function hostile(word: (name: string) => string): EvidenceGround {
  const place = { path: word("path"), line: 3 };
  const stated = { text: word("stated"), place };
  const model = aModel({
    system: { name: stated, description: stated, owner: stated, users: [], data: [], links: [] },
    elements: [anElement(word("element id"), { name: word("element"), files: ["package.json"], place })],
    threats: [
      aThreatOfModel(word("threat id"), {
        title: word("title"),
        element: word("element id"),
        place,
        owner: word("owner"),
      }),
      aThreatOfModel("T-2", {
        status: "accepted",
        reason: word("reason"),
        controls: [],
        mitigation: word("mitigation"),
      }),
    ],
    controls: [aControl("C-1", { title: word("control"), evidence: [word("evidence")] })],
    stories: [aStory(word("story id"), [word("threat id")], { issue: word("issue") })],
    validations: [aValidation(word("validation id"), "C-1", { kind: word("kind"), result: word("result") })],
    acceptances: [
      anAcceptance("T-2", { reason: word("why"), approver: word("approver"), compensating: word("instead") }),
    ],
    reviews: [{ by: word("by"), role: word("role"), outcome: word("outcome"), place }],
    requirements: [{ requirement: word("requirement"), applies: "no", because: word("because"), place }],
  });
  return anEvidenceGround(model, {
    frameworks: ["cra"],
    branch: word("branch"),
    period: {
      from: { asked: word("from"), at: "2026-01-01T00:00:00Z" },
      to: { asked: word("to"), commit: word("commit"), at: "2026-03-31T00:00:00Z" },
    },
    files: {
      name: word("name"),
      paths: ["package.json"],
      texts: [
        {
          path: "package.json",
          text: JSON.stringify({ dependencies: { [word("package")]: word("version"), stripe: word("source") } }),
        },
      ],
      notRead: [{ path: word("unread"), reason: word("unread why") }],
    },
    entries: [
      {
        kind: "change",
        at: "2026-02-01T10:00:00Z",
        what: word("what"),
        reference: word("reference"),
        path: word("changed"),
        elements: [word("changed element")],
      },
      { kind: "update", at: "2026-02-02T10:00:00Z", reference: word("update"), concerns: [word("threat id")] },
    ],
    commitOf: (reference, at) => ({ reference, at, title: word("commit title"), author: word("author") }),
  });
}

/** Tags of our own; anything else in the HTML came out of a value. */
const ownTags =
  /^<(\/?(html|head|title|style|body|header|main|h[123]|p|ul|li|table|thead|tbody|tr|colgroup|code|strong|div|span|td)|!doctype html|html lang="en"|meta [^<>]*|th scope="col"|\/th|col width="\d+%"|p class="soft"|span class="(good|warn|bad|none|soft)"|div class="scroll"( role="region" tabindex="0" aria-label="[^"<>]*")?|table class="wide")>$/;

function strangeTags(html: string): string[] {
  return [...html.matchAll(/<[^>]*>?/g)].map(([tag]) => tag).filter((tag) => !ownTags.test(tag));
}

describe("hostile values", () => {
  test("H047 H048 H049 H051 H098 are inert in Markdown and break no table", () => {
    for (const text of hostileTexts) {
      const markdown = written(
        hostile(() => text),
        "markdown",
      );
      expect([text, whatActs(markdown, [])]).toEqual([text, []]);
      expect([...new Set(cellsOfRows(markdown))].sort()).toEqual([2, 3, 4, 5, 6, 7]);
    }
  });

  test("H048 H049 H098 are text in HTML, whatever they are", () => {
    for (const text of hostileTexts)
      expect([
        text,
        strangeTags(
          written(
            hostile(() => text),
            "html",
          ),
        ),
      ]).toEqual([text, []]);
    fc.assert(
      fc.property(anyHostileText(), (text) => {
        expect(
          strangeTags(
            written(
              hostile(() => text),
              "html",
            ),
          ),
        ).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test("H053 H098 are values in JSON, and nothing that cannot be seen is raw in it", () => {
    for (const text of hostileTexts) {
      const json = written(
        hostile(() => text),
        "json",
      );
      expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\p{Cf}]/u);
      expect(() => evidenceReportSchema.parse(JSON.parse(json))).not.toThrow();
    }
  });

  test("H054 no credential of a model stands in any form of the report", () => {
    const secret = `ghp_${"a1B2".repeat(9)}`;
    for (const format of ["markdown", "html", "json"] as const)
      expect(
        written(
          hostile(() => `key ${secret}`),
          format,
        ),
      ).not.toContain(secret);
  });
});
