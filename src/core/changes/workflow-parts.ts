import {
  type Draft,
  emptyDraft,
  entriesOf,
  isMapping,
  itemOf,
  type LineOf,
  member,
  setAttribute,
} from "./notations/items.ts";
import type { Item } from "./structure.ts";

/*
 * What whole workflows and fragments of them have in common: secrets, text of outsiders, actions.
 */

/** Names of secrets that the texts below `value` use: `${{ secrets.NAME }}`. */
export function setSecrets(draft: Draft, value: unknown, path: readonly (string | number)[], lineOf: LineOf): void {
  for (const text of isMapping(value) ? Object.entries(value) : [["", value] as const]) {
    const [key, said] = text;
    if (typeof said !== "string") continue;
    for (const name of secretNames(said)) {
      if (!draft.attributes.has(`secrets.${name}`))
        setAttribute(draft, `secrets.${name}`, true, lineOf(key === "" ? path : [...path, key]));
    }
  }
}

/** Actions that read secrets out of a vault, by their names, and the inputs that say which. */
const vaultReaders = /key-?vault|vault-action|secrets?-?manager|load-secrets|secrets-fetch|\/sm-action|doppler/i;
const vaultInputs = ["secrets", "secret-ids", "secrets-mapping"];
/** No step reads more secrets than this that are worth telling. */
const mostVaultSecrets = 100;

/** Names of secrets that a step has a vault give out, one a line or behind commas. */
export function setVaultSecrets(draft: Draft, step: unknown, path: readonly (string | number)[], lineOf: LineOf): void {
  const uses = member(step, "uses");
  if (typeof uses !== "string" || !vaultReaders.test(uses)) return;
  for (const input of vaultInputs) {
    const said = member(member(step, "with"), input);
    if (typeof said !== "string") continue;
    for (const part of said.slice(0, 20_000).split(/[\n,;]/, mostVaultSecrets)) {
      const name = part.trim().replace(/^["']|["']$/g, "");
      if (/^[\w./: |=-]{3,200}$/.test(name))
        setAttribute(draft, `secrets.${name.replace(/[^\w-]+/g, "_")}`, true, lineOf([...path, "with", input]));
    }
  }
}

/** Secrets of services that coverage and scan results are sent to: they open nothing of ours. */
const reportingSecrets =
  /^(CODECOV|COVERALLS|CODACY|CODECLIMATE|CC_TEST|SONAR|SNYK|DEEPSOURCE|QLTY)_[A-Z_]*(TOKEN|REPORTER_ID|DSN)$/;

/** Names of the secrets that a text uses, without the token every workflow has. */
export function secretNames(text: string): string[] {
  // The token every workflow has anyway is no new secret; what it may do stands under permissions.
  return [...text.slice(0, 20_000).matchAll(/\bsecrets(?:\.([A-Za-z_]\w*)|\[\s*['"]([A-Za-z_]\w*)['"]\s*\])/g)]
    .map((found) => found[1] ?? found[2] ?? "")
    .filter((name) => !/^github_token$/i.test(name) && !reportingSecrets.test(name));
}

/**
 * Expressions with text that an outsider writes, put into a script. The list is GitHub's own:
 * https://docs.github.com/actions/concepts/security/script-injections
 */
export function untrustedIn(run: string): string[] {
  const found: string[] = [];
  for (const one of run.slice(0, 20_000).matchAll(/\$\{\{([^}]{1,300})\}\}/g)) {
    const expression = (one[1] ?? "").trim();
    if (
      /github\.head_ref|github\.event\.(issue|pull_request|discussion)\.(title|body)|github\.event\.pull_request\.head\.(ref|label|repo\.default_branch)|github\.event\.(comment|review|review_comment)\.body|github\.event\.(head_commit|commits[^ ]*)\.(message|author\.(name|email))|github\.event\.workflow_run\.(head_branch|head_commit|display_title)|github\.event\.pages[^ ]*\.page_name/.test(
        expression,
      )
    ) {
      found.push(expression);
    }
  }
  return found;
}

/** A secret, or an input of the caller whose name says that it is one. */
function isCredential(value: string): boolean {
  return (
    secretNames(value).length > 0 ||
    /\binputs\.[\w-]*(credential|secret|token|password|private[-_]?key|access[-_]?key)/i.test(value.slice(0, 2_000))
  );
}

/** Owners whose actions come from GitHub itself. */
const officialOwners = new Set(["actions", "github"]);

/** The item of a `uses` line; none for an action of the same repository. */
export function actionItems(
  uses: string,
  job: string,
  path: readonly (string | number)[],
  lineOf: LineOf,
  step: unknown,
): Item[] {
  const line = lineOf([...path, "uses"]) ?? 1;
  if (uses.startsWith("./")) return [];
  const draft = emptyDraft();
  const [action = "", ref] = uses.split("@", 2);
  const isImage = uses.startsWith("docker://");
  const type = (isImage ? uses.slice(9).replace(/[:@].*$/, "") : action).toLowerCase();
  setAttribute(draft, "ref", ref ?? "", line);
  setAttribute(draft, "version", ref ?? "", line);
  setAttribute(draft, "pinned", /^[0-9a-f]{40}$/.test(ref ?? "") || /@sha256:/.test(uses), line);
  setAttribute(draft, "official", officialOwners.has(type.split("/", 1)[0] ?? ""), line);
  setAttribute(draft, "job", job);
  setSecrets(draft, member(step, "with"), [...path, "with"], lineOf);
  setSecrets(draft, member(step, "env"), [...path, "env"], lineOf);
  for (const [input, value] of entriesOf(member(step, "with"))) {
    if (typeof value === "string" && isCredential(value))
      setAttribute(draft, `credential.${input}`, true, lineOf([...path, "with", input]));
  }
  return [itemOf({ kind: "workflow-action", type, key: `${job} ${type}`, name: action, line }, draft)];
}
