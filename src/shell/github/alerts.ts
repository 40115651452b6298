import { z } from "zod";
import type { AlertsReading, Scanner, ScannerAlert } from "../../core/domain/evidence.ts";
import type { Answer } from "./answers.ts";
import { type Call, type GitHubClient, read } from "./client.ts";
import type { RepositoryName } from "./files.ts";

/*
 * The alerts of a repository's default branch. What is open is read first and furthest; of what was fixed or dismissed the
 * latest hundred. Secrets themselves are never asked for.
 */

/** Pages of a hundred open alerts that are read at most; what lies beyond is said. */
const mostPages = 3;

const perPage = 100;

/** Reads the alerts of one feature. Throws Forbidden and Gone where GitHub shows none because we may not, or it is off. */
export async function readAlerts(
  client: GitHubClient,
  repository: RepositoryName,
  scanner: Scanner,
): Promise<AlertsReading> {
  const { route, needs, ended, hidden, shape } = features[scanner];
  const call: Call = { what: `list the ${scanner} alerts`, needs, kind: "read" };
  const alerts: ScannerAlert[] = [];
  const place = { owner: repository.owner, repo: repository.name, per_page: perPage, ...hidden };
  let more: Readonly<Record<string, string>> | undefined = {};
  for (let page = 0; more && page < mostPages; page++) {
    const answer: Answer = await client.rest(`GET ${route}`, { ...place, state: "open", ...more }, call);
    alerts.push(...read(z.array(shape), answer.data, call.what));
    more = nextPage(answer);
  }
  const isWhole = more === undefined;
  for (const state of ended) {
    const answer = await client.rest(`GET ${route}`, { ...place, state, sort: "updated", direction: "desc" }, call);
    alerts.push(...read(z.array(shape), answer.data, call.what));
  }
  return { source: scanner, outcome: "present", alerts, isWhole, of: "the default branch" };
}

/** The parameters that lead to the next page: GitHub numbers the pages of some lists and gives cursors for others. */
function nextPage({ headers }: Answer): Readonly<Record<string, string>> | undefined {
  const found = /<([^<>]{1,2000})>; rel="next"/.exec(headers.link ?? "")?.[1];
  if (found === undefined || !URL.canParse(found)) return undefined;
  const { searchParams } = new URL(found);
  const [page, after] = [searchParams.get("page"), searchParams.get("after")];
  if (after !== null) return { after };
  return page === null ? undefined : { page };
}

const levels = z.enum(["low", "medium", "high", "critical"]);
const text = z.string().max(100_000);

/** https://docs.github.com/rest/code-scanning/code-scanning#list-code-scanning-alerts-for-a-repository */
const codeScanningShape = z
  .object({
    number: z.number().int(),
    created_at: text,
    state: text.nullable(),
    fixed_at: text.nullish(),
    dismissed_at: text.nullish(),
    dismissed_reason: text.nullish(),
    dismissed_comment: text.nullish(),
    rule: z.object({
      id: text.nullish(),
      description: text.nullish(),
      severity: text.nullish(),
      security_severity_level: levels.nullish().catch(undefined),
      tags: z.array(text).nullish(),
    }),
    tool: z.object({ name: text.nullish() }),
    most_recent_instance: z
      .object({ location: z.object({ path: text.nullish(), start_line: z.number().int().nullish() }).nullish() })
      .nullish(),
  })
  .transform(({ number, rule, tool, most_recent_instance: instance, ...alert }): ScannerAlert => {
    const { path, start_line: line } = instance?.location ?? {};
    const risk = rule.security_severity_level ?? levelOfSeverity(rule.severity);
    return {
      source: "code-scanning",
      tool: oneLine(tool.name ?? "code scanning", 60),
      reference: `code-scanning alert ${number}`,
      number,
      says: oneLine(rule.description ?? rule.id ?? "", 300),
      cwe: (rule.tags ?? []).flatMap(weaknessOfTag),
      ...ended(alert.state, alert.fixed_at, alert.dismissed_at, alert.dismissed_reason, alert.dismissed_comment),
      ...(risk && { risk }),
      ...(path && { place: { path, ...(line && line > 0 ? { line } : {}) } }),
      at: alert.created_at,
    };
  });

/** https://docs.github.com/rest/secret-scanning/secret-scanning#list-secret-scanning-alerts-for-a-repository */
const secretScanningShape = z
  .object({
    number: z.number().int(),
    created_at: text,
    state: text,
    resolution: text.nullish(),
    resolved_at: text.nullish(),
    resolution_comment: text.nullish(),
    secret_type_display_name: text.nullish(),
    secret_type: text.nullish(),
    first_location_detected: z
      .object({ path: text.nullish(), start_line: z.number().int().nullish() })
      .nullish()
      .catch(undefined),
  })
  .transform(({ number, ...alert }): ScannerAlert => {
    const { path, start_line: line } = alert.first_location_detected ?? {};
    // A revoked secret is repaired; the other ways to resolve an alert say that there was nothing to repair.
    const isRevoked = alert.resolution === "revoked";
    const state = alert.state === "open" ? "open" : isRevoked ? "fixed" : "dismissed";
    return {
      source: "secret-scanning",
      tool: "secret scanning",
      reference: `secret-scanning alert ${number}`,
      number,
      says: oneLine(alert.secret_type_display_name ?? alert.secret_type ?? "a secret", 300),
      // GitHub names no weakness; a secret in a repository is one of these by its nature.
      cwe: ["CWE-798", "CWE-540"],
      ...ended(state, alert.resolved_at, alert.resolved_at, alert.resolution, alert.resolution_comment),
      risk: "high",
      ...(path && { place: { path, ...(line && line > 0 ? { line } : {}) } }),
      at: alert.created_at,
    };
  });

/** https://docs.github.com/rest/dependabot/alerts#list-dependabot-alerts-for-a-repository */
const dependabotShape = z
  .object({
    number: z.number().int(),
    state: text,
    dependency: z.object({
      package: z.object({ ecosystem: text, name: text }).nullish(),
      manifest_path: text.nullish(),
      scope: z.enum(["development", "runtime"]).nullish().catch(undefined),
      relationship: text.nullish(),
    }),
    security_advisory: z.object({
      ghsa_id: text,
      summary: text,
      severity: levels.nullish().catch(undefined),
      cwes: z.array(z.object({ cwe_id: text })).nullish(),
    }),
    created_at: text,
    fixed_at: text.nullish(),
    dismissed_at: text.nullish(),
    auto_dismissed_at: text.nullish(),
    dismissed_reason: text.nullish(),
    dismissed_comment: text.nullish(),
  })
  .transform(({ number, dependency, security_advisory: advisory, ...alert }): ScannerAlert => {
    const { package: named, manifest_path: manifest, scope, relationship } = dependency;
    const at = alert.dismissed_at ?? alert.auto_dismissed_at;
    return {
      source: "dependabot",
      tool: "Dependabot",
      reference: advisory.ghsa_id,
      number,
      says: oneLine(advisory.summary, 300),
      // Whatever the advisory is about, the component that it concerns is a vulnerable one.
      cwe: [...(advisory.cwes ?? []).map(({ cwe_id: id }) => id), "CWE-1395"],
      ...ended(alert.state, alert.fixed_at, at, alert.dismissed_reason, alert.dismissed_comment),
      ...(advisory.severity && { risk: advisory.severity }),
      ...(named &&
        manifest && {
          package: {
            ecosystem: named.ecosystem,
            name: oneLine(named.name, 200),
            manifest,
            ...(scope && { scope }),
            ...(relationship === "transitive" ? { isTransitive: true as const } : {}),
          },
        }),
      at: alert.created_at,
    };
  });

interface Feature {
  readonly route: string;
  readonly needs: string;
  /** The states of which the latest hundred are read as well, each one request. */
  readonly ended: readonly string[];
  readonly hidden: Readonly<Record<string, unknown>>;
  readonly shape: z.ZodType<ScannerAlert>;
}

const features: Readonly<Record<Scanner, Feature>> = {
  "code-scanning": {
    route: "/repos/{owner}/{repo}/code-scanning/alerts",
    needs: "Code scanning alerts: read",
    ended: ["fixed"],
    hidden: {},
    shape: codeScanningShape,
  },
  "secret-scanning": {
    route: "/repos/{owner}/{repo}/secret-scanning/alerts",
    needs: "Secret scanning alerts: read",
    ended: ["resolved"],
    hidden: { hide_secret: true },
    shape: secretScanningShape,
  },
  dependabot: {
    route: "/repos/{owner}/{repo}/dependabot/alerts",
    needs: "Dependabot alerts: read",
    ended: ["fixed,dismissed,auto_dismissed"],
    hidden: {},
    shape: dependabotShape,
  },
};

/** State, end and reason of an alert. What GitHub dismissed by a rule counts as dismissed by people: they wrote the rule. */
function ended(
  state: string | null | undefined,
  fixedAt: string | null | undefined,
  dismissedAt: string | null | undefined,
  reason: string | null | undefined,
  comment: string | null | undefined,
): Pick<ScannerAlert, "state" | "ended" | "because"> {
  if (state === "open") return { state: "open" };
  if (state === "fixed") return { state: "fixed", ...(fixedAt && { ended: fixedAt }) };
  const words = [reason?.replaceAll("_", " "), comment ? `"${oneLine(comment, 200)}"` : undefined].filter(
    (part) => part !== undefined,
  );
  const because = state === "auto_dismissed" && words.length === 0 ? "by a rule of the repository" : words.join(", ");
  return { state: "dismissed", ...(dismissedAt && { ended: dismissedAt }), ...(because !== "" && { because }) };
}

/** CodeQL and what follows it tag rules with `external/cwe/cwe-089`; others with `CWE-89: …`. */
function weaknessOfTag(tag: string): string[] {
  const found = /(?:^|\/)cwe[-_ ]?0{0,4}([1-9]\d{0,4})(?!\d)/i.exec(tag.slice(0, 200));
  return found ? [`CWE-${found[1]}`] : [];
}

/** Where a rule has no security severity, GitHub shows its level. */
function levelOfSeverity(severity: string | null | undefined): ScannerAlert["risk"] {
  return severity === "error" ? "high" : severity === "warning" ? "medium" : severity === "note" ? "low" : undefined;
}

function oneLine(words: string, most: number): string {
  return words
    .slice(0, most * 2)
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, most);
}
