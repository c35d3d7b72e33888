# A network with everything left to its defaults: three zones, one shared NAT gateway, flow logs, an endpoint for S3.
resource "luneo_region_stack" "plain" {
  name = "shop-test"

  network = {
    cidr = "10.10.0.0/16"
  }
}

# The same with each choice made.
resource "luneo_region_stack" "main" {
  name                = "shop-prod"
  region              = "eu-west-1"
  deletion_protection = true
  tags                = { cost-center = "shop" }

  network = {
    cidr  = "10.20.0.0/16"
    zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    nat   = "per_zone" # none | shared | per_zone

    gateway_endpoints   = ["s3", "dynamodb"]
    interface_endpoints = ["ecr.api", "ecr.dkr", "sts"]

    flow_logs = {
      retention_days      = 365
      traffic             = "ALL" # ALL | ACCEPT | REJECT
      aggregation_seconds = 600   # 60 | 600
    }
  }
}

output "private_subnet_ids" {
  value = { for zone, subnet in luneo_region_stack.main.subnets.private : zone => subnet.id }
}
