import { readJson } from "../../text/json.ts";
import { readHcl } from "../notations/hcl.ts";
import {
  baseName,
  type Draft,
  draftOfItems,
  isFull,
  itemOf,
  setNested,
  snakeCase,
  structureOf,
} from "../notations/items.ts";
import { readTemplatedYaml } from "../notations/yaml-template.ts";
import { readSettingsFragment } from "../settings-fragment.ts";
import type { AttributeValue, Item, Structure, StructureReader } from "../structure.ts";
import { setHclValue } from "./terraform.ts";

/**
 * Settings of a deployment: Helm values, Terraform variable files, settings of Spring and ASP.NET, samples of environment files. One item a
 * setting (`config-key`): type is its dotted path in snake case (`postgres.auth.enabled`, `smtp_password`), attribute `value`, `file`. An element of a list is
 * known by its name where all of the list have one, and else by its content, so that its position does not matter.
 */
export const structure: StructureReader = {
  name: "configuration",
  wants: (path) => formatOf(path) !== undefined,
  read(path, text): Structure {
    const draft = draftOfItems();
    return settingsRead(path, draft, readInto(draft, formatOf(path), text));
  },
  readFragment(path, text): Structure {
    const format = formatOf(path);
    const draft = draftOfItems();
    if (format === "yaml" || format === "json") {
      readSettingsFragment(draft, text);
      return settingsRead(path, draft, undefined);
    }
    if (format === "tfvars") return { unreadable: "its whole text was not read" };
    return settingsRead(path, draft, readInto(draft, format, text));
  },
};

function settingsRead(path: string, draft: Draft, problem: string | undefined): Structure {
  if (problem !== undefined) return { unreadable: problem };
  if (isFull(draft)) return { unreadable: "more settings than are compared" };
  return structureOf(settingsOf(draft, /\.tfvars(\.json)?$/.test(path) ? "tfvars" : (formatOf(path) ?? "")));
}

type Format = "yaml" | "json" | "tfvars" | "environment" | "properties";

function formatOf(path: string): Format | undefined {
  const file = baseName(path);
  // What a configuration server of Spring Cloud keeps for other applications bears their names.
  if (/(^|\/)src\/main\/resources\/(shared|config-repo|configurations)\/[\w-]+\.ya?ml$/.test(path)) return "yaml";
  if (/^values([._-].*)?\.ya?ml$|(^|[._-])values\.ya?ml$/i.test(file)) return "yaml";
  if (/^(application|bootstrap)([._-].*)?\.ya?ml$/i.test(file)) return "yaml";
  if (/^(application|bootstrap)([._-].*)?\.properties$/i.test(file)) return "properties";
  if (/^appsettings(\..*)?\.json$|\.tfvars\.json$/i.test(file)) return "json";
  if (file.endsWith(".tfvars")) return "tfvars";
  if (/^\.?env(ironment)?([._-].*)?\.?(example|sample|template|dist|defaults?)$|^\.env(\.[\w-]+)?$/i.test(file))
    return "environment";
  return undefined;
}

/** Reads a text into attributes by dotted path. Gives the reason when it cannot be read. */
function readInto(draft: Draft, format: Format | undefined, text: string): string | undefined {
  switch (format) {
    case "yaml": {
      const yaml = readTemplatedYaml(text);
      if ("unreadable" in yaml) return yaml.unreadable;
      for (const { value, lineOf } of yaml.documents) setNested(draft, "", value, lineOf, []);
      return undefined;
    }
    case "json": {
      const json = readJson(text, { comments: true });
      if ("unreadable" in json) return json.unreadable;
      setNested(draft, "", json.value, json.lineOf, []);
      return undefined;
    }
    case "tfvars": {
      const hcl = readHcl(text);
      if ("unreadable" in hcl) return hcl.unreadable;
      for (const attribute of hcl.body.attributes) setHclValue(draft, attribute.name, attribute.value, attribute.line);
      return undefined;
    }
    default:
      readLines(
        draft,
        text,
        format === "environment"
          ? /^\s*#?\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*)$/
          : /^\s*([\w.[\]-]+)\s*[=:]\s*(.*)$/,
      );
      return undefined;
  }
}

/** `NAME=value` lines. In samples of environment files a setting that is commented out is offered all the same. */
function readLines(draft: Draft, text: string, entry: RegExp): void {
  for (const [index, raw] of text.split("\n").entries()) {
    const found = entry.exec(raw.slice(0, 4_000));
    if (!found?.[1] || draft.attributes.has(found[1])) continue;
    const value = (found[2] ?? "").trim().replace(/^(["'])(.*)\1$/, "$2");
    draft.attributes.set(found[1], value);
    draft.lines.set(found[1], index + 1);
  }
}

/** What a thing is, rather than where it stands: for places in lists the names of their elements, or what they say. */
function keyOf(draft: Draft, parts: readonly string[], value: AttributeValue): string {
  let isByContent = false;
  const named = parts.flatMap((part, index) => {
    if (!/^\d+$/.test(part)) return [part];
    const name = draft.attributes.get([...parts.slice(0, index + 1), "name"].join("."));
    if (typeof name === "string" && index < parts.length - 1) return [`[${name}]`];
    isByContent = true;
    return [];
  });
  return isByContent ? `${named.join(".")}=${String(value)}` : named.join(".");
}

function settingsOf(draft: Draft, format: string): Item[] {
  const items: Item[] = [];
  const seen = new Map<string, number>();
  for (const [path, value] of draft.attributes) {
    const parts = path.split(".");
    const type = parts
      .filter((part) => !/^\d+$/.test(part))
      .map(snakeCase)
      .filter((part) => part !== "")
      .join(".");
    const key = keyOf(draft, parts, value);
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    const line = draft.lines.get(path) ?? 1;
    const attributes = new Map<string, AttributeValue>([
      ["value", value],
      ["format", format],
    ]);
    items.push(
      itemOf(
        { kind: "config-key", type, key: times === 0 ? key : `${key} ${times}`, name: path, line },
        { attributes, lines: new Map([["value", line]]) },
      ),
    );
  }
  return items;
}
