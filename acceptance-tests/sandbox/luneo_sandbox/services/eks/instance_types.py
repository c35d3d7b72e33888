"""Instance types as node groups need them: whether there is such a one, for which processor, and where."""

from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS, INSTANCE_TYPES

from .operations import refuse

_ARM, _INTEL = "arm64", "x86_64"


def check(names):
    """Refuses names of types that EC2 does not have."""
    if unknown := [name for name in names if name not in INSTANCE_TYPES]:
        raise refuse(f"The following supplied instance types do not exist: [{', '.join(unknown)}]")


def architecture(name):
    """`arm64` or `x86_64`."""
    known = INSTANCE_TYPES[name].get("ProcessorInfo", {}).get("SupportedArchitectures") or [_INTEL]
    return _ARM if _ARM in known else _INTEL


def has_gpu(name):
    """Whether it has a graphics processor of NVIDIA's."""
    gpus = INSTANCE_TYPES[name].get("GpuInfo", {}).get("Gpus") or []
    return any(gpu.get("Manufacturer") == "NVIDIA" for gpu in gpus)


def processors(name):
    """How many vCPUs it counts for in the quota."""
    return int(INSTANCE_TYPES[name].get("VCpuInfo", {}).get("DefaultVCpus") or 2)


def is_standard(name):
    """Whether it counts for the quota of standard instances."""
    return name[0] in "acdhimrtz" and not name.startswith(("inf", "trn", "dl", "hpc", "mac"))


def offered(region, zone, name):
    """Whether the type can be had in the zone."""
    offers = INSTANCE_TYPE_OFFERINGS["availability-zone"].get(region, [])
    return any(offer["InstanceType"] == name and offer["Location"] == zone for offer in offers)


def default_image(names, version):
    """The kind of image that EKS takes if it is not told."""
    arm, gpu = architecture(names[0]) == _ARM, has_gpu(names[0])
    return f"AL2023_{'ARM_64' if arm else 'x86_64'}_{'NVIDIA' if gpu else 'STANDARD'}"


def check_image(image, names, minor_version):
    """Refuses a kind of image that does not run on the types, or not with that Kubernetes."""
    if image.startswith("AL2_") and minor_version > 32:
        raise refuse(f"AMI Type {image} is only supported for kubernetes versions 1.32 or earlier")
    if image == "CUSTOM":
        return
    wanted = _ARM if "ARM_64" in image else _INTEL
    for name in names:
        gpu = has_gpu(name)
        if architecture(name) != wanted or (("NVIDIA" in image or image.endswith("_GPU")) and not gpu):
            raise refuse(f"[{name}] is not a valid instance type for requested amiType {image}")
