import { createReadStream } from "node:fs";

/** A line is longer than it may be; where it ends nobody looked. */
export class LineTooLong extends Error {
  /** Its number, from 1 on. */
  readonly line: number;

  constructor(line: number, most: number) {
    super(`line ${line} is longer than ${most} bytes`);
    this.line = line;
  }
}

/**
 * The lines of a file of UTF-8, ended by LF or CRLF, one after the other: no more than one of them stands in memory.
 * @param most bytes of one line.
 * @throws LineTooLong as soon as so many are read, and Node's own error where the file can be read no further.
 */
export async function* linesOf(path: string, most: number): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  let line = 1;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let start = 0;
    while (start <= chunk.length) {
      const end = chunk.indexOf(0x0a, start);
      const part = chunk.subarray(start, end < 0 ? chunk.length : end);
      size += part.length;
      if (size > most) throw new LineTooLong(line, most);
      parts.push(part);
      if (end < 0) break;
      yield textOf(parts);
      [parts, size, line, start] = [[], 0, line + 1, end + 1];
    }
  }
  if (size > 0) yield textOf(parts);
}

function textOf(parts: readonly Buffer[]): string {
  return Buffer.concat(parts).toString("utf8").replace(/\r$/, "");
}
