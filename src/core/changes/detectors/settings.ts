import type { CodeLine } from "../code-line.ts";
import { secretWords } from "../data-words.ts";
import type { Detector, Sighting } from "../detector.ts";
import type { InspectedFile } from "../inspected-file.ts";
import { phraseOf, vocabulary, wordsOf } from "../words.ts";

/*
 * Settings that a system newly takes from its environment. Their names tell of credentials, of other systems and of
 * switches that open something.
 */

/** How code and configuration name a setting; the first group that holds is the name. */
const forms: readonly { readonly files?: RegExp; readonly pattern: RegExp }[] = [
  { pattern: /\bprocess\.env(?:\.|\[\s*["'])([A-Za-z_][\w]{1,80})/ },
  {
    pattern:
      /\bos\.(?:getenv|environ\.get|LookupEnv|Getenv)\(\s*f?["']([A-Za-z_]\w{1,80})|\bos\.environ\[\s*["'](\w{2,80})/,
  },
  {
    pattern:
      /\b(?:env|envbool|envint|getenv|System\.getenv|Environment\.GetEnvironmentVariable|std::env::var|env::var|get_env\w*|env_or\w*|config\.get(?:OrThrow|String)?|configService\.get|ENV\.fetch|Config\.get)\w*(?:<[^>]{0,40}>)?\(\s*["'`]([A-Za-z_][\w.:-]{1,80})/,
  },
  {
    pattern:
      /\b(?:EnvVars?|envvars?|Envar|env)\s*(?:[:=]\s*(?:\[\]string\{|\[|\w{1,20}\.EnvVars\()?|\()\s*["']([A-Z][A-Z0-9_]{2,80})["']/,
  },
  // Settings that a program lists as values of a type of its own: `Setting("billing_api_key"),`
  {
    files: /(?:settings?|config\w*)\.(?:py|rb|ts|js)$/,
    pattern: /^_?(?:Setting|EnvSetting|ConfigVar|EnvironmentVariable|SecretSetting)\(\s*["']([A-Za-z_]\w{2,80})["']/,
  },
  // Flags of Go programs: pflag and cobra, kingpin, the standard library; defaults of viper; tags of structs
  {
    pattern:
      /\b(?:flag\w*|fs|cmd\.(?:Persistent)?Flags\(\)|(?:Persistent)?Flags\(\)|kingpin|app|viper)\.(?:String|Bool|StringSlice|StringArray|URL|Flag|SetDefault|BindEnv)(?:Var)?P?\(\s*(?:&[\w.]{1,60},\s*)?"([a-zA-Z][\w.-]{2,80})"/,
  },
  { pattern: /`[^`]{0,160}\b(?:env|envconfig|envvar|mapstructure)\s*:\s*"([A-Za-z][\w.-]{2,80})/ },
  // clap: https://docs.rs/clap
  { pattern: /^#\[(?:arg|clap|structopt)\(.{0,160}?\b(?:env|long)\s*=\s*"([A-Za-z][\w-]{2,80})"/ },
  // Schemas of the environment: zod, t3-env, envalid, Joi
  {
    files: /env|config|settings/i,
    pattern:
      /^["']?([A-Z][A-Z0-9]*_[A-Z0-9_]{1,80})["']?:\s*(?:z|Joi|joi|v|t|yup|Type|Schema|S|vine|envalid|Env\.schema|str|bool|num|url|host|email|port|json|str\d{1,4}|\w{1,30}Validator)\b[.(]/,
  },
  // Credentials that a script is handed
  {
    files: /\.(?:sh|bash|zsh)$/,
    pattern:
      /\$\{?([A-Z][A-Z0-9_]{0,60}(?:TOKEN|SECRET|PASSWORD|PASSPHRASE|API_KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS))\b/,
  },
  { pattern: /\bENV\[\s*["'](\w{2,80})/ },
  // A map of settings, whatever the program calls it: `settings.get("api.secret")`, `app.config["SECRET_KEY"]`, `settings.set("secret", …)`
  {
    pattern:
      /\b\w{0,30}(?:[sS]ettings|SETTINGS|[cC]onf|[cC]fg|[cC]onfig)\w{0,20}(?:\.(?:get\w{0,20}|set\w{0,20}|has|require\w{0,20}|setdefault)\(|\[)\s*["'`]([A-Za-z_][\w.:-]{1,80})["'`]/,
  },
  // Functions that people write around it: `getEnvVar("…")`, `requireEnv('…')`, `envOrDefault("…")`
  { pattern: /\b\w{0,30}(?:[eE]nv|ENV)(?:[A-Z_]\w{0,30})?(?:<[^>]{0,40}>)?\(\s*["'`]([A-Z][A-Z0-9_]{2,80})["'`]/ },
  // MicroProfile, Micronaut, Ktor: https://download.eclipse.org/microprofile/microprofile-config-3.1/
  { pattern: /@(?:ConfigProperty|Property)\(\s*name\s*=\s*"([\w.-]{2,100})"/ },
  { files: /\.kts?$/, pattern: /\bconfig\w{0,20}\.property(?:OrNull)?\(\s*"([\w.-]{2,100})"/ },
  // Symfony: https://symfony.com/doc/current/configuration/env_var_processors.html
  { files: /\.(?:ya?ml|php|xml)$/, pattern: /%env\((?:\w{1,30}:){0,5}([A-Z][A-Z0-9_]{2,80})\)%/ },
  { pattern: /@Value\(\s*"\$\{([\w.-]{2,100})/ },
  { pattern: /\b(?:configuration|config|Configuration|builder\.Configuration)\[\s*"([\w:.-]{2,100})"/ },
  {
    pattern:
      /\b(?:get(?:Required)?(?:Value|Section|ConnectionString)\w*|GetConnectionString)(?:<[^>]{0,40}>)?\(\s*"([\w:.-]{2,100})"/,
  },
  {
    files: /(^|\/)(\.env[^/]*|[^/]*\.env|env\.(sample|example)|[^/]*\.env\.\w+)$/,
    pattern: /^(?:export\s+)?([A-Z][A-Z0-9_]{2,80})\s*=/,
  },
  {
    files: /settings|config|constants|defaults/i,
    pattern: /^([A-Z][A-Z0-9]*_[A-Z0-9_]{1,80})\s*(?::[\w[\]\s|.]+)?=/,
  },
  // What each setting of a program in JavaScript must look like: https://joi.dev/api, https://zod.dev, https://github.com/af/envalid
  {
    files: /(?:config|env|settings)[^/]*\.[cm]?[jt]s$/i,
    pattern: /^["']?([A-Za-z]\w{2,80})["']?:\s*(?:(?:[jJ]oi|z|yup|schema)\.\w+\(|(?:str|bool|num|url)\()/,
  },
  // Settings of programs in Rust and Go: https://docs.rs/config, https://pkg.go.dev/github.com/spf13/viper
  {
    files: /(?:^|\/)(?:config|conf|settings)\/[^/]*\.toml$|(?:^|\/)(?:config|settings|defaults?)[\w.-]*\.toml$/,
    pattern: /^([\w.-]{3,100})\s*=/,
  },
  {
    files: /(?:^|\/)(?:config|settings)(?:[._-](?:example|sample|default|template|dist))?\.ya?ml$/,
    pattern: /^([\w-]{3,100})\s*:\s*\S/,
  },
  { files: /\.(properties|ini|cfg)$/, pattern: /^([\w.-]{3,100})\s*[=:]/ },
  { files: /config.*\.php$/, pattern: /^['"]([\w.-]{2,80})['"]\s*=>/ },
  {
    files: /config|settings|options/i,
    pattern: /^(?:public\s+)?(?:required\s+)?(?:string|bool|Uri|int)\??\s+(\w{3,80})\s*\{\s*get;/,
  },
  {
    files: /(?:config|settings|options)\.(go|rs)$/,
    pattern: /^(?:pub\s+)?([A-Za-z]\w{2,80})\s*:?\s+(?:String|string|bool|true|false|def|\*?url\.URL|Pass|Option)\b/,
  },
];

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

function nameOn(code: string, file: InspectedFile): string | undefined {
  for (const { files, pattern } of forms) {
    if (files && !files.test(file.path)) continue;
    const found = pattern.exec(code);
    const name = found?.slice(1).find((group) => group !== undefined);
    if (name !== undefined) return name;
  }
  return undefined;
}

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
  const before = file.removed.find((line) => nameOn(line.code, file) === name);
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
    const name = nameOn(line.code, file);
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
        const name = nameOn(line.code, file);
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
