import type { ElementType } from "../../domain/element-type.ts";
import type { Place } from "../../domain/problem.ts";
import type { FoundElement, FoundFlow } from "../found.ts";
import { folderOf, lastOf } from "../names.ts";
import type { Source } from "../source.ts";
import { isOnlyLibrary, partnerOf, productOf } from "../technologies.ts";
import { placeOf, type Thing, textOf, thingsOf } from "../things.ts";

/** What a package says its user is, the strongest first. */
const roles: readonly ElementType[] = ["edge-gateway", "web-app", "http-api", "realtime-channel", "background-worker"];
/** Servers that are a package with settings, whatever code stands around them. */
const servers: readonly (readonly [RegExp, ElementType])[] = [
  [/spring-cloud-(starter-)?gateway|netflix-zuul|^yarp\.reverseproxy$|^ocelot$/i, "edge-gateway"],
  [/spring-cloud-config-server|eureka-server|hystrix-dashboard|spring-boot-admin-(starter-)?server/i, "http-api"],
];
/** Makers of mail: templates written with the libraries of a browser are no application in it. */
const rendersMail = /^(react-email|mjml|mjml-react)$/;
/** Stores that a package is a client of. */
const stores: ReadonlySet<ElementType> = new Set([
  "relational-db",
  "document-db",
  "cache",
  "message-broker",
  "search-index",
  "object-store",
]);
/** Libraries that run in the browser of a user, in an application that serves none of them by itself. */
const inBrowser = /^(react-dom|vue|@angular\/core|svelte|solid-js|preact|ember-source)$/;
/** Companies to which errors and measurements of the running code are sent. */
const recorders: ReadonlySet<string> = new Set([
  "Sentry",
  "Datadog",
  "New Relic",
  "Bugsnag",
  "Rollbar",
  "Honeybadger",
  "LogRocket",
]);
/** Libraries that clients and servers share: what has no other is no server. */
const inBoth = /^(graphql|graphql-tag|graphql-ws|@grpc\/proto-loader)$/;
/** Packages of a family that are no client of the product: types, mappers, test doubles. */
const noClient = /^@types\/|mock|fake|testcontainers|embedded/i;

/**
 * Manifests of all package registries: what a folder's code is built on, which stores it is a client of, and which companies'
 * services it calls. What a package is comes from the change rules on dependencies.
 */
export const source: Source = {
  name: "package manifests",
  find(survey) {
    const manifests = Map.groupBy(
      thingsOf(survey, "dependency").filter(
        ({ item, path }) =>
          isRun(item) &&
          !statesVersions.test(path) &&
          textOf(item, "ecosystem") !== "helm" &&
          textOf(item, "ecosystem") !== "terraform",
      ),
      ({ path }) => path,
    );
    // Who issues identities itself asks no stranger for them.
    const issues = [...manifests.values()].some((things) =>
      things.some(({ types }) => types.includes("identity-provider")),
    );
    const libraries = new Set([
      ...survey.files.filter(({ sights }) => sights.some(({ what }) => what === "library")).map(({ path }) => path),
      ...withoutEntry([...manifests.keys()], survey.paths),
    ]);
    const borrowed = borrowedOf(manifests, libraries);
    const found = [...manifests].map(([path, things]) => ofManifest(path, things, libraries.has(path), issues));
    const partners = new Map<string, FoundElement>();
    for (const { others } of found) for (const one of others) if (!partners.has(one.key)) partners.set(one.key, one);
    return {
      elements: [...found.map(({ element }) => element), ...partners.values()],
      flows: found.flatMap(({ flows, path }) => [
        ...flows,
        // What a module brings, those that build on it use.
        ...(borrowed.get(path) ?? []).flatMap((user) => flows.map((flow) => ({ ...flow, from: { code: user } }))),
      ]),
      boundaries: [],
      data: [],
    };
  },
};

/** Versions that projects may use, which says of none that it does. https://learn.microsoft.com/nuget/consume-packages/central-package-management */
const statesVersions = /(^|\/)(Directory\.(Packages|Build)\.(props|targets)|libs\.versions\.toml)$/i;

/** Files in which a program begins, by the manifests of their ecosystem; other ecosystems begin anywhere. */
const beginnings: readonly { readonly manifest: RegExp; readonly entry: RegExp }[] = [
  {
    manifest: /(^|\/)(pom\.xml|build\.gradle(\.kts)?)$/,
    // A controller counts as well: what answers requests is no mere library, wherever it begins.
    entry:
      /(^|\/)src\/main\/.*(Application|Main|App|Boot|Bootstrap|Starter|Launcher|Server|Initializer|Runner|Controller|Resource|Verticle|Function)\.(java|kt|scala|groovy)$/,
  },
  { manifest: /(^|\/)go\.mod$/, entry: /(^|\/)main\.go$/ },
];

/** Modules in which no program begins, of repositories where one begins in another module: what the others build on. */
function withoutEntry(manifests: readonly string[], paths: readonly string[]): string[] {
  return beginnings.flatMap(({ manifest, entry }) => {
    const ofKind = manifests.filter((path) => manifest.test(path));
    if (ofKind.length < 2) return [];
    const folders = new Set(ofKind.map(folderOf));
    const entered = new Set(paths.filter((path) => entry.test(path)).map((path) => nearestOf(path, folders)));
    return entered.size === 0 ? [] : ofKind.filter((path) => !entered.has(folderOf(path)));
  });
}

/** How far a module's users are followed through modules that build on it. */
const mostSteps = 4;

/** The manifests that build on a module of the same repository, directly or by another module: `group:module`, `host/repo/module`. */
function borrowedOf(
  manifests: ReadonlyMap<string, readonly Thing[]>,
  libraries: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const named = new Map<string, string>();
  for (const path of libraries)
    if (manifests.has(path) && folderOf(path) !== "") named.set(lastOf(folderOf(path)), path);
  const users = new Map<string, Set<string>>();
  for (const [path, things] of manifests) {
    for (const { item } of things) {
      const module = named.get(item.name.split(/[:/]/).at(-1) ?? "");
      if (module !== undefined && module !== path) users.set(module, (users.get(module) ?? new Set()).add(path));
    }
  }
  for (let step = 0; step < mostSteps; step++)
    for (const by of users.values()) {
      const known = [...by];
      for (const user of known) for (const more of users.get(user) ?? []) by.add(more);
    }
  return new Map(
    Array.from(users, ([module, by]) => [
      module,
      Array.from(by)
        .filter((user) => !libraries.has(user))
        .sort(),
    ]),
  );
}

/** The nearest of some folders around a path. */
function nearestOf(path: string, folders: ReadonlySet<string>): string | undefined {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    if (folders.has(folder)) return folder;
    if (folder === "") return undefined;
  }
}

function isRun(item: Thing["item"]): boolean {
  const scope = textOf(item, "scope");
  return (
    (scope === "runtime" || scope === "optional") && textOf(item, "direct") !== "false" && !noClient.test(item.name)
  );
}

function ofManifest(
  path: string,
  things: readonly Thing[],
  isLibrary: boolean,
  issues: boolean,
): { path: string; element: FoundElement; others: FoundElement[]; flows: FoundFlow[] } {
  const from = { code: path };
  const others: FoundElement[] = [];
  const flows: FoundFlow[] = [];
  const to = (element: FoundElement, protocol: string | undefined, place: Place): void => {
    others.push(element);
    flows.push({ from, to: { key: element.key }, ...(protocol ? { protocol } : {}), place });
  };
  for (const thing of things) {
    const { types, item } = thing;
    const place = placeOf(thing);
    // Drivers of an object mapper are named by the product alone.
    const driver = /(^|\/)drivers?\//.test(item.type) ? productOf(item.type) : undefined;
    if (driver && types.length === 0)
      flows.push({ from, to: { product: driver.name, type: driver.type }, place, weak: true });
    // Records that leave for another company carry what they record.
    const recorder = types.length === 0 ? partnerOf(item.type) : undefined;
    if (recorder !== undefined && recorders.has(recorder))
      to(outside(recorder, "third-party-saas", place), "HTTPS", place);
    for (const type of types) {
      const product = stores.has(type) ? productOf(item.type) : undefined;
      if (product && stores.has(product.type))
        flows.push({
          from,
          to: { product: product.name, type: product.type },
          ...(product.protocol ? { protocol: product.protocol } : {}),
          place,
          weak: true,
        });
      if (type === "email" && !isOnlyLibrary(item.type)) {
        const partner = partnerOf(item.type);
        to(outside(partner ?? "mail server", "email", place), partner === undefined ? "SMTP" : "HTTPS", place);
      }
      if (type === "third-party-saas" || type === "llm-component") {
        const partner = partnerOf(item.type);
        if (partner)
          to(outside(partner, type === "llm-component" ? "llm-component" : "third-party-saas", place), "HTTPS", place);
      }
      if (
        type === "identity-client" &&
        !isOnlyLibrary(item.type) &&
        /oidc|openid|oauth|saml|msal|auth0|okta|cognito|keycloak/i.test(item.type)
      ) {
        const partner = partnerOf(item.type);
        if (partner || !issues) to(outside(partner ?? "identity provider", "external-entity", place), "HTTPS", place);
      }
    }
  }
  return { path, element: codeElement(path, things, isLibrary), others, flows };
}

/** Whether something builds or serves an application in the browser. */
function hasApplication(things: readonly Thing[]): boolean {
  return things.some(({ item }) =>
    /^(vite|next|react-scripts|react-router-dom|@remix-run\/.+|@tanstack\/react-router)$/.test(item.type),
  );
}

/** A company or service that only clients know. */
function outside(name: string, type: ElementType, place: Place): FoundElement {
  return {
    key: `outside ${name}`,
    name,
    type,
    aliases: [],
    files: [place.path],
    boundary: "third-parties",
    facts: [],
    places: [place],
    rank: 15,
  };
}

function codeElement(path: string, things: readonly Thing[], isLibrary: boolean): FoundElement {
  const folder = folderOf(path);
  const serving = things.filter(({ item }) => !inBoth.test(item.type));
  const typesOf = ({ types, item }: Thing): readonly ElementType[] => [
    ...servers.filter(([name]) => name.test(item.type)).map(([, type]) => type),
    ...types,
  ];
  const role = roles.find((type) => serving.some((thing) => typesOf(thing).includes(type)));
  const spoken = serving.find((thing) => role !== undefined && typesOf(thing).includes(role));
  const isOfMail = things.some(({ item }) => rendersMail.test(item.type)) && !hasApplication(things);
  const view = role === undefined && !isOfMail ? things.find(({ item }) => inBrowser.test(item.type)) : undefined;
  const type: ElementType | undefined = role ?? (view ? "browser-spa" : undefined);
  const decisive = spoken ?? view;
  // .NET names the project in the file, Maven and Go by the folder.
  const project = /\.(cs|fs|vb)proj$/.test(path) ? lastOf(path).replace(/\.\w+$/, "") : lastOf(folder);
  return {
    key: `package ${path}`,
    name: project,
    ...(isLibrary
      ? { onlyJoins: true as const, isLibrary: true as const }
      : type === undefined
        ? { onlyJoins: true as const }
        : { type }),
    ...(decisive ? { technology: decisive.item.name } : {}),
    aliases: [],
    folder,
    files: folder === "" ? [path] : [`${folder}/**`],
    facts: [],
    places: [decisive ? placeOf(decisive) : { path }],
    rank: 12,
  };
}
