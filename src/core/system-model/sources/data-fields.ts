import type { FoundData } from "../found.ts";
import type { Source } from "../source.ts";
import { placeOf, textOf, thingsOf } from "../things.ts";

/** Classes of data by the names of their fields, in snake case; first match wins. */
const classes: readonly (readonly [RegExp, string])[] = [
  [/card|iban|bank|account_number|salary|sort_code|payment/, "payment data"],
  [/medical|diagnos|health|patient|nhs|allerg/, "health data"],
  [/passport|ssn|social_security|national_insurance|nino|tax_id|licence|trn/, "identity documents"],
  [/birth|dob|gender|ethnic|nationality|religion/, "personal attributes"],
  [
    /\bip\b|ip_address|client_ip|remote_addr|user_agent|latitude|longitude|geolocation|location/,
    "network and location data",
  ],
  [/email|e_mail|phone|mobile|telephone|address|street|post_?code|zip|postal/, "contact details"],
  [/name|surname/, "names of people"],
];

/**
 * Fields of OpenAPI schemas, GraphQL, protocol buffers, tables and mapped classes whose names say that they hold personal data or
 * credentials. Which names do comes from the vocabulary that pull requests are read with.
 */
export const source: Source = {
  name: "data fields",
  find(survey) {
    const data: FoundData[] = [];
    for (const thing of thingsOf(survey, "openapi-field", "graphql-field", "protobuf-field")) {
      for (const { fact } of thing.facts) {
        const owner =
          textOf(thing.item, "schema") ?? textOf(thing.item, "owner") ?? textOf(thing.item, "message") ?? "";
        data.push(dataOf(fact === "handles-credentials", thing.item.type, owner, placeOf(thing), "passed"));
      }
    }
    for (const { path, sights } of survey.files) {
      for (const { what, name, line } of sights) {
        if (what !== "personal-column-added" && what !== "secret-column-added") continue;
        const place = { path, ...(line === undefined ? {} : { line }) };
        data.push(dataOf(what === "secret-column-added", name, "", place, "stored"));
      }
    }
    return { elements: [], flows: [], boundaries: [], data };
  },
};

function dataOf(
  isSecret: boolean,
  field: string,
  owner: string,
  place: FoundData["place"],
  held: FoundData["held"],
): FoundData {
  const snake = field
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .slice(0, 200);
  const name = isSecret ? "credentials" : (classes.find(([pattern]) => pattern.test(snake))?.[1] ?? "personal data");
  return {
    name,
    classification: isSecret ? "secret" : "personal",
    field: owner === "" ? field : `${owner}.${field}`,
    held,
    place,
  };
}
