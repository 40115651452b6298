import { riskOf } from "../domain/risk.ts";
import { shortDigest } from "../domain/threat-id.ts";
import type { ModelControl, ModelThreat } from "../domain/threat-model.ts";
import { threatIdOf } from "./foreign.ts";
import type { HclBlock } from "./hcl-blocks.ts";
import { known } from "./known.ts";
import { ratingOf, strideOf } from "./words.ts";

/** What the threats of a file come to, as it is filled. */
export interface ThreatParts {
  readonly path: string;
  readonly threats: ModelThreat[];
  readonly controls: Map<string, ModelControl>;
}

/** The text of an attribute, lists joined; undefined where it is not there or empty. */
export function textOf(block: HclBlock, key: string): string | undefined {
  const text = block.attributes.get(key)?.texts.join(", ").trim();
  return text === undefined || text === "" ? undefined : text;
}

/**
 * One `threat` block with its controls. The same words in another `threatmodel` of the file are a threat of that system:
 * its id then holds the system's name too.
 */
export function readThreat(threat: HclBlock, system: string, parts: ThreatParts): void {
  const { path } = parts;
  const place = { path, line: threat.line };
  const description = textOf(threat, "description");
  const title = threat.labels[0] ?? description?.split("\n")[0]?.slice(0, 120) ?? "threat";
  const risk = threat.blocks.find(({ type }) => type === "risk");
  const impact = ratingOf((risk === undefined ? "" : (textOf(risk, "impact") ?? "")).replace(/_/g, " "));
  const likelihood = ratingOf((risk === undefined ? "" : (textOf(risk, "likelihood") ?? "")).replace(/_/g, " "));
  const controls = [
    ...threat.blocks.filter(({ type }) => type.endsWith("control")).map((block) => controlOf(block, parts)),
    ...(threat.attributes.get("control_imports")?.texts ?? []).map((name) => importedControl(name, threat, parts)),
    ...(textOf(threat, "control") === undefined
      ? []
      : [importedControl(textOf(threat, "control") ?? "", threat, parts)]),
  ];
  const own = threatIdOf(undefined, title, description);
  const isTaken = parts.threats.some(({ id }) => id === own);
  parts.threats.push(
    known({
      id: isTaken ? threatIdOf(undefined, `${system}: ${title}`, description) : own,
      title,
      description,
      element: threat.attributes.get("information_asset_refs")?.texts[0],
      stride: [...new Set((threat.attributes.get("stride")?.texts ?? []).flatMap(strideOf))],
      impact,
      likelihood,
      risk: impact === undefined || likelihood === undefined ? undefined : riskOf(impact, likelihood),
      status: "unknown" as const,
      controls,
      place,
    }),
  );
}

function controlOf(block: HclBlock, parts: ThreatParts): string {
  const description = textOf(block, "description");
  const title = block.labels[0] ?? description ?? "control";
  const implemented = textOf(block, "implemented");
  const id = `C-${shortDigest(`${title}\u0000${description ?? ""}`, 12)}`;
  const notes = textOf(block, "implementation_notes");
  parts.controls.set(
    id,
    known({
      id,
      title,
      status:
        implemented === "true"
          ? ("implemented" as const)
          : implemented === "false" || block.type === "proposed_control"
            ? ("proposed" as const)
            : undefined,
      evidence: notes === undefined ? [] : [notes],
      place: { path: parts.path, line: block.line },
    }),
  );
  return id;
}

/** A control of another file, known by its reference alone. */
function importedControl(name: string, threat: HclBlock, parts: ThreatParts): string {
  const id = `C-${shortDigest(name, 12)}`;
  parts.controls.set(id, { id, title: name, evidence: [], place: { path: parts.path, line: threat.line } });
  return id;
}
