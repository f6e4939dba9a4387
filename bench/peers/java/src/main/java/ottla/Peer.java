package ottla;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.List;

/**
 * Runs the commands of a benchmark with Kafka's Java client, one command a line:
 *
 * <pre>
 * consume BROKERS GROUP TOPIC MESSAGES BATCH COMMIT_MS FETCH_WAIT_MS
 *     cpu-seconds and seconds from the first message received to the last one read, messages, bytes
 * produce BROKERS TOPIC RECORDS RECORD_BYTES LINGER_MS BUFFER_BYTES
 *     cpu-seconds and seconds from the first record sent to the last one stored, records stored
 * </pre>
 *
 * Answers with {@code ok FIGURE...} or {@code error TEXT}. Ends when its stdin is closed.
 */
public final class Peer {
  private Peer() {}

  public static void main(String[] arguments) throws IOException {
    final var lines = new BufferedReader(new InputStreamReader(System.in));
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(answer(line.trim().split(" +")));
      System.out.flush();
    }
  }

  private static String answer(String[] words) {
    try {
      final var text = new StringBuilder("ok");
      for (final var figure : run(words)) {
        text.append(' ').append(figure);
      }
      return text.toString();
    } catch (RuntimeException error) {
      return "error " + error.toString().replace('\n', ' ');
    }
  }

  private static List<Double> run(String[] words) {
    if (words.length == 8 && words[0].equals("consume")) {
      return new PollLoop(
          words[1], words[2], words[3], Integer.parseInt(words[5]),
          Duration.ofMillis(Long.parseLong(words[6])), Duration.ofMillis(Long.parseLong(words[7])))
          .consume(Long.parseLong(words[4]));
    }
    if (words.length == 7 && words[0].equals("produce")) {
      return new ProduceLoop(
          words[1], words[2], Long.parseLong(words[5]), Long.parseLong(words[6]))
          .produce(Long.parseLong(words[3]), Integer.parseInt(words[4]));
    }
    throw new IllegalArgumentException("unknown command: " + String.join(" ", words));
  }
}
