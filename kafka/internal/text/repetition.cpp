#include <ottla/kafka/internal/text/gist.hpp>
#include <ottla/kafka/internal/text/repetition.hpp>

#include <algorithm>
#include <functional>

namespace ottla::kafka {

bool repetition::is_new(std::string_view text) {
  const auto gist = std::hash<std::string>{}(gist_of(text));
  const auto known = std::ranges::find(told_, gist);
  const bool is_known = known != told_.end();
  if (is_known)
    told_.erase(known);
  told_.push_back(gist);
  if (told_.size() > most_told)
    told_.pop_front();
  return !is_known;
}

} // namespace ottla::kafka
