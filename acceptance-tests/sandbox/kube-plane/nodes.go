package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/util/retry"
)

// nodeShape is a node as the sandbox wants it.
type nodeShape struct {
	Name         string            `json:"name"`
	Address      string            `json:"address"` // Within the VPC.
	Labels       map[string]string `json:"labels"`
	Taints       []core.Taint      `json:"taints"`
	Zone         string            `json:"zone"`
	Region       string            `json:"region"`
	InstanceType string            `json:"instanceType"`
	Architecture string            `json:"architecture"`
	Version      string            `json:"version"` // The kubelet's: v1.33.4-eks-...
	ProviderID   string            `json:"providerID"`
}

// shapeKey is the annotation that tells the next process of this cluster what a node was made from.
const shapeKey = "sandbox/shape"

// isSameMachine says whether other is this node with other labels and taints, or another machine.
func (n nodeShape) isSameMachine(other nodeShape) bool {
	n.Labels, n.Taints, other.Labels, other.Taints = nil, nil, nil, nil
	return reflect.DeepEqual(n, other)
}

// labels are all that a kubelet and its cloud give a node.
func (n nodeShape) labels() map[string]string {
	all := map[string]string{
		core.LabelHostname: n.Name, core.LabelOSStable: "linux", core.LabelArchStable: n.Architecture,
		core.LabelInstanceTypeStable: n.InstanceType, core.LabelTopologyZone: n.Zone, core.LabelTopologyRegion: n.Region,
		"beta.kubernetes.io/os": "linux", "beta.kubernetes.io/arch": n.Architecture,
		core.LabelInstanceType: n.InstanceType, core.LabelFailureDomainBetaZone: n.Zone, core.LabelFailureDomainBetaRegion: n.Region,
	}
	maps.Copy(all, n.Labels)
	return all
}

// kubelets plays the kubelet of every node: nodes are Ready and their leases kept, and pods do as pods.go says.
type kubelets struct {
	client  kubernetes.Interface
	changes sync.Mutex // One change of the nodes after the other.
	nodes   sync.Map   // Name to nodeShape: those that exist.
	lastPod atomic.Uint32
}

func startKubelets(ctx context.Context, client kubernetes.Interface) (*kubelets, error) {
	k := &kubelets{client: client}
	if err := k.followPods(ctx); err != nil {
		return nil, err
	}
	go k.keepLeases(ctx)
	return k, nil
}

// become makes wanted the cluster's nodes. A node that is not wanted any more goes, and its pods with it, so that their
// controllers make others.
func (k *kubelets) become(ctx context.Context, wanted []nodeShape) error {
	k.changes.Lock()
	defer k.changes.Unlock()
	shapes := map[string]nodeShape{}
	for _, shape := range wanted {
		shapes[shape.Name] = shape
	}
	found, err := k.client.CoreV1().Nodes().List(ctx, meta.ListOptions{})
	if err != nil {
		return err
	}
	for _, node := range found.Items {
		if _, known := k.nodes.Load(node.Name); !known {
			k.remember(&node)
		}
		before, known := k.nodes.Load(node.Name)
		shape, stays := shapes[node.Name]
		if stays && known && shape.isSameMachine(before.(nodeShape)) {
			continue
		}
		if err := k.remove(ctx, node.Name); err != nil {
			return fmt.Errorf("node %s: %w", node.Name, err)
		}
	}
	for _, shape := range wanted {
		if err := k.put(ctx, shape); err != nil {
			return fmt.Errorf("node %s: %w", shape.Name, err)
		}
	}
	return nil
}

// remember takes in a node that an earlier process of this cluster made.
func (k *kubelets) remember(node *core.Node) {
	var shape nodeShape
	if json.Unmarshal([]byte(node.Annotations[shapeKey]), &shape) == nil && shape.Name == node.Name {
		k.nodes.Store(node.Name, shape)
	}
}

func (k *kubelets) remove(ctx context.Context, name string) error {
	k.nodes.Delete(name)
	err := k.client.CoreV1().Nodes().Delete(ctx, name, meta.DeleteOptions{})
	if err != nil && !errors.IsNotFound(err) {
		return err
	}
	pods, err := k.client.CoreV1().Pods("").List(ctx, meta.ListOptions{FieldSelector: "spec.nodeName=" + name})
	if err != nil {
		return err
	}
	for i := range pods.Items {
		if err := k.bury(ctx, &pods.Items[i]); err != nil {
			return err
		}
	}
	return nil
}

func (k *kubelets) put(ctx context.Context, shape nodeShape) error {
	before, known := k.nodes.Load(shape.Name)
	if known && reflect.DeepEqual(before, shape) {
		return nil
	}
	nodes := k.client.CoreV1().Nodes()
	text, err := json.Marshal(shape)
	if err != nil {
		return err
	}
	node := &core.Node{
		ObjectMeta: meta.ObjectMeta{Name: shape.Name, Labels: shape.labels(), Annotations: map[string]string{shapeKey: string(text)}},
		Spec:       core.NodeSpec{ProviderID: shape.ProviderID, Taints: shape.Taints},
	}
	made, err := nodes.Create(ctx, node, meta.CreateOptions{})
	if errors.IsAlreadyExists(err) {
		made, err = k.relabel(ctx, node, shape, before)
	}
	if err != nil {
		return err
	}
	k.nodes.Store(shape.Name, shape)
	made.Status = status(shape)
	return retry.RetryOnConflict(retry.DefaultRetry, func() error {
		_, err := nodes.UpdateStatus(ctx, made, meta.UpdateOptions{})
		if errors.IsConflict(err) {
			if newest, getErr := nodes.Get(ctx, shape.Name, meta.GetOptions{}); getErr == nil {
				newest.Status, made = made.Status, newest
			}
		}
		return err
	})
}

// relabel gives the node its labels and taints, and leaves alone those that others gave it.
func (k *kubelets) relabel(ctx context.Context, wanted *core.Node, shape nodeShape, before any) (*core.Node, error) {
	ours := map[string]string{}
	var ourTaints []core.Taint
	if old, ok := before.(nodeShape); ok {
		ours, ourTaints = old.labels(), old.Taints
	}
	var changed *core.Node
	err := retry.RetryOnConflict(retry.DefaultRetry, func() error {
		node, err := k.client.CoreV1().Nodes().Get(ctx, shape.Name, meta.GetOptions{})
		if err != nil {
			return err
		}
		for name := range ours {
			delete(node.Labels, name)
		}
		maps.Copy(node.Labels, wanted.Labels)
		if node.Annotations == nil {
			node.Annotations = map[string]string{}
		}
		maps.Copy(node.Annotations, wanted.Annotations)
		taints := append([]core.Taint{}, shape.Taints...)
		for _, taint := range node.Spec.Taints {
			if !contains(ourTaints, taint) && !contains(shape.Taints, taint) {
				taints = append(taints, taint)
			}
		}
		node.Spec.Taints = taints
		changed, err = k.client.CoreV1().Nodes().Update(ctx, node, meta.UpdateOptions{})
		return err
	})
	return changed, err
}

func contains(taints []core.Taint, wanted core.Taint) bool {
	for i := range taints {
		if taints[i].MatchTaint(&wanted) {
			return true
		}
	}
	return false
}

func status(shape nodeShape) core.NodeStatus {
	// As much of everything as a scheduler may want: what fits where is not played.
	room := core.ResourceList{
		core.ResourceCPU: resource.MustParse("64"), core.ResourceMemory: resource.MustParse("256Gi"),
		core.ResourcePods: resource.MustParse("250"), core.ResourceEphemeralStorage: resource.MustParse("1Ti"),
	}
	now := meta.Now()
	condition := func(kind core.NodeConditionType, status core.ConditionStatus, reason, message string) core.NodeCondition {
		return core.NodeCondition{Type: kind, Status: status, Reason: reason, Message: message, LastHeartbeatTime: now, LastTransitionTime: now}
	}
	return core.NodeStatus{
		Capacity: room, Allocatable: room,
		Addresses: []core.NodeAddress{
			{Type: core.NodeInternalIP, Address: shape.Address}, {Type: core.NodeInternalDNS, Address: shape.Name},
			{Type: core.NodeHostName, Address: shape.Name},
		},
		NodeInfo: core.NodeSystemInfo{
			KubeletVersion: shape.Version, OperatingSystem: "linux", Architecture: shape.Architecture,
			ContainerRuntimeVersion: "containerd://2.1.4", OSImage: "Amazon Linux 2023", KernelVersion: "6.12.0",
		},
		Conditions: []core.NodeCondition{
			condition(core.NodeMemoryPressure, core.ConditionFalse, "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
			condition(core.NodeDiskPressure, core.ConditionFalse, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
			condition(core.NodePIDPressure, core.ConditionFalse, "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
			condition(core.NodeReady, core.ConditionTrue, "KubeletReady", "kubelet is posting ready status"),
		},
	}
}

// keepLeases renews every node's lease, which the node controller watches.
func (k *kubelets) keepLeases(ctx context.Context) {
	for {
		wait := 10 * time.Second
		k.nodes.Range(func(name, _ any) bool {
			if k.renewLease(ctx, name.(string)) != nil {
				// The API server makes the leases' namespace some seconds after it is ready.
				wait = time.Second
			}
			return true
		})
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (k *kubelets) renewLease(ctx context.Context, node string) error {
	leases := k.client.CoordinationV1().Leases(core.NamespaceNodeLease)
	now, seconds := meta.NowMicro(), int32(40)
	lease, err := leases.Get(ctx, node, meta.GetOptions{})
	if errors.IsNotFound(err) {
		_, err = leases.Create(ctx, &coordination.Lease{
			ObjectMeta: meta.ObjectMeta{Name: node},
			Spec:       coordination.LeaseSpec{HolderIdentity: &node, LeaseDurationSeconds: &seconds, RenewTime: &now},
		}, meta.CreateOptions{})
	} else if err == nil {
		lease.Spec.RenewTime = &now
		_, err = leases.Update(ctx, lease, meta.UpdateOptions{})
	}
	return err
}
