package main

import (
	"context"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// A member of the group that records when each partition's first message arrived.
type member struct {
	client *kgo.Client
	stop   context.CancelFunc
	ended  chan error
	failed error

	lock    sync.Mutex
	changed *sync.Cond
	from    map[int32]time.Time // the first message of each partition
}

func join(how settings) (*member, error) {
	client, err := how.open()
	if err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(context.Background())
	m := &member{client: client, stop: stop, ended: make(chan error, 1), from: map[int32]time.Time{}}
	m.changed = sync.NewCond(&m.lock)
	go m.run(running, how)
	return m, nil
}

func (m *member) run(running context.Context, how settings) {
	committed := time.Now()
	for running.Err() == nil {
		fetches := m.client.PollRecords(running, how.batch)
		now := time.Now()
		m.lock.Lock()
		for each := fetches.RecordIter(); !each.Done(); {
			partition := each.Next().Partition
			if _, known := m.from[partition]; !known {
				m.from[partition] = now
			}
		}
		m.changed.Broadcast()
		m.lock.Unlock()
		if time.Since(committed) >= how.commit {
			m.client.CommitOffsets(context.Background(), m.client.UncommittedOffsets(), nil)
			committed = time.Now()
		}
	}
	m.ended <- m.client.CommitUncommittedOffsets(context.Background())
}

// Waits until this number of partitions has delivered a message. Returns the time of the last of these messages.
func (m *member) await(partitions int) (time.Time, error) {
	timer := time.AfterFunc(patience, func() {
		m.lock.Lock()
		m.failed = context.DeadlineExceeded
		m.changed.Broadcast()
		m.lock.Unlock()
	})
	defer timer.Stop()
	m.lock.Lock()
	defer m.lock.Unlock()
	for len(m.from) < partitions && m.failed == nil {
		m.changed.Wait()
	}
	var last time.Time
	if partitions == 1 {
		last = time.Now()
	}
	for _, when := range m.from {
		if partitions == 1 && when.Before(last) || partitions > 1 && when.After(last) {
			last = when
		}
	}
	return last, m.failed
}

func (m *member) leave() error {
	m.stop()
	err := <-m.ended
	m.client.Close()
	return err
}

func handOver(how settings, partitions int) ([]float64, error) {
	begin := time.Now()
	leaving, err := join(how)
	if err != nil {
		return nil, err
	}
	alone, err := leaving.await(1)
	if err == nil {
		_, err = leaving.await(partitions)
	}
	if err != nil {
		leaving.leave()
		return nil, err
	}
	second := time.Now()
	staying, err := join(how)
	if err != nil {
		leaving.leave()
		return nil, err
	}
	defer staying.leave()
	joined, err := staying.await(1)
	if err == nil {
		_, err = staying.await(partitions / 2)
	}
	stop := time.Now()
	if failed := leaving.leave(); err == nil {
		err = failed
	}
	drained := time.Now()
	if err != nil {
		return nil, err
	}
	handed, err := staying.await(partitions)
	return []float64{alone.Sub(begin).Seconds(), joined.Sub(second).Seconds(),
		drained.Sub(stop).Seconds(), handed.Sub(stop).Seconds()}, err
}
