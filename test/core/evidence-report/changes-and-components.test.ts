import { describe, expect, test } from "@jest/globals";
import type { FileText } from "../../../src/core/domain/snapshot.ts";
import type { TimelineEntry } from "../../../src/core/domain/timeline.ts";
import { gatherEvidence } from "../../../src/core/gather-evidence.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";
import { aModel, anElement } from "../../make/a-model.ts";
import { anEvidenceGround, firstUpdate } from "../../make/an-evidence-ground.ts";

const rules = await readRules();

function aChangeOn(day: string, element: string, bend: object = {}): TimelineEntry {
  return {
    kind: "change",
    at: `${day}T10:00:00Z`,
    what: `New data store: \`${element}\``,
    reference: `of-${day}`,
    path: `infra/${element}.tf`,
    elements: [element],
    ...bend,
  };
}

function anUpdateOn(day: string, ...concerns: string[]): TimelineEntry {
  return { kind: "update", at: `${day}T10:00:00Z`, reference: `of-${day}`, concerns };
}

function changesOf(...entries: readonly TimelineEntry[]) {
  const report = gatherEvidence(anEvidenceGround(aModel(), { entries: [firstUpdate, ...entries] }), rules);
  return report.changes.map(({ what, state, by, days }) => [what, state, by?.commit.reference, by?.days ?? days]);
}

describe("significant changes of a period", () => {
  test("stand with the first update that concerns them, or as gaps with their age", () => {
    expect(
      changesOf(
        aChangeOn("2026-02-01", "exports"),
        aChangeOn("2026-02-02", "reports"),
        anUpdateOn("2026-02-11", "exports"),
        anUpdateOn("2026-03-01", "exports"),
      ),
    ).toEqual([
      ["New data store: `exports`", "covered", "of-2026-02-11", 10],
      ["New data store: `reports`", "gap", undefined, 57],
    ]);
  });

  test("an update before the change, or after the period, covers nothing", () => {
    const change = aChangeOn("2026-02-01", "exports");
    expect(changesOf(anUpdateOn("2026-01-31", "exports"), change, anUpdateOn("2026-04-02", "exports"))).toEqual([
      ["New data store: `exports`", "gap", undefined, 58],
    ]);
  });

  test("what came before the period is listed only where nothing covered it when the period began", () => {
    expect(
      changesOf(
        aChangeOn("2025-11-01", "old"),
        anUpdateOn("2025-11-02", "old"),
        aChangeOn("2025-12-01", "late"),
        anUpdateOn("2026-01-20", "late"),
        aChangeOn("2026-05-01", "after"),
      ),
    ).toEqual([["New data store: `late`", "covered", "of-2026-01-20", 50]]);
  });

  test("a settled advisory is neither covered nor a gap; a running one is a gap", () => {
    const advisory: TimelineEntry = {
      kind: "intelligence",
      at: "2026-02-01T10:00:00Z",
      what: "GHSA-aaaa-bbbb-cccc in left-pad",
      reference: "GHSA-aaaa-bbbb-cccc",
      elements: ["left-pad"],
    };
    const settled = { ...advisory, settled: { at: "2026-02-03", why: "Fixed on GitHub." } };
    expect(changesOf(settled).map(([, state]) => state)).toEqual(["settled"]);
    expect(changesOf(advisory).map(([, state]) => state)).toEqual(["gap"]);
  });
});

describe("third-party components", () => {
  const manifest: FileText = {
    path: "package.json",
    text: JSON.stringify(
      { dependencies: { stripe: "14.0.0", express: "^4.18.0" }, devDependencies: { jest: "29.0.0" } },
      null,
      2,
    ),
  };
  const componentsWith = (elements: readonly ReturnType<typeof anElement>[]) => {
    const files = { name: "shop", paths: [manifest.path], texts: [manifest], notRead: [] };
    return gatherEvidence(anEvidenceGround(aModel({ elements }), { files }), rules).components;
  };

  test("are the packages that manifests ask for, with version, place and what they bring", () => {
    const { packages, manifests } = componentsWith([anElement("web")]);
    expect(packages.map(({ name, version, scope, where, covered }) => [name, version, scope, where, covered])).toEqual([
      ["stripe", "14.0.0", "runtime", { path: "package.json", line: 3 }, undefined],
      ["express", "^4.18.0", "runtime", { path: "package.json", line: 4 }, undefined],
      ["jest", "29.0.0", "dev", { path: "package.json", line: 7 }, undefined],
    ]);
    expect(packages[0]?.brings).toContain("third-party-saas");
    expect(manifests).toEqual([{ path: "package.json", ecosystem: "npm", runtime: 2, development: 1 }]);
  });

  test("are covered by an element that lists the manifest, or that names what a package brings", () => {
    const packages = anElement("packages", { type: "package-dependency", name: "Packages", files: ["package.json"] });
    const stripe = anElement("payments", { kind: "external", name: "Stripe payments" });
    const both = componentsWith([packages, stripe]);
    expect(both.manifests[0]?.covered).toEqual({ element: "Packages", how: "manifest-listed" });
    expect(both.packages.map(({ covered }) => covered?.element)).toEqual(["Stripe payments", "Packages", "Packages"]);
    expect(componentsWith([stripe]).packages.map(({ covered }) => covered?.how)).toEqual([
      "named",
      undefined,
      undefined,
    ]);
  });
});
