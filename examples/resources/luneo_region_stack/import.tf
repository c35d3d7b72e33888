# Recommended for a new stack too: what does not exist yet is made by the apply, and a run that was cut short is never
# tainted.
import {
  to = luneo_region_stack.main
  id = "eu-west-1/shop-prod"
}
