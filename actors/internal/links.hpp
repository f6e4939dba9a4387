#pragma once

#include <ottla/actors/link.hpp>

namespace ottla::detail {

/// A link is a pair of records, one attached to each process. A record reports the end of its
/// process to the peer. A process accepts an exit only while its own record exists. An unlink
/// therefore takes effect at once, and a second report of the same exit has no effect.
struct links {
  static void make(process& self, const process_ref& whom);
  static void remove(process& self, const process_ref& whom);

  /// Handles an exit from a linked process.
  static void ended(process& self, const link_exit& what);
};

} // namespace ottla::detail
