//! The cluster of a region stack.

#[cfg_attr(not(test), expect(dead_code, reason = "the cluster's drawing is what asks for the policy"))]
mod load_balancer_controller {
    pub(super) mod policy;
}
