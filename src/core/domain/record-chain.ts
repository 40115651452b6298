import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/*
 * The chain of a repository's records of assessments: each record's digest covers the record and the digest of the one
 * before it, so that none can be changed or taken out of the middle unseen. One function for whoever writes a record and
 * whoever checks one.
 */

/** What the digest of a record covers: everything of it but the chain itself. */
export interface RecordContent {
  readonly repositoryId: number;
  readonly repository: string;
  readonly pullRequest: number | null;
  readonly head: string;
  /** ISO instant with milliseconds, UTC. */
  readonly asOf: string;
  readonly conclusion: string;
  readonly assessment: unknown;
  readonly plan: unknown;
  readonly results: unknown;
}

/** A record with its place in the chain. */
export interface ChainedRecord extends RecordContent {
  readonly id: number;
  /** Digest of the record before it; empty for the first of a repository. */
  readonly previous: string;
  readonly digest: string;
}

/**
 * SHA-256 in hex over the digest of the record before, a NUL, and the content as JSON with the keys of every object in
 * order of their code units: a database keeps the values of JSON but not how it was written.
 */
export function digestOfRecord(previous: string, content: RecordContent): string {
  const { repositoryId, repository, pullRequest, head, asOf, conclusion, assessment, plan, results } = content;
  const parts = [repositoryId, repository, pullRequest, head, asOf, conclusion, assessment, plan, results];
  return bytesToHex(sha256(utf8ToBytes(`${previous}\0${JSON.stringify(inOrder(parts))}`)));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, inOrder(part)]));
}

/** What is wrong with the link between a record and the one before it; undefined when it holds. */
export function brokenLink(
  expectedPrevious: string,
  record: ChainedRecord,
): { readonly what: "previous" | "content"; readonly expected: string; readonly found: string } | undefined {
  if (record.previous !== expectedPrevious)
    return { what: "previous", expected: expectedPrevious, found: record.previous };
  const expected = digestOfRecord(record.previous, record);
  return record.digest === expected ? undefined : { what: "content", expected, found: record.digest };
}
