#include <ottla/configuration/internal/nearest.hpp>
#include <ottla/kafka/internal/text/edit_distance.hpp>

#include <cstddef>

namespace ottla::kafka {

std::optional<std::string> nearest(std::string_view text,
                                   const std::vector<std::string>& candidates) {
  constexpr std::size_t longest = 200;
  text = text.substr(0, longest);
  auto least = text.size() / 3 + 1;
  const std::string* found = nullptr;
  for (const auto& each : candidates)
    if (const auto distance = edit_distance(text, each); distance < least) {
      least = distance;
      found = &each;
    }
  return found == nullptr ? std::nullopt : std::optional{*found};
}

} // namespace ottla::kafka
