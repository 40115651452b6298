resource "aws_vpc" "shop" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.shop.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_db_subnet_group" "shop" {
  name       = "shop"
  subnet_ids = [aws_subnet.private.id]
}

resource "aws_db_instance" "shop" {
  engine               = "postgres"
  db_subnet_group_name = aws_db_subnet_group.shop.name
  storage_encrypted    = true
  publicly_accessible  = false
}

resource "aws_s3_bucket" "invoices" {
  bucket = "shop-invoices"
}

resource "aws_s3_bucket_versioning" "invoices" {
  bucket = aws_s3_bucket.invoices.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_sqs_queue" "invoicing" {
  name = "invoicing"
}

resource "aws_lambda_function" "invoicing" {
  function_name = "invoicing"
  environment {
    variables = {
      BUCKET = aws_s3_bucket.invoices.bucket
    }
  }
}

resource "aws_lambda_event_source_mapping" "invoicing" {
  event_source_arn = aws_sqs_queue.invoicing.arn
  function_name    = aws_lambda_function.invoicing.arn
}
