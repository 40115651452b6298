import { crc32 } from "node:zlib";

/** A PNG of one pixel with further chunks before its end, each as type and data (PNG specification, 5.3). */
export function aPng(...chunks: readonly (readonly [type: string, data: Uint8Array])[]): Buffer {
  const header = Buffer.from("0000000100000001080000000000", "hex").subarray(0, 13);
  const pixel = Buffer.from("789c6360000000020001", "hex");
  const all: (readonly [string, Uint8Array])[] = [
    ["IHDR", header],
    ...chunks,
    ["IDAT", pixel],
    ["IEND", Buffer.alloc(0)],
  ];
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), ...all.map(chunk)]);
}

function chunk([type, data]: readonly [string, Uint8Array]): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
