#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace command {

/// Base64 of RFC 4648, with padding.
std::string to_base64(std::string_view bytes);

/// nullopt if the text is not what to_base64 writes for some bytes.
std::optional<std::string> from_base64(std::string_view text);

} // namespace command
