import type { ElementType } from "../domain/element-type.ts";
import type { ElementKind } from "../domain/stride.ts";
import type { ModelElement } from "../domain/threat-model.ts";

/** Words that name a type beyond doubt, for each symbol of the diagram; the first row that matches wins. */
type Row = readonly [RegExp, ElementType];

const processes: readonly Row[] = [
  [
    /\b(third[- ]party|stripe|paypal|twilio|sendgrid|salesforce|mailchimp|zendesk|hubspot|google analytics)\b/i,
    "third-party-saas",
  ],
  [/\b(jupyter(hub|lab)?|notebooks?|plug-?in host|code[- ](runner|execution|sandbox))\b/i, "code-runner"],
  [/\b(bastion|jump[- ]?(host|box|server)|vpn([- ](gateway|server))?|ssh[- ]gateway)\b/i, "remote-access"],
  [
    /\b(iot([- ](device|hub|gateway))?|ecu|plc|scada|embedded|firmware|telematics|sensors?|actuators?|lidar|radar|connected (car|vehicle|device)s?)\b/i,
    "iot-edge",
  ],
  [/\bweb-?hooks?\b/i, "webhook-receiver"],
  [
    /\b(llms?|gpt|openai|anthropic|bedrock|ollama|langchain|language models?|chat ?bots?|ai (agents?|assistants?|models?)|mcp servers?)\b|^ai$/i,
    "llm-component",
  ],
  [
    /\b(identity[- ]provider|idp|keycloak|auth0|okta|cognito|entra|active directory|ldap(-server)?|authori[sz]ation server|auth(entication)? (server|service)|login service|sso)\b|^auth(entication)?$/i,
    "identity-provider",
  ],
  [/\b(data[- ]pipelines?|etl|airflow|apache spark|stream-processing|big-data-platform)\b/i, "data-pipeline"],
  [/\b(feature[- ]?(flags?|toggles?)|launchdarkly|unleash)\b/i, "feature-flags"],
  [/\b(service[- ]mesh|istio|linkerd)\b/i, "service-mesh"],
  [
    /\b(ci\/?cd|build[- ](pipeline|server)s?|jenkins|github actions|gitlab ci|deployment (service|pipeline))\b/i,
    "cicd-pipeline",
  ],
  [/\b(git(hub|lab)?|bitbucket|(source)?-?code[- ]?repositor(y|ies)|sourcecode-repository)\b/i, "source-repository"],
  [
    /\b((container|docker|image|artifact|package)[- ]registr(y|ies)|artifactory|nexus|harbor|ecr)\b/i,
    "artifact-registry",
  ],
  [
    /\b(api[- ]?gateways?|prox(y|ies)([- ]servers?)?|load[- ]?balancers?|cdn|cloudfront|haproxy|traefik|envoy|waf|elb|alb)\b|^gateway$/i,
    "edge-gateway",
  ],
  [/\b(lambdas?|serverless|cloud functions?|azure functions?)\b|^function$/i, "serverless-function"],
  [
    /\b(vpc|vnet|subnets?\d*|security groups?|virtual network|network acl)\b|^(vpc|(private|public) ?subnet)/i,
    "cloud-network",
  ],
  [/\bupload(s|er|ing)?\b/i, "file-upload"],
  [/\b(web-?sockets?|socket\.io|signalr)\b/i, "realtime-channel"],
  [
    /\b((admin(istration|istrator)?|moderation)[- ]?(console|panel|portal|ui|interface|dashboard|app|web ?site)|back-?office)\b/i,
    "admin-console",
  ],
  [/\b(kubernetes|k8s|container-platform)\b/i, "k8s-workload"],
  [/\b(docker([- ]container)?|container[- ](runtime|engine|service)|containers?)\b/i, "container-image"],
  [
    /\b(cron( ?jobs?)?|schedulers?|scheduled (jobs?|tasks?)|nightly (jobs?|runs?)|batch-processing)\b/i,
    "scheduled-job",
  ],
  [/\b(workers?|queue (consumers?|processors?)|celery|sidekiq|event-listener)\b/i, "background-worker"],
  [/\b(mail[- ]?server|smtp( server)?)\b|^(amazon |aws )?ses$/i, "email"],
  [/\bdns\b/i, "dns"],
  [
    /\b(logging|monitoring|siem|splunk|prometheus|grafana|kibana|jaeger|zipkin|aspire dashboard|cloud ?watch|cloud ?trail|nagios|audit (logger|devices?))\b/i,
    "logging-monitoring",
  ],
  [
    /\b((mobile|android|ios|desktop|native)[- ](app|application|client)s?|(game|desktop|wallet)[- ](client|gui)|electron)\b|\bmobile$/i,
    "client-app",
  ],
  [
    /\b(single[- ]page (app|application)|spa|react|angular|vue(\.js)?|svelte)\b|^(web )?browser( client)?$/i,
    "browser-spa",
  ],
  [/\b(apis?|rest(ful)?|graphql|grpc|soap|web-service-(rest|soap))\b/i, "http-api"],
  [/\b(web[- ]?(app|application|site|server|portal|ui|front-?end)s?|portals?|cms|erp|crm)\b/i, "web-app"],
  [/\b(web[- ]?services?|micro-?services?|back-?end|application[- ]server|app server)\b/i, "http-api"],
];

const stores: readonly Row[] = [
  [/\b(vault|secrets?([- ]?(manager|store))|key[- ]?(vault|store|storage)|kms|hsm)\b/i, "secrets-manager"],
  [/\bback-?ups?\b/i, "backup"],
  [
    /\b((container|docker|image|artifact|package)[- ]registr(y|ies)|artifactory|nexus|harbor|ecr|acr)\b/i,
    "artifact-registry",
  ],
  [/\b(git(hub|lab)?|bitbucket|source[- ]?code)\b/i, "source-repository"],
  [/\b(redis|memcached?|valkey|caches?)\b/i, "cache"],
  [/\b(elastic ?search|opensearch|solr|search[- ]?(index|engine)|vector[- ]?(db|store|database))\b/i, "search-index"],
  [
    /\b(kafka|rabbitmq|sqs|sns|message[- ]?(queue|broker|bus)|queues?|pub\/?sub|event[- ]?(bus|hub)|service ?bus|kinesis)\b/i,
    "message-broker",
  ],
  [
    /\b(s3|buckets?|blobs?|object[- ]?stor(e|age)|gcs|cloud storage|azure[- ](file )?storage|minio|file[- ]?(server|store|share|storage)|data[- ]lake)\b/i,
    "object-store",
  ],
  [
    /\b(mongo( ?db)?|dynamo ?db|cosmos ?db|couch ?(db|base)|firestore|cassandra|nosql|document[- ]?(db|store|database))\b/i,
    "document-db",
  ],
  [
    /\b(audit ?logs?|log (store|archive|files?|storage)|logs|siem|splunk|(azure|cloud) ?monitor|cloud ?watch|cloud ?trail)\b/i,
    "logging-monitoring",
  ],
  [
    /\b(postgres(s?ql)?|mysql|maria ?db|oracle|sql( ?server| database| db)?|sqlite|aurora|rds|mssql|databases?|db)\b/i,
    "relational-db",
  ],
];

/** Products that are stores whatever symbol somebody drew them with. */
const storeWhateverDrawn =
  /^((amazon|aws|azure|google|my|private|production|sandbox|customer)[- ])*(rds|aurora|postgres(s?ql)?|mysql|maria ?db|mssql|sql ?server|mongo( ?db)?|dynamo ?db|cosmos ?db|cassandra|redis|memcached|kafka|rabbitmq|sqs|s3|elastic ?search|opensearch|databases?|(other-)?nosql[-\w]*)([- ](database|db|server|cluster|bucket|queue))?$/i;

const externals: readonly Row[] = [
  [/\b(e-?mail|smtp)\b/i, "email"],
  [/\b(iot|sensors?|iot-device)\b/i, "iot-edge"],
  [
    /\b(saas|third[- ]party|(cloud|payment|service|identity|mail|sms) providers?|payment (gateway|processor)|partner (system|api|service)s?|external (api|service|system)s?|stripe|paypal|twilio|sendgrid|github|slack|salesforce|mailchimp|(google|web) analytics|cognitive services|oidc provider)\b/i,
    "third-party-saas",
  ],
];

const rowsOf: Readonly<Record<ElementKind, readonly Row[]>> = {
  process: processes,
  store: stores,
  external: externals,
  flow: [],
};

/** Type of an element of which a model says no more than its symbol. */
const typeOfKind: Readonly<Record<ElementKind, ElementType>> = {
  process: "process",
  store: "data-store",
  external: "external-entity",
  flow: "data-flow",
};

/** Longer texts are prose, not names. */
const longestName = 200;

/**
 * The component type of a model's element: as the model says, else as its technology names it, else as its name does.
 * Where no word is plain enough it keeps the type of its symbol, and gets the questions that every such symbol gets.
 */
export function typeOf(element: ModelElement): ElementType {
  if (element.type) return element.type;
  const { kind, technology, name } = element;
  const byTechnology = technology ? typeByWords(kind, technology) : undefined;
  const byName = typeByWords(kind, name);
  const chosen = technology && saysLittle.test(technology) ? (byName ?? byTechnology) : (byTechnology ?? byName);
  return chosen ?? typeOfKind[kind];
}

/** "Web Server" of a diagram's palette is said of proxies and dashboards too: a name that says more wins over it. */
const saysLittle = /^web[- ]?(server|service|app|application)$/i;

function typeByWords(kind: ElementKind, text: string): ElementType | undefined {
  if (text.length > longestName) return undefined;
  const words = text.replaceAll("_", " ").replace(/([a-z])([A-Z][a-z])/g, "$1 $2");
  const rows = kind === "process" && storeWhateverDrawn.test(words.trim()) ? stores : rowsOf[kind];
  return rows.find(([pattern]) => pattern.test(words))?.[1];
}
