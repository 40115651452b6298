import type { Fact } from "../../domain/fact.ts";
import type { FoundElement } from "../found.ts";
import { folderOf, lastOf } from "../names.ts";
import type { Source } from "../source.ts";
import { productOf } from "../technologies.ts";
import { placeOf, type Thing, textOf, thingsOf } from "../things.ts";
import { tools } from "./compose.ts";

/** Folders that hold Dockerfiles of what lies elsewhere. */
const collection = /(^|\/)(docker|dockerfiles|\.docker|build|deploy|deployment|ci|packaging|container|containers)$/i;
const ofTools = /(^|[._/-])(dev|devel|test|tests|ci|lint|docs?|build|builder|debug|base)([._-]|$)/i;

/**
 * Dockerfiles: what is built from a folder, and as whom it runs. An image whose folder is known by nothing else is a component by
 * itself. https://docs.docker.com/reference/dockerfile/
 */
export const source: Source = {
  name: "Dockerfile",
  find: (survey) => ({
    elements: thingsOf(survey, "dockerfile-stage")
      .filter(
        ({ item, path }) =>
          item.attributes.get("final") === true &&
          !ofTools.test(lastOf(path).replace(/^Dockerfile/i, "")) &&
          !tools.test(path),
      )
      .map(elementOf),
    flows: [],
    boundaries: [],
    data: [],
  }),
};

function elementOf(thing: Thing): FoundElement {
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
