import {
  type EvidenceFramework,
  type EvidenceRequirement,
  type EvidenceSystem,
  type EvidenceThreat,
  type RequirementState,
  requirementStates,
} from "../domain/evidence-report.ts";
import type { EvidenceSource, Framework, Requirement } from "../domain/framework.ts";
import type { ModelRequirement } from "../domain/model-decisions.ts";
import type { EvidenceTheme } from "../domain/rules.ts";
import { isSubstantive } from "../text/placeholders.ts";
import { resultOf } from "./results.ts";

/** What a part of the report comes to as evidence, with the sentence that says so. */
export interface SourceState {
  readonly state: Exclude<RequirementState, "not-applicable" | "not-addressed">;
  readonly says: string;
}

export interface RequirementsGround {
  readonly systems: readonly EvidenceSystem[];
  readonly themes: readonly EvidenceTheme[];
  /** Of what there is nothing to say (no third-party component at all), nothing is said. */
  readonly sources: ReadonlyMap<EvidenceSource, SourceState>;
  /** What the models say about applicability. */
  readonly stated: readonly ModelRequirement[];
}

/** Each framework with its requirements: which threats, controls and parts of the report are evidence, and what is open. */
export function frameworksOf(frameworks: readonly Framework[], ground: RequirementsGround): EvidenceFramework[] {
  const threats = ground.systems.flatMap((system) => system.threats);
  return frameworks.map((framework) => {
    const themesOf = themesByRequirement(framework, ground.themes);
    const requirements = framework.requirements.map((requirement) =>
      requirementOf(requirement, themesOf.get(requirement.id) ?? [], threats, ground),
    );
    const asked = framework.applicability;
    return {
      id: framework.id,
      name: framework.name,
      requirements,
      applicability:
        asked === undefined ? [] : requirements.filter(({ id }) => id.startsWith(asked)).map(({ id }) => id),
    };
  });
}

/** Ids of the themes that lead to each requirement. */
function themesByRequirement(framework: Framework, themes: readonly EvidenceTheme[]): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const theme of themes) {
    const ids: unknown = theme[framework.themes];
    if (!Array.isArray(ids)) continue;
    for (const id of ids) {
      const whole = `${framework.prefix}${String(id)}`;
      found.set(whole, [...(found.get(whole) ?? []), theme.id]);
    }
  }
  return found;
}

function requirementOf(
  { id, name, servedBy }: Requirement,
  themes: readonly string[],
  all: readonly EvidenceThreat[],
  ground: RequirementsGround,
): EvidenceRequirement {
  const threats = all.filter((threat) => threat.themes.some((theme) => themes.includes(theme.id)));
  const open = threats.filter(isOpen);
  const controls = new Map(
    threats
      .filter(({ decision }) => decision.status === "mitigated")
      .flatMap(({ controls: own }) => own.map((one) => [one.id, one])),
  );
  const validated = new Set(
    threats.flatMap((threat) =>
      threat.validations
        .filter((one) => !one.isDraft && resultOf(one.result) === "stated")
        .map(({ control }) => control),
    ),
  );
  const stated = ground.stated.find(({ requirement }) => sameId(requirement, id));
  const counts = {
    themes: themes.filter((theme) => threats.some((threat) => threat.themes.some((one) => one.id === theme))),
    threats: threats.map((threat) => threat.id),
    open: open.map((threat) => threat.id),
    mitigated: threats.filter(({ decision }) => decision.status === "mitigated").length,
    accepted: threats.filter(({ decision }) => decision.status === "accepted").length,
    controls: controls.size,
    controlsInPlace: [...controls.values()].filter(({ status, isDraft }) => status !== "proposed" && !isDraft).length,
    controlsValidated: [...controls.keys()].filter((control) => validated.has(control)).length,
    ...(stated && { applies: stated.applies }),
    ...(stated?.because !== undefined && { justification: stated.because }),
  };
  return { id, name, ...counts, ...conclusionOf(servedBy, threats, open, counts, stated, ground) };
}

/** People write an id with or without blanks, in either case. */
export function sameId(one: string, other: string): boolean {
  const key = (text: string) => text.replace(/\s+/g, "").toLowerCase();
  return key(one) === key(other);
}

function isOpen({ decision }: EvidenceThreat): boolean {
  return decision.status === "open" || decision.status === "unknown";
}

function conclusionOf(
  servedBy: readonly EvidenceSource[],
  threats: readonly EvidenceThreat[],
  open: readonly EvidenceThreat[],
  counts: Pick<EvidenceRequirement, "controls" | "controlsValidated">,
  stated: ModelRequirement | undefined,
  { sources }: RequirementsGround,
): Pick<EvidenceRequirement, "state" | "why"> {
  if (stated?.applies === "no") {
    return isSubstantive(stated.because, 3)
      ? { state: "not-applicable", why: "The model says that it does not apply, and why." }
      : { state: "gap", why: "The model says that it does not apply and gives no reason." };
  }
  const served = servedBy.flatMap((source) => sources.get(source) ?? []);
  const parts: SourceState[] = [...byThreats(threats, open, counts), ...served];
  if (parts.length === 0) return { state: "not-addressed", why: "Nothing in the model speaks to it." };
  return { state: worst(parts), why: parts.map(({ says }) => says).join(" ") };
}

function byThreats(
  threats: readonly EvidenceThreat[],
  open: readonly EvidenceThreat[],
  { controls, controlsValidated }: Pick<EvidenceRequirement, "controls" | "controlsValidated">,
): SourceState[] {
  if (threats.length === 0) return [];
  const unplanned = open.filter(
    (threat) =>
      !threat.stories.some(({ isDraft }) => !isDraft) &&
      !threat.controls.some(({ exists, isDraft }) => exists && !isDraft) &&
      threat.mitigation === undefined,
  );
  const all = `${counted(threats.length, "threat")}, ${openSays(open)}`;
  if (unplanned.length > 0) return [{ state: "gap", says: `${all}; nothing is planned for ${unplanned.length}.` }];
  if (open.length > 0) return [{ state: "planned", says: `${all}, with a story or a control planned.` }];
  if (controlsValidated < controls)
    return [{ state: "planned", says: `${all}; ${controlsValidated} of ${counted(controls, "control")} validated.` }];
  const shown = controls === 0 ? "no control named" : `${counted(controls, "control")} validated`;
  const hasMitigated = threats.some(({ decision }) => decision.status === "mitigated");
  return [
    {
      state: hasMitigated && controls === 0 ? "planned" : "met",
      says: `${all}; ${hasMitigated ? shown : "accepted or not applicable"}.`,
    },
  ];
}

/** A status that the model does not state is never read as settled, and never called open either. */
function openSays(open: readonly EvidenceThreat[]): string {
  const unknown = open.filter(({ decision }) => decision.status === "unknown").length;
  const parts = [
    ...(open.length > unknown ? [`${open.length - unknown} open`] : []),
    ...(unknown > 0 ? [`${unknown} of unknown status`] : []),
  ];
  return parts.length === 0 ? "none open" : parts.join(", ");
}

function worst(parts: readonly SourceState[]): RequirementState {
  const order: readonly RequirementState[] = ["gap", "unknown", "planned", "met"];
  return order.find((state) => parts.some((part) => part.state === state)) ?? requirementStates[0];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
