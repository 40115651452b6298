import { Router } from "express";
import { sendClaim } from "../insurers/client.js";

export function claims() {
  const router = Router();
  router.post("/:appointment/claim", async (request, response) => {
    const claimNumber = await sendClaim(request.body);
    response.status(201).json({ claimNumber });
  });
  return router;
}
