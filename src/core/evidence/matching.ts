import type { EvidenceMatch, ScannerAlert } from "../domain/evidence.ts";
import { showPlace } from "../domain/problem.ts";
import type { ModelElement, ModelThreat, ThreatModel } from "../domain/threat-model.ts";
import { compileGlobs } from "../text/globs.ts";
import { sharedWeaknesses } from "./weaknesses.ts";

/** A model, and what its threats are about. */
export interface Held {
  readonly system: string;
  readonly model: ThreatModel;
  /** Whether a path belongs to the system. */
  covers(path: string): boolean;
  /** The weaknesses that a threat of the model is about, as `CWE-89`; none where nobody can tell. */
  weaknessesOf(threat: ModelThreat): readonly string[];
}

/** What alerts come to when they are held against a model. */
export interface Matched {
  readonly matches: readonly EvidenceMatch[];
  /** Open alerts of the system that no threat of the model is about. */
  readonly unmatched: number;
  /** The open alerts that stand in no file, or in one that `isChanged`: told apart before their places are withheld. */
  readonly maybeRepaired: ReadonlySet<EvidenceMatch>;
}

/**
 * Matches of one model that are built at most: a file of 25,000 results may hold the weakness of each of a thousand threats.
 * What contradicts may become a finding, and is let go of only where there is more than memory should hold.
 */
const mostMatches: Readonly<Record<EvidenceMatch["verdict"], number>> = { contradicts: 50_000, supports: 1_000 };

/**
 * Holds alerts against the threats of one model: the same weakness in the same element. An open alert contradicts a threat
 * that the model calls mitigated; a fixed one supports the controls that the threat names. Where the model does not say
 * which element a file or a threat belongs to, only the weakness is compared, and the match carries no element.
 * @param isWithheld in places that everybody reads: alerts are named by number alone.
 * @param isChanged whether the difference that is judged changes a file.
 */
export function matchAlerts(
  alerts: readonly ScannerAlert[],
  held: Held,
  isWithheld: boolean,
  isChanged: (path: string) => boolean = () => false,
): Matched {
  const components = new Components(held.model);
  const threats = held.model.threats
    .filter((threat) => threat.status === "mitigated" || threat.controls.length > 0)
    .map((threat) => ({ threat, weaknesses: held.weaknessesOf(threat) }))
    .filter(({ weaknesses }) => weaknesses.length > 0);
  const matches: EvidenceMatch[] = [];
  const left = { ...mostMatches };
  const maybeRepaired = new Set<EvidenceMatch>();
  let unmatched = 0;
  for (const alert of alerts) {
    if (alert.state === "dismissed" || !isOfSystem(alert, held)) continue;
    const elements = components.of(alert);
    let isMatched = false;
    for (const { threat, weaknesses } of threats) {
      const cwe = sharedWeaknesses(alert.cwe, weaknesses);
      if (cwe.length === 0) continue;
      const own = components.named(threat.element);
      const element = own && elements.includes(own) ? own : undefined;
      if (!element && own && elements.length > 0) continue;
      isMatched = true;
      const match = matchOf(alert, threat, cwe, element, held, isWithheld);
      if (!match || left[match.verdict]-- <= 0) continue;
      matches.push(match);
      if (alert.place === undefined || isChanged(alert.place.path)) maybeRepaired.add(match);
    }
    if (!isMatched && alert.state === "open") unmatched++;
  }
  return { matches, unmatched, maybeRepaired };
}

function isOfSystem({ place, package: brought }: ScannerAlert, { covers }: Held): boolean {
  const path = place?.path ?? brought?.manifest;
  return path === undefined || covers(path);
}

function matchOf(
  alert: ScannerAlert,
  threat: ModelThreat,
  cwe: readonly string[],
  element: ModelElement | undefined,
  { system }: Held,
  isWithheld: boolean,
): EvidenceMatch | undefined {
  const verdict = alert.state === "fixed" ? "supports" : threat.status === "mitigated" ? "contradicts" : undefined;
  if (verdict === undefined) return undefined;
  // A weakness fixed somewhere is no evidence for a control that works elsewhere.
  if (verdict === "supports" && (threat.controls.length === 0 || element === undefined)) return undefined;
  const { source, reference, tool, place, ended, number } = alert;
  const named = isWithheld ? `${source} alert ${number ?? ""}`.trim() : reference;
  return {
    verdict,
    system,
    threat: threat.id,
    controls: threat.controls,
    ...(element && { element: element.name }),
    cwe: isWithheld ? [] : cwe,
    alert: {
      source,
      reference: named,
      ...(ended !== undefined && { ended }),
      ...(!isWithheld && { tool, ...(place && { place }) }),
    },
    says:
      verdict === "contradicts"
        ? contradicts(alert, named, threat, cwe, isWithheld)
        : supports(alert, named, threat, isWithheld),
    place: threat.place,
  };
}

/** Longest words of a tool that are quoted. */
const longest = 120;

function contradicts(
  alert: ScannerAlert,
  named: string,
  threat: ModelThreat,
  cwe: readonly string[],
  isWithheld: boolean,
): string {
  if (isWithheld) return `\`${threat.id}\` is called mitigated, and an open alert says otherwise (${named}).`;
  const where = alert.place ? ` at \`${showPlace(alert.place)}\`` : "";
  const words = alert.says.slice(0, longest);
  return `\`${threat.id}\` is called mitigated, but ${alert.tool} reports ${cwe[0] ?? "it"}${where}: ${words} (${named}).`;
}

function supports(alert: ScannerAlert, named: string, threat: ModelThreat, isWithheld: boolean): string {
  const on = alert.ended === undefined ? "" : ` on ${alert.ended.slice(0, 10)}`;
  const controls = threat.controls.map((id) => `\`${id}\``).join(", ");
  const what = isWithheld ? named : `${named} of ${alert.tool}`;
  return `${what} was fixed${on}, which supports the validation of ${controls} for \`${threat.id}\`.`;
}

/** The elements of one model by what implements them. */
export class Components {
  readonly #elements: readonly { readonly element: ModelElement; matches(path: string): boolean }[];
  readonly #byName = new Map<string, ModelElement>();
  readonly #byPath = new Map<string, readonly ModelElement[]>();

  constructor(model: ThreatModel) {
    this.#elements = model.elements.map((element) => ({ element, matches: fileMatcher(element.files) }));
    for (const element of model.elements.toReversed()) {
      this.#byName.set(key(element.name), element);
      this.#byName.set(key(element.id), element);
    }
  }

  /** The element that a threat names by id or name. */
  named(reference: string | undefined): ModelElement | undefined {
    return reference === undefined ? undefined : this.#byName.get(key(reference));
  }

  /** Those that an alert is about: by the file it stands in, or by the package that they are or are made with. */
  of({ place, package: brought }: ScannerAlert): readonly ModelElement[] {
    const byPath = this.#at(place?.path ?? brought?.manifest);
    if (!brought) return byPath;
    const named = this.namedAfter(brought.name);
    return [...new Set([...named, ...byPath])];
  }

  /** Those that are called after a package, or name it as their technology. */
  namedAfter(packageName: string): readonly ModelElement[] {
    const wanted = key(packageName);
    return this.#elements.flatMap(({ element }) => {
      const words = (element.technology ?? "").split(/[\s,;/()]+/).map(key);
      return key(element.name) === wanted || key(element.id) === wanted || words.includes(wanted) ? [element] : [];
    });
  }

  #at(path: string | undefined): readonly ModelElement[] {
    if (path === undefined) return [];
    const known = this.#byPath.get(path);
    if (known) return known;
    const found = this.#elements.flatMap(({ element, matches }) => (matches(path) ? [element] : []));
    this.#byPath.set(path, found);
    return found;
  }
}

/** A path that an element names: the file itself, a pattern, or a folder above it. */
function fileMatcher(files: readonly string[]): (path: string) => boolean {
  if (files.length === 0) return () => false;
  const bare = files.map((file) => file.replace(/^\.\//, "").replace(/(:\d{1,7})$/, ""));
  const patterns = compileGlobs(bare.filter((file) => /[*?[{]|\/$/.test(file)));
  const exact = new Set(bare);
  const folders = bare.map((file) => `${file}/`);
  return (path) => exact.has(path) || folders.some((folder) => path.startsWith(folder)) || patterns.matches(path);
}

/** Case, spaces, hyphens and underscores do not tell two names apart. */
function key(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, "-");
}
