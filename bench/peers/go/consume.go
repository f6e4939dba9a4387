package main

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

const patience = 30 * time.Second

type usage struct{ elapsed, cpu float64 }

var began = time.Now()

func usageNow() usage {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return usage{time.Since(began).Seconds(), seconds(used.Utime) + seconds(used.Stime)}
}

func lookAt(record *kgo.Record) int {
	seen := len(record.Key) + len(record.Value)
	if record.Value[len(record.Value)-1] == 0 {
		seen++
	}
	return seen
}

// The obvious consumer: a loop that polls and commits.
func consume(how settings, expected int) ([]float64, error) {
	client, err := how.open()
	if err != nil {
		return nil, err
	}
	defer client.Close()
	var first usage
	count, seen := 0, 0
	committed := time.Now()
	for count < expected {
		within, cancel := context.WithTimeout(context.Background(), patience)
		fetches := client.PollRecords(within, how.batch)
		cancel()
		if errs := fetches.Errors(); len(errs) > 0 {
			return nil, fmt.Errorf("received only %d messages: %w", count, errs[0].Err)
		}
		if count == 0 {
			first = usageNow()
		}
		for each := fetches.RecordIter(); !each.Done(); count++ {
			seen += lookAt(each.Next())
		}
		if time.Since(committed) >= how.commit {
			client.CommitOffsets(context.Background(), client.UncommittedOffsets(), nil)
			committed = time.Now()
		}
	}
	last := usageNow()
	err = client.CommitUncommittedOffsets(context.Background())
	return []float64{last.cpu - first.cpu, last.elapsed - first.elapsed, float64(count), float64(seen)}, err
}
