#include <ottla/kafka/fetch/stored_record.hpp>

namespace ottla::kafka {

stored_record copy_of(const message& what, const topic_partition& from) {
  stored_record copy;
  copy.from = from;
  copy.offset = what.offset();
  if (what.has_key())
    copy.key.emplace(what.key());
  if (what.has_value())
    copy.value.emplace(what.value());
  for (const auto& each : what.headers()) {
    auto& [name, value] = copy.headers.emplace_back(std::string{each.name}, std::nullopt);
    if (each.has_value())
      value.emplace(each.value);
  }
  if (const auto when = what.timestamp())
    copy.timestamp = *when;
  return copy;
}

} // namespace ottla::kafka
