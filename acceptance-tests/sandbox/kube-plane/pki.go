package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// pki is what a cluster's certificates and tokens are, in files of its state directory.
type pki struct {
	dir                     string
	caPEM                   []byte
	adminToken, systemToken string
}

func (p pki) path(name string) string { return filepath.Join(p.dir, name) }

// makePKI makes what dir lacks. The authority (ca.crt, ca.key) and the administrator's token (admin.token) may have
// been put there by whoever promised them to clients before the cluster was started.
func makePKI(dir string) pki {
	p := pki{dir: dir}
	authority, authorityKey := p.authority()
	p.adminToken, p.systemToken = p.token("admin.token"), p.token("system.token")
	p.write("tokens.csv", fmt.Appendf(nil, "%s,kube-plane:admin,admin,\"system:masters\"\n%s,kube-plane:system,system,\"system:masters\"\n", p.adminToken, p.systemToken))
	if !p.has("server.key") {
		p.server(authority, authorityKey)
	}
	if !p.has("sa.pub") {
		p.serviceAccounts()
	}
	return p
}

func (p *pki) authority() (*x509.Certificate, crypto.Signer) {
	if !p.has("ca.key") {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		check(err)
		certificate := template("kube-plane")
		certificate.IsCA, certificate.BasicConstraintsValid = true, true
		certificate.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature | x509.KeyUsageCRLSign
		der, err := x509.CreateCertificate(rand.Reader, certificate, certificate, key.Public(), key)
		check(err)
		p.write("ca.crt", block("CERTIFICATE", der))
		p.write("ca.key", block("PRIVATE KEY", pkcs8(key)))
	}
	p.caPEM = p.read("ca.crt")
	certificate, _ := pem.Decode(p.caPEM)
	key, _ := pem.Decode(p.read("ca.key"))
	if certificate == nil || key == nil {
		fatal(errors.New("ca.crt and ca.key in -dir are not PEM"))
	}
	read, err := x509.ParseCertificate(certificate.Bytes)
	check(err)
	secret, err := x509.ParsePKCS8PrivateKey(key.Bytes)
	check(err)
	signer, ok := secret.(crypto.Signer)
	if !ok {
		fatal(errors.New("ca.key cannot sign"))
	}
	return read, signer
}

func (p *pki) server(authority *x509.Certificate, authorityKey crypto.Signer) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	certificate := template("kube-apiserver")
	certificate.KeyUsage = x509.KeyUsageDigitalSignature
	certificate.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	certificate.DNSNames = []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"}
	certificate.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(172, 20, 0, 1)}
	der, err := x509.CreateCertificate(rand.Reader, certificate, authority, key.Public(), authorityKey)
	check(err)
	p.write("server.crt", block("CERTIFICATE", der))
	p.write("server.key", block("PRIVATE KEY", pkcs8(key)))
}

func (p *pki) serviceAccounts() {
	key, err := rsa.GenerateKey(rand.Reader, 2048) // RS256, as EKS's issuers sign.
	check(err)
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	check(err)
	p.write("sa.key", block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)))
	p.write("sa.pub", block("PUBLIC KEY", public))
}

func (p *pki) token(name string) string {
	if !p.has(name) {
		random := make([]byte, 16)
		_, err := rand.Read(random)
		check(err)
		p.write(name, []byte(hex.EncodeToString(random)))
	}
	return strings.TrimSpace(string(p.read(name)))
}

func (p *pki) has(name string) bool {
	_, err := os.Stat(p.path(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		fatal(err)
	}
	return err == nil
}

func (p *pki) read(name string) []byte {
	text, err := os.ReadFile(p.path(name))
	check(err)
	return text
}

func (p *pki) write(name string, text []byte) { check(os.WriteFile(p.path(name), text, 0o600)) }

func template(name string) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 100))
	check(err)
	return &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
	}
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func pkcs8(key *ecdsa.PrivateKey) []byte {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	check(err)
	return der
}

func writeKubeconfig(path, name, server string, ca []byte, token string) error {
	c := clientcmdapi.NewConfig()
	c.Clusters[name] = &clientcmdapi.Cluster{Server: server, CertificateAuthorityData: ca}
	c.AuthInfos[name] = &clientcmdapi.AuthInfo{Token: token}
	c.Contexts[name] = &clientcmdapi.Context{Cluster: name, AuthInfo: name}
	c.CurrentContext = name
	return clientcmd.WriteToFile(*c, path)
}
