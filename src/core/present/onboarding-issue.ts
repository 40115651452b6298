import type { DesiredIssue } from "../domain/desired.ts";
import { writeMarker } from "../domain/marker.ts";
import { blocks, cut, entries, fence, fold, limits } from "./blocks.ts";
import { code, md, ownWords, sentence } from "./markdown.ts";
import {
  bytes,
  derivedWords,
  diagramBlock,
  notReadBlock,
  type OnboardingWords,
  onboardingIdentity,
  threatBlock,
  withheld,
} from "./onboarding-parts.ts";

/** Bytes of a model that an issue holds whole; half a file would be taken for a whole one. */
const mostBytes = 40_000;

/**
 * The one issue that a repository without a threat model gets on installation: the derived model to be edited, its diagram
 * and its baseline threats. It belongs to the team from then on: it is never changed, closed or opened again by us.
 * @param instead why it is an issue where the policy asks for a pull request, as the end of a sentence.
 */
export function onboardingIssue(words: OnboardingWords, instead?: string): DesiredIssue {
  const { withThreats, notRead } = words;
  const isWhole = bytes(words.model) <= mostBytes;
  const get = isWhole
    ? md`Save the file below as ${code("threat-model.yaml")} (${code("npx threatgate init")} writes the same, with the diagram), read it, and correct what is wrong.`
    : md`Run ${code("npx threatgate init")} in a checkout: it writes ${code("threat-model.yaml")} and the diagram. The file is too long for an issue. Read it, and correct what is wrong.`;
  const body = blocks([
    ownWords(writeMarker({ kind: "issue", threat: onboardingIdentity })),
    md`Threatgate was installed here and found no threat model. This is a first one, ${derivedWords(words)}`,
    instead === undefined
      ? undefined
      : md`The policy asks for a pull request. This is an issue, because ${sentence(instead, 300)}`,
    entries(
      [
        get,
        md`Answer its ${code("questionnaire")}, and take the ids of what is right out of ${code("drafts")}.`,
        md`Open a pull request with it: the check says what is still missing, and drafts the rest. Then close this issue.`,
      ],
      "numbers",
    ),
    diagramBlock(words),
    withThreats ? threatBlock(words) : withheld,
    isWhole ? fold("`threat-model.yaml`", fence("yaml", words.model, 5_000)) : undefined,
    notReadBlock(notRead),
    md`This issue is opened once, and left to you: closed or deleted, it does not come again. The policy key ${code("onboarding")} decides whether there are any.`,
  ]);
  return {
    threat: onboardingIdentity,
    title: "Begin the threat model: a first draft from the repository's own files",
    body: cut(body, limits.comment),
    labels: ["threat-model"],
    state: "open",
  };
}
