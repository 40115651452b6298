resource "aws_s3_bucket" "patient_exports" {
  bucket = "fernhill-patient-exports"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "patient_exports" {
  bucket = aws_s3_bucket.patient_exports.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "patient_exports" {
  bucket                  = aws_s3_bucket.patient_exports.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "patient_exports" {
  bucket = aws_s3_bucket.patient_exports.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "patient_exports" {
  bucket = aws_s3_bucket.patient_exports.id
  rule {
    id     = "retention"
    status = "Enabled"
    expiration {
      days = 90
    }
  }
}

resource "aws_s3_bucket_logging" "patient_exports" {
  bucket        = aws_s3_bucket.patient_exports.id
  target_bucket = "fernhill-access-logs"
  target_prefix = "patient-exports/"
}

resource "aws_iam_role_policy" "booking_exports" {
  name = "booking-exports"
  role = "booking-service"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:PutObject"
      Resource = "${aws_s3_bucket.patient_exports.arn}/*"
    }]
  })
}
