import { emptyDraft, itemOf, setAttribute, structureOf } from "../notations/items.ts";
import type { Item, StructureReader } from "../structure.ts";

/**
 * The application host of .NET Aspire, which declares in C# what runs together: one `aspire-resource` for each `builder.Add…("name")`; its type is
 * what is added (`Project`, `Postgres`, `Redis`). Attributes: `project`, `parent` (of a database), `reference.N` (names of what it is given),
 * `external`. Read statement by statement, never run. https://learn.microsoft.com/dotnet/aspire/fundamentals/app-host-overview
 */
export const structure: StructureReader = {
  name: ".NET Aspire application host",
  wants: (path) => /AppHost[^/]*\/[^/]*\.cs$|(^|\/)apphost[^/]*\.cs$/i.test(path),
  read(_path, text) {
    if (!text.includes("DistributedApplication.CreateBuilder")) return { items: [] };
    const names = new Map<string, string>();
    const items = statementsOf(text).flatMap((statement) => resourceIn(statement, names));
    return structureOf(items);
  },
};

interface Statement {
  readonly text: string;
  readonly line: number;
}

/** Longer statements are no declarations that a person wrote. */
const longest = 20_000;

function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  let open = "";
  let start = 1;
  for (const [index, raw] of text.split("\n").entries()) {
    const code = raw
      .slice(0, 2_000)
      .replace(/(^|[^:"])\/\/.*$/, "$1")
      .trim();
    if (code === "") continue;
    if (open === "") start = index + 1;
    if (open.length < longest) open += ` ${code}`;
    if (!/[;{}]$/.test(code)) continue;
    statements.push({ text: open.trim(), line: start });
    open = "";
  }
  return statements;
}

const declared =
  /^(?:var\s+)?(?:(\w{1,80})\s*=\s*)?(\w{1,80})\s*\.Add([A-Z]\w{1,60})(?:<(?:Projects\.)?([\w.]{1,120})>)?\(\s*"([\w.-]{1,80})"/;
const derived = /^var\s+(\w{1,80})\s*=\s*(\w{1,80})\s*\.\w{1,80}\(/;

/** The resource that a statement declares. `names` learns which variable stands for which resource. */
function resourceIn({ text, line }: Statement, names: Map<string, string>): Item[] {
  const found = declared.exec(text);
  if (!found) {
    const [, variable = "", of = ""] = derived.exec(text) ?? [];
    const known = names.get(of);
    if (known !== undefined) names.set(variable, known);
    return [];
  }
  const [, variable, owner = "", type = "", project, name = ""] = found;
  const draft = emptyDraft();
  setAttribute(draft, "project", project, line);
  setAttribute(draft, "parent", names.get(owner), line);
  if (/\.WithExternalHttpEndpoints\(/.test(text)) setAttribute(draft, "external", true, line);
  let count = 0;
  for (const [, given = ""] of text.matchAll(/\.With(?:Reference|Environment)\(([^()]{0,300})\)/g)) {
    for (const [word] of given.matchAll(/[A-Za-z_]\w*/g)) {
      const known = names.get(word);
      if (known !== undefined) setAttribute(draft, `reference.${count++}`, known, line);
    }
  }
  if (variable !== undefined) names.set(variable, name);
  return [itemOf({ kind: "aspire-resource", type, key: name, name, line }, draft)];
}
