import { bytesOfBase64, inflateRaw } from "../text/inflate.ts";
import { limits } from "../text/limits.ts";
import { lineAt } from "../text/misfit.ts";
import { percentDecoded } from "../text/png-drawing.ts";
import { entitiesResolved, readXmlElement, type XmlElement } from "./xml.ts";

/** One page of a draw.io file: its graph, and how to tell the line of one of its parts in the file. */
export interface DrawioPage {
  readonly name?: string;
  readonly graph: XmlElement;
  /** The line of the part where the page is written out; that of the whole page where it is compressed. */
  lineOf(part: XmlElement): number;
}

const mostPages = 100;

/** Where the source of a drawing starts; in an SVG it stands in an attribute of the root, as draw.io exports it. */
const opening = /<(?:mxfile|mxGraphModel)[\s>]/;

/** Whether a text holds a draw.io drawing: as it is, or inside an SVG. */
export function holdsDrawio(text: string): boolean {
  const head = text.slice(0, 20_000);
  return opening.test(head.slice(0, 4_000)) || sourceInSvg(text) !== undefined;
}

/**
 * The pages of a draw.io file: plain, or compressed as draw.io does it (percent-encoded, DEFLATE, base64), in a file of their
 * own or in the `content` attribute of an SVG. All pages together unfold to no more than the limit of a model.
 * Source of the form: `Graph.compress` and `EditorUi.getFileData` of jgraph/drawio.
 */
export function drawioPages(text: string): {
  readonly pages: readonly DrawioPage[];
  readonly faults: readonly string[];
} {
  const inSvg = sourceInSvg(text);
  const source = inSvg?.source ?? text;
  const start = source.search(opening);
  if (start === -1) return { pages: [], faults: ["It holds no drawing."] };
  const top = readXmlElement(source, start, lineAt(source, start));
  if (top === undefined) return { pages: [], faults: ["Its XML is broken, too deep or too long."] };
  const inFile = (line: number): number => inSvg?.line ?? line;
  if (top.name === "mxGraphModel") return { pages: [{ graph: top, lineOf: ({ line }) => inFile(line) }], faults: [] };
  const pages: DrawioPage[] = [];
  const faults: string[] = [];
  let left: number = limits.foreignModelBytes;
  const diagrams = top.children.filter(({ name }) => name === "diagram");
  for (const [index, diagram] of diagrams.slice(0, mostPages).entries()) {
    const name = diagram.attributes.get("name")?.trim();
    const named = name === undefined || name === "" ? {} : { name };
    const plain = diagram.children.find((child) => child.name === "mxGraphModel");
    if (plain !== undefined) {
      pages.push({ ...named, graph: plain, lineOf: ({ line }) => inFile(line) });
      continue;
    }
    if (diagram.text.trim() === "") continue;
    const unfolded = unfoldedPage(diagram.text, left);
    const graph = unfolded === undefined ? undefined : readXmlElement(unfolded, unfolded.indexOf("<mxGraphModel"), 1);
    if (unfolded === undefined || graph === undefined)
      faults.push(`Page ${index + 1} is broken, or unfolds to more than is read.`);
    else {
      left -= unfolded.length;
      const line = inFile(diagram.line);
      pages.push({ ...named, graph, lineOf: () => line });
    }
  }
  if (diagrams.length > mostPages) faults.push(`It has ${diagrams.length} pages; the first ${mostPages} are read.`);
  return { pages, faults };
}

function unfoldedPage(text: string, most: number): string | undefined {
  const bytes = bytesOfBase64(text.trim());
  // Percent-encoding makes at most three bytes of one.
  const unfolded = bytes === undefined ? undefined : inflateRaw(bytes, most * 3);
  if (unfolded === undefined) return undefined;
  const encoded = new TextDecoder("utf-8").decode(unfolded);
  const page = encoded.startsWith("%3C") ? percentDecoded(encoded) : encoded;
  return page === undefined || page.length > most || !page.includes("<mxGraphModel") ? undefined : page;
}

/** The source of a drawing in the `content` attribute of an SVG's root, with the line of that root. */
function sourceInSvg(text: string): { readonly source: string; readonly line: number } | undefined {
  const root = text.slice(0, 20_000).search(/<svg[\s>]/);
  if (root === -1) return undefined;
  const attribute = text.indexOf(' content="', root);
  if (attribute === -1) return undefined;
  const from = attribute + ' content="'.length;
  const to = text.indexOf('"', from);
  if (to === -1) return undefined;
  const written = entitiesResolved(text.slice(from, to));
  const source = written.startsWith("%3C") ? percentDecoded(written) : written;
  return source === undefined || !opening.test(source.slice(0, 4_000))
    ? undefined
    : { source, line: lineAt(text, root) };
}
