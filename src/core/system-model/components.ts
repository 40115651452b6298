import { type ElementType, elementTypes } from "../domain/element-type.ts";
import type { Fact } from "../domain/fact.ts";
import { fittingId, shortDigest } from "../domain/threat-id.ts";
import type { FoundElement } from "./found.ts";
import { compare, type Group } from "./groups.ts";
import { slug } from "./names.ts";
import type { Component } from "./parts.ts";

/** Places kept for one part: more say nothing more to a reader. */
const mostPlaces = 4;
const mostFiles = 12;

/** Which type wins where code says several: what people open in a browser before what programs call. */
const ofCode: readonly ElementType[] = [
  "edge-gateway",
  "web-app",
  "http-api",
  "realtime-channel",
  "background-worker",
  "browser-spa",
  "scheduled-job",
];

/** Components of groups, with ids that rest on their own names alone. `code` holds what code inside them says. */
export function componentsOf(
  groups: readonly Group[],
  code: ReadonlyMap<Group, readonly FoundElement[]>,
): Map<Group, Component> {
  const kept = groups.filter((group) => isSomething(group, code.get(group) ?? []));
  const drafts = kept.map((group) => ({ group, id: idOf(group) }));
  const taken = new Map<string, Group>();
  const components = new Map<Group, Component>();
  for (const { group, id } of drafts.sort((a, b) => compare(a.id, b.id) || compare(keyOf(a.group), keyOf(b.group)))) {
    // Two things of one name: the second is told apart by what it is, not by when it was found.
    const own = taken.has(id) ? `${id.slice(0, 56)}-${shortDigest(keyOf(group), 6)}` : id;
    taken.set(own, group);
    components.set(group, componentOf(own, group, code.get(group) ?? []));
  }
  return components;
}

/** Whether anything says that it runs: a deployment, an image, a server in its packages, a route in its code. */
function isSomething({ members }: Group, code: readonly FoundElement[]): boolean {
  if (members.some(({ onlyJoins }) => onlyJoins === undefined)) return true;
  return !members.some(({ isLibrary }) => isLibrary) && code.some(({ key }) => key.startsWith("route "));
}

function keyOf({ members }: Group): string {
  return members[0]?.key ?? "";
}

function idOf({ members }: Group): string {
  const [first] = members;
  // A company's name is no identifier: `GitHub` is one word.
  const isCompany = first?.boundary === "third-parties";
  const name = slug(isCompany ? first.name.toLowerCase() : (first?.name ?? ""));
  return fittingId(name === "" ? "system" : name);
}

function componentOf(id: string, { members }: Group, code: readonly FoundElement[]): Component {
  const all = [...members, ...code];
  const [first] = members;
  const type = typeOf(members, code);
  // The name of one's own image says less than what its code is built on.
  const named = all
    .filter((one) => one.technology !== undefined && !one.key.startsWith("route "))
    .toSorted((one, other) => Number(one.technology === one.image) - Number(other.technology === other.image));
  const telling = named.find((one) => one.type === type) ?? named.find(({ rank }) => rank >= 20);
  const boundary = members.find((one) => one.boundary !== undefined)?.boundary;
  const published = members.find((one) => one.wayIn !== undefined && one.rank >= 20)?.wayIn;
  const wayIn = published ?? all.find((one) => one.wayIn !== undefined)?.wayIn;
  return {
    id,
    name: first?.name ?? id,
    type,
    ...(telling?.technology === undefined ? {} : { technology: telling.technology }),
    ...(boundary === undefined ? {} : { boundary }),
    data: [],
    files: narrowed([...new Set([...members.flatMap(({ files }) => files), ...filesOfCode(members, code)])]).slice(
      0,
      mostFiles,
    ),
    facts: agreed(all.flatMap(({ facts }) => facts)),
    places: placesOf(all),
    ...(wayIn ? { wayIn } : {}),
    ...(published ? { isPublished: true as const } : {}),
  };
}

/** The folders in which the code of a component at the top of the repository was seen; a folder of its own is listed as a whole. */
function filesOfCode(members: readonly FoundElement[], code: readonly FoundElement[]): string[] {
  if (!members.some(({ folder }) => folder === "")) return [];
  return code.flatMap(({ code: path }) =>
    path === undefined ? [] : path.includes("/") ? [`${path.slice(0, path.indexOf("/"))}/**`] : [path],
  );
}

function typeOf(members: readonly FoundElement[], code: readonly FoundElement[]): ElementType {
  const deployed = members.find(({ rank, type }) => rank >= 13 && type !== undefined && type !== "scheduled-job");
  if (deployed?.type) return deployed.type;
  const said = new Set([...members, ...code].flatMap(({ type }) => type ?? []));
  // An application in the browser whose code answers requests is served by itself.
  if (said.has("browser-spa") && said.has("http-api")) said.delete("browser-spa");
  const found = ofCode.find((type) => said.has(type)) ?? [...said][0];
  if (found) return found;
  return members.some(({ key }) => /^(compose|kubernetes|dockerfile) /.test(key)) ? "container-image" : "process";
}

/** Facts on which all statements agree; where two files contradict each other nobody is believed, and the fact is asked. */
function agreed(facts: readonly Fact[]): Fact[] {
  const byName = Map.groupBy(
    facts.filter(({ is }) => is !== "not stated"),
    ({ fact }) => fact,
  );
  return [...byName.values()]
    .flatMap((same) => {
      const [first] = same;
      return first && same.every(({ is }) => is === first.is) ? [first] : [];
    })
    .sort((a, b) => compare(a.fact, b.fact));
}

function placesOf(all: readonly FoundElement[]): Component["places"] {
  const seen = new Set<string>();
  return all
    .flatMap(({ places }) => places)
    .filter(({ path }) => !seen.has(path) && seen.add(path))
    .slice(0, mostPlaces);
}

/** Without files that lie in a folder which is listed as a whole. */
function narrowed(files: readonly string[]): string[] {
  const folders = files.filter((file) => file.endsWith("/**")).map((file) => file.slice(0, -2));
  return files.filter((file) => !folders.some((folder) => file !== `${folder}**` && file.startsWith(folder))).sort();
}

/** Whether people would call it a store, an outside party or a process. */
export function kindOf(type: ElementType): (typeof elementTypes)[ElementType] {
  return elementTypes[type];
}
