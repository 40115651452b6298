import { type ChainedRecord, digestOfRecord, type RecordContent } from "../../src/core/domain/record-chain.ts";
import { endLine, headLine, recordLine } from "../../src/core/evidence-report/bundle.ts";

/** A record of `acme/shop` (11) that says nothing in particular. */
export function aRecord(number: number, bend: Partial<RecordContent> = {}): RecordContent {
  return {
    repositoryId: 11,
    repository: "acme/shop",
    pullRequest: number,
    head: `${number}`.repeat(40).slice(0, 40),
    asOf: `2026-03-0${number}T10:00:00.000Z`,
    conclusion: "success",
    assessment: { schemaVersion: 1, reasons: [{ says: `all is well ${number}`, order: { b: 1, a: [2, null] } }] },
    plan: { steps: [] },
    results: [],
    ...bend,
  };
}

/** Records in a chain, the first following `previous`. */
export function aChain(contents: readonly RecordContent[], previous = ""): ChainedRecord[] {
  let last = previous;
  return contents.map((content, index) => {
    const record = { ...content, id: index + 1, previous: last, digest: digestOfRecord(last, content) };
    last = record.digest;
    return record;
  });
}

/** The lines of a bundle of these records. */
export function aBundle(
  records: readonly ChainedRecord[],
  follows = records[0]?.previous ?? "",
  deleted = 0,
): string[] {
  return [
    headLine({ repository: "acme/shop", repositoryId: 11, madeAt: "2026-04-01T00:00:00.000Z", follows, deleted }),
    ...records.map(recordLine),
    endLine(records.length, records.at(-1)?.digest ?? follows),
  ].map((line) => line.replace(/\n$/, ""));
}
