/*
 * The language of a file by its name, as far as rules and line reading need it. Names follow GitHub Linguist in lower
 * case: https://github.com/github-linguist/linguist/blob/main/lib/linguist/languages.yml
 */

export type Language =
  | "javascript"
  | "python"
  | "go"
  | "java"
  | "kotlin"
  | "ruby"
  | "php"
  | "csharp"
  | "rust"
  | "swift"
  | "scala"
  | "sql"
  | "protobuf"
  | "graphql"
  | "prisma"
  | "shell"
  | "terraform"
  | "yaml"
  | "json"
  | "toml"
  | "xml"
  | "html"
  | "properties"
  | "dockerfile"
  | "server-configuration"
  | "other";

const byExtension: Readonly<Record<string, Language>> = {
  js: "javascript",
  jsx: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  ts: "javascript",
  tsx: "javascript",
  mts: "javascript",
  cts: "javascript",
  vue: "javascript",
  svelte: "javascript",
  py: "python",
  pyi: "python",
  wsgi: "python",
  go: "go",
  java: "java",
  groovy: "java",
  // Rules of Drools: conditions and actions in the syntax of Java.
  drl: "java",
  kt: "kotlin",
  kts: "kotlin",
  rb: "ruby",
  rake: "ruby",
  ru: "ruby",
  php: "php",
  cs: "csharp",
  fs: "csharp",
  vb: "csharp",
  rs: "rust",
  swift: "swift",
  scala: "scala",
  sql: "sql",
  proto: "protobuf",
  graphql: "graphql",
  graphqls: "graphql",
  gql: "graphql",
  prisma: "prisma",
  sh: "shell",
  bash: "shell",
  zsh: "shell",
  ps1: "shell",
  tf: "terraform",
  tfvars: "terraform",
  hcl: "terraform",
  yml: "yaml",
  yaml: "yaml",
  json: "json",
  json5: "json",
  jsonc: "json",
  toml: "toml",
  xml: "xml",
  config: "xml",
  csproj: "xml",
  html: "html",
  htm: "html",
  erb: "html",
  haml: "html",
  slim: "html",
  hbs: "html",
  ejs: "html",
  twig: "html",
  jinja: "html",
  cshtml: "html",
  razor: "html",
  properties: "properties",
  env: "properties",
  ini: "properties",
  cfg: "properties",
  conf: "server-configuration",
  nginx: "server-configuration",
  vhost: "server-configuration",
  service: "server-configuration",
  socket: "server-configuration",
};

/** Languages that programs are written in; the others describe, set up or show something. */
export const programmingLanguages: ReadonlySet<Language> = new Set([
  "javascript",
  "python",
  "go",
  "java",
  "kotlin",
  "ruby",
  "php",
  "csharp",
  "rust",
  "swift",
  "scala",
]);

/** The language of a path; `other` when the name does not tell. */
export function languageOf(path: string): Language {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (/^(dockerfile|containerfile)(\.|$)|\.dockerfile$/.test(name)) return "dockerfile";
  if (/^\.env(\.|$)|\.env(\.[a-z]+)?$|^env\.(sample|example|template)$/.test(name)) return "properties";
  if (/^(caddyfile|nginx\.conf|haproxy\.cfg|\.htaccess)/.test(name)) return "server-configuration";
  if (/^(gemfile|rakefile|config\.ru|guardfile|capfile)$/.test(name)) return "ruby";
  if (name.endsWith(".blade.php")) return "html";
  // A template of a file is read as the file: `values.yaml.j2`, `config.py.erb`, `settings.toml.template`.
  const bare = name.replace(/\.(j2|tpl|tmpl|tftpl|template|sample|example|dist)$/, "");
  const dot = bare.lastIndexOf(".");
  return dot < 0 ? "other" : (byExtension[bare.slice(dot + 1)] ?? "other");
}
