import type { ElementKind } from "../domain/stride.ts";
import type { ModelBoundary, ModelElement, ModelFlow, ReadModel, Stated, ThreatModel } from "../domain/threat-model.ts";
import { emptyModel } from "../domain/threat-model.ts";
import { kindByName } from "./element-kind.ts";
import { elementsDiagram, finishForeign, statedFacts } from "./foreign.ts";
import { known } from "./known.ts";
import type { ModelReader } from "./reader.ts";

/**
 * TicTaaC: lines that look like YAML and are not (maps under plain items, tabs). Read line by line, as the tool does.
 * The tool works the threats out; none are in the file.
 */
export const reader: ModelReader = {
  name: "tictaac",
  wants: (path) => /\.ya?ml$/i.test(path),
  recognises: (_path, text) => /^data-flows[ \t]*:/m.test(text) && /^elements[ \t]*:/m.test(text),
  read,
};

/** `- name # comment` under a section, with its `key: value` lines and lists. */
interface Item {
  readonly id: string;
  readonly line: number;
  readonly fields: Map<string, string>;
  readonly lists: Map<string, string[]>;
}

const lineLimit = 50_000;
/** The list of an item whose entries stand below it without a key. */
const unnamed = "";

function read(path: string, text: string): ReadModel {
  const { head, sections } = linesOf(path, text);
  const boundaries: ModelBoundary[] = [];
  const inside = new Map<string, string>();
  for (const { id, line, fields, lists } of sections.get("boundaries") ?? []) {
    boundaries.push({ id, name: fields.get("name") ?? id, place: { path, line } });
    for (const element of [...(lists.get("elements") ?? []), ...(lists.get(unnamed) ?? [])]) inside.set(element, id);
  }
  const sensitivity = new Map<string, string>();
  const data: ThreatModel["system"]["data"][number][] = [];
  for (const { id, line, fields } of sections.get("assets") ?? []) {
    const classification = fields.get("sensitivity");
    if (classification !== undefined) sensitivity.set(id, classification);
    data.push(known({ name: id, classification, place: { path, line } }));
  }
  const elements = (sections.get("elements") ?? []).map(({ id, line, fields, lists }): ModelElement => {
    const type = fields.get("type");
    return known({
      id,
      name: fields.get("name") ?? id,
      kind: type === undefined ? kindByName(id.replace(/-/g, " ")) : (kinds[type] ?? "process"),
      technology: type,
      boundary: inside.get(id),
      data: [...new Set([...lists.values()].flat())].filter(
        (name) => sensitivity.has(name) || data.some((asset) => asset.name === name),
      ),
      files: [],
      facts: [],
      place: { path, line },
    });
  });
  const flows = (sections.get("data-flows") ?? []).flatMap(({ id, line, fields, lists }): ModelFlow[] => {
    const ends = /^(.+?)\s*->\s*(.+)$/.exec(id);
    const place = { path, line };
    if (ends === null) return [];
    const encryption = fields.get("encryption");
    const authentication = fields.get("authentication-method");
    return [
      known({
        id,
        name: fields.get("title"),
        from: (ends[1] ?? "").trim(),
        to: (ends[2] ?? "").trim(),
        data: [...lists.values()].flat(),
        protocol: fields.get("protocol"),
        facts: statedFacts(place, {
          "encrypted-in-transit": encryption === "yes" ? true : encryption === "no" ? false : undefined,
          authenticated: authentication === undefined ? undefined : authentication !== "anonymous",
        }),
        place,
      }),
    ];
  });
  const model: ThreatModel = {
    ...emptyModel("tictaac", [path]),
    system: known({ name: head.get("name"), description: head.get("description"), users: [], data, links: [] }),
    elements,
    flows,
    boundaries,
    diagrams: elementsDiagram({ flows, boundaries }),
    documentation: known({ authors: [], version: head.get("version"), reviewers: [] }),
    notCarried: ["stride", "risk", "controls", "stories", "validation"],
    uncounted: ["threats", "mitigations", "open"],
  };
  return finishForeign("tictaac", model, [
    {
      path,
      severity: "warning",
      what: "TicTaaC works out threats only when it runs; this file holds none.",
      hint: "Put the threats that matter, with their controls, into threat-model.yaml beside it.",
    },
  ]);
}

const kinds: Readonly<Record<string, ElementKind>> = {
  interactor: "external",
  "external-service": "external",
  database: "store",
};

function linesOf(path: string, text: string): { head: Map<string, Stated>; sections: Map<string, Item[]> } {
  const head = new Map<string, Stated>();
  const sections = new Map<string, Item[]>();
  let section: Item[] | undefined;
  let item: { value: Item; indent: number } | undefined;
  let list: { name: string; indent: number } | undefined;
  for (const [index, raw] of text.split("\n", lineLimit).entries()) {
    const content = raw
      .replace(/\t/g, "    ")
      .replace(/(^|\s)#.*$/, "")
      .trimEnd();
    if (content.trim() === "") continue;
    const indent = content.length - content.trimStart().length;
    const bullet = /^\s*-\s+(.+)$/.exec(content)?.[1]?.trim();
    const pair = /^\s*([A-Za-z][\w -]{0,60}?)\s*:\s*(.*)$/.exec(content);
    if (indent === 0 && pair?.[1] !== undefined && bullet === undefined) {
      const value = (pair[2] ?? "").trim();
      if (value !== "")
        head.set(pair[1], { text: value.replace(/^["']|["']$/g, ""), place: { path, line: index + 1 } });
      section = [];
      sections.set(pair[1], section);
      item = undefined;
      list = undefined;
    } else if (bullet !== undefined && section !== undefined) {
      if (item !== undefined && indent > item.indent) {
        const { lists } = item.value;
        const name = list?.name ?? unnamed;
        lists.set(name, [...(lists.get(name) ?? []), bullet]);
      } else {
        const id = bullet.replace(/\s*:$/, "");
        item = { value: { id, line: index + 1, fields: new Map(), lists: new Map() }, indent };
        section.push(item.value);
        list = undefined;
      }
    } else if (pair?.[1] !== undefined && item !== undefined && indent > item.indent) {
      const value = (pair[2] ?? "").trim();
      list = value === "" ? { name: pair[1], indent } : undefined;
      if (value === "") item.value.lists.set(pair[1], []);
      else item.value.fields.set(pair[1], value.replace(/^["']|["']$/g, ""));
    }
  }
  return { head, sections };
}
