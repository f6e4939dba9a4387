#pragma once

namespace ottla::detail {

/// Ends the process with that status, running neither destructors nor exit handlers: processes that
/// are stuck may still use what those would destroy. What waits for stderr has half a second to get
/// there, what stdio has buffered a quarter of a second; a stream whose lock is held, or whose
/// reader is stuck, costs what is in it.
[[noreturn]] void leave_process(int status) noexcept;

} // namespace ottla::detail
