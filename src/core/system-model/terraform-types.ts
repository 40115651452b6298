import type { ElementType } from "../domain/element-type.ts";
import type { Survey } from "../domain/survey.ts";
import { lastOf } from "./names.ts";
import { resourceTypes, type Thing, textOf, thingsOf } from "./things.ts";

/*
 * Which Terraform resources are parts of a system, and which only set up another one. What a resource type is comes from the change
 * rules; here stands what is drawn of it.
 */

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
  [/s3-bucket|\/\/s3\b|cloud-storage|storage-account|gcs/, "object-store"],
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
const aroundModules =
  /addons|irsa|log_?-?bucket|\biam\b|security-group|\bkms\b|\bvpc\b|notify|log-group|proxy|parameter-group|\/\/modules\/(acm|asm|auth|workload-identity|fleet|hub|services|node-?(group|pool))/;

/** Resources that are a network of their own. */
export const network = /^(aws_vpc|azurerm_virtual_network|google_compute_network|digitalocean_vpc)$/;
/** Calls of modules from a registry, as if each were the resource it is named after. Own modules are read where they stand. */
export function modulesOf(survey: Survey): Thing[] {
  return thingsOf(survey, "terraform-module").flatMap((thing): Thing[] => {
    if (textOf(thing.item, "from") !== "registry") return [];
    const source = thing.item.type.toLowerCase();
    const known = aroundModules.test(source) ? undefined : modules.find(([words]) => words.test(source));
    return known ? [{ ...thing, item: { ...thing.item, type: "module" }, types: [known[1]] }] : [];
  });
}

/** The cloud that a resource's provider, or a module's last word, names. */
export function accountOf({ item }: Thing): (typeof accounts)[number] | undefined {
  const made =
    item.type === "module"
      ? `${/\/(aws|azurerm|google)(\/\/|$)/.exec(textOf(item, "source") ?? "")?.[1] ?? ""}_`
      : item.type;
  return accounts.find(([pattern]) => pattern.test(made));
}

/** Whether a resource is a part of the system by itself. `present` holds every type that the repository declares. */
export function isDrawn({ item, types }: Thing, present: ReadonlySet<string>): boolean {
  if (!provider.test(item.type) || (part.test(item.type) && !whole.test(item.type))) return false;
  // Instances of a cluster are the cluster; the cluster of a service is the service.
  if (item.type === "aws_ecs_cluster" && present.has("aws_ecs_service")) return false;
  return typeOf(item.type, types) !== undefined;
}

/** The type of element that a resource is; undefined for rights, records and settings. */
export function typeOf(type: string, types: readonly ElementType[]): ElementType | undefined {
  if (/^(aws_route53|cloudflare_record)/.test(type)) return undefined;
  return types.find((one) => resourceTypes.has(one));
}

/** `terraform-aws-modules/rds-aurora/aws` is `rds-aurora`; `github.com/fernhill/modules//queue?ref=v1` is `queue`. */
export function wordsOfModule(source: string): string {
  const [whole = "", inside] = source
    .replace(/^[a-z]+::/, "")
    .replace(/^[a-z]+:\/\//, "")
    .replace(/\?.*$/, "")
    .split("//");
  const parts = whole.split("/");
  const isOfRegistry = parts.length === 3 && !/[.:@]/.test(parts[0] ?? "");
  if (isOfRegistry || parts.length === 4) return parts.at(-2) ?? source;
  return lastOf(inside ?? whole)
    .replace(/\.git$/, "")
    .replace(/^terraform-(aws|azurerm|google)-/, "");
}
