import { pool } from "./database.js";

export async function openingHours(clinic) {
  const { rows } = await pool.query("select day, opens, closes from opening_hours where clinic = $1", [clinic]);
  return rows;
}
