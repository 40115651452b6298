import type { ModelBoundary, ModelDiagram, ModelElement, ModelFlow } from "../../domain/threat-model.ts";
import { kindByName } from "../element-kind.ts";
import { readPlantUml } from "../plantuml-drawing.ts";
import type { Drawing } from "../sketch.ts";
import type { Entry } from "./entries.ts";
import { readMermaid } from "./mermaid.ts";
import { allSections, type Section, textOf } from "./sections.ts";
import { readKeyedParts, readTableOfParts } from "./tabulated-parts.ts";
import { showsFlows } from "./text-arrows.ts";
import { isArchitectureHeading, isBoundaryHeading, isFlowHeading } from "./vocabulary.ts";

/** What a document draws or tabulates of its system. */
export interface Drawn {
  readonly elements: readonly ModelElement[];
  readonly flows: readonly ModelFlow[];
  readonly boundaries: readonly ModelBoundary[];
  readonly diagrams: readonly ModelDiagram[];
}

/** Elements are known by their names, so that two diagrams of one system speak of the same element. */
export function drawnIn(top: Section, path: string): Drawn {
  const elements = new Map<string, ModelElement>();
  const flows = new Map<string, ModelFlow>();
  const boundaries = new Map<string, ModelBoundary>();
  const diagrams: ModelDiagram[] = [];
  const drawn = new Map<string, number>();
  const trail = headingTrail(top);
  const addElement = (name: string, line: number, more: Partial<ModelElement> = {}): void => {
    if (name === "" || elements.size >= 2_000) return;
    const known = elements.get(name);
    if (known === undefined)
      elements.set(name, {
        id: name,
        name,
        kind: kindByName(name),
        data: [],
        files: [],
        facts: [],
        place: { path, line },
        ...more,
      });
    else if (known.boundary === undefined && more.boundary !== undefined)
      elements.set(name, { ...known, boundary: more.boundary });
  };
  const addBoundary = (name: string, line: number, parent?: string): void => {
    if (name === "" || boundaries.has(name) || boundaries.size >= 500) return;
    boundaries.set(name, { id: name, name, ...(parent === undefined ? {} : { parent }), place: { path, line } });
  };
  const addFlow = (from: string, to: string, line: number, label?: string, protocol?: string): void => {
    if (from === "" || to === "" || flows.size >= 5_000) return;
    const base = label === undefined ? `${from} -> ${to}` : `${from} -> ${to}: ${label}`;
    const copies = (drawn.get(base) ?? 0) + 1;
    drawn.set(base, copies);
    const id = copies === 1 ? base : `${base} #${copies}`;
    flows.set(id, {
      id,
      ...(label === undefined ? {} : { name: label }),
      from,
      to,
      data: [],
      ...(protocol === undefined ? {} : { protocol }),
      facts: [],
      place: { path, line },
    });
  };

  for (const section of allSections(top)) {
    const titles = trail.get(section) ?? section.title;
    for (const block of section.blocks) {
      if (block.kind === "code") {
        const kind = drawingLanguage(block.language, block.text);
        const drawing = kind === undefined ? undefined : readers[kind](block.text);
        if (kind !== undefined && drawing !== undefined && drawsParts(drawing)) {
          const at = (offset: number): number => block.line + 1 + offset;
          for (const { name, line, parent } of drawing.boundaries) addBoundary(name, at(line), parent);
          for (const { name, kind, technology, boundary, line } of drawing.nodes)
            addElement(name, at(line), {
              kind,
              ...(technology === undefined ? {} : { technology }),
              ...(boundary === undefined ? {} : { boundary }),
            });
          for (const { from, to, label, line } of drawing.flows) addFlow(from, to, at(line), label);
          const hasBoundaries = drawing.boundaries.length > 0;
          diagrams.push({
            kind,
            isDataFlow: drawing.flows.length > 0 && (hasBoundaries || isFlowHeading(titles)),
            hasBoundaries,
            place: { path, line: block.line },
          });
        } else diagrams.push(...textDiagram(block.text, block.language, titles, { path, line: block.line }));
      } else if (block.kind === "table") readTableOfParts(block, titles, { addElement, addFlow, addBoundary });
      else if (isBoundaryHeading(section.title)) {
        for (const entry of block.entries.flatMap(namingBoundaries)) {
          const name = (entry.label ?? entry.text).replace(/^TB[- ]?\d+[.:]?\s*/i, "").slice(0, 120);
          const stated = entry.isItem || /^TB[- ]?\d/i.test(entry.label ?? entry.text);
          if (stated && name.split(/\s+/).length <= 12) addBoundary(name, entry.line);
        }
      }
      if (block.kind === "entries") readKeyedParts(section.title, block.entries, { addElement, addFlow, addBoundary });
    }
    if (isBoundaryHeading(section.title))
      for (const child of section.children)
        if (textOf(child) !== "" && child.title.split(/\s+/).length <= 12 && !namesAPart(child.title))
          addBoundary(child.title, child.line);
    diagrams.push(...pictures(section, titles, path));
  }
  return {
    elements: [...elements.values()],
    flows: [...flows.values()],
    boundaries: [...boundaries.values()],
    diagrams,
  };
}

function drawsParts({ nodes, flows, boundaries }: Drawing): boolean {
  return nodes.length + flows.length + boundaries.length > 0;
}

const readers = { mermaid: readMermaid, plantuml: readPlantUml } as const;

/** The language of a drawing in a fence: as the fence says, else by how the text begins. */
function drawingLanguage(language: string, text: string): keyof typeof readers | undefined {
  if (/^(plantuml|puml|uml|c4plantuml)\b/.test(language) || /^\s*@startuml\b/.test(text)) return "plantuml";
  const isMermaid =
    /^mermaid\b/.test(language) || /^\s*(flowchart|graph (td|tb|lr|rl|bt)|sequenceDiagram|C4)/i.test(text);
  return isMermaid ? "mermaid" : undefined;
}

/** "Data flow diagram (DFD)", "Key trust boundaries": a heading over parts of the chapter, not a boundary of the system. */
function namesAPart(title: string): boolean {
  const bare = title.replace(/\([^()]{0,40}\)/g, "").trim();
  return isFlowHeading(bare) || /\b(?:boundaries|zones|diagrams?|overview|definitions?|crossings?)$/i.test(bare);
}

/** The items of a list under a bare label such as "Trust boundaries:", else the statement itself. */
function namingBoundaries(entry: Entry): readonly Entry[] {
  const isBare = entry.label !== undefined && entry.text === "" && entry.entries.length > 0;
  return isBare && isBoundaryHeading(entry.label) ? entry.entries : [entry];
}

/** For each section its title and those above it but the document's own, joined. */
function headingTrail(top: Section): Map<Section, string> {
  const trail = new Map<Section, string>();
  const walk = (section: Section, above: string): void => {
    const titles = section.level <= 1 ? section.title : `${above} / ${section.title}`;
    trail.set(section, titles);
    for (const child of section.children) walk(child, section.level <= 1 ? "" : titles);
  };
  walk(top, "");
  return trail;
}

/** PlantUML, and boxes and arrows drawn with characters. */
function textDiagram(text: string, language: string, titles: string, place: ModelDiagram["place"]): ModelDiagram[] {
  const hasArrows = /-->|->|=>|[─━═][>▶►]|→|⟶|▼|▲|►|\bv\b\s*\n/.test(text);
  const hasBoundaries = /boundar|trust|zone|dmz|internet|untrusted|\bvpc\b/i.test(text) || isBoundaryHeading(titles);
  if (/plantuml|puml/.test(language) || text.includes("@startuml")) {
    const bounded = hasBoundaries || /\b(package|node|cloud|rectangle|boundary|frame)\b[^\n]*\{/i.test(text);
    return [
      { kind: "plantuml", isDataFlow: hasArrows && (bounded || isFlowHeading(titles)), hasBoundaries: bounded, place },
    ];
  }
  // Zones written into the drawing make it one of trust, whatever the heading above calls it.
  const zones =
    text.match(/\b(?:trusted (?:zone|network|area)|trust (?:boundary|zone)|(?:semi-?|un)trusted)\b/gi)?.length ?? 0;
  const bracketed = (text.match(/\[[^\][\n]{2,80}\]/g)?.length ?? 0) >= 2 && hasArrows;
  const boxes = bracketed || (text.match(/[┌┐└┘│╔╗╚╝║]|\+-{2,}|-{3,}\+|^\s*\|.*\|\s*$/gm)?.length ?? 0) >= 4;
  const isText =
    language === "" || language === "text" || language === "txt" || language === "ascii" || language === "plain";
  if (/\battack trees?\b|\bkill chain\b/i.test(titles)) return [];
  // Under a heading on boundaries, lines that each lead from one name to the next are a drawing too.
  const leading = text.split("\n").filter(leadsOn);
  const chained = isBoundaryHeading(titles) && leading.length >= 2;
  if (!isText || !(boxes || chained || (hasArrows && isFlowHeading(titles)))) return [];
  return [
    {
      kind: "ascii",
      isDataFlow:
        hasArrows &&
        (isFlowHeading(titles) ||
          (showsFlows(text) &&
            ((chained && zones >= 2) || (boxes && hasBoundaries && (zones >= 2 || !isArchitectureHeading(titles)))))),
      hasBoundaries,
      place,
    },
  ];
}

/** "Browser -> gateway", or "-> gateway" below the name it leads from. */
function leadsOn(line: string): boolean {
  const [before = "", ...after] = line.split(/-{1,2}>|[─━═][>▶►]|→|⟶/u);
  return after.some((part) => /^\s*\p{L}/u.test(part)) && (before.trim() === "" || /\p{L}/u.test(before));
}

const badge =
  /shields\.io|badge|logo|\bicon\b|avatar|bestpractices|codecov|travis|\/actions\/workflows|scorecard|favicon|banner/i;

/** Pictures, by what stands around them: a heading, the alternative text or the file name. */
function pictures(section: Section, titles: string, path: string): ModelDiagram[] {
  const text = textOf(section).slice(0, 20_000);
  return section.references.flatMap((reference): ModelDiagram[] => {
    const isDrawing = /\.(drawio|dio|puml|plantuml|excalidraw|vsdx?|mmd)(\.(svg|png))?($|[?#])/i.test(reference.url);
    if (reference.kind !== "image" && !isDrawing) return [];
    const own = `${reference.url} ${reference.text}`;
    if (badge.test(own) && !/diagram|dfd|flow/i.test(own)) return [];
    const says = /data[-_ %20]{0,3}flow|\bdfd|dataflow|fluxo/i.test(own) || isFlowHeading(titles);
    const isArchitecture =
      isArchitectureHeading(titles) ||
      isArchitectureHeading(own) ||
      isBoundaryHeading(titles) ||
      /diagram|architecture/i.test(text);
    if (!says && !isArchitecture) return [];
    const kind =
      isDrawing && /drawio|dio/i.test(reference.url) ? "drawio" : reference.kind === "image" ? "image" : "link";
    return [
      {
        kind,
        isDataFlow: says,
        hasBoundaries: isBoundaryHeading(titles) || /boundar/i.test(own),
        place: { path, line: reference.line },
      },
    ];
  });
}
