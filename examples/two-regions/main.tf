# An active/passive platform's regions: one that works and one that stands by, each with its network, its cluster and the
# controller that makes load balancers for it. One apply, no kubernetes or helm provider.

terraform {
  required_version = ">= 1.5"
  required_providers {
    luneo = { source = "luneo/luneo" }
  }
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

  cluster = {
    version                = var.kubernetes_version
    admin_principal_arns   = var.cluster_admin_arns
    endpoint_public_access = { cidrs = var.office_cidrs }
    node_groups = {
      general = { capacity = "on_demand", instance_types = ["m6i.large"], min = 3, max = 9, desired = 3 }
      burst   = { capacity = "spot", instance_types = ["m6i.large", "m5.large", "m5a.large"], min = 0, max = 20, desired = 0 }
    }
    load_balancer_controller = { chart_version = "3.5.0", repository = var.chart_repository }
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

  cluster = {
    version                = var.kubernetes_version
    admin_principal_arns   = var.cluster_admin_arns
    endpoint_public_access = { cidrs = var.office_cidrs }
    node_groups = {
      general = { capacity = "on_demand", instance_types = ["m6i.large"], min = 2, max = 9, desired = 2 }
      burst   = { capacity = "spot", instance_types = ["m6i.large", "m5.large", "m5a.large"], min = 0, max = 20, desired = 0 }
    }
    load_balancer_controller = { chart_version = "3.5.0", repository = var.chart_repository }
  }
}

output "clusters" {
  value = { for key, stack in { primary = luneo_region_stack.primary, secondary = luneo_region_stack.secondary } : key => {
    name              = stack.cluster_name
    endpoint          = stack.cluster_endpoint
    oidc_provider_arn = stack.oidc_provider_arn
    kubeconfig        = "terraform-provider-luneo kubeconfig --name ${stack.cluster_name} --region ${stack.region}"
  } }
}
