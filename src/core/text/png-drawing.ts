import { inflate } from "./inflate.ts";
import { limits } from "./limits.ts";

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether a file of this name may be a picture that holds its own drawing: draw.io saves `.drawio.png`. */
export function mayHoldDrawing(path: string): boolean {
  return /\.(?:drawio|dio)\.png$/i.test(path);
}

/**
 * The source of the drawing that a PNG carries in a text chunk (PNG specification, 11.3.3), as draw.io writes it under
 * the keywords `mxfile` and `mxGraphModel`. Undefined for another picture, a broken one, and a source above the limit of models.
 */
export function drawingInPng(bytes: Uint8Array): string | undefined {
  if (signature.some((byte, at) => bytes[at] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = signature.length; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    if (length > bytes.length - at - 12) return undefined;
    const type = latin(bytes.subarray(at + 4, at + 8));
    const drawing = drawingIn(type, bytes.subarray(at + 8, at + 8 + length));
    if (drawing !== undefined) return drawing;
    at += length + 12;
  }
  return undefined;
}

/** What a file gives to read: its text, or the source of the drawing in a picture; undefined for other binary content. */
export function textOfBytes(path: string, bytes: Uint8Array): string | undefined {
  if (mayHoldDrawing(path)) return drawingInPng(bytes);
  return bytes.includes(0) ? undefined : utf8(bytes);
}

function drawingIn(type: string, data: Uint8Array): string | undefined {
  if (type !== "tEXt" && type !== "zTXt" && type !== "iTXt") return undefined;
  const end = data.subarray(0, 80).indexOf(0);
  if (end === -1 || !/^mx(file|GraphModel)$/.test(latin(data.subarray(0, end)))) return undefined;
  const content = contentOf(type, data, end + 1);
  if (content === undefined || content.length > limits.foreignModelBytes) return undefined;
  const text = utf8(content);
  // draw.io writes its source percent-encoded; older versions wrote a plus sign for a space.
  return text.startsWith("%3C") ? percentDecoded(text.replaceAll("+", " ")) : text;
}

/** The text of a chunk after its keyword: `tEXt` as it is, `zTXt` compressed, `iTXt` either. */
function contentOf(type: string, data: Uint8Array, start: number): Uint8Array | undefined {
  if (type === "tEXt") return data.subarray(start);
  if (type === "zTXt") return inflate(data.subarray(start + 1), limits.foreignModelBytes);
  const language = data.indexOf(0, start + 2);
  const translated = language === -1 ? -1 : data.indexOf(0, language + 1);
  if (translated === -1) return undefined;
  const content = data.subarray(translated + 1);
  return data[start] === 1 ? inflate(content, limits.foreignModelBytes) : content;
}

function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function utf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** The text with its `%XX` resolved; undefined where they are no UTF-8. */
export function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
