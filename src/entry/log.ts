import { type Logger, pino } from "pino";

/** Values that never reach a log line, wherever they stand in the fields of a record. */
const secretPaths = [
  "authorization",
  "headers.authorization",
  "headers.cookie",
  'headers["x-hub-signature-256"]',
  "*.authorization",
  "*.token",
  "token",
  "payload",
  "event.payload",
  "request.headers",
];

/**
 * GitHub tokens of every form, cloud keys and PEM blocks inside messages. Installation tokens grew to ~520 characters in 2026.
 * A block that is cut off ends with the string that it stands in, so that the line stays JSON.
 */
const secretTexts =
  /\b(gh[pousr]_[A-Za-z0-9_.-]{20,}|github_pat_[A-Za-z0-9_]{20,}|AKIA[0-9A-Z]{16})|-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*?(-----END [A-Z ]*PRIVATE KEY-----|(?=")|$)/g;

/** Masks what looks like a secret in a text. */
export function maskSecrets(text: string): string {
  return text.replace(secretTexts, "[redacted]");
}

/** The log of the service: one JSON line a record (H053), on standard output, without secrets (H054). */
export function createLog(level: string): Logger {
  return pino({
    level,
    base: { name: "threatgate" },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretPaths, censor: "[redacted]" },
    hooks: {
      streamWrite: (line) => maskSecrets(line).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`),
    },
  });
}
