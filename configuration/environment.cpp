#include <ottla/configuration/environment.hpp>

#include <string_view>
#include <unistd.h>

namespace ottla::kafka {

environment process_environment() {
  environment variables;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    const std::string_view pair{*each};
    if (const auto sign = pair.find('='); sign != std::string_view::npos)
      variables.emplace(pair.substr(0, sign), pair.substr(sign + 1));
  }
  return variables;
}

} // namespace ottla::kafka
