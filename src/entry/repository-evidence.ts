import { createHash } from "node:crypto";
import type { Assessment } from "../core/domain/assessment.ts";
import type { EvidenceApproval, EvidenceRecord, EvidenceRecords } from "../core/domain/evidence-report.ts";
import { brokenLink, type ChainedRecord } from "../core/domain/record-chain.ts";
import { releaseBefore } from "../core/domain/release.ts";
import type { Rules } from "../core/domain/rules.ts";
import type { TimelineEntry } from "../core/domain/timeline.ts";
import { endLine, headLine, recordLine } from "../core/evidence-report/bundle.ts";
import { evidenceText, reportStyle } from "../core/evidence-text.ts";
import { gatherEvidence } from "../core/gather-evidence.ts";
import { withoutKnown } from "../core/timeline.ts";
import { chainOf } from "../shell/store/chain.ts";
import type { Database } from "../shell/store/database.ts";
import { installationOf, mergesOf } from "../shell/store/merges.ts";
import { releasesOf } from "../shell/store/releases.ts";
import { timelineOf } from "../shell/store/timeline.ts";
import type { AskedEvidence, EvidenceData } from "../shell/web/evidence.ts";
import type { Evaluator } from "./evaluator.ts";
import type { ReadFiles } from "./evidence-files.ts";

/** What the evidence of a repository is gathered from. */
export interface EvidenceSurroundings {
  readonly database: Database;
  readonly rules: Rules;
  readonly judged: Evaluator["judged"];
  readonly files: ReadFiles;
  /** Now, ISO instant. */
  readonly now: () => Promise<string>;
}

type Place = Parameters<EvidenceData["report"]>[0];

/** Evidence from the records of the service, the timeline of the default branch, and the model as GitHub holds it. */
export function evidenceOf(surroundings: EvidenceSurroundings): EvidenceData {
  const styleDigest = createHash("sha256").update(reportStyle).digest("base64");
  const { database, rules } = surroundings;
  const known = (rules.frameworks ?? []).map(({ id, name }) => ({ id, name }));
  return {
    styleDigest,
    frameworks: known,
    releases: async ({ id }) => (await releasesOf(database.kysely, id)).slice(0, mostOffered),
    bundle: (place) => bundleOf(database, place, surroundings.now),
    // What is asked twice at once is read once after the other: GitHub's calls belong to pull requests first.
    report: (place, asked, format) =>
      database.alone(`evidence of ${place.id}`, async () => {
        const strange = asked.frameworks.find((one) => !known.some(({ id }) => id === one));
        if (strange !== undefined) return { why: `There is no framework ${strange}.` };
        const report = await reportOf(surroundings, place, asked);
        return "why" in report ? report : { text: evidenceText(report, format, styleDigest) };
      }),
  };
}

const day = 86_400_000;
/** Releases that the page offers; any that is known may be asked for. */
const mostOffered = 100;

/** The ends of a period, and what was asked for in words. */
interface AskedPeriod {
  readonly from: { readonly at?: string; readonly asked?: string };
  readonly to: { readonly at: string; readonly asked?: string };
}

/** What was asked for as a period: days, or from the release before one to when that went out. */
async function periodOf(
  db: Database["kysely"],
  repositoryId: number,
  asked: AskedEvidence,
  madeAt: string,
): Promise<AskedPeriod | { readonly why: string }> {
  if (asked.release !== undefined) {
    const known = await releasesOf(db, repositoryId);
    const release = known.find(({ tag }) => tag === asked.release);
    if (!release)
      return {
        why: `No release ${asked.release} of this repository is known. Releases are read at the latest a day after they went out.`,
      };
    const before = releaseBefore(release, known);
    const to = { at: earlier(release.published, madeAt), asked: release.tag };
    return { from: before ? { at: before.published, asked: before.tag } : {}, to };
  }
  const end = asked.to === undefined ? madeAt : earlier(`${asked.to}T23:59:59.999Z`, madeAt);
  return {
    from:
      asked.from === undefined
        ? { at: new Date(Date.parse(end) - 365 * day).toISOString() }
        : { at: `${asked.from}T00:00:00.000Z`, asked: asked.from },
    to: { at: end, ...(asked.to !== undefined && { asked: asked.to }) },
  };
}

async function reportOf(
  { database, rules, judged, files: readFiles, now }: EvidenceSurroundings,
  place: Place,
  asked: AskedEvidence,
): Promise<ReturnType<typeof gatherEvidence> | { readonly why: string }> {
  const { kysely: db } = database;
  const madeAt = await now();
  const period = await periodOf(db, place.id, asked, madeAt);
  if ("why" in period) return period;
  const { from, to } = period;
  const end = to.at;
  const timeline = await timelineOf(db, place.id);
  const number = lastMerge(await mergesOf(db, place.id), timeline, end);
  const installation = await installationOf(db, place.id);
  if (number === undefined || installation === undefined)
    return { why: "No pull request was merged and judged here until then, so there is nothing to report on." };
  const { owner, name, id } = place;
  const subject = { kind: "pull-request", owner, repository: name, number, repositoryId: id, installation } as const;
  const { assessment, snapshot, timeline: read } = await judged(subject);
  const files = await readFiles({ owner, name, installation }, snapshot.head);
  const { records, approvals } = await recordsIn(db, place, from.at ?? "", end);
  const entries = [...timeline, ...withoutKnown(read.entries, timeline)];
  const ofPullRequest = (reference: string): EvidenceApproval =>
    approvals.get(reference) ?? { state: "unknown", says: "No record of its review is kept." };
  return gatherEvidence(
    {
      assessment,
      source: "service",
      branch: snapshot.repository.defaultBranch,
      madeAt,
      period: { from, to: { ...to, commit: snapshot.head } },
      ...("why" in files ? {} : { files: { name, ...files } }),
      ...(snapshot.headPathsComplete && { paths: snapshot.headPaths }),
      entries: entries.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)),
      reachesBeginning: read.state === "complete",
      commitOf: (reference, at) => ({ reference, at }),
      approvalOf: ({ reference }) => ofPullRequest(reference),
      frameworks: asked.frameworks,
      records,
      unknown: [
        ...("why" in files ? [`Third-party components were not read: ${files.why}.`] : []),
        `The models are those of the head of #${number}, the last pull request that was merged and judged in the period.`,
      ],
    },
    rules,
  );
}

function earlier(one: string, other: string): string {
  return Date.parse(one) < Date.parse(other) ? one : other;
}

/** The last pull request merged until then: as systems stand now, or one that the timeline names. */
function lastMerge(
  merges: readonly { readonly number: number; readonly at: string }[],
  timeline: readonly TimelineEntry[],
  end: string,
): number | undefined {
  const named = timeline.flatMap(({ reference, at }) => {
    const number = /^#(\d+)$/.exec(reference)?.[1];
    return number === undefined ? [] : [{ number: Number(number), at }];
  });
  return [...merges, ...named]
    .filter(({ at }) => Date.parse(at) <= Date.parse(end))
    .toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at))[0]?.number;
}

/** The whole chain, checked, with the records of the period and who approved each pull request by its last record. */
async function recordsIn(
  db: Database["kysely"],
  { id }: Place,
  from: string,
  end: string,
): Promise<{ readonly records: EvidenceRecords; readonly approvals: ReadonlyMap<string, EvidenceApproval> }> {
  const { start, records } = await chainOf(db, id);
  const approvals = new Map<string, EvidenceApproval>();
  const waived: EvidenceRecord[] = [];
  let previous = start.digest;
  let broken: EvidenceRecords["broken"];
  let count = 0;
  let first: EvidenceRecord | undefined;
  let last: EvidenceRecord | undefined;
  let begun: string | undefined;
  for await (const record of records) {
    begun ??= record.asOf;
    const fault = broken ? undefined : brokenLink(previous, record);
    if (fault)
      broken = {
        id: record.id,
        why:
          fault.what === "content"
            ? "it was changed after it was written."
            : "it does not follow the record before it.",
      };
    previous = record.digest;
    if (record.asOf > end) continue;
    const assessment = record.assessment as Assessment;
    if (record.pullRequest !== null) approvals.set(`#${record.pullRequest}`, approvalIn(assessment));
    if (record.asOf < from) continue;
    const told = recordTold(record, assessment);
    count++;
    first ??= told;
    last = told;
    if (told.waived) waived.push(told);
  }
  const begins =
    begun === undefined
      ? "No record is kept."
      : start.deleted > 0
        ? `${start.deleted} older records were deleted for their age; the chain goes on from the last of them.`
        : `The chain begins on ${begun.slice(0, 10)} with the first record of this repository in this database; nothing before it is vouched for.`;
  return {
    approvals,
    records: { count, waived, ...(first && { first }), ...(last && { last }), ...(broken && { broken }), begins },
  };
}

function recordTold(
  { id, asOf, pullRequest, head, conclusion, digest }: ChainedRecord,
  assessment: Assessment,
): EvidenceRecord {
  const { waived, mode } = assessment;
  return {
    id,
    at: asOf,
    pullRequest,
    head,
    conclusion,
    mode,
    ...(waived && { waived: { by: `@${waived.by.login}`, until: waived.until, because: waived.because } }),
    digest,
  };
}

/** Who approved, as GitHub's reviews said when the pull request was judged last. */
function approvalIn({ systems }: Assessment): EvidenceApproval {
  const architects = new Set(
    systems.flatMap(({ review }) => review.architects.map(({ account }) => `@${account.login}`)),
  );
  const peers = new Set(systems.flatMap(({ review }) => review.peers.map(({ account }) => `@${account.login}`)));
  const unknown = systems.find(({ review }) => review.unknown !== undefined)?.review.unknown;
  const commit = systems.flatMap(({ review }) => [...review.architects, ...review.peers])[0]?.commit.slice(0, 12);
  const at = commit === undefined ? "" : ` at ${commit}`;
  if (architects.size > 0) {
    const by = `by ${[...architects].join(", ")} (Security Architect)${peers.size > 0 ? ` and ${[...peers].join(", ")}` : ""}${at}`;
    return { state: peers.size > 0 ? "approved" : "partly", says: by };
  }
  if (unknown !== undefined) return { state: "unknown", says: unknown };
  return peers.size > 0
    ? { state: "partly", says: `by ${[...peers].join(", ")}${at}, no Security Architect` }
    : { state: "none", says: "no approval counted" };
}

async function* bundleOf(
  { kysely: db }: Database,
  { id, owner, name }: Place,
  now: () => Promise<string>,
): AsyncGenerator<string> {
  const { start, records } = await chainOf(db, id);
  yield headLine({
    repository: `${owner}/${name}`,
    repositoryId: id,
    madeAt: await now(),
    follows: start.digest,
    deleted: start.deleted,
  });
  let count = 0;
  let last = start.digest;
  for await (const record of records) {
    yield recordLine(record);
    count++;
    last = record.digest;
  }
  yield endLine(count, last);
}
