//go:build !go1.26

package main

import "github.com/twmb/franz-go/pkg/kgo"

// The franz-go of older.mod always checks CRCs.
func unchecked() []kgo.Opt { return nil }
