import { describe, expect, test } from "@jest/globals";
import { systemsOf } from "../../../src/core/assess/systems.ts";
import type { Policy } from "../../../src/core/domain/policy.ts";
import type { Snapshot } from "../../../src/core/domain/snapshot.ts";
import { aChangedFile, aSnapshot } from "../../make/a-snapshot.ts";
import { aChange, aPolicy } from "../../make/an-assessment.ts";

const text = "x";
const changes = [
  aChange({ path: "shop/a.tf" }),
  aChange({ path: "pay/b.tf" }),
  aChange({ path: "docs/c.tf" }),
  aChange({ path: "shop/d.tf", significant: false }),
];

/** `name: changes | head files | base files` of each system. */
function shown(snapshot: Snapshot, systems: Policy["systems"]): string[] {
  return systemsOf(snapshot, aPolicy({ systems }), changes).map(
    (system) =>
      `${system.name}: ${system.changes.join(",")} | ${system.headFiles.map(({ path }) => path).join(",")} | ${system.baseFiles.map(({ path }) => path).join(",")}`,
  );
}

function aSystemOfPolicy(name: string, paths: string[], model: string[] = []): Policy["systems"][number] {
  return { name, paths, model, riskClass: "medium" };
}

describe("systems of a repository", () => {
  const models = ["docs/tm.md", "pay/threat-model.md", "shop/threat-model.yaml"].map((path) => ({ path, text }));

  test("without any in the policy there is one, named after the repository; our own format leads", () => {
    expect(shown(aSnapshot({ models }), [])).toEqual([
      "exports: 0,1,2 | shop/threat-model.yaml,docs/tm.md,pay/threat-model.md | shop/threat-model.yaml,docs/tm.md,pay/threat-model.md",
    ]);
  });

  test("paths and models go to the first system that covers them, and what lies outside to one more", () => {
    expect(
      shown(aSnapshot({ models }), [
        aSystemOfPolicy("shop", ["shop/**"]),
        aSystemOfPolicy("pay", ["pay/**", "shop/a.tf"]),
      ]),
    ).toEqual([
      "shop: 0 | shop/threat-model.yaml | shop/threat-model.yaml",
      "pay: 1 | pay/threat-model.md | pay/threat-model.md",
      "exports: 2 | docs/tm.md | docs/tm.md",
    ]);
  });

  test("a system without paths takes what no other has, and a named model is its only one", () => {
    expect(
      shown(aSnapshot({ models }), [aSystemOfPolicy("rest", [], ["docs/tm.md"]), aSystemOfPolicy("shop", ["shop/**"])]),
    ).toEqual(["rest: 1,2 | docs/tm.md | docs/tm.md", "shop: 0 | shop/threat-model.yaml | shop/threat-model.yaml"]);
  });

  test("the base is what differs there, and everything else as it is at the head", () => {
    const snapshot = aSnapshot({
      models: [
        { path: "new/threat-model.md", text },
        { path: "threat-model.yaml", text: "after" },
        { path: "z/threat-model.md", text },
      ],
      baseModels: [
        { path: "threat-model.yaml", text: "before" },
        { path: "gone/threat-model.md", text },
      ],
      files: [aChangedFile("threat-model.yaml"), aChangedFile("new/threat-model.md", { status: "added" })],
    });
    const [system] = systemsOf(snapshot, aPolicy({ systems: [] }), []);
    expect(system?.baseFiles).toEqual([
      { path: "threat-model.yaml", text: "before" },
      { path: "gone/threat-model.md", text },
      { path: "z/threat-model.md", text },
    ]);
  });

  test("the policy file is no model, though its text is read", () => {
    const [system] = systemsOf(
      aSnapshot({ models: [{ path: ".github/threatgate.yml", text }] }),
      aPolicy({ systems: [] }),
      [],
    );
    expect(system?.headFiles).toEqual([]);
  });
});
