import { z } from "zod";
import { brokenLink, type ChainedRecord } from "../domain/record-chain.ts";
import { readJson } from "../text/json.ts";
import { showBytes } from "../text/limits.ts";

/*
 * A bundle: the records of one repository in a file, to be checked by somebody who has nothing but the file. JSON lines: a
 * head, one record a line in the order of the chain, an end. A file that was cut off is told by the missing end.
 */

const headSchema = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal("threatgate-evidence-bundle"),
  repository: z.string(),
  repositoryId: z.int(),
  madeAt: z.string(),
  /** Digest of the record before the first of this file; empty where the first is the first that was ever written. */
  follows: z.string(),
  /** Records before it that were deleted because of their age. */
  deleted: z.int().min(0),
});

const recordSchema = z.object({
  record: z.object({
    id: z.int(),
    repositoryId: z.int(),
    repository: z.string(),
    pullRequest: z.int().nullable(),
    head: z.string(),
    asOf: z.iso.datetime({ precision: 3 }),
    conclusion: z.string(),
    assessment: z.unknown(),
    plan: z.unknown(),
    results: z.unknown(),
    previous: z.string(),
    digest: z.string(),
  }),
});

const endSchema = z.object({ end: z.object({ records: z.int().min(0), digest: z.string() }) });

export type BundleHead = Omit<z.infer<typeof headSchema>, "schemaVersion" | "kind">;

/** The first line of a bundle. */
export function headLine(head: BundleHead): string {
  return lineOf({ schemaVersion: 1, kind: "threatgate-evidence-bundle", ...head });
}

/** The line of one record. */
export function recordLine(record: ChainedRecord): string {
  return lineOf({ record });
}

/** The last line: how many records there are, and the digest that the next record of the repository goes on from. */
export function endLine(records: number, digest: string): string {
  return lineOf({ end: { records, digest } });
}

/** One line of JSON. Escaped: what some readers of lines take for their end (H053), and what stands for broken bytes (H064). */
function lineOf(value: object): string {
  return `${JSON.stringify(value).replace(/[\u2028\u2029\ufeff\ufffd\ufffe]/g, escapeOf)}\n`;
}

function escapeOf(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16)}`;
}

/** What checking a bundle came to. */
export type BundleVerdict =
  | {
      readonly outcome: "whole";
      readonly head: BundleHead;
      readonly records: number;
      readonly first?: RecordName;
      readonly last?: RecordName;
      /** Digests that were asked for and that no record here has, nor the one before the first. */
      readonly missing: readonly string[];
    }
  /** A record does not hold, or one is missing before it: the chain is broken there. */
  | {
      readonly outcome: "broken";
      readonly line: number;
      readonly record: RecordName;
      readonly why: string;
      readonly expected: string;
      readonly found: string;
    }
  /** The file is no bundle, or not a whole one. */
  | { readonly outcome: "unreadable"; readonly line: number; readonly why: string };

/** A record as a person finds it again. */
export interface RecordName {
  readonly id: number;
  readonly pullRequest: number | null;
  readonly head: string;
  readonly asOf: string;
  readonly digest: string;
}

/** Takes a bundle line by line, so that a large one never stands in memory as a whole. */
export interface BundleCheck {
  /** Undefined while all is well. */
  take(line: string): Extract<BundleVerdict, { outcome: "broken" | "unreadable" }> | undefined;
  /** The next line is longer than any that a bundle has, and was not read. */
  tooLong(): Extract<BundleVerdict, { outcome: "unreadable" }>;
  end(): BundleVerdict;
}

/** Bytes of one line at most; far above what an assessment of the largest pull request is. */
export const mostBytesOfLine = 64 * 1024 * 1024;
const mostNodes = 5_000_000;

/**
 * Checks a bundle offline. Needs nothing but its lines: each record's digest is recomputed and must follow the one before.
 * @param wanted digests, or their beginnings, that must be in the chain: those that checks on GitHub state
 */
export function checkBundle(wanted: readonly string[]): BundleCheck {
  const missing = new Set(wanted.map((digest) => digest.toLowerCase()));
  let head: BundleHead | undefined;
  let previous = "";
  let records = 0;
  let lines = 0;
  let ended = false;
  let first: RecordName | undefined;
  let last: RecordName | undefined;
  const seen = (digest: string): void => {
    for (const one of missing) if (digest !== "" && digest.startsWith(one)) missing.delete(one);
  };
  const unreadable = (why: string) => ({ outcome: "unreadable", line: lines, why }) as const;

  const takeRecord = (record: ChainedRecord, of: BundleHead): ReturnType<BundleCheck["take"]> => {
    const name = nameOf(record);
    if (record.repositoryId !== of.repositoryId)
      return unreadable(
        `record ${record.id} is of another repository (${record.repositoryId}, not ${of.repositoryId}).`,
      );
    const fault = brokenLink(previous, record);
    if (fault) {
      const why =
        fault.what === "content"
          ? "it was changed after it was written, or its digest was."
          : last === undefined
            ? "the file begins elsewhere than its first line says: records before it are missing."
            : `it does not follow record ${last.id}: a record between them is missing, or they were put in another order.`;
      return { outcome: "broken", line: lines, record: name, why, expected: fault.expected, found: fault.found };
    }
    records++;
    first ??= name;
    last = name;
    previous = record.digest;
    seen(record.digest);
    return undefined;
  };

  return {
    take: (line) => {
      lines++;
      if (line.trim() === "") return undefined;
      if (ended) return unreadable("there is more after the end of the bundle.");
      const read = readJson(line, { bytes: mostBytesOfLine, nodes: mostNodes });
      if ("unreadable" in read) return unreadable(`not a line of JSON. ${read.unreadable}`);
      if (!head) {
        const parsed = headSchema.safeParse(read.value);
        if (!parsed.success)
          return unreadable(
            "this is no evidence bundle: its first line names neither `threatgate-evidence-bundle` nor version 1.",
          );
        head = parsed.data;
        previous = head.follows;
        seen(head.follows);
        return undefined;
      }
      const end = endSchema.safeParse(read.value);
      if (end.success) {
        ended = true;
        if (end.data.end.records !== records)
          return unreadable(`the bundle says that it holds ${end.data.end.records} records, and there are ${records}.`);
        return end.data.end.digest === previous
          ? undefined
          : unreadable("the last digest that the bundle states is not that of its last record.");
      }
      const record = recordSchema.safeParse(read.value);
      return record.success
        ? takeRecord(contentOf(record.data.record), head)
        : unreadable("neither a record nor the end of the bundle.");
    },
    tooLong: () => {
      lines++;
      return unreadable(`longer than ${showBytes(mostBytesOfLine)}, as no line of a bundle is.`);
    },
    end: () => {
      if (!head) return unreadable("the file is empty.");
      if (!ended) return unreadable(`the file was cut off: ${records} records were read, and its end is missing.`);
      return { outcome: "whole", head, records, ...(first && { first }), ...(last && { last }), missing: [...missing] };
    },
  };
}

function contentOf({ assessment, plan, results, ...record }: z.infer<typeof recordSchema>["record"]): ChainedRecord {
  return { ...record, assessment, plan, results };
}

function nameOf({ id, pullRequest, head, asOf, digest }: RecordName): RecordName {
  return { id, pullRequest, head, asOf, digest };
}
