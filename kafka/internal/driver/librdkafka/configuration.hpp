#pragma once

#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/error.hpp>
#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/internal/settings/time_limits.hpp>
#include <ottla/kafka/producer/producer_settings.hpp>

#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

/// Keys and values for one librdkafka handle. Collects every refusal.
class configuration {
public:
  explicit configuration(const cluster_settings& common);

  void set(const std::string& key, const std::string& value);

  /// Sets a time, or refuses a value outside `limits`. That refusal names ottla's `setting`.
  template <class Duration>
  void set_time(const std::string& key, const char* setting, Duration value, time_limits limits);

  /// Sets keys that are not modelled. Refuses keys that the runtime depends on.
  void set_extra(const std::map<std::string, std::string>& extra);

  rd_kafka_conf_t* get() const noexcept { return conf_.get(); }

  /// All refusals so far, one line each. No line quotes a value that may be a secret.
  const std::vector<std::string>& refusals() const noexcept { return refusals_; }

  /// Adds faults of files, and of the source of tokens.
  void check();

  /// Adds faults that librdkafka reports only when it opens a handle: contradictions, and files
  /// that cannot be used. Opens a handle without brokers and destroys that handle. Afterwards only
  /// refusals() may be called.
  void try_out(rd_kafka_type_t type);

  /// Opens the handle, which connects to no broker yet. The handle's opaque is reserved. Afterwards
  /// only refusals() may be called.
  std::variant<rd_kafka_t*, error> open(rd_kafka_type_t type);

private:
  struct opened_handle {
    rd_kafka_t* native = nullptr;
    /// librdkafka got as far as calling interceptors.
    bool begun = false;
  };

  /// `native` is null if librdkafka rejects the configuration; the reason becomes a refusal.
  opened_handle make_handle(rd_kafka_type_t type);
  void refuse(std::string line);
  void refuse_value(const std::string& key, const std::string& value, const std::string& why);
  /// Null: no provider is needed, or librdkafka has its own.
  std::unique_ptr<oauth_provider> choose_token_provider();

  owned_conf conf_;
  oauth_provider oauth_tokens_;
  std::vector<std::string> refusals_;
};

configuration configure_consumer(const cluster_settings& common,
                                 const consumer_handle_settings& how);

/// For a handle that joins no group and consumes nothing, but looks up offsets. `isolation` is
/// read_committed or read_uncommitted.
configuration configure_lookups(const cluster_settings& common, const consumer_handle_settings& how,
                                const std::string& isolation);

configuration configure_producer(const cluster_settings& common, const producer_settings& how);

} // namespace ottla::kafka
