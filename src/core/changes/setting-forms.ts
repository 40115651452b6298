import type { InspectedFile } from "./inspected-file.ts";

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

/** Name of the setting that a line of code or configuration takes or gives; undefined where it names none. */
export function settingOn(code: string, { path }: Pick<InspectedFile, "path">): string | undefined {
  for (const { files, pattern } of forms) {
    if (files && !files.test(path)) continue;
    const found = pattern.exec(code);
    const name = found?.slice(1).find((group) => group !== undefined);
    if (name !== undefined) return name;
  }
  return undefined;
}
