import type {
  Deliverables,
  DeliverableVerdict,
  IndicatorId,
  IndicatorVerdict,
  ModelHome,
} from "../domain/assessment.ts";
import type { Policy, PolicySystem } from "../domain/policy.ts";
import type { FileText, ModelsElsewhere, Snapshot } from "../domain/snapshot.ts";
import { type DeliverableId, deliverableIds, type ThreatModel } from "../domain/threat-model.ts";
import { compileGlobs } from "../text/globs.ts";
import type { Finding } from "./finding.ts";

/* A system may lie in several repositories; its model stands in one of them, and is read there from the default branch. */

/** What of a snapshot tells where models stand. */
export interface HomeGround {
  readonly repository: { readonly name: string; readonly owner?: string; readonly isPrivate?: boolean };
  readonly elsewhere?: Snapshot["elsewhere"];
}

/** The model of a system as the repository holds it that the policy names. */
export interface Home extends ModelHome {
  /** With the repository before each path: `acme/payments/threat-model.yaml`. Empty where it could not be read. */
  readonly files: readonly FileText[];
  readonly reading?: ModelsElsewhere["reading"];
}

/** Where the model of a system stands, if not in this repository. */
export function homeOf(system: PolicySystem, ground: HomeGround, policy: Policy): Home | undefined {
  const name = system.repository;
  if (name === undefined) return undefined;
  const { repository, elsewhere = [] } = ground;
  const reading = elsewhere.find((one) => one.repository.toLowerCase() === name.toLowerCase())?.reading;
  const isPublicHere = repository.isPrivate === false;
  const isWithheld = isPublicHere && !(reading?.outcome === "present" && !reading.isPrivate);
  const owner = repository.owner ?? "";
  // Where the name itself stands in a private policy, it must not be read from a public place.
  const hidesName = isWithheld && policy.origins["systems"]?.hidden === true;
  const shown = hidesName ? `another repository of ${owner}` : `${owner}/${name}`;
  const home = { repository: shown, isWithheld, files: [], ...(reading && { reading }) };
  if (reading === undefined) return { ...home, unknown: { why: "it was not read", next: "Run the check again." } };
  if (reading.outcome === "unknown") return { ...home, unknown: { why: reading.why, next: reading.next } };
  const isNamed = compileGlobs(system.model);
  const files = reading.models.filter(({ path }) => system.model.length === 0 || isNamed.matches(path));
  const [missed] = files.length === 0 ? reading.notRead : [];
  if (missed) {
    const why = hidesName ? "it could not be read there" : `\`${missed.path}\`: ${missed.reason}`;
    return { ...home, unknown: { why, next: `Mend that file in ${shown}, or name another one in the policy.` } };
  }
  return { ...home, files: files.map((file) => elsewhereFile(owner, name, file)) };
}

const placed = new WeakMap<FileText, FileText>();

/** The same file under its whole name; one object each, because what was read of a file is remembered with it. */
function elsewhereFile(owner: string, name: string, file: FileText): FileText {
  const known = placed.get(file);
  if (known) return known;
  const made = { path: `${owner}/${name}/${file.path}`, text: file.text };
  placed.set(file, made);
  return made;
}

/**
 * The model as it is held against one of the repositories that share it: of the files it names only those of this one
 * count, which are written with the repository's name before them (`payments-web/src/**`).
 */
export function localised(model: ThreatModel, repository: string): ThreatModel {
  const before = `${repository.toLowerCase()}/`;
  const elements = model.elements.map((element) => ({
    ...element,
    files: element.files.flatMap((file) => (file.toLowerCase().startsWith(before) ? [file.slice(before.length)] : [])),
  }));
  return { ...model, elements };
}

/** Verdicts on a model that stands elsewhere: each says where; unknown ones why; what is withheld keeps its colours alone. */
export function verdictsFrom(
  home: ModelHome | undefined,
  verdicts: Readonly<Record<IndicatorId, IndicatorVerdict>>,
): Readonly<Record<IndicatorId, IndicatorVerdict>> {
  if (!home) return verdicts;
  const of = (id: "TM-1" | "TM-2" | "TM-4"): IndicatorVerdict => {
    const verdict = verdicts[id];
    if (home.unknown) {
      const why = `The model stands in ${home.repository} and is not known here: ${home.unknown.why}.`;
      return { rag: "UNKNOWN", why, next: [home.unknown.next] };
    }
    const where = `The model stands in ${home.repository}.`;
    if (home.isWithheld && id !== "TM-1") {
      const why = `${where} It is private and not quoted in this public place; its own repository shows why.`;
      return { rag: verdict.rag, why, next: verdict.next.length === 0 ? [] : [`See ${home.repository}.`] };
    }
    const { rag, why, place, next } = verdict;
    const there = next.map((one) => `In ${home.repository}: ${one}`);
    return { rag, why: `${why} ${where}`, ...(place && !home.isWithheld && { place }), next: there };
  };
  return { ...verdicts, "TM-1": of("TM-1"), "TM-2": of("TM-2"), "TM-4": of("TM-4") };
}

/** Deliverables of a model that is withheld or unknown: the states that are known, and nothing that quotes it. */
export function deliverablesFrom(home: ModelHome | undefined, deliverables: Deliverables): Deliverables {
  if (!home || (!home.isWithheld && !home.unknown)) return deliverables;
  const says = home.unknown
    ? `Not known: the model stands in ${home.repository}, which could not be read.`
    : `Shown in ${home.repository}, which is private.`;
  const bare = ({ state, lacking }: DeliverableVerdict): DeliverableVerdict => ({
    state,
    found: says,
    lacking: lacking.slice(0, 1).map(({ must }) => ({ must, says, example: "" })),
    met: [],
  });
  const entries = deliverableIds.map((id): [DeliverableId, DeliverableVerdict] => [id, bare(deliverables[id])]);
  return { ...deliverables, ...Object.fromEntries(entries) };
}

/** A change of a system whose model could not be read is not judged; that the model is missing nobody has seen. */
export function unknownHome(name: string, home: ModelHome | undefined, changes: readonly number[]): readonly Finding[] {
  if (!home?.unknown || changes.length === 0) return [];
  return [
    {
      weight: "could-not-evaluate",
      says: `UNKNOWN: the threat model of ${name}, which stands in ${home.repository}: ${home.unknown.why}.`,
      next: home.unknown.next,
    },
  ];
}
