import type { ModelElement } from "../../domain/threat-model.ts";
import { columnsOf } from "./columns.ts";
import { isBoundaryHeading } from "./vocabulary.ts";

/** Where parts of the system are put as they are found. */
export interface Sink {
  readonly addElement: (name: string, line: number, more?: Partial<ModelElement>) => void;
  readonly addFlow: (from: string, to: string, line: number, label?: string, protocol?: string) => void;
  readonly addBoundary: (name: string, line: number, parent?: string) => void;
}

/** Tables of data flows (source and destination), of components, of trust boundaries. */
export function readTableOfParts(
  table: {
    readonly header: readonly string[];
    readonly rows: readonly { readonly cells: readonly string[]; readonly line: number }[];
  },
  titles: string,
  sink: Sink,
): void {
  const column = (pattern: RegExp): number =>
    table.header.findIndex((cell) => pattern.test(cell.replace(/[*_`]/g, "").trim()));
  const from = column(/^(source|from|sender|origin|initiator|producer)\b/i);
  const to = column(/^(destination|dest|target|to|receiver|recipient|sink|consumer)\b/i);
  const columns = columnsOf(table.header);
  const listsThreats = columns.some((kind) => kind === "threat" || kind === "likelihood");
  if (from !== -1 && to !== -1 && from !== to) {
    const protocol = column(/^protocol|transport|channel/i);
    const data = column(/^(data|payload|what|information|description|label)/i);
    for (const { cells, line } of table.rows) {
      const [source = "", target = ""] = [cells[from], cells[to]];
      if (source === "" || target === "") continue;
      sink.addElement(source, line);
      sink.addElement(target, line);
      sink.addFlow(
        source,
        target,
        line,
        data === -1 || cells[data] === "" ? undefined : cells[data]?.slice(0, 120),
        protocol === -1 ? undefined : cells[protocol],
      );
    }
    return;
  }
  if (listsThreats) return;
  const ways = table.header.findIndex((cell) => /^\W*(?:data )?flows?\W*$|\bfrom\b.{0,6}(?:→|->|⟶|\bto\b)/i.test(cell));
  if (ways !== -1 && table.rows.some(({ cells }) => waysIn(cells[ways] ?? "").length > 1)) {
    for (const { cells, line } of table.rows) {
      const ends = waysIn(cells[ways] ?? "");
      for (const end of ends) sink.addElement(end, line);
      for (const [index, end] of ends.entries()) sink.addFlow(ends[index - 1] ?? "", end, line);
    }
    return;
  }
  const boundary = column(/^(trust )?(boundary|zone)( (id|name))?$/i);
  if (boundary !== -1 && (isBoundaryHeading(titles) || /^trust|boundary/i.test(table.header[boundary] ?? ""))) {
    for (const { cells, line } of table.rows) sink.addBoundary(cells[boundary] ?? "", line);
    return;
  }
  if (columns.includes("mitigation")) return;
  const component = column(
    /^(component|service|container|process|data ?store|external (entity|system)|system)( name)?s?$/i,
  );
  if (component === 0) for (const { cells, line } of table.rows) sink.addElement((cells[0] ?? "").slice(0, 120), line);
}

/** The parts of "browser → gateway → database"; one where nothing leads anywhere. */
function waysIn(cell: string): string[] {
  const parts = cell.split(/\s*(?:→|⟶|-{1,2}>)\s*/u).map((part) => part.trim().slice(0, 120));
  return parts.length <= 12 && parts.every((part) => part !== "" && part.split(/\s+/).length <= 10) ? parts : [];
}

/** Lists such as "- **Name**: type=…, boundary=…" under Actors, Servers, Dataflows: a small language of one tool. */
export function readKeyedParts(
  title: string,
  entries: readonly {
    readonly label?: string;
    readonly text: string;
    readonly line: number;
    readonly isItem: boolean;
  }[],
  sink: Sink,
): void {
  const isFlow = /data ?flows?$/i.test(title);
  const isBoundary = /^boundaries$/i.test(title);
  const isElement = /^(actors|servers|components|data ?stores|processes|lambdas|external entities)$/i.test(title);
  if (!isFlow && !isBoundary && !isElement) return;
  for (const { label, text, line, isItem } of entries) {
    if (!isItem || label === undefined || !/\b\w+\s*=\s*\S/.test(text)) continue;
    const value = (key: RegExp): string | undefined => {
      const match = new RegExp(`\\b(?:${key.source})\\s*=\\s*(?:"([^"]{0,200})"|([^,;]{0,200}))`, "i").exec(text);
      return match === null ? undefined : (match[1] ?? match[2] ?? "").trim();
    };
    const from = value(/from|source/);
    const to = value(/to|sink|target|destination/);
    if (isFlow && from !== undefined && to !== undefined) sink.addFlow(from, to, line, label, value(/protocol/));
    else if (isBoundary) sink.addBoundary(label, line);
    else if (isElement) {
      const boundary = value(/boundary/);
      sink.addElement(label, line, {
        ...(/actor|external/i.test(title) ? { kind: "external" as const } : {}),
        ...(boundary === undefined || boundary === "" ? {} : { boundary }),
      });
    }
  }
}
