import { Refusal } from "../refusal.ts";
import { showRelease } from "../show/releases.ts";
import type { Account, Release, Repository, World } from "../world.ts";

export interface ReleaseWords {
  readonly tag: string;
  readonly name?: string;
  readonly draft?: boolean;
  readonly prerelease?: boolean;
  /** Default: the head of the default branch. */
  readonly commit?: string;
}

/** GitHub tells of one publishing by several events: `created`, `published`, and `prereleased` or `released`. */
export function publishRelease(world: World, repository: Repository, author: Account, words: ReleaseWords): Release {
  if (repository.releases.some(({ tag, draft }) => tag === words.tag && !draft)) {
    throw new Refusal(422, "Validation Failed", [{ resource: "Release", code: "already_exists", field: "tag_name" }]);
  }
  const createdAt = world.clock.tick();
  const release: Release = {
    id: world.nextId(),
    tag: words.tag,
    name: words.name ?? null,
    author,
    draft: words.draft ?? false,
    prerelease: words.prerelease ?? false,
    commit: words.commit ?? repository.branches.get(repository.defaultBranch) ?? "",
    createdAt,
    publishedAt: words.draft === true ? null : createdAt,
  };
  repository.releases.push(release);
  const actions = release.draft
    ? ["created"]
    : ["created", "published", release.prerelease ? "prereleased" : "released"];
  for (const action of actions) announce(world, repository, author, action, release);
  return release;
}

export function withdrawRelease(world: World, repository: Repository, account: Account, tag: string): void {
  const at = repository.releases.findIndex((one) => one.tag === tag);
  const [release] = at < 0 ? [] : repository.releases.splice(at, 1);
  if (release === undefined) throw new Refusal(404, "Not Found");
  world.clock.tick();
  announce(world, repository, account, "deleted", release);
}

/** https://docs.github.com/webhooks/webhook-events-and-payloads#release */
function announce(world: World, repository: Repository, sender: Account, action: string, release: Release): void {
  const payload = { release: showRelease(world, repository, release) };
  world.announce({ event: "release", action, repository, sender, payload });
}
