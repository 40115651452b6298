import { z } from "zod";
import {
  type Mode,
  modes,
  type OrganisationPolicy,
  type Origin,
  organisationPolicySchema,
  type Policy,
  type RepositoryPolicy,
  repositoryPolicySchema,
} from "./domain/policy.ts";
import {
  contradictions,
  keepLocks,
  type Layer,
  overlayLayers,
  type Settings,
  type Settled,
  setByOrganisation,
  showSetting,
  toPolicy,
} from "./domain/policy-layers.ts";
import type { PolicyValues } from "./domain/policy-presets.ts";
import { flattenPolicy, same } from "./domain/policy-strictness.ts";
import { type Place, type Problem, showPlace } from "./domain/problem.ts";
import type { FileReading, PolicyTexts, PropertiesReading, RepositoryFacts } from "./domain/snapshot.ts";
import { compileGlobs } from "./text/globs.ts";
import { type PolicyFile, readPolicyFile } from "./text/policy-file.ts";

/** What the policy files say together. */
export interface EffectivePolicy {
  readonly policy: Policy;
  /** Faults of the files. Any error makes the policy unusable. */
  readonly problems: readonly Problem[];
  /** What had better be written otherwise in files that can be used. */
  readonly advice: readonly Problem[];
  /**
   * False when a file exists but could not be read or is faulty. Nothing may be concluded from `policy` then but how to
   * report: its mode is the strictest that is known, and it ignores nothing and publishes nothing.
   */
  readonly usable: boolean;
  /** What a repository wrote in vain against a lock, one sentence each. */
  readonly ignored: readonly string[];
  /** Whether it depends on custom properties of the repository, so that these must be read. */
  readonly asksProperties: boolean;
}

/** What of a repository decides which settings hold for it. */
export type PolicySubject = Pick<RepositoryFacts, "owner" | "name" | "properties"> &
  Partial<Pick<RepositoryFacts, "isPrivate">>;

export interface PolicyOptions {
  /** A file given on the command line: it stands in place of the repository's own. */
  readonly policyOption?: { readonly path: string; readonly text: string };
}

/**
 * The policy in force for one repository: presets, then the organisation's file, then its overrides for this
 * repository, then the repository's own file, never looser than what the organisation locks. Pure; the texts come from
 * default branches only, never from a pull request (H013).
 */
export function effectivePolicy(
  texts: PolicyTexts,
  repository: PolicySubject,
  options: PolicyOptions = {},
): EffectivePolicy {
  const organisation = texts.organisation ? readPolicyFile(texts.organisation, "organisation") : undefined;
  const own = ownFile(texts, repository, options);
  const organisationLayers = organisation ? layersOf(organisation, "organisation", repository) : [];
  const ownLayers = own ? layersOf(own, options.policyOption ? "option" : "repository", repository) : [];
  const locked = organisation?.organisation?.locked ?? [];

  // What is said of a public repository is read by everybody.
  const hides = texts.organisation?.isPrivate === true && repository.isPrivate === false;
  const atOrganisation = overlayLayers(organisationLayers);
  const wanted = overlayLayers([...organisationLayers, ...ownLayers]);
  const { merged, ignored } = keepLocks(wanted, atOrganisation, locked, hides);
  const doubt = organisationLayers.some(({ inDoubt }) => inDoubt) ? [propertiesUnknown(repository, texts)] : [];
  const problems = [
    ...(organisation?.problems ?? []),
    ...(own?.problems ?? []),
    ...contradictions(merged),
    ...foreignModels(merged, repository, [...organisationLayers, ...ownLayers]),
    ...doubt,
  ];
  const asksProperties = (organisation?.organisation?.repositories ?? []).some(
    ({ match, properties }) => properties !== undefined && (match === undefined || names(match, repository)),
  );
  const advice = [...(organisation?.advice ?? []), ...(own?.advice ?? [])];
  const usable = problems.every((problem) => problem.severity !== "error");
  const policy = withHomes(toPolicy(merged, locked, hides), repository);
  if (usable) return { policy, problems, advice, usable, ignored, asksProperties };
  return { policy: cautious(policy, merged, [organisation, own]), problems, advice, usable, ignored, asksProperties };
}

/**
 * What another state of the policy files would change for a repository, one sentence for each setting: what a pull request
 * that edits them would do once merged.
 */
export function policyChange(now: PolicyTexts, then: PolicyTexts, repository: PolicySubject): string[] {
  const before = effectivePolicy(now, repository);
  const after = effectivePolicy(then, repository);
  if (!after.usable) {
    const [first] = after.problems.filter(({ severity }) => severity === "error");
    const where = first ? ` ${showPlace(first)}: ${first.what} ${first.hint}` : "";
    return [`The policy could not be used any more after the merge.${where}`];
  }
  const sentences = before.usable ? [] : ["The policy, which cannot be used now, could be used again after the merge."];
  const [was, is] = [flattenPolicy(valuesOf(before.policy)), flattenPolicy(valuesOf(after.policy))];
  for (const key of [...new Set([...was.keys(), ...is.keys()])].sort()) {
    if (same(was.get(key), is.get(key))) continue;
    const [from, to] = [shown(before.policy, key, was.get(key)), shown(after.policy, key, is.get(key))];
    sentences.push(`\`${key}\` would change from ${from} to ${to}.`);
  }
  return [...sentences, ...after.ignored.map((sentence) => `Without effect: ${sentence}`)];
}

function shown({ origins }: Policy, key: string, value: unknown): string {
  return origins[key]?.hidden ? setByOrganisation : showSetting(value);
}

/** JSON Schemas of the two policy files for editors, by the name of their file under `schemas/` without its ending. Generated from the same schemas that check them. */
export function policyJsonSchemas(): Readonly<Record<string, object>> {
  const describe = (schema: z.ZodType, id: string, title: string): object => ({
    ...z.toJSONSchema(schema, { target: "draft-7", io: "input" }),
    $id: id,
    title,
  });
  return {
    policy: describe(repositoryPolicySchema, "threatgate/policy.schema.json", "Threatgate policy of a repository"),
    "policy-organisation": describe(
      organisationPolicySchema,
      "threatgate/policy-organisation.schema.json",
      "Threatgate policy of an organisation",
    ),
  };
}

function isOrganisationsOwn(texts: PolicyTexts, repository: { readonly name: string }): boolean {
  return texts.organisation !== undefined && repository.name.toLowerCase() === ".github";
}

function ownFile(
  texts: PolicyTexts,
  repository: { readonly name: string },
  options: PolicyOptions,
): PolicyFile | undefined {
  const { policyOption } = options;
  if (policyOption) {
    const reading: FileReading = { outcome: "present", text: policyOption.text };
    return readPolicyFile({ path: policyOption.path, reading }, "organisation");
  }
  // In the organisation's `.github` repository the two files are one and the same.
  if (isOrganisationsOwn(texts, repository)) return undefined;
  return readPolicyFile(texts.repository, "repository");
}

function layersOf(file: PolicyFile, from: Origin["from"], repository: PolicySubject): Layer[] {
  const { document, path } = file;
  const placeAt = (steps: readonly (string | number)[]): Place | undefined => {
    const line = document?.lineOf(steps);
    return line === undefined ? undefined : { path, line };
  };
  const placeOf = (key: string) => placeAt(key.split("."));
  if (file.repository) return [{ from, settings: settingsOf(file.repository), placeOf }];
  if (!file.organisation) return [];
  const layers: Layer[] = [{ from, settings: settingsOf(file.organisation, repository), placeOf }];
  for (const [index, override] of (file.organisation.repositories ?? []).entries()) {
    const { match, properties, ...settings } = override;
    if (match !== undefined && !names(match, repository)) continue;
    const has = properties === undefined ? "yes" : hasProperties(properties, repository.properties);
    if (has === "no") continue;
    layers.push({
      from,
      settings: settingsOf({ version: 1, ...settings }, repository),
      ...(has === "unknown" ? { inDoubt: true as const } : {}),
      placeOf: (key) => placeAt(["repositories", index, ...key.split(".")]),
    });
  }
  return layers;
}

type WantedProperties = Readonly<Record<string, string | boolean | readonly string[]>>;

/** Whether a repository has every property that is asked for, with one of the values. Names and values as GitHub keeps them. */
function hasProperties(wanted: WantedProperties, known: PropertiesReading | undefined): "yes" | "no" | "unknown" {
  if (known?.outcome !== "present") return "unknown";
  const all = Object.entries(wanted).every(([name, value]) => {
    const values = Object.hasOwn(known.values, name) ? (known.values[name] ?? []) : [];
    return (Array.isArray(value) ? value : [String(value)]).some((one) => values.includes(one));
  });
  return all ? "yes" : "no";
}

function propertiesUnknown({ properties }: PolicySubject, { organisation, repository }: PolicyTexts): Problem {
  const why = properties?.outcome === "unknown" ? properties.why : "they were not read";
  return {
    path: (organisation ?? repository).path,
    severity: "warning",
    what: `UNKNOWN: which of the organisation's settings by custom property hold here, because ${why}.`,
    hint: "Of those in doubt the stricter value is taken, and no looser one.",
  };
}

/** The settings of a file without what is not one; systems that belong to other repositories are left out. */
function settingsOf(
  file: RepositoryPolicy | OrganisationPolicy,
  repository?: { readonly owner: string; readonly name: string },
): Settings {
  const { version: _, systems, ...rest } = file;
  const settings = Object.fromEntries(
    Object.entries(rest).filter(([key]) => key !== "locked" && key !== "repositories"),
  );
  if (!systems) return settings;
  const mine = systems.filter(
    (system) => repository === undefined || system.repositories === undefined || names(system.repositories, repository),
  );
  return { ...settings, systems: mine };
}

/** Which repository holds the model of each system: its bare name where it is another one, nothing where it is this one. */
function withHomes(policy: Policy, repository: PolicySubject): Policy {
  if (policy.systems.every((system) => system.repository === undefined)) return policy;
  const systems = policy.systems.map(({ repository: home, ...system }) => {
    const name = home?.split("/").at(-1);
    return name === undefined || sameName(name, repository.name) ? system : { ...system, repository: name };
  });
  return { ...policy, systems };
}

/** A model of another owner is not read: no token of another installation is ever used (H020). */
function foreignModels(settled: Settled, repository: PolicySubject, layers: readonly Layer[]): readonly Problem[] {
  const systems = settled.get("systems")?.value;
  if (!Array.isArray(systems)) return [];
  return systems.flatMap((system: Policy["systems"][number], index): Problem[] => {
    const [owner, name] = system.repository?.split("/") ?? [];
    if (owner === undefined || name === undefined || sameName(owner, repository.owner)) return [];
    const place = layers
      .map((layer) => layer.placeOf(`systems.${index}.repository`) ?? layer.placeOf("systems"))
      .findLast((one) => one !== undefined);
    return [
      {
        ...(place ?? { path: ".github/threatgate.yml" }),
        severity: "error",
        what: `The model of system \`${system.name}\` is said to stand in \`${owner}/${name}\`, which belongs to another owner.`,
        hint: `Only repositories of ${repository.owner} are read: name one of these.`,
        example: "repository: payments",
      },
    ];
  });
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Whether a pattern names the repository: by its name, or by owner and name where the pattern has a slash. */
function names(match: string | readonly string[], repository: PolicySubject): boolean {
  const patterns = (typeof match === "string" ? [match] : match).map((pattern) => pattern.toLowerCase());
  const full = `${repository.owner}/${repository.name}`.toLowerCase();
  return patterns.some((pattern) =>
    compileGlobs([pattern]).matches(pattern.includes("/") ? full : repository.name.toLowerCase()),
  );
}

/** For an unusable policy: the strictest mode that is known, and nothing ignored, published or opened on its word. */
function cautious(policy: Policy, settled: Settled, files: readonly (PolicyFile | undefined)[]): Policy {
  const feared = files.flatMap((file) => (file?.feared ? [file.feared] : []));
  const said = settled.get("mode");
  const known: readonly Mode[] =
    said && said.from !== "default" && said.from !== "preset" ? [policy.mode, ...feared] : feared;
  const mode = modes.findLast((one) => known.includes(one)) ?? policy.mode;
  return {
    ...policy,
    mode,
    paths: { ignore: [] },
    publish: { issues: false, openThreats: false },
    onboarding: "none",
  };
}

function valuesOf(policy: Policy): PolicyValues {
  const { origins: _, ...values } = policy;
  return values;
}
