/*
 * Addresses inside values: `postgres://user@db:5432/shop`, `http://orders:8080`, `db:5432`, `redis`. Only host and protocol are
 * kept; accounts and passwords never leave this file.
 */

/** Where a value leads. */
export interface Address {
  readonly host: string;
  /** As people say it: `PostgreSQL`, `HTTP`, `AMQP`. */
  readonly protocol?: string;
}

/** Schemes of addresses and what they are called; `encrypted` ones by their own name. */
const protocols: Readonly<Record<string, string>> = {
  http: "HTTP",
  https: "HTTPS",
  ws: "WebSocket",
  wss: "WSS",
  grpc: "gRPC",
  grpcs: "gRPC over TLS",
  postgres: "PostgreSQL",
  postgresql: "PostgreSQL",
  mysql: "MySQL",
  mysql2: "MySQL",
  mariadb: "MySQL",
  sqlserver: "TDS",
  mongodb: "MongoDB",
  redis: "Redis",
  rediss: "Redis over TLS",
  amqp: "AMQP",
  amqps: "AMQPS",
  kafka: "Kafka",
  nats: "NATS",
  smtp: "SMTP",
  smtps: "SMTPS",
  ldap: "LDAP",
  ldaps: "LDAPS",
  mqtt: "MQTT",
  mqtts: "MQTTS",
  memcached: "Memcached",
  elasticsearch: "HTTP",
};

/** Longer values are texts or certificates, not addresses. */
const longest = 2_000;
const most = 20;

/** Names of settings that hold where something is, rather than what it is called. */
export function saysHost(name: string): boolean {
  return /(hosts?|ur[il]s?|addr(ess(es)?)?|servers?|endpoints?|brokers?|bootstrap|nodes?|upstream|target|dsn|connection|proxy_pass|service)([._-]|$|\d)/i.test(
    name,
  );
}

/**
 * Every address in a value, at most 20.
 * @param bare whether a value without a scheme or port may be a host: a database's name is often its service's too.
 */
export function addressesIn(value: string, bare = false): Address[] {
  const text = value.slice(0, longest);
  const found: Address[] = [];
  const pattern =
    /\b(?:jdbc:)?([a-z][a-z0-9]{1,20})(?:\+[a-z0-9]{1,20})?:\/\/(?:[^\s"'`/@,]{0,300}@)?([A-Za-z0-9][A-Za-z0-9._-]{0,120})/gi;
  for (const match of text.matchAll(pattern)) {
    const scheme = (match[1] ?? "").toLowerCase();
    const host = (match[2] ?? "").toLowerCase().replace(/[._-]+$/, "");
    const protocol = protocols[scheme];
    found.push({ host, ...(protocol === undefined ? {} : { protocol }) });
    if (found.length >= most) return found;
  }
  if (found.length > 0) return found;
  // `db:5432`, `kafka-0:9092,kafka-1:9092`, `Host=db;Port=5432`, or the bare name of a neighbour.
  for (const part of text.split(/[,;\s]+/).slice(0, most)) {
    const named =
      /^(?:(?:host|server|data source|addr|address)=)?(?:tcp:)?([A-Za-z0-9][A-Za-z0-9._-]{0,120})(?::(\d{2,5}|\$\{?\w+\}?))?$/i.exec(
        part,
      );
    if (named?.[1] !== undefined && (bare || named[2] !== undefined || part.includes("=")))
      found.push({ host: named[1].toLowerCase() });
  }
  return found;
}

/** Hosts that are the machine itself or no host at all. */
export function isSelf(host: string): boolean {
  return /^(localhost|127\.|0\.0\.0\.0|::1|host\.docker\.internal|example\.(com|org|net))/.test(host);
}
