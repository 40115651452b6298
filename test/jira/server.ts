import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { documentShape } from "./adf.ts";
import { Contract } from "./contract.ts";
import { operationFor } from "./operations.ts";

/* A stand-in for one Jira Cloud site: real HTTP on loopback, with state. README.md says where its facts come from. */

interface Status {
  readonly name: string;
  readonly category: "new" | "indeterminate" | "done";
  /** Fields that the screen on the way to it asks for. */
  readonly asks?: Readonly<
    Record<string, { readonly required: boolean; readonly allowedValues?: readonly { readonly name: string }[] }>
  >;
}

export interface ProjectSeed {
  readonly key: string;
  /** Everybody may browse it, signed in or not. */
  readonly isPublic?: boolean;
  readonly isArchived?: boolean;
  readonly issueTypes?: readonly string[];
  /** In which an issue may always be moved to any other; the first is where it begins. */
  readonly statuses?: readonly Status[];
  /** Its create screen has no due date. */
  readonly hasNoDueDate?: boolean;
}

interface JiraComment {
  readonly author: string;
  readonly body: unknown;
  readonly properties: readonly { readonly key: string; readonly value: unknown }[];
}

export interface JiraIssue {
  readonly id: string;
  key: string;
  project: string;
  readonly creator: string;
  summary: string;
  description: unknown;
  readonly labels: readonly string[];
  duedate: string | null;
  status: Status;
  readonly properties: Map<string, unknown>;
  readonly comments: JiraComment[];
  readonly history: { readonly author: string; readonly created: string; readonly field: string }[];
  /** Whether the search knows it yet. */
  isIndexed: boolean;
}

/** What goes wrong with the next request of an operation. */
type Fault =
  /** It is done, and the answer is lost. */
  | "lost answer"
  | { readonly status: number; readonly says?: string; readonly headers?: Readonly<Record<string, string>> };

const kanban: readonly Status[] = [
  { name: "To Do", category: "new" },
  { name: "In Progress", category: "indeterminate" },
  { name: "Won't do", category: "done" },
  { name: "Done", category: "done" },
];

/** Our account, and what it shows. */
export const credentials = { email: "threatgate@acme.example", token: "jira-token-of-the-tests" } as const;
const us = "account-threatgate";

const createBody = z.object({
  fields: z.object({
    project: z.object({ key: z.string() }),
    issuetype: z.object({ name: z.string() }),
    summary: z.string(),
    description: z.unknown(),
    labels: z.array(z.string()).default([]),
    duedate: z.string().optional(),
  }),
  properties: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]),
});
const editBody = z.object({
  fields: z
    .object({ summary: z.string().optional(), description: z.unknown().optional(), duedate: z.string().optional() })
    .default({}),
  properties: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]),
});
const moveBody = z.object({
  transition: z.object({ id: z.string() }),
  fields: z.record(z.string(), z.unknown()).default({}),
});
const commentBody = z.object({
  body: z.unknown(),
  properties: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]),
});
const searchBody = z.object({
  jql: z.string(),
  maxResults: z.number().default(50),
  nextPageToken: z.string().optional(),
  reconcileIssues: z.array(z.number()).default([]),
});
const fetchBody = z.object({
  issueIdsOrKeys: z.array(z.string()).max(100),
  properties: z.array(z.string()).default([]),
});

interface Reply {
  readonly status: number;
  readonly data?: unknown;
}

const problem = (status: number, words: string | Readonly<Record<string, string>>): Reply => ({
  status,
  data: typeof words === "string" ? { errorMessages: [words], errors: {} } : { errorMessages: [], errors: words },
});

export class Jira {
  readonly issues: JiraIssue[] = [];
  /** Every request, oldest first. */
  readonly asked: { readonly operation: string; readonly isAnonymous: boolean; readonly body: unknown }[] = [];
  /** Whether the search finds a new issue at once; otherwise it waits for `index()`. */
  indexesAtOnce = true;
  #token: string = credentials.token;
  readonly #contract: Contract;
  readonly #server: Server;
  readonly #projects: Map<string, ProjectSeed>;
  readonly #faults = new Map<string, Fault[]>();
  #minute = 0;
  url = "";

  private constructor(contract: Contract, projects: readonly ProjectSeed[]) {
    this.#contract = contract;
    this.#projects = new Map(projects.map((project) => [project.key, project]));
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(projects: readonly ProjectSeed[]): Promise<Jira> {
    const jira = new Jira(await Contract.ready(), projects);
    await new Promise<void>((resolve) => jira.#server.listen(0, "127.0.0.1", resolve));
    jira.url = `http://127.0.0.1:${(jira.#server.address() as AddressInfo).port}`;
    return jira;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Throws with everything that was not as Jira's API is described. */
  expectNoContractFindings(): void {
    if (this.#contract.findings.length > 0) throw new Error(this.#contract.findings.join("\n"));
  }

  /** The names of operations asked so far, in order. */
  get operations(): string[] {
    return this.asked.map(({ operation }) => operation);
  }

  /** The next request of this operation goes wrong. */
  fail(operation: string, ...faults: readonly Fault[]): void {
    this.#faults.set(operation, [...(this.#faults.get(operation) ?? []), ...faults]);
  }

  /** The search catches up. */
  index(): void {
    for (const issue of this.issues) issue.isIndexed = true;
  }

  /** From now on this token is taken, and no other. */
  setToken(token: string): void {
    this.#token = token;
  }

  setProject(seed: ProjectSeed): void {
    this.#projects.set(seed.key, seed);
  }

  /** A person moves an issue. */
  move(issue: JiraIssue, status: string, author = "account-pat"): void {
    const to = this.#statusesOf(issue.project).find(({ name }) => name === status);
    if (!to) throw new Error(`${issue.project} has no status ${status}`);
    this.#move(issue, to, author);
  }

  #move(issue: JiraIssue, to: Status, author: string): void {
    issue.status = to;
    this.#minute++;
    const created = `2026-03-04T10:${String(this.#minute % 60).padStart(2, "0")}:00.000+0000`;
    // Newest first, as Jira gives the changes of an issue.
    issue.history.unshift({ author, created, field: "status" });
  }

  #statusesOf(project: string): readonly Status[] {
    return this.#projects.get(project)?.statuses ?? kanban;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const url = new URL(request.url ?? "/", this.url);
    const { method = "GET" } = request;
    const text = Buffer.concat(pieces).toString("utf8");
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    const found = operationFor(method, url.pathname);
    if (!found) {
      this.#contract.findings.push(`no such operation: ${method} ${url.pathname}`);
      response.writeHead(404).end();
      return;
    }
    const { id } = found.operation;
    const { authorization } = request.headers;
    const expected = `Basic ${Buffer.from(`${credentials.email}:${this.#token}`).toString("base64")}`;
    const who = authorization === undefined ? undefined : authorization === expected ? us : "stranger";
    this.asked.push({ operation: id, isAnonymous: authorization === undefined, body });
    this.#contract.checkRequest(id, method, url.pathname, url.search.slice(1), body);
    const fault = this.#faults.get(id)?.shift();
    if (typeof fault === "object") {
      response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
      response.end(JSON.stringify({ errorMessages: fault.says === undefined ? [] : [fault.says], errors: {} }));
      return;
    }
    const reply =
      who === "stranger"
        ? problem(401, "Client must be authenticated to access this resource.")
        : this.#answer(id, found.values, body, who);
    this.#contract.checkResponse(id, reply.status, reply.data);
    if (fault === "lost answer") {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, { "content-type": "application/json;charset=UTF-8" });
    response.end(reply.data === undefined ? "" : JSON.stringify(reply.data));
  }

  #answer(operation: string, [value = ""]: readonly string[], body: unknown, who: string | undefined): Reply {
    if (operation === "getProject") return this.#project(value, who);
    if (who === undefined) return problem(401, "Client must be authenticated to access this resource.");
    switch (operation) {
      case "getCurrentUser":
        return {
          status: 200,
          data: { accountId: us, accountType: "atlassian", active: true, displayName: "Threatgate" },
        };
      case "searchAndReconsileIssuesUsingJqlPost":
        return this.#search(searchBody.parse(body));
      case "bulkFetchIssues":
        return this.#fetch(fetchBody.parse(body));
      case "createIssue":
        return this.#create(createBody.parse(body));
      default:
        break;
    }
    const issue = this.issues.find(({ id, key }) => id === value || key === value);
    if (!issue) return problem(404, "Issue does not exist or you do not have permission to see it.");
    switch (operation) {
      case "editIssue":
        return this.#edit(issue, editBody.parse(body));
      case "getTransitions":
        return { status: 200, data: { expand: "transitions", transitions: this.#transitions(issue) } };
      case "doTransition":
        return this.#transition(issue, moveBody.parse(body));
      case "getComments":
        return { status: 200, data: this.#commentsOf(issue) };
      default:
        return this.#comment(issue, commentBody.parse(body));
    }
  }

  #project(key: string, who: string | undefined): Reply {
    const project = this.#projects.get(key);
    if (!project || (who === undefined && project.isPublic !== true)) {
      return problem(404, `No project could be found with key '${key}'.`);
    }
    const issueTypes = (project.issueTypes ?? ["Task", "Bug"]).map((name, index) => ({
      id: `${index}`,
      name,
      subtask: false,
    }));
    return { status: 200, data: { id: "10000", key, name: key, archived: project.isArchived === true, issueTypes } };
  }

  #search({ jql, maxResults, nextPageToken, reconcileIssues }: z.infer<typeof searchBody>): Reply {
    const [, label] = /^labels = "([^"]+)" AND creator = currentUser\(\) ORDER BY created ASC$/.exec(jql) ?? [];
    if (label === undefined) return problem(400, "The stand-in does not know this query.");
    if (reconcileIssues.length > 50) return problem(400, "More than 50 issues to reconcile.");
    const all = this.issues.filter(
      (issue) =>
        issue.labels.includes(label) &&
        issue.creator === us &&
        (issue.isIndexed || reconcileIssues.includes(Number(issue.id))),
    );
    const start = Number(nextPageToken ?? 0);
    const end = start + maxResults;
    const isLast = end >= all.length;
    const issues = all.slice(start, end).map(({ id }) => ({ id }));
    return { status: 200, data: { issues, isLast, ...(isLast ? {} : { nextPageToken: String(end) }) } };
  }

  #fetch({ issueIdsOrKeys, properties }: z.infer<typeof fetchBody>): Reply {
    const issues = this.issues
      .filter(({ id }) => issueIdsOrKeys.includes(id))
      .map((issue) => ({
        id: issue.id,
        key: issue.key,
        fields: {
          summary: issue.summary,
          creator: { accountId: issue.creator },
          project: { key: issue.project },
          status: show(issue.status),
        },
        properties: Object.fromEntries([...issue.properties].filter(([key]) => properties.includes(key))),
        changelog: {
          startAt: 0,
          maxResults: issue.history.length,
          total: issue.history.length,
          histories: issue.history.map(({ author, created, field }, index) => ({
            id: `${index}`,
            author: { accountId: author },
            created,
            items: [{ field, fieldtype: "jira", from: "1", fromString: "", to: "2", toString: "" }],
          })),
        },
      }));
    return { status: 200, data: { issues, issueErrors: [] } };
  }

  #create({ fields, properties }: z.infer<typeof createBody>): Reply {
    const project = this.#projects.get(fields.project.key);
    if (!project) return problem(400, { project: "valid project is required" });
    if (project.hasNoDueDate && fields.duedate !== undefined) {
      return problem(400, {
        duedate: "Field 'duedate' cannot be set. It is not on the appropriate screen, or unknown.",
      });
    }
    const fault = faultOfTexts(fields.summary, fields.description) ?? faultOfLabels(fields.labels);
    if (fault) return fault;
    const number = this.issues.length + 1;
    const [status] = this.#statusesOf(project.key);
    if (!status) throw new Error("a project without statuses");
    const issue: JiraIssue = {
      id: String(10_000 + number),
      key: `${project.key}-${number}`,
      project: project.key,
      creator: us,
      summary: fields.summary,
      description: fields.description,
      labels: fields.labels,
      duedate: fields.duedate ?? null,
      status,
      properties: new Map(properties.map(({ key, value }) => [key, value])),
      comments: [],
      history: [],
      isIndexed: this.indexesAtOnce,
    };
    this.issues.push(issue);
    return { status: 201, data: { id: issue.id, key: issue.key, self: `${this.url}/rest/api/3/issue/${issue.id}` } };
  }

  #edit(issue: JiraIssue, { fields, properties }: z.infer<typeof editBody>): Reply {
    const summary = fields.summary ?? issue.summary;
    const fault = fields.description === undefined ? undefined : faultOfTexts(summary, fields.description);
    if (fault) return fault;
    issue.summary = summary;
    if (fields.description !== undefined) issue.description = fields.description;
    if (fields.duedate !== undefined) issue.duedate = fields.duedate;
    for (const { key, value } of properties) issue.properties.set(key, value);
    return { status: 204 };
  }

  #transitions(issue: JiraIssue) {
    return this.#statusesOf(issue.project).flatMap((status, index) => {
      if (status === issue.status) return [];
      const fields = Object.fromEntries(
        Object.entries(status.asks ?? {}).map(([field, asked]) => [
          field,
          { ...asked, key: field, name: field, operations: ["set"], schema: { type: "string" } },
        ]),
      );
      return [{ id: String(11 + index), name: status.name, isAvailable: true, to: show(status), fields }];
    });
  }

  #transition(issue: JiraIssue, { transition, fields }: z.infer<typeof moveBody>): Reply {
    const to = this.#statusesOf(issue.project)[Number(transition.id) - 11];
    if (!to || to === issue.status) return problem(400, "It is not on the appropriate screen, or unknown.");
    const missing = Object.entries(to.asks ?? {}).find(([field, { required }]) => required && !(field in fields));
    if (missing) return problem(400, { [missing[0]]: `${missing[0]} is required.` });
    this.#move(issue, to, us);
    return { status: 204 };
  }

  #commentsOf(issue: JiraIssue) {
    const comments = issue.comments.toReversed().map(({ author, body, properties }, index) => ({
      id: String(index),
      author: { accountId: author },
      body,
      properties,
    }));
    return { startAt: 0, maxResults: 100, total: comments.length, comments };
  }

  #comment(issue: JiraIssue, { body, properties }: z.infer<typeof commentBody>): Reply {
    const fault = faultOfTexts("x", body);
    if (fault) return fault;
    issue.comments.push({ author: us, body, properties });
    return { status: 201, data: { id: String(issue.comments.length), author: { accountId: us }, body, properties } };
  }
}

function show({ name, category }: Status) {
  return { name, statusCategory: { key: category } };
}

function faultOfTexts(summary: string, document: unknown): Reply | undefined {
  if (summary === "" || summary.length > 255 || /[\r\n]/.test(summary)) {
    return problem(400, { summary: "Summary must be one line of at most 255 characters." });
  }
  const parsed = documentShape.safeParse(document);
  if (!parsed.success) return problem(400, { description: `INVALID_INPUT: ${z.prettifyError(parsed.error)}` });
  return JSON.stringify(document).length > 32_767 ? problem(400, { description: "CONTENT_LIMIT_EXCEEDED" }) : undefined;
}

function faultOfLabels(labels: readonly string[]): Reply | undefined {
  const wrong = labels.find((label) => /\s/.test(label) || label.length > 255);
  return wrong === undefined
    ? undefined
    : problem(400, { labels: `The label '${wrong}' contains spaces which is invalid.` });
}
