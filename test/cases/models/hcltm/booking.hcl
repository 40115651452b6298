spec_version = "0.1.17"

threatmodel "Clinic booking" {
  author      = "@booking-team" // the team that answers
  description = "Patients book appointments on the web. Staff change them during the day."
  updated_at  = 1772582400

  attributes {
    new_initiative  = "false"
    internet_facing = "true"
  }

  information_asset "bookings" {
    description                = "Who comes when"
    information_classification = "Confidential"
  }

  usecase {
    description = "A patient books"
  }

  threat "Guessed codes" {
    description = <<EOT
A stranger guesses a login code
within its lifetime.
EOT
    stride      = ["Spoofing"]
    risk {
      likelihood = "medium"
      impact     = "very_high"
    }
    control "Short codes" {
      description = "Codes live five minutes"
      implemented = true
    }
  }

  threat "Changed bookings" {
    description = "A person with network access changes rows"
    stride      = ["Tampering", "Info Disclosure"]
    proposed_control {
      description = "The database accepts the service alone"
      implemented = false
    }
  }

  data_flow_diagram_v2 "level 0" {
    external_element "Patient" {}
    trust_zone "Private network" {
      process "Booking pages" {}
      data_store "Database" { information_asset = "bookings" }
    }
    flow "https" {
      from = "Patient"
      to   = "Booking pages"
    }
    flow "sql" {
      from = "Booking pages"
      to   = "Database"
    }
  }
}
