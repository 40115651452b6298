import { Router } from "express";
import { openingHours } from "../storage/clinics.js";

export function clinics() {
  const router = Router();
  router.get("/:clinic/hours", async (request, response) => {
    response.json(await openingHours(request.params.clinic));
  });
  return router;
}
