import { originOf } from "./address-origin.ts";
import type { DependencySource } from "./dependency.ts";

const publicRegistries = /^https:\/\/(registry\.npmjs\.org|registry\.yarnpkg\.com|registry\.npmmirror\.com)\//;

/** The package whose archive a public registry serves at an address. */
const servedPackage = /^https:\/\/[^/]+\/((?:@[^/]+(?:\/|%2f))?[^/]+)\/-\//i;

/** A package of npm as a lockfile tells where it came from. */
export interface NpmPlace {
  readonly source: DependencySource;
  readonly target: string | undefined;
}

/**
 * Where a package came from. For an address only its origin is kept, so that a new version is not a new place. What a registry
 * serves under another name is installed under this one all the same: an alias that no manifest shows.
 * @param name the package that is asked for, as the lockfile itself names it
 */
export function npmPlace(resolved: string, name: string): NpmPlace {
  if (resolved === "") return { source: "registry", target: undefined };
  if (publicRegistries.test(resolved)) {
    const served = servedPackage.exec(resolved)?.[1]?.replace(/%2f/i, "/");
    const isAnother = served !== undefined && served.toLowerCase() !== name.toLowerCase();
    return isAnother ? { source: "alias", target: served } : { source: "registry", target: undefined };
  }
  const onGitHub = /^https:\/\/codeload\.github\.com\/([^/]+\/[^/]+)\//.exec(resolved)?.[1];
  if (onGitHub !== undefined) return { source: "git", target: `https://github.com/${onGitHub}` };
  if (/^git[+:@]|^ssh:|\.git(#|$)|^github:/.test(resolved))
    return { source: "git", target: resolved.replace(/[#?].*$/, "") };
  if (/^(file|link|workspace|portal):|^\.{1,2}\//.test(resolved)) return { source: "path", target: undefined };
  const origin = originOf(resolved);
  return origin === undefined ? { source: "registry", target: undefined } : { source: "url", target: origin };
}
