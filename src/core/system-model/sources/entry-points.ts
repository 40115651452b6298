import type { SurveyedFile } from "../../domain/survey.ts";
import type { FoundElement } from "../found.ts";
import type { Source } from "../source.ts";

/**
 * Routes, controllers and handlers in the code of the common frameworks of each language: whatever they belong to is reached by
 * others. What a route is comes from the detector that pull requests are read with.
 */
export const source: Source = {
  name: "entry points in code",
  find: (survey) => ({
    elements: survey.files.flatMap((file): FoundElement[] => {
      const [first] = file.sights.filter(({ what }) => what === "endpoint-added");
      if (!first || isOutgoing(file)) return [];
      const place = { path: file.path, ...(first.line === undefined ? {} : { line: first.line }) };
      return [
        {
          // A remote procedure that a contract describes is an interface; who serves it, other files say.
          key: `${file.path.endsWith(".proto") ? "interface" : "route"} ${file.path}`,
          name: file.path,
          type: "http-api",
          ...(file.path.endsWith(".proto") ? { technology: "gRPC" } : {}),
          aliases: [],
          code: file.path,
          files: [],
          facts: [],
          wayIn: place,
          places: [place],
          rank: 1,
          onlyJoins: true,
        },
      ];
    }),
    flows: [],
    boundaries: [],
    data: [],
  }),
};

/** Clients that are generated or written for somebody else's interface look like routes. */
function isOutgoing({ path }: SurveyedFile): boolean {
  return /client|sdk|(^|\/)(scripts?|tools?|hack|migrations?)\//i.test(path);
}
