import { afterAcceptances, trackerClosed } from "../../src/entry/ended-acceptances.ts";
import { issueTracker } from "../../src/entry/world.ts";
import { TryAgainLater } from "../../src/shell/failures.ts";
import { githubPort, type PortOptions } from "../../src/shell/github/port.ts";
import { JiraAccess } from "../../src/shell/trackers/jira/access.ts";
import { JiraSite } from "../../src/shell/trackers/jira/site.ts";
import { repositoryNamed } from "../github/find.ts";
import { credentials, Jira } from "../jira/server.ts";
import { enforcing } from "../make/a-shop-on-github.ts";
import { withAlerts } from "../make/an-alert.ts";
import { act, type Deed, firstFile, visible } from "../make/pull-request-history.ts";
import { type Happening, happen, openIncident, settledFiles } from "../make/repository-life.ts";
import { StillClock } from "../shell/github/still-clock.ts";
import { Stage } from "./stage.ts";

const inJira = `${enforcing}tracker: jira\njira: {project: SHOP}\n`;

/** An issue of ours in whichever tracker: who moved it last is not told. */
interface OurIssue {
  readonly title: string;
  readonly isOpen: boolean;
  readonly said: readonly string[];
}

/**
 * A repository with a model, scanners and an issue of ours, in which a pull request is open, and everything may happen
 * that happens around one. Its organisation may be renamed and it may be moved to another; it stays the same repository.
 */
export class Life {
  readonly stage: Stage;
  readonly number: number;
  /** Where the default branch stood. */
  readonly #beginning: string;
  readonly #jira: Jira | undefined;
  readonly #access: JiraAccess | undefined;
  /** Numbers of merged pull requests, oldest first, and those of them that the bot never heard of. */
  readonly #merged: number[] = [];
  readonly #unheard = new Set<number>();

  private constructor(stage: Stage, number: number, jira: Jira | undefined) {
    this.stage = stage;
    this.number = number;
    this.#jira = jira;
    this.#beginning = stage.tipOf("main");
    const settings = { ...credentials, url: jira?.url ?? "", owners: ["acme", "acme-group", "other"] };
    this.#access = jira && new JiraAccess(new JiraSite(settings, { clock: new StillClock(Date.now()) }));
  }

  /** The threat of the model has its issue already when it begins. */
  static async begin(tracker: "github" | "jira"): Promise<Life> {
    const jira = tracker === "jira" ? await Jira.start([{ key: "SHOP" }]) : undefined;
    const stage = await Stage.set({
      policy: jira ? inJira : enforcing,
      files: settledFiles,
      repository: {
        collaborators: { sam: "write", dana: "write", olga: "admin" },
        labels: ["later", "security-incident"],
        alerts: { codeScanning: [], dependabot: [], secretScanning: [] },
      },
      seed: {
        organizations: [
          { login: "acme", owners: ["olga"], members: ["sam", "lee"], teams: [architects] },
          { login: "other", owners: ["olga"], members: ["sam", "lee"], teams: [architects] },
        ],
        apps: [{ permissions: withAlerts }],
      },
    });
    const { github, name } = stage;
    openIncident(github, name);
    github.as("sam").pushCommit(name, { branch: "sandbox", files: { "SANDBOX.md": "Try.\n" } });
    const first = stage.opened({ "README.md": "# The shop\n" }, { branch: "first" });
    github.as("olga").merge(name, first);
    const life = new Life(stage, stage.opened(firstFile), jira);
    life.#merged.push(first);
    await life.#look(first);
    return life;
  }

  /** What somebody does, where it can be done just now. */
  does(it: Deed | Happening): void {
    switch (it.does) {
      case "alert":
      case "advisory":
      case "incident":
      case "member":
        happen(this.stage.github, this.stage.name, it);
        break;
      case "rename":
        this.#rename(it.to);
        break;
      case "transfer":
        this.#transfer(it.to);
        break;
      case "rename-owner":
        this.#renameOwner(it.to);
        break;
      case "merge":
        this.#merge(it);
        break;
      case "issue":
        this.#setIssue(it.is);
        break;
      default:
        act(this.stage, this.number, it);
    }
  }

  /** The bot hears of what was done last, so many times. */
  async heard(it: Deed | Happening, times: number): Promise<void> {
    for (let count = 0; count < times; count++) {
      if (it.does !== "merge") await this.#evaluate(this.number);
      const latest = this.#merged.at(-1);
      if (it.does === "merge" && latest !== undefined) await this.#evaluate(latest);
      if (it.does === "issue") await this.#sweep();
    }
  }

  /** What is still to come arrives, in this order: merges, what closes in a tracker that sends no word, the pull request. */
  async settled(order: "as it was" | "the other way round"): Promise<void> {
    const left = [...this.#unheard];
    for (const number of order === "as it was" ? left : left.reverse()) await this.#look(number);
    // Of a person who opens an issue again no event tells; the next evaluation of any merge sees it, of the first one too.
    const [first] = this.#merged;
    if (first !== undefined) await this.#look(first);
    await this.#sweep();
    for (const does of ["reopen", "ready"] as const) this.does({ does });
    await this.#look(this.number);
  }

  /** Everything of ours that people see. */
  seen() {
    const { issues: _, ...pull } = visible(this.stage, this.number);
    return { pull: { ...pull, issues: [] }, issues: this.issues() };
  }

  /** Our issues of threats, in the order of their titles. */
  issues(): OurIssue[] {
    const { bot } = this.stage;
    const onGitHub = this.stage
      .issues()
      .filter(({ author }) => author?.login === bot)
      .map(({ title, state, comments }) => ({
        title,
        isOpen: state === "open",
        said: comments.map(({ body }) => body),
      }));
    const elsewhere = (this.#jira?.issues ?? []).map(({ summary, status, comments }) => ({
      title: summary,
      isOpen: status.category !== "done",
      said: comments.map(({ body }) => JSON.stringify(body)),
    }));
    return [...onGitHub, ...elsewhere].toSorted((one, other) => (one.title < other.title ? -1 : 1));
  }

  /** Our writes on GitHub and in Jira of one further evaluation of everything. */
  async moreWrites(): Promise<readonly string[]> {
    const before = this.#jira?.asked.length ?? 0;
    await this.#look(this.number);
    const there = this.#jira?.operations.slice(before) ?? [];
    return [...this.stage.asked.writing, ...there.filter((one) => /create|edit|do|add|set/i.test(one))];
  }

  async close(): Promise<void> {
    await this.stage.close();
    await this.#jira?.close();
    this.#jira?.expectNoContractFindings();
  }

  #rename(to: string): void {
    const { github, name } = this.stage;
    const [owner = "", now] = name.split("/");
    if (now === to) return;
    github.administrator("olga").renameRepository(name, to);
    this.stage.movedTo(`${owner}/${to}`);
  }

  #transfer(to: "acme" | "other"): void {
    const { github, name } = this.stage;
    const { acme, other } = this.#owners();
    const owner = to === "acme" ? acme : other;
    const [from, repository = ""] = name.split("/");
    if (from === owner.login) return;
    github.administrator("olga").transferRepository(name, owner.login);
    // Access of teams does not move with a repository: the new owner grants it to its own.
    const { teams } = repositoryNamed(github.world, `${owner.login}/${repository}`);
    for (const team of [...github.world.organizations.values()].flatMap((one) => one.teams)) {
      if (team.organization.account === owner) teams.set(team.id, "write");
      else teams.delete(team.id);
    }
    this.stage.movedTo(`${owner.login}/${repository}`, this.#installationOf(owner.id));
  }

  #renameOwner(to: string): void {
    const { github, name } = this.stage;
    const { acme } = this.#owners();
    if (acme.login === to) return;
    const [from, repository = ""] = name.split("/");
    const isIts = from === acme.login;
    github.administrator("olga").renameAccount(acme.login, to);
    if (isIts) this.stage.movedTo(`${to}/${repository}`);
  }

  #merge({ file, text, isOld }: Extract<Happening, { readonly does: "merge" }>): void {
    const { stage } = this;
    if (stage.fileAt(stage.tipOf("main"), file) === text) return;
    const branch = `other-${this.#merged.length}`;
    const sam = stage.github.as("sam");
    const from = isOld ? this.#beginning : stage.tipOf("main");
    sam.pushCommit(stage.name, { branch, files: { [file]: text }, message: "Something else", from });
    const number = sam.openPullRequest(stage.name, { branch });
    stage.github.as("olga").merge(stage.name, number);
    this.#merged.push(number);
    this.#unheard.add(number);
  }

  #setIssue(is: "open" | "closed"): void {
    const { github, name, bot } = this.stage;
    const issue = github
      .issues(name)
      .find(({ author, title }) => author?.login === bot && title.includes("Search words"));
    if (issue && issue.state !== is) github.as("sam").changeIssue(name, issue.number, { state: is });
    const inTheOther = this.#jira?.issues.find(({ summary }) => summary.includes("Search words"));
    if (inTheOther) this.#jira?.move(inTheOther, is === "open" ? "To Do" : "Done");
  }

  #options(): PortOptions {
    const { app, installation, name, client } = this.stage;
    const repository = name.slice(name.indexOf("/") + 1);
    return {
      evidence: app.forEvidence(installation, repository),
      ...(this.#access ? { tracker: issueTracker(client, this.#access) } : {}),
    };
  }

  async #look(number: number): Promise<void> {
    await this.stage.evaluated(number, this.#options());
    this.#unheard.delete(number);
  }

  async #evaluate(number: number): Promise<void> {
    try {
      await this.#look(number);
    } catch (error) {
      if (!(error instanceof TryAgainLater)) throw error;
    }
  }

  /** What the sweep does about issues that were closed in a tracker that sends no webhooks. */
  async #sweep(): Promise<void> {
    const latest = this.#merged.at(-1);
    if (!this.#jira || latest === undefined) return;
    const port = githubPort(this.stage.client, this.#options());
    const subject = this.stage.subject(latest);
    await afterAcceptances({ id: "sweep", why: trackerClosed, subject }, { ...this.stage.world(), ...port });
  }

  /** The two organisations, whatever they are called now. */
  #owners() {
    const all = [...this.stage.github.world.organizations.values()].map(({ account }) => account);
    const other = all.find(({ login }) => login === "other");
    const acme = all.find(({ login }) => login.startsWith("acme"));
    if (!acme || !other) throw new Error("an organisation is missing");
    return { acme, other };
  }

  #installationOf(account: number): number {
    const found = this.stage.github.world.installations.find((one) => one.account.id === account);
    if (!found) throw new Error("the App is not installed there");
    return found.id;
  }
}

const architects = { name: "security-architects", members: ["dana"] } as const;
