import type { Change } from "../domain/change.ts";
import { type Policy, policyPath } from "../domain/policy.ts";
import type { FileText, Snapshot } from "../domain/snapshot.ts";
import { compileGlobs } from "../text/globs.ts";
import { type Home, type HomeGround, homeOf } from "./model-home.ts";

/** One system of the repository: what it covers, and the files that make its model at both sides. */
export interface System {
  readonly name: string;
  /** The class that the policy gives it; absent where it gives none. */
  readonly riskClass?: Policy["systems"][number]["riskClass"];
  covers(path: string): boolean;
  /** Set where its model stands in another repository; both sides are then what stands there now. */
  readonly home?: Home;
  /** Candidates for its model, main file first. Whether they are models is decided by reading them. */
  readonly headFiles: readonly FileText[];
  readonly baseFiles: readonly FileText[];
  /** Indexes of the significant changes that belong to it. */
  readonly changes: readonly number[];
}

/** What of a snapshot tells its systems. */
export type Sides = Pick<Snapshot, "models" | "baseModels" | "files"> & HomeGround;

/**
 * The systems of a repository, in the order of the policy. Without any in the policy there is one, named after the
 * repository, that covers everything. A path belongs to the first system whose patterns match it; where some change or
 * model lies outside them all, one more system named after the repository takes it, so that nothing is left unjudged.
 */
export function systemsOf(snapshot: Sides, policy: Policy, changes: readonly Change[]): readonly System[] {
  const owners = policy.systems.map((system) => ({
    system,
    paths: compileGlobs(system.paths),
    models: compileGlobs(system.model),
  }));
  const specific = owners.filter(({ system }) => system.paths.length > 0);
  const general = owners.find(({ system }) => system.paths.length === 0);
  const ownerOf = (path: string) => (specific.find(({ paths }) => paths.matches(path)) ?? general)?.system.name;
  const modelOwners = (path: string): readonly (string | undefined)[] => {
    // Read at the head to tell what a change of it would do; it is no model.
    if (path === policyPath) return [];
    const named = owners.filter(({ system, models }) => system.repository === undefined && models.matches(path));
    if (named.length > 0) return named.map(({ system }) => system.name);
    const owner = ownerOf(path);
    // A system whose model the policy names has no other.
    const hasOwn = policy.systems.some(
      (system) => system.name === owner && (system.model.length > 0 || system.repository !== undefined),
    );
    return hasOwn ? [] : [owner];
  };
  const base = baseOf(snapshot);
  const build = (name: string | undefined, riskClass?: System["riskClass"], home?: Home): System => ({
    name: name ?? snapshot.repository.name,
    ...(riskClass !== undefined && { riskClass }),
    covers: (path) => ownerOf(path) === name,
    ...(home && { home }),
    headFiles: mainFirst(home?.files ?? snapshot.models.filter(({ path }) => modelOwners(path).includes(name))),
    baseFiles: mainFirst(home?.files ?? base.filter(({ path }) => modelOwners(path).includes(name))),
    changes: changes.flatMap((change, index) =>
      (change.significant || change.behind) && ownerOf(change.path) === name ? [index] : [],
    ),
  });
  const rest = build(undefined);
  const systems = policy.systems.map((system) =>
    build(system.name, system.riskClass, homeOf(system, snapshot, policy)),
  );
  if (systems.length === 0) return [rest];
  return rest.changes.length + rest.headFiles.length + rest.baseFiles.length > 0 ? [...systems, rest] : systems;
}

/** The model files at the base: those that differ as they were read there, all others as they are at the head. */
function baseOf(snapshot: Sides): readonly FileText[] {
  const changed = new Set(snapshot.files.map((file) => file.filename));
  const atBase = new Set(snapshot.baseModels.map(({ path }) => path));
  const same = snapshot.models.filter(({ path }) => !changed.has(path) && !atBase.has(path));
  return [...snapshot.baseModels, ...same];
}

/** Our own format completes the others, so it leads; then the file nearest to the root. */
export function mainFirst(files: readonly FileText[]): readonly FileText[] {
  const rank = ({ path }: FileText) => (/(^|\/)threat-model\.ya?ml$/.test(path) ? 0 : 1);
  const depth = ({ path }: FileText) => path.split("/").length;
  return files.toSorted(
    (one, other) => rank(one) - rank(other) || depth(one) - depth(other) || compare(one.path, other.path),
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
