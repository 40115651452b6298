import { addressesIn, isSelf } from "../addresses.ts";
import type { FoundElement, FoundFlow } from "../found.ts";
import type { Source } from "../source.ts";
import { partnerOf, productOf } from "../technologies.ts";
import { placeOf, textOf, thingsOf } from "../things.ts";

/**
 * Settings files (Spring, ASP.NET, samples of environment files): addresses of stores and neighbours that the code is given. The
 * values themselves are never kept.
 */
export const source: Source = {
  name: "settings",
  find(survey) {
    const elements = new Map<string, FoundElement>();
    const flows: FoundFlow[] = [];
    for (const thing of thingsOf(survey, "config-key")) {
      const value = textOf(thing.item, "value") ?? "";
      // A bare word is a value like any other; only what is written as an address is one.
      if (!value.includes("://")) continue;
      const from = { code: thing.path };
      const place = placeOf(thing, "value");
      for (const { host, protocol } of addressesIn(value)) {
        const product = protocol === undefined ? undefined : productOf(protocol === "TDS" ? "sqlserver" : protocol);
        const partner = partnerOf(host);
        if (!isSelf(host) && !host.includes("."))
          flows.push({ from, to: { alias: host, scope: thing.path }, ...(protocol ? { protocol } : {}), place });
        if (product)
          flows.push({
            from,
            to: { product: product.name, type: product.type, address: host },
            ...(protocol ? { protocol } : {}),
            place,
            weak: true,
          });
        else if (partner && host.includes(".")) {
          const key = `outside ${partner}`;
          if (!elements.has(key))
            elements.set(key, {
              key,
              name: partner,
              type: "third-party-saas",
              aliases: [host],
              files: [thing.path],
              boundary: "third-parties",
              facts: [],
              places: [place],
              rank: 13,
            });
          flows.push({ from, to: { key }, protocol: "HTTPS", place });
        }
      }
    }
    return { elements: [...elements.values()], flows, boundaries: [], data: [] };
  },
};
