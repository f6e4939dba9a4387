#include <ottla/kafka/internal/driver/librdkafka/known_keys.hpp>
#include <ottla/kafka/internal/text/character_kinds.hpp>
#include <ottla/kafka/internal/text/edit_distance.hpp>
#include <ottla/kafka/internal/text/lower_case.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace ottla::kafka {

namespace {

enum class value_kind {
  /// May hold a secret or any other text.
  hidden,
  /// Harmless if it looks like words.
  shown,
  /// Harmless if it looks like a path.
  path,
};

using enum value_kind;

struct known_key {
  std::string_view key;
  value_kind kind;
};

// Most keys of librdkafka 2.0 to 2.16. A key that is missing here is hidden.
constexpr auto known_keys = std::to_array<known_key>({
  {"acks", shown},
  {"allow.auto.create.topics", shown},
  {"api.version.fallback.ms", shown},
  {"api.version.request", shown},
  {"api.version.request.timeout.ms", shown},
  {"auto.commit.enable", shown},
  {"auto.commit.interval.ms", shown},
  {"auto.offset.reset", shown},
  {"batch.num.messages", shown},
  {"batch.size", shown},
  {"bootstrap.servers", hidden},
  {"broker.address.family", shown},
  {"broker.address.ttl", shown},
  {"broker.version.fallback", shown},
  {"check.crcs", shown},
  {"client.dns.lookup", shown},
  {"client.id", shown},
  {"client.rack", shown},
  {"client.software.name", shown},
  {"client.software.version", shown},
  {"compression.codec", shown},
  {"compression.level", shown},
  {"compression.type", shown},
  {"connections.max.idle.ms", shown},
  {"consume.callback.max.messages", shown},
  {"coordinator.query.interval.ms", shown},
  {"debug", shown},
  {"delivery.report.only.error", shown},
  {"delivery.timeout.ms", shown},
  {"enable.auto.commit", shown},
  {"enable.auto.offset.store", shown},
  {"enable.gapless.guarantee", shown},
  {"enable.idempotence", shown},
  {"enable.metrics.push", shown},
  {"enable.partition.eof", shown},
  {"enable.random.seed", shown},
  {"enable.sasl.oauthbearer.unsecure.jwt", shown},
  {"enable.ssl.certificate.verification", shown},
  {"fetch.error.backoff.ms", shown},
  {"fetch.max.bytes", shown},
  {"fetch.message.max.bytes", shown},
  {"fetch.min.bytes", shown},
  {"fetch.queue.backoff.ms", shown},
  {"fetch.wait.max.ms", shown},
  {"group.id", shown},
  {"group.instance.id", shown},
  {"group.protocol", shown},
  {"group.protocol.type", shown},
  {"group.remote.assignor", shown},
  {"heartbeat.interval.ms", shown},
  {"https.ca.location", path},
  {"https.ca.pem", hidden},
  {"internal.termination.signal", shown},
  {"isolation.level", shown},
  {"linger.ms", shown},
  {"log.connection.close", shown},
  {"log.queue", shown},
  {"log.thread.name", shown},
  {"log_level", shown},
  {"max.in.flight", shown},
  {"max.in.flight.requests.per.connection", shown},
  {"max.partition.fetch.bytes", shown},
  {"max.poll.interval.ms", shown},
  {"message.copy.max.bytes", shown},
  {"message.max.bytes", shown},
  {"message.send.max.retries", shown},
  {"message.timeout.ms", shown},
  {"metadata.broker.list", hidden},
  {"metadata.max.age.ms", shown},
  {"metadata.recovery.rebootstrap.trigger.ms", shown},
  {"metadata.recovery.strategy", shown},
  {"offset.store.method", shown},
  {"offset.store.path", path},
  {"offset.store.sync.interval.ms", shown},
  {"partition.assignment.strategy", shown},
  {"partitioner", shown},
  {"plugin.library.paths", path},
  {"produce.offset.report", shown},
  {"queue.buffering.backpressure.threshold", shown},
  {"queue.buffering.max.kbytes", shown},
  {"queue.buffering.max.messages", shown},
  {"queue.buffering.max.ms", shown},
  {"queued.max.messages.kbytes", shown},
  {"queued.min.messages", shown},
  {"queuing.strategy", shown},
  {"receive.message.max.bytes", shown},
  {"reconnect.backoff.jitter.ms", shown},
  {"reconnect.backoff.max.ms", shown},
  {"reconnect.backoff.ms", shown},
  {"request.required.acks", shown},
  {"request.timeout.ms", shown},
  {"retries", shown},
  {"retry.backoff.max.ms", shown},
  {"retry.backoff.ms", shown},
  {"sasl.kerberos.keytab", path},
  {"sasl.kerberos.kinit.cmd", hidden},
  {"sasl.kerberos.min.time.before.relogin", shown},
  {"sasl.kerberos.principal", hidden},
  {"sasl.kerberos.service.name", shown},
  {"sasl.mechanism", shown},
  {"sasl.mechanisms", shown},
  {"sasl.oauthbearer.assertion.algorithm", hidden},
  {"sasl.oauthbearer.assertion.claim.aud", hidden},
  {"sasl.oauthbearer.assertion.claim.exp.seconds", hidden},
  {"sasl.oauthbearer.assertion.claim.iss", hidden},
  {"sasl.oauthbearer.assertion.claim.jti.include", hidden},
  {"sasl.oauthbearer.assertion.claim.nbf.seconds", hidden},
  {"sasl.oauthbearer.assertion.claim.sub", hidden},
  {"sasl.oauthbearer.assertion.file", hidden},
  {"sasl.oauthbearer.assertion.jwt.template.file", hidden},
  {"sasl.oauthbearer.assertion.private.key.file", hidden},
  {"sasl.oauthbearer.assertion.private.key.passphrase", hidden},
  {"sasl.oauthbearer.assertion.private.key.pem", hidden},
  {"sasl.oauthbearer.client.credentials.client.id", hidden},
  {"sasl.oauthbearer.client.credentials.client.secret", hidden},
  {"sasl.oauthbearer.client.id", hidden},
  {"sasl.oauthbearer.client.secret", hidden},
  {"sasl.oauthbearer.config", hidden},
  {"sasl.oauthbearer.extensions", hidden},
  {"sasl.oauthbearer.grant.type", shown},
  {"sasl.oauthbearer.metadata.authentication.type", hidden},
  {"sasl.oauthbearer.method", shown},
  {"sasl.oauthbearer.scope", shown},
  {"sasl.oauthbearer.sub.claim.name", hidden},
  {"sasl.oauthbearer.token.endpoint.url", hidden},
  {"sasl.password", hidden},
  {"sasl.username", hidden},
  {"security.protocol", shown},
  {"session.timeout.ms", shown},
  {"socket.blocking.max.ms", shown},
  {"socket.connection.setup.timeout.ms", shown},
  {"socket.keepalive.enable", shown},
  {"socket.max.fails", shown},
  {"socket.nagle.disable", shown},
  {"socket.receive.buffer.bytes", shown},
  {"socket.send.buffer.bytes", shown},
  {"socket.timeout.ms", shown},
  {"ssl.ca.certificate.stores", shown},
  {"ssl.ca.location", path},
  {"ssl.ca.pem", hidden},
  {"ssl.certificate.location", path},
  {"ssl.certificate.pem", hidden},
  {"ssl.cipher.suites", shown},
  {"ssl.crl.location", path},
  {"ssl.curves.list", shown},
  {"ssl.endpoint.identification.algorithm", shown},
  {"ssl.engine.location", hidden},
  {"ssl.key.location", path},
  {"ssl.key.password", hidden},
  {"ssl.key.pem", hidden},
  {"ssl.keystore.location", path},
  {"ssl.keystore.password", hidden},
  {"ssl.providers", shown},
  {"ssl.sigalgs.list", shown},
  {"statistics.interval.ms", shown},
  {"sticky.partitioning.linger.ms", shown},
  {"test.mock.num.brokers", shown},
  {"topic.blacklist", shown},
  {"topic.metadata.propagation.max.ms", shown},
  {"topic.metadata.refresh.fast.cnt", shown},
  {"topic.metadata.refresh.fast.interval.ms", shown},
  {"topic.metadata.refresh.interval.ms", shown},
  {"topic.metadata.refresh.sparse", shown},
  {"transaction.timeout.ms", shown},
  {"transactional.id", shown},
});

static_assert(std::ranges::is_sorted(known_keys, {}, &known_key::key));

const known_key* find(std::string_view key) {
  const auto found = std::ranges::lower_bound(known_keys, key, {}, &known_key::key);
  return found == known_keys.end() || found->key != key ? nullptr : &*found;
}

/// False for a password or a private key that the user set by mistake instead of a path.
bool looks_like_a_path(std::string_view value) {
  const auto is_part_of_a_path = [](char one) {
    return is_letter_or_digit(one)
           || std::string_view{"/._-+: "}.find(one) != std::string_view::npos;
  };
  constexpr std::array<std::string_view, 3> begins{"/", "./", "../"};
  return std::ranges::any_of(begins, [&](auto begin) { return value.starts_with(begin); })
         && std::ranges::all_of(value, is_part_of_a_path);
}

/// True for letters, and for a number that may have a unit: `scram`, `256`, `100ms`. Also true for
/// a short mix of letters and digits: `lz4`, `v6`. A longer mix looks like a password.
bool is_letters_or_number(std::string_view part) {
  constexpr std::size_t longest_mixed = 4;
  constexpr std::size_t longest_unit = 2;
  const auto digits
    = static_cast<std::size_t>(std::ranges::find_if_not(part, is_digit) - part.begin());
  const auto letters = part.substr(digits);
  return part.size() <= longest_mixed || digits == part.size()
         || (std::ranges::none_of(letters, is_digit)
             && (digits == 0 || letters.size() <= longest_unit));
}

/// True for numbers, names and lists of names, which are the values of librdkafka's harmless keys.
bool looks_like_words(std::string_view value) {
  constexpr std::size_t longest = 200;
  constexpr std::size_t longest_word = 32;
  std::size_t word = 0;
  std::size_t part = 0;
  for (std::size_t at = 0; at <= value.size(); ++at) {
    if (at < value.size() && is_letter_or_digit(value[at])) {
      ++word;
      ++part;
    } else {
      if (!is_letters_or_number(value.substr(at - part, part)))
        return false;
      part = 0;
      if (at < value.size()) {
        if (std::string_view{".,_-"}.find(value[at]) == std::string_view::npos)
          return false;
        word = value[at] == ',' ? 0 : word + 1;
      }
    }
    if (word > longest_word)
      return false;
  }
  return value.size() <= longest;
}

/// Turns a text into the form of a key: `SASL_PASSWORD` becomes `sasl.password`.
std::string as_a_key(std::string_view text) {
  auto key = in_lower_case(text);
  std::ranges::replace_if(
    key, [](char one) { return one == '_' || one == '-' || one == ' '; }, '.');
  return key;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('.', begin), text.size());
    if (end > begin)
      words.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

constexpr std::size_t longest_key = 100;

// Words in keys of Kafka's clients in other languages, and in names of librdkafka's callbacks.
// Users copy such keys into `extra`.
constexpr auto words_elsewhere = std::to_array<std::string_view>(
  {"application", "background", "callback",     "cb",          "channel",  "classes",
   "closesocket", "connect",    "deserializer", "dotnet",      "dr",       "event",
   "events",      "go",         "handler",      "interceptor", "jaas",     "keymanager",
   "login",       "msg",        "open",         "plain",       "poll",     "rebalance",
   "records",     "resolve",    "serializer",   "stats",       "throttle", "trustmanager",
   "truststore",  "verify"});

const std::vector<std::string>& words_of_keys() {
  static const auto all = [] {
    std::vector<std::string> words;
    for (const auto& each : known_keys) {
      const auto key = as_a_key(each.key);
      for (const auto word : words_of(key))
        words.emplace_back(word);
    }
    std::ranges::sort(words);
    // Not std::ranges::unique: clang 14 rejects its result with the standard library of GCC 12.
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
  }();
  return all;
}

bool is_word_of_a_key(std::string_view word) {
  return std::ranges::binary_search(words_of_keys(), word)
         || std::ranges::find(words_elsewhere, word) != words_elsewhere.end();
}

/// Allows one mistake in a word of up to 4 letters, and two in a longer word.
bool is_misspelling(std::string_view word, std::string_view meant) {
  constexpr std::size_t longest_short = 4;
  const auto letters = std::min(word.size(), meant.size());
  const auto mistakes = edit_distance(word, meant);
  return mistakes < letters && mistakes <= (letters <= longest_short ? 1 : 2);
}

bool is_word_or_misspelling(std::string_view word) {
  if (is_word_of_a_key(word))
    return true;
  return std::ranges::none_of(word, is_digit)
         && std::ranges::any_of(words_of_keys(),
                                [&](const auto& meant) { return is_misspelling(word, meant); });
}

} // namespace

bool may_be_shown(std::string_view key, std::string_view value) {
  const auto* known = find(key);
  if (known == nullptr)
    return false;
  return (known->kind == shown && looks_like_words(value))
         || (known->kind == path && looks_like_a_path(value));
}

bool is_harmless(std::string_view key) {
  const auto* known = find(key);
  return known != nullptr && known->kind == shown;
}

std::vector<std::string> hidden_keys() {
  std::vector<std::string> keys;
  for (const auto& each : known_keys)
    if (each.kind != shown && each.key != "bootstrap.servers" && each.key != "metadata.broker.list")
      keys.emplace_back(each.key);
  return keys;
}

std::optional<std::string_view> similar_key(std::string_view text) {
  constexpr std::size_t most_mistakes = 2;
  if (text.size() > longest_key)
    return std::nullopt;
  const auto key = as_a_key(text);
  std::optional<std::string_view> best;
  auto least = most_mistakes + 1;
  for (const auto& each : known_keys)
    if (const auto mistakes = edit_distance(key, as_a_key(each.key)); mistakes < least) {
      // A short word with two mistakes is another word.
      if (mistakes * 4 > each.key.size())
        continue;
      least = mistakes;
      best = each.key;
    }
  return best;
}

bool has_only_words_of_keys(std::string_view text) {
  const auto may_be_in_a_key = [](char one) {
    return is_letter_or_digit(one) || std::string_view{"._- "}.find(one) != std::string_view::npos;
  };
  if (text.size() > longest_key || !std::ranges::all_of(text, may_be_in_a_key))
    return false;
  const auto key = as_a_key(text);
  const auto words = words_of(key);
  return !words.empty() && std::ranges::all_of(words, is_word_or_misspelling);
}

bool looks_like_a_key(std::string_view text) {
  if (!has_only_words_of_keys(text))
    return false;
  const auto key = as_a_key(text);
  const auto words = words_of(key);
  // A password may be a single word, or resemble words of keys.
  return words.size() > 1 && std::ranges::any_of(words, is_word_of_a_key);
}

bool names_a_secret(std::string_view text) {
  constexpr auto names = std::to_array<std::string_view>(
    {"credentials", "key", "pass", "passphrase", "password", "pem", "principal", "pwd", "secret",
     "token", "user", "username"});
  if (text.size() > longest_key)
    return false;
  const auto key = as_a_key(text);
  const auto words = words_of(key);
  return !words.empty() && std::ranges::any_of(names, [&](auto name) {
    return words.back() == name || is_misspelling(words.back(), name);
  });
}

} // namespace ottla::kafka
