import { z } from "zod";
import { scanners } from "./evidence.ts";
import {
  modes,
  type Origin,
  type Policy,
  policyPath,
  type RepositoryPolicy,
  repositoryPolicySchema,
} from "./policy.ts";
import { presets } from "./policy-presets.ts";
import { arePeersAtLeastAsStrict, flattenPolicy, isAtLeastAsStrict, isLocked, same } from "./policy-strictness.ts";
import { type Place, type Problem, showPlace } from "./problem.ts";

/** What a file may set, without its version. */
export type Settings = Omit<RepositoryPolicy, "version">;

/** What one file sets, and where. */
export interface Layer {
  readonly from: Origin["from"];
  readonly settings: Settings;
  /** Set where it is not known whether the layer holds: then only what it tightens is taken. */
  readonly inDoubt?: true;
  readonly placeOf: (key: string) => Place | undefined;
}

/** One settled key: its value and where it came from. */
export interface Setting {
  readonly value: unknown;
  readonly from: Origin["from"];
  readonly place?: Place;
}

/** All keys of a policy, by dotted name. */
export type Settled = ReadonlyMap<string, Setting>;

/** The layers one over the other, on the values of the preset that the weightiest of them names. */
export function overlayLayers(layers: readonly Layer[]): Settled {
  const sure = layers.filter((layer) => !layer.inDoubt);
  const chosen = sure.findLast((layer) => layer.settings.preset !== undefined)?.settings.preset;
  const settled = new Map<string, Setting>();
  for (const [key, value] of flattenPolicy(presets[chosen ?? "ukhsa"])) {
    settled.set(key, { value, from: chosen === undefined ? "default" : "preset" });
  }
  for (const layer of layers) {
    for (const [key, value] of flattenPolicy(layer.settings)) {
      if (layer.inDoubt && !tightens(key, value, layer, settled)) continue;
      const place = layer.placeOf(key);
      settled.set(key, {
        value: key === "systems" ? systemsOf(value) : value,
        from: layer.from,
        ...(place && { place }),
      });
    }
  }
  return settled;
}

/** Whether a layer that may not hold makes a setting stricter than it is without it. */
function tightens(key: string, value: unknown, { settings }: Layer, settled: Settled): boolean {
  if (!key.startsWith("peers.")) return isAtLeastAsStrict(key, value, settled.get(key)?.value);
  const known = peersOf(settled);
  const { teams = known.teams, users = known.users } = settings.peers ?? {};
  return arePeersAtLeastAsStrict({ teams, users }, known);
}

const systemsSchema = repositoryPolicySchema.shape.systems;

function systemsOf(value: unknown): Policy["systems"] {
  return (systemsSchema.parse(value) ?? []).map((system) => ({
    name: system.name,
    paths: system.paths ?? [],
    model: system.model === undefined ? [] : typeof system.model === "string" ? [system.model] : system.model,
    ...(system.repository !== undefined && { repository: system.repository }),
    ...(system.riskClass !== undefined && { riskClass: system.riskClass }),
  }));
}

/** Puts back what the organisation locks wherever the repository is looser than that. */
export function keepLocks(
  wanted: Settled,
  organisation: Settled,
  locked: readonly string[],
  hidesOrganisation = false,
): { merged: Settled; ignored: string[] } {
  const merged = new Map(wanted);
  const ignored: string[] = [];
  const peersAreLooser = !arePeersAtLeastAsStrict(peersOf(wanted), peersOf(organisation));
  for (const key of new Set([...wanted.keys(), ...organisation.keys()])) {
    if (!isLocked(key, locked)) continue;
    const [mine, theirs] = [wanted.get(key), organisation.get(key)];
    const looser = key.startsWith("peers.") ? peersAreLooser : !isAtLeastAsStrict(key, mine?.value, theirs?.value);
    if (!looser || same(mine?.value, theirs?.value)) continue;
    if (theirs) merged.set(key, theirs);
    else merged.delete(key);
    const where = mine?.place ? ` in ${showPlace(mine.place)}` : "";
    const value = hidesOrganisation && theirs?.from === "organisation" ? setByOrganisation : showSetting(theirs?.value);
    const stands = `${value} stays.`;
    ignored.push(
      `\`${key}: ${bare(mine?.value)}\`${where} is ignored, because the organisation locks \`${key}\`: ${stands}`,
    );
  }
  return { merged, ignored };
}

function peersOf(settled: Settled): Policy["peers"] {
  return { teams: texts(settled.get("peers.teams")?.value), users: texts(settled.get("peers.users")?.value) };
}

/** Settings that are each fine and together are not. */
export function contradictions(settled: Settled): Problem[] {
  const [green, amber] = [settled.get("currency.green"), settled.get("currency.amber")];
  if (Number(green?.value) <= Number(amber?.value)) return [];
  const place = amber?.place ?? green?.place ?? { path: policyPath };
  return [
    {
      ...place,
      severity: "error",
      what: `\`currency.green\` (${String(green?.value)} days) is longer than \`currency.amber\` (${String(amber?.value)} days).`,
      hint: "After `green` days the model turns AMBER, after `amber` days RED: give `amber` at least as many days.",
      example: "currency: {green: 30, amber: 60}",
    },
  ];
}

const valuesSchema = z.object({
  mode: z.enum(modes),
  preset: z.enum(["ukhsa", "cra", "nis2", "minimal"]),
  riskThreshold: z.enum(["low", "medium", "high", "critical"]),
  incomplete: z.enum(["warn", "fail"]),
  tracker: z.enum(["github", "jira"]),
  onboarding: z.enum(["none", "issue", "pull-request"]),
  repositoryRules: z.enum(["ignore", "use"]),
  scanners: z.array(z.enum(scanners)),
  approvals: z.enum(["commit", "unchanged"]),
  rules: z.record(z.string(), z.enum(["monitor", "comment", "block", "off"])),
  approvers: z.partialRecord(z.enum(["low", "medium", "high", "critical"]), z.array(z.string())),
});

/** The policy with an origin for every key. */
export function toPolicy(settled: Settled, locked: readonly string[], hidesOrganisation = false): Policy {
  const value = (key: string) => settled.get(key)?.value;
  const below = (prefix: string) =>
    Object.fromEntries(
      [...settled]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, setting]) => [key.slice(prefix.length), setting.value]),
    );
  const { approvers, ...simple } = valuesSchema.parse({
    mode: value("mode"),
    preset: value("preset"),
    riskThreshold: value("riskThreshold"),
    incomplete: value("incomplete"),
    tracker: value("tracker"),
    onboarding: value("onboarding"),
    repositoryRules: value("repositoryRules"),
    scanners: value("scanners"),
    approvals: value("approvals"),
    rules: below("rules."),
    approvers: below("acceptance.approvers."),
  });
  const project = value("jira.project");
  const origins = [...settled].map(([key, { from, place }]): [string, Origin] => [
    key,
    {
      from,
      ...(place && { place }),
      locked: isLocked(key, locked),
      ...(hidesOrganisation && from === "organisation" ? { hidden: true as const } : {}),
    },
  ]);
  return {
    ...simple,
    architects: { teams: texts(value("architects.teams")), users: texts(value("architects.users")) },
    peers: peersOf(settled),
    systems: Array.isArray(value("systems")) ? systemsOf(value("systems")) : [],
    currency: {
      green: Number(value("currency.green")),
      amber: Number(value("currency.amber")),
      review: Number(value("currency.review")),
    },
    acceptance: { maxDays: Number(value("acceptance.maxDays")), approvers },
    publish: { issues: value("publish.issues") === true, openThreats: value("publish.openThreats") === true },
    paths: { ignore: texts(value("paths.ignore")) },
    jira: {
      ...(typeof project === "string" ? { project } : {}),
      issueType: String(value("jira.issueType")),
    },
    incidents: { label: String(value("incidents.label")) },
    origins: Object.fromEntries(origins),
  };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

/** What is said in place of a value that a private policy sets, wherever the public reads. */
export const setByOrganisation = "what the organisation sets";

/** A value as messages show it. */
export function showSetting(value: unknown): string {
  return value === undefined ? "what the rule says by itself" : `\`${bare(value)}\``;
}

function bare(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(bare).join(", ")}]`;
  if (typeof value === "object" && value !== null && "name" in value) return String(value.name);
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
