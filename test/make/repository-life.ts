import { repositoryNamed } from "../github/find.ts";
import type { GitHub } from "../github/github.ts";
import type { CodeScanningAlert, DependabotAlert } from "../github/world.ts";
import { aCodeAlert, anAdvisory } from "./an-alert.ts";
import fc from "./fast-check.ts";

/*
 * What happens around a pull request: scanners report, incidents are labelled, people join and leave teams, repositories
 * and their owners are renamed and moved, other pull requests are merged, and people close issues of ours.
 */

/** One of these things. */
export type Happening =
  | { readonly does: "alert"; readonly state: CodeScanningAlert["state"] }
  | { readonly does: "advisory"; readonly state: DependabotAlert["state"] }
  | { readonly does: "incident"; readonly is: "labelled" | "unlabelled" | "closed" }
  | { readonly does: "member"; readonly login: "dana" | "lee"; readonly is: "in" | "out" }
  | { readonly does: "rename"; readonly to: "shop" | "store" }
  | { readonly does: "transfer"; readonly to: "acme" | "other" }
  | { readonly does: "rename-owner"; readonly to: "acme" | "acme-group" }
  /** `isOld`: its branch left the default branch before everything else. */
  | { readonly does: "merge"; readonly file: string; readonly text: string; readonly isOld: boolean }
  | { readonly does: "issue"; readonly is: "open" | "closed" };

/** The team's model: one threat with a control that a scanner may contradict. */
export function modelOf(status: "open" | "mitigated"): string {
  return `schemaVersion: 1
system: {name: shop, description: Sells things to people., owner: sam}
elements:
  - {id: web, name: Web shop, type: web-app, files: [src/web/, package.json]}
  - {id: search, name: Search, type: process, files: [src/search/]}
threats:
  - {id: th-1, element: search, stride: T, title: Search words reach the database as SQL (CWE-89), impact: high, likelihood: high, status: ${status}, controls: [parameters]}
controls:
  - {id: parameters, title: Queries take parameters, status: implemented, evidence: [src/search/query.ts]}
`;
}

/** The files of the default branch. */
export const settledFiles = {
  "threat-model.yaml": modelOf("open"),
  "package.json": "{}\n",
  "src/search/query.ts": "export {};\n",
} as const;

const merged: Readonly<Record<string, readonly string[]>> = {
  "threat-model.yaml": [modelOf("open"), modelOf("mitigated")],
  "src/web/orders.ts": ['app.get("/orders/:id", (request, response) => response.json(orders.get(request)));\n'],
  "README.md": ["# Shop\n\nMore.\n", "# Shop\n"],
};

const merges = fc.constantFrom(...Object.keys(merged)).chain((file) =>
  fc.record({
    does: fc.constant("merge" as const),
    file: fc.constant(file),
    text: fc.constantFrom(...(merged[file] ?? [])),
    // Of what was changed meanwhile it could not be merged without a conflict.
    isOld: file === "src/web/orders.ts" ? fc.boolean() : fc.constant(false),
  }),
);

/** Any of them. */
export const happenings: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ does: fc.constant("alert" as const), state: fc.constantFrom("open", "fixed", "dismissed") }),
  fc.record({ does: fc.constant("advisory" as const), state: fc.constantFrom("open", "fixed", "dismissed") }),
  fc.record({ does: fc.constant("incident" as const), is: fc.constantFrom("labelled", "unlabelled", "closed") }),
  fc.record({
    does: fc.constant("member" as const),
    login: fc.constantFrom("dana", "lee"),
    is: fc.constantFrom("in", "out"),
  }),
  fc.record({ does: fc.constant("rename" as const), to: fc.constantFrom("shop", "store") }),
  fc.record({ does: fc.constant("transfer" as const), to: fc.constantFrom("acme", "other") }),
  fc.record({ does: fc.constant("rename-owner" as const), to: fc.constantFrom("acme", "acme-group") }),
  { weight: 3, arbitrary: merges },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("issue" as const), is: fc.constantFrom("open", "closed") }) },
);

const sqlInjection = aCodeAlert({ line: 1 });
const pollution = anAdvisory();

/** When an alert ended, where it did. */
const ending = (state: CodeScanningAlert["state"], reason: string) =>
  state === "open" ? { state } : { state, ended: "2026-03-01T08:00:00Z", ...(state === "dismissed" ? { reason } : {}) };

/** The label that makes an issue an incident, and the issue's number on every copy. */
const incidentLabel = "security-incident";
const incidentTitle = "Orders were read by a stranger";

/** Somebody opens the issue that an incident may be told by, without its label. */
export function openIncident(github: GitHub, name: string): void {
  github.as("olga").openIssue(name, { title: incidentTitle, labels: ["later"] });
}

/** Lets a scanner, an owner or a colleague do it, where it changes anything. Merging and issues of ours are not theirs. */
export function happen(
  github: GitHub,
  name: string,
  it: Exclude<Happening, { readonly does: "merge" | "issue" | "rename" | "transfer" | "rename-owner" }>,
): void {
  const olga = github.administrator("olga");
  const { alerts } = repositoryNamed(github.world, name);
  switch (it.does) {
    case "alert": {
      const there = alerts.codeScanning?.[0];
      const now = { ...sqlInjection, ...ending(it.state, "false positive") };
      if (there) Object.assign(there, now);
      else olga.raiseAlert(name, { codeScanning: now });
      return;
    }
    case "advisory": {
      const there = alerts.dependabot?.[0];
      const now = { ...pollution, ...ending(it.state, "inaccurate") };
      if (there) Object.assign(there, now);
      else olga.raiseAlert(name, { dependabot: now });
      return;
    }
    case "incident": {
      const issue = github.issues(name).find(({ title }) => title === incidentTitle);
      if (!issue) throw new Error("there is no issue about the incident");
      if (it.is === "closed") github.as("olga").changeIssue(name, issue.number, { state: "closed" });
      else
        github
          .as("olga")
          .changeIssue(name, issue.number, { labels: it.is === "labelled" ? [incidentLabel] : ["later"] });
      return;
    }
    case "member": {
      const organisation = name.slice(0, name.indexOf("/"));
      const team = `${organisation}/security-architects`;
      if (it.is === "in") olga.addToTeam(team, it.login);
      else olga.removeFromTeam(team, it.login);
    }
  }
}
