#pragma once

#include <ottla/kafka/client_settings.hpp>
#include <ottla/kafka/error.hpp>

#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace ottla::kafka {

/// Keys and values for one handle of librdkafka's. Keeps the first refusal and ignores what comes
/// after it.
class configuration {
public:
  explicit configuration(const client_settings& common);

  void set(const std::string& key, const std::string& value);

  /// Empty where the key has no value.
  std::string get(const std::string& key) const;

  /// Keys that are not modelled; those the runtime depends on are refused.
  void set_extra(const std::map<std::string, std::string>& extra);

  rd_kafka_conf_t* get() const noexcept { return conf_.get(); }
  const std::optional<error>& refused() const noexcept { return refused_; }

  /// Connects to nobody yet. Uses this object up. The handle's opaque is taken.
  std::variant<rd_kafka_t*, error> open(rd_kafka_type_t type);

private:
  struct destroy {
    void operator()(rd_kafka_conf_t* conf) const noexcept { rd_kafka_conf_destroy(conf); }
  };

  void refuse(const std::string& key, const std::string& value, const std::string& why);
  /// Null: nobody needs one, or librdkafka has its own.
  std::unique_ptr<oauth_provider> choose_token_provider();

  std::unique_ptr<rd_kafka_conf_t, destroy> conf_;
  oauth_provider oauth_tokens_;
  std::optional<error> refused_;
};

configuration configure_consumer(const client_settings& common, const consumer_settings& how);

/// For a handle that joins no group and consumes nothing, but looks up offsets. `isolation` is
/// read_committed or read_uncommitted.
configuration configure_lookups(const client_settings& common, const consumer_settings& how,
                                const std::string& isolation);

configuration configure_producer(const client_settings& common, const producer_settings& how);

} // namespace ottla::kafka
