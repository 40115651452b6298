import type { Fact } from "../../domain/fact.ts";
import type { Place } from "../../domain/problem.ts";
import { addressesIn, isSelf, saysHost } from "../addresses.ts";
import { type FoundElement, type FoundFlow, nothingFound } from "../found.ts";
import { folderOf, lastOf } from "../names.ts";
import type { Source } from "../source.ts";
import { productOf } from "../technologies.ts";
import { attributesUnder, placeOf, type Thing, textOf, thingsOf } from "../things.ts";

const workloads = /^(Deployment|StatefulSet|DaemonSet|Pod|ReplicaSet|Rollout|CronJob|DeploymentConfig)$/;
const ways = /^(Ingress|IngressRoute|HTTPRoute|GRPCRoute|Gateway|VirtualService|Route|HTTPProxy)$/;
/** Overlays repeat what their base says. */
const overlay = /(^|\/)(overlays?|patches|components)\//i;

/**
 * Kubernetes objects and Helm templates: workloads, the Services in front of them, what Ingress and routes let in, and the neighbours
 * that their settings name. https://kubernetes.io/docs/reference/kubernetes-api/
 */
export const source: Source = {
  name: "Kubernetes",
  find(survey) {
    const objects = thingsOf(survey, "kubernetes-object");
    const running = objects.filter(
      ({ item }) => workloads.test(item.type) && attributesUnder(item, "image.").length > 0,
    );
    const whole = running.filter(({ path }) => !overlay.test(path));
    const kept = whole.length > 0 ? whole : running;
    if (kept.length === 0 && !objects.some(({ item }) => ways.test(item.type))) return nothingFound;
    const spaces = new Map(
      kept.flatMap((thing) => {
        const space = spaceOf(thing);
        return space === undefined ? [] : [[space, thing] as const];
      }),
    );
    const [first] = kept.length > 0 ? kept : objects;
    const services = Map.groupBy(
      objects.filter(({ item }) => item.type === "Service"),
      selectorKey,
    );
    const maps = Map.groupBy(
      objects.filter(({ item }) => item.type === "ConfigMap"),
      ({ item }) => item.name,
    );
    const entrances = objects.filter(({ item }) => ways.test(item.type));
    return {
      elements: [...kept.map((thing) => workloadOf(thing, services)), ...entrances.map(entranceOf)],
      flows: [...kept.flatMap((thing) => flowsOf(thing, maps)), ...entrances.flatMap(entranceFlows)],
      boundaries: [
        ...(first ? [{ id: "cluster", name: "Kubernetes cluster", place: { path: first.path } }] : []),
        ...(spaces.size > 1
          ? [...spaces].map(([space, thing]) => ({
              id: `namespace-${space}`,
              name: `Namespace ${space}`,
              parent: "cluster",
              place: placeOf(thing, "metadata.namespace"),
            }))
          : []),
      ],
      data: [],
    };

    function boundaryOf(thing: Thing): string {
      const space = spaceOf(thing);
      return space !== undefined && spaces.size > 1 && spaces.has(space) ? `namespace-${space}` : "cluster";
    }

    function workloadOf(thing: Thing, all: ReadonlyMap<string, readonly Thing[]>): FoundElement {
      const { item, path } = thing;
      const image = textOf(item, "image.0") ?? "";
      const isTemplated = image.includes("$") || image.includes("{") || !/[a-z]/.test(image);
      const product = productOf(isTemplated ? withinChart(path) : lastOf(image));
      const front = labelKeys(thing).flatMap((key) =>
        (all.get(key) ?? []).slice(0, mostFronts).filter((service) => selects(service, thing)),
      );
      const open = front.find((service) => /^(LoadBalancer|NodePort)$/.test(textOf(service.item, "spec.type") ?? ""));
      const name = nameOf(thing);
      return {
        key: keyOf(thing),
        name,
        ...(product
          ? { type: product.type, technology: product.name }
          : item.type === "CronJob"
            ? { type: "scheduled-job" as const }
            : {}),
        aliases: [name, ...front.map(nameOf)],
        ...(image === "" || product ? {} : { image }),
        ...(image === "" ? {} : { runs: image }),
        files: [path],
        boundary: boundaryOf(thing),
        facts: podFacts(thing),
        ...(open && !product ? { wayIn: placeOf(open, "spec.type") } : {}),
        places: [placeOf(thing)],
        rank: 25,
      };
    }

    function entranceOf(thing: Thing): FoundElement {
      return {
        key: entranceKey,
        name: "ingress",
        type: "k8s-ingress",
        technology: `Kubernetes ${thing.item.type}`,
        aliases: [],
        files: [thing.path],
        boundary: "cluster",
        facts: thing.facts,
        wayIn: placeOf(thing),
        places: [placeOf(thing)],
        rank: 25,
      };
    }
  },
};

/** All objects that let requests in are one way into the cluster, whichever controller serves them. */
const entranceKey = "kubernetes ingress";

function keyOf({ item, path }: Thing): string {
  return `kubernetes ${path} ${item.type} ${item.name}`;
}

/** A name that a template makes is known by the chart or the file instead. */
function nameOf({ item, path }: Thing): string {
  const stem = lastOf(path).replace(/\.(ya?ml|tpl)$/, "");
  const chart = chartOf(path);
  if (chart === undefined && !/[{}$]|^\s*$/.test(item.name) && !/^[A-Z]\w+$/.test(item.name)) return item.name;
  if (chart === undefined) return stem;
  if (/^[a-z0-9-]{1,63}$/.test(item.name)) return item.name;
  const own = withinChart(path)
    .replace(/\.(ya?ml|tpl)$/, "")
    .replaceAll("/", "-")
    .replace(kindWords, "");
  return own === "" || own === chart ? chart : `${chart}-${own}`;
}

/** A template's path inside its chart: a folder of its own, such as `redis/`, says what stands in it. */
function withinChart(path: string): string {
  const at = path.indexOf("templates/");
  return at < 0 ? lastOf(path) : path.slice(at + "templates/".length);
}

const kindWords =
  /(^|[-_.])(deployments?|statefulsets?|daemonsets?|cronjobs?|workload|pod|service|ingress|main|app)(?=$|[-_.])/gi;

/** The chart that a template belongs to; folders that only say "chart" stand for the one around them. */
function chartOf(path: string): string | undefined {
  const parts = path.split("/");
  const at = parts.indexOf("templates");
  if (at < 1) return undefined;
  const name = parts.slice(0, at).findLast((part) => !/^(charts?|helm|deploy|deployment|kubernetes|k8s)$/i.test(part));
  return name ?? parts[at - 1];
}

function spaceOf({ item }: Thing): string | undefined {
  const space = textOf(item, "metadata.namespace");
  return space === undefined || !/^[a-z0-9-]{1,63}$/.test(space) ? undefined : space;
}

/** Services with one selector that are compared with a workload: more stand in front of nothing that runs. */
const mostFronts = 20;

/** The folder and first label of what a Service selects: few workloads bear it, and only these are compared. */
function selectorKey({ item, path }: Thing): string {
  const [first] = attributesUnder(item, "spec.selector.");
  return first === undefined ? "" : `${folderOf(path)} ${first[0].slice("spec.selector.".length)}=${String(first[1])}`;
}

function labelKeys({ item, path }: Thing): string[] {
  const labels = ["spec.template.metadata.labels.", "metadata.labels."].flatMap((prefix) =>
    attributesUnder(item, prefix).map(
      ([name, value]) => `${folderOf(path)} ${name.slice(prefix.length)}=${String(value)}`,
    ),
  );
  return [...new Set(labels)];
}

/** Whether a Service stands in front of a workload: all labels it selects are on the pod. */
function selects(service: Thing, workload: Thing): boolean {
  const wanted = attributesUnder(service.item, "spec.selector.");
  if (wanted.length === 0 || folderOf(service.path) !== folderOf(workload.path)) return false;
  return wanted.every(([name, value]) => {
    const label = name.slice("spec.selector.".length);
    const on =
      workload.item.attributes.get(`spec.template.metadata.labels.${label}`) ??
      workload.item.attributes.get(`metadata.labels.${label}`);
    return on !== undefined && String(on) === String(value) && !/[{}]/.test(String(value));
  });
}

function podFacts(thing: Thing): Fact[] {
  const { item, path, facts } = thing;
  const stated: Fact[] = [...facts];
  for (const [name, value] of item.attributes) {
    const line = item.lines.get(name) ?? item.line;
    const say = (fact: string, is: "yes" | "no"): void => {
      stated.push({ fact, is, where: { path, line } });
    };
    if (name.endsWith("securityContext.runAsNonRoot") && value === true) say("runs-as-root", "no");
    else if (name.endsWith("securityContext.runAsUser") && value === 0) say("runs-as-root", "yes");
    else if (name.endsWith("securityContext.privileged") && value === true) say("privileged", "yes");
    else if (name.endsWith(".resources.limits.memory")) say("resource-limited", "yes");
    else if (name.endsWith(".valueFrom.secretKeyRef.name")) say("secrets-managed", "yes");
  }
  return stated;
}

/** A setting of a workload, wherever its value stands. */
interface Setting {
  readonly name: string;
  readonly value: string;
  readonly place: Place;
}

function flowsOf(thing: Thing, maps: ReadonlyMap<string, readonly Thing[]>): FoundFlow[] {
  const { item, path } = thing;
  return settingsOf(thing, maps).flatMap(({ name, value, place }) =>
    addressesIn(value, saysHost(name)).flatMap(({ host, protocol }): FoundFlow[] => {
      // `orders.shop.svc.cluster.local` is the Service `orders`.
      const alias = host.replace(/(\.[a-z0-9-]+)?\.svc(\..*)?$/, "");
      if (isSelf(alias) || alias === item.name) return [];
      return [{ from: { key: keyOf(thing) }, to: { alias, scope: path }, ...(protocol ? { protocol } : {}), place }];
    }),
  );
}

/** Variables and arguments of a workload, with those that it takes from a ConfigMap, one by one or as a whole. */
function settingsOf(thing: Thing, maps: ReadonlyMap<string, readonly Thing[]>): Setting[] {
  const { item } = thing;
  const settings: Setting[] = [];
  for (const [attribute, value] of item.attributes) {
    const variable = /^(.*\.env\.\d+)\.value$/.exec(attribute)?.[1];
    const from = /^(.*\.env\.\d+\.valueFrom\.configMapKeyRef)\.name$|^.*\.envFrom\.\d+\.configMapRef\.name$/.exec(
      attribute,
    );
    if (variable !== undefined)
      settings.push({
        name: String(item.attributes.get(`${variable}.name`) ?? ""),
        value: String(value ?? ""),
        place: placeOf(thing, attribute),
      });
    else if (/\.(args|command)\.\d+$/.test(attribute))
      settings.push({ name: "", value: String(value ?? ""), place: placeOf(thing, attribute) });
    else if (from) {
      const key = from[1] === undefined ? undefined : textOf(item, `${from[1]}.key`);
      settings.push(...keptIn(nearestMap(String(value ?? ""), thing, maps), key));
    }
  }
  return settings;
}

/** Of several ConfigMaps of one name, as variants of a deployment have them, the one beside the workload. */
function nearestMap(name: string, { path }: Thing, maps: ReadonlyMap<string, readonly Thing[]>): Thing | undefined {
  const named = maps.get(name) ?? [];
  const beside = named.filter((map) => folderOf(map.path) === folderOf(path));
  return beside.length > 0 ? beside[0] : named.length === 1 ? named[0] : undefined;
}

function keptIn(map: Thing | undefined, key: string | undefined): Setting[] {
  if (!map) return [];
  return attributesUnder(map.item, "data.").flatMap(([attribute, value]): Setting[] => {
    const name = attribute.slice("data.".length);
    if (key !== undefined && key !== name) return [];
    return [{ name, value: String(value ?? ""), place: placeOf(map, attribute) }];
  });
}

function entranceFlows(thing: Thing): FoundFlow[] {
  const { item, path } = thing;
  const flows: FoundFlow[] = [];
  for (const [name, value] of item.attributes) {
    const isBackend =
      /\.backend\.(service\.name|serviceName)$|\.backendRefs\.\d+\.name$|\.(services|route)\.\d+\.(name|destination\.host)$|^spec\.to\.name$/.test(
        name,
      );
    if (!isBackend || typeof value !== "string" || /[{}]/.test(value)) continue;
    flows.push({
      from: { key: entranceKey },
      to: { alias: value.split(".")[0] ?? value, scope: path },
      protocol: "HTTP",
      place: placeOf(thing, name),
    });
  }
  return flows;
}
