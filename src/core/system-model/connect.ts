import { kindOf } from "./components.ts";
import type { FoundElement, FoundFlow } from "./found.ts";
import { compare, type Group, ownerOf } from "./groups.ts";
import { folderOf } from "./names.ts";
import type { Component, Connection } from "./parts.ts";

/** What flows are resolved against. */
export interface Ground {
  readonly groups: readonly Group[];
  readonly components: ReadonlyMap<Group, Component>;
  readonly folders: ReadonlyMap<string, Group>;
}

/** A store that only its clients speak of, and who they are. */
export interface NeededStore {
  readonly from: Component;
  readonly type: Component["type"];
  readonly products: readonly string[];
  /** The address under which several name it: then it is one store for all of them. */
  readonly address?: string;
  /** A file says that it is used, by an address or a setting. A driver alone says that it may be. */
  readonly isStated: boolean;
  readonly flow: FoundFlow;
}

export interface Connected {
  readonly connections: readonly Connection[];
  readonly needed: readonly NeededStore[];
}

/**
 * Leads the ends of flows to components. An end that leads to none, or to several, is no flow: nobody is connected by a guess. A
 * manifest's client of a product leads to the one store of that product; where there is none, the store is needed.
 */
export function connect(flows: readonly FoundFlow[], ground: Ground): Connected {
  const index = indexOf(ground);
  const found = new Map<string, Connection & { readonly weak: boolean }>();
  const add = (from: Component | undefined, to: Component | undefined, flow: FoundFlow): void => {
    // A store answers; it calls nobody.
    if (!from || !to || from.id === to.id || (kindOf(from.type) === "store" && from.type !== "logging-monitoring"))
      return;
    const key = `${from.id}\u0000${to.id}`;
    const other = found.get(key);
    const better =
      !other ||
      (other.weak && flow.weak !== true) ||
      (other.protocol === undefined && flow.protocol !== undefined && other.weak === (flow.weak === true));
    if (better)
      found.set(key, {
        from: from.id,
        to: to.id,
        ...(flow.protocol ? { protocol: flow.protocol } : {}),
        place: flow.place,
        weak: flow.weak === true,
      });
  };
  const ofProducts: FoundFlow[] = [];
  for (const flow of [...flows].sort(byPlace)) {
    if ("product" in flow.to) ofProducts.push(flow);
    else add(index.endOf(flow.from), index.endOf(flow.to), flow);
  }
  const needed = new Map<string, NeededStore>();
  const uses = new Map<string, Component[]>();
  const use = (from: Component, to: Component | undefined): void => {
    if (to) uses.set(from.id, [...(uses.get(from.id) ?? []), to]);
  };
  for (const { from, to } of found.values()) {
    const user = index.byId.get(from);
    if (user) use(user, index.byId.get(to));
  }
  for (const flow of ofProducts) {
    const from = index.endOf(flow.from);
    if (!from || !("product" in flow.to)) continue;
    const { product, type, address } = flow.to;
    const used = uses.get(from.id) ?? [];
    if (used.some((one) => one?.type === type && !(one.technology ?? "").startsWith(product))) continue;
    const candidates = index.storesOf(type, product);
    const [only] = candidates;
    if (candidates.length === 1) {
      add(from, only, flow);
      use(from, only);
    } else if (candidates.length === 0 && !used.some((one) => one?.type === type)) {
      const key = `${from.id}\u0000${type}`;
      const other = needed.get(key);
      const at = other?.address ?? address;
      const states = flow.weak !== true || address !== undefined;
      // What a setting states decides which of several drivers is used.
      const before = other && states && !other.isStated ? undefined : other;
      if (other?.isStated && !states) continue;
      needed.set(key, {
        from,
        type,
        products: [...new Set([...(before?.products ?? []), product])].sort(),
        flow: before?.flow ?? flow,
        isStated: states,
        ...(at === undefined ? {} : { address: at }),
      });
    }
  }
  const connections = [...found.values()].map(({ weak: _, ...connection }) => connection);
  return {
    connections: connections.sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to)),
    needed: [...needed.values()],
  };
}

function isProduct(technology: string): boolean {
  return /PostgreSQL|MySQL|SQLite|SQL Server|Oracle|Cockroach|ClickHouse|MongoDB|DynamoDB|Cassandra|Couch|Firestore|Neo4j|Redis|Memcached|RabbitMQ|Kafka|NATS|MQTT|ActiveMQ|SQS|Elasticsearch|MinIO|S3/i.test(
    technology,
  );
}

function byPlace(one: FoundFlow, other: FoundFlow): number {
  return (
    compare(one.place.path, other.place.path) ||
    (one.place.line ?? 0) - (other.place.line ?? 0) ||
    compare(JSON.stringify(one.to), JSON.stringify(other.to))
  );
}

/** Things of one name beyond which nobody could tell which is meant. */
const mostNamesakes = 100;

interface Index {
  readonly byId: ReadonlyMap<string, Component>;
  endOf(end: FoundFlow["from"]): Component | undefined;
  /** Stores of a product; where none is known as such, those of its type whose product nobody states. */
  storesOf(type: Component["type"], product: string): readonly Component[];
}

function indexOf({ groups, components, folders }: Ground): Index {
  const byKey = new Map<string, Group>();
  const byAlias = new Map<string, { group: Group; member: FoundElement }[]>();
  for (const group of groups) {
    for (const member of group.members) {
      byKey.set(member.key, group);
      for (const alias of member.aliases) {
        const key = alias.toLowerCase();
        const list = byAlias.get(key);
        if (list) list.push({ group, member });
        else byAlias.set(key, [{ group, member }]);
      }
    }
  }
  const withCode = [...components].filter(([group]) => group.folders.length > 0);
  const all = [...components.values()];
  const asked = new Map<string, readonly Component[]>();
  return {
    byId: new Map(all.map((one) => [one.id, one])),
    storesOf(type, product) {
      const key = `${type} ${product}`;
      const known = asked.get(key);
      if (known) return known;
      const stores = all.filter((one) => one.type === type);
      const exact = stores.filter(({ technology }) => technology?.startsWith(product));
      const open = stores.filter(({ technology }) => technology === undefined || !isProduct(technology));
      const answer = exact.length > 0 ? exact : open;
      asked.set(key, answer);
      return answer;
    },
    endOf(end) {
      if ("key" in end) return componentAt(byKey.get(end.key));
      if ("code" in end) return ofCode(end.code);
      if ("product" in end) return undefined;
      return byName(end.alias, end.scope);
    },
  };

  function componentAt(group: Group | undefined): Component | undefined {
    return group && components.get(group);
  }

  /** The component around a file; of a library that runs nowhere by itself, the one around it, or the only one that there is. */
  function ofCode(path: string): Component | undefined {
    let at = path;
    for (let group = ownerOf(at, folders); group; group = ownerOf(at, folders)) {
      const component = components.get(group);
      if (component) return component;
      const [folder = ""] = group.folders.filter((one) => at.startsWith(one)).sort((a, b) => b.length - a.length);
      if (folder === "") break;
      at = folder;
      if (folderOf(at) === at) break;
    }
    const processes = withCode.filter(([, { type }]) => kindOf(type) === "process" && type !== "browser-spa");
    return processes.length === 1 ? processes[0]?.[1] : undefined;
  }

  function byName(alias: string, scope: string | undefined): Component | undefined {
    const named = byAlias.get(alias.toLowerCase()) ?? byAlias.get(alias.toLowerCase().split(".")[0] ?? "") ?? [];
    if (named.length > mostNamesakes) return undefined;
    const nearest = [
      named.filter(({ member }) => member.key.includes(` ${scope} `)),
      named.filter(
        ({ member }) => scope !== undefined && member.files.some((file) => folderOf(file) === folderOf(scope)),
      ),
      named,
    ].find((list) => list.length > 0);
    const groupsNamed = new Set(nearest?.map(({ group }) => group));
    const [only] = groupsNamed;
    return groupsNamed.size === 1 ? componentAt(only) : undefined;
  }
}
