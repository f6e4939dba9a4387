#pragma once

#include <ottla/kafka/client/time_limits.hpp>
#include <ottla/kafka/client_settings.hpp>
#include <ottla/kafka/error.hpp>

#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

/// Keys and values for one handle of librdkafka's. Collects every refusal.
class configuration {
public:
  explicit configuration(const client_settings& common);

  void set(const std::string& key, const std::string& value);

  /// The value of ottla's `setting`, which the refusal names.
  template <class Duration>
  void set_time(const std::string& key, const char* setting, Duration value, time_limits limits);

  /// Keys that are not modelled; those the runtime depends on are refused.
  void set_extra(const std::map<std::string, std::string>& extra);

  rd_kafka_conf_t* get() const noexcept { return conf_.get(); }

  /// All refusals so far, one line each. No line holds a value whose key may be a secret's.
  const std::vector<std::string>& refusals() const noexcept { return refusals_; }

  /// Adds what is wrong with files and with who provides tokens.
  void check();

  /// Adds what librdkafka refuses only when a handle is opened: contradictions, and files that
  /// cannot be read. Opens a handle without brokers and destroys that handle. Uses this object up.
  void try_out(rd_kafka_type_t type);

  /// Connects to nobody yet. Uses this object up. The handle's opaque is taken.
  std::variant<rd_kafka_t*, error> open(rd_kafka_type_t type);

private:
  struct destroy {
    void operator()(rd_kafka_conf_t* conf) const noexcept { rd_kafka_conf_destroy(conf); }
  };

  struct opened_handle {
    rd_kafka_t* native = nullptr;
    /// librdkafka came as far as calling interceptors.
    bool begun = false;
  };

  /// Null where librdkafka refuses, which becomes a refusal.
  opened_handle make_handle(rd_kafka_type_t type);
  void refuse(std::string line);
  void refuse_value(const std::string& key, const std::string& value, const std::string& why);
  /// Null: nobody needs one, or librdkafka has its own.
  std::unique_ptr<oauth_provider> choose_token_provider();

  std::unique_ptr<rd_kafka_conf_t, destroy> conf_;
  oauth_provider oauth_tokens_;
  std::vector<std::string> refusals_;
};

configuration configure_consumer(const client_settings& common, const consumer_settings& how);

/// For a handle that joins no group and consumes nothing, but looks up offsets. `isolation` is
/// read_committed or read_uncommitted.
configuration configure_lookups(const client_settings& common, const consumer_settings& how,
                                const std::string& isolation);

configuration configure_producer(const client_settings& common, const producer_settings& how);

} // namespace ottla::kafka
