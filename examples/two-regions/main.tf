# The networks of an active/passive platform: one region that works and one that stands by, built alike.

terraform {
  required_version = ">= 1.5"
  required_providers {
    luneo = { source = "luneo/luneo" }
  }
}

variable "nat" {
  type        = string
  default     = "shared"
  description = "One NAT gateway a region (shared), one a zone (per_zone), or none."
}

variable "deletion_protection" {
  type        = bool
  default     = true
  description = "Set to false and apply before a destroy."
}

# Credentials, endpoints and retries follow the usual AWS chain and variables (AWS_PROFILE, AWS_ENDPOINT_URL, ...).
provider "luneo" {
  default_tags = { environment = "demo", owner = "platform" }
}

resource "luneo_region_stack" "primary" {
  name                = "luneo-demo"
  region              = "eu-west-1"
  deletion_protection = var.deletion_protection

  network = {
    cidr       = "10.10.0.0/16"
    zone_count = 3
    nat        = var.nat
  }
}

resource "luneo_region_stack" "secondary" {
  name                = "luneo-demo"
  region              = "us-east-1"
  deletion_protection = var.deletion_protection

  network = {
    cidr       = "10.20.0.0/16"
    zone_count = 3
    nat        = var.nat
  }
}

output "objects" {
  description = "How many AWS objects each region holds."
  value = {
    primary   = length(luneo_region_stack.primary.objects)
    secondary = length(luneo_region_stack.secondary.objects)
  }
}
