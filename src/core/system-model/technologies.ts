import type { ElementType } from "../domain/element-type.ts";

/*
 * Products by the names that images, packages and addresses give them, so that a driver, an image and an address that speak of
 * one product are known to. Facts of public naming only.
 */

/** One product. */
export interface Product {
  readonly name: string;
  readonly type: ElementType;
  /** Ports and protocols people know it by. */
  readonly protocol?: string;
}

const products: readonly (readonly [RegExp, Product])[] = [
  // Before the stores whose names they bear.
  [/opensearch-dashboards|\bkibana\b/, { name: "monitoring", type: "logging-monitoring" }],
  [
    /postg|pgvector|timescale|npgsql|\bpg\b|pgx|psycopg|asyncpg|lib\/pq|supabase\/postgres|alloydb/,
    { name: "PostgreSQL", type: "relational-db", protocol: "PostgreSQL" },
  ],
  [/mysql|mariadb|percona|pymysql|trilogy/, { name: "MySQL or MariaDB", type: "relational-db", protocol: "MySQL" }],
  [/sqlite|better-sqlite3|libsql/, { name: "SQLite", type: "relational-db" }],
  [
    /mssql|sqlserver|sql-server|sqlclient|azure-sql|tedious|go-microsoft|entityframeworkcore\.sqlserver/,
    { name: "SQL Server", type: "relational-db", protocol: "TDS" },
  ],
  [/oracle|ojdbc|godror|cx-oracle/, { name: "Oracle Database", type: "relational-db" }],
  [/cockroach/, { name: "CockroachDB", type: "relational-db", protocol: "PostgreSQL" }],
  [/clickhouse/, { name: "ClickHouse", type: "relational-db" }],
  [/com\.h2database|hsqldb/, { name: "H2 or HSQLDB", type: "relational-db" }],
  [/mongo/, { name: "MongoDB", type: "document-db", protocol: "MongoDB" }],
  [/dynamo/, { name: "DynamoDB", type: "document-db", protocol: "HTTPS" }],
  [/cassandra|scylla|gocql/, { name: "Cassandra", type: "document-db" }],
  [/couchdb|couchbase/, { name: "Couchbase or CouchDB", type: "document-db" }],
  [/firestore/, { name: "Firestore", type: "document-db", protocol: "HTTPS" }],
  [/neo4j/, { name: "Neo4j", type: "document-db" }],
  [/redis|valkey|dragonfly|keydb|jedis|lettuce/, { name: "Redis", type: "cache", protocol: "Redis" }],
  [/memcache|dalli|pymemcache/, { name: "Memcached", type: "cache", protocol: "Memcached" }],
  [/rabbit|amqp|bunny|pika|lapin/, { name: "RabbitMQ", type: "message-broker", protocol: "AMQP" }],
  [/kafka|redpanda|sarama/, { name: "Kafka", type: "message-broker", protocol: "Kafka" }],
  [/\bnats\b/, { name: "NATS", type: "message-broker", protocol: "NATS" }],
  [/mosquitto|emqx|mqtt/, { name: "MQTT broker", type: "message-broker", protocol: "MQTT" }],
  [/activemq|artemis/, { name: "ActiveMQ", type: "message-broker" }],
  [/\bsqs\b/, { name: "Amazon SQS", type: "message-broker", protocol: "HTTPS" }],
  [
    /elasticsearch|opensearch|elastic\//,
    { name: "Elasticsearch or OpenSearch", type: "search-index", protocol: "HTTP" },
  ],
  [
    /meilisearch|typesense|\bsolr\b|qdrant|weaviate|milvus|chroma/,
    { name: "search index", type: "search-index", protocol: "HTTP" },
  ],
  [
    /grafana|prometheus|zipkin|jaeger|\bloki\b|opentelemetry-collector|kibana|logstash|fluent-?bit|fluentd|graylog|alertmanager|victoriametrics/,
    { name: "monitoring", type: "logging-monitoring" },
  ],
  [
    /keycloak|authentik|\bdex\b|ory\/hydra|zitadel/,
    { name: "identity provider", type: "identity-provider", protocol: "HTTP" },
  ],
  [
    /^nginx$|nginxinc|nginx-unprivileged|traefik|haproxy|\bcaddy\b|envoyproxy|\bkong\b/,
    { name: "reverse proxy", type: "edge-gateway", protocol: "HTTP" },
  ],
  [/ollama|vllm/, { name: "language model server", type: "llm-component", protocol: "HTTP" }],
  [/minio/, { name: "MinIO", type: "object-store", protocol: "HTTP" }],
  [
    /client-s3|awssdk:s3|aws-sdk-s3|awssdk\.s3|service\/s3/,
    { name: "Amazon S3", type: "object-store", protocol: "HTTPS" },
  ],
];

/** The product that a name speaks of; undefined where none is plain. */
export function productOf(name: string): Product | undefined {
  const text = name.toLowerCase();
  return products.find(([pattern]) => pattern.test(text))?.[1];
}

/** Libraries that bear the name of a service and talk to nobody: tokens, messages, templates of mail as such. */
const libraries =
  /java-jwt|jwks-rsa|jwt-decode|express-jwt|google-api-core|googleapis-common-protos|google-auth|proto-google|api-common|azure-core|smithy|react-email|^mjml|maizzle|@octokit\/(types|openapi-types|webhooks-types)/;

/** Whether a package bears the name of a company's service without being its client. */
export function isOnlyLibrary(name: string): boolean {
  return libraries.test(name.toLowerCase());
}

/** Companies by the hosts and packages of their services: first match wins. */
const partners: readonly (readonly [RegExp, string])[] = [
  [/\bstripe\b/, "Stripe"],
  [/paypal|braintree/, "PayPal"],
  [/twilio/, "Twilio"],
  [/sendgrid/, "SendGrid"],
  [/mailgun/, "Mailgun"],
  [/postmark/, "Postmark"],
  [/mailchimp|mandrill/, "Mailchimp"],
  [/^resend$|resend-(python|go|java|php|ruby)|\bresend\.com/, "Resend"],
  [/brevo|sendinblue/, "Brevo"],
  [/mailjet/, "Mailjet"],
  [/client-ses|aws-sdk-ses|awssdk\.simpleemail/, "Amazon SES"],
  [/slack/, "Slack"],
  [/discord/, "Discord"],
  [/telegram|telegraf|teloxide/, "Telegram"],
  [/octokit|api\.github\.com|pygithub|go-github|probot|octocrab/, "GitHub"],
  [/gitbeaker|gitlab/, "GitLab"],
  [/jira|atlassian/, "Atlassian"],
  [/openai/, "OpenAI"],
  [/anthropic/, "Anthropic"],
  [/mistral/, "Mistral AI"],
  [/cohere/, "Cohere"],
  [/sentry/, "Sentry"],
  [/datadog|dd-trace/, "Datadog"],
  [/newrelic|new-relic/, "New Relic"],
  [/bugsnag/, "Bugsnag"],
  [/rollbar/, "Rollbar"],
  [/honeybadger/, "Honeybadger"],
  [/logrocket/, "LogRocket"],
  [/posthog/, "PostHog"],
  [/mixpanel/, "Mixpanel"],
  [/segment/, "Segment"],
  [/amplitude/, "Amplitude"],
  [/launchdarkly/, "LaunchDarkly"],
  [/auth0/, "Auth0"],
  [/okta/, "Okta"],
  [
    /login\.microsoftonline|microsoft\.graph|graph\.microsoft|@microsoft\/microsoft-graph|\bmsal\b/,
    "Microsoft identity and Graph",
  ],
  [/firebase|fcm\.googleapis/, "Firebase"],
  [/amazonaws\.com$/, "AWS"],
  [/maps\.googleapis|@googlemaps/, "Google Maps"],
  [/accounts\.google\.com|oauth2\.googleapis|googleapis|google-api|google\.apis/, "Google APIs"],
  [/hubspot/, "HubSpot"],
  [/salesforce|jsforce|restforce/, "Salesforce"],
  [/shopify/, "Shopify"],
  [/plaid/, "Plaid"],
  [/adyen/, "Adyen"],
  [/mollie/, "Mollie"],
  [/algolia/, "Algolia"],
  [/pusher/, "Pusher"],
  [/cloudflare/, "Cloudflare"],
  [/zendesk/, "Zendesk"],
  [/intercom/, "Intercom"],
  [/pagerduty/, "PagerDuty"],
  [/dropbox/, "Dropbox"],
  [/notion/, "Notion"],
  [/airtable/, "Airtable"],
  [/docusign/, "DocuSign"],
  [/notifications-\w+-client|govuknotify|gov\.service\.notify|mail-notify/, "GOV.UK Notify"],
];

/** The company behind a package or a host; undefined where it is not known by name. */
export function partnerOf(name: string): string | undefined {
  const text = name.toLowerCase();
  if (isOnlyLibrary(text)) return undefined;
  return partners.find(([pattern]) => pattern.test(text))?.[1];
}
