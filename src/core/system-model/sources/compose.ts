import type { Fact } from "../../domain/fact.ts";
import { addressesIn, isSelf, saysHost } from "../addresses.ts";
import type { Findings, FoundElement, FoundFlow } from "../found.ts";
import { folderOf, lastOf, resolved } from "../names.ts";
import type { Source } from "../source.ts";
import { productOf } from "../technologies.ts";
import { attributesUnder, imageTypes, placeOf, type Thing, textOf, thingsOf, typeAmong } from "../things.ts";

/** Files of a variant for development or tests describe the same system again; they count where no other file does. */
const variant =
  /(^|[._/-])(dev|develop|development|test|tests|testing|ci|e2e|local|debug|override|hwaccel)([._-]|\.ya?ml$)/i;
/** Jobs that set something up and end: nothing that keeps running. */
const setsUp =
  /(^|[-_])(migrations?|migrate|migrat(?:or|er)s?|init|seed|setup|bootstrap|wait|createbuckets?|create-?bucket)([-_]|$)/i;
/** Neighbours for development: not part of what runs for users. */
export const tools =
  /mailhog|mailpit|maildev|adminer|pgadmin|phpmyadmin|mongo-express|redis-?commander|selenium|browserless|wiremock|mockserver|kafka-ui|kafdrop|watchtower|curlimages|busybox|playwright/i;

/**
 * Services of Compose files: what runs, from which folder it is built, which neighbours its settings name, which ports leave the host.
 * https://github.com/compose-spec/compose-spec/blob/main/spec.md
 */
export const source: Source = {
  name: "Compose",
  find(survey) {
    const listed = thingsOf(survey, "compose-service");
    const ended = awaitedToEnd(listed);
    const all = listed.filter(
      ({ item }) =>
        !tools.test(item.type) &&
        !tools.test(item.name) &&
        !setsUp.test(item.name) &&
        !ended.has(item.name) &&
        !isOfTests(item),
    );
    const main = all.filter(({ path }) => !variant.test(lastOf(path)));
    const services = main.length > 0 ? main : all;
    const [first] = services;
    const found: Findings = {
      elements: services.map((thing) => elementOf(thing, network)),
      flows: [...services.flatMap(flowsOf), ...routedByLabels(services)],
      boundaries: first ? [{ id: network, name: "Container network (Compose)", place: { path: first.path } }] : [],
      data: [],
    };
    return found;
  },
};

/** Services whose end others wait for: jobs, whatever they are called. */
function awaitedToEnd(services: readonly Thing[]): ReadonlySet<string> {
  const ended = new Set<string>();
  for (const { item } of services) {
    for (const [name, value] of item.attributes) {
      const other = /^depends_on\.([^.]+)\.condition$/.exec(name)?.[1];
      if (other !== undefined && value === "service_completed_successfully") ended.add(other);
    }
  }
  return ended;
}

/** One box for what Compose runs: which services share a network is the files' own affair. */
const network = "compose";

/**
 * What a reverse proxy passes on by the labels of the services behind it.
 * https://doc.traefik.io/traefik/reference/routing-configuration/other-providers/docker/
 */
function routedByLabels(services: readonly Thing[]): FoundFlow[] {
  const [proxy, ...others] = services.filter(({ item }) => /(^|\/)traefik$/i.test(item.type));
  if (!proxy || others.some(({ item }) => item.name !== proxy.item.name)) return [];
  return services.flatMap((thing) => {
    const label = attributesUnder(thing.item, "labels.").find(([name, value]) =>
      /traefik\.(http|tcp)\.routers\./.test(`${name} ${String(value)}`),
    );
    if (!label || thing.item.name === proxy.item.name) return [];
    return [
      {
        from: { key: `compose ${proxy.path} ${proxy.item.name}` },
        to: { key: `compose ${thing.path} ${thing.item.name}` },
        protocol: "HTTP",
        place: placeOf(thing, label[0]),
      },
    ];
  });
}

function isOfTests(item: Thing["item"]): boolean {
  return attributesUnder(item, "profiles.").some(([, value]) =>
    /^(test|tests|e2e|ci|lint|debug|dev)$/.test(String(value)),
  );
}

function elementOf(thing: Thing, boundary: string): FoundElement {
  const { item, path, types } = thing;
  const built = item.attributes.get("built") === true;
  const type = built ? undefined : typeAmong(types, imageTypes);
  const product = built ? undefined : productOf(item.type);
  const folder = product ? undefined : ((built ? buildFolder(item, path) : undefined) ?? mountedFolder(item, path));
  const published = item.lines.get("published.0");
  const image = item.type === "build" || item.type === "variable" ? undefined : item.type;
  return {
    key: `compose ${path} ${item.name}`,
    name: item.name,
    ...(product ? { type: product.type } : type === undefined ? {} : { type }),
    ...(product ? { technology: product.name } : image !== undefined && !built ? { technology: image } : {}),
    aliases: [item.name, textOf(item, "container_name") ?? "", textOf(item, "hostname") ?? ""].filter(
      (name) => name !== "",
    ),
    ...(folder === undefined ? {} : { folder }),
    ...(image === undefined ? {} : { image, runs: image }),
    ...(built && dockerfileOf(item, path) !== undefined ? { builtBy: dockerfileOf(item, path) ?? "" } : {}),
    files: folder === undefined || folder === "" ? [path] : [path, `${folder}/**`],
    boundary,
    facts: factsOf(thing),
    ...(published === undefined ||
    (product !== undefined && product.type !== "edge-gateway" && product.type !== "identity-provider") ||
    (type !== undefined && type !== "edge-gateway" && type !== "identity-provider")
      ? {}
      : { wayIn: { path, line: published } }),
    places: [placeOf(thing)],
    rank: 30,
  };
}

function buildFolder(item: Thing["item"], path: string): string | undefined {
  const context = textOf(item, "build") ?? textOf(item, "build.context") ?? ".";
  if (/^[a-z+]+:\/\/|^git@|\$|(^|\/)(vendor|node_modules)\//.test(context)) return undefined;
  const folder = resolved(folderOf(path), context);
  const dockerfile = textOf(item, "build.dockerfile");
  if (folder === undefined || dockerfile === undefined) return folder;
  // One context for many images: the Dockerfile's own folder tells them apart.
  const own = resolved(folder, folderOf(dockerfile));
  return own === undefined || /(^|\/)(docker|dockerfiles|build|\.?docker\w*)$/i.test(own) ? folder : own;
}

function dockerfileOf(item: Thing["item"], path: string): string | undefined {
  const dockerfile = textOf(item, "build.dockerfile");
  const context = resolved(folderOf(path), textOf(item, "build.context") ?? ".");
  return dockerfile === undefined || context === undefined ? undefined : resolved(context, dockerfile);
}

/** Where a service runs code that is not built in: the folder of the repository that it is given. */
function mountedFolder(item: Thing["item"], path: string): string | undefined {
  for (const [, value] of attributesUnder(item, "volumes.")) {
    const [from = "", to = ""] = String(value).split(":");
    const isCode = /^\/(app|code|src|srv|workspace|usr\/src|var\/www|home\/\w+\/app|opt\/app)(\/|$)/.test(to);
    if (isCode && /^\.{1,2}(\/|$)/.test(from)) return resolved(folderOf(path), from);
  }
  return undefined;
}

function factsOf({ item, path, facts }: Thing): Fact[] {
  // A published port leaves the host; whether the internet reaches the host, no Compose file says.
  const stated: Fact[] = facts.filter(({ fact }) => fact !== "internet-facing");
  const say = (fact: string, is: "yes" | "no", attribute: string): void => {
    const line = item.lines.get(attribute) ?? item.line;
    stated.push({ fact, is, where: { path, line } });
  };
  if (item.attributes.get("privileged") === true) say("privileged", "yes", "privileged");
  const user = textOf(item, "user");
  if (user !== undefined && /^(0|root)(:|$)/.test(user)) say("runs-as-root", "yes", "user");
  else if (user !== undefined && /^[1-9]\d*(:|$)/.test(user)) say("runs-as-root", "no", "user");
  const memory = ["mem_limit", "deploy.resources.limits.memory"].find((name) => item.attributes.has(name));
  if (memory !== undefined) say("resource-limited", "yes", memory);
  return stated;
}

function flowsOf(thing: Thing): FoundFlow[] {
  const { item, path } = thing;
  const from = { key: `compose ${path} ${item.name}` };
  const flows: FoundFlow[] = [];
  for (const [name, value] of attributesUnder(item, "environment.")) {
    const text = String(value ?? "").replace(/\$\{[A-Za-z_]\w*:?-([^}]*)\}/g, "$1");
    for (const { host, protocol } of addressesIn(text, saysHost(name))) {
      if (isSelf(host) || host === item.name.toLowerCase()) continue;
      flows.push({
        from,
        to: { alias: host, scope: path },
        ...(protocol ? { protocol } : {}),
        place: placeOf(thing, name),
      });
    }
  }
  for (const [name, value] of item.attributes) {
    const listed = /^(depends_on|links)\.(\d+)$/.exec(name);
    const keyed = /^depends_on\.([^.]+)\.condition$/.exec(name);
    const other = listed ? String(value).split(":")[0] : keyed?.[1];
    if (other !== undefined)
      flows.push({ from, to: { alias: other, scope: path }, place: placeOf(thing, name), weak: true });
  }
  return flows;
}
