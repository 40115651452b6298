import { member } from "./notations/items.ts";

/*
 * What a pipeline step sends out into the world: packages, images, releases, deployments, infrastructure, cloud sign-in.
 */

/** Actions that publish, deploy or sign in to where one deploys, by name without version; `*` ends a prefix. */
const publishingActions: readonly (readonly [string, string])[] = [
  ["docker/login-action", "signs in to a container registry"],
  ["aws-actions/configure-aws-credentials", "signs in to AWS"],
  ["aws-actions/amazon-ecr-login", "signs in to a container registry"],
  ["aws-actions/amazon-ecs-deploy", "deploys to AWS"],
  ["aws-actions/*", "works on AWS"],
  ["azure/login", "signs in to Azure"],
  ["azure/*", "deploys to Azure"],
  ["google-github-actions/auth", "signs in to Google Cloud"],
  ["google-github-actions/*", "deploys to Google Cloud"],
  ["hashicorp/vault-action", "reads secrets from Vault"],
  ["pypa/gh-action-pypi-publish", "publishes to PyPI"],
  ["js-devtools/npm-publish", "publishes to npm"],
  ["rubygems/release-gem", "publishes to RubyGems"],
  ["softprops/action-gh-release", "publishes a release"],
  ["ncipollo/release-action", "publishes a release"],
  ["actions/create-release", "publishes a release"],
  ["actions/upload-release-asset", "publishes a release"],
  ["googleapis/release-please-action", "publishes releases"],
  ["google-github-actions/release-please-action", "publishes releases"],
  ["goreleaser/goreleaser-action", "publishes a release"],
  ["changesets/action", "publishes packages"],
  ["cycjimmy/semantic-release-action", "publishes a release"],
  ["actions/deploy-pages", "deploys a site"],
  ["peaceiris/actions-gh-pages", "deploys a site"],
  ["jamesives/github-pages-deploy-action", "deploys a site"],
  ["amondnet/vercel-action", "deploys to Vercel"],
  ["cloudflare/wrangler-action", "deploys to Cloudflare"],
  ["superfly/flyctl-actions*", "deploys to Fly"],
  ["akhileshns/heroku-deploy", "deploys to Heroku"],
  ["appleboy/ssh-action", "runs commands on a server"],
  ["appleboy/scp-action", "copies to a server"],
  ["burnett01/rsync-deployments", "copies to a server"],
  ["webfactory/ssh-agent", "loads a private key"],
  ["sigstore/cosign-installer", "signs what is built"],
  ["actions/attest*", "attests what is built"],
  ["slsa-framework/*", "attests what is built"],
  ["peter-evans/create-pull-request", "writes to the repository"],
  ["stefanzweifel/git-auto-commit-action", "writes to the repository"],
  ["ad-m/github-push-action", "writes to the repository"],
];

/** Commands that do, and what to call it. Anchored at words so that a path or a comment seldom matches. */
const publishingCommands: readonly (readonly [RegExp, string])[] = [
  [/\b(npm|pnpm|yarn|bun)\s+(npm\s+)?publish\b/, "publishes to npm"],
  [/\b(twine|flit|poetry|uv|hatch|pdm)\s+(upload|publish)\b/, "publishes to PyPI"],
  [/\bcargo\s+publish\b/, "publishes to crates.io"],
  [/\bgem\s+push\b/, "publishes to RubyGems"],
  [/\b(mvn|mvnw|\.\/mvnw)\b[^\n]*\bdeploy\b/, "publishes to a Maven repository"],
  [/\bgradlew?\b[^\n]*\bpublish\w*\b/, "publishes to a Maven repository"],
  [/\bdotnet\s+nuget\s+push\b/, "publishes to NuGet"],
  [/\b(docker|podman|buildah|skopeo)\b[^\n]*\s(push|copy)\b|\bdocker\s+buildx\b[^\n]*--push\b/, "pushes an image"],
  [/\bgoreleaser\s+release\b/, "publishes a release"],
  [/\bgh\s+release\s+(create|upload|edit)\b/, "publishes a release"],
  [/\bsemantic-release\b/, "publishes a release"],
  [/\b(terraform|tofu|terragrunt)\b[^\n]*\s(apply|destroy)\b/, "changes infrastructure"],
  [/\b(terraform|tofu|terragrunt)\b[^\n]*\splan\b/, "plans infrastructure"],
  [/\bpulumi\s+up\b|\bcdk\s+deploy\b|\bserverless\s+deploy\b|\bsam\s+deploy\b/, "changes infrastructure"],
  [/\bkubectl\s+[^\n]*\b(apply|create|replace|patch|set|rollout|delete)\b/, "changes a cluster"],
  [/\bhelm\s+[^\n]*\b(upgrade|install|push)\b/, "changes a cluster"],
  [
    /\b(cf|flyctl|fly|heroku|vercel|netlify|firebase|eb|gcloud\s+(app|run|functions))\s+[^\n]*\b(push|deploy)\b/,
    "deploys",
  ],
  [/\baws\s+(s3\s+(sync|cp|mv)|ecs\s+update|lambda\s+update|cloudformation\s+deploy)/, "deploys to AWS"],
  [/\baz\s+(webapp|functionapp|containerapp|aks|deployment)\b/, "deploys to Azure"],
  [/\bgit\s+push\b/, "writes to the repository"],
  [/\bcosign\s+(sign|attest)\b/, "signs what is built"],
];

/** Longer commands are looked at so far only: a line is matched by some twenty patterns. */
const longestCommand = 400;

/** What one step of a workflow publishes, deploys or signs in to, in words; each once. */
export function publishingIn(step: unknown): readonly string[] {
  const uses = member(step, "uses");
  if (typeof uses === "string") {
    const action = (uses.split("@", 1)[0] ?? "").toLowerCase();
    if (action === "docker/build-push-action") {
      const push = member(member(step, "with"), "push");
      return push === undefined || push === false || push === "false" ? [] : ["pushes an image"];
    }
    const known = publishingActions.find(([name]) =>
      name.endsWith("*") ? action.startsWith(name.slice(0, -1)) : action === name,
    );
    return known ? [known[1]] : [];
  }
  const run = member(step, "run");
  if (typeof run !== "string") return [];
  const found = new Set<string>();
  for (const line of run
    .slice(0, 50_000)
    .replace(/\\\r?\n/g, " ")
    .split("\n")) {
    for (const says of publishingBy(line)) found.add(says);
  }
  return [...found];
}

/** What one line of a script publishes or deploys, in words. */
export function publishingBy(line: string): readonly string[] {
  const command = line.trim().slice(0, longestCommand);
  if (command.startsWith("#") || /^(echo|printf)\b/.test(command) || /--dry-run\b/.test(command)) return [];
  return publishingCommands.filter(([pattern]) => pattern.test(command)).map(([, says]) => says);
}
