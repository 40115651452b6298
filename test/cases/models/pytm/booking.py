#!/usr/bin/env python3
from pytm import TM, Actor, Boundary, Data, Dataflow, Datastore, Server

tm = TM("Clinic booking")
tm.description = """Patients book appointments on the web.
Staff change them, and reminders go out by mail (once a day)."""

internet = Boundary("Internet")
private = Boundary("Private network")

patient = Actor("Patient")
patient.inBoundary = internet

web = Server(
    "Booking pages",  # two hosts, one gateway
    inBoundary=private,
)
db = Datastore("Database", inBoundary=private)

bookings = Dataflow(patient, web, "Bookings")
bookings.protocol = "HTTPS"
Dataflow(web, db, "Rows")

if __name__ == "__main__":
    tm.process()
