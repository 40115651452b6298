import type { Fact } from "../../domain/fact.ts";
import type { FoundElement } from "../found.ts";
import { folderOf, lastOf } from "../names.ts";
import type { Source } from "../source.ts";
import { productOf } from "../technologies.ts";
import { placeOf, type Thing, textOf, thingsOf } from "../things.ts";
import { tools } from "./compose.ts";

/** Folders that hold Dockerfiles of what lies elsewhere. */
const collection = /(^|\/)(docker|dockerfiles|\.docker|build|deploy|deployment|ci|packaging|container|containers)$/i;
/** Folders of pipelines and tests: their images build and try, and run nothing for users. */
const ofPipelines = /(^|\/)(\.(github|ci|circleci|gitlab|buildkite|devcontainer)|ci|e2e|ui-?tests?)\//i;
const ofTools = /(^|[._/-])(dev|devel|test|tests|ci|lint|docs?|build|builder|debug|base)([._-]|$)/i;

/**
 * Dockerfiles: what is built from a folder, and as whom it runs. An image whose folder is known by nothing else is a component by
 * itself. https://docs.docker.com/reference/dockerfile/
 */
export const source: Source = {
  name: "Dockerfile",
  find: (survey) => {
    const stages = thingsOf(survey, "dockerfile-stage");
    const built = Map.groupBy(stages, ({ path }) => path);
    return {
      elements: stages
        .filter(
          ({ item, path }) =>
            item.attributes.get("final") === true &&
            !ofTools.test(lastOf(path).replace(/^Dockerfile/i, "")) &&
            !ofPipelines.test(path) &&
            !tools.test(path),
        )
        .map((stage) => elementOf(stage, projectsIn(built.get(stage.path) ?? []))),
      flows: [],
      boundaries: [],
      data: [],
    };
  },
};

/** Projects that a recipe publishes or starts. https://learn.microsoft.com/dotnet/core/docker/build-container */
function projectsIn(stages: readonly Thing[]): string[] {
  const commands = stages.flatMap(({ item }) =>
    [...item.attributes].flatMap(([name, value]) =>
      /^(run\.\d+|command)$/.test(name) ? [String(value).slice(0, 2_000)] : [],
    ),
  );
  return [
    ...new Set(
      commands.flatMap((command) => {
        const found =
          /\bdotnet publish\s+(?:-\S+\s+)?["']?(?:[\w.-]{1,80}\/){0,8}([\w.-]{1,120})\.(?:cs|fs|vb)proj\b/.exec(
            command,
          ) ?? /\bdotnet["',\s]{1,6}([\w.-]{1,120})\.dll\b/.exec(command);
        return found?.[1] ?? [];
      }),
    ),
  ];
}

function elementOf(thing: Thing, builds: readonly string[]): FoundElement {
  const { path, item } = thing;
  const own = folderOf(path);
  // `docker/web/Dockerfile` builds `web`; `docker/Dockerfile` builds the whole.
  const folder = collection.test(own) ? folderOf(own) : own;
  const product = productOf(item.type);
  const named = /^Dockerfile[._-](.+)$|^(.+)\.Dockerfile$/i.exec(lastOf(path));
  const name = named?.[1] ?? named?.[2] ?? lastOf(folder);
  return {
    key: `dockerfile ${path}`,
    name,
    aliases: [],
    folder,
    files: [path],
    ...(builds.length === 0 ? {} : { builds }),
    facts: factsOf(thing),
    places: [placeOf(thing)],
    rank: 10,
    ...(product ? { type: product.type, technology: product.name } : { technology: `image on ${item.type}` }),
    // A recipe that stands apart from what it builds may be for several: it says nothing of what there is.
    ...(folder === own ? {} : { onlyJoins: true as const }),
  };
}

/** The last `USER` decides; without one the base image does, and is not asked. */
function factsOf({ item, path }: Thing): Fact[] {
  const user = textOf(item, "user");
  if (user === undefined || user.includes("$")) return [];
  const isRoot = /^(root|0)(:|$)/.test(user);
  const line = item.lines.get("user") ?? item.line;
  return [{ fact: "runs-as-root", is: isRoot ? "yes" : "no", where: { path, line } }];
}
