import { elementTypes } from "../../src/core/domain/element-type.ts";
import { ratings, riskLevels, riskOf } from "../../src/core/domain/risk.ts";
import { strideLetters } from "../../src/core/domain/stride.ts";
import { threatStatuses } from "../../src/core/domain/threat.ts";
import { controlStatuses, emptyModel, type ThreatModel } from "../../src/core/domain/threat-model.ts";
import fc from "./fast-check.ts";

/* Models that are valid in every reference, with any text in their values. */

const place = { path: "threat-model.yaml", line: 1 };
const types = ["web-app", "http-api", "relational-db", "object-store", "external-entity", "third-party-saas"] as const;

/** Names that many readers meet: a word, and signs that mean something to Markdown, YAML, JSON or a diagram after it. */
export function plainSentence(): fc.Arbitrary<string> {
  const word = fc.constantFrom("booking", "mail", "gateway", "ledger", "archive", "pages", "worker");
  const sign = fc.constantFrom(
    "|",
    "*",
    "_x_",
    "`",
    "<b>",
    "[x](y)",
    "&amp;",
    "#1",
    "@team",
    '"',
    "'",
    "\\",
    "{}",
    "!",
    "$",
  );
  return fc
    .tuple(word, sign, word, fc.constantFrom("one", "two", "three"))
    .map(([first, middle, last, number]) => `The ${first} ${middle} ${last} ${number}`);
}

/** A model whose values are drawn from `text`. Ids are unique, references lead to parts. */
export function generatedModel(text: fc.Arbitrary<string>): fc.Arbitrary<ThreatModel> {
  const list = (most: number): fc.Arbitrary<string[]> => fc.uniqueArray(text, { maxLength: most });
  const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
    fc.option(value, { nil: undefined });
  const day = fc.constantFrom("2026-01-31", "2024-02-29", "2026-11-01");
  const names = fc.uniqueArray(text, {
    minLength: 6,
    maxLength: 6,
    selector: (name) => name.trim().toLowerCase().replace(/\s+/g, " "),
  });
  return fc
    .record({
      names,
      types: fc.array(fc.constantFrom(...types), { minLength: 3, maxLength: 3 }),
      texts: fc.array(text, { minLength: 16, maxLength: 16 }),
      optionals: fc.array(optional(text), { minLength: 12, maxLength: 12 }),
      lists: fc.array(list(3), { minLength: 6, maxLength: 6 }),
      ratings: fc.array(fc.tuple(optional(fc.constantFrom(...ratings)), optional(fc.constantFrom(...ratings))), {
        minLength: 3,
        maxLength: 3,
      }),
      strides: fc.array(fc.subarray([...strideLetters]), { minLength: 3, maxLength: 3 }),
      statuses: fc.array(fc.constantFrom(...threatStatuses), { minLength: 3, maxLength: 3 }),
      controlStatuses: fc.array(optional(fc.constantFrom(...controlStatuses)), { minLength: 2, maxLength: 2 }),
      day,
    })
    .map((drawn): ThreatModel => {
      const word = (index: number): string => drawn.texts[index] ?? "";
      const name = (index: number): string => drawn.names[index] ?? "";
      const maybe = <Key extends string>(key: Key, index: number): { readonly [One in Key]?: string } => {
        const value = drawn.optionals[index];
        return (value === undefined ? {} : { [key]: value }) as { readonly [One in Key]?: string };
      };
      const many = (index: number): string[] => drawn.lists[index] ?? [];
      const stated = (value: string) => ({ text: value, place });
      return {
        ...emptyModel("native", ["threat-model.yaml"]),
        system: {
          id: "system",
          name: stated(word(0)),
          description: stated(word(1)),
          owner: stated(word(2)),
          users: many(0).map(stated),
          data: many(1).map((data) => ({ name: data, classification: word(3), place })),
          links: [stated("docs/architecture.md")],
          exposure: stated(word(4)),
        },
        elements: drawn.types.map((type, index) => ({
          id: `element-${index}`,
          name: name(index),
          type,
          kind: elementTypes[type],
          ...maybe("technology", index),
          ...(index === 0 ? {} : { boundary: `boundary-${index % 2}` }),
          data: many(2),
          files: [`src/part-${index}/**`],
          facts: [
            {
              fact: "internet-facing",
              is: index === 0 ? "yes" : "not stated",
              ...(index === 0 ? { where: place } : {}),
            },
          ],
          place,
        })),
        flows: [0, 1].map((index) => ({
          id: `flow-${index}`,
          ...maybe("name", 3 + index),
          from: `element-${index}`,
          to: `element-${index + 1}`,
          data: many(3),
          ...maybe("protocol", 5 + index),
          facts: [],
          place,
        })),
        boundaries: [
          { id: "boundary-0", name: name(3), place },
          { id: "boundary-1", name: name(4), parent: "boundary-0", place },
        ],
        threats: [0, 1, 2].map((index) => {
          const [impact, likelihood] = drawn.ratings[index] ?? [];
          return {
            id: `T-part${index}`,
            title: word(5 + index),
            ...maybe("description", 7 + index),
            element: ["element-0", "flow-1", "element-2"][index] ?? "element-0",
            stride: drawn.strides[index] ?? [],
            ...(impact === undefined ? {} : { impact }),
            ...(likelihood === undefined ? {} : { likelihood }),
            ...(impact === undefined || likelihood === undefined
              ? { risk: riskLevels[index] ?? "high" }
              : { risk: riskOf(impact, likelihood) }),
            status: drawn.statuses[index] ?? "open",
            controls: index === 0 ? ["control-0", "control-1"] : [],
            ...maybe("reason", 10),
            place,
          };
        }),
        controls: [0, 1].map((index) => {
          const status = drawn.controlStatuses[index];
          return {
            id: `control-${index}`,
            title: word(8 + index),
            ...(status === undefined ? {} : { status }),
            evidence: many(4),
            place,
          };
        }),
        stories: [
          {
            id: "story-0",
            threats: ["T-part0"],
            as: word(10),
            need: word(11),
            so: word(12),
            acceptance: [`${word(13)} is shown`],
            ...maybe("issue", 11),
            place,
          },
        ],
        validations: [
          {
            id: "validation-0",
            control: "control-0",
            kind: "scan",
            how: word(14),
            result: "passed",
            date: drawn.day,
            place,
          },
        ],
        acceptances: [{ threat: "T-part1", reason: word(15), approver: "dana", until: drawn.day, place }],
        reviews: [{ by: "dana", role: "security-architect", on: drawn.day, place }],
        documentation: { owner: stated(word(2)), authors: [], date: stated(drawn.day), reviewers: [stated("dana")] },
        drafts: ["story-0", "system.owner"],
      };
    });
}
