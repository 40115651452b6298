import { usualPermissions } from "../github/seed-apps.ts";
import type { CodeScanningAlert, DependabotAlert, Permissions } from "../github/world.ts";

/* What GitHub's scanners say of the shop, for the stand-in. */

/** What an App that reads alerts is allowed, beside the usual. */
export const withAlerts = {
  ...usualPermissions,
  security_events: "read",
  secret_scanning_alerts: "read",
  vulnerability_alerts: "read",
} as const satisfies Permissions;

/** A model by which what `aCodeAlert` reports cannot happen. */
export const searchClaimedSafe = `schemaVersion: 1
system: {name: Shop}
elements:
  - {id: search, name: Search, type: process, files: [src/search/]}
threats:
  - id: search-injection
    element: search
    stride: T
    title: Search words reach the database as SQL (CWE-89)
    impact: high
    likelihood: medium
    status: mitigated
    controls: [parameters]
controls:
  - {id: parameters, title: Queries take parameters, status: implemented, evidence: [src/search/query.ts]}
`;

/** Code scanning found that search words reach the database. */
export function aCodeAlert(bend: Partial<CodeScanningAlert> = {}): CodeScanningAlert {
  return {
    number: 12,
    at: "2026-02-20T08:00:00Z",
    state: "open",
    tool: "CodeQL",
    rule: {
      id: "js/sql-injection",
      description: "Database query built from user-controlled sources",
      severity: "error",
      level: "high",
      tags: ["security", "external/cwe/cwe-089"],
    },
    path: "src/search/query.ts",
    line: 40,
    ...bend,
  };
}

/** An advisory for a package that runs with the shop. */
export function anAdvisory(bend: Partial<DependabotAlert> = {}): DependabotAlert {
  return {
    number: 7,
    at: "2026-01-20T08:00:00Z",
    state: "open",
    ecosystem: "npm",
    package: "left-parser",
    manifest: "package.json",
    scope: "runtime",
    relationship: "direct",
    advisory: "GHSA-aaaa-bbbb-cccc",
    summary: "Prototype pollution in left-parser",
    severity: "high",
    cwes: ["CWE-1321"],
    ...bend,
  };
}
