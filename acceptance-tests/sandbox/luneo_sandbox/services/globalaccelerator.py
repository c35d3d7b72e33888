"""Global Accelerator, which moto does not have."""

import uuid

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow

from ..clock import Stage
from ..errors import aws_error
from ..unknown_to_moto import NewService, add, things


def _deploying():
    return Stage("IN_PROGRESS", "DEPLOYED", "globalaccelerator:accelerator")


class GlobalAccelerator(NewService):
    """Accelerators, their listeners, and these' endpoint groups; each change deploys the accelerator anew."""

    SERVICE = "globalaccelerator"

    def _find(self, kind, arn):
        found = self.things.get(arn)
        if found is None or found["kind"] != kind:
            raise aws_error(f"{kind}NotFoundException", f"{kind} {arn} does not exist.")
        return found

    def _children(self, arn):
        return [other for other in self.things if other.startswith(f"{arn}/")]

    def _keep(self, kind, arn, members):
        self.things[arn] = {"kind": kind, f"{kind}Arn": arn, **members}
        return self._say(self.things[arn])

    def _say(self, thing):
        said = {name: value.value if isinstance(value, Stage) else value for name, value in thing.items()}
        return ActionResult({said.pop("kind"): said})

    def _redeploy(self, arn):
        accelerator = self.things[arn.partition("/listener/")[0]]
        if not accelerator["Status"].over:
            raise aws_error("TransactionInProgressException", "There's already a transaction in progress.")
        accelerator["Status"], accelerator["LastModifiedTime"] = _deploying(), utcnow()

    def _given(self, *names):
        return {name: self.params[name] for name in names if name in self.params}

    def _once(self, make):
        """The token makes one thing."""
        token = ("token", self._get_action(), self.params.get("IdempotencyToken"))
        seen = things.setdefault(("globalaccelerator tokens", self.current_account), {})
        if token not in seen or seen[token] not in self.things:
            before = set(self.things)
            answer = make()
            seen[token] = next(iter(set(self.things) - before))
            return answer
        return self._say(self.things[seen[token]])

    def create_accelerator(self):
        """Enabled unless told otherwise."""
        arn = f"arn:{self.partition}:globalaccelerator::{self.current_account}:accelerator/{uuid.uuid4()}"
        members = {
            "Name": self.params["Name"],
            "IpAddressType": self.params.get("IpAddressType", "IPV4"),
            "Enabled": self.params.get("Enabled", True),
            "IpSets": [
                {"IpFamily": "IPv4", "IpAddressFamily": "IPv4", "IpAddresses": ["198.51.100.1", "198.51.100.2"]}
            ],
            "DnsName": f"a{uuid.uuid4().hex[:16]}.awsglobalaccelerator.com",
            "Status": _deploying(),
            "CreatedTime": utcnow(),
            "LastModifiedTime": utcnow(),
            "Tags": self.params.get("Tags", []),
        }
        return self._once(lambda: self._keep("Accelerator", arn, members))

    def describe_accelerator(self):
        """One accelerator."""
        return self._say(self._find("Accelerator", self.params["AcceleratorArn"]))

    def list_accelerators(self):
        """All of the account's."""
        found = [thing for thing in self.things.values() if thing["kind"] == "Accelerator"]
        return ActionResult({"Accelerators": [self._say(thing).result["Accelerator"] for thing in found]})

    def update_accelerator(self):
        """Name, address type, and whether it is enabled."""
        found = self._find("Accelerator", self.params["AcceleratorArn"])
        self._redeploy(found["AcceleratorArn"])
        found.update(self._given("Name", "IpAddressType", "Enabled"))
        return self._say(found)

    def delete_accelerator(self):
        """One that is disabled and has no listeners."""
        found = self._find("Accelerator", self.params["AcceleratorArn"])
        if found["Enabled"]:
            raise aws_error("AcceleratorNotDisabledException", "The accelerator must be disabled first.")
        if self._children(found["AcceleratorArn"]):
            raise aws_error("AssociatedListenerFoundException", "The accelerator has listeners.")
        if not found["Status"].over:
            raise aws_error("TransactionInProgressException", "There's already a transaction in progress.")
        del self.things[found["AcceleratorArn"]]
        return EmptyResult()

    def list_tags_for_resource(self):
        """An accelerator's."""
        return ActionResult({"Tags": self._find("Accelerator", self.params["ResourceArn"])["Tags"]})

    def tag_resource(self):
        """Adds or changes tags."""
        found = self._find("Accelerator", self.params["ResourceArn"])
        merged = {tag["Key"]: tag["Value"] for tag in [*found["Tags"], *self.params["Tags"]]}
        found["Tags"] = [{"Key": key, "Value": value} for key, value in merged.items()]
        return EmptyResult()

    def untag_resource(self):
        """Takes tags away."""
        found = self._find("Accelerator", self.params["ResourceArn"])
        found["Tags"] = [tag for tag in found["Tags"] if tag["Key"] not in self.params["TagKeys"]]
        return EmptyResult()

    def create_listener(self):
        """On an accelerator."""
        parent = self._find("Accelerator", self.params["AcceleratorArn"])["AcceleratorArn"]

        def make():
            self._redeploy(parent)
            members = {"ClientAffinity": "NONE", "Protocol": "TCP"}
            members.update(self._given("PortRanges", "Protocol", "ClientAffinity"))
            return self._keep("Listener", f"{parent}/listener/{uuid.uuid4().hex[:8]}", members)

        return self._once(make)

    def describe_listener(self):
        """One listener."""
        return self._say(self._find("Listener", self.params["ListenerArn"]))

    def list_listeners(self):
        """Of an accelerator."""
        parent = self._find("Accelerator", self.params["AcceleratorArn"])["AcceleratorArn"]
        found = [self.things[arn] for arn in self._children(parent) if self.things[arn]["kind"] == "Listener"]
        return ActionResult({"Listeners": [self._say(thing).result["Listener"] for thing in found]})

    def update_listener(self):
        """Ports, protocol, affinity."""
        found = self._find("Listener", self.params["ListenerArn"])
        self._redeploy(found["ListenerArn"])
        found.update(self._given("PortRanges", "Protocol", "ClientAffinity"))
        return self._say(found)

    def delete_listener(self):
        """One without endpoint groups."""
        found = self._find("Listener", self.params["ListenerArn"])
        if self._children(found["ListenerArn"]):
            raise aws_error("AssociatedEndpointGroupFoundException", "The listener has endpoint groups.")
        self._redeploy(found["ListenerArn"])
        del self.things[found["ListenerArn"]]
        return EmptyResult()

    _SETTINGS = (
        "TrafficDialPercentage",
        "HealthCheckPort",
        "HealthCheckProtocol",
        "HealthCheckPath",
        "HealthCheckIntervalSeconds",
        "ThresholdCount",
        "PortOverrides",
    )

    def _endpoints(self):
        if "EndpointConfigurations" not in self.params:
            return {}
        return {
            "EndpointDescriptions": [
                {"HealthState": "HEALTHY", "Weight": 128, **endpoint}
                for endpoint in self.params["EndpointConfigurations"]
            ]
        }

    def create_endpoint_group(self):
        """One a region on a listener."""
        parent, region = self._find("Listener", self.params["ListenerArn"]), self.params["EndpointGroupRegion"]

        def make():
            if any(
                self.things[arn].get("EndpointGroupRegion") == region for arn in self._children(parent["ListenerArn"])
            ):
                message = f"There is an endpoint group for {region} already."
                raise aws_error("EndpointGroupAlreadyExistsException", message)
            self._redeploy(parent["ListenerArn"])
            members = {
                "EndpointGroupRegion": region,
                "EndpointDescriptions": [],
                "TrafficDialPercentage": 100.0,
                "HealthCheckPort": parent["PortRanges"][0]["FromPort"],
                "HealthCheckProtocol": "TCP",
                "HealthCheckIntervalSeconds": 30,
                "ThresholdCount": 3,
                **self._given(*self._SETTINGS),
                **self._endpoints(),
            }
            return self._keep(
                "EndpointGroup", f"{parent['ListenerArn']}/endpoint-group/{uuid.uuid4().hex[:12]}", members
            )

        return self._once(make)

    def describe_endpoint_group(self):
        """One endpoint group."""
        return self._say(self._find("EndpointGroup", self.params["EndpointGroupArn"]))

    def list_endpoint_groups(self):
        """Of a listener."""
        parent = self._find("Listener", self.params["ListenerArn"])["ListenerArn"]
        found = [self._say(self.things[arn]).result["EndpointGroup"] for arn in self._children(parent)]
        return ActionResult({"EndpointGroups": found})

    def update_endpoint_group(self):
        """The list of endpoints is replaced as a whole."""
        found = self._find("EndpointGroup", self.params["EndpointGroupArn"])
        self._redeploy(found["EndpointGroupArn"])
        found.update({**self._given(*self._SETTINGS), **self._endpoints()})
        return self._say(found)

    def delete_endpoint_group(self):
        """Any."""
        found = self._find("EndpointGroup", self.params["EndpointGroupArn"])
        self._redeploy(found["EndpointGroupArn"])
        del self.things[found["EndpointGroupArn"]]
        return EmptyResult()


add(GlobalAccelerator)
