#include <ottla/kafka/internal/driver/librdkafka/membership_queries.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace ottla::kafka {

namespace {

// librdkafka 2.0 exposes the generation only in the serialized metadata, directly after these
// bytes.
constexpr std::string_view magic = "CGMDv2:";

/// Empty if the key is not set.
std::string setting_of(rd_kafka_t* native, const char* key) {
  std::array<char, 512> value{};
  auto size = value.size();
  if (rd_kafka_conf_get(rd_kafka_conf(native), key, value.data(), &size) != RD_KAFKA_CONF_OK)
    return {};
  return value.data();
}

} // namespace

std::int32_t generation_of(rd_kafka_t* consumer) {
  std::int32_t generation = -1;
  const owned<rd_kafka_consumer_group_metadata_t, rd_kafka_consumer_group_metadata_destroy>
    metadata{rd_kafka_consumer_group_metadata(consumer)};
  if (metadata == nullptr)
    return generation;
  void* bytes = nullptr;
  std::size_t size = 0;
  if (auto* failure = rd_kafka_consumer_group_metadata_write(metadata.get(), &bytes, &size)) {
    rd_kafka_error_destroy(failure);
    return generation;
  }
  const std::string_view text{static_cast<const char*>(bytes), size};
  if (text.starts_with(magic) && size >= magic.size() + sizeof generation)
    std::memcpy(&generation, text.data() + magic.size(), sizeof generation);
  rd_kafka_mem_free(consumer, bytes);
  return generation;
}

rebalance_protocol protocol_of(rd_kafka_t* native) {
  const auto* name = rd_kafka_rebalance_protocol(native);
  return name != nullptr && std::strcmp(name, "COOPERATIVE") == 0 ? rebalance_protocol::cooperative
                                                                  : rebalance_protocol::eager;
}

bool wants_cooperation(rd_kafka_t* native) {
  return setting_of(native, "partition.assignment.strategy") == "cooperative-sticky";
}

bool is_static(rd_kafka_t* native) {
  return !setting_of(native, "group.instance.id").empty();
}

bool has_joined(rd_kafka_t* native) {
  auto* id = rd_kafka_memberid(native);
  const bool joined = id != nullptr && *id != '\0';
  rd_kafka_mem_free(native, id);
  return joined;
}

} // namespace ottla::kafka
