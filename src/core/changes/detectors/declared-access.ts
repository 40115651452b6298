import type { CodeLine } from "../code-line.ts";
import type { Detector, Sighting } from "../detector.ts";
import type { InspectedFile } from "../inspected-file.ts";
import type { Language } from "../language.ts";
import { isResourceDefinition } from "../path-role.ts";

/*
 * Rules that are data: teams keep firewall rules, access levels and lists of who may what in JSON, YAML and variable
 * files, which programs of their own turn into infrastructure. The shapes of keys and values tell them.
 */

const dataLanguages: ReadonlySet<Language> = new Set(["json", "yaml", "toml", "terraform", "other"]);
/** Files of these names declare something else, however their keys are called. */
const notData =
  /(^|\/)(package|composer|tsconfig[^/]*|angular|nest-cli|project|vercel|netlify|firebase|app|manifest|deno|bower|components|openapi[^/]*|swagger[^/]*|asyncapi[^/]*|schema|[^/]*-api|[^/]*\.schema|[^/]*dashboard[^/]*|grafana[^/]*|docker-compose[^/]*|compose[^/]*|chart|values[^/]*|kustomization|application[^/]*|appsettings[^/]*)\.(json|ya?ml|toml)$|(^|\/)\.github\/|dashboards?\/|\/(?:openapi|swagger|static|assets|data|objects)\//i;

/** Keys by which access is granted. */
const accessKey =
  /^-?\s*["']?(?:access|access_level|level|role|roles|permission|permissions|policy|policies|sso_group\w*|github_slug|group|groups|members?|team|teams|admins?|owners?|maintainers?|push_allowances|bypass_\w+|restrictions?|need_\w+|allowed_(?:users|groups|teams|principals|roles|accounts)|principals?|grants?|scopes?|trusted_\w+|collaborators?|viewers?|editors?|iam_\w+)["']?\s*[:=]\s*\S/i;
/** How much is logged is no level of access. */
const logLevel =
  /^-?\s*["']?level["']?\s*[:=]\s*["']?(?:%env\(|\$|debug|info|notice|warn|error|critical|trace|fatal|off\b)/i;
/** Values that name somebody who is granted something. */
const principalValue =
  /["'](?:serviceAccount|group|user|domain|principal(?:Set)?|allUsers|allAuthenticatedUsers)(?::[^"']{3,200})?["']|["']arn:aws[\w-]*:(?:iam|sts)::[^"']{5,200}["']|["']arn:aws[\w-]*:[a-z0-9-]+:[^"']{5,200}["']/;
/** Keys under which each line of a list is somebody. */
const peopleKey =
  /^(?:users|members|admins|owners|maintainers|approvers|reviewers|collaborators|operators|editors|viewers|usernames|principals|allowed_?(?:users|groups|teams)|user_?names|sudoers|trusted_?users)$/i;
const personElement = /^-\s+["']?[\w.+@-]{2,60}["']?$/;
/** Whom an alarm tells is no access to anything. */
const alarm = /alarm|^(?:ok|insufficient_?data)_?actions$/i;
/** Who owns a file that a host is given, and how a task is called, is said by the tasks themselves. */
const hostTask = /(^|\/)(?:tasks|handlers)\/[^/]*\.ya?ml$/i;
const fileOwner = /^-?\s*["']?(?:owner|group)["']?\s*[:=]/i;

/** Keys by which the network is opened. */
const networkKey =
  /^-?\s*["']?(?:source_ips?|destination_ips?|source_port|destination_ports?|source_address\w*|destination_address\w*|cidr\w*|cidr_blocks?|ip_ranges?|ip_?allow_?list|allow(?:ed)?_?(?:ips?|cidrs?|hosts?|domains?|fqdns?)|deny_\w+|fqdns?|ingress|egress|nacl\w*|firewall\w*|security_groups?|open_ports?|additional_(?:cidrs?|endpoints?|vpcs?)|peering\w*|route_table\w*)["']?\s*[:=]\s*\S/i;
/** An element of a list that is an address. */
const addressElement =
  /^-?\s*["']?(?:\.?(?:[a-z0-9*_-]+\.)+[a-z]{2,18}|\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?|com\.amazonaws\.[\w.-]+)["']?,?$/i;
const networkPlace =
  /firewall|fqdn|network|egress|ingress|allow-?_?list|white-?_?list|acl|security-?_?group|endpoint|dns|domain|cidr|proxy|waf/i;
/** A word of access in a key around, or in the name of the file, for values that stand alone in a list. */
const accessPlace =
  /access|member|viewer|editor|admin|role|permission|principal|trust|arn|grant|iam|polic|allow|assume|reader|writer|user|group/i;

/** A line that opens a list or a mapping, and its key. */
const opening = /^-?\s*["']?([\w.-]{2,80})["']?\s*[:=]\s*[[{]?\s*$/;

function inspectFile(file: InspectedFile): Sighting[] {
  if (file.role !== "production" || !dataLanguages.has(file.language) || notData.test(file.path)) return [];
  if (isResourceDefinition(file.path)) return [];
  if (file.language === "other" && !/\.(tfvars|hcl)$/.test(file.path)) return [];
  const found: Sighting[] = [];
  const isTerraform = file.language === "terraform";
  for (const hunk of file.hunks) {
    let key = opening.exec(hunk.heading.trim())?.[1] ?? hunk.heading;
    for (const line of hunk.lines) {
      if (line.kind === "removed") continue;
      const opened = opening.exec(line.code)?.[1];
      if (opened !== undefined) key = opened;
      if (line.kind !== "added" || !file.added.includes(line)) continue;
      const what = whatOn(line, key, file, isTerraform);
      if (what === undefined || line.newLine === undefined) continue;
      found.push({
        what,
        path: file.path,
        line: line.newLine,
        name: key === "" ? file.path : key,
        evidence: line.text,
      });
    }
  }
  return found;
}

function whatOn({ code }: CodeLine, key: string, file: InspectedFile, isTerraform: boolean): string | undefined {
  if (alarm.test(key) || (hostTask.test(file.path) && fileOwner.test(code))) return undefined;
  if (principalValue.test(code) && (isTerraform ? /^["']/.test(code) : true)) {
    return accessPlace.test(key) || accessPlace.test(file.path) || accessPlace.test(code) ? "access" : undefined;
  }
  // Keys of Terraform resources are compared as structure.
  if (isTerraform) return undefined;
  if (networkKey.test(code)) return "network";
  if (file.language === "yaml" && personElement.test(code) && peopleKey.test(key)) return "access";
  if (addressElement.test(code) && (networkPlace.test(key) || networkPlace.test(file.path))) return "network";
  if (logLevel.test(code)) return undefined;
  if (accessKey.test(code) && !/[:=]\s*["']?(?:\S*\$\{?\{|https?:)/.test(code)) return "access";
  return undefined;
}

export const detector: Detector = {
  name: "declaredAccess",
  sees: ["access", "network"],
  inspect: (files) => files.flatMap(inspectFile),
};
