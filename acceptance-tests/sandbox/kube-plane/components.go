package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/spf13/pflag"
	cliflag "k8s.io/component-base/cli/flag"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	apiserveroptions "k8s.io/kubernetes/cmd/kube-apiserver/app/options"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	controllermanageroptions "k8s.io/kubernetes/cmd/kube-controller-manager/app/options"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	scheduleroptions "k8s.io/kubernetes/cmd/kube-scheduler/app/options"
)

func apiServerArguments(o options, keys pki, egressConfig string, access *access) []string {
	return []string{
		"--etcd-servers=unix://" + etcdSocket(o.dir),
		"--egress-selector-config-file=" + egressConfig,
		"--enable-aggregator-routing=true", // As in EKS: a webhook is dialled at a pod, and one without pods says so.
		"--kubelet-preferred-address-types=InternalIP",
		"--endpoint-reconciler-type=none", // The address is loopback, which an Endpoints object may not hold.
		"--tls-cert-file=" + keys.path("server.crt"),
		"--tls-private-key-file=" + keys.path("server.key"),
		"--client-ca-file=" + keys.path("ca.crt"),
		"--token-auth-file=" + keys.path("tokens.csv"),
		"--authentication-token-webhook-config-file=" + access.tokenConfig,
		"--authentication-token-webhook-version=v1",
		"--authentication-token-webhook-cache-ttl=0s", // What a test takes away is gone with the next request.
		"--authorization-mode=Node,RBAC,Webhook",
		"--authorization-webhook-config-file=" + access.policyConfig,
		"--authorization-webhook-version=v1",
		"--authorization-webhook-cache-authorized-ttl=0s",
		"--authorization-webhook-cache-unauthorized-ttl=0s",
		"--service-cluster-ip-range=172.20.0.0/16", // What EKS takes by default.
		"--service-account-issuer=" + o.issuer,
		"--service-account-key-file=" + keys.path("sa.pub"),
		"--service-account-signing-key-file=" + keys.path("sa.key"),
		"--api-audiences=" + o.issuer + ",sts.amazonaws.com",
		"--allow-privileged=true",
		"--profiling=false",
		"--shutdown-delay-duration=0s",
		"--cert-dir=" + o.dir,
	}
}

func controllerManagerArguments(o options, keys pki) []string {
	return []string{
		"--kubeconfig=" + keys.path("system.kubeconfig"),
		"--leader-elect=false",
		"--secure-port=0",
		"--profiling=false",
		"--use-service-account-credentials=false",
		"--service-account-private-key-file=" + keys.path("sa.key"),
		"--root-ca-file=" + keys.path("ca.crt"),
		"--cluster-name=" + o.cluster,
	}
}

func schedulerArguments(keys pki) []string {
	return []string{
		"--kubeconfig=" + keys.path("system.kubeconfig"),
		"--leader-elect=false",
		"--secure-port=0",
		"--profiling=false",
	}
}

// The three below do what the components' own commands do, less their signal handlers, of which a process may set up
// but one.

func runAPIServer(ctx context.Context, door *door, arguments []string) error {
	s := apiserveroptions.NewServerRunOptions()
	s.SecureServing.Listener = door
	host, port := door.internalHostPort()
	arguments = append(arguments, "--bind-address="+host, "--secure-port="+port)
	if err := parse("kube-apiserver", s.Flags(), arguments); err != nil {
		return err
	}
	// Else what a token is worth would be remembered for 10 s, whichever authenticator said so.
	s.Authentication.TokenSuccessCacheTTL = 0
	if err := s.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return err
	}
	completed, err := s.Complete(ctx)
	if err != nil {
		return err
	}
	if errs := completed.Validate(); len(errs) > 0 {
		return fmt.Errorf("kube-apiserver: %v", errs)
	}
	return apiserver.Run(ctx, completed)
}

func runControllerManager(ctx context.Context, arguments []string) error {
	s, err := controllermanageroptions.NewKubeControllerManagerOptions()
	if err != nil {
		return err
	}
	known, disabled, aliases := controllermanager.KnownControllers(), controllermanager.ControllersDisabledByDefault(), controllermanager.ControllerAliases()
	sets := s.Flags(known, disabled, aliases)
	s.ParsedFlags = &sets
	if err := parse("kube-controller-manager", sets, arguments); err != nil {
		return err
	}
	config, err := s.Config(ctx, known, disabled, aliases)
	if err != nil {
		return err
	}
	return controllermanager.Run(ctx, config.Complete())
}

func runScheduler(ctx context.Context, arguments []string) error {
	s := scheduleroptions.NewOptions()
	if err := parse("kube-scheduler", *s.Flags, arguments); err != nil {
		return err
	}
	config, made, err := scheduler.Setup(ctx, s)
	if err != nil {
		return err
	}
	return scheduler.Run(ctx, config, made)
}

func parse(name string, sets cliflag.NamedFlagSets, arguments []string) error {
	flags := pflag.NewFlagSet(name, pflag.ContinueOnError)
	for _, set := range sets.FlagSets {
		flags.AddFlagSet(set)
	}
	return flags.Parse(arguments)
}

// waitUntilReady returns when the API server calls itself ready, or with why it does not.
func waitUntilReady(door *door, keys pki, failed <-chan error) error {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(keys.caPEM)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true}
	client := &http.Client{Timeout: 5 * time.Second, Transport: transport}
	request, err := http.NewRequest(http.MethodGet, door.internalEndpoint()+"/readyz?verbose", nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+keys.systemToken)
	last := ""
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); {
		select {
		case err := <-failed:
			return fmt.Errorf("kube-apiserver: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
		answer, err := client.Do(request)
		if err != nil {
			last = err.Error()
			continue
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			return nil
		}
		last = string(body)
	}
	return fmt.Errorf("kube-apiserver was not ready after two minutes: %s", last)
}
