import { elementTypes } from "../domain/element-type.ts";
import type { FoundElement } from "./found.ts";
import { folderOf, lastOf, slug } from "./names.ts";

/*
 * Which findings speak of one and the same thing: a Compose service, the Dockerfile of its build folder and the package in it are one
 * component. Joined only where the files say so: the same folder, the same name in two deployments, the same image, or a deployment
 * that is called like the only folder of that name.
 */

/** All findings of one thing, the surest name first. */
export interface Group {
  readonly members: readonly FoundElement[];
  readonly folders: readonly string[];
}

/** Names that many folders and services bear; equality of such says nothing. */
const commonName = /^(app|src|service|server|api|web|main|code|source|docker)$/;

/** Services that run the same code for other work than answering. */
const behindTheScenes = /cron|queue|worker|jobs?|schedul|sidekiq|celery|beat|consumer|horizon/i;

/** Groups of the findings that stand for something by themselves; `code` findings are given to them later, by `ownerOf`. */
export function groupsOf(elements: readonly FoundElement[], rootName: string): Group[] {
  const anchored = elements
    .filter(({ code }) => code === undefined)
    .map((one) => (one.name === "" ? { ...one, name: rootName } : one));
  const sets = new DisjointSets(anchored);
  joinSameKey(anchored, sets);
  joinDeployments(anchored, sets);
  joinBuilds(anchored, sets);
  joinFolders(anchored, sets);
  joinNested(anchored, sets);
  joinByName(anchored, sets);
  joinImagesByName(anchored, sets);
  const shared = imagesOfSeveral(anchored);
  return sets
    .groups()
    .filter((members) => !isMadeOf(members, shared))
    .map((members) => {
      const sorted = [...members].sort((a, b) => b.rank - a.rank || compare(a.key, b.key));
      const folders = [...new Set(sorted.flatMap(({ folder }) => folder ?? []))];
      return { members: sorted, folders };
    });
}

export function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The group whose folder lies nearest around a path. */
export function ownerOf(path: string, groups: ReadonlyMap<string, Group>): Group | undefined {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const found = groups.get(folder);
    if (found) return found;
    if (folder === "") return undefined;
  }
}

/** Groups by the folders of their code; where several share one, the surest has it. */
export function byFolder(groups: readonly Group[]): Map<string, Group> {
  const found = new Map<string, Group>();
  for (const group of groups) {
    for (const folder of group.folders) {
      const other = found.get(folder);
      if (!other || weight(group, folder) > weight(other, folder)) found.set(folder, group);
    }
  }
  return found;
}

function weight({ members }: Group, folder: string): number {
  const code = members.some((one) => one.folder === folder && one.rank < 25) ? 100 : 0;
  return code + members.length;
}

function isOutside({ type }: FoundElement): boolean {
  return type !== undefined && elementTypes[type] === "external";
}

function isOwnProcess(one: FoundElement): boolean {
  return one.type === undefined || one.type === "scheduled-job";
}

function joinSameKey(elements: readonly FoundElement[], sets: DisjointSets): void {
  for (const same of Map.groupBy(elements, ({ key }) => key).values()) sets.joinAll(same);
}

/**
 * Names of images that several services run which are called otherwise: the recipe of such an image is a part of each of them, and no
 * component beside them.
 */
function imagesOfSeveral(elements: readonly FoundElement[]): ReadonlySet<string> {
  const users = new Map<string, Set<string>>();
  for (const { key, name, image, builtBy, runs } of elements) {
    if (!/^(compose|kubernetes) /.test(key) || builtBy !== undefined) continue;
    const of = lastOf(runs ?? image ?? "");
    if (of !== "") users.set(of, (users.get(of) ?? new Set()).add(slug(name)));
  }
  return new Set([...users].filter(([, names]) => names.size > 1).map(([image]) => image));
}

/** A recipe that nothing else speaks of, in the folder that the shared image is called by: `shop-mongodb` of `mongodb/`. */
function isMadeOf(members: readonly FoundElement[], shared: ReadonlySet<string>): boolean {
  const [only, ...others] = members;
  if (!only || others.length > 0 || !only.key.startsWith("dockerfile ")) return false;
  const name = slug(only.name);
  return name !== "" && [...shared].some((image) => image === name || image.endsWith(`-${name}`));
}

/** The same service in several Compose files and in Kubernetes: by name, and by the image where one alone runs it. */
function joinDeployments(elements: readonly FoundElement[], sets: DisjointSets): void {
  const deployed = elements.filter(({ key }) => /^(compose|kubernetes|helm) /.test(key));
  for (const same of Map.groupBy(
    deployed,
    (one) => `${slug(one.name)} ${one.type === "k8s-ingress" ? "ingress" : ""}`,
  ).values()) {
    const types = new Set(same.flatMap(({ type }) => type ?? []));
    if (types.size <= 1) sets.joinAll(same);
  }
  const own = deployed.filter((one) => one.image !== undefined && isOwnProcess(one));
  for (const same of Map.groupBy(own, ({ image }) => image).values()) {
    const files = Map.groupBy(same, ({ key }) => key.split(" ")[0]);
    if ([...files.values()].every((list) => new Set(list.map(({ name }) => slug(name))).size === 1)) sets.joinAll(same);
  }
}

/** A service that names the Dockerfile it is built by, and a Dockerfile that names the one project it builds. */
function joinBuilds(elements: readonly FoundElement[], sets: DisjointSets): void {
  const images = new Map(elements.map((one) => [one.key, one]));
  const projects = Map.groupBy(
    elements.filter(({ key }) => key.startsWith("package ")),
    ({ name }) => name.toLowerCase(),
  );
  for (const image of elements) {
    const [built, ...others] = image.builds ?? [];
    const [project, ...namesakes] = projects.get(built?.toLowerCase() ?? "") ?? [];
    if (project && others.length === 0 && namesakes.length === 0) sets.join(project, image);
  }
  for (const service of elements) {
    const image = service.builtBy === undefined ? undefined : images.get(`dockerfile ${service.builtBy}`);
    if (image) sets.join(image, service);
  }
}

/** What is built from one folder. Of several services of one folder, its code goes to the one that is most plainly meant. */
function joinFolders(elements: readonly FoundElement[], sets: DisjointSets): void {
  const anchored = elements.filter((one) => one.folder !== undefined && !isOutside(one));
  for (const [folder, here] of Map.groupBy(anchored, (one) => one.folder ?? "")) {
    const services = here.filter(({ rank }) => rank >= 25);
    const code = here.filter(({ rank }) => rank < 25);
    const [first] = code;
    const images = code.filter(({ key }) => key.startsWith("dockerfile "));
    // Several Dockerfiles of one folder are several images; the plain one is the folder's own.
    const plain = images.filter(({ key }) => /[ /](Dockerfile|Containerfile)$/.test(key));
    const joining = code.filter((one) => !images.includes(one) || images.length === 1 || plain.includes(one));
    sets.joinAll(joining);
    if (!first || services.length === 0) continue;
    const names = new Set([slug(lastOf(folder)), ...joining.map(({ name }) => slug(name))]);
    const distinct = new Map(services.map((one) => [sets.find(one), one]));
    const meant =
      (distinct.size === 1 ? services[0] : undefined) ??
      services.find(({ name }) => names.has(slug(name))) ??
      services.find(({ wayIn, name }) => wayIn !== undefined && !behindTheScenes.test(name)) ??
      services.find(({ name }) => !behindTheScenes.test(name)) ??
      services[0];
    const [anchor] = joining;
    if (meant && anchor) sets.join(meant, anchor);
  }
}

/** A package inside the folder of one image is what the image holds, where it is the only one there. */
function joinNested(elements: readonly FoundElement[], sets: DisjointSets): void {
  const packages = elements.filter(({ key, onlyJoins }) => key.startsWith("package ") && onlyJoins === undefined);
  const at = new Set(packages.map(({ folder }) => folder));
  const inside = new Map<string, FoundElement[]>();
  for (const one of packages) {
    for (let around = folderOf(one.folder ?? ""); around !== ""; around = folderOf(around)) {
      const list = inside.get(around);
      if (list) list.push(one);
      else inside.set(around, [one]);
    }
  }
  for (const image of elements) {
    if (image.folder === undefined || !/^(dockerfile|compose) /.test(image.key) || at.has(image.folder)) continue;
    const held = inside.get(image.folder);
    const [only] = held ?? [];
    if (only && held?.length === 1 && !sets.holds(only, "dockerfile", "compose")) sets.join(image, only);
  }
}

/** A deployment called like the only folder of that name: `orders` runs `services/orders`. */
function joinByName(elements: readonly FoundElement[], sets: DisjointSets): void {
  const byName = new Map<string, Set<FoundElement>>();
  for (const one of elements) {
    if (!/^(dockerfile|package) /.test(one.key) || one.folder === undefined) continue;
    for (const name of [slug(lastOf(one.folder)), slug(one.name)])
      for (const key of [`whole ${name}`, `bare ${bare(name)}`, ...endingsOf(name).map((end) => `end ${end}`)])
        byName.set(key, (byName.get(key) ?? new Set()).add(one));
  }
  for (const service of elements) {
    if (!/^(kubernetes|compose) /.test(service.key) || !isOwnProcess(service) || service.folder !== undefined) continue;
    const wanted = [service.name, ...(service.image === undefined ? [] : [lastOf(service.image)])].map(slug);
    const keys = wanted
      .filter((name) => name !== "" && !commonName.test(name))
      .flatMap((name) => [`bare ${bare(name)}`, `end ${name}`, ...endingsOf(name).map((end) => `whole ${end}`)]);
    const named = keys.flatMap((key) => [...(byName.get(key) ?? [])]);
    // Where images of other places bear the name too, the code is meant.
    const projects = named.filter((one) => one.key.startsWith("package ") && one.onlyJoins === undefined);
    const fitting = projects.length > 0 ? projects : named;
    const roots = new Set(fitting.map((one) => sets.find(one)));
    const [only] = fitting;
    if (only && roots.size === 1 && !sets.holds(only, "compose")) sets.join(service, only);
  }
}

/** An image called like the only project of that name is built from it, wherever its Dockerfile lies. */
function joinImagesByName(elements: readonly FoundElement[], sets: DisjointSets): void {
  const projects = Map.groupBy(
    elements.filter(({ key, onlyJoins }) => key.startsWith("package ") && onlyJoins === undefined),
    ({ name }) => slug(name),
  );
  for (const image of elements) {
    const name = slug(image.name);
    if (!image.key.startsWith("dockerfile ") || commonName.test(name) || sets.holds(image, "package")) continue;
    const fitting = projects.get(name) ?? [];
    const [only] = fitting;
    if (only && new Set(fitting.map((one) => sets.find(one))).size === 1) sets.join(image, only);
  }
}

/** `cart` and `cartservice` are one name. */
function bare(name: string): string {
  return commonName.test(name) ? "" : name.replaceAll("-", "").replace(/(service|svc)$/, "") || name;
}

/** `spring-petclinic-customers-service` ends in `customers-service`: endings of two words or more that tell something. */
function endingsOf(name: string): string[] {
  const words = name.split("-");
  return words
    .map((_, index) => words.slice(index).join("-"))
    .filter((end, index) => index > 0 && end.length >= 5 && end.includes("-"));
}

class DisjointSets {
  private readonly parents: Map<FoundElement, FoundElement>;
  /** Kinds of finding in each set, by its top. */
  private readonly kinds: Map<FoundElement, Set<string>>;

  constructor(elements: readonly FoundElement[]) {
    this.parents = new Map(elements.map((one) => [one, one]));
    this.kinds = new Map(elements.map((one) => [one, new Set([one.key.split(" ", 1)[0] ?? ""])]));
  }

  find(one: FoundElement): FoundElement {
    let top = one;
    for (let next = this.parents.get(top); next !== undefined && next !== top; next = this.parents.get(top)) top = next;
    // Paths are shortened, so that long chains cost nothing twice.
    for (let at = one; at !== top; ) {
      const next = this.parents.get(at) ?? top;
      this.parents.set(at, top);
      at = next;
    }
    return top;
  }

  join(one: FoundElement, other: FoundElement): void {
    const [from, to] = [this.find(one), this.find(other)];
    if (from === to) return;
    this.parents.set(from, to);
    for (const kind of this.kinds.get(from) ?? []) this.kinds.get(to)?.add(kind);
  }

  joinAll(elements: readonly FoundElement[]): void {
    const [first, ...others] = elements;
    for (const other of others) if (first) this.join(other, first);
  }

  /** Whether the set of an element holds a finding of one of these kinds. */
  holds(one: FoundElement, ...kinds: readonly string[]): boolean {
    const held = this.kinds.get(this.find(one));
    return kinds.some((kind) => held?.has(kind));
  }

  groups(): FoundElement[][] {
    return [...Map.groupBy(this.parents.keys(), (one) => this.find(one)).values()];
  }
}
