"""A real Kubernetes control plane behind each EKS cluster: `kube-plane`, one process a cluster, started on demand."""

_sandbox = None


def serve_at(address):
    """The sandbox answers at `address`, where control planes ask whose a token is."""
    global _sandbox
    _sandbox = address


def sandbox():
    """That address."""
    return _sandbox
