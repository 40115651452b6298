import { Refusal } from "../refusal.ts";
import { showCodeScanning, showDependabot, showSecretScanning } from "../show/alerts.ts";
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
  return page(call, chosen(call, codeScanning), (alert) => showCodeScanning(call.world, call.repository, alert));
}

function listSecretScanning(call: RepositoryCall): Answer {
  const { secretScanning } = call.repository.alerts;
  if (secretScanning === undefined) throw new Refusal(404, "Secret scanning is disabled on this repository.");
  const hidden = call.query.get("hide_secret") === "true";
  const alerts = chosen(call, secretScanning, ({ state }) => (state === "open" ? "open" : "resolved"));
  return page(call, alerts, (alert) => showSecretScanning(call.world, call.repository, alert, hidden));
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
    slice.map((alert) => showDependabot(call.world, call.repository, alert)),
    link === undefined ? {} : { link },
  );
}

function listBranchRules(call: RepositoryCall): Answer {
  const { repository, params } = call;
  const rules = repository.rules.get(decodeURIComponent(params["branch"] ?? "")) ?? [];
  const source = { ruleset_source_type: "Repository", ruleset_source: `${repository.owner.login}/${repository.name}` };
  return page(call, rules, (rule) => ({ ...rule, ...source, ruleset_id: 42 }));
}
