import { pool } from "./database.js";

export async function upcoming(patient) {
  const { rows } = await pool.query(
    "select id, clinic, starts_at from appointment where patient = $1 and starts_at > now() order by starts_at",
    [patient],
  );
  return rows;
}

export async function diaryOf(clinician, day) {
  const { rows } = await pool.query(
    "select id, patient, starts_at from appointment where clinician = $1 and starts_at::date = $2",
    [clinician, day],
  );
  return rows;
}

export async function book(patient, { clinic, clinician, startsAt }) {
  const { rows } = await pool.query(
    "insert into appointment (patient, clinic, clinician, starts_at) values ($1, $2, $3, $4) returning id",
    [patient, clinic, clinician, startsAt],
  );
  return rows[0];
}

export async function cancel(patient, id) {
  await pool.query("delete from appointment where id = $1 and patient = $2", [id, patient]);
}
