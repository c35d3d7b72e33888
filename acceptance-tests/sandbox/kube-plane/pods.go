package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
)

// noSuchImage is what an image's name contains that cannot be pulled.
const noSuchImage = "does-not-exist"

// followPods plays each pod that is bound to a node. It is Ready at once, or, if it may end (restartPolicy Never or
// OnFailure), has ended well; a deleted pod goes at once; one whose image cannot be pulled waits, and its events say
// why, as a kubelet's do.
func (k *kubelets) followPods(ctx context.Context) error {
	// A pod's address is its own, also among those that an earlier process of this cluster gave.
	k.lastPod.Store(rand.Uint32N(50_000))
	factory := informers.NewSharedInformerFactory(k.client, 0)
	follow := func(object any) {
		pod, ok := object.(*core.Pod)
		if !ok || pod.Spec.NodeName == "" {
			return
		}
		if err := k.play(ctx, pod); err != nil && !errors.IsNotFound(err) && !errors.IsConflict(err) {
			klog.ErrorS(err, "fake kubelet", "pod", klog.KObj(pod))
		}
	}
	_, err := factory.Core().V1().Pods().Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    follow,
		UpdateFunc: func(_, pod any) { follow(pod) },
	})
	if err != nil {
		return err
	}
	factory.Start(ctx.Done())
	return nil
}

func (k *kubelets) play(ctx context.Context, pod *core.Pod) error {
	if pod.DeletionTimestamp != nil {
		return k.bury(ctx, pod)
	}
	waits := pod.Status.Phase == core.PodPending && cannotPull(pod)
	played := pod.Status.PodIP != "" && (pod.Status.Phase != core.PodPending || waits)
	if played || pod.Status.Phase == core.PodSucceeded || pod.Status.Phase == core.PodFailed {
		return nil
	}
	pod = pod.DeepCopy()
	k.start(pod)
	if _, err := k.client.CoreV1().Pods(pod.Namespace).UpdateStatus(ctx, pod, meta.UpdateOptions{}); err != nil {
		return err
	}
	for _, container := range pod.Spec.Containers {
		if strings.Contains(container.Image, noSuchImage) {
			if err := k.complain(ctx, pod, container); err != nil {
				return err
			}
		}
	}
	return nil
}

// bury takes away a pod whose containers have ended.
func (k *kubelets) bury(ctx context.Context, pod *core.Pod) error {
	now := int64(0)
	err := k.client.CoreV1().Pods(pod.Namespace).Delete(ctx, pod.Name, meta.DeleteOptions{
		GracePeriodSeconds: &now, Preconditions: meta.NewUIDPreconditions(string(pod.UID)),
	})
	if errors.IsNotFound(err) || errors.IsConflict(err) {
		return nil // It is gone, or another of its name is there.
	}
	return err
}

func cannotPull(pod *core.Pod) bool {
	for _, container := range pod.Spec.Containers {
		if strings.Contains(container.Image, noSuchImage) {
			return true
		}
	}
	return false
}

func (k *kubelets) start(pod *core.Pod) {
	now := meta.Now()
	n := k.lastPod.Add(1)
	s := &pod.Status
	s.StartTime, s.HostIP, s.PodIP = &now, "10.0.0.10", fmt.Sprintf("10.0.%d.%d", 16+n/250%200, 1+n%250)
	if shape, ok := k.nodes.Load(pod.Spec.NodeName); ok {
		s.HostIP = shape.(nodeShape).Address
	}
	s.HostIPs, s.PodIPs = []core.HostIP{{IP: s.HostIP}}, []core.PodIP{{IP: s.PodIP}}
	s.InitContainerStatuses, s.ContainerStatuses = nil, nil

	ends := pod.Spec.RestartPolicy == core.RestartPolicyNever || pod.Spec.RestartPolicy == core.RestartPolicyOnFailure
	ready := core.ConditionTrue
	s.Phase = core.PodRunning
	switch {
	case cannotPull(pod):
		s.Phase, ready = core.PodPending, core.ConditionFalse
	case ends:
		s.Phase, ready = core.PodSucceeded, core.ConditionFalse
	}
	exited := core.ContainerState{Terminated: &core.ContainerStateTerminated{Reason: "Completed", StartedAt: now, FinishedAt: now}}
	for _, c := range pod.Spec.InitContainers {
		s.InitContainerStatuses = append(s.InitContainerStatuses, core.ContainerStatus{Name: c.Name, Image: c.Image, Ready: true, State: exited})
	}
	for _, c := range pod.Spec.Containers {
		runs := !strings.Contains(c.Image, noSuchImage)
		status := core.ContainerStatus{Name: c.Name, Image: c.Image, Ready: runs && !ends, Started: &runs}
		switch {
		case !runs:
			status.State.Waiting = &core.ContainerStateWaiting{Reason: "ImagePullBackOff", Message: fmt.Sprintf("Back-off pulling image %q: ErrImagePull: %s", c.Image, pullError(c.Image))}
		case ends:
			status.State = exited
		default:
			status.State.Running = &core.ContainerStateRunning{StartedAt: now}
		}
		if runs {
			status.ImageID, status.ContainerID = c.Image, "containerd://"+string(pod.UID)
		}
		s.ContainerStatuses = append(s.ContainerStatuses, status)
	}
	s.Conditions = conditions(s.Conditions, map[core.PodConditionType]core.ConditionStatus{
		core.PodReadyToStartContainers: core.ConditionTrue, core.PodInitialized: core.ConditionTrue,
		core.ContainersReady: ready, core.PodReady: ready,
	}, now)
}

// conditions is before with those of now in place of their like.
func conditions(before []core.PodCondition, set map[core.PodConditionType]core.ConditionStatus, now meta.Time) []core.PodCondition {
	var all []core.PodCondition
	for _, condition := range before {
		if _, replaced := set[condition.Type]; !replaced {
			all = append(all, condition)
		}
	}
	for _, kind := range []core.PodConditionType{core.PodReadyToStartContainers, core.PodInitialized, core.ContainersReady, core.PodReady} {
		all = append(all, core.PodCondition{Type: kind, Status: set[kind], LastTransitionTime: now})
	}
	return all
}

func pullError(image string) string {
	return fmt.Sprintf("rpc error: code = NotFound desc = failed to resolve reference %q: %s: not found", image, image)
}

// complain writes the events of an image that cannot be pulled.
func (k *kubelets) complain(ctx context.Context, pod *core.Pod, container core.Container) error {
	for _, said := range []struct{ kind, reason, message string }{
		{core.EventTypeNormal, "Pulling", fmt.Sprintf("Pulling image %q", container.Image)},
		{core.EventTypeWarning, "Failed", fmt.Sprintf("Failed to pull image %q: %s", container.Image, pullError(container.Image))},
		{core.EventTypeWarning, "Failed", "Error: ErrImagePull"},
		{core.EventTypeNormal, "BackOff", fmt.Sprintf("Back-off pulling image %q", container.Image)},
		{core.EventTypeWarning, "Failed", "Error: ImagePullBackOff"},
	} {
		now := meta.Now()
		_, err := k.client.CoreV1().Events(pod.Namespace).Create(ctx, &core.Event{
			// By their names they are listed in the order in which they happened.
			ObjectMeta: meta.ObjectMeta{Name: fmt.Sprintf("%s.%x", pod.Name, now.UnixNano()), Namespace: pod.Namespace},
			InvolvedObject: core.ObjectReference{
				APIVersion: "v1", Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name, UID: pod.UID,
				FieldPath: fmt.Sprintf("spec.containers{%s}", container.Name),
			},
			Type: said.kind, Reason: said.reason, Message: said.message,
			Source:         core.EventSource{Component: "kubelet", Host: pod.Spec.NodeName},
			FirstTimestamp: now, LastTimestamp: now, Count: 1, ReportingController: "kubelet",
		}, meta.CreateOptions{})
		if err != nil {
			return err
		}
	}
	return nil
}
