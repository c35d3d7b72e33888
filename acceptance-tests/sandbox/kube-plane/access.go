package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"strings"
	"time"

	authentication "k8s.io/api/authentication/v1"
	authorization "k8s.io/api/authorization/v1"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	rbaclisters "k8s.io/client-go/listers/rbac/v1"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"
)

// policiesKey is where a user's extra attributes carry the access policies of its entry: "ROLE:" for the whole
// cluster, "ROLE:NAMESPACE,..." for some namespaces, in which * stands for any characters.
const policiesKey = "sandbox/access-policies"

// access is who may do what by EKS's word: the API server asks it whose an EKS token is, and, when RBAC has not
// allowed something, whether an access policy does. Access policies are no RBAC objects, as in EKS.
type access struct {
	tokenConfig, policyConfig string // Files that make an API server ask here.
	tokenURL, arn             string
	informers                 informers.SharedInformerFactory
	roles                     rbaclisters.ClusterRoleLister
	configMaps                corelisters.ConfigMapLister
}

func startAccess(keys pki, o options, client kubernetes.Interface) (*access, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	a := &access{
		tokenConfig: keys.path("tokens.kubeconfig"), policyConfig: keys.path("policies.kubeconfig"),
		tokenURL: o.tokenURL, arn: o.arn, informers: factory,
		roles:      factory.Rbac().V1().ClusterRoles().Lister(),
		configMaps: factory.Core().V1().ConfigMaps().Lister(),
	}
	address := "http://" + listener.Addr().String()
	if err := writeKubeconfig(a.tokenConfig, "tokens", address+"/tokens", nil, ""); err != nil {
		return nil, err
	}
	if err := writeKubeconfig(a.policyConfig, "policies", address+"/policies", nil, ""); err != nil {
		return nil, err
	}
	routes := http.NewServeMux()
	routes.HandleFunc("/tokens", a.reviewToken)
	routes.HandleFunc("/policies", a.reviewAccess)
	go http.Serve(listener, routes)
	return a, nil
}

// follow keeps what decisions rest on at hand. The API server must be ready.
func (a *access) follow(ctx context.Context) error {
	a.informers.Start(ctx.Done())
	for kind, synced := range a.informers.WaitForCacheSync(ctx.Done()) {
		if !synced {
			return fmt.Errorf("%s could not be listed", kind)
		}
	}
	return nil
}

// identity is what the sandbox says of a token. If it is AWS's word alone that is missing (Reason says why), AWSAuth
// names whom the ConfigMap aws-auth may know.
type identity struct {
	User    *authentication.UserInfo `json:"user"`
	AWSAuth *awsPrincipal            `json:"awsAuth"`
	Reason  string                   `json:"reason"`
}

func (a *access) reviewToken(w http.ResponseWriter, r *http.Request) {
	var review authentication.TokenReview
	if err := json.NewDecoder(r.Body).Decode(&review); err != nil {
		http.Error(w, "not a TokenReview", http.StatusBadRequest)
		return
	}
	found, err := a.ask(r.Context(), review.Spec.Token)
	switch {
	case err != nil:
		review.Status.Error = err.Error()
	case found.User != nil:
		review.Status.Authenticated, review.Status.User = true, *found.User
	case found.AWSAuth != nil:
		if known := found.AWSAuth.mapped(a.configMaps); known != nil {
			review.Status.Authenticated, review.Status.User = true, *known
		}
	}
	review.Spec = authentication.TokenReviewSpec{}
	writeJSON(w, review)
}

func (a *access) ask(ctx context.Context, token string) (identity, error) {
	var found identity
	if a.tokenURL == "" || !strings.HasPrefix(token, "k8s-aws-v1.") {
		return found, nil
	}
	question, err := json.Marshal(map[string]string{"cluster": a.arn, "token": token})
	if err != nil {
		return found, err
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.tokenURL, bytes.NewReader(question))
	if err != nil {
		return found, err
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return found, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return found, err
	}
	if answer.StatusCode != http.StatusOK {
		return found, fmt.Errorf("the sandbox answered %s: %s", answer.Status, text)
	}
	return found, json.Unmarshal(text, &found)
}

func (a *access) reviewAccess(w http.ResponseWriter, r *http.Request) {
	var review authorization.SubjectAccessReview
	if err := json.NewDecoder(r.Body).Decode(&review); err != nil {
		http.Error(w, "not a SubjectAccessReview", http.StatusBadRequest)
		return
	}
	wanted := attributes(review.Spec)
	for _, policy := range review.Spec.Extra[policiesKey] {
		if a.allows(policy, wanted) {
			review.Status.Allowed = true
			review.Status.Reason = "EKS access policy " + policy
			break
		}
	}
	review.Spec = authorization.SubjectAccessReviewSpec{}
	writeJSON(w, review)
}

func (a *access) allows(policy string, wanted authorizer.Attributes) bool {
	role, scope, _ := strings.Cut(policy, ":")
	if scope != "" && !(wanted.IsResourceRequest() && within(scope, wanted.GetNamespace())) {
		return false
	}
	found, err := a.roles.Get(role)
	return err == nil && rbac.RulesAllow(wanted, found.Rules...)
}

func within(scope, namespace string) bool {
	for _, pattern := range strings.Split(scope, ",") {
		if matches, err := path.Match(pattern, namespace); err == nil && matches && namespace != "" {
			return true
		}
	}
	return false
}

func attributes(spec authorization.SubjectAccessReviewSpec) authorizer.Attributes {
	found := authorizer.AttributesRecord{User: &user.DefaultInfo{Name: spec.User, Groups: spec.Groups}}
	if asked := spec.ResourceAttributes; asked != nil {
		found.ResourceRequest = true
		found.Verb, found.Namespace, found.Name = asked.Verb, asked.Namespace, asked.Name
		found.APIGroup, found.APIVersion = asked.Group, asked.Version
		found.Resource, found.Subresource = asked.Resource, asked.Subresource
	}
	if asked := spec.NonResourceAttributes; asked != nil {
		found.Verb, found.Path = asked.Verb, asked.Path
	}
	return found
}
