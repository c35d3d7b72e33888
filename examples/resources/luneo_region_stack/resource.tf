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

  cluster = {
    version                = "1.35"
    upgrade_policy         = "standard" # standard | extended
    admin_principal_arns   = var.cluster_admin_arns
    endpoint_public_access = { cidrs = ["192.0.2.0/24"] } # left out: the private endpoint only

    access = {
      auditors = {
        principal_arn = "arn:aws:iam::111122223333:role/auditors"
        policies      = { AmazonEKSViewPolicy = ["web"] } # in these namespaces; [] is the whole cluster
      }
    }

    node_groups = {
      general = { capacity = "on_demand", instance_types = ["m7g.large"], min = 2, max = 6, desired = 2 }
      batch = {
        capacity       = "spot"
        instance_types = ["m6i.large", "m5.large", "m5a.large"]
        min            = 0
        max            = 20
        desired        = 0
        labels         = { work = "batch" }
        taints         = [{ key = "work", value = "batch", effect = "NO_SCHEDULE" }]
      }
    }

    addons = {
      metrics-server = {} # besides vpc-cni, kube-proxy, eks-pod-identity-agent, coredns and aws-ebs-csi-driver
    }

    service_accounts = {
      external-dns = {
        namespace = "dns"
        name      = "external-dns"
        policy = jsonencode({
          Version = "2012-10-17"
          Statement = [{
            Effect   = "Allow"
            Action   = ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"]
            Resource = "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"
          }]
        })
      }
    }

    load_balancer_controller = { chart_version = "3.5.0", repository = var.chart_repository }

    charts = {
      hello = {
        chart      = "hello"
        repository = var.chart_repository
        version    = "1.1.0"
        namespace  = "web"
        values     = { replicas = 2 }
      }
    }
  }
}

variable "cluster_admin_arns" {
  type = list(string)
}

variable "chart_repository" {
  type    = string
  default = "https://charts.example.com"
}

output "private_subnet_ids" {
  value = { for zone, subnet in luneo_region_stack.main.subnets.private : zone => subnet.id }
}
