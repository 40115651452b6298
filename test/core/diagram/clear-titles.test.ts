import { describe, expect, test } from "@jest/globals";
import { clearTitles } from "../../../src/core/diagram/clear-titles.ts";

/** A box from 0,-200 to 400,0, drawn as Graphviz draws one. */
const box =
  '<path fill="white" stroke="#b3261e" d="M12,0C12,0 388,0 388,0 394,0 400,-6 400,-12 400,-12 400,-188 400,-188 400,-194 394,-200 388,-200 388,-200 12,-200 12,-200 6,-200 0,-194 0,-188 0,-188 0,-12 0,-12 0,-6 6,0 12,0"/>';

const titleAt = (x: number, y: number, name = "Private network"): string =>
  `<text xml:space="preserve" text-anchor="middle" x="${x}" y="${y}" font-family="Helvetica,sans-Serif" font-size="11.00" fill="#b3261e">${name}</text>`;

function drawing(title: string, ...groups: readonly (readonly [string, string])[]): string {
  const drawn = groups.map(([kind, shape]) => `<g id="x" class="${kind}">\n<title>x</title>\n${shape}\n</g>`);
  return [`<g id="clust1" class="cluster">`, "<title>cluster_b1</title>", box, title, "</g>", ...drawn].join("\n");
}

/** The white ground of a label that Graphviz laid over the upper left corner. */
const labelOverTitle: readonly [string, string] = [
  "edge",
  '<polygon fill="white" stroke="none" points="20,-230 20,-180 120,-180 120,-230 20,-230"/>',
];

describe("the title of a box", () => {
  test("stays where it is when nothing covers it", () => {
    const svg = drawing(titleAt(48, -186.1), ["node", '<ellipse fill="#eaf2fb" cx="200" cy="-100" rx="40" ry="20"/>']);
    expect(clearTitles(svg)).toBe(svg);
  });

  test("moves along the upper line past the label of an arrow, and nothing else is changed", () => {
    const svg = drawing(titleAt(48, -186.1), labelOverTitle);
    expect(clearTitles(svg)).toBe(drawing(titleAt(168, -186.1), labelOverTitle));
  });

  test("moves away from an arrow that runs through it", () => {
    const arrow: readonly [string, string] = ["edge", '<path fill="none" d="M-40,-190C-20,-190 40,-190 60,-190"/>'];
    expect(clearTitles(drawing(titleAt(48, -186.1), arrow))).toBe(drawing(titleAt(104, -186.1), arrow));
  });

  test("moves to the lower line when the upper one is full", () => {
    const along: readonly [string, string] = ["edge", '<path fill="none" d="M-40,-190C100,-190 300,-190 440,-190"/>'];
    expect(clearTitles(drawing(titleAt(48, -186.1), along))).toBe(drawing(titleAt(48, -5.5), along));
  });

  test("stays where it is when there is no free place", () => {
    const all: readonly [string, string] = [
      "node",
      '<polygon fill="#f4f4f4" points="-10,10 -10,-210 410,-210 410,10 -10,10"/>',
    ];
    const svg = drawing(titleAt(48, -186.1), all);
    expect(clearTitles(svg)).toBe(svg);
  });

  test("stays where it is in a drawing that nobody could read: to look for a place for ever would hold up everybody", () => {
    const wide = box.replaceAll(/\b(388|394|400),/g, (_, x) => `${Number(x) + 4_000},`);
    const along = [0, 1, 2, 3, 4].map((at) => `C${[300, 700, 1_000].map((x) => `${at * 1_000 + x},-190`).join(" ")}`);
    const arrows = (count: number): readonly (readonly [string, string])[] =>
      Array.from({ length: count }, () => ["edge", `<path fill="none" d="M0,-190${along.join("")}"/>`]);
    const title = titleAt(48, -186.1);
    const few = drawing(title, ...arrows(2)).replace(box, wide);
    expect(clearTitles(few)).toBe(few.replace('x="48" y="-186.1"', 'x="48" y="-5.5"'));
    const many = drawing(title, ...arrows(400)).replace(box, wide);
    expect(clearTitles(many)).toBe(many);
  });

  test("does not move onto the title or the line of a box inside its own", () => {
    const inner = [
      '<g id="clust2" class="cluster">',
      "<title>cluster_b2</title>",
      '<polygon fill="white" stroke="#b3261e" points="130,-20 130,-196 390,-196 390,-20 130,-20"/>',
      titleAt(158, -182.1, "Data"),
      "</g>",
    ].join("\n");
    const svg = `${inner}\n${drawing(titleAt(48, -186.1), labelOverTitle)}`;
    const cleared = clearTitles(svg);
    expect(cleared).toContain(titleAt(158, -182.1, "Data"));
    expect(cleared).toContain(titleAt(48, -5.5));
  });
});

test("what is no drawing is left alone", () => {
  expect(clearTitles("")).toBe("");
  expect(clearTitles("not a drawing\nat all")).toBe("not a drawing\nat all");
});
