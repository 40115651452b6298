import { readForeignYaml } from "../../text/yaml.ts";
import { dependencyItem } from "../dependency.ts";
import { baseName, elementsOf, member, plainText, structureOf } from "../notations/items.ts";
import type { Item, StructureReader } from "../structure.ts";

/** Charts that a Helm chart brings along: `Chart.yaml` and the older `requirements.yaml`. https://helm.sh/docs/topics/charts/ */
export const structure: StructureReader = {
  name: "Helm chart",
  wants: (path) => /^(Chart|requirements|helmfile)\.ya?ml$/.test(baseName(path)),
  read(_path, text) {
    const yaml = readForeignYaml(text);
    if ("unreadable" in yaml) return yaml;
    const items: Item[] = [];
    for (const { value, lineOf } of yaml.documents) {
      for (const list of ["dependencies", "releases"]) {
        for (const [index, chart] of elementsOf(member(value, list)).entries()) {
          const name = member(chart, list === "releases" ? "chart" : "name");
          const version = member(chart, "version");
          const repository = member(chart, "repository");
          if (typeof name !== "string") continue;
          const isLocal = typeof repository === "string" && repository.startsWith("file:");
          items.push(
            dependencyItem({
              ecosystem: "helm",
              name,
              version: plainText(version),
              scope: "runtime",
              source: isLocal || /^\.{1,2}\//.test(name) ? "path" : "registry",
              target: typeof repository === "string" ? repository : undefined,
              line: lineOf([list, index, "name"]) ?? lineOf([list, index]) ?? 1,
            }),
          );
        }
      }
    }
    return structureOf(items);
  },
};
