import type { ColumnType } from "kysely";

/** A JSON column: written as text, read as the value. */
export type Json<T> = ColumnType<T, string, string>;
/** A moment: read as a Date, written as a Date or an ISO string. */
export type Moment = ColumnType<Date, Date | string, Date | string>;
/** A moment, or null. */
export type MomentOrNone = ColumnType<Date | null, Date | string | null, Date | string | null>;
