#include <ottla/kafka/fetch/search.hpp>

#include <string_view>
#include <utility>

namespace ottla::kafka {

record_predicate key_contains(std::string part) {
  return [part = std::move(part)](const streamed_message& one) {
    return one.has_key() && one.key().find(part) != std::string_view::npos;
  };
}

record_predicate value_contains(std::string part) {
  return [part = std::move(part)](const streamed_message& one) {
    return one.has_value() && one.value().find(part) != std::string_view::npos;
  };
}

record_predicate key_is(std::string whole) {
  return [whole = std::move(whole)](const streamed_message& one) {
    return one.has_key() && one.key() == whole;
  };
}

record_predicate value_is(std::string whole) {
  return [whole = std::move(whole)](const streamed_message& one) {
    return one.has_value() && one.value() == whole;
  };
}

result<std::vector<stored_record>> search(const cluster_settings& cluster,
                                          const search_settings& what,
                                          saturating<std::chrono::milliseconds> within) {
  if (!what.matches)
    return error{.code = errc::bad_setting, .text = "matches must not be empty"};
  std::vector<stored_record> found;
  if (what.most_records == 0)
    return found;
  auto records = open_stream(cluster, what.in, within);
  if (!records)
    return records.error();
  for (const auto& one : *records) {
    if (!what.matches(one))
      continue;
    found.push_back(one.copy());
    if (found.size() == what.most_records)
      return found;
  }
  if (records->failure())
    return *records->failure();
  return found;
}

} // namespace ottla::kafka
