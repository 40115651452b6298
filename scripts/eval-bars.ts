// What a measurement over a corpus is held against, and how people read it.

/** One bar: what it measures, what was found, what is asked. Shares between 0 and 1, or numbers where `isNumber`. */
export interface Bar {
  readonly what: string;
  readonly found: number;
  readonly least?: number;
  readonly most?: number;
  readonly isNumber?: true;
}

/** Whether what was found is what is asked. */
export function isMet({ found, least, most }: Bar): boolean {
  return (least === undefined || found >= least) && (most === undefined || found <= most);
}

/** One line: what was found, what is asked, whether it holds. */
export function barRow(bar: Bar): string {
  const shown = (value: number): string => (bar.isNumber ? value.toFixed(2) : `${(value * 100).toFixed(1)} %`);
  const asked = bar.least === undefined ? `at most ${shown(bar.most ?? 1)}` : `at least ${shown(bar.least)}`;
  return `  ${bar.what.padEnd(38)} ${shown(bar.found).padStart(8)}   ${asked.padEnd(17)} ${isMet(bar) ? "met" : "not met"}`;
}
