#include <ottla/kafka/internal/driver/librdkafka/batch_faults.hpp>
#include <ottla/kafka/internal/driver/librdkafka/version.hpp>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <string_view>

namespace ottla::kafka {

namespace {

/// The first three bytes: 0x020002 is 2.0.2.
constexpr int number_of(int version) noexcept {
  return version >> 8;
}

/// Empty if ottla accepts the version.
constexpr std::string_view fault_of(int number) noexcept {
  if (number < 0x020002)
    return "ottla needs 2.0.2 or newer";
  if (number >= 0x020500 && number < 0x020503)
    return "an assertion in its client metrics aborts programs; use 2.5.3 or newer";
  if (number == 0x020a00)
    return "it reconnects forever after all brokers were lost (librdkafka #5088); use 2.10.1 or "
           "newer";
  return {};
}

} // namespace

client_capabilities capabilities_of(int version) {
  const auto number = number_of(version);
  client_capabilities what{
    .version = fmt::format("{}.{}.{}", number >> 16, number >> 8 & 0xff, number & 0xff),
    .pauses_quiet_partitions = !batches_skip_at_ends(version),
    .finds_lost_records = checks_leader_epochs(version),
    .client_metrics = number >= 0x020503,
    .rebootstraps = number >= 0x020a01,
    .changes_single_configs = number >= 0x020200};
  if (const auto fault = fault_of(number); !fault.empty())
    what.rejected = fmt::format("librdkafka {} is not supported: {}", what.version, fault);
  return what;
}

client_capabilities capabilities() {
  return capabilities_of(rd_kafka_version());
}

} // namespace ottla::kafka
