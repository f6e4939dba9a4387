package main

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// The obvious producer: a loop that hands records over and flushes at the end. Idempotent, as
// franz-go is by default.
func produce(brokers, topic string, records, recordBytes int, linger time.Duration, buffer int) ([]float64, error) {
	client, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(brokers, ",")...),
		kgo.ClientID("franz-go"),
		kgo.DefaultProduceTopic(topic),
		kgo.ProducerLinger(linger),
		kgo.ProducerBatchMaxBytes(1_000_000),
		kgo.MaxBufferedBytes(buffer),
		kgo.MaxBufferedRecords(1_000_000),
		// The other clients do not compress either.
		kgo.ProducerBatchCompression(kgo.NoCompression()),
	)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	within, cancel := context.WithTimeout(context.Background(), 4*patience)
	defer cancel()
	first := client.ProduceSync(within, &kgo.Record{Value: []byte("the first record waits for the leader")})
	if err := first.FirstErr(); err != nil {
		return nil, err
	}
	value := make([]byte, recordBytes-len(keyOf(0)))
	for i := range value {
		value[i] = 'x'
	}
	var stored atomic.Int64
	report := func(_ *kgo.Record, err error) {
		if err == nil {
			stored.Add(1)
		}
	}
	begin := usageNow()
	for number := range records {
		client.Produce(within, &kgo.Record{Key: keyOf(number), Value: value}, report)
	}
	if err := client.Flush(within); err != nil {
		return nil, err
	}
	end := usageNow()
	return []float64{end.cpu - begin.cpu, end.elapsed - begin.elapsed, float64(stored.Load())}, nil
}

func keyOf(number int) []byte { return fmt.Appendf(nil, "%08d", number%100_000_000) }
