import { basename } from "node:path";
import type { Needs } from "../../core/domain/needs.ts";
import { ownClassificationPath, ownRulesFolder, policyPath } from "../../core/domain/policy.ts";
import type {
  FileReading,
  FileText,
  OwnRuleTexts,
  PolicyText,
  RepositoryFacts,
  Snapshot,
} from "../../core/domain/snapshot.ts";
import { limits } from "../../core/text/limits.ts";
import type { Subject } from "../event.ts";
import type { Listing, Source } from "../ports.ts";
import { defaultBranch, topOf } from "./branches.ts";
import { changedFiles } from "./differences.ts";
import { withElsewhere } from "./elsewhere.ts";
import { commitOf, git, textsAt } from "./git.ts";
import { historySince, withTexts } from "./history.ts";
import { type Looked, lookAtCommit, lookAtWorkingTree, readWorkingFile } from "./look.ts";

export { defaultBranch, topOf } from "./branches.ts";

/** A text of ours or of a model may be this large before it is left unread (hostile-case limits: other formats 4 MiB). */
const textLimit = 4 * 1024 * 1024;

/** What a person asked of a local check. */
export interface CheckoutOptions {
  /** The only clock: `--as-of`, or the time of the call. ISO, UTC. */
  readonly now: string;
  /** Text of `--policy FILE`, which then replaces the repository's own. */
  readonly policy?: { readonly path: string; readonly text: string };
  /** Folders of clones of other repositories, by their names: where models are read that the policy says stand there. */
  readonly clones?: ReadonlyMap<string, string>;
}

/** Implements Source from a folder and its git history. Reads; never writes, fetches or runs anything of the folder. */
export function checkoutSource(options: CheckoutOptions): Source {
  return {
    listing: async (subject) => {
      const { directory, base, head } = await revisions(subject);
      const files = await changedFiles(directory, base, head);
      return { files, total: files.length, ...(head === undefined ? {} : { head }) };
    },
    snapshot: (subject, listing, needs) => readSnapshot(subject, listing, needs, options),
    // Whoever runs a local check names the base.
    towardsDefault: async () => undefined,
    asItStands: () => undefined,
    complete: (subject, snapshot, more) => completeSnapshot(subject, snapshot, more, options.clones),
  };
}

interface Revisions {
  readonly directory: string;
  /** The merge base of both sides: a pull request is judged by what it adds, not by what it lacks. */
  readonly base: string;
  /** Absent: the working tree. */
  readonly head: string | undefined;
}

async function revisions(subject: Subject): Promise<Revisions> {
  if (subject.kind !== "local") throw new Error("A checkout can only answer for a local subject.");
  const directory = await topOf(subject.directory);
  const head = subject.head === undefined ? undefined : await commitOf(directory, subject.head);
  const asked = await commitOf(directory, subject.base);
  const other = head ?? (await commitOf(directory, "HEAD"));
  const base = await git(directory, ["merge-base", asked, other]).then(
    (out) => out.toString("utf8").trim() || asked,
    () => asked,
  );
  return { directory, base, head };
}

async function readSnapshot(
  subject: Subject,
  listing: Listing,
  needs: Needs,
  options: CheckoutOptions,
): Promise<Snapshot> {
  const { directory, base, head } = await revisions(subject);
  const before = new Map(listing.files.map((file) => [file.filename, file.previous_filename ?? file.filename]));
  const headTexts = await read(directory, head, needs.texts);
  const baseTexts = await textsAt(
    directory,
    base,
    needs.texts.map((path) => before.get(path) ?? path),
    textLimit,
  );
  const models = await lookAt(directory, head, needs.look);
  const baseModels = await lookAtCommit(directory, base, needs.look, textLimit);
  return {
    now: options.now,
    door: "cli",
    repository: await repositoryFacts(directory),
    base,
    begunAt: await dateOf(directory, base),
    head: head ?? "working tree",
    files: listing.files,
    filesTotal: listing.total,
    headTexts: asTexts(headTexts),
    baseTexts: asTexts(baseTexts),
    headPaths: await headPaths(directory, head),
    headPathsComplete: true,
    models: models.texts,
    baseModels: baseModels.texts,
    policy: { repository: await policyReading(directory, base, options) },
    teams: [],
    timeline: { state: "complete", verifiedByGitHub: false, entries: [] },
    notRead: models.notRead,
  };
}

async function completeSnapshot(
  subject: Subject,
  snapshot: Snapshot,
  more: Needs,
  clones: CheckoutOptions["clones"],
): Promise<Snapshot> {
  const { directory, base, head } = await revisions(subject);
  const known = new Set(snapshot.models.map((file) => file.path));
  const look = more.look.filter((path) => !known.has(path));
  const found = await lookAt(directory, head, look);
  const models = [...snapshot.models, ...found.texts];
  const baseModels = [...snapshot.baseModels, ...(await lookAtCommit(directory, base, look, textLimit)).texts];
  const notRead = [...snapshot.notRead, ...found.notRead];
  const headTexts = [...snapshot.headTexts, ...asTexts(await read(directory, head, more.texts))];
  const elsewhere = await withElsewhere(snapshot.elsewhere, more.elsewhere, snapshot.now, clones);
  const result = { ...snapshot, models, baseModels, headTexts, notRead, ...(elsewhere ? { elsewhere } : {}) };
  if (more.history === undefined) return result;
  if (more.history.texts && snapshot.history) {
    return { ...result, history: await withTexts(directory, snapshot.history, more.history.texts) };
  }
  const { steps, state, reach } = await historySince(directory, base, more.history, snapshot.now);
  return { ...result, history: steps, historyReach: reach, timeline: { ...snapshot.timeline, state } };
}

async function read(
  directory: string,
  head: string | undefined,
  paths: readonly string[],
): Promise<Map<string, string>> {
  if (head !== undefined) return textsAt(directory, head, paths, textLimit);
  const texts = new Map<string, string>();
  for (const path of paths) {
    const text = await readWorkingFile(directory, path, textLimit);
    if (text !== undefined) texts.set(path, text);
  }
  return texts;
}

/** Models are looked for by name, and what is there but not read is told: it may be all that a threat stands in. */
async function lookAt(directory: string, head: string | undefined, paths: readonly string[]): Promise<Looked> {
  return head === undefined
    ? lookAtWorkingTree(directory, paths, textLimit)
    : lookAtCommit(directory, head, paths, textLimit);
}

function asTexts(texts: ReadonlyMap<string, string>): FileText[] {
  return [...texts].map(([path, text]) => ({ path, text }));
}

async function headPaths(directory: string, head: string | undefined): Promise<string[]> {
  const args =
    head === undefined
      ? ["ls-files", "--cached", "--others", "--exclude-standard", "-z"]
      : ["ls-tree", "-r", "-z", "--name-only", "--full-tree", head];
  return (await git(directory, args))
    .toString("utf8")
    .split("\0")
    .filter((path) => path !== "");
}

/** The policy stands at the base, never at the head: a difference must not choose how it is judged (H013). */
async function policyReading(directory: string, base: string, options: CheckoutOptions): Promise<PolicyText> {
  const rules = await ownRules(directory, base);
  const beside = rules ? { rules } : {};
  if (options.policy) {
    return { path: options.policy.path, reading: { outcome: "present", text: options.policy.text }, ...beside };
  }
  const text = (await textsAt(directory, base, [policyPath], textLimit)).get(policyPath);
  const reading: FileReading = text === undefined ? { outcome: "absent" } : { outcome: "present", text };
  return { path: policyPath, commit: base, reading, ...beside };
}

/** The rule files beside the policy, of the same commit; undefined where there are none. */
async function ownRules(directory: string, commit: string): Promise<OwnRuleTexts | undefined> {
  const folders = ["changes", "threats"].map((kind) => `${ownRulesFolder}/${kind}/`);
  const args = ["ls-tree", "-z", "--name-only", "--full-tree", commit, "--", ...folders, ownClassificationPath];
  const listed = (await git(directory, args))
    .toString("utf8")
    .split("\0")
    .filter((path) => /\.ya?ml$/.test(path))
    .sort();
  if (listed.length === 0) return undefined;
  const ofKind = folders.map((folder) => listed.filter((path) => path.startsWith(folder)));
  const paths = [
    ...ofKind.flatMap((all) => all.slice(0, limits.ownRules)),
    ...listed.filter((path) => path === ownClassificationPath),
  ];
  const found = await textsAt(directory, commit, paths, textLimit);
  const beyond = ofKind.flatMap((all) => all.slice(limits.ownRules));
  return {
    files: asTexts(found),
    notRead: [
      ...beyond.map((path) => ({ path, reason: "there are too many" })),
      ...paths.filter((path) => !found.has(path)).map((path) => ({ path, reason: "it is no plain text file" })),
    ],
  };
}

async function repositoryFacts(directory: string): Promise<RepositoryFacts> {
  const remote = await git(directory, ["config", "--get", "remote.origin.url"]).then(
    (out) => out.toString("utf8").trim(),
    () => "",
  );
  const named = /[:/]([^/:]+)\/([^/]+?)(?:\.git)?\/?$/.exec(remote);
  return {
    owner: named?.[1] ?? "local",
    name: named?.[2] ?? basename(directory),
    ownerIsOrganisation: false,
    defaultBranch: await defaultBranch(directory),
    isPrivate: true,
    isArchived: false,
    hasIssues: true,
  };
}

async function dateOf(directory: string, commit: string): Promise<string> {
  const seconds = (await git(directory, ["show", "-s", "--format=%ct", commit])).toString("utf8").trim();
  return new Date(Number(seconds) * 1000).toISOString();
}
