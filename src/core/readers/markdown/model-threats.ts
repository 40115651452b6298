import { shortDigest } from "../../domain/threat-id.ts";
import type { ModelControl, ModelThreat, ModelValidation } from "../../domain/threat-model.ts";
import { isPlaceholder, isSubstantive, namesTest, wordsIn } from "../../text/placeholders.ts";
import { known } from "../known.ts";
import { ratingOf, statusOf } from "../words.ts";
import { deniesMitigation, type RawThreat } from "./raw-threat.ts";
import { bareId, normalised } from "./same-threats.ts";
import { rated, riskFrom, statedRisk } from "./threat-ratings.ts";

/*
 * What the threats that a document tells become in the model: their ids, ratings, status, and controls where tests are named.
 */

/**
 * One threat as it stands in the model, under the id that it was given.
 * @param withControls whether what mitigates it becomes a control of its own (`testedControls`)
 */
export function modelThreat(raw: RawThreat, id: string, path: string, withControls: boolean): ModelThreat {
  const impact = ratingOf(rated(raw.impact) ?? "");
  const likelihood = ratingOf(rated(raw.likelihood) ?? "");
  const stated = statedRisk(raw);
  const answer = answerOf(raw);
  return known({
    id,
    title: raw.title.slice(0, 500),
    description: raw.description,
    element: raw.element,
    stride: [...raw.stride],
    impact,
    likelihood,
    risk: riskFrom(stated, impact, likelihood),
    riskStated: stated,
    status: answer.status,
    statusStated: answer.stated,
    controls: withControls && answer.mitigation !== undefined ? [controlId(answer.mitigation)] : [],
    mitigation: answer.mitigation,
    place: { path, line: raw.line },
  });
}

/**
 * An author's id that fits ours is kept; otherwise one is derived from element and title, and from the description too
 * where those do not tell two threats apart, never from the position.
 */
export function idsOf(threats: readonly RawThreat[]): string[] {
  const keys = threats.map((raw) => `${raw.element ?? ""}\u0000${normalised(raw.title)}`);
  const seen = new Set<string>();
  const often = new Set(keys.filter((key) => seen.size === seen.add(key).size));
  const copies = new Map<string, number>();
  return threats.map((raw, index) => {
    const own = bareId(raw.id);
    if (own !== undefined && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(own) && !/^\d+$/.test(own)) return own;
    const key = keys[index] ?? "";
    const identity = often.has(key)
      ? `${key}\u0000${normalised(raw.description ?? "")}\u0000${raw.stride.join("")}`
      : key;
    const copy = (copies.get(identity) ?? 0) + 1;
    copies.set(identity, copy);
    return `T-${shortDigest(copy === 1 ? identity : `${identity}\u0000${copy}`, 12)}`;
  });
}

function controlId(mitigation: string): string {
  return `C-${shortDigest(normalised(mitigation), 12)}`;
}

/** Status and mitigation together: "Not Mitigated" in a mitigation cell is a status, not a mitigation. */
function answerOf(raw: RawThreat): {
  readonly status: ModelThreat["status"];
  readonly stated: string | undefined;
  readonly mitigation: string | undefined;
} {
  const text = raw.mitigation?.trim();
  const isShort = text !== undefined && wordsIn(text) <= 5;
  const byText = isShort ? statusOf(text) : undefined;
  const denial = text !== undefined && deniesMitigation(text);
  const impossible = text !== undefined && /\b(cannot|can ?not) be (fully )?mitigated\b/i.test(text.slice(0, 200));
  const mitigation =
    text === undefined || denial || impossible || isPlaceholder(text) || (byText !== undefined && isShort)
      ? undefined
      : text;
  const own = raw.status === undefined ? undefined : statusOf(raw.status);
  if (own !== undefined)
    return { status: own, stated: raw.status, mitigation: mitigation ?? answerInStatus(raw.status) };
  if (denial) return { status: "open", stated: text, mitigation };
  if (byText !== undefined) return { status: byText, stated: text, mitigation };
  return { status: "unknown", stated: raw.status, mitigation };
}

/** "Mitigated via a nonce for each batch": what follows is what was done. */
function answerInStatus(status: string | undefined): string | undefined {
  const said = /\b(?:mitigated|addressed|prevented|resolved|fixed|closed) (?:via|by|through|with|using) (\S.{2,500})/is;
  const answer = said.exec(status ?? "")?.[1]?.trim();
  return answer !== undefined && isSubstantive(answer, 2) ? answer : undefined;
}

/** Where a document names tests beside its threats, each mitigation is a control, and each test its validation. */
export function testedControls(
  raw: readonly RawThreat[],
  threats: readonly ModelThreat[],
  path: string,
): { readonly controls: readonly ModelControl[]; readonly validations: readonly ModelValidation[] } {
  const controls = new Map<string, ModelControl>();
  const validations = new Map<string, ModelValidation>();
  for (const [index, { mitigation, status, place }] of threats.entries()) {
    if (mitigation === undefined) continue;
    const id = controlId(mitigation);
    controls.set(id, {
      id,
      title: mitigation.slice(0, 300),
      ...(status === "mitigated" ? { status: "implemented" as const } : {}),
      evidence: [],
      place,
    });
    const test = raw[index]?.test;
    if (!(isSubstantive(test) || namesTest(test))) continue;
    const name = `V-${shortDigest(`${id}\u0000${test}`, 12)}`;
    const result = raw[index]?.testResult;
    validations.set(name, known({ id: name, control: id, how: test, result, place: { path, line: place.line ?? 1 } }));
  }
  return { controls: [...controls.values()], validations: [...validations.values()] };
}
