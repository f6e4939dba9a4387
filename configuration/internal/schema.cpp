#include <ottla/configuration/internal/conversions.hpp>
#include <ottla/configuration/internal/schema.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka {

namespace {

/// A setting whose type follows from the member that `Member` returns. `Member` is a lambda without
/// captures.
template <class Member>
setting_field setting(std::string_view key, std::string_view meaning, Member) {
  draft initial;
  return {.key = std::string{key},
          .meaning = meaning,
          .type = type_of(Member{}(initial)),
          .initial = written(Member{}(initial)),
          .target = std::string{key},
          .store = [](const setting_field&, draft& to, const std::string&, const raw_value& value) {
            return read(Member{}(to), value);
          }};
}

/// A table with free keys and texts as values.
template <class Member>
setting_field table(std::string_view key, std::string_view meaning, Member) {
  return {.key = std::string{key},
          .meaning = meaning,
          .type = "table of texts",
          .target = std::string{key},
          .is_table = true,
          .store
          = [](const setting_field&, draft& to, const std::string& name, const raw_value& value) {
              std::string text;
              // librdkafka's numbers and booleans may be written without quotes.
              if (const auto* number = std::get_if<std::int64_t>(&value.data))
                text = std::to_string(*number);
              else if (const auto* yes = std::get_if<bool>(&value.data))
                text = *yes ? "true" : "false";
              else if (auto fault = read(text, value); !fault.empty())
                return fault;
              Member{}(to)[name] = std::move(text);
              return std::string{};
            }};
}

/// Where the text of a secret or of a certificate comes from.
enum class origin { text, variable, file };

std::string store_secret(secret& to, origin from, const std::string& text) {
  to = from == origin::text       ? secret{text}
       : from == origin::variable ? secret::from_environment(text)
                                  : secret::from_file(text);
  return {};
}

std::string store_secret(pem& to, origin from, const std::string& text) {
  if (from == origin::file)
    to = pem_file{text};
  else
    to = pem_text{from == origin::text ? secret{text} : secret::from_environment(text)};
  return {};
}

template <class Member, origin From>
std::string store_text(const setting_field&, draft& to, const std::string&,
                       const raw_value& value) {
  std::string text;
  if (auto fault = read(text, value); !fault.empty())
    return fault;
  if (text.empty())
    return "must not be empty";
  return store_secret(Member{}(to), From, text);
}

/// Three settings: the text itself, the file with the text, and the variable with the text.
template <class Member>
void add_secret(std::vector<setting_field>& to, std::string_view key, std::string_view meaning,
                std::string_view type, Member) {
  const std::string name{key};
  to.push_back({.key = name,
                .meaning = meaning,
                .type = std::string{type},
                .target = name,
                .store = &store_text<Member, origin::text>});
  to.push_back({.key = name + "_file",
                .meaning = "Path of a file with this text.",
                .type = "path",
                .target = name,
                .store = &store_text<Member, origin::file>});
  to.push_back({.key = name + "_environment",
                .meaning = "Name of an environment variable with this text.",
                .type = "name of a variable",
                .target = name,
                .store = &store_text<Member, origin::variable>});
}

void add_connection(std::vector<setting_field>& to) {
  to.insert(to.end(),
            {setting("brokers", "Addresses of brokers: `host:port[,host:port…]`. Required.",
                     [](draft& d) { return brokers_text{d.connection.brokers}; }),
             setting(
               "client_id", "Name of this client in logs and quotas of brokers.",
               [](draft & d) -> auto& { return d.connection.client_id; }),
             setting(
               "metadata_interval",
               "How often topic metadata is refreshed, for example to find new partitions.",
               [](draft & d) -> auto& { return d.connection.metadata_interval; }),
             setting("producers", "Topics to produce to.",
                     [](draft& d) { return topic_names{d.producer_topics}; }),
             setting(
               "restarts.at_most", "Restarts of a supervisor within the period before it gives up.",
               [](draft & d) -> auto& { return d.connection.restarts.at_most; }),
             setting(
               "restarts.within", "The period of `restarts.at_most`.",
               [](draft & d) -> auto& { return d.connection.restarts.within; }),
             table(
               "extra", "Other librdkafka keys of all Kafka handles.",
               [](draft & d) -> auto& { return d.connection.extra; })});
}

void add_security(std::vector<setting_field>& to) {
  to.push_back(setting(
    "security.tls.enabled",
    "Whether connections are encrypted. True if any key of `security.tls` is "
    "set.",
    [](draft & d) -> auto& { return d.tls_enabled; }));
  add_secret(
    to, "security.tls.ca", "Certificate authorities that may sign a broker's certificate.",
    "PEM text", [](draft & d) -> auto& { return d.tls.ca; });
  add_secret(
    to, "security.tls.certificate", "The client's certificate.", "PEM text",
    [](draft & d) -> auto& { return d.tls.certificate; });
  add_secret(
    to, "security.tls.key", "The private key of the client's certificate.", "PEM text, secret",
    [](draft & d) -> auto& { return d.tls.key; });
  add_secret(
    to, "security.tls.key_password", "The password of an encrypted private key.", "secret text",
    [](draft & d) -> auto& { return d.tls.key_password; });
  to.insert(to.end(), {setting(
                         "security.tls.verify_certificate",
                         "Whether a broker's certificate must be signed by an authority.",
                         [](draft & d) -> auto& { return d.tls.verify_certificate; }),
                       setting(
                         "security.tls.verify_host",
                         "Whether a broker's certificate must have the host name of the broker.",
                         [](draft & d) -> auto& { return d.tls.verify_host; }),
                       setting(
                         "security.sasl.mechanism", "How the client proves its identity.",
                         [](draft & d) -> auto& { return d.mechanism; }),
                       setting(
                         "security.sasl.user", "The user, for PLAIN and SCRAM.",
                         [](draft & d) -> auto& { return d.user; })});
  add_secret(
    to, "security.sasl.password", "The password, for PLAIN and SCRAM.", "secret text",
    [](draft & d) -> auto& { return d.password; });
  to.insert(to.end(),
            {setting(
               "security.sasl.token_endpoint",
               "URL of the token endpoint, for OAUTHBEARER by OIDC. Without it, the program "
               "provides the tokens.",
               [](draft & d) -> auto& { return d.oauth.token_endpoint; }),
             setting(
               "security.sasl.client_id", "The client's id at the token endpoint.",
               [](draft & d) -> auto& { return d.oauth.client_id; })});
  add_secret(
    to, "security.sasl.client_secret", "The client's secret at the token endpoint.", "secret text",
    [](draft & d) -> auto& { return d.oauth.client_secret; });
  to.insert(to.end(), {setting(
                         "security.sasl.scope", "The scope of the tokens.",
                         [](draft & d) -> auto& { return d.oauth.scope; }),
                       table(
                         "security.sasl.extensions", "SASL extensions (RFC 7628).",
                         [](draft & d) -> auto& { return d.oauth.extensions; })});
}

void add_producing(std::vector<setting_field>& to) {
  to.insert(to.end(),
            {setting(
               "producing.linger", "How long a record may wait for its batch.",
               [](draft & d) -> auto& { return d.producing.linger; }),
             setting(
               "producing.delivery_timeout", "Longest time until a record is stored or fails.",
               [](draft & d) -> auto& { return d.producing.delivery_timeout; }),
             setting("producing.buffer_bytes", "Upper bound for all pending records.",
                     [](draft& d) { return byte_count{d.producing.buffer_bytes}; }),
             setting(
               "producing.idempotent", "Whether retries store no record twice and keep the order.",
               [](draft & d) -> auto& { return d.producing.idempotent; }),
             setting(
               "producing.partitioner",
               "Which partition a record gets. Without it, `murmur2`, as in Java's clients.",
               [](draft & d) -> auto& { return d.producing.partitioner; }),
             table(
               "producing.extra", "Other librdkafka keys of the producers' Kafka handle.",
               [](draft & d) -> auto& { return d.producing.extra; })});
}

void add_group(std::vector<setting_field>& to) {
  to.insert(
    to.end(),
    {setting(
       "group_consumer.group", "The consumer group. Required for a group_consumer.",
       [](draft & d) -> auto& { return d.group.group; }),
     setting("group_consumer.topics", "Topics to subscribe to. Required for a group_consumer.",
             [](draft& d) { return topic_names{d.group.topics}; }),
     setting(
       "group_consumer.begin", "Where a partition without a committed offset begins.",
       [](draft & d) -> auto& { return d.group.begin; }),
     setting(
       "group_consumer.when_missing", "Where a partition begins if its offset is not in the log.",
       [](draft & d) -> auto& { return d.group.when_missing; }),
     setting(
       "group_consumer.allocation", "Which partitions share a worker.",
       [](draft & d) -> auto& { return d.group.allocation; }),
     setting(
       "group_consumer.batch_size", "Largest number of messages in a batch.",
       [](draft & d) -> auto& { return d.group.batch_size; }),
     setting(
       "group_consumer.max_unacknowledged",
       "Largest number of delivered and unacknowledged offsets of a partition.",
       [](draft & d) -> auto& { return d.group.max_unacknowledged; }),
     setting(
       "group_consumer.commit_interval", "How often acknowledged offsets are committed.",
       [](draft & d) -> auto& { return d.group.commit_interval; }),
     setting(
       "group_consumer.drain_within",
       "Longest time for workers to finish when their partitions are revoked.",
       [](draft & d) -> auto& { return d.group.drain_within; }),
     setting(
       "group_consumer.run_as", "Where handlers run.",
       [](draft & d) -> auto& { return d.group.run_as; }),
     setting(
       "group_consumer.worker_restarts.first",
       "The first delay before a failed worker is replaced.",
       [](draft & d) -> auto& { return d.group.worker_restarts.first; }),
     setting(
       "group_consumer.worker_restarts.longest", "The longest delay.",
       [](draft & d) -> auto& { return d.group.worker_restarts.longest; }),
     setting(
       "group_consumer.worker_restarts.at_once", "Failures in a row without a delay.",
       [](draft & d) -> auto& { return d.group.worker_restarts.at_once; }),
     setting(
       "group_consumer.worker_restarts.healthy_after",
       "How long a worker without messages runs before it counts as healthy.",
       [](draft & d) -> auto& { return d.group.worker_restarts.healthy_after; }),
     setting(
       "group_consumer.worker_restarts.jitter", "Random part of each delay, from 0 to 1.",
       [](draft & d) -> auto& { return d.group.worker_restarts.jitter; }),
     setting(
       "group_consumer.handle_within", "Longest time for a handler's batch or message.",
       [](draft & d) -> auto& { return d.group.handle_within; }),
     setting(
       "group_consumer.rebalance_delay", "Delay from an assignment to the start of its workers.",
       [](draft & d) -> auto& { return d.group.rebalance_delay; }),
     setting(
       "group_consumer.session_timeout",
       "Longest time without a heartbeat before brokers evict the member.",
       [](draft & d) -> auto& { return d.group.session_timeout; }),
     setting(
       "group_consumer.heartbeat_interval", "How often the member sends a heartbeat.",
       [](draft & d) -> auto& { return d.group.heartbeat_interval; }),
     setting(
       "group_consumer.max_poll_interval",
       "Longest time that the coordinator may hang before the member leaves the group.",
       [](draft & d) -> auto& { return d.group.max_poll_interval; }),
     setting(
       "group_consumer.strategy", "How the members share the partitions.",
       [](draft & d) -> auto& { return d.group.strategy; }),
     setting(
       "group_consumer.instance", "Name of a static member.",
       [](draft & d) -> auto& { return d.group.instance; }),
     setting(
       "group_consumer.fetch_wait",
       "How long a broker may wait for new messages before it answers.",
       [](draft & d) -> auto& { return d.group.fetch_wait; }),
     setting("group_consumer.memory_bytes", "Memory for the messages of all partitions.",
             [](draft& d) { return optional_byte_count{d.group.memory_bytes}; }),
     table(
       "group_consumer.extra", "Other librdkafka keys of the consumer's Kafka handle.",
       [](draft & d) -> auto& { return d.group.extra; })});
}

bool is_below(std::string_view key, std::string_view table) {
  return key.size() > table.size() && key.starts_with(table) && key[table.size()] == '.';
}

} // namespace

const std::vector<setting_field>& connection_schema() {
  static const auto all = [] {
    std::vector<setting_field> fields;
    add_connection(fields);
    add_security(fields);
    add_producing(fields);
    add_group(fields);
    return fields;
  }();
  return all;
}

const setting_field* find_field(std::string_view key) {
  for (const auto& each : connection_schema())
    if (each.is_table ? is_below(key, each.key) : key == each.key)
      return &each;
  return nullptr;
}

bool is_known_table(std::string_view key) {
  return key.empty() || std::ranges::any_of(connection_schema(), [&](const auto& each) {
           return is_below(each.key, key) || (each.is_table && each.key == key);
         });
}

std::string variable_of(std::string_view key) {
  std::string name{key};
  for (auto& one : name)
    if (one >= 'a' && one <= 'z')
      one = static_cast<char>(one - 'a' + 'A');
    else if (!(one >= 'A' && one <= 'Z') && !(one >= '0' && one <= '9'))
      one = '_';
  return name;
}

} // namespace ottla::kafka
