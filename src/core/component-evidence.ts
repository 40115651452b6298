import { mentions } from "./assess/names.ts";
import { surveyFiles } from "./changes/survey.ts";
import type { EvidenceComponents, EvidencePackage } from "./domain/evidence-components.ts";
import type { Rules } from "./domain/rules.ts";
import type { SurveyedFile, SurveyedItem } from "./domain/survey.ts";
import type { ModelElement, ThreatModel } from "./domain/threat-model.ts";
import type { RepositoryFiles } from "./first-model.ts";
import { deriveSystem } from "./system-model/system-model.ts";
import { compileGlobs } from "./text/globs.ts";

/*
 * Third-party components as the repository's own files state them, and whether a model speaks of each. A list of what
 * manifests ask for, not a bill of materials: what packages bring along themselves is not in it.
 */

/** Joins the rooms that read files, derive and compare. Pure; the order of the files does not matter. */
export function componentEvidence(
  files: RepositoryFiles | undefined,
  models: readonly ThreatModel[],
  rules: Rules,
): EvidenceComponents {
  if (!files) return { isRead: false, manifests: [], packages: [], services: [], notRead: [] };
  const survey = surveyFiles(files.name, files.paths, files.texts, files.notRead, rules);
  const coverage = coverageBy(models.flatMap(({ elements }) => elements));
  const packages = survey.files.flatMap((file) =>
    file.items.filter(({ item }) => item.kind === "dependency").map((found) => packageOf(file, found, coverage)),
  );
  const services = deriveSystem(survey)
    .components.filter(({ type }) => type === "third-party-saas" || type === "identity-provider")
    .map(({ name, type, places }) => {
      const covered = coverage.named(name);
      return { name, type, where: places[0] ?? { path: "" }, ...(covered && { covered }) };
    });
  return {
    isRead: true,
    manifests: manifestsOf(packages, coverage),
    packages,
    services,
    notRead: survey.notRead,
  };
}

type Covered = NonNullable<EvidencePackage["covered"]>;

interface Coverage {
  readonly named: (name: string) => Covered | undefined;
  readonly listed: (path: string) => Covered | undefined;
}

function coverageBy(elements: readonly ModelElement[]): Coverage {
  const named = elements.map(({ id, name, technology = "" }) => ({
    element: name,
    words: `${name} ${technology} ${id}`,
  }));
  const listing = elements
    .filter(({ files }) => files.length > 0)
    .map(({ name, type, files }) => ({ element: name, type, globs: compileGlobs(files) }));
  // What an element of packages lists is said most plainly; any other element that lists the manifest covers it, too.
  listing.sort((one, other) => Number(other.type === "package-dependency") - Number(one.type === "package-dependency"));
  return {
    named: (wanted) => {
      const element = named.find(({ words }) => mentions(words, lastPart(wanted)) || mentions(words, wanted))?.element;
      return element === undefined ? undefined : { element, how: "named" };
    },
    listed: (path) => {
      const element = listing.find(({ globs }) => globs.matches(path))?.element;
      return element === undefined ? undefined : { element, how: "manifest-listed" };
    },
  };
}

/** `@scope/name` and `group:name` are known by their last part. */
function lastPart(name: string): string {
  return name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf(":")) + 1);
}

function packageOf({ path }: SurveyedFile, { item, types }: SurveyedItem, coverage: Coverage): EvidencePackage {
  const text = (name: string): string => String(item.attributes.get(name) ?? "");
  const covered = (types.length > 0 ? coverage.named(item.name) : undefined) ?? coverage.listed(path);
  return {
    ecosystem: text("ecosystem"),
    name: item.name,
    version: text("version"),
    scope: text("scope"),
    source: text("source"),
    where: { path, line: item.line },
    brings: types,
    ...(covered && { covered }),
  };
}

const development: ReadonlySet<string> = new Set(["dev", "test", "build"]);

/** Whether a package is only used where the system is made, not where it runs. */
function isForDevelopment({ scope }: EvidencePackage): boolean {
  return development.has(scope);
}

function manifestsOf(packages: readonly EvidencePackage[], coverage: Coverage): EvidenceComponents["manifests"] {
  const byPath = new Map<string, EvidencePackage[]>();
  for (const one of packages) {
    const known = byPath.get(one.where.path);
    if (known) known.push(one);
    else byPath.set(one.where.path, [one]);
  }
  return [...byPath].map(([path, own]) => {
    const covered = coverage.listed(path);
    return {
      path,
      ecosystem: own[0]?.ecosystem ?? "",
      runtime: own.filter((one) => !isForDevelopment(one)).length,
      development: own.filter(isForDevelopment).length,
      ...(covered && { covered }),
    };
  });
}
