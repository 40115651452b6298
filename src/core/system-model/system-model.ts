import type { NotInspected, Place } from "../domain/problem.ts";
import type { Survey } from "../domain/survey.ts";
import { fittingId } from "../domain/threat-id.ts";
import {
  emptyModel,
  type ModelBoundary,
  type ModelElement,
  type ModelFlow,
  type ThreatModel,
} from "../domain/threat-model.ts";
import { componentsOf, kindOf } from "./components.ts";
import { connect } from "./connect.ts";
import { dataClasses, withData } from "./data.ts";
import { folded, mostElements } from "./fold.ts";
import type { Findings, FoundBoundary, FoundElement } from "./found.ts";
import { byFolder, compare, type Group, groupsOf, ownerOf } from "./groups.ts";
import { lastOf, slug } from "./names.ts";
import { withNeeded } from "./needed-stores.ts";
import type { Component, Connection, DataClass } from "./parts.ts";
import { sources } from "./sources/index.ts";

/** A system as a repository's own files state it, and where each part of it is stated. */
export interface DerivedSystem {
  readonly model: ThreatModel;
  /** Places that state an element, flow or boundary, by its id; the most telling first. */
  readonly origins: ReadonlyMap<string, readonly Place[]>;
  /** Parts that stand folded in one element, by its id. */
  readonly holds: ReadonlyMap<string, readonly string[]>;
  readonly data: readonly DataClass[];
  /** Every component before folding: what coverage is measured on. */
  readonly components: readonly Component[];
  readonly notRead: readonly NotInspected[];
}

/** Boundaries that belong to no file: outside, and where nothing says where something runs. */
const internet: FoundBoundary = { id: "internet", name: "Internet and other callers", place: { path: "" } };
const thirdParties: FoundBoundary = { id: "third-parties", name: "Third parties", place: { path: "" } };
const unplaced: FoundBoundary = {
  id: "own-system",
  name: "Own system (where it runs is not stated)",
  place: { path: "" },
};

const callersId = "callers";

/**
 * Derives the model of a system from what its files state: components, stores, outside parties, flows, boundaries and classes of
 * data. Pure and deterministic: the order of files does not matter, and ids rest on names alone, so that unrelated files change none.
 * What no file states is absent.
 * @param most elements that the model may have before kinds are folded.
 */
export function deriveSystem(survey: Survey, most?: number): DerivedSystem {
  const findings = merged(sources.map((source) => source.find(survey)));
  const groups = [...groupsOf(findings.elements, survey.name)];
  const folders = byFolder(groups);
  const code = codeOf(findings.elements, groups, folders, survey.name);
  const known = componentsOf(groups, code);
  const ground = { groups, components: known, folders };
  const first = connect(findings.flows, ground);
  const { stores, connections } = withNeeded([...known.values()], first);
  const all = withoutStray([...known.values(), ...stores], connections).map(inBoundary);
  const owner = (path: string): Component | undefined => {
    const group = ownerOf(path, folders);
    return group && known.get(group);
  };
  const described = withData(all, connections, findings.data, owner);
  const { components, connections: flows } = folded(described, connections, (most ?? mostElements) - 1);
  const entered = callersOf(components, flows);
  return assembled(survey, components, [...entered, ...flows], findings, described);
}

function merged(all: readonly Findings[]): Findings {
  return {
    elements: all.flatMap(({ elements }) => elements).sort((a, b) => compare(a.key, b.key)),
    flows: all.flatMap(({ flows }) => flows),
    boundaries: all.flatMap(({ boundaries }) => boundaries),
    data: all.flatMap(({ data }) => data),
  };
}

/** Files with routes from which on code around which nothing stands is taken for an application. */
const fewestFiles = 3;

/** What code says of the component around it. Code around which nothing stands is the repository's own. */
function codeOf(
  elements: readonly FoundElement[],
  groups: Group[],
  folders: Map<string, Group>,
  rootName: string,
): Map<Group, FoundElement[]> {
  const found = new Map<Group, FoundElement[]>();
  // One line that looks like a route is no application; several files of routes are one, whatever builds it.
  const stray = elements.filter(
    ({ code: path, key }) => path !== undefined && key.startsWith("route ") && !ownerOf(path, folders),
  );
  const ofNobody = stray.length >= fewestFiles;
  for (const one of elements) {
    if (one.code === undefined) continue;
    let owner = ownerOf(one.code, folders);
    if (!owner && !(ofNobody && one.key.startsWith("route "))) continue;
    if (!owner) {
      const root: FoundElement = {
        key: "root",
        name: rootName,
        aliases: [],
        folder: "",
        files: [],
        facts: [],
        places: [],
        rank: 0,
        onlyJoins: true,
      };
      owner = { members: [root], folders: [""] };
      groups.push(owner);
      folders.set("", owner);
    }
    const list = found.get(owner);
    if (list) list.push(one);
    else found.set(owner, [one]);
  }
  return found;
}

/** Outside parties to which nothing leads are of tools and scripts, not of the system. */
function withoutStray(components: readonly Component[], connections: readonly Connection[]): Component[] {
  const met = new Set(connections.flatMap(({ from, to }) => [from, to]));
  return components.filter((one) => one.boundary !== thirdParties.id || met.has(one.id));
}

function inBoundary(component: Component): Component {
  return component.boundary === undefined ? { ...component, boundary: unplaced.id } : component;
}

/**
 * Who comes in from outside, one arrow for each way in. A part that others of the system stand in front of, and that nothing but its
 * own code says to be reached, is reached by them.
 */
function callersOf(components: readonly Component[], flows: readonly Connection[]): Connection[] {
  const reached = new Set(flows.map(({ to }) => to));
  const gates = components.filter(({ type, wayIn }) => wayIn && (type === "k8s-ingress" || type === "edge-gateway"));
  const gateIds = new Set(gates.map(({ id }) => id));
  const behind = new Set(flows.filter(({ from }) => gateIds.has(from)).map(({ to }) => to));
  return components.flatMap((one): Connection[] => {
    const { wayIn, id, type } = one;
    const open = wayIn ?? (type === "browser-spa" ? one.places[0] : undefined);
    if (!open || behind.has(id)) return [];
    const isHidden = reached.has(id) || (gates.length > 0 && type !== "browser-spa");
    if (one.isPublished === undefined && isHidden) return [];
    return [{ from: callersId, to: id, place: open }];
  });
}

function assembled(
  survey: Survey,
  components: readonly Component[],
  flows: readonly Connection[],
  findings: Findings,
  whole: readonly Component[],
): DerivedSystem {
  const origins = new Map<string, readonly Place[]>();
  const holds = new Map<string, readonly string[]>();
  const entered = flows.filter(({ from }) => from === callersId);
  const elements: ModelElement[] = entered.length === 0 ? [] : [callers(entered)];
  if (entered.length > 0)
    origins.set(
      callersId,
      entered.slice(0, 3).map(({ place }) => place),
    );
  for (const one of components) {
    origins.set(one.id, one.places);
    if (one.holds) holds.set(one.id, one.holds);
    elements.push({
      id: one.id,
      name: one.name,
      kind: kindOf(one.type),
      type: one.type,
      ...(one.technology ? { technology: one.technology } : {}),
      ...(one.boundary === undefined ? {} : { boundary: one.boundary }),
      data: one.data,
      files: one.files,
      facts: one.facts,
      place: one.places[0] ?? { path: "" },
    });
  }
  const taken = new Set(elements.map(({ id }) => id));
  const modelFlows = flows.map((flow): ModelFlow => {
    const { from, to, protocol, place } = flow;
    const plain = fittingId(`${from}-to-${to}`);
    const id = taken.has(plain) ? fittingId(`${from} to ${to}`) : plain;
    taken.add(id);
    origins.set(id, [place]);
    return { id, from, to, data: [], ...(protocol === undefined ? {} : { protocol }), facts: [], place };
  });
  const boundaries = boundariesOf(elements, findings.boundaries);
  for (const { id, place } of boundaries) if (place.path !== "") origins.set(id, [place]);
  const data = dataClasses(findings.data);
  const model: ThreatModel = {
    ...emptyModel("native", []),
    system: {
      id: fittingId(slug(survey.name) || "system"),
      name: { text: survey.name, place: { path: "" } },
      users: [],
      data: data.map(({ name, classification, places }) => ({
        name,
        classification,
        place: places[0] ?? { path: "" },
      })),
      links: linksIn(survey.paths).map((text) => ({ text, place: { path: text } })),
    },
    elements,
    flows: modelFlows.sort((a, b) => compare(a.id, b.id)),
    boundaries,
  };
  return { model, origins, holds, data, components: whole, notRead: survey.notRead };
}

function callers(entered: readonly Connection[]): ModelElement {
  const [first] = entered;
  return {
    id: callersId,
    name: "Users and other callers",
    kind: "external",
    type: "external-entity",
    boundary: internet.id,
    data: [],
    files: [],
    facts: [],
    place: first?.place ?? { path: "" },
  };
}

/** The boundaries in which something lies, and those around them. */
function boundariesOf(elements: readonly ModelElement[], found: readonly FoundBoundary[]): ModelBoundary[] {
  const known = new Map<string, FoundBoundary>();
  for (const one of [
    internet,
    thirdParties,
    unplaced,
    ...[...found].sort((a, b) => compare(a.place.path, b.place.path)),
  ])
    if (!known.has(one.id)) known.set(one.id, one);
  const used = new Set<string>();
  for (const { boundary } of elements) {
    for (let id = boundary; id !== undefined && !used.has(id); id = known.get(id)?.parent) used.add(id);
  }
  return [...known.values()].filter(({ id }) => used.has(id)).sort((a, b) => compare(a.id, b.id));
}

/** Documents about the architecture, by the names that teams give them. */
function linksIn(paths: readonly string[]): string[] {
  const named = paths.filter(
    (path) =>
      /(^|\/)(architecture|design|system-overview)[^/]*\.(md|adoc|rst)$/i.test(path) && path.split("/").length <= 3,
  );
  const readme = paths.filter((path) => /^readme(\.\w+)?$/i.test(lastOf(path)) && !path.includes("/"));
  return [...named.slice(0, 3), ...readme.slice(0, 1)];
}
