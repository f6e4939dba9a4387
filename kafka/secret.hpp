#pragma once

#include <ottla/kafka/result.hpp>

#include <iosfwd>
#include <memory>
#include <string>

namespace ottla::kafka {

/// A password or a private key. ottla reads a secret each time that a Kafka handle opens, so a
/// changed file applies to the next handle. A secret is never printed: to_string, `<<` and fmt
/// print `***`.
///
///     .password = kafka::secret::from_environment("KAFKA_PASSWORD")
///
/// Copies of a secret share its text. The destructor of the last copy overwrites the text. ottla
/// cannot overwrite the strings that a caller made, the strings that read() returned, or the copies
/// of librdkafka.
///
/// Thread safety: call from any thread.
class secret {
public:
  /// No secret.
  secret();
  /// The text itself is the secret.
  secret(std::string text);
  secret(const char* text);
  secret(const secret&);
  secret(secret&&) noexcept;
  secret& operator=(const secret&);
  secret& operator=(secret&&) noexcept;
  ~secret();

  /// The secret is the value of an environment variable. The variable must be set and not empty. Do
  /// not change environment variables while a Kafka handle may open, because reading them is not
  /// thread-safe.
  static secret from_environment(std::string variable);

  /// The secret is the content of a file, without line ends at the end of the file. The file must
  /// be readable and not empty, and must have at most 1 MiB.
  static secret from_file(std::string path);

  /// Whether no secret is set.
  bool empty() const noexcept { return source_ == nullptr; }

  /// The text of the secret, empty if no secret is set. Blocks while a file is read. The error has
  /// the code bad_setting. Its text names the variable or the file, and never the secret.
  result<std::string> read() const;

private:
  struct source;
  explicit secret(std::shared_ptr<const source> from);

  std::shared_ptr<const source> source_;
};

/// `***`, or an empty text if no secret is set.
std::string to_string(const secret& hidden);

std::ostream& operator<<(std::ostream& out, const secret& hidden);

/// For fmt 10 and newer. Older versions of fmt reject a secret at compile time.
inline std::string format_as(const secret& hidden) {
  return to_string(hidden);
}

} // namespace ottla::kafka
