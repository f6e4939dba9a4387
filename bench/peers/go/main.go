// Runs the commands of a benchmark with franz-go, one command a line:
//
//	consume BROKERS GROUP TOPIC MESSAGES BATCH COMMIT_MS FETCH_WAIT_MS
//	    cpu-seconds and seconds from the first message received to the last one read, messages, bytes
//	hand_over BROKERS GROUP TOPIC PARTITIONS HEARTBEAT_MS COMMIT_MS FETCH_WAIT_MS
//	    seconds for the first join, for the second join, to drain and leave, to hand over
//	produce BROKERS TOPIC RECORDS RECORD_BYTES LINGER_MS BUFFER_BYTES
//	    cpu-seconds and seconds from the first record sent to the last one stored, records stored
//
// Answers with `ok FIGURE...` or `error TEXT`. Ends when stdin is closed, even during a command.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

func main() {
	lines := make(chan string)
	go func() {
		stdin := bufio.NewScanner(os.Stdin)
		for stdin.Scan() {
			lines <- stdin.Text()
		}
		os.Exit(0)
	}()
	for line := range lines {
		figures, err := run(strings.Fields(line))
		if err != nil {
			fmt.Println("error", strings.ReplaceAll(err.Error(), "\n", " "))
			continue
		}
		answer := "ok"
		for _, one := range figures {
			answer += " " + strconv.FormatFloat(one, 'g', -1, 64)
		}
		fmt.Println(answer)
	}
}

func run(words []string) ([]float64, error) {
	if len(words) == 8 && words[0] == "consume" {
		n, err := integers(words[4:])
		if err != nil {
			return nil, err
		}
		how := settings{brokers: words[1], group: words[2], topic: words[3],
			batch: n[1], commit: milliseconds(n[2]), fetchWait: milliseconds(n[3])}
		return consume(how, n[0])
	}
	if len(words) == 8 && words[0] == "hand_over" {
		n, err := integers(words[4:])
		if err != nil {
			return nil, err
		}
		how := settings{brokers: words[1], group: words[2], topic: words[3], batch: 1000,
			heartbeat: milliseconds(n[1]), commit: milliseconds(n[2]), fetchWait: milliseconds(n[3])}
		return handOver(how, n[0])
	}
	if len(words) == 7 && words[0] == "produce" {
		n, err := integers(words[3:])
		if err != nil {
			return nil, err
		}
		return produce(words[1], words[2], n[0], n[1], milliseconds(n[2]), n[3])
	}
	return nil, fmt.Errorf("unknown command: %q", words)
}

func integers(words []string) ([]int, error) {
	numbers := make([]int, len(words))
	for i, word := range words {
		number, err := strconv.Atoi(word)
		if err != nil {
			return nil, err
		}
		numbers[i] = number
	}
	return numbers, nil
}

func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }

// The settings that all clients share.
type settings struct {
	brokers, group, topic        string
	batch                        int
	heartbeat, commit, fetchWait time.Duration
}

func (how settings) open() (*kgo.Client, error) {
	options := []kgo.Opt{
		kgo.SeedBrokers(strings.Split(how.brokers, ",")...),
		kgo.ClientID("franz-go"),
		kgo.ConsumerGroup(how.group),
		kgo.ConsumeTopics(how.topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.Balancers(kgo.RangeBalancer()),
		kgo.DisableAutoCommit(),
		kgo.FetchMaxWait(how.fetchWait),
		kgo.FetchMinBytes(1),
		kgo.FetchMaxPartitionBytes(1 << 20),
		kgo.FetchMaxBytes(50 << 20),
	}
	if how.heartbeat > 0 {
		options = append(options, kgo.HeartbeatInterval(how.heartbeat))
	}
	return kgo.NewClient(append(options, unchecked()...)...)
}
