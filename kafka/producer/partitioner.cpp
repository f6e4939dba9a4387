#include <ottla/actors/exit_reason.hpp>
#include <ottla/kafka/internal/producer/md5_digest.hpp>
#include <ottla/kafka/internal/producer/murmur2_hash.hpp>
#include <ottla/kafka/internal/text/cut_text.hpp>
#include <ottla/kafka/producer/partitioner.hpp>

#include <fmt/format.h>

#include <exception>
#include <numeric>
#include <utility>

namespace ottla::kafka {

namespace {

struct question {
  std::string_view topic;
  std::int32_t partitions;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
};

using answer = result<std::int32_t>;

answer not_decided(std::string_view what) {
  return error{.code = errc::other, .text = fmt::format("the key does not decide: {}", what)};
}

answer within(const question& of, std::int32_t chosen, std::string_view by) {
  if (chosen >= 0 && chosen < of.partitions)
    return chosen;
  return error{.code = errc::unknown_topic,
               .text
               = fmt::format("{} chose partition {} of topic \"{}\", which has {} partition{}", by,
                             chosen, of.topic, of.partitions, of.partitions == 1 ? "" : "s")};
}

answer chosen(const murmur2&, const question& of) {
  if (!of.key)
    return not_decided("murmur2 gives a record without a key a random partition");
  constexpr std::uint32_t all_but_the_sign = 0x7fffffff;
  return static_cast<std::int32_t>(murmur2_hash(*of.key) & all_but_the_sign) % of.partitions;
}

answer chosen(const md5&, const question& of) {
  const auto digest = md5_digest(of.key.value_or(std::string_view{}));
  return std::accumulate(digest.begin(), digest.end(), std::int32_t{0}) % of.partitions;
}

answer chosen(const random&, const question&) {
  return not_decided("random gives each record a random partition");
}

answer chosen(const round_robin&, const question&) {
  return not_decided("round_robin gives each record the next partition");
}

answer chosen(const fixed_partition& how, const question& of) {
  return within(of, how.partition, "fixed_partition");
}

answer chosen(const custom& how, const question& of) {
  constexpr std::string_view name = "the function of the custom partitioner";
  try {
    return within(of, how.function(of.topic, of.partitions, of.key, of.value), name);
  } catch (...) {
    return error{.code = errc::other,
                 .text = fmt::format("{} threw for topic \"{}\": {}", name, of.topic,
                                     cut_text(text_of(std::current_exception())))};
  }
}

std::optional<std::string> fault_of(const partitioner& how) {
  const auto* fixed = std::get_if<fixed_partition>(&how);
  if (fixed != nullptr && fixed->partition < 0)
    return fmt::format("fixed_partition must not be negative, got {}", fixed->partition);
  const auto* own = std::get_if<custom>(&how);
  if (own != nullptr && !own->function)
    return "custom has no function";
  return std::nullopt;
}

} // namespace

result<std::int32_t> partition_for(const partitioner& how, std::string_view topic,
                                   std::int32_t partitions, std::optional<std::string_view> key,
                                   std::optional<std::string_view> value) {
  if (const auto fault = fault_of(how))
    return error{.code = errc::bad_setting,
                 .text = fmt::format("the partitioner of topic \"{}\": {}", topic, *fault)};
  if (partitions <= 0)
    return error{.code = errc::bad_setting,
                 .text
                 = fmt::format("the number of partitions of topic \"{}\" must be above 0, got {}",
                               topic, partitions)};
  return std::visit(
    [&](const auto& each) {
      return chosen(each, question{topic, partitions, key, value});
    },
    how);
}

std::vector<std::string> validate(const partitioner& how, std::string_view whose) {
  if (const auto fault = fault_of(how))
    return {fmt::format("{}: {}", whose, *fault)};
  return {};
}

} // namespace ottla::kafka
