import type { ElementType } from "../../domain/element-type.ts";
import type { Place } from "../../domain/problem.ts";
import type { Survey } from "../../domain/survey.ts";
import type { FoundBoundary, FoundElement, FoundFlow } from "../found.ts";
import { folderOf, lastOf } from "../names.ts";
import type { Source } from "../source.ts";
import { productOf } from "../technologies.ts";
import { placeOf, type Thing, textOf, thingsOf } from "../things.ts";

/** Types that are parts of the system; rights, records and settings belong to others. */
const drawn: ReadonlySet<ElementType> = new Set([
  "relational-db",
  "document-db",
  "cache",
  "object-store",
  "search-index",
  "message-broker",
  "backup",
  "secrets-manager",
  "identity-provider",
  "edge-gateway",
  "serverless-function",
  "container-image",
  "k8s-workload",
  "llm-component",
  "data-pipeline",
  "email",
  "iot-edge",
]);

/** Resources that set up another one or join two: never an element of their own. */
const part =
  /_(listener|listener_rule|rule|method|method_response|route|integration|integration_response|deployment|stage|attachment|association|policy|permission|version|alias|parameter_group|subnet_group|option_group|user|user_group|snapshot|cluster_instance|certificate|record|record_set|notification|acl|membership|subscription|event_source_mapping|target|target_group|public_access_block|configuration|logging|versioning|ownership_controls|lifecycle_configuration|website_configuration|cors_configuration|object|domain_name|base_path_mapping|resource|authorizer|usage_plan|api_key|account|event_invoke_config|task_definition|cluster_capacity_providers|node_group|fargate_profile|addon|launch_template|launch_configuration|autoscaling_group|secret_version|secret_rotation|proxy_default_target_group|proxy_target|global_address|public_ip|eip|internet_gateway|firewall_rule|virtual_network_rule|container_registry|repository|key|grant|monitoring|queue_policy|topic_policy|origin_access_identity|origin_access_control|function|cache_policy|accelerate_configuration|request_payment_configuration|intelligent_tiering_configuration|client|domain|group|resource_server|instance_template|health_check|url_map|target_http_proxy|target_https_proxy|ssl_certificate|iam_\w+|binding|member|database|flexible_server_database|job_definition|notebook_instance|address|backend_service|table|routine|dataset_access|view|data_transfer_config|crawler)$/;
/** Endings of the list above that are whole things all the same. */
const whole =
  /^(aws_lambda_function|aws_dynamodb_table|aws_dynamodb_global_table|azurerm_storage_table|azurerm_(linux|windows)?_?function_app|google_cloudfunctions2?_function|aws_opensearch_domain|aws_elasticsearch_domain|azurerm_storage_account|azurerm_cosmosdb_account|azurerm_redis_cache|google_sql_database_instance|aws_autoscaling_group|kubernetes_deployment|digitalocean_database_cluster|aws_cognito_user_pool|aws_msk_cluster)$/;

const accounts: readonly (readonly [RegExp, string, string])[] = [
  [/^aws_/, "aws-account", "AWS account"],
  [/^azurerm_/, "azure-subscription", "Azure subscription"],
  [/^google_/, "google-cloud-project", "Google Cloud project"],
  [/^digitalocean_/, "digitalocean-account", "DigitalOcean account"],
  [/^cloudflare_/, "cloudflare-account", "Cloudflare account"],
  [/^hcloud_/, "hetzner-project", "Hetzner Cloud project"],
];

/** Providers whose resources run or keep something; others make names, passwords and files. */
const provider =
  /^(aws|azurerm|google|digitalocean|cloudflare|hcloud|linode|scaleway|oci|heroku|fly|mongodbatlas|confluent|neon|planetscale|upstash|rediscloud|elasticstack|ec|docker|nomad)_|^kubernetes_(deployment|stateful_set|daemonset|cron_job|ingress)|^module$/;

/** Public modules by the words of their names: what they create is what they are called. */
const modules: readonly (readonly [RegExp, ElementType])[] = [
  [/rds|aurora|sql-db|postgresql|mysql|mssql|redshift/, "relational-db"],
  [/dynamodb|documentdb|cosmosdb|mongodb/, "document-db"],
  [/elasticache|memorystore|redis|memcached/, "cache"],
  [/s3-bucket|cloud-storage|storage-account|gcs/, "object-store"],
  [/opensearch|elasticsearch/, "search-index"],
  [/\bsqs\b|\bsns\b|msk|pubsub|eventbridge|rabbitmq|\bmq\b|servicebus/, "message-broker"],
  [/secrets-manager|ssm-parameter|key-?vault/, "secrets-manager"],
  [/\balb\b|\bnlb\b|\belb\b|apigateway|api-gateway|cloudfront|load-?balancer|lb-http/, "edge-gateway"],
  [/lambda|cloud-functions?|function-app/, "serverless-function"],
  [/\beks\b|\baks\b|kubernetes-engine|\bgke\b/, "k8s-workload"],
  [/\becs\b|cloud-run|app-service|ec2-instance|fargate/, "container-image"],
  [/cognito/, "identity-provider"],
];

/** Modules that add to what another one creates. */
const aroundModules = /addons|irsa|\biam\b|security-group|\bkms\b|\bvpc\b|notify|log-group|proxy|parameter-group/;

const network = /^(aws_vpc|azurerm_virtual_network|google_compute_network|digitalocean_vpc)$/;
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

/** Calls of modules from a registry, as if each were the resource it is named after. Own modules are read where they stand. */
function modulesOf(survey: Survey): Thing[] {
  return thingsOf(survey, "terraform-module").flatMap((thing): Thing[] => {
    if (textOf(thing.item, "from") !== "registry") return [];
    const source = thing.item.type.toLowerCase();
    const known = aroundModules.test(source) ? undefined : modules.find(([words]) => words.test(source));
    return known ? [{ ...thing, item: { ...thing.item, type: "module" }, types: [known[1]] }] : [];
  });
}

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
  const elements = shown.map((thing): FoundElement => {
    const account = accountOf(thing);
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

/** The cloud that a resource's provider, or a module's last word, names. */
function accountOf({ item }: Thing): (typeof accounts)[number] | undefined {
  const made =
    item.type === "module"
      ? `${/\/(aws|azurerm|google)(\/\/|$)/.exec(textOf(item, "source") ?? "")?.[1] ?? ""}_`
      : item.type;
  return accounts.find(([pattern]) => pattern.test(made));
}

function isDrawn({ item, types }: Thing, present: ReadonlySet<string>): boolean {
  if (!provider.test(item.type) || (part.test(item.type) && !whole.test(item.type))) return false;
  // Instances of a cluster are the cluster; the cluster of a service is the service.
  if (item.type === "aws_ecs_cluster" && present.has("aws_ecs_service")) return false;
  return typeOf(item.type, types) !== undefined;
}

function typeOf(type: string, types: readonly ElementType[]): ElementType | undefined {
  if (/^(aws_route53|cloudflare_record)/.test(type)) return undefined;
  return types.find((one) => drawn.has(one));
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

/** `terraform-aws-modules/rds-aurora/aws` is `rds-aurora`. */
function wordsOfModule(source: string): string {
  const parts = source.split("//")[0]?.split("/") ?? [];
  return parts.at(-2) ?? source;
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
