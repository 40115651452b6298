import { Router } from "express";
import twilio from "twilio";
import { recordDelivery } from "../storage/reminders.js";

export function deliveryReports() {
  const router = Router();
  router.post("/status", twilio.webhook(), async (request, response) => {
    await recordDelivery(request.body.MessageSid, request.body.MessageStatus);
    response.status(204).end();
  });
  return router;
}
