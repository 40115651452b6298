import { type DesiredIssue, type IssuePlace, issueDigest } from "../../core/domain/desired.ts";
import type { Observed } from "../../core/domain/observed.ts";
import type { IssueStep, StepResult } from "../../core/domain/plan.ts";
import { TryAgainLater, Uncertain } from "../failures.ts";
import type { IssueTracker, TrackedRepository } from "../ports.ts";
import { type JiraAccess, readAnswer, whyRefused } from "./jira/access.ts";
import { labelOf, lastMover, propertyKey, readIssues, searchOwn } from "./jira/own-issues.ts";
import {
  commentsShape,
  createdShape,
  type OwnProperty,
  ownPropertyShape,
  type ReadIssue,
  refusalOf,
  transitionsShape,
} from "./jira/shapes.ts";
import type { JiraAnswer, JiraCall } from "./jira/site.ts";
import { wayTo } from "./jira/transitions.ts";
import { asLabel, commenting, textsOf } from "./jira/written.ts";
import type { Tracker } from "./tracker.ts";

/**
 * Issues in a project of Jira Cloud. Ours are those that our account created and that carry our property, which names the
 * repository and the threat; a label leads Jira's search to them, because properties are searched only for installed apps.
 */
export const tracker: Tracker = {
  name: "jira",
  open: (host, { jira }) => (jira ? new JiraIssues(jira, host.address.rest) : undefined),
};

type Step<Kind extends IssueStep["do"]> = Extract<IssueStep, { readonly do: Kind }>;

class JiraIssues implements IssueTracker {
  readonly #access: JiraAccess;
  readonly #codeHost: string;
  /** Issues as they were seen, by id. */
  readonly #seen = new Map<number, { readonly issue: ReadIssue; readonly own: OwnProperty }>();

  constructor(access: JiraAccess, codeHost: string) {
    this.#access = access;
    this.#codeHost = codeHost;
  }

  async observed(
    repository: TrackedRepository,
    place: IssuePlace | undefined,
  ): Promise<Observed["issues"] | { readonly unseen: string }> {
    if (!place) return { unseen: "the policy names no project of Jira" };
    const name = this.#nameOf(repository);
    if (name === undefined) return { unseen: "GitHub does not tell the id of the repository" };
    const { owners } = this.#access.site.settings;
    if (!owners.some((owner) => owner.toLowerCase() === repository.owner.toLowerCase())) {
      return { unseen: `this Jira takes no issues of ${repository.owner} (JIRA_OWNERS)` };
    }
    const account = await this.#access.account();
    if ("why" in account) return { unseen: account.why };
    const obstacle = await this.#access.obstacle(place);
    if (obstacle !== undefined) return { unseen: obstacle };
    const ids = await searchOwn(this.#access, labelOf(name));
    if ("unseen" in ids) return ids;
    const issues = await readIssues(this.#access, ids);
    return issues.flatMap((issue) => this.#own(issue, name, account.id));
  }

  /** Only after `observed`, which found that the place can be written to. */
  async apply(repository: TrackedRepository, step: IssueStep, place: IssuePlace | undefined): Promise<StepResult> {
    const name = this.#nameOf(repository);
    if (!place || name === undefined) return skipped(step, "the policy names no project of Jira");
    if (step.do === "create-issue") return this.#create(name, step, place);
    const there = this.#seen.get(step.number);
    if (!there) return skipped(step, `issue ${step.number} is none of ours in Jira`);
    // A person may have moved it to a project that everybody reads.
    const whyPublic = place.mayBePublic ? undefined : await this.#access.whyPublic(there.issue.fields.project.key);
    if (whyPublic !== undefined) return skipped(step, whyPublic);
    switch (step.do) {
      case "update-issue":
        return this.#edit(step, step.issue);
      case "close-issue":
        return this.#thenSay(await this.#move(step, "closed"), step.issue);
      case "reopen-issue":
        return this.#reopen(step);
      case "comment-issue":
        return this.#answer(step, there.own);
    }
  }

  /** Ours alone, on this code host: `github.com/1234`. */
  #nameOf({ id }: TrackedRepository): string | undefined {
    return id === undefined ? undefined : `${new URL(this.#codeHost).host}/${id}`;
  }

  #own(issue: ReadIssue, name: string, account: string): Observed["issues"][number][] {
    const own = ownPropertyShape.safeParse(issue.properties?.[propertyKey]);
    if (!own.success || own.data.repository !== name || issue.fields.creator?.accountId !== account) return [];
    const number = Number(issue.id);
    this.#seen.set(number, { issue, own: own.data });
    const isClosed = issue.fields.status.statusCategory.key === "done";
    return [
      {
        number,
        name: issue.key,
        threat: own.data.threat,
        title: issue.fields.summary ?? "",
        body: "",
        digest: own.data.digest,
        state: isClosed ? "closed" : "open",
        closedByUs: isClosed && lastMover(issue) === account,
        answeredClosing: own.data.answered === true,
      },
    ];
  }

  async #create(name: string, step: Step<"create-issue">, place: IssuePlace): Promise<StepResult> {
    const { issue } = step;
    const own: OwnProperty = { repository: name, threat: issue.threat, digest: issueDigest(issue) };
    const fields = {
      project: { key: place.project },
      issuetype: { name: place.issueType },
      ...textsOf(issue),
      labels: [labelOf(name), ...issue.labels.map(asLabel)],
    };
    const call = (withDay: boolean): JiraCall => ({
      what: "open an issue",
      method: "POST",
      path: "/rest/api/3/issue",
      kind: "once",
      body: {
        fields: { ...fields, ...(withDay && issue.due !== undefined ? { duedate: issue.due } : {}) },
        properties: [{ key: propertyKey, value: own }],
      },
    });
    try {
      const first = await this.#access.site.ask(call(true));
      // A screen without a due date refuses the whole issue; nothing was opened then.
      const isOnlyDay = first.status === 400 && refusalOf(first.data).fields.join() === "duedate";
      const answer = isOnlyDay ? await this.#access.site.ask(call(false)) : first;
      if (answer.status !== 201)
        return refused(step, answer, `no issue can be opened in the Jira project ${place.project}`);
      const { id, key } = readAnswer(createdShape, answer, call(true));
      this.#access.remember(labelOf(name), Number(id));
      return { step, outcome: "done", reference: this.#access.site.pageOf(key) };
    } catch (error) {
      if (!(error instanceof Uncertain)) throw error;
      const there = await this.#findAgain(name, issue.threat);
      if (there) return { step, outcome: "done", reference: this.#access.site.pageOf(there.key) };
      // The search may not know it yet. A minute later it does, and the next evaluation looks before it opens another.
      throw new TryAgainLater(error.message, { afterSeconds: 120, cause: error });
    }
  }

  /** The issue of a threat whose answer was lost, as soon as Jira's search shows it. */
  async #findAgain(name: string, threat: string): Promise<ReadIssue | undefined> {
    const account = await this.#access.account();
    for (const seconds of [2, 5, 10]) {
      await this.#access.site.clock.wait(seconds * 1000);
      const ids = await searchOwn(this.#access, labelOf(name));
      if ("unseen" in ids || "why" in account) return undefined;
      const issues = await readIssues(
        this.#access,
        ids.filter((id) => !this.#seen.has(id)),
      );
      const found = issues.find((issue) =>
        this.#own(issue, name, account.id).some((own) => own.threat === threat && own.state === "open"),
      );
      if (found) return found;
    }
    return undefined;
  }

  async #edit(step: IssueStep & { readonly number: number }, issue: DesiredIssue, due?: string): Promise<StepResult> {
    const own = this.#seen.get(step.number)?.own;
    const property = { ...own, digest: issueDigest(issue), threat: issue.threat };
    const fields = { ...textsOf(issue), ...(due === undefined ? {} : { duedate: due }) };
    return this.#put(step, { fields, properties: [{ key: propertyKey, value: property }] });
  }

  async #put(
    step: IssueStep & { readonly number: number },
    body: Readonly<Record<string, unknown>>,
  ): Promise<StepResult> {
    const path = `/rest/api/3/issue/${step.number}`;
    const answer = await this.#access.site.ask({
      what: "edit an issue",
      method: "PUT",
      path,
      kind: "repeatable",
      body,
    });
    return this.#resultOf(step, answer, "cannot be edited");
  }

  /** To a status of the wanted kind, by whatever way the project's workflow offers. */
  async #move(step: IssueStep & { readonly number: number }, state: "closed" | "open"): Promise<StepResult> {
    const path = `/rest/api/3/issue/${step.number}/transitions`;
    const asking: JiraCall = {
      what: "look how an issue may be moved",
      method: "GET",
      path,
      query: { expand: "transitions.fields" },
      kind: "read",
    };
    const offered = await this.#access.site.ask(asking);
    if (offered.status !== 200) return this.#resultOf(step, offered, "cannot be moved");
    const way = wayTo(state, readAnswer(transitionsShape, offered, asking).transitions);
    if ("why" in way) return skipped(step, `${this.#keyOf(step)} cannot be moved: ${way.why}`);
    const body = { transition: { id: way.id }, ...(way.fields ? { fields: way.fields } : {}) };
    try {
      const call = { what: "move an issue", method: "POST", path, kind: "once", body } as const;
      return this.#resultOf(step, await this.#access.site.ask(call), "cannot be moved");
    } catch (error) {
      // Where the answer was lost, the issue itself tells; a way that is looped would be gone twice.
      if (!(error instanceof Uncertain)) throw error;
      const [now] = await readIssues(this.#access, [step.number]);
      const isThere = (now?.fields.status.statusCategory.key === "done") === (state === "closed");
      if (now && isThere) return { step, outcome: "done", reference: this.#access.site.pageOf(now.key) };
      throw error;
    }
  }

  async #reopen(step: Step<"reopen-issue">): Promise<StepResult> {
    const moved = await this.#move(step, "open");
    if (moved.outcome !== "done") return moved;
    const edited = await this.#edit(step, step.issue, step.issue.due);
    // A screen without a due date must not hold back what the issue says.
    const result =
      edited.outcome === "done" || step.issue.due === undefined ? edited : await this.#edit(step, step.issue);
    return this.#thenSay(result, step.issue);
  }

  /** Says why, once. A reason that may have been lost is not said again: the state of the issue tells the rest. */
  async #thenSay(result: StepResult, { because, threat }: DesiredIssue): Promise<StepResult> {
    const { step } = result;
    if (result.outcome !== "done" || because === undefined || !("number" in step)) return result;
    try {
      await this.#access.site.ask(commenting(step.number, because, { threat }));
    } catch (error) {
      if (!(error instanceof Uncertain)) throw error;
    }
    return result;
  }

  /** Answers once, and keeps that it did in the issue's own property. */
  async #answer(step: Step<"comment-issue">, own: OwnProperty): Promise<StepResult> {
    if (!(await this.#isAnswered(step))) {
      try {
        const answer = await this.#access.site.ask(commenting(step.number, step.body, { answered: step.threat }));
        if (answer.status !== 201) return this.#resultOf(step, answer, "takes no comments");
      } catch (error) {
        if (!(error instanceof Uncertain) || !(await this.#isAnswered(step))) throw error;
      }
    }
    return this.#put(step, { properties: [{ key: propertyKey, value: { ...own, answered: true } }] });
  }

  async #isAnswered({ number, threat }: Step<"comment-issue">): Promise<boolean> {
    const account = await this.#access.account();
    const asking: JiraCall = {
      what: "read the comments of an issue",
      method: "GET",
      path: `/rest/api/3/issue/${number}/comment`,
      query: { orderBy: "-created", maxResults: "100", expand: "properties" },
      kind: "read",
    };
    const answer = await this.#access.site.ask(asking);
    if (answer.status !== 200 || "why" in account) return false;
    return readAnswer(commentsShape, answer, asking).comments.some(
      ({ author, properties = [] }) =>
        author?.accountId === account.id &&
        properties.some(
          ({ key, value }) => key === propertyKey && JSON.stringify(value) === JSON.stringify({ answered: threat }),
        ),
    );
  }

  #keyOf({ number }: { readonly number: number }): string {
    return this.#seen.get(number)?.issue.key ?? String(number);
  }

  #resultOf(step: IssueStep & { readonly number: number }, answer: JiraAnswer, otherwise: string): StepResult {
    if (answer.status >= 300) return refused(step, answer, `${this.#keyOf(step)} ${otherwise}`);
    return { step, outcome: "done", reference: this.#access.site.pageOf(this.#keyOf(step)) };
  }
}

function skipped(step: IssueStep, why: string): StepResult {
  return { step, outcome: "skipped", why };
}

function refused(step: IssueStep, answer: JiraAnswer, otherwise: string): StepResult {
  return skipped(step, whyRefused(answer, otherwise));
}
