import { z } from "zod";
import { JiraAccess } from "../shell/trackers/jira/access.ts";
import { type JiraSettings, JiraSite } from "../shell/trackers/jira/site.ts";
import { WrongUse } from "./wrong-use.ts";

/** The variables that connect Jira: all of them or none. Where issues go in it, policies say. */
export const jiraVariables = {
  JIRA_URL: z
    .url({ protocol: /^https?$/ })
    .refine(
      (address) => address.startsWith("https:") || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(?:[:/]|$)/.test(address),
      "is the https address of a Jira Cloud site",
    ),
  JIRA_EMAIL: z.string().min(1),
  JIRA_API_TOKEN: z.string().min(1),
  JIRA_OWNERS: z.string().min(1),
};

const schema = z.object(jiraVariables).partial();
type Variables = z.infer<typeof schema>;

const meanings: Readonly<Record<keyof Variables, string>> = {
  JIRA_URL: "is the address of the Jira Cloud site",
  JIRA_EMAIL: "is the address of the Jira account",
  JIRA_API_TOKEN: "is the API token of the Jira account",
  JIRA_OWNERS: "names the owners on GitHub whose issues may go to Jira, separated by commas",
};

/** What is missing where some of the variables are set. */
export function jiraFaults(given: Variables): readonly string[] {
  const names = ["JIRA_URL", "JIRA_EMAIL", "JIRA_API_TOKEN", "JIRA_OWNERS"] as const;
  if (names.every((name) => given[name] === undefined)) return [];
  return names.filter((name) => given[name] === undefined).map((name) => `${name} is missing: it ${meanings[name]}`);
}

/** Undefined where Jira is not connected, or not wholly. */
export function jiraSettings(given: Variables): JiraSettings | undefined {
  const { JIRA_URL: url, JIRA_EMAIL: email, JIRA_API_TOKEN: token, JIRA_OWNERS: owners } = given;
  if (url === undefined || email === undefined || token === undefined || owners === undefined) return undefined;
  return {
    url,
    email,
    token,
    owners: owners
      .split(",")
      .map((owner) => owner.trim())
      .filter((owner) => owner !== ""),
  };
}

/** Jira for one run of the Action or the command line. Throws WrongUse, without any value, where it is set by halves. */
export function jiraAccess(variables: Readonly<Record<string, string | undefined>>): JiraAccess | undefined {
  const given = Object.fromEntries(Object.keys(jiraVariables).map((name) => [name, variables[name] || undefined]));
  const checked = schema.safeParse(given);
  if (!checked.success)
    throw new WrongUse(
      `${String(checked.error.issues[0]?.path[0])} cannot be used: ${checked.error.issues[0]?.message ?? ""}.`,
    );
  const [fault] = jiraFaults(checked.data);
  if (fault !== undefined) throw new WrongUse(`${fault}.`);
  const settings = jiraSettings(checked.data);
  return settings && new JiraAccess(new JiraSite(settings));
}
