import type {
  AlertsReading,
  EvidenceReading,
  EvidenceWanted,
  IncidentsReading,
  Scanner,
} from "../../core/domain/evidence.ts";
import { Forbidden, Gone } from "../failures.ts";
import { readAlerts } from "./alerts.ts";
import { requiresResolved } from "./branch-rules.ts";
import type { GitHubClient } from "./client.ts";
import type { RepositoryName } from "./files.ts";
import { readIncidents } from "./incidents.ts";

/** With what alerts and incidents are read. */
export interface EvidenceAccess {
  readonly client: GitHubClient;
  /** The permissions for alerts that we were granted; absent where only trying tells. */
  readonly granted?: () => Promise<ReadonlySet<string>>;
}

/** What each kind of alert is read with: https://docs.github.com/rest/authentication/permissions-required-for-github-apps */
const permissionFor: Readonly<Record<Scanner, string>> = {
  "code-scanning": "security_events",
  "secret-scanning": "secret_scanning_alerts",
  dependabot: "vulnerability_alerts",
};

/**
 * Alerts of scanners and incidents, one kind after the other. Each is optional: where we may not look, or the feature is
 * switched off, it is unknown with GitHub's reason, and never taken for "none". With a token of which nobody knows what it
 * may do, alerts are only asked for where the policy names them.
 */
export async function readEvidence(
  access: EvidenceAccess | undefined,
  repository: RepositoryName,
  wanted: EvidenceWanted,
): Promise<EvidenceReading> {
  if (!access) return { alerts: [] };
  const granted = await access.granted?.();
  const scanners = granted === undefined && !wanted.isStated ? [] : wanted.scanners;
  const alerts: AlertsReading[] = [];
  for (const scanner of scanners) {
    const permission = permissionFor[scanner];
    const needs = `${permission}: read`;
    if (granted && !granted.has(permission)) {
      alerts.push({ source: scanner, outcome: "unknown", why: "the App was not granted the permission", needs });
    } else alerts.push(await orUnknown(scanner, needs, () => readAlerts(access.client, repository, scanner)));
  }
  const { incidentLabel, rulesOf } = wanted;
  const mustBeResolved = rulesOf === undefined ? undefined : await requiresResolved(access.client, repository, rulesOf);
  return {
    alerts,
    ...(incidentLabel !== undefined && {
      incidents: await incidentsOrUnknown(access.client, repository, incidentLabel),
    }),
    ...(mustBeResolved !== undefined && { conversationsMustBeResolved: mustBeResolved }),
  };
}

async function orUnknown(
  source: Scanner,
  needs: string,
  reading: () => Promise<AlertsReading>,
): Promise<AlertsReading> {
  try {
    return await reading();
  } catch (error) {
    if (error instanceof Forbidden) return { source, outcome: "unknown", why: error.message, needs };
    if (error instanceof Gone) return { source, outcome: "unknown", why: error.message };
    throw error;
  }
}

async function incidentsOrUnknown(
  client: GitHubClient,
  repository: RepositoryName,
  label: string,
): Promise<IncidentsReading> {
  try {
    return await readIncidents(client, repository, label);
  } catch (error) {
    if (error instanceof Forbidden || error instanceof Gone) return { outcome: "unknown", why: error.message };
    throw error;
  }
}
