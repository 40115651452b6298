import express from "express";

const app = express();
app.get("/", (request, response) => response.render("home"));
app.post("/basket", (request, response) => response.redirect("/basket"));
app.listen(3000);
