package ottla;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The obvious consumer: a loop that polls and commits. */
final class PollLoop {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final Properties settings = new Properties();
  private final String topic;
  private final Duration commitInterval;

  PollLoop(String brokers, String group, String topic, int batch, Duration commitInterval,
      Duration fetchWait) {
    this.topic = topic;
    this.commitInterval = commitInterval;
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "java");
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    settings.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, batch);
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) fetchWait.toMillis());
    settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1024 * 1024);
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 50 * 1024 * 1024);
    // librdkafka does not check CRCs either.
    settings.put(ConsumerConfig.CHECK_CRCS_CONFIG, "false");
    settings.put(
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    settings.put(
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
  }

  List<Double> consume(long expected) {
    try (var consumer = new KafkaConsumer<byte[], byte[]>(settings)) {
      consumer.subscribe(List.of(topic));
      long count = 0;
      long seen = 0;
      long firstCpu = 0;
      long firstTime = System.nanoTime();
      long last = firstTime;
      long committed = firstTime;
      while (count < expected) {
        final var records = consumer.poll(Duration.ofMillis(100));
        if (!records.isEmpty()) {
          if (count == 0) {
            firstCpu = PROCESS.getProcessCpuTime();
            firstTime = System.nanoTime();
          }
          for (final var record : records) {
            seen += lookAt(record);
          }
          count += records.count();
          last = System.nanoTime();
        }
        final var now = System.nanoTime();
        if (now - last > PATIENCE.toNanos()) {
          throw new IllegalStateException("received only " + count + " messages");
        }
        if (now - committed >= commitInterval.toNanos()) {
          consumer.commitAsync();
          committed = now;
        }
      }
      final double cpu = (PROCESS.getProcessCpuTime() - firstCpu) / 1e9;
      final double elapsed = (last - firstTime) / 1e9;
      consumer.commitSync();
      return List.of(cpu, elapsed, (double) count, (double) seen);
    }
  }

  private static long lookAt(ConsumerRecord<byte[], byte[]> record) {
    final var value = record.value();
    return record.key().length + value.length + (value[value.length - 1] == 0 ? 1 : 0);
  }
}
