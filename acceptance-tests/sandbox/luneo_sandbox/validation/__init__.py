"""Every request against botocore's model of its operation."""


def read(request):
    """Fills in the request's parameters and what is wrong with them."""


def refuse(request):
    """Raises the refusal of a request that is wrong."""
