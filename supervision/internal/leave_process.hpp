#pragma once

namespace ottla::detail {

/// Ends the process with that status, without destructors and exit handlers: stuck handlers may
/// still use what those would destroy. Pending lines for stderr get half a second, the buffers of
/// stdio a quarter of a second. The buffer of a stream is lost if its lock is held, or if its
/// reader is stuck.
[[noreturn]] void leave_process(int status) noexcept;

} // namespace ottla::detail
