import { auth } from "express-openid-connect";

export function signIn() {
  return auth({ authRequired: false, idpLogout: true });
}

export function requirePatient(request, response, next) {
  if (request.oidc.user?.role !== "patient") return response.status(403).json({ error: "patients only" });
  next();
}

export function requireClinician(request, response, next) {
  if (request.oidc.user?.role !== "clinician") return response.status(403).json({ error: "clinicians only" });
  next();
}
