// Package shim hands out the upstream provider's constructor, which sits in a
// package that only modules below the provider's own path may import.
package shim

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// NewProvider makes the upstream Terraform provider for Docker.
func NewProvider(version string) *schema.Provider {
	return provider.New(version)()
}
