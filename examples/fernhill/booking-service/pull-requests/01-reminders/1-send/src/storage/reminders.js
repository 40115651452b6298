import { pool } from "./database.js";

export async function appointmentsTomorrow() {
  const { rows } = await pool.query(
    `select a.id, a.clinic, to_char(a.starts_at, 'HH24:MI') as time, p.phone_number
       from appointment a join patient p on p.id = a.patient
      where a.starts_at::date = current_date + 1 and p.phone_number is not null`,
  );
  return rows;
}

export async function recordReminder(appointment, message) {
  await pool.query("insert into reminder (appointment, message) values ($1, $2)", [appointment, message]);
}

export async function recordDelivery(message, status) {
  await pool.query("update reminder set status = $2 where message = $1", [message, status]);
}
