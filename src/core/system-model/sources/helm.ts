import type { FoundElement } from "../found.ts";
import { folderOf, lastOf } from "../names.ts";
import type { Source } from "../source.ts";
import { productOf } from "../technologies.ts";
import { placeOf, textOf, thingsOf } from "../things.ts";

/**
 * Charts that a Helm chart brings along: a database or a queue that runs beside the application. Libraries and unknown charts are not
 * taken for anything. https://helm.sh/docs/topics/charts/#chart-dependencies
 */
export const source: Source = {
  name: "Helm",
  find: (survey) => ({
    elements: thingsOf(survey, "dependency").flatMap((thing): FoundElement[] => {
      if (textOf(thing.item, "ecosystem") !== "helm") return [];
      const product = productOf(lastOf(thing.item.name));
      if (!product) return [];
      return [
        {
          key: `helm ${thing.path} ${thing.item.name}`,
          name: lastOf(thing.item.name),
          type: product.type,
          technology: product.name,
          aliases: [lastOf(thing.item.name), `${lastOf(folderOf(thing.path))}-${lastOf(thing.item.name)}`],
          files: [thing.path],
          boundary: "cluster",
          facts: [],
          places: [placeOf(thing)],
          rank: 20,
        },
      ];
    }),
    flows: [],
    boundaries: thingsOf(survey, "dependency")
      .filter(({ item }) => textOf(item, "ecosystem") === "helm")
      .slice(0, 1)
      .map(({ path }) => ({ id: "cluster", name: "Kubernetes cluster", place: { path } })),
    data: [],
  }),
};
