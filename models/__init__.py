"""Networks: what they are, how they learn, and how they serve."""

import os

# ONNX Runtime's official builds for Linux send what they run on and which graphs they load to their maker unless they
# are told not to before they are imported. Nothing about an issuer's machines or models leaves the house.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
