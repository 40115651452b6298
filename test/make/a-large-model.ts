import { elementTypeIds } from "../../src/core/domain/element-type.ts";
import type { ThreatRule } from "../../src/core/domain/rules.ts";
import { threatId } from "../../src/core/domain/threat-id.ts";

/** A native model of about `bytes` bytes, all of whose parts refer to each other. */
export function aModelOf(bytes: number): string {
  let elements = "";
  let threats = "";
  let controls = "";
  for (let index = 0; elements.length + threats.length + controls.length < bytes; index++) {
    elements += `  - id: service-${index}\n    type: http-api\n    name: Service ${index}\n    data: [orders, addresses]\n    files: [src/service-${index}/**]\n`;
    threats += `  - id: threat-${index}\n    element: service-${index}\n    stride: [S, I]\n    title: Somebody reads the orders of another customer through service ${index}\n    impact: high\n    likelihood: medium\n    status: mitigated\n    controls: [control-${index}]\n`;
    controls += `  - id: control-${index}\n    title: Every order is read through the account of its owner\n    status: implemented\n    evidence: [src/service-${index}/orders.ts]\n`;
  }
  return `schemaVersion: 1\nsystem:\n  id: shop\n  name: Shop\nelements:\n${elements}threats:\n${threats}controls:\n${controls}`;
}

/**
 * A native model of as many elements of every type, and as many threats on them, each under the id that a rule of the library
 * gives it there and with a control and a story of its own.
 */
export function anAnsweredModel(rules: readonly ThreatRule[], counts: { elements: number; threats: number }): string {
  const types = elementTypeIds.filter((type) => type !== "data-flow" && type !== "trust-boundary");
  const typeAt = (index: number) => types[index % types.length] ?? "process";
  let [elements, threats, controls, stories] = ["", "", "", ""];
  for (let index = 0; index < counts.elements; index++)
    elements += `  - { id: part-${index}, type: ${typeAt(index)}, name: Part ${index}, files: ["src/part-${index}/**"] }\n`;
  for (let index = 0; index < counts.threats; index++) {
    const at = index % counts.elements;
    const speaking = rules.filter(({ appliesTo }) => appliesTo.elements.includes(typeAt(at)));
    const rule = speaking[Math.floor(index / counts.elements) % speaking.length];
    const id = rule === undefined ? `own-${index}` : threatId(rule.id, `part-${at}`);
    threats += `  - { id: ${id}, element: part-${at}, stride: [${rule?.stride ?? "I"}], title: Orders are read through part ${at} (${index}), impact: high, likelihood: medium, status: mitigated, controls: [control-${index}] }\n`;
    controls += `  - { id: control-${index}, title: Orders are read by their owner, status: implemented, evidence: [src/part-${at}/orders.ts] }\n`;
    stories += `  - { id: story-${index}, threats: [${id}], as: customer, need: that only I read my orders, so: nobody learns what I buy, acceptance: [Another customer is answered with 403.] }\n`;
  }
  return `schemaVersion: 1\nsystem: { id: shop, name: Shop }\nelements:\n${elements}threats:\n${threats}controls:\n${controls}stories:\n${stories}`;
}
