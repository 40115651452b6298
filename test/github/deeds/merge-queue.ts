import { mergeBase } from "../git/history.ts";
import { privateEmail } from "../people.ts";
import { Refusal } from "../refusal.ts";
import type { Account, PullRequest, Repository, World } from "../world.ts";
import { announcePullRequest, mergedFiles } from "./pull-requests.ts";

/**
 * Puts pull requests into the merge queue as one group: a branch of GitHub's own holds the base with all of them merged,
 * and checks are asked for on its head. https://docs.github.com/webhooks/webhook-events-and-payloads#merge_group
 */
export function enqueue(world: World, repository: Repository, pulls: readonly PullRequest[], account: Account): string {
  const [first] = pulls;
  const last = pulls[pulls.length - 1];
  if (first === undefined || last === undefined) throw new Error("a merge group needs a pull request");
  const { store } = repository;
  const branch = first.base.branch;
  const base = repository.branches.get(branch) ?? first.base.sha;
  let head = base;
  for (const pull of pulls) {
    if (pull.state !== "open" || pull.draft) throw new Refusal(405, "Pull Request is not mergeable");
    const date = world.clock.tick();
    const signature = { name: account.name, email: privateEmail(account), date };
    const below = head;
    head = store.writeCommit({
      tree: store.writeTree(mergedFiles(repository, below, pull.head.sha)),
      parents: [below, pull.head.sha],
      author: signature,
      committer: { name: "GitHub", email: "noreply@github.com", date },
      message: `Merge pull request #${pull.number} from ${pull.head.branch}\n\n${pull.title}\n`,
    });
    pull.inMergeQueue = true;
    pull.queued = { base: below, head };
    announcePullRequest(world, repository, pull, account, "enqueued");
  }
  const ref = `gh-readonly-queue/${branch}/pr-${last.number}-${base}`;
  repository.branches.set(ref, head);
  const commit = store.commits.get(head);
  world.announce({
    event: "merge_group",
    action: "checks_requested",
    repository,
    sender: account,
    payload: {
      merge_group: {
        head_sha: head,
        head_ref: `refs/heads/${ref}`,
        base_sha: mergeBase(store, base, head) ?? base,
        base_ref: `refs/heads/${branch}`,
        head_commit: {
          id: head,
          tree_id: commit?.tree,
          message: commit?.message.trimEnd(),
          timestamp: commit?.committer.date,
          author: { name: commit?.author.name, email: commit?.author.email },
          committer: { name: commit?.committer.name, email: commit?.committer.email },
        },
      },
    },
  });
  return head;
}
