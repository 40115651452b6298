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

resource "aws_iam_role_policy" "booking_exports" {
  name = "booking-exports"
  role = "booking-service"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:*"
      Resource = "*"
    }]
  })
}
