import type { Logger } from "pino";
import type { Judgement } from "../core/domain/judgement.ts";
import type { Rules } from "../core/domain/rules.ts";
import type { Snapshot } from "../core/domain/snapshot.ts";
import { waitingCheck } from "../core/judge.ts";
import { nextChangeByTime, verdictOf } from "../core/next-change.ts";
import { answerComment, answerFailed } from "../shell/conversation.ts";
import type { CommentName, WakeUp } from "../shell/event.ts";
import { ShareSpent, TryAgainLater } from "../shell/failures.ts";
import type { GitHubApp } from "../shell/github/app.ts";
import { GitHubConversation } from "../shell/github/comments.ts";
import { inBackground, whileEvaluating } from "../shell/github/history.ts";
import { gitHubNow } from "../shell/github/missed.ts";
import { githubPort } from "../shell/github/port.ts";
import { judgingApart } from "../shell/judge-process.ts";
import { unknownGroup } from "../shell/merge-group.ts";
import type { Conversation, World } from "../shell/ports.ts";
import type { FailedJob } from "../shell/queue/dead-letters.ts";
import { type HistoryWork, sendHistory } from "../shell/queue/history.ts";
import { peopleOf, placeOf, send } from "../shell/queue/jobs.ts";
import { keepPushes } from "../shell/queue/pushes.ts";
import type { Work } from "../shell/queue/worker.ts";
import { look, type Outcome, run, runFailed } from "../shell/run.ts";
import { keepAnswered } from "../shell/store/answered-comments.ts";
import { countOneOf } from "../shell/store/author-evaluations.ts";
import type { Database } from "../shell/store/database.ts";
import { dropDeadLetter, keepDeadLetter } from "../shell/store/dead-letters.ts";
import { keepAcceptance, postponeDue, waitUntil } from "../shell/store/due.ts";
import { openPullRequest } from "../shell/store/open-pull-requests.ts";
import { createStore } from "../shell/store/records.ts";
import { followRenamings } from "../shell/store/renamed-owner.ts";
import { turnBegan } from "../shell/store/turns.ts";
import type { JiraAccess } from "../shell/trackers/jira/access.ts";
import type { Metrics } from "../shell/web/metrics.ts";
import type { SignedPage } from "../shell/web/signed-address.ts";
import { rememberForAgain } from "./again.ts";
import { branchAccess } from "./branch-access.ts";
import { acceptanceEnded, afterAcceptances, ofDefaultBranch } from "./ended-acceptances.ts";
import type { Environment } from "./environment.ts";
import { historyWasRead, readOn, remembered, rememberLearnt, waitsForHistory } from "./history.ts";
import { answerGroup, queueOf } from "./merge-queue.ts";
import { permissionsChanged } from "./notices.ts";
import { withOpenedIssues } from "./opened-issues.ts";
import { organisationPolicyKnowledge, rememberOrganisation } from "./organisation-policy.ts";
import { withOwnTexts } from "./own-texts.ts";
import { peopleKnown } from "./people-known.ts";
import { quietly } from "./quiet-world.ts";
import { countReactions } from "./reactions.ts";
import { inTurn } from "./turns.ts";
import { createMemory, hostOf, issueTracker, worldOf } from "./world.ts";
import { logged, logWrite, logWrites } from "./write-log.ts";

/** Why a pull request is looked at that nothing happened to but the passing of a day. */
export const timePassed = "time.passed";

/** A job that failed for good for the sake of time is asked for again a day later, and not by every sweep. */
const day = 86_400_000;

/** What the evaluator needs of the service. */
export interface Surroundings {
  readonly environment: Environment;
  readonly log: Logger;
  readonly rules: Rules;
  readonly database: Database;
  readonly metrics: Metrics;
  readonly app: GitHubApp;
  /** Where the service is connected to Jira: one for the whole process, which knows its newest issues. */
  readonly jira: JiraAccess | undefined;
  /** Address of the page of a pull request. */
  details(page: SignedPage): string;
}

/** Everything that jobs ask for. */
export interface Evaluator extends Pick<Work, "evaluate"> {
  readonly isReachable: () => Promise<boolean>;
  readonly readHistory: HistoryWork["readHistory"];
  setAside(failed: FailedJob): Promise<void>;
  /** Looks at a pull request and judges it, and writes nothing anywhere. */
  judged(subject: WakeUp["subject"]): Promise<Judgement & { readonly snapshot: Snapshot }>;
  stop(): void;
}

/** Evaluates pull requests, answers comments and merge queues, each from live state with a world of its own. */
export function createEvaluator({
  environment,
  log,
  rules,
  database,
  metrics,
  app,
  jira,
  details,
}: Surroundings): Evaluator {
  const memory = createMemory();
  const judging = judgingApart({ onKill: (why) => metrics.judgesKilled.inc({ why }) });
  judging.begin();
  const store = createStore(database.kysely);
  const queueGround = { app, database, log, metrics };
  const worldFor = async ({ id, subject }: WakeUp, history = whileEvaluating): Promise<World> => {
    const client = app.forRepository(subject.installation ?? 0, subject.repository);
    const repository = `${subject.owner}/${subject.repository}`;
    const world = worldOf({
      ...githubPort(client, {
        remembered: await remembered(database, subject.repositoryId),
        history,
        tracker: issueTracker(client, jira),
        organisationPolicy: organisationPolicyKnowledge(database, environment.organisationPolicy),
        evidence: app.forEvidence(subject.installation ?? 0, subject.repository),
        others: () => app.repositoriesOf(subject.installation ?? 0),
        elsewhere: (other) => app.forReading(subject.installation ?? 0, other),
        ...peopleKnown(database, subject),
      }),
      store,
      memory,
      alone: database.alone,
      judging,
      rules,
      host: hostOf(environment.githubApiUrl),
      requestId: id,
      ...(subject.repositoryId === undefined
        ? {}
        : { details: details({ repositoryId: subject.repositoryId, repository, number: subject.number }) }),
    });
    if (subject.repositoryId === undefined) return world;
    const place = { repositoryId: subject.repositoryId, number: subject.number };
    const known = withOpenedIssues(world, database, client, place.repositoryId);
    return withOwnTexts(known, database, place, repository);
  };
  const turnOf = async ({ subject }: WakeUp, world: World): Promise<World> => {
    const { repositoryId, owner, repository, number } = subject;
    if (repositoryId === undefined) return world;
    return inTurn(world, database, { repositoryId, repository: `${owner}/${repository}`, number });
  };
  const conversationOf = (wakeUp: WakeUp): Conversation => {
    const { installation, owner, repository, number, repositoryId } = wakeUp.subject;
    const id = installation ?? 0;
    const place = { owner, name: repository };
    const conversation = new GitHubConversation(
      app.forRepository(id, repository),
      place,
      number,
      repositoryId,
      branchAccess(app, id, repository),
    );
    // To GitHub we have pushed it; whoever asked for it has no less to do with it (H022).
    const committed = (pushed: string, author: number) =>
      keepPushes(database.kysely, [{ ...wakeUp, author, pushed }], new Date().toISOString());
    return logged(conversation, (write) => logWrite(log, metrics, wakeUp, write), committed);
  };
  const answer = async (wakeUp: WakeUp, comment: CommentName): Promise<void> => {
    const { comment: _, ...again } = wakeUp;
    const talk = {
      ...(await worldFor(wakeUp)),
      conversation: conversationOf(wakeUp),
      recheck: async () => {
        await send(database.boss, { ...again, why: "command.recheck" });
      },
    };
    const { outcome, why } = await answerComment(comment, wakeUp.subject, talk);
    await keepAnswered(database.kysely, wakeUp.subject, comment);
    log.info({ delivery: wakeUp.id, comment: comment.id, outcome, why }, "comment");
  };
  /** The default branch, through the pull request that was merged last. */
  const acceptances = async (wakeUp: WakeUp): Promise<void> => {
    const { installation, owner, repository, number, repositoryId } = wakeUp.subject;
    const ended = await afterAcceptances(wakeUp, await worldFor(wakeUp));
    if (repositoryId === undefined) return;
    const due = ended?.next;
    const place = { installation: installation ?? 0, owner, repository, number };
    await keepAcceptance(database.kysely, repositoryId, due === undefined ? undefined : { ...place, due });
    if (ended) count(metrics, log, wakeUp, ended);
  };
  /**
   * Whether a day's passing left the verdict as it was. Then nothing is written, not even a number of days: nobody is to be
   * disturbed by the calendar.
   */
  const isStillTheSame = async ({ subject }: WakeUp, world: World, isLastAttempt: boolean): Promise<boolean> => {
    const { repositoryId = 0, number } = subject;
    const known = await openPullRequest(database.kysely, repositoryId, number);
    if (!known) return false;
    const outcome = await run(subject, quietly(world), isLastAttempt);
    if (outcome.snapshot.head !== known.head || verdictOf(outcome.assessment) !== known.verdict) return false;
    await waitUntil(database.kysely, known, outcome.snapshot.now, nextChangeByTime(outcome));
    return true;
  };
  /** Throws ShareSpent where all who ask for it have caused as many within the hour as one may, after the check says so. */
  const withinPersonsShare = async (wakeUp: WakeUp, world: World): Promise<void> => {
    const { subject } = wakeUp;
    const allowed = environment.evaluationsPerPerson;
    const installation = subject.installation ?? 0;
    const until = await countOneOf(database.kysely, installation, peopleOf(wakeUp), allowed);
    if (until === undefined) return;
    const { head } = await world.source.listing(subject);
    if (head !== undefined) await world.posts.begin(subject, head, waitingCheck({ allowed, until }));
    const afterSeconds = Math.max(1, Math.ceil((Date.parse(until) - Date.now()) / 1000));
    throw new ShareSpent("One person has caused as many evaluations within the hour as one may.", { afterSeconds });
  };
  const evaluate = async (wakeUp: WakeUp, isLastAttempt: boolean): Promise<void> => {
    if (wakeUp.why === permissionsChanged) app.forget(wakeUp.subject.installation ?? 0);
    if (wakeUp.why === timePassed && (await isStillTheSame(wakeUp, await worldFor(wakeUp), isLastAttempt))) {
      log.info({ delivery: wakeUp.id, pullRequest: wakeUp.subject.number }, "time changed nothing");
      return;
    }
    const began = Date.now();
    const world = await worldFor(wakeUp);
    await withinPersonsShare(wakeUp, world);
    const outcome = await run(wakeUp.subject, await turnOf(wakeUp, world), isLastAttempt);
    await rememberLearnt(database, outcome);
    await rememberOrganisation(database, outcome.snapshot);
    await rememberForAgain(database, outcome, wakeUp);
    const client = () => app.forRepository(wakeUp.subject.installation ?? 0, wakeUp.subject.repository);
    // Everything that people wait for is done: what cannot be counted now is not worth doing it all again.
    await countReactions(database, client, outcome).catch((error: unknown) =>
      log.warn({ delivery: wakeUp.id, error: String(error) }, "reactions were not counted"),
    );
    const { owner: former } = outcome.snapshot.repository;
    await followRenamings(database.kysely, { installation: wakeUp.subject.installation ?? 0, former, began });
    if (waitsForHistory(outcome, wakeUp)) await sendHistory(database.boss, wakeUp);
    count(metrics, log, wakeUp, outcome);
  };
  /** Whether the same pull request is being evaluated anew, or was: then what failed before is no news to anybody. */
  const wasTakenUpSince = async ({ subject, comment, group }: WakeUp, failed: Date): Promise<boolean> => {
    if (comment || group || subject.repositoryId === undefined) return false;
    const began = await turnBegan(database.kysely, subject.repositoryId, `#${subject.number}`);
    return began !== undefined && began > failed;
  };
  return {
    stop: () => judging.stop(),
    isReachable: async () => (await gitHubNow(app.asApp())) !== "",
    evaluate: async (wakeUp, isLastAttempt) => {
      if (wakeUp.comment) return answer(wakeUp, wakeUp.comment);
      if (wakeUp.group) return answerGroup(queueGround, wakeUp, wakeUp.group, isLastAttempt);
      const end = metrics.evaluationSeconds.startTimer();
      try {
        if (ofDefaultBranch.has(wakeUp.why)) await acceptances(wakeUp);
        else await evaluate(wakeUp, isLastAttempt);
        // Done at last, by whatever asked for it: what failed before waits for nobody any more.
        await dropDeadLetter(database.kysely, placeOf(wakeUp).key);
      } catch (error) {
        metrics.failures.inc({ kind: error instanceof Error ? error.name : "unknown" });
        throw error;
      } finally {
        end();
      }
    },
    readHistory: async (wakeUp) => {
      const left = await readOn(database, wakeUp, () => worldFor(wakeUp, inBackground));
      if (left === "done") await send(database.boss, { ...wakeUp, why: historyWasRead });
      return left;
    },
    judged: async (subject) => {
      const world = await worldFor({ id: "evidence", why: "evidence", subject });
      const snapshot = await look(subject, world);
      return { snapshot, ...(await world.judging.judge(snapshot, world.context)) };
    },
    setAside: async ({ id, wakeUp, reason, at }) => {
      if (await wasTakenUpSince(wakeUp, at)) return;
      await keepDeadLetter(database.kysely, { id, wakeUp, reason, failed: new Date().toISOString() });
      const { repositoryId, number } = wakeUp.subject;
      if (repositoryId !== undefined && (wakeUp.why === timePassed || wakeUp.why === acceptanceEnded)) {
        await postponeDue(database.kysely, repositoryId, number, new Date(Date.now() + day).toISOString());
      }
      const error = new Error(reason);
      try {
        if (wakeUp.group) await queueOf(app, wakeUp).post(unknownGroup(wakeUp.group, error), wakeUp.subject.number);
        else if (wakeUp.comment) await answerFailed(wakeUp.comment, conversationOf(wakeUp));
        else await runFailed(wakeUp.subject, await worldFor(wakeUp), error);
      } catch (second) {
        // Where GitHub is out of reach it is said later; where it refuses, or the subject is gone, nobody is left to tell.
        if (second instanceof TryAgainLater) throw second;
        log.error(
          { delivery: wakeUp.id, error: second instanceof Error ? second.message : String(second) },
          "could not say that it failed",
        );
      }
    },
  };
}

type Counted = Pick<Outcome, "assessment" | "results">;

function count(metrics: Metrics, log: Logger, wakeUp: WakeUp, { assessment, results }: Counted): void {
  metrics.evaluations.inc({ conclusion: assessment.conclusion });
  logWrites(log, metrics, wakeUp, { assessment, results });
  log.info(
    {
      delivery: wakeUp.id,
      why: wakeUp.why,
      pullRequest: assessment.subject.pullRequest,
      conclusion: assessment.conclusion,
      changes: assessment.changes.length,
      writes: results.length,
    },
    "evaluated",
  );
}
