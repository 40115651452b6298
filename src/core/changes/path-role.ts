/*
 * What a file is for, by its path alone. Most of what a pull request changes is not the running system: tests, pages of
 * documentation, translations, styles. Rules look at the roles they name; by default only at what runs.
 */

/** `production`: runs on a server or configures it. `view`: shown by a browser or a template. The rest does not run. */
export const pathRoles = [
  "production",
  "view",
  "test",
  "documentation",
  "translation",
  "style",
  "asset",
  "generated",
  "vendored",
  "lockfile",
  "tooling",
  "example",
] as const;
export type PathRole = (typeof pathRoles)[number];

interface RolePattern {
  readonly role: PathRole;
  /** On the path in lower case, with a leading `/`. Linear patterns only: paths are hostile. */
  readonly path: RegExp;
}

/** Settings that the server of a web framework reads; they lie beside what a browser gets. */
const serverSettings = /\/(next|nuxt|astro|svelte|remix|react-router|nitro|vike)\.config\.[cm]?[jt]s$/;

/** What a pipeline runs is never a mere setting of a tool, whatever tool it is named after. */
const pipeline =
  /^\/(\.github\/(workflows|actions)\/|\.circleci\/|\.gitlab-ci|\.buildkite\/|jenkinsfile|azure-pipelines|bitbucket-pipelines|\.travis\.yml$|wercker\.yml$|appveyor\.yml$|\.cirrus\.yml$|bitrise\.yml$|codefresh[^/]*\.ya?ml$)/;

/** Settings of package managers, and of git's submodules, decide where code comes from: they are no mere settings of a tool. */
const supply =
  /\/(\.npmrc|\.yarnrc(\.yml)?|\.?pip\.(conf|ini)|bunfig\.toml|\.cargo\/config(\.toml)?|setup\.cfg|\.gitmodules)$/;

/** What an installation of Django begins with is loaded from a folder that elsewhere holds samples for tests: https://docs.djangoproject.com/en/stable/topics/db/fixtures/ */
const initialRights =
  /\/fixtures\/(?:(?:initial|default|base)[_-])?(?:groups?|roles?|permissions?)\.(?:json|ya?ml|xml)$/;

/** First match wins. Each alternative is a convention of an ecosystem, not of a project. */
const patterns: readonly RolePattern[] = [
  {
    role: "vendored",
    path: /\/(vendor|node_modules|bower_components|third[_-]?party|external_libs|\.yarn)\//,
  },
  {
    role: "lockfile",
    path: /\/(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|poetry\.lock|uv\.lock|pdm\.lock|pipfile\.lock|gemfile\.lock|composer\.lock|cargo\.lock|go\.sum|packages\.lock\.json|gradle\.lockfile|\.terraform\.lock\.hcl|mix\.lock|pubspec\.lock|chart\.lock|flake\.lock|verification-metadata\.xml)$/,
  },
  {
    role: "generated",
    path: /(\.pb\.[a-z.]+|_pb2(_grpc)?\.pyi?|_pb\.(ts|js|d\.ts)|_grpc\.pb\.go|\.connect\.go|\.g(enerated)?\.[a-z]+|\.designer\.cs|modelsnapshot\.cs|\.min\.(js|css)|\.map|\.snap|_gen\.go|_mock\.go|_string\.go|t4mvc[^/]*\.cs|zz_generated[^/]*)$|\.d\.ts$|\/(__generated__|generated|gen|dist|\.next|coverage|__snapshots__|snapshots)\/|\/(db\/structure\.sql|_ide_helper[^/]*\.php|(?:yarn|npm|pnpm)-audit-known-issues(?:\.json)?)$/,
  },
  {
    role: "translation",
    path: /\/(locales?|i18n|l10n|translations?|langs?|languages?)\/.*\.(ini|json|ya?ml|po|mo|php|ts|js|properties|toml|ftl|xlf|arb|strings|py|rb)$|\/messages\/[a-z]{2}([_-][a-z]{2,4})?(\/[^/]*)?\.(json|php|properties|ya?ml)$|\/(messages|translations?)[._][a-z]{2}([_-][a-z]+)?\.(json|ya?ml|properties|po|xlf)$|\.(po|mo|pot|xlf|xliff|arb|ftl)$/,
  },
  {
    role: "test",
    path: /\/([a-z0-9]+[_-]tests?|tests?|__tests__|specs?|e2e|e2e-?tests?|(?:cypress|playwright|e2e)[_-][a-z]+|[a-z]+[_-](?:cypress|playwright|e2e)|webtests|apitests|testing|testdata|tests?[-_](utils|data|support|fixtures|resources|helpers|(?:perf|performance|nightly|load|stress|benchmarks?|integration|unit|functional|acceptance|smoke)(?:[-_][a-z]{1,20})?)|test(?:utils|helpers|support)|testfixtures|fakes?|(?:vcr[-_]?)?cassettes|unit[-_]?tests?|integration[-_]?tests?|functional[-_]?tests?|acceptance[-_]?tests?|smoke[-_]?tests?|fixtures?|__mocks__|__fixtures__|mocks?|wiremock|cypress|playwright|androidtest|jmeter|gatling|k6|load-?tests?|loadgenerator|load-generator|stories|(database|spec|support)\/(factories|seeds?|seeders)|(utils?|tools?|database)\/[\w.-]{0,40}seeder(?:s|utility|tool)?)\/|\/[^/]*[._-](test|tests|spec|specs|e2e|stories|story|mock|mocks|fixture|fixtures|cy)\.[a-z]+$|\/(test|tests|conftest|spec_helper|rails_helper|test_helper)(_[^/]*)?\.(py|rb|js|ts|go|php|rs)$|\/test_[^/]+\.py$|_tests?\.(go|py|rb|exs|dart|cc|cpp|php|rs)$|_spec\.rb$|\.feature$|\/features\/(step_definitions|steps|support)\/|\/step_definitions\/|\/src\/(test[a-z]*|(?:integration|functional|acceptance|contract|smoke|component|system|api|e2e)-?test[a-z]*|it|aat)\//,
  },
  {
    role: "documentation",
    path: /\.(md|mdx|markdown|rst|adoc|asciidoc|textile|tex|pdf|docx?|drawio|puml|plantuml|mmd|html-fragment)(\.erb)?$|\/(docs?|documentation|runbooks?|adrs?|rfcs?|doc-site)\/|\/(readme|changelog|changes|history|license|licence|copying|copyright|notice|authors|\.all-contributorsrc|contributors|contributing|maintainers|codeowners|security|code_of_conduct|support|governance|citation|todo|roadmap)(\.(txt|cff|html))?$|\/\.github\/(issue_template|pull_request_template|discussion_template)|\/templates\/docs?\//,
  },
  { role: "style", path: /\.(css|scss|sass|less|styl|pcss)$/ },
  {
    role: "asset",
    path: /\.(png|jpe?g|gif|svg|ico|webp|avif|bmp|tiff?|eot|ttf|otf|woff2?|mp3|mp4|ogg|wav|webm|mov|zip|gz|tgz|jar|war|whl|csv|tsv|xlsx?|parquet|pyc|so|dll|exe|psd|fig|sketch|lottie)$/,
  },
  {
    role: "tooling",
    path: /\/\.(eslint|prettier|stylelint|babel|jest|vitest|karma|commitlint|lintstaged|lint-staged|husky|postcss|tailwind|webpack|rollup|vite|esbuild|tsup|turbo|nx|lerna|release-it|release-please|semantic-release|rubocop|flake8|pylint|ruff|mypy|isort|black|coverage|nyc|golangci|phpcs|phpstan|phpunit|psalm|php-cs-fixer|php_cs|swiftlint|detekt|ktlint|checkstyle|spotbugs|pmd|sonar-project|codecov|yamllint|markdownlint|hadolint|pre-commit-config|cypress|playwright|storybook|knip|typos|vale|lychee|clippy|rustfmt|tflint|gitleaks|checkov|jscpd|dependabot|renovate|mergify|labeler)[^/]*$|\/(eslint|prettier|stylelint|babel|jest|vitest|karma|commitlint|lintstaged|lint-staged|husky|postcss|tailwind|webpack|rollup|vite|esbuild|tsup|turbo|nx|lerna|release-it|release-please|semantic-release|rubocop|flake8|pylint|ruff|mypy|isort|black|coverage|nyc|golangci|phpcs|phpstan|phpunit|psalm|php-cs-fixer|php_cs|swiftlint|detekt|ktlint|checkstyle|spotbugs|pmd|sonar-project|codecov|yamllint|markdownlint|hadolint|pre-commit-config|cypress|playwright|storybook|knip|typos|vale|lychee|clippy|rustfmt|tflint|gitleaks|checkov|jscpd|dependabot|renovate|mergify|labeler)\.(config|conf|setup|workspace|base|preset|properties|json5?|ya?ml|toml|xml|ini|neon)(\.[a-z]+){0,2}$|\/\.(editorconfig|git[a-z]+|dockerignore|helmignore|npmignore|nvmrc|[a-z]+-version|tool-versions|browserslistrc|trivyignore|curlrc)$/,
  },
  {
    role: "tooling",
    path: /\/(\.husky|\.dev|\.vscode|\.idea|\.devcontainer|\.storybook|\.changeset|\.mvn|gradle\/wrapper|dev-?tools|\.claude|\.cursor|\.codex|buildsrc|build-logic)\/|\/(tsconfig[^/]*\.json|tox\.ini|catalog-info\.ya?ml|cliff\.toml|pytest\.ini|noxfile\.py|gruntfile\.js|gulpfile\.js|vagrantfile|rust-toolchain(\.toml)?|gradlew(\.bat)?|mvnw(\.cmd)?|phpunit\.xml(\.dist)?|angular\.json|components\.json|justfile)$/,
  },
  {
    role: "example",
    path: /\/(examples?|samples?|playgrounds?|sandbox|tutorials?|benchmarks?|[a-z0-9]{1,40}-demos?)\//,
  },
  {
    role: "view",
    path: /\/app\/(?:[^/]+\/){0,8}(?:robots|manifest|sitemap)\.[jt]s$|\/(use-[a-z0-9-]+|use[A-Z]\w*|sw|service-?worker|firebase-messaging-sw)\.(ts|js)$|\.(tsx|jsx|vue|svelte|html?|(html|text|js)\.erb|haml|slim|hbs|ejs|twig|jinja2?|j2\.html|cshtml|razor|blade\.php|ctp|phtml|latte|mustache|pug|ftl|njk|liquid|njs|component\.ts|module\.css)$|\/(components|views|helpers?)\/.*\.erb$|\/(?<!\/(?:packages|libs)\/)(components?|widgets|composables|stores?\/modules|hooks|assets\/(js|javascripts?|src)|static\/(js|src|scripts?)|wwwroot|public\/js|frontend|front-end|client\/(src|js|javascripts?|app|components|views|pages)|clients?\/web|apps\/client|web\/src|webapp\/src|www\/(?:src|js)|ui\/src|(?:ui-[a-z0-9]{1,20}|[a-z0-9]{1,20}-ui)\/src\/app|src\/ui|static\/[^/]+\/src|src\/pages(?!\/api\/)|resources\/(?:js|scripts)|resources\/assets|javascripts?\/(src|components|modules)|app\/javascript|views?\/templates)\/.*\.(ts|js|mjs|cjs|tsx|jsx)$/,
  },
];

/** The package of a Java class is a name, not a folder: `org.springframework.samples` holds no samples. */
export function withoutPackage(path: string): string {
  return path.replace(/((?:^|\/)src\/main\/(?:java|kotlin|scala|groovy))\/.*\//, "$1/");
}

/** What people call an environment, too: what is declared there is made. */
const environment = /\/(?:playgrounds?|sandbox|[a-z0-9]{1,40}-demos?)\//g;
const infrastructure = /\.(?:tf|tofu|tfvars|hcl|ya?ml)$/;

/** The role of a path. Everything that no convention claims is `production`: silence must be earned. */
export function roleOf(path: string): PathRole {
  const lower = `/${path.slice(0, 1000).toLowerCase()}`;
  if (pipeline.test(lower) && !/\.(md|txt)$/.test(lower)) return "production";
  if (supply.test(lower) && !/\/(vendor|node_modules|tests?|fixtures|testdata|examples?)\//.test(lower))
    return "production";
  if (
    serverSettings.test(lower) &&
    !/\/(node_modules|vendor|tests?|e2e|examples?|samples?|docs?|website)\//.test(lower)
  )
    return "production";
  if (initialRights.test(lower) && !/\/(tests?|spec|testing|e2e)\//.test(lower)) return "production";
  const unpackaged = withoutPackage(lower);
  const named = infrastructure.test(lower) ? unpackaged.replace(environment, "/") : unpackaged;
  for (const { role, path: pattern } of patterns) if (pattern.test(role === "example" ? named : lower)) return role;
  // Programs in Go keep what starts the whole system for a test in a folder of the repository's own.
  if (/^integration\/.*\.go$/.test(path)) return "test";
  // .NET and JVM projects name the test project or class instead of a folder.
  if (
    /(^|\/)[^/]*\.?(Tests?|Facts|TestCommon|TestSupport|EndToEndTests|UnitTests|IntegrationTests|AcceptanceTests|contractTest|smokeTest|functionalTest|integrationTest)(\.[A-Za-z]+)?\//.test(
      path,
    )
  )
    return "test";
  if (
    /(Tests?|Spec|Specs|IT|TestBase|TestCase|Fixture|Factory(Test)?|Stubs?|MockApi|MockServer)\.(java|kt|cs|scala|groovy|php|swift)$/.test(
      path,
    )
  ) {
    return /Factory\.(java|kt|cs|scala|groovy|php|swift)$/.test(path) && !/[Tt]est/.test(path) ? "production" : "test";
  }
  return "production";
}

/** Descriptions of kinds of Kubernetes objects, mostly generated from code: their fields and texts grant and call nothing. */
export function isResourceDefinition(path: string): boolean {
  return /(^|\/)crds?(\/|[-_.][^/]*\.ya?ml$)|(^|\/)[^/]*\bcrds?\.ya?ml$/i.test(path.slice(0, 1000));
}

/** Files of what is told where something went wrong: who is refused was decided before. */
const faults = /(^|\/)(?:exceptions?|errors?)\/|(?:Exception|Error)s?\.(?:java|kt|cs|php|ts)$|\berror-mapper\b/;

/** Whether a path is of a file that says how faults are told, by the conventions of the languages. */
export function tellsFaults(path: string): boolean {
  return faults.test(path.slice(0, 1000));
}
