import type { FoundFlow } from "../found.ts";
import type { Source } from "../source.ts";
import { productOf } from "../technologies.ts";

/**
 * Which database a mapper of objects is set to speak to: the data source of a Prisma schema, the engine of Django, the dialect of Drizzle. A
 * setting of the code itself, so the database is stated, wherever it runs.
 */
export const source: Source = {
  name: "database settings in code",
  find: (survey) => ({
    elements: [],
    flows: survey.files.flatMap(({ path, sights }) =>
      sights.flatMap(({ what, name, line }): FoundFlow[] => {
        const product = what === "database" ? productOf(name === "turso" ? "sqlite" : name) : undefined;
        if (!product) return [];
        return [
          {
            from: { code: path },
            to: { product: product.name, type: product.type },
            ...(product.protocol === undefined ? {} : { protocol: product.protocol }),
            place: { path, ...(line === undefined ? {} : { line }) },
          },
        ];
      }),
    ),
    boundaries: [],
    data: [],
  }),
};
