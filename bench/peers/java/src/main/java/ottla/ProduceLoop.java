package ottla;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The obvious producer: a loop that hands records over and flushes at the end. Idempotent, as the
 * Java client is by default.
 */
final class ProduceLoop {
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final Properties settings = new Properties();
  private final String topic;

  ProduceLoop(String brokers, String topic, long lingerMillis, long bufferBytes) {
    this.topic = topic;
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, "java");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, lingerMillis);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, bufferBytes);
    // The batch.size of the other clients.
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 1_000_000);
    settings.put(
        ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    settings.put(
        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
  }

  List<Double> produce(long records, int recordBytes) {
    try (var producer = new KafkaProducer<byte[], byte[]>(settings)) {
      final var first = "the first record waits for the leader";
      producer.send(new ProducerRecord<>(topic, bytes(first))).get();
      final var value = new byte[recordBytes - key(0).length];
      Arrays.fill(value, (byte) 'x');
      final var stored = new AtomicLong();
      final var firstCpu = PROCESS.getProcessCpuTime();
      final var firstTime = System.nanoTime();
      for (long number = 0; number < records; number++) {
        producer.send(new ProducerRecord<>(topic, key(number), value), (where, error) -> {
          if (error == null) {
            stored.incrementAndGet();
          }
        });
      }
      producer.flush();
      final double cpu = (PROCESS.getProcessCpuTime() - firstCpu) / 1e9;
      final double elapsed = (System.nanoTime() - firstTime) / 1e9;
      return List.of(cpu, elapsed, (double) stored.get());
    } catch (InterruptedException | ExecutionException error) {
      throw new IllegalStateException(error);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Eight digits. String.format would cost more than the producer. */
  private static byte[] key(long number) {
    final var digits = new byte[8];
    for (int i = digits.length - 1; i >= 0; i--) {
      digits[i] = (byte) ('0' + number % 10);
      number /= 10;
    }
    return digits;
  }
}
