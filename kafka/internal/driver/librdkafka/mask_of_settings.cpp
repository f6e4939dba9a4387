#include <ottla/kafka/internal/driver/librdkafka/known_keys.hpp>
#include <ottla/kafka/internal/driver/librdkafka/mask_of_settings.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string_view>

namespace ottla::kafka {

namespace {

constexpr std::array secrets{
  "sasl.password",
  "ssl.key.password",
  "ssl.key.pem",
  "ssl.keystore.password",
  "sasl.oauthbearer.client.secret",
  "sasl.oauthbearer.assertion.private.key.passphrase",
  "sasl.oauthbearer.assertion.private.key.pem",
};

/// Keys whose values are pairs, as in `clientSecret=…`.
constexpr std::array pairs_with_secrets{
  "sasl.oauthbearer.config",
  "sasl.oauthbearer.extensions",
};

/// Mechanisms are written in capitals, such as "SCRAM-SHA-512". librdkafka accepts any text.
bool looks_like_a_mechanism(std::string_view text) {
  constexpr std::size_t longest = 20; // RFC 4422
  return text.size() <= longest && std::ranges::all_of(text, [](char one) {
           return (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9') || one == '-'
                  || one == '_';
         });
}

} // namespace

std::string value_of(const rd_kafka_conf_t* conf, const char* key) {
  std::size_t size = 0;
  if (rd_kafka_conf_get(conf, key, nullptr, &size) != RD_KAFKA_CONF_OK || size == 0)
    return {};
  std::string value(size, '\0');
  rd_kafka_conf_get(conf, key, value.data(), &size);
  value.resize(size - 1); // the size includes the NUL
  return value;
}

secret_mask mask_of_settings(const rd_kafka_conf_t* conf) {
  secret_mask mask;
  for (const auto* key : secrets)
    mask.hide(value_of(conf, key));
  for (const auto* key : pairs_with_secrets)
    mask.hide_values_in(value_of(conf, key));
  const owned_conf defaults{rd_kafka_conf_new()};
  for (const auto& key : hidden_keys())
    if (const auto value = value_of(conf, key.c_str());
        !may_be_shown(key, value) && value != value_of(defaults.get(), key.c_str()))
      mask.hide_unless_a_plain_word(value);
  if (const auto mechanism = value_of(conf, "sasl.mechanisms"); !looks_like_a_mechanism(mechanism))
    mask.hide(mechanism);
  return mask;
}

} // namespace ottla::kafka
