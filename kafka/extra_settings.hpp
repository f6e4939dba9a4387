#pragma once

#include <map>
#include <string>
#include <utility>

namespace ottla::kafka {

/// Settings of librdkafka by their keys: `{{"security.protocol", "ssl"}}`. ottla applies them last.
/// Keys that ottla depends on are rejected.
///
/// The only difference from std::map is a destructor that is not inline. GCC 12 to 14 report the
/// inline destructor as a read of uninitialized memory if a designated initializer sets the member
/// (-Wmaybe-uninitialized, part of -Wall; GCC's bug 105562).
class extra_settings : public std::map<std::string, std::string> {
public:
  using map::map;
  extra_settings() = default;
  extra_settings(std::map<std::string, std::string> all) : map{std::move(all)} {}
  extra_settings(const extra_settings&) = default;
  extra_settings(extra_settings&&) = default;
  extra_settings& operator=(const extra_settings&) = default;
  extra_settings& operator=(extra_settings&&) = default;
  ~extra_settings();
};

} // namespace ottla::kafka
