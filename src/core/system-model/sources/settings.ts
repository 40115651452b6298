import type { Survey } from "../../domain/survey.ts";
import { addressesIn, isSelf } from "../addresses.ts";
import type { FlowEnd, FoundElement, FoundFlow } from "../found.ts";
import { folderOf, lastOf } from "../names.ts";
import type { Source } from "../source.ts";
import { partnerOf, productOf } from "../technologies.ts";
import { placeOf, type Thing, textOf, thingsOf } from "../things.ts";

/**
 * Settings files (Spring, ASP.NET, Helm values, samples of environment files): addresses of stores and neighbours that the code is
 * given. The values themselves are never kept.
 */
export const source: Source = {
  name: "settings",
  find(survey) {
    const elements = new Map<string, FoundElement>();
    const flows: FoundFlow[] = [];
    const ground = groundOf(survey);
    for (const thing of thingsOf(survey, "config-key")) {
      const value = textOf(thing.item, "value") ?? "";
      const from = readerOf(thing, ground);
      // A bare word is a value like any other; only what is written as an address is one, or stands under a key that says so.
      if (from === undefined || !(value.includes("://") || saysHostBelow(thing))) continue;
      const place = placeOf(thing, "value");
      const isName = saysHostBelow(thing) && /^[a-z][a-z0-9-]{2,62}$/.test(value);
      for (const { host, protocol } of addressesIn(value, isName)) {
        const product = protocol === undefined ? undefined : productOf(protocol === "TDS" ? "sqlserver" : protocol);
        const partner = partnerOf(host);
        // `orders.shop.svc.cluster.local` is the Service `orders`.
        const alias = host.replace(/(\.[a-z0-9-]+)?\.svc(\..*)?$/, "");
        if (!isSelf(host) && !alias.includes("."))
          flows.push({ from, to: { alias, scope: thing.path }, ...(protocol ? { protocol } : {}), place });
        if (product)
          flows.push({
            from,
            to: { product: product.name, type: product.type, address: host },
            ...(protocol ? { protocol } : {}),
            place,
            weak: true,
          });
        else if (partner && host.includes(".")) {
          const key = `outside ${partner}`;
          if (!elements.has(key))
            elements.set(key, {
              key,
              name: partner,
              type: "third-party-saas",
              aliases: [host],
              files: [thing.path],
              boundary: "third-parties",
              facts: [],
              places: [place],
              rank: 13,
            });
          flows.push({ from, to: { key }, protocol: "HTTPS", place });
        }
      }
    }
    return { elements: [...elements.values()], flows, boundaries: [], data: [] };
  },
};

/** What tells whom a setting is for. */
interface Ground {
  /** Folders of Helm charts, each with the names of its templates. https://helm.sh/docs/topics/charts/#the-chart-file-structure */
  readonly charts: ReadonlyMap<string, readonly string[]>;
  /** Folders of Spring Cloud Config servers. */
  readonly servers: readonly string[];
}

function groundOf(survey: Survey): Ground {
  const charts = new Map<string, string[]>();
  for (const path of survey.paths) if (/(^|\/)Chart\.ya?ml$/.test(path)) charts.set(folderOf(path), []);
  for (const path of survey.paths) {
    const at = path.indexOf("templates/");
    if (at < 0) continue;
    charts.get(path.slice(0, Math.max(0, at - 1)))?.push(path.slice(at + "templates/".length));
  }
  const servers = thingsOf(survey, "dependency")
    .filter(({ item }) => /spring-cloud-config-server/.test(item.name))
    .map(({ path }) => folderOf(path));
  return { charts, servers: [...new Set(servers)] };
}

/**
 * Who is given a setting: most often the code around the file. Values of a chart are given to the workload that is called like the key
 * they stand under, else to the one that is called like the chart. What a Spring Cloud Config server keeps for another application
 * bears its name; what it keeps for all is nobody's alone. https://docs.spring.io/spring-cloud-config/reference/server/environment-repository.html
 */
function readerOf({ path, item }: Thing, { charts, servers }: Ground): FlowEnd | undefined {
  const folder = folderOf(path);
  const templates = charts.get(folder);
  if (templates && /^values([._-].*)?\.ya?ml$/i.test(lastOf(path))) {
    const under = kebab(item.name.split(".")[0] ?? "");
    const isOfOne = under !== "" && templates.some((file) => kebab(file).startsWith(under));
    return { alias: isOfOne ? under : lastOf(folder), scope: path };
  }
  const kept = servers.find((server) => folder.startsWith(`${server}/src/main/resources/`));
  if (kept === undefined) return { code: path };
  const application = lastOf(path).replace(/(-(dev|development|test|prod|production|docker|local))?\.\w+$/, "");
  return application === "application" ? undefined : { alias: application, scope: path };
}

function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
}

/** Whether the last word of a setting's name says that its value is where something is. */
function saysHostBelow({ item }: Thing): boolean {
  return /^(host|hosts|hostname|url|uri|addr|address|endpoint|serviceId)$|(Host|Url|URL|Uri|Addr|Address|Endpoint|_host|_url|_addr|-host|-url)$/.test(
    item.name.split(".").at(-1) ?? "",
  );
}
