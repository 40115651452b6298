import type { Logger } from "pino";
import type { Assessment } from "../core/domain/assessment.ts";
import type { Step, StepResult } from "../core/domain/plan.ts";
import type { WakeUp } from "../shell/event.ts";
import type { Conversation } from "../shell/ports.ts";
import type { Metrics } from "../shell/web/metrics.ts";

/** Most names of rules in one line. */
const mostRules = 10;

/**
 * One line of the log for each write of an evaluation: which delivery asked for it, by which rules, for what reason, and
 * what became of it. Counts it as well.
 */
export function logWrites(
  log: Logger,
  metrics: Metrics,
  wakeUp: WakeUp,
  { assessment, results }: { readonly assessment: Assessment; readonly results: readonly StepResult[] },
): void {
  for (const result of results) {
    const { step, outcome } = result;
    metrics.writes.inc({ step: step.do, outcome });
    if (step.do === "minimize-review" && outcome === "done") metrics.healed.inc();
    log.info(
      {
        delivery: wakeUp.id,
        step: step.do,
        outcome,
        rules: rulesBehind(step, assessment),
        reason: result.outcome === "done" ? reasonFor(step, assessment) : result.why,
        head: assessment.subject.head,
      },
      "write",
    );
  }
}

/** Writes that are no steps of a plan: answers to commands, reactions, checks of merge queues. */
export function logWrite(
  log: Logger,
  metrics: Metrics,
  wakeUp: WakeUp,
  write: { readonly step: string; readonly outcome: string; readonly reason: string },
): void {
  metrics.writes.inc({ step: write.step, outcome: write.outcome });
  log.info({ delivery: wakeUp.id, ...write, rules: [] }, "write");
}

/** Rules of changes for what is said of the pull request; the threat or the question for what is about one of them. */
function rulesBehind(step: Step, assessment: Assessment): readonly string[] {
  if ("issue" in step) return [step.issue.threat];
  if ("threat" in step) return [step.threat];
  if ("fingerprint" in step) return [step.fingerprint];
  const significant = assessment.changes.filter((change) => change.significant).map(({ rule }) => rule);
  return [...new Set(significant)].slice(0, mostRules);
}

function reasonFor(step: Step, assessment: Assessment): string {
  if (step.do === "close-issue" || step.do === "reopen-issue") return (step.issue.because ?? "").slice(0, 200);
  if ("issue" in step) return `its threat is ${step.issue.state}`;
  if ("checkRun" in step) return `${step.checkRun.conclusion}: ${step.checkRun.title}`.slice(0, 200);
  return (assessment.reasons[0]?.says ?? assessment.conclusion).slice(0, 200);
}

/** A write that is no step of a plan. */
type OtherWrite = Parameters<typeof logWrite>[3];

/**
 * A conversation each of whose writes is told.
 * @param committed told of each commit that is made, with GitHub's id of whoever asked for it.
 */
export function logged(
  conversation: Conversation,
  tell: (write: OtherWrite) => void,
  committed: (commit: string, by: number) => Promise<void> = async () => {},
): Conversation {
  const reason = "a command in a comment";
  return {
    read: (comment) => conversation.read(comment),
    mayWrite: (account) => conversation.mayWrite(account),
    committing: () => conversation.committing(),
    shown: () => conversation.shown(),
    react: async (comment, reaction, insteadOf) => {
      await conversation.react(comment, reaction, insteadOf);
      tell({ step: "react", outcome: "done", reason });
    },
    reply: async (comment, reading, body) => {
      const isTaken = await conversation.reply(comment, reading, body);
      tell({ step: "reply", outcome: isTaken ? "done" : "skipped", reason });
      return isTaken;
    },
    commit: async (commit, asked) => {
      const result = await conversation.commit(commit, asked);
      tell({ step: "commit", outcome: "id" in result ? "done" : "skipped", reason });
      if ("id" in result && asked.author?.id !== undefined) await committed(result.id, asked.author.id);
      return result;
    },
  };
}
