resource "aws_db_instance" "appointments" {
  identifier              = "appointments"
  engine                  = "postgres"
  engine_version          = "16.4"
  instance_class          = "db.t4g.medium"
  allocated_storage       = 100
  storage_encrypted       = true
  publicly_accessible     = false
  backup_retention_period = 14
  deletion_protection     = true
  db_name                 = "booking"
  username                = "booking"

  manage_master_user_password = true
}
