#include <ottla/supervision/internal/partition_supervisor.hpp>
#include <ottla/supervision/partition_supervisor_spec.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace ottla {

partition_supervisor_spec::operator child_spec() const {
  auto spec = *this;
  if (spec.partitions == 0)
    spec.partitions = std::max<std::size_t>(1, std::thread::hardware_concurrency());
  return {.id = id,
          .start = start<partition_supervisor>(spec, std::make_shared<partition_directory>()),
          .type = child_type::supervisor,
          .name = name,
          .faults = validate(*this)};
}

std::vector<std::string> validate(const partition_supervisor_spec& spec) {
  std::vector<std::string> wrong;
  if (spec.name.empty() || spec.name.find('/') != std::string::npos)
    wrong.push_back(fmt::format(
      "partition supervisor \"{}\": name must not be empty or contain a slash, got \"{}\"", spec.id,
      spec.name));
  if (!spec.child)
    wrong.push_back(fmt::format("partition supervisor \"{}\": no child function", spec.id));
  return wrong;
}

} // namespace ottla
