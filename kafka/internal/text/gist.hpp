#pragma once

#include <string>
#include <string_view>

namespace ottla::kafka {

/// A text without the parts that differ in each report of one failure: times, durations, counts,
/// broker ids, and ports of the client's own sockets.
///
/// The text may be untrusted and of any length: time is linear in its size, and the depth of the
/// stack is constant.
std::string gist_of(std::string_view text);

} // namespace ottla::kafka
