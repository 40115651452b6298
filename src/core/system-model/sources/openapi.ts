import type { Fact } from "../../domain/fact.ts";
import type { FoundElement } from "../found.ts";
import type { Source } from "../source.ts";
import { placeOf, type Thing, textOf, thingsOf } from "../things.ts";

/**
 * OpenAPI descriptions: an interface that others call, whether each operation asks for credentials, and whether files are taken in.
 * https://spec.openapis.org/oas/v3.1.1.html
 */
export const source: Source = {
  name: "OpenAPI",
  find(survey) {
    const files = Map.groupBy(thingsOf(survey, "openapi-operation"), ({ path }) => path);
    return {
      elements: [...files].map(([path, operations]): FoundElement => {
        const [first] = operations;
        return {
          key: `openapi ${path}`,
          name: path,
          type: "http-api",
          aliases: [],
          code: path,
          files: [path],
          facts: factsOf(operations),
          ...(first ? { wayIn: placeOf(first) } : {}),
          places: [{ path }],
          rank: 5,
          onlyJoins: true,
        };
      }),
      flows: [],
      boundaries: [],
      data: [],
    };
  },
};

function factsOf(operations: readonly Thing[]): Fact[] {
  const facts: Fact[] = [];
  const says = (thing: Thing): string => textOf(thing.item, "security") ?? "not stated";
  const open = operations.find((thing) => /(^|\| )none($| \|)/.test(says(thing)));
  const closed = operations.every((thing) => !/not stated|(^|\| )none($| \|)/.test(says(thing)));
  const [first] = operations;
  if (open) facts.push({ fact: "authenticated", is: "no", where: placeOf(open, "security") });
  else if (closed && first) facts.push({ fact: "authenticated", is: "yes", where: placeOf(first, "security") });
  const upload = operations.find(({ item }) => item.attributes.get("uploads") === true);
  if (upload) facts.push({ fact: "untrusted-input", is: "yes", where: placeOf(upload, "uploads") });
  return facts;
}
