import type { YamlDocument } from "../../text/yaml.ts";
import { dependencyItem } from "../dependency.ts";
import { baseName, elementsOf, member, plainText, structureOf } from "../notations/items.ts";
import { readTemplatedYaml } from "../notations/yaml-template.ts";
import type { Item, StructureReader } from "../structure.ts";

/**
 * Charts that a Helm chart brings along, in `Chart.yaml` and the older `requirements.yaml`, and those that Helmfile installs: a file of any
 * name with a list of `releases`, each of a `chart`. https://helm.sh/docs/topics/charts/, https://helmfile.readthedocs.io/en/latest/
 */
export const structure: StructureReader = {
  name: "Helm chart",
  wants: (path) =>
    isChart(path) || (/\.ya?ml(\.gotmpl)?$/i.test(path) && !/(^|\/)\.(github|circleci|gitlab)/i.test(path)),
  read(path, text) {
    // Cheap and certain: without these two words no release is in it.
    if (!isChart(path) && !(/^releases\s*:/m.test(text) && /^\s+(?:-\s+)?chart\s*:/m.test(text))) return { items: [] };
    const yaml = readTemplatedYaml(text);
    if ("unreadable" in yaml) return yaml;
    return structureOf(yaml.documents.flatMap(chartsIn));
  },
};

function isChart(path: string): boolean {
  return /^(Chart|requirements|helmfile)\.ya?ml$/.test(baseName(path));
}

function chartsIn({ value, lineOf }: YamlDocument): Item[] {
  const items: Item[] = [];
  const homes = new Map(
    elementsOf(member(value, "repositories")).map((one) => [
      plainText(member(one, "name")),
      plainText(member(one, "url")),
    ]),
  );
  for (const list of ["dependencies", "releases"]) {
    for (const [index, chart] of elementsOf(member(value, list)).entries()) {
      const name = member(chart, list === "releases" ? "chart" : "name");
      if (typeof name !== "string") continue;
      const repository = member(chart, "repository") ?? homes.get(name.split("/", 1)[0] ?? "");
      const isLocal = typeof repository === "string" && repository.startsWith("file:");
      items.push(
        dependencyItem({
          ecosystem: "helm",
          name,
          version: plainText(member(chart, "version")),
          scope: "runtime",
          source: isLocal || /^\.{1,2}\//.test(name) ? "path" : "registry",
          target: typeof repository === "string" && repository !== "" ? repository : undefined,
          line: lineOf([list, index, "name"]) ?? lineOf([list, index]) ?? 1,
        }),
      );
    }
  }
  return items;
}
