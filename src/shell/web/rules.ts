import { html } from "hono/html";
import type { RuleFigure, RuleList } from "../../core/domain/dashboard.ts";
import type { Person } from "../people-on-github.ts";
import type { DashboardData } from "./data.ts";
import type { Part } from "./door.ts";
import { type Html, page } from "./layout.ts";
import { countOf, percent, scrolling, tile, tiles } from "./pieces.ts";

/** Days over which questions are counted. */
const daysCounted = 180;

/** `/orgs/:owner/rules`: which rules earn their keep. @param rulePage address of a rule's page, with `{rule}`. */
export function rulesPart(data: DashboardData, rulePage: string): Part {
  return (routes, door) => {
    routes.get("/orgs/:owner/rules", async (context) => {
      const open = await door.owner(context);
      if (open instanceof Response) return open;
      return context.html(rulesPage(await ruleListOf(data, open), rulePage, open.viewer));
    });
  };
}

/** What became of the questions of the last half year. */
export async function ruleListOf(
  data: DashboardData,
  visible: Parameters<DashboardData["rules"]>[0],
): Promise<RuleList> {
  const now = await data.now();
  const since = new Date(Date.parse(now) - daysCounted * 86_400_000).toISOString().slice(0, 10);
  return { schemaVersion: 1, owner: visible.owner, asOf: now, since, rules: await data.rules(visible, since) };
}

/** Whether a rule is worth the attention it asks for, in one word, by what people did with its questions. */
export type Worth = "earns its keep" | "mixed" | "noise" | "too early to say";

/** Questions with an outcome below which nothing is concluded. */
const fewest = 8;

/**
 * A question did its work when the model answers it; it was noise when somebody set it aside as not applicable or resolved
 * its thread without an answer, or answered with nothing but a thumb down. What is gone with its line says nothing.
 */
export function worthOf(rule: RuleFigure): Worth {
  const useful = rule.mitigated + rule.accepted;
  const noise = rule.notApplicable + rule.resolved + rule.dislikedAlone;
  if (useful + noise < fewest) return "too early to say";
  const share = noise / (useful + noise);
  return share <= 1 / 3 ? "earns its keep" : share <= 2 / 3 ? "mixed" : "noise";
}

const worthClass: Readonly<Record<Worth, string>> = {
  "earns its keep": "success",
  mixed: "action_required",
  noise: "failure",
  "too early to say": "neutral",
};

/** The page of rules. */
export function rulesPage(list: RuleList, rulePage: string, viewer: Person): Html {
  const sum = (of: (rule: RuleFigure) => number): number => list.rules.reduce((all, rule) => all + of(rule), 0);
  const asked = sum(({ asked }) => asked);
  const answered = sum(({ mitigated, accepted }) => mitigated + accepted);
  const noise = sum(({ notApplicable, resolved, dislikedAlone }) => notApplicable + resolved + dislikedAlone);
  return page(
    `Rules · ${list.owner}`,
    html`
      <div class="heading">
        <h1>Which rules earn their keep</h1>
        <p class="soft">Questions asked since ${list.since} on pull requests of the repositories that you may read.</p>
      </div>
      ${tiles([
        tile("Questions asked", asked.toLocaleString("en-GB"), `by ${countOf(list.rules.length, "rule")}`),
        tile("Answered in the model", percent(answered, asked), "mitigated or accepted"),
        tile("Set aside", percent(noise, asked), "not applicable, resolved without an answer, or only disliked"),
        tile(
          "Gone with the line",
          percent(
            sum(({ gone }) => gone),
            asked,
          ),
          "changed before anybody answered",
        ),
      ])}
      ${list.rules.length === 0 ? html`<p class="empty">No question was asked in this time.</p>` : table(list, rulePage)}
      <p class="soft">
        A rule that is mostly noise can be set to <code>monitor</code> or <code>off</code> in the policy, under <code>rules</code>.
        Reactions to a question are counted when its pull request is closed. With fewer than ${fewest} questions that somebody answered, nothing is concluded.
      </p>
    `,
    { viewer, owner: list.owner, here: "rules", wide: true },
  );
}

function table({ rules }: RuleList, rulePage: string): Html {
  return scrolling(
    "Rules",
    html`<table class="cards rules">
      <thead>
        <tr>
          <th scope="col">Rule</th><th scope="col">Worth</th><th scope="col">Asked, in so many pull requests</th><th scope="col">In the model</th>
          <th scope="col">Accepted</th><th scope="col">Not applicable</th><th scope="col">Resolved without answer</th>
          <th scope="col">Liked, disliked</th><th scope="col">Gone with the line</th><th scope="col">Open</th>
        </tr>
      </thead>
      <tbody>
        ${rules.map((rule) => {
          const worth = worthOf(rule);
          const isOwn = /^(org|repo)-/.test(rule.rule);
          return html`<tr>
            <th scope="row">${isOwn ? html`<code>${rule.rule}</code>` : html`<a href="${rulePage.replace("{rule}", encodeURIComponent(rule.rule))}"><code>${rule.rule}</code></a>`}</th>
            <td data-label="Worth"><span class="verdict small ${worthClass[worth]}">${worth}</span></td>
            <td data-label="Asked">${rule.asked} <span class="soft">in ${rule.pullRequests}</span></td>
            <td data-label="In the model">${rule.mitigated}</td>
            <td data-label="Accepted">${rule.accepted}</td>
            <td data-label="Not applicable">${rule.notApplicable}</td>
            <td data-label="Resolved without answer">${rule.resolved}</td>
            <td data-label="Liked, disliked">${rule.liked}, ${rule.disliked}</td>
            <td data-label="Gone with the line">${rule.gone}</td>
            <td data-label="Open">${rule.open}</td>
          </tr>`;
        })}
      </tbody>
    </table>`,
  );
}
