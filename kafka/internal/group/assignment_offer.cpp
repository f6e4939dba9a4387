#include <ottla/kafka/internal/group/assignment_offer.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace ottla::kafka {

namespace {

bool is_same(const std::optional<error>& one, const std::optional<error>& other) {
  return one.has_value() == other.has_value() && (!one || to_string(*one) == to_string(*other));
}

} // namespace

std::vector<assignment_offer::look_up>
assignment_offer::look_ups(const begin_offset& begin,
                           const std::function<bool(const std::string&)>& is_new) const {
  auto others = offer_.partitions;
  std::vector<look_up> all;
  if (std::holds_alternative<latest>(begin)) {
    const auto of_new = std::stable_partition(
      others.begin(), others.end(),
      [&is_new](const topic_partition& where) { return !is_new(where.topic); });
    if (of_new != others.end())
      all.push_back({{of_new, others.end()}, earliest{}});
    others.erase(of_new, others.end());
  }
  if (!others.empty() || all.empty())
    all.push_back({std::move(others), begin});
  return all;
}

std::vector<beginning> assignment_offer::take(const resolved& answer) {
  pending_.erase(answer.asked);
  std::vector<beginning> news;
  for (const auto& each : answer.beginnings) {
    auto& known = found_[each.at];
    if (each.failed && !is_same(known.failed, each.failed))
      news.push_back(each);
    known = each;
  }
  return news;
}

bool assignment_offer::is_complete() const {
  return std::ranges::all_of(offer_.partitions, [this](const topic_partition& where) {
    const auto known = found_.find(where);
    return known != found_.end() && known->second.offset >= 0;
  });
}

std::vector<beginning> assignment_offer::beginnings() const {
  std::vector<beginning> all;
  for (const auto& where : offer_.partitions)
    all.push_back(found_.at(where));
  return all;
}

} // namespace ottla::kafka
