package main

import (
	"strings"

	authentication "k8s.io/api/authentication/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	corelisters "k8s.io/client-go/listers/core/v1"
	"sigs.k8s.io/yaml"
)

// awsPrincipal is who signed a token. ARN is the role's or the user's, a role's without its path.
type awsPrincipal struct {
	ARN     string `json:"arn"`
	Account string `json:"account"`
	Session string `json:"session"`
	UID     string `json:"uid"`
}

type mapping struct {
	RoleARN  string   `json:"rolearn"`
	UserARN  string   `json:"userarn"`
	Username string   `json:"username"`
	Groups   []string `json:"groups"`
}

// mapped is the Kubernetes user that the ConfigMap aws-auth makes of the principal, if any.
func (p awsPrincipal) mapped(configMaps corelisters.ConfigMapLister) *authentication.UserInfo {
	found, err := configMaps.ConfigMaps(meta.NamespaceSystem).Get("aws-auth")
	if err != nil {
		return nil
	}
	var mappings []mapping
	for _, key := range []string{"mapRoles", "mapUsers"} {
		var some []mapping
		if yaml.Unmarshal([]byte(found.Data[key]), &some) == nil {
			mappings = append(mappings, some...)
		}
	}
	for _, m := range mappings {
		if strings.EqualFold(m.RoleARN+m.UserARN, p.ARN) {
			fill := strings.NewReplacer("{{AccountID}}", p.Account, "{{SessionName}}", strings.ReplaceAll(p.Session, "@", "-"), "{{SessionNameRaw}}", p.Session)
			name := m.Username
			if name == "" {
				name = p.ARN
			}
			return &authentication.UserInfo{Username: fill.Replace(name), UID: p.UID, Groups: m.Groups}
		}
	}
	return nil
}
