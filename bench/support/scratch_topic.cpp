#include "support/scratch_topic.hpp"

#include <ottla/kafka/admin/topics.hpp>

#include "support/fresh_name.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace bench {

namespace {

constexpr std::chrono::seconds answer_within{10};

} // namespace

scratch_topic::scratch_topic(std::string brokers, std::int32_t partitions)
  : brokers_{std::move(brokers)}, name_{fresh_name("scratch")} {
  const auto created = ottla::kafka::create_topic(
    {.brokers = brokers_}, {.name = name_, .partitions = partitions}, answer_within);
  if (!created)
    throw std::runtime_error{to_string(created.error())};
}

scratch_topic::~scratch_topic() {
  const auto deleted = ottla::kafka::delete_topic({.brokers = brokers_}, name_, answer_within);
  if (!deleted)
    fmt::print(stderr, "cannot delete topic \"{}\": {}\n", name_, to_string(deleted.error()));
}

} // namespace bench
