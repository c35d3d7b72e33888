// kube-plane is one whole Kubernetes control plane in one process, for the sandbox's EKS clusters: etcd,
// kube-apiserver, kube-controller-manager and kube-scheduler are the real ones; kubelets, EKS's authentication and
// the network between API server and pods are played.
//
//	kube-plane -dir DIR [-listen 127.0.0.1:0] [-nodes nodes.json] [-token-url URL -arn ARN] ...
//
// When it is ready it prints one line of JSON on standard output, {"endpoint": ..., "kubeconfig": ..., ...}. From then
// on it obeys commands on standard input (see commands.go). SIGTERM ends it at once. Started again with the same -dir,
// it is the same cluster. Nothing listens anywhere but on loopback and on unix sockets in DIR.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	logsapi "k8s.io/component-base/logs/api/v1"
	"k8s.io/klog/v2"
)

// The kernel takes no longer names for unix sockets; the longest in DIR is etcd-peer.sock.
const longestDir = 108 - len("/etcd-peer.sock") - 1

type options struct {
	dir, listen, cluster, issuer, nodes, tokenURL, arn, webhooks string
	listenFD, verbosity                                          int
	idle                                                         time.Duration
	withParent                                                   bool
}

func main() {
	o := parseOptions()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50) // A hundred megabytes less, and no slower.
	}
	started := time.Now()
	// The components are never told to stop: their graceful end takes 7 s, and all that must last is in etcd's files.
	ctx := context.Background()
	stopping := make(chan os.Signal, 1)
	signal.Notify(stopping, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-stopping
		os.Exit(0)
	}()

	door, err := openDoor(o)
	check(err)
	keys := makePKI(o.dir)
	check(writeKubeconfig(keys.path("kubeconfig"), o.cluster, door.endpoint(), keys.caPEM, keys.adminToken))
	check(writeKubeconfig(keys.path("system.kubeconfig"), o.cluster, door.internalEndpoint(), keys.caPEM, keys.systemToken))
	client, err := systemClient(keys.path("system.kubeconfig"))
	check(err)

	check(startEtcd(o.dir))
	egress, err := startEgress(o.dir, o.webhooks, client)
	check(err)
	access, err := startAccess(keys, o, client)
	check(err)

	failed := make(chan error, 3)
	go func() { failed <- runAPIServer(ctx, door, apiServerArguments(o, keys, egress.config, access)) }()
	check(waitUntilReady(door, keys, failed))
	go func() { failed <- runControllerManager(ctx, controllerManagerArguments(o, keys)) }()
	go func() { failed <- runScheduler(ctx, schedulerArguments(keys)) }()
	check(access.follow(ctx))

	kubelets, err := startKubelets(ctx, client)
	check(err)
	if o.nodes != "" {
		wanted, err := readNodes(o.nodes)
		check(err)
		check(kubelets.become(ctx, wanted))
	}
	// Whoever has been knocking finds the nodes there.
	check(door.open())

	out := json.NewEncoder(os.Stdout)
	check(out.Encode(map[string]any{
		"endpoint": door.endpoint(), "kubeconfig": keys.path("kubeconfig"), "ca": keys.path("ca.crt"),
		"pid": os.Getpid(), "seconds": time.Since(started).Seconds(),
	}))
	go door.endWhenIdle()
	go obey(ctx, out, o, commands{kubelets: kubelets, egress: egress, door: door})
	fatal(fmt.Errorf("a component stopped: %w", <-failed))
}

func parseOptions() options {
	var o options
	flag.StringVar(&o.dir, "dir", "", "state directory (made if need be): certificates, etcd's files, kubeconfig")
	flag.StringVar(&o.listen, "listen", "127.0.0.1:0", "loopback address of the API, port 0 for a free one")
	flag.IntVar(&o.listenFD, "listen-fd", 0, "inherited descriptor of a socket that listens already, in place of -listen")
	flag.StringVar(&o.cluster, "cluster", "kube-plane", "name of the cluster")
	flag.StringVar(&o.arn, "arn", "", "ARN of the cluster, for -token-url")
	flag.StringVar(&o.tokenURL, "token-url", "", "whom to ask who an EKS token belongs to; without it every such token is refused")
	flag.StringVar(&o.issuer, "issuer", "https://kubernetes.default.svc.cluster.local", "the cluster's OIDC issuer")
	flag.StringVar(&o.nodes, "nodes", "", "file with the first nodes, as the command \"nodes\" takes them")
	flag.StringVar(&o.webhooks, "webhooks", "allow", "how admission webhooks in pods answer: allow, or refuse, as if nothing listened there")
	flag.DurationVar(&o.idle, "idle", 0, "end when nobody has been connected for so long; 0 is never")
	flag.BoolVar(&o.withParent, "with-parent", false, "end, and remove -dir, when standard input is closed")
	flag.IntVar(&o.verbosity, "v", 0, "verbosity of the components' logs")
	flag.Parse()
	if o.dir == "" {
		fatal(fmt.Errorf("-dir is required"))
	}
	absolute, err := filepath.Abs(o.dir)
	check(err)
	o.dir = absolute
	if len(o.dir) > longestDir {
		fatal(fmt.Errorf("-dir %s is longer than %d characters, and unix sockets in it could not be named", o.dir, longestDir))
	}
	check(os.MkdirAll(o.dir, 0o700))

	// The flags of klog itself, not those of the components: logs go to standard error.
	logging := flag.NewFlagSet("klog", flag.ExitOnError)
	klog.InitFlags(logging)
	check(logging.Parse([]string{"-v", fmt.Sprint(o.verbosity), "-logtostderr"}))
	// Each component applies the logging configuration of the process.
	logsapi.ReapplyHandling = logsapi.ReapplyHandlingIgnoreUnchanged
	rest.SetDefaultWarningHandler(rest.NoWarnings{})
	return o
}

func systemClient(kubeconfig string) (*kubernetes.Clientset, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	config.QPS, config.Burst = 200, 400
	return kubernetes.NewForConfig(rest.AddUserAgent(config, "kube-plane"))
}

func check(err error) {
	if err != nil {
		fatal(err)
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "kube-plane:", err)
	os.Exit(1)
}
