import { type ChildProcess, fork } from "node:child_process";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { TryAgainLater } from "./failures.ts";
import type { Answer, Question } from "./judge-messages.ts";
import type { Judging, OnboardingTexts } from "./ports.ts";
import { processorTime } from "./processor-time.ts";

/** Limits of the process that reads and judges; they hold for one question. */
export interface JudgeLimits {
  /**
   * Milliseconds for one question, the start of a new process included. Where the system tells how long processors worked for
   * it, only that counts, up to three times as long by the clock: on a machine that is busy with other things, a verdict waits.
   */
  readonly time: number;
  /** MiB of JavaScript heap. */
  readonly memory: number;
  /** Called when a process was ended, with the reason. */
  readonly onKill?: (why: "time" | "crash") => void;
  /** Module to run; another one only in tests. */
  readonly module?: string;
}

const ownModule = fileURLToPath(
  new URL(`./judge-child${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url),
);

/** What Node itself needs: where programs lie, and where it keeps what it compiled. */
function environmentOfChild(): NodeJS.ProcessEnv {
  const { PATH = "", NODE_COMPILE_CACHE } = process.env;
  return { PATH, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) };
}

/**
 * How many times its limit a question may take by the clock, while processors work for others: two questions of an evaluation
 * have to end before the queue takes its job for lost.
 */
const longestWait = 3;

type Asked = Question extends infer One ? (One extends Question ? Omit<One, "id"> : never) : never;

/** The process that judges, as its parent sees it. */
export interface JudgingApart extends Judging, OnboardingTexts {
  /** Starts it before anything is asked, so that the first verdict does not wait for it. */
  begin(): void;
  stop(): void;
}

/**
 * Judging in a process of its own: no text of a repository can stop, slow or kill the service (H055–H058, H086). Questions
 * are answered one after the other; one that takes too long, or too much memory, ends the process and rejects, and the
 * next question starts a new one. The child gets no environment beyond what Node needs, so it knows no secret.
 */
export function judgingApart(limits: Partial<JudgeLimits> = {}): JudgingApart {
  const { time = 30_000, memory = 1024, onKill, module = ownModule } = limits;
  let child: ChildProcess | undefined;
  let serial = 0;
  let turn: Promise<unknown> = Promise.resolve();

  const start = (): ChildProcess => {
    const started = fork(module, [], {
      serialization: "advanced",
      execArgv: [`--max-old-space-size=${memory}`, "--disable-warning=ExperimentalWarning"],
      env: environmentOfChild(),
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    // Deliveries are to be answered within a moment; a verdict may take its time. Not every system lets us say so.
    try {
      if (started.pid !== undefined) setPriority(started.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch {}
    // The service must be able to end while its judge waits for the next question.
    started.unref();
    started.channel?.unref?.();
    const forget = (): void => {
      if (child === started) child = undefined;
    };
    started.once("exit", forget);
    // One that could not be started, for want of files or processes, never exits.
    started.on("error", forget);
    return started;
  };

  const askNow = (asked: Asked): Promise<Answer> => {
    child ??= start();
    const process = child;
    const id = ++serial;
    const began = performance.now();
    const worked = (): number | undefined => (process.pid === undefined ? undefined : processorTime(process.pid));
    const workedBefore = worked() ?? 0;
    return new Promise<Answer>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        process.off("message", hear);
        process.off("exit", gone);
        process.off("error", gone);
      };
      const hear = (answer: Answer): void => {
        if (answer.id !== id) return;
        end();
        resolve(answer);
      };
      const gone = (): void => {
        end();
        onKill?.("crash");
        reject(
          new TryAgainLater(
            "the process that judges ended: what it read took more memory than is allowed, or crashed it",
          ),
        );
      };
      const late = (): void => {
        const used = (worked() ?? Number.POSITIVE_INFINITY) - workedBefore;
        if (used < time && performance.now() - began < longestWait * time) {
          timer = setTimeout(late, Math.max(time - used, 100));
          return;
        }
        end();
        onKill?.("time");
        if (child === process) child = undefined;
        process.kill("SIGKILL");
        reject(new TryAgainLater(`judging took longer than ${time / 1000} s`));
      };
      let timer = setTimeout(late, time);
      process.on("message", hear);
      process.once("exit", gone);
      process.once("error", gone);
      // Without a channel it was not started, or is ending: the event that says so is on its way.
      if (!process.connected) return;
      process.send({ ...asked, id } as Question, (error) => {
        if (error) gone();
      });
    });
  };

  const ask = (asked: Asked): Promise<Answer> => {
    const mine = turn.then(() => askNow(asked));
    turn = mine.catch(() => {});
    return mine;
  };

  return {
    stillNeeded: async (snapshot, asked) => {
      const answer = await ask({ ask: "still-needed", snapshot, asked: [...asked] });
      if ("failed" in answer) throw new Error(answer.failed);
      return "needs" in answer ? answer.needs : undefined;
    },
    judge: async (snapshot, context) => {
      const answer = await ask({ ask: "judge", snapshot, context });
      if ("judgement" in answer) return answer.judgement;
      throw new Error("failed" in answer ? answer.failed : "the process that judges answered something else");
    },
    onboardingOf: async (seen, instead) => {
      const answer = await ask({ ask: "onboarding", seen, ...(instead === undefined ? {} : { instead }) });
      if ("onboarding" in answer) return answer.onboarding;
      throw new Error("failed" in answer ? answer.failed : "the process that judges answered something else");
    },
    begin: () => {
      child ??= start();
    },
    stop: () => child?.kill(),
  };
}
