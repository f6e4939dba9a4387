#pragma once

#include <ottla/kafka/admin/config_entry.hpp>
#include <ottla/kafka/result.hpp>

#include <map>
#include <span>
#include <string>

namespace ottla::kafka {

/// Returns all configs that the owner must have after `changes`, for a request that replaces all
/// configs of the owner. `now` are the owner's current configs. Configs with another source than
/// the owner itself are left out, because the owner only inherits them. Fails if a secret config is
/// set on the owner and no change names it, because its value is unknown and would be lost.
result<std::map<std::string, std::string>> merge_configs(const config_owner& owner,
                                                         std::span<const config_entry> now,
                                                         std::span<const config_change> changes);

} // namespace ottla::kafka
