//! Which image goes with which types of instances.

use aws_objects::lookup::{InstanceType, InstanceTypes};
use std::collections::BTreeMap;
use tfplugin::Diagnostic;

/// What an image is made for: a processor, and what computes beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Make {
    X86,
    Arm,
    X86WithNvidia,
    ArmWithNvidia,
    X86WithNeuron,
}

impl Make {
    fn of(r#type: &InstanceType) -> Make {
        let is_arm = r#type.architectures.iter().any(|architecture| architecture == "arm64");
        let has_nvidia = r#type.gpu_maker.as_ref().is_some_and(|maker| maker.eq_ignore_ascii_case("nvidia"));
        // AWS's own chips for machine learning are no GPUs; the families tell.
        let has_neuron = ["inf", "trn"].iter().any(|family| r#type.name.starts_with(family));
        match (is_arm, has_nvidia) {
            (true, true) => Make::ArmWithNvidia,
            (true, false) => Make::Arm,
            (false, true) => Make::X86WithNvidia,
            (false, false) if has_neuron => Make::X86WithNeuron,
            (false, false) => Make::X86,
        }
    }

    /// EKS's image for it.
    fn image(self) -> &'static str {
        match self {
            Make::X86 => "AL2023_x86_64_STANDARD",
            Make::Arm => "AL2023_ARM_64_STANDARD",
            Make::X86WithNvidia => "AL2023_x86_64_NVIDIA",
            Make::ArmWithNvidia => "AL2023_ARM_64_NVIDIA",
            Make::X86WithNeuron => "AL2023_x86_64_NEURON",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Make::X86 => "x86",
            Make::Arm => "ARM",
            Make::X86WithNvidia => "x86 with NVIDIA's GPUs",
            Make::ArmWithNvidia => "ARM with NVIDIA's GPUs",
            Make::X86WithNeuron => "x86 with AWS's Neuron chips",
        }
    }
}

/// The image for instances of all these `types`, of which `known` was found out.
pub(super) fn choose(types: &[String], known: &InstanceTypes) -> Result<&'static str, Diagnostic> {
    let unknown: Vec<String> =
        types.iter().filter(|name| known.unknown.contains(name)).map(|name| format!("{name:?}")).collect();
    if !unknown.is_empty() {
        let detail = format!("The region has no {}. Write types that it has.", unknown.join(", "));
        return Err(Diagnostic::error("There is no such type of instance here", detail));
    }
    let mut makes: BTreeMap<Make, Vec<&str>> = BTreeMap::new();
    for found in known.known.iter().filter(|found| types.contains(&found.name)) {
        makes.entry(Make::of(found)).or_default().push(&found.name);
    }
    let listed: Vec<String> =
        makes.iter().map(|(make, types)| format!("{} ({})", make.words(), types.join(", "))).collect();
    match makes.into_keys().collect::<Vec<_>>()[..] {
        [make] => Ok(make.image()),
        _ => {
            let detail = format!(
                "A group has one image, and these types need several: {}. Make a group for each.",
                listed.join("; ")
            );
            Err(Diagnostic::error("The types of instances do not go together", detail))
        }
    }
}

/// The disks of an image: what each is called, and its size where that is not the user's to choose.
pub(super) fn disks(ami_type: &str) -> &'static [(&'static str, Option<i32>)] {
    if ami_type.starts_with("BOTTLEROCKET") {
        // The first one holds the system only.
        &[("/dev/xvda", Some(4)), ("/dev/xvdb", None)]
    } else if ami_type.starts_with("WINDOWS") {
        &[("/dev/sda1", None)]
    } else {
        &[("/dev/xvda", None)]
    }
}
