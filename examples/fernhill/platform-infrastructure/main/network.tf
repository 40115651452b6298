resource "aws_vpc" "clinics" {
  cidr_block           = "10.20.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_security_group" "booking" {
  name        = "booking-service"
  description = "Booking service behind the gateway"
  vpc_id      = aws_vpc.clinics.id

  ingress {
    description = "HTTPS from the gateway"
    from_port   = 8080
    to_port     = 8080
    protocol    = "tcp"
    cidr_blocks = ["10.20.0.0/24"]
  }

  egress {
    description = "Database and identity provider"
    from_port   = 443
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["10.20.8.0/24"]
  }
}
