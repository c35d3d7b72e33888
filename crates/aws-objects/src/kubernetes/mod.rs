//! What is in a cluster, by its own API and by helm.

mod load_balancers;
mod release;

pub use load_balancers::LoadBalancers;
pub use release::{Release, SensitiveValues};
