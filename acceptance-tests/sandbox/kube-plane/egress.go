package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// egress is the proxy that everything goes through that the API server dials on the cluster's behalf: admission
// webhooks, aggregated APIs, logs.
//
// Rule: it dials loopback only. The addresses of pods, services and nodes are made up, and a dial of one would leave
// the machine, to whatever answers there. A pod's webhook is answered here, if anything is to answer.
type egress struct {
	config string // The file that makes an API server use this proxy.
	client kubernetes.Interface
	allows atomic.Bool
}

func startEgress(dir, webhooks string, client kubernetes.Interface) (*egress, error) {
	e := &egress{config: filepath.Join(dir, "egress.yaml"), client: client}
	if err := e.answer(webhooks); err != nil {
		return nil, err
	}
	socket := filepath.Join(dir, "egress.sock")
	os.Remove(socket) // An earlier process of this cluster left it.
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return nil, err
	}
	go http.Serve(listener, e)
	transport := fmt.Sprintf("{proxyProtocol: HTTPConnect, transport: {uds: {udsName: %q}}}", socket)
	return e, os.WriteFile(e.config, fmt.Appendf(nil, `apiVersion: apiserver.k8s.io/v1beta1
kind: EgressSelectorConfiguration
egressSelections:
- {name: cluster, connection: %s}
- {name: controlplane, connection: %s}
`, transport, transport), 0o600)
}

// answer sets whether webhooks in pods answer ("allow") or nothing listens there ("refuse").
func (e *egress) answer(webhooks string) error {
	if webhooks != "allow" && webhooks != "refuse" {
		return fmt.Errorf("webhooks is allow or refuse, not %q", webhooks)
	}
	e.allows.Store(webhooks == "allow")
	return nil
}

func (e *egress) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, _, err := net.SplitHostPort(r.RequestURI) // r.Host is the header, not the target.
	if r.Method != http.MethodConnect || err != nil {
		http.Error(w, "CONNECT host:port only", http.StatusBadRequest)
		return
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		up, err := net.Dial("tcp", r.RequestURI)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		splice(connect(w), up)
		return
	}
	certificate, err := e.servingCertificate(r.Context(), host)
	if err != nil || !e.allows.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	conn := tls.Server(connect(w), &tls.Config{Certificates: []tls.Certificate{certificate}})
	webhook := http.Server{Handler: http.HandlerFunc(allow)}
	// Whether webhooks answer is asked anew for every review.
	webhook.SetKeepAlivesEnabled(false)
	webhook.Serve(&oneConnection{conn: conn})
}

// connect answers a CONNECT. If the client has gone, what is returned just fails.
func connect(w http.ResponseWriter) net.Conn {
	conn, _, err := w.(http.Hijacker).Hijack()
	check(err) // An HTTP/1 connection on a unix socket can always be taken over.
	io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
	return conn
}

func splice(a, b net.Conn) {
	go func() { io.Copy(a, b); a.Close() }()
	io.Copy(b, a)
	b.Close()
}

// servingCertificate is in the TLS secret that the pod at this address mounts.
func (e *egress) servingCertificate(ctx context.Context, ip string) (tls.Certificate, error) {
	pods, err := e.client.CoreV1().Pods("").List(ctx, meta.ListOptions{FieldSelector: "status.podIP=" + ip})
	if err != nil {
		return tls.Certificate{}, err
	}
	for _, pod := range pods.Items {
		for _, volume := range pod.Spec.Volumes {
			if volume.Secret == nil {
				continue
			}
			secret, err := e.client.CoreV1().Secrets(pod.Namespace).Get(ctx, volume.Secret.SecretName, meta.GetOptions{})
			if err == nil && len(secret.Data[core.TLSPrivateKeyKey]) > 0 {
				return tls.X509KeyPair(secret.Data[core.TLSCertKey], secret.Data[core.TLSPrivateKeyKey])
			}
		}
	}
	return tls.Certificate{}, fmt.Errorf("no pod at %s mounts a TLS secret", ip)
}

// allow answers an AdmissionReview: allowed, and nothing is changed.
func allow(w http.ResponseWriter, r *http.Request) {
	var review struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Request    struct {
			UID string `json:"uid"`
		} `json:"request"`
	}
	if json.NewDecoder(r.Body).Decode(&review) != nil || review.Kind != "AdmissionReview" {
		http.Error(w, "only AdmissionReviews are answered here", http.StatusNotImplemented)
		return
	}
	writeJSON(w, map[string]any{
		"apiVersion": review.APIVersion, "kind": review.Kind,
		"response": map[string]any{"uid": review.Request.UID, "allowed": true},
	})
}

func writeJSON(w http.ResponseWriter, answer any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(answer) // Who asked may have gone; then nobody misses it.
}

// oneConnection is a listener that gives one connection.
type oneConnection struct {
	conn net.Conn
	once sync.Once
}

func (l *oneConnection) Accept() (conn net.Conn, err error) {
	err = io.EOF
	l.once.Do(func() { conn, err = l.conn, nil })
	return conn, err
}
func (l *oneConnection) Close() error   { return nil }
func (l *oneConnection) Addr() net.Addr { return l.conn.LocalAddr() }
