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
#include <string_view>
#include <variant>
#include <vector>

namespace ottla::kafka {

/// Keys and values of one librdkafka handle. Collects a refusal for each setting that librdkafka or
/// ottla rejects.
class configuration {
public:
  explicit configuration(const cluster_settings& common);

  void set(const std::string& key, const std::string& value);

  /// Sets a time. Rejects a value outside `limits` with a refusal that names ottla's `setting`.
  template <class Duration>
  void set_time(const std::string& key, const char* setting, Duration value, time_limits limits);

  /// Sets keys that ottla has no field for. Rejects keys that the runtime depends on, and keys that
  /// contradict the security settings.
  void set_extra(const std::map<std::string, std::string>& extra);

  rd_kafka_conf_t* get() const noexcept { return conf_.get(); }

  /// The refusals of all earlier calls, one line each. No line quotes a value that may be a secret.
  const std::vector<std::string>& refusals() const noexcept { return refusals_; }

  /// Adds refusals for unreadable files and for a wrong source of OAuth tokens.
  void check();

  /// Adds refusals that only rd_kafka_new reports: contradictory settings and unusable files. Opens
  /// a handle without brokers and destroys that handle. After this call, only refusals() may be
  /// called.
  void try_out(rd_kafka_type_t type);

  /// Opens the handle. Waits for no broker, and librdkafka connects in the background. The handle's
  /// opaque pointer is reserved for the token provider. After this call, only refusals() may be
  /// called.
  std::variant<rd_kafka_t*, error> open(rd_kafka_type_t type);

private:
  struct opened_handle {
    rd_kafka_t* native = nullptr;
    /// Whether librdkafka has called the on_new interceptors.
    bool begun = false;
  };

  /// `native` is null if librdkafka rejects the configuration. The reason becomes a refusal.
  opened_handle make_handle(rd_kafka_type_t type);
  void refuse(std::string line);
  void refuse_value(const std::string& key, const std::string& value, const std::string& why);
  /// Null if no provider is needed, or if librdkafka has its own provider.
  std::unique_ptr<oauth_provider> choose_token_provider();

  owned_conf conf_;
  oauth_provider oauth_tokens_;
  /// For each key of the security settings, the setting that sets it.
  std::map<std::string, std::string_view> owners_;
  std::vector<std::string> refusals_;
};

configuration configure_consumer(const cluster_settings& common,
                                 const consumer_handle_settings& how);

/// Configures a handle that only looks up offsets. The handle joins no group and consumes nothing.
/// `isolation` is read_committed or read_uncommitted.
configuration configure_lookups(const cluster_settings& common, const consumer_handle_settings& how,
                                const std::string& isolation);

configuration configure_producer(const cluster_settings& common, const producer_settings& how);

} // namespace ottla::kafka
