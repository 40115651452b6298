import { wordsOf } from "./words.ts";

/*
 * Whom a check asks about: `can_edit(user)` and `can_edit(owner)` are two questions, `can_edit(user)` and `can_edit(current_user)`
 * mostly two spellings of one.
 */

/** Asks who the caller is, or what they may. */
export const asksCaller =
  /(?:\.|->|_|\b)(?:is_?(?:anonymous|authenticated|superuser|super_?admin|staff|admin|logged_?in)|has_?perm\w*|has_?role\w*|(?:user_?)?can_?\w*)\b/i;

/** So much of a line beside the check's name can name people. */
const longestAround = 160;

/** Names of whoever acts. One is often put for another. */
const acting: ReadonlySet<string> = new Set([
  "user",
  "account",
  "caller",
  "actor",
  "viewer",
  "principal",
  "requester",
  "me",
]);

/** People by what they are to a thing or an act, of whom a right says nothing about whoever acts. */
const related: ReadonlySet<string> = new Set([
  "other",
  "target",
  "owner",
  "author",
  "creator",
  "assignee",
  "recipient",
  "sender",
  "inviter",
  "invitee",
  "invited",
  "reviewer",
  "approver",
  "impersonated",
  "impersonator",
  "delegate",
  "employee",
  "customer",
  "patient",
  "student",
]);

/** The chain of names that a call hangs on: `project.owner.` before `hasRole(`. */
const receiver = /[\w@$?!.:>&-]{1,160}$/;
const hangsOn = /(?:\.|->|::)$/;
const chain = /[A-Za-z_@$][\w@$]*(?:(?:\?\.|&\.|->|::|\.)\w+)*/g;
/** What stands in quotes or is a symbol names a right, and no person. */
const named = /"[^"]*"|'[^']*'|`[^`]*`|(?<![\w:]):\w+/g;

/**
 * The people that a check between two places of a line asks about, by the words that tell them apart: those it hangs on and those in its
 * brackets. Whoever acts is one word, whatever the name. Empty where the line names nobody.
 */
export function askedAbout(code: string, start: number, end: number): ReadonlySet<string> {
  const before = code.slice(Math.max(0, start - longestAround), start).replace(named, "");
  const inside = argumentsFrom(code, start, end).replace(named, "");
  const persons = new Set<string>();
  for (const text of [hangsOn.test(before) ? (receiver.exec(before)?.[0] ?? "") : "", inside]) {
    for (const [names] of text.matchAll(chain)) {
      const person = personIn(names);
      if (person !== undefined) persons.add(person);
    }
  }
  return persons;
}

/** Whether two checks may ask about the same people: somebody is common to both, or one of them does not say. */
export function mayBeSamePersons(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === 0 || other.size === 0 || [...one].some((person) => other.has(person));
}

/** What a check is given: up to the bracket that closes the one it opens, or what follows a name without brackets. */
function argumentsFrom(code: string, start: number, end: number): string {
  const opened = code.slice(start, end).lastIndexOf("(");
  const from = opened < 0 ? end : start + opened + 1;
  const rest = code.slice(from, end + longestAround);
  let depth = 1;
  for (let at = 0; at < rest.length; at++) {
    if (rest[at] === "(") depth++;
    else if (rest[at] === ")" && --depth === 0) return rest.slice(0, at);
  }
  return rest;
}

/** The word of a chain of names that says who is meant: the last relation, or whoever acts. */
function personIn(names: string): string | undefined {
  let person: string | undefined;
  for (const word of wordsOf(names)) {
    if (related.has(word)) person = word;
    else if (acting.has(word)) person ??= "acting";
  }
  return person;
}
