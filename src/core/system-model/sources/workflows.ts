import type { Fact } from "../../domain/fact.ts";
import type { FoundElement, FoundFlow } from "../found.ts";
import type { Source } from "../source.ts";
import { attributesUnder, placeOf, type Thing, thingsOf } from "../things.ts";

/** What a step sends out, and to whom: words of the workflow reader. */
const targets: readonly (readonly [RegExp, string])[] = [
  [/container registry|pushes an image/, "Container registry"],
  [/npm/, "npm registry"],
  [/PyPI/, "PyPI"],
  [/crates\.io/, "crates.io"],
  [/RubyGems/, "RubyGems"],
  [/Maven/, "Maven repository"],
  [/NuGet/, "NuGet"],
];

/**
 * GitHub workflows: one pipeline for the repository, and the registries that it publishes to. https://docs.github.com/actions
 */
export const source: Source = {
  name: "GitHub Actions",
  find(survey) {
    const workflows = thingsOf(survey, "workflow").filter(({ path }) => path.startsWith(".github/"));
    const [first] = workflows;
    if (!first) return { elements: [], flows: [], boundaries: [], data: [] };
    const pipeline: FoundElement = {
      key: "workflows",
      name: "build and deployment",
      type: "cicd-pipeline",
      technology: "GitHub Actions",
      aliases: [],
      files: [".github/workflows/**"],
      boundary: "ci",
      facts: pinnedFact(thingsOf(survey, "workflow-action")),
      places: [{ path: first.path }, ...workflows.slice(1, 3).map(({ path }) => ({ path }))],
      rank: 20,
    };
    const registries = new Map<string, { element: FoundElement; flow: FoundFlow }>();
    for (const thing of workflows) {
      for (const [name, value] of attributesUnder(thing.item, "publishes.")) {
        const target = targets.find(([pattern]) => pattern.test(String(value)))?.[1];
        if (target === undefined || registries.has(target)) continue;
        const place = placeOf(thing, name);
        const key = `workflows ${target}`;
        const element: FoundElement = {
          key,
          name: target,
          type: "artifact-registry",
          aliases: [],
          files: [thing.path],
          boundary: "third-parties",
          facts: [],
          places: [place],
          rank: 20,
        };
        registries.set(target, {
          element,
          flow: { from: { key: "workflows" }, to: { key }, protocol: "HTTPS", place },
        });
      }
    }
    return {
      elements: [pipeline, ...[...registries.values()].map(({ element }) => element)],
      flows: [...registries.values()].map(({ flow }) => flow),
      boundaries: [{ id: "ci", name: "Build and deployment (GitHub Actions)", place: { path: first.path } }],
      data: [],
    };
  },
};

/** Whether every foreign action is named by a commit: yes and no are both stated by the files. */
function pinnedFact(actions: readonly Thing[]): Fact[] {
  const foreign = actions.filter(({ item }) => item.attributes.get("official") !== true && !item.type.startsWith("."));
  if (foreign.length === 0) return [];
  const loose = foreign.find(({ item }) => item.attributes.get("pinned") !== true);
  const decisive = loose ?? foreign[0];
  return decisive ? [{ fact: "pinned", is: loose ? "no" : "yes", where: placeOf(decisive, "ref") }] : [];
}
