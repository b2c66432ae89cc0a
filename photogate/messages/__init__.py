"""What the applicant reads: why a photo was refused and what to do, in their language, beside the photo itself."""
