import { html } from "hono/html";
import type { ControlFigure, ControlList } from "../../core/domain/dashboard.ts";
import type { EvidenceTheme } from "../../core/domain/rules.ts";
import type { Person } from "../ports.ts";
import { partBar } from "./charts.ts";
import type { DashboardData } from "./data.ts";
import type { Part } from "./door.ts";
import { type Html, page } from "./layout.ts";
import { scrolling } from "./pieces.ts";

/** `/orgs/:owner/controls`: how the requirements of frameworks stand over all systems. */
export function controlsPart(data: DashboardData): Part {
  return (routes, door) => {
    routes.get("/orgs/:owner/controls", async (context) => {
      const open = await door.owner(context);
      if (open instanceof Response) return open;
      const list = await data.controls(open, await data.now());
      return context.html(controlsPage(list, context.req.query("framework"), open.viewer));
    });
  };
}

/** The frameworks that themes are mapped to: the field of the mapping, and the name people know. */
const frameworks = [
  ["cra", "Cyber Resilience Act, Annex I"],
  ["nis2_21_2", "NIS2, Article 21(2)"],
  ["reg_2024_2690", "Implementing Regulation (EU) 2024/2690"],
  ["iso27001_2022", "ISO/IEC 27001:2022, Annex A"],
  ["ssdf", "NIST SSDF (SP 800-218)"],
  ["nist_800_53", "NIST SP 800-53"],
  ["asvs5_chapters", "OWASP ASVS 5, chapters"],
  ["owasp_top10_2025", "OWASP Top 10:2025"],
] as const;

/**
 * How each requirement stands: in a system it is met when every theme that speaks to it is, a gap when one of them is, and
 * planned otherwise; where no threat of the system speaks to it, nothing is claimed.
 * @param systems of each system, `met`, `planned` or `gap` by theme.
 */
export function controlFigures(
  themes: readonly EvidenceTheme[],
  systems: readonly Readonly<Record<string, string>>[],
): ControlList["frameworks"] {
  return frameworks.map(([id, name]) => {
    const byRequirement = new Map<string, EvidenceTheme[]>();
    for (const theme of themes) {
      for (const requirement of requirementsOf(theme, id)) {
        byRequirement.set(requirement, [...(byRequirement.get(requirement) ?? []), theme]);
      }
    }
    const controls = [...byRequirement]
      .map(([requirement, of]) => figureOf(requirement, of, systems))
      .toSorted((one, other) => one.id.localeCompare(other.id, "en", { numeric: true }));
    return { id, name, controls };
  });
}

function requirementsOf(theme: EvidenceTheme, framework: string): readonly string[] {
  const value = theme[framework];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function figureOf(
  id: string,
  themes: readonly EvidenceTheme[],
  systems: readonly Readonly<Record<string, string>>[],
): ControlFigure {
  const figure = { id, themes: themes.map(({ name }) => name), met: 0, planned: 0, gap: 0, silent: 0 };
  for (const system of systems) {
    const states = themes.flatMap((theme) => system[theme.id] ?? []);
    if (states.length === 0) figure.silent++;
    else if (states.includes("gap")) figure.gap++;
    else if (states.includes("planned")) figure.planned++;
    else figure.met++;
  }
  return figure;
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
          Over the ${list.systems} systems that you may read, from the threats of their models: met when each threat that speaks to
          it is mitigated, planned when what is left has a control or a story, a gap otherwise. The mapping is ours and proves
          no compliance.
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
          <tr><th scope="col">Control</th><th scope="col">What it asks, by theme</th><th scope="col">Met</th><th scope="col">Planned</th><th scope="col">Gap</th><th scope="col">No threat speaks to it</th><th scope="col">Share met</th></tr>
        </thead>
        <tbody>
          ${controls.map((control) => {
            const known = control.met + control.planned + control.gap;
            return html`<tr>
              <th scope="row">${control.id}</th>
              <td data-label="Themes">${control.themes.join("; ")}</td>
              <td data-label="Met"><span class="state mitigated">${control.met}</span></td>
              <td data-label="Planned"><span class="state partial">${control.planned}</span></td>
              <td data-label="Gap"><span class="state missing">${control.gap}</span></td>
              <td data-label="No threat speaks to it"><span class="soft">${control.silent}</span></td>
              <td data-label="Share met" class="bar">${partBar(control.met, known, "Met")}</td>
            </tr>`;
          })}
        </tbody>
      </table>`,
    )}`;
}
