import { readImage } from "../notations/image.ts";
import {
  type Draft,
  elementsOf,
  emptyDraft,
  isMapping,
  itemOf,
  type LineOf,
  member,
  setAttribute,
  setNested,
  structureOf,
} from "../notations/items.ts";
import { readTemplatedYaml } from "../notations/yaml-template.ts";
import type { Item, Structure, StructureReader } from "../structure.ts";

/**
 * Kubernetes manifests and Helm templates: one item an object, its type the kind. All fields are attributes by dotted path; besides, for
 * whatever holds a pod: `image.N` (repository), `host.N` (host namespaces and host paths it uses). Text in `data` of a Secret is not kept.
 * Reference: https://kubernetes.io/docs/reference/kubernetes-api/
 */
export const structure: StructureReader = {
  name: "Kubernetes manifest",
  wants: (path) =>
    /\.ya?ml$/i.test(path) &&
    !/(^|\/)\.(github|circleci|gitlab)|(^|\/)(docker-)?compose[^/]*$|(^|\/)(values|Chart|mkdocs|pnpm-lock|openapi|swagger)[^/]*$/i.test(
      path,
    ),
  read(_path, text): Structure {
    // Cheap and certain: without these two words there is no manifest in it.
    if (!/^\s*kind\s*:/m.test(text) || !/^\s*apiVersion\s*:/m.test(text)) return { items: [] };
    const yaml = readTemplatedYaml(text);
    if ("unreadable" in yaml) return yaml;
    const items: Item[] = [];
    for (const { value, lineOf } of yaml.documents) collect(items, value, [], lineOf);
    return structureOf(items);
  },
};

function collect(items: Item[], value: unknown, path: readonly (string | number)[], lineOf: LineOf): void {
  const kind = kindOf(member(value, "kind"));
  const version = member(value, "apiVersion");
  if (typeof kind !== "string" || typeof version !== "string") return;
  if (kind.endsWith("List") && Array.isArray(member(value, "items"))) {
    for (const [index, inner] of elementsOf(member(value, "items")).entries())
      collect(items, inner, [...path, "items", index], lineOf);
    return;
  }
  items.push(objectItem(value, kind, version, path, lineOf));
}

/** `{{ ternary "Role" "ClusterRole" … }}` names the kinds that it chooses from: the wider one, which comes last by convention, is taken. */
function kindOf(kind: unknown): unknown {
  if (typeof kind !== "string" || !kind.includes("{{")) return kind;
  const named = [...kind.slice(0, 300).matchAll(/["']([A-Z][A-Za-z]{2,60})["']/g)].map(([, name]) => name);
  return named.at(-1) ?? kind;
}

function objectItem(
  value: unknown,
  kind: string,
  version: string,
  path: readonly (string | number)[],
  lineOf: LineOf,
): Item {
  const metadata = member(value, "metadata");
  const named = member(metadata, "name") ?? member(metadata, "generateName");
  const name = typeof named === "string" ? named : kind;
  const space = member(metadata, "namespace");
  const group = version.includes("/") ? version.slice(0, version.indexOf("/")) : "";
  const draft = emptyDraft();
  for (const [key, inner] of Object.entries(isMapping(value) ? value : {})) {
    if (key === "kind" || key === "status") continue;
    if (kind === "Secret" && (key === "data" || key === "stringData")) {
      // The names say what is kept; the values must not travel into a message.
      for (const secret of Object.keys(isMapping(inner) ? inner : {}))
        setAttribute(draft, `${key}.${secret}`, "(secret value)", lineOf([...path, key, secret]));
      continue;
    }
    setNested(draft, key, inner, lineOf, [...path, key]);
  }
  const pod = podOf(value, kind);
  if (pod) setPod(draft, pod.spec, [...path, ...pod.path], lineOf);
  const key = `${group}/${kind}/${typeof space === "string" ? space : ""}/${name}`;
  return itemOf(
    { kind: "kubernetes-object", type: kind, key, name, line: lineOf([...path, "kind"]) ?? lineOf(path) ?? 1 },
    draft,
  );
}

/** Where the pod is described: in the object itself, in its template, or in the template of the jobs it makes. */
function podOf(value: unknown, kind: string): { spec: unknown; path: readonly string[] } | undefined {
  const paths =
    kind === "Pod"
      ? [["spec"]]
      : [
          ["spec", "template", "spec"],
          ["spec", "jobTemplate", "spec", "template", "spec"],
        ];
  for (const path of paths) {
    let spec: unknown = value;
    for (const part of path) spec = member(spec, part);
    if (Array.isArray(member(spec, "containers"))) return { spec, path };
  }
  return undefined;
}

function setPod(draft: Draft, spec: unknown, path: readonly (string | number)[], lineOf: LineOf): void {
  let images = 0;
  let hosts = 0;
  for (const list of ["containers", "initContainers"]) {
    for (const [index, container] of elementsOf(member(spec, list)).entries()) {
      const image = member(container, "image");
      if (typeof image === "string")
        setAttribute(draft, `image.${images++}`, readImage(image).repository, lineOf([...path, list, index, "image"]));
    }
  }
  for (const flag of ["hostNetwork", "hostPID", "hostIPC"]) {
    if (member(spec, flag) === true) setAttribute(draft, `host.${hosts++}`, flag, lineOf([...path, flag]));
  }
  for (const [index, volume] of elementsOf(member(spec, "volumes")).entries()) {
    const hostPath = member(member(volume, "hostPath"), "path");
    if (typeof hostPath === "string")
      setAttribute(draft, `host.${hosts++}`, hostPath, lineOf([...path, "volumes", index]));
  }
}
