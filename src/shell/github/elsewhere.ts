import { z } from "zod";
import type { ElsewhereNeeds, HistoryStep, ModelsElsewhere } from "../../core/domain/snapshot.ts";
import { Forbidden, Gone, TryAgainLater } from "../failures.ts";
import { type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { readModelTouches } from "./history.ts";
import { refusalIn } from "./partial.ts";
import { elsewhereQuery, modelFolders } from "./query.ts";
import { treeEntries } from "./shapes.ts";
import { filesIn, readTexts, textsIn } from "./texts.ts";

/* Models of systems that lie in several repositories: read from the repository that holds them, and from no other owner's. */

/** Gives a client that reads one other repository of the same owner, and may do nothing else. */
export type ClientFor = (repository: string) => GitHubClient;

/** Touches of a model that are looked at to find its last update in substance. */
const touches = 8;

/**
 * Reads on in one repository. What GitHub does not show us is told with what would change that; only what may pass by
 * itself is thrown, as TryAgainLater.
 */
export async function readElsewhere(
  clientFor: ClientFor,
  owner: string,
  needs: ElsewhereNeeds,
  known: ModelsElsewhere | undefined,
  now: string,
): Promise<ModelsElsewhere> {
  const { repository } = needs;
  const client = clientFor(repository);
  try {
    const reading = await readOn(client, { owner, name: repository }, needs, known, now);
    return { repository, reading };
  } catch (error) {
    if (error instanceof TryAgainLater || !(error instanceof Forbidden || error instanceof Gone)) throw error;
    return { repository, reading: { outcome: "unknown", ...notShown(client, owner) } };
  }
}

type Present = Extract<ModelsElsewhere["reading"], { outcome: "present" }>;

async function readOn(
  client: GitHubClient,
  place: RepositoryName,
  needs: ElsewhereNeeds,
  known: ModelsElsewhere | undefined,
  now: string,
): Promise<Present> {
  const first = known?.reading.outcome === "present" ? known.reading : await firstLook(client, place);
  // A repository without a commit holds no model.
  if (first.commit === "") return first;
  const texts = await readTexts(client, place, first.commit, needs.paths);
  const reading = {
    ...first,
    asked: [...first.asked, ...needs.paths],
    models: [...first.models, ...texts.texts],
    notRead: [...first.notRead, ...texts.notRead],
  };
  if (!needs.touchesOf) return reading;
  return { ...reading, touches: await touchesIn(client, place, reading, needs.touchesOf, now) };
}

const shape = z.object({
  repository: z.object({
    isPrivate: z.boolean(),
    defaultBranchRef: z
      .object({
        name: z.string(),
        target: z.looseObject({ oid: z.string(), tree: z.object({ entries: treeEntries.nullish() }).nullish() }),
      })
      .nullish(),
  }),
});

/** Whether it is private, the head of its default branch, and the paths where teams keep models. */
async function firstLook(client: GitHubClient, place: RepositoryName): Promise<Present> {
  const { document, variables } = elsewhereQuery(place);
  const call = {
    what: `read the model in ${place.owner}/${place.name}`,
    needs: `Contents: read on ${place.owner}/${place.name}`,
    kind: "read",
  } as const;
  const answer = await client.graphql(document, variables, call);
  const refusal = refusalIn(answer.errors, ["repository"]);
  if (refusal) throw refusal.asFailure(call.what, call.needs);
  const { isPrivate, defaultBranchRef } = read(shape, answer.data, call.what).repository;
  const target = defaultBranchRef?.target;
  const nothing = { outcome: "present", isPrivate, asked: [], models: [], notRead: [] } as const;
  if (!target) return { ...nothing, branch: "", commit: "", paths: [] };
  const { paths } = await textsIn(client, place, target, { paths: [], folders: modelFolders });
  const root = filesIn(target.tree?.entries ?? []);
  return { ...nothing, branch: defaultBranchRef?.name ?? "", commit: target.oid, paths: [...root, ...paths] };
}

async function touchesIn(
  client: GitHubClient,
  place: RepositoryName,
  { branch, commit }: Present,
  models: readonly string[],
  now: string,
): Promise<readonly HistoryStep[]> {
  const wanted = { models: models.map((path) => [path]), touches };
  return readModelTouches(client, { ...place, defaultBranch: branch }, { wanted, head: commit, now });
}

/** Without the repository's name, which a public place may not be told; whoever shows this says which one is meant. */
function notShown({ identity: { door } }: GitHubClient, owner: string): { why: string; next: string } {
  const why = "GitHub does not show us that repository: it is not there, or may not be read by us";
  if (door === "app") {
    return { why, next: `An owner of ${owner} adds that repository to those that Threatgate is installed on.` };
  }
  const token = door === "action" ? "The workflow's own token reaches this repository only: give" : "Give";
  return { why, next: `${token} a token that may read the repository with the model (Contents: read).` };
}
