//! What is in a cluster, by its own API and by helm.

mod complaints;
mod door;
mod faults;
mod helm;
mod installation;
mod kubeconfig;
mod load_balancers;
mod pods;
mod record;
mod release;
mod rendering;
mod token;
mod values;
mod workplace;

pub(crate) use helm::Tools;
pub use helm::{Helm, HelmError};
pub(crate) use installation::Failures;
pub use kubeconfig::kubeconfig;
pub use load_balancers::{Claim, LoadBalancers, load_balancers};
pub use release::{Release, SensitiveValues};
pub use rendering::check_chart;
pub use token::Token;

use door::{Door, Kubernetes};
