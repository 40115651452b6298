import type { CodeScanningAlert, DependabotAlert, Repository, SecretScanningAlert, World } from "../world.ts";
import { apiOf, pageOf } from "./repositories.ts";

/* Alerts of scanners, as the API lists them and webhooks carry them. */

export function showCodeScanning(world: World, repository: Repository, alert: CodeScanningAlert) {
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

export function showSecretScanning(world: World, repository: Repository, alert: SecretScanningAlert, hidden: boolean) {
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

export function showDependabot(world: World, repository: Repository, alert: DependabotAlert) {
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
