import { type AnswerCommand, commandForms, type Refusal } from "../domain/command.ts";
import { addEntry, entryWith, listAt } from "./edit-yaml.ts";
import type { AnsweredSystem, AnswerGround, Meaning } from "./ground.ts";
import type { KnownThreat } from "./known-threats.ts";
import { keyOrder, threatEntry } from "./threat-entry.ts";

/** Days after which an accepted risk is looked at again: each quarter, as UKHSA asks of the grave ones (standard "exceptions"). */
const quarter = 90;

/** Accepted by a Security Architect who wrote no part of the change, until a day that the policy allows. */
export function accepted(
  command: Extract<AnswerCommand, { name: "accept" }>,
  threat: KnownThreat,
  system: AnsweredSystem,
  ground: AnswerGround,
): Meaning | Refusal {
  const { who, policy, now } = ground;
  const { example } = commandForms.accept;
  const until = dayNumber(command.until);
  const today = dayNumber(now.slice(0, 10)) ?? 0;
  if (typeof who.isArchitect === "object") {
    return {
      what: `Only a Security Architect accepts a risk, and it cannot be told whether ${who.login} is one: ${who.isArchitect.unknown}`,
      hint: "Answer again when this is mended.",
    };
  }
  if (who.isArchitect === "no") {
    return {
      what: `Only a Security Architect accepts a risk, and ${who.login} is none by the policy.`,
      hint: "Ask one to write this command, or mitigate the threat.",
    };
  }
  if (who.isAuthor) {
    return {
      what: `${who.login} wrote a part of this change, and nobody accepts the risk of their own work.`,
      hint: "Ask another Security Architect.",
    };
  }
  if (until === undefined) return { what: `\`${command.until}\` is no day.`, hint: "Write it as YYYY-MM-DD.", example };
  if (until < today)
    return { what: `${command.until} is over.`, hint: "An acceptance holds until a day to come.", example };
  const { maxDays } = policy.acceptance;
  if (until - today > maxDays) {
    return {
      what: `${command.until} is ${until - today} days from now, and the policy allows ${maxDays}.`,
      hint: `The latest day is ${dayAfter(today + maxDays)}.`,
      example: `/threat accept ${command.threat} until ${dayAfter(today + maxDays)} because ${command.because}`,
    };
  }
  const level = threat.derived?.risk ?? threat.written?.risk;
  return {
    notes: [
      `It counts once ${who.login} approves this pull request at the commit that holds it. Write under \`compensating\` what holds the risk down meanwhile, if anything does.`,
    ],
    write: (document) => {
      const entry = threatEntry(document, threat, system);
      entry.set("status", "accepted");
      // It said why the threat does not apply, which is not why its risk is accepted.
      if (threat.written?.status === "not-applicable") entry.delete("reason");
      const known = entryWith(document, "acceptances", "threat", threat.id);
      const fields = {
        reason: command.because,
        ...(level === undefined || level === "note" ? {} : { level }),
        approver: who.login,
        until: command.until,
        compensating: known?.get("compensating") ?? "none",
        review: dayAfter(Math.min(until, today + quarter)),
      };
      if (known) for (const [key, value] of Object.entries(fields)) known.set(key, value);
      else addEntry(document, listAt(document, "acceptances", keyOrder), { threat: threat.id, ...fields });
    },
  };
}

/** Whole UTC days since 1970 of a day that exists, between 2000 and 2100. */
function dayNumber(text: string): number | undefined {
  if (!/^20\d\d-\d\d-\d\d$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || dayAfter(time / 86_400_000) !== text ? undefined : time / 86_400_000;
}

function dayAfter(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, 10);
}
