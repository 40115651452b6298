import type { ChangedFile } from "../domain/snapshot.ts";
import { roleOf } from "./path-role.ts";

/*
 * Files that run although their folder says otherwise: the same change tells an image, a package, a pipeline or a service to start
 * what lies under `dist/` or `test/`. What a change newly starts is read, wherever it lies.
 */

/** Files that say what is started or handed out. */
const starters =
  /(^|\/)(package\.json|(docker|container)file[^/]*|[^/]*\.(docker|container)file|(docker-)?compose[^/]*\.ya?ml|procfile|action\.ya?ml|serverless\.ya?ml|app\.ya?ml|fly\.toml|pyproject\.toml|setup\.(py|cfg)|composer\.json|[^/]*\.service|[^/]*\.gemspec)$|(^|\/)\.github\/workflows\//i;
/** Lines that run tests, or say what is left out. */
const testing =
  /"(?:pre|post)?(?:test|e2e|coverage|lint)[\w:-]*"\s*:|\b(?:jest|mocha|vitest|pytest|rspec|phpunit|ava|tap|karma|cypress|playwright|nyc|c8|tox|nose\w*|unittest|--test|go test|cargo test)\b|^\s*-?\s*['"]?!/i;
/** A path with a folder and an extension, as it stands in a command or a list. */
const named = /(?:\.{0,2}\/)?((?:[\w@.-]{1,80}\/){1,8}[\w@.-]{1,80}\.[a-z]{1,5})\b/gi;
/** More names than this are no list of what is started. */
const mostNames = 500;

/** Paths below which something is newly started, each from its last folder on: `dist/server.js`. */
function startedIn(files: readonly ChangedFile[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { filename, patch } of files) {
    if (patch === undefined || !starters.test(filename) || roleOf(filename) !== "production") continue;
    for (const line of patch.split("\n")) {
      if (!line.startsWith("+") || line.length > 2000 || testing.test(line.slice(1))) continue;
      for (const [, name] of line.matchAll(named)) {
        if (name !== undefined && names.size < mostNames) names.add(name.replace(/^(?:\.{1,2}\/)+/, ""));
      }
    }
  }
  return names;
}

/** Those of the changed files that the same change newly starts though they lie where nothing runs. */
export function startedPaths(files: readonly ChangedFile[]): ReadonlySet<string> {
  const names = startedIn(files);
  const started = new Set<string>();
  if (names.size === 0) return started;
  for (const { filename } of files) {
    const parts = filename.split("/");
    // Known by its whole path or by the end of it, for a package in a folder of its own.
    for (let from = 0; from < parts.length - 1; from++) {
      if (names.has(parts.slice(from).join("/"))) started.add(filename);
    }
  }
  return started;
}
