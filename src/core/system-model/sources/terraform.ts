import type { ElementType } from "../../domain/element-type.ts";
import type { Place } from "../../domain/problem.ts";
import type { Survey } from "../../domain/survey.ts";
import type { FoundBoundary, FoundElement, FoundFlow } from "../found.ts";
import { folderOf, lastOf } from "../names.ts";
import type { Source } from "../source.ts";
import { productOf } from "../technologies.ts";
import { accountOf, isDrawn, modulesOf, network, typeOf, wordsOfModule } from "../terraform-types.ts";
import { placeOf, type Thing, textOf, thingsOf } from "../things.ts";

/** Folders whose names say nothing about which part of the infrastructure they hold. */
const plainFolder = /^(terraform|tf|infra|infrastructure|iac|deploy|deployment|main|src|modules?|\.?)$/i;
const plainName = /^(this|main|default|primary|self|self_managed|example|app|application)$/i;

/** How far references are followed through subnets, groups and listeners. */
const deepest = 4;

/**
 * Terraform and OpenTofu: stores, functions, gateways and services of a cloud, the networks around them, and which refers to which.
 * Resources of one module folder see each other. https://developer.hashicorp.com/terraform/language
 */
export const source: Source = {
  name: "Terraform",
  find(survey) {
    const all = [...thingsOf(survey, "terraform-resource"), ...modulesOf(survey)];
    const present = new Set(all.map(({ item }) => item.type));
    const folders = Map.groupBy(all, ({ path }) => folderOf(path));
    const findings = [...folders].map(([folder, things]) => inModule(folder, things, movesIn(survey, folder), present));
    const boundaries = new Map<string, FoundBoundary>();
    for (const found of findings)
      for (const one of found.boundaries) if (!boundaries.has(one.id)) boundaries.set(one.id, one);
    return {
      elements: findings.flatMap(({ elements }) => elements),
      flows: findings.flatMap(({ flows }) => flows),
      boundaries: [...boundaries.values()],
      data: [],
    };
  },
};

function movesIn(survey: Survey, folder: string): ReadonlyMap<string, string> {
  return new Map(
    survey.files.filter(({ path }) => folderOf(path) === folder).flatMap(({ moved }) => [...(moved ?? [])]),
  );
}

function inModule(
  folder: string,
  things: readonly Thing[],
  moved: ReadonlyMap<string, string>,
  present: ReadonlySet<string>,
): { elements: FoundElement[]; flows: FoundFlow[]; boundaries: FoundBoundary[] } {
  const byAddress = new Map(things.map((thing) => [addressOf(thing), thing]));
  const references = new Map(things.map((thing) => [addressOf(thing), referencesOf(thing, byAddress)]));
  const shown = things.filter((thing) => isDrawn(thing, present));
  const companions = Map.groupBy(things, ({ item }) => textOf(item, "attached-to") ?? "");
  const boundaries: FoundBoundary[] = [];
  // A module from elsewhere names no cloud; it runs in the one that all others of its folder do.
  const accounts = new Set(things.map(accountOf).filter((account) => account !== undefined));
  const [common] = accounts.size === 1 ? accounts : [];
  const elements = shown.map((thing): FoundElement => {
    const account = accountOf(thing) ?? common;
    const around = networkOf(addressOf(thing), references, byAddress);
    if (account) boundaries.push({ id: account[1], name: account[2], place: { path: thing.path } });
    if (around)
      boundaries.push({
        id: idOfNetwork(folder, around),
        name: `Network ${nameOf(folder, around, new Map())}`,
        ...(account ? { parent: account[1] } : {}),
        place: placeOf(around),
      });
    const boundary = around ? idOfNetwork(folder, around) : account?.[1];
    return elementOf(folder, thing, companions.get(thing.item.name) ?? [], boundary, moved);
  });
  const flows = [...directFlows(shown, references, byAddress), ...joinedFlows(things, shown, references)];
  return { elements, flows: flows.map((flow) => withKeys(flow, byAddress)), boundaries };
}

function addressOf({ item }: Thing): string {
  return `${item.type}.${item.name}`;
}

/** All secrets of one folder are one store of secrets: nobody reads a list of them in a diagram. */
function isSecret({ item, types }: Thing): boolean {
  return typeOf(item.type, types) === "secrets-manager";
}

function keyOf(thing: Thing): string {
  const { path, item } = thing;
  if (isSecret(thing)) return `terraform secrets ${accountOf(thing)?.[1] ?? "cloud"}`;
  return `terraform ${folderOf(path)} ${item.type}.${item.name}`;
}

/** Which other resources of the module the attributes name, with the attribute that does. */
function referencesOf(thing: Thing, all: ReadonlyMap<string, Thing>): Map<string, string> {
  const found = new Map<string, string>();
  const own = addressOf(thing);
  for (const [name, value] of thing.item.attributes) {
    if (typeof value !== "string" || name === "attached-to") continue;
    if (!name.startsWith("depends_on")) {
      for (const match of value
        .slice(0, 4_000)
        .matchAll(/\b([a-z][a-z0-9]{1,20}_[a-z0-9_]{1,80}|module)\.([A-Za-z_][\w-]{0,80})/g)) {
        const address = `${match[1]}.${match[2]}`;
        if (address !== own && all.has(address) && !found.has(address)) found.set(address, name);
      }
    }
  }
  return found;
}

type References = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The network that a resource lies in, by its own references or through its subnet group. */
function networkOf(address: string, references: References, all: ReadonlyMap<string, Thing>): Thing | undefined {
  let ring = [address];
  const seen = new Set(ring);
  for (let depth = 0; depth < deepest; depth++) {
    const next: string[] = [];
    for (const one of ring) {
      for (const [other, attribute] of references.get(one) ?? []) {
        if (seen.has(other)) continue;
        seen.add(other);
        const thing = all.get(other);
        if (thing === undefined) continue;
        if (network.test(thing.item.type)) return thing;
        const leads =
          /subnet|vpc|network|security_group/.test(attribute) || /subnet|security_group/.test(thing.item.type);
        if (leads) next.push(other);
      }
    }
    ring = next.sort();
  }
  return undefined;
}

function idOfNetwork(folder: string, thing: Thing): string {
  return `network-${nameOf(folder, thing, new Map()).replace(/[^A-Za-z0-9]+/g, "-")}`;
}

/** The resource's own name; one that says nothing takes the folder's or the type's. A stated rename keeps the old one. */
function nameOf(folder: string, thing: Thing, moved: ReadonlyMap<string, string>): string {
  let address = addressOf(thing);
  for (let step = 0; step < deepest && moved.has(address); step++) address = moved.get(address) ?? address;
  const name = address.slice(address.lastIndexOf(".") + 1);
  if (!plainName.test(name)) return name;
  const module = lastOf(folder);
  return plainFolder.test(module) ? name : module;
}

function elementOf(
  folder: string,
  thing: Thing,
  beside: readonly Thing[],
  boundary: string | undefined,
  moved: ReadonlyMap<string, string>,
): FoundElement {
  const { item, path, types } = thing;
  const type = typeOf(item.type, types) ?? "process";
  const words =
    item.type === "module"
      ? wordsOfModule(textOf(item, "source") ?? "")
      : item.type.replace(/^(aws|azurerm|google|digitalocean)_/, "").replaceAll("_", " ");
  const engine = productOf(
    textOf(item, "engine") ?? textOf(item, "engine_version") ?? textOf(item, "database_version") ?? "",
  );
  const name = nameOf(folder, thing, moved);
  // What companions state of it (`aws_s3_bucket_versioning`) is stated of it.
  const companions = beside.filter((other) => other.item.type.startsWith(`${item.type}_`));
  const external = textOf(item, "internal") === "false" ? placeOf(thing, "internal") : undefined;
  const isGate = type === "edge-gateway" && textOf(item, "internal") !== "true";
  return {
    key: keyOf(thing),
    name: isSecret(thing) ? `${accountOf(thing)?.[2] ?? "cloud"} secrets` : named(name.replaceAll("_", " "), words),
    type,
    technology: engine ? `${engine.name} (${words})` : words,
    aliases: [addressOf(thing), ...literalNames(thing)],
    files: [path],
    ...(boundary === undefined ? {} : { boundary }),
    facts: [...thing.facts, ...companions.flatMap(({ facts }) => facts)],
    ...(isGate ? { wayIn: external ?? placeOf(thing) } : {}),
    places: [placeOf(thing)],
    rank: 35,
  };
}

/** The name with what it is, as far as the name does not say so already. */
function named(name: string, words: string): string {
  const said = new Set(name.toLowerCase().split(/[\s-]+/));
  const more = words.split(/[\s-]+/).filter((word) => !said.has(word.toLowerCase()));
  return [name, ...more].join(" ");
}

/** Names that the cloud will give it, where they are written out. */
function literalNames({ item }: Thing): string[] {
  return ["name", "bucket", "identifier", "function_name", "cluster_identifier"].flatMap((attribute) => {
    const value = textOf(item, attribute);
    return value === undefined || /[${}()]|\.[a-z_]+\./.test(value) ? [] : [value];
  });
}

interface Link {
  readonly from: string;
  readonly to: string;
  readonly place: Place;
}

const caller: ReadonlySet<ElementType> = new Set([
  "serverless-function",
  "container-image",
  "k8s-workload",
  "edge-gateway",
  "data-pipeline",
  "llm-component",
]);
/** Attributes that place or protect a resource; they carry no data. */
const noFlow =
  /role|iam|polic|security_group|subnet|vpc|kms|key_id|log_group|tags|dead_letter|redrive|logging|access_logs|monitoring|certificate|secret.*rotation|ami|image|cluster$|capacity/i;

/** A function whose settings name a bucket uses the bucket. */
function directFlows(shown: readonly Thing[], references: References, all: ReadonlyMap<string, Thing>): Link[] {
  const isShown = new Set(shown.map(addressOf));
  return shown.flatMap((thing) => {
    const type = typeOf(thing.item.type, thing.types);
    if (type === undefined || !caller.has(type)) return [];
    const own = addressOf(thing);
    const targets = [...(references.get(own) ?? [])].flatMap(([other, attribute]): (readonly [string, string])[] => {
      if (noFlow.test(attribute)) return [];
      if (isShown.has(other)) return [[other, attribute]];
      // The definition of a task says what its service uses.
      if (!/task_definition|launch_template/.test(all.get(other)?.item.type ?? "")) return [];
      return [...(references.get(other) ?? [])]
        .filter(([target, by]) => isShown.has(target) && !noFlow.test(by))
        .map(([target]) => [target, attribute] as const);
    });
    return targets.map(([to, attribute]): Link => ({ from: own, to, place: placeOf(thing, attribute) }));
  });
}

const joins =
  /_(event_source_mapping|listener|listener_rule|target_group|integration|route|method|subscription|notification|target|permission|url_map|backend_service|target_group_attachment)$/;

/** What stands between a gateway and what it serves, or a queue and what it wakes: followed, never drawn. */
function joinedFlows(things: readonly Thing[], shown: readonly Thing[], references: References): Link[] {
  const isShown = new Map(shown.map((thing) => [addressOf(thing), thing]));
  const links: Link[] = [];
  const between = new Map(things.filter(({ item }) => joins.test(item.type)).map((thing) => [addressOf(thing), thing]));
  // Neighbours of each joining resource, both ways: a service names its target group, a listener names both.
  const neighbours = new Map<string, Set<string>>();
  const join = (one: string, other: string): void => {
    neighbours.set(one, (neighbours.get(one) ?? new Set()).add(other));
  };
  for (const [address, others] of references) {
    for (const [other, attribute] of others) {
      if (noFlow.test(attribute)) continue;
      if (between.has(address) || between.has(other)) {
        join(address, other);
        join(other, address);
      }
    }
  }
  for (const thing of shown) {
    const type = typeOf(thing.item.type, thing.types);
    if (type !== "edge-gateway" && type !== "message-broker" && type !== "object-store") continue;
    const start = addressOf(thing);
    const seen = new Set([start]);
    let ring = [start];
    for (let depth = 0; depth < deepest; depth++) {
      const next: string[] = [];
      for (const one of ring) {
        for (const other of [...(neighbours.get(one) ?? [])].sort()) {
          if (seen.has(other)) continue;
          seen.add(other);
          const end = isShown.get(other);
          if (end === undefined && between.has(other)) next.push(other);
          else if (end && caller.has(typeOf(end.item.type, end.types) ?? "process") && one !== start)
            links.push({ from: start, to: other, place: placeOf(between.get(one) ?? thing) });
        }
      }
      ring = next;
    }
  }
  return links;
}

function withKeys({ from, to, place }: Link, all: ReadonlyMap<string, Thing>): FoundFlow {
  const end = (address: string): { key: string } => {
    const thing = all.get(address);
    return { key: thing ? keyOf(thing) : address };
  };
  return { from: end(from), to: end(to), place };
}
