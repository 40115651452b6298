import type { CodeLine } from "../code-line.ts";
import { secretWords } from "../data-words.ts";
import type { Detector, Sighting } from "../detector.ts";
import type { InspectedFile } from "../inspected-file.ts";
import { settingOn } from "../setting-forms.ts";
import { phraseOf, vocabulary, wordsOf } from "../words.ts";

/*
 * Settings that a system newly takes from its environment. Their names tell of credentials, of other systems and of
 * switches that open something.
 */

const endpointWords = vocabulary([
  "url",
  "uri",
  "host",
  "hostname",
  "endpoint",
  "base url",
  "api url",
  "proxy",
  "socket",
  "smtp",
  "issuer",
  "webhook",
  "callback",
  "broker",
  "client id",
  "dsn",
]);
const storeWords = vocabulary([
  "database",
  "database url",
  "db",
  "bucket",
  "s3",
  "redis",
  "storage",
  "blob",
  "binds",
  "elasticsearch",
  "opensearch",
  "mongo",
  "queue",
  "topic",
  "cache",
  "spaces",
  "datasource",
]);
const controlWords = vocabulary([
  "cors",
  "csp",
  "content security policy",
  "allowed origin",
  "allowed host",
  "trusted host",
  "trusted proxy",
  "trusted proxies",
  "secure proxy",
  "ssl",
  "tls",
  "https",
  "csrf",
  "cookie",
  "hsts",
  "frame",
  "auth",
  "login",
  "session",
  "signup",
  "registration",
  "2fa",
  "mfa",
  "otp",
  "sso",
  "oidc",
  "oauth",
  "saml",
  "ldap",
  "rate limit",
  "throttle",
  "captcha",
  "password policy",
  "insecure",
  "ssrf",
  "(?:skip|disable|bypass) (?:\\w+ ){0,2}(?:check|verification|validation)",
  "verify",
  "ignore https",
  "whitelist",
  "allowlist",
  "blocklist",
  "blacklist",
  "admin",
  "impersonation",
]);
/** Names that hold such words and mean none of it. */
const harmless =
  /^STATICFILES_|^(?:NEXT_PUBLIC_)?(?:VERCEL|RENDER|RAILWAY|HEROKU|NETLIFY|FLY|CF_PAGES|DEPLOY_PRIME|DYNO)_|(^|_)(test|tests|mock|fake|dummy)(_|$)|PROXY_?(IP_?)?HEADER|IP_?HEADER$|TOKEN_(COUNT|LIMIT|LENGTH)|MAX_TOKENS|KEY_(PREFIX|LENGTH|NAME)|PRIMARY_KEY|FOREIGN_KEYS?|CACHE_KEY|SORT_KEY|PARTITION_KEY|(_|^)(TIMEOUT|TTL|RETRY|RETRIES|INTERVAL|BATCH_SIZE|PORT|VERSION|LOG_LEVEL|MAX_\w+|MIN_\w+|SIZE|LENGTH|COUNT|DURATION|POOL_?SIZE|CONCURRENCY|WORKERS|PREFIX|SUFFIX|DRIVER|DIALECT|TYPE|SCHEME)$/i;

function whatOf(name: string): string | undefined {
  if (harmless.test(name) || harmless.test(wordsOf(name).join("_"))) return undefined;
  // `host` or `url` alone names the system itself as often as another one.
  if (
    /^(hosts?|hostname|url|uri|base_?url|endpoint|socket|proxy|auth|session|cookie|admin|login|verify|frame|db|cache|storage|queue|topic|token|salt)$/i.test(
      name,
    )
  )
    return undefined;
  const phrase = phraseOf(name);
  if (secretWords(phrase) !== undefined) return "secret";
  if (storeWords(phrase) !== undefined) return "store";
  // Spring Boot's indicators of health are named after what they look at: `management.health.ldap.enabled`.
  if (controlWords(phrase) !== undefined && !phrase.startsWith(" management health ")) return "control";
  if (endpointWords(phrase) !== undefined) return "endpoint";
  return undefined;
}

/** What holds where nobody set the value: another one, or a refusal to start. */
const terms =
  /\?\?|\|\||\bor\b|\bdefault\w*\b|\brequired\b|\boptional\b|OrThrow\b|["'`]x["'`]\s*,|\[\s*["'`]\w+["'`]\s*\]/gi;
/** Names of keys that are no secret, and decide whom one believes. */
const keyMaterial = /(?:^|_)(?:JWKS?|SIGNING|PUBLIC_?KEYS?|CERT|CA_BUNDLE|TRUSTED)(?:_|$)/i;

/** The line that named the secret before let something else stand in for it, or did not, other than this one does. */
function hasOtherTerms(code: string, name: string, file: InspectedFile): boolean {
  const before = file.removed.find((line) => settingOn(line.code, file) === name);
  if (before === undefined) return false;
  const termsOf = (text: string): string => (text.replaceAll(name, "x").match(terms) ?? []).join(" ").toLowerCase();
  return termsOf(before.code) !== termsOf(code);
}

/** Frameworks build these into what a browser loads: mostly where its own pages and interface are. */
const toldToBrowser = /^(?:NEXT_PUBLIC|VITE|REACT_APP|GATSBY|NUXT_PUBLIC|PUBLIC|EXPO_PUBLIC|VUE_APP)_/;

/** Where nobody sets it, the machine says what it is called itself: no other system is named. */
const ownName =
  /\b(?:get_?|os\.)?hostname\(\)|\bgethostname\b|\bMachineName\b|\bwhoami::|\bgetpass\.getuser\b|\bgetLocalHost\(\)/i;

/** `.env.example` lists what an operator may set; commented lines of it are settings too. */
const environmentFile = /(^|\/)(\.env[^/]*|[^/]*\.env|env\.(sample|example)|[^/]*\.env\.\w+)$/;

function linesOf(file: InspectedFile, kind: "added" | "removed"): readonly CodeLine[] {
  if (!environmentFile.test(file.path)) return kind === "added" ? file.added : file.removed;
  return file.hunks
    .flatMap(({ lines }) => lines)
    .filter((line) => line.kind === kind)
    .map((line) => ({
      ...line,
      code: line.code === "" ? line.text.replace(/^[#;\s]+(?=[A-Z][A-Z0-9_]{2,80}\s*=)/, "") : line.code,
    }));
}

function inspectFile(file: InspectedFile, known: Set<string>): Sighting[] {
  if (file.role !== "production") return [];
  if (file.language === "terraform" || file.language === "json") return [];
  const found: Sighting[] = [];
  for (const line of linesOf(file, "added")) {
    if (line.newLine === undefined || line.isImport) continue;
    const name = settingOn(line.code, file);
    if (name === undefined) continue;
    const key = wordsOf(name).join("_");
    if (known.has(key)) {
      if ((whatOf(name) === "secret" || keyMaterial.test(name)) && hasOtherTerms(line.code, name, file))
        found.push({ what: "secret-terms", path: file.path, line: line.newLine, name, evidence: line.text });
      continue;
    }
    known.add(key);
    const what = whatOf(name);
    if (what === undefined || (what === "endpoint" && ownName.test(line.code))) continue;
    const isShown = what === "endpoint" && toldToBrowser.test(name);
    found.push({
      what,
      path: file.path,
      line: line.newLine,
      name,
      evidence: line.text,
      ...(isShown ? { confidence: "low" as const } : {}),
    });
  }
  return found;
}

export const detector: Detector = {
  name: "settings",
  sees: ["secret", "secret-terms", "endpoint", "store", "control"],
  inspect(files) {
    // A setting that stands on a removed or context line is not new; one that several files name is told once.
    const known = new Set<string>();
    for (const file of files) {
      // Also one whose line stands elsewhere now: it may name the setting at several places.
      const earlier = file.hunks.flatMap(({ lines }) => lines).filter(({ kind }) => kind !== "added");
      for (const line of [...linesOf(file, "removed"), ...earlier]) {
        const name = settingOn(line.code, file);
        if (name !== undefined) known.add(wordsOf(name).join("_"));
      }
    }
    // The sample file first: it is where an operator meets the setting and reads what it is for.
    const ordered = [...files].sort(
      (one, other) => Number(environmentFile.test(other.path)) - Number(environmentFile.test(one.path)),
    );
    return ordered.flatMap((file) => inspectFile(file, known));
  },
};
