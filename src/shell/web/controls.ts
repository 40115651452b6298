import { html } from "hono/html";
import type { ControlFigure, ControlList } from "../../core/domain/dashboard.ts";
import type { RequirementState } from "../../core/domain/evidence-report.ts";
import type { Framework } from "../../core/domain/framework.ts";
import type { EvidenceTheme } from "../../core/domain/rules.ts";
import type { Person } from "../people-on-github.ts";
import { partBar } from "./charts.ts";
import type { DashboardData } from "./data.ts";
import type { Part } from "./door.ts";
import { type Html, page } from "./layout.ts";
import { countOf, scrolling, thousands } from "./pieces.ts";

/** `/orgs/:owner/controls`: how the requirements of frameworks stand over all systems. */
export function controlsPart(data: DashboardData): Part {
  return (routes, door) => {
    routes.get("/orgs/:owner/controls", async (context) => {
      const open = await door.owner(context);
      if (open instanceof Response) return open;
      const asked = context.req.query("framework") ?? data.firstFramework;
      const list = await data.controls(open, await data.now(), asked);
      return context.html(controlsPage(list, asked, open.viewer));
    });
  };
}

/**
 * How each requirement of a framework stands over systems. Each system was judged by the rules of the evidence report.
 * @param systems of each system, ids of requirements by state; empty where they were not kept yet.
 */
export function controlFigures(
  framework: Framework,
  themes: readonly EvidenceTheme[],
  systems: readonly Readonly<Record<string, readonly string[]>>[],
): ControlList["frameworks"][number] {
  const counts = new Map<string, Record<string, number>>();
  for (const system of systems) {
    for (const [state, ids] of Object.entries(system)) {
      for (const id of ids) {
        const known = counts.get(id) ?? {};
        known[state] = (known[state] ?? 0) + 1;
        counts.set(id, known);
      }
    }
  }
  const notKept = systems.filter((system) => Object.keys(system).length === 0).length;
  const controls = framework.requirements.map(({ id, name }): ControlFigure => {
    const of = (state: RequirementState): number => counts.get(id)?.[state] ?? 0;
    const speaking = themes.filter((theme) => namesOf(theme, framework).includes(id));
    return {
      id,
      name,
      themes: speaking.map((theme) => theme.name),
      met: of("met"),
      planned: of("planned"),
      gap: of("gap"),
      notApplicable: of("not-applicable"),
      unknown: of("unknown") + notKept,
      silent: of("not-addressed"),
    };
  });
  return { id: framework.id, name: framework.name, controls };
}

/** The requirements of a framework that a theme leads to. */
function namesOf(theme: EvidenceTheme, { themes, prefix }: Framework): readonly string[] {
  const ids: unknown = theme[themes];
  return Array.isArray(ids) ? ids.map((id) => `${prefix}${String(id)}`) : [];
}

/** The page of frameworks: one of them open, all of them one click away. */
export function controlsPage(list: ControlList, asked: string | undefined, viewer: Person): Html {
  const base = `/orgs/${encodeURIComponent(list.owner)}/controls`;
  const open = list.frameworks.find(({ id }) => id === asked) ?? list.frameworks[0];
  return page(
    `Controls · ${list.owner}`,
    html`
      <div class="heading">
        <h1>Status by framework control</h1>
        <p class="soft">
          Over the ${countOf(list.systems, "system")} that you may read, each judged as its evidence report judges it, third-party
          components and records apart. Met says that what is recorded is complete, and never that a law is complied with: the
          mapping is ours.
        </p>
      </div>
      <nav class="pills" aria-label="Frameworks">
        ${list.frameworks.map(
          ({ id, name }) =>
            html`<a href="${base}?framework=${id}" ${id === open?.id ? html`aria-current="page"` : ""}>${name}</a>`,
        )}
      </nav>
      ${open === undefined ? html`<p class="empty">No mapping is installed.</p>` : table(open.name, open.controls)}
    `,
    { viewer, owner: list.owner, here: "controls", wide: true },
  );
}

function table(name: string, controls: readonly ControlFigure[]): Html {
  return html`<h2>${name}</h2>
    ${scrolling(
      name,
      html`<table class="cards">
        <thead>
          <tr><th scope="col">Requirement</th><th scope="col">Met</th><th scope="col">Planned</th><th scope="col">Gap</th><th scope="col">Not known</th><th scope="col">Does not apply</th><th scope="col">Nothing speaks to it</th><th scope="col">Share met</th></tr>
        </thead>
        <tbody>
          ${controls.map((control) => {
            const known = control.met + control.planned + control.gap;
            return html`<tr>
              <th scope="row"><code>${control.id}</code> <span class="soft">${control.name}</span></th>
              ${figure("Met", control.met, "mitigated")} ${figure("Planned", control.planned, "partial")} ${figure("Gap", control.gap, "missing")}
              ${figure("Not known", control.unknown)} ${figure("Does not apply", control.notApplicable)} ${figure("Nothing speaks to it", control.silent)}
              <td data-label="Share met" class="bar">${partBar(control.met, known, "Met")}</td>
            </tr>`;
          })}
        </tbody>
      </table>`,
    )}`;
}

/** A number under its name; nothing that is there is not coloured. */
function figure(name: string, count: number, state?: "mitigated" | "partial" | "missing"): Html {
  const shown =
    count === 0
      ? html`<span class="soft">0</span>`
      : state === undefined
        ? thousands(count)
        : html`<span class="state ${state}">${thousands(count)}</span>`;
  return html`<td data-label="${name}">${shown}</td>`;
}
