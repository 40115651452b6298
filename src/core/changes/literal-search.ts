/*
 * Many literals searched for in one pass over a text: the automaton of Aho and Corasick ("Efficient string matching",
 * Communications of the ACM 18(6), 1975). Time is linear in the text, whatever the literals are.
 */

/** Finds which of the literals stand in a text, without regard to case. */
export interface LiteralSearch {
  /** Calls `found` with the index of each literal that occurs; the same index may come several times. */
  each(text: string, found: (index: number) => void): void;
}

/** Characters beyond ASCII share one column: literals of rules are ASCII, and others only have to be passed over. */
const columns = 128;

/** Compiles the literals; those with characters beyond ASCII are refused with an Error. */
export function compileLiterals(literals: readonly string[]): LiteralSearch {
  const most = literals.reduce((sum, literal) => sum + literal.length, 1);
  const table = new Int32Array(most * columns);
  const ends: number[][] = [[]];
  for (const [index, literal] of literals.entries()) {
    let state = 0;
    for (const character of literal.toLowerCase()) {
      const code = character.charCodeAt(0);
      if (code >= columns) throw new Error(`\`${literal}\` holds a character beyond ASCII.`);
      let next = table[state * columns + code] ?? 0;
      if (next === 0) {
        next = ends.length;
        ends.push([]);
        table[state * columns + code] = next;
      }
      state = next;
    }
    ends[state]?.push(index);
  }
  complete(table, ends);
  const outputs = ends.map((own) => (own.length === 0 ? undefined : Int32Array.from(own)));
  return {
    each(text, found) {
      let state = 0;
      for (let at = 0; at < text.length; at++) {
        let code = text.charCodeAt(at);
        if (code >= 65 && code <= 90) code += 32;
        state = code < columns ? (table[state * columns + code] ?? 0) : 0;
        const output = outputs[state];
        if (output) for (const index of output) found(index);
      }
    },
  };
}

/** Fills in where to go on when a literal breaks off, breadth first, and what ends inside a longer one. */
function complete(table: Int32Array, ends: number[][]): void {
  const fallback = new Int32Array(ends.length);
  const queue: number[] = [];
  for (let code = 0; code < columns; code++) {
    const next = table[code] ?? 0;
    if (next !== 0) queue.push(next);
  }
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] ?? 0;
    const back = fallback[state] ?? 0;
    ends[state] = [...(ends[state] ?? []), ...(ends[back] ?? [])];
    for (let code = 0; code < columns; code++) {
      const next = table[state * columns + code] ?? 0;
      const elsewhere = table[back * columns + code] ?? 0;
      if (next === 0) table[state * columns + code] = elsewhere;
      else {
        fallback[next] = elsewhere;
        queue.push(next);
      }
    }
  }
}
