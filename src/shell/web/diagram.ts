import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";

/** Milliseconds for one drawing, the loading of Graphviz included. */
const longest = 8_000;
/** Drawings that are remembered. */
const mostRemembered = 100;
/**
 * Milliseconds after which one that failed is tried again: a machine that was busy draws it then, and one that takes for
 * ever holds the others up no more often.
 */
const failedFor = 600_000;

/** What drawing needs of the world; left out, it is as the service has it. */
export interface Desk {
  /** Draws one; undefined where it failed or took too long. */
  readonly drawApart: (dot: string) => Promise<string | undefined>;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Draws diagrams from DOT. */
export interface Draughtsman {
  /** SVG that holds shapes and texts and nothing else; undefined where it could not be drawn in time. */
  draw(dot: string): Promise<string | undefined>;
}

/**
 * Graphviz, compiled to WebAssembly, in a thread of its own under limits of time and memory: a model may hold a graph that
 * takes it for ever, and pages must not wait for it. One drawing at a time; what was drawn is remembered, and what was not
 * for ten minutes.
 */
export function createDraughtsman({ drawApart, now }: Desk = { drawApart: inThread, now: Date.now }): Draughtsman {
  const drawn = new Map<string, { readonly drawing: Promise<string | undefined>; failedAt?: number }>();
  let turn: Promise<unknown> = Promise.resolve();
  return {
    draw: (dot) => {
      const key = createHash("sha256").update(dot).digest("hex");
      const known = drawn.get(key);
      if (known && (known.failedAt === undefined || now() - known.failedAt < failedFor)) return known.drawing;
      const drawing = turn.then(() => drawApart(dot));
      turn = drawing;
      const remembered: { readonly drawing: typeof drawing; failedAt?: number } = { drawing };
      void drawing.then((svg) => {
        if (svg === undefined) remembered.failedAt = now();
      });
      drawn.delete(key);
      drawn.set(key, remembered);
      for (const oldest of drawn.keys()) {
        if (drawn.size <= mostRemembered) break;
        drawn.delete(oldest);
      }
      return drawing;
    },
  };
}

const code = `
const { parentPort, workerData } = require("node:worker_threads");
import(workerData.graphviz)
  .then(({ Graphviz }) => Graphviz.load())
  .then((graphviz) => parentPort.postMessage(graphviz.layout(workerData.dot, "svg", "dot")));
`;

function inThread(dot: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const worker = new Worker(code, {
      eval: true,
      workerData: { dot, graphviz: import.meta.resolve("@hpcc-js/wasm-graphviz") },
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    });
    const end = (svg?: string): void => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(svg);
    };
    const timer = setTimeout(end, longest);
    worker.once("message", (svg: string) => end(inlineSvg(svg)));
    worker.once("error", () => end());
    worker.once("exit", () => end());
  });
}

/** What a drawing may consist of: shapes and texts. No links, no styles, no scripts, nothing loaded. */
const shapes: ReadonlySet<string> = new Set(["svg", "g", "path", "polygon", "polyline", "ellipse", "text"]);

/** The drawing as it may stand in a page, or undefined where it holds anything that it should not. */
export function inlineSvg(drawn: string): string | undefined {
  const start = drawn.indexOf("<svg");
  if (start < 0) return undefined;
  const plain = drawn
    .slice(start)
    .replace(/<!--[^>]*-->/g, "")
    .replace(/<title>[^<]*<\/title>/g, "")
    .replace(/ xmlns:xlink="[^"]*"/, "")
    .trim();
  for (const [, name = "", rest = ""] of plain.matchAll(/<\/?([A-Za-z][\w:-]*)([^<>]*)>/g)) {
    if (!shapes.has(name) || /\s(?:on\w+|href|xlink:href|style)\s*=/i.test(rest)) return undefined;
  }
  return /<[!?]/.test(plain) ? undefined : plain;
}
