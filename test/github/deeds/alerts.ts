import { showCodeScanning, showDependabot, showSecretScanning } from "../show/alerts.ts";
import type { Account, CodeScanningAlert, DependabotAlert, Repository, SecretScanningAlert, World } from "../world.ts";

/** A scanner tells of a new alert. The feature is switched on with its first. */
export function raiseCodeScanning(
  world: World,
  repository: Repository,
  sender: Account,
  alert: CodeScanningAlert,
): void {
  repository.alerts = { ...repository.alerts, codeScanning: [...(repository.alerts.codeScanning ?? []), alert] };
  announce(world, repository, sender, "code_scanning_alert", "created", showCodeScanning(world, repository, alert));
}

export function raiseDependabot(world: World, repository: Repository, sender: Account, alert: DependabotAlert): void {
  repository.alerts = { ...repository.alerts, dependabot: [...(repository.alerts.dependabot ?? []), alert] };
  announce(world, repository, sender, "dependabot_alert", "created", showDependabot(world, repository, alert));
}

export function raiseSecretScanning(
  world: World,
  repository: Repository,
  sender: Account,
  alert: SecretScanningAlert,
): void {
  repository.alerts = { ...repository.alerts, secretScanning: [...(repository.alerts.secretScanning ?? []), alert] };
  announce(
    world,
    repository,
    sender,
    "secret_scanning_alert",
    "created",
    showSecretScanning(world, repository, alert, true),
  );
}

/** https://docs.github.com/webhooks/webhook-events-and-payloads#code_scanning_alert */
function announce(
  world: World,
  repository: Repository,
  sender: Account,
  event: string,
  action: string,
  alert: Readonly<Record<string, unknown>>,
): void {
  world.clock.tick();
  const where =
    event === "code_scanning_alert"
      ? {
          ref: `refs/heads/${repository.defaultBranch}`,
          commit_oid: repository.branches.get(repository.defaultBranch) ?? "",
        }
      : {};
  world.announce({ event, action, repository, sender, payload: { alert, ...where } });
}
