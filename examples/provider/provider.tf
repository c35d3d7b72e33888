terraform {
  required_version = ">= 1.5"
  required_providers {
    luneo = { source = "luneo/luneo" }
  }
}

# Credentials, endpoints and retries follow the usual AWS chain and variables (AWS_PROFILE, AWS_ENDPOINT_URL, ...).
provider "luneo" {
  region       = "eu-west-1"
  default_tags = { environment = "prod", owner = "platform" }
}
