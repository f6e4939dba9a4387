#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <span>

namespace ottla::kafka {

/// Told of what a connection does; override what is of interest. Called on threads of the actor
/// system, from several at once: be quick, be safe, do not throw. It outlives restarts.
class observer {
public:
  virtual ~observer() = default;

  virtual void assigned(std::int32_t generation, std::span<const topic_partition> partitions) {
    static_cast<void>(generation);
    static_cast<void>(partitions);
  }

  /// `lost`: they are another member's already, nothing could be committed.
  virtual void revoked(std::span<const topic_partition> partitions, bool lost) {
    static_cast<void>(partitions);
    static_cast<void>(lost);
  }

  /// Everything below `next` is acknowledged.
  virtual void acknowledged(const topic_partition& where, std::int64_t next) {
    static_cast<void>(where);
    static_cast<void>(next);
  }

  /// The group's offset is stored at the broker.
  virtual void committed(const topic_partition& where, std::int64_t next) {
    static_cast<void>(where);
    static_cast<void>(next);
  }

  /// Something went wrong at the border; a fatal one restarts the process concerned.
  virtual void failed(const error& what) { static_cast<void>(what); }
};

} // namespace ottla::kafka
