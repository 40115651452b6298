import type { Assessment } from "../core/domain/assessment.ts";
import type { Committing } from "../core/domain/command.ts";
import type { IssuePlace } from "../core/domain/desired.ts";
import type { JudgeContext } from "../core/domain/judge-context.ts";
import type { Judgement } from "../core/domain/judgement.ts";
import type { ShownChange } from "../core/domain/marker.ts";
import type { Needs } from "../core/domain/needs.ts";
import type { Observed } from "../core/domain/observed.ts";
import type { Onboarding } from "../core/domain/onboarding.ts";
import type { IssueStep, Plan, Step, StepResult } from "../core/domain/plan.ts";
import type { Rules } from "../core/domain/rules.ts";
import type { SeenRepository } from "../core/domain/seen-repository.ts";
import type { Account, ChangedFile, Snapshot } from "../core/domain/snapshot.ts";
import type { Standing } from "../core/domain/standing.ts";
import type { CommentName, Subject } from "./event.ts";

/** The changed files of a subject: the first thing read, and enough to say what else is needed. */
export interface Listing {
  readonly files: readonly ChangedFile[];
  /** GitHub's own count; more than `files.length` means that the list was cut (3,000 files). */
  readonly total: number;
  /** The commit that the list is of, where the source can tell. */
  readonly head?: string;
}

/** Reads one part of the world. Never writes. Throws only the three kinds of failures.ts. */
export interface Source {
  listing(subject: Subject): Promise<Listing>;
  /** Reads everything needed in as few requests as it can, all of one and the same head commit. */
  snapshot(subject: Subject, listing: Listing, needs: Needs): Promise<Snapshot>;
  /**
   * The same head measured against the default branch's head instead of its own base; its texts are still to be read.
   * Undefined where there is no such branch.
   */
  towardsDefault(subject: Subject, snapshot: Snapshot): Promise<Snapshot | undefined>;
  /**
   * The default branch's head as the first look showed it, without any difference and with nothing read of it yet; the
   * pull request lends its place. Undefined where there is no such branch, or it does not show the merge yet.
   */
  asItStands(snapshot: Snapshot): Snapshot | undefined;
  /** Reads what the first look showed to be missing (models at places that only the policy knows, teams). */
  complete(subject: Subject, snapshot: Snapshot, more: Needs): Promise<Snapshot>;
}

/** What a check says while its commit is being looked at. */
export interface Says {
  readonly title: string;
  readonly summary: string;
}

/** Asked before each step is written: false where somebody else has begun to write it with newer knowledge. */
export type MayWrite = (step: Step) => Promise<boolean>;

/** Nobody else writes. */
export const alwaysMayWrite: MayWrite = async () => true;

/**
 * Where our outputs stand. Only `apply` writes. No argument may be left out: worlds wrap these, and one that hands on fewer
 * than it was given is not to compile.
 */
export interface Posts {
  /** @param issuesIn where the issues stand; undefined: on GitHub. */
  observed(subject: Subject, snapshot: Snapshot, issuesIn: IssuePlace | undefined): Promise<Observed>;
  /**
   * Shows on the head commit that it is being looked at, where nothing of ours is shown there yet; the verdict that
   * follows takes its place. Never throws.
   * @param says what the check says meanwhile; undefined: only that it is in progress.
   */
  begin(subject: Subject, head: string, says: Says | undefined): Promise<void>;
  /** Carries out the steps in order; a second run of the same plan finds nothing to do. */
  apply(subject: Subject, plan: Plan, mayWrite: MayWrite): Promise<readonly StepResult[]>;
}

/** A repository as a tracker knows it; `id` is GitHub's, which no renaming changes. */
export interface TrackedRepository {
  readonly owner: string;
  readonly name: string;
  readonly id?: number;
}

/** Where the issues of threats are kept: the part of `apply` that writes to an issue tracker. */
export interface IssueTracker {
  /**
   * Our issues of a repository at a place beside GitHub, or why that cannot be told. Left out where GitHub's own first
   * look shows them.
   */
  observed?(
    repository: TrackedRepository,
    place: IssuePlace | undefined,
  ): Promise<Observed["issues"] | { readonly unseen: string }>;
  apply(repository: TrackedRepository, step: IssueStep, place?: IssuePlace): Promise<StepResult>;
}

/** What is remembered of an evaluation. */
export interface EvaluationRecord {
  readonly subject: Subject;
  readonly assessment: Assessment;
  readonly plan: Plan;
  readonly results: readonly StepResult[];
  /** What it says of the systems and of the people who wait; absent where GitHub named no id of the repository. */
  readonly standing?: Standing | undefined;
  /** GitHub showed a verdict of ours on this commit already. */
  readonly wasJudged?: boolean;
}

/** Remembers assessments and writes. The command line remembers nothing. */
export interface Store {
  record(evaluation: EvaluationRecord): Promise<void>;
  /** Digest of the last record of a repository, by its id on GitHub; empty where there is none. Left out: none is kept. */
  last?(repositoryId: number): Promise<string>;
}

/** What an earlier look at a repository taught us to ask for at once: model files at unusual places, teams. */
export interface Memory {
  recall(subject: Subject): Needs | undefined;
  keep(subject: Subject, needs: Needs): void;
}

/** Judging, wherever it runs: in this process for the command line, in another under limits for the service. */
export interface Judging {
  /** What a snapshot shows to be still missing; undefined when it holds everything. */
  stillNeeded(snapshot: Snapshot, asked: ReadonlySet<string>): Promise<Needs | undefined>;
  /** Rejects when judging failed, was too slow or took too much memory. */
  judge(snapshot: Snapshot, context: JudgeContext): Promise<Judgement>;
}

/** Writes what a repository without a threat model is given when the App is installed. */
export interface OnboardingTexts {
  /**
   * The first model as an issue and as a pull request, or why there is none to open. Rejects as judging does.
   * @param instead why it is an issue where the policy asks for a pull request.
   */
  onboardingOf(seen: SeenRepository, instead?: string): Promise<Onboarding>;
}

/**
 * One thing about the set-up of the App that was looked at. `off`: an optional feature that was not asked for. `by-hand`:
 * nothing tells the App; a person looks.
 */
export interface SetupLine {
  readonly what: string;
  readonly state: "ok" | "wrong" | "unknown" | "off" | "by-hand";
  readonly says: string;
  /** Absent where nothing is to be done. */
  readonly next?: string;
}

/** Recent pull requests on which a change of the policy is tried, each with the source to read it from. */
export interface Recent {
  readonly pullRequests: readonly { readonly subject: Subject; readonly title: string; readonly source: Source }[];
  /** What there is beside them and is not looked at, one sentence each. */
  readonly notLooked: readonly string[];
}

/** Where a change of the policy is tried. */
export interface Trials {
  /** @param isOrganisation whether the policy is the organisation's, so that it holds for other repositories. */
  recent(subject: Subject, snapshot: Snapshot, isOrganisation: boolean): Promise<Recent>;
}

/** The parts of the world that one evaluation touches, and the rules it judges by. */
export interface World {
  readonly memory: Memory;
  /** Runs work for which nobody else may work on the same repository: opening issues after a merge. */
  alone<T>(repository: string, work: () => Promise<T>): Promise<T>;
  readonly source: Source;
  readonly posts: Posts;
  readonly store: Store;
  readonly judging: Judging;
  /** Left out: a change of the policy is not tried. */
  readonly trials?: Trials;
  readonly rules: Rules;
  /** Milliseconds after which the head shows that it is being looked at, when there is no answer yet. */
  readonly showProgressAfter: number;
  /** What texts point to and name: versions, addresses of pages. */
  readonly context: JudgeContext;
}

/** A comment as GitHub shows it now. */
export interface CommentReading {
  readonly body: string;
  /** Absent for a deleted account. */
  readonly author?: Account;
  readonly url: string;
  /** When it was written, ISO instant. */
  readonly at: string;
  readonly isEdited: boolean;
  /** By our own account. */
  readonly isOurs: boolean;
  /** Whether its pull request is open. */
  readonly isOpen: boolean;
  /** The comment that began its thread, where it stands in one and is not itself the first. */
  readonly threadStart?: number;
  /** Our own answer to it, where there is one. */
  readonly reply?: { readonly id: number; readonly body: string };
}

/** An earlier comment to which we replied with a change of the model, as both stand now. */
export interface ShownComment extends Pick<CommentReading, "body" | "author" | "url" | "at" | "isEdited"> {
  /** What our reply showed; only of a reply that nobody else edited. */
  readonly shown: ShownChange;
}

/** One commit onto the branch of a pull request: whole texts of files. */
export interface BranchCommit {
  /** The commit that must still be the head. */
  readonly head: string;
  readonly headline: string;
  readonly body: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

export type CommitResult = { readonly id: string; readonly url: string } | { readonly why: string };

/** What people are shown at a comment: that it was seen, that it is done, that it is not. */
export type Reaction = "seen" | "done" | "refused";

/** The conversation of a pull request: reads a command and answers it. Throws only the three kinds of failures.ts. */
export interface Conversation {
  /** Undefined for a comment that is not there, or not in this pull request. */
  read(comment: CommentName): Promise<CommentReading | undefined>;
  /** Whether this account may write to the repository. */
  mayWrite(account: Account): Promise<boolean>;
  /** Shows one reaction of ours at a comment, in place of an earlier one where named. Done twice it is as done once. */
  react(comment: CommentName, reaction: Reaction, insteadOf?: Reaction): Promise<void>;
  /** Answers in the same place, or brings our earlier answer up to date; false where GitHub does not take it. */
  reply(comment: CommentName, reading: CommentReading, body: string): Promise<boolean>;
  /** Whether the installation allows us to write to branches. */
  committing(): Promise<Committing>;
  /** The comments among the latest hundred that we replied to with a change of the model, oldest first. */
  shown(): Promise<readonly ShownComment[]>;
  /** Commits for the comment that asked for it, once however often it is done; or why it cannot be. */
  commit(commit: BranchCommit, asked: CommentReading): Promise<CommitResult>;
}

/** How much work waits in the queues of pull requests, and how much of it is being done. */
export interface QueueDepth {
  /** What was not begun: what may begin now, what was put off, and what waits for another attempt. */
  readonly waiting: number;
  readonly running: number;
  /** Seconds for which the longest waiting one has waited since it could have begun; 0 where none waits. */
  readonly oldestSeconds: number;
}
