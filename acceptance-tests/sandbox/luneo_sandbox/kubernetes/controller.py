"""The part of the AWS load balancer controller, for as long as its Deployment is available and a test wants it played.

A Service of type LoadBalancer gets a network load balancer, an Ingress of class `alb` an application load balancer, in the
VPC's subnets that are tagged for it. Each carries the controller's finalizer until its load balancer is deleted.
"""

import dataclasses
import hashlib
import threading

import botocore.exceptions

from .. import world
from . import sandbox

_LOOK = 0.1
_NAME = "app.kubernetes.io/name=aws-load-balancer-controller"
_ALB = "ingress.k8s.aws/alb"


@dataclasses.dataclass(frozen=True)
class Sort:
    """What the controller makes load balancers for."""

    path: str
    plural: str
    prefix: str
    finalizer: str
    balancer: str


_SERVICE = Sort("/api/v1", "services", "service", "service.k8s.aws/resources", "network")
_INGRESS = Sort("/apis/networking.k8s.io/v1", "ingresses", "ingress", "ingress.k8s.aws/resources", "application")


class Controller:
    """Plays until `stop`."""

    def __init__(self, plane):
        self._plane, self._stopped = plane, threading.Event()
        threading.Thread(target=self._play, name="load balancer controller", daemon=True).start()

    def stop(self):
        """What is half done stays so, as when the controller dies."""
        self._stopped.set()

    def _play(self):
        while not self._stopped.wait(_LOOK):
            if self._plane.process_id is None or not self._plane.reachable:
                continue
            try:
                self._look(self._plane.api())
            except OSError:
                continue  # The API is just coming or going.
            except botocore.exceptions.ClientError as refusal:
                # The controller tries again, too.
                self._plane.say(f"the load balancer controller of {self._plane.cluster.name}: {refusal}")
                self._stopped.wait(1)

    def _look(self, api):
        # What is wanted is looked at first: it was wanted while the controller was there, then.
        services = api.list("/api/v1/services")
        ingresses = api.list("/apis/networking.k8s.io/v1/ingresses")
        deployments = api.list(f"/apis/apps/v1/deployments?labelSelector={_NAME}")
        if not any(deployment["status"].get("availableReplicas") for deployment in deployments):
            return
        for service in services:
            if service["spec"]["type"] == "LoadBalancer" or _SERVICE.finalizer in _finalizers(service):
                self._settle(api, _SERVICE, service)
        classes = {
            found["metadata"]["name"]
            for found in api.list("/apis/networking.k8s.io/v1/ingressclasses")
            if found["spec"].get("controller") == _ALB
        }
        for ingress in ingresses:
            if ingress["spec"].get("ingressClassName") in classes or _INGRESS.finalizer in _finalizers(ingress):
                self._settle(api, _INGRESS, ingress)

    def _settle(self, api, sort, found):
        meta = found["metadata"]
        path = f"{sort.path}/namespaces/{meta['namespace']}/{sort.plural}/{meta['name']}"
        finalizers, stack = _finalizers(found), f"{meta['namespace']}/{meta['name']}"
        version = {"resourceVersion": meta["resourceVersion"]}
        if meta.get("deletionTimestamp"):
            if sort.finalizer in finalizers:
                self._unmake(sort, stack)
                left = [name for name in finalizers if name != sort.finalizer]
                api.ask("PATCH", path, {"metadata": {"finalizers": left, **version}})
        elif sort.finalizer not in finalizers:
            api.ask("PATCH", path, {"metadata": {"finalizers": [*finalizers, sort.finalizer], **version}})
        elif (found["status"].get("loadBalancer") or {}).get("ingress"):
            return
        elif host := self._made(sort, stack, meta.get("annotations") or {}):
            status = {"loadBalancer": {"ingress": [{"hostname": host}]}}
            api.ask("PATCH", f"{path}/status", {"metadata": version, "status": status})

    def _made(self, sort, stack, annotations):
        """The host name of a load balancer, made now; None if no subnet is for it."""
        prefix = "service.beta.kubernetes.io/aws-load-balancer-" if sort is _SERVICE else "alb.ingress.kubernetes.io/"
        scheme = annotations.get(f"{prefix}scheme", "internal")
        subnets = self._subnets("elb" if scheme == "internet-facing" else "internal-elb")
        if not subnets:
            return None
        digest = hashlib.sha256(f"{self._plane.cluster.arn}/{sort.prefix}/{stack}".encode()).hexdigest()[:10]
        namespace, _, name = stack.partition("/")
        balancer = self._ask(
            "CreateLoadBalancer",
            Name="-".join(["k8s", *(part.replace(".", "")[:8].strip("-") for part in (namespace, name)), digest]),
            Subnets=subnets,
            Scheme=scheme,
            Type=sort.balancer,
            Tags=[{"Key": key, "Value": value} for key, value in self._tags(sort, stack).items()],
        )["LoadBalancers"][0]
        return balancer["DNSName"]

    def _unmake(self, sort, stack):
        for balancer in self._ask("DescribeLoadBalancers")["LoadBalancers"]:
            arn = balancer["LoadBalancerArn"]
            (described,) = self._ask("DescribeTags", ResourceArns=[arn])["TagDescriptions"]
            tags = {tag["Key"]: tag["Value"] for tag in described["Tags"]}
            if self._tags(sort, stack).items() <= tags.items():
                self._ask("DeleteLoadBalancer", LoadBalancerArn=arn)

    def _tags(self, sort, stack):
        return {
            "elbv2.k8s.aws/cluster": self._plane.cluster.name,
            f"{sort.prefix}.k8s.aws/stack": stack,
            f"{sort.prefix}.k8s.aws/resource": "LoadBalancer",
        }

    def _subnets(self, role):
        wanted = [
            {"Name": "vpc-id", "Values": [self._plane.cluster.resources_vpc_config["vpcId"]]},
            {"Name": "tag-key", "Values": [f"kubernetes.io/role/{role}"]},
        ]
        found = self._ask("DescribeSubnets", service="ec2", Filters=wanted)["Subnets"]
        return list({subnet["AvailabilityZone"]: subnet["SubnetId"] for subnet in found}.values())

    def _ask(self, operation, service="elbv2", **parameters):
        backend = self._plane.backend
        return world.call(sandbox(), service, operation, backend.region_name, parameters, backend.account_id)


def _finalizers(found):
    return found["metadata"].get("finalizers") or []
