import type { Assessment } from "./domain/assessment.ts";
import type { Rules } from "./domain/rules.ts";
import type { Checklist } from "./domain/threat.ts";
import { planCountermeasures } from "./threats/countermeasures.ts";

/** What answers several of the threats asked here at once: fewer things to do than there are questions. */
export function sharedCountermeasures(
  checklists: readonly Checklist[],
  rules: Rules,
): Pick<Assessment, "countermeasures"> | undefined {
  const asked = new Map(checklists.flatMap(({ threats }) => threats.map((threat) => [threat.id, threat] as const)));
  const shared = planCountermeasures([...asked.values()], rules, undefined).todo.filter(
    ({ threats }) => threats.length > 1,
  );
  if (shared.length === 0) return undefined;
  return {
    countermeasures: shared.map(({ does, effort, threats }) => ({
      does,
      ...(effort !== undefined && { effort }),
      threats: threats.map(({ id }) => id),
    })),
  };
}
