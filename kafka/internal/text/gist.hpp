#pragma once

#include <string>
#include <string_view>

namespace ottla::kafka {

/// Returns a text without the parts that differ between reports of the same failure: times,
/// durations, counts, memory addresses, broker ids, and ports of the client's own sockets.
///
/// The text may be untrusted and of any length. The time is linear in the size of the text, and the
/// depth of the stack is constant.
std::string gist_of(std::string_view text);

} // namespace ottla::kafka
