import { emptyDraft, itemOf, setAttribute } from "./notations/items.ts";
import type { Item } from "./structure.ts";

/** Package registries by the names that package URLs use. https://github.com/package-url/purl-spec */
export type Ecosystem =
  | "npm"
  | "pypi"
  | "golang"
  | "maven"
  | "gem"
  | "composer"
  | "cargo"
  | "nuget"
  | "helm"
  | "terraform"
  | "docker";

/** What a package is for. Strongest first: a package listed twice counts with the strongest. */
export const dependencyScopes = ["runtime", "optional", "peer", "build", "dev", "test"] as const;
export type DependencyScope = (typeof dependencyScopes)[number];

/** Where a package comes from. Only `registry` is what everybody else gets under that name. */
export type DependencySource = "registry" | "git" | "url" | "path" | "alias";

/** A package as one manifest or lockfile states it. */
export interface StatedDependency {
  readonly ecosystem: Ecosystem;
  /** Name as written. */
  readonly name: string;
  /** Version or range as written; absent when none is. */
  readonly version?: string | undefined;
  readonly scope: DependencyScope;
  readonly source?: DependencySource;
  /** The real package behind an alias, or the address of anything that is not from the registry. */
  readonly target?: string | undefined;
  /** False for what another package brings along and the file merely records. */
  readonly direct?: boolean;
  readonly line: number;
  /** Where the file says from where it comes, if not on the same line. */
  readonly sourceLine?: number | undefined;
  /**
   * `dependency`: asked for by a manifest. `locked-dependency`: recorded by a lockfile. `dependency-override`: replaces what
   * somebody else asks for. `managed-dependency`: a version for whoever asks for the package elsewhere. `inherited-dependency`: asked
   * for with the version and source that the project states elsewhere.
   */
  readonly kind?:
    | "dependency"
    | "locked-dependency"
    | "dependency-override"
    | "managed-dependency"
    | "inherited-dependency";
}

/**
 * The item of one package. `type` is the name as its registry compares it, for an alias that of the real package. Attributes: `ecosystem`,
 * `name`, `version`, `scope`, `source`, `target`, `direct`.
 */
export function dependencyItem(stated: StatedDependency): Item {
  const draft = emptyDraft();
  const source = stated.source ?? "registry";
  const real = source === "alias" && stated.target ? stated.target : stated.name;
  setAttribute(draft, "ecosystem", stated.ecosystem);
  setAttribute(draft, "name", stated.name, stated.line);
  setAttribute(draft, "version", stated.version ?? "", stated.line);
  setAttribute(draft, "scope", stated.scope, stated.line);
  setAttribute(draft, "source", source, stated.sourceLine ?? stated.line);
  setAttribute(draft, "target", stated.target, stated.sourceLine ?? stated.line);
  setAttribute(draft, "direct", stated.direct ?? true, stated.line);
  const kind = stated.kind ?? "dependency";
  const type = normalName(stated.ecosystem, real);
  return itemOf(
    { kind, type, key: normalName(stated.ecosystem, stated.name), name: stated.name, line: stated.line },
    draft,
  );
}

/** The name under which a registry finds a package: case and separators as each registry compares them. */
export function normalName(ecosystem: Ecosystem, name: string): string {
  switch (ecosystem) {
    case "pypi":
      // https://packaging.python.org/en/latest/specifications/name-normalization/
      return name.replace(/[-_.]+/g, "-").toLowerCase();
    case "npm":
    case "nuget":
    case "composer":
    case "docker":
    case "helm":
      return name.toLowerCase();
    case "cargo":
      return name.toLowerCase().replaceAll("_", "-");
    default:
      return name;
  }
}

/**
 * One item a package: where a file lists it several times, the strongest scope wins, of equal ones what is not from the
 * registry, of these the first.
 */
export function strongest(items: readonly Item[]): Item[] {
  const byKey = new Map<string, Item>();
  for (const item of items) {
    const key = `${item.kind}\u0000${item.key}`;
    const earlier = byKey.get(key);
    if (!earlier || isStronger(item, earlier)) byKey.set(key, item);
  }
  return [...byKey.values()];
}

function isStronger(item: Item, other: Item): boolean {
  const difference = strengthOf(item) - strengthOf(other);
  const isStranger = (one: Item): boolean => one.attributes.get("source") !== "registry";
  return difference === 0 ? isStranger(item) && !isStranger(other) : difference < 0;
}

function strengthOf(item: Item): number {
  const names: readonly string[] = dependencyScopes;
  const index = names.indexOf(String(item.attributes.get("scope")));
  return index < 0 ? names.length : index;
}

const testFolder =
  /^(tests?|testing|e2e|specs?|__tests__|fixtures?|benchmarks?|integration[_-]?tests?|acceptance[_-]?tests?)$/i;
const sideFolder = /^(docs?|documentation|website|examples?|samples?|\.github|\.devcontainer|dev[_-]?tools?)$/i;
const testWord = /(^|[-_.])(tests?|testing|e2e|spec|pytest)([-_.]|$)/i;
const sideWord =
  /(^|[-_.])(dev|devel|develop|development|docs?|lint|linters?|linting|ci|local|debug|mypy|types|typing|qa|tools?)([-_.]|$)/i;

/**
 * What the packages of a manifest are for, by its place: `tests/requirements.txt` and `Api.Tests.csproj` are for tests,
 * `docs/Gemfile` and `requirements-dev.txt` for development. Undefined when the path says nothing.
 */
export function scopeOfPath(path: string): DependencyScope | undefined {
  const parts = path.split("/");
  const file = (parts.pop() ?? "").replace(/([a-z])([A-Z])/g, "$1-$2");
  if (parts.some((part) => testFolder.test(part)) || testWord.test(file)) return "test";
  if (parts.some((part) => sideFolder.test(part)) || sideWord.test(file)) return "dev";
  return parts.some((part) => /[-_.](tests?|specs?)$/i.test(part)) ? "test" : undefined;
}

/** The scope a manifest states, weakened by what its path says: nothing under `docs/` runs in production. */
export function weakened(stated: DependencyScope, path: string): DependencyScope {
  if (stated === "dev" || stated === "test") return stated;
  return scopeOfPath(path) ?? stated;
}
