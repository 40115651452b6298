import type { ElementKind } from "./stride.ts";

/**
 * The component types that change rules and threat rules speak of, with the kind of data-flow-diagram symbol each is.
 * One list for both, so that a change always finds its threats.
 */
export const elementTypes = {
  "web-app": "process",
  "http-api": "process",
  "browser-spa": "process",
  "mobile-backend": "process",
  /** A program on people's own phones and machines. */
  "client-app": "process",
  "realtime-channel": "process",
  "webhook-receiver": "process",
  "file-upload": "process",
  "admin-console": "process",
  "edge-gateway": "process",
  /** A jump host, a VPN, an administrator's way in. */
  "remote-access": "process",
  "background-worker": "process",
  "scheduled-job": "process",
  "serverless-function": "process",
  "data-pipeline": "process",
  "llm-component": "process",
  /** Runs programs that its users bring: notebooks, plug-ins, user functions. */
  "code-runner": "process",
  "feature-flags": "process",
  "relational-db": "store",
  "document-db": "store",
  cache: "store",
  "object-store": "store",
  "search-index": "store",
  "message-broker": "store",
  backup: "store",
  "identity-provider": "process",
  "identity-client": "process",
  "access-control": "process",
  "secrets-manager": "store",
  "cloud-iam": "process",
  "k8s-rbac": "process",
  "container-image": "process",
  "k8s-workload": "process",
  "k8s-ingress": "process",
  "service-mesh": "process",
  "cloud-network": "process",
  "infrastructure-as-code": "process",
  "logging-monitoring": "store",
  dns: "process",
  email: "external",
  "cicd-pipeline": "process",
  "source-repository": "process",
  /** Keeps images and packages that others install. */
  "artifact-registry": "store",
  "package-dependency": "external",
  "third-party-saas": "external",
  "iot-edge": "external",
  /** A process or a store of which a model says no more than that. */
  process: "process",
  "data-store": "store",
  "data-flow": "flow",
  "external-entity": "external",
  "trust-boundary": "flow",
} as const satisfies Record<string, ElementKind>;

/** One of the component types. */
export type ElementType = keyof typeof elementTypes;

/** The types as a list, for schemas. */
export const elementTypeIds = Object.keys(elementTypes) as [ElementType, ...ElementType[]];
