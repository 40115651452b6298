import type { Manifests } from "../manifests.ts";
import type { RateLimits } from "../rate-limits.ts";
import type { Webhooks } from "../webhooks.ts";
import { alertOperations } from "./alerts.ts";
import { appOperations, manifestOperations } from "./apps.ts";
import { checkOperations } from "./checks.ts";
import { deliveryOperations } from "./deliveries.ts";
import { gitOperations } from "./git.ts";
import { issueOperations } from "./issues.ts";
import { type Call, type Operation, ok } from "./operation.ts";
import { organisationOperations } from "./organisations.ts";
import { pullOperations } from "./pulls.ts";
import { repositoryOperations } from "./repositories.ts";
import { reviewOperations } from "./reviews.ts";

/** Everything that the stand-in answers over REST. */
export function allOperations(webhooks: Webhooks, limits: RateLimits, manifests: Manifests): Operation[] {
  return [
    ...appOperations,
    ...manifestOperations(manifests),
    ...repositoryOperations,
    ...gitOperations,
    ...pullOperations,
    ...reviewOperations,
    ...checkOperations,
    ...issueOperations,
    ...alertOperations,
    ...organisationOperations,
    ...deliveryOperations(webhooks),
    {
      id: "rate-limit/get",
      method: "GET",
      path: "/rate_limit",
      on: "anything",
      answer: (call) => ok(showLimits(call, limits)),
    },
  ];
}

function showLimits(call: Call, limits: RateLimits) {
  const core = limits.show(call.actor, "core");
  const search = { ...core, limit: 30, used: 0, remaining: 30 };
  return { resources: { core, graphql: limits.show(call.actor, "graphql"), search }, rate: core };
}
