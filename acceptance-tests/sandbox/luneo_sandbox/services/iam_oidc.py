"""Identity providers: IAM looks at the issuer before it believes in it."""

import hashlib
import urllib.parse

from moto.core.responses import EmptyResult
from moto.eks.models import eks_backends
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse

from .. import patching, quotas
from ..errors import aws_error

_CONSTRAINT = "1 validation error detected: {} failed to satisfy constraint: Member must have length {}"
_reachable = {}


@patching.on_reset
def forget():
    """Issuers are reached once they are there."""
    _reachable.clear()


def reach(account, reachable):
    """Makes IAM reach the issuers of the account's clusters, or not; None leaves it to their age."""
    _reachable[account] = reachable


def _invalid(message):
    return aws_error("ValidationError", message)


def _check_url(url):
    parsed = urllib.parse.urlparse(url)
    if len(url) > 255:
        raise _invalid(_CONSTRAINT.format("Value at 'url'", "less than or equal to 255"))
    if parsed.scheme != "https" or not parsed.netloc or url.endswith("/"):
        raise _invalid("Invalid Open ID Connect Provider URL")
    if parsed.query or parsed.fragment or parsed.port not in (None, 443):
        raise aws_error("InvalidInput", "The Open ID Connect Provider URL must have neither port, query nor fragment.")


def _clusters(account):
    for region in list(eks_backends[account].values()):
        yield from region.clusters.values()


def _refuse_unreachable(account, url):
    """An issuer of EKS is one of a cluster that is up, and it takes a while until it answers."""
    if ".eks." not in url:
        return
    cluster = next((one for one in _clusters(account) if one.identity["oidc"]["issuer"] == url), None)
    wish = _reachable.get(account)
    up = cluster is not None and cluster.status not in ("CREATING", "FAILED") and cluster.issuer_answers.over
    if wish is False or (wish is None and not up):
        message = f"Identity provider could not be reached: {url}/.well-known/openid-configuration"
        raise aws_error("OpenIdIdpCommunicationError", message)


@patching.wrap(IAMBackend, "create_open_id_connect_provider")
def create(self, original, url, thumbprint_list, client_id_list, tags):
    """One an issuer; thumbprints that are not given are found out."""
    _check_url(url)
    thumbprints, clients = list(thumbprint_list or []), list(client_id_list or [])
    if any(len(one) != 40 for one in thumbprints):
        raise _invalid("Thumbprint must be exactly 40 characters long")
    if len(thumbprints) > 5:
        raise aws_error("InvalidInput", "Thumbprint list must contain fewer than 5 entries.")
    if len(clients) > 100:
        raise aws_error("InvalidInput", "Client ID list must contain fewer than 100 entries.")
    taken = {provider.url for provider in self.open_id_providers.values()}
    if url.removeprefix("https://") in taken:
        raise aws_error("EntityAlreadyExists", f"Provider with url {url} already exists.", 409)
    limit = quotas.value(self.account_id, "L-858F3967")
    if len(taken) >= limit:
        message = f"Cannot exceed quota for OpenIdConnectProvidersPerAccount: {limit}"
        raise aws_error("LimitExceeded", message, 409)
    _refuse_unreachable(self.account_id, url)
    return original(url, thumbprints or [_thumbprint(url)], clients, tags)


def _thumbprint(url):
    return hashlib.sha1(urllib.parse.urlparse(url).netloc.encode()).hexdigest()


@patching.before(IAMBackend, "update_open_id_connect_provider_thumbprint")
def refuse_no_thumbprint(self, arn, thumbprint_list):
    """They can be replaced, not taken away."""
    if not thumbprint_list:
        raise _invalid(_CONSTRAINT.format("Value '[]' at 'thumbprintList'", "greater than or equal to 1"))


def _provider(self):
    arn = self._get_param("OpenIDConnectProviderArn")
    found = self.backend.open_id_providers.get(arn)
    if found is None:
        raise aws_error("NoSuchEntity", f"OpenIDConnect Provider not found for arn {arn}", 404)
    return found


@patching.wrap(IamResponse, "add_client_id_to_open_id_connect_provider")
def add_client(self, _original):
    """One more audience; one that is there already stays."""
    provider, client = _provider(self), self._get_param("ClientID")
    if client not in provider.client_id_list:
        provider.client_id_list.append(client)
    return EmptyResult()


@patching.wrap(IamResponse, "remove_client_id_from_open_id_connect_provider")
def remove_client(self, _original):
    """One audience less; one that is not there does not matter."""
    provider, client = _provider(self), self._get_param("ClientID")
    if client in provider.client_id_list:
        provider.client_id_list.remove(client)
    return EmptyResult()
