//go:build go1.26

package main

import "github.com/twmb/franz-go/pkg/kgo"

// The other clients do not check CRCs either.
func unchecked() []kgo.Opt { return []kgo.Opt{kgo.DisableFetchCRCValidation()} }
