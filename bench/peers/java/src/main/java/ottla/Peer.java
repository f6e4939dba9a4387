package ottla;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;

/**
 * Runs the commands of a benchmark with Kafka's Java client, one command a line:
 *
 * <pre>
 * consume BROKERS GROUP TOPIC MESSAGES BATCH COMMIT_MS FETCH_WAIT_MS
 *     cpu-seconds and seconds from the first message received to the last one read, messages, bytes
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
      if (words.length != 8 || !words[0].equals("consume")) {
        throw new IllegalArgumentException("unknown command: " + String.join(" ", words));
      }
      final var loop = new PollLoop(
          words[1], words[2], words[3], Integer.parseInt(words[5]),
          Duration.ofMillis(Long.parseLong(words[6])), Duration.ofMillis(Long.parseLong(words[7])));
      final var text = new StringBuilder("ok");
      for (final var figure : loop.consume(Long.parseLong(words[4]))) {
        text.append(' ').append(figure);
      }
      return text.toString();
    } catch (RuntimeException error) {
      return "error " + error.toString().replace('\n', ' ');
    }
  }
}
