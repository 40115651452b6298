import type { z } from "zod";
import type { IssuePlace } from "../../../core/domain/desired.ts";
import { TryAgainLater } from "../../failures.ts";
import { myselfShape, projectShape, refusalOf } from "./shapes.ts";
import type { JiraAnswer, JiraCall, JiraSite } from "./site.ts";

/** Milliseconds for which an account, a project and who may see it are taken as known. */
const known = 600_000;

/** Issues that are remembered for each repository, so that Jira's search can be told of them; it takes fifty. */
const mostRecent = 50;

/** Repositories whose newest issues are remembered. */
const mostLabels = 2_000;

/** What a process knows of its Jira site beside single issues. Throws only TryAgainLater and Uncertain. */
export class JiraAccess {
  readonly site: JiraSite;
  readonly #facts = new Map<string, { readonly fact: Promise<unknown>; readonly until: number }>();
  readonly #recent = new Map<string, readonly number[]>();

  constructor(site: JiraSite) {
    this.site = site;
  }

  /** Our account; or why Jira does not take our credentials. */
  account(): Promise<{ readonly id: string } | { readonly why: string }> {
    return this.#remembered("account", async () => {
      const call = { what: "say who we are", method: "GET", path: "/rest/api/3/myself", kind: "read" } as const;
      const answer = await this.site.ask(call);
      if (answer.status !== 200)
        return { why: whyRefused(answer, "Jira does not accept the credentials of the service") };
      return { id: readAnswer(myselfShape, answer, call).accountId };
    });
  }

  /** Why issues of threats cannot go to this project; undefined when they can. */
  obstacle({ project, issueType, mayBePublic }: IssuePlace): Promise<string | undefined> {
    return this.#remembered(`project ${project} ${issueType}`, async () => {
      const call = projectCall(project);
      const answer = await this.site.ask(call);
      if (answer.status !== 200) return whyRefused(answer, `the Jira project ${project} cannot be seen by our account`);
      const { archived, issueTypes = [] } = readAnswer(projectShape, answer, call);
      if (archived) return `the Jira project ${project} is archived`;
      const types = issueTypes.filter(({ subtask }) => !subtask).map(({ name }) => name);
      if (types.includes(issueType)) return undefined;
      return `the Jira project ${project} has no type of issue "${issueType}" (it has: ${types.slice(0, 10).join(", ")})`;
    }).then(async (why) => why ?? (mayBePublic ? undefined : this.whyPublic(project)));
  }

  /** Why nothing of a threat may be written there: everybody can read it (H095). */
  async whyPublic(project: string): Promise<string | undefined> {
    const isPublic = await this.#remembered(`public ${project}`, async () => {
      const answer = await this.site.ask({ ...projectCall(project), isAnonymous: true });
      // Whatever is neither shown nor refused tells nothing, and is not taken for a refusal.
      if (answer.status === 200) return true;
      if ([401, 403, 404].includes(answer.status)) return false;
      throw new TryAgainLater(`Jira answered ${answer.status} when asked whether everybody sees project ${project}.`);
    });
    return isPublic ? `everybody can read the Jira project ${project} (publish.issues)` : undefined;
  }

  /** Remembers an issue that Jira's search may not find yet. */
  remember(label: string, id: number): void {
    const others = (this.#recent.get(label) ?? []).filter((one) => one !== id);
    this.#recent.delete(label);
    this.#recent.set(label, [id, ...others].slice(0, mostRecent));
    if (this.#recent.size > mostLabels) this.#recent.delete(this.#recent.keys().next().value ?? label);
  }

  recent(label: string): readonly number[] {
    return this.#recent.get(label) ?? [];
  }

  #remembered<Fact>(key: string, learn: () => Promise<Fact>): Promise<Fact> {
    const there = this.#facts.get(key);
    // Each key is only ever written by one of the methods above, with one type of fact.
    if (there && there.until > this.site.clock.now()) return there.fact as Promise<Fact>;
    if (this.#facts.size > mostLabels) this.#facts.clear();
    const fact = learn();
    this.#facts.set(key, { fact, until: this.site.clock.now() + known });
    fact.catch(() => this.#facts.delete(key));
    return fact;
  }
}

function projectCall(project: string): JiraCall {
  const path = `/rest/api/3/project/${encodeURIComponent(project)}`;
  return { what: "look at the project", method: "GET", path, kind: "read" };
}

/** A refusal in words for a person: what was tried, Jira's reason, its status. */
export function whyRefused(answer: JiraAnswer, what: string): string {
  return `${what}: ${refusalOf(answer.data).says} (${answer.status})`;
}

/** Reads an answer into a shape; one that does not fit is no answer. */
export function readAnswer<Shape extends z.ZodType>(shape: Shape, answer: JiraAnswer, call: JiraCall): z.output<Shape> {
  const parsed = shape.safeParse(answer.data);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new TryAgainLater(`Jira's answer when asked to ${call.what} was not whole${where ? ` (at ${where})` : ""}.`);
}
