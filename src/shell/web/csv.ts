/** The columns of a table: what each is called, and what stands in it. */
export type Columns<Row> = readonly (readonly [string, (row: Row) => string | number | null])[];

/** Rows as comma-separated values: RFC 4180, with the names of the columns in the first line. */
export function csv<Row>(columns: Columns<Row>, rows: readonly Row[]): string {
  const lines = rows.map((row) => columns.map(([, of]) => cell(of(row))).join(","));
  return `${[columns.map(([name]) => name).join(","), ...lines].join("\r\n")}\r\n`;
}

/**
 * One cell. A text that a spreadsheet would take for a formula is led by an apostrophe (H098): names are chosen by whoever
 * writes a model. https://owasp.org/www-community/attacks/CSV_Injection
 */
function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const inert = /^[\s\u0000]*[=+\-@|%\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/u.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
