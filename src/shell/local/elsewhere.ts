import type { ElsewhereNeeds, ModelsElsewhere } from "../../core/domain/snapshot.ts";
import { defaultBranch, topOf } from "./branches.ts";
import { commitOf, GitFailure, git } from "./git.ts";
import { modelTouches } from "./history.ts";
import { lookAtCommit } from "./look.ts";

/** Models of other formats may be this large (hostile-case limits: 4 MiB). */
const textLimit = 4 * 1024 * 1024;
/** Touches of a model that are looked at to find its last update in substance. */
const touches = 8;

/** Models that the policy says stand in other repositories, read from the default branches of the clones that were named. */
export async function withElsewhere(
  known: readonly ModelsElsewhere[] | undefined,
  wanted: readonly ElsewhereNeeds[] | undefined,
  now: string,
  clones: ReadonlyMap<string, string> = new Map(),
): Promise<readonly ModelsElsewhere[] | undefined> {
  if (!wanted || wanted.length === 0) return known;
  const all = new Map((known ?? []).map((one) => [one.repository, one]));
  for (const needs of wanted) {
    const { repository } = needs;
    const clone = clones.get(repository);
    const before = all.get(repository)?.reading;
    all.set(repository, {
      repository,
      reading: clone === undefined ? notNamed(repository) : await readClone(clone, needs, before, now),
    });
  }
  return [...all.values()];
}

function notNamed(repository: string): ModelsElsewhere["reading"] {
  return {
    outcome: "unknown",
    why: "no clone of it was named",
    next: `Name one: --clone ${repository}=DIR.`,
  };
}

async function readClone(
  clone: string,
  needs: ElsewhereNeeds,
  before: ModelsElsewhere["reading"] | undefined,
  now: string,
): Promise<ModelsElsewhere["reading"]> {
  try {
    const directory = await topOf(clone);
    const first = before?.outcome === "present" ? before : await firstLook(directory);
    const found = await lookAtCommit(directory, first.commit, needs.paths, textLimit);
    return {
      ...first,
      asked: [...first.asked, ...needs.paths],
      models: [...first.models, ...found.texts],
      notRead: [...first.notRead, ...found.notRead],
      ...(needs.touchesOf && { touches: await modelTouches(directory, first.commit, needs.touchesOf, touches, now) }),
    };
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    return { outcome: "unknown", why: error.message.replace(/\.$/, ""), next: "Name a clone of it with --clone." };
  }
}

type Present = Extract<ModelsElsewhere["reading"], { outcome: "present" }>;

async function firstLook(directory: string): Promise<Present> {
  const branch = await defaultBranch(directory);
  const commit = await commitOf(directory, branch);
  const listed = await git(directory, ["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit]);
  const paths = listed.toString("utf8").split("\0");
  // A clone does not tell who may read it; what a command prints is read by whoever has it.
  return { outcome: "present", isPrivate: true, branch, commit, asked: [], paths, models: [], notRead: [] };
}
