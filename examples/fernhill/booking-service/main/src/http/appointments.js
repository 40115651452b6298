import { Router } from "express";
import { book, cancel, diaryOf, upcoming } from "../storage/appointments.js";

export function appointments({ wholeDay = false } = {}) {
  const router = Router();

  router.get("/", async (request, response) => {
    const who = request.oidc.user.sub;
    response.json(wholeDay ? await diaryOf(who, request.query.day) : await upcoming(who));
  });

  router.post("/", async (request, response) => {
    const booked = await book(request.oidc.user.sub, request.body);
    response.status(201).json(booked);
  });

  router.delete("/:id", async (request, response) => {
    await cancel(request.oidc.user.sub, request.params.id);
    response.status(204).end();
  });

  return router;
}
