import type { Survey } from "../../domain/survey.ts";
import { type FoundElement, type FoundFlow, nothingFound } from "../found.ts";
import { folderOf, lastOf } from "../names.ts";
import type { Source } from "../source.ts";
import { productOf } from "../technologies.ts";
import { attributesUnder, placeOf, type Thing, textOf, thingsOf } from "../things.ts";

/**
 * The application host of .NET Aspire: projects and the stores and brokers beside them, who is given which, and what is opened to
 * callers outside. https://learn.microsoft.com/dotnet/aspire/fundamentals/app-host-overview
 */
export const source: Source = {
  name: ".NET Aspire",
  find(survey) {
    const resources = thingsOf(survey, "aspire-resource");
    const [first] = resources;
    if (!first) return nothingFound;
    const byName = new Map(resources.map((thing) => [thing.item.name, thing]));
    const projects = projectFolders(survey);
    return {
      elements: resources.flatMap((thing) => elementOf(thing, projects)),
      flows: resources.flatMap((thing) => flowsOf(thing, byName)),
      boundaries: [
        { id: "app-host", name: "Services of the application host (.NET Aspire)", place: { path: first.path } },
      ],
      data: [],
    };
  },
};

/** `Basket_API` is the project file `Basket.API.csproj`, in this folder. */
function projectFolders({ paths }: Survey): ReadonlyMap<string, string> {
  const files = paths.filter((path) => /\.(cs|fs|vb)proj$/.test(path));
  return new Map(
    files.map((path) => [
      lastOf(path)
        .replace(/\.\w+$/, "")
        .replace(/\W/g, "_"),
      folderOf(path),
    ]),
  );
}

function keyOf({ path, item }: Thing): string {
  return `aspire ${path} ${item.name}`;
}

function elementOf(thing: Thing, projects: ReadonlyMap<string, string>): FoundElement[] {
  const { item, path } = thing;
  const project = textOf(item, "project");
  const product = project === undefined ? productOf(item.type) : undefined;
  const isProxy = item.type === "Yarp";
  // A database of a server is the server; parameters and settings run nowhere.
  if (item.attributes.has("parent") || (project === undefined && !product && !isProxy)) return [];
  const folder = project === undefined ? undefined : projects.get(project);
  return [
    {
      key: keyOf(thing),
      name: item.name,
      ...(product ? { type: product.type, technology: product.name } : {}),
      ...(isProxy ? { type: "edge-gateway" as const, technology: "YARP" } : {}),
      aliases: [item.name],
      ...(folder === undefined ? {} : { folder }),
      files: folder === undefined || folder === "" ? [path] : [path, `${folder}/**`],
      boundary: "app-host",
      facts: [],
      ...(item.attributes.get("external") === true ? { wayIn: placeOf(thing, "external") } : {}),
      places: [placeOf(thing)],
      rank: 30,
    },
  ];
}

function flowsOf(thing: Thing, byName: ReadonlyMap<string, Thing>): FoundFlow[] {
  return attributesUnder(thing.item, "reference.").flatMap(([name, value]): FoundFlow[] => {
    const given = byName.get(String(value));
    const server = given && (byName.get(textOf(given.item, "parent") ?? "") ?? given);
    if (!server) return [];
    const protocol = productOf(server.item.type)?.protocol;
    return [
      {
        from: { key: keyOf(thing) },
        to: { key: keyOf(server) },
        ...(protocol ? { protocol } : {}),
        place: placeOf(thing, name),
      },
    ];
  });
}
