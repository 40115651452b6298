import { authenticationWords, authorizationWords, cryptographyWords } from "./vocabulary.ts";
import { vocabulary } from "./words.ts";

/*
 * What the name of a function or a type tells of it: words of each subject that a reviewer would want to hear of, and words
 * after which a name tells nothing.
 */

const uploadWords = vocabulary([
  "upload(?:s|ed|er|ing)?",
  "attachment",
  "multipart",
  "file storage",
  "import file",
  "import from",
  "importer",
  "virus scan",
  "malware",
  "mime type",
]);
const auditWords = vocabulary([
  "audit",
  "audit log",
  "event log",
  "access log",
  "activity log",
  "log handler",
  "redact",
  "masking",
]);
const throttleWords = vocabulary([
  "rate limit",
  "rate limiter",
  "throttle",
  "throttles",
  "lockout",
  "brute force",
  "token bucket",
  "quota",
]);
const messagingWords = vocabulary([
  "publisher",
  "subscriber",
  "consumer",
  "producer",
  "message queue",
  "event bus",
  "domain event",
  "event dispatcher",
  "event publisher",
  "event listener",
  "message handler",
  "broadcast",
  "to queue",
  "sqs",
  "sns",
  "kafka",
  "rabbit",
  "amqp",
  "pubsub",
]);
const integrationWords = vocabulary([
  "webhook",
  "callback url",
  "payment",
  "smtp",
  "mailer",
  "telegram",
  "slack",
  "sms",
  "proxy",
  "transport",
  "api client",
  "http client",
  "rest client",
  "gateway client",
  "llm",
  "chat completion",
  "embedding",
  "openai",
  "anthropic",
]);
const exportWords = vocabulary([
  "export",
  "exporter",
  "download",
  "data dump",
  "gdpr",
  "report with pii",
  "bulk export",
]);
/** Many people's data at once, out of the system or into it. */
const carried = vocabulary([
  "export",
  "dump",
  "import",
  "load",
  "download",
  "csv",
  "xlsx",
  "spreadsheet",
  "backup",
  "restore",
  "archive",
  "bulk",
]);
const carriers = vocabulary([
  "user",
  "member",
  "account",
  "contact",
  "customer",
  "participant",
  "people",
  "person",
  "profile",
  "subscriber",
  "applicant",
  "patient",
  "employee",
  "student",
  "attendee",
  "guest",
  "team",
  "personal data",
  "account data",
  "user data",
  "audit log",
  "database",
]);
const carriedBy = vocabulary([
  "csv",
  "export",
  "exporter",
  "dump",
  "import",
  "importer",
  "xlsx",
  "spreadsheet",
  "backup",
]);
function peopleCarried(phrase: string): string | undefined {
  return carried(phrase) !== undefined && carriedBy(phrase) !== undefined ? carriers(phrase) : undefined;
}
/** What makes foreign text harmless. */
const cleaning = vocabulary([
  "saniti[sz]e(?:r|d)?",
  "escape html",
  "html escape",
  "purify",
  "strip tags",
  "strip html",
]);
const onlyTidied =
  / (?:json|nan|number|amount|price|currency|date|time|slug|phone|name|title|label|id|key|column|path|query|unit|float|int|config|option)s? /;
function cleaningWords(phrase: string): string | undefined {
  return onlyTidied.test(phrase) ? undefined : cleaning(phrase);
}
const executionWords = vocabulary(["shell", "exec", "execute command", "subprocess", "run command", "eval", "sandbox"]);
const privateWords = vocabulary([
  "personal data",
  "pii",
  "anonymi[sz]e",
  "pseudonymi[sz]e",
  "consent",
  "gdpr",
  "redact",
]);

/** What a declaration may be about, the telling subject first, and the word of its name, taken apart into a phrase, that says so. */
export const subjects: readonly (readonly [what: string, words: (phrase: string) => string | undefined])[] = [
  ["rate-limit", throttleWords],
  ["authentication", authenticationWords],
  ["authorization", authorizationWords],
  ["cryptography", cryptographyWords],
  // Told by the form of the name, not by its words.
  ["credential", () => undefined],
  ["upload", uploadWords],
  ["execution", executionWords],
  ["cleaning", cleaningWords],
  ["audit", auditWords],
  ["personal-data", privateWords],
  ["messaging", messagingWords],
  ["integration", integrationWords],
  ["people-carried", peopleCarried],
  ["export", exportWords],
];

/** Words that turn a name into something that only shows, tests or describes. */
export const harmlessWords = vocabulary([
  "test",
  "mock",
  "fake",
  "stub",
  "story",
  "dto",
  "props",
  "icon",
  "button",
  "label",
  "title",
  "message text",
  "error message",
  "view model",
  "exception",
  "error",
  "to string",
  "format",
  "sort",
  "count",
  "total",
  "bad request",
  "input",
  "html",
  "render",
  "helper test",
  // Keys by which something is found again: they open nothing.
  "(?:cache|unique|primary|foreign|partition|sort|redis|map|lookup|grouping|deduplication|idempotency|translation) key(?: name)?",
  "key name",
]);
