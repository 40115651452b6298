import { Refusal } from "../refusal.ts";
import { apiOf, pageOf } from "../show/repositories.ts";
import type { CodeScanningAlert, DependabotAlert, SecretScanningAlert } from "../world.ts";
import { type Answer, cut, type Operation, ok, page, type RepositoryCall } from "./operation.ts";

/** Alerts of scanners, and the rules of a branch. */
export const alertOperations: readonly Operation[] = [
  {
    id: "code-scanning/list-alerts-for-repo",
    method: "GET",
    path: "/repos/{owner}/{repo}/code-scanning/alerts",
    on: "repository",
    needs: [{ security_events: "read" }],
    person: "write",
    answer: listCodeScanning,
  },
  {
    id: "secret-scanning/list-alerts-for-repo",
    method: "GET",
    path: "/repos/{owner}/{repo}/secret-scanning/alerts",
    on: "repository",
    needs: [{ secret_scanning_alerts: "read" }],
    person: "admin",
    answer: listSecretScanning,
  },
  {
    id: "dependabot/list-alerts-for-repo",
    method: "GET",
    path: "/repos/{owner}/{repo}/dependabot/alerts",
    on: "repository",
    needs: [{ vulnerability_alerts: "read" }],
    person: "write",
    answer: listDependabot,
  },
  {
    id: "repos/get-branch-rules",
    method: "GET",
    path: "/repos/{owner}/{repo}/rules/branches/{branch}",
    on: "repository",
    needs: [{ metadata: "read" }],
    person: "read",
    answer: listBranchRules,
  },
];

/** Newest first, of the states that are asked for; a list of states is separated by commas. */
function chosen<Alert extends { readonly number: number; readonly state: string }>(
  call: RepositoryCall,
  alerts: readonly Alert[],
  stateOf: (alert: Alert) => string = ({ state }) => state,
): Alert[] {
  const states = call.query.get("state")?.split(",");
  const found = alerts.filter((alert) => states === undefined || states.includes(stateOf(alert)));
  return found.toSorted((one, other) => other.number - one.number);
}

function listCodeScanning(call: RepositoryCall): Answer {
  const { codeScanning } = call.repository.alerts;
  // The words that the API answers with where nothing was ever uploaded.
  if (codeScanning === undefined) throw new Refusal(404, "no analysis found");
  return page(call, chosen(call, codeScanning), (alert) => showCodeScanning(call, alert));
}

function showCodeScanning({ world, repository }: RepositoryCall, alert: CodeScanningAlert) {
  const url = `${apiOf(world, repository)}/code-scanning/alerts/${alert.number}`;
  const html = `${pageOf(world, repository)}/security/code-scanning/${alert.number}`;
  const { id, description, severity, level, tags } = alert.rule;
  return {
    number: alert.number,
    created_at: alert.at,
    updated_at: alert.ended ?? alert.at,
    url,
    html_url: html,
    instances_url: `${url}/instances`,
    state: alert.state,
    fixed_at: alert.state === "fixed" ? (alert.ended ?? null) : null,
    dismissed_by: null,
    dismissed_at: alert.state === "dismissed" ? (alert.ended ?? null) : null,
    dismissed_reason: alert.state === "dismissed" ? (alert.reason ?? null) : null,
    dismissed_comment: alert.comment ?? null,
    rule: { id, name: id, severity, security_severity_level: level ?? null, description, tags: [...tags] },
    tool: { name: alert.tool, guid: null, version: "2.20.0" },
    most_recent_instance: {
      ref: `refs/heads/${repository.defaultBranch}`,
      analysis_key: ".github/workflows/scan.yml:scan",
      environment: "{}",
      category: "scan",
      state: alert.state,
      commit_sha: repository.branches.get(repository.defaultBranch) ?? "",
      message: { text: description },
      location: { path: alert.path, start_line: alert.line, end_line: alert.line, start_column: 1, end_column: 9 },
      classifications: [],
    },
  };
}

function listSecretScanning(call: RepositoryCall): Answer {
  const { secretScanning } = call.repository.alerts;
  if (secretScanning === undefined) throw new Refusal(404, "Secret scanning is disabled on this repository.");
  const hidden = call.query.get("hide_secret") === "true";
  const alerts = chosen(call, secretScanning, ({ state }) => (state === "open" ? "open" : "resolved"));
  return page(call, alerts, (alert) => showSecretScanning(call, alert, hidden));
}

function showSecretScanning({ world, repository }: RepositoryCall, alert: SecretScanningAlert, hidden: boolean) {
  const url = `${apiOf(world, repository)}/secret-scanning/alerts/${alert.number}`;
  const blob = "0".repeat(40);
  const resolution = alert.state === "fixed" ? "revoked" : alert.state === "dismissed" ? alert.reason : null;
  return {
    number: alert.number,
    created_at: alert.at,
    url,
    html_url: `${pageOf(world, repository)}/security/secret-scanning/${alert.number}`,
    locations_url: `${url}/locations`,
    state: alert.state === "open" ? "open" : "resolved",
    resolution: resolution ?? null,
    resolved_at: alert.ended ?? null,
    resolved_by: null,
    resolution_comment: alert.comment ?? null,
    secret_type: alert.type,
    secret_type_display_name: alert.typeName,
    ...(hidden ? {} : { secret: "a secret that nobody should ask for" }),
    first_location_detected: {
      path: alert.path,
      start_line: alert.line,
      end_line: alert.line,
      start_column: 1,
      end_column: 40,
      blob_sha: blob,
      blob_url: `${apiOf(world, repository)}/git/blobs/${blob}`,
      commit_sha: blob,
      commit_url: `${apiOf(world, repository)}/git/commits/${blob}`,
    },
    has_more_locations: false,
  };
}

/** Pages of Dependabot alerts are found by cursors; here a cursor is the number of the page. */
function listDependabot(call: RepositoryCall): Answer {
  const { dependabot } = call.repository.alerts;
  if (dependabot === undefined) throw new Refusal(403, "Dependabot alerts are disabled for this repository.");
  const after = call.query.get("after");
  const query = new URLSearchParams(call.query);
  if (after !== null) query.set("page", after);
  const { slice, headers } = cut({ ...call, query }, chosen(call, dependabot));
  const link = headers["link"]?.replaceAll(/([?&])after=\d+&?/g, "$1").replaceAll(/([?&])page=(\d+)/g, "$1after=$2");
  return ok(
    slice.map((alert) => showDependabot(call, alert)),
    link === undefined ? {} : { link },
  );
}

function showDependabot({ world, repository }: RepositoryCall, alert: DependabotAlert) {
  const named = { ecosystem: alert.ecosystem, name: alert.package };
  const vulnerability = {
    package: named,
    severity: alert.severity,
    vulnerable_version_range: "< 2.0.0",
    first_patched_version: { identifier: "2.0.0" },
  };
  return {
    number: alert.number,
    state: alert.state,
    dependency: {
      package: named,
      manifest_path: alert.manifest,
      scope: alert.scope,
      relationship: alert.relationship,
    },
    security_advisory: {
      ghsa_id: alert.advisory,
      cve_id: null,
      summary: alert.summary,
      description: alert.summary,
      vulnerabilities: [vulnerability],
      severity: alert.severity,
      cvss: { score: 8.1, vector_string: null },
      cwes: alert.cwes.map((cwe_id) => ({ cwe_id, name: cwe_id })),
      identifiers: [{ type: "GHSA", value: alert.advisory }],
      references: [],
      published_at: alert.at,
      updated_at: alert.at,
      withdrawn_at: null,
    },
    security_vulnerability: vulnerability,
    url: `${apiOf(world, repository)}/dependabot/alerts/${alert.number}`,
    html_url: `${pageOf(world, repository)}/security/dependabot/${alert.number}`,
    created_at: alert.at,
    updated_at: alert.ended ?? alert.at,
    dismissed_at: alert.state === "dismissed" ? (alert.ended ?? null) : null,
    dismissed_by: null,
    dismissed_reason: alert.state === "dismissed" ? (alert.reason ?? null) : null,
    dismissed_comment: alert.comment ?? null,
    fixed_at: alert.state === "fixed" ? (alert.ended ?? null) : null,
  };
}

function listBranchRules(call: RepositoryCall): Answer {
  const { repository, params } = call;
  const rules = repository.rules.get(decodeURIComponent(params["branch"] ?? "")) ?? [];
  const source = { ruleset_source_type: "Repository", ruleset_source: `${repository.owner.login}/${repository.name}` };
  return page(call, rules, (rule) => ({ ...rule, ...source, ruleset_id: 42 }));
}
