// The process that reads what strangers wrote. It holds no secret, no connection and no database; its parent ends it when
// it is too slow or too large (judge-process.ts). It answers one question at a time.
import { judge, stillNeeded } from "../core/judge.ts";
import { onboardingOf } from "../core/onboarding.ts";
import type { Answer, Question } from "./judge-messages.ts";
import { readRules } from "./local/rule-files.ts";

const rules = readRules();

process.on("message", (message: Question) => {
  void answerTo(message).then((answer) => process.send?.(answer));
});
process.on("disconnect", () => process.exit(0));

async function answerTo(question: Question): Promise<Answer> {
  try {
    if (question.ask === "still-needed") {
      return { id: question.id, needs: stillNeeded(question.snapshot, new Set(question.asked), await rules) };
    }
    if (question.ask === "onboarding") {
      return { id: question.id, onboarding: onboardingOf(question.seen, await rules, question.instead) };
    }
    return { id: question.id, judgement: judge(question.snapshot, await rules, question.context) };
  } catch (error) {
    return { id: question.id, failed: error instanceof Error ? error.message : String(error) };
  }
}
