import type { Release, Repository, World } from "../world.ts";
import { showAccount } from "./accounts.ts";
import { nodeId } from "./node-id.ts";
import { apiOf, pageOf } from "./repositories.ts";

/** https://docs.github.com/rest/releases/releases#get-a-release */
export function showRelease(world: World, repository: Repository, release: Release): Record<string, unknown> {
  const url = `${apiOf(world, repository)}/releases/${release.id}`;
  const page = pageOf(world, repository);
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    html_url: `${page}/releases/tag/${encodeURIComponent(release.tag)}`,
    id: release.id,
    node_id: nodeId("Release", release.id),
    tag_name: release.tag,
    target_commitish: repository.defaultBranch,
    name: release.name,
    draft: release.draft,
    author: showAccount(world, release.author),
    prerelease: release.prerelease,
    created_at: release.createdAt,
    published_at: release.publishedAt,
    assets: [],
    tarball_url: `${apiOf(world, repository)}/tarball/${release.tag}`,
    zipball_url: `${apiOf(world, repository)}/zipball/${release.tag}`,
    body: null,
  };
}
