#include <ottla/supervision/child_spec.hpp>

#include <fmt/format.h>

namespace ottla {

std::vector<std::string> validate(const child_spec& spec) {
  std::vector<std::string> wrong;
  if (spec.id.empty())
    wrong.emplace_back("child without an id");
  if (!spec.start)
    wrong.push_back(fmt::format("child \"{}\": no start function", spec.id));
  if (const auto patience = spec.shutdown.patience(spec.type);
      patience < std::chrono::nanoseconds::zero())
    wrong.push_back(fmt::format("child \"{}\": shutdown must not be negative, got {}ms", spec.id,
                                patience / std::chrono::milliseconds{1}));
  if (spec.significant && spec.restart == restart_policy::permanent)
    wrong.push_back(fmt::format("child \"{}\": a permanent child cannot be significant", spec.id));
  return wrong;
}

} // namespace ottla
