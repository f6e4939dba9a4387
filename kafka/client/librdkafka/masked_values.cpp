#include <ottla/kafka/client/librdkafka/masked_values.hpp>

#include <array>
#include <cstddef>

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

/// Their values are pairs, as in `clientSecret=…`.
constexpr std::array pairs_with_secrets{
  "sasl.oauthbearer.config",
  "sasl.oauthbearer.extensions",
};

} // namespace

std::string value_of(const rd_kafka_conf_t* conf, const char* key) {
  std::size_t size = 0;
  if (rd_kafka_conf_get(conf, key, nullptr, &size) != RD_KAFKA_CONF_OK || size == 0)
    return {};
  std::string value(size, '\0');
  rd_kafka_conf_get(conf, key, value.data(), &size);
  value.resize(size - 1); // the size counts the NUL
  return value;
}

secret_mask mask_of(const rd_kafka_conf_t* conf) {
  secret_mask mask;
  for (const auto* key : secrets)
    mask.hide(value_of(conf, key));
  for (const auto* key : pairs_with_secrets)
    mask.hide_values_in(value_of(conf, key));
  return mask;
}

} // namespace ottla::kafka
