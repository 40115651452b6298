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
