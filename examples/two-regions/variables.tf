variable "kubernetes_version" {
  type        = string
  description = "A version that EKS offers, such as 1.35."
}

variable "cluster_admin_arns" {
  type        = list(string)
  description = "IAM roles and users that administer the clusters. Whoever runs terraform must be among them, for the charts."
}

variable "office_cidrs" {
  type        = list(string)
  description = "From where the clusters' API may be reached over the internet."
}

variable "chart_repository" {
  type        = string
  default     = null
  description = "Where charts come from; null is each chart's own home."
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
