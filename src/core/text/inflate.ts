/*
 * Decompression of DEFLATE data (RFC 1951), without a package and without anything of the machine: draw.io keeps its pages
 * so. The output is bounded from the start, so that a small file cannot unfold into a large one.
 */

/** Bits of the input, least significant first (RFC 1951, 3.1.1). Reading past the end is a fault of the data. */
class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(count: number): number {
    while (this.#count < count) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new Broken();
      this.#held |= byte << this.#count;
      this.#count += 8;
    }
    const value = this.#held & ((1 << count) - 1);
    this.#held >>>= count;
    this.#count -= count;
    return value;
  }

  /** Passes over what is left of the current byte. */
  align(): void {
    this.#held = 0;
    this.#count = 0;
  }
}

class Broken extends Error {}

/** A prefix code: how many codes there are of each length, and the symbols in the order of their codes (RFC 1951, 3.2.2). */
interface Code {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

const longestCode = 15;

function codeOf(lengths: readonly number[]): Code {
  const counts = new Uint16Array(longestCode + 1);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  const offsets = new Uint16Array(longestCode + 2);
  let free = 1;
  for (let length = 1; length <= longestCode; length++) {
    free = free * 2 - (counts[length] ?? 0);
    if (free < 0) throw new Broken();
    offsets[length + 1] = (offsets[length] ?? 0) + (counts[length] ?? 0);
  }
  const symbols = new Uint16Array(lengths.length);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    const offset = offsets[length] ?? 0;
    symbols[offset] = symbol;
    offsets[length] = offset + 1;
  }
  return { counts, symbols };
}

function symbolIn(bits: Bits, { counts, symbols }: Code): number {
  let code = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length <= longestCode; length++) {
    code |= bits.take(1);
    const count = counts[length] ?? 0;
    if (code - first < count) return symbols[index + code - first] ?? 0;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw new Broken();
}

/** Base lengths, base distances and their extra bits (RFC 1951, 3.2.5). */
const lengthBase = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceBase = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const distanceExtra = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];

/** The order in which the lengths of the code for lengths stand (RFC 1951, 3.2.7). */
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const fixed = {
  lengths: codeOf(Array.from({ length: 288 }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8))),
  distances: codeOf(Array.from({ length: 30 }, () => 5)),
};

function readCodes(bits: Bits): { readonly lengths: Code; readonly distances: Code } {
  const literals = bits.take(5) + 257;
  const distances = bits.take(5) + 1;
  const given = bits.take(4) + 4;
  const ofLengths = Array.from({ length: 19 }, () => 0);
  for (const symbol of lengthOrder.slice(0, given)) ofLengths[symbol] = bits.take(3);
  const code = codeOf(ofLengths);
  const lengths: number[] = [];
  while (lengths.length < literals + distances) {
    const symbol = symbolIn(bits, code);
    if (symbol < 16) {
      lengths.push(symbol);
      continue;
    }
    const last = lengths.at(-1);
    if (symbol === 16 && last === undefined) throw new Broken();
    const repeated = symbol === 16 ? (last ?? 0) : 0;
    const times = symbol === 16 ? bits.take(2) + 3 : symbol === 17 ? bits.take(3) + 3 : bits.take(7) + 11;
    if (lengths.length + times > literals + distances) throw new Broken();
    for (let count = 0; count < times; count++) lengths.push(repeated);
  }
  return { lengths: codeOf(lengths.slice(0, literals)), distances: codeOf(lengths.slice(literals)) };
}

/** What is written so far; grows by doubling and never beyond `most`. */
class Output {
  #bytes = new Uint8Array(4_096);
  readonly #most: number;
  length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  push(byte: number): void {
    if (this.length >= this.#most) throw new Broken();
    if (this.length === this.#bytes.length) {
      const larger = new Uint8Array(Math.min(this.#bytes.length * 2, this.#most));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.length++] = byte;
  }

  repeat(distance: number, times: number): void {
    const from = this.length - distance;
    if (from < 0) throw new Broken();
    for (let index = 0; index < times; index++) this.push(this.#bytes[from + index] ?? 0);
  }

  whole(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}

function readCompressed(bits: Bits, codes: { readonly lengths: Code; readonly distances: Code }, out: Output): void {
  for (;;) {
    const symbol = symbolIn(bits, codes.lengths);
    if (symbol < 256) {
      out.push(symbol);
      continue;
    }
    if (symbol === 256) return;
    const [base, extra] = [lengthBase[symbol - 257], lengthExtra[symbol - 257]];
    if (base === undefined || extra === undefined) throw new Broken();
    const times = base + bits.take(extra);
    const distance = symbolIn(bits, codes.distances);
    const [far, farther] = [distanceBase[distance], distanceExtra[distance]];
    if (far === undefined || farther === undefined) throw new Broken();
    out.repeat(far + bits.take(farther), times);
  }
}

function readStored(bits: Bits, out: Output): void {
  bits.align();
  const length = bits.take(8) | (bits.take(8) << 8);
  const complement = bits.take(8) | (bits.take(8) << 8);
  if ((length ^ 0xffff) !== complement) throw new Broken();
  for (let index = 0; index < length; index++) out.push(bits.take(8));
}

/**
 * The bytes that DEFLATE data without a header stands for; undefined when it is broken, cut off, or would unfold into more
 * than `most` bytes. Never throws.
 */
export function inflateRaw(bytes: Uint8Array, most: number): Uint8Array | undefined {
  const bits = new Bits(bytes);
  const out = new Output(most);
  try {
    for (let isLast = false; !isLast; ) {
      isLast = bits.take(1) === 1;
      const kind = bits.take(2);
      if (kind === 0) readStored(bits, out);
      else if (kind === 1) readCompressed(bits, fixed, out);
      else if (kind === 2) readCompressed(bits, readCodes(bits), out);
      else return undefined;
    }
    return out.whole();
  } catch (fault) {
    if (fault instanceof Broken) return undefined;
    throw fault;
  }
}

/** The same for data with or without the two bytes that zlib puts before it (RFC 1950); its checksum is not looked at. */
export function inflate(bytes: Uint8Array, most: number): Uint8Array | undefined {
  const [method = 0, flags = 0] = bytes;
  const hasHeader = (method & 15) === 8 && (method * 256 + flags) % 31 === 0;
  const inner = hasHeader ? inflateRaw(bytes.subarray(2), most) : undefined;
  return inner ?? inflateRaw(bytes, most);
}

/** The bytes of a base64 text (RFC 4648), white space left out; undefined when it is none. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
