#include <ottla/kafka/internal/group/missing_topics.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka {

namespace {

constexpr std::chrono::seconds describe_pause{5};

} // namespace

bool missing_topics::begin(std::chrono::nanoseconds now) noexcept {
  if (std::exchange(is_pending_, true))
    return false;
  asked_at_ = now;
  return true;
}

bool missing_topics::is_due(std::chrono::nanoseconds now) const noexcept {
  return is_due(now, describe_pause);
}

bool missing_topics::is_due(std::chrono::nanoseconds now,
                            std::chrono::nanoseconds interval) const noexcept {
  return !asked_at_ || now - *asked_at_ >= interval;
}

missing_topics::finding missing_topics::compare(const std::vector<std::string>& wanted,
                                                const std::vector<topic_info>& known) {
  finding found;
  for (const auto& topic : wanted) {
    const auto info = std::ranges::find(known, topic, &topic_info::name);
    if (info == known.end()) {
      missing_.insert(topic);
      found.missing.push_back(topic);
      continue;
    }
    found.present.push_back(topic);
    found.partitions += static_cast<std::size_t>(std::max(info->partitions, 0));
  }
  return found;
}

} // namespace ottla::kafka
