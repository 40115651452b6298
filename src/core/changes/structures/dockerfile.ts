import { type Instruction, readInstructions } from "../notations/dockerfile.ts";
import { setImage } from "../notations/image.ts";
import { baseName, type Draft, emptyDraft, itemOf, setAttribute, structureOf } from "../notations/items.ts";
import type { Item, StructureReader } from "../structure.ts";

/**
 * Dockerfiles and Containerfiles. One item a stage, its type the base image after `ARG` expansion (an own earlier stage counts with its own base image).
 * Attributes: `image`, `repository`, `family` (its repository whatever release the name holds), `tag`, `digest`, `pinned`, `minimal` (no shell, or no root, by its name), `stage`, `final`, `user` (the last one), `expose.N`, `volume.N`,
 * `healthcheck`, `env.NAME`, `arg.NAME`, `add.N` and `copy-from.N` (what is fetched from elsewhere), `run.N`, `command`.
 */
export const structure: StructureReader = {
  name: "Dockerfile",
  wants: (path) =>
    /^(Dockerfile|Containerfile)([._-].*)?$|\.(dockerfile|containerfile)$|[._-]Dockerfile$/i.test(baseName(path)) &&
    !/\.(dockerignore|md|sh|py|js|ts|go|j2|tmpl|tpl)$/i.test(path),
  read(_path, text) {
    const instructions = readInstructions(text);
    return instructions ? structureOf(stagesOf(instructions)) : { unreadable: "more instructions than any image has" };
  },
};

/** Images that hold only what runs, as their publishers name them: distroless, chiseled Ubuntu, Wolfi, scratch. */
const minimalImage = /distroless|chiseled|nonroot|chainguard|wolfi|^scratch$/i;

interface Stage {
  readonly draft: Draft;
  readonly name: string;
  readonly line: number;
  readonly repository: string;
  readonly counts: Map<string, number>;
}

function stagesOf(instructions: readonly Instruction[]): Item[] {
  const stages: Stage[] = [];
  const values = new Map<string, string>();
  for (const { keyword, text, line } of instructions) {
    const stage = stages.at(-1);
    if (keyword === "FROM") stages.push(stageFrom(text, line, stages, values));
    else if (keyword === "ARG" && !stage) {
      for (const [name, value] of assignments(text)) values.set(name, value);
    } else if (stage) applyInstruction(stage, keyword, text, line, values);
  }
  const last = stages.at(-1);
  const items = stages.map((stage, index) => {
    setAttribute(stage.draft, "final", stage === last);
    return itemOf(
      {
        kind: "dockerfile-stage",
        type: stage.repository,
        // The stage that is shipped keeps its identity when it is renamed or stages are put before it.
        key: stage === last ? "final" : stage.name === "" ? `stage ${index}` : stage.name,
        name: stage.name === "" ? stage.repository : stage.name,
        line: stage.line,
      },
      stage.draft,
    );
  });
  return items;
}

function stageFrom(text: string, line: number, stages: readonly Stage[], values: ReadonlyMap<string, string>): Stage {
  const words = text.split(/\s+/).filter((word) => !word.startsWith("--"));
  const written = words[0] ?? "";
  const reference = expand(written, values);
  const name = words[1]?.toLowerCase() === "as" ? (words[2] ?? "") : "";
  const parent = stages.find((stage) => stage.name !== "" && stage.name.toLowerCase() === reference.toLowerCase());
  const draft = emptyDraft();
  setAttribute(draft, "stage", name === "" ? undefined : name, line);
  if (parent) {
    // A stage built on another one inherits its user, ports and base.
    for (const [attribute, value] of parent.draft.attributes) {
      if (!/^(run|add|copy-from)\.|^(stage|final)$/.test(attribute))
        setAttribute(draft, attribute, value, parent.draft.lines.get(attribute));
    }
    return { draft, name, line, repository: parent.repository, counts: new Map(parent.counts) };
  }
  const image = setImage(draft, "", reference, line);
  setAttribute(draft, "family", familyOf(image.repository), line);
  setAttribute(draft, "minimal", minimalImage.test(reference) ? true : undefined, line);
  if (written !== reference) setAttribute(draft, "written", written, line);
  return { draft, name, line, repository: image.repository, counts: new Map() };
}

/**
 * What an image is called whatever release its name holds: `registry.example.org/base/node-20` before `…/node-22`. Only behind a
 * registry or publisher: of names without one, another digit may be anybody's.
 */
function familyOf(repository: string): string {
  const slash = repository.lastIndexOf("/");
  return slash < 0 ? repository : repository.slice(0, slash) + repository.slice(slash).replace(/\d+(?:\.\d+)*/g, "0");
}

function applyInstruction(
  stage: Stage,
  keyword: string,
  text: string,
  line: number,
  values: ReadonlyMap<string, string>,
): void {
  const { draft } = stage;
  switch (keyword) {
    case "USER":
      setAttribute(draft, "user", expand(text.split(/\s/, 1)[0] ?? "", valuesOf(stage, values)), line);
      return;
    case "EXPOSE":
      for (const port of text.split(/\s+/).filter(Boolean))
        add(stage, "expose", expand(port, valuesOf(stage, values)), line);
      return;
    case "VOLUME":
      for (const found of text.matchAll(/[^\s,[\]"]+/g)) add(stage, "volume", found[0], line);
      return;
    case "HEALTHCHECK":
      setAttribute(draft, "healthcheck", text, line);
      return;
    case "ENV":
      for (const [name, value] of assignments(text)) setAttribute(draft, `env.${name}`, value, line);
      return;
    case "ARG":
      for (const [name, value] of assignments(text))
        setAttribute(draft, `arg.${name}`, value === "" ? (values.get(name) ?? "") : value, line);
      return;
    case "ADD":
      for (const found of text.matchAll(/(?:https?|git|ftp):\/\/[^\s"',\]]+|git@[^\s"',\]]+/g))
        add(stage, "add", found[0], line);
      return;
    case "COPY": {
      const from = /--from=(\S+)/.exec(text)?.[1];
      // A name with a slash, tag or dot is an image from elsewhere, not a stage of this file.
      if (from !== undefined && /[/:.]/.test(from)) add(stage, "copy-from", expand(from, values), line);
      return;
    }
    case "RUN":
      add(stage, "run", text, line);
      return;
    case "CMD":
    case "ENTRYPOINT":
      setAttribute(draft, keyword.toLowerCase(), text, line);
  }
}

function add(stage: Stage, list: string, value: string, line: number): void {
  const index = stage.counts.get(list) ?? 0;
  stage.counts.set(list, index + 1);
  setAttribute(stage.draft, `${list}.${index}`, value, line);
}

function valuesOf(stage: Stage, values: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const all = new Map(values);
  for (const [attribute, value] of stage.draft.attributes) {
    const name = /^(?:arg|env)\.(.+)$/.exec(attribute)?.[1];
    if (name !== undefined) all.set(name, String(value));
  }
  return all;
}

/** `A=1 B="two words"`, or the old form `A one value`. */
function assignments(text: string): (readonly [string, string])[] {
  const old = /^([A-Za-z_]\w*)(?:\s+([^=].*))?$/.exec(text);
  if (old?.[1] !== undefined) return [[old[1], (old[2] ?? "").trim()]];
  return [...text.matchAll(/([A-Za-z_]\w*)(?:=("(?:[^"\\]|\\.)*"|'[^']*'|\S*))?/g)].map(
    (found) => [found[1] ?? "", (found[2] ?? "").replace(/^["']|["']$/g, "")] as const,
  );
}

/** Expands `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}`; what is not known stays as written. */
function expand(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?([-+])([^}]*))?\})/g,
    (whole, plain: string | undefined, braced: string | undefined, sign: string | undefined, other = "") => {
      const value = values.get(plain ?? braced ?? "");
      const known = value !== undefined && value !== "";
      if (sign === "-") return known ? value : other;
      if (sign === "+") return known ? other : "";
      return known ? value : whole;
    },
  );
}
