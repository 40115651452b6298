import { shortDigest } from "../../domain/threat-id.ts";
import type { ModelControl, ModelValidation } from "../../domain/threat-model.ts";
import { isPlaceholder, isSubstantive, namesTest } from "../../text/placeholders.ts";
import { known } from "../known.ts";
import { columnsOf } from "./columns.ts";
import type { RawThreat } from "./raw-threat.ts";
import { allSections, type Block, type Section } from "./sections.ts";
import { readTable } from "./threat-tables.ts";
import { isExcludedHeading } from "./vocabulary.ts";

type Table = Extract<Block, { kind: "table" }>;

/** One row of a table of tests: what is tested, how, and what came out. */
interface TestRow {
  /** Ids of threats or controls that the row names. */
  readonly names: string;
  readonly control?: string;
  readonly how: string;
  readonly result?: string;
  readonly line: number;
}

/** The tests that stand in tables of their own, apart from the threats. */
export interface TestsFound {
  /** The threats, each with the test that a table gives for its id. */
  readonly threats: readonly RawThreat[];
  /** Controls that a table names beside their tests, and those tests. */
  readonly controls: readonly ModelControl[];
  readonly validations: readonly ModelValidation[];
}

/**
 * Reads tables whose rows name a threat or a control and how it is tested. A test that names a known threat is that
 * threat's; one that names a control makes the control known with it.
 */
export function testsApart(top: Section, threats: readonly RawThreat[], path: string): TestsFound {
  const rows = allSections(top).flatMap((section) =>
    section.blocks.flatMap((block) => (block.kind === "table" ? testRows(block, section) : [])),
  );
  const tests = new Map<string, TestRow>();
  const controls = new Map<string, ModelControl>();
  const validations = new Map<string, ModelValidation>();
  const ids = new Set(threats.flatMap(({ id }) => id?.toUpperCase() ?? []));
  for (const row of rows) {
    const named = idsIn(row.names).filter((id) => ids.has(id));
    for (const id of named) if (!tests.has(id)) tests.set(id, row);
    const title = row.control ?? (named.length === 0 ? row.names : undefined);
    if (named.length > 0 || title === undefined || isPlaceholder(title)) continue;
    const id = `C-${shortDigest(title.toLowerCase(), 12)}`;
    controls.set(id, { id, title: title.slice(0, 300), evidence: [], place: { path, line: row.line } });
    const name = `V-${shortDigest(`${id}\u0000${row.how}`, 12)}`;
    validations.set(
      name,
      known({ id: name, control: id, how: row.how, result: row.result, place: { path, line: row.line } }),
    );
  }
  return {
    threats: threats.map((threat) => {
      const test = tests.get(threat.id?.toUpperCase() ?? "");
      if (test === undefined || threat.test !== undefined) return threat;
      return { ...threat, test: test.how, ...(test.result === undefined ? {} : { testResult: test.result }) };
    }),
    controls: [...controls.values()],
    validations: [...validations.values()],
  };
}

function idsIn(text: string): string[] {
  return text.toUpperCase().match(/[A-Z][A-Z0-9]{0,15}(?:[-_.]?[A-Z0-9]{1,8}){0,4}/g) ?? [];
}

function testRows(table: Table, section: Section): TestRow[] {
  const columns = columnsOf(table.header);
  const test = columns.indexOf("test");
  const of = columns.findIndex(
    (kind) => kind === "threats-named" || kind === "id" || kind === "threat" || kind === "mitigation",
  );
  if (test === -1 || of === -1 || isExcludedHeading(section.title) || readTable(table, section, []).kind !== "other")
    return [];
  const control = columns.indexOf("mitigation");
  const result = table.header.findIndex((cell) => /^\W*(result|outcome|status|last (run|result)|passed)\b/i.test(cell));
  return table.rows.flatMap(({ cells, line }): TestRow[] => {
    const how = (cells[test] ?? "").trim();
    if (!(isSubstantive(how) || namesTest(how))) return [];
    const named = cells[control] ?? "";
    const outcome = result === test ? "" : (cells[result] ?? "").trim();
    return [
      known({
        names: cells[of] ?? "",
        control: control === -1 || named.trim() === "" ? undefined : named.trim(),
        how,
        result: outcome === "" || isPlaceholder(outcome) ? undefined : outcome,
        line,
      }),
    ];
  });
}
