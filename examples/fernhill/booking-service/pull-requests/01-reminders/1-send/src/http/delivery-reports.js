import { Router } from "express";
import { recordDelivery } from "../storage/reminders.js";

export function deliveryReports() {
  const router = Router();
  router.post("/status", async (request, response) => {
    await recordDelivery(request.body.MessageSid, request.body.MessageStatus);
    response.status(204).end();
  });
  return router;
}
