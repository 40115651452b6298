import type { GitHubClient } from "../shell/github/client.ts";
import { reactionsOf } from "../shell/github/reactions.ts";
import type { Outcome } from "../shell/run.ts";
import type { Database } from "../shell/store/database.ts";
import { keepReactions, wasAsked } from "../shell/store/questions.ts";

/** Counts how people reacted to our questions when a pull request is open no more: GitHub tells nobody of reactions. */
export async function countReactions(
  { kysely: db }: Database,
  client: () => GitHubClient,
  { snapshot: { repository, pullRequest } }: Pick<Outcome, "snapshot">,
): Promise<void> {
  if (repository.id === undefined || !pullRequest || pullRequest.state === "open") return;
  if (!(await wasAsked(db, repository.id, pullRequest.number))) return;
  const reactions = await reactionsOf(client(), repository, pullRequest.number);
  await keepReactions(db, repository.id, pullRequest.number, reactions);
}
