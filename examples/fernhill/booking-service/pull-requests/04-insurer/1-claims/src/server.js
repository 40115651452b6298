import express from "express";
import helmet from "helmet";
import { requireClinician, requirePatient, signIn } from "./http/session.js";
import { appointments } from "./http/appointments.js";
import { claims } from "./http/claims.js";
import { clinics } from "./http/clinics.js";
import { deliveryReports } from "./http/delivery-reports.js";

const app = express();
app.disable("x-powered-by");
app.use(helmet());
app.use(express.json({ limit: "64kb" }));
app.use("/hooks/twilio", express.urlencoded({ extended: false }), deliveryReports());
app.use(signIn());

app.use("/clinics", clinics());
app.use("/appointments", requirePatient, appointments());
app.use("/diary", requireClinician, appointments({ wholeDay: true }));
app.use("/appointments", requireClinician, claims());

app.listen(8080);
