import type { Assessment } from "../domain/assessment.ts";
import type { Change } from "../domain/change.ts";
import type { RiskLevel } from "../domain/risk.ts";
import { riskLevels } from "../domain/risk.ts";
import type { Threat } from "../domain/threat.ts";

/*
 * SARIF 2.1.0, for code-scanning pages and other tools. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */

/** GitHub reads this property as a number from 0 to 10. https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning */
const securitySeverity: Readonly<Record<RiskLevel, string>> = {
  note: "0.0",
  low: "3.0",
  medium: "5.5",
  high: "8.0",
  critical: "9.5",
};

/** One SARIF run: a result for each open threat of a significant change, and one for each change that raises none. */
export function sarifOutput(assessment: Assessment): object {
  const results = assessment.changes.flatMap((change, index) =>
    change.significant ? resultsOf(assessment, change, index) : [],
  );
  const rules = new Map(results.map((result) => [result.ruleId, result.rule]));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Threatgate",
            version: assessment.versions.threatgate,
            rules: [...rules.values()].sort((a, b) => a.id.localeCompare(b.id, "en")),
          },
        },
        results: results.map(({ rule: _, ...result }) => result),
        invocations: [
          {
            executionSuccessful: !assessment.couldNotEvaluate,
            toolConfigurationNotifications: assessment.problems.map((problem) => ({
              level: problem.severity,
              message: { text: `${problem.what} ${problem.hint}` },
              locations: [locationOf(problem.path, problem.line)],
            })),
          },
        ],
      },
    ],
  };
}

interface Result {
  readonly ruleId: string;
  readonly rule: { readonly id: string };
}

function resultsOf(assessment: Assessment, change: Change, index: number): Result[] {
  const threats = (assessment.checklists.find((list) => list.change === index)?.threats ?? []).filter(
    (threat) => threat.status === "open" || threat.status === "unknown",
  );
  return threats.length > 0 ? threats.map((threat) => threatResult(change, threat)) : [changeResult(change)];
}

function threatResult(change: Change, threat: Threat): Result {
  return {
    ruleId: threat.rule,
    rule: describe(threat.rule, threat.title, threat.countermeasure, {
      tags: ["security", ...threat.cwe.map((id) => `external/cwe/${id.toLowerCase()}`)],
      "security-severity": securitySeverity[threat.risk],
    }),
    ...result(change, `${change.says}: ${threat.title}. ${threat.countermeasure}`, threat.id),
    level: riskLevels.indexOf(threat.risk) >= riskLevels.indexOf("high") ? "error" : "warning",
  } as Result;
}

function changeResult(change: Change): Result {
  return {
    ruleId: change.rule,
    rule: describe(change.rule, change.rule, change.why, { tags: ["security", change.category] }),
    ...result(change, `${change.says}. ${change.asks}`, `${change.rule}/${change.path}/${change.element.name}`),
    level: "note",
  } as Result;
}

function describe(id: string, short: string, help: string, properties: object): { readonly id: string } {
  const words = { shortDescription: { text: short }, help: { text: help }, properties };
  return { id, ...words };
}

function result(change: Change, text: string, fingerprint: string): object {
  return {
    message: { text },
    locations: [locationOf(change.path, change.line)],
    partialFingerprints: { "threatgate/v1": fingerprint },
  };
}

function locationOf(path: string, line: number | undefined): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: path.split("/").map(encodeURIComponent).join("/") },
      ...(line === undefined ? {} : { region: { startLine: line } }),
    },
  };
}
