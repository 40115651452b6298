import { readJson } from "../../text/json.ts";
import { dependencyItem } from "../dependency.ts";
import { type HclAttribute, type HclBlock, type HclBody, type HclValue, readHcl } from "../notations/hcl.ts";
import { type Draft, emptyDraft, itemOf, setAttribute, setNested, structureOf } from "../notations/items.ts";
import type { Item, StructureReader } from "../structure.ts";

/**
 * Terraform and OpenTofu configuration: resources, data sources, modules, providers, variables, outputs, backends and locals.
 * Nested blocks are `name.0`, `name.1`; JSON inside `jsonencode(…)` or a heredoc is read as if it were written in place, so that a policy
 * looks the same however it is spelled. Language: https://developer.hashicorp.com/terraform/language/syntax/configuration
 */
export const structure: StructureReader = {
  name: "Terraform",
  wants: (path) => /\.(tf|tofu)$/.test(path) || (path.endsWith(".hcl") && !/\.(pkr|nomad|pkrvars)\.hcl$/.test(path)),
  read(path, text) {
    const hcl = readHcl(text);
    if ("unreadable" in hcl) return hcl;
    if (path.endsWith(".lock.hcl")) return structureOf(lockedProviders(hcl.body));
    const items = hcl.body.blocks.flatMap(itemsOfBlock);
    return structureOf(path.endsWith(".hcl") ? [...items, ...terragruntItems(path, hcl.body)] : items);
  },
};

function itemsOfBlock(block: HclBlock): Item[] {
  const [first = "", second = ""] = block.labels;
  // Made not even once: it is there when its count says so. https://developer.hashicorp.com/terraform/language/meta-arguments/count
  if (literalOf(block, "count") === 0) return [];
  switch (block.type) {
    case "resource":
    case "data":
    case "ephemeral": {
      const kind = block.type === "resource" ? "terraform-resource" : "terraform-data";
      return [blockItem(block, kind, first, `${block.type}.${first}.${second}`, second)];
    }
    case "module":
      return [moduleItem(block, first)];
    case "variable":
    case "output":
      return [blockItem(block, `terraform-${block.type}`, first, `${block.type}.${first}`, first)];
    case "provider": {
      const alias = literalOf(block, "alias");
      return [blockItem(block, "terraform-provider", first, `provider.${first}.${String(alias ?? "")}`, first)];
    }
    case "locals":
      return block.attributes.map((attribute) => localItem(attribute));
    case "terraform":
      return block.blocks.flatMap((inner) => settingsItems(inner));
    default:
      return [];
  }
}

/**
 * A Terragrunt unit calls one module: `terraform.source` says which, `inputs` is what it is told, `remote_state` where its state is
 * kept. The unit is known by its folder. https://terragrunt.gruntwork.io/docs/reference/hcl/
 */
function terragruntItems(path: string, body: HclBody): Item[] {
  const inputs = body.attributes.find(({ name }) => name === "inputs");
  const unit = body.blocks.find(({ type }) => type === "terraform");
  const items = body.blocks
    .filter(({ type }) => type === "remote_state")
    .map((block) =>
      blockItem(block, "terraform-backend", String(literalOf(block, "backend") ?? ""), "backend", "state"),
    );
  if (!inputs && !unit?.attributes.some(({ name }) => name === "source")) return items;
  const folder = path.split("/").at(-2) ?? "terragrunt";
  const source = unit?.attributes.filter(({ name }) => name === "source") ?? [];
  const given = inputs?.value.kind === "object" ? inputs.value.entries : [];
  const attributes = given.map(({ name, value, line }) => ({ name, value, line }));
  const line = source[0]?.line ?? inputs?.line ?? 1;
  if (inputs && inputs.value.kind !== "object")
    attributes.push({ name: "inputs", value: inputs.value, line: inputs.line });
  return [
    ...items,
    moduleItem({ type: "module", labels: [folder], line, attributes: [...source, ...attributes], blocks: [] }, folder),
  ];
}

function blockItem(block: HclBlock, kind: string, type: string, key: string, name: string): Item {
  const draft = emptyDraft();
  setBody(draft, "", block);
  if (kind === "terraform-resource") {
    const owner = attachedTo(type, draft);
    if (owner !== undefined) draft.attributes.set("attached-to", owner);
  }
  return itemOf({ kind, type, key, name, line: block.line }, draft);
}

/**
 * The name of the resource that a companion belongs to: `aws_s3_bucket_versioning` to the `aws_s3_bucket` that one of its
 * attributes names. A companion's type begins with its owner's.
 */
function attachedTo(type: string, draft: Draft): string | undefined {
  for (const value of draft.attributes.values()) {
    const [, owner, name] =
      /^(?:\$\{)?([a-z][a-z0-9_]{2,80})\.([\w-]{1,80})(?:\[[^\]]{0,40}\])?\.\w+\}?$/.exec(String(value)) ?? [];
    if (owner !== undefined && type.startsWith(`${owner}_`)) return name;
  }
  return undefined;
}

/** An archive of a release bears its version as a part of its address: `…/releases/download/v2.1.0/network.zip`. */
const versionInAddress = /\/v?(\d{1,5}\.\d{1,5}(?:\.\d{1,5})?(?:-[\w.]{1,20})?)\//;

/** A module call. Its type is where the module comes from, without version or query: `terraform-aws-modules/vpc/aws`. */
function moduleItem(block: HclBlock, name: string): Item {
  const draft = emptyDraft();
  setBody(draft, "", block);
  const source = String(draft.attributes.get("source") ?? "");
  const reference = /[?&]ref=([^&]+)/.exec(source)?.[1];
  const line = draft.lines.get("source") ?? block.line;
  const version = reference ?? versionInAddress.exec(source)?.[1];
  if (version !== undefined && !draft.attributes.has("version")) setAttribute(draft, "version", version, line);
  // A new version of the same module is a step of `version`, not another source.
  if (source !== "") draft.attributes.set("source", source.replace(/\?.*$/, "").replace(versionInAddress, "/"));
  const type = source
    .replace(/^git::/, "")
    .replace(/\?.*$/, "")
    .replace(/^(\.{1,2}\/)+|^(https?|ssh):\/\/([^@/]*@)?/, "")
    .replace(/\.git(?=\/|$)/, "");
  const registry = /^[\w.-]+\/[\w-]+\/[\w-]+(\/\/.*)?$|^[\w.-]+\.[a-z]+\/[\w-]+\/[\w-]+\/[\w-]+(\/\/.*)?$/.test(source);
  setAttribute(
    draft,
    "from",
    /^\.{1,2}\//.test(source)
      ? "path"
      : registry
        ? "registry"
        : /^git::|^git@|github\.com/.test(source)
          ? "git"
          : "url",
  );
  return itemOf({ kind: "terraform-module", type, key: `module.${name}`, name, line: block.line }, draft);
}

function localItem(attribute: HclAttribute): Item {
  const draft = emptyDraft();
  setHclValue(draft, attribute.name, attribute.value, attribute.line);
  return itemOf(
    {
      kind: "terraform-local",
      type: attribute.name,
      key: `local.${attribute.name}`,
      name: attribute.name,
      line: attribute.line,
    },
    draft,
  );
}

/** `required_providers`, `backend` and `cloud` of a `terraform` block. */
function settingsItems(block: HclBlock): Item[] {
  if (block.type === "backend" || block.type === "cloud") {
    const type = block.type === "cloud" ? "cloud" : (block.labels[0] ?? "");
    return [blockItem(block, "terraform-backend", type, "backend", type)];
  }
  if (block.type !== "required_providers") return [];
  return block.attributes.map((attribute) => {
    const draft = emptyDraft();
    setHclValue(draft, "", attribute.value, attribute.line);
    const version = attribute.value.kind === "literal" ? attribute.value.value : draft.attributes.get("version");
    const source = draft.attributes.get("source");
    return dependencyItem({
      ecosystem: "terraform",
      name: typeof source === "string" ? source : `hashicorp/${attribute.name}`,
      version: version === undefined || version === null ? undefined : String(version),
      scope: "build",
      line: draft.lines.get("version") ?? attribute.line,
    });
  });
}

function lockedProviders(body: HclBody): Item[] {
  return body.blocks
    .filter((block) => block.type === "provider")
    .map((block) =>
      dependencyItem({
        ecosystem: "terraform",
        name: (block.labels[0] ?? "").replace(/^registry\.(terraform\.io|opentofu\.org)\//, ""),
        version: String(literalOf(block, "version") ?? ""),
        scope: "build",
        line: block.line,
        kind: "locked-dependency",
      }),
    );
}

function literalOf(block: HclBlock, name: string): string | number | boolean | null | undefined {
  const value = block.attributes.find((attribute) => attribute.name === name)?.value;
  return value?.kind === "literal" ? value.value : undefined;
}

/** Attributes and nested blocks of a body, by dotted path below `prefix`. */
function setBody(draft: Draft, prefix: string, body: HclBody): void {
  for (const attribute of body.attributes)
    setHclValue(draft, join(prefix, attribute.name), attribute.value, attribute.line);
  const counts = new Map<string, number>();
  for (const block of body.blocks) {
    const content = block.type === "dynamic" ? block.blocks.find((inner) => inner.type === "content") : undefined;
    const name = content ? (block.labels[0] ?? "dynamic") : [block.type, ...block.labels].join(".");
    const index = counts.get(name) ?? 0;
    counts.set(name, index + 1);
    const path = join(prefix, `${name}.${index}`);
    if (content) {
      const each = block.attributes.find((attribute) => attribute.name === "for_each");
      if (each) setHclValue(draft, `${path}.for_each`, each.value, each.line);
    }
    const inner = content ?? block;
    if (inner.attributes.length === 0 && inner.blocks.length === 0) setAttribute(draft, path, "{}", block.line);
    setNamed(draft, join(prefix, name), inner);
    setBody(draft, path, inner);
  }
}

/** A block that gives a name a value (`parameter`, `set`, `database_flags`) is a setting of that name, too. */
function setNamed(draft: Draft, path: string, block: HclBlock): void {
  const name = literalOf(block, "name");
  const value = block.attributes.find((attribute) => attribute.name === "value");
  if (typeof name === "string" && value && /^[\w.-]{1,100}$/.test(name))
    setHclValue(draft, `${path}.named.${name}`, value.value, value.line);
}

/** Functions that change a value's type but not what it says. https://developer.hashicorp.com/terraform/language/functions */
const transparent = new Set([
  "jsonencode",
  "toset",
  "tolist",
  "tomap",
  "tostring",
  "sensitive",
  "nonsensitive",
  "flatten",
  "distinct",
  "compact",
]);
/** Functions that put lists or mappings one after the other. */
const joining = new Set(["concat", "merge", "setunion"]);

/** Sets a value and everything inside it. Also used for variable files. */
export function setHclValue(draft: Draft, path: string, value: HclValue, keyLine: number): void {
  switch (value.kind) {
    case "literal": {
      if (typeof value.value === "string" && /^\s*[[{]/.test(value.value)) {
        if (setEmbeddedJson(draft, path, value.value, value.line)) return;
      }
      setAttribute(draft, path, value.value, value.line === 0 ? keyLine : value.line);
      return;
    }
    case "list":
      if (value.items.length === 0) setAttribute(draft, path, "[]", value.line);
      for (const [index, item] of value.items.entries()) setHclValue(draft, join(path, String(index)), item, item.line);
      return;
    case "object":
      if (value.entries.length === 0) setAttribute(draft, path, "{}", value.line);
      for (const entry of value.entries) setHclValue(draft, join(path, entry.name), entry.value, entry.line);
      return;
    case "call": {
      const [first] = value.arguments;
      if (first && value.arguments.length === 1 && transparent.has(value.name))
        setHclValue(draft, path, first, value.line);
      else if (joining.has(value.name)) setJoined(draft, path, value.arguments);
      else setAttribute(draft, path, value.text, value.line);
      return;
    }
    case "expression":
      setAttribute(draft, path, value.text, value.line);
  }
}

/** `concat(a, [b])` and `merge(a, {b = c})`: literal parts as if written in place, the others as texts under `*0`, `*1` …. */
function setJoined(draft: Draft, path: string, parts: readonly HclValue[]): void {
  let position = 0;
  let other = 0;
  for (const part of parts) {
    if (part.kind === "list") {
      for (const item of part.items) setHclValue(draft, join(path, String(position++)), item, item.line);
    } else if (part.kind === "object") {
      for (const entry of part.entries) setHclValue(draft, join(path, entry.name), entry.value, entry.line);
    } else setHclValue(draft, join(path, `*${other++}`), part, part.line);
  }
}

/** JSON written as text, typically a policy in a heredoc. False when it is not JSON (interpolations may stand in it). */
function setEmbeddedJson(draft: Draft, path: string, text: string, firstLine: number): boolean {
  const json = readJson(text);
  if ("unreadable" in json) return false;
  setNested(draft, path, json.value, (inside) => lineInside(json.lineOf(inside), firstLine), []);
  return true;
}

function lineInside(line: number | undefined, firstLine: number): number {
  return (line ?? 1) + firstLine - 1;
}

function join(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}
