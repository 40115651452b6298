import twilio from "twilio";
import { appointmentsTomorrow, recordReminder } from "../storage/reminders.js";

const client = twilio(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN);

export async function sendReminders() {
  for (const appointment of await appointmentsTomorrow()) {
    const message = await client.messages.create({
      to: appointment.phone_number,
      from: process.env.TWILIO_NUMBER,
      body: `Your appointment at ${appointment.clinic} is tomorrow at ${appointment.time}.`,
      statusCallback: "https://booking.fernhill.example/hooks/twilio/status",
    });
    await recordReminder(appointment.id, message.sid);
  }
}
